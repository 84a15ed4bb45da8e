package s3cors

import (
	"bytes"
	"slices"
	"strconv"
	"unicode/utf8"
)

// byteOrderMark may stand once before a document (10/byte-order-mark).
const byteOrderMark = "\uFEFF"

// A Document is what was read from the text of a configuration: the
// configuration as far as it could be read, where its members stand, and all
// that S3 would refuse it for. It is for tools that show people their documents;
// a server needs no more than Parse. A Document is immutable.
type Document struct {
	data     []byte
	config   Configuration
	problems Problems
	marks    []mark
	lines    lines // of documents that are handed out
}

// A mark tells where a member stands in a document, in bytes.
type mark struct {
	place  place
	offset int
}

// ReadDocument reads a document in XML or JSON, told apart as by Parse. It does
// not keep data.
func ReadDocument(data []byte, opts ...Option) *Document {
	read := readXML
	if looksLikeJSON(data) {
		read = readJSON
	}
	d := read(bytes.Clone(data), newSettings(opts))
	d.lines = newLines(d.data)
	return d
}

// Parse reads a configuration in XML or JSON; the first character after a byte
// order mark and blanks tells which: "{" and "[" begin JSON. It returns the
// configuration, or the Problems that S3 would refuse the document for.
//
// It is for files and tools. For the body of PUT ?cors use ParseXML, since S3
// refuses JSON there (3/server-never-sees-json).
func Parse(data []byte, opts ...Option) (*Configuration, error) {
	if looksLikeJSON(data) {
		return ParseJSON(data, opts...)
	}
	return ParseXML(data, opts...)
}

