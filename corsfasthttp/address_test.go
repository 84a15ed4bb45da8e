//go:build go1.26

package corsfasthttp_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// addressOf sends a request, and returns what a server reads it as.
func addressOf(t *testing.T, address func(*fasthttp.RequestCtx) corsserver.Address, target, host string) corsserver.Address {
	t.Helper()
	var got corsserver.Address
	c := connect(t, start(t, &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		a := address(ctx)
		got = corsserver.Address{Bucket: strings.Clone(a.Bucket), Key: strings.Clone(a.Key)}
	}}))
	res, _ := c.send(strings.Replace(text("OPTIONS", target), "s3.example", host, 1))
	require.Equal(t, 200, res.StatusCode)
	return got
}

// TestPathStyleReadsThePathAsItWasSent has paths that fasthttp itself makes
// something else of.
func TestPathStyleReadsThePathAsItWasSent(t *testing.T) {
	for _, tt := range []struct {
		name, target string
		want         corsserver.Address
	}{
		{"the root addresses the service", "/", corsserver.Address{}},
		{"an asterisk addresses the service", "*", corsserver.Address{}},
		{"one segment addresses a bucket", "/b", corsserver.Address{Bucket: "b"}},
		{"a slash after the bucket addresses the bucket", "/b/?list-type=2", corsserver.Address{Bucket: "b"}},
		{"a sub-resource on a key is in that bucket", "/b/k?cors", corsserver.Address{Bucket: "b", Key: "k"}},
		{"a key may begin with a slash", "/b//k", corsserver.Address{Bucket: "b", Key: "/k"}},
		{"a key may hold a URL", "/b/http://h/k", corsserver.Address{Bucket: "b", Key: "http://h/k"}},
		{"dots are part of a key", "/b/../c/./k", corsserver.Address{Bucket: "b", Key: "../c/./k"}},
		{"escaped dots are, too", "/b/%2e%2e/c", corsserver.Address{Bucket: "b", Key: "../c"}},
		{"two slashes at the start address no bucket", "//b/k", corsserver.Address{}},
		{"escapes in a key are resolved", "/b/a%20b%3Fc+d", corsserver.Address{Bucket: "b", Key: "a b?c+d"}},
		{"an escaped slash does not end a bucket", "/b%2Fk", corsserver.Address{Bucket: "b/k"}},
		{"an escaped slash at the start is part of the bucket", "/%2Fb/k", corsserver.Address{Bucket: "/b", Key: "k"}},
		{"an absolute URL is read like its path", "http://h.example/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an absolute URL without a path addresses the service", "http://h.example?cors", corsserver.Address{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, addressOf(t, corsfasthttp.PathStyle, tt.target, "b.s3.example"))
		})
	}
}

func TestVirtualHosted(t *testing.T) {
	address := corsfasthttp.VirtualHosted("s3.example:9000")
	for _, tt := range []struct {
		name, host, target string
		want               corsserver.Address
	}{
		{"the first label is the bucket", "b.s3.example", "/a//k", corsserver.Address{Bucket: "b", Key: "a//k"}},
		{"ports, case and a final dot do not count", "B.s3.EXAMPLE.:80", "/K", corsserver.Address{Bucket: "b", Key: "K"}},
		{"the base itself is read in path style", "s3.example", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an IPv6 address is read in path style", "[::1]:80", "/b/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an absolute URL has its own host", "s3.example", "http://b.s3.example/k", corsserver.Address{Bucket: "b", Key: "k"}},
		{"an asterisk on a bucket's host is not a key", "b.s3.example", "*", corsserver.Address{Bucket: "b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, addressOf(t, address, tt.target, tt.host))
		})
	}
}

func TestOneBucket(t *testing.T) {
	address := corsfasthttp.OneBucket("assets")
	require.Equal(t, corsserver.Address{Bucket: "assets"}, addressOf(t, address, "/", "h"))
	require.Equal(t, corsserver.Address{Bucket: "assets"}, addressOf(t, address, "*", "h"))
	require.Equal(t, corsserver.Address{Bucket: "assets", Key: "a/../b"}, addressOf(t, address, "/a/../b", "h"))
}

func TestAPathThatSomebodyHasSetIsRead(t *testing.T) {
	got := addressOf(t, func(ctx *fasthttp.RequestCtx) corsserver.Address {
		ctx.URI().SetPath("/b/some//key")
		return corsfasthttp.PathStyle(ctx)
	}, "/api/b/some//key", "h")
	require.Equal(t, corsserver.Address{Bucket: "b", Key: "some//key"}, got)
}
