//go:build go1.26

package corsfasthttp_test

import (
	"context"
	"fmt"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// s3 stands for a server.
func s3(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("an object") }

func ExampleServer() {
	cors := &corsfasthttp.Server{
		Store: &corsserver.MemoryStore{}, // in place of the server's own
		Authorize: func(ctx *fasthttp.RequestCtx, a corsserver.Address) *s3cors.Error {
			if string(ctx.Request.Header.Peek("Authorization")) != "owner of "+a.Bucket {
				return corsserver.AccessDenied()
			}
			return nil
		},
	}
	handler := cors.Handler(s3)

	ctx := run(func(ctx *fasthttp.RequestCtx) {
		ctx.Request.SetBodyString(`<CORSConfiguration><CORSRule><AllowedOrigin>https://app.example</AllowedOrigin>` +
			`<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`)
		handler(ctx)
	}, "PUT", "/photos?cors", "Authorization", "owner of photos", "x-amz-checksum-crc32", "jV87kQ==")
	fmt.Println(ctx.Response.StatusCode())

	ctx = run(handler, "GET", "/photos/cat.jpg", "Origin", "https://app.example")
	fmt.Println(ctx.Response.StatusCode(), string(ctx.Response.Header.Peek("Access-Control-Allow-Origin")))
	// Output:
	// 200
	// 200 https://app.example
}

// A server of one bucket whose policy is known beforehand.
func ExampleOneBucket() {
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
	}})
	if err != nil {
		panic(err)
	}
	cors := &corsfasthttp.Server{Address: corsfasthttp.OneBucket("assets"), Policies: corsfasthttp.OnePolicy(policy)}
	ctx := run(cors.CORS(s3), "GET", "/style.css", "Origin", "https://app.example")
	fmt.Printf("%s", ctx.Response.Header.Peek("Access-Control-Allow-Origin"))
	// Output: *
}

// A span is what a tracer puts into contexts.
type span struct{}

// What stores read of a context, such as the span of a trace, they read of the one
// that Context returns.
func ExampleServer_context() {
	cors := &corsfasthttp.Server{
		Policies: func(ctx context.Context, bucket string) (*s3cors.Policy, error) {
			fmt.Println(ctx.Value(span{}), "asks for", bucket)
			return nil, nil
		},
		Context: func(ctx *fasthttp.RequestCtx) context.Context {
			return context.WithValue(context.Background(), span{}, string(ctx.Request.Header.Peek("Traceparent"))) // a copy
		},
	}
	run(cors.CORS(s3), "GET", "/photos/cat.jpg", "Origin", "https://app.example", "Traceparent", "span 1")
	// Output: span 1 asks for photos
}

// An authentication whose refusals S3 would send without CORS fields.
func ExampleServer_Withdraw() {
	cors := &corsfasthttp.Server{Store: &corsserver.MemoryStore{}}
	authenticate := func(next fasthttp.RequestHandler) fasthttp.RequestHandler {
		return func(ctx *fasthttp.RequestCtx) {
			if len(ctx.Request.Header.Peek("Authorization")) > 0 {
				next(ctx)
				return
			}
			cors.Withdraw(ctx)
			corsfasthttp.LeaveBody(ctx)
			corsfasthttp.WriteError(ctx, corsserver.AccessDenied(), s3cors.IDs{})
		}
	}
	ctx := run(cors.CORS(authenticate(cors.Subresource(s3))), "GET", "/photos/cat.jpg", "Origin", "https://app.example")
	fmt.Println(ctx.Response.StatusCode())
	// Output: 403
}
