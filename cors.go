package s3cors

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/field"
)

// A Policy answers the requests for one bucket. It is made of the bucket's
// configuration, or of the fact that the bucket has none, that the bucket does not
// exist, or that nothing could be learned of it. It is immutable, shares nothing
// that can change with what it was made of, and is safe for concurrent use.
//
// A nil *Policy, and the zero Policy, is that of a bucket without a configuration,
// under Amazon S3's defaults. A Policy must not be copied: "*p = *q" would replace
// the policy of everybody who holds p, and "go vet" reports it.
type Policy struct {
	_     noCopy
	state State

	dialect     *dialect
	vary        varyStrength
	passInvalid bool
	uniform     bool

	methods [len(listable)]ruleset
	origins matcher
	headers matcher // of names in lower case
	// foresees says that the names asked for may be taken from the listed ones
	// (see takeListed).
	foresees bool
	// atOnce says that evaluate needs evaluateAll for unusual requests alone.
	atOnce  bool
	answers []answer
}

// An answer is what a rule contributes to a response, ready to be sent.
type answer struct {
	// verdict is that of the rule.
	verdict verdict
	methods string
	expose  string
	// exposeActual is expose for actual requests, ExposeAlso included.
	exposeActual string
	maxAge       string
	anyOrigin    bool
}

// A State tells what a policy knows of its bucket.
type State uint8

const (
	// StateUnconfigured means that the bucket has no configuration.
	StateUnconfigured State = iota
	// StateConfigured means that the bucket has a configuration.
	StateConfigured
	// StateMissing means that the bucket does not exist.
	StateMissing
	// StateUnavailable means that nothing could be learned of the bucket.
	StateUnavailable
)

var states = [...]string{
	StateUnconfigured: "unconfigured", StateConfigured: "configured", StateMissing: "missing", StateUnavailable: "unavailable",
}

// String returns "unconfigured", "configured", "missing" or "unavailable".
func (s State) String() string {
	if int(s) < len(states) {
		return states[s]
	}
	return fmt.Sprintf("State(%d)", uint8(s))
}

// State returns what the policy knows of its bucket.
func (p *Policy) State() State {
	if p == nil {
		return StateUnconfigured
	}
	return p.state
}

// noCopy makes "go vet" object to an assignment such as *p = *q, with which one
// holder of a policy would replace that of all others. Go cannot forbid it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// nothing is the policy that a nil *Policy stands for.
var nothing = NoConfiguration()

func newPolicy(state State, s settings) *Policy {
	return &Policy{state: state, dialect: s.dialect, vary: s.vary, passInvalid: s.passInvalid, uniform: s.uniform}
}

// NoConfiguration returns the policy of a bucket without a configuration.
func NoConfiguration(opts ...Option) *Policy { return newPolicy(StateUnconfigured, newSettings(opts)) }

// NoSuchBucket returns the policy of a bucket that does not exist.
func NoSuchBucket(opts ...Option) *Policy { return newPolicy(StateMissing, newSettings(opts)) }

// Unavailable returns the policy of a bucket whose configuration could not be
// learned: the store of configurations does not answer, or it holds a document that
// cannot be read. The policy grants nothing. It refuses a preflight with S3's 500
// InternalError, and lets an actual request go on without CORS header fields.
func Unavailable(opts ...Option) *Policy { return newPolicy(StateUnavailable, newSettings(opts)) }

// Compile returns the policy of a bucket with the configuration c. If c is nil, the
// policy is that of NoConfiguration. If S3 would refuse c, there is no policy, and
// the error is that of c.Validate. Later changes of c do not change the policy.
func Compile(c *Configuration, opts ...Option) (*Policy, error) {
	if c == nil {
		return NoConfiguration(opts...), nil
	}
	if err := c.Validate(opts...); err != nil {
		return nil, err
	}
	return compile(c, newSettings(opts)), nil
}

