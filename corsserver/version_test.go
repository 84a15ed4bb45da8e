//go:build go1.26

package corsserver_test

import (
	"context"
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

// A row is what a database has of a bucket. It counts how often it is read.
type row struct {
	document []byte
	version  string
	err      error
	reads    int
}

func (r *row) load() ([]byte, string, error) {
	r.reads++
	return r.document, r.version, r.err
}

// ageBy returns the age that the policy of a version has.
func ageBy(t *testing.T, cache *corsserver.VersionCache, version string, load func() ([]byte, string, error)) int {
	t.Helper()
	policy, err := cache.PolicyOfDocument(t.Context(), "bucket", version, load)
	require.NoError(t, err)
	return ageOf(policy)
}

func TestAVersionIsLoadedOnce(t *testing.T) {
	cache := &corsserver.VersionCache{}
	r := &row{document: withAge(1), version: "v1"}
	first, err := cache.PolicyOfDocument(t.Context(), "bucket", "v1", r.load)
	require.NoError(t, err)
	for range 3 {
		again, err := cache.PolicyOfDocument(t.Context(), "bucket", "v1", r.load)
		require.NoError(t, err)
		require.Same(t, first, again)
	}
	require.Equal(t, 1, r.reads)
	*r = row{document: withAge(2), version: "v2", reads: 1}
	require.Equal(t, 1, ageBy(t, cache, "v1", r.load), "nobody knows of a change yet")
	require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
	require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
	require.Equal(t, 2, r.reads)
	require.Equal(t, 1, corsserver.Entries(cache), "of a bucket one version is kept")
	require.Zero(t, corsserver.Tasks(cache))

	other := &row{document: withAge(3), version: "v2"}
	policy, err := cache.PolicyOfDocument(t.Context(), "another bucket", "v2", other.load)
	require.NoError(t, err)
	require.Equal(t, 3, ageOf(policy), "versions are those of a bucket")
	require.Equal(t, 1, other.reads)
	require.Equal(t, 2, corsserver.Entries(cache))
}

func TestAPolicyIsKeptUnderTheVersionThatWasLoaded(t *testing.T) {
	cache := &corsserver.VersionCache{}
	r := &row{document: withAge(2), version: "v2"} // there was a change since the request learned of v1
	require.Equal(t, 2, ageBy(t, cache, "v1", r.load))
	require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
	require.Equal(t, 1, r.reads)
	require.Equal(t, 2, ageBy(t, cache, "v1", r.load))
	require.Equal(t, 2, r.reads, "nothing is known of v1")

	*r = row{document: withAge(1), version: "v1"} // the change is taken back, as with versions that are hashes
	require.Equal(t, 1, ageBy(t, cache, "v1", r.load))
	require.Equal(t, 1, ageBy(t, cache, "v2", r.load), "and v2 is not what the bucket has")
}

func TestTheEmptyStringIsNoVersion(t *testing.T) {
	cache := &corsserver.VersionCache{}
	r := &row{document: withAge(1)}
	require.Equal(t, 1, ageBy(t, cache, "", r.load))
	r.document = withAge(2)
	require.Equal(t, 2, ageBy(t, cache, "", r.load))
	require.Equal(t, 2, ageBy(t, cache, "v2", r.load), "what is loaded without a version")
	require.Zero(t, corsserver.Entries(cache), "is not kept")
	*r = row{document: withAge(3), version: "v3"}
	require.Equal(t, 3, ageBy(t, cache, "", r.load))
	require.Zero(t, corsserver.Entries(cache))
	require.Zero(t, corsserver.Tasks(cache))
}

func TestTheStateOfAVersion(t *testing.T) {
	refused := []byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ExposeHeaders":["*"]}]`)
	for _, tt := range []struct {
		name    string
		row     row
		lenient bool
		state   s3cors.State
		err     string // what the error begins with; "": there is none
		reads   int    // of two requests
	}{
		{"nil is no configuration", row{}, false, s3cors.StateUnconfigured, "", 1},
		{"no bytes cannot be read", row{document: []byte{}}, false, 0, unreadable, 1},
		{"no bytes cannot be read, leniently", row{document: []byte{}}, true, 0, unreadable, 1},
		{"a document", row{document: []byte(document)}, false, s3cors.StateConfigured, "", 1},
		{"what S3 would refuse", row{document: refused}, false, 0,
			"corsserver: the stored CORS document is invalid: 1:68: CORSRules[0].ExposeHeaders[0]: InvalidRequest", 1},
		{"what S3 would refuse, leniently", row{document: refused}, true, s3cors.StateConfigured, "", 1},
		{"a bucket that does not exist is not kept", row{err: fmt.Errorf("row: %w", corsserver.ErrNoSuchBucket)}, false, s3cors.StateMissing, "", 2},
		{"an error of the store is not kept", row{document: []byte(document), err: errStore}, false, 0, errStore.Error(), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cache := &corsserver.VersionCache{Lenient: tt.lenient, Options: []s3cors.Option{s3cors.VaryAlways()}}
			r := tt.row
			r.version = "v1"
			first, _ := cache.PolicyOfDocument(t.Context(), "bucket", "v1", r.load)
			policy, err := cache.PolicyOfDocument(t.Context(), "bucket", "v1", r.load)
			require.Equal(t, tt.reads, r.reads)
			require.Equal(t, 2-tt.reads, corsserver.Entries(cache))
			if tt.err != "" {
				require.Nil(t, policy)
				require.ErrorContains(t, err, tt.err)
				_, isS3 := errors.AsType[*s3cors.Error](err)
				require.False(t, isS3)
				return
			}
			require.NoError(t, err)
			require.Equal(t, tt.reads == 1, first == policy)
			require.Equal(t, tt.state, policy.State())
			require.Equal(t, varyValue, policy.Evaluate(s3cors.Request{Method: "GET"}).Vary(), "options reach the policy")
		})
	}
}

