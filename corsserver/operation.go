package corsserver

import (
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// CheckMethod returns S3's error for a method that S3 does not know, which is 400
// BadRequest. It returns nil for GET, HEAD, PUT, POST, DELETE, OPTIONS and PATCH, in
// capitals.
//
// S3 refuses other methods before it looks at anything else in a request. A server
// therefore calls CheckMethod before it decides on CORS, and sends the error without
// CORS fields. Subresource calls it for requests of ?cors.
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

// HasCORS reports whether a raw query has the key "cors", with any value or none.
func HasCORS(query string) bool { // 10/cors-in-the-query
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

// SubresourceIn returns what s3cors.Request.Subresource is for a request with that raw
// query: "cors" if it is one of its keys, and otherwise the first sub-resource of S3
// among them; "" if there is none.
func SubresourceIn(query string) string {
	if query == "" {
		return ""
	}
	first := ""
	for key := range keys(query) {
		if key == "cors" {
			return "cors"
		}
		if _, ok := subresources[key]; ok && first == "" {
			first = key
		}
	}
	return first
}

// Subresources returns the names of S3's sub-resources that are keys of a raw query, with
// any value or none. The names are sorted, and each is there once. The result is nil if
// there are none. Keys that S3 does not know are left out, since S3 ignores them.
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

// CheckSubresources returns S3's error for a request that names several sub-resources in
// its query, which is 400 InvalidArgument. It returns nil if the query names one or
// none. The target matters: an object has sub-resources that a bucket does not have,
// and the service root has none.
//
// S3 finds this error before it looks for the bucket and at credentials. Subresource
// calls CheckSubresources for requests of ?cors. A server calls it for all others, so
// that it does not take DELETE ?acl&tagging for a request of one or the other.
func CheckSubresources(query string, target s3cors.Target) *s3cors.Error {
	names := slices.DeleteFunc(Subresources(query), func(name string) bool {
		return target == s3cors.TargetService || target == s3cors.TargetBucket && subresources[name] == s3cors.TargetObject
	})
	if len(names) < 2 {
		return nil
	}
	return ConflictingSubresources(names)
}
