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
	{"`Evaluate` at least 20 times as fast as versitygw on everyday granted requests", atLeast(20, everydayGranted, "versitygw")},
	{"… 8 times on refused ones", atLeast(8, everydayRefused, "versitygw")},
	{"… 100 times with 100 rules or 1,000 origins", atLeast(100, isLarge, "versitygw")},
	{"never more than 5 ns slower than the oracle", slower("oracle")},
	{"never more than 5 ns slower than the plain loop", slower("plain loop")},
	{"no allocation in `Evaluate`", allocations(0, suite.Evaluate, func(*suite.Case) bool { return true })},
	{"one allocation at most in the whole middleware on granted requests that ask for no names", allocations(1, suite.HTTP, func(c *suite.Case) bool {
		return everydayGranted(c) && !asksForNames(c)
	})},
	{"… and two with", allocations(2, suite.HTTP, func(c *suite.Case) bool { return c.Granted })},
	{"the whole middleware no slower than rs/cors on granted preflights", preflightsAgainstRS},
	{"… and no more than 1.6 times rs/cors on a plain actual request", actualAgainstRS},
	{"reading XML no slower than minio-go", parsing},
	{"throughput grows with the cores", parallelGain},
}

func (m *measurement) goals(b *strings.Builder) {
	b.WriteString("## Goals\n\n| goal | the worst that was found | |\n|---|---|---|\n")
	for _, g := range aims {
		found, met := g.measure(m)
		fmt.Fprintf(b, "| %s | %s | %s |\n", g.text, found, map[bool]string{true: "met", false: "**missed**"}[met])
	}
	fmt.Fprintf(b, "\nHostile requests have no bound to meet; a byte of them costs at most %s.\n", hostileBytes(m))
	b.WriteString("\nNot yet measured: the whole middleware against jub0bs/cors (see [README.md](README.md#who-takes-part)).\n")
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

// againstRS finds the worst ratio of our whole middleware to that of rs/cors.
func againstRS(m *measurement, want float64, chosen func(*suite.Case) bool) (string, bool) {
	worst, workload := extreme(ours(suite.HTTP(), chosen), -1, func(c *suite.Case) float64 {
		return m.samples[c.Key()].ratio(m.find(c.Family, c.Workload, "rs/cors"))
	})
	return fmt.Sprintf("%.2f times: %s", worst, workload), worst <= want
}

func preflightsAgainstRS(m *measurement) (string, bool) {
	return againstRS(m, 1, func(c *suite.Case) bool {
		rs := suite.Case{Family: c.Family, Workload: c.Workload, Engine: "rs/cors"}
		return everydayGranted(c) && !strings.HasSuffix(c.Workload, "actual") && suite.Differs(&rs) == nil
	})
}

func actualAgainstRS(m *measurement) (string, bool) {
	return againstRS(m, 1.6, func(c *suite.Case) bool { return everydayGranted(c) && strings.HasSuffix(c.Workload, "actual") })
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

// parallelGain allows for a machine whose other cores are not idle.
func parallelGain(m *measurement) (string, bool) {
	f := suite.Parallel()
	worst, workload := extreme(ours(f, func(*suite.Case) bool { return true }), 1, m.gain)
	return fmt.Sprintf("%.2f times on %d cores: %s", worst, m.cores, workload), worst >= 0.8*float64(m.cores)
}
