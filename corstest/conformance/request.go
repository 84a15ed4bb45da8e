package conformance

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// requestOf is the request of a decision. It is signed, so that it is allowed as far as
// CORS is not asked, with these exceptions: browsers send preflights without a signature;
// a request may have an Authorization of its own; and to Ceph a signed request is another
// one than a request without Authorization, so that what its vectors have there stands
// for a signature that holds: Ceph refuses any other before it looks at CORS.
func (r *run) requestOf(v *vectors.Vector, bucket string) *Request {
	req := &Request{Method: v.Request.Method, Query: v.Request.Subresource, Headers: v.Request.Headers}
	if v.Request.Target != "service" {
		req.Bucket = bucket
	}
	if v.Request.Target == "object" {
		req.Key = r.key()
	}
	own := lines(req.Headers, "Authorization") != nil
	req.Anonymous = req.Method == "OPTIONS" || own
	if v.Dialect != "" {
		req.Anonymous = !own
	}
	return req
}

// withoutCORS is the same request as a client sends it that knows nothing of CORS.
func withoutCORS(req *Request) *Request {
	plain := *req
	plain.Headers = slices.DeleteFunc(slices.Clone(req.Headers), func(h vectors.Pair) bool {
		return strings.EqualFold(h[0], "Origin") || hasPrefixFold(h[0], "Access-Control-")
	})
	return &plain
}

// isSafe reports whether a request changes nothing, so that it can be sent again.
func isSafe(method string) bool {
	return method == "GET" || method == "HEAD" || method == "OPTIONS"
}

// changesBucket reports whether a request could change a bucket itself, or something of
// it other than its CORS configuration.
func changesBucket(method, target, query string) bool {
	return target == "bucket" && !isSafe(method) && !hasCORS(query)
}