// CompileStored returns the policy of a bucket whose configuration is stored in a
// server, and might be one that S3 would refuse. The policy is made of what can be
// understood of c; the Problems are what S3 would refuse c for, nil if nothing. If c
// is nil, the policy is that of NoConfiguration.
//
// What cannot be understood grants nothing:
//
//   - a method other than the five that S3 knows;
//   - a rule without origins, or without methods;
//   - a header to expose that holds a "*", or is no name of a header;
//   - every rule behind the first 128.
//
// An origin or a header with more than one "*" admits only the string that equals
// it, stars included. So a policy never grants more than the words of its
// configuration say. One bad value does not disable its rule, and one bad rule does
// not disable the bucket.
//
// [Document.CompileStored] does the same for the text of a stored document, which
// ParseXML might refuse.
func CompileStored(c *Configuration, opts ...Option) (*Policy, Problems) {
	if c == nil {
		return NoConfiguration(opts...), nil
	}
	s := newSettings(opts)
	return compile(c, s), c.problems(s.dialect)
}

// compile makes the policy of a configuration, valid or not.
func compile(c *Configuration, s settings) *Policy {
	p := newPolicy(StateConfigured, s)
	c = c.normalised(s.dialect)
	rules := c.CORSRules[:min(len(c.CORSRules), rulesetSize)]
	p.answers = make([]answer, len(rules))
	var origins, headers matcherBuilder
	for i := range rules {
		rule := &rules[i]
		a := &p.answers[i]
		*a = rule.answer(s.dialect, s.exposeAlso)
		a.verdict = verdict{answer: a, outcome: Granted, rule: uint8(i)}
		for _, method := range rule.AllowedMethods {
			if m := methodIndex(method); m >= 0 {
				p.methods[m] = p.methods[m].or(only(i))
			}
		}
		for _, origin := range rule.AllowedOrigins {
			origins.add(origin, i)
		}
		for _, header := range rule.AllowedHeaders {
			headers.add(lower(header), i)
		}
	}
	p.origins, p.headers = origins.build(s.dialect.Overlap), headers.build(s.dialect.Overlap)
	p.foresees = s.dialect.ChecksFields && p.headers.holdsNames()
	p.atOnce = s.dialect == amazon
	return p
}

// ReadRequest makes a Request of an HTTP request, as the policy's kind of server
// reads it. The function lines is called with the name of a header field, in the
// canonical form of net/http. It returns the values of all lines of that field, nil
// if there is no such line.
//
// ReadRequest removes the spaces and tabs around each line, and joins several lines
// with "," ([RFC 9110, section 5.3]); of Ceph the last line counts. It does not fill in
// Subresource and Bucket, which are the URL's. Adapters for HTTP libraries use it, so
// that all of them read requests alike. It may be called on a nil *Policy.
//
// [RFC 9110, section 5.3]: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
func (p *Policy) ReadRequest(method string, target Target, lines func(name string) []string) Request {
	q := p.quirks()
	value := joinLines
	if q.LastLine {
		value = lastLine
	}
	// The lines of one field are done with before those of the next are asked for: a
	// caller may put them where these were.
	read := func(name string) (text string, empty bool) {
		all := lines(name)
		text = value(all)
		return text, text == "" && len(all) > 0 && q.EmptyCounts
	}
	r := Request{Method: method, Target: target}
	r.Origin, r.EmptyOrigin = read(field.Origin)
	r.RequestMethod, r.EmptyRequestMethod = read(field.RequestMethod)
	r.RequestHeaders, _ = read(field.RequestHeaders)
	if q.EchoesStar {
		r.Authorization = len(lines(field.Authorization)) > 0
	}
	return r
}

// quirks returns the dialect of a policy, a nil one or the zero value among them.
func (p *Policy) quirks() *dialect {
	if p == nil || p.dialect == nil {
		return amazon
	}
	return p.dialect
}

// Precheck decides on a request whose answer does not depend on the configuration
// of the bucket. Every policy with the same options decides on such a request alike.
// For every other request Precheck returns false, and the zero Decision.
//
// A server calls it on NoConfiguration or NoSuchBucket before it looks for the
// bucket, and so saves the look-up. S3 checks in the same order.
func (p *Policy) Precheck(r Request) (d Decision, ok bool) {
	if p.quirks().BucketFirst {
		return p.precheckFirst(r)
	}
	if r.Target != TargetService && p.isValid(&r) {
		return Decision{}, false
	}
	d = p.Evaluate(r)
	switch d.outcome {
	case NotCORS, MissingOrigin, InvalidMethod, InvalidHeaders, TooLarge:
		ok = d.Status() != 0 || p == nil || p.vary != varyConfigured
	case NoBucket:
		ok = r.Target == TargetService
	}
	if !ok {
		return Decision{}, false
	}
	return d, true
}

