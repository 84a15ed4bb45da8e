package explain

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// A Reason is why a request is not granted, or why a page has trouble all the same.
type Reason struct {
	Code Code
	// Rule is the index of the rule that it is about; -1 for none.
	Rule int
	// Path is the place in the configuration, as in a Problem; "" for none.
	Path string
	// Value is what the reason is about: the entry of the configuration, or the value
	// of the request. Several names of headers are joined with ", ".
	Value string
	// Text says it in a sentence or two.
	Text string
}

// mostRules is how many rules have their reasons told.
const mostRules = 5

// mostCauses is how many causes are told of what is wrong with a document.
const mostCauses = 10

// reasons returns all reasons, the most telling first.
func (j *judge) reasons() []Reason {
	all := j.reasonsOfDocument()
	switch j.decision.Outcome() {
	case s3cors.Granted:
		if !j.isRefused() {
			return append(all, j.reasonsOfGrant()...)
		}
	case s3cors.NoMatch:
		all = append(all, j.reasonsOfOrigin()...)
		all = append(all, j.reasonsOfMethod()...)
		all = append(all, j.reasonsOfRules()...)
	default:
		if !j.isRefused() || j.Configuration != nil {
			all = append(all, j.reasonsWithoutRules()...)
			all = append(all, j.reasonsOfOrigin()...)
		}
	}
	if asked := j.refused(); asked != nil && j.decision.Outcome() != s3cors.NotEnabled {
		all = append(all, asked.reasonsOfRules()...)
	}
	return compact(all)
}

// reasonsOfDocument tell what is to be changed in a document that S3 would refuse.
func (j *judge) reasonsOfDocument() []Reason {
	if !j.isRefused() {
		return nil
	}
	var all []Reason
	tell := func(rule int, path, detail string) {
		if len(all) < mostCauses {
			all = append(all, Reason{DocumentRefused, rule, path, j.valueAt(rule, path), upperFirst(detail) + "."})
		}
	}
	if j.Document == nil || len(j.Document.Causes()) == 0 { // a configuration without a text
		for _, p := range j.problems {
			tell(p.Rule, p.Path, p.Detail)
		}
		return all
	}
	for _, c := range j.Document.Causes() {
		tell(j.problems[c.Problems[0]].Rule, c.Path, c.Detail)
	}
	return all
}

// valueAt returns the value of a list that a path names; "" if it names something else.
func (j *judge) valueAt(number int, path string) string {
	if number < 0 || number >= len(j.config.CORSRules) {
		return ""
	}
	rule := &ruleTrace{rule: &j.config.CORSRules[number], index: number}
	for _, name := range listNames {
		for k, value := range *list(rule.rule, name) {
			if rule.path(name, k) == path {
				return value
			}
		}
	}
	return ""
}

// compact drops reasons that were told already.
func compact(all []Reason) []Reason {
	var kept []Reason
	for _, r := range all {
		same := func(k Reason) bool {
			return k.Code == r.Code && k.Path == r.Path && k.Rule == r.Rule && k.Value == r.Value
		}
		if r.Code == DocumentRefused || !slices.ContainsFunc(kept, same) {
			kept = append(kept, r)
		}
	}
	return kept
}

// reasonsWithoutRules are those of outcomes for which no rule is looked at.
func (j *judge) reasonsWithoutRules() []Reason {
	r := &j.Request
	whole := func(code Code, value, text string) []Reason { return []Reason{{code, -1, "", value, text}} }
	switch j.decision.Outcome() {
	case s3cors.NotCORS:
		return []Reason{
			{OriginMissing, -1, "", "", "The request has no Origin. A browser sends one with every request of a script to another origin; curl does if it is told to, with -H 'Origin: https://…'."},
			{NotCORS, -1, "", "", "Without Origin a request is not one of CORS, and " + j.server() + " adds no CORS headers to its answer."},
		}
	case s3cors.MissingOrigin:
		return whole(OriginMissing, "", "The preflight has no Origin, or an empty one; "+j.server()+" takes no other field for it, such as Referer.")
	case s3cors.MissingMethod:
		return whole(MethodMissing, "", "The OPTIONS request has no Access-Control-Request-Method, which a browser always sends.")
	case s3cors.InvalidMethod:
		return j.reasonsOfInvalidMethod()
	case s3cors.InvalidHeaders:
		return whole(HeadersNotNames, r.RequestHeaders, notNames(j.names))
	case s3cors.TooLarge:
		return whole(TooLarge, "", "The values of Origin and the two Access-Control-Request fields have more than 8,192 bytes together.")
	case s3cors.NotEnabled:
		if j.isRefused() {
			return nil
		}
		return []Reason{{NoConfigurationStored, -1, "CORSConfiguration", "", "The bucket has no CORS configuration, so " + j.server() + " grants nothing to other origins."}}
	case s3cors.NoBucket:
		return j.reasonsOfNoBucket()
	}
	return nil
}

func (j *judge) reasonsOfNoBucket() []Reason {
	switch {
	case j.Request.Target == s3cors.TargetService:
		return []Reason{{ServiceRoot, -1, "", "", "The URL addresses no bucket. What is asked of the root, such as the list of all buckets, has no CORS: no page can ask for it."}}
	case j.NoBucket:
		return []Reason{{NoBucket, -1, "", j.Request.Bucket, "There is no such bucket: look at the name in the URL, and at the region."}}
	}
	return []Reason{{NoBucket, -1, "", j.Request.Bucket, "The request makes the bucket, which therefore does not exist yet and has no rules."}}
}

