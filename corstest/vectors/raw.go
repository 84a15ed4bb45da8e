package vectors

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var (
	// plainMethod is what every client of HTTP sends as it is given. Some write
	// lower case in capitals, and CONNECT and TRACE are not to be had of many.
	plainMethod  = regexp.MustCompile(`^[A-Z]+$`)
	specialNames = []string{"CONNECT", "TRACE"}
	// plainValue has printable characters of ASCII and tabs, and neither blank at an
	// end. Clients trim blanks and refuse other characters, or encode them.
	plainValue = regexp.MustCompile(`^([!-~]([ \t!-~]*[!-~])?)?$`)
	// plainQuery has the characters that RFC 3986 section 3.4 permits, and escapes
	// of others. Clients write %63 as c, and %2f as %2F.
	plainQuery = regexp.MustCompile(`^([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*$`)
	needless   = regexp.MustCompile(`%(2[DE]|3[0-9]|4[1-9A-F]|5[0-9A]|5F|6[1-9A-F]|7[0-9A]|7E)`)

	token = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	// fieldValue is what RFC 9110 section 5.5 lets a value have: no control character
	// but the tab.
	fieldValue = regexp.MustCompile(`^[^\x00-\x08\x0A-\x1F\x7F]*$`)
)

// Sendable reports whether HTTP has a way to send the request. It has none for a
// method or a name that is no token, nor for a value with a control character other
// than a tab; servers refuse such a request before they know what it asks.
func (r *Request) Sendable() bool {
	bad := func(h Pair) bool { return !token.MatchString(h[0]) || !fieldValue.MatchString(h[1]) }
	return token.MatchString(r.Method) && !slices.ContainsFunc(r.Headers, bad)
}

// methods are those that S3 knows (10/unknown-method).
var methods = []string{"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"}

// room is what headers may take, in bytes, so that a runner can add its own and the
// section stays below the 8,192 bytes that S3 takes (10/too-large).
const room = 7000

// evaluationOnly reports whether a decision is none for a server: HTTP has no way to
// send its request, S3 does not know its method, or its headers are too many for a
// server and not for the decision. Ceph takes any method.
func (v *Vector) evaluationOnly() bool {
	size := 0
	for _, h := range v.Request.Headers {
		size += len(h[0]) + len(": ") + len(h[1]) + len("\r\n")
	}
	return !v.Request.Sendable() ||
		v.Dialect == "" && !slices.Contains(methods, v.Request.Method) ||
		size > room && v.Expect.Outcome != "too-large"
}

// checkRaw checks that Raw says whether common clients send the request as it is.
func (r *Request) checkRaw(query string, body []byte) error {
	if reason := r.odd(query, body); (reason != "") != r.Raw {
		return fmt.Errorf("raw is %v, though this is the reason for it: %q", r.Raw, reason)
	}
	return nil
}

// odd says why common clients do not send a request as it is; "" if they do.
func (r *Request) odd(query string, body []byte) string {
	query = strings.NewReplacer(ETag, "", UploadID, "").Replace(query)
	switch {
	case !plainMethod.MatchString(r.Method) || slices.Contains(specialNames, r.Method):
		return "method"
	case !plainQuery.MatchString(query) || needless.MatchString(query):
		return "query"
	case body != nil && (r.Method == "GET" || r.Method == "HEAD"):
		return "body"
	}
	for i, h := range r.Headers {
		same := func(other Pair) bool { return strings.EqualFold(h[0], other[0]) }
		switch {
		case !plainValue.MatchString(h[1]):
			return "value"
		case slices.ContainsFunc(r.Headers[:i], same):
			return "lines"
		}
	}
	return ""
}
