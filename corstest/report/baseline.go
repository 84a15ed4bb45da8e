package report

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// A Baseline is the list of the vectors that are known to fail, with why. The zero
// value is empty.
//
// It is a text, a vector a line:
//
//	two-rules-one-origin  # we try only the first rule, issue 12
//
// The reason, and what separates it, may be absent. Empty lines, and lines that begin
// with a number sign, are comments.
type Baseline struct {
	Entries []Entry
}

// An Entry is a line of a Baseline.
type Entry struct {
	ID     string
	Reason string // "" if none is given
	Line   int    // its number, from 1
}

// idOf is what an id looks like.
var idOf = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ParseBaseline reads a Baseline. The error holds all that is wrong with it, a line
// each, which names the file and the number of the line: what is no id, and what
// stands there twice.
func ParseBaseline(name string, text []byte) (*Baseline, error) {
	b := &Baseline{}
	var all []error
	lines := make(map[string]int)
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		n++
		id, reason, _ := strings.Cut(line, "#")
		e := Entry{ID: strings.TrimSpace(id), Reason: strings.TrimSpace(reason), Line: n}
		switch first, ok := lines[e.ID]; {
		case e.ID == "":
		case !idOf.MatchString(e.ID):
			all = append(all, fmt.Errorf("%s:%d: %q is no id of a vector; a line is: id  # reason", name, n, e.ID))
		case ok:
			all = append(all, fmt.Errorf("%s:%d: %s stands in line %d already", name, n, e.ID, first))
		default:
			lines[e.ID] = n
			b.Entries = append(b.Entries, e)
		}
	}
	if all != nil {
		return nil, errors.Join(all...)
	}
	return b, nil
}

// Compare returns a line for each thing that is not as the baseline says, in the order
// of the results and then of the baseline; nil if all is. There are three: a vector at
// must that failed and is not listed, one that is listed and passed, and a listed id
// that known does not know. A vector without an answer has failed.
//
// A listed vector that was skipped, or that was not chosen, is neither: nothing is
// known of it, and what is known from elsewhere stays true. A listed vector may be of
// any level; those of should and may need not be listed.
func (b *Baseline) Compare(results []conformance.Result, known func(id string) bool) []string {
	entries := make(map[string]Entry, len(b.Entries))
	for _, e := range b.Entries {
		entries[e.ID] = e
	}
	var lines []string
	for i := range results {
		res := &results[i]
		e, ok := entries[res.Vector.ID]
		switch {
		case !ok && failed(res) && conformance.LevelOf(res.Vector) == conformance.Must:
			lines = append(lines, "new failure: "+res.Vector.ID+": "+summary(res))
		case ok && res.Verdict == conformance.Pass:
			lines = append(lines, fmt.Sprintf("unexpected pass: %s: take it out of line %d of the baseline", e.ID, e.Line))
		}
	}
	for _, e := range b.Entries {
		if !known(e.ID) {
			lines = append(lines, fmt.Sprintf("unknown vector: %s, in line %d of the baseline", e.ID, e.Line))
		}
	}
	return lines
}

// NewBaseline returns the text of a baseline of the vectors at must that failed, each
// with what differs for a reason. ParseBaseline reads it, and Compare then finds
// nothing.
func NewBaseline(results []conformance.Result) []byte {
	var b strings.Builder
	b.WriteString("# Vectors that are known to fail. A line is: id  # reason\n")
	for i := range results {
		res := &results[i]
		if failed(res) && conformance.LevelOf(res.Vector) == conformance.Must {
			b.WriteString(res.Vector.ID + "  # " + shorten(summary(res), longText) + "\n")
		}
	}
	return []byte(b.String())
}
