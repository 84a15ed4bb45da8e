package s3cors

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/printable"
)

// An Error is what S3 says to a client: nothing in it is ours.
type Error struct {
	// Status is the HTTP status to send it with.
	Status int
	// Code is S3's error code, such as "AccessForbidden".
	Code string
	// Message is S3's text, letter for letter. It may quote the request or the
	// document, of any length and with any characters.
	Message string
	// Elements are what some codes have beside these, in S3's order.
	Elements []Element
}

// An Element is a further part of an Error, such as ResourceType.
type Element struct{ Name, Value string }

// Error returns code and message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// AppendXML appends the body of S3's response to dst: the XML declaration, a
// line feed, and the error on one line without another (1.6/error-body). Request
// and host id are the server's; S3 sends them as the header fields
// x-amz-request-id and x-amz-id-2, too.
func (e *Error) AppendXML(dst []byte, requestID, hostID string) []byte {
	dst = append(dst, xmlDeclaration+"<Error>"...)
	dst = appendErrorElement(dst, "Code", e.Code)
	dst = appendErrorElement(dst, "Message", e.Message)
	for _, element := range e.Elements {
		dst = appendErrorElement(dst, element.Name, element.Value)
	}
	dst = appendErrorElement(dst, "RequestId", requestID)
	dst = appendErrorElement(dst, "HostId", hostID)
	return append(dst, "</Error>"...)
}

func appendErrorElement(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	for value != "" {
		plain := plainLength(value)
		dst = append(dst, value[:plain]...)
		value = value[plain:]
		if value != "" {
			r, size := utf8.DecodeRuneInString(value) // U+FFFD for what is not UTF-8
			dst = appendEscaped(dst, r)
			value = value[size:]
		}
	}
	return append(append(append(dst, "</"...), name...), '>')
}

// plainLength returns how many bytes at the start of s are ASCII that an error
// body holds as it is.
func plainLength(s string) int {
	for i := range len(s) {
		if b := s[i]; b < ' ' || b >= utf8.RuneSelf || b == '&' || b == '<' || b == '>' {
			return i
		}
	}
	return len(s)
}

// appendEscaped appends a character with the escapes of 10/escaping-in-errors.
func appendEscaped(dst []byte, r rune) []byte {
	switch {
	case r == '&':
		return append(dst, "&amp;"...)
	case r == '<':
		return append(dst, "&lt;"...)
	case r == '>':
		return append(dst, "&gt;"...)
	case !isXMLChar(r):
		r = utf8.RuneError
	}
	return utf8.AppendRune(dst, r)
}

// isXMLChar reports whether an XML 1.0 document may hold r (XML 1.0 section
// 2.2).
func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		0x20 <= r && r <= 0xD7FF || 0xE000 <= r && r <= 0xFFFD || 0x10000 <= r && r <= utf8.MaxRune
}

// illegalCharacter returns the offset of the first byte of text that is no part
// of a character of XML 1.0 in UTF-8; -1 if there is none.
func illegalCharacter(text string) int {
	for i := 0; i < len(text); {
		if b := text[i]; 0x20 <= b && b < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if !isXMLChar(r) || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// A Problem is one thing that S3 refuses a configuration for: what S3 says of
// it, and what helps a person to find and mend it. Only the former is for the
// client of a server.
type Problem struct {
	// S3 is what S3 would answer if this were the only problem.
	S3 *Error
	// Path names the member, such as CORSRules[1].AllowedMethods[0], with
	// indexes from 0 and the names of the JSON form, whatever the document's
	// format. CORSConfiguration is the document as a whole.
	Path string
	// Line and Column, from 1, tell where the member stands in the document;
	// columns count Unicode code points. Both are 0 if there is no document.
	Line, Column int
	// Detail says what is wrong in a plain sentence without a full stop.
	Detail string
	// Suggestion is the name that was probably meant, "" if none is near.
	Suggestion string
}

// Error returns all that is known, on one line: place, path, code, message and
// detail. Characters that do not print are escaped.
func (p *Problem) Error() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "%d:%d: ", p.Line, p.Column)
	}
	fmt.Fprintf(&b, "%s: %s: %s (%s)", printable.String(p.Path), p.S3.Code, printable.String(p.S3.Message), printable.String(p.Detail))
	return b.String()
}

