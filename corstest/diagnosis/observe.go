package diagnosis

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// An observation is what a run says of a vector that it asked.
type observation struct {
	kind      kind
	step      int               // the step that differs; 0 where there are no steps
	got       map[string]string // by what differs; empty if the vector passed
	want      map[string]string // by what differs
	shapes    map[string]shape  // by what differs
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
		o := &observation{kind: kindOf(r.Vector), got: make(map[string]string), want: make(map[string]string), shapes: make(map[string]shape), explained: make(map[string]bool)}
		for _, d := range r.Diffs {
			if d.What == "outcome" || d.What == "rule" {
				continue // which an evaluator may say or not
			}
			what, step, got := normal(d)
			o.got[what], o.want[what], o.step = got, shortened(what, d.Want), step
			o.shapes[what] = shapeOf(o.want[what], got)
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

// A likeness is what a vector has in common with others by chance: its kind, and how what
// a bug would change there differs.
type likeness struct {
	kind   kind
	shapes string // what differs, each with its shape, sorted
}

// likenessTo returns the likeness of a vector by what a bug would change in it and what
// is unexplained.
func (o *observation) likenessTo(f *failure) likeness {
	var parts []string
	for _, d := range f.diffs {
		if _, there := o.got[d.what]; there && !o.explained[d.what] {
			parts = append(parts, d.what+"="+string(rune('a'+o.shapes[d.what])))
		}
	}
	slices.Sort(parts)
	return likeness{o.kind, strings.Join(parts, "\n")}
}

// has reports whether a vector differs so.
func (o *observation) has(l likeness) bool {
	if o.kind != l.kind {
		return false
	}
	for part := range strings.SplitSeq(l.shapes, "\n") {
		what, is, _ := strings.Cut(part, "=")
		if _, there := o.got[what]; !there || o.explained[what] || string(rune('a'+o.shapes[what])) != is {
			return false
		}
	}
	return true
}

// A crowd counts how many vectors of a kind were asked, and how many differ in one way.
type crowd struct{ asked, alike int }

// crowds are those of all likenesses that were asked for, as long as nothing is explained.
type crowds map[likeness]crowd

// of counts among all vectors.
func (c crowds) of(l likeness, seen *observations) crowd {
	if known, ok := c[l]; ok {
		return known
	}
	c[l] = count(l, maps.Values(seen.of))
	return c[l]
}

func count(l likeness, among iter.Seq[*observation]) crowd {
	var n crowd
	for o := range among {
		if o.kind == l.kind {
			n.asked++
		}
		if o.has(l) {
			n.alike++
		}
	}
	return n
}

// chance is how many of the failures that a fingerprint holds would be there if its
// vectors differed in that way as often as the others of their kinds do. Where almost
// everything lacks its headers, every bug that takes headers away fits.
func (seen *observations) chance(held []*observation, alike map[likeness]int, all crowds) float64 {
	expected := 0.0
	for l, n := range alike {
		in, every := count(l, slices.Values(held)), all.of(l, seen)
		if outside := every.asked - in.asked; outside > 0 {
			expected += float64(n) * float64(every.alike-in.alike) / float64(outside)
		}
	}
	return expected
}
