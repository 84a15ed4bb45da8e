package corshttp_test

import (
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// requireLines holds the way in which a Server reads the lines of a header to that of
// Policy.ReadRequest.
func requireLines(t *testing.T, method string, lines map[string][]string) {
	t.Helper()
	for _, dialect := range []s3cors.Dialect{s3cors.Amazon, s3cors.Ceph} {
		p := policyOf(t, document, s3cors.WithDialect(dialect))
		server := &corshttp.Server{Policies: corshttp.OnePolicy(p), Options: []s3cors.Option{s3cors.WithDialect(dialect)}}
		r := request("GET", "/bucket/key")
		r.Method = method // which may be one that NewRequest does not take
		for name, all := range lines {
			if all != nil {
				r.Header[name] = slices.Clone(all)
			}
		}
		read := p.ReadRequest(method, s3cors.TargetObject, func(name string) []string { return lines[name] })
		read.Bucket = "bucket"
		expected, got := p.Evaluate(read), server.Check(r).Decision
		require.Equal(t, expected.Outcome(), got.Outcome(), lines)
		require.Equal(t, expected.Refusal(), got.Refusal(), lines)
		require.Equal(t, maps.Collect(expected.Headers()), maps.Collect(got.Headers()), lines)
	}
}

// linesOf returns the lines of a field: none, one, or two.
func linesOf(number uint8, first, second string) []string {
	return []string{first, second}[:number%3]
}

func FuzzLinesAreReadAsReadRequestDoes(f *testing.F) {
	for _, blank := range []string{"", " ", "\t"} {
		for number := range uint8(3) {
			f.Add("OPTIONS", number, blank+origin, origin+blank, uint8(1), "PUT"+blank, "", uint8(0), "", "")
			f.Add("OPTIONS", uint8(1), origin, "", number, "PUT"+blank, blank+"GET", uint8(1), "x-a"+blank, "")
			f.Add("OPTIONS", uint8(1), origin, "", uint8(1), "PUT", "", number, blank+"x-a", "X-B"+blank)
			f.Add("GET", number, blank, blank+blank, number, blank, blank, number, blank, blank)
		}
	}
	f.Fuzz(func(t *testing.T, method string, origins uint8, origin, second string, methods uint8, requested, other string, names uint8, some, more string) {
		lines := make(map[string][]string)
		for name, all := range map[string][]string{
			"Origin":                         linesOf(origins, origin, second),
			"Access-Control-Request-Method":  linesOf(methods, requested, other),
			"Access-Control-Request-Headers": linesOf(names, some, more),
		} {
			if len(all) > 0 {
				lines[name] = all
			}
		}
		requireLines(t, method, lines)
	})
}

// A refusal is written by the Server itself, to a header that others may hold and change.
func TestTheValuesOfARefusalAreItsOwn(t *testing.T) {
	server := one(t, document)
	server.IDs = func(*http.Request) s3cors.IDs { return s3cors.IDs{RequestID: "R", HostID: "H"} }
	handler := server.CORS(unreachable(t))
	refuse := func() http.Header {
		w := &reused{header: http.Header{}}
		handler.ServeHTTP(w, request("OPTIONS", "/bucket/key", "Origin", stranger, "Access-Control-Request-Method", "PUT"))
		require.Equal(t, http.StatusForbidden, w.status)
		return w.header
	}
	want := http.Header{"Content-Type": {"application/xml"}, "X-Amz-Request-Id": {"R"}, "X-Amz-Id-2": {"H"}}
	first := refuse()
	require.Equal(t, want, first)
	for name, values := range first {
		first[name] = append(values, "appended")
	}
	for _, values := range first {
		require.NotEqual(t, "appended", values[0])
		values[0] = "changed"
	}
	require.Equal(t, want, refuse())
}
