//go:build go1.26

package corsserver_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A world is a store whose documents say which version they are, with all that a
// store can do wrong, and what the cache in front of it has promised.
type world struct {
	cache *corsserver.Cache

	mu      sync.Mutex
	random  *rand.Rand
	running map[string]int         // questions under way
	commits map[string][]time.Time // when version i+1 of a bucket was stored
	settled map[string]int         // the version that the cache must know of
	stale   time.Duration          // for how long the cache may go on with what it has
	wrong   []string
}

const worldTTL = 50 * time.Millisecond

// promise notes what has not been kept.
func (w *world) promise(kept bool, format string, args ...any) {
	if !kept {
		w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
	}
}

// roll returns a number below n.
func (w *world) roll(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.IntN(n)
}

// pause sleeps for a while, or not at all; until ctx ends if the store heeds it.
func (w *world) pause(ctx context.Context) error {
	if w.roll(3) == 0 {
		ctx = context.WithoutCancel(ctx)
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Duration(w.roll(4)*w.roll(10)) * time.Millisecond):
		return nil
	}
}

func (w *world) version(bucket string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.commits[bucket])
}

func (w *world) enter(bucket string, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running[bucket] += n
	w.promise(w.running[bucket] <= 1, "%d questions at once", w.running[bucket])
}

func (w *world) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	w.enter(bucket, 1)
	defer w.enter(bucket, -1)
	if err := w.pause(ctx); err != nil {
		return nil, err
	}
	version := w.version(bucket)
	if err := w.pause(ctx); err != nil {
		return nil, err
	}
	switch w.roll(20) {
	case 0:
		return nil, errStore
	case 1:
		panic("oops")
	case 2:
		runtime.Goexit()
	}
	return fmt.Appendf(nil, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":%d}]`, version), nil
}

func (w *world) PutCORS(ctx context.Context, bucket string, _ []byte) error {
	_ = w.pause(ctx)
	w.mu.Lock()
	w.commits[bucket] = append(w.commits[bucket], time.Now())
	w.mu.Unlock()
	return w.pause(ctx) // which may lose the answer
}

func (w *world) DeleteCORS(ctx context.Context, bucket string) error {
	return w.PutCORS(ctx, bucket, nil)
}

// change changes a bucket: through the cache, or past it with and without telling
// the cache.
func (w *world) change(ctx context.Context, bucket string) {
	version := w.version(bucket) + 1 // which the bucket has at least, once it is changed
	switch w.roll(4) {
	case 0:
		_ = w.cache.PutCORS(ctx, bucket, nil)
	case 1:
		_ = w.cache.DeleteCORS(ctx, bucket)
	case 2:
		_ = w.PutCORS(ctx, bucket, nil)
		w.cache.Invalidate(bucket)
	default:
		_ = w.PutCORS(ctx, bucket, nil)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settled[bucket] = max(w.settled[bucket], version)
}

// oldest returns the oldest version that a request which begins now may get.
func (w *world) oldest(bucket string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	oldest := w.settled[bucket]
	for i, at := range w.commits[bucket] {
		if time.Since(at) >= worldTTL+w.stale {
			oldest = max(oldest, i+1)
		}
	}
	return oldest
}

// ask asks the cache for a bucket, and judges the answer.
func (w *world) ask(bucket string) {
	ctx, patience := context.Background(), time.Duration(-1)
	if w.roll(2) == 0 {
		patience = time.Duration(w.roll(30)) * time.Millisecond
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	begin, oldest := time.Now(), w.oldest(bucket)
	policy, err := w.cache.Policy(ctx, bucket)
	took, newest := time.Since(begin), w.version(bucket)
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err == nil:
		maxAge := policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).MaxAge()
		version, err := strconv.Atoi(maxAge)
		w.promise(err == nil && version >= oldest, "version %q is older than %d", maxAge, oldest)
		w.promise(version <= newest, "version %d, where %d is the newest", version, newest)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		w.promise(err == ctx.Err(), "the end of another request: %v", err)
	default:
		text := err.Error()
		w.promise(err == errStore || strings.HasPrefix(text, "corsserver: panic while loading: oops\n") ||
			text == endedGoroutine, "%v", err)
	}
	w.promise(patience < 0 || took <= patience, "waited %v, with patience for %v", took, patience)
}

