package corsserver_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

func TestTarget(t *testing.T) {
	for a, want := range map[corsserver.Address]s3cors.Target{
		{}:                       s3cors.TargetService,
		{Key: "k"}:               s3cors.TargetService,
		{Bucket: "b"}:            s3cors.TargetBucket,
		{Bucket: "b", Key: "k"}:  s3cors.TargetObject,
		{Bucket: "b", Key: "/"}:  s3cors.TargetObject,
		{Bucket: "b/", Key: "."}: s3cors.TargetObject,
	} {
		require.Equal(t, want, a.Target(), a)
	}
}

func TestPathStyle(t *testing.T) {
	for _, tt := range []struct {
		name, path  string
		bucket, key string
	}{
		{"nothing addresses the service", "", "", ""},
		{"an asterisk addresses the service", "*", "", ""},
		{"a path without its first slash addresses the service", "b/k", "", ""},
		{"the root addresses the service", "/", "", ""},
		{"two slashes address the service", "//", "", ""},
		{"two slashes before a name address the service", "//b/k", "", ""},
		{"one segment is the bucket", "/b", "b", ""},
		{"a slash behind the bucket begins no key", "/b/", "b", ""},
		{"what follows is the key", "/b/a/c.txt", "b", "a/c.txt"},
		{"a key may begin with a slash", "/b//k", "b", "/k"},
		{"a key may be a slash", "/b//", "b", "/"},
		{"dots divide and join nothing", "/b/../c/./k", "b", "../c/./k"},
		{"dots may be the bucket", "/../k", "..", "k"},
		{"a plus is a plus", "/b+c/a+b", "b+c", "a+b"},
		{"a question mark that is escaped is part of the key", "/b/a%3Fcors", "b", "a?cors"},

		{"escapes are resolved", "/%62%75/%6b%20%C3%A9", "bu", "k \u00e9"},
		{"an escaped percent sign escapes nothing further", "/b/a%2541", "b", "a%41"},
		{"an escaped slash is a slash in a key", "/b/a%2Fb", "b", "a/b"},
		{"an escaped slash may begin a key", "/b/%2fk", "b", "/k"},
		{"an escaped slash does not end a bucket", "/b%2Fk", "b/k", ""},
		{"an escaped slash does not end a bucket before a key", "/b%2fc/k", "b/c", "k"},
		{"an escaped slash may begin a bucket", "/%2Fb/k", "/b", "k"},
		{"an escaped NUL is one", "/b%00/k%00", "b\x00", "k\x00"},
		{"bytes need not be UTF-8", "/%FF/%80", "\xff", "\x80"},

		{"an escape that ends too early stands", "/b%/k%2", "b%", "k%2"},
		{"an escape without digits stands", "/b%zz/k%g0", "b%zz", "k%g0"},
		{"an escape that stands keeps those beside it", "/%62%zz/%6b%", "%62%zz", "%6b%"},
		{"an escape that stands in the bucket leaves the key alone", "/%zz/%6b", "%zz", "k"},
		{"an escape that stands in the key leaves the bucket alone", "/%62/%zz", "b", "%zz"},
		{"a slash cuts an escape in two", "/b%2/Fk", "b%2", "Fk"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, host := range []string{"", "b.s3.example", "[::1]:80"} {
				require.Equal(t, corsserver.Address{Bucket: tt.bucket, Key: tt.key}, corsserver.PathStyle(host, tt.path))
			}
		})
	}
}

func TestVirtualHosted(t *testing.T) {
	for _, tt := range []struct {
		name, base, host, path string
		bucket, key            string
	}{
		{"what stands before the base is the bucket", "s3.example", "b.s3.example", "/k", "b", "k"},
		{"the root is the bucket", "s3.example", "b.s3.example", "/", "b", ""},
		{"nothing is the bucket", "s3.example", "b.s3.example", "", "b", ""},
		{"an asterisk is no key", "s3.example", "b.s3.example", "*", "b", ""},
		{"a bucket may have dots", "s3.example", "www.b.example.s3.example", "/k", "www.b.example", "k"},
		{"the path has no bucket", "s3.example", "b.s3.example", "/c/k", "b", "c/k"},
		{"a key may begin with a slash", "s3.example", "b.s3.example", "//k", "b", "/k"},
		{"a key may be a slash", "s3.example", "b.s3.example", "//", "b", "/"},
		{"escapes in a key are resolved", "s3.example", "b.s3.example", "/%6b%2F%20", "b", "k/ "},
		{"an escape that is none stands", "s3.example", "b.s3.example", "/%6b%zz", "b", "%6b%zz"},
		{"an escape that ends too early stands", "s3.example", "b.s3.example", "/k%", "b", "k%"},
		{"no escape counts in a host", "s3.example", "%62.s3.example", "/k", "%62", "k"},
		{"a port of the host does not count", "s3.example", "b.s3.example:9000", "/k", "b", "k"},
		{"a port of the base does not count", "s3.example:9000", "b.s3.example:80", "/k", "b", "k"},
		{"a final dot does not count", "s3.example", "b.s3.example.", "/k", "b", "k"},
		{"a final dot of the base before a port does not count", "s3.example.:9000", "b.s3.example.:80", "/k", "b", "k"},
		{"case does not count", "S3.Example", "B.s3.EXAMPLE", "/K", "b", "K"},
		{"case beyond ASCII does", "s3.example", "\u212a.s3.example", "/k", "\u212a", "k"},
		{"the base itself is read in path style", "s3.example", "s3.example:80", "/b/%6b", "b", "k"},
		{"another host is read in path style", "s3.example", "localhost", "/b/%zz", "b", "%zz"},
		{"an IPv4 address is read in path style", "s3.example", "127.0.0.1:80", "/b/k", "b", "k"},
		{"an IPv6 address is read in path style", "s3.example", "[::1]:80", "/b/k", "b", "k"},
		{"no host is read in path style", "s3.example", "", "/b/k", "b", "k"},
		{"a host that only ends like the base is another", "s3.example", "bs3.example", "/c/k", "c", "k"},
		{"an empty label is no bucket", "s3.example", ".s3.example", "/c/k", "c", "k"},
		{"an IPv6 address as base has no buckets", "[::1]:80", "b.[::1]:80", "/c/k", "c", "k"},
		{"an empty base has no buckets", "", "b.", "/c/k", "c", "k"},
		{"an empty base has no buckets, whatever the dots", "", "b..", "/c/k", "c", "k"},
		{"a base of a port alone has no buckets", ":9000", "b.:9000", "/c/k", "c", "k"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, corsserver.Address{Bucket: tt.bucket, Key: tt.key}, corsserver.VirtualHosted(tt.base)(tt.host, tt.path))
		})
	}
}

func TestOneBucket(t *testing.T) {
	address := corsserver.OneBucket("as%73ets")
	for path, key := range map[string]string{
		"": "", "*": "", "/": "", "//": "/", "/k": "k", "/b/k": "b/k", "/a%2Fb%20": "a/b ", "/%6b%zz": "%6b%zz", "/%": "%", "k": "",
	} {
		require.Equal(t, corsserver.Address{Bucket: "as%73ets", Key: key}, address("b.s3.example", path), path)
	}
}

func TestAddressesCostNoAllocation(t *testing.T) {
	virtual, one := corsserver.VirtualHosted("s3.example:9000"), corsserver.OneBucket("b")
	path := "/b/" + strings.Repeat("k", 100)
	require.Zero(t, testing.AllocsPerRun(100, func() {
		corsserver.PathStyle("s3.example", path)
		virtual("b.s3.example:9000", path)
		one("s3.example", path)
	}))
}