// EvaluateWith stores in d what Precheck decides on r, or else what the policy of the bucket
// does, which the function bucket returns. It returns the Status of d. That policy must have
// the same options as p. The function is called only if the answer depends on the policy; it
// may return nil for a bucket without a configuration.
//
// EvaluateWith costs less than Precheck and Evaluate: it copies neither the request nor the
// decision, and it examines the names of headers once. Adapters for HTTP libraries use it.
func (p *Policy) EvaluateWith(d *Decision, r *Request, bucket func() *Policy) (status int) {
	if r.Target != TargetService && !p.quirks().BucketFirst && p.isValid(r) {
		*d = Decision{policy: bucket(), valid: true}
		d.evaluate(r)
		d.valid = false
		return d.status()
	}
	var ok bool
	if *d, ok = p.Precheck(*r); !ok {
		*d = bucket().Evaluate(*r)
	}
	return d.status()
}

// precheckFirst is Precheck where the bucket is looked at before the fields: almost
// all depends on it.
func (p *Policy) precheckFirst(r Request) (d Decision, ok bool) {
	d = p.Evaluate(r)
	switch d.outcome {
	case NotCORS, TooLarge:
		ok = d.Status() != 0 || p.vary != varyConfigured
	case NoBucket:
		ok = addressesNone(&r)
	}
	if !ok {
		return Decision{}, false
	}
	return d, true
}

// addressesNone reports whether a request addresses no bucket that exists, for a
// server that looks at that first: at the service root, and where the bucket is what
// the request makes (ceph-1/service-root, ceph-1/put-of-a-bucket).
func addressesNone(r *Request) bool {
	switch r.Target {
	case TargetService:
		return true
	case TargetBucket:
		return r.Method == "PUT" && r.Subresource == ""
	}
	return false
}

// isValid reports whether a request has an Origin, and nothing in it that decide
// would refuse without a look at the rules.
func (p *Policy) isValid(r *Request) bool {
	if p == nil || p.dialect == nil {
		p = nothing
	}
	switch {
	case r.Origin == "", tooLarge(r, p.dialect):
		return false
	case r.RequestMethod != "" && !isRequestMethod(r.RequestMethod):
		return false
	}
	if r.RequestHeaders == "" || isPlain(r.RequestHeaders) {
		return true
	}
	class := classOf(r.RequestHeaders)
	return class&illegal == 0 && (class&blank == 0 || blanksSeparate(r.RequestHeaders))
}

// Evaluate decides on a request as S3 does. It never allocates. Its time is linear
// in the bytes of the request, and does not depend on the number of rules; the
// section on security says how patterns can be built to be slower.
func (p *Policy) Evaluate(r Request) (d Decision) {
	// Kept so small that it is inlined: to copy a Decision that was just written
	// takes longer than to make it.
	d.policy = p
	if r.Origin != "" || r.EmptyOrigin || r.Method == "OPTIONS" {
		d.evaluate(&r)
	}
	return
}

