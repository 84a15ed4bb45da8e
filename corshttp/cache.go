package corshttp

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3cors/s3cors"
)

// What the fields of a Cache stand for when they are zero.
const (
	// DefaultTTL is about the delay with which S3 puts a configuration into
	// effect (5.4/delay).
	DefaultTTL        = 10 * time.Second
	DefaultMaxEntries = 10_000
	DefaultMaxBytes   = 16 << 20
)

// A Cache keeps compiled policies in front of a store, and is a store itself:
// PutCORS and DeleteCORS go to the store behind it, and are in effect for every
// evaluation that begins after they returned. It is safe for concurrent use; its
// fields must not be changed once it is in use.
//
// However many requests ask for one bucket at once, the store is asked once, and
// a document is compiled when it is new or changed. Kept are the policies of
// buckets with and without a configuration, and the fact that a document cannot
// be compiled; not kept are errors of the store and the absence of a bucket, so
// that a new bucket is seen at once and made-up names displace nothing.
type Cache struct {
	// Store is what is cached. It is required.
	Store Store

	// TTL is the time after which the store is asked again, and so the longest
	// time for which a change by other means than this cache goes unnoticed. 0 is
	// DefaultTTL; if it is negative, the store is not asked again, which is right
	// where nothing else changes it.
	TTL time.Duration

	// MaxEntries bounds the buckets that are kept; 0 is DefaultMaxEntries. If it
	// is negative, none is.
	MaxEntries int

	// MaxBytes bounds the bytes of their names and documents together; 0 is
	// DefaultMaxBytes. What is kept is not the documents but their policies,
	// which take up to eight times as much memory, and some KiB if small.
	MaxBytes int

	// Options are those to compile with.
	Options []s3cors.Option

	mu      sync.RWMutex
	entries map[string]*entry
	bytes   int // the sum of the entries' sizes
	flights map[string]*flight
}

var _ Store = (*Cache)(nil)

// An entry is what is known of a bucket. All but used is immutable.
type entry struct {
	policy *s3cors.Policy
	err    error
	sum    [sha256.Size]byte // of the document
	size   int               // in the sense of MaxBytes
	expiry time.Time         // zero: never
	used   atomic.Bool       // since the last look for something to drop
}

func (e *entry) fresh() bool {
	return e != nil && (e.expiry.IsZero() || time.Now().Before(e.expiry))
}

// A flight is a question to the store that is under way.
type flight struct {
	cancel  context.CancelFunc
	waiters int           // guarded by Cache.mu
	done    chan struct{} // closed when entry is there
	entry   *entry
}

// Policy returns the policy of a bucket: s3cors.NoSuchBucket if it does not
// exist. It fails if ctx ends, the store fails, or the stored document is not
// one that s3cors.Parse reads. It is made for Middleware.Policies.
func (c *Cache) Policy(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	c.mu.RLock()
	e := c.entries[bucket]
	c.mu.RUnlock()
	if !e.fresh() {
		return c.wait(ctx, bucket)
	}
	if !e.used.Load() { // which spares the other cores a write
		e.used.Store(true)
	}
	return e.policy, e.err
}

// wait waits for the store, or for the end of ctx.
func (c *Cache) wait(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	f := c.join(ctx, bucket)
	select {
	case <-f.done:
		return f.entry.policy, f.entry.err
	case <-ctx.Done():
		c.leave(bucket, f)
		return nil, ctx.Err()
	}
}

// join returns the flight to wait for, a new one if there is none.
func (c *Cache) join(ctx context.Context, bucket string) *flight {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f := c.flights[bucket]; f != nil {
		f.waiters++
		return f
	}
	known := c.entries[bucket]
	f := &flight{waiters: 1, done: make(chan struct{})}
	if known.fresh() { // it landed since Policy looked
		f.entry, f.cancel = known, func() {}
		close(f.done)
		return f
	}
	// The question is everybody's, so it must not end with who asked first.
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if c.flights == nil {
		c.flights = make(map[string]*flight)
	}
	c.flights[bucket] = f
	go c.fly(ctx, bucket, f, known)
	return f
}

// leave gives up a question that nobody waits for any more.
func (c *Cache) leave(bucket string, f *flight) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if f.waiters--; f.waiters > 0 {
		return
	}
	f.cancel()
	if c.flights[bucket] == f {
		delete(c.flights, bucket)
	}
}

