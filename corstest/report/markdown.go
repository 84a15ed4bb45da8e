package report

import (
	"html"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/printable"
)

// largestMarkdown is the number of bytes behind which no group of failures begins.
// GitHub takes a comment of 65,536 characters.
const largestMarkdown = 45_000

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
	for i, s := range skipReasons(r.Results) {
		if i == few {
			t.line("- skipped for other reasons: see the JSON")
			break
		}
		t.line("- skipped %d: %s", s.count, escapeMarkdown(cut(s.reason, 0)))
	}
	if len(r.Diagnoses) > 0 {
		t.line("")
		t.line("### Diagnoses, the likeliest first")
		t.line("")
		t.WriteString(r.MarkdownDiagnoses())
	}
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

// MarkdownDiagnoses returns the diagnoses alone, as a numbered list in Markdown; "" if
// there are none.
func (r *Report) MarkdownDiagnoses() string {
	t := &text{}
	failures := r.failures()
	for i, d := range r.Diagnoses {
		t.line("%d. **%s** (%s, confidence %.2f; explains %d of %s)%s", i+1, escapeMarkdown(d.Title), codeSpan(d.Bug), d.Confidence,
			len(d.Explains), count(failures, "failure"), seenBy(d.Seen))
	}
	return t.String()
}

// seenBy lists who had a bug.
func seenBy(seen []string) string {
	if len(seen) == 0 {
		return ""
	}
	links := make([]string, len(seen))
	for i, s := range seen {
		links[i] = linked(s)
	}
	return "; seen: " + strings.Join(links, ", ")
}

// reference is what there can be a link for: an issue of GitHub, such as
// ceph/ceph#69190, the number of a vulnerability, or an address.
var reference = regexp.MustCompile(`\b([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+)#([0-9]+)\b|\bCVE-[0-9]{4}-[0-9]+\b|\bGHSA(-[a-z0-9]{4}){3}\b|https?://[A-Za-z0-9./?#=&_~%:+-]+`)

// linked escapes a text for Markdown and makes its references links.
func linked(s string) string {
	s = printable.String(s)
	var b strings.Builder
	end := 0
	for _, at := range reference.FindAllStringSubmatchIndex(s, -1) {
		b.WriteString(escapeMarkdown(s[end:at[0]]))
		end = at[1]
		ref := s[at[0]:end]
		name, url := ref, ref
		switch {
		case at[2] >= 0:
			url = "https://github.com/" + s[at[2]:at[3]] + "/issues/" + s[at[4]:at[5]]
		case strings.HasPrefix(ref, "CVE-"):
			url = "https://www.cve.org/CVERecord?id=" + ref
		case strings.HasPrefix(ref, "GHSA-"):
			url = "https://github.com/advisories/" + ref
		default:
			name = nameOf(url)
		}
		b.WriteString("[" + escapeMarkdown(name) + "](" + url + ")")
	}
	return b.String() + escapeMarkdown(s[end:])
}

// thread is the address of an issue of GitHub, or of a pull request.
var thread = regexp.MustCompile(`^https://github\.com/([^/]+/[^/]+)/(?:issues|pull)/([0-9]+)$`)

// nameOf returns the short name of what an address has.
func nameOf(url string) string {
	if m := thread.FindStringSubmatch(url); m != nil {
		return m[1] + "#" + m[2]
	}
	if id, ok := strings.CutPrefix(url, "https://www.cve.org/CVERecord?id="); ok {
		return id
	}
	return url
}

func (t *text) markdownGroups(r *Report) {
	left := 0
	for _, g := range r.groups() {
		if t.Len() > largestMarkdown {
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
	names := make([]string, len(rest))
	for i, res := range rest {
		names[i] = codeSpan(res.Vector.ID)
	}
	t.line("")
	t.line("%d not shown: %s", len(rest), listing(names, few))
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
		text += "; seen: " + linked(v.Seen)
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
