package corshttp_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// A reused writer is what a server has of a response that costs nothing.
type reused struct {
	header http.Header
	status int
}

func (w *reused) Header() http.Header         { return w.header }
func (w *reused) WriteHeader(status int)      { w.status = status }
func (w *reused) Write(p []byte) (int, error) { return len(p), nil }

// workloads are whole requests through cache and middleware.
var workloads = []struct {
	name   string
	method string
	fields []string
	status int
	allocs float64
}{
	{"no Origin", "GET", nil, 204, 0},
	{"actual", "GET", []string{"Origin", origin}, 204, 1},
	{"actual refused", "GET", []string{"Origin", stranger}, 204, 0},
	{"actual with 5 headers", "GET", []string{"Origin", origin, "Access-Control-Request-Headers", fiveHeaders}, 204, 1},
	{"preflight", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "PUT"}, 200, 1},
	{"preflight with 5 headers", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", fiveHeaders}, 200, 1},
	{"preflight refused", "OPTIONS", []string{"Origin", stranger, "Access-Control-Request-Method", "PUT"}, 403, 2},
	{"preflight refused for bad input", "OPTIONS", []string{"Origin", origin, "Access-Control-Request-Method", "FOO"}, 400, 4},
}

// fiveHeaders is as browsers send it: sorted, in lower case, without blanks.
const fiveHeaders = "authorization,content-md5,content-type,x-amz-content-sha256,x-amz-date"

// ways are the places that policies come from.
func ways(t testing.TB) map[string]http.Handler {
	t.Helper()
	cache := &corsserver.Cache{Store: stored(t, document, "bucket")}
	noContent := status(http.StatusNoContent)
	return map[string]http.Handler{
		"cached":     (&corshttp.Server{Policies: cache.Policy}).CORS(noContent),
		"one policy": one(t, document).CORS(noContent),
	}
}

func TestAllocations(t *testing.T) {
	for way, handler := range ways(t) {
		for _, tt := range workloads {
			t.Run(tt.name+", "+way, func(t *testing.T) {
				w := &reused{header: http.Header{}}
				r := request(tt.method, "/bucket/some/key", tt.fields...)
				got := testing.AllocsPerRun(100, func() {
					clear(w.header)
					handler.ServeHTTP(w, r)
				})
				require.Equal(t, tt.status, w.status)
				require.Equal(t, tt.allocs, got)
			})
		}
	}
}

func BenchmarkMiddleware(b *testing.B) {
	for way, handler := range ways(b) {
		for _, bb := range workloads {
			b.Run(way+"/"+bb.name, func(b *testing.B) {
				w := &reused{header: http.Header{}}
				r := request(bb.method, "/bucket/some/key", bb.fields...)
				b.ReportAllocs()
				for b.Loop() {
					clear(w.header)
					handler.ServeHTTP(w, r)
				}
				require.Equal(b, bb.status, w.status)
			})
		}
	}
}

func BenchmarkOverride(b *testing.B) {
	m := one(b, document)
	m.Override = true
	handler := m.CORS(status(http.StatusNoContent))
	w := &reused{header: http.Header{}}
	r := request("GET", "/bucket/some/key", "Origin", origin)
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		handler.ServeHTTP(w, r)
	}
}

func BenchmarkCacheHit(b *testing.B) {
	cache := &corsserver.Cache{Store: stored(b, document, "bucket")}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			policy, err := cache.Policy(ctx, "bucket")
			if err != nil || policy == nil {
				b.Error(err)
			}
		}
	})
}

// BenchmarkFields is the writing of fields without the decision: what remains of
// a granted request.
func BenchmarkFields(b *testing.B) {
	d := policyOf(b, document).Evaluate(s3cors.Request{Method: "GET", Origin: origin})
	h := http.Header{}
	b.ReportAllocs()
	for b.Loop() {
		clear(h)
		corshttp.SetFields(h, d)
	}
}
