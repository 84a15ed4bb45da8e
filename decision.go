package s3cors

import (
	"iter"
	"strconv"
)

// The names of the fields that a Decision may hold, in the canonical form of
// net/http.
const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maxAge           = "Access-Control-Max-Age"
	allowCredentials = "Access-Control-Allow-Credentials"
	vary             = "Vary"
)

// varyValue is what S3 sends, also with "*" and without requested headers
// (5.1/vary).
const varyValue = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

// A Decision is S3's answer to a Request, as far as CORS goes: refuse, answer
// outright, or go on with these headers. It is a value; the zero value is that
// of a request without Origin.
//
// A Decision holds the strings of its Request. Where these live in a buffer that
// is used again, as under fasthttp, so does what its methods return.
type Decision struct {
	policy    *Policy
	origin    string
	method    string // the method under test (4.1/requested-method)
	headers   string // as requested
	outcome   Outcome
	rule      int8 // meaningful if granted
	target    Target
	preflight bool
}

// Outcome tells which of S3's answers this is.
func (d Decision) Outcome() Outcome { return d.outcome }

// Rule returns the index, from 0, of the rule that matched; -1 if none did.
func (d Decision) Rule() int {
	if d.outcome != Granted {
		return -1
	}
	return int(d.rule)
}

// Status returns the HTTP status to answer with at once: 200 for a granted
// preflight, 400 or 403 for a refusal. It is 0 if the request goes on to the
// answer it would have got without CORS.
func (d Decision) Status() int {
	switch d.outcome {
	case NotCORS:
		return 0
	case MissingOrigin:
		return 400
	case InvalidMethod, InvalidHeaders, TooLarge:
		if d.policy.passInvalid && !d.preflight {
			return 0
		}
		return 400
	}
	switch {
	case !d.preflight:
		return 0
	case d.outcome == Granted:
		return 200
	}
	return 403
}

// Headers yields the header fields that the response carries, in S3's order
// (5.1/order): all of them set by S3, none that could stand twice but Vary. A
// refusal has none.
func (d Decision) Headers() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		_ = d.each(allowOrigin, d.AllowOrigin(), yield) &&
			d.each(allowMethods, d.AllowMethods(), yield) &&
			d.each(allowHeaders, d.AllowHeaders(), yield) &&
			d.each(exposeHeaders, d.ExposeHeaders(), yield) &&
			d.each(maxAge, d.MaxAge(), yield) &&
			d.each(allowCredentials, d.AllowCredentials(), yield) &&
			d.each(vary, d.Vary(), yield)
	}
}

// each yields a field unless it is absent.
func (Decision) each(name, value string, yield func(string, string) bool) bool {
	return value == "" || yield(name, value)
}

// granted returns the rule that matched, nil if none did.
func (d Decision) granted() *answer {
	if d.outcome != Granted {
		return nil
	}
	return &d.policy.answers[d.rule]
}

// AllowOrigin returns the value of Access-Control-Allow-Origin: "*", the
// request's Origin, or "" if the field is absent (5.1/allow-origin-star, 5.1/allow-origin-echo).
func (d Decision) AllowOrigin() string {
	a := d.granted()
	if a == nil {
		return ""
	}
	if a.anyOrigin {
		return "*"
	}
	return d.origin
}

// AllowMethods returns the value of Access-Control-Allow-Methods, "" if the
// field is absent: all methods of the rule that matched (5.1/allow-methods).
func (d Decision) AllowMethods() string {
	if a := d.granted(); a != nil {
		return a.methods
	}
	return ""
}

// AllowHeaders returns the value of Access-Control-Allow-Headers, "" if the
// field is absent: the names asked for (5.1/allow-headers). It allocates, once,
// only where these differ from what the request holds; AppendAllowHeaders does
// not.
func (d Decision) AllowHeaders() string {
	if d.outcome != Granted || d.headers == "" {
		return ""
	}
	return joinNames(d.headers)
}

// AppendAllowHeaders appends what AllowHeaders returns to dst.
func (d Decision) AppendAllowHeaders(dst []byte) []byte {
	if d.outcome != Granted || d.headers == "" {
		return dst
	}
	return appendNames(dst, d.headers)
}

// ExposeHeaders returns the value of Access-Control-Expose-Headers, "" if the
// field is absent (5.1/expose-headers).
func (d Decision) ExposeHeaders() string {
	if a := d.granted(); a != nil {
		return a.expose
	}
	return ""
}

// MaxAge returns the value of Access-Control-Max-Age, in seconds; "" if the
// field is absent (5.1/max-age).
func (d Decision) MaxAge() string {
	if a := d.granted(); a != nil {
		return a.maxAge
	}
	return ""
}

// AllowCredentials returns the value of Access-Control-Allow-Credentials:
// "true", or "" if the field is absent (5.1/credentials).
func (d Decision) AllowCredentials() string {
	if a := d.granted(); a != nil && !a.anyOrigin {
		return "true"
	}
	return ""
}

// Vary returns the value of Vary, "" if the field is absent (5.1/vary). A server
// that sends a Vary of its own adds this value to it.
func (d Decision) Vary() string {
	if d.outcome == Granted || d.Status() == 0 && d.policy != nil && d.policy.varyAlways {
		return varyValue
	}
	return ""
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