// Unwrap returns p.S3, so that errors.As finds the *Error.
func (p *Problem) Unwrap() error { return p.S3 }

// Problems are all that S3 refuses a configuration for, in the order in which S3
// finds them: the first is the one that S3 answers with, and that errors.As
// finds.
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

// What follows is S3's catalogue: the texts are S3's own, with its spelling.

// malformedXML is every defect of structure (1.3/malformed-xml).
func malformedXML() *Error {
	return &Error{Status: 400, Code: "MalformedXML",
		Message: "The XML you provided was not well-formed or did not validate against our published schema"}
}

func invalidRequest(message string) *Error {
	return &Error{Status: 400, Code: "InvalidRequest", Message: message}
}

// unsupportedMethod ends with a blank when the method is empty
// (1.3/unsupported-method).
func unsupportedMethod(method string) *Error {
	return invalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + method)
}

// manyWildcards is about an AllowedOrigin or an AllowedHeader
// (1.3/origin-wildcards, 1.3/allowed-header-wildcards).
func manyWildcards(element, value string) *Error {
	return invalidRequest(element + ` "` + value + `" can not have more than one wildcard.`)
}

// invalidCharacter names AllowedHeader for an ExposeHeader, too
// (1.3/allowed-header-character, 1.3/expose-header-character).
func invalidCharacter(value string) *Error {
	return invalidRequest(`AllowedHeader "` + value + `" contains invalid character.`)
}

// exposeWildcard is 1.3/expose-header-wildcard.
func exposeWildcard(value string) *Error {
	return invalidRequest(`ExposeHeader "` + value + `" contains wildcard. We currently do not support wildcard for ExposeHeader.`)
}

// tooManyRules is 1.3/too-many-rules.
func tooManyRules(limit int) *Error {
	return invalidRequest(fmt.Sprintf("The number of CORS rules should not exceed allowed limit of %d rules.", limit))
}

// tooLong is 1.3/too-large.
func tooLong(limit int) *Error {
	return &Error{Status: 400, Code: "MaxMessageLengthExceeded", Message: "Your request was too big.",
		Elements: []Element{{"MaxMessageLengthBytes", strconv.Itoa(limit)}}}
}

func badRequest(message string) *Error {
	return &Error{Status: 400, Code: "BadRequest", Message: message}
}

func forbidden(message, method, resource string) *Error {
	return &Error{Status: 403, Code: "AccessForbidden", Message: message,
		Elements: []Element{{"Method", method}, {"ResourceType", resource}}}
}

// Refusal returns the error that S3 answers with instead of the response; nil if
// it does not refuse. Each call returns one of its own.
func (d Decision) Refusal() *Error {
	if d.Status() < 400 {
		return nil
	}
	switch d.outcome {
	case MissingOrigin: // 5.3/missing-origin
		return badRequest("Insufficient information. Origin request header needed.")
	case InvalidMethod: // 5.3/invalid-method
		return badRequest("Invalid Access-Control-Request-Method: " + d.method)
	case InvalidHeaders: // 9/invalid-token-trimmed
		return badRequest(`Access-Control-Request-Headers "` + firstInvalid(d.headers) + `" contains invalid character.`)
	case TooLarge: // 10/too-large-values
		return &Error{Status: 400, Code: "RequestHeaderSectionTooLarge",
			Message:  "Your request header section exceeds the maximum allowed size.",
			Elements: []Element{{"MaxSizeAllowed", strconv.Itoa(d.policy.dialect.maxRequestBytes)}}}
	case NoBucket: // 5.3/service-root
		return forbidden("CORSResponse: Bucket not found", d.method, "BUCKET")
	case NotEnabled: // 5.3/not-enabled: BUCKET for an object's URL as well
		return forbidden("CORSResponse: CORS is not enabled for this bucket.", d.method, "BUCKET")
	default: // 5.3/no-match
		return forbidden("CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "+
			"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "+
			"by the resource's CORS spec.", d.method, d.resourceType())
	}
}

func (d Decision) resourceType() string {
	if d.target == Object {
		return "OBJECT"
	}
	return "BUCKET"
}
