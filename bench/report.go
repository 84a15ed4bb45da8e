package main

import (
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/bench/suite"
	"github.com/s3cors/s3cors/bench/work"
)

// results are the parts that were measured.
type results struct {
	peers   *measurement
	against *comparison
	scale   *suite.LoadReport
}

// markdown is the whole report. What stands between the two comments is what the
// README of the project shows.
func (r *results) markdown() string {
	var b strings.Builder
	if r.peers != nil {
		r.peers.beginning(&b, r.against)
	}
	if r.against != nil {
		r.against.markdown(&b)
	}
	if r.peers != nil {
		r.peers.tables(&b)
	}
	if r.scale != nil {
		manyBuckets(&b, r.scale)
	}
	if r.peers != nil {
		plots(&b)
		differences(&b)
	}
	return b.String()
}

func (m *measurement) beginning(b *strings.Builder, c *comparison) {
	command := "go run -C bench . -write"
	if c != nil {
		command += " -against " + c.commit
	}
	fmt.Fprintf(b, "# Results\n\nWritten by `%s`; what the columns are and how they are measured: [README.md](README.md).\n\n", command)
	b.WriteString("<!-- readme -->\n")
	m.glance(b)
	m.machine(b)
	b.WriteString("<!-- /readme -->\n\n")
	m.goals(b)
}

func (m *measurement) tables(b *strings.Builder) {
	for _, f := range []suite.Family{suite.Evaluate(), suite.HTTP(), suite.Fiber(), suite.Parse(), suite.Compile()} {
		m.table(b, &f)
	}
	m.hostile(b)
	m.parallel(b)
	m.memory(b)
}

// peers are the modules whose versions a reader has to know.
var peers = []string{
	"github.com/versity/versitygw", "github.com/rs/cors", "github.com/jub0bs/cors", "github.com/minio/minio-go/v7", "github.com/gofiber/fiber/v3", "github.com/valyala/fasthttp",
}

func (m *measurement) machine(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s, %d cores, %s/%s, %s, on %s.\nMedians over %d layouts of the binary, %d run(s) each, by turns; %v for each cell and run.\n",
		m.cpu, m.cores, runtime.GOOS, runtime.GOARCH, runtime.Version(), m.started.Format("2006-01-02"),
		m.plan.layouts, m.plan.passes, m.plan.benchtime)
	var versions []string
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if slices.Contains(peers, dep.Path) {
				versions = append(versions, dep.Path+" "+dep.Version)
			}
		}
	}
	fmt.Fprintf(b, "Peers: %s.\n", strings.Join(versions, ", "))
}

// A line is a row of the first table: a workload, and who else does it.
type line struct {
	label, family, workload string
	others                  []string
}

var glance = []line{
	{"Decide: exact origin, actual request", "Evaluate", "exact origin, actual", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: preflight", "Evaluate", "exact origin, preflight", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: preflight, five header names", "Evaluate", "5 headers", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: `https://*.example.com`", "Evaluate", "wildcard origin, actual", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: refused", "Evaluate", "refused origin, preflight", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: last of 100 rules, five header names", "Evaluate", "100 rules, last, 5 headers", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: last of 1,000 origins", "Evaluate", "1000 origins, last", []string{"versitygw", "versitygw, as deployed"}},
	{"Decide: last of 2,000 patterns", "Evaluate", "2000 patterns, last", []string{"versitygw", "versitygw, as deployed"}},
	{"net/http: actual request", "HTTP", "exact origin, actual", []string{"rs/cors", "jub0bs/cors"}},
	{"net/http: preflight, five header names", "HTTP", "5 headers", []string{"rs/cors", "jub0bs/cors"}},
	{"fiber: preflight, five header names", "Fiber", "5 headers", []string{"fiber cors", "versitygw"}},
	{"Read a document of 2 rules", "Parse", "2 rules", []string{"minio-go", "encoding/xml"}},
	{"Read a document of 64 KiB", "Parse", "64 KiB", []string{"minio-go", "encoding/xml"}},
}

func (m *measurement) glance(b *strings.Builder) {
	b.WriteString("| | s3cors | others |\n|---|---:|---|\n")
	for _, l := range glance {
		ours := m.find(l.family, l.workload, oursIn(l.family))
		var others []string
		for _, name := range l.others {
			if s := m.find(l.family, l.workload, name); s != nil {
				others = append(others, fmt.Sprintf("%s %s (%s)", name, duration(s.median()), times(s.ratio(ours))))
			}
		}
		fmt.Fprintf(b, "| %s | %s | %s |\n", l.label, duration(ours.median()), strings.Join(others, "; "))
	}
}

// oursIn is the engine that ratios refer to.
func oursIn(family string) string {
	if family == "Parse" {
		return "s3cors XML"
	}
	return "s3cors"
}

// find returns what was measured of a case, nil if there is no such case.
func (m *measurement) find(family, workload, engine string) *series {
	c := suite.Case{Family: family, Workload: workload, Engine: engine}
	return m.samples[c.Key()]
}

// table writes a family: a row for each workload, a column for each engine.
func (m *measurement) table(b *strings.Builder, f *suite.Family) {
	fmt.Fprintf(b, "\n## %s\n\n", f.Title)
	for _, e := range f.Engines {
		fmt.Fprintf(b, "- **%s**: %s\n", e.Name, e.About)
	}
	b.WriteString("\n|")
	for _, e := range f.Engines {
		b.WriteString(" | " + e.Name)
	}
	b.WriteString(" |\n|---" + strings.Repeat("|---:", len(f.Engines)) + "|\n")
	for _, workload := range f.Workloads() {
		b.WriteString("| " + workload)
		for _, e := range f.Engines {
			b.WriteString(" | " + m.cell(f.Name, workload, e.Name))
		}
		b.WriteString(" |\n")
	}
}

