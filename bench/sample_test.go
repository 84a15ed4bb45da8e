package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// The two files are what go test printed, on one processor and on two.
func TestWhatGoTestPrintsBecomesSamples(t *testing.T) {
	for _, row := range []struct {
		name  string
		file  string
		procs int
		want  samples
	}{
		{"on one processor names have no suffix, and a number at their end stays", "testdata/one.txt", 1, samples{
			"Evaluate/5_headers,_x-amz-*/s3cors,_values_read": {nanoseconds: []float64{27.5, 28.25}, processor: []float64{25.5, 25}, bytes: 16, allocations: 2},
			"Scale/rules/100/plain_loop-2":                    {nanoseconds: []float64{2093}},
			"Evaluate/1_MiB_of_commas/versitygw":              {nanoseconds: []float64{35712345.5}, bytes: 1234567, allocations: 6},
		}},
		{"on two processors their number moves to the key", "testdata/two.txt", 2, samples{
			"Parallel/5_headers/s3cors@2":          {nanoseconds: []float64{132.4}},
			"Parallel/5_headers/plain_loop-3_@2@2": {nanoseconds: []float64{20}},
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			output, err := os.ReadFile(row.file)
			require.NoError(t, err)
			s := make(samples)
			cpu, err := s.add(output, row.procs)
			require.NoError(t, err)
			require.Equal(t, "A processor of 2 cores", cpu)
			require.Empty(t, cmp.Diff(row.want, s, cmp.AllowUnexported(series{})))
		})
	}
}

func TestALineOfResultsThatCannotBeReadIsAnError(t *testing.T) {
	_, err := make(samples).add([]byte("BenchmarkX/a/b 10 fast ns/op\n"), 1)
	require.EqualError(t, err, "go test:1: parsing measurement: invalid syntax")
}

func TestRunsOfOneCaseAddUp(t *testing.T) {
	s := make(samples)
	for _, line := range []string{
		"BenchmarkX/a/b 10 3 ns/op 0 B/op 0 allocs/op\n", "BenchmarkX/a/b 10 1 ns/op 0 B/op 0 allocs/op\n", "BenchmarkX/a/b 10 7 ns/op 0 B/op 0 allocs/op\n",
	} {
		_, err := s.add([]byte(line), 1)
		require.NoError(t, err)
	}
	require.Equal(t, []float64{3, 1, 7}, s["X/a/b"].nanoseconds)
	require.Equal(t, 3.0, s["X/a/b"].median())
	require.Equal(t, []float64{3, 1, 7}, s["X/a/b"].nanoseconds, "the runs stay in order")
}

// A slice that waited for a processor for most of its time counts as if it had not.
func TestSlicesCountByTheTimeOfProcessors(t *testing.T) {
	s := make(samples)
	s.extend("a", &series{nanoseconds: []float64{30}, processor: []float64{10}, bytes: 1, allocations: 2})
	s.extend("a", &series{nanoseconds: []float64{11}, processor: []float64{11}, bytes: 3, allocations: 4})
	require.Empty(t, cmp.Diff(samples{"a": {nanoseconds: []float64{10, 11}, bytes: 3, allocations: 4}}, s, cmp.AllowUnexported(series{})))
}

func TestASpreadIsTheIntervalOfConfidence(t *testing.T) {
	s := &series{nanoseconds: []float64{95, 100, 100, 100, 100, 103}}
	require.Equal(t, "5 %", s.spread())
	require.Equal(t, "∞", (&series{nanoseconds: []float64{95, 100, 103}}).spread(), "three runs say nothing")
}

func TestQuantilesLieBetweenNeighbours(t *testing.T) {
	values := []float64{40, 10, 30, 20, 50}
	require.Equal(t, 30.0, quantile(values, 0.5))
	require.Equal(t, 10.0, quantile(values, 0))
	require.Equal(t, 50.0, quantile(values, 1))
	require.Equal(t, []float64{40, 10, 30, 20, 50}, values, "the order of the caller's values")
}

// A slow run slows both down and leaves the ratio alone.
func TestRatiosAreTakenWithinARun(t *testing.T) {
	peer := &series{nanoseconds: []float64{100, 1000, 200}}
	ours := &series{nanoseconds: []float64{10, 100, 10}}
	require.Equal(t, 10.0, peer.ratio(ours))
	require.Equal(t, 190.0, peer.more(ours))
}
