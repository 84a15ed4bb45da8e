package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/bench/suite"
	"github.com/s3cors/s3cors/bench/work"
)

// compared returns a comparison in which every slice of ours took 40 ns and one allocation, the
// older commit 50 ns, and all peers 400 ns.
func compared() *comparison {
	c := &comparison{commit: "0123abc", plan: sliced{layouts: 2, rounds: 3, benchtime: time.Millisecond}, samples: make(samples)}
	for _, contest := range contests() {
		took := map[string]float64{newer: 40, older: 50}
		for _, peer := range contest.peers() {
			took[peer] = 400
		}
		for engine, ns := range took {
			for range 6 {
				c.samples.extend(contest.key(engine), &series{processor: []float64{ns}, allocations: 1})
			}
		}
	}
	return c
}

func TestEachContestIsJudgedByItsGoals(t *testing.T) {
	var b strings.Builder
	compared().markdown(&b)
	text := b.String()
	for _, row := range []string{
		"| HTTP: exact origin, preflight | 0123abc | 40.0 ns, 1 alloc | 50.0 ns, 1 alloc | 0.80 | 0.80 to 0.80 | 0.80 | ≤ 0.92 1 alloc | met |",
		"| HTTP: 5 headers | 0123abc | 40.0 ns, 1 alloc | 50.0 ns, 1 alloc | 0.80 | 0.80 to 0.80 | 0.80 | ≤ 0.75 2 alloc | **missed** |",
		"| HTTP: 5 headers | rs/cors | 40.0 ns, 1 alloc | 400 ns, 1 alloc | 0.10 | 0.10 to 0.10 | 0.10 | ≤ 1.15 | met |",
		"| HTTP: 5 headers, mixed case | 0123abc | 40.0 ns, 1 alloc | 50.0 ns, 1 alloc | 0.80 | 0.80 to 0.80 | 0.80 | 2 alloc | met |",
		"| HTTP: refused origin, preflight | rs/cors | 40.0 ns, 1 alloc | 400 ns, 1 alloc | 0.10 | 0.10 to 0.10 | 0.10 | | |",
		// The time would do, the allocation does not.
		"| Evaluate: exact origin, actual | 0123abc | 40.0 ns, 1 alloc | 50.0 ns, 1 alloc | 0.80 | 0.80 to 0.80 | 0.80 | ≤ 0.90 0 alloc | **missed** |",
		"| Evaluate: exact origin, actual | versitygw | 40.0 ns, 1 alloc | 400 ns, 1 alloc | 0.10 | 0.10 to 0.10 | 0.10 | ≤ 1/15 | **missed** |",
	} {
		require.Contains(t, text, row+"\n")
	}
	require.NotContains(t, text, "NaN")
}

// A machine that is slow for a slice, or for one side of it, does not change the median; the
// fastest slices tell what is left without disturbance.
func TestADisturbedSliceDoesNotChangeARatio(t *testing.T) {
	s := samples{"Evaluate/a/newer": {nanoseconds: []float64{8, 80, 8, 8, 90}}, "Evaluate/a/older": {nanoseconds: []float64{10, 100, 10, 95, 10}}}
	c := contest{family: "Evaluate", workload: "a"}
	d := c.duel(s, older)
	require.Equal(t, 0.8, d.ratio())
	require.Equal(t, 0.8, d.fastest())
}

// A contest that package suite or package work does not know would never have a result.
func TestEveryContestIsACaseOfTheSuite(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range suite.Families() {
		for _, c := range f.Cases {
			known[c.Key()] = true
		}
	}
	for _, contest := range contests() {
		for _, engine := range append(contest.peers(), "s3cors") {
			require.True(t, known[contest.key(engine)], contest.key(engine))
		}
	}
}

func TestThePatternOfAContestTakesItsEnginesAlone(t *testing.T) {
	c := contest{family: "HTTP", workload: "5 headers, x-amz-*"}
	pattern := c.pattern([]string{"rs/cors", "jub0bs/cors"})
	require.Equal(t, `^BenchmarkHTTP$/^5_headers,_x-amz-\*$/^(rs-cors|jub0bs-cors)$`, pattern)
	workload := strings.Split(pattern, "/")[1]
	require.Regexp(t, regexp.MustCompile(workload), work.Key("5 headers, x-amz-*"))
	require.NotRegexp(t, regexp.MustCompile(workload), work.Key("5 headers, x-amz-*, mixed case"))
}