// TestTheCacheKeepsItsPromises lets clients that hang up, stores that do not
// listen, fail, panic and vanish, and changes by all ways meet at random.
func TestTheCacheKeepsItsPromises(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			w := &world{
				random:  rand.New(rand.NewPCG(seed, 0)),
				running: map[string]int{},
				commits: map[string][]time.Time{},
				settled: map[string]int{},
			}
			w.cache = &corsserver.Cache{Store: w, TTL: worldTTL, MaxEntries: 2}
			var everybody sync.WaitGroup
			for i := range 10 {
				everybody.Go(func() {
					for range 50 {
						bucket := fmt.Sprint("bucket-", w.roll(3))
						if i < 2 {
							w.change(context.Background(), bucket)
						} else {
							w.ask(bucket)
						}
						time.Sleep(time.Duration(w.roll(5)) * time.Millisecond)
					}
				})
			}
			everybody.Wait() // or synctest finds that somebody is blocked for ever
			time.Sleep(time.Second)
			require.Zero(t, corsserver.Flights(w.cache))
			require.Empty(t, w.wrong, "seed %d", seed)
			for bucket, commits := range w.commits {
				require.Equal(t, len(commits), w.settles(bucket), "seed %d", seed)
			}
		})
	}
}

// settles returns the version that the cache has of a bucket when nothing changes
// any more.
func (w *world) settles(bucket string) int {
	for range 1000 { // the store still fails now and then
		policy, err := w.cache.Policy(context.Background(), bucket)
		if err == nil {
			version, _ := strconv.Atoi(policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).MaxAge())
			return version
		}
	}
	return -1
}

// A countedWorld is a world that counts: as a store does whose replicas can be behind,
// and that announces its changes, in any order and more than once.
type countedWorld struct{ *world }

func (w countedWorld) GetCORSSince(ctx context.Context, bucket string, known uint64) ([]byte, uint64, error) {
	document, err := w.GetCORS(ctx, bucket)
	if err != nil {
		return nil, 0, err
	}
	if w.roll(30) == 0 { // longer than anybody waits who has an old policy
		time.Sleep(3 * time.Second)
	}
	var rules []s3cors.Rule
	if err := json.Unmarshal(document, &rules); err != nil {
		return nil, 0, err
	}
	version := *rules[0].MaxAgeSeconds
	if version > 0 && w.roll(4) == 0 { // a replica that is behind
		version = int64(w.roll(int(version)))
		document = fmt.Appendf(nil, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":%d}]`, version)
	}
	if revision := uint64(version) + 1; revision != known {
		return document, revision, nil
	}
	return nil, 0, corsserver.ErrUnchanged
}

// announce changes a bucket and announces that, or an older change once more.
func (w countedWorld) announce(ctx context.Context, bucket string) {
	if w.roll(2) == 0 {
		_ = w.PutCORS(ctx, bucket, nil)
	}
	version := w.version(bucket)
	if version > 0 && w.roll(3) == 0 {
		version = w.roll(version)
	}
	w.cache.Supersede(bucket, uint64(version)+1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.settled[bucket] = max(w.settled[bucket], version)
}

// TestAnnouncedChangesAreInForce lets announcements, replicas that are behind, stores that
// fail and a cache that goes on without them meet at random. Whatever was announced
// counts from then on; what was not may be as old as the replica, which nobody bounds
// here, and so nothing else is promised.
func TestAnnouncedChangesAreInForce(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			w := countedWorld{&world{
				random:  rand.New(rand.NewPCG(seed, 7)),
				running: map[string]int{},
				commits: map[string][]time.Time{},
				settled: map[string]int{},
				stale:   time.Hour,
			}}
			w.cache = &corsserver.Cache{Store: w, TTL: worldTTL, MaxEntries: 2, StaleFor: time.Hour}
			var everybody sync.WaitGroup
			for i := range 10 {
				everybody.Go(func() {
					for range 50 {
						bucket := fmt.Sprint("bucket-", w.roll(3))
						switch {
						case i == 0 && w.roll(10) == 0:
							w.cache.InvalidateAll()
						case i < 3:
							w.announce(context.Background(), bucket)
						default:
							w.ask(bucket)
						}
						time.Sleep(time.Duration(w.roll(5)) * time.Millisecond)
					}
				})
			}
			everybody.Wait()
			time.Sleep(time.Minute) // for questions whose askers have gone
			require.Zero(t, corsserver.Flights(w.cache))
			require.Empty(t, w.wrong, "seed %d", seed)
		})
	}
}
