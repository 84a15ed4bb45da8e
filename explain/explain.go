package explain

import (
	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/quirk"
)

// An Explanation tells what S3 answers to a request and why, what the browser makes of
// the answer, and what would help. It shares nothing with the Subject that can change,
// but for the strings of the Request, which its Decision holds.
type Explanation struct {
	// Kind tells what the request has to do with CORS.
	Kind Kind
	// Outcome is that of the Decision, or "invalid-configuration" if S3 would refuse
	// the document.
	Outcome string
	// Decision is what Policy.Evaluate returns. It is the zero Decision if S3 would
	// refuse the document.
	Decision s3cors.Decision
	// Refusal is what S3 answers to whoever stores the document; nil if it accepts
	// the document.
	Refusal *s3cors.Error
	// Summary says the most telling of it in a sentence or two.
	Summary string
	// Rules are the verdicts on all rules, in their order. It is empty if S3 does not
	// get as far as the rules.
	Rules []RuleVerdict
	// Reasons are why the request is not granted, or why the page has trouble all the
	// same, the most telling first.
	Reasons []Reason
	// Fixes are changes of the configuration that would grant the request, each by
	// itself, the cheapest first. It holds no more than MaxFixes.
	Fixes []Fix
	// Browser is what the browser makes of the answers; nil if the Subject has no
	// Fetch, or no Origin.
	Browser *Browser
	// Elsewhere is what else looks like a fault of CORS, the most likely first. It is
	// empty unless CORS allows the request.
	Elsewhere []Hint
	// NotJudged is what the explanation cannot tell.
	NotJudged []Hint

	headline string // what the Summary begins with, and Text does not repeat below
}

// A Hint is something to look at beside the configuration.
type Hint struct {
	Code Code
	// Text is a plain sentence or two.
	Text string
}

// invalidConfiguration is the outcome where S3 would refuse the document.
const invalidConfiguration = "invalid-configuration"

// Granted reports whether S3 grants the request.
func (e *Explanation) Granted() bool { return e.Outcome == s3cors.Granted.String() }

// Explain explains a request. The options are those with which the bucket's policy is
// compiled.
//
// Explain is for people who ask, and takes its time: more than a thousand times as long
// as Policy.Evaluate. It decides nothing itself, and so always agrees with Evaluate.
func Explain(s Subject, opts ...s3cors.Option) *Explanation {
	j := newJudge(s, opts)
	e := &Explanation{Kind: kindOf(&s.Request), Outcome: j.outcome(), Rules: j.verdicts()}
	if j.problems == nil {
		e.Decision = j.policy.Evaluate(s.Request)
	} else {
		e.Refusal = j.problems[0].S3
	}
	j.browser = j.view()
	e.Browser = j.browser.public()
	e.Fixes, e.Reasons = j.fixes(), j.reasons()
	e.Elsewhere, e.NotJudged = j.elsewhere(), j.notJudged()
	e.headline, e.Summary = j.summary(e)
	return e
}

// A judge has all that an explanation is made of.
type judge struct {
	Subject
	opts     []s3cors.Option
	quirks   *quirk.Dialect
	config   *s3cors.Configuration // never nil
	problems s3cors.Problems       // nil if S3 accepts the document
	policy   *s3cors.Policy        // of what could be understood, if there are problems
	guessed  bool                  // the configuration is not that of the document, but what was meant
	decision s3cors.Decision
	rules    []ruleTrace

	method  string   // under test
	names   []string // under test
	browser *browserView
}

func newJudge(s Subject, opts []s3cors.Option) *judge {
	j := &judge{Subject: s, opts: opts, quirks: quirk.Of(int(s3cors.DialectOf(opts...))), config: new(s3cors.Configuration)}
	j.read()
	j.test(&s.Request)
	j.decision = j.policy.Evaluate(s.Request)
	j.rules = j.trace()
	return j
}

// read takes what is known of the bucket.
func (j *judge) read() {
	if j.NoBucket {
		j.Configuration, j.policy = nil, s3cors.NoSuchBucket(j.opts...)
		return
	}
	j.guessed = j.Document != nil && j.Configuration != nil
	if d := j.Document; d != nil {
		j.problems = d.Problems()
		if j.Configuration == nil && !d.Unreadable() {
			j.Configuration = d.Configuration()
		}
	}
	if j.Configuration != nil {
		j.config = j.Configuration
		if len(j.problems) == 0 {
			j.problems, _ = j.config.Validate(j.opts...).(s3cors.Problems)
		}
	}
	j.policy, _ = s3cors.CompileStored(j.Configuration, j.opts...)
}

// test notes what of a request rules are asked for (4.1/requested-method,
// 4.1/requested-headers, ceph-1/empty-method, ceph-2/names-of-actual-requests).
func (j *judge) test(r *s3cors.Request) {
	j.method = r.Method
	if r.RequestMethod != "" || r.EmptyRequestMethod && j.quirks.EmptyCounts {
		j.method = r.RequestMethod
	}
	if j.quirks.NamesDecideActual || r.Method == "OPTIONS" {
		j.names = j.namesOf(r.RequestHeaders)
	}
}

// isRefused reports whether S3 would refuse the document, so that it is not stored.
func (j *judge) isRefused() bool { return len(j.problems) > 0 }

func (j *judge) outcome() string {
	if j.isRefused() {
		return invalidConfiguration
	}
	return j.decision.Outcome().String()
}

// isCeph reports whether the server is one that chooses a rule by the origin alone.
func (j *judge) isCeph() bool { return j.quirks.ByOriginAlone }

// server is what to call the kind of server.
func (j *judge) server() string {
	if j.quirks.PlainRefusals {
		return "Ceph"
	}
	return "S3"
}
