package work_test

import (
	"testing"

	"github.com/s3cors/s3cors/bench/work"
)

// These are the cases of package suite, without the peers. They use package testing
// alone, so that they build beside an older commit.

func BenchmarkEvaluate(b *testing.B) { each(b, work.All(), work.Evaluate) }

func BenchmarkHTTP(b *testing.B) {
	var single []work.Workload
	for _, w := range work.All() {
		if len(w.Rules) == 1 {
			single = append(single, w)
		}
	}
	each(b, single, work.HTTP)
}

func each(b *testing.B, workloads []work.Workload, prepare func(*work.Workload) work.Run) {
	for _, w := range workloads {
		b.Run(work.Key(w.Name)+"/"+work.Key(work.Engine), func(b *testing.B) {
			granted := work.Measure(b, prepare(&w))
			if granted != work.AllOrNone(w.Granted(), b.N) {
				b.Fatalf("%d of %d were granted", granted, b.N)
			}
		})
	}
}