func TestVersionsOfConfigurations(t *testing.T) {
	good := func() *s3cors.Configuration {
		return &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{origin}, AllowedMethods: []string{"GET"}}}}
	}
	bad := func() *s3cors.Configuration {
		c := good()
		c.CORSRules[0].AllowedMethods = append(c.CORSRules[0].AllowedMethods, "PATCH")
		return c
	}
	for _, tt := range []struct {
		name          string
		configuration *s3cors.Configuration
		err           error
		lenient       bool
		outcome       s3cors.Outcome
		want          string // the error; "": there is none
		loads         int    // of two requests
	}{
		{"nil is none", nil, nil, false, s3cors.NotEnabled, "", 1},
		{"one that S3 would accept", good(), nil, false, s3cors.Granted, "", 1},
		{"one without rules", &s3cors.Configuration{}, nil, false, 0,
			"corsserver: the stored CORS document is invalid: CORSRules: MalformedXML", 1},
		{"one that S3 would refuse", bad(), nil, false, 0,
			"corsserver: the stored CORS document is invalid: CORSRules[0].AllowedMethods[1]: InvalidRequest", 1},
		{"one that S3 would refuse, leniently", bad(), nil, true, s3cors.Granted, "", 1},
		{"a bucket that does not exist", nil, corsserver.ErrNoSuchBucket, false, s3cors.NoBucket, "", 2},
		{"an error", good(), errStore, false, 0, errStore.Error(), 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cache := &corsserver.VersionCache{Lenient: tt.lenient}
			loads := 0
			for range 2 {
				policy, err := cache.Policy(t.Context(), "bucket", "7", func() (*s3cors.Configuration, string, error) {
					loads++
					return tt.configuration, "7", tt.err
				})
				if tt.want != "" {
					require.Nil(t, policy)
					require.ErrorContains(t, err, tt.want)
					continue
				}
				require.NoError(t, err)
				require.Equal(t, tt.outcome, policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome())
				if c := tt.configuration; c != nil { // which is the caller's own again
					c.CORSRules[0].AllowedOrigins[0] = "https://scribbled.example"
				}
			}
			require.Equal(t, tt.loads, loads)
		})
	}
}

// The strings of a request are good for as long as its handler runs.
func TestNamesAndVersionsMayChangeAfterTheCall(t *testing.T) {
	cache := &corsserver.VersionCache{}
	bucket, giveBackBucket := borrowed("bucket")
	asked, giveBackAsked := borrowed("v1")
	loaded, giveBackLoaded := borrowed("v1")
	r := &row{document: withAge(1), version: loaded}
	_, err := cache.PolicyOfDocument(t.Context(), bucket, asked, r.load)
	require.NoError(t, err)
	giveBackBucket()
	giveBackAsked()
	giveBackLoaded()
	require.Equal(t, 1, ageBy(t, cache, "v1", r.load))
	require.Equal(t, 1, r.reads, "the policy is found under its name and its version")
	cache.Forget("bucket")
	require.Zero(t, corsserver.Entries(cache))
	require.Zero(t, corsserver.Bytes(cache))
}

