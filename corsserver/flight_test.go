//go:build go1.26

package corsserver_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A deaf store is one that does not heed its context. It answers when it is let,
// with what it held when it was asked, and counts the questions that are under
// way at once.
type deaf struct {
	corsserver.Store
	let chan struct{} // one answer for each value

	mu                   sync.Mutex
	asked, running, most int
}

func newDeaf(t *testing.T) *deaf {
	return &deaf{Store: stored(t, document, "bucket"), let: make(chan struct{})}
}

func (s *deaf) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	s.count(1)
	defer s.count(-1)
	document, err := s.Store.GetCORS(ctx, bucket)
	<-s.let
	return document, err
}

func (s *deaf) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n > 0 {
		s.asked++
	}
	s.running += n
	s.most = max(s.most, s.running)
}

// requireAsked checks how often the store has been asked so far, and that it was
// never asked twice at once.
func (s *deaf) requireAsked(t *testing.T, want int) {
	t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	require.Equal(t, want, s.asked)
	require.LessOrEqual(t, s.most, 1, "two questions at once")
}

// answer lets one question be answered.
func (s *deaf) answer() { s.let <- struct{}{} }

// hangUp asks for a bucket, and gives up before there is an answer.
func hangUp(t *testing.T, cache *corsserver.Cache, bucket string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := cache.Policy(ctx, bucket)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// asking asks for a bucket in a goroutine of its own; what is returned waits for
// the outcome.
func asking(t *testing.T, cache *corsserver.Cache, bucket string) (wait func() s3cors.Outcome) {
	t.Helper()
	got := make(chan s3cors.Outcome, 1)
	go func() {
		policy, err := cache.Policy(t.Context(), bucket)
		if err != nil {
			t.Error(err)
		}
		got <- policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome()
	}()
	synctest.Wait()
	return func() s3cors.Outcome { return <-got }
}

func TestHoweverManyHangUpTheStoreIsAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newDeaf(t)
		cache := &corsserver.Cache{Store: store}
		for range 300 {
			hangUp(t, cache, "bucket")
		}
		store.requireAsked(t, 1)
		store.answer()
		synctest.Wait()
		require.Zero(t, corsserver.Flights(cache))
		require.Zero(t, corsserver.Entries(cache), "what came too late for everybody is not kept")
		store.requireAsked(t, 1)

		late := asking(t, cache, "bucket")
		store.answer()
		require.Equal(t, s3cors.Granted, late())
		store.requireAsked(t, 2)
	})
}

func TestNobodyGetsTheCancellationOfOthers(t *testing.T) {
	for name, end := range map[string]func(context.Context) ([]byte, error){
		"the store says that it was cancelled": func(ctx context.Context) ([]byte, error) { return nil, ctx.Err() },
		"the store answers all the same":       func(context.Context) ([]byte, error) { return []byte(open), nil },
		"the store gives half an answer":       func(context.Context) ([]byte, error) { return nil, nil },
		"the store panics":                     func(context.Context) ([]byte, error) { panic("oops") },
		"the store ends its goroutine": func(context.Context) ([]byte, error) {
			runtime.Goexit()
			return nil, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				memory, let := stored(t, document, "bucket"), make(chan struct{})
				store := &scripted{}
				store.get = func(ctx context.Context, bucket string) ([]byte, error) {
					if store.asked() > 1 {
						return memory.GetCORS(ctx, bucket)
					}
					<-let
					require.ErrorIs(t, ctx.Err(), context.Canceled, "the last to leave ends the question")
					return end(ctx)
				}
				cache := &corsserver.Cache{Store: store, TTL: -1}
				hangUp(t, cache, "bucket")
				var late []func() s3cors.Outcome
				for range 3 {
					late = append(late, asking(t, cache, "bucket"))
				}
				require.Equal(t, 1, store.asked())
				close(let)
				for _, outcome := range late {
					require.Equal(t, s3cors.Granted, outcome())
				}
				require.Equal(t, 2, store.asked(), "one question for all who came late")
				require.Zero(t, corsserver.Flights(cache))
			})
		})
	}
}

