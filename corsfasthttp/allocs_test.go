//go:build go1.26 && !race

package corsfasthttp_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors/corsfasthttp"
)

// With the race detector, pools forget what is in them now and then.

func TestAllocations(t *testing.T) {
	for _, override := range []bool{false, true} {
		cached := (&corsfasthttp.Server{Store: stored(t, document, "bucket"), Override: override}).CORS(status(204))
		policies := (&corsfasthttp.Server{Policies: one(t, document).Policies, Override: override}).CORS(status(204))
		for _, tt := range workloads {
			t.Run(tt.name, func(t *testing.T) {
				ctx := reused(tt.method, tt.fields...)
				count := func(handler fasthttp.RequestHandler) float64 {
					return testing.AllocsPerRun(100, func() {
						ctx.Response.Reset()
						handler(ctx)
					})
				}
				require.Equal(t, tt.cached, count(cached))
				require.Equal(t, tt.policies, count(policies))
				require.Equal(t, tt.status, ctx.Response.StatusCode())
			})
		}
	}
}
