package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/internal/printable"
)

// A group is failures that belong together.
type group struct {
	title     string
	diagnosed bool                  // they are those of a diagnosis
	results   []*conformance.Result // those at must first
}

// reasons is the number of groups that there are at most for vectors without an
// answer. The last of them has whatever is left.
const reasons = 5

// groups returns all failures and errors: those of each diagnosis, then those that no
// diagnosis explains by feature, then those without an answer by what happened. Each
// stands in one group only, the first that it belongs to.
func (r *Report) groups() []group {
	s := sorting{left: r.strictestFirst()}
	for i, d := range r.Diagnoses {
		title := fmt.Sprintf("Diagnosis %d: %s", i+1, printable.String(d.Title))
		s.take(group{title: title, diagnosed: true}, func(res *conformance.Result) bool {
			return slices.Contains(d.Explains, res.Vector.ID)
		})
	}
	for _, f := range conformance.AllFeatures() {
		s.take(group{title: r.unexplained(f)}, func(res *conformance.Result) bool {
			return res.Verdict == conformance.Fail && res.Of(f) == conformance.Fail
		})
	}
	s.take(group{title: "Other failures"}, func(res *conformance.Result) bool { return res.Verdict == conformance.Fail })
	s.takeByReason()
	return s.groups
}

// strictestFirst returns the failures and errors, those at must first.
func (r *Report) strictestFirst() []*conformance.Result {
	var all []*conformance.Result
	for i := range r.Results {
		if failed(&r.Results[i]) {
			all = append(all, &r.Results[i])
		}
	}
	slices.SortStableFunc(all, func(a, b *conformance.Result) int { return cmp.Compare(strictness(a), strictness(b)) })
	return all
}

// A sorting is results that are being put into groups.
type sorting struct {
	groups []group
	left   []*conformance.Result
}

// take moves the results that belong to a group into it. A group without any is none.
func (s *sorting) take(g group, belongs func(*conformance.Result) bool) {
	var rest []*conformance.Result
	for _, res := range s.left {
		if belongs(res) {
			g.results = append(g.results, res)
		} else {
			rest = append(rest, res)
		}
	}
	s.left = rest
	if g.results != nil {
		s.groups = append(s.groups, g)
	}
}

// takeByReason makes groups of what is left by the reason why there is no answer.
func (s *sorting) takeByReason() {
	for n := 1; len(s.left) > 0 && n < reasons; n++ {
		reason := s.left[0].Reason
		s.take(group{title: "No answer: " + cut(reason, 0)}, func(res *conformance.Result) bool { return res.Reason == reason })
	}
	s.take(group{title: "No answer, for other reasons"}, func(*conformance.Result) bool { return true })
}

// unexplained titles the failures of a feature. Without diagnoses there is nothing
// that would explain any.
func (r *Report) unexplained(f conformance.Feature) string {
	if len(r.Diagnoses) == 0 {
		return "Failures: " + string(f)
	}
	return "Not explained: " + string(f)
}

func strictness(res *conformance.Result) int {
	return slices.Index(levels, conformance.LevelOf(res.Vector))
}
