package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/printable"
)

// summary says the most telling in a sentence or two, and why there is no fix where a
// request is refused and none is.
func (j *judge) summary(e *Explanation) string {
	switch {
	case j.isRefused():
		return j.summaryOfRefusal(e)
	case j.decision.Outcome() == s3cors.Granted:
		return j.summaryOfGrant(e)
	}
	text := j.verdict()
	for _, r := range e.Reasons {
		if r.Rule == e.Reasons[0].Rule && (r.Rule >= 0 || r.Code == e.Reasons[0].Code) {
			text += " " + r.Text
		}
	}
	switch {
	case len(e.Fixes) > 0:
		return text + " Fix: " + lowerFirst(e.Fixes[0].Text)
	case j.decision.Outcome() == s3cors.NotCORS:
		return text
	}
	return text + " " + j.whyNoFix()
}

// summaryOfRefusal says what is wrong with the document first, and what would keep the
// request from being granted all the same. There is no fix of what S3 does not take.
func (j *judge) summaryOfRefusal(e *Explanation) string {
	text := j.server() + " refuses this configuration with " + j.problems[0].S3.Code + ", so the bucket keeps the one that it had, or none: correct it first. " +
		e.Reasons[0].Text
	if j.decision.Outcome() == s3cors.Granted {
		return text + " What can be read of it would grant the request."
	}
	for _, r := range e.Reasons {
		if r.Code != DocumentRefused {
			return text + " Beside that: " + r.Text
		}
	}
	return text
}

// verdict says what happens to the request.
func (j *judge) verdict() string {
	status := j.decision.Status()
	switch {
	case j.decision.Outcome() == s3cors.NotCORS:
		return j.server() + " adds no CORS headers."
	case status == 0:
		return j.server() + " serves the request without CORS headers, so no page can read the answer."
	case j.isPreflight():
		return j.server() + " refuses the preflight with status " + strconv.Itoa(status) + "."
	}
	return j.server() + " refuses the request with status " + strconv.Itoa(status) + "."
}

// summaryOfGrant says by what the request is granted, and what is odd about it.
func (j *judge) summaryOfGrant(e *Explanation) string {
	t := &j.rules[j.decision.Rule()]
	by := t.rule.AllowedOrigins[t.by]
	text := j.server() + " grants the request by rule " + itoa(t.index) + " (" + by + ")"
	if by == "*" && len(t.rule.AllowedOrigins) > 1 {
		text += "; beside \"*\" the other origins of the rule have no effect"
	}
	text += "."
	if age := t.rule.MaxAgeSeconds; age != nil && *age == 0 {
		text += " MaxAgeSeconds 0 makes the browser ask again before each request."
	}
	if exposed := j.decision.ExposeHeaders(); exposed != "" {
		text += " It exposes " + exposed + "."
	}
	for _, r := range e.Reasons {
		if r.Code != GrantedLookElsewhere {
			text += " " + r.Text
			break
		}
	}
	if len(e.Fixes) > 0 {
		return text + " Fix: " + lowerFirst(e.Fixes[0].Text)
	}
	return text + lookFirst(e.Elsewhere)
}

// lookFirst says what to look at first where CORS allows the request.
func lookFirst(hints []Hint) string {
	if len(hints) == 0 {
		return ""
	}
	codes := make([]string, min(len(hints), 3))
	for i := range codes {
		codes[i] = string(hints[i].Code)
	}
	return " If the browser blocks it all the same, look elsewhere: " + strings.Join(codes, ", ") +
		"; and whether the bucket has this configuration."
}

// whyNoFix says why no change of the configuration grants the request.
func (j *judge) whyNoFix() string {
	const none = "No change of the configuration grants it: "
	switch j.decision.Outcome() {
	case s3cors.NoMatch, s3cors.NotEnabled:
		if !slices.Contains(listable, j.method) {
			return none + "no rule can list the method."
		}
		return "The configuration has no room for what it would need: remove rules or values first."
	case s3cors.NoBucket:
		return none + "no bucket is addressed that has one."
	}
	return none + "the request itself has to change."
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// String returns the outcome and the summary on one line. What does not print is
// escaped.
func (e *Explanation) String() string { return printable.String(e.Outcome + ": " + e.Summary) }
