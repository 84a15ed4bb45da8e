// Package diagnosis names the bugs behind the failures of a conformance run.
//
// Servers and middleware have had the same bugs over and over again: 191 classes of
// them are known. Of each class this package has a fingerprint: which vectors a server
// with exactly this bug fails, and how its answers differ. The fingerprints were
// recorded by running the kit against servers that have the bug on purpose.
// [Diagnose] matches them with the failures of a run.
package diagnosis

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// A Diagnosis is a bug that a server, or an evaluator, seems to have.
type Diagnosis struct {
	// Bug is the name of the class of bugs.
	Bug string `json:"bug"`
	// Title says in plain words what is wrong. It names the other classes that the
	// results do not tell from this one.
	Title string `json:"title"`
	// Seen are the addresses of reports about others who had the bug, or the names
	// of others who had it. It is empty, and not nil, if there is nobody to name.
	Seen []string `json:"seen"`
	// Explains are the ids of the vectors with a difference that the bug explains
	// and that the diagnoses before do not explain, in the order of the results.
	Explains []string `json:"explains"`
	// Confidence says how sure the diagnosis is, from 0 to 1 in hundredths. It is
	// the share of what the bug would change that is seen to be changed so, among
	// the vectors that were asked, with one more vector counted as not changed. So a
	// bug that shows in one vector, exactly as it would, has 0.5, one that shows in
	// 19 has 0.95. What a diagnosis before explains is not counted as seen. What is
	// changed, but in another way, counts in part.
	Confidence float64 `json:"confidence"`
}

// Diagnose returns the bugs that explain the failures of a run, the likeliest first: the
// number of vectors that a bug explains is weighed with its confidence. It returns none if
// nothing failed, or if no bug that is known resembles what failed.
//
// Results with another verdict than Pass and Fail count for nothing, and so does what is
// not there, so that the results of a part of the vectors are diagnosed as well. The
// same results, in whatever order, have the same diagnoses, but for the order of
// Explains.
func Diagnose(results []conformance.Result) []Diagnosis {
	seen := observe(results)
	if len(seen.order) == 0 {
		return nil
	}
	var diagnoses []Diagnosis
	for named := make(map[*bug]bool); ; {
		best := seen.likeliest(named)
		if best == nil {
			break
		}
		d := best.diagnosis(seen)
		for _, m := range best.same {
			named[m.bug] = true
		}
		named[best.bug] = true
		if len(d.Explains) == 0 {
			break
		}
		diagnoses = append(diagnoses, d)
	}
	weight := func(d Diagnosis) float64 { return d.Confidence * float64(len(d.Explains)) }
	slices.SortStableFunc(diagnoses, func(a, b Diagnosis) int { return cmp.Compare(weight(b), weight(a)) })
	return diagnoses
}

// What the evidence has to be for a bug to be named. The numbers were chosen so that
// bugs of the list are named, alone and in pairs, and failures drawn at random are not.
const (
	leastShare      = 0.6 // of what the bug would change, what is changed
	leastFresh      = 0.9 // vectors' worth of differences that no other bug explains
	leastConfidence = 0.4
	many            = 100  // vectors, more than fail for nothing
	mostOf          = 0.8  // of all failures, which a vague fingerprint has to hold
	timesChance     = 2.0  // as many as chance would bring
	leastCover      = 0.25 // of the differences of the vectors that the bug explains
)

// A match is how well a fingerprint fits what was seen.
type match struct {
	bug     *bug
	print   *fingerprint
	fresh   float64 // vectors' worth of differences as the bug makes them, unexplained so far
	known   float64 // the same, explained by another bug
	against float64 // vectors' worth of differences that the bug would make, and that are not there
	covers  float64 // vectors' worth of differences that are there, unexplained so far
	exact   float64 // unexplained differences that are exactly as the bug makes them; similar ones count half
	fails   float64 // vectors that fail, of a vague fingerprint
	decided float64 // those of them where another rule seems to decide
	chance  float64 // vectors that would fail by chance
	isMost  bool    // it holds more than two thirds of the vectors that have unexplained differences
	same    []*match
}

// score weighs what a bug explains against what speaks against it. Of two bugs that are
// wholly there, the one that explains more of what is seen is the likelier.
func (m *match) score() float64 { return m.covers - m.against }

// convinces reports whether the evidence is not too thin: two differences are exactly as
// the bug makes them, or the bug can make only one, and that is there.
func (m *match) convinces() bool {
	seen := m.fresh + m.known
	switch {
	case m.exact < 2 && (m.exact < 1 || m.against > 0 || len(m.print.fails) > 1):
		return false
	case m.fresh < leastFresh, m.confidence() < leastConfidence, seen < leastShare*(seen+m.against):
		return false
	}
	return m.covers >= leastCover*m.fresh && (m.isMost || m.fresh >= timesChance*m.chance)
}

// confidence is what Diagnosis.Confidence says.
func (m *match) confidence() float64 { return m.fresh / (m.fresh + m.against + 1) }

