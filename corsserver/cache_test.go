//go:build go1.26

package corsserver_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// outcome evaluates a GET of origin by the policy that a cache has of a bucket.
func outcome(t *testing.T, cache *corsserver.Cache, bucket string) s3cors.Outcome {
	t.Helper()
	policy, err := cache.Policy(t.Context(), bucket)
	require.NoError(t, err)
	return policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome()
}

func TestCacheAsksOnceForWhatItKeeps(t *testing.T) {
	store := &scripted{Store: &corsserver.MemoryStore{Exists: existing}}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	cache := &corsserver.Cache{Store: store}
	first, err := cache.Policy(t.Context(), "bucket")
	require.NoError(t, err)
	for range 3 {
		again, err := cache.Policy(t.Context(), "bucket")
		require.NoError(t, err)
		require.Same(t, first, again)
	}
	require.Equal(t, 1, store.asked())
	for range 3 {
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "unconfigured"))
	}
	require.Equal(t, 2, store.asked(), "that a bucket has no configuration is kept")
	for range 3 {
		require.Equal(t, s3cors.NoBucket, outcome(t, cache, missing))
	}
	require.Equal(t, 5, store.asked(), "that a bucket does not exist is not")
}

func TestCacheAsksAgainAfterItsTime(t *testing.T) {
	for name, tt := range map[string]struct{ ttl, kept time.Duration }{
		"which is 10 seconds by default": {0, 10 * time.Second},
		"which can be set":               {time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := &scripted{Store: stored(t, document, "bucket")}
				cache := &corsserver.Cache{Store: store, TTL: tt.ttl}
				first, err := cache.Policy(t.Context(), "bucket")
				require.NoError(t, err)
				weight := corsserver.Bytes(cache)
				time.Sleep(tt.kept - time.Nanosecond)
				outcome(t, cache, "bucket")
				require.Equal(t, 1, store.asked())

				time.Sleep(time.Nanosecond)
				again, err := cache.Policy(t.Context(), "bucket")
				require.NoError(t, err)
				require.Equal(t, 2, store.asked())
				require.Same(t, first, again, "the same document is not compiled again")
				require.Equal(t, 1, corsserver.Entries(cache))
				require.Equal(t, weight, corsserver.Bytes(cache), "it counts once")

				// Another node changes the document.
				require.NoError(t, store.Store.PutCORS(t.Context(), "bucket", []byte(strings.Replace(document, "app", "www", 1))))
				require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
				time.Sleep(tt.kept)
				require.Equal(t, s3cors.NoMatch, outcome(t, cache, "bucket"))
				require.NoError(t, store.Store.DeleteCORS(t.Context(), "bucket"))
				time.Sleep(tt.kept)
				require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
			})
		})
	}
}

func TestCacheNeverAsksAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &scripted{Store: stored(t, document, "bucket")}
		cache := &corsserver.Cache{Store: store, TTL: -1}
		outcome(t, cache, "bucket")
		time.Sleep(1000 * time.Hour)
		outcome(t, cache, "bucket")
		require.Equal(t, 1, store.asked())
	})
}

func TestChangesThroughTheCacheTakeEffectAtOnce(t *testing.T) {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}, TTL: -1}
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
	require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(document)))
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	got, err := cache.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
	require.NoError(t, cache.DeleteCORS(t.Context(), "bucket"))
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
}

func TestAFailedChangeMayHaveHappened(t *testing.T) {
	memory := &corsserver.MemoryStore{}
	cache := &corsserver.Cache{Store: &lossy{memory}, TTL: -1}
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
	require.ErrorIs(t, cache.PutCORS(t.Context(), "bucket", []byte(document)), errStore)
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	require.ErrorIs(t, cache.DeleteCORS(t.Context(), "bucket"), errStore)
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
}

// A lossy store does what it is told, and loses the answer.
type lossy struct{ corsserver.Store }

func (s *lossy) PutCORS(ctx context.Context, bucket string, document []byte) error {
	return errors.Join(s.Store.PutCORS(ctx, bucket, document), errStore)
}

func (s *lossy) DeleteCORS(ctx context.Context, bucket string) error {
	return errors.Join(s.Store.DeleteCORS(ctx, bucket), errStore)
}

func TestInvalidate(t *testing.T) {
	store := stored(t, document, "bucket")
	cache := &corsserver.Cache{Store: store, TTL: -1}
	cache.Invalidate("bucket") // of which nothing is known
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	require.NoError(t, store.Forget(t.Context(), "bucket"))
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
	cache.Invalidate("bucket")
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
}

