package lint

import (
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/printable"
)

// A Finding is one thing that a configuration is found to have.
type Finding struct {
	Code     Code
	Severity Severity
	// Row is the id of the row of docs/s3-cors.md that S3 refuses the document by; ""
	// for what S3 accepts.
	Row string
	// Rule is the index, from 0, of the rule; -1 for the document as a whole.
	Rule int
	// Path names the member, as that of an s3cors.Problem does:
	// CORSRules[1].AllowedOrigins[0]. CORSConfiguration is the document as a whole.
	Path string
	// Start is where the member begins in the document, and End where it ends,
	// exclusive. A list stands at its first value, what is missing at its rule. Both
	// are zero for what was not read from a document.
	Start, End s3cors.Position
	// Message says in a sentence what was found. It has no full stop.
	Message string
	// Suggestion says what to do; "" if there is nothing to say. It has no full stop.
	Suggestion string
	// Patch is what to change in the configuration as {"CORSRules": […]}, by RFC 6902;
	// nil where a person has to decide.
	Patch []Operation
}

// An Operation is a step of a JSON Patch (RFC 6902): "add", "remove" or "replace".
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"` // a JSON Pointer (RFC 6901)
	Value any    `json:"value,omitempty"`
}

// String returns the place, the severity, the message and the code on one line.
// Characters that do not print are escaped.
func (f Finding) String() string {
	place := ""
	if f.Start.Line > 0 {
		place = fmt.Sprintf("%d:%d: ", f.Start.Line, f.Start.Column)
	}
	return fmt.Sprintf("%s%v: %s (%s)", place, f.Severity, printable.String(f.Message), f.Code)
}
