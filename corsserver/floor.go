package corsserver

import "strings"

// floors remember the revisions that buckets are known to have reached: of the last
// buckets that were announced, between mostFloors and twice as many.
type floors struct {
	recent, older map[string]uint64
}

const mostFloors = 10_000

// of returns the revision that a bucket is known to have reached; 0 if none is known.
func (f *floors) of(bucket string) uint64 { return max(f.recent[bucket], f.older[bucket]) }

// raise notes that a bucket has reached a revision.
func (f *floors) raise(bucket string, revision uint64) {
	if revision <= f.of(bucket) {
		return
	}
	if len(f.recent) >= mostFloors {
		f.older, f.recent = f.recent, nil
	}
	if f.recent == nil {
		f.recent = make(map[string]uint64)
	}
	f.recent[strings.Clone(bucket)] = revision
}
