package suite

import (
	"runtime/metrics"
	"time"
)

// A collector is the account that the runtime keeps of the collector of garbage.
type collector struct {
	cycles    uint64
	allocated uint64        // bytes
	took      time.Duration // of all processors
	pauses    *metrics.Float64Histogram
}

func readCollector() collector {
	samples := []metrics.Sample{
		{Name: "/gc/cycles/total:gc-cycles"},
		{Name: "/gc/heap/allocs:bytes"},
		{Name: "/cpu/classes/gc/total:cpu-seconds"},
		{Name: "/sched/pauses/total/gc:seconds"},
	}
	metrics.Read(samples)
	return collector{
		cycles:    samples[0].Value.Uint64(),
		allocated: samples[1].Value.Uint64(),
		took:      seconds(samples[2].Value.Float64()),
		pauses:    samples[3].Value.Float64Histogram(),
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// longestPauseSince returns the upper bound of the longest pause between two accounts, as
// exactly as the runtime's histogram tells it; 0 if there was none.
func (c collector) longestPauseSince(before collector) time.Duration {
	for i := len(c.pauses.Counts) - 1; i >= 0; i-- {
		if c.pauses.Counts[i] > before.pauses.Counts[i] {
			return seconds(c.pauses.Buckets[i+1])
		}
	}
	return 0
}
