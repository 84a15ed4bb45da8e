package s3cors

import (
	"bytes"
	"slices"
)

// A Document is what was read from the text of a configuration: the
// configuration as far as it could be read, where its members stand, and all
// that S3 would refuse it for. It is for tools that show people their documents;
// a server needs no more than Parse. A Document is immutable.
type Document struct {
	config   Configuration
	marks    []mark
	lines    lines
	problems Problems
	more     int

	unreadable bool
}

// ParseDocument reads a document in XML or JSON, told apart as by Parse. It does
// not keep data.
func ParseDocument(data []byte, opts ...Option) *Document {
	r := read(bytes.Clone(data), newSettings(opts))
	return &Document{
		config:   Configuration{r.config.CORSRules},
		marks:    r.marks,
		lines:    newLines(r.data, r.text),
		problems: r.found.problems(),
		more:     r.found.more,

		unreadable: r.unreadable,
	}
}

// Parse reads a configuration in XML or JSON; the first character after a byte
// order mark and white space tells which: "{" and "[" begin JSON. It returns the
// configuration, or the Problems that S3 would refuse the document for.
//
// It is for files and tools. For the body of PUT ?cors use ParseXML, since S3
// refuses JSON there.
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

func looksLikeJSON(data []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte(byteOrderMark)), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// Configuration returns a copy of the configuration as far as it could be read.
// It is as it stands in the document also where the server would change it, as Ceph
// does. Where Problems is not empty, it lacks what could not be read at all; a list's
// value of a wrong type stands as "" there, so that indexes are those of the
// document. It has no rules if the document is Unreadable.
func (d *Document) Configuration() *Configuration { return d.config.clone() }

// Unreadable reports whether nothing could be read, since the document is not even
// XML or JSON, or is too long.
func (d *Document) Unreadable() bool { return d.unreadable }

// CompileStored returns the policy of the document: that of CompileStored for its
// configuration, or that of Unavailable if it is Unreadable.
func (d *Document) CompileStored(opts ...Option) *Policy {
	if d.unreadable {
		return Unavailable(opts...)
	}
	return compile(&d.config, newSettings(opts))
}

// Problems returns a copy of what S3 would refuse the document for, in S3's
// order; nil if S3 would accept it. Of more than MaxProblems it returns the first
// MaxProblems.
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

// More returns how many problems the document has beyond those that Problems
// returns.
func (d *Document) More() int { return d.more }

// Position returns where the member with that path begins, and where it ends,
// exclusive; false if the document has no such member. The path of a list is that
// of its first value; an empty list, which JSON has, stands at its brackets.
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

// MaxDocumentBytes returns how many bytes the body of PUT ?cors may have.
func MaxDocumentBytes(opts ...Option) int { return newSettings(opts).dialect.MaxDocumentBytes }

// DocumentTooLong returns what S3 answers to a longer body, for servers that know
// the length before they read it.
func DocumentTooLong(opts ...Option) *Error { return tooLong(newSettings(opts).dialect) }