func TestVersionsAreBoundedInBytes(t *testing.T) {
	cache := &corsserver.VersionCache{}
	one := func(bucket int) int {
		t.Helper()
		r := &row{document: withAge(bucket), version: "v1"}
		policy, err := cache.PolicyOfDocument(t.Context(), fmt.Sprint("bucket-", bucket), "v1", r.load)
		require.NoError(t, err)
		require.Equal(t, bucket, ageOf(policy))
		return r.reads
	}
	require.Equal(t, 1, one(10))
	size := corsserver.Bytes(cache)
	require.Equal(t, 192+512+(9+2)+2+128+1+6, size)
	cache = &corsserver.VersionCache{MaxBytes: 5 * size}
	for i := range 80 {
		require.Equal(t, 1, one(10+i))
		require.Equal(t, min(i+1, 5)*size, corsserver.Bytes(cache))
	}
	require.Equal(t, 5, corsserver.Entries(cache))
	for _, maxBytes := range []int{-1, size - 1} {
		cache = &corsserver.VersionCache{MaxBytes: maxBytes}
		require.Equal(t, 1, one(10))
		require.Equal(t, 1, one(10))
		require.Zero(t, corsserver.Entries(cache))
	}

	// A new version counts in the place of the old one.
	cache = &corsserver.VersionCache{MaxBytes: 2 * size}
	one(10)
	for i := range 10 {
		version := fmt.Sprint("v", i)
		r := &row{document: withAge(i + 10), version: version}
		require.Equal(t, i+10, ageBy(t, cache, version, r.load))
	}
	require.Equal(t, 2, corsserver.Entries(cache))
	require.Zero(t, one(10))
	cache.Forget("bucket-10")
	cache.Forget("bucket-10")
	require.Equal(t, 1, corsserver.Entries(cache))
	cache.Forget("bucket")
	require.Zero(t, corsserver.Bytes(cache))
}

func TestAVersionThatIsUsedStays(t *testing.T) {
	cache := &corsserver.VersionCache{MaxBytes: 5_000}
	popular := &row{document: withAge(1), version: "v1"}
	for i := range 1000 {
		require.Equal(t, 1, ageBy(t, cache, "v1", popular.load))
		_, err := cache.PolicyOfDocument(t.Context(), fmt.Sprint("bucket-", i), "v1", (&row{version: "v1"}).load)
		require.NoError(t, err)
	}
	require.Equal(t, 1, popular.reads)
}

func TestALongVersionHoldsNoMoreThanItWeighs(t *testing.T) {
	skipUnderRace(t)
	const n = 100
	cache := &corsserver.VersionCache{}
	before := heap()
	for i := range n {
		r := &row{version: strings.Repeat("v", 33_000)}
		_, err := cache.PolicyOfDocument(t.Context(), fmt.Sprintf("%s%03d", strings.Repeat("b", 33_000), i), r.version, r.load)
		require.NoError(t, err)
	}
	held := (heap() - before) / n
	require.Equal(t, n, corsserver.Entries(cache))
	weight := corsserver.Bytes(cache) / n
	require.LessOrEqual(t, held, weight)
	require.Less(t, weight, 2*held)
}

// loading asks for a version in a goroutine of its own; what is returned waits for
// what it got.
func loading(t *testing.T, ctx context.Context, cache *corsserver.VersionCache, version string, load func() ([]byte, string, error)) (wait func() (int, error)) {
	t.Helper()
	type answer struct {
		age int
		err error
	}
	got := make(chan answer, 1)
	go func() {
		policy, err := cache.PolicyOfDocument(ctx, "bucket", version, load)
		if err != nil {
			got <- answer{-1, err}
			return
		}
		got <- answer{ageOf(policy), nil}
	}()
	synctest.Wait()
	return func() (int, error) {
		a := <-got
		return a.age, a.err
	}
}

// requireAge checks what a request gets that is loading.
func requireAge(t *testing.T, want int, wait func() (int, error)) {
	t.Helper()
	age, err := wait()
	require.NoError(t, err)
	require.Equal(t, want, age)
}

