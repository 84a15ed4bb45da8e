package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/aclements/go-moremath/stats"
	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// samples are what was measured of each case, by its key; of cases that ran on
// several processors the key ends with "@" and their number.
type samples map[string]*series

// A series is one case in all runs, in order.
type series struct {
	nanoseconds []float64
	processor   []float64 // nanoseconds of processors, which other processes do not add to
	bytes       int       // allocated for one request
	allocations int
}

// onProcessors is the key of a case that ran on several processors.
func onProcessors(key string, procs int) string {
	if procs == 1 {
		return key
	}
	return fmt.Sprintf("%s@%d", key, procs)
}

// add reads what go test printed of a run, and returns the name of the processor if it
// is there.
func (s samples) add(output []byte, procs int) (cpu string, err error) {
	reader := benchfmt.NewReader(bytes.NewReader(output), "go test")
	for reader.Scan() {
		switch record := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return "", record
		case *benchfmt.Result:
			cpu = record.GetConfig("cpu")
			s.addResult(record, procs)
		}
	}
	return cpu, reader.Err()
}

func (s samples) addResult(r *benchfmt.Result, procs int) {
	name := r.Name.String()
	if procs > 1 {
		// Without that, a number at the end belongs to the name.
		name = strings.TrimSuffix(name, fmt.Sprintf("-%d", procs))
	}
	key := onProcessors(name, procs)
	if s[key] == nil {
		s[key] = &series{}
	}
	s[key].add(r)
}

// extend puts the runs of t behind those of s[key], by what they took of processors.
func (s samples) extend(key string, t *series) {
	if s[key] == nil {
		s[key] = &series{}
	}
	s[key].nanoseconds = append(s[key].nanoseconds, t.processor...)
	s[key].bytes, s[key].allocations = t.bytes, t.allocations
}

func (s *series) add(r *benchfmt.Result) {
	for _, value := range r.Values {
		switch value.Unit {
		case "sec/op": // benchfmt makes seconds of nanoseconds; these are exact
			s.nanoseconds = append(s.nanoseconds, value.OrigValue)
		case "processor-sec/op":
			s.processor = append(s.processor, value.OrigValue)
		case "B/op":
			s.bytes = int(value.Value)
		case "allocs/op":
			s.allocations = int(value.Value)
		}
	}
}

// summary is the median of values with the interval that it lies in with a confidence of
// 95 %, whatever their distribution.
func summary(values []float64) benchmath.Summary {
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, 0.95)
}

func (s *series) median() float64 { return summary(s.nanoseconds).Center }

// spread is how far from the median the interval of confidence reaches, such as "3 %"; with
// fewer than six runs it reaches to infinity.
func (s *series) spread() string {
	return strings.Replace(summary(s.nanoseconds).PctRangeString(), "%", " %", 1)
}

// ratio returns how many times as long as t a run of s took: the median of the
// ratios within each run, which a machine that is slow for a while does not
// change.
func (s *series) ratio(t *series) float64 { return summary(s.ratios(t)).Center }

// more returns by how many nanoseconds s took longer than t.
func (s *series) more(t *series) float64 {
	return summary(paired(s, t, func(a, b float64) float64 { return a - b })).Center
}

func (s *series) ratios(t *series) []float64 {
	return paired(s, t, func(a, b float64) float64 { return a / b })
}

func paired(s, t *series, f func(a, b float64) float64) []float64 {
	n := min(len(s.nanoseconds), len(t.nanoseconds))
	values := make([]float64, n)
	for i := range values {
		values[i] = f(s.nanoseconds[i], t.nanoseconds[i])
	}
	return values
}

// quantile returns the value below which that part of the values lies, NaN if there are
// none.
func quantile(values []float64, part float64) float64 {
	return stats.Sample{Xs: values}.Quantile(part)
}
