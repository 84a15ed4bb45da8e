//go:build go1.26

package corstest_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// hangs is a handler that answers some requests only when the client has gone.
func hangs(next http.Handler, when func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if when(r) {
			<-r.Context().Done()
			return
		}
		next.ServeHTTP(w, r)
	})
}

func TestAServerThatHangsFromTheStartIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		handler := hangs(nil, func(*http.Request) bool { asked.Add(1); return true })
		begin := time.Now()
		results, err := conformance.Run(t.Context(), target(handler), conformance.Options{})
		var none *conformance.NotRunError
		require.ErrorAs(t, err, &none)
		require.Equal(t, "creating a bucket: the handler gave no answer in 10s", none.Reason)
		require.LessOrEqual(t, asked.Load(), int32(10))
		require.LessOrEqual(t, time.Since(begin), time.Minute)
		for _, r := range results {
			require.Equal(t, conformance.Error, r.Verdict)
			require.Equal(t, none.Reason, r.Reason)
		}
		require.Greater(t, len(results), 900)
	})
}

func TestAServerThatGoesDownEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32
		handler := hangs(newServer(), func(*http.Request) bool { return asked.Add(1) > 200 })
		results, err := conformance.Run(t.Context(), target(handler), conformance.Options{})
		var left *conformance.LeftoverError
		require.ErrorAs(t, err, &left)
		require.LessOrEqual(t, asked.Load(), int32(250))
		n := counts(results)
		require.Greater(t, n[conformance.Pass], 50)
		require.Zero(t, n[conformance.Fail])
		unasked := 0
		for _, reason := range errorsOf(results) {
			if strings.HasPrefix(reason, "nothing more is asked: ") {
				require.Regexp(t, `: \d+ requests in a row got no answer, the last: the handler gave no answer in 10s$`, reason)
				unasked++
			}
		}
		require.Greater(t, unasked, 500)
	})
}

func TestAServerThatHangsAtOneKindOfRequestIsAskedAllElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		patch := func(r *http.Request) bool { return r.Header.Get("Access-Control-Request-Method") == "PATCH" }
		impatient := corstest.NewTarget(hangs(newServer(), patch), corstest.Options{Timeout: time.Second, Sign: owner})
		results, err := conformance.Run(t.Context(), impatient, conformance.Options{})
		require.NoError(t, err)
		want := make(map[string]string)
		for _, r := range results {
			if requests(r.Vector, "PATCH") && r.Vector.Expect.Outcome != "invalid-configuration" {
				want[r.Vector.ID] = "the handler gave no answer in 1s"
			}
		}
		require.Greater(t, len(want), 2)
		require.Empty(t, cmp.Diff(want, errorsOf(results)))
		require.Empty(t, differing(results))
	})
}

func requests(v *vectors.Vector, method string) bool {
	if v.Request == nil {
		return false
	}
	for _, h := range v.Request.Headers {
		if strings.EqualFold(h[0], "Access-Control-Request-Method") && h[1] == method {
			return true
		}
	}
	return false
}

// errorsOf are the reasons of the results that are errors.
func errorsOf(results []conformance.Result) map[string]string {
	reasons := make(map[string]string)
	for _, r := range results {
		if r.Verdict == conformance.Error {
			reasons[r.Vector.ID] = r.Reason
		}
	}
	return reasons
}

func TestAPanicIsAnErrorOfTheVectorThatMetIt(t *testing.T) {
	server := newServer()
	panics := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Access-Control-Request-Method") == "PATCH" {
			panic("index out of range")
		}
		server.ServeHTTP(w, r)
	})
	results, err := conformance.Run(t.Context(), target(panics), conformance.Options{})
	require.NoError(t, err)
	for id, reason := range errorsOf(results) {
		require.Equal(t, "the handler panicked: index out of range", reason, id)
	}
	require.Greater(t, len(errorsOf(results)), 2)
	require.Empty(t, differing(results))
}

