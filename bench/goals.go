package main

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/bench/suite"
	"github.com/s3cors/s3cors/bench/work"
)

// A goal is what this project wants to reach in one run, whatever the machine.
type goal struct {
	text    string
	measure func(m *measurement) (found string, met bool)
}

var aims = []goal{
	{"`Evaluate` at least 15 times as fast as versitygw on everyday granted requests", atLeast(15, everydayGranted, "versitygw")},
	{"… 8 times on refused ones", atLeast(8, everydayRefused, "versitygw")},
	{"… 100 times with 100 rules or 1,000 origins", atLeast(100, isLarge, "versitygw")},
	{"never more than 5 ns slower than the oracle", slower("oracle")},
	{"never more than 5 ns slower than the plain loop", slower("plain loop")},
	{"no allocation in `Evaluate`", allocations(0, suite.Evaluate, func(*suite.Case) bool { return true })},
	{"one allocation at most in the whole middleware on granted requests that ask for no names", allocations(1, suite.HTTP, func(c *suite.Case) bool {
		return everydayGranted(c) && !asksForNames(c)
	})},
	{"… two with", allocations(2, suite.HTTP, func(c *suite.Case) bool { return c.Granted })},
	{"… and two on refused ones", allocations(2, suite.HTTP, everydayRefused)},
	{"the whole middleware ahead of jub0bs/cors on every granted request", againstPeer("jub0bs/cors", 1, everydayGranted)},
	{"… no more than 1.15 times rs/cors on a preflight with five header names", againstPeer("rs/cors", 1.15, func(c *suite.Case) bool {
		return c.Workload == "5 headers" || c.Workload == "5 headers, any"
	})},
	{"… no slower than rs/cors on granted preflights", againstPeer("rs/cors", 1, func(c *suite.Case) bool { return everydayGranted(c) && !isActual(c) })},
	{"… no more than 1.6 times rs/cors on a plain actual request", againstPeer("rs/cors", 1.6, func(c *suite.Case) bool { return everydayGranted(c) && isActual(c) })},
	{"reading XML no slower than minio-go", parsing},
	{"throughput on all cores gains at least 0.9 times what arithmetic on registers does", parallelGain},
}

func (m *measurement) goals(b *strings.Builder) {
	b.WriteString("## Goals\n\n| goal | the worst that was found | |\n|---|---|---|\n")
	for _, g := range aims {
		found, met := g.measure(m)
		fmt.Fprintf(b, "| %s | %s | %s |\n", g.text, found, verdict(met))
	}
	fmt.Fprintf(b, "\nHostile requests have no bound to meet; a byte of them costs at most %s.\n", hostileBytes(m))
}

// everydayGranted, everydayRefused, asksForNames and isLarge choose cases.
func everydayGranted(c *suite.Case) bool { return c.Class == work.Everyday && c.Granted }

func everydayRefused(c *suite.Case) bool {
	return c.Class == work.Everyday && !c.Granted && c.Workload != "no Origin"
}

func asksForNames(c *suite.Case) bool { return strings.Contains(c.Workload, "header") }

func isLarge(c *suite.Case) bool {
	return c.Class == work.Large && (strings.HasPrefix(c.Workload, "100 rules") || strings.HasPrefix(c.Workload, "1000 origins"))
}

// ours are our cases of a family that chosen takes.
func ours(f suite.Family, chosen func(*suite.Case) bool) []suite.Case {
	var cases []suite.Case
	for _, c := range f.Cases {
		if c.Engine == "s3cors" && chosen(&c) {
			cases = append(cases, c)
		}
	}
	return cases
}

// extreme finds the case whose value is the least, or the greatest if sign is -1.
func extreme(cases []suite.Case, sign float64, value func(*suite.Case) float64) (worst float64, workload string) {
	for i := range cases {
		if v := value(&cases[i]); workload == "" || sign*v < sign*worst {
			worst, workload = v, cases[i].Workload
		}
	}
	return worst, workload
}

// atLeast wants a peer to take at least so many times our time.
func atLeast(want float64, chosen func(*suite.Case) bool, peer string) func(*measurement) (string, bool) {
	return func(m *measurement) (string, bool) {
		worst, workload := extreme(ours(suite.Evaluate(), chosen), 1, func(c *suite.Case) float64 {
			return m.find(c.Family, c.Workload, peer).ratio(m.samples[c.Key()])
		})
		return fmt.Sprintf("%s: %s", times(worst), workload), worst >= want
	}
}

func slower(peer string) func(*measurement) (string, bool) {
	return func(m *measurement) (string, bool) {
		every := func(*suite.Case) bool { return true }
		worst, workload := extreme(ours(suite.Evaluate(), every), -1, func(c *suite.Case) float64 {
			return m.samples[c.Key()].more(m.find(c.Family, c.Workload, peer))
		})
		return fmt.Sprintf("%+.1f ns: %s", worst, workload), worst <= 5
	}
}

// allocations wants no more of them than most.
func allocations(most float64, family func() suite.Family, chosen func(*suite.Case) bool) func(*measurement) (string, bool) {
	return func(m *measurement) (string, bool) {
		worst, workload := extreme(ours(family(), chosen), -1, func(c *suite.Case) float64 {
			return float64(m.samples[c.Key()].allocations)
		})
		if worst == 0 {
			return "0", true
		}
		return fmt.Sprintf("%.0f: %s", worst, workload), worst <= most
	}
}

func hostileBytes(m *measurement) string {
	long := func(c *suite.Case) bool { return c.Class == work.Hostile && c.Bytes > 1000 }
	worst, workload := extreme(ours(suite.Evaluate(), long), -1, func(c *suite.Case) float64 {
		return m.samples[c.Key()].median() / float64(c.Bytes)
	})
	return fmt.Sprintf("%.2f ns (%s)", worst, workload)
}

func isActual(c *suite.Case) bool { return strings.HasSuffix(c.Workload, "actual") }

// againstPeer finds the worst ratio of our whole middleware to that of a peer, of the
// requests to which both give S3's verdict.
func againstPeer(peer string, most float64, chosen func(*suite.Case) bool) func(*measurement) (string, bool) {
	return func(m *measurement) (string, bool) {
		both := func(c *suite.Case) bool {
			theirs := suite.Case{Family: c.Family, Workload: c.Workload, Engine: peer}
			return chosen(c) && m.samples[theirs.Key()] != nil && suite.Differs(&theirs) == nil
		}
		worst, workload := extreme(ours(suite.HTTP(), both), -1, func(c *suite.Case) float64 {
			return m.samples[c.Key()].ratio(m.find(c.Family, c.Workload, peer))
		})
		return fmt.Sprintf("%.2f times: %s", worst, workload), worst <= most
	}
}

func parsing(m *measurement) (string, bool) {
	worst, document := 0.0, ""
	for _, workload := range []string{"2 rules", "100 rules", "64 KiB"} {
		ratio := m.find("Parse", workload, "s3cors XML").ratio(m.find("Parse", workload, "minio-go"))
		if ratio > worst {
			worst, document = ratio, workload
		}
	}
	return fmt.Sprintf("%.2f times: %s", worst, document), worst <= 1
}

// parallelGain compares with what the machine itself gives: its cores may be two halves of
// one, or busy with something else.
func parallelGain(m *measurement) (string, bool) {
	machine := m.gain(suite.Arithmetic())
	every := func(*suite.Case) bool { return true }
	worst, workload := extreme(ours(suite.Parallel(), every), 1, m.gain)
	return fmt.Sprintf("%.2f times on %d cores, arithmetic %.2f times: %s", worst, m.cores, machine, workload), worst >= 0.9*machine
}
