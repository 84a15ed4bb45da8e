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
		Load:    suite.Load{Buckets: 1000, Replaced: 120_000, Paced: 3 * time.Second},
		Fleets:  []suite.Fleet{{Name: "no configuration", Buckets: 1000, Bytes: 398_000}, {Name: "the mix", Buckets: 1000, Bytes: 605_999}},
		Change:  suite.Change{Took: 50 * time.Microsecond, Allocated: 12_345.6, Collections: 2, Collecting: 3 * time.Second},
		Lookups: lookups,
		Pauses:  suite.Pauses{Fast: 250 * time.Microsecond, Paced: 75 * time.Microsecond},
	})
	text := b.String()
	require.Contains(t, text, "| no configuration | 398000 | 398 |\n| the mix | 605999 | 605 |\n")
	require.Contains(t, text, ": 50.0 µs and 12346 bytes allocated, of 120000 changes in a row. "+
		"Meanwhile the collector ran 2 times, for 3.00 s of processor time, and stopped everything for 250 µs at most.\n"+
		"So 1000 changes a second take 5.0 % of one processor, and the collector 2.5 %: it runs every 60 s.\n")
	require.Contains(t, text, "of 1001 look-ups with a decision, half took 500 µs at most, 99 of 100 990 µs, 999 of 1,000 999 µs, the slowest 1.00 ms. The longest stop was 75.0 µs.\n")
	require.Contains(t, text, "6.1 GB, and twice that before the collector runs (`GOGC=100`); each of its runs would take 15000 s of processor time.\n")
}

func TestNothingIsCalculatedFromNoCollection(t *testing.T) {
	var b strings.Builder
	manyBuckets(&b, &suite.LoadReport{
		Load:   suite.Load{Buckets: 10, Replaced: 5},
		Fleets: []suite.Fleet{{Name: "the mix", Buckets: 10, Bytes: 6000}},
		Change: suite.Change{Took: time.Microsecond, Allocated: 10},
	})
	require.NotContains(t, b.String(), "NaN")
	require.NotContains(t, b.String(), "Inf")
	require.NotContains(t, b.String(), "So 1000 changes")
	require.NotContains(t, b.String(), "look-ups")
}
