package corsserver

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/s3cors/s3cors"
)

// These are the values that the fields of a Cache have if they are zero.
const (
	// DefaultTTL is about the delay with which S3 puts a configuration into
	// effect.
	DefaultTTL        = 10 * time.Second
	DefaultMaxEntries = 10_000
	DefaultMaxBytes   = 32 << 20 // 10,000 buckets with some rules each
)

// A Cache keeps compiled policies in front of a store. It is a store itself: PutCORS and
// DeleteCORS go to the store behind it, and are in effect for every evaluation that
// begins after they have returned. A Cache is safe for concurrent use. Its fields are
// set before it is used, and it must not be copied after that.
//
// A Cache keeps the policies of buckets with and without a configuration, and the fact
// that a document cannot be read. It does not keep errors of the store. It does not
// keep the absence of a bucket either, so a new bucket is seen at once, and made-up
// names displace nothing. It compiles a document when the document is new or has
// changed, and no other bucket that it keeps has an equal one: buckets whose documents
// are equal byte for byte share one policy. What Load returns is not shared.
//
// The requests that need the policy of a bucket at one moment share one question to
// the store. The Cache cancels the question when the last of them has gone.
//
// The Cache never asks the store two questions about one bucket at once. A request can
// come too late for the question that is under way: that question was cancelled, or
// the bucket has changed since it began, or it began longer ago than TTL. Such requests
// wait until the store has returned, and share the next question. So clients that hang
// up cannot flood a store with questions, even one that ignores its context. Such a
// store makes the next requests wait.
//
// The number of questions about different buckets has no bound, since clients can make
// up names, and each question has a goroutine. If the store returns when its context
// ends, there are at most as many questions as requests in progress. If it does not,
// there can be one for each bucket that was asked for within the time that the store
// takes. A store that has to be protected lets its callers queue, and heeds their
// contexts meanwhile.
type Cache struct {
	// Store is the store behind the cache. It may be nil if Load is set and the Cache
	// is not used as a store.
	Store Store

	// Load, if it is not nil, takes the place of Store.GetCORS. It is for servers that
	// keep rules in a form of their own. It returns the configuration of a bucket,
	// nil for a bucket without a configuration, and ErrNoSuchBucket for a bucket that
	// does not exist. The Cache does not change what Load returns.
	Load func(ctx context.Context, bucket string) (*s3cors.Configuration, error)

	// Lenient makes the Cache take what it can understand of a configuration that S3
	// would refuse, as s3cors.CompileStored does. Without it, such a configuration
	// counts as one that cannot be read, and the bucket grants nothing.
	Lenient bool

	// TTL is the time after which the Cache asks the store again, counted from the
	// question. A change that somebody makes to the store by other means is in effect
	// for every request that begins later than TTL after the change. TTL should be
	// longer than the store takes to answer, since otherwise nothing that is kept can
	// be used. 0 stands for DefaultTTL. If TTL is negative, the Cache never asks again,
	// which is right where the store changes through the Cache only, or where the Cache
	// is told of every change.
	TTL time.Duration

	// StaleFor is for how long behind TTL the Cache goes on with the last policy that it
	// got if the store fails, or takes longer than a second to answer. 0 means not at
	// all: then a bucket whose TTL is over grants nothing until the store answers again,
	// and so fails closed.
	//
	// A longer time keeps the pages of a bucket working while the store is away, and
	// keeps what was withdrawn in the meantime granted for that long. It is never
	// more than that: a bucket that was not asked for before grants nothing, and so
	// does one that is known to have changed, by PutCORS, DeleteCORS, Invalidate,
	// InvalidateAll or Supersede, until the store tells how. While it serves a
	// policy in this way, the Cache asks the store about the bucket once a second at
	// most. A question without an answer goes on for 10 seconds, whether requests wait
	// for it or not, and is cancelled then. StaleFor means nothing if TTL is negative.
	StaleFor time.Duration

	// MaxEntries is the largest number of buckets to keep. 0 stands for
	// DefaultMaxEntries. If it is negative, the Cache keeps none.
	MaxEntries int

	// MaxBytes bounds the memory, in bytes, that the kept policies and the names of
	// their buckets take. 0 stands for DefaultMaxBytes. The memory of a bucket is
	// estimated from its configuration and the Options, whatever the syntax of its
	// document: 1 to 2 KiB for a rule or two, and up to 700 KiB for the largest document. A
	// policy that buckets share counts once, and each further bucket some 200 bytes. The
	// estimate is never too low. It can be four times too high where patterns have
	// much in common. A bucket whose estimate exceeds MaxBytes is not kept.
	//
	// Some memory is not counted: documents that are being read; policies that were
	// dropped and are still in use; what Supersede remembers, which is some 2 MiB
	// where names have 63 bytes; and, since maps do not shrink, up to a tenth more
	// after a few large entries have taken the place of many small ones.
	MaxBytes int

	// Options are the options for reading documents and compiling them.
	Options []s3cors.Option

	mu sync.RWMutex
	shelf
	flights map[string]*flight
	floors  floors
}

var _ Store = (*Cache)(nil)

func (e *entry) fresh() bool { return e != nil && !past(e.expiry) }

// past reports whether a time that expiry returned is over.
func past(expiry time.Time) bool { return !expiry.IsZero() && !time.Now().Before(expiry) }

// Policy returns the policy of a bucket. It is that of s3cors.NoSuchBucket if the bucket
// does not exist. Policy fails if ctx ends, if the store fails, or if the stored
// document cannot be read. It is a Source.
//
// The store may still be at work after Policy has returned. Therefore it gets a copy of
// the name, and a context that has the values of the ctx of one of the waiting
// requests.
func (c *Cache) Policy(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	c.mu.RLock()
	e := c.entries[bucket]
	c.mu.RUnlock()
	if !e.fresh() {
		return c.wait(ctx, bucket)
	}
	e.use()
	return e.policy, e.err
}

