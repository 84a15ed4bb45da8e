package corsserver

import (
	"crypto/sha256"
	"errors"
	"sync/atomic"
	"time"

	"github.com/s3cors/s3cors"
)

// An entry is what a cache knows of a bucket or of a document. All but used is
// immutable once the entry is on a shelf.
type entry struct {
	*reading
	size int         // in the sense of MaxBytes, without the reading
	used atomic.Bool // since the last look for something to drop

	expiry   time.Time // Cache's; zero: never
	until    time.Time // Cache's: the end of Cache.StaleFor; zero: it is not served stale
	revision uint64    // Cache's; 0: unknown
	version  string    // VersionCache's
}

// A reading is what a document was read as: a policy, or an error. Entries whose
// documents are equal hold one reading. All but holders is immutable.
type reading struct {
	policy *s3cors.Policy
	err    error
	size   int // in the sense of MaxBytes

	shared  bool              // Cache's: sum tells it apart
	sum     [sha256.Size]byte // Cache's: of the document
	holders int               // the entries on the shelf that hold it; the cache's lock guards it
}

// newReading makes the reading of a configuration, nil if there is none, or of the error
// that its document cannot be read, and weighs it.
func newReading(c *s3cors.Configuration, err error, lenient bool, opts []s3cors.Option) *reading {
	var policy *s3cors.Policy
	if err == nil {
		policy, err = compile(c, lenient, opts)
	}
	return &reading{policy: policy, err: err, size: weighReading(c, err, opts)}
}

// newEntry makes the entry of a reading; key is what it is kept under.
func newEntry(key string, r *reading) *entry { return &entry{reading: r, size: weighEntry(key)} }

// errorEntry makes an entry, which is not to be kept, of an error.
func errorEntry(err error) *entry { return &entry{reading: &reading{err: err}} }

// failedEntry makes an entry, which is not to be kept, of an error of the store.
func failedEntry(err error, opts []s3cors.Option) *entry {
	if errors.Is(err, ErrNoSuchBucket) {
		return &entry{reading: &reading{policy: s3cors.NoSuchBucket(opts...)}}
	}
	return errorEntry(err)
}

// again returns an entry of what is known already, at another revision.
func (e *entry) again(revision uint64) *entry {
	return &entry{reading: e.reading, size: e.size, revision: revision}
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
	entries  map[string]*entry
	readings map[[sha256.Size]byte]*reading // those that are shared, by their sum
	bytes    int                            // the sum of the sizes of entries and readings
}

// put adds an entry in the place of the one before, and makes room for it; key is
// the cache's own copy. What is larger than the whole shelf is not kept. If an equal
// document was read already, the entry gets that reading in place of its own.
func (s *shelf) put(key string, e *entry, maxEntries, maxBytes int) {
	s.drop(key)
	if e.size+e.reading.size > maxBytes || maxEntries < 1 {
		return
	}
	if r := s.readings[e.sum]; r != nil && e.shared {
		e.reading = r
	}
	for len(s.entries) >= maxEntries || s.bytes+s.added(e) > maxBytes {
		s.dropOne()
	}
	if s.entries == nil {
		s.entries = make(map[string]*entry)
	}
	s.bytes += s.added(e)
	s.entries[key] = e
	s.hold(e.reading)
}

// added returns by how much the shelf gets heavier with an entry: by its reading only if
// no other entry holds it.
func (s *shelf) added(e *entry) int {
	if e.holders > 0 {
		return e.size
	}
	return e.size + e.reading.size
}

func (s *shelf) hold(r *reading) {
	if r.holders++; r.holders > 1 || !r.shared {
		return
	}
	if s.readings == nil {
		s.readings = make(map[[sha256.Size]byte]*reading)
	}
	s.readings[r.sum] = r
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

// drop removes an entry, if there is one, and its reading with the last entry that
// holds it.
func (s *shelf) drop(key string) {
	e := s.entries[key]
	if e == nil {
		return
	}
	delete(s.entries, key)
	e.holders--
	s.bytes -= s.added(e)
	if e.holders == 0 && e.shared {
		delete(s.readings, e.sum)
	}
}

// orDefaultBytes returns what a MaxBytes stands for.
func orDefaultBytes(maxBytes int) int {
	if maxBytes == 0 {
		return DefaultMaxBytes
	}
	return maxBytes
}
