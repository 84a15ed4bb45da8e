//go:build go1.26

package corsserver_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A ledger is a RevisionStore whose documents say their revision as MaxAgeSeconds. It
// counts what it is asked for.
type ledger struct {
	mu        sync.Mutex
	revision  uint64
	lag       uint64 // how many revisions it is behind in its answers
	err       error
	delay     time.Duration
	heeds     bool // its context
	questions int
	documents int // that were handed over
}

func (l *ledger) GetCORSSince(ctx context.Context, _ string, known uint64) ([]byte, uint64, error) {
	l.mu.Lock()
	l.questions++
	revision, err, delay, heeds := l.revision-l.lag, l.err, l.delay, l.heeds
	l.mu.Unlock()
	if !heeds {
		ctx = context.WithoutCancel(ctx)
	}
	select {
	case <-time.After(delay):
	case <-ctx.Done():
		return nil, 0, ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err != nil:
		return nil, 0, err
	case revision == known:
		return nil, 0, fmt.Errorf("wrapped: %w", corsserver.ErrUnchanged)
	}
	l.documents++
	return fmt.Appendf(nil, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":%d}]`, revision), revision, nil
}

func (l *ledger) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	document, _, err := l.GetCORSSince(ctx, bucket, 0)
	return document, err
}

func (l *ledger) PutCORS(context.Context, string, []byte) error {
	return l.set(func() { l.revision++ })
}

func (l *ledger) DeleteCORS(context.Context, string) error { return l.set(func() { l.revision++ }) }

// asked returns how many questions there were, of which one may be under way.
func (l *ledger) asked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.questions
}

func (l *ledger) set(change func()) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	return nil
}

// revisionOf returns the revision of the policy that a cache has.
func revisionOf(t *testing.T, c *corsserver.Cache) uint64 {
	t.Helper()
	policy, err := c.Policy(t.Context(), "b")
	require.NoError(t, err)
	revision, err := strconv.ParseUint(policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).MaxAge(), 10, 64)
	require.NoError(t, err)
	return revision
}

func TestAnUnchangedDocumentIsNotReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1}
		c := &corsserver.Cache{Store: l, TTL: time.Second}
		first, err := c.Policy(t.Context(), "b")
		require.NoError(t, err)
		for range 3 {
			time.Sleep(time.Second)
			policy, err := c.Policy(t.Context(), "b")
			require.NoError(t, err)
			require.Same(t, first, policy)
		}
		require.Equal(t, []int{4, 1}, []int{l.questions, l.documents})
		require.NoError(t, l.set(func() { l.revision = 2 }))
		time.Sleep(time.Second)
		require.EqualValues(t, 2, revisionOf(t, c))
	})
}

func TestWhatIsSupersededIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 5}
		c := &corsserver.Cache{Store: l, TTL: -1}
		require.EqualValues(t, 5, revisionOf(t, c))
		for _, late := range []uint64{1, 4, 5} { // repeated, or late
			c.Supersede("b", late)
		}
		require.EqualValues(t, 5, revisionOf(t, c))
		require.Equal(t, 1, l.questions)
		require.NoError(t, l.set(func() { l.revision = 6 }))
		c.Supersede("b", 6)
		require.EqualValues(t, 6, revisionOf(t, c))
		c.Supersede("b", 6)
		require.EqualValues(t, 6, revisionOf(t, c))
		require.Equal(t, 2, l.questions)
	})
}

// TestAnOlderAnswerNeverOverwritesANewerAnnouncement has a question under way while the
// bucket changes: who asked before may get what was before, who asks later not, and what
// is kept is the newer one.
func TestAnOlderAnswerNeverOverwritesANewerAnnouncement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1, delay: time.Second}
		c := &corsserver.Cache{Store: l, TTL: -1}
		var before, after uint64
		go func() { before = revisionOf(t, c) }()
		time.Sleep(500 * time.Millisecond) // the store has read, and not yet answered
		require.NoError(t, l.set(func() { l.revision = 2 }))
		c.Supersede("b", 2)
		go func() { after = revisionOf(t, c) }()
		time.Sleep(3 * time.Second)
		synctest.Wait()
		require.EqualValues(t, []uint64{1, 2}, []uint64{before, after})
		require.EqualValues(t, 2, revisionOf(t, c))
		require.Equal(t, 2, l.questions)
	})
}

func TestAReplicaThatIsBehindIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 8, lag: 1}
		c := &corsserver.Cache{Store: l, TTL: -1}
		require.EqualValues(t, 7, revisionOf(t, c)) // it cannot know better
		c.Supersede("b", 8)
		go func() {
			time.Sleep(100 * time.Millisecond)
			_ = l.set(func() { l.lag = 0 })
		}()
		began := time.Now()
		require.EqualValues(t, 8, revisionOf(t, c))
		require.Less(t, time.Since(began), time.Second)
		require.Less(t, l.questions, 10)

		require.NoError(t, l.set(func() { l.revision, l.lag = 9, 1 }))
		c.Supersede("b", 9)
		began = time.Now()
		_, err := c.Policy(t.Context(), "b")
		require.EqualError(t, err, "corsserver: the store answers with an older document than there is")
		require.Less(t, time.Since(began), 15*time.Second)
	})
}

// TestAReplicaThatIsBehindTakesNothingBack has a cache that was told of nothing, and knows by
// itself that there is a newer document than the one that a replica has.
func TestAReplicaThatIsBehindTakesNothingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 8}
		c := &corsserver.Cache{Store: l, TTL: 10 * time.Second}
		require.EqualValues(t, 8, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.lag = 1 }))
		time.Sleep(10 * time.Second)
		time.AfterFunc(100*time.Millisecond, func() { _ = l.set(func() { l.lag = 0 }) })
		require.EqualValues(t, 8, revisionOf(t, c))

		// A store that was set back to a copy of last week counts from there.
		require.NoError(t, l.set(func() { l.revision = 3 }))
		time.Sleep(10 * time.Second)
		_, err := c.Policy(t.Context(), "b")
		require.EqualError(t, err, "corsserver: the store answers with an older document than there is")
		require.EqualValues(t, 3, revisionOf(t, c), "what was known is gone by then")
	})
}

func TestWithoutRevisionsSupersedeIsInvalidate(t *testing.T) {
	store := &corsserver.MemoryStore{}
	require.NoError(t, store.PutCORS(t.Context(), "b", []byte(document)))
	c := &corsserver.Cache{Store: store, TTL: -1}
	first, err := c.Policy(t.Context(), "b")
	require.NoError(t, err)
	require.NoError(t, store.DeleteCORS(t.Context(), "b"))
	c.Supersede("b", 1)
	policy, err := c.Policy(t.Context(), "b")
	require.NoError(t, err)
	require.NotSame(t, first, policy)
	require.Equal(t, s3cors.StateUnconfigured, policy.State())
}

func TestInvalidateAllDropsAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1, delay: time.Second}
		c := &corsserver.Cache{Store: l, TTL: -1}
		require.EqualValues(t, 1, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.revision = 2 }))
		c.InvalidateAll()
		require.EqualValues(t, 2, revisionOf(t, c))

		c.InvalidateAll()
		go revisionOf(t, c)
		time.Sleep(500 * time.Millisecond)
		require.NoError(t, l.set(func() { l.revision = 3 }))
		c.InvalidateAll() // the question under way may have missed it
		require.EqualValues(t, 3, revisionOf(t, c))
	})
}

func TestABucketThatWasNeverAskedForIsNotServedStale(t *testing.T) {
	c := &corsserver.Cache{Store: &ledger{err: errDown}, StaleFor: time.Hour}
	_, err := c.Policy(t.Context(), "b")
	require.ErrorIs(t, err, errDown)
}

func TestByDefaultABucketFailsClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1}
		c := &corsserver.Cache{Store: l, TTL: 10 * time.Second}
		require.EqualValues(t, 1, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.err = errDown }))
		time.Sleep(10 * time.Second)
		_, err := c.Policy(t.Context(), "b")
		require.ErrorIs(t, err, errDown)
	})
}

var errDown = errors.New("down")

func TestTheLastPolicyIsServedForABoundedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1}
		c := &corsserver.Cache{Store: l, TTL: 10 * time.Second, StaleFor: time.Minute}
		require.EqualValues(t, 1, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.err = errDown }))
		time.Sleep(10 * time.Second)
		for range 59 {
			for range 5 {
				require.EqualValues(t, 1, revisionOf(t, c))
			}
			time.Sleep(time.Second)
		}
		require.Equal(t, 1+59, l.questions, "once a second")
		time.Sleep(time.Second)
		_, err := c.Policy(t.Context(), "b")
		require.ErrorIs(t, err, errDown)

		require.NoError(t, l.set(func() { l.err = nil }))
		require.NoError(t, l.set(func() { l.revision = 2 }))
		require.EqualValues(t, 2, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.err = errDown }))
		time.Sleep(10 * time.Second)
		require.EqualValues(t, 2, revisionOf(t, c), "a time of its own")
	})
}

// TestAStoreThatHangsIsAwayToo has a store that neither answers nor fails: with StaleFor, a
// request waits a second for it, and not as long as it hangs.
func TestAStoreThatHangsIsAwayToo(t *testing.T) {
	for name, heeds := range map[string]bool{"and heeds its context": true, "and does not": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &ledger{revision: 1}
				c := &corsserver.Cache{Store: l, TTL: 10 * time.Second, StaleFor: time.Minute}
				require.EqualValues(t, 1, revisionOf(t, c))
				require.NoError(t, l.set(func() { l.delay, l.heeds = time.Hour, heeds }))
				time.Sleep(10 * time.Second)
				began, waited := time.Now(), time.Duration(0)
				for time.Since(began) < 58*time.Second {
					asked := time.Now()
					require.EqualValues(t, 1, revisionOf(t, c))
					require.LessOrEqual(t, time.Since(asked), time.Second)
					waited += time.Since(asked)
					time.Sleep(time.Second / 10)
				}
				require.LessOrEqual(t, waited, time.Duration(l.asked())*time.Second, "a second for each question")
				require.Less(t, l.asked(), 10)
				time.Sleep(2 * time.Second)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				_, err := c.Policy(ctx, "b")
				require.ErrorIs(t, err, context.DeadlineExceeded, "its time is over")

				require.NoError(t, l.set(func() { l.delay, l.revision = 0, 2 }))
				if heeds {
					time.Sleep(10 * time.Second)
					require.EqualValues(t, 2, revisionOf(t, c))
				}
				time.Sleep(2 * time.Hour)
				require.EqualValues(t, 2, revisionOf(t, c))
				require.Zero(t, corsserver.Flights(c))
			})
		})
	}
}

// TestTheEndOfADetachedQuestionIsTold has a question go on for somebody who comes when all
// others have gone on without an answer, and until the time of what was known is over.
func TestTheEndOfADetachedQuestionIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1}
		c := &corsserver.Cache{Store: l, TTL: 20 * time.Second, StaleFor: 3 * time.Second}
		require.EqualValues(t, 1, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.delay, l.heeds = time.Hour, true }))
		time.Sleep(20 * time.Second)
		require.EqualValues(t, 1, revisionOf(t, c))
		time.Sleep(3 * time.Second)
		_, err := c.Policy(t.Context(), "b")
		require.EqualError(t, err, "corsserver: the store has not answered in time")
	})
}

