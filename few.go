package s3cors

import "strings"

// maxFew is how many strings, and maxFewPatterns how many patterns, are compared one by one
// rather than looked up in an index and in trees. The first string takes half of the time
// of an index, and so does the first pattern of that of a tree. At four patterns the two
// are equal. Eight strings take half as long again as an index if all have one length,
// which is the worst case, and less than an index if they have not, which is the usual one
// (BenchmarkFew).
const (
	maxFew         = 8
	maxFewPatterns = 4
)

// A pattern is an AllowedOrigin or AllowedHeader that holds one "*". It admits
// what begins with prefix and ends with suffix, the two not overlapping unless the
// matcher lets them: the star stands for any string, the empty one too
// (4.4/star-any, 4.4/no-overlap).
type pattern struct {
	prefix, suffix string
	rules          ruleset
}

// A few is what is compared one by one.
type few struct {
	// every holds the rules that admit all values, through "*".
	every ruleset
	// listed holds the strings without a star, sorted, and with each all rules that
	// admit it, those with a pattern that fits it included, so that a hit is one
	// lookup.
	listed []listed
	shapes []shape
	// many says that the listed strings are more than maxFew, or that there are patterns
	// which are no shapes.
	many bool
	// overlap lets a pattern's prefix and its suffix share characters
	// (ceph-2/overlap).
	overlap bool
}

// A shape is a pattern with what is looked at first.
type shape struct {
	pattern
	shortest   int // how many bytes a value has at least
	head, tail ending
}

// An ending is up to eight bytes with which a word begins or ends.
type ending struct{ bytes, mask uint64 }

// newShape returns the shape of a pattern whose prefix and suffix may overlap or not.
func newShape(p pattern, overlap bool) shape {
	s := shape{pattern: p, shortest: len(p.prefix) + len(p.suffix)}
	if overlap {
		s.shortest = max(len(p.prefix), len(p.suffix))
	}
	for i := range min(len(p.prefix), 8) {
		s.head.set(i, p.prefix[i])
	}
	for i := range min(len(p.suffix), 8) {
		s.tail.set(7-i, p.suffix[len(p.suffix)-1-i])
	}
	return s
}

// set adds a byte at its place in a word.
func (e *ending) set(place int, b byte) {
	e.bytes |= uint64(b) << (8 * place)
	e.mask |= 0xFF << (8 * place)
}

func (e ending) isOf(word uint64) bool { return (word^e.bytes)&e.mask == 0 }

// isFew reports whether find may be asked for a value.
func (f *few) isFew(value string) bool { return !f.many && len(value) >= 8 }

// find returns the rules that admit a value. It compares eight bytes at a time, and calls no
// other function for a string, and one for a pattern: the calls took a tenth of the time of a
// short evaluation.
func (f *few) find(value string) ruleset {
	n := len(value)
	all, first, last := f.listed, word(value), word(value[n-8:])
next:
	for i := range all {
		text := all[i].text
		if len(text) != n || word(text) != first || word(text[n-8:]) != last {
			continue
		}
		for at := 8; at < n-8; at += 8 {
			if word(text[at:at+8]) != word(value[at:at+8]) {
				continue next
			}
		}
		return all[i].rules
	}
	found := f.every
	for i := range f.shapes {
		if s := &f.shapes[i]; s.fits(value) {
			found = found.or(s.rules)
		}
	}
	return found
}

// fits reports whether a pattern admits a value of eight bytes or more.
func (s *shape) fits(value string) bool {
	n := len(value)
	if n < s.shortest || !s.head.isOf(word(value)) || !s.tail.isOf(word(value[n-8:])) {
		return false
	}
	for at := 8; at < len(s.prefix); at += 8 {
		end := min(at+8, len(s.prefix))
		if word(s.prefix[end-8:end]) != word(value[end-8:end]) {
			return false
		}
	}
	for at := 8; at < len(s.suffix); at += 8 {
		start := max(len(s.suffix)-at-8, 0)
		if word(s.suffix[start:]) != word(value[n-len(s.suffix)+start:]) {
			return false
		}
	}
	return true
}

// admits is fits for a value of any length.
func (s *shape) admits(value string) bool {
	return len(value) >= s.shortest && strings.HasPrefix(value, s.prefix) && strings.HasSuffix(value, s.suffix)
}