// held is a load that waits until it is let.
func held(let chan struct{}, r *row) func() ([]byte, string, error) {
	return func() ([]byte, string, error) {
		document, version, err := r.load()
		<-let
		return document, version, err
	}
}

func TestConcurrentRequestsShareOneLoad(t *testing.T) {
	for name, tt := range map[string]struct {
		err error
		age int
	}{"that succeeds": {nil, 1}, "that fails": {errStore, -1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache := &corsserver.VersionCache{}
				let := make(chan struct{})
				r := &row{document: withAge(1), version: "v1", err: tt.err}
				var waits []func() (int, error)
				for range 50 {
					waits = append(waits, loading(t, t.Context(), cache, "v1", held(let, r)))
				}
				require.Equal(t, 1, r.reads)
				require.Equal(t, 1, corsserver.Tasks(cache))
				other := &row{document: withAge(2), version: "v2"}
				require.Equal(t, 2, ageBy(t, cache, "v2", other.load), "another version does not wait for it")
				close(let)
				for _, wait := range waits {
					age, err := wait()
					require.Equal(t, tt.age, age)
					require.ErrorIs(t, err, tt.err)
				}
				require.Equal(t, 1, r.reads)
				require.Zero(t, corsserver.Tasks(cache))
			})
		})
	}
}

// Versions come back: a load that began when the bucket had another one is not good
// enough for a request that came later.
func TestWhoWaitsForALoadGetsHisVersionOrTheNextLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		let := make(chan struct{})
		first := loading(t, t.Context(), cache, "v2", held(let, &row{document: withAge(1), version: "v1"}))
		r := &row{document: withAge(3), version: "v3"}
		var late []func() (int, error)
		for range 10 {
			late = append(late, loading(t, t.Context(), cache, "v2", held(let, r)))
		}
		require.Zero(t, r.reads)
		let <- struct{}{}
		requireAge(t, 1, first)
		synctest.Wait()
		require.Equal(t, 1, r.reads, "one of those who waited loads")
		let <- struct{}{}
		for _, wait := range late {
			requireAge(t, 3, wait)
		}
		require.Equal(t, 1, r.reads, "and all the others were there before")
		require.Equal(t, 3, ageBy(t, cache, "v3", r.load))
		require.Equal(t, 1, r.reads)
	})
}

// A load that lands late takes the place of a newer one, under its own version.
func TestLoadsThatOvertakeEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		let := make(chan struct{})
		older := loading(t, t.Context(), cache, "v1", held(let, &row{document: withAge(1), version: "v1"}))
		r := &row{document: withAge(2), version: "v2"}
		require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
		close(let)
		requireAge(t, 1, older)
		require.Equal(t, 1, corsserver.Entries(cache))
		require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
		require.Equal(t, 2, r.reads, "which costs a load")
		require.Equal(t, 2, ageBy(t, cache, "v2", r.load))
		require.Equal(t, 2, r.reads)
	})
}

func TestTheEndOfTheRequestThatLoads(t *testing.T) {
	for name, tt := range map[string]struct {
		end   func(ctx context.Context) ([]byte, string, error) // of the first load, once its request has ended
		age   int                                               // that the request gets itself; -1: an error
		reads int                                               // by the others
	}{
		"its load fails": {func(ctx context.Context) ([]byte, string, error) { return nil, "", ctx.Err() }, -1, 1},
		"its load fails, and says something else": {func(context.Context) ([]byte, string, error) { return nil, "", errStore }, -1, 1},
		"its load finds no bucket":                {func(context.Context) ([]byte, string, error) { return nil, "", corsserver.ErrNoSuchBucket }, -1, 1},
		"its load succeeds all the same":          {func(context.Context) ([]byte, string, error) { return withAge(1), "v1", nil }, 1, 0},
		"its load panics":                         {func(context.Context) ([]byte, string, error) { panic("oops") }, -1, 1},
		"its load ends the goroutine": {func(context.Context) ([]byte, string, error) {
			runtime.Goexit()
			return nil, "", nil
		}, -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cache := &corsserver.VersionCache{}
				let := make(chan struct{})
				first, cancel := context.WithCancel(t.Context())
				got := make(chan int, 1)
				go func() {
					age := -1
					defer func() {
						_ = recover()
						got <- age
					}()
					policy, err := cache.PolicyOfDocument(first, "bucket", "v1", func() ([]byte, string, error) {
						<-let
						return tt.end(first)
					})
					if err == nil {
						age = ageOf(policy)
					}
				}()
				synctest.Wait()
				r := &row{document: withAge(1), version: "v1"}
				var waits []func() (int, error)
				for range 10 {
					waits = append(waits, loading(t, t.Context(), cache, "v1", r.load))
				}
				cancel()
				synctest.Wait()
				require.Zero(t, r.reads, "the first load is still under way")
				close(let)
				require.Equal(t, tt.age, <-got)
				for _, wait := range waits {
					age, err := wait()
					require.NoError(t, err)
					require.Equal(t, 1, age)
				}
				require.Equal(t, tt.reads, r.reads)
				require.Zero(t, corsserver.Tasks(cache))
			})
		})
	}
}

