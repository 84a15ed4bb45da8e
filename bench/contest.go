package main

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors/bench/suite"
	"github.com/s3cors/s3cors/bench/work"
)

// A contest is a workload that an older commit, and peers, do by turns with the working
// tree.
type contest struct {
	family, workload string
	allocations      int // at most, of the working tree
	rivals           []rival
}

// A rival is somebody to compare with, and what is aimed at: our time as a part of theirs.
type rival struct {
	engine string  // older, or an engine of package suite
	most   float64 // 0 if nothing is aimed at
}

// newer and older stand for the working tree and for the commit that -against names, where
// others are named by their engine.
const newer, older = "newer", "older"

// contests are the goals for speed: what browsers and attackers do most.
func contests() []contest {
	const rs, jub0bs = "rs/cors", "jub0bs/cors"
	evaluate := func(workload string, most float64) contest {
		return contest{"Evaluate", workload, 0, []rival{{older, most}, {"versitygw", 1. / 15}}}
	}
	refused := evaluate("100 rules x 10 origins, none", 0.8)
	refused.rivals[1].most = 1. / 8
	return []contest{
		evaluate("exact origin, preflight", 0.9),
		evaluate("exact origin, actual", 0.9),
		evaluate("5 headers", 0.6),
		evaluate("5 headers, any", 0.7),
		evaluate("5 headers, mixed case", 0.9),
		evaluate("wildcard origin, preflight", 1),
		evaluate("wildcard origin, actual", 1),
		evaluate("100 rules, last", 0.8),
		evaluate("100 rules, last, 5 headers", 0.6),
		refused,
		{"HTTP", "exact origin, preflight", 1, []rival{{older, 0.92}, {jub0bs, 1}, {rs, 0}}},
		{"HTTP", "exact origin, actual", 1, []rival{{older, 0.92}, {jub0bs, 1}, {rs, 0}}},
		{"HTTP", "5 headers", 2, []rival{{older, 0.75}, {jub0bs, 1}, {rs, 1.15}}},
		{"HTTP", "5 headers, any", 2, []rival{{older, 0.75}, {jub0bs, 1}, {rs, 1.15}}},
		{"HTTP", "5 headers, mixed case", 2, []rival{{older, 0}}},
		{"HTTP", "refused origin, preflight", 2, []rival{{older, 0.5}, {jub0bs, 0}, {rs, 0}}},
		{"HTTP", "refused fifth header", 2, []rival{{older, 0.5}, {jub0bs, 0}, {rs, 0}}},
	}
}

// key names what an engine did of the contest.
func (c *contest) key(engine string) string {
	of := suite.Case{Family: c.family, Workload: c.workload, Engine: engine}
	return of.Key()
}

// pattern is what -test.bench takes to run the contest by these engines.
func (c *contest) pattern(engines []string) string {
	return fmt.Sprintf("^Benchmark%s$/^%s$/^(%s)$", c.family, regexp.QuoteMeta(work.Key(c.workload)), work.Key(strings.Join(engines, "|")))
}

// peers are the engines of package suite that take part.
func (c *contest) peers() []string {
	var names []string
	for _, r := range c.rivals {
		if r.engine != older {
			names = append(names, r.engine)
		}
	}
	return names
}

// A duel is what was measured of a contest and one of its rivals.
type duel struct {
	ours, theirs *series
	ratios       []float64 // of each slice
}

func (c *contest) duel(s samples, engine string) duel {
	d := duel{ours: s[c.key(newer)], theirs: s[c.key(engine)]}
	d.ratios = d.ours.ratios(d.theirs)
	return d
}

// ratio is the median of the ratios in each slice.
func (d *duel) ratio() float64 { return quantile(d.ratios, 0.5) }

// fastest is the ratio of the fastest slices, which a machine with other work to do
// disturbs least.
func (d *duel) fastest() float64 {
	return quantile(d.ours.nanoseconds, 0) / quantile(d.theirs.nanoseconds, 0)
}

// A comparison is what -against has measured.
type comparison struct {
	commit  string // as it was named
	plan    sliced
	samples samples
}

func (c *comparison) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "## Against %s\n\nOur time as a part of another's, in slices of %v by turns: %d of each, over %d layouts of each binary.\n\n",
		c.commit, c.plan.benchtime, c.plan.layouts*c.plan.rounds, c.plan.layouts)
	b.WriteString("| | ours | theirs | ratio | 10 % to 90 % of the slices | of the fastest slices | goal | |\n|---|---:|---:|---:|---:|---:|---:|---|\n")
	for _, contest := range contests() {
		for _, r := range contest.rivals {
			c.row(b, &contest, r)
		}
		c.allocations(b, &contest)
	}
}

func (c *comparison) row(b *strings.Builder, of *contest, r rival) {
	name := r.engine
	if name == older {
		name = c.commit
	}
	d := of.duel(c.samples, r.engine)
	fmt.Fprintf(b, "| %s: %s, of %s | %s | %s | %.2f | %.2f to %.2f | %.2f | %s |\n", of.family, of.workload, name,
		duration(d.ours.median()), duration(d.theirs.median()), d.ratio(), quantile(d.ratios, 0.1), quantile(d.ratios, 0.9), d.fastest(), r.judge(d.ratio()))
}

// judge writes the goal and whether the ratio meets it.
func (r *rival) judge(ratio float64) string {
	switch {
	case r.most == 0:
		return "– | "
	case r.most < 0.2:
		return fmt.Sprintf("≤ 1/%.0f | %s", 1/r.most, verdict(ratio <= r.most))
	}
	return fmt.Sprintf("≤ %.2f | %s", r.most, verdict(ratio <= r.most))
}

func (c *comparison) allocations(b *strings.Builder, of *contest) {
	ours, theirs := c.samples[of.key(newer)].allocations, c.samples[of.key(older)].allocations
	fmt.Fprintf(b, "| %s: %s, allocations | %d | %d | | | | ≤ %d | %s |\n", of.family, of.workload, ours, theirs, of.allocations, verdict(ours <= of.allocations))
}

// verdict marks what is missed.
func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}
