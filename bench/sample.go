package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// samples are what was measured of each case, by its key; of cases that ran on
// several processors the key ends with "@" and their number.
type samples map[string]*series

// A series is one case in all runs, in order.
type series struct {
	nanoseconds []float64
	bytes       int // allocated for one request
	allocations int
}

// onProcessors is the key of a case that ran on several processors.
func onProcessors(key string, procs int) string {
	if procs == 1 {
		return key
	}
	return fmt.Sprintf("%s@%d", key, procs)
}

// add reads a line of go test's output; others than those of results are passed
// over.
func (s samples) add(line string, procs int) {
	fields := strings.Fields(line)
	if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
		return
	}
	name := strings.TrimPrefix(fields[0], "Benchmark")
	if procs > 1 {
		name = strings.TrimSuffix(name, fmt.Sprintf("-%d", procs))
	}
	key := onProcessors(name, procs)
	if s[key] == nil {
		s[key] = &series{}
	}
	for i := 2; i+1 < len(fields); i += 2 {
		value, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return
		}
		s[key].set(fields[i+1], value)
	}
}

func (s *series) set(unit string, value float64) {
	switch unit {
	case "ns/op":
		s.nanoseconds = append(s.nanoseconds, value)
	case "B/op":
		s.bytes = int(value)
	case "allocs/op":
		s.allocations = int(value)
	}
}

func (s *series) median() float64 { return quantile(s.nanoseconds, 0.5) }

// spread is half of the range that the middle half of the runs lies in, as a
// part of the median.
func (s *series) spread() float64 {
	return (quantile(s.nanoseconds, 0.75) - quantile(s.nanoseconds, 0.25)) / 2 / s.median()
}

// ratio returns how many times as long as t a run of s took: the median of the
// ratios within each run, which a machine that is slow for a while does not
// change.
func (s *series) ratio(t *series) float64 {
	return paired(s, t, func(a, b float64) float64 { return a / b })
}

// more returns by how many nanoseconds s took longer than t.
func (s *series) more(t *series) float64 {
	return paired(s, t, func(a, b float64) float64 { return a - b })
}

func paired(s, t *series, f func(a, b float64) float64) float64 {
	n := min(len(s.nanoseconds), len(t.nanoseconds))
	values := make([]float64, n)
	for i := range values {
		values[i] = f(s.nanoseconds[i], t.nanoseconds[i])
	}
	return quantile(values, 0.5)
}

// quantile returns the value below which that part of the values lies,
// interpolated between neighbours; NaN if there are none.
func quantile(values []float64, part float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := part * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
