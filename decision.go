package s3cors

import (
	"iter"

	"github.com/s3cors/s3cors/internal/field"
)

// A Decision says how S3 answers a Request: it refuses the request, or answers it at
// once, or lets it go on and adds header fields. A Decision is a value. The zero
// value is the decision on an actual request without Origin.
//
// A Decision holds the strings of its Request, and its methods return parts of
// them. A server that uses the memory of its strings again, as fasthttp does, must
// have written the answer before it does so.
type Decision struct {
	verdict
	policy *Policy
	origin string
	// text is the names of headers as requested; of a refusal that names the method
	// or the bucket, that name.
	text string

	method    method // the method under test (4.1/requested-method)
	target    Target
	preflight bool
	echoes    bool // the origin is sent itself, be it one that a star admits
	bare      bool // fields go with a refusal by the server alone
	valid     bool // the names in text are known to be valid; used while evaluating
}

// A verdict is an outcome, and the rule that matched if one did. All verdicts lie
// ready, those without a rule in a table and the others beside their rules, so that one
// is copied as the two words that it is. A caller copies the Decision as soon as it is
// made, in pieces of two words; were the verdict written field by field, the copy would
// wait until the processor has put the fields together, which took a twentieth of the time
// of a short evaluation.
type verdict struct {
	answer  *answer // of the rule that matched, nil if none did
	outcome Outcome
	rule    uint8   // the index of the rule that matched
	_       [6]byte // a struct of so few fields would be copied one by one
}

// unmatched are the verdicts without a rule.
var unmatched = func() (table [len(outcomes)]verdict) {
	for i := range table {
		table[i].outcome = Outcome(i)
	}
	return table
}()

// quirks returns the dialect of the decision's policy.
func (d *Decision) quirks() *dialect { return d.policy.quirks() }

// Outcome returns which of S3's answers this is.
func (d Decision) Outcome() Outcome { return d.outcome }

// Rule returns the index, from 0, of the rule that matched; -1 if none did.
func (d Decision) Rule() int {
	if d.answer == nil {
		return -1
	}
	return int(d.rule)
}

// Status returns the HTTP status of an answer that is given at once: 200 for a
// granted preflight, and 400, 403 or 500 for a refusal, of Ceph also 404 and 405. It
// returns 0 if the request goes on, to the answer that it would get without CORS.
func (d Decision) Status() int { return d.status() }

// status is Status without a copy of the decision, which may have been written just now, and
// field by field: to read it in larger pieces would wait for that.
func (d *Decision) status() int {
	switch d.outcome {
	case NotCORS:
		return 0
	case MissingOrigin, MissingMethod:
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
	case d.outcome == PolicyUnavailable:
		return 500
	case d.outcome == NoBucket && d.policy.dialect.PlainRefusals:
		return d.noBucketStatus()
	}
	return 403
}

// noBucketStatus is the status of a refusal where no bucket is there, and the server
// says so by the status.
func (d *Decision) noBucketStatus() int {
	switch {
	case d.target == TargetService: // ceph-1/service-root
		return 405
	case d.policy.uniform:
		return 403
	}
	return 404 // ceph-1/missing-bucket
}

// Headers returns an iterator over the header fields of the response, in S3's order.
// The response has each field once. Only Vary may have further lines, which are the
// server's own: add to Vary, and set the other fields. A refusal has no fields.
//
// A loop over Headers can allocate three times, if the function around the loop is
// inlined into another. EachHeader spares this.
func (d Decision) Headers() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) { d.EachHeader(yield) }
}

// EachHeader calls yield with the name and the value of each field that Headers
// returns, until yield returns false.
func (d *Decision) EachHeader(yield func(name, value string) bool) {
	a := d.sent()
	if a == nil {
		each(field.Vary, d.Vary(), yield)
		return
	}
	second, last := "", d.Vary()
	if d.policy.dialect.VaryOfEcho { // ceph-3/order
		second, last = last, ""
	}
	_ = each(field.AllowOrigin, d.allowOrigin(a), yield) &&
		each(field.Vary, second, yield) &&
		each(field.AllowMethods, d.allowMethods(a), yield) &&
		each(field.AllowHeaders, d.AllowHeaders(), yield) &&
		each(field.ExposeHeaders, d.ExposeHeaders(), yield) &&
		each(field.MaxAge, a.maxAge, yield) &&
		each(field.AllowCredentials, d.allowCredentials(a), yield) &&
		each(field.Vary, last, yield)
}

// each yields a field unless it is absent.
func each(name, value string, yield func(string, string) bool) bool {
	return value == "" || yield(name, value)
}

// Carries reports whether a response with that HTTP status to the request carries the
// fields that Headers returns. It does, with one exception: Ceph's own answers to ?cors
// of a bucket carry none, unless the status is 403.
func (d Decision) Carries(status int) bool { return !d.bare || status == 403 } // ceph-7/cors-fields

