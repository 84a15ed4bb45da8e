package suite

import (
	"fmt"
	"runtime"

	"github.com/versity/versitygw/auth"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
)

// A Holding is the memory that somebody keeps for a document, in bytes.
type Holding struct {
	Document string
	// Size is that of the document in XML.
	Size int
	// Policy is our compiled policy, Configuration our plain data, Versity what
	// versitygw parses. None of them includes what it was made of.
	Policy, Configuration, Versity int
}

// Holdings measures what is kept for each of the documents that Parse reads.
func Holdings() []Holding {
	var holdings []Holding
	for _, d := range documents() {
		data := d.xml()
		n := max(10, 2_000_000/len(data)/4)
		holdings = append(holdings, Holding{
			Document:      d.name,
			Size:          len(data),
			Policy:        held(n, func(int) *s3cors.Policy { return work.Compiled(must(s3cors.ParseXML(data)).CORSRules) }),
			Configuration: held(n, func(int) *s3cors.Configuration { return must(s3cors.ParseXML(data)) }),
			Versity:       held(n, func(int) *auth.CORSConfiguration { return must(auth.ParseCORSOutput(data)) }),
		})
	}
	return holdings
}

// held returns the bytes of heap that one of n values takes.
func held[T any](n int, build func(i int) T) int {
	values := make([]T, n)
	before := heap()
	for i := range values {
		values[i] = build(i)
	}
	bytes := heap() - before
	runtime.KeepAlive(values)
	return bytes / n
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the second finds what finalizers and pools let go in the first
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// FleetMix says what bucketRules does. The mix is made up.
const FleetMix = "75 % of the buckets have one rule, 20 % two rules with five header names, 4.9 % ten, 0.1 % a hundred; " +
	"every 20,000th has a document of 60 KiB"

func bucketRules(i, changes int) []s3cors.Rule {
	format := fmt.Sprintf("https://app-%%d.bucket-%d-%d.example.com", i, changes)
	switch k := i % 1000; {
	case i%20_000 == 1:
		return fullRules(fmt.Sprintf("-%d", i+changes))[:90] // which leaves room for the tag
	case k == 0:
		return work.RulesOf(100, format, work.FiveNames...)
	case k < 50:
		return work.RulesOf(10, format, work.FiveNames...)
	case k < 250:
		return work.RulesOf(2, format, work.FiveNames...)
	default:
		return work.RulesOf(1, format, "*")
	}
}
