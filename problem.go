package s3cors

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/internal/printable"
)

// A Problem is one thing that S3 refuses a configuration for: what S3 says of
// it, and what helps a person to find and mend it. Only the former is for the
// client of a server.
type Problem struct {
	// S3 is what S3 would answer if this were the only problem.
	S3 *Error
	// Row is the id of the row of docs/s3-cors.md that says so, such as
	// "1.1/no-allowed-method". It never changes, so programs can go by it.
	Row string
	// Path names the member, such as CORSRules[1].AllowedMethods[0], with
	// indexes from 0 and the names of the JSON form, whatever the document's
	// format. CORSConfiguration is the document as a whole.
	Path string
	// Rule is the index, from 0, of the rule that the member is in; -1 if it is
	// in none.
	Rule int
	// Start is where the member begins in the document, and End where it ends,
	// exclusive: a value without its quotes or tags in XML, and with its quotes in
	// JSON. A member that is missing stands at its rule, or at the document. Both
	// are zero if there is no document.
	Start, End Position
	// Detail says what is wrong in a plain sentence without a full stop.
	Detail string
	// Suggestion is the name that was probably meant, "" if none is near.
	Suggestion string
}

// A Position is a place in the text of a document. The zero value is none.
type Position struct {
	// Line and Column count from 1. Lines end with a line feed, columns count
	// Unicode code points, and a byte order mark is none of these.
	Line, Column int
	// Offset counts the bytes before it, a byte order mark included.
	Offset int
}

// Error returns all that is known, on one line: place, path, code, message and
// detail. Characters that do not print are escaped.
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

// Unwrap returns p.S3, so that errors.As finds the *Error.
func (p *Problem) Unwrap() error {
	if p.S3 == nil {
		return nil
	}
	return p.S3
}

// MaxProblems is how many problems are told of one configuration.
const MaxProblems = 100

// Problems are what S3 refuses a configuration for, in the order in which S3
// finds them: the first is the one that S3 answers with, and that errors.As
// finds. There are MaxProblems of them at most; [Document.More] tells how many
// more a document has.
type Problems []*Problem

// Error returns a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems, each an error.
func (p Problems) Unwrap() []error {
	errs := make([]error, len(p))
	for i := range p {
		errs[i] = p[i]
	}
	return errs
}