// TestAStoreThatIsSlowIsHeard has a store that takes longer to answer than requests wait,
// and clients that hang up meanwhile.
func TestAStoreThatIsSlowIsHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &ledger{revision: 1}
		c := &corsserver.Cache{Store: l, TTL: 10 * time.Second, StaleFor: 1500 * time.Millisecond}
		require.EqualValues(t, 1, revisionOf(t, c))
		require.NoError(t, l.set(func() { l.delay, l.heeds, l.revision = 3*time.Second, true, 2 }))
		time.Sleep(10 * time.Second)
		asked := time.Now()
		require.EqualValues(t, 1, revisionOf(t, c))
		require.Equal(t, time.Second, time.Since(asked))
		time.Sleep(time.Second / 2) // until its time is over
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		_, err := c.Policy(ctx, "b")
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualValues(t, 2, revisionOf(t, c))
		require.Equal(t, 3*time.Second, time.Since(asked))
		require.Equal(t, 2, l.questions)
	})
}

func TestWhatIsKnownToHaveChangedIsNotServed(t *testing.T) {
	for name, change := range map[string]func(*corsserver.Cache, *ledger){
		"PutCORS":       func(c *corsserver.Cache, _ *ledger) { _ = c.PutCORS(context.Background(), "b", nil) },
		"DeleteCORS":    func(c *corsserver.Cache, _ *ledger) { _ = c.DeleteCORS(context.Background(), "b") },
		"Invalidate":    func(c *corsserver.Cache, _ *ledger) { c.Invalidate("b") },
		"InvalidateAll": func(c *corsserver.Cache, _ *ledger) { c.InvalidateAll() },
		"Supersede":     func(c *corsserver.Cache, _ *ledger) { c.Supersede("b", 2) },
		"Supersede while the store is asked": func(c *corsserver.Cache, l *ledger) {
			_ = l.set(func() { l.delay = time.Second })
			go func() {
				time.Sleep(11 * time.Second)
				c.Supersede("b", 2)
			}()
			time.Sleep(500 * time.Millisecond)
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &ledger{revision: 1}
				c := &corsserver.Cache{Store: l, TTL: 10 * time.Second, StaleFor: time.Hour}
				require.EqualValues(t, 1, revisionOf(t, c))
				require.NoError(t, l.set(func() { l.err = errDown }))
				change(c, l)
				time.Sleep(10 * time.Second)
				_, err := c.Policy(t.Context(), "b")
				require.ErrorIs(t, err, errDown)
			})
		})
	}
}

func TestFloorsAreBoundedAndRememberTheLast(t *testing.T) {
	l := &ledger{revision: 1}
	c := &corsserver.Cache{Store: l, TTL: -1}
	for i := range 50_000 {
		c.Supersede(fmt.Sprint("bucket-", i), uint64(i+2))
	}
	require.LessOrEqual(t, corsserver.Floors(c), 20_000)
	require.EqualValues(t, 50_001, corsserver.Floor(c, "bucket-49999"))
	require.EqualValues(t, 40_002, corsserver.Floor(c, "bucket-40000"))
	require.Zero(t, corsserver.Floor(c, "bucket-0"))
}

// TestAChangeThatLostARaceIsTold shows 10/conflicting-change.
func TestAChangeThatLostARaceIsTold(t *testing.T) {
	sub := &corsserver.Subresource{Store: conflicting{&corsserver.MemoryStore{}}, Options: []s3cors.Option{s3cors.WithDialect(s3cors.Ceph)}} // which asks for no digest
	for _, method := range []string{"PUT", "DELETE"} {
		reply := sub.Serve(t.Context(), &corsserver.Call{Method: method, Query: "cors", Address: corsserver.Address{Bucket: "b"},
			Header:    func(string) []string { return nil },
			Authorize: func() *s3cors.Error { return nil },
			Body:      func(int) ([]byte, *s3cors.Error) { return []byte(document), nil }})
		require.Equal(t, 409, reply.Status)
		require.Equal(t, "OperationAborted", reply.Refusal.Code)
		require.NoError(t, reply.Err)
	}
}

type conflicting struct{ *corsserver.MemoryStore }

func (conflicting) PutCORS(context.Context, string, []byte) error {
	return fmt.Errorf("wrapped: %w", corsserver.ErrConflict)
}

func (conflicting) DeleteCORS(context.Context, string) error { return corsserver.ErrConflict }