// sent returns the rule whose fields are sent, nil if there is none: also where an
// empty origin would have to be sent (ceph-1/empty-origin).
func (d *Decision) sent() *answer {
	a := d.answer
	if a != nil && d.origin == "" && (d.echoes || !a.anyOrigin) {
		return nil
	}
	return a
}

// AllowOrigin returns the value of [Access-Control-Allow-Origin]: "*", the Origin of
// the request, or "" if the response does not have the field.
//
// [Access-Control-Allow-Origin]: https://fetch.spec.whatwg.org/#http-access-control-allow-origin
func (d Decision) AllowOrigin() string {
	if a := d.sent(); a != nil {
		return d.allowOrigin(a)
	}
	return ""
}

func (d *Decision) allowOrigin(a *answer) string {
	if a.anyOrigin && !d.echoes { // 5.1/allow-origin-star
		return "*"
	}
	return d.origin // 5.1/allow-origin-echo
}

// AllowMethods returns the value of [Access-Control-Allow-Methods], or "" if the
// response does not have the field. The value names all methods of the rule that
// matched. Of Ceph it names the one method that the request asked for.
//
// [Access-Control-Allow-Methods]: https://fetch.spec.whatwg.org/#http-access-control-allow-methods
func (d Decision) AllowMethods() string {
	if a := d.sent(); a != nil {
		return d.allowMethods(a)
	}
	return ""
}

func (d *Decision) allowMethods(a *answer) string {
	if d.policy.dialect.MethodAsked { // ceph-3/allow-methods
		return d.method.String()
	}
	return a.methods // 5.1/allow-methods
}

// AllowHeaders returns the value of [Access-Control-Allow-Headers], or "" if the
// response does not have the field. The value names the headers that the request
// asked for, in lower case. Of Ceph it names them as they were sent, and on an actual
// request only those that the rule admits.
//
// It allocates one string if the value differs from that of the request;
// AppendAllowHeaders allocates none.
//
// [Access-Control-Allow-Headers]: https://fetch.spec.whatwg.org/#http-access-control-allow-headers
func (d Decision) AllowHeaders() string {
	if d.answer == nil || d.text == "" {
		return ""
	}
	if d.policy.dialect.NamesAsSent {
		return d.namesAsSent()
	}
	return joinNames(d.text) // 5.1/allow-headers
}

// AppendAllowHeaders appends the value that AllowHeaders returns to dst, and returns
// the extended buffer.
func (d Decision) AppendAllowHeaders(dst []byte) []byte {
	if d.answer == nil || d.text == "" {
		return dst
	}
	if d.policy.dialect.NamesAsSent {
		return d.appendNamesAsSent(dst)
	}
	return appendNames(dst, d.text)
}

// namesAsSent returns what appendNamesAsSent appends, in one allocation at most.
func (d *Decision) namesAsSent() string {
	if isWords(d.text) && d.admitsAllNames() {
		if d.sent() == nil {
			return ""
		}
		return d.text
	}
	names := d.appendNamesAsSent(make([]byte, 0, len(d.text)))
	return view(names)
}

// appendNamesAsSent appends the names asked for that the rule admits, as they were
// sent (ceph-3/allow-headers). A preflight was granted for all of them.
func (d *Decision) appendNamesAsSent(dst []byte) []byte {
	if d.sent() == nil {
		return dst
	}
	if d.preflight || only(int(d.rule)).within(d.policy.headers.every) {
		return appendWords(dst, d.text)
	}
	if len(d.text) <= shortValue {
		return d.policy.appendAdmittedShort(dst, d.text, only(int(d.rule)))
	}
	return d.policy.appendAdmittedLong(dst, d.text, only(int(d.rule)))
}

// admitsAllNames reports whether the rule that matched admits each name asked for.
func (d *Decision) admitsAllNames() bool {
	return d.preflight || !d.policy.admitUnchecked(d.text, only(int(d.rule))).empty()
}

// ExposeHeaders returns the value of [Access-Control-Expose-Headers], or "" if the
// response does not have the field.
//
// [Access-Control-Expose-Headers]: https://fetch.spec.whatwg.org/#http-access-control-expose-headers
func (d Decision) ExposeHeaders() string {
	a := d.sent()
	switch {
	case a == nil:
		return ""
	case d.preflight:
		return a.expose // 5.1/expose-headers
	}
	return a.exposeActual
}

// MaxAge returns the value of [Access-Control-Max-Age], a number of seconds, or "" if
// the response does not have the field.
//
// [Access-Control-Max-Age]: https://fetch.spec.whatwg.org/#http-access-control-max-age
func (d Decision) MaxAge() string {
	if a := d.sent(); a != nil {
		return a.maxAge // 5.1/max-age
	}
	return ""
}

// AllowCredentials returns the value of [Access-Control-Allow-Credentials]: "true",
// or "" if the response does not have the field. The field is there whenever
// Access-Control-Allow-Origin is there and is not "*".
//
// [Access-Control-Allow-Credentials]: https://fetch.spec.whatwg.org/#http-access-control-allow-credentials
func (d Decision) AllowCredentials() string {
	if a := d.sent(); a != nil {
		return d.allowCredentials(a)
	}
	return ""
}

