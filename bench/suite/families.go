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
	f := family("Parallel", "From all cores at once", workloads, evaluators()[:3])
	f.Cases = append(f.Cases, *Arithmetic(), *DependentArithmetic())
	return f
}
