package diff

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/reach"
)

// An answer is what a browser learns from a decision.
type answer struct {
	granted     bool
	refusal     string // status and code of what is refused
	exposed     []string
	credentials bool
	age         string
}

func answerOf(d s3cors.Decision) answer {
	a := answer{granted: d.Outcome() == s3cors.Granted, credentials: d.AllowCredentials() != "", age: d.MaxAge()}
	if refusal := d.Refusal(); refusal != nil {
		a.refusal = fmt.Sprintf("%d %s", refusal.Status, refusal.Code)
	}
	for name := range strings.SplitSeq(d.ExposeHeaders(), ",") {
		if name = strings.TrimSpace(name); name != "" && !slices.ContainsFunc(a.exposed, func(other string) bool { return strings.EqualFold(other, name) }) {
			a.exposed = append(a.exposed, name)
		}
	}
	return a
}

// differences compares the answers to one request, and tells what differs for all
// origins that it stands for.
func (c *comparer) differences(origins []reach.Sample, method string, list headerList, r s3cors.Request) {
	was, is := answerOf(c.policies[0].Evaluate(r)), answerOf(c.policies[1].Evaluate(r))
	for _, origin := range origins {
		tell := func(kind Kind, header, before, after string) {
			c.tell(Change{Kind: kind, Origin: origin.Entry, Method: method, Header: header, Text: before + method + after,
				before: before, after: after, detail: fmt.Sprint(is.refusal, was.refusal, is.age, was.age, is.credentials)})
		}
		who, with := c.who(origin.Entry), ""
		if list.shown != "" {
			with = " with " + shownNames(list.shown)
		}
		switch {
		case !was.granted && is.granted:
			tell(Grants, list.shown, "now also grants ", " to "+who+with)
		case was.granted && !is.granted:
			tell(Revokes, list.shown, "no longer grants ", " to "+who+with)
		case !was.granted && was.refusal != is.refusal:
			tell(Status, "", "refuses ", fmt.Sprintf(" to %s%s by %s in place of %s", who, with, is.refusal, was.refusal))
		case was.granted:
			granted(was, is, who+" for ", with, tell)
		}
	}
}

// shownNames is a list of names in a sentence. A star alone stands for names that no
// entry but "*" admits.
func shownNames(list string) string {
	names := strings.Split(list, ", ")
	for i := range names {
		if names[i] == "*" {
			names[i] = "other headers"
		}
	}
	return strings.Join(names, ", ")
}

// granted compares the answers to a request that both grant.
func granted(was, is answer, whom, with string, tell func(kind Kind, header, before, after string)) {
	for _, name := range lacking(is.exposed, was.exposed) {
		tell(Exposes, name, fmt.Sprintf("now exposes %s to %s", name, whom), with)
	}
	for _, name := range lacking(was.exposed, is.exposed) {
		tell(Hides, name, fmt.Sprintf("no longer exposes %s to %s", name, whom), with)
	}
	switch {
	case !was.credentials && is.credentials:
		tell(Credentials, "", "now admits credentials of "+whom, with)
	case was.credentials && !is.credentials:
		tell(Credentials, "", "no longer admits credentials of "+whom, with)
	}
	if was.age != is.age {
		tell(MaxAge, "", "browsers keep the preflight of "+whom, fmt.Sprintf("%s %s, and kept it %s", with, seconds(is.age), seconds(was.age)))
	}
}

// lacking returns those of names that others do not have.
func lacking(names, others []string) []string {
	var found []string
	for _, name := range names {
		if !slices.ContainsFunc(others, func(other string) bool { return strings.EqualFold(other, name) }) {
			found = append(found, name)
		}
	}
	return found
}

func seconds(age string) string {
	if age == "" {
		return "as long as they please"
	}
	return "for " + age + " s"
}

// who names an origin in a sentence.
func (c *comparer) who(origin string) string {
	switch {
	case origin != "*":
		return origin
	case c.onlyStar():
		return "every origin"
	}
	return "every other origin"
}

// onlyStar reports whether the configurations list no origin but "*".
func (c *comparer) onlyStar() bool {
	for _, rule := range c.rules {
		if slices.ContainsFunc(rule.AllowedOrigins, func(origin string) bool { return origin != "*" }) {
			return false
		}
	}
	return true
}

// tell notes a change, once.
func (c *comparer) tell(change Change) {
	switch {
	case c.told[change]:
		return
	case len(c.told) == mostChanges:
		c.full = true
		return
	}
	c.told[change] = true
	c.report.Changes = append(c.report.Changes, change)
}

// reduce leaves out changes that others imply: those for a wider pattern of origins, and
// those of what is granted or revoked with fewer header names.
func reduce(changes []Change) []Change {
	kept := []Change{}
	for i, change := range changes {
		implied := slices.ContainsFunc(changes[:i], change.impliedBy) ||
			slices.ContainsFunc(changes[i+1:], func(other Change) bool { return change.impliedBy(other) && !other.impliedBy(change) })
		if !implied {
			kept = append(kept, change)
		}
	}
	return kept
}

// impliedBy reports whether another change tells all that this one does.
func (c Change) impliedBy(other Change) bool {
	return c.Kind == other.Kind && c.Method == other.Method && c.sameBut(other) &&
		reach.PatternOf(c.Origin).Within(reach.PatternOf(other.Origin))
}

// sameBut reports whether two changes of a kind are about the same header, or one with
// more names. Those of max-age are the same if their texts end alike.
func (c Change) sameBut(other Change) bool {
	switch c.Kind {
	case Grants, Revokes:
		names := strings.Split(c.Header, ", ")
		return other.Header == "" || !slices.ContainsFunc(strings.Split(other.Header, ", "), func(name string) bool { return !slices.Contains(names, name) })
	case MaxAge, Status, Credentials:
		return c.detail == other.detail
	}
	return c.Header == other.Header
}
