package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/lint"
)

// lookAtForeign fills in what is found in a document of another product or of a tool.
func (v *view) lookAtForeign(p *policy, d *convert.Document) {
	text := textOf(p.Document)
	for _, problem := range d.Problems {
		v.Marks = append(v.Marks, mark{span: text.span(problem.Start, problem.End), Severity: lint.Error.String(), Code: problem.S3.Code,
			Row: problem.Row, Path: problem.Path, Message: problem.Detail, Suggestion: problem.Suggestion, Finding: -1})
	}
	v.Marks = append(v.Marks, text.remarks("lost", d.Losses)...)
	v.Marks = append(v.Marks, text.remarks("note", d.Notes)...)
	v.takesOnceConverted(p)
	if d.Configuration == nil {
		return
	}
	report := lint.CheckConfiguration(d.Configuration, p.lintOptions())
	v.Lint = result.Lint("-", report)
	locate(d, report.Findings)
	stuck := newForeignText(p, d).stuck(report.Findings)
	for i, f := range report.Findings {
		m := text.finding(i, f)
		if stuck[i] != "" {
			m.Finding, m.Stuck = -1, stuck[i]
		}
		if f.Row == "" || !v.told(m) {
			v.Marks = append(v.Marks, m)
		}
	}
	v.rulesOf(text, d)
}

// told adds the remedy of a finding to the mark of the problem that it is. It returns
// false if the problems of the document have not told it.
func (v *view) told(found mark) bool {
	told := false
	for i := range v.Marks {
		m := &v.Marks[i]
		told = told || m.Row != ""
		if m.Row == found.Row && m.span == found.span && m.Finding < 0 {
			m.Finding, m.Stuck = found.Finding, found.Stuck
			return true
		}
	}
	return told
}

// takesOnceConverted says which servers would take what the document means. The problems
// depend on the server, so the document is read for each.
func (v *view) takesOnceConverted(p *policy) {
	for _, kind := range dialects {
		other := *p
		other.Dialect = kind.dialect
		if read, err := other.read(); err == nil {
			v.Takes = append(v.Takes, takes(kind.dialect, kind.title, read.Problems))
		}
	}
}

// rulesOf fills in the rules of a document.
func (v *view) rulesOf(text *text, d *convert.Document) {
	places := make([]convert.Remark, len(d.Configuration.CORSRules))
	for i := range places {
		places[i].Path = "CORSRules[" + strconv.Itoa(i) + "]"
	}
	d.Locate(places)
	for i, r := range d.Configuration.CORSRules {
		v.Rules = append(v.Rules, rule{text.span(places[i].Start, places[i].End), r})
	}
}

// locate fills in where the findings stand in the document, all of them in one pass over
// its text.
func locate(d *convert.Document, findings []lint.Finding) {
	places := make([]convert.Remark, len(findings))
	for i, f := range findings {
		places[i].Path = f.Path
	}
	d.Locate(places)
	for i := range findings {
		findings[i].Start, findings[i].End = places[i].Start, places[i].End
	}
}

// A foreignText is a document of another product, to be changed.
type foreignText struct {
	policy   *policy
	document *convert.Document
	source   lint.Source
}

func newForeignText(p *policy, d *convert.Document) *foreignText {
	f := &foreignText{policy: p, document: d}
	f.source = lint.Source{Data: []byte(p.Document), Configuration: d.Configuration, Offsets: d.Offsets, NameOf: d.NameOf, Read: f.read}
	return f
}

// read returns what a text says, which is to be of the same format.
func (f *foreignText) read(data []byte) *s3cors.Configuration {
	d, err := convert.Read(data, convert.ReadOptions{Format: f.document.Format, Resource: f.policy.Resource, Dialect: f.policy.Dialect})
	if err != nil {
		return nil
	}
	return d.Configuration
}

// change applies the remedies of findings: in the text, where all else stays as it
// stands, and else, if nothing is lost, by writing the document anew. The error is an
// *InputError.
func (f *foreignText) change(findings []lint.Finding) (*changed, error) {
	fixed, err := lint.FixSource(f.source, findings)
	switch {
	case errors.Is(err, lint.ErrNotInPlace):
		return f.write(lint.Apply(f.document.Configuration, findings))
	case err != nil:
		return nil, err
	}
	return &changed{Document: string(fixed)}, nil
}

