package corsserver

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// CheckMethod returns what S3 answers to a request with a method that it does
// not know, 400 BadRequest; nil for GET, HEAD, PUT, POST, DELETE, OPTIONS and
// PATCH, in this case of letters. S3 refuses the others before it looks at
// anything else of a request, so a server asks this before it decides on CORS, and
// the answer has no CORS fields. Subresource asks it for requests of ?cors.
func CheckMethod(method string) *s3cors.Error {
	switch method {
	case "GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH":
		return nil
	}
	return UnknownMethod()
}

// subresources are the keys of a query that make a request one for something
// else than the bucket or the object itself (10/subresources). Those of a bucket
// count on the paths of its keys as well, those of an object there alone
// (10/subresources-of-keys). The list is that of the documented operations, and
// may lag behind S3.
var subresources = map[string]s3cors.Target{
	"abac": s3cors.TargetBucket, "accelerate": s3cors.TargetBucket, "acl": s3cors.TargetBucket, "analytics": s3cors.TargetBucket,
	"cors": s3cors.TargetBucket, "delete": s3cors.TargetBucket, "encryption": s3cors.TargetBucket,
	"intelligent-tiering": s3cors.TargetBucket, "inventory": s3cors.TargetBucket, "lifecycle": s3cors.TargetBucket,
	"location": s3cors.TargetBucket, "logging": s3cors.TargetBucket, "metadataConfiguration": s3cors.TargetBucket,
	"metadataInventoryTable": s3cors.TargetBucket, "metadataJournalTable": s3cors.TargetBucket,
	"metadataTable": s3cors.TargetBucket, "metrics": s3cors.TargetBucket, "notification": s3cors.TargetBucket,
	"object-lock": s3cors.TargetBucket, "ownershipControls": s3cors.TargetBucket, "policy": s3cors.TargetBucket,
	"policyStatus": s3cors.TargetBucket, "publicAccessBlock": s3cors.TargetBucket, "replication": s3cors.TargetBucket,
	"requestPayment": s3cors.TargetBucket, "session": s3cors.TargetBucket, "tagging": s3cors.TargetBucket, "torrent": s3cors.TargetBucket,
	"uploads": s3cors.TargetBucket, "versioning": s3cors.TargetBucket, "versions": s3cors.TargetBucket, "website": s3cors.TargetBucket,

	"attributes": s3cors.TargetObject, "legal-hold": s3cors.TargetObject, "renameObject": s3cors.TargetObject,
	"restore": s3cors.TargetObject, "retention": s3cors.TargetObject, "select": s3cors.TargetObject,
}

// HasCORS reports whether a raw query has the key "cors", with whatever value
// (10/cors-in-the-query).
func HasCORS(query string) bool {
	if query == "" {
		return false
	}
	for key := range keys(query) {
		if key == "cors" {
			return true
		}
	}
	return false
}

// keys yields the keys of a raw query, escapes resolved; "" for one that is
// malformed.
func keys(query string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for pair := range strings.SplitSeq(query, "&") {
			key, _, _ := strings.Cut(pair, "=")
			if strings.Contains(key, "%") {
				key, _ = url.QueryUnescape(key)
			}
			if !yield(key) {
				return
			}
		}
	}
}

// Subresources returns the names of the sub-resources of S3 that a raw query
// has as keys, whatever their values: sorted, each once, nil if there are none.
// Keys that S3 does not know are left out, as S3 ignores them.
func Subresources(query string) []string {
	var names []string
	for key := range keys(query) {
		if _, ok := subresources[key]; ok && !slices.Contains(names, key) {
			names = append(names, key)
		}
	}
	slices.Sort(names)
	return names
}

// CheckSubresources returns what S3 answers to a request whose query has several
// sub-resources at once, 400 InvalidArgument; nil if it has one or none. What
// counts depends on what is addressed: at the service root nothing does.
//
// S3 finds this before it looks for the bucket, and before it looks at
// credentials. Subresource asks it for requests of ?cors; a server asks it for
// the rest, lest it take DELETE ?acl&tagging for one or the other.
func CheckSubresources(query string, target s3cors.Target) *s3cors.Error {
	names := slices.DeleteFunc(Subresources(query), func(name string) bool {
		return target == s3cors.TargetService || target == s3cors.TargetBucket && subresources[name] == s3cors.TargetObject
	})
	if len(names) < 2 {
		return nil
	}
	return ConflictingSubresources(names)
}
