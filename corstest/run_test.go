//go:build go1.26

package corstest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// counts are how many results have which verdict.
func counts(results []conformance.Result) map[conformance.Verdict]int {
	n := make(map[conformance.Verdict]int)
	for _, r := range results {
		n[r.Verdict]++
	}
	return n
}

// differing are the ids of the results that fail, each with what differs.
func differing(results []conformance.Result) map[string][]string {
	ids := make(map[string][]string)
	for _, r := range results {
		for _, d := range r.Diffs {
			ids[r.Vector.ID] = append(ids[r.Vector.ID], d.What)
		}
	}
	return ids
}

func TestARunAsksAllThatCanBeAskedAndLeavesNothing(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	begin := time.Now()
	results, err := conformance.Run(t.Context(), target(s.handler), conformance.Options{})
	t.Logf("%d vectors in %s", len(results), time.Since(begin))
	require.NoError(t, err)
	require.Empty(t, differing(results))
	require.Empty(t, s.left())

	skipped := 0
	for _, r := range results {
		if r.Verdict == conformance.Skip {
			skipped++
			require.Contains(t, []string{"a server takes XML, and this document is JSON", "no server can be asked this, only what evaluates"}, r.Reason)
		}
	}
	require.Equal(t, map[conformance.Verdict]int{conformance.Pass: len(results) - skipped, conformance.Skip: skipped}, counts(results))
	require.Greater(t, len(results)-skipped, 800)
}

// A flaw makes of a good handler one with a bug.
type flaw func(http.Handler) http.Handler

// altered is a flaw that changes the header of answers before it is sent.
func altered(change func(r *http.Request, h http.Header, status int) int) flaw {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			aw := &alteredWriter{ResponseWriter: w, request: r, change: change}
			next.ServeHTTP(aw, r)
			aw.WriteHeader(http.StatusOK)
		})
	}
}

type alteredWriter struct {
	http.ResponseWriter
	request *http.Request
	change  func(*http.Request, http.Header, int) int
	written bool
}

func (w *alteredWriter) WriteHeader(status int) {
	if !w.written {
		w.written = true
		w.ResponseWriter.WriteHeader(w.change(w.request, w.Header(), status))
	}
}

func (w *alteredWriter) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.ResponseWriter.Write(data)
}

// expects reports whether an answer to a request with that method has that header in a
// vector.
func expects(v *vectors.Vector, preflight bool, name string) bool {
	has := func(pairs []vectors.Pair) bool {
		for _, p := range pairs {
			if p[0] == name {
				return true
			}
		}
		return false
	}
	if v.Request != nil {
		return (v.Request.Method == "OPTIONS") == preflight && has(v.Expect.Headers)
	}
	for _, s := range v.Steps {
		if (s.Request.Method == "OPTIONS") == preflight && has(s.Expect.Headers) {
			return true
		}
	}
	return false
}

func TestAServerWithOneBugFailsTheVectorsThatShowIt(t *testing.T) {
	onPreflight := func(change func(http.Header)) flaw {
		return altered(func(r *http.Request, h http.Header, status int) int {
			if r.Method == "OPTIONS" {
				change(h)
			}
			return status
		})
	}
	for _, row := range []struct {
		name    string
		flaw    flaw
		what    string
		affects func(v *vectors.Vector) bool
	}{
		{"no Vary on preflights", onPreflight(func(h http.Header) { h.Del("Vary") }), "Vary",
			func(v *vectors.Vector) bool { return expects(v, true, "Vary") }},
		{"an age that is a second too long", onPreflight(func(h http.Header) {
			if age := h.Get("Access-Control-Max-Age"); age != "" {
				h.Set("Access-Control-Max-Age", age+"1")
			}
		}), "Access-Control-Max-Age", func(v *vectors.Vector) bool { return expects(v, true, "Access-Control-Max-Age") }},
		{"Allow-Origin twice", onPreflight(func(h http.Header) {
			h["Access-Control-Allow-Origin"] = append(h["Access-Control-Allow-Origin"], h["Access-Control-Allow-Origin"]...)
		}), "lines", func(v *vectors.Vector) bool { return expects(v, true, "Access-Control-Allow-Origin") }},
	} {
		t.Run(row.name, func(t *testing.T) {
			results, err := conformance.Run(t.Context(), target(row.flaw(newServer())), conformance.Options{Settle: -1})
			require.NoError(t, err)
			want := make(map[string][]string)
			for _, r := range results {
				if r.Verdict != conformance.Skip && row.affects(r.Vector) {
					want[r.Vector.ID] = []string{row.what}
				}
			}
			require.NotEmpty(t, want)
			got := differing(results)
			for id, whats := range got {
				for i, what := range whats {
					if _, after, ok := strings.Cut(what, "]."); ok {
						got[id][i] = after
					}
				}
			}
			require.Empty(t, cmp.Diff(want, got))
		})
	}
}

func TestAServersOwnVaryIsNoDifference(t *testing.T) {
	own := altered(func(_ *http.Request, h http.Header, status int) int {
		h["Vary"] = append([]string{"accept-encoding"}, h["Vary"]...)
		return status
	})
	results, err := conformance.Run(t.Context(), target(own(newServer())), conformance.Options{Settle: -1})
	require.NoError(t, err)
	require.Empty(t, differing(results))
}

// A proposal for Ceph answers actual requests that no rule admits with 403
// (ceph/ceph#70697).
func TestAServerThatStopsActualRequestsFails(t *testing.T) {
	stops := altered(func(r *http.Request, h http.Header, status int) int {
		if r.Method == "GET" && status != http.StatusBadRequest && r.URL.RawQuery == "" && r.Header.Get("Origin") != "" && h.Get("Access-Control-Allow-Origin") == "" {
			return http.StatusForbidden
		}
		return status
	})
	results, err := conformance.Run(t.Context(), target(stops(newServer())), conformance.Options{Settle: -1})
	require.NoError(t, err)
	want := make(map[string][]conformance.Diff)
	got := make(map[string][]conformance.Diff)
	for _, r := range results {
		v := r.Vector
		if v.Request == nil {
			continue
		}
		if v.Request.Method == "GET" && v.Expect.Status == nil && origin(v) != "" && len(v.Expect.Headers) == 0 {
			plain := "200"
			if v.Bucket != "" {
				plain = "404"
			}
			want[v.ID] = []conformance.Diff{{What: "status", Want: plain, Got: "403"}}
		}
		if r.Verdict == conformance.Fail {
			got[v.ID] = r.Diffs
		}
	}
	require.NotEmpty(t, want)
	require.Empty(t, cmp.Diff(want, got))
}

func origin(v *vectors.Vector) string {
	for _, h := range v.Request.Headers {
		if strings.EqualFold(h[0], "Origin") {
			return h[1]
		}
	}
	return ""
}
