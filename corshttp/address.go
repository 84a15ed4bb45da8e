package corshttp

import (
	"net/http"
	"strings"

	"github.com/s3cors/s3cors/corsserver"
)

// PathStyle reads the address of a request such as /bucket/key, on any host, as
// corsserver.PathStyle does. The server must read paths in the same way. A handler that
// cleans paths, such as http.ServeMux, belongs in front of the Server.
func PathStyle(r *http.Request) corsserver.Address {
	if r.URL.RawPath == "" { // net/url has it only if a path has escapes of its own
		return corsserver.DecodedPath(r.URL.Path)
	}
	return corsserver.PathStyle(r.Host, r.URL.EscapedPath())
}

// VirtualHosted returns a function that reads the address of a request to
// bucket.base/key, as the function of corsserver.VirtualHosted does.
func VirtualHosted(base string) func(*http.Request) corsserver.Address {
	read := corsserver.VirtualHosted(base)
	return func(r *http.Request) corsserver.Address { return read(r.Host, sentPath(r)) }
}

// OneBucket returns a function that takes every request for one to the bucket with
// that name. The key is the path without its first slash.
func OneBucket(name string) func(*http.Request) corsserver.Address {
	read := corsserver.OneBucket(name)
	return func(r *http.Request) corsserver.Address { return read(r.Host, sentPath(r)) }
}

// sentPath returns the path of a request as it was sent, or as one could send it: a
// path without "%" that has no other form stands for itself.
func sentPath(r *http.Request) string {
	if r.URL.RawPath == "" && !strings.Contains(r.URL.Path, "%") {
		return r.URL.Path
	}
	return r.URL.EscapedPath()
}