func TestWhoWaitsForALoadLeavesWhenHisTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		let := make(chan struct{})
		first := loading(t, t.Context(), cache, "v1", held(let, &row{document: withAge(1), version: "v1"}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		unasked := &row{}
		_, err := loading(t, ctx, cache, "v1", unasked.load)()
		require.Equal(t, context.DeadlineExceeded, err)
		require.Equal(t, time.Second, time.Since(begin))
		_, err = cache.PolicyOfDocument(ctx, "bucket", "v2", unasked.load)
		require.Equal(t, context.DeadlineExceeded, err, "whose time is over loads nothing")
		require.Zero(t, unasked.reads)
		close(let)
		requireAge(t, 1, first)
		policy, err := cache.PolicyOfDocument(ctx, "bucket", "v1", unasked.load)
		require.NoError(t, err, "what is kept costs no load")
		require.Equal(t, 1, ageOf(policy))
	})
}

func TestForgetABucketWhoseVersionsBeginAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		require.Equal(t, 1, ageBy(t, cache, "1", (&row{document: withAge(1), version: "1"}).load))
		cache.Forget("another bucket")
		next := &row{document: withAge(2), version: "1"}
		require.Equal(t, 1, ageBy(t, cache, "1", next.load))
		cache.Forget("bucket")
		require.Equal(t, 2, ageBy(t, cache, "1", next.load))
		require.Equal(t, 1, next.reads)
	})
}

func TestALoadThatBeganBeforeForgetIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		let := make(chan struct{})
		old := held(let, &row{document: withAge(1), version: "1"})
		first, second := loading(t, t.Context(), cache, "1", old), loading(t, t.Context(), cache, "1", old)
		kept := &row{document: withAge(3), version: "1"}
		other := loading(t, t.Context(), cache, "2", held(let, &row{document: withAge(1), version: "2"}))
		policy, err := cache.PolicyOfDocument(t.Context(), "another bucket", "1", kept.load)
		require.NoError(t, err)
		require.Equal(t, 3, ageOf(policy))
		cache.Forget("bucket")
		require.Zero(t, corsserver.Tasks(cache))
		require.Equal(t, 1, corsserver.Entries(cache), "that of another bucket stays")
		next := &row{document: withAge(2), version: "1"}
		late := loading(t, t.Context(), cache, "1", held(let, next))
		require.Equal(t, 1, next.reads, "who comes after Forget does not wait for the old bucket")
		close(let)
		requireAge(t, 1, first)
		requireAge(t, 1, second)
		requireAge(t, 1, other)
		requireAge(t, 2, late)
		require.Equal(t, 2, ageBy(t, cache, "1", next.load))
		require.Equal(t, 1, next.reads)
		require.Zero(t, corsserver.Tasks(cache))
	})
}

func TestForgetLeavesTheLoadsOfOtherBucketsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cache := &corsserver.VersionCache{}
		let := make(chan struct{})
		r := &row{document: withAge(1), version: "1"}
		wait := loading(t, t.Context(), cache, "1", held(let, r))
		cache.Forget("another bucket")
		require.Equal(t, 1, corsserver.Tasks(cache))
		close(let)
		requireAge(t, 1, wait)
		require.Equal(t, 1, ageBy(t, cache, "1", r.load))
		require.Equal(t, 1, r.reads)
	})
}

// A versioned world is a store of buckets whose versions come back: with the same
// configuration as long as the bucket is the same, with another one in the next
// bucket of that name.
type versioned struct {
	cache *corsserver.VersionCache

	mu       sync.Mutex
	random   *rand.Rand
	versions []int // of each bucket, now
	births   []int // how often each was created
	restless []int // which are between two lives, until Forget has returned
	history  [][]int
	wrong    []string
}

