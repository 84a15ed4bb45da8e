package corsserver

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/s3cors/s3cors"
)

// A flight is a question to the store: the one under way, or the one that follows
// it. A bucket has one of each at most, so that neither clients that hang up nor
// changes make a store that does not heed its context answer many at once.
type flight struct {
	bucket string             // a copy: the caller's string may change once it has left
	ctx    context.Context    // the store's
	cancel context.CancelFunc // ends ctx
	done   chan struct{}      // closed when entry is there
	entry  *entry

	// These are set by begin.
	known *entry // what was kept when the question began, or nil
	floor uint64 // the revision that the bucket was announced to have reached

	// These are guarded by Cache.mu.
	waiters  int
	expiry   time.Time // of the answer, which may be as old as the question; set by begin
	closed   bool      // to newcomers; and the answer is not kept
	detached bool      // it goes on if nobody waits, for longestDetached
	next     *flight   // of those who came too late for this one; nil if nobody waits
}

func newFlight(ctx context.Context, bucket string) *flight {
	f := &flight{bucket: strings.Clone(bucket), done: make(chan struct{})}
	// The question is everybody's, so it must not end with who asked first.
	f.ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	return f
}

// open reports whether newcomers may have the answer of a flight that has begun. They may
// not if they know of a later change than the flight does: it could bring back what
// was before. The caller holds the lock.
func (c *Cache) open(f *flight) bool {
	return !f.closed && !past(f.expiry) && c.floors.of(f.bucket) == f.floor
}

// wait waits for the store, or for the end of ctx.
func (c *Cache) wait(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // a question would be for nobody
	}
	f := c.join(ctx, bucket)
	var impatient <-chan time.Time
	if c.StaleFor > 0 {
		timer := time.NewTimer(c.patience(bucket))
		defer timer.Stop()
		impatient = timer.C
	}
	for {
		select {
		case <-f.done:
			return f.entry.policy, f.entry.err
		case <-ctx.Done():
			c.leave(f)
			return nil, ctx.Err()
		case <-impatient:
			if e := c.goOn(f); e != nil {
				return e.policy, e.err
			}
		}
	}
}

// patience returns for how long a request waits for the store if it may go on with what was
// known: not again if others have waited for the question already.
func (c *Cache) patience(bucket string) time.Duration {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if f := c.flights[bucket]; f != nil && f.detached {
		return 0
	}
	return time.Second
}

// longestDetached is for how long a question goes on if all who waited for it have gone on
// with what was known. Otherwise a store that takes longer than their patience would never
// be heard, and one that hangs until its context ends would never be asked again.
const longestDetached = 10 * time.Second

// goOn leaves a question and returns what to go on with; nil if there is nothing, and
// the question is not left.
func (c *Cache) goOn(f *flight) *entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.entries[f.bucket]
	if !known.fresh() { // or else another has gone on, or an answer has come
		if !c.mayServeStale(f.bucket, known) {
			return nil
		}
		known = known.stale()
		c.keep(f.bucket, known)
	}
	if c.flights[f.bucket] == f && !f.detached && !f.closed {
		f.detached = true
		limit := time.AfterFunc(longestDetached, f.cancel)
		context.AfterFunc(f.ctx, func() { limit.Stop() })
	}
	c.abandon(f)
	return known
}

// join returns the flight to wait for: the one under way if it is open, or else
// the one that follows it.
func (c *Cache) join(ctx context.Context, bucket string) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.flights[bucket]
	switch {
	case f == nil:
		f = newFlight(ctx, bucket)
		if known := c.entries[bucket]; known.fresh() { // it landed since Policy looked
			f.entry = known
			close(f.done)
		} else {
			c.begin(f)
		}
	case c.open(f):
	case f.next == nil:
		f.next = newFlight(ctx, bucket)
		f = f.next
	default:
		f = f.next
	}
	f.waiters++
	return f
}

// leave gives up a question that nobody waits for any more. If it has begun, it
// keeps its place until the store has returned: newcomers must not get its
// cancellation, and the store must not get another question meanwhile.
func (c *Cache) leave(f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.abandon(f)
}

