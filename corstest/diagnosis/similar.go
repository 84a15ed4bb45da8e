package diagnosis

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// similarity says how much what is there resembles what a bug puts there: 1 if it is
// the same, less if it only differs from what is expected in the same way, since the
// same bug writes other texts elsewhere: 401 for 403, or another list of methods.
func similarity(want string, bug []string, got string) float64 {
	if slices.Contains(bug, got) {
		return 1
	}
	best := 0.0
	for _, text := range bug {
		switch is, would := shapeOf(want, got), shapeOf(want, text); {
		case is == would:
			best = max(best, 0.8)
		case is != absent && would != absent:
			best = max(best, 0.4)
		default:
			best = max(best, 0.2)
		}
	}
	return best
}

// constant stands in a fingerprint for a text that is the same in all vectors where
// something differs, though others are expected.
const constant = "(always the same)"

// constants are the texts of headers that differ: what is expected, and what is there.
type constants map[string]*struct{ want, got []string }

func (c constants) note(o *observation) {
	for what, got := range o.got {
		if got == conformance.Absent || !strings.HasPrefix(what, "access-control-") {
			continue
		}
		if c[what] == nil {
			c[what] = new(struct{ want, got []string })
		}
		c[what].want, c[what].got = with(c[what].want, o.want[what]), with(c[what].got, got)
	}
}

// is reports whether a header is always the same.
func (c constants) is(what string) bool {
	texts := c[what]
	return texts != nil && len(texts.got) == 1 && len(texts.want) >= 3
}

func with(texts []string, text string) []string {
	if slices.Contains(texts, text) {
		return texts
	}
	return append(texts, text)
}

// A shape is how a text differs from what is expected.
type shape int

const (
	other     shape = iota
	absent          // it is not there
	added           // it is there, and should not be
	more            // all words are there, and others
	fewer           // some words are there, and no others
	rewritten       // the same words, in another case or order
	redirect        // a status of 3xx
	refusal         // a status of 4xx
	failing         // a status of 5xx
	success         // a status of 2xx
)

func shapeOf(want, got string) shape {
	switch {
	case got == conformance.Absent:
		return absent
	case want == conformance.Absent:
		return added
	case isStatus(got):
		return []shape{success, redirect, refusal, failing}[got[0]-'2']
	}
	wanted, there := words(want), words(got)
	has := func(all []string) func(string) bool {
		return func(word string) bool { return !slices.Contains(all, word) }
	}
	lacks, exceeds := slices.ContainsFunc(wanted, has(there)), slices.ContainsFunc(there, has(wanted))
	switch {
	case !lacks && !exceeds:
		return rewritten
	case !lacks:
		return more
	case !exceeds:
		return fewer
	}
	return other
}

func isStatus(text string) bool {
	return len(text) == 3 && '2' <= text[0] && text[0] <= '5' && '0' <= text[1] && text[1] <= '9'
}

// words are the members of a list, in lower case.
func words(list string) []string {
	return strings.FieldsFunc(strings.ToLower(list), func(r rune) bool { return r == ',' || r == ' ' })
}