func looksLikeJSON(data []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// Configuration returns a copy of the configuration as far as it could be read.
// Where Problems is not empty, it lacks what could not be read at all; a list's
// value of a wrong type stands as "" there, so that indexes are those of the
// document.
func (d *Document) Configuration() *Configuration { return d.config.clone() }

// Problems returns a copy of what S3 would refuse the document for, in S3's
// order, with lines and columns; nil if S3 would accept it.
func (d *Document) Problems() Problems {
	var problems Problems
	for _, p := range d.problems {
		problem, s3 := *p, *p.S3
		s3.Elements = slices.Clone(s3.Elements)
		problem.S3 = &s3
		problems = append(problems, &problem)
	}
	return problems
}

// Position returns the line and the column, counted as in Problem, of the member
// with that path; false if the document has no such member. The path of a list
// is that of its first value; an empty list, which JSON has, stands at its
// bracket.
func (d *Document) Position(path string) (line, column int, ok bool) {
	at, ok := parsePath(path)
	if !ok {
		return 0, 0, false
	}
	for _, m := range d.marks {
		if m.place == at {
			line, column = d.lines.position(m.offset)
			return line, column, true
		}
	}
	return 0, 0, false
}

func (d *Document) mark(at place, offset int) { d.marks = append(d.marks, mark{at, offset}) }

// result is what the Parse functions make of a document.
func (d *Document) result() (*Configuration, error) {
	if len(d.problems) > 0 {
		return nil, d.problems
	}
	return &Configuration{d.config.CORSRules}, nil // without what d holds besides
}

// maxSuggestions is how many problems a document may have before names are no
// longer guessed: whoever wrote that is not to be helped with spelling.
const maxSuggestions = 100

// reader is what reading XML and JSON have in common.
type reader struct {
	doc     *Document
	defects []finding
	// told holds the places whose value could not be read: what stands there
	// instead is neither missing nor judged.
	told map[place]bool
}

// defect notes that the structure is wrong at an offset.
func (r *reader) defect(at place, offset int, detail string) {
	f := at.finding(malformedXML(), detail)
	f.offset = offset
	r.defects = append(r.defects, f)
}

// unread notes that a value could not be read.
func (r *reader) unread(at place, offset int, detail string) {
	r.defect(at, offset, detail)
	r.tell(at)
}

func (r *reader) tell(at place) {
	if r.told == nil {
		r.told = make(map[place]bool)
	}
	r.told[at] = true
}

// unknown notes a key or an element that does not belong there; parent is the
// path of what it stands in, "" for the document.
func (r *reader) unknown(parent, kind, name string, offset int, known []string) {
	p := &Problem{S3: malformedXML(), Path: name, Detail: "unknown " + kind + " " + strconv.Quote(name)}
	switch {
	case parent != "":
		p.Path = parent + "." + name
	case name == "":
		p.Path = documentPlace.path()
	}
	if len(r.defects) < maxSuggestions {
		p.Suggestion = nearest(name, known)
	}
	if p.Suggestion != "" {
		p.Detail += ", perhaps " + p.Suggestion + " is meant"
	}
	r.defects = append(r.defects, finding{Problem: p, offset: offset})
}

// alone makes one finding about the whole document the only one
// (10/one-defect-alone).
func (r *reader) alone(f finding, offset int) *Document {
	r.doc.problems = Problems{f.Problem}
	f.Line, f.Column = newLines(r.doc.data).position(offset)
	return r.doc
}

// malformed is alone for a text that is not XML, or not JSON, at all.
func (r *reader) malformed(offset int, detail string) *Document {
	return r.alone(documentPlace.finding(malformedXML(), detail), offset)
}

// finish puts all problems in S3's order: those of structure as they stand in
// the document, then those of values (10/all-structural-defects,
// 10/all-value-defects).
func (r *reader) finish(s settings) *Document {
	d := r.doc
	structure, values := d.config.structure(), d.config.values(s.dialect)
	if len(r.defects)+len(structure)+len(values) == 0 {
		return d
	}
	offsets := d.offsets()
	for _, f := range structure {
		if !r.told[f.at] {
			f.offset = offsets.of(f.at)
			r.defects = append(r.defects, f)
		}
	}
	slices.SortStableFunc(r.defects, func(a, b finding) int { return a.offset - b.offset })
	for _, f := range values {
		if !r.told[f.at] {
			f.offset = offsets.of(f.at)
			r.defects = append(r.defects, f)
		}
	}
	lines := newLines(d.data)
	for _, f := range r.defects {
		f.Line, f.Column = lines.position(f.offset)
		d.problems = append(d.problems, f.Problem)
	}
	return d
}

// offsets finds where a place stands.
type offsets map[place]int

func (d *Document) offsets() offsets {
	o := make(offsets, len(d.marks))
	for _, m := range d.marks {
		o[m.place] = m.offset
	}
	return o
}

// of returns the offset of a place; that of its rule, or of the document, if it
// is missing.
func (o offsets) of(at place) int {
	for _, p := range []place{at, {rule: at.rule, index: none}} {
		if offset, ok := o[p]; ok {
			return offset
		}
	}
	return o[documentPlace]
}

// lines turns offsets into lines and columns, in a time that does not grow with
// the length of lines.
type lines struct {
	data  []byte
	stops []stop
}

// A stop is the position of the character at which a step of the data begins.
type stop struct{ offset, line, column int }

// step is how many bytes lie between two stops, about.
const step = 256

func newLines(data []byte) lines {
	l := lines{data: data, stops: []stop{{0, 1, 1}}}
	if bytes.HasPrefix(data, []byte(byteOrderMark)) {
		l.stops[0].offset = len(byteOrderMark)
	}
	at := l.stops[0]
	for at.offset < len(data) {
		at = at.walk(data, at.offset+step)
		l.stops = append(l.stops, at)
	}
	return l
}

// walk returns the position of the first character not before offset.
func (s stop) walk(data []byte, offset int) stop {
	for s.offset < offset && s.offset < len(data) {
		r, size := utf8.DecodeRune(data[s.offset:])
		s.offset += size
		s.column++
		if r == '\n' {
			s.line, s.column = s.line+1, 1
		}
	}
	return s
}

func (l lines) position(offset int) (line, column int) {
	i, exact := slices.BinarySearchFunc(l.stops, offset, func(s stop, offset int) int { return s.offset - offset })
	if !exact {
		i = max(i-1, 0)
	}
	s := l.stops[i].walk(l.data, offset)
	return s.line, s.column
}

// clone returns a configuration that shares no slice and no pointer with c.
func (c *Configuration) clone() *Configuration {
	copied := &Configuration{CORSRules: slices.Clone(c.CORSRules)}
	for i := range copied.CORSRules {
		rule := &copied.CORSRules[i]
		for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
			*rule.list(m) = slices.Clone(*rule.list(m))
		}
		if rule.ID != nil {
			rule.ID = new(*rule.ID)
		}
		if rule.MaxAgeSeconds != nil {
			rule.MaxAgeSeconds = new(*rule.MaxAgeSeconds)
		}
	}
	return copied
}