// fly asks the store. What it answers is kept unless the flight was taken off
// the list meanwhile: then it may be out of date.
func (c *Cache) fly(ctx context.Context, bucket string, f *flight, known *entry) {
	defer f.cancel()
	e, keep := c.load(ctx, bucket, known)
	c.mu.Lock()
	if c.flights[bucket] == f {
		delete(c.flights, bucket)
		c.drop(bucket)
		if keep {
			c.keep(bucket, e)
		}
	}
	c.mu.Unlock()
	f.entry = e
	close(f.done)
}

// load makes an entry of what the store says, and tells whether to keep it.
// known is what was kept of the bucket before, or nil.
func (c *Cache) load(ctx context.Context, bucket string, known *entry) (e *entry, keep bool) {
	defer func() {
		// No server stands above this goroutine to contain a panic.
		if p := recover(); p != nil {
			e, keep = &entry{err: fmt.Errorf("corshttp: panic while loading: %v\n%s", p, debug.Stack())}, false
		}
	}()
	document, err := c.Store.GetCORS(ctx, bucket)
	switch {
	case errors.Is(err, ErrNoSuchBucket):
		return &entry{policy: s3cors.NoSuchBucket(c.Options...)}, false
	case err != nil:
		return &entry{err: err}, false
	}
	e = &entry{sum: sha256.Sum256(document), size: len(bucket) + len(document), expiry: c.expiry()}
	if known != nil && known.size == e.size && known.sum == e.sum {
		e.policy, e.err = known.policy, known.err
		return e, true
	}
	e.policy, e.err = compile(document, c.Options)
	return e, true
}

func (c *Cache) expiry() time.Time {
	switch {
	case c.TTL < 0:
		return time.Time{}
	case c.TTL == 0:
		return time.Now().Add(DefaultTTL)
	}
	return time.Now().Add(c.TTL)
}

// compile compiles a stored document; an empty one is none.
func compile(document []byte, opts []s3cors.Option) (*s3cors.Policy, error) {
	if len(document) == 0 {
		return s3cors.Compile(nil, opts...)
	}
	configuration, err := parse(document, opts)
	if err != nil {
		return nil, err
	}
	return s3cors.Compile(configuration, opts...)
}

// keep adds an entry and makes room for it. The caller holds the lock.
func (c *Cache) keep(bucket string, e *entry) {
	maxEntries, maxBytes := c.MaxEntries, c.MaxBytes
	if maxEntries == 0 {
		maxEntries = DefaultMaxEntries
	}
	if maxBytes == 0 {
		maxBytes = DefaultMaxBytes
	}
	if e.size > maxBytes || maxEntries < 1 {
		return
	}
	for len(c.entries) >= maxEntries || c.bytes+e.size > maxBytes {
		c.dropOne()
	}
	if c.entries == nil {
		c.entries = make(map[string]*entry)
	}
	// The name may be cut from a request's URL, which is not to be held on to.
	c.entries[strings.Clone(bucket)] = e
	c.bytes += e.size
}

// dropOne drops an entry that was not used of late: of a few taken at random
// (as the order of a map is), the first such, or else the last.
func (c *Cache) dropOne() {
	const tries = 16
	var victim string
	n := 0
	for bucket, e := range c.entries {
		victim = bucket
		if n++; n == tries || !e.used.Swap(false) {
			break
		}
	}
	c.drop(victim)
}

// drop removes the entry of a bucket, if there is one. The caller holds the
// lock.
func (c *Cache) drop(bucket string) {
	if e := c.entries[bucket]; e != nil {
		delete(c.entries, bucket)
		c.bytes -= e.size
	}
}

// Invalidate drops what is known of a bucket: call it when the bucket is
// deleted, and when its configuration was changed in the store by other means.
// What a question to the store that is under way brings back is not kept.
func (c *Cache) Invalidate(bucket string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(bucket)
	delete(c.flights, bucket)
}

// GetCORS implements Store. It asks the store behind the cache.
func (c *Cache) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	return c.Store.GetCORS(ctx, bucket)
}

// PutCORS implements Store.
func (c *Cache) PutCORS(ctx context.Context, bucket string, document []byte) error {
	defer c.Invalidate(bucket) // after an error, too: who knows what was done
	return c.Store.PutCORS(ctx, bucket, document)
}

// DeleteCORS implements Store.
func (c *Cache) DeleteCORS(ctx context.Context, bucket string) error {
	defer c.Invalidate(bucket)
	return c.Store.DeleteCORS(ctx, bucket)
}