// notNames says what is wrong with a list of names.
func notNames(names []string) string {
	for _, name := range names {
		if isToken(name) {
			continue
		}
		name = strings.Trim(name, " \t")
		text := "Access-Control-Request-Headers lists names of headers, divided by commas; " + quoted([]string{name}) + " is no name."
		if before, _, ok := strings.Cut(name, ":"); ok {
			text += " Names stand there without their values: " + quoted([]string{strings.TrimSpace(before)}) + "."
		}
		return text
	}
	return "Access-Control-Request-Headers lists names of headers, divided by commas."
}

// reasonsOfRules tells why the rules that come nearest do not match: for each change
// that would grant the request, in the order of these, what the rule lacks.
func (j *judge) reasonsOfRules() []Reason {
	all := j.shadowed()
	told, foreign := 0, false
	ranked := j.ranked()
	for _, t := range ranked {
		if told == mostRules {
			break
		}
		if t.by < 0 && t.near >= 0 && t.differs.codes[0] == OriginHost && t.differs.nearness == otherHost {
			if foreign || told > 0 {
				continue // one rule for other sites is as far as the next
			}
			foreign = true
		}
		if told > 0 && !j.worthTelling(t, ranked[0]) {
			continue
		}
		all = append(all, j.reasonsOfRule(t)...)
		told++
	}
	return all
}

// worthTelling reports whether a rule is told of beside the first of all.
func (j *judge) worthTelling(t, first *ruleTrace) bool {
	if j.isCeph() && first.by >= 0 {
		return false // no other rule counts
	}
	return t.lacks() == first.lacks() || t.by < 0 && len(t.differs.repaired) > 0
}

// lacks counts the lists that do not admit the request.
func (t *ruleTrace) lacks() int {
	n := 0
	for _, lacking := range []bool{t.by < 0, !t.lists, len(t.missing) > 0} {
		if lacking {
			n++
		}
	}
	return n
}

// ranked returns the traces in the order in which changes of their rules are proposed.
func (j *judge) ranked() []*ruleTrace {
	var ranked []*ruleTrace
	for _, d := range j.drafts() {
		if d.rule >= 0 && !slices.Contains(ranked, &j.rules[d.rule]) {
			ranked = append(ranked, &j.rules[d.rule])
		}
	}
	for i := range j.rules { // which no change would make match
		if t := &j.rules[i]; !slices.Contains(ranked, t) && !j.isCeph() {
			ranked = append(ranked, t)
		}
	}
	if first := slices.IndexFunc(j.rules, func(t ruleTrace) bool { return t.by >= 0 }); first >= 0 && j.isCeph() {
		return []*ruleTrace{&j.rules[first]}
	}
	return ranked
}

// reasonsOfRule tells why a rule does not match.
func (j *judge) reasonsOfRule(t *ruleTrace) []Reason {
	var all []Reason
	if t.by < 0 && t.near >= 0 {
		entry := t.rule.AllowedOrigins[t.near]
		for _, code := range t.differs.codes {
			if code == OriginNotBrowser {
				continue // which is told of the request
			}
			all = append(all, Reason{code, t.index, t.path("AllowedOrigins", t.near), entry, j.textOfOrigin(code, entry)})
		}
	}
	if !t.lists && !j.isToldOf(t, "AllowedMethods") && slices.Contains(listable, j.method) {
		all = append(all, Reason{MethodNotListed, t.index, t.path("AllowedMethods", -1), j.method, j.textOfMethod(t)})
	}
	if !j.isToldOf(t, "AllowedHeaders") {
		all = append(all, j.reasonsOfHeaders(t)...)
	}
	if j.isStarred() && t.by >= 0 && t.rule.AllowedOrigins[t.by] == "*" {
		all = append(all, reasonOfStar(t))
	}
	return all
}

// isToldOf reports whether something is wrong with a list of a rule, which is told of
// the document.
func (j *judge) isToldOf(t *ruleTrace, name string) bool {
	if j.guessed {
		return name == "AllowedMethods" && len(t.rule.AllowedMethods) == 0
	}
	return slices.ContainsFunc(j.problems, func(p *s3cors.Problem) bool {
		return p.Rule == t.index && strings.HasPrefix(p.Path, t.path(name, -1))
	})
}

// shadowed tells of rules that would match, behind the one that Ceph chooses by the
// origin alone (ceph-2/rule-by-origin).
func (j *judge) shadowed() []Reason {
	if !j.isCeph() {
		return nil
	}
	var all []Reason
	first := slices.IndexFunc(j.rules, func(t ruleTrace) bool { return t.by >= 0 })
	for i := range j.rules {
		if t := &j.rules[i]; first >= 0 && t.matches() {
			all = append(all, Reason{Shadowed, i, t.path("AllowedOrigins", t.by), t.rule.AllowedOrigins[t.by],
				"Rule " + itoa(i) + " would match, and Amazon S3 would take it. Ceph takes the first rule that admits the origin, which is rule " + itoa(first) + "."})
		}
	}
	return all
}