func TestGarbageIsADifferenceAndNoMore(t *testing.T) {
	server := newServer()
	for name, garbage := range map[string]string{
		"no XML":           "\x00\xff<not xml",
		"deep XML":         strings.Repeat("<a>", 100000),
		"another root":     "<html><body>Not found</body></html>",
		"elements within":  "<Error><Code><b/></Code></Error>",
		"text between":     "<Error>oops<Code>AccessForbidden</Code></Error>",
		"two roots":        "<Error></Error><Error></Error>",
		"an error unended": "<Error><Code>AccessForbidden</Code>",
	} {
		t.Run(name, func(t *testing.T) {
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == "OPTIONS" {
					w.WriteHeader(http.StatusForbidden)
					_, _ = io.WriteString(w, garbage)
					return
				}
				server.ServeHTTP(w, r)
			})
			opts := conformance.Options{Run: regexp.MustCompile("^options-without-configuration$|^no-configuration|^preflight-.*"), Settle: -1}
			results, err := conformance.Run(t.Context(), target(handler), opts)
			require.NoError(t, err)
			require.Empty(t, errorsOf(results))
			judged := 0
			for _, r := range results {
				for _, d := range r.Diffs {
					if d.What == "error" {
						require.Equal(t, conformance.NotRead, d.Got)
						judged++
					}
				}
			}
			require.Positive(t, judged)
		})
	}
}

func TestAnEndlessBodyIsCutOff(t *testing.T) {
	server := newServer()
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != "OPTIONS" {
			server.ServeHTTP(w, r)
			return
		}
		for {
			if _, err := w.Write(bytes.Repeat([]byte("a"), 4096)); err != nil {
				return
			}
		}
	})
	results, err := conformance.Run(t.Context(), target(endless),
		conformance.Options{Run: regexp.MustCompile("^preflight-with-a-wrong-signature-is-granted$")})
	var none *conformance.NotRunError
	require.ErrorAs(t, err, &none)
	require.Equal(t, "the handler wrote more than a megabyte", none.Reason)
	require.Equal(t, map[string]string{"preflight-with-a-wrong-signature-is-granted": "the handler wrote more than a megabyte"}, errorsOf(results))
}

// lazy is a server that takes a configuration and applies it later, or never. Changes
// arrive in the order in which they were made.
type lazy struct {
	next  http.Handler
	delay time.Duration // negative for never

	mu    sync.Mutex
	last  chan struct{} // closed when the change before has arrived
	after sync.WaitGroup
}

func (l *lazy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawQuery != "cors" || r.Method != "PUT" && r.Method != "DELETE" {
		l.next.ServeHTTP(w, r)
		return
	}
	body, _ := io.ReadAll(r.Body)
	if l.delay < 0 {
		return
	}
	l.mu.Lock()
	before, arrived := l.last, make(chan struct{})
	l.last = arrived
	l.mu.Unlock()
	l.after.Go(func() {
		time.Sleep(l.delay)
		if before != nil {
			<-before
		}
		later := r.Clone(context.Background())
		later.Body = io.NopCloser(bytes.NewReader(body))
		l.next.ServeHTTP(discard{}, later)
		close(arrived)
	})
	if r.Method == "DELETE" {
		w.WriteHeader(http.StatusNoContent)
	}
}

type discard struct{}

func (discard) Header() http.Header            { return make(http.Header) }
func (discard) Write(data []byte) (int, error) { return len(data), nil }
func (discard) WriteHeader(int)                {}

// readAll reads the vectors once, which takes longer than to ask them.
var readAll = sync.OnceValues(vectors.All)

func everything(t *testing.T) []vectors.Vector {
	t.Helper()
	all, err := readAll()
	require.NoError(t, err)
	return all
}