// likeliest returns the bug that explains the most of what is unexplained, nil if none
// convinces. Those that fit equally well are in its field same.
func (seen *observations) likeliest(named map[*bug]bool) *match {
	var best *match
	all, crowds := seen.tallies(), make(crowds)
	for i := range bugs {
		if named[&bugs[i]] {
			continue
		}
		m := seen.fit(&bugs[i], all, crowds)
		switch {
		case m == nil || !m.convinces():
		case best == nil || m.score() > best.score()+1e-9:
			best = m
		case m.score() > best.score()-1e-9 && m.fresh > best.fresh-1e-9 && m.fresh < best.fresh+1e-9:
			best = preferred(best, m)
		}
	}
	return best
}

// preferred returns the one of two that fit equally well which real servers had, and
// notes the other.
func preferred(a, b *match) *match {
	if len(a.bug.Seen) == 0 && len(b.bug.Seen) > 0 {
		a, b = b, a
	}
	a.same = append(append(a.same, b), b.same...)
	b.same = nil
	return a
}

// fit matches the fingerprints of a bug, and returns the match of the best; nil if
// there is none.
func (seen *observations) fit(b *bug, all *tallies, crowds crowds) *match {
	var best *match
	for _, print := range fingerprints()[b.Name] {
		m := &match{bug: b, print: print}
		var held tallies
		var vectors []*observation
		alike := make(map[likeness]int)
		for _, f := range print.fails {
			o, asked := seen.of[f.id]
			if !asked {
				continue
			}
			held.add(o)
			vectors = append(vectors, o)
			if o.isOpen() && f.step == o.step {
				alike[o.likenessTo(f)]++
			}
			switch {
			case o.passed():
				m.against += f.certain()
			case print.vague:
				m.count(f, o)
			default:
				m.compare(f, o, seen.constants)
			}
		}
		if print.vague && (m.fails < mostOf*float64(len(seen.order)) || 2*m.decided < m.fails) {
			continue
		}
		m.chance = seen.chance(vectors, alike, crowds)
		m.isMost = 3*held.open() > 2*all.open() && all.open() >= many
		if best == nil || m.score() > best.score() {
			best = m
		}
	}
	return best
}

// count weighs a failure of which nothing is known but that another rule decides. It
// explains half as much as one whose differences are known.
func (m *match) count(f *failure, o *observation) {
	m.fails++
	if o.isDecidedOtherwise() {
		m.decided++
	}
	fresh := f.share * float64(len(o.got)-len(o.explained)) / float64(len(o.got))
	m.fresh += fresh
	m.known += f.share - fresh
	m.covers += fresh / 2
	m.exact++
}

// compare weighs what a bug would change in a vector against what was seen there. A
// vector counts for one, however many differences it has.
func (m *match) compare(f *failure, o *observation, fixed constants) {
	if f.step > o.step {
		return // the steps behind the first that differs were not judged
	}
	if f.step < o.step {
		m.against += f.certain()
		return
	}
	count := 0
	for _, d := range f.diffs {
		if _, there := o.got[d.what]; there || !d.maybe {
			count++
		}
	}
	for _, d := range f.diffs {
		got, there := o.got[d.what]
		weight := 1 / float64(count)
		switch {
		case !there && d.maybe:
			continue
		case !there:
			m.against += weight
			continue
		}
		like := similarity(o.want[d.what], d.got, got)
		if slices.Contains(d.got, constant) && fixed.is(d.what) {
			like = 1
		}
		m.against += weight * (1 - like)
		weight *= like
		if o.explained[d.what] {
			m.known += weight
			continue
		}
		if like > 0.5 {
			m.exact += max(0.5, 2*like-1)
		}
		m.fresh += weight
		m.covers += weight * float64(count) / float64(max(count, len(o.got)-len(o.explained)))
	}
}

// diagnosis notes what the bug explains, and says so.
func (m *match) diagnosis(seen *observations) Diagnosis {
	d := Diagnosis{Bug: m.bug.Name, Title: m.bug.Title, Seen: slices.Clone(m.bug.Seen),
		Confidence: math.Round(100*m.confidence()) / 100}
	if d.Seen == nil {
		d.Seen = []string{}
	}
	if len(m.same) > 0 {
		names := make([]string, len(m.same))
		for i, other := range m.same {
			names[i] = other.bug.Name
		}
		d.Title += " (or " + strings.Join(names, " or ") + ", which these results do not tell from it)"
	}
	explained := make(map[string]bool)
	for _, f := range m.print.fails {
		o := seen.of[f.id]
		if o == nil || o.passed() {
			continue
		}
		if m.print.vague {
			explained[f.id] = o.isOpen()
			for what := range o.got {
				o.explained[what] = true
			}
			continue
		}
		if o.step != f.step {
			continue
		}
		for _, diff := range f.diffs {
			if _, there := o.got[diff.what]; there && !o.explained[diff.what] {
				o.explained[diff.what] = true
				explained[f.id] = true
			}
		}
	}
	for _, id := range seen.order {
		if explained[id] {
			d.Explains = append(d.Explains, id)
		}
	}
	return d
}
