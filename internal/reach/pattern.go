// Package reach reasons about the sets of texts that the entries of a rule admit:
// is one within another, and which few requests show all that a configuration can
// do? What it claims, it can prove; where a proof would cost too much, it says so.
package reach

import "strings"

// A Pattern is an entry of AllowedOrigins or AllowedHeaders: a text, or one with a
// "*" that stands for any text, the empty one included.
type Pattern struct {
	Head string // before the star, or the whole text
	Tail string // behind the star
	Star bool
}

// PatternOf reads an entry. Of several stars the first counts.
func PatternOf(entry string) Pattern {
	head, tail, star := strings.Cut(entry, "*")
	return Pattern{head, tail, star}
}

// HeaderPatternOf reads an entry of AllowedHeaders, whose case does not count.
func HeaderPatternOf(entry string) Pattern { return PatternOf(Lower(entry)) }

// Admits reports whether the pattern admits a text. Head and tail do not overlap
// (4.4/no-overlap).
func (p Pattern) Admits(text string) bool {
	if !p.Star {
		return text == p.Head
	}
	return len(text) >= len(p.Head)+len(p.Tail) && strings.HasPrefix(text, p.Head) && strings.HasSuffix(text, p.Tail)
}

// Overlaps reports whether the pattern admits a text where head and tail may share
// characters, as for Ceph (ceph-2/overlap).
func (p Pattern) Overlaps(text string) bool {
	if !p.Star {
		return text == p.Head
	}
	return strings.HasPrefix(text, p.Head) && strings.HasSuffix(text, p.Tail)
}

// Within reports whether q admits all that p admits. It holds as well where head and
// tail may overlap.
func (p Pattern) Within(q Pattern) bool {
	if !p.Star {
		return q.Admits(p.Head)
	}
	return q.Star && strings.HasPrefix(p.Head, q.Head) && strings.HasSuffix(p.Tail, q.Tail)
}

// Lower returns s with its ASCII letters in lower case.
func Lower(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
