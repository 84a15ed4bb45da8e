package main

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/bench/suite"
)

// manyBuckets tells what a cache of many buckets takes, and what it comes to for more.
func manyBuckets(b *strings.Builder, r *suite.LoadReport) {
	fmt.Fprintf(b, "\n## Many buckets\n\nWhat a `corsserver.Cache` keeps of buckets, with their names and its map; the mix: %s.\n\n"+
		"| | buckets | bytes | for one |\n|---|---:|---:|---:|\n", suite.FleetMix)
	for _, f := range r.Fleets {
		fmt.Fprintf(b, "| %s | %d | %d | %d |\n", f.Name, f.Buckets, f.Bytes, f.Bytes/f.Buckets)
	}
	changes(b, r)
	lookups(b, r)
	tenMillion(b, r)
}

// mix are the buckets that are changed.
func mix(r *suite.LoadReport) suite.Fleet { return r.Fleets[len(r.Fleets)-1] }

// changes tells what it costs to replace configurations. With GOGC=100, the collector runs
// when as much has been allocated as is kept.
func changes(b *strings.Builder, r *suite.LoadReport) {
	c := r.Change
	period := float64(mix(r).Bytes) / float64(c.Allocated) / suite.PerSecond
	fmt.Fprintf(b, "\nA change of the mix is `PutCORS` and the request that reads the new document: %s of a processor and %d bytes allocated, the mean of %d changes. "+
		"One collection of the garbage takes %s of processors. So %d changes a second take %.1f %% of one processor, and the collector, which has to run every %.0f s, %.1f %%.\n",
		duration(float64(c.Processor)), c.Allocated, r.Load.Replaced, duration(float64(r.Collection)),
		suite.PerSecond, 100*c.Processor.Seconds()*suite.PerSecond, period, 100*r.Collection.Seconds()/period)
}

// lookups tells how long requests wait while that goes on.
func lookups(b *strings.Builder, r *suite.LoadReport) {
	at := func(part float64) string {
		return duration(float64(r.Lookups[int(part*float64(len(r.Lookups)-1))]))
	}
	fmt.Fprintf(b, "\nAt that pace for %v, with one collection in the middle: of %d look-ups with a decision, half took %s at most, 99 of 100 %s, "+
		"999 of 1,000 %s, the slowest %s. The longest stop of all goroutines was %s.\n",
		r.Load.Paced, len(r.Lookups), at(0.5), at(0.99), at(0.999), at(1), duration(float64(r.Pause)))
}

// tenMillion calculates what a node that keeps so many buckets needs.
func tenMillion(b *strings.Builder, r *suite.LoadReport) {
	const buckets = 10_000_000
	times := buckets / float64(mix(r).Buckets)
	fmt.Fprintf(b, "\nTen million buckets of the mix in one cache, by calculation: %.1f GB, and twice that before the collector runs (`GOGC=100`). "+
		"Each of its runs would take %s of processors; at %d changes a second it runs as many times less often, so its part of a processor stays what it is.\n",
		float64(mix(r).Bytes)*times/1e9, duration(float64(r.Collection)*times), suite.PerSecond)
}
