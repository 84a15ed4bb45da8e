package corshttp_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// read parses a request as a server does.
func read(t *testing.T, target, host string) *http.Request {
	t.Helper()
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n")))
	require.NoError(t, err)
	return r
}

func TestPathStyle(t *testing.T) {
	tests := []struct {
		name, target string
		want         corsserver.Address
	}{
		{"the root addresses the service", "/", corsserver.Address{}},
		{"the root with a query addresses the service", "/?x-id=ListBuckets", corsserver.Address{}},
		{"an asterisk addresses the service", "*", corsserver.Address{}},
		{"one segment addresses a bucket", "/b", corsserver.Address{Bucket: "b"}},
		{"a slash after the bucket addresses the bucket", "/b/", corsserver.Address{Bucket: "b"}},
		{"a sub-resource addresses the bucket", "/b?cors", corsserver.Address{Bucket: "b"}},
		{"a sub-resource after a slash addresses the bucket", "/b/?cors", corsserver.Address{Bucket: "b"}},
		{"a sub-resource on a key is in that bucket", "/b/k?cors", corsserver.Address{Bucket: "b", Key: "k"}},
		{"what follows the bucket is the key", "/b/a/c.txt", corsserver.Address{Bucket: "b", Key: "a/c.txt"}},
		{"a key may begin with a slash", "/b//k", corsserver.Address{Bucket: "b", Key: "/k"}},
		{"a key may be a slash", "/b//", corsserver.Address{Bucket: "b", Key: "/"}},
		{"a key may end with a slash", "/b/dir/", corsserver.Address{Bucket: "b", Key: "dir/"}},
		{"dots are part of a key", "/b/../c/./k", corsserver.Address{Bucket: "b", Key: "../c/./k"}},
		{"two slashes at the start address no bucket", "//b/k", corsserver.Address{}},
		{"nothing but slashes addresses no bucket", "///", corsserver.Address{}},
		{"escapes in a key are resolved", "/b/a%20b%3Fc", corsserver.Address{Bucket: "b", Key: "a b?c"}},
		{"an escaped slash in a key is a slash", "/b/a%2Fb", corsserver.Address{Bucket: "b", Key: "a/b"}},
		{"an escaped slash at the start of a key is a slash", "/b/%2Fk", corsserver.Address{Bucket: "b", Key: "/k"}},
		{"an escaped slash does not end a bucket", "/b%2Fk", corsserver.Address{Bucket: "b/k"}},
		{"an escaped slash does not end a bucket before a key", "/b%2fc/k", corsserver.Address{Bucket: "b/c", Key: "k"}},
		{"an escaped slash at the start is part of the bucket", "/%2Fb/k", corsserver.Address{Bucket: "/b", Key: "k"}},
		{"an escaped bucket is resolved", "/%62/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an escaped bucket before an escaped slash is resolved", "/%62/k%2Fl", corsserver.Address{Bucket: "b", Key: "k/l"}},
		{"an absolute URL is read like its path", "http://h.example/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, corshttp.PathStyle(read(t, tt.target, "b.s3.example")))
		})
	}
}

func TestPathStyleAfterAPathWasRewritten(t *testing.T) {
	r := read(t, "/api/b/a%2Fb", "s3.example")
	var got corsserver.Address
	http.StripPrefix("/api", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = corshttp.PathStyle(r)
	})).ServeHTTP(nil, r)
	require.Equal(t, corsserver.Address{Bucket: "b", Key: "a/b"}, got)

	r.URL.Path = "/other/k" // by someone who does not know of RawPath
	require.Equal(t, corsserver.Address{Bucket: "other", Key: "k"}, corshttp.PathStyle(r))
}

