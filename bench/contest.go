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
	fmt.Fprintf(b, "\n## Against %s\n\nOur time as a part of another's: the median of the ratios in %d slices of %v, by turns, over %d layouts of each binary. "+
		"It is the time of processors, which other processes add less to than to that of a clock.\n\n",
		c.commit, c.plan.layouts*c.plan.rounds, c.plan.benchtime, c.plan.layouts)
	b.WriteString("| | of | ours | theirs | ratio | 10 % to 90 % of the slices | of the fastest slices | goal | |\n|---|---|---:|---:|---:|---:|---:|---:|---|\n")
	for _, contest := range contests() {
		for _, r := range contest.rivals {
			c.row(b, &contest, r)
		}
	}
}

func (c *comparison) row(b *strings.Builder, of *contest, r rival) {
	d := of.duel(c.samples, r.engine)
	name, allocations := r.engine, ""
	met := r.most == 0 || d.ratio() <= r.most
	if name == older {
		name, allocations = c.commit, fmt.Sprintf(" %d alloc", of.allocations)
		met = met && d.ours.allocations <= of.allocations
	}
	fmt.Fprintf(b, "| %s: %s | %s | %s | %s | %s | %s to %s | %s |%s%s |", of.family, of.workload, name, d.ours.cost(), d.theirs.cost(),
		part(d.ratio()), part(quantile(d.ratios, 0.1)), part(quantile(d.ratios, 0.9)), part(d.fastest()), r.goal(), allocations)
	if r.most != 0 || allocations != "" {
		b.WriteString(" " + verdict(met))
	}
	b.WriteString(" |\n")
}

// cost is a median with the allocations if there are any.
func (s *series) cost() string {
	if s.allocations == 0 {
		return duration(s.median())
	}
	return fmt.Sprintf("%s, %d alloc", duration(s.median()), s.allocations)
}

// part writes a ratio.
func part(ratio float64) string {
	if ratio < 0.1 {
		return fmt.Sprintf("%.2g", ratio)
	}
	return fmt.Sprintf("%.2f", ratio)
}

func (r *rival) goal() string {
	switch {
	case r.most == 0:
		return ""
	case r.most < 0.2:
		return fmt.Sprintf(" ≤ 1/%.0f", 1/r.most)
	}
	return fmt.Sprintf(" ≤ %.2f", r.most)
}

// verdict marks what is missed.
func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}