// evaluate fills in the decision, by its policy, on a request that has an Origin or is a
// preflight. It decides at once on what browsers send to a bucket of Amazon S3 with a
// configuration. Everything else is left to evaluateAll, which takes the same steps, and
// which comes to the same decision on these requests as well (FuzzAtOnce); it takes a fifth
// more of the time (BenchmarkAtOnce).
func (d *Decision) evaluate(r *Request) {
	p := d.policy
	if p == nil || !p.atOnce || r.Origin == "" || r.Target == TargetService ||
		len(r.Origin)+len(r.RequestMethod)+len(r.RequestHeaders) > mostRequestBytes {
		d.evaluateAll(r)
		return
	}
	asked := r.Method
	if r.RequestMethod != "" {
		asked = r.RequestMethod
	}
	m := methodOf(asked)
	if !m.isListable() {
		d.evaluateAll(r)
		return
	}
	rules, preflight := p.methods[m], r.Method == "OPTIONS"
	switch { // as in p.origins.match, whose call would take longer than what it does
	case rules.within(p.origins.every):
	case p.origins.isFew(r.Origin):
		rules = rules.and(p.origins.find(r.Origin))
	default:
		rules = p.origins.search(r.Origin, rules)
	}
	if r.RequestHeaders != "" && !(rules.within(p.headers.every) && (d.valid || isPlain(r.RequestHeaders))) {
		var valid bool
		if rules, valid = p.admit(r.RequestHeaders, rules); !valid {
			d.evaluateAll(r)
			return
		}
	}
	d.origin, d.text, d.target = r.Origin, r.RequestHeaders, r.Target
	d.method, d.preflight = m, preflight
	if rules.empty() {
		d.verdict = unmatched[NoMatch]
		return
	}
	d.verdict = p.answers[rules.first()].verdict // 4.4/first-match
}

// evaluateAll is evaluate for every request and every policy, in the order of S3's checks
// (4.2/order, 5.3/order). It needs nothing else of the request than r has
// (4.1/options-not-authenticated, 4.1/sent-headers-ignored).
func (d *Decision) evaluateAll(r *Request) {
	if d.policy == nil || d.policy.dialect == nil {
		d.policy = nothing
	}
	p, q := d.policy, d.policy.dialect
	d.origin, d.text, d.target = r.Origin, r.RequestHeaders, r.Target
	d.method = methodOf(r.Method)
	d.preflight = d.method == methodOptions
	if r.RequestMethod != "" {
		d.method = methodOf(r.RequestMethod)
	}
	if q.SeesMore && d.see(r) {
		return
	}
	var rules ruleset
	switch {
	case r.Origin == "" && !(r.EmptyOrigin && q.EmptyCounts):
		d.unmatched(r, withoutOrigin(r))
		return
	case tooLarge(r, q):
		d.unmatched(r, TooLarge)
		return
	case d.method.isListable():
		rules = p.methods[d.method]
	case d.method == methodOther && r.RequestMethod != "" && q.ChecksFields:
		d.unmatched(r, InvalidMethod)
		d.text = r.RequestMethod
		return
	}
	if q.ByOriginAlone {
		rules = p.firstByOrigin(r.Origin, rules)
	} else {
		rules = p.origins.match(r.Origin, rules)
	}
	if r.RequestHeaders != "" && (q.NamesDecideActual || d.preflight) {
		var valid bool
		if rules, valid = p.admit(r.RequestHeaders, rules); !valid {
			d.unmatched(r, InvalidHeaders)
			return
		}
	}
	if rules.empty() || r.Target == TargetService {
		d.unmatched(r, p.without(r.Target))
		return
	}
	d.verdict = p.answers[rules.first()].verdict // 4.4/first-match
}

// see looks at what is more in a request to some kinds of server, and reports whether
// that decides.
func (d *Decision) see(r *Request) bool {
	q := d.policy.dialect
	if r.EmptyRequestMethod && q.EmptyCounts {
		d.method = methodOther
	}
	d.echoes = q.EchoesStar && (d.preflight || r.Authorization)
	d.bare = q.BareOperations && r.Subresource == "cors" && r.Target == TargetBucket &&
		!d.preflight && r.Method != "HEAD" // which is HEAD of the bucket
	outcome, decided := d.policy.lookFirst(r)
	if decided {
		d.unmatched(r, outcome)
	}
	return decided
}

// unmatched stores an outcome without a rule.
func (d *Decision) unmatched(r *Request, outcome Outcome) {
	d.verdict = unmatched[outcome]
	if d.policy.dialect.PlainRefusals {
		d.quote(r)
	}
}

// quote takes from a request what a plain refusal quotes: the bucket, or nothing.
func (d *Decision) quote(r *Request) {
	d.text = ""
	if d.policy.dialect.NamesBucket {
		d.text = r.Bucket
	}
}

