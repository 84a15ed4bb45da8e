package main

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestALineOfResultsBecomesASample(t *testing.T) {
	for _, row := range []struct {
		name  string
		line  string
		procs int
		want  samples
	}{
		{
			"on one processor the name has no suffix",
			"BenchmarkEvaluate/5_headers,_x-amz-*/s3cors,_values_read \t 100\t 27.5 ns/op\t 16 B/op\t 2 allocs/op\n", 1,
			samples{"Evaluate/5_headers,_x-amz-*/s3cors,_values_read": {nanoseconds: []float64{27.5}, bytes: 16, allocations: 2}},
		},
		{
			"on two processors their number moves to the key",
			"BenchmarkParallel/5_headers/s3cors-2 100 20 ns/op\n", 2,
			samples{"Parallel/5_headers/s3cors@2": {nanoseconds: []float64{20}}},
		},
		{
			"a number that belongs to the name stays",
			"BenchmarkScale/rules/100/plain_loop-2 100 20 ns/op\n", 1,
			samples{"Scale/rules/100/plain_loop-2": {nanoseconds: []float64{20}}},
		},
		{"the line of the processor is passed over", "cpu: A processor of 2 cores\n", 1, samples{}},
		{"the last line is passed over", "PASS\n", 1, samples{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := make(samples)
			s.add(row.line, row.procs)
			require.Empty(t, cmp.Diff(row.want, s, cmp.AllowUnexported(series{})))
		})
	}
}

func TestRunsOfOneCaseAddUp(t *testing.T) {
	s := make(samples)
	s.add("BenchmarkX/a/b 10 3 ns/op 0 B/op 0 allocs/op", 1)
	s.add("BenchmarkX/a/b 10 1 ns/op 0 B/op 0 allocs/op", 1)
	require.Equal(t, []float64{3, 1}, s["X/a/b"].nanoseconds)
	require.Equal(t, 2.0, s["X/a/b"].median())
}

func TestQuantilesLieBetweenNeighbours(t *testing.T) {
	values := []float64{40, 10, 30, 20, 50}
	require.Equal(t, 10.0, quantile(values, 0))
	require.Equal(t, 20.0, quantile(values, 0.25))
	require.Equal(t, 30.0, quantile(values, 0.5))
	require.Equal(t, 50.0, quantile(values, 1))
	require.Equal(t, 15.0, quantile([]float64{10, 20}, 0.5))
	require.Equal(t, []float64{40, 10, 30, 20, 50}, values, "the order of the caller's values")
	require.True(t, math.IsNaN(quantile(nil, 0.5)))
}

func TestASpreadIsHalfTheMiddleHalf(t *testing.T) {
	s := &series{nanoseconds: []float64{10, 20, 30, 40, 50}}
	require.InDelta(t, 10.0/30, s.spread(), 1e-12)
}

// A slow run slows both down and leaves the ratio alone.
func TestRatiosAreTakenWithinARun(t *testing.T) {
	peer := &series{nanoseconds: []float64{100, 1000, 200}}
	ours := &series{nanoseconds: []float64{10, 100, 10}}
	require.Equal(t, 10.0, peer.ratio(ours))
	require.Equal(t, 190.0, peer.more(ours))
}