const lives = 100 // what the ages of one life differ from those of the next by

func (w *versioned) roll(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.random.IntN(n)
}

func (w *versioned) pause() { time.Sleep(time.Duration(w.roll(4)*w.roll(10)) * time.Millisecond) }

// change gives a bucket some version; now and then it is a new bucket.
func (w *versioned) change(bucket int) {
	born := w.roll(4) == 0
	w.mu.Lock()
	w.versions[bucket] = w.random.IntN(3)
	if born {
		w.births[bucket]++
		w.restless[bucket]++
	}
	w.history[bucket] = append(w.history[bucket], w.age(bucket))
	w.mu.Unlock()
	if !born {
		return
	}
	w.pause()
	w.cache.Forget(strconv.Itoa(bucket))
	w.mu.Lock()
	w.restless[bucket]--
	w.mu.Unlock()
}

// age is that of the document that a bucket has.
func (w *versioned) age(bucket int) int { return w.births[bucket]*lives + w.versions[bucket] }

// look returns what a request knows of a bucket.
func (w *versioned) look(bucket int) (version string, states int, restless bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return fmt.Sprint("v", w.versions[bucket]), len(w.history[bucket]), w.restless[bucket] > 0
}

// load reads document and version at once, some time after it was called.
func (w *versioned) load(ctx context.Context, bucket int) (*s3cors.Configuration, string, error) {
	w.pause()
	w.mu.Lock()
	age, version, roll := int64(w.age(bucket)), fmt.Sprint("v", w.versions[bucket]), w.random.IntN(20)
	w.mu.Unlock()
	w.pause()
	switch {
	case ctx.Err() != nil && roll < 10:
		return nil, "", ctx.Err()
	case roll == 10:
		return nil, version, errStore
	case roll == 11:
		panic(errStore)
	}
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, MaxAgeSeconds: &age,
	}}}, version, nil
}

// ask asks for a bucket, and judges the answer: what it gets, the bucket had at some
// time since the request learned of the version.
func (w *versioned) ask(bucket int) {
	ctx, cancel := context.Background(), context.CancelFunc(func() {})
	if w.roll(2) == 0 {
		ctx, cancel = context.WithTimeout(ctx, time.Duration(w.roll(30))*time.Millisecond)
	}
	defer cancel()
	version, since, restless := w.look(bucket)
	policy, err := func() (p *s3cors.Policy, err error) {
		defer func() {
			if recover() != nil {
				err = errStore
			}
		}()
		return w.cache.Policy(ctx, strconv.Itoa(bucket), version, func() (*s3cors.Configuration, string, error) { return w.load(ctx, bucket) })
	}()
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if !errors.Is(err, errStore) && err != ctx.Err() {
			w.wrong = append(w.wrong, fmt.Sprint("the end of another request: ", err))
		}
		return
	}
	if restless {
		return
	}
	age := ageOf(policy)
	for _, had := range w.history[bucket][since-1:] {
		if had == age {
			return
		}
	}
	w.wrong = append(w.wrong, fmt.Sprintf("age %d, where the bucket had %v", age, w.history[bucket][since-1:]))
}

// TestTheVersionCacheKeepsItsPromises lets changes, requests that end, loads that
// fail and panic, and buckets that are deleted meet at random.
func TestTheVersionCacheKeepsItsPromises(t *testing.T) {
	for seed := range uint64(30) {
		synctest.Test(t, func(t *testing.T) {
			const buckets = 3
			w := &versioned{
				cache:  &corsserver.VersionCache{MaxBytes: 2 * 700},
				random: rand.New(rand.NewPCG(seed, 0)), versions: make([]int, buckets), births: make([]int, buckets),
				restless: make([]int, buckets), history: make([][]int, buckets),
			}
			for bucket := range buckets {
				w.history[bucket] = []int{0}
			}
			var everybody sync.WaitGroup
			for i := range 10 {
				everybody.Go(func() {
					for range 50 {
						if bucket := w.roll(buckets); i < 2 {
							w.change(bucket)
						} else {
							w.ask(bucket)
						}
						time.Sleep(time.Duration(w.roll(5)) * time.Millisecond)
					}
				})
			}
			everybody.Wait()
			require.Empty(t, w.wrong, "seed %d", seed)
			require.Zero(t, corsserver.Tasks(w.cache))
			require.LessOrEqual(t, corsserver.Bytes(w.cache), 2*700)
		})
	}
}
