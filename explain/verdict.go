package explain

import (
	"fmt"

	"github.com/s3cors/s3cors"
)

// A RuleVerdict tells how a rule takes a request: what each of its lists says to it.
type RuleVerdict struct {
	// Rule is the index of the rule, from 0.
	Rule int
	// ID is that of the rule; nil if it has none.
	ID *string
	// Origin is the verdict of AllowedOrigins.
	Origin OriginVerdict
	// Method tells whether AllowedMethods lists the method.
	Method bool
	// Missing are the names of Access-Control-Request-Headers, in lower case, that no
	// entry of AllowedHeaders admits.
	Missing []string
}

// Matches reports whether all three lists admit the request.
func (v *RuleVerdict) Matches() bool {
	return v.Origin.OK && v.Method && len(v.Missing) == 0
}

// An OriginVerdict tells by which entry of AllowedOrigins an origin is admitted, or
// which entry comes nearest.
type OriginVerdict struct {
	// OK tells whether the origin is admitted.
	OK bool
	// By is the entry that admits it; "*" if the list has it, whatever else it has.
	By string
	// Nearest is the entry that comes nearest to the origin; nil if OK, or if the
	// list is empty.
	Nearest *Nearest
}

// A Nearest is the entry of a list that comes nearest to an origin, without admitting it.
type Nearest struct {
	// Value is the entry, and Path is where it stands, as in a Problem.
	Value, Path string
	// Differs are the codes of what differs, the most telling first. It has one at least.
	Differs []Code
}

// A ruleTrace is a RuleVerdict with what fixes are made of.
type ruleTrace struct {
	rule    *s3cors.Rule
	index   int
	by      int // the index of the entry that admits the origin, -1 if none does
	near    int // the index of the nearest entry, -1 if there is none
	differs difference
	lists   bool
	missing []string
}

// trace judges each rule.
func (j *judge) trace() []ruleTrace {
	if !j.reachesRules() {
		return nil
	}
	all := make([]ruleTrace, len(j.config.CORSRules))
	for i := range all {
		rule := &j.config.CORSRules[i]
		t := ruleTrace{rule: rule, index: i, near: -1, lists: j.lists(rule), missing: j.missing(rule)}
		if t.by = j.admitting(rule.AllowedOrigins, j.Request.Origin); t.by < 0 {
			t.near, t.differs = j.nearest(rule.AllowedOrigins)
		}
		all[i] = t
	}
	return all
}

// reachesRules reports whether there are rules to compare a request with, and an
// origin to compare.
func (j *judge) reachesRules() bool {
	switch j.decision.Outcome() {
	case s3cors.NotCORS, s3cors.MissingOrigin, s3cors.NoBucket, s3cors.NotEnabled, s3cors.TooLarge:
		return false
	}
	return true
}

// nearest returns the index of the entry that comes nearest to the origin, and how it
// differs; -1 if there is none.
func (j *judge) nearest(entries []string) (int, difference) {
	best, least := -1, difference{nearness: otherHost + 1}
	for k, entry := range entries {
		if d := j.compare(entry, j.Request.Origin); d.nearer(least) {
			best, least = k, d
		}
	}
	return best, least
}

// matches reports whether the rule matches the request.
func (t *ruleTrace) matches() bool { return t.by >= 0 && t.lists && len(t.missing) == 0 }

// verdicts returns what is public of the traces.
func (j *judge) verdicts() []RuleVerdict {
	all := make([]RuleVerdict, len(j.rules))
	for i := range j.rules {
		t := &j.rules[i]
		v := RuleVerdict{Rule: i, Method: t.lists, Missing: t.missing}
		if t.rule.ID != nil {
			id := *t.rule.ID
			v.ID = &id
		}
		switch {
		case t.by >= 0:
			v.Origin = OriginVerdict{OK: true, By: t.rule.AllowedOrigins[t.by]}
		case t.near >= 0:
			v.Origin.Nearest = &Nearest{Value: t.rule.AllowedOrigins[t.near], Path: t.path("AllowedOrigins", t.near), Differs: t.differs.codes}
		}
		all[i] = v
	}
	return all
}

// path is the path of a list of the rule, or of a value in it if k is not -1.
func (t *ruleTrace) path(list string, k int) string {
	if k < 0 {
		return fmt.Sprintf("CORSRules[%d].%s", t.index, list)
	}
	return fmt.Sprintf("CORSRules[%d].%s[%d]", t.index, list, k)
}