// without returns the outcome where no rule matched, or where there is no bucket.
func (p *Policy) without(t Target) Outcome {
	if t == TargetService {
		return NoBucket
	}
	return without[p.state]
}

// lookFirst finds what is told before the rules are looked at, where more of a request
// is than by Amazon S3; false if nothing is. Where refusals are uniform, whether there
// is a bucket is not told first, since an existing one would have its fields examined.
func (p *Policy) lookFirst(r *Request) (Outcome, bool) {
	q := p.dialect
	switch {
	case q.BucketFirst && addressesNone(r):
		return NoBucket, true
	case tooLarge(r, q):
		return TooLarge, true
	case q.BucketFirst && (p.state == StateUnavailable || p.state == StateMissing && !p.uniform):
		return without[p.state], true
	case r.Origin == "" && !(r.EmptyOrigin && q.EmptyCounts):
		return withoutOrigin(r), true
	case q.NeedsMethod && r.Method == "OPTIONS" && r.RequestMethod == "" && !r.EmptyRequestMethod:
		return MissingMethod, true
	}
	return 0, false
}

// tooLarge reports whether the values of a request are too long together.
func tooLarge(r *Request, q *dialect) bool {
	return len(r.Origin)+len(r.RequestMethod)+len(r.RequestHeaders) > q.MaxRequestBytes
}

// withoutOrigin is the outcome of a request that has no Origin, or an empty one that
// stands for none.
func withoutOrigin(r *Request) Outcome {
	if r.Method == "OPTIONS" {
		return MissingOrigin
	}
	return NotCORS
}

// firstByOrigin returns the rules of those given that may be chosen for an origin: the
// first that admits it at most.
func (p *Policy) firstByOrigin(origin string, rules ruleset) ruleset {
	admitting := p.origins.match(origin, fullSet) // ceph-2/rule-by-origin
	if admitting.empty() {
		return ruleset{}
	}
	return only(admitting.first()).and(rules)
}

// without are the outcomes where no rule matched.
var without = [...]Outcome{StateConfigured: NoMatch, StateUnconfigured: NotEnabled, StateMissing: NoBucket, StateUnavailable: PolicyUnavailable}

// admit returns the rules of those given that admit every name in value, the
// value of Access-Control-Request-Headers; false if a name is not a token.
func (p *Policy) admit(value string, rules ruleset) (ruleset, bool) {
	if !p.dialect.ChecksFields {
		return p.admitUnchecked(value, rules), true
	}
	if p.foresees && !rules.within(p.headers.every) {
		if value, rules = p.headers.takeListed(value, rules); value == "" {
			return rules, true
		}
	}
	class := classOf(value)
	switch {
	case class&illegal != 0:
		return ruleset{}, false
	case class&blank != 0 && !blanksSeparate(value):
		return ruleset{}, false
	case rules.within(p.headers.every):
		return rules, true // no rule is left, or they admit whatever is asked for
	case class&upperCase == 0:
		return p.admitNames(value, rules), true
	case len(value) <= shortValue:
		return p.admitShort(value, rules), true
	}
	return p.admitLong(value, rules), true
}

// admitUnchecked is admit where names may hold whatever is no separator
// (ceph-1/names-unchecked).
func (p *Policy) admitUnchecked(value string, rules ruleset) ruleset {
	switch {
	case rules.within(p.headers.every):
		return rules
	case len(value) <= shortValue:
		return p.admitShort(value, rules)
	}
	return p.admitLong(value, rules)
}

// admitNames is admit for a value of tokens in lower case.
func (p *Policy) admitNames(value string, rules ruleset) ruleset {
	if p.dialect.ManySeparators {
		for n, ok := wordAt(value, 0); ok && !rules.empty(); n, ok = wordAt(value, n.next) {
			rules = p.headers.match(value[n.start:n.end], rules)
		}
		return rules
	}
	for n, ok := nameAt(value, 0); ok && !rules.empty(); n, ok = nameAt(value, n.next) {
		rules = p.headers.match(value[n.start:n.end], rules)
	}
	return rules
}

// shortValue is a length that the values of browsers rarely exceed.
const shortValue = 256

