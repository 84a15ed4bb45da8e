//go:build go1.26

package corsfasthttp_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// run gives a request to a handler without a network, so that time can stand still.
func run(handler fasthttp.RequestHandler, method, target string, fields ...string) *fasthttp.RequestCtx {
	ctx := &fasthttp.RequestCtx{}
	request := &fasthttp.Request{}
	request.Header.SetMethod(method)
	request.SetRequestURI(target)
	for i := 0; i < len(fields); i += 2 {
		request.Header.Add(fields[i], fields[i+1])
	}
	ctx.Init(request, nil, silent{})
	handler(ctx)
	return ctx
}

// A hanging store answers nothing before the context ends.
type hanging struct{ deaf bool }

func (h hanging) wait(ctx context.Context) error {
	if h.deaf {
		time.Sleep(time.Hour)
		return nil
	}
	<-ctx.Done()
	return ctx.Err()
}

func (h hanging) GetCORS(ctx context.Context, _ string) ([]byte, error) { return nil, h.wait(ctx) }
func (h hanging) PutCORS(ctx context.Context, _ string, _ []byte) error { return h.wait(ctx) }
func (h hanging) DeleteCORS(ctx context.Context, bucket string) error   { return h.wait(ctx) }
func (h hanging) policy(ctx context.Context, _ string) (*s3cors.Policy, error) {
	return nil, h.wait(ctx)
}

func TestAStoreThatHangsIsWaitedForAsLongAsTimeoutSays(t *testing.T) {
	deaf := &corsserver.Cache{Store: hanging{deaf: true}, MaxEntries: -1}
	for _, timeout := range []time.Duration{0, time.Second} {
		want := timeout
		if timeout == 0 {
			want = corsfasthttp.DefaultTimeout
		}
		for name, s := range map[string]*corsfasthttp.Server{
			"a store":                      {Store: hanging{}},
			"a store that hears nothing":   {Store: hanging{deaf: true}},
			"policies":                     {Policies: hanging{}.policy},
			"policies of a cache, as well": {Policies: deaf.Policy},
		} {
			t.Run(name+", "+timeout.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var seen error
					s := &corsfasthttp.Server{Store: s.Store, Policies: s.Policies, Timeout: timeout,
						Observe: func(_ *fasthttp.RequestCtx, v corsserver.Verdict) { seen = v.Err }}
					start := time.Now()
					ctx := run(s.CORS(ok), "OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET")
					require.Equal(t, want, time.Since(start))
					require.Equal(t, 500, ctx.Response.StatusCode())
					require.Equal(t, internalErrorBody, string(ctx.Response.Body()))
					require.ErrorIs(t, seen, context.DeadlineExceeded)

					ctx = run(s.CORS(ok), "GET", "/bucket/key", "Origin", origin)
					require.Equal(t, 2*want, time.Since(start))
					require.Equal(t, "ok", string(ctx.Response.Body()))
					require.Empty(t, ctx.Response.Header.Peek("Access-Control-Allow-Origin"))
					time.Sleep(3 * time.Hour) // until the deaf store has come back
				})
			})
		}
	}
}

func TestARequestForCORSIsWaitedForAsLong(t *testing.T) {
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var failures []error
				s := &corsfasthttp.Server{Store: hanging{}, Authorize: allow, Timeout: time.Second,
					Failed: func(_ *fasthttp.RequestCtx, err error) { failures = append(failures, err) }}
				start := time.Now()
				ctx := run(s.Subresource(unreachable(t)), method, "/bucket?cors")
				require.Equal(t, time.Second, time.Since(start))
				require.Equal(t, 500, ctx.Response.StatusCode())
				require.Equal(t, internalErrorBody, string(ctx.Response.Body()))
				require.Equal(t, []error{context.DeadlineExceeded}, failures)
			})
		})
	}
}

// TestTheTimeOfAPutIsTheStoresForEachQuestion has a store that takes most of it for
// the look and for the write.
func TestTheTimeOfAPutIsTheStoresForEachQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(ctx context.Context) error {
			select {
			case <-time.After(900 * time.Millisecond):
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		store := &scripted{
			get: func(ctx context.Context, _ string) ([]byte, error) { return nil, slow(ctx) },
			put: func(ctx context.Context, _ string, _ []byte) error { return slow(ctx) },
		}
		s := &corsfasthttp.Server{Store: store, Authorize: allow, Timeout: time.Second}
		sub := s.Subresource(unreachable(t))
		ctx := run(func(ctx *fasthttp.RequestCtx) {
			ctx.Request.SetBodyString(document)
			sub(ctx)
		}, "PUT", "/bucket?cors", "Content-MD5", documentMD5)
		require.Equal(t, 200, ctx.Response.StatusCode(), string(ctx.Response.Body()))
	})
}

type value struct{}