// addRule puts the rule that is new in a configuration behind the rules of the document, or
// before them, where that is all there is to do. It returns false where it is not, or
// cannot be done.
func (f *foreignText) addRule(config *s3cors.Configuration) (string, bool) {
	last := len(config.CORSRules) - 1
	if last < 1 {
		return "", false
	}
	start, _, found := f.document.Offsets("CORSRules[0]")
	before, end, ok := f.document.Offsets("CORSRules[" + strconv.Itoa(last-1) + "]")
	data := string(f.source.Data)
	if !found || !ok || data[start] != '{' {
		return "", false
	}
	if rule, indent, ok := f.printed(config.CORSRules[last], data[:before]); ok {
		if text := data[:end] + "," + indent + rule + data[end:]; alike(f.read([]byte(text)), config) {
			return text, true
		}
	}
	rule, indent, ok := f.printed(config.CORSRules[0], data[:start])
	text := data[:start] + rule + "," + indent + data[start:]
	return text, ok && alike(f.read([]byte(text)), config)
}

// printed is a rule as it stands in a document of the format, and what stands between it
// and others: that is indented as what follows this text.
func (f *foreignText) printed(rule s3cors.Rule, before string) (printed, indent string, ok bool) {
	one := &s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}
	written, err := convert.Write(one, convert.WriteOptions{Format: f.document.Format, Dialect: f.policy.Dialect})
	if err != nil || len(written.Losses) > 0 || written.Text == nil {
		return "", "", false
	}
	d, err := convert.Read(written.Text, convert.ReadOptions{Format: f.document.Format, Dialect: f.policy.Dialect})
	if err != nil {
		return "", "", false
	}
	start, end, ok := d.Offsets("CORSRules[0]")
	text := string(written.Text)
	own := text[len(strings.TrimRight(text[:start], " ")):start]
	printed = text[start:end]
	indent = before[len(strings.TrimRight(before, " \t\r\n")):]
	if at := strings.LastIndexByte(indent, '\n'); at >= 0 {
		indent = indent[at:]
		return strings.ReplaceAll(strings.ReplaceAll(printed, "\n"+own, "\n"), "\n", indent), indent, ok
	}
	var b bytes.Buffer
	err = json.Compact(&b, []byte(printed))
	return b.String(), " ", ok && err == nil
}

// anew is what a change says that has written the document anew.
const anew = "The configuration was written anew; comments, and what stood around it, are gone. Undo brings them back."

// write writes the document anew, in its format, with another configuration. It does not
// if anything would be lost.
func (f *foreignText) write(config *s3cors.Configuration) (*changed, error) {
	d := f.document
	switch {
	case !d.Format.Writable():
		return nil, &InputError{fmt.Sprintf("the format %s is read, not written", d.Format)}
	case d.Part:
		return nil, &InputError{"the document holds more than this configuration, and the change does not fit into its text"}
	case len(d.Losses) > 0:
		return nil, &InputError{"the document says what S3 cannot, and would lose it"}
	}
	written, err := convert.Write(config, convert.WriteOptions{Format: d.Format, Bucket: d.Bucket, Dialect: f.policy.Dialect})
	switch {
	case err != nil:
		return nil, &InputError{err.Error()}
	case len(written.Losses) > 0:
		return nil, &InputError{fmt.Sprintf("the format %s cannot say it: %s", d.Format, written.Losses[0].Text)}
	case written.Text == nil || !alike(f.read(written.Text), config):
		return nil, &InputError{fmt.Sprintf("the format %s cannot say it", d.Format)}
	}
	return &changed{Document: string(written.Text), Note: anew}, nil
}

// alike reports whether two configurations say the same.
func alike(a, b *s3cors.Configuration) bool {
	if a == nil || len(a.CORSRules) != len(b.CORSRules) {
		return false
	}
	one, err := a.AppendXML(nil)
	if err != nil {
		return false
	}
	other, err := b.AppendXML(nil)
	return err == nil && string(one) == string(other)
}

// mostTried is how many findings are tried one by one: each takes as long as reading the
// document.
const mostTried = 8

// stuck says of findings why their remedies cannot be applied; "" of one whose can, or
// which has none. Most documents take all of them, which one attempt shows.
func (f *foreignText) stuck(findings []lint.Finding) []string {
	why := make([]string, len(findings))
	if _, err := lint.FixSource(f.source, findings); err == nil {
		return why
	}
	tried := 0
	for i := range findings {
		if findings[i].Patch == nil || tried == mostTried {
			continue // of further ones a click tells
		}
		tried++
		if _, err := f.change(findings[i : i+1]); err != nil {
			why[i] = "This cannot be mended in the text: " + err.Error() + "."
		}
	}
	return why
}
