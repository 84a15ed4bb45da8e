package corsserver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/s3cors/s3cors"
)

// What the fields of a Cache stand for when they are zero.
const (
	// DefaultTTL is about the delay with which S3 puts a configuration into
	// effect (5.4/delay).
	DefaultTTL        = 10 * time.Second
	DefaultMaxEntries = 10_000
	DefaultMaxBytes   = 32 << 20 // 10,000 buckets with some rules each
)

// A Cache keeps compiled policies in front of a store, and is a store itself:
// PutCORS and DeleteCORS go to the store behind it, and are in effect for every
// evaluation that begins after they returned. It is safe for concurrent use; its
// fields must not be changed once it is in use.
//
// Kept are the policies of buckets with and without a configuration, and the fact
// that a document cannot be read; not kept are errors of the store and the absence
// of a bucket, so that a new bucket is seen at once and made-up names displace
// nothing. A document is compiled when it is new or changed.
//
// However many requests need the policy of a bucket at one moment, the store is
// asked once, and they share the answer. The question is cancelled when the last
// of them has gone.
//
// A bucket never has two questions under way. A request can come too late for the
// one that is: the question was cancelled, the bucket has changed since it began,
// or it began longer ago than TTL. Such requests wait until the store has returned,
// and share the next question. Clients that hang up can therefore not flood a
// store, even one that does not heed its context; but such a store makes the
// requests that follow wait for it.
//
// Questions about different buckets are not bounded, since clients can make up
// names. Each has a goroutine. If the store returns when its context ends, there
// are no more of them than requests in progress; otherwise as many as buckets are
// asked for in the time that the store takes. A store that must be spared makes
// its callers queue, and heeds their contexts meanwhile.
type Cache struct {
	// Store is what is cached. It is required, but where Load takes its place and
	// the cache is not used as a store.
	Store Store

	// Load, if it is not nil, is asked for the configuration of a bucket in place
	// of Store.GetCORS: for servers that keep rules in a form of their own. It
	// returns nil for a bucket without a configuration, and ErrNoSuchBucket for one
	// that does not exist. The caller does not change what it returns.
	Load func(ctx context.Context, bucket string) (*s3cors.Configuration, error)

	// Lenient makes a configuration that S3 would refuse count as far as it can be
	// understood, as s3cors.CompileStored does. Without it such a bucket cannot be
	// read, and grants nothing.
	Lenient bool

	// TTL is the time after which the store is asked again, counted from when it
	// was asked, and so the longest time for which a change by other means than
	// this cache goes unnoticed: a request that begins later is decided by it. It
	// should be longer than the store takes, or else nothing kept is of use. 0 is
	// DefaultTTL; if it is negative, the store is not asked again, which is right
	// where nothing else changes it.
	TTL time.Duration

	// MaxEntries bounds the buckets that are kept; 0 is DefaultMaxEntries. If it
	// is negative, none is.
	MaxEntries int

	// MaxBytes bounds the memory that the kept policies hold, names included; 0 is
	// DefaultMaxBytes. Each bucket counts by an estimate from its configuration and
	// the Options, whatever the syntax of the document: 1 to 2 KiB with a rule or two,
	// up to 700 KiB with the largest document. The estimate is never below what is
	// held, and up to four times as much where patterns have much in common. A bucket
	// that counts more than MaxBytes alone is not kept.
	//
	// Three things come on top: documents that are being read; policies that were
	// dropped and are still in use; and up to a tenth where a few large entries
	// have taken the place of many small ones, since maps do not shrink.
	MaxBytes int

	// Options are those to compile with.
	Options []s3cors.Option

	mu sync.RWMutex
	shelf
	flights map[string]*flight
}

var _ Store = (*Cache)(nil)

func (e *entry) fresh() bool { return e != nil && !past(e.expiry) }

// past reports whether a time that expiry returned is over.
func past(expiry time.Time) bool { return !expiry.IsZero() && !time.Now().Before(expiry) }

// Policy returns the policy of a bucket: s3cors.NoSuchBucket if it does not
// exist. It fails if ctx ends, the store fails, or the stored document cannot be
// read. It is a Source.
//
// The store may be at work after Policy has returned. It gets a copy of the name,
// and the values of the ctx of one of the requests that wait.
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
			e, keep = &entry{err: fmt.Errorf("corsserver: panic while loading: %v\n%s", p, debug.Stack())}, false
		}
	}()
	if c.Load != nil {
		return c.loadConfiguration(ctx, bucket)
	}
	document, err := c.Store.GetCORS(ctx, bucket)
	if err != nil {
		return failedEntry(err, c.Options), false
	}
	sum := sumOf(document)
	if known != nil && known.sum == sum {
		return &entry{policy: known.policy, err: known.err, sum: sum, size: known.size}, true
	}
	configuration, err := readStored(document, c.Lenient, c.Options)
	e = newEntry(bucket, configuration, err, c.Lenient, c.Options)
	e.sum = sum
	return e, true
}

func (c *Cache) loadConfiguration(ctx context.Context, bucket string) (e *entry, keep bool) {
	configuration, err := c.Load(ctx, bucket)
	if err != nil {
		return failedEntry(err, c.Options), false
	}
	return newEntry(bucket, configuration, nil, c.Lenient, c.Options), true
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
	case c.TTL == 0:
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

// Forget drops what is known of a bucket and, if the Store is a Forgetter, the
// document that it keeps: call it when a bucket was deleted, lest the next one of
// that name inherit its rules.
func (c *Cache) Forget(ctx context.Context, bucket string) error {
	defer c.Invalidate(bucket)
	if f, ok := c.Store.(Forgetter); ok {
		return f.Forget(ctx, bucket)
	}
	return nil
}

// Invalidate drops what is known of a bucket: call it after its configuration was
// changed in the store by other means.
// Whoever asks for the policy from then on gets what the store answers to a
// question that began later. An older question that is under way goes on for those
// who wait for it; what it brings back is not kept.
func (c *Cache) Invalidate(bucket string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(bucket)
	if f := c.flights[bucket]; f != nil {
		f.closed = true // what follows it has yet to begin
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
