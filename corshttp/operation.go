package corshttp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// CheckMethod returns what S3 answers to a request with a method that it does
// not know, 400 BadRequest; nil for GET, HEAD, PUT, POST, DELETE, OPTIONS and
// PATCH, in this case of letters. S3 refuses the others before it looks at
// anything else of a request, so a server asks this in front of Middleware, and
// the answer has no CORS fields. Subresource asks it for requests of ?cors.
func CheckMethod(method string) *s3cors.Error {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPost, http.MethodDelete,
		http.MethodOptions, http.MethodPatch:
		return nil
	}
	return unknownMethod()
}

// subresources are the keys of a query that make a request one for something
// else than the bucket or the object itself (10/subresources). Those of a bucket
// count on the paths of its keys as well, those of an object there alone
// (10/subresources-of-keys). The list is that of the documented operations, and
// may lag behind S3.
var subresources = map[string]s3cors.Target{
	"abac": s3cors.Bucket, "accelerate": s3cors.Bucket, "acl": s3cors.Bucket, "analytics": s3cors.Bucket,
	"cors": s3cors.Bucket, "delete": s3cors.Bucket, "encryption": s3cors.Bucket,
	"intelligent-tiering": s3cors.Bucket, "inventory": s3cors.Bucket, "lifecycle": s3cors.Bucket,
	"location": s3cors.Bucket, "logging": s3cors.Bucket, "metadataConfiguration": s3cors.Bucket,
	"metadataInventoryTable": s3cors.Bucket, "metadataJournalTable": s3cors.Bucket,
	"metadataTable": s3cors.Bucket, "metrics": s3cors.Bucket, "notification": s3cors.Bucket,
	"object-lock": s3cors.Bucket, "ownershipControls": s3cors.Bucket, "policy": s3cors.Bucket,
	"policyStatus": s3cors.Bucket, "publicAccessBlock": s3cors.Bucket, "replication": s3cors.Bucket,
	"requestPayment": s3cors.Bucket, "session": s3cors.Bucket, "tagging": s3cors.Bucket, "torrent": s3cors.Bucket,
	"uploads": s3cors.Bucket, "versioning": s3cors.Bucket, "versions": s3cors.Bucket, "website": s3cors.Bucket,

	"attributes": s3cors.Object, "legal-hold": s3cors.Object, "renameObject": s3cors.Object,
	"restore": s3cors.Object, "retention": s3cors.Object, "select": s3cors.Object,
}

// Subresources returns the names of the sub-resources of S3 that a raw query
// has as keys, whatever their values: sorted, each once, nil if there are none.
// Keys that S3 does not know are left out, as S3 ignores them.
func Subresources(query string) []string {
	var names []string
	for pair := range strings.SplitSeq(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		if strings.Contains(key, "%") {
			key, _ = url.QueryUnescape(key) // "" if it is malformed
		}
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
		return target == s3cors.Service || target == s3cors.Bucket && subresources[name] == s3cors.Object
	})
	if len(names) < 2 {
		return nil
	}
	return conflictingSubresources(names)
}