// load makes an entry of what the store says, and tells whether to keep it.
// known is what was kept of the bucket before, or nil.
func (c *Cache) load(ctx context.Context, bucket string, known *entry) (e *entry, keep bool) {
	defer func() {
		// No server stands above this goroutine to contain a panic.
		if p := recover(); p != nil {
			e, keep = errorEntry(fmt.Errorf("corsserver: panic while loading: %v\n%s", p, debug.Stack())), false
		}
	}()
	if c.Load != nil {
		return c.loadConfiguration(ctx, bucket)
	}
	document, revision, err := c.ask(ctx, bucket, known)
	switch {
	case known != nil && errors.Is(err, ErrUnchanged):
		return known.again(known.revision), true
	case err != nil:
		return failedEntry(err, c.Options), false
	}
	sum := sumOf(document)
	if known != nil && known.sum == sum {
		return known.again(revision), true
	}
	e = newEntry(bucket, c.reading(document, sum))
	e.revision = revision
	return e, true
}

// reading returns the reading of a document: that of another bucket with an equal
// document, if there is one.
func (c *Cache) reading(document []byte, sum [sha256.Size]byte) *reading {
	c.mu.RLock()
	r := c.readings[sum]
	c.mu.RUnlock()
	if r != nil {
		return r
	}
	configuration, err := readStored(document, c.Lenient, c.Options)
	r = newReading(configuration, err, c.Lenient, c.Options)
	r.shared, r.sum = true, sum
	return r
}

// ask asks the store for a document; by the revision that is known of it, if the store
// counts.
func (c *Cache) ask(ctx context.Context, bucket string, known *entry) (document []byte, revision uint64, err error) {
	counting, ok := c.Store.(RevisionStore)
	if !ok {
		document, err = c.Store.GetCORS(ctx, bucket)
		return document, 0, err
	}
	if known != nil {
		revision = known.revision
	}
	return counting.GetCORSSince(ctx, bucket, revision)
}

func (c *Cache) loadConfiguration(ctx context.Context, bucket string) (e *entry, keep bool) {
	configuration, err := c.Load(ctx, bucket)
	if err != nil {
		return failedEntry(err, c.Options), false
	}
	return newEntry(bucket, newReading(configuration, nil, c.Lenient, c.Options)), true
}

// sumOf returns by what documents are told apart. That of none, which is nil, is
// that of no document.
func sumOf(document []byte) (sum [sha256.Size]byte) {
	if document != nil {
		sum = sha256.Sum256(document)
	}
	return sum
}

// expiry returns the end of the time to live of what is asked for now; zero:
// never.
func (c *Cache) expiry() time.Time {
	switch {
	case c.TTL < 0:
		return time.Time{}
	case c.TTL == 0: // 5.4/delay
		return time.Now().Add(DefaultTTL)
	}
	return time.Now().Add(c.TTL)
}

// keep adds an entry; bucket is the cache's own copy of the name. The caller holds
// the lock.
func (c *Cache) keep(bucket string, e *entry) {
	maxEntries := c.MaxEntries
	if maxEntries == 0 {
		maxEntries = DefaultMaxEntries
	}
	c.put(bucket, e, maxEntries, orDefaultBytes(c.MaxBytes))
}

// Forget drops what is known of a bucket. If the Store is a Forgetter, it also removes
// the document that the Store keeps. Call it when a bucket was deleted; otherwise a new
// bucket of that name inherits the rules of the old one.
func (c *Cache) Forget(ctx context.Context, bucket string) error {
	defer c.Invalidate(bucket)
	if f, ok := c.Store.(Forgetter); ok {
		return f.Forget(ctx, bucket)
	}
	return nil
}

// Invalidate drops what is known of a bucket. Call it after the configuration was
// changed in the store by other means. Whoever asks for the policy from then on gets
// what the store answers to a question that began later. An older question that is
// under way goes on for those who wait for it, and its answer is not kept.
func (c *Cache) Invalidate(bucket string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(bucket)
	if f := c.flights[bucket]; f != nil {
		f.closed = true // what follows it has yet to begin
	}
}

// InvalidateAll drops what is known of all buckets, as Invalidate does of one. Call it when
// changes in the store may have been missed.
func (c *Cache) InvalidateAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shelf = shelf{}
	for _, f := range c.flights {
		f.closed = true
	}
}

// Supersede tells the Cache that a bucket has reached a revision: call it for every change
// that the store announces, in any order, be it late or repeated. What the Cache has of
// that revision or a later one stays. What is older is not used from then on, even if
// it comes in later: whoever asks for the policy gets that of this revision or of a
// later one. If the store returns an older one nevertheless, as a replica does that lags
// behind, the Cache asks again, for 10 seconds at most, and then fails. It does the same
// with an answer that is older than what it has.
//
// The Cache remembers the last 10,000 announcements, or some more. An answer that is older
// than one that it has forgotten is taken for new, until TTL is over.
//
// If the store is no RevisionStore, Supersede is Invalidate.
func (c *Cache) Supersede(bucket string, revision uint64) {
	if _, ok := c.Store.(RevisionStore); !ok || c.Load != nil {
		c.Invalidate(bucket)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.floors.raise(bucket, revision)
	if e := c.entries[bucket]; e != nil && e.revision < revision {
		c.drop(bucket)
	}
}

// GetCORS implements Store. It asks the store behind the cache each time.
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
