package work

import "testing"

// ProcessorUnit is the unit of what Measure reports beside package testing's own.
const ProcessorUnit = "processor-ns/op"

// Measure does the work of a benchmark, and returns what its Run returned.
func Measure(b *testing.B, run Run) int {
	b.ReportAllocs()
	b.ResetTimer()
	before := ProcessorTime()
	granted := run(b.N)
	b.StopTimer()
	b.ReportMetric(float64(ProcessorTime()-before)/float64(b.N), ProcessorUnit)
	return granted
}
