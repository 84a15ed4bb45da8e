package explain

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// reasonsOfGrant are those where S3 grants the request: what keeps the page from
// reading it all the same, or that CORS is innocent.
func (j *judge) reasonsOfGrant() []Reason {
	var all []Reason
	why := WhyOK
	if j.browser != nil {
		why = j.browser.Why
	}
	switch {
	case why == WhyCredentials:
		all = append(all, j.reasonsOfCredentials()...)
	case why == WhyNotExposed:
		all = append(all, j.reasonsOfExposure(j.browser.hidden, "")...)
	case why == WhyPreflightFailed || why == WhyOrigin:
		all = append(all, j.reasonsOfFailing()...)
	case j.Fetch == nil || len(j.Fetch.Read) == 0:
		all = append(all, j.reasonsOfExposure(j.likelyRead())...)
	}
	if j.isHopeless() && why != WhyCredentials {
		all = append(all, j.reasonsOfCredentials()...)
	}
	all = append(all, j.reasonsOfOrigin()...)
	if why == WhyOK || why == WhyNotExposed || why == WhyNoPreflight {
		all = append(all, Reason{GrantedLookElsewhere, j.decision.Rule(), "", "",
			"CORS allows this request. If the browser blocks it all the same, the cause is not this configuration."})
	}
	return all
}

// reasonsOfFailing tells why S3 does not grant what the browser sends, which the
// request is not.
func (j *judge) reasonsOfFailing() []Reason {
	asked := j.failing()
	switch {
	case asked == nil:
		return []Reason{{MethodInvalid, -1, "", j.Fetch.Method, "A browser does not send the method " + quoted([]string{j.Fetch.Method}) + " for a script."}}
	case asked.decision.Outcome() == s3cors.NoMatch:
		return append(asked.reasonsOfMethod(), asked.reasonsOfRules()...)
	}
	return asked.reasonsWithoutRules()
}

// reasonsOfCredentials tells why credentials do not go with the answer.
func (j *judge) reasonsOfCredentials() []Reason {
	if !j.quirks.Credentials {
		return []Reason{{CredentialsStar, -1, "", string(Include),
			"The page sends credentials, and Ceph never answers that it allows them, whatever the configuration. Presigned URLs and the Authorization header need no credentials mode: leave out credentials: \"include\"."}}
	}
	var all []Reason
	if j.decision.Rule() >= 0 {
		all = []Reason{reasonOfStar(&j.rules[j.decision.Rule()])}
	}
	return append(all, j.laterRules("answer with the origin itself, which goes with credentials", func(t *ruleTrace) bool {
		return t.rule.AllowedOrigins[t.by] != "*"
	})...)
}

// reasonOfStar tells why credentials do not go with a rule for everybody.
func reasonOfStar(t *ruleTrace) Reason {
	return Reason{CredentialsStar, t.index, t.path("AllowedOrigins", t.by), "*",
		"The page sends credentials (credentials: \"include\"), and the answer \"*\" of rule " + itoa(t.index) + " does not allow them. " +
			"Presigned URLs and the Authorization header need no credentials mode: leave it out, or have a rule with the page's origin before this one."}
}

// laterRules tells of rules behind the one that decides which match as well, and are
// better in what the words say.
func (j *judge) laterRules(words string, better func(*ruleTrace) bool) []Reason {
	var all []Reason
	decides := j.decision.Rule()
	for i := decides + 1; decides >= 0 && i < len(j.rules); i++ {
		if t := &j.rules[i]; t.matches() && better(t) {
			all = append(all, Reason{Shadowed, i, t.path("AllowedOrigins", t.by), t.rule.AllowedOrigins[t.by],
				"Rule " + itoa(i) + " would " + words + ". It comes behind rule " + itoa(decides) + ", and the first rule that matches decides: put it before."})
		}
	}
	return all
}

// reasonsOfExposure tells of response headers that a script cannot read.
func (j *judge) reasonsOfExposure(names []string, use string) []Reason {
	if len(names) == 0 || j.decision.Rule() < 0 {
		return nil
	}
	t := &j.rules[j.decision.Rule()]
	text := "A script cannot read " + joinAnd(names) + " of the response" + use + ": "
	var hidden []string
	for _, name := range names {
		if isExposable(name) {
			hidden = append(hidden, name)
		}
	}
	switch {
	case len(hidden) == 0:
		text += "browsers keep that from scripts, whatever is exposed."
	case len(t.rule.ExposeHeaders) == 0:
		text += "rule " + itoa(t.index) + " has no ExposeHeaders. List " + quoted(hidden) + " there."
	default:
		text += "ExposeHeaders of rule " + itoa(t.index) + " has " + joinAnd(t.rule.ExposeHeaders) + ". Add " + quoted(hidden) + "."
	}
	all := []Reason{{NotExposed, t.index, t.path("ExposeHeaders", -1), strings.Join(names, ", "), text}}
	return append(all, j.laterRules("expose "+joinAnd(hidden), func(later *ruleTrace) bool {
		return len(hidden) > 0 && !slices.ContainsFunc(hidden, func(name string) bool { return !containsFold(later.rule.ExposeHeaders, name) })
	})...)
}

// likelyRead returns the response headers that scripts mostly read after such a
// request, and that are not exposed, and what they are read for.
func (j *judge) likelyRead() (names []string, use string) {
	switch {
	case j.method == "PUT":
		names, use = []string{"ETag"}, ", which an upload in parts needs"
	case j.method == "GET" && slices.Contains(j.names, "range"):
		names, use = []string{"Content-Range"}, ", which a reader of parts needs"
	}
	exposed := strings.Split(j.decision.ExposeHeaders(), ",")
	return slices.DeleteFunc(names, func(name string) bool { return containsFold(exposed, name) }), use
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
}
