package suite_test

import (
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/s3cors/s3cors/bench/suite"
	"github.com/s3cors/s3cors/bench/work"
)

func BenchmarkEvaluate(b *testing.B) { family(b, suite.Evaluate()) }
func BenchmarkHTTP(b *testing.B)     { family(b, suite.HTTP()) }
func BenchmarkFiber(b *testing.B)    { family(b, suite.Fiber()) }
func BenchmarkParse(b *testing.B)    { family(b, suite.Parse()) }
func BenchmarkCompile(b *testing.B)  { family(b, suite.Compile()) }

func BenchmarkScale(b *testing.B) {
	for _, s := range suite.Scales() {
		b.Run(s.Name, func(b *testing.B) { family(b, s.Family()) })
	}
}

// BenchmarkParallel reports the time of processors as well: where it is more for each
// request on two processors than on one, they share something.
func BenchmarkParallel(b *testing.B) {
	f := suite.Parallel()
	for _, c := range f.Cases {
		b.Run(name(&c), func(b *testing.B) { work.Measure(b, onAll(c.Prepare())) })
	}
}

// onAll divides the work among as many goroutines as there are processors. They share what
// run has prepared, which nobody writes, and count on stacks of their own.
func onAll(run work.Run) work.Run {
	return func(n int) int {
		workers := runtime.GOMAXPROCS(0)
		var all sync.WaitGroup
		for range workers {
			all.Go(func() { run(n/workers + 1) })
		}
		all.Wait()
		return n
	}
}

// family runs all engines on a workload before it goes on to the next, so that
// what is compared is measured within a second.
func family(b *testing.B, f suite.Family) {
	for _, c := range f.Cases {
		b.Run(name(&c), func(b *testing.B) {
			got := work.Measure(b, c.Prepare())
			if (got == b.N) != (c.Granted == (suite.Differs(&c) == nil)) {
				b.Fatalf("%d of %d were granted", got, b.N)
			}
		})
	}
}

// name is the key of a case within its family.
func name(c *suite.Case) string { return strings.TrimPrefix(c.Key(), c.Family+"/") }
