package s3cors

import (
	"strconv"
	"strings"
)

// A Policy is a configuration made ready for decisions, or a bucket without one,
// or no bucket at all. It is immutable, shares nothing that can change with what
// it was made of, and is safe for concurrent use.
//
// A nil *Policy, and the zero Policy, is that of a bucket without a configuration,
// under Amazon S3's defaults.
type Policy struct {
	_    noCopy
	kind Outcome // NotEnabled, NoBucket, or Granted for a policy with rules

	dialect     *dialect
	varyAlways  bool
	passInvalid bool

	methods [len(listable)]ruleset
	origins matcher
	headers matcher // of names in lower case
	answers []answer
}

// An answer is what a rule contributes to a response, ready to be sent.
type answer struct {
	methods   string
	expose    string
	maxAge    string
	anyOrigin bool
}

// noCopy makes "go vet" object to an assignment such as *p = *q, with which one
// holder of a policy would replace that of all others. Go cannot forbid it.
type noCopy struct{}

func (*noCopy) Lock()   {}
func (*noCopy) Unlock() {}

// nothing is the policy that a nil *Policy stands for.
var nothing = newPolicy(NotEnabled, nil)

func newPolicy(kind Outcome, opts []Option) *Policy {
	s := newSettings(opts)
	return &Policy{kind: kind, dialect: s.dialect, varyAlways: s.varyAlways, passInvalid: s.passInvalid}
}

// NoSuchBucket returns the policy of a bucket that does not exist.
func NoSuchBucket(opts ...Option) *Policy { return newPolicy(NoBucket, opts) }

// Compile returns the policy of a bucket with the configuration c; a nil c is a
// bucket without one. If S3 would refuse c, the error is that of c.Validate.
func Compile(c *Configuration, opts ...Option) (*Policy, error) {
	if c == nil {
		return newPolicy(NotEnabled, opts), nil
	}
	if err := c.Validate(opts...); err != nil {
		return nil, err
	}
	p := newPolicy(Granted, opts)
	p.answers = make([]answer, len(c.CORSRules))
	var origins, headers matcherBuilder
	for i, rule := range c.CORSRules {
		p.answers[i] = rule.answer()
		for _, method := range rule.AllowedMethods {
			set := &p.methods[methodIndex(method)]
			*set = set.or(only(i))
		}
		for _, origin := range rule.AllowedOrigins {
			origins.add(origin, i)
		}
		for _, header := range rule.AllowedHeaders {
			headers.add(lower(header), i)
		}
	}
	p.origins, p.headers = origins.build(), headers.build()
	return p, nil
}

// Evaluate decides on a request as S3 does. It never allocates, its cost is
// linear in the bytes of the request, and does not depend on how many rules the
// policy has.
func (p *Policy) Evaluate(r Request) (d Decision) {
	// Kept so small that it is inlined: to copy a Decision that was just written
	// takes longer than to make it.
	d.policy = p
	if r.Origin != "" || r.Method == "OPTIONS" {
		p.evaluate(&r, &d)
	}
	return d
}

// evaluate fills in the decision on a request that has an Origin or is a
// preflight.
func (p *Policy) evaluate(r *Request, d *Decision) {
	if p == nil || p.dialect == nil {
		p = nothing
	}
	d.policy, d.origin, d.headers = p, r.Origin, r.RequestHeaders
	d.target, d.preflight = r.Target, r.Method == "OPTIONS"
	d.method = r.Method
	if r.RequestMethod != "" {
		d.method = r.RequestMethod
	}
	d.outcome, d.rule = p.decide(r, d.method)
}

// decide finds the outcome, in the order of S3's checks (4.2/order, 5.3/order),
// and the rule if one matched; method is the method under test.
func (p *Policy) decide(r *Request, method string) (Outcome, int8) {
	if r.Origin == "" {
		return MissingOrigin, 0
	}
	if len(r.Origin)+len(r.RequestMethod)+len(r.RequestHeaders) > p.dialect.maxRequestBytes {
		return TooLarge, 0
	}
	var rules ruleset
	if i := methodIndex(method); i >= 0 {
		rules = p.methods[i]
	} else if r.RequestMethod != "" && !isRequestMethod(method) {
		return InvalidMethod, 0
	}
	if !rules.empty() {
		rules = p.origins.match(r.Origin, rules)
	}
	if r.RequestHeaders != "" {
		var valid bool
		if rules, valid = p.admit(r.RequestHeaders, rules); !valid {
			return InvalidHeaders, 0
		}
	}
	switch {
	case r.Target == Service:
		return NoBucket, 0
	case p.kind != Granted:
		return p.kind, 0
	case rules.empty():
		return NoMatch, 0
	}
	return Granted, int8(rules.first())
}

// admit returns the rules of those given that admit every name in value, the
// value of Access-Control-Request-Headers; false if a name is not a token.
func (p *Policy) admit(value string, rules ruleset) (ruleset, bool) {
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

// admitNames is admit for a value of tokens in lower case.
func (p *Policy) admitNames(value string, rules ruleset) ruleset {
	for n, ok := nameAt(value, 0); ok && !rules.empty(); n, ok = nameAt(value, n.next) {
		rules = p.headers.match(value[n.start:n.end], rules)
	}
	return rules
}

// shortValue is a length that the values of browsers rarely exceed.
const shortValue = 256

// admitShort is admitNames for a short value in any case.
func (p *Policy) admitShort(value string, rules ruleset) ruleset {
	var buffer [shortValue]byte
	return p.admitNames(view(appendLower(buffer[:0], value)), rules)
}

// admitLong is admitShort for a value of any length. It keeps its buffer out of
// the stack of all others.
//
//go:noinline
func (p *Policy) admitLong(value string, rules ruleset) ruleset {
	var buffer [amazonRequestBytes]byte
	return p.admitNames(view(appendLower(buffer[:0], value)), rules)
}

func (rule *Rule) answer() answer {
	a := answer{methods: strings.Join(rule.AllowedMethods, ", ")}
	for _, origin := range rule.AllowedOrigins {
		// Whatever else the rule lists (9/star-beside-origin).
		a.anyOrigin = a.anyOrigin || origin == "*"
	}
	var expose []string
	for _, name := range rule.ExposeHeaders {
		if name != "" { // 9/empty-expose-name
			expose = append(expose, name)
		}
	}
	a.expose = strings.Join(expose, ", ")
	if rule.MaxAgeSeconds != nil {
		a.maxAge = strconv.FormatInt(*rule.MaxAgeSeconds, 10)
	}
	return a
}