func TestErrorsOfTheStoreAreNotKept(t *testing.T) {
	broken := true
	store := &scripted{Store: stored(t, document, "bucket")}
	store.get = func(ctx context.Context, bucket string) ([]byte, error) {
		if broken {
			return nil, errStore
		}
		return store.Store.GetCORS(ctx, bucket)
	}
	cache := &corsserver.Cache{Store: store}
	for range 2 {
		_, err := cache.Policy(t.Context(), "bucket")
		require.ErrorIs(t, err, errStore)
	}
	require.Equal(t, 2, store.asked())
	broken = false
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
}

func TestAnErrorDropsWhatWasKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := false
		store := &scripted{Store: stored(t, document, "bucket")}
		store.get = func(ctx context.Context, bucket string) ([]byte, error) {
			if broken {
				return nil, errStore
			}
			return store.Store.GetCORS(ctx, bucket)
		}
		cache := &corsserver.Cache{Store: store}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		time.Sleep(corsserver.DefaultTTL)
		broken = true
		_, err := cache.Policy(t.Context(), "bucket")
		require.ErrorIs(t, err, errStore, "an old policy is no answer")
	})
}

func TestABadDocumentIsReadOnce(t *testing.T) {
	store := &scripted{Store: stored(t, "<CORSConfiguration>", "bucket")}
	cache := &corsserver.Cache{Store: store}
	for range 3 {
		policy, err := cache.Policy(t.Context(), "bucket")
		require.Nil(t, policy)
		require.ErrorContains(t, err, "corsserver: the stored CORS document is invalid: 1:20: CORSConfiguration: MalformedXML")
		_, isS3 := errors.AsType[*s3cors.Error](err)
		require.False(t, isS3, "what S3 says to the sender of a document is not for others")
	}
	require.Equal(t, 1, store.asked())
	require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(document)))
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
}

func TestAStoredDocumentMayBeJSON(t *testing.T) {
	cache := &corsserver.Cache{Store: stored(t, `[{"AllowedOrigins":["https://app.example"],"AllowedMethods":["GET"]}]`, "bucket")}
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
}

func TestAPanicOfTheStoreIsAnError(t *testing.T) {
	cache := &corsserver.Cache{Store: &scripted{get: func(context.Context, string) ([]byte, error) { panic("oops") }}}
	_, err := cache.Policy(t.Context(), "bucket")
	require.ErrorContains(t, err, "corsserver: panic while loading: oops\n")
	require.ErrorContains(t, err, "cache_test.go")
}

func TestOptionsReachThePolicies(t *testing.T) {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{Exists: existing}, Options: []s3cors.Option{s3cors.VaryAlways()}}
	require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(document)))
	for _, bucket := range []string{"bucket", "unconfigured", missing} {
		policy, err := cache.Policy(t.Context(), bucket)
		require.NoError(t, err)
		require.Equal(t, varyValue, policy.Evaluate(s3cors.Request{Method: "GET", Origin: stranger}).Vary(), bucket)
	}
}

// gate is a store that answers when it is let.
func gate(t *testing.T) (store *scripted, let chan struct{}) {
	let = make(chan struct{})
	store = &scripted{Store: stored(t, document, "bucket")}
	store.get = func(ctx context.Context, bucket string) ([]byte, error) {
		got, err := store.Store.GetCORS(ctx, bucket) // what it is at the beginning
		select {
		case <-let:
			return got, err
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return store, let
}

// countEnds counts the questions that ended with their context.
func (s *scripted) countEnds() func() int {
	var ends atomic.Int64
	get := s.get
	s.get = func(ctx context.Context, bucket string) ([]byte, error) {
		document, err := get(ctx, bucket)
		if ctx.Err() != nil {
			ends.Add(1)
		}
		return document, err
	}
	return func() int { return int(ends.Load()) }
}

func TestWhatHasJustLandedIsNotAskedForAgain(t *testing.T) {
	store := &scripted{Store: stored(t, document, "bucket")}
	cache := &corsserver.Cache{Store: store}
	for range 2 {
		policy, err := corsserver.Wait(cache, t.Context(), "bucket")
		require.NoError(t, err)
		require.NotNil(t, policy)
	}
	require.Equal(t, 1, store.asked())
	for range 20 { // select may take either way
		_, _ = corsserver.Wait(cache, &endsAtOnce{Context: t.Context()}, "bucket")
	}
	require.Equal(t, 1, corsserver.Entries(cache))
	require.Equal(t, 1, store.asked())
}

// An endsAtOnce context has ended as soon as it was asked whether it has.
type endsAtOnce struct {
	context.Context
	asked bool
}

func (c *endsAtOnce) Err() error {
	if !c.asked {
		c.asked = true
		return nil
	}
	return context.Canceled
}

func (c *endsAtOnce) Done() <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

func TestConcurrentMissesCostOneLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, let := gate(t)
		cache := &corsserver.Cache{Store: store}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if got := outcome(t, cache, "bucket"); got != s3cors.Granted {
					t.Error(got)
				}
			})
		}
		synctest.Wait()
		require.Equal(t, 1, store.asked())
		close(let)
		wg.Wait()
		require.Equal(t, 1, store.asked())
	})
}

func TestOneWhoGivesUpFailsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, let := gate(t)
		cache := &corsserver.Cache{Store: store}
		type key struct{}
		first, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "kept"))
		gaveUp := make(chan error)
		go func() {
			_, err := cache.Policy(first, "bucket")
			gaveUp <- err
		}()
		synctest.Wait()
		served := make(chan s3cors.Outcome)
		go func() { served <- outcome(t, cache, "bucket") }()
		synctest.Wait()
		cancel()
		require.ErrorIs(t, <-gaveUp, context.Canceled)
		close(let)
		require.Equal(t, s3cors.Granted, <-served)
		require.Equal(t, 1, store.asked())
	})
}

func TestTheLastToGiveUpEndsTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, let := gate(t)
		ended := store.countEnds()
		cache := &corsserver.Cache{Store: store}
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i+1)*time.Second)
				defer cancel()
				if _, err := cache.Policy(ctx, "bucket"); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		synctest.Wait()
		require.Equal(t, 1, store.asked())
		require.Equal(t, 1, ended(), "the store is told to give up")
		close(let)
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"), "the next one asks anew")
		require.Equal(t, 2, store.asked())
	})
}

func TestALoadThatBeganBeforeAChangeIsNotKept(t *testing.T) {
	for name, change := range map[string]func(*corsserver.Cache) error{
		"a PUT": func(c *corsserver.Cache) error {
			return c.PutCORS(context.Background(), "bucket", []byte(strings.Replace(document, "app", "www", 1)))
		},
		"a DELETE": func(c *corsserver.Cache) error { return c.DeleteCORS(context.Background(), "bucket") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store, let := gate(t)
				cache := &corsserver.Cache{Store: store, TTL: -1}
				early := make(chan s3cors.Outcome)
				go func() { early <- outcome(t, cache, "bucket") }()
				synctest.Wait() // the old document is on its way
				require.NoError(t, change(cache))
				late := make(chan s3cors.Outcome)
				go func() { late <- outcome(t, cache, "bucket") }()
				synctest.Wait()
				close(let)
				require.Equal(t, s3cors.Granted, <-early, "who asked before the change may get the old rules")
				require.NotEqual(t, s3cors.Granted, <-late, "who asked after it may not")
				require.NotEqual(t, s3cors.Granted, outcome(t, cache, "bucket"))
				require.Equal(t, 2, store.asked())
			})
		})
	}
}

func TestCacheIsBoundedInEntries(t *testing.T) {
	store := &scripted{get: func(context.Context, string) ([]byte, error) { return nil, nil }}
	cache := &corsserver.Cache{Store: store, TTL: -1, MaxEntries: 10}
	kept := func() int { // of 100 buckets
		before := store.asked()
		for i := range 100 {
			outcome(t, cache, fmt.Sprint("bucket", i))
		}
		return 100 - (store.asked() - before)
	}
	require.Zero(t, kept())
	for range 20 {
		require.LessOrEqual(t, kept(), 10)
	}
	require.Equal(t, 10, corsserver.Entries(cache))

	store = &scripted{get: store.get}
	cache = &corsserver.Cache{Store: store, TTL: -1, MaxEntries: 100}
	require.Zero(t, kept())
	require.Equal(t, 100, kept(), "what has room is kept")

	store = &scripted{get: store.get}
	cache = &corsserver.Cache{Store: store, TTL: -1, MaxEntries: -1}
	kept()
	require.Zero(t, kept(), "a negative bound keeps nothing")
}

