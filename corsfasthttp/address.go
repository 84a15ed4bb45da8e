package corsfasthttp

import (
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors/corsserver"
)

// PathStyle reads a request such as /bucket/key, on any host, as
// corsserver.PathStyle does. It reads the path as it was sent: RequestCtx.Path, from
// which fasthttp has removed dots, slashes and escapes, names another key.
//
// The strings of the address are good until the request's URI is changed, or its
// handler returns.
func PathStyle(ctx *fasthttp.RequestCtx) corsserver.Address { return read(ctx, corsserver.PathStyle) }

// VirtualHosted returns a function that reads a request to bucket.base/key, as that
// of corsserver.VirtualHosted does. Its addresses are good as long as those of
// PathStyle.
func VirtualHosted(base string) func(*fasthttp.RequestCtx) corsserver.Address {
	style := corsserver.VirtualHosted(base)
	return func(ctx *fasthttp.RequestCtx) corsserver.Address { return read(ctx, style) }
}

// OneBucket returns a function that takes every request to be for the bucket of
// that name, and the path without its first slash for the key. Its addresses are
// good as long as those of PathStyle.
func OneBucket(name string) func(*fasthttp.RequestCtx) corsserver.Address {
	style := corsserver.OneBucket(name)
	return func(ctx *fasthttp.RequestCtx) corsserver.Address { return read(ctx, style) }
}

func read(ctx *fasthttp.RequestCtx, style func(host, path string) corsserver.Address) corsserver.Address {
	uri := ctx.URI()
	return style(view(uri.Host()), view(uri.PathOriginal()))
}
