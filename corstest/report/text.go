package report

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/internal/printable"
)

// TextOptions say how Text writes. The zero value is without colour and bounded.
type TextOptions struct {
	// Color adds the colours of a terminal.
	Color bool
	// Full is the number of failures of each group that are shown in full. Zero
	// means all if there are few, and otherwise one, and none of the diagnoses
	// behind the twelfth. A negative number means all.
	Full int
}

// few is the number of failures, and of diagnoses with one of theirs, that Text shows
// in full unless told otherwise.
const few = 12

// Text returns the report for a person at a terminal: a table of features, the
// diagnoses, and the failures in groups, of each group some in full and of the others
// their ids. It ends in a line feed.
func (r *Report) Text(o TextOptions) string {
	t := &text{color: o.Color}
	t.line("%s, held against %s: %s", printable.String(r.Target), r.server(), count(len(r.Results), "vector"))
	t.line("")
	t.matrix(r.Results)
	t.verdicts(r.Results)
	t.skipped(r.Results)
	t.diagnoses(r)
	for i, g := range r.groups() {
		t.group(r, g, r.inFull(o, i, g))
	}
	return t.String()
}

// inFull returns how many failures of a group, the i-th, are shown in full.
func (r *Report) inFull(o TextOptions, i int, g group) int {
	switch all := len(g.results); {
	case o.Full < 0, o.Full == 0 && r.failures() <= few:
		return all
	case o.Full > 0:
		return min(o.Full, all)
	case g.diagnosed && i >= few:
		return 0 // of a server with so many bugs
	}
	return 1
}

// A text is one that is being written.
type text struct {
	strings.Builder
	color bool
}

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// The colours of a terminal.
const (
	red   = "31"
	green = "32"
	bold  = "1"
)

// paint colours a text, if that is asked for.
func (t *text) paint(color, s string) string {
	if !t.color {
		return s
	}
	return "\x1b[" + color + "m" + s + "\x1b[0m"
}

func (t *text) matrix(results []conformance.Result) {
	t.line("%-16s%6s%6s%7s%6s%12s%12s%12s", "feature", "pass", "fail", "error", "skip", "must", "should", "may")
	for _, row := range Matrix(results) {
		t.row(string(row.Feature), row.Counts)
	}
	t.row("all vectors", Count(results))
	t.line("")
	t.line("The last three columns are passed/asked. A vector counts in each of its features.")
}

func (t *text) row(name string, c Counts) {
	all := c.All()
	cells := fmt.Sprintf("%-16s%6d%6d%7d%6d%12s%12s%12s", name, all.Pass, all.Fail, all.Error, all.Skip,
		share(c.Must), share(c.Should), share(c.May))
	if c.Must.Fail+c.Must.Error > 0 {
		cells = t.paint(red, cells)
	}
	t.line("%s", cells)
}

// share says how many of those that were asked passed.
func share(t Tally) string {
	if t.Asked() == 0 {
		return "-"
	}
	return fmt.Sprintf("%d/%d", t.Pass, t.Asked())
}

// meaning says what it means for a server not to pass at a level.
func meaning(l conformance.Level) string {
	switch l {
	case conformance.Must:
		return "recorded from the server that the vectors are about: what differs there is a fault"
	case conformance.Should:
		return "documented, or tested by others: what differs there deserves a look"
	}
	return "read in the code of others, or a choice: what differs there is no fault"
}

func (t *text) verdicts(results []conformance.Result) {
	t.line("")
	c := Count(results)
	for _, l := range levels {
		t.line("%-7s %s (%s)", l, t.holds(*c.of(l)), meaning(l))
	}
}

// holds says in a few words what came of a level.
func (t *text) holds(n Tally) string {
	switch {
	case n.Asked() == 0:
		return "nothing asked"
	case n.Fail+n.Error == 0:
		return t.paint(green, fmt.Sprintf("%d of %d passed", n.Pass, n.Asked()))
	case n.Error == 0:
		return t.paint(red, fmt.Sprintf("%d of %d failed", n.Fail, n.Asked()))
	case n.Fail == 0:
		return t.paint(red, fmt.Sprintf("%d of %d had no answer", n.Error, n.Asked()))
	}
	return t.paint(red, fmt.Sprintf("%d of %d failed, %d had no answer", n.Fail, n.Asked(), n.Error))
}

// skipped says why vectors were not asked, each reason once.
func (t *text) skipped(results []conformance.Result) {
	for i, s := range skipReasons(results) {
		if i == 0 {
			t.line("")
		}
		if i == few {
			t.line("skipped for other reasons: see -json")
			break
		}
		t.line("skipped %d: %s", s.count, cut(s.reason, 0))
	}
}

// A skipReason is why vectors were skipped, with how many.
type skipReason struct {
	reason string
	count  int
}

// skipReasons returns the reasons in the order in which they first occur.
func skipReasons(results []conformance.Result) []skipReason {
	var all []skipReason
	index := make(map[string]int)
	for i := range results {
		if results[i].Verdict != conformance.Skip {
			continue
		}
		reason := results[i].Reason
		at, ok := index[reason]
		if !ok {
			at = len(all)
			index[reason] = at
			all = append(all, skipReason{reason: reason})
		}
		all[at].count++
	}
	return all
}

func (t *text) diagnoses(r *Report) {
	if len(r.Diagnoses) == 0 {
		return
	}
	t.line("")
	t.line("%s", t.paint(bold, "Diagnoses, the likeliest first"))
	failures := r.failures()
	for i, d := range r.Diagnoses {
		t.line("")
		t.line("%3d. %s", i+1, t.paint(bold, printable.String(d.Title)))
		t.line("     %s, confidence %.2f; explains %d of %s", printable.String(d.Bug), d.Confidence, len(d.Explains), count(failures, "failure"))
		if len(d.Seen) > 0 {
			t.line("     seen: %s", listing(d.Seen, 3))
		}
	}
}

func (r *Report) failures() int {
	all := Count(r.Results).All()
	return all.Fail + all.Error
}

func (t *text) group(r *Report, g group, full int) {
	t.line("")
	t.line("%s (%d)", t.paint(bold, g.title), len(g.results))
	for _, res := range g.results[:full] {
		t.line("")
		t.line("%s %s (%s)", t.paint(red, string(res.Verdict)), res.Vector.ID, conformance.LevelOf(res.Vector))
		for _, line := range append(r.details(res), facts(res.Vector)...) {
			t.line("  %s", line)
		}
	}
	t.more(g.results[full:])
}

// more names the failures that are not shown in full.
func (t *text) more(rest []*conformance.Result) {
	if len(rest) == 0 {
		return
	}
	ids := make([]string, len(rest))
	for i, res := range rest {
		ids[i] = res.Vector.ID
	}
	t.line("")
	t.line("  %d not shown; -run '^ID$' shows one: %s", len(rest), listing(ids, 4))
}

// listing joins the first texts of a list, and says how many more there are.
func listing(texts []string, n int) string {
	n = min(n, len(texts))
	first := printable.String(strings.Join(texts[:n], ", "))
	if more := len(texts) - n; more > 0 {
		return fmt.Sprintf("%s, and %d more", first, more)
	}
	return first
}

// count puts a noun behind its number.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
