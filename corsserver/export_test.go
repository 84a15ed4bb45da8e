package corsserver

import "fmt"

// inside calls f with what a cache keeps, while nobody changes it.
func inside(cache any, f func(s *shelf, underWay int)) {
	switch c := cache.(type) {
	case *Cache:
		c.mu.RLock()
		defer c.mu.RUnlock()
		f(&c.shelf, len(c.flights))
	case *ContentCache:
		c.mu.RLock()
		defer c.mu.RUnlock()
		f(&c.shelf, len(c.tasks))
	case *VersionCache:
		c.mu.RLock()
		defer c.mu.RUnlock()
		f(&c.shelf, len(c.tasks))
	default:
		panic(fmt.Sprintf("%T is no cache", cache))
	}
}

// Entries returns how many entries a cache keeps, and Bytes how many bytes they
// count.
func Entries(cache any) (n int) {
	inside(cache, func(s *shelf, _ int) { n = len(s.entries) })
	return n
}

func Bytes(cache any) (n int) {
	inside(cache, func(s *shelf, _ int) { n = s.bytes })
	return n
}

// Readings returns how many readings a cache keeps that entries can share, and Counted
// adds up anew what its entries and their readings weigh.
func Readings(cache any) (n int) {
	inside(cache, func(s *shelf, _ int) { n = len(s.readings) })
	return n
}

func Counted(cache any) (n int) {
	inside(cache, func(s *shelf, _ int) {
		held := make(map[*reading]int)
		for _, e := range s.entries {
			n += e.size
			held[e.reading]++
		}
		for r, holders := range held {
			n += r.size
			if r.holders != holders || r.shared && s.readings[r.sum] != r {
				panic("corsserver: a reading is held wrongly")
			}
		}
	})
	return n
}

// Flights returns how many buckets there is a question about, and Tasks how many
// entries are being made.
func Flights(c *Cache) int { return Tasks(c) }

func Tasks(cache any) (n int) {
	inside(cache, func(_ *shelf, underWay int) { n = underWay })
	return n
}

// Wait asks the store unless another has just done so, and WaitForText reads a
// document.
var (
	Wait        = (*Cache).wait
	WaitForText = (*ContentCache).wait
)

// Floors returns how many announcements a cache remembers, and Floor the last one of a
// bucket.
func Floors(c *Cache) int {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return len(c.floors.recent) + len(c.floors.older)
}

func Floor(c *Cache, bucket string) uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.floors.of(bucket)
}
