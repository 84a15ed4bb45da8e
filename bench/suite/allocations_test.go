package suite_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/bench/suite"
)

// TestDecidingNeverAllocates holds for every workload, also with every value
// read.
func TestDecidingNeverAllocates(t *testing.T) {
	families := []suite.Family{suite.Evaluate()}
	for _, s := range suite.Scales() {
		families = append(families, s.Family())
	}
	judged := 0
	for _, f := range families {
		for _, c := range f.Cases {
			if !strings.HasPrefix(c.Engine, "s3cors") || strings.HasSuffix(c.Engine, "whole middleware") {
				continue
			}
			judged++
			t.Run(c.Key(), func(t *testing.T) {
				require.Zero(t, allocations(c.Prepare()))
			})
		}
	}
	require.NotZero(t, judged)
}

// TestTheMiddlewareAllocatesItsValuesAndNoMore counts, of what a granted answer
// takes, one array for the values, in which the names are as well unless they are long,
// and nothing where no field is written; of a refusal, the body and the values.
func TestTheMiddlewareAllocatesItsValuesAndNoMore(t *testing.T) {
	most := map[string]int{
		"no Origin":                            0,
		"exact origin, actual":                 1,
		"exact origin, preflight":              1,
		"refused origin, actual":               0,
		"refused origin, preflight":            2,
		"refused fifth header":                 2,
		"any origin, actual":                   1,
		"any origin, preflight":                1,
		"wildcard origin, actual":              1,
		"wildcard origin, preflight":           1,
		"1 header":                             1,
		"5 headers":                            1,
		"12 headers":                           2,
		"1 header, mixed case":                 1,
		"5 headers, mixed case":                1,
		"12 headers, mixed case":               2,
		"5 headers, any":                       1,
		"5 headers, any, mixed case":           1,
		"5 headers, x-amz-*":                   1,
		"5 headers, x-amz-*, mixed case":       1,
		"1000 origins, last":                   1,
		"2000 patterns, last":                  1,
		"8 KiB of commas":                      1,
		"8 KiB of short tokens, listed":        2,
		"1035 nested patterns, 8 KiB of names": 2,
	}
	judged := 0
	for _, c := range suite.HTTP().Cases {
		bound, ok := most[c.Workload]
		if c.Engine != "s3cors" || !ok {
			continue
		}
		judged++
		t.Run(c.Key(), func(t *testing.T) {
			require.Equal(t, bound, allocations(c.Prepare()))
		})
	}
	require.Equal(t, len(most), judged)
}

// allocations returns those of one request. What a run allocates once, however
// many requests it makes, is not the engine's.
func allocations(run suite.Run) int {
	of := func(n int) int { return int(testing.AllocsPerRun(5, func() { run(n) })) }
	return (of(101) - of(1)) / 100
}