func TestCacheIsBoundedInBytes(t *testing.T) {
	store := distinct([]byte(document))
	cache := &corsserver.Cache{Store: store, TTL: -1}
	outcome(t, cache, "bucket00000")
	size := corsserver.Bytes(cache)
	cache = &corsserver.Cache{Store: store, TTL: -1, MaxBytes: 5 * size}
	for i := range 50 {
		outcome(t, cache, fmt.Sprintf("bucket%05d", i))
		require.LessOrEqual(t, corsserver.Bytes(cache), 5*size)
	}
	require.Equal(t, 5, corsserver.Entries(cache))
	require.Equal(t, 5*size, corsserver.Bytes(cache))
	for i := range 50 {
		cache.Invalidate(fmt.Sprintf("bucket%05d", i))
	}
	require.Zero(t, corsserver.Bytes(cache))

	cache = &corsserver.Cache{Store: store, TTL: -1, MaxBytes: size - 1}
	for range 3 {
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket00000"))
	}
	require.Zero(t, corsserver.Entries(cache), "what is larger than the whole cache passes it by")
}

func TestWhatIsUsedStays(t *testing.T) {
	store := &scripted{get: func(context.Context, string) ([]byte, error) { return nil, nil }}
	cache := &corsserver.Cache{Store: store, TTL: -1, MaxEntries: 10}
	outcome(t, cache, "popular")
	for i := range 1000 {
		outcome(t, cache, "popular")
		outcome(t, cache, fmt.Sprint("bucket", i))
	}
	require.Equal(t, 1001, store.asked(), "the popular bucket was loaded once")
}

func TestPutDeleteAndEvaluateAtOnce(t *testing.T) {
	checkGoroutines(t)
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}, TTL: time.Nanosecond}
	var done atomic.Bool
	var writers, readers sync.WaitGroup
	for range 2 {
		writers.Go(func() {
			for range 1000 {
				if err := cache.PutCORS(context.Background(), "bucket", []byte(document)); err != nil {
					t.Error(err)
				}
				if err := cache.DeleteCORS(context.Background(), "bucket"); err != nil {
					t.Error(err)
				}
			}
		})
		readers.Go(func() {
			for !done.Load() {
				switch got := outcome(t, cache, "bucket"); got {
				case s3cors.Granted, s3cors.NotEnabled:
				default:
					t.Error(got)
				}
			}
		})
	}
	writers.Wait()
	done.Store(true)
	readers.Wait()
	require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(document)))
	require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
}

func TestMemoryStore(t *testing.T) {
	var store corsserver.MemoryStore
	text := []byte(document)
	require.NoError(t, store.PutCORS(t.Context(), "a", text))
	text[0] = '!'
	got, err := store.GetCORS(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
	got[0] = '!'
	got, err = store.GetCORS(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
	got, err = store.GetCORS(t.Context(), "b")
	require.NoError(t, err)
	require.Nil(t, got)
	require.NoError(t, store.DeleteCORS(t.Context(), "a"))
	require.NoError(t, store.DeleteCORS(t.Context(), "a"))
	got, err = store.GetCORS(t.Context(), "a")
	require.NoError(t, err)
	require.Nil(t, got)
}

func TestMemoryStoreAsksWhetherABucketExists(t *testing.T) {
	there, failure := true, error(nil)
	store := &corsserver.MemoryStore{Exists: func(context.Context, string) (bool, error) { return there, failure }}
	require.NoError(t, store.PutCORS(t.Context(), "a", []byte(document)))
	for want, set := range map[error]func(){
		corsserver.ErrNoSuchBucket: func() { there, failure = false, nil },
		errStore:                   func() { there, failure = true, errStore },
	} {
		set()
		_, err := store.GetCORS(t.Context(), "a")
		require.ErrorIs(t, err, want)
		require.ErrorIs(t, store.PutCORS(t.Context(), "a", []byte(open)), want)
		require.ErrorIs(t, store.DeleteCORS(t.Context(), "a"), want)
	}
	there, failure = true, nil
	got, err := store.GetCORS(t.Context(), "a")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
	_ = store.Forget(context.Background(), "a")
	got, err = store.GetCORS(t.Context(), "a")
	require.NoError(t, err)
	require.Nil(t, got)
}

// TestAHitCostsNoAllocation is about the cache alone.
func TestAHitCostsNoAllocation(t *testing.T) {
	cache := &corsserver.Cache{Store: stored(t, document, "bucket")}
	outcome(t, cache, "bucket")
	ctx := t.Context()
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = cache.Policy(ctx, "bucket") }))
}
