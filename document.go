package s3cors

import (
	"bytes"
	"slices"
)

// A Document is what was read from the text of a configuration: the configuration as
// far as it could be read, the places of its members, and what S3 would refuse it for.
// It is for tools that show documents to people, and for servers that store documents
// which S3 would refuse. A Document is immutable, and safe for concurrent use.
type Document struct {
	config   Configuration
	marks    []mark
	lines    lines
	problems Problems
	causes   []Cause
	more     int

	unreadable bool
}

// ParseDocument reads a document in XML or JSON, which it tells apart as Parse does. It
// does not keep data.
func ParseDocument(data []byte, opts ...Option) *Document {
	r := read(bytes.Clone(data), newSettings(opts))
	return &Document{
		config:   Configuration{r.config.CORSRules},
		marks:    r.marks,
		lines:    newLines(r.data, r.text),
		problems: r.found.problems(),
		causes:   r.causes(),
		more:     r.found.more,

		unreadable: r.unreadable,
	}
}

// Parse reads a configuration in XML or JSON. It tells them apart by the first
// character behind a byte order mark and white space: a document that begins with "{"
// or "[" is JSON. It returns the configuration, or the Problems that S3 would refuse
// the document for.
//
// Parse is for files and tools. Use ParseXML for the body of PUT ?cors, where S3
// refuses JSON.
func Parse(data []byte, opts ...Option) (*Configuration, error) {
	s := newSettings(opts)
	return read(data, s).result(s.dialect)
}

func read(data []byte, s settings) *reader {
	if looksLikeJSON(data) { // 10/xml-or-json
		return readJSON(data, s)
	}
	return readXML(data, s)
}

// Configuration returns a copy of the configuration, as far as it could be read. If the
// document has Problems, what could not be read is missing. A value of a wrong type in
// a list is "" there, so that indexes are those of the document. The configuration has
// no rules if the document is Unreadable. Its values are as they were written, also
// where the server keeps others, as Ceph does.
func (d *Document) Configuration() *Configuration { return d.config.clone() }

// Unreadable reports whether nothing could be read: the document is neither XML nor
// JSON, it is too long, or it is of another schema, without a list of rules where that
// must stand.
func (d *Document) Unreadable() bool { return d.unreadable }

// CompileStored returns the policy of a bucket with this document: the policy that
// CompileStored makes of its configuration, or that of Unavailable if the document is
// Unreadable.
func (d *Document) CompileStored(opts ...Option) *Policy {
	if d.unreadable {
		return Unavailable(opts...)
	}
	return compile(&d.config, newSettings(opts))
}

// Problems returns a copy of what S3 would refuse the document for, in S3's order; nil
// if S3 would accept it. Of more than MaxProblems, it returns the first MaxProblems.
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

// Causes returns a copy of what to change in the document so that S3 accepts it, in the
// order of the first problem of each; nil if S3 would accept it. Each problem that
// Problems returns has exactly one cause. Programs that show a document to people show
// these: they name what was probably meant, and join what one change mends.
func (d *Document) Causes() []Cause {
	causes := slices.Clone(d.causes)
	for i := range causes {
		causes[i].Problems = slices.Clone(causes[i].Problems)
	}
	return causes
}

// More returns the number of problems beyond those that Problems returns.
func (d *Document) More() int { return d.more }

// Position returns where the member with that path begins, and where it ends, exclusive.
// It returns false if the document has no such member. The path of a list stands for
// the first value of the list. An empty list, which only JSON has, stands at its
// brackets.
func (d *Document) Position(path string) (start, end Position, ok bool) {
	at, ok := parsePath(path)
	if !ok {
		return Position{}, Position{}, false
	}
	for _, m := range d.marks {
		if m.place == at {
			return d.lines.position(int(m.span.start)), d.lines.position(int(m.span.end)), true
		}
	}
	return Position{}, Position{}, false
}

// MaxDocumentBytes returns the number of bytes that the body of PUT ?cors may have.
func MaxDocumentBytes(opts ...Option) int { return dialectOf(opts).MaxDocumentBytes }

// DocumentTooLong returns S3's error for a body of more than MaxDocumentBytes. A server
// that knows the length of a body beforehand need not read it.
func DocumentTooLong(opts ...Option) *Error { return tooLong(dialectOf(opts)) }
