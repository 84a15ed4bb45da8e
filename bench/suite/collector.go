package suite

import (
	"runtime/metrics"
	"time"
)

// A collector is the account that the runtime keeps of the collector of garbage.
type collector struct {
	allocated uint64 // bytes
	pauses    *metrics.Float64Histogram
}

func readCollector() collector {
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/sched/pauses/total/gc:seconds"}}
	metrics.Read(samples)
	return collector{allocated: samples[0].Value.Uint64(), pauses: samples[1].Value.Float64Histogram()}
}

// longestPauseSince returns the upper bound of the longest pause between two accounts, as
// exactly as the runtime's histogram tells it; 0 if there was none.
func (c collector) longestPauseSince(before collector) time.Duration {
	for i := len(c.pauses.Counts) - 1; i >= 0; i-- {
		if c.pauses.Counts[i] > before.pauses.Counts[i] {
			return time.Duration(c.pauses.Buckets[i+1] * float64(time.Second))
		}
	}
	return 0
}
