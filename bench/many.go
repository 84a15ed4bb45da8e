package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/s3cors/s3cors/bench/suite"
)

// manyBuckets tells what a cache of many buckets takes, and what it comes to for more.
func manyBuckets(b *strings.Builder, r *suite.LoadReport) {
	fmt.Fprintf(b, "\n## Many buckets\n\nWhat a `corsserver.Cache` of %d buckets keeps, with their names and its map; the mix: %s.\n\n"+
		"| | bytes | for one |\n|---|---:|---:|\n", r.Load.Buckets, suite.FleetMix)
	for _, f := range r.Fleets {
		fmt.Fprintf(b, "| %s | %d | %d |\n", f.Name, f.Bytes, f.Bytes/f.Buckets)
	}
	changes(b, r)
	if r.Load.Paced > 0 {
		lookups(b, r)
	}
	tenMillion(b, r)
}

// changes tells what it costs to replace configurations.
func changes(b *strings.Builder, r *suite.LoadReport) {
	c := r.Change
	fmt.Fprintf(b, "\nA change of the mix is `PutCORS` and the request that reads the new document: %s and %.0f bytes allocated, of %d changes in a row. "+
		"Meanwhile the collector ran %d times, for %.2f s of processor time, and stopped everything for %s at most.\n",
		duration(float64(c.Took)), c.Allocated, r.Load.Replaced, c.Collections, c.Collecting.Seconds(), duration(float64(r.Pauses.Fast)))
	if c.Collections == 0 {
		return
	}
	period := time.Duration(r.Load.Replaced/c.Collections) * time.Second / suite.PerSecond
	fmt.Fprintf(b, "So %d changes a second take %.1f %% of one processor, and the collector %.1f %%: it runs every %.0f s.\n", suite.PerSecond,
		100*c.Took.Seconds()*suite.PerSecond, 100*c.Collecting.Seconds()/float64(c.Collections)/period.Seconds(), period.Seconds())
}

// lookups tells how long requests wait while that goes on.
func lookups(b *strings.Builder, r *suite.LoadReport) {
	at := func(part float64) string {
		return duration(float64(r.Lookups[int(part*float64(len(r.Lookups)-1))]))
	}
	fmt.Fprintf(b, "\nAt that pace for %v, with one collection in the middle: of %d look-ups with a decision, half took %s at most, 99 of 100 %s, "+
		"999 of 1,000 %s, the slowest %s. The longest stop was %s.\n",
		r.Load.Paced, len(r.Lookups), at(0.5), at(0.99), at(0.999), at(1), duration(float64(r.Pauses.Paced)))
}

// tenMillion calculates what a node that keeps so many buckets needs.
func tenMillion(b *strings.Builder, r *suite.LoadReport) {
	const buckets = 10_000_000
	mix := r.Fleets[len(r.Fleets)-1]
	live := float64(mix.Bytes) / float64(mix.Buckets) * buckets / 1e9
	fmt.Fprintf(b, "\nTen million buckets of the mix in one cache, by calculation: %.1f GB, and twice that before the collector runs (`GOGC=100`)", live)
	if c := r.Change; c.Collections > 0 {
		each := c.Collecting.Seconds() / float64(c.Collections) * buckets / float64(mix.Buckets)
		fmt.Fprintf(b, "; each of its runs would take %.0f s of processor time", each)
	}
	b.WriteString(".\n")
}
