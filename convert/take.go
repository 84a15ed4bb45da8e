package convert

import (
	"errors"
	"fmt"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/form"
)

// take reads a document of S3's own.
func (d *Document) take(text []byte, dialect s3cors.Dialect) error {
	d.read = s3cors.ParseDocument(text, s3cors.WithDialect(dialect))
	problems := d.read.Problems()
	if d.read.Unreadable() {
		cause := d.read.Causes()[0]
		err := &PlaceError{cause.Start, cause.Detail}
		if form.Of(d.text) == form.S3XML {
			return err
		}
		return d.foreign(err)
	}
	for _, p := range problems {
		p.Start.Offset += d.base
		p.End.Offset += d.base
	}
	d.finish(problems, d.isWhole(problems, dialect))
	return nil
}

// takeTranslation reads a translated document.
func (d *Document) takeTranslation(t *translation, dialect s3cors.Dialect) error {
	d.Losses, d.Notes = append(d.Losses, t.losses...), append(d.Notes, t.notes...)
	d.read, d.marks = s3cors.ParseDocument(t.out, s3cors.WithDialect(dialect)), t.marks
	problems := d.read.Problems()
	if d.read.Unreadable() {
		return d.fault(d.marks[0].span.start, problems[0].Detail)
	}
	whole := d.isWhole(problems, dialect) // which compares paths
	var pins []pin
	for _, p := range problems {
		m := d.markOf(p)
		p.Path, p.Rule = m.path, m.rule
		d.reword(p, m)
		pins = append(pins, pin{m.span.start, &p.Start}, pin{m.span.end, &p.End})
	}
	locate(d.text, d.base, pins)
	d.finish(problems, whole)
	return nil
}

// reword says in the words of the document what the root package says of a name that is
// the translation's.
func (d *Document) reword(p *s3cors.Problem, m mark) {
	words := d.words()
	switch p.Row {
	case "10/json-duplicate-names":
		p.Detail = string(d.text[m.span.start:m.span.end]) + " says the same for the second time"
	case "1.1/no-allowed-origin":
		p.Detail = "the rule is left without " + words.nameOf(memberAllowedOrigins) + ", and needs at least one"
	case "1.1/no-allowed-method":
		p.Detail = "the rule is left without " + words.nameOf(memberAllowedMethods) + " that S3 has, and needs at least one"
	}
}

// Own returns the document as the root package read it, with more to say about its
// problems, if it is one of S3's own: in XML, the CLI's JSON or the console's. It
// returns nil for a document of another format.
func (d *Document) Own() *s3cors.Document {
	if d.marks != nil {
		return nil
	}
	return d.read
}

func (d *Document) finish(problems s3cors.Problems, whole bool) {
	d.Problems, d.More = problems, d.read.More()
	if whole {
		d.Configuration = d.read.Configuration()
	}
	d.place()
}

// place puts the remarks in the order of the document, and fills in where they stand.
func (d *Document) place() {
	for _, list := range [][]Remark{d.Losses, d.Notes} {
		slices.SortStableFunc(list, func(a, b Remark) int { return a.span.start - b.span.start })
	}
	locate(d.text, d.base, append(pinRemarks(d.Losses), pinRemarks(d.Notes)...))
}

// markOf returns what a problem's place in the translation is in the document. Its path
// keeps what the mark has not: a name that is missing.
func (d *Document) markOf(p *s3cors.Problem) mark {
	m, ok := d.marks[p.Start.Offset]
	if !ok {
		m = d.marks[0]
	}
	if p.Rule >= 0 && m.rule >= 0 && m.path == rulePath(m.rule) {
		m.path += p.Path[len(rulePath(p.Rule)):] // a member that is missing
	} else if m.rule < 0 {
		m.path = p.Path
	}
	return m
}

// isWhole reports whether everything in the document was read: all that is wrong with
// it is wrong with the configuration as well.
func (d *Document) isWhole(problems s3cors.Problems, dialect s3cors.Dialect) bool {
	if len(problems) == 0 {
		return true
	}
	if d.read.More() > 0 {
		return false // not all of them are known
	}
	type defect struct{ path, row string }
	known := make(map[defect]bool)
	var judged s3cors.Problems
	errors.As(d.read.Configuration().Validate(s3cors.WithDialect(dialect)), &judged)
	for _, p := range judged {
		known[defect{p.Path, p.Row}] = true
	}
	for _, p := range problems {
		if !known[defect{p.Path, p.Row}] {
			return false
		}
	}
	return true
}

// Locate fills in the places of remarks about the configuration that was read, such as
// those of Write: they stand where the member stands in the document.
func (d *Document) Locate(remarks []Remark) {
	for i := range remarks {
		if remarks[i].span == (span{}) {
			remarks[i].span = d.spanOf(remarks[i].Path)
		}
	}
	locate(d.text, d.base, pinRemarks(remarks))
}

// Offsets returns where a member of the configuration begins in the document and where it
// ends, in bytes, by its path. A list stands at its first value, an empty one at its
// brackets. It returns false if the member has no place.
func (d *Document) Offsets(path string) (start, end int, ok bool) {
	if _, _, ok := d.read.Position(path); !ok {
		return 0, 0, false
	}
	s := d.spanOf(path)
	return d.base + s.start, d.base + s.end, s != span{}
}

// NameOf returns what a member of a rule, such as AllowedOrigins, is called in the
// document's format; where it stands in an object of the rule, that has a dot. It returns
// "" for what the format has no name for.
func (d *Document) NameOf(member string) string {
	if words := d.words(); words != nil {
		return words.nameOf(member)
	}
	return member
}

// words are the names of the document's format; nil for a format of S3's own.
func (d *Document) words() *vocabulary {
	if d.Format == GCSXML {
		return wordsOfGCSXML
	}
	return vocabularies[d.Format]
}

// spanOf returns where a member stands, or its rule if it is missing.
func (d *Document) spanOf(path string) span {
	start, end, ok := d.read.Position(path)
	if !ok {
		var i int
		if _, err := fmt.Sscanf(path, "CORSRules[%d]", &i); err != nil {
			return span{}
		}
		if start, end, ok = d.read.Position(rulePath(i)); !ok {
			return span{}
		}
	}
	if d.marks != nil {
		return d.marks[start.Offset].span
	}
	return span{start.Offset, end.Offset}
}
