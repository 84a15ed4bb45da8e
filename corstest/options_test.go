//go:build go1.26

package corstest_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

func TestAServerInVirtualHostedStyleIsAddressedSo(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	hosted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		bucket, ok := strings.CutSuffix(r.Host, ".s3.test")
		if !ok {
			require.Equal(t, "s3.test", r.Host)
			require.Equal(t, "/", r.URL.Path)
		} else if r.URL.Path = "/" + bucket + strings.TrimSuffix(r.URL.Path, "/"); r.URL.RawPath != "" {
			t.Errorf("the path %s is escaped", r.URL.RawPath)
		}
		s.handler.ServeHTTP(w, r)
	})
	opts := corstest.Options{Sign: owner, Address: func(bucket, key string) (host, path string) {
		if bucket == "" {
			return "s3.test", "/"
		}
		return bucket + ".s3.test", "/" + key
	}}
	results, err := conformance.Run(t.Context(), corstest.NewTarget(hosted, opts), conformance.Options{})
	require.NoError(t, err)
	require.Empty(t, differing(results))
	require.Empty(t, errorsOf(results))
	require.Empty(t, s.left())
}

// A middleware that has its rules from the program, and neither buckets nor ?cors.
func TestAMiddlewareWithoutAnAPIIsTested(t *testing.T) {
	var policy atomic.Pointer[s3cors.Policy]
	put := func(_ context.Context, _ string, xml []byte) error {
		policy.Store(nil)
		if xml == nil {
			return nil
		}
		c, err := s3cors.ParseXML(xml)
		if err != nil {
			return err
		}
		p, err := s3cors.Compile(c)
		policy.Store(p)
		return err
	}
	middleware := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target := []string{"service", "bucket", "object"}[len(strings.FieldsFunc(r.URL.Path, func(c rune) bool { return c == '/' }))]
		q := question{Request: &vectors.Request{Method: r.Method, Target: target}}
		for name, values := range r.Header {
			for _, value := range values {
				q.Request.Headers = append(q.Request.Headers, vectors.Pair{name, value})
			}
		}
		d := policy.Load().Evaluate(requestOf(q, s3cors.Amazon))
		for name, value := range d.Headers() {
			w.Header().Set(name, value)
		}
		if d.Status() == 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.WriteHeader(d.Status())
		if refusal := d.Refusal(); refusal != nil {
			_, _ = w.Write(refusal.AppendXML(nil, s3cors.IDs{}))
		}
	})
	corstest.TestHandler(t, func(*testing.T) http.Handler { return middleware }, corstest.Options{
		Strict: true, Bucket: "any", Put: put,
		Skip: regexp.MustCompile("^op-|service|missing-bucket|no-bucket|deleted"), // there is one bucket, come what may
	})
}

// requestsOf counts what a run sends.
func counting(next http.Handler, n *atomic.Int32) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Add(1)
		next.ServeHTTP(w, r)
	})
}

func TestARunSendsFewRequestsBesideThoseOfTheVectors(t *testing.T) {
	var sent atomic.Int32
	results, err := conformance.Run(t.Context(), target(counting(newServer(), &sent)), conformance.Options{})
	require.NoError(t, err)
	needed := 0
	for _, r := range results {
		switch {
		case r.Verdict == conformance.Skip:
		case r.Vector.Steps != nil:
			needed += len(r.Vector.Steps)
		case r.Vector.Document != nil && r.Vector.Expect.Error == nil:
			needed += 2
		default:
			needed++
		}
	}
	t.Logf("%d requests for the %d of the vectors", sent.Load(), needed)
	require.Less(t, int(sent.Load()), 2*needed)
}

func deletion() vectors.Vector {
	return vectors.Vector{ID: "delete-the-bucket", Title: "t", Rows: []string{"5.1/alike"}, Grade: "A", Source: "LS",
		Request: &vectors.Request{Method: "DELETE", Target: "bucket", Headers: []vectors.Pair{}},
		Expect:  vectors.Expect{Outcome: "not-cors", Headers: []vectors.Pair{}}}
}

func withDeletion(t *testing.T) []vectors.Vector {
	t.Helper()
	return append([]vectors.Vector{deletion()}, fifth(decisions(t))...)
}

func TestADecisionThatDeletesTheBucketEndsNothing(t *testing.T) {
	for _, row := range []struct {
		name  string
		bites bool
	}{{"where the server refuses", false}, {"where the server deletes it, objects and all", true}} {
		t.Run(row.name, func(t *testing.T) {
			s := newStorage(s3cors.Amazon, plain)
			s.bites = row.bites
			results, err := conformance.Run(t.Context(), target(s.handler), conformance.Options{Vectors: withDeletion(t), Parallel: 1})
			require.NoError(t, err)
			require.Equal(t, conformance.Pass, results[0].Verdict)
			require.Empty(t, differing(results))
			require.Empty(t, errorsOf(results))
			require.Empty(t, s.left())
		})
	}
}

func TestAnExistingBucketIsNeverDeleted(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	s.buckets.Create("mine")
	s.bites = true
	results, err := conformance.Run(t.Context(), target(s.handler), conformance.Options{Vectors: withDeletion(t), Bucket: "mine"})
	require.NoError(t, err)
	require.Equal(t, conformance.Skip, results[0].Verdict)
	require.Equal(t, "it would change the existing bucket itself", results[0].Reason)
	exists, err := s.buckets.Exists(t.Context(), "mine")
	require.NoError(t, err)
	require.True(t, exists)
}

