package corsserver

import (
	"crypto/sha256"
	"errors"
	"sync/atomic"
	"time"

	"github.com/s3cors/s3cors"
)

// An entry is what a cache knows of a bucket or of a document. All but used is
// immutable.
type entry struct {
	policy *s3cors.Policy
	err    error
	size   int         // in the sense of MaxBytes
	used   atomic.Bool // since the last look for something to drop

	sum      [sha256.Size]byte // Cache's: of the document
	expiry   time.Time         // Cache's; zero: never
	until    time.Time         // Cache's: the end of Cache.StaleFor; zero: it is not served stale
	revision uint64            // Cache's; 0: unknown
	version  string            // VersionCache's
}

// newEntry makes the entry of a configuration, nil if there is none, or of the
// error that its document cannot be read, and weighs it; key is what it is kept
// under.
func newEntry(key string, c *s3cors.Configuration, err error, lenient bool, opts []s3cors.Option) *entry {
	var policy *s3cors.Policy
	if err == nil {
		policy, err = compile(c, lenient, opts)
	}
	return &entry{policy: policy, err: err, size: weigh(key, c, err, opts)}
}

// failedEntry makes an entry, which is not to be kept, of an error of the store.
func failedEntry(err error, opts []s3cors.Option) *entry {
	if errors.Is(err, ErrNoSuchBucket) {
		return &entry{policy: s3cors.NoSuchBucket(opts...)}
	}
	return &entry{err: err}
}

// again returns an entry of what is known already, at another revision.
func (e *entry) again(revision uint64) *entry {
	return &entry{policy: e.policy, err: e.err, sum: e.sum, size: e.size, revision: revision}
}

// use notes that the entry is in use.
func (e *entry) use() {
	if !e.used.Load() { // which spares the other cores a write
		e.used.Store(true)
	}
}

// A shelf holds the entries of a cache. Whoever calls its methods holds the cache's
// lock.
type shelf struct {
	entries map[string]*entry
	bytes   int // the sum of the entries' sizes
}

// put adds an entry in the place of the one before, and makes room for it; key is
// the cache's own copy. What is larger than the whole shelf is not kept.
func (s *shelf) put(key string, e *entry, maxEntries, maxBytes int) {
	s.drop(key)
	if e.size > maxBytes || maxEntries < 1 {
		return
	}
	for len(s.entries) >= maxEntries || s.bytes+e.size > maxBytes {
		s.dropOne()
	}
	if s.entries == nil {
		s.entries = make(map[string]*entry)
	}
	s.entries[key] = e
	s.bytes += e.size
}

// dropOne drops an entry that was not used of late: of a few taken at random
// (as the order of a map is), the first such, or else the last.
//
// A list in the order of use would find the entry that was used least recently. Every
// hit would have to change it under the write lock, where hits now share a read
// lock. What it finds better is worth little here: an entry that is dropped wrongly
// costs one question to the store, or the reading of one document. Random samples
// with a mark of use come close to such a list, as stores have found that need more of
// it (https://redis.io/topics/lru-cache). The order of insertion would be as cheap as
// they are, and would drop the busiest bucket in its turn.
func (s *shelf) dropOne() {
	const tries = 16
	var victim string
	n := 0
	for key, e := range s.entries {
		victim = key
		if n++; n == tries || !e.used.Swap(false) {
			break
		}
	}
	s.drop(victim)
}

// drop removes an entry, if there is one.
func (s *shelf) drop(key string) {
	if e := s.entries[key]; e != nil {
		delete(s.entries, key)
		s.bytes -= e.size
	}
}

// orDefaultBytes returns what a MaxBytes stands for.
func orDefaultBytes(maxBytes int) int {
	if maxBytes == 0 {
		return DefaultMaxBytes
	}
	return maxBytes
}