func TestAQuestionThatNobodyWaitsForAnyMoreIsNotAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newDeaf(t)
		cache := &corsserver.Cache{Store: store}
		for range 10 {
			hangUp(t, cache, "bucket") // the first is asked for, the others would be
		}
		late := asking(t, cache, "bucket")
		hangUp(t, cache, "bucket") // which leaves the one who waits alone
		store.answer()
		store.requireAsked(t, 2)
		store.answer()
		require.Equal(t, s3cors.Granted, late())
		require.Zero(t, corsserver.Flights(cache))
		store.requireAsked(t, 2)
	})
}

func TestHoweverManyChangesThereIsOneQuestionAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newDeaf(t)
		cache := &corsserver.Cache{Store: store, TTL: -1}
		early := asking(t, cache, "bucket")
		var late []func() s3cors.Outcome
		for range 100 {
			require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(open)))
			require.NoError(t, cache.DeleteCORS(t.Context(), "bucket"))
			late = append(late, asking(t, cache, "bucket"))
		}
		store.requireAsked(t, 1)
		store.answer()
		require.Equal(t, s3cors.Granted, early(), "who asked before the changes may get the old rules")
		store.requireAsked(t, 2)
		store.answer()
		for _, outcome := range late {
			require.Equal(t, s3cors.NotEnabled, outcome())
		}
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
		store.requireAsked(t, 2)
	})
}

// A question that waits for its turn is as good as one that is yet to come; one
// that has begun is not.
func TestAChangeBetweenTwoQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newDeaf(t)
		cache := &corsserver.Cache{Store: store, TTL: -1}
		hangUp(t, cache, "bucket")
		second := asking(t, cache, "bucket")
		require.NoError(t, cache.DeleteCORS(t.Context(), "bucket"))
		store.answer() // the question of who hung up
		store.requireAsked(t, 2)
		require.NoError(t, cache.PutCORS(t.Context(), "bucket", []byte(open)))
		third := asking(t, cache, "bucket")
		store.answer()
		require.Equal(t, s3cors.NotEnabled, second(), "asked after the DELETE, and before the PUT")
		store.requireAsked(t, 3)
		store.answer()
		require.Equal(t, s3cors.Granted, third())
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		store.requireAsked(t, 3)
	})
}

// endedGoroutine is what is said of a store that calls runtime.Goexit.
const endedGoroutine = "corsserver: the store ended its goroutine and gave no answer"

func TestAStoreThatEndsItsGoroutineBlocksNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &scripted{Store: stored(t, document, "bucket")}
		store.get = func(ctx context.Context, bucket string) ([]byte, error) {
			if store.asked() == 1 {
				runtime.Goexit() // as t.FailNow does
			}
			return store.Store.GetCORS(ctx, bucket)
		}
		cache := &corsserver.Cache{Store: store}
		policy, err := cache.Policy(t.Context(), "bucket")
		require.Nil(t, policy)
		require.EqualError(t, err, endedGoroutine)
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.Equal(t, 2, store.asked())
	})
}

func TestWhoHasHungUpAlreadyAsksNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &scripted{Store: stored(t, document, "bucket")}
		cache := &corsserver.Cache{Store: store}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := cache.Policy(ctx, "bucket")
		require.Equal(t, context.Canceled, err)
		synctest.Wait()
		require.Zero(t, store.asked())
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		policy, err := cache.Policy(ctx, "bucket")
		require.NoError(t, err, "what is kept costs no question")
		require.NotNil(t, policy)
	})
}

func TestTheContextOfAQuestion(t *testing.T) {
	type key struct{}
	var asked context.Context
	store := &scripted{get: func(ctx context.Context, _ string) ([]byte, error) {
		asked = ctx
		return nil, ctx.Err()
	}}
	ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "a value"), time.Hour)
	defer cancel()
	_, err := (&corsserver.Cache{Store: store}).Policy(ctx, "bucket")
	require.NoError(t, err)
	require.Equal(t, "a value", asked.Value(key{}))
	_, limited := asked.Deadline()
	require.False(t, limited, "the question is everybody's")
	require.Equal(t, context.Canceled, asked.Err(), "what hangs on it is let go")
}

