package corsserver

import (
	"net/url"
	"strings"

	"github.com/s3cors/s3cors"
)

// An Address is what a request is about. The zero value is the service root,
// where no bucket is addressed.
type Address struct {
	// Bucket is the name of the bucket; "" at the service root.
	Bucket string
	// Key is the key of the object; "" if the bucket itself is addressed.
	Key string
}

// Target returns what the address is to the evaluation.
func (a Address) Target() s3cors.Target {
	switch {
	case a.Bucket == "":
		return s3cors.TargetService
	case a.Key == "":
		return s3cors.TargetBucket
	}
	return s3cors.TargetObject
}

// PathStyle reads a path such as /bucket/key, whatever the host: the bucket is the
// first segment of the path, the key is all that follows the next slash. path is
// what the request line has before its "?", escapes and all.
//
// Nothing is cleaned, since dots and slashes may be part of a key: //key
// addresses no bucket, and /bucket//key the key "/key". An escaped slash divides
// nothing, so /a%2Fb is a bucket "a/b", which exists nowhere. Whoever serves the
// request must read its path in the same way. An escape that is none is read as
// it stands.
func PathStyle(_, path string) Address {
	a := DecodedPath(path)
	return Address{Bucket: unescape(a.Bucket), Key: unescape(a.Key)}
}

// DecodedPath is PathStyle for a path whose escapes were resolved, none of them a
// slash.
func DecodedPath(path string) Address {
	path, ok := strings.CutPrefix(path, "/")
	if !ok { // OPTIONS *
		return Address{}
	}
	bucket, key, _ := strings.Cut(path, "/")
	if bucket == "" {
		return Address{}
	}
	return Address{Bucket: bucket, Key: key}
}

// VirtualHosted returns a function that reads a request to bucket.base/key: the
// bucket is what stands before "."+base in the host, dots included, and the key
// is the path without its first slash. Requests to any other host, base itself
// and IP addresses included, are read as by PathStyle; so is every request if
// base is an IPv6 address or "".
//
// Ports, a dot at the end and the case of ASCII letters do not count, in base as
// in the host.
func VirtualHosted(base string) func(host, path string) Address {
	base = hostname(base)
	if base == "" {
		return PathStyle
	}
	suffix := "." + base
	return func(host, path string) Address {
		bucket, ok := strings.CutSuffix(hostname(host), suffix)
		if !ok || bucket == "" {
			return PathStyle(host, path)
		}
		return Address{Bucket: bucket, Key: keyOf(path)}
	}
}

// OneBucket returns a function that takes every request to be for the bucket of
// that name, and the path without its first slash for the key.
func OneBucket(name string) func(host, path string) Address {
	return func(_, path string) Address {
		return Address{Bucket: name, Key: keyOf(path)}
	}
}

// keyOf returns a path that is all key, without its first slash; "" for that of
// OPTIONS *.
func keyOf(path string) string {
	key, ok := strings.CutPrefix(path, "/")
	if !ok {
		return ""
	}
	return unescape(key)
}

func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	unescaped, err := url.PathUnescape(s)
	if err != nil {
		return s
	}
	return unescaped
}

// hostname returns the host without port and final dot, in lower case; "" for an
// IPv6 address.
func hostname(host string) string {
	if strings.Contains(host, "[") {
		return ""
	}
	host, _, _ = strings.Cut(host, ":")
	host = strings.TrimSuffix(host, ".")
	for i := range len(host) {
		if 'A' <= host[i] && host[i] <= 'Z' {
			return lower(host)
		}
	}
	return host
}

// lower is strings.ToLower for ASCII alone: the Kelvin sign is no k in a host.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
