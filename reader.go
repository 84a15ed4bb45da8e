package s3cors

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/s3cors/s3cors/internal/form"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// byteOrderMark may stand once before a document (10/byte-order-mark).
const byteOrderMark = "\uFEFF"

// looksLikeJSON reports whether a document is taken for JSON (10/xml-or-json).
func looksLikeJSON(data []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), xmltext.Blanks)
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// A reader is what reading XML and JSON have in common: the configuration as far
// as it was read, where its members stand, and what is wrong with it.
type reader struct {
	data   []byte
	text   []byte // data without a byte order mark; all offsets are in it
	config Configuration
	marks  []mark
	found  findings
	words  words     // how the document names its members
	named  form.Form // what the document is, if it is none of S3's
	// ignored are elements that were passed over, as far as they were probably meant for
	// another one.
	ignored []ignored
	judged  int // how many of them were looked at
	// unreadable says that nothing could be read.
	unreadable bool
	// reported holds the places whose value could not be read: what stands there,
	// or in there if it is a rule, is not judged again.
	reported map[place]bool
}

// An ignored is an element that was passed over, the place of what was probably meant
// by it, and where its start tag stands.
type ignored struct {
	name  string
	meant place
	span  span
}

// ignore notes an element that was passed over in the place at, if it was probably
// meant for one of known. Of any number, the first MaxProblems are looked at.
func (r *reader) ignore(name string, at place, s span, known []string, named func(string) member) {
	if r.judged == MaxProblems {
		return
	}
	r.judged++
	if m := named(nearest(name, known)); m != memberNone {
		r.ignored = append(r.ignored, ignored{clip(name), at.of(m), s})
	}
}

// A mark tells where a member stands.
type mark struct {
	place place
	span  span
}

func newReader(data []byte) reader {
	return reader{data: data, text: bytes.TrimPrefix(data, []byte(byteOrderMark))}
}

// mark notes where a member stands, and returns the number of the note.
func (r *reader) mark(at place, s span) int {
	r.marks = append(r.marks, mark{at, s})
	return len(r.marks) - 1
}

// unread notes that a value could not be read.
func (r *reader) unread(at place, s span, row string, detail func() string) {
	r.found.structuralAt(at, s, row, detail)
	r.report(at)
}

func (r *reader) report(at place) {
	if r.reported == nil {
		r.reported = make(map[place]bool)
	}
	r.reported[at] = true
}

// alone makes one defect of the whole document the only one, since nothing more
// can be said of it (10/one-defect-alone). What was read before is dropped: the
// first rules of a document that breaks off are not its configuration.
func (r *reader) alone(s span, row string, err *Error, detail string) {
	r.unreadable, r.config, r.marks = true, Configuration{}, nil
	r.found = findings{kept: []finding{{problem: newProblem(err, row, documentPlace, detail), at: documentPlace, span: s}}}
	r.locate()
}

// malformed is alone for a text that is not XML, or not JSON, at all. It stands at
// one character.
func (r *reader) malformed(offset int, row, detail string) {
	r.alone(newSpan(offset, offset+characterLength(r.text, offset)), row, malformedXML(), detail)
}

// tooLong is alone for a document that is longer than it may be.
func (r *reader) tooLong(s span, row string, q *dialect) {
	r.alone(s, row, tooLong(q), fmt.Sprintf("a CORS configuration may have %d bytes at most", q.MaxDocumentBytes))
}

// finish judges the configuration that was read, and says where its problems are.
func (r *reader) finish(d *dialect) {
	r.judge(d)
	r.locate()
}

// judge finds what S3 would refuse the configuration for, beside what was found
// while it was read.
func (r *reader) judge(d *dialect) {
	r.found.where = r.places()
	r.config.structure(d, r.words, func(at place, row string, detail func() string) {
		if !r.reported[at] && !r.reported[at.inRule()] {
			r.found.structural(at, row, detail)
		}
	})
	r.config.values(d, r.words, func(at place, row string, s3 func() *Error, detail func() string) {
		if !r.reported[at] {
			r.found.refused(at, row, s3, detail)
		}
	})
}

// places returns a function that finds where a place stands: at its rule, or at
// the document, if it is missing.
func (r *reader) places() func(place) span {
	var spans map[place]span
	return func(at place) span {
		if spans == nil { // most documents have nothing to be found
			spans = make(map[place]span, len(r.marks))
			for _, m := range r.marks {
				spans[m.place] = m.span
			}
		}
		for _, p := range [...]place{at, at.inRule()} {
			if s, ok := spans[p]; ok {
				return s
			}
		}
		return spans[documentPlace]
	}
}

// locate gives each problem its position.
func (r *reader) locate() {
	if len(r.found.kept) == 0 {
		return
	}
	lines := newLines(r.data, r.text)
	for i := range r.found.kept {
		f := &r.found.kept[i]
		f.problem.Start, f.problem.End = lines.position(int(f.span.start)), lines.position(int(f.span.end))
	}
	r.found.join(r.words)
}

// whole is the document from its first byte to its last.
func (r *reader) whole() span { return newSpan(0, len(r.text)) }

// result is what the Parse functions make of a document.
func (r *reader) result(q *dialect) (*Configuration, error) {
	if problems := r.found.problems(); problems != nil {
		return nil, problems
	}
	c := &Configuration{r.config.CORSRules} // without what r holds besides
	return c.normalised(q), nil
}

// maxAgeRow is the row that says why strconv.ParseInt does not read a
// MaxAgeSeconds; form is the one for what is no number.
func maxAgeRow(err error, form string) string {
	if errors.Is(err, strconv.ErrRange) {
		return "9/max-age-range"
	}
	return form
}
