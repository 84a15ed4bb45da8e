package s3cors

import (
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/xmltext"
)

// xmlDeclaration begins the bodies of S3 (1.6/error-body, 2/prologue).
const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>`

// An Error is what S3 says to a client. All of it is S3's; what this package adds for
// people is in a Problem.
type Error struct {
	// Status is the HTTP status of the answer.
	Status int
	// Code is S3's error code, such as "AccessForbidden".
	Code string
	// Message is S3's text, letter for letter. It can quote the request or the
	// document, and so can be of any length and hold any character.
	Message string
	// Elements are the further elements that the errors of some codes have, in S3's
	// order.
	Elements []Element
}

// An Element is a further element of an Error, such as ResourceType.
type Element struct{ Name, Value string }

// IDs are the two names that a server gives a request. S3 sends them in the bodies of
// errors, and in header fields of every answer.
type IDs struct {
	RequestID string // RequestId in a body, x-amz-request-id in a header
	HostID    string // HostId in a body, x-amz-id-2 in a header
}

// AsError returns what S3 says to a client about err: the first *Error in the tree of
// err, or that of InternalError if the tree has none. It returns nil if err is nil, and
// only then.
func AsError(err error) *Error {
	if err == nil {
		return nil
	}
	var s3 *Error
	if errors.As(err, &s3) && s3 != nil {
		return s3
	}
	return InternalError()
}

// InternalError returns the error for a request that fails through a fault of the
// server. It says nothing about the fault.
func InternalError() *Error { // 10/failing-store
	return &Error{Status: 500, Code: "InternalError", Message: "We encountered an internal error. Please try again."}
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Element returns the value of the further element with that name, and false if the
// error has no such element.
func (e *Error) Element(name string) (value string, ok bool) {
	for _, element := range e.Elements {
		if element.Name == name {
			return element.Value, true
		}
	}
	return "", false
}

// InBucket returns the error as the server says it of the bucket with that name. Ceph
// adds the element BucketName in front of the other elements, unless the error has
// it. For Amazon S3, and for an empty name, InBucket returns e. It never changes e.
func (e *Error) InBucket(name string, opts ...Option) *Error {
	if !dialectOf(opts).NamesBucket { // ceph-4/bucket-name
		return e
	}
	return e.inBucket(name)
}

func (e *Error) inBucket(name string) *Error {
	const element = "BucketName"
	if _, ok := e.Element(element); ok || name == "" {
		return e
	}
	named := *e
	named.Elements = append([]Element{{element, name}}, e.Elements...)
	return &named
}

// AppendXML appends the body of S3's response to dst, and returns the extended buffer.
// The body is the XML declaration, a line feed, and the error on one line, without a
// line feed at the end. Ceph's has no line feed behind the declaration either.
// Characters with a meaning in XML are escaped.
func (e *Error) AppendXML(dst []byte, ids IDs, opts ...Option) []byte {
	return e.appendXML(dst, ids, dialectOf(opts))
}

func (e *Error) appendXML(dst []byte, ids IDs, q *dialect) []byte {
	dst = append(dst, xmlDeclaration...) // 1.6/error-body
	if q.LineFeed {                      // ceph-4/one-line
		dst = append(dst, '\n')
	}
	dst = append(dst, "<Error>"...)
	dst = appendErrorElement(dst, "Code", e.Code)
	dst = appendErrorElement(dst, "Message", e.Message)
	for _, element := range e.Elements {
		dst = appendErrorElement(dst, element.Name, element.Value)
	}
	dst = appendErrorElement(dst, "RequestId", ids.RequestID)
	dst = appendErrorElement(dst, "HostId", ids.HostID)
	return append(dst, "</Error>"...)
}

func appendErrorElement(dst []byte, name, value string) []byte {
	dst = append(append(append(dst, '<'), name...), '>')
	dst = appendText(dst, value)
	return append(append(append(dst, "</"...), name...), '>')
}

// appendText appends a value with the escapes of 10/escaping-in-errors.
func appendText(dst []byte, value string) []byte {
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
	return dst
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

// appendEscaped appends a character, escaped if it has to be.
func appendEscaped(dst []byte, r rune) []byte {
	switch {
	case r == '&':
		return append(dst, "&amp;"...)
	case r == '<':
		return append(dst, "&lt;"...)
	case r == '>':
		return append(dst, "&gt;"...)
	case !xmltext.IsChar(r):
		r = utf8.RuneError
	}
	return utf8.AppendRune(dst, r)
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

// unsupportedMethod ends with a space when the method is empty
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

// tooLong is 1.3/too-large, or what another server says of a document that is too
// long (ceph-5/size).
func tooLong(q *dialect) *Error {
	if q.RangeError {
		return &Error{Status: 416, Code: "InvalidRange", Message: "The requested range is not satisfiable"}
	}
	return &Error{Status: 400, Code: "MaxMessageLengthExceeded", Message: "Your request was too big.",
		Elements: []Element{{"MaxMessageLengthBytes", strconv.Itoa(q.MaxDocumentBytes)}}}
}

func badRequest(message string) *Error {
	return &Error{Status: 400, Code: "BadRequest", Message: message}
}

func forbidden(message, method, resource string) *Error {
	return &Error{Status: 403, Code: "AccessForbidden", Message: message,
		Elements: []Element{{"Method", method}, {"ResourceType", resource}}}
}

// What S3 says where it forbids: to preflights of pages that the owner of a bucket has
// not thought of, and of those that try which buckets there are.
const (
	noBucketText   = "CORSResponse: Bucket not found"
	notEnabledText = "CORSResponse: CORS is not enabled for this bucket."
	noMatchText    = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, " +
		"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted " +
		"by the resource's CORS spec."
)

// The bodies of these errors up to the method, whose parts are the same in all of them.
const (
	forbiddenHead  = xmlDeclaration + "\n<Error><Code>AccessForbidden</Code><Message>"
	forbiddenNext  = "</Message><Method>"
	noBucketHead   = forbiddenHead + noBucketText + forbiddenNext
	notEnabledHead = forbiddenHead + notEnabledText + forbiddenNext
	noMatchHead    = forbiddenHead + noMatchText + forbiddenNext
)

// appendForbidden is AppendXML for what forbidden returns, with a body whose parts lie
// ready; head is the one of the message.
func appendForbidden(dst []byte, head, method, resource string, ids IDs) []byte {
	dst = append(dst, head...)
	dst = appendText(dst, method)
	dst = append(dst, "</Method><ResourceType>"...)
	dst = append(dst, resource...)
	dst = append(dst, "</ResourceType><RequestId>"...)
	dst = appendText(dst, ids.RequestID)
	dst = append(dst, "</RequestId><HostId>"...)
	dst = appendText(dst, ids.HostID)
	return append(dst, "</HostId></Error>"...)
}

// headersTooLarge is 10/too-large-values.
func headersTooLarge(limit int) *Error {
	return &Error{Status: 400, Code: "RequestHeaderSectionTooLarge",
		Message:  "Your request header section exceeds the maximum allowed size.",
		Elements: []Element{{"MaxSizeAllowed", strconv.Itoa(limit)}}}
}

// What follows is what servers say that tell no more than a code. Ceph's messages
// are empty, which breaks clients; these are S3's own where it has the code
// (ceph-4/messages).

func accessDenied() *Error {
	return &Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
}

func invalidArgument() *Error {
	return &Error{Status: 400, Code: "InvalidArgument", Message: "Invalid Argument"}
}

func noSuchBucket() *Error {
	return &Error{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}
}

func methodNotAllowed() *Error {
	return &Error{Status: 405, Code: "MethodNotAllowed", Message: "The specified method is not allowed against this resource."}
}
