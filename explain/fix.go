package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// MaxFixes is how many fixes an Explanation holds at most.
const MaxFixes = 10

// A Fix is a change of the configuration with which S3 grants the request.
type Fix struct {
	// Rule is the index of the rule that is changed; -1 for a new rule.
	Rule int
	// Edits is how many lists of the rule are changed, or 1 for a new rule. Each is
	// one Operation.
	Edits int
	// Patch is the change as a JSON Patch (RFC 6902) of the configuration as an object
	// {"CORSRules":[…]}, in which empty lists are left out. A bucket without a
	// configuration has the object {"CORSRules":[]}.
	Patch []Operation
	// Configuration is what the patch makes of the configuration.
	Configuration *s3cors.Configuration
	// XML is the configuration as the server prints it.
	XML string
	// Text says what to change in a sentence or two.
	Text string
}

// fixes returns the changes that would grant the request, or would let the page read
// what it was granted.
func (j *judge) fixes() []Fix {
	if j.isRefused() || j.isHopeless() && j.decision.Outcome() == s3cors.Granted {
		return nil
	}
	if fixes := j.finishAll(j.draftsForBrowser(), j.mends); len(fixes) > 0 {
		return fixes
	}
	switch j.decision.Outcome() {
	case s3cors.NoMatch, s3cors.NotEnabled:
		if fixes := j.finishAll(j.drafts(), j.mends); len(fixes) > 0 {
			return fixes
		}
		// Where no change helps the page, S3 grants the request that was asked about.
		return j.finishAll(j.drafts(), j.grants)
	}
	return nil
}

// mostFailures bounds the drafts that are tried and do not hold: what has no room for
// so many of them has none for the others.
const mostFailures = 30

// finishAll makes fixes of those drafts that hold: the first of each rule, and all that
// make a new rule.
func (j *judge) finishAll(drafts []*draft, holds func(*s3cors.Policy) bool) []Fix {
	var fixes []Fix
	done := make(map[int]bool)
	for i, d := range drafts {
		if len(fixes) == MaxFixes || i-len(fixes) > mostFailures {
			break
		}
		if d.rule >= 0 && done[d.rule] || d.last && len(fixes) > 0 {
			continue
		}
		if fix, ok := j.finish(d, holds); ok {
			done[d.rule] = true
			fixes = append(fixes, fix)
		}
	}
	return fixes
}

// finish makes a fix of a draft, if S3 accepts what it makes of the configuration, and
// the policy of that holds.
func (j *judge) finish(d *draft, holds func(*s3cors.Policy) bool) (Fix, bool) {
	printed, err := d.config.AppendXML(nil, j.opts...)
	if err != nil || len(printed) > s3cors.MaxDocumentBytes(j.opts...) {
		return Fix{}, false
	}
	policy, err := s3cors.Compile(d.config, j.opts...)
	if err != nil || !holds(policy) {
		return Fix{}, false
	}
	text := strings.Join(append([]string{joinAnd(d.edits) + "."}, d.notes...), " ")
	return Fix{Rule: d.rule, Edits: len(d.patch), Patch: d.patch, Configuration: cloned(d.config), XML: string(printed), Text: upperFirst(text)}, true
}

// grants reports whether a policy grants the request.
func (j *judge) grants(p *s3cors.Policy) bool {
	return p.Evaluate(j.Request).Outcome() == s3cors.Granted
}

// mends reports whether a policy grants the request, and lets the page read, as far as
// is known how it makes its request.
func (j *judge) mends(p *s3cors.Policy) bool {
	mended := *j
	mended.policy = p
	view := mended.view()
	return j.grants(p) && (view == nil || view.failure == nil)
}

// isHopeless reports whether the page sends credentials to a server that never allows
// them (ceph-3/credentials).
func (j *judge) isHopeless() bool { return j.sendsCredentials() && !j.quirks.Credentials }

// isStarred reports whether the page sends credentials, so that "*" is no answer to it,
// and the server could give another one.
func (j *judge) isStarred() bool { return j.sendsCredentials() && j.quirks.Credentials }

