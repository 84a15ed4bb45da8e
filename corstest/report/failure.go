package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/printable"
)

// pages is where the facts are published.
const pages = "https://github.com/s3cors/s3cors/blob/main/docs/"

// rowLink returns the address of a row of docs/s3-cors.md or docs/ceph-cors.md.
func rowLink(id string) string {
	page := "s3-cors.md"
	if strings.HasPrefix(id, "ceph-") {
		page = "ceph-cors.md"
	}
	return pages + page + "#" + strings.Replace(id, "/", "-", 1)
}

// failed reports whether a result is a failure or an error: what a person wants to
// read of.
func failed(res *conformance.Result) bool {
	return res.Verdict == conformance.Fail || res.Verdict == conformance.Error
}

// details returns what happened to a failed vector, in lines without a line feed: its
// title, the request as a command, the configuration, what differs.
func (r *Report) details(res *conformance.Result) []string {
	v := res.Vector
	lines := []string{v.Title}
	lines = append(lines, steps(v)...)
	lines = append(lines, r.request(res)...)
	if config := configOf(v); config != "" {
		lines = append(lines, "config    "+config)
	}
	if res.Reason != "" {
		lines = append(lines, "reason    "+cut(res.Reason, 0))
	}
	for _, d := range res.Diffs {
		want, got := excerpts(d.Want, d.Got)
		lines = append(lines, printable.String(d.What), "  expected  "+want, "  got       "+got)
	}
	return lines
}

// facts returns what a vector rests on, in lines without a line feed: its rows, its
// source, who got it wrong.
func facts(v *vectors.Vector) []string {
	var lines []string
	for _, id := range v.Rows {
		lines = append(lines, "row       "+id+"  "+rowLink(id))
	}
	lines = append(lines, "source    "+printable.String(v.Source)+", grade "+v.Grade)
	if v.Seen != "" {
		lines = append(lines, "seen      "+printable.String(v.Seen))
	}
	return lines
}

// steps says in a line what the requests of an operation are, in turn. A difference
// names the number of its step, which counts from 0.
func steps(v *vectors.Vector) []string {
	if len(v.Steps) < 2 {
		return nil
	}
	all := make([]string, len(v.Steps))
	for i, step := range v.Steps {
		q := step.Request
		all[i] = fmt.Sprintf("%d %s %s", i, q.Method, q.Target)
		if q.Query != "" {
			all[i] += "?" + q.Query
		}
	}
	return []string{"steps     " + shorten(printable.String(strings.Join(all, ", ")), 2*longText)}
}

// request says what was sent: as a command where it went over a wire, in words for an
// evaluator.
func (r *Report) request(res *conformance.Result) []string {
	if res.Exchange != nil && res.Exchange.Request != nil {
		return []string{"request   " + r.Curl.Line(res.Exchange.Request)}
	}
	if document := res.Vector.Document; document != nil {
		return []string{"document  " + shorten(printable.String(string(document)), 2*longText)}
	}
	q := res.Vector.Request
	if q == nil {
		return nil
	}
	what := q.Method + " of the " + q.Target
	if q.Subresource != "" {
		what += ", ?" + q.Subresource
	}
	lines := []string{"request   " + printable.String(what)}
	for _, h := range q.Headers {
		lines = append(lines, "          "+shorten(printable.String(h[0]+": "+h[1]), longText))
	}
	return lines
}

// configOf returns the configuration that a vector's bucket has, on one line.
func configOf(v *vectors.Vector) string {
	text := v.Config
	if v.Steps != nil {
		text = v.Stored
	}
	var compact bytes.Buffer
	if json.Compact(&compact, text) == nil {
		text = compact.Bytes()
	}
	return shorten(printable.String(string(text)), 2*longText)
}

// longText is the number of characters from which a text is cut.
const longText = 300

// shorten cuts what is behind the first n characters of a text.
func shorten(s string, n int) string {
	count := utf8.RuneCountInString(s)
	if count <= n {
		return s
	}
	return string([]rune(s)[:n]) + fmt.Sprintf(" … (%d more characters)", count-n)
}

// excerpts returns two texts that differ, made printable, and cut so that the first
// difference can be seen.
func excerpts(want, got string) (string, string) {
	same := 0
	for same < len(want) && same < len(got) && want[same] == got[same] {
		same++
	}
	return excerpt(want, same), excerpt(got, same)
}

// excerpt returns a text around the place where it begins to differ. Of a text that is
// very long it looks at that part alone.
func excerpt(s string, at int) string {
	const before = longText / 5
	switch {
	case s == "", len(s) <= longText && (s[0] == ' ' || s[len(s)-1] == ' '):
		return `"` + printable.String(s) + `"` // what could not be seen otherwise
	case len(s) <= longText, at <= before:
		return cut(s, 0)
	}
	from := runeAt(s, at-before)
	return fmt.Sprintf("(%d bytes) … ", from) + cut(s, from)
}

// cut returns a part of a text, made printable.
func cut(s string, from int) string {
	end := runeAt(s, min(from+longText, len(s)))
	part := printable.String(s[from:end])
	if end < len(s) {
		part += fmt.Sprintf(" … (%d more bytes)", len(s)-end)
	}
	return part
}

// runeAt returns the place at or a little before i where a character begins.
func runeAt(s string, i int) int {
	for at := i; at > i-utf8.UTFMax && at > 0 && at < len(s); at-- {
		if utf8.RuneStart(s[at]) {
			return at
		}
	}
	return i
}
