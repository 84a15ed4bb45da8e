package page

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/lint"
)

// A view is what is shown of a document.
type view struct {
	// Format is the name of the format, and Title what it is; "" if it is none that is
	// known.
	Format string `json:"format"`
	Title  string `json:"title"`
	// Own tells that the format is S3's own, which its remedies can change in place.
	Own bool `json:"own"`
	// Names are the configurations to choose from, where there are several.
	Names []string `json:"names"`
	// Error says why nothing could be read; "" if something was.
	Error string          `json:"error"`
	Check *result.Verdict `json:"check"` // as check -json prints it
	Lint  *result.Linted  `json:"lint"`  // as lint -json prints it
	Marks []mark          `json:"marks"` // what was found, at its places
	Rules []rule          `json:"rules"`
	// Takes says for each kind of server whether it would take the document.
	Takes []taken `json:"takes"`
}

// A mark is something that was found, and where.
type mark struct {
	span
	Severity   string `json:"severity"` // that of a finding, "lost" or "note"
	Code       string `json:"code"`
	Row        string `json:"row"` // of docs/s3-cors.md
	Path       string `json:"path"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion"`
	// Finding is the index of the finding that can be mended by a click, -1 for none.
	Finding int `json:"finding"`
	// Stuck says why there is a remedy and it cannot be applied in a document of this
	// format; "" for all else.
	Stuck string `json:"stuck"`
}

// A span is a part of the text. From and To count UTF-16 code units, as scripts do; a
// place that is not known has the line 0.
type span struct {
	From   int `json:"from"`
	To     int `json:"to"`
	Line   int `json:"line"`
	Column int `json:"column"`
}

type rule struct {
	span
	Rule s3cors.Rule `json:"rule"`
}

type taken struct {
	choice
	Takes bool   `json:"takes"`
	Text  string `json:"text"` // why not
}

// document looks at a document.
func document(p policy) (*view, error) {
	v := &view{Names: []string{}, Marks: []mark{}, Rules: []rule{}, Takes: []taken{}}
	if p.isNone() {
		return v, nil
	}
	d, err := p.read()
	var several *convert.AmbiguousError
	switch {
	case errors.As(err, &several):
		v.Names, v.Error = several.Names, err.Error()
		return v, nil
	case err != nil:
		v.Error = err.Error()
	default:
		v.Format, v.Title, v.Own = d.Format.String(), d.Format.Title(), !isForeign(d)
	}
	check, err := result.Check(s3cors.ParseDocument([]byte(p.Document), s3cors.WithDialect(p.Dialect)), p.Dialect)
	if err != nil {
		return nil, err
	}
	v.Check = check
	if d != nil && isForeign(d) {
		v.lookAtForeign(&p, d)
	} else {
		v.lookAtOwn(&p)
	}
	if d == nil {
		v.advise(v.Error)
	}
	slices.SortStableFunc(v.Marks, func(a, b mark) int { return cmp.Compare(grave(b.Severity), grave(a.Severity)) })
	return v, nil
}

// advise puts beside a document of somebody else's what can be done to have it read.
func (v *view) advise(failure string) {
	_, how, _ := strings.Cut(failure, ": ") // behind what it is
	for i := range v.Marks {
		if m := &v.Marks[i]; m.Code == string(lint.ForeignDocument) && m.Suggestion == "" && !strings.Contains(m.Message, how) {
			m.Suggestion = how
		}
	}
}

// grave says how bad a mark is: what is lost is as bad as an error.
func grave(severity string) lint.Severity {
	var s lint.Severity
	switch {
	case severity == "lost":
		return lint.Error
	case s.UnmarshalText([]byte(severity)) != nil:
		return lint.Info
	}
	return s
}

// lookAtOwn fills in what is found in a document in a format of S3's own, or of none.
func (v *view) lookAtOwn(p *policy) {
	text := textOf(p.Document)
	report := lint.Check([]byte(p.Document), p.lintOptions())
	v.Lint = result.Lint("-", report)
	for i, f := range report.Findings {
		v.Marks = append(v.Marks, text.finding(i, f))
	}
	parsed := s3cors.ParseDocument([]byte(p.Document), s3cors.WithDialect(p.Dialect))
	for i, r := range parsed.Configuration().CORSRules {
		start, end, _ := parsed.Position("CORSRules[" + strconv.Itoa(i) + "]")
		v.Rules = append(v.Rules, rule{text.span(start, end), r})
	}
	for _, d := range dialects {
		problems := s3cors.ParseDocument([]byte(p.Document), s3cors.WithDialect(d.dialect)).Problems()
		v.Takes = append(v.Takes, takes(d.dialect, d.title, problems))
	}
}

// takes says whether a server takes a document with these problems.
func takes(dialect s3cors.Dialect, title string, problems s3cors.Problems) taken {
	t := taken{choice: choice{dialect.String(), title}, Takes: len(problems) == 0}
	if !t.Takes {
		t.Text = problems[0].S3.Error()
	}
	return t
}

// A text turns places in bytes into places in UTF-16.
type text struct{ units []int } // by the offset in bytes

func textOf(document string) *text {
	units := make([]int, len(document)+1)
	unit := 0
	for i, r := range document { // which is UTF-8, as it comes from JSON
		for k := range utf8.RuneLen(r) {
			units[i+k] = unit
		}
		unit++
		if r > 0xFFFF {
			unit++
		}
	}
	units[len(document)] = unit
	return &text{units}
}

func (t *text) span(start, end s3cors.Position) span {
	last := len(t.units) - 1
	from := t.units[min(start.Offset, last)]
	return span{From: from, To: max(from, t.units[min(end.Offset, last)]), Line: start.Line, Column: start.Column}
}

// finding is a finding as a mark; i is its index.
func (t *text) finding(i int, f lint.Finding) mark {
	if f.Patch == nil {
		i = -1
	}
	return mark{span: t.span(f.Start, f.End), Severity: f.Severity.String(), Code: string(f.Code), Row: f.Row, Path: f.Path,
		Message: f.Message, Suggestion: f.Suggestion, Finding: i}
}

// remarks are remarks of a conversion as marks.
func (t *text) remarks(severity string, remarks []convert.Remark) []mark {
	var marks []mark
	for _, r := range remarks {
		marks = append(marks, mark{span: t.span(r.Start, r.End), Severity: severity, Path: r.Path, Message: r.Text, Finding: -1})
	}
	return marks
}
