package s3cors

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/internal/printable"
)

// A Problem is one thing that S3 would refuse a configuration for: what S3 says about
// it, and what helps people to find and correct it. A server sends only what S3 says.
type Problem struct {
	// S3 is what S3 would answer if this were the only problem.
	S3 *Error
	// Row is the id of the row of docs/s3-cors.md with the fact behind the problem,
	// such as "1.1/no-allowed-method". It never changes, so that programs can rely
	// on it. With "-" for "/" it is the anchor of the row:
	// docs/s3-cors.md#1.1-no-allowed-method.
	Row string
	// Path names the member, such as CORSRules[1].AllowedMethods[0]. Indexes count
	// from 0. The names are those of the JSON form, whatever the format of the
	// document. CORSConfiguration stands for the document as a whole.
	Path string
	// Rule is the index, from 0, of the rule that holds the member; -1 if none does.
	Rule int
	// Start is where the member begins in the document, and End is where it ends,
	// exclusive. A value in XML is the text without its tags; a value in JSON has
	// its quotes. A missing member stands at its rule, or at the document. Both are
	// zero if the configuration was not read from a document.
	Start, End Position
	// Detail says in plain words what is wrong, and what to write. It names members as the
	// document does: by the keys of JSON, or by the elements of XML. It has no full stop.
	Detail string
	// Suggestion is the name that was probably meant, or "" if no name is near.
	Suggestion string
}

// A Position is a place in the text of a document. The zero value is no place.
type Position struct {
	// Line and Column count from 1. A line ends with a line feed, and a column is a
	// Unicode code point. A byte order mark counts in neither.
	Line, Column int
	// Offset is the number of bytes before the place, a byte order mark included.
	Offset int
}

// Error returns the place, the path, the code, the message and the detail on one line.
// Characters that do not print are escaped.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Start.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Start.Line, p.Start.Column)
	}
	var s3 Error
	if p.S3 != nil {
		s3 = *p.S3
	}
	fmt.Fprintf(&b, "%s: %s: %s (%s)", printable.String(p.Path), s3.Code, printable.String(s3.Message), printable.String(p.Detail))
	return b.String()
}

// Unwrap returns p.S3, so that errors.As finds it; nil if p.S3 is nil.
func (p *Problem) Unwrap() error {
	if p.S3 == nil {
		return nil
	}
	return p.S3
}

// MaxProblems is the number of problems that are reported of one configuration. The
// others are counted: see [Document.More].
const MaxProblems = 100

// Problems are what S3 would refuse a configuration for, in the order in which S3
// finds them. S3 answers with the first, and errors.As finds the first. Of more than
// MaxProblems, the first MaxProblems are there.
type Problems []*Problem

// Error returns the text of all problems, each on a line of its own.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems as errors.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i := range p {
		errs[i] = p[i]
	}
	return errs
}
