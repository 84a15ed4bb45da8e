package convert

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
)

// A Remark is something to know about a conversion: a loss, or a note.
type Remark struct {
	// Path names the member, as s3cors.Problem has it: CORSRules[0].ExposeHeaders[1].
	// Names are those of S3's JSON; a member that S3 has no name for has the name that
	// stands in the document. CORSConfiguration stands for the document as a whole.
	Path string
	// Value is what stands in the document: the text of a string, the JSON of any other
	// value, or "" if nothing stands there.
	Value string
	// Text says in plain words what becomes of it. It has no full stop.
	Text string
	// Start is where the value begins in the document that was read, and End is where it
	// ends, exclusive. Both are zero if the remark has no place.
	Start, End s3cors.Position

	span span
}

// A span is a part of the document that was read: from start to before end, in bytes,
// a byte order mark not counted. The zero value is no part.
type span struct{ start, end int }

// at returns the remark with a place.
func (r Remark) at(s span) Remark {
	r.span = s
	return r
}

func remark(path, value, format string, args ...any) Remark {
	return Remark{Path: path, Value: value, Text: fmt.Sprintf(format, args...)}
}

func rulePath(i int) string { return fmt.Sprintf("CORSRules[%d]", i) }

func memberPath(i int, member string) string { return rulePath(i) + "." + member }

func valuePath(i int, member string, j int) string {
	return fmt.Sprintf("CORSRules[%d].%s[%d]", i, member, j)
}

// A pin is a position that is asked for, and where it is to be put.
type pin struct {
	offset int
	to     *s3cors.Position
}

// locate fills in all pins in one pass over the text, in front of which a byte order
// mark of base bytes may stand.
func locate(text []byte, base int, pins []pin) {
	slices.SortStableFunc(pins, func(a, b pin) int { return cmp.Compare(a.offset, b.offset) })
	at := s3cors.Position{Line: 1, Column: 1}
	for _, p := range pins {
		for at.Offset < p.offset && at.Offset < len(text) {
			r, size := utf8.DecodeRune(text[at.Offset:])
			at.Offset += size
			at.Column++
			if r == '\n' {
				at.Line, at.Column = at.Line+1, 1
			}
		}
		*p.to = s3cors.Position{Line: at.Line, Column: at.Column, Offset: base + at.Offset}
	}
}

// pinRemarks returns the pins of those remarks that have a place.
func pinRemarks(remarks []Remark) []pin {
	var pins []pin
	for i := range remarks {
		if s := remarks[i].span; s != (span{}) {
			pins = append(pins, pin{s.start, &remarks[i].Start}, pin{s.end, &remarks[i].End})
		}
	}
	return pins
}
