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
	title   string
	results []*conformance.Result // those at must first
}

// groups returns all failures and errors: those of each diagnosis, then those that no
// diagnosis explains by feature, then those without an answer by what happened. Each
// stands in one group only, the first that it belongs to.
func (r *Report) groups() []group {
	left := make([]*conformance.Result, 0, len(r.Results))
	for i := range r.Results {
		if failed(&r.Results[i]) {
			left = append(left, &r.Results[i])
		}
	}
	slices.SortStableFunc(left, func(a, b *conformance.Result) int {
		return cmp.Compare(strictness(a), strictness(b))
	})
	var all []group
	take := func(title string, belongs func(*conformance.Result) bool) {
		g := group{title: title}
		var rest []*conformance.Result
		for _, res := range left {
			if belongs(res) {
				g.results = append(g.results, res)
			} else {
				rest = append(rest, res)
			}
		}
		left = rest
		if g.results != nil {
			all = append(all, g)
		}
	}
	for i, d := range r.Diagnoses {
		take(fmt.Sprintf("Diagnosis %d: %s", i+1, printable.String(d.Title)), func(res *conformance.Result) bool {
			return slices.Contains(d.Explains, res.Vector.ID)
		})
	}
	for _, f := range conformance.AllFeatures() {
		take(r.unexplained(f), func(res *conformance.Result) bool {
			return res.Verdict == conformance.Fail && res.Of(f) == conformance.Fail
		})
	}
	take("Other failures", func(res *conformance.Result) bool { return res.Verdict == conformance.Fail })
	for len(left) > 0 {
		reason := left[0].Reason
		take("No answer: "+printable.String(reason), func(res *conformance.Result) bool { return res.Reason == reason })
	}
	return all
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