// cell is a median with its spread, the allocations if there are any, and how
// many times our time it is; marked where the verdict is not S3's.
func (m *measurement) cell(family, workload, engine string) string {
	s := m.find(family, workload, engine)
	if s == nil {
		return "–"
	}
	text := duration(s.median()) + " ±" + s.spread()
	if s.allocations > 0 {
		text += fmt.Sprintf(", %d alloc", s.allocations)
	}
	if ours := oursIn(family); engine != ours {
		text += " (" + times(s.ratio(m.find(family, workload, ours))) + ")"
	}
	if suite.Differs(&suite.Case{Family: family, Workload: workload, Engine: engine}) != nil {
		text += " [≠](#other-verdicts)"
	}
	return text
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}} {
		if ns >= unit.size {
			return digits(ns/unit.size) + " " + unit.name
		}
	}
	return digits(ns) + " ns"
}

func digits(x float64) string {
	switch {
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.2f", x)
}

// times writes a ratio with the two digits that such a measurement is worth. Beyond a
// thousand the other did other work, and how much more does not matter.
func times(ratio float64) string {
	switch {
	case ratio >= 1000:
		return ">1,000×"
	case ratio >= 100:
		return fmt.Sprintf("%.0f×", 10*math.Round(ratio/10))
	case ratio >= 10:
		return fmt.Sprintf("%.0f×", ratio)
	}
	return fmt.Sprintf("%.1f×", ratio)
}

// hostile judges by bytes what somebody made long.
func (m *measurement) hostile(b *strings.Builder) {
	b.WriteString("\n## Hostile requests, by the byte\n\n| | bytes | s3cors | s3cors, values read | versitygw | plain loop |\n|---|---:|---:|---:|---:|---:|\n")
	f := suite.Evaluate()
	for _, c := range f.Cases {
		if c.Class != work.Hostile || c.Engine != "s3cors" || c.Bytes < 1000 {
			continue
		}
		fmt.Fprintf(b, "| %s | %d", c.Workload, c.Bytes)
		for _, engine := range []string{"s3cors", "s3cors, values read", "versitygw", "plain loop"} {
			fmt.Fprintf(b, " | %.2g ns", m.find("Evaluate", c.Workload, engine).median()/float64(c.Bytes))
		}
		b.WriteString(" |\n")
	}
}

// parallel shows throughput on one core and on all.
func (m *measurement) parallel(b *strings.Builder) {
	b.WriteString("\n## From all cores at once\n\nMillions in a second: of decisions on one policy, and of a control, which is arithmetic on registers and gains what the machine gives. " +
		"The last column is the time of processors for one decision, on all cores at once, as a multiple of that on one: more than 1 is what the cores take from each other.\n\n| | |")
	for _, procs := range m.processors() {
		fmt.Fprintf(b, " %d core(s) |", procs)
	}
	b.WriteString(" gain | stretched |\n|---|---" + strings.Repeat("|---:", len(m.processors())+2) + "|\n")
	f := suite.Parallel()
	for _, c := range f.Cases {
		fmt.Fprintf(b, "| %s | %s", c.Workload, c.Engine)
		for _, procs := range m.processors() {
			fmt.Fprintf(b, " | %s", digits(1e3/m.samples[onProcessors(c.Key(), procs)].median()))
		}
		fmt.Fprintf(b, " | %.2f× | %.2f× |\n", m.gain(&c), m.stretch(&c))
	}
}

// gain is how many times as much all cores do as one.
func (m *measurement) gain(c *suite.Case) float64 {
	return m.samples[c.Key()].ratio(m.samples[onProcessors(c.Key(), m.processors()[len(m.processors())-1])])
}

// stretch is how much longer processors work for a request when all of them do.
func (m *measurement) stretch(c *suite.Case) float64 {
	one, all := m.samples[c.Key()], m.samples[onProcessors(c.Key(), m.processors()[len(m.processors())-1])]
	return quantile(all.processor, 0) / quantile(one.processor, 0)
}

func (m *measurement) memory(b *strings.Builder) {
	b.WriteString("\n## Memory\n\nBytes of heap held for one document, the document itself dropped.\n\n" +
		"| | document, XML | s3cors.Policy | of the document | s3cors.Configuration | versitygw, parsed |\n|---|---:|---:|---:|---:|---:|\n")
	for _, h := range m.holdings {
		fmt.Fprintf(b, "| %s | %d | %d | %s | %d | %d |\n", h.Document, h.Size, h.Policy, times(float64(h.Policy)/float64(h.Size)), h.Configuration, h.Versity)
	}
}

func plots(b *strings.Builder) {
	b.WriteString("\n## How cost grows\n\n")
	for _, s := range suite.Scales() {
		fmt.Fprintf(b, "![%s](plots/%s.svg)\n\n", s.Title, s.Name)
	}
}

func differences(b *strings.Builder) {
	b.WriteString("## Other verdicts\n\nWhere an engine does not say what S3 says, and why. Its time is that of other work. " +
		"The rows in `code` are those of [docs/s3-cors.md](../docs/s3-cors.md).\n\n| engine | workloads | what it does | why |\n|---|---|---|---|\n")
	for _, d := range suite.Differences() {
		fmt.Fprintf(b, "| %s (%s) | %s | %s | %s |\n", d.Engine, d.Family, strings.Join(d.Workloads, "; "), d.Does, d.Why)
	}
}
