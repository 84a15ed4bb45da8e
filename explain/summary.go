package explain

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/printable"
)

// summary says the most telling in a sentence or two: what happens to the request, which
// is the headline, why, and what helps; or why nothing in the configuration does.
func (j *judge) summary(e *Explanation) (headline, summary string) {
	headline = j.verdict()
	parts := append([]string{headline}, j.telling(e)...)
	switch {
	case len(e.Fixes) > 0:
		parts = append(parts, "Fix: "+lowerFirst(e.Fixes[0].Text))
	case j.isRefused():
		if j.decision.Outcome() == s3cors.Granted {
			parts = append(parts, "What can be read of it would grant the request.")
		}
	case j.decision.Outcome() == s3cors.Granted:
		if len(e.Elsewhere) > 0 {
			parts = append(parts, lookFirst(e.Elsewhere))
		}
	case j.decision.Outcome() != s3cors.NotCORS:
		none := j.whyNoFix()
		parts, headline = append(parts, none), headline+" "+none
	}
	return headline, strings.Join(parts, " ")
}

// telling returns the texts of the reasons that the summary repeats: the first, and
// what else is told of the same rule.
func (j *judge) telling(e *Explanation) []string {
	var texts []string
	for _, r := range e.Reasons {
		first := e.Reasons[0]
		switch {
		case j.isRefused(): // the first of the document, and the first of the request
			if len(texts) == 0 || r.Code != DocumentRefused {
				texts = append(texts, r.Text)
			}
			if r.Code != DocumentRefused {
				return texts
			}
		case r.Code == GrantedLookElsewhere:
		case j.decision.Outcome() == s3cors.Granted:
			return append(texts, r.Text)
		case r.Rule == first.Rule && (r.Rule >= 0 || r.Code == first.Code):
			texts = append(texts, r.Text)
		}
	}
	return texts
}

// verdict says what happens to the request.
func (j *judge) verdict() string {
	status := j.decision.Status()
	switch {
	case j.isRefused():
		return j.server() + " refuses this configuration with " + j.problems[0].S3.Code +
			", so the bucket keeps the one that it had, or none: correct it first."
	case j.decision.Outcome() == s3cors.Granted:
		return j.grant()
	case j.decision.Outcome() == s3cors.NotCORS:
		return j.server() + " adds no CORS headers."
	case status == 0:
		return j.server() + " serves the request without CORS headers, so no page can read the answer."
	case j.isPreflight():
		return j.server() + " refuses the preflight with status " + strconv.Itoa(status) + "."
	}
	return j.server() + " refuses the request with status " + strconv.Itoa(status) + "."
}

// grant says by what the request is granted, and what is odd about it.
func (j *judge) grant() string {
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
	switch v := j.browser; {
	case v == nil || v.failure == nil:
	case v.failure.Preflight:
		text += " But the preflight of the page's request fails, so the browser does not send it."
	default:
		text += " But the browser does not let the page read the answer."
	}
	return text
}

// lookFirst says what to look at first where CORS allows the request.
func lookFirst(hints []Hint) string {
	codes := make([]string, min(len(hints), 3))
	for i := range codes {
		codes[i] = string(hints[i].Code)
	}
	return "If the browser blocks it all the same, look elsewhere: " + strings.Join(codes, ", ") +
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
