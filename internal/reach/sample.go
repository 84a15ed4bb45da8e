package reach

import "strings"

// A Sample is a text that stands for all texts which the same patterns admit.
type Sample struct {
	Text string
	// Entry is the pattern that the text was made of: the text itself, or one with a
	// star in the place of what was filled in.
	Entry string
}

// mostSamples bounds the samples of a list of patterns.
const mostSamples = 1 << 14

// Samples returns texts of which each set of these patterns that some text meets is met
// by one: the texts without a star; for every head and every tail the two with
// something between them that no pattern has; and the short texts in which head and
// tail share characters. Whoever matches any text matches the same patterns as one
// of these. The result is false if that would be too many, or if no letter is left
// that no pattern has: the samples are then some.
//
// Why they suffice: of the patterns that admit a text, take the longest head P and the
// longest tail S. If the text is at least as long as both together, P, something
// and S is admitted by the same patterns. If it is shorter, head and tail overlap in
// it, and it is listed.
func Samples(patterns []Pattern, letters string) ([]Sample, bool) {
	fill, free := unused(patterns, letters)
	s := samples{seen: make(map[string]bool)}
	heads, tails := []string{""}, []string{""}
	for _, p := range patterns {
		if !p.Star {
			s.add(p.Head, p.Head)
			continue
		}
		heads, tails = appendNew(heads, p.Head), appendNew(tails, p.Tail)
	}
	if len(heads)*len(tails) > mostSamples {
		s.overflow = true
		for _, p := range patterns {
			if p.Star {
				s.add(p.Head+fill+p.Tail, p.Head+"*"+p.Tail)
			}
		}
		s.add(fill, "*")
		return s.list, false
	}
	for _, head := range heads {
		for _, tail := range tails {
			s.add(head+fill+tail, head+"*"+tail)
			s.overlaps(head, tail)
		}
	}
	return s.list, free && !s.overflow
}

type samples struct {
	list     []Sample
	seen     map[string]bool
	overflow bool
}

func (s *samples) add(text, entry string) {
	if s.seen[text] {
		return
	}
	if len(s.list) == mostSamples {
		s.overflow = true
		return
	}
	s.seen[text] = true
	s.list = append(s.list, Sample{text, entry})
}

// overlaps adds the texts that begin with head, end with tail, and are shorter than
// both, and the one in which nothing stands between them.
func (s *samples) overlaps(head, tail string) {
	for n := range min(len(head), len(tail)) + 1 {
		if strings.HasSuffix(head, tail[:n]) {
			text := head + tail[n:]
			s.add(text, text)
		}
	}
}

// unused returns a letter that stands in no pattern; false if there is none.
func unused(patterns []Pattern, letters string) (string, bool) {
	for i := range len(letters) {
		letter := letters[i : i+1]
		taken := false
		for _, p := range patterns {
			taken = taken || strings.Contains(p.Head, letter) || strings.Contains(p.Tail, letter)
		}
		if !taken {
			return letter, true
		}
	}
	return letters[:1], false
}

func appendNew(list []string, text string) []string {
	for _, other := range list {
		if other == text {
			return list
		}
	}
	return append(list, text)
}