// TestTheContextIsTheServersOwn shows what store and policies are asked in, while
// the request lasts and when it is over.
func TestTheContextIsTheServersOwn(t *testing.T) {
	var asked []context.Context
	look := func(ctx context.Context) {
		require.Equal(t, "value", ctx.Value(value{}))
		deadline, ok := ctx.Deadline()
		require.True(t, ok)
		require.WithinDuration(t, time.Now().Add(time.Hour), deadline, time.Minute)
		require.NoError(t, ctx.Err())
		asked = append(asked, ctx)
	}
	store := &scripted{
		Store: &corsserver.MemoryStore{},
		put:   func(ctx context.Context, _ string, _ []byte) error { look(ctx); return nil },
	}
	own := func(*fasthttp.RequestCtx) context.Context {
		return context.WithValue(context.Background(), value{}, "value")
	}
	s := &corsfasthttp.Server{Store: store, Authorize: allow, Context: own, Timeout: time.Hour,
		Policies: func(ctx context.Context, _ string) (*s3cors.Policy, error) {
			look(ctx)
			derived, cancel := context.WithCancel(ctx)
			t.Cleanup(cancel)
			asked = append(asked, derived)
			return nil, nil
		}}
	sub := s.Handler(unreachable(t))
	ctx := run(func(ctx *fasthttp.RequestCtx) {
		ctx.Request.SetBodyString(document)
		sub(ctx)
	}, "PUT", "/bucket?cors", "Content-MD5", documentMD5, "Origin", origin)
	require.Equal(t, 200, ctx.Response.StatusCode(), string(ctx.Response.Body()))
	require.Len(t, asked, 3)
	for _, ctx := range asked {
		<-ctx.Done()
		require.ErrorIs(t, ctx.Err(), context.Canceled)
		require.Equal(t, "value", ctx.Value(value{}))
	}
}

// TestAContextThatNobodyLookedAtIsOverAsWell has one that begins when it has ended.
func TestAContextThatNobodyLookedAtIsOverAsWell(t *testing.T) {
	var kept context.Context
	s := &corsfasthttp.Server{Policies: func(ctx context.Context, _ string) (*s3cors.Policy, error) {
		kept = ctx
		return nil, nil
	}}
	run(s.CORS(ok), "GET", "/bucket/key", "Origin", origin)
	<-kept.Done()
	require.ErrorIs(t, kept.Err(), context.Canceled)
}

// TestManyRequestsShareOneQuestion shows that requests that find nothing in the
// cache wait for one answer.
func TestManyRequestsShareOneQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		store := &scripted{Store: stored(t, document, "bucket")}
		store.get = func(ctx context.Context, bucket string) ([]byte, error) {
			<-let
			return store.Store.GetCORS(ctx, bucket)
		}
		s := &corsfasthttp.Server{Store: store}
		handler := s.CORS(ok)
		allowed := make(chan string)
		for range 10 {
			go func() {
				ctx := run(handler, "GET", "/bucket/key", "Origin", origin)
				allowed <- string(ctx.Response.Header.Peek("Access-Control-Allow-Origin"))
			}()
		}
		synctest.Wait()
		close(let)
		for range 10 {
			require.Equal(t, origin, <-allowed)
		}
		require.Equal(t, 1, store.asked())
		run(handler, "GET", "/bucket/key", "Origin", origin)
		require.Equal(t, 1, store.asked(), "what is in the cache is not asked for")
		s.Cache().Invalidate("bucket")
		run(handler, "GET", "/bucket/key", "Origin", origin)
		require.Equal(t, 2, store.asked())
	})
}

// TestTheCacheIsMadeOfTheServersFields has a cache that forgets at once, or keeps
// nothing, and one whose policies have the server's options.
func TestTheCacheIsMadeOfTheServersFields(t *testing.T) {
	for name, tt := range map[string]struct {
		server *corsfasthttp.Server
		asked  int
	}{
		"by default": {&corsfasthttp.Server{}, 1},
		"TTL":        {&corsfasthttp.Server{TTL: time.Nanosecond}, 3},
		"MaxBytes":   {&corsfasthttp.Server{MaxBytes: 1}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			store := &scripted{Store: stored(t, document, "bucket")}
			tt.server.Store = store
			handler := tt.server.CORS(ok)
			for range 3 {
				run(handler, "GET", "/bucket/key", "Origin", origin)
				time.Sleep(time.Microsecond)
			}
			require.Equal(t, tt.asked, store.asked())
		})
	}
	s := &corsfasthttp.Server{Store: stored(t, document, "bucket"), Options: []s3cors.Option{s3cors.ExposeAlso("X-Also")}}
	ctx := run(s.CORS(ok), "GET", "/bucket/key", "Origin", origin)
	require.Equal(t, "ETag, X-Also", string(ctx.Response.Header.Peek("Access-Control-Expose-Headers")))
}