func TestWhatCannotBeTidiedUpIsSaid(t *testing.T) {
	server := newServer()
	keeps := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == "DELETE" && r.URL.RawQuery == "" && strings.Count(r.URL.Path, "/") == 1 {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, "<Error><Code>AccessDenied</Code><Message>No.</Message></Error>")
			return
		}
		server.ServeHTTP(w, r)
	})
	results, err := conformance.Run(t.Context(), target(keeps), conformance.Options{Run: regexp.MustCompile("^middle-pattern$")})
	var left *conformance.LeftoverError
	require.ErrorAs(t, err, &left)
	require.Regexp(t, `^bucket s3cors-[0-9a-f]{12}-1 was not left as it was found: deleting it: the server said 403 AccessDenied: No\.$`, left.Error())
	require.Len(t, results, 1)
	require.Equal(t, conformance.Pass, results[0].Verdict)
}

func TestAServerThatIsBusyIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var n atomic.Int32
		server := newServer()
		busy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "PUT" && n.Add(1)%3 != 0 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			server.ServeHTTP(w, r)
		})
		begin := time.Now()
		results, err := conformance.Run(t.Context(), target(busy), conformance.Options{Run: regexp.MustCompile("^middle-pattern$")})
		require.NoError(t, err)
		require.Equal(t, map[conformance.Verdict]int{conformance.Pass: 1}, counts(results))
		require.Equal(t, 900*time.Millisecond, time.Since(begin), "100 and 200 each for the bucket, for the object that stays, and for the configuration")
	})
}

func TestARunThatAsksNothingSaysWhy(t *testing.T) {
	for _, row := range []struct {
		name string
		opts conformance.Options
		want string
	}{
		{"because nothing was chosen", conformance.Options{Run: regexp.MustCompile("^$")}, "no vector was chosen"},
		{"because all was skipped", conformance.Options{Run: regexp.MustCompile("^doc-json-object$")},
			"every vector was skipped, such as doc-json-object: a server takes XML, and this document is JSON"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := conformance.Run(t.Context(), target(newServer()), row.opts)
			require.EqualError(t, err, row.want)
		})
	}
}

func TestWhatTheServerLacksIsSkipped(t *testing.T) {
	for _, row := range []struct {
		lacks conformance.Need
		needs func(v *vectors.Vector) bool
	}{
		{"ranges", func(v *vectors.Vector) bool { return slices.Contains(v.Needs, "ranges") }},
		{"accounts", func(v *vectors.Vector) bool { return slices.Contains(v.Needs, "accounts") }},
		{conformance.NeedAPI, func(v *vectors.Vector) bool {
			if v.Config != nil || v.Stored != nil || v.Document != nil {
				return true
			}
			for _, s := range v.Steps {
				if strings.Contains(s.Request.Query, "cors") && s.Request.Method != "OPTIONS" {
					return true
				}
			}
			return false
		}},
	} {
		t.Run(string(row.lacks), func(t *testing.T) {
			results, err := conformance.Run(t.Context(), target(newServer()), conformance.Options{Lacks: []conformance.Need{row.lacks}})
			require.NoError(t, err)
			n := 0
			for _, r := range results {
				if r.Reason == "the server lacks "+string(row.lacks) {
					require.Equal(t, conformance.Skip, r.Verdict)
					require.True(t, row.needs(r.Vector), r.Vector.ID)
					n++
				} else if row.needs(r.Vector) {
					require.Equal(t, conformance.Skip, r.Verdict, r.Vector.ID)
				}
			}
			require.Positive(t, n)
		})
	}
}

func TestAnEvaluatorThatPanicsIsAnErrorOfThatVector(t *testing.T) {
	library := evaluate(s3cors.Amazon)
	results, err := conformance.RunEvaluator(func(q question) answer {
		if q.Request.Method == "PATCH" {
			panic("no such method")
		}
		return library(q)
	}, conformance.Options{})
	require.NoError(t, err)
	require.Empty(t, differing(results))
	n := 0
	for _, r := range results {
		require.Equal(t, r.Vector.Request.Method == "PATCH", r.Verdict == conformance.Error)
		if r.Verdict == conformance.Error {
			require.Equal(t, "the evaluator panicked: no such method", r.Reason)
			n++
		}
	}
	require.Positive(t, n)
}

func TestAConfigurationReachesAnEvaluatorInBothForms(t *testing.T) {
	asked := 0
	_, err := conformance.RunEvaluator(func(q question) answer {
		if q.ConfigXML == nil && q.ConfigJSON == nil {
			return answer{}
		}
		inXML, err := s3cors.ParseXML(q.ConfigXML)
		if err != nil {
			return answer{} // S3 refuses it
		}
		inJSON, err := s3cors.ParseJSON(q.ConfigJSON)
		require.NoError(t, err)
		one, err := inXML.AppendXML(nil)
		require.NoError(t, err)
		other, err := inJSON.AppendXML(nil)
		require.NoError(t, err)
		require.Equal(t, string(one), string(other))
		asked++
		return answer{}
	}, conformance.Options{})
	require.NoError(t, err)
	require.Greater(t, asked, 300)
}