func TestVirtualHosted(t *testing.T) {
	tests := []struct {
		name, base, host, target string
		want                     corsserver.Address
	}{
		{"the first label is the bucket", "s3.example", "b.s3.example", "/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"the root is the bucket", "s3.example", "b.s3.example", "/", corsserver.Address{Bucket: "b"}},
		{"a sub-resource is the bucket's", "s3.example", "b.s3.example", "/?cors", corsserver.Address{Bucket: "b"}},
		{"a bucket may have dots", "s3.example", "www.b.example.s3.example", "/k", corsserver.Address{Bucket: "www.b.example", Key: "k"}},
		{"a key may begin with a slash", "s3.example", "b.s3.example", "//k", corsserver.Address{Bucket: "b", Key: "/k"}},
		{"an escaped slash in a key is a slash", "s3.example", "b.s3.example", "/a%2Fb", corsserver.Address{Bucket: "b", Key: "a/b"}},
		{"a port of the host does not count", "s3.example", "b.s3.example:9000", "/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"a port of the base does not count", "s3.example:9000", "b.s3.example:80", "/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"a final dot does not count", "s3.example", "b.s3.example.", "/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"a final dot before a port does not count", "s3.example.", "b.s3.example.:80", "/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"case does not count", "S3.Example", "B.s3.EXAMPLE", "/K", corsserver.Address{Bucket: "b", Key: "K"}},
		{"the base itself is read in path style", "s3.example", "s3.example:80", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"another host is read in path style", "s3.example", "localhost", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an IPv4 address is read in path style", "s3.example", "127.0.0.1:80", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an IPv6 address is read in path style", "s3.example", "[::1]:80", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an IPv6 address as base has no buckets", "[::1]:80", "b.[::1]:80", "/c/k", corsserver.Address{Bucket: "c", Key: "k"}},
		{"an escape is resolved once", "s3.example", "b.s3.example", "/%2541", corsserver.Address{Bucket: "b", Key: "%41"}},
		{"an escaped slash on the base does not end a bucket", "s3.example", "s3.example", "/b%2Fc/k", corsserver.Address{Bucket: "b/c", Key: "k"}},
		{"an empty base has no buckets", "", "b.", "/c/k", corsserver.Address{Bucket: "c", Key: "k"}},
		{"an empty base has no buckets, whatever the dots", "", "b..", "/c/k", corsserver.Address{Bucket: "c", Key: "k"}},
		{"a host that only ends like the base is another", "s3.example", "bs3.example", "/c/k", corsserver.Address{Bucket: "c", Key: "k"}},
		{"an empty label is no bucket", "s3.example", ".s3.example", "/c/k", corsserver.Address{Bucket: "c", Key: "k"}},
		{"an asterisk on a bucket's host is not a key", "s3.example", "b.s3.example", "*", corsserver.Address{Bucket: "b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, corshttp.VirtualHosted(tt.base)(read(t, tt.target, tt.host)))
		})
	}
}

func TestOneBucket(t *testing.T) {
	address := corshttp.OneBucket("assets")
	require.Equal(t, corsserver.Address{Bucket: "assets"}, address(read(t, "/", "h")))
	require.Equal(t, corsserver.Address{Bucket: "assets"}, address(read(t, "*", "h")))
	require.Equal(t, corsserver.Address{Bucket: "assets", Key: "a/b"}, address(read(t, "/a/b", "h")))
	require.Equal(t, corsserver.Address{Bucket: "assets", Key: "%41"}, address(read(t, "/%2541", "h")), "an escape is resolved once")
}

func TestTarget(t *testing.T) {
	require.Equal(t, s3cors.TargetService, corsserver.Address{}.Target())
	require.Equal(t, s3cors.TargetBucket, corsserver.Address{Bucket: "b"}.Target())
	require.Equal(t, s3cors.TargetObject, corsserver.Address{Bucket: "b", Key: "k"}.Target())
}

func TestAddressesCostNoAllocation(t *testing.T) {
	r, hosted := read(t, "/b/some/key", "h.example"), read(t, "/some/key", "b.s3.example:9000")
	virtual := corshttp.VirtualHosted("s3.example:9000")
	require.Zero(t, testing.AllocsPerRun(100, func() {
		corshttp.PathStyle(r)
		virtual(hosted)
	}))
}