// slow is a store that answers after a time with what it held when it was asked.
func slow(t *testing.T, latency time.Duration) *scripted {
	store := &scripted{Store: stored(t, document, "bucket")}
	store.get = func(ctx context.Context, bucket string) ([]byte, error) {
		document, err := store.Store.GetCORS(ctx, bucket)
		time.Sleep(latency)
		return document, err
	}
	return store
}

func TestTheTimeToLiveCountsFromTheQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := slow(t, 3*time.Second)
		cache := &corsserver.Cache{Store: store, TTL: 10 * time.Second}
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.NoError(t, store.Store.DeleteCORS(t.Context(), "bucket")) // by another node
		time.Sleep(7*time.Second - time.Nanosecond)
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.Equal(t, 1, store.asked())
		time.Sleep(time.Nanosecond)
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"), "10 seconds after the question")
		require.Equal(t, 2, store.asked())
	})
}

func TestAQuestionOlderThanTheTimeToLiveIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := slow(t, 571*time.Millisecond)
		cache := &corsserver.Cache{Store: store, TTL: 200 * time.Millisecond}
		first := asking(t, cache, "bucket")
		require.NoError(t, store.Store.DeleteCORS(t.Context(), "bucket"))
		time.Sleep(200*time.Millisecond - time.Nanosecond)
		second := asking(t, cache, "bucket")
		time.Sleep(time.Nanosecond)
		third := asking(t, cache, "bucket")
		require.Equal(t, s3cors.Granted, first())
		require.Equal(t, s3cors.Granted, second(), "the change is younger than the time to live")
		require.Equal(t, s3cors.NotEnabled, third())
		require.Equal(t, 2, store.asked())
	})
}

// borrowed returns a name as fasthttp hands it out, and what happens to it when
// the request is over.
func borrowed(name string) (borrowed string, giveBack func()) {
	buffer := []byte(name)
	return unsafe.String(&buffer[0], len(buffer)), func() { copy(buffer, strings.Repeat("x", len(buffer))) }
}

func TestTheNameMayChangeAfterTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		var names []string
		store := &scripted{Store: stored(t, document, "bucket")}
		store.get = func(ctx context.Context, bucket string) ([]byte, error) {
			<-let
			names = append(names, strings.Clone(bucket)) // as it is by now
			return store.Store.GetCORS(ctx, bucket)
		}
		cache := &corsserver.Cache{Store: store, TTL: -1}
		name, giveBack := borrowed("bucket")
		hangUp(t, cache, name)
		giveBack()
		name, giveBack = borrowed("bucket")
		late := asking(t, cache, name)
		require.Equal(t, 1, store.asked(), "the question is found under its name")
		let <- struct{}{}
		let <- struct{}{}
		require.Equal(t, s3cors.Granted, late())
		giveBack()
		require.Equal(t, []string{"bucket", "bucket"}, names)
		require.Zero(t, corsserver.Flights(cache))
		require.Equal(t, s3cors.Granted, outcome(t, cache, "bucket"))
		require.Equal(t, 2, store.asked(), "the policy is found under its name")
		cache.Invalidate("bucket")
		require.Zero(t, corsserver.Entries(cache))
	})
}

func TestEveryBucketHasQuestionsOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newDeaf(t)
		cache := &corsserver.Cache{Store: store}
		for i := range 20 {
			hangUp(t, cache, fmt.Sprint("made-up-", i))
		}
		synctest.Wait()
		require.Equal(t, 20, store.running)
		require.Equal(t, 20, corsserver.Flights(cache))
		for range 20 {
			store.answer()
		}
		synctest.Wait()
		require.Zero(t, corsserver.Flights(cache))
	})
}
