package diagnosis

import (
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// An observation is what a run says of a vector that it asked.
type observation struct {
	kind      kind
	step      int               // the step that differs; 0 where there are no steps
	got       map[string]string // by what differs; empty if the vector passed
	want      map[string]string // by what differs
	explained map[string]bool   // by what differs
}

// isDecidedOtherwise reports whether more differs than a header that goes with a grant.
func (o *observation) isDecidedOtherwise() bool {
	for what := range o.got {
		switch what {
		case "status", "access-control-allow-origin", "error", "error.message", "body", "config", "xml":
			return true
		}
	}
	return false
}

func (o *observation) passed() bool { return len(o.got) == 0 }
func (o *observation) isOpen() bool { return len(o.explained) < len(o.got) }

// A kind is what vectors have in common that tend to fail together.
type kind uint8

func kindOf(v *vectors.Vector) kind {
	var k kind
	for i, has := range []bool{v.Request != nil, v.Steps != nil, len(v.Expect.Headers) > 0, v.Expect.Error != nil,
		v.Request != nil && v.Request.Method == "OPTIONS"} {
		if has {
			k |= 1 << i
		}
	}
	return k
}

// observations are what a run says.
type observations struct {
	of    map[string]*observation // of the vectors that passed or failed
	order []string                // the ids of the failures, in the order of the results

	constants constants
}

func observe(results []conformance.Result) *observations {
	seen := &observations{of: make(map[string]*observation), constants: make(constants)}
	for i := range results {
		r := &results[i]
		if r.Verdict != conformance.Pass && r.Verdict != conformance.Fail {
			continue
		}
		o := &observation{kind: kindOf(r.Vector), got: make(map[string]string), want: make(map[string]string), explained: make(map[string]bool)}
		for _, d := range r.Diffs {
			if d.What == "outcome" || d.What == "rule" {
				continue // which an evaluator may say or not
			}
			what, step, got := normal(d)
			o.got[what], o.want[what], o.step = got, shortened(what, d.Want), step
		}
		if r.Verdict == conformance.Fail && o.passed() {
			continue // nothing can be said of it
		}
		seen.of[r.Vector.ID] = o
		seen.constants.note(o)
		if !o.passed() {
			seen.order = append(seen.order, r.Vector.ID)
		}
	}
	return seen
}

// A tally is how many vectors of a kind were asked, and how many of them have
// differences that no bug explains.
type tally struct{ asked, open int }

// tallies are those of all kinds.
type tallies [32]tally

func (t *tallies) add(o *observation) {
	t[o.kind].asked++
	if o.isOpen() {
		t[o.kind].open++
	}
}

func (t *tallies) open() int {
	open := 0
	for _, of := range t {
		open += of.open
	}
	return open
}

func (seen *observations) tallies() *tallies {
	var all tallies
	for _, o := range seen.of {
		all.add(o)
	}
	return &all
}

// chance is how many of the failures that a fingerprint holds would be there if its
// vectors failed as often as the others of their kinds do. Where almost everything fails,
// every bug fits.
func chance(all, held *tallies) float64 {
	expected := 0.0
	for k, in := range held {
		if outside := all[k].asked - in.asked; outside > 0 {
			expected += float64(in.open) * float64(all[k].open-in.open) / float64(outside)
		}
	}
	return expected
}