func (d *Decision) allowCredentials(a *answer) string {
	if a.anyOrigin || !d.policy.dialect.Credentials {
		return ""
	}
	return "true" // 5.1/credentials
}

// Vary returns the value of [Vary], or "" if the response does not need the field for
// CORS. A server that sends a Vary of its own adds this value to it.
//
// [Vary]: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5
func (d Decision) Vary() string {
	if a := d.sent(); a != nil && (!a.anyOrigin || d.echoes || !d.policy.dialect.VaryOfEcho) { // ceph-3/vary
		return d.policy.dialect.Vary // 5.1/vary
	}
	if d.Status() == 0 && d.varies() {
		return d.quirks().Vary
	}
	return ""
}

// varies reports whether the policy sends Vary where no rule matched.
func (d Decision) varies() bool {
	if d.policy == nil {
		return false
	}
	configured := d.policy.state == StateConfigured && d.outcome != NoBucket // which is the service root's
	return d.policy.vary == varyAlways || d.policy.vary == varyConfigured && configured
}

// Refusal returns the error that S3 sends instead of the response, or nil if it does
// not refuse the request. The caller may change the error, since each call returns a
// new one.
func (d Decision) Refusal() *Error {
	if d.Status() < 400 {
		return nil
	}
	if d.policy.dialect.PlainRefusals {
		return d.plainRefusal().inBucket(d.text)
	}
	switch outcome := d.told(); outcome {
	case MissingOrigin: // 5.3/missing-origin
		return badRequest("Insufficient information. Origin request header needed.")
	case InvalidMethod: // 4.2/invalid-method
		return badRequest("Invalid Access-Control-Request-Method: " + d.text)
	case InvalidHeaders: // 9/invalid-token-trimmed
		return badRequest(`Access-Control-Request-Headers "` + firstInvalid(d.text) + `" contains invalid character.`)
	case TooLarge:
		return headersTooLarge(d.policy.dialect.MaxRequestBytes)
	case PolicyUnavailable: // 10/failing-store-evaluation
		return InternalError()
	case NoBucket: // 5.3/service-root
		return forbidden(noBucketText, d.method.String(), d.resourceType(outcome))
	case NotEnabled: // 5.3/not-enabled
		return forbidden(notEnabledText, d.method.String(), d.resourceType(outcome))
	default: // 5.3/no-match
		return forbidden(noMatchText, d.method.String(), d.resourceType(outcome))
	}
}

// AppendRefusal appends the body of the refusal to dst, and returns the extended buffer:
// what AppendXML of the error that Refusal returns appends. It appends nothing if the
// decision is no refusal. A refusal with the code AccessForbidden costs no allocation if
// dst has room for 512 bytes and the IDs.
func (d *Decision) AppendRefusal(dst []byte, ids IDs) []byte {
	if d.Status() < 400 {
		return dst
	}
	if !d.policy.dialect.PlainRefusals {
		switch outcome := d.told(); outcome {
		case NoBucket:
			return appendForbidden(dst, noBucketHead, d.method.String(), d.resourceType(outcome), ids)
		case NotEnabled:
			return appendForbidden(dst, notEnabledHead, d.method.String(), d.resourceType(outcome), ids)
		case NoMatch:
			return appendForbidden(dst, noMatchHead, d.method.String(), d.resourceType(outcome), ids)
		}
	}
	return d.Refusal().appendXML(dst, ids, d.policy.dialect)
}

// told returns the outcome that a refusal tells of.
func (d *Decision) told() Outcome {
	if d.policy.uniform && (d.outcome == NoBucket || d.outcome == NotEnabled) {
		return NoMatch
	}
	return d.outcome
}

// plainRefusal is Refusal where the server says no more than a code.
func (d Decision) plainRefusal() *Error {
	switch {
	case d.outcome == MissingOrigin, d.outcome == MissingMethod: // ceph-1/missing-origin, ceph-1/missing-method
		return invalidArgument()
	case d.outcome == TooLarge: // ceph-1/too-large-values
		return headersTooLarge(d.policy.dialect.MaxRequestBytes)
	case d.outcome == PolicyUnavailable:
		return InternalError()
	case d.outcome == NoBucket && d.target == TargetService: // ceph-1/service-root
		return methodNotAllowed()
	case d.outcome == NoBucket && !d.policy.uniform: // ceph-1/missing-bucket
		return noSuchBucket()
	}
	return accessDenied() // ceph-4/not-allowed, ceph-1/no-configuration
}

// resourceType returns the ResourceType of a refusal that tells of an outcome: without
// a configuration BUCKET for an object's URL as well (5.3/not-enabled).
func (d *Decision) resourceType(told Outcome) string {
	if told == NoMatch && d.target == TargetObject {
		return "OBJECT"
	}
	return "BUCKET"
}
