package report

import (
	"fmt"
	"html"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/printable"
)

// largestMarkdown bounds the failures in Markdown, in bytes: GitHub takes a comment of
// 65,536 characters.
const largestMarkdown = 50_000

// Markdown returns the report for a pull request or a page: the table of features, the
// diagnoses, and the failures in groups, as many as a comment on GitHub can hold.
func (r *Report) Markdown() string {
	t := &text{}
	t.line("## CORS of %s, held against %s", escapeMarkdown(r.Target), r.server())
	t.line("")
	t.markdownMatrix(r.Results)
	t.line("")
	c := Count(r.Results)
	for _, l := range levels {
		t.line("- **%s**: %s (%s)", l, t.holds(*c.of(l)), meaning(l))
	}
	for _, s := range skipReasons(r.Results) {
		t.line("- skipped %d: %s", s.count, escapeMarkdown(s.reason))
	}
	t.markdownDiagnoses(r)
	t.markdownGroups(r)
	return t.String()
}

func (t *text) markdownMatrix(results []conformance.Result) {
	t.line("| feature | pass | fail | error | skip | must | should | may |")
	t.line("|---|--:|--:|--:|--:|--:|--:|--:|")
	for _, row := range Matrix(results) {
		t.markdownRow(string(row.Feature), row.Counts)
	}
	t.markdownRow("**all vectors**", Count(results))
}

func (t *text) markdownRow(name string, c Counts) {
	all := c.All()
	t.line("| %s | %d | %d | %d | %d | %s | %s | %s |", name, all.Pass, all.Fail, all.Error, all.Skip,
		share(c.Must), share(c.Should), share(c.May))
}

func (t *text) markdownDiagnoses(r *Report) {
	if len(r.Diagnoses) == 0 {
		return
	}
	t.line("")
	t.line("### Diagnoses, the likeliest first")
	t.line("")
	failures := r.failures()
	for i, d := range r.Diagnoses {
		t.line("%d. **%s** (%s, %v; explains %d of %s)%s", i+1, escapeMarkdown(d.Title), codeSpan(d.Bug), d.Confidence,
			len(d.Explains), count(failures, "failure"), seenBy(d.Seen))
	}
}

// seenBy lists who had a bug.
func seenBy(seen []string) string {
	if len(seen) == 0 {
		return ""
	}
	links := make([]string, len(seen))
	for i, s := range seen {
		links[i] = issueLink(s)
	}
	return "; seen: " + strings.Join(links, ", ")
}

var (
	issue   = regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9.-]*/[A-Za-z0-9._-]+)#([0-9]+)$`)
	address = regexp.MustCompile(`^https?://[!-~]+$`)
)

// issueLink returns a link where a text is an issue of GitHub, such as ceph/ceph#69190,
// or an address.
func issueLink(s string) string {
	if m := issue.FindStringSubmatch(s); m != nil {
		return fmt.Sprintf("[%s](https://github.com/%s/issues/%s)", escapeMarkdown(s), m[1], m[2])
	}
	if address.MatchString(s) && !strings.ContainsAny(s, "<>`|") {
		return "<" + s + ">"
	}
	return escapeMarkdown(s)
}

func (t *text) markdownGroups(r *Report) {
	before := t.Len()
	left := 0
	for _, g := range r.groups() {
		if t.Len()-before > largestMarkdown {
			left += len(g.results)
			continue
		}
		t.line("")
		t.line("### %s (%d)", escapeMarkdown(g.title), len(g.results))
		t.markdownGroup(r, g)
	}
	if left > 0 {
		t.line("")
		t.line("%s more in further groups are not shown.", count(left, "failure"))
	}
}

// markdownGroup shows the first failures of a group in full, folded, and the ids of
// the others.
func (t *text) markdownGroup(r *Report, g group) {
	const full = 2
	shown := min(full, len(g.results))
	for _, res := range g.results[:shown] {
		t.markdownFailure(r, res)
	}
	rest := g.results[shown:]
	if len(rest) == 0 {
		return
	}
	names := make([]string, 0, listed)
	for _, res := range rest[:min(len(rest), listed)] {
		names = append(names, codeSpan(res.Vector.ID))
	}
	more := ""
	if len(rest) > listed {
		more = fmt.Sprintf(" and %d others", len(rest)-listed)
	}
	t.line("")
	t.line("%d more: %s%s", len(rest), strings.Join(names, ", "), more)
}

func (t *text) markdownFailure(r *Report, res *conformance.Result) {
	lines := strings.Join(r.details(res), "\n")
	fence := fenceFor(lines)
	t.line("")
	t.line("<details><summary><code>%s</code> (%s): %s</summary>", res.Vector.ID, conformance.LevelOf(res.Vector),
		escapeHTML(shorten(summary(res), longText)))
	t.line("")
	t.line("%s\n%s\n%s", fence, lines, fence)
	t.line("")
	t.line("%s", markdownFacts(res.Vector))
	t.line("")
	t.line("</details>")
}

// markdownFacts says what a vector rests on.
func markdownFacts(v *vectors.Vector) string {
	rows := make([]string, len(v.Rows))
	for i, id := range v.Rows {
		rows[i] = "[" + codeSpan(id) + "](" + rowLink(id) + ")"
	}
	text := "Facts: " + strings.Join(rows, ", ") + "; source: " + escapeMarkdown(v.Source) + ", grade " + v.Grade
	if v.Seen != "" {
		text += "; seen: " + issueLink(v.Seen)
	}
	return text
}

// fenceFor returns a fence that no run of backticks in a text closes.
func fenceFor(s string) string {
	fence := "```"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	return fence
}

// codeSpan returns a span of code that may stand in a table.
func codeSpan(s string) string {
	s = printable.String(s)
	if strings.Contains(s, "`") {
		return escapeMarkdown(s)
	}
	return "`" + strings.ReplaceAll(s, "|", `\|`) + "`"
}

// escapeHTML makes a text printable, for a line of HTML, in which the escapes of
// Markdown have no meaning.
func escapeHTML(s string) string {
	return strings.ReplaceAll(html.EscapeString(printable.String(s)), "@", "&#64;")
}

// escapeMarkdown makes a text printable and takes the meaning from every character
// that has one in Markdown, in HTML or, as the at sign of a mention, on GitHub.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, c := range printable.String(s) {
		switch {
		case c == '@':
			b.WriteString("&#64;")
		case strings.ContainsRune("\\`*_{}[]<>#|~!&$", c):
			b.WriteByte('\\')
			b.WriteRune(c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}
