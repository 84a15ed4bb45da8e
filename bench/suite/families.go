package suite

import (
	"slices"

	"github.com/s3cors/s3cors/bench/work"
)

// Families returns all tables but Parallel, whose cases are also in others.
func Families() []Family {
	families := []Family{Evaluate(), HTTP(), Fiber(), Parse(), Compile()}
	for _, s := range Scales() {
		families = append(families, s.Family())
	}
	return families
}

// Parallel is deciding on one policy from several goroutines at once, and arithmetic, which
// says what the machine itself gains by more of its cores.
func Parallel() Family {
	names := []string{"exact origin, actual", "5 headers", "5 headers, mixed case", "100 rules, last, 5 headers"}
	workloads := slices.DeleteFunc(work.All(), func(w Workload) bool { return !slices.Contains(names, w.Name) })
	engines := append(evaluators()[:3:3], Engine{Name: "s3cors, a policy each", Prepare: prepareApart})
	f := family("Parallel", "From all cores at once", workloads, engines)
	f.Cases = append(f.Cases, *Arithmetic(), *DependentArithmetic())
	return f
}

// prepareApart gives each goroutine a policy and a request of its own: a control, which gains
// more than one policy for all if that costs something.
func prepareApart(w *Workload) Run { return func(n int) int { return work.Evaluate(w)(n) } }
