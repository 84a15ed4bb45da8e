package corsserver

import (
	"net/url"
	"strings"

	"github.com/s3cors/s3cors"
)

// An Address is the bucket and the key that a request addresses. The zero value is
// the service root, where a request addresses no bucket.
type Address struct {
	// Bucket is the name of the bucket. It is "" at the service root.
	Bucket string
	// Key is the key of the object. It is "" if the request addresses the bucket itself.
	Key string
}

// Target returns which kind of resource the address is.
func (a Address) Target() s3cors.Target {
	switch {
	case a.Bucket == "":
		return s3cors.TargetService
	case a.Key == "":
		return s3cors.TargetBucket
	}
	return s3cors.TargetObject
}

// PathStyle reads an address from a path such as /bucket/key, whatever the host. The
// bucket is the first segment of the path, and the key is everything behind the next
// slash. The path is what stands in the request line before "?", with its escapes.
//
// PathStyle does not clean the path, since dots and slashes can be part of a key: //key
// addresses no bucket, and /bucket//key addresses the key "/key". An escaped slash does
// not divide: /a%2Fb addresses the bucket "a/b", which can exist nowhere. What is no
// valid escape is read as it stands. The server must read paths in the same way.
func PathStyle(_, path string) Address {
	a := DecodedPath(path)
	return Address{Bucket: unescape(a.Bucket), Key: unescape(a.Key)}
}

// DecodedPath is PathStyle for a path whose escapes are resolved already. None of
// these escapes may have been a slash.
func DecodedPath(path string) Address {
	path, ok := strings.CutPrefix(path, "/")
	if !ok { // OPTIONS *
		return Address{}
	}
	slash := strings.IndexByte(path, '/')
	switch {
	case slash < 0:
		return Address{Bucket: path}
	case slash == 0:
		return Address{}
	}
	return Address{Bucket: path[:slash], Key: path[slash+1:]}
}

// VirtualHosted returns a function that reads an address from a host such as
// bucket.base and a path such as /key. The bucket is the part of the host before
// "."+base, dots included, and the key is the path without its first slash. The
// function reads every request to another host as PathStyle does: one to base itself,
// for example, and one to an IP address. If base is an IPv6 address or "", it reads all
// requests so.
//
// In base as well as in the host, a port does not count, nor do a dot at the end and the
// case of ASCII letters.
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

// OneBucket returns a function that takes every request for one to the bucket with
// that name. The key is the path without its first slash.
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