// decisions chooses the vectors that do not judge the answer to PUT ?cors itself, which a
// lazy server gives before it knows.
func decisions(t *testing.T) []vectors.Vector {
	t.Helper()
	var some []vectors.Vector
	for _, v := range everything(t) {
		if v.Request != nil && v.Expect.Outcome != "invalid-configuration" {
			some = append(some, v)
		}
	}
	return some
}

// fifth is every fifth vector, for what does not hang on a certain one.
func fifth(all []vectors.Vector) []vectors.Vector {
	var some []vectors.Vector
	for i := 0; i < len(all); i += 5 {
		some = append(some, all[i])
	}
	return some
}

func TestAConfigurationThatArrivesLateIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &lazy{next: newServer(), delay: 200 * time.Millisecond}
		begin := time.Now()
		results, err := conformance.Run(t.Context(), target(server),
			conformance.Options{Vectors: decisions(t)})
		took := time.Since(begin)
		server.after.Wait()
		require.NoError(t, err)
		require.Empty(t, differing(results))
		require.Empty(t, errorsOf(results))
		t.Logf("it took %s", took)
		require.Less(t, took, time.Minute)
	})
}

// stale remembers policies for a while, as servers with several nodes do.
func stale(d time.Duration) func(corsserver.Source) corsserver.Source {
	type entry struct {
		policy *s3cors.Policy
		err    error
		until  time.Time
	}
	var mu sync.Mutex
	entries := make(map[string]entry)
	return func(next corsserver.Source) corsserver.Source {
		return func(ctx context.Context, bucket string) (*s3cors.Policy, error) {
			mu.Lock()
			defer mu.Unlock()
			if e, ok := entries[bucket]; ok && time.Now().Before(e.until) {
				return e.policy, e.err
			}
			policy, err := next(ctx, bucket)
			entries[bucket] = entry{policy, err, time.Now().Add(d)}
			return policy, err
		}
	}
}

func TestAServerThatRemembersPoliciesForAWhileIsWaitedFor(t *testing.T) {
	for _, d := range []time.Duration{50 * time.Millisecond, time.Second} {
		t.Run(d.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStorage(s3cors.Amazon, stale(d))
				begin := time.Now()
				results, err := conformance.Run(t.Context(), target(s.handler), conformance.Options{Vectors: fifth(everything(t))})
				t.Logf("it took %s", time.Since(begin))
				require.NoError(t, err)
				require.Empty(t, differing(results))
				require.Empty(t, errorsOf(results))
				require.Empty(t, s.left())
			})
		})
	}
}

func TestAConfigurationThatNeverArrivesCostsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &lazy{next: newServer(), delay: -1}
		begin := time.Now()
		results, err := conformance.Run(t.Context(), target(server),
			conformance.Options{Vectors: fifth(decisions(t))})
		took := time.Since(begin)
		require.NoError(t, err)
		require.Greater(t, len(differing(results)), 40)
		t.Logf("it took %s", took)
		require.Less(t, took, 15*time.Second)
	})
}

func TestARunThatIsInterruptedLeavesNothing(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	stop := errors.New("interrupted")
	ctx, cancel := context.WithCancelCause(t.Context())
	n := 0
	results, err := conformance.Run(ctx, target(s.handler), conformance.Options{
		Report: func(conformance.Result) {
			if n++; n == 300 {
				cancel(stop)
			}
		},
	})
	require.ErrorIs(t, err, stop)
	require.Empty(t, s.left())
	require.Empty(t, differing(results))
	unasked := 0
	for _, reason := range errorsOf(results) {
		require.Contains(t, reason, "interrupted")
		unasked++
	}
	require.Greater(t, unasked, 500)
}

func TestAnUploadThatWasBegunIsAbortedWhenInterrupted(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var mu sync.Mutex
	var aborted []string
	watched := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case r.Method == "POST" && r.URL.RawQuery == "uploads":
			cancel()
		case r.Method == "DELETE" && r.URL.Query().Has("uploadId"):
			aborted = append(aborted, r.URL.RawQuery)
		}
	})
	_, err := conformance.Run(ctx, target(watched), conformance.Options{Run: regexp.MustCompile("^op-upload$")})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []string{"uploadId=upload%2F0%2B"}, aborted)
	require.Empty(t, s.left())
}