func (j *judge) sendsCredentials() bool {
	return j.Fetch != nil && j.Fetch.Credentials == Include && j.Fetch.Mode != NoCORS
}

// drafts returns the changes that could grant a request that no rule matches, the
// cheapest first.
func (j *judge) drafts() []*draft {
	if !slices.Contains(listable, j.method) {
		return nil // which no change can grant
	}
	var drafts []*draft
	first := slices.IndexFunc(j.rules, func(t ruleTrace) bool { return t.by >= 0 })
	for i := range j.rules {
		t := &j.rules[i]
		switch {
		case j.isCeph() && first >= 0 && i != first: // ceph-2/rule-by-origin
			continue
		case j.isStarred() && t.by >= 0 && t.rule.AllowedOrigins[t.by] == "*":
			drafts = append(drafts, j.before(t))
		default:
			drafts = append(drafts, j.draftsOf(t)...)
		}
	}
	slices.SortStableFunc(drafts, cheaper)
	if first >= 0 && j.isCeph() {
		return j.withRuleBefore(drafts, &j.rules[first])
	}
	own := j.append()
	if len(drafts) > 0 && drafts[0].opens >= opensMethodToAll { // a rule of its own opens less
		return append([]*draft{own}, drafts...)
	}
	own.last = true
	return append(drafts, own)
}

// cheaper orders changes: fewer edits first, then a correction before an addition,
// then what opens less.
func cheaper(a, b *draft) int {
	corrects := func(d *draft) int {
		if d.corrects {
			return 0
		}
		return 1
	}
	return cmp.Or(
		cmp.Compare(len(a.patch), len(b.patch)),
		cmp.Compare(corrects(a), corrects(b)),
		cmp.Compare(a.opens, b.opens),
		cmp.Compare(a.nearness, b.nearness),
		cmp.Compare(a.values, b.values),
	)
}

// withRuleBefore adds the draft of a rule before the first that admits the origin. It
// comes first if a change of that rule would open a method to origins that did not ask.
func (j *judge) withRuleBefore(drafts []*draft, t *ruleTrace) []*draft {
	before := j.before(t)
	if len(drafts) > 0 && drafts[0].opens < opensMethodToPattern {
		return append(drafts, before)
	}
	return append([]*draft{before}, drafts...)
}

// draftsOf returns the changes of a rule that could make it match: its origins put
// right, and, in case that does not hold, the origin added.
func (j *judge) draftsOf(t *ruleTrace) []*draft {
	var drafts []*draft
	if t.by < 0 && t.near >= 0 && len(t.differs.repaired) > 0 {
		d := j.edit(t.index)
		d.correctOrigin(t)
		drafts = append(drafts, j.complete(d, t))
	}
	d := j.edit(t.index)
	if t.by < 0 {
		entry := j.listable(j.Request.Origin)
		d.addOrigin(t, entry)
		if entry != j.Request.Origin {
			d.notes = append(d.notes, "This admits other origins, too: the Origin holds what no entry can.")
		}
		if asSent(j.Request.Origin) != j.Request.Origin {
			d.notes = append(d.notes, "But no browser sends this Origin: it is the request that needs correcting.")
		}
	}
	return append(drafts, j.complete(d, t))
}

// complete adds what a rule lacks beside the origin.
func (j *judge) complete(d *draft, t *ruleTrace) *draft {
	if !t.lists {
		d.addMethod(t, j.method)
		if t.by >= 0 {
			d.warnOfMethod(t.rule.AllowedOrigins[t.by], j.method, j.Request.Origin)
		}
	}
	if len(t.missing) > 0 {
		d.addNames(t, j.entriesFor(t.missing), t.missing)
	}
	d.nearness = t.differs.nearness
	return d
}

// joinAnd joins phrases with commas and "and".
func joinAnd(phrases []string) string {
	switch n := len(phrases); n {
	case 0:
		return ""
	case 1:
		return phrases[0]
	default:
		return strings.Join(phrases[:n-1], ", ") + " and " + phrases[n-1]
	}
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