// abandon is leave for a caller that holds the lock.
func (c *Cache) abandon(f *flight) {
	if f.waiters--; f.waiters > 0 || f.detached {
		return
	}
	f.closed = true
	f.cancel()
	if running := c.flights[f.bucket]; running != nil && running.next == f {
		running.next = nil
	}
}

// begin asks the store. The caller holds the lock.
func (c *Cache) begin(f *flight) {
	if c.flights == nil {
		c.flights = make(map[string]*flight)
	}
	c.flights[f.bucket] = f
	f.expiry = c.expiry()
	f.known, f.floor = c.entries[f.bucket], c.floors.of(f.bucket)
	go c.fly(f)
}

// fly asks the store and lands, also if the store calls runtime.Goexit, as
// testing.T.FailNow does: then load does not return. It asks again while the store is
// behind.
func (c *Cache) fly(f *flight) {
	var e *entry
	var keep bool
	defer func() { c.land(f, e, keep) }()
	for wait := firstPause; ; wait *= 2 {
		e, keep = errorEntry(errNoAnswer), false
		e, keep = c.load(f.ctx, f.bucket, f.known)
		if !keep || e.revision >= f.least() {
			return
		}
		e, keep = errorEntry(errBehind), false
		if wait > longestPause || !pause(f.ctx, wait) {
			return
		}
	}
}

// least returns the revision that an answer has at least if the store is not behind what
// it has announced, or has answered before.
func (f *flight) least() uint64 {
	if f.known == nil {
		return f.floor
	}
	return max(f.floor, f.known.revision)
}

var (
	errNoAnswer = errors.New("corsserver: the store ended its goroutine and gave no answer")
	errSlow     = errors.New("corsserver: the store has not answered in time")
	errBehind   = errors.New("corsserver: the store answers with an older document than there is")
)

// The pauses between questions to a store that is behind double each time. Together they take 10 seconds.
const (
	firstPause   = 5 * time.Millisecond
	longestPause = 5 * time.Second
)

// pause waits; it returns false if ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// land keeps what a flight brought back, unless it was closed: then it may be out
// of date, or be cut short by the cancellation without the store's saying so. The
// next flight begins.
func (c *Cache) land(f *flight, e *entry, keep bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.detached && e.err != nil && f.ctx.Err() != nil {
		e = errorEntry(errSlow) // the end of a context that nobody who waits now knows
	}
	f.cancel()
	e.expiry, e.until = f.expiry, c.until(f.expiry)
	floor := c.floors.of(f.bucket)
	if !keep && e.err != nil && !f.closed && c.mayServeStale(f.bucket, f.known) {
		e, keep = f.known.stale(), true
	}
	keep = keep && e.revision >= floor // or else more was announced meanwhile
	if !f.closed {
		c.drop(f.bucket)
		if keep {
			c.keep(f.bucket, e)
		}
	}
	delete(c.flights, f.bucket)
	if f.next != nil {
		c.begin(f.next)
	}
	f.entry = e
	close(f.done)
}

// until returns the end of StaleFor for what expires then; zero if there is none.
func (c *Cache) until(expiry time.Time) time.Time {
	if c.StaleFor <= 0 || expiry.IsZero() {
		return time.Time{}
	}
	return expiry.Add(c.StaleFor)
}

// mayServeStale reports whether what was known of a bucket, nil if nothing, may be served
// without an answer of the store: it is a policy, its time is not over, and no later
// revision was announced. The caller holds the lock.
func (c *Cache) mayServeStale(bucket string, known *entry) bool {
	return known != nil && known.err == nil && !known.until.IsZero() && time.Now().Before(known.until) &&
		known.revision >= c.floors.of(bucket)
}

// staleStep is the time for which a policy is served without another question to a store
// that has failed.
const staleStep = time.Second

// stale returns the entry for another step, which ends with the time that it has at
// the latest.
func (e *entry) stale() *entry {
	s := e.again(e.revision)
	s.until, s.expiry = e.until, time.Now().Add(staleStep)
	if s.expiry.After(s.until) {
		s.expiry = s.until
	}
	return s
}
