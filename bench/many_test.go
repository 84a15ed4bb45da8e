package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/bench/suite"
)

func TestTheReportOfManyBucketsCalculatesFromWhatWasMeasured(t *testing.T) {
	lookups := make([]time.Duration, 1001)
	for i := range lookups {
		lookups[i] = time.Duration(i) * time.Microsecond
	}
	var b strings.Builder
	manyBuckets(&b, &suite.LoadReport{
		Load:       suite.Load{Buckets: 1000, Replaced: 120_000, Paced: 3 * time.Second},
		Fleets:     []suite.Fleet{{Name: "no configuration", Buckets: 1000, Bytes: 398_000}, {Name: "the mix", Buckets: 1000, Bytes: 6_000_000}},
		Change:     suite.Change{Processor: 50 * time.Microsecond, Allocated: 1000},
		Collection: 6 * time.Millisecond,
		Lookups:    lookups,
		Pause:      75 * time.Microsecond,
	})
	text := b.String()
	require.Contains(t, text, "| no configuration | 1000 | 398000 | 398 |\n| the mix | 1000 | 6000000 | 6000 |\n")
	require.Contains(t, text, ": 50.0 µs of a processor and 1000 bytes allocated, the mean of 120000 changes. One collection of the garbage takes 6.00 ms of processors. "+
		"So 1000 changes a second take 5.0 % of one processor, and the collector, which has to run every 6 s, 0.1 %.\n")
	require.Contains(t, text, "of 1001 look-ups with a decision, half took 500 µs at most, 99 of 100 990 µs, 999 of 1,000 999 µs, the slowest 1.00 ms. "+
		"The longest stop of all goroutines was 75.0 µs.\n")
	require.Contains(t, text, "60.0 GB, and twice that before the collector runs (`GOGC=100`). Each of its runs would take 60.0 s of processors; ")
}