// admitShort is admitNames for a short value in any case.
func (p *Policy) admitShort(value string, rules ruleset) ruleset {
	var buffer [shortValue]byte // which no part of the view outlives: see view
	return p.admitNames(view(appendLower(buffer[:0], value)), rules)
}

// admitLong is admitShort for a value of any length. It keeps its buffer out of
// the stack of all others.
//
//go:noinline
func (p *Policy) admitLong(value string, rules ruleset) ruleset {
	var buffer [mostRequestBytes]byte
	return p.admitNames(view(appendLower(buffer[:0], value)), rules)
}

// appendAdmitted appends those names in value that a rule admits to dst, as they
// were sent, joined with ","; lowered is value in lower case.
func (p *Policy) appendAdmitted(dst []byte, value, lowered string, rule ruleset) []byte {
	start := len(dst)
	for n, ok := wordAt(value, 0); ok; n, ok = wordAt(value, n.next) {
		if p.headers.match(lowered[n.start:n.end], rule).empty() {
			continue // ceph-2/names-of-actual-requests
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, value[n.start:n.end]...)
	}
	return dst
}

// appendAdmittedShort is appendAdmitted for a short value.
func (p *Policy) appendAdmittedShort(dst []byte, value string, rule ruleset) []byte {
	var buffer [shortValue]byte
	return p.appendAdmitted(dst, value, view(appendLower(buffer[:0], value)), rule)
}

// appendAdmittedLong is appendAdmitted for a value of any length.
//
//go:noinline
func (p *Policy) appendAdmittedLong(dst []byte, value string, rule ruleset) []byte {
	var buffer [mostRequestBytes]byte
	return p.appendAdmitted(dst, value, view(appendLower(buffer[:0], value)), rule)
}

// answer returns what the rule contributes; also are headers to expose beside its
// own.
func (rule *Rule) answer(q *dialect, also []string) answer {
	var a answer
	var methods, expose []string
	for _, method := range rule.AllowedMethods {
		if methodIndex(method) >= 0 {
			methods = append(methods, method)
		}
	}
	for _, origin := range rule.AllowedOrigins {
		// Whatever else the rule lists (9/star-beside-origin).
		a.anyOrigin = a.anyOrigin || origin == "*"
	}
	for _, name := range rule.ExposeHeaders {
		if !q.ChecksValues {
			name = lineEnds.Replace(name)
			if isSendable(name) {
				expose = append(expose, name)
			}
		} else if isExposable(name) {
			expose = append(expose, name)
		}
	}
	a.methods, a.expose = strings.Join(methods, ", "), joinExposed(expose, q.NamesAsSent)
	for _, name := range also {
		if isExposable(name) && !slices.ContainsFunc(expose, func(s string) bool { return strings.EqualFold(s, name) }) {
			expose = append(expose, name)
		}
	}
	a.exposeActual = a.expose
	if len(also) > 0 {
		a.exposeActual = joinExposed(expose, q.NamesAsSent)
	}
	if rule.MaxAgeSeconds != nil {
		a.maxAge = strconv.FormatInt(*rule.MaxAgeSeconds, 10)
	}
	return a
}

// joinExposed returns the value of Access-Control-Expose-Headers. With commas alone
// a comma is put only where something stands before it (ceph-3/expose-headers).
func joinExposed(names []string, commas bool) string {
	if !commas {
		return strings.Join(names, ", ")
	}
	for len(names) > 0 && names[0] == "" {
		names = names[1:]
	}
	return strings.Join(names, ",")
}

// isExposable reports whether a name can stand in Access-Control-Expose-Headers;
// an empty one is left out there (9/empty-expose-name).
func isExposable(name string) bool {
	return name != "" && isToken(name) && !strings.Contains(name, "*")
}

// lineEnds writes out what would end a field and begin another one
// (ceph-3/expose-headers-control).
var lineEnds = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// isSendable reports whether a text can stand in a field at all.
func isSendable(text string) bool {
	for i := range len(text) {
		if b := text[i]; b < ' ' && b != '\t' || b == 0x7F {
			return false
		}
	}
	return true
}
