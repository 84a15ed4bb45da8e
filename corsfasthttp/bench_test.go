//go:build go1.26

package corsfasthttp_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors/corsfasthttp"
)

// workloads are whole requests. An actual request with an Origin costs one
// allocation: the copy of what is asked for, since the handler may change the request
// before the fields are seen to. Policies costs two more: the name of the bucket,
// which it may keep, and the context. A refusal for what is asked costs its text, and
// the S3 error.
var workloads = []struct {
	name     string
	method   string
	fields   []string
	status   int
	cached   float64
	policies float64
}{
	{"no Origin", "GET", nil, 204, 0, 0},
	{"actual", "GET", []string{"Origin", origin}, 204, 1, 3},
	{"actual refused", "GET", []string{"Origin", stranger}, 204, 1, 3},
	{"actual with 5 headers", "GET", []string{"Origin", origin, "Access-Control-Request-Headers", fiveHeaders}, 204, 1, 3},
	{"preflight", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "PUT"}, 200, 0, 2},
	{"preflight with 5 headers", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", fiveHeaders}, 200, 0, 2},
	{"preflight with capital letters", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", "Content-Type,X-Amz-Date"}, 200, 0, 2},
	{"preflight refused", "OPTIONS", []string{"Origin", stranger, "Access-Control-Request-Method", "PUT"}, 403, 0, 2},
	{"preflight refused for bad input", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "FOO"}, 400, 2, 2},
}

// fiveHeaders is as browsers send it: sorted, in lower case, without blanks.
const fiveHeaders = "authorization,content-md5,content-type,x-amz-content-sha256,x-amz-date"

// reused is a request that can be served again and again, as fasthttp does.
func reused(method string, fields ...string) *fasthttp.RequestCtx {
	return run(func(*fasthttp.RequestCtx) {}, method, "/bucket/some/key", fields...)
}

func BenchmarkServer(b *testing.B) {
	handler := (&corsfasthttp.Server{Store: stored(b, document, "bucket")}).CORS(status(204))
	for _, bb := range workloads {
		b.Run(bb.name, func(b *testing.B) {
			ctx := reused(bb.method, bb.fields...)
			b.ReportAllocs()
			for b.Loop() {
				ctx.Response.Reset()
				handler(ctx)
			}
			require.Equal(b, bb.status, ctx.Response.StatusCode())
		})
	}
}