const mine = `<CORSConfiguration><CORSRule><AllowedOrigin>https://mine.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`

func TestAnExistingBucketIsLeftAsItWas(t *testing.T) {
	for _, row := range []struct {
		name   string
		config []byte
		stopAt int
	}{
		{"with a configuration", []byte(mine), -1},
		{"with a configuration, when interrupted", []byte(mine), 300},
		{"without a configuration", nil, -1},
		{"without a configuration, when interrupted", nil, 300},
		{"when interrupted in an operation", []byte(mine), 900},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newStorage(s3cors.Amazon, plain)
			s.buckets.Create("mine")
			s.paths = map[string]bool{"/mine": true, "/mine/precious": true}
			if row.config != nil {
				require.NoError(t, s.cache.PutCORS(t.Context(), "mine", row.config))
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			n := 0
			results, err := conformance.Run(ctx, target(s.handler), conformance.Options{
				Bucket: "mine",
				Report: func(conformance.Result) {
					if n++; n == row.stopAt {
						cancel()
					}
				},
			})
			if row.stopAt < 0 {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, context.Canceled)
			}
			require.Empty(t, differing(results))
			require.Equal(t, []string{"/mine", "/mine/precious"}, s.left())
			kept, err := s.cache.GetCORS(t.Context(), "mine")
			require.NoError(t, err)
			if row.config == nil {
				require.Nil(t, kept)
				return
			}
			want, err := s3cors.ParseXML(row.config)
			require.NoError(t, err)
			got, err := s3cors.ParseXML(kept)
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(want, got))
		})
	}
}

func TestAServerWithoutTheAPIIsConfiguredByOthers(t *testing.T) {
	s := newStorage(s3cors.Amazon, plain)
	noAPI := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, "cors") && r.Method != "OPTIONS" {
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		s.handler.ServeHTTP(w, r)
	})
	put := func(ctx context.Context, bucket string, xml []byte) error {
		if xml == nil {
			return s.cache.DeleteCORS(ctx, bucket)
		}
		return s.cache.PutCORS(ctx, bucket, xml)
	}
	results, err := conformance.Run(t.Context(), target(noAPI), conformance.Options{Put: put})
	require.NoError(t, err)
	require.Empty(t, differing(results))
	require.Empty(t, errorsOf(results))
	require.Empty(t, s.left())
	n := counts(results)
	require.Greater(t, n[conformance.Pass], 450)
	for _, r := range results {
		if r.Vector.Document != nil {
			require.Equal(t, conformance.Skip, r.Verdict)
		}
	}
}

func TestACommandThatFailsIsTheReason(t *testing.T) {
	put := func(context.Context, string, []byte) error { return errors.New("no such program") }
	_, err := conformance.Run(t.Context(), target(newServer()), conformance.Options{
		Put: put, Run: regexp.MustCompile("^json-text-configuration$")})
	var none *conformance.NotRunError
	require.ErrorAs(t, err, &none)
	require.Equal(t, "setting the configuration: no such program", none.Reason)
}

func TestABucketThatCannotBeMadeIsTheReason(t *testing.T) {
	denied := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist.</Message></Error>")
	})
	results, err := conformance.Run(t.Context(), target(denied), conformance.Options{})
	var none *conformance.NotRunError
	require.ErrorAs(t, err, &none)
	require.Equal(t, "creating a bucket: the server said 403 InvalidAccessKeyId: The key does not exist.", none.Reason)
	var left *conformance.LeftoverError
	require.False(t, errors.As(err, &left), "there is nothing to tidy up")
	require.Greater(t, len(results), 900)
}
