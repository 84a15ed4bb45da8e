package explain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
)

// correctOrigin puts the nearest entry right.
func (d *draft) correctOrigin(t *ruleTrace) {
	before, repaired := t.rule.AllowedOrigins, t.differs.repaired
	after := slices.Replace(slices.Clone(before), t.near, t.near+1, repaired...)
	d.set("AllowedOrigins", after)
	d.corrects = true
	d.opens += opensOrigin
	verb := "replace %s by %s in AllowedOrigins of rule %d"
	if len(repaired) > 1 {
		verb = "split %s into %s in AllowedOrigins of rule %d"
	}
	d.edits = append(d.edits, fmt.Sprintf(verb, strconv.Quote(before[t.near]), quoted(repaired), t.index))
}

func (d *draft) addOrigin(t *ruleTrace, entry string) {
	d.set("AllowedOrigins", append(slices.Clone(t.rule.AllowedOrigins), entry))
	d.values++
	d.opens += opensOrigin
	d.edits = append(d.edits, fmt.Sprintf("add %s to AllowedOrigins of rule %d", strconv.Quote(entry), t.index))
}

func (d *draft) addMethod(t *ruleTrace, method string) {
	d.set("AllowedMethods", append(slices.Clone(t.rule.AllowedMethods), method))
	d.values++
	d.opens += opensMethod
	d.edits = append(d.edits, fmt.Sprintf("add %q to AllowedMethods of rule %d", method, t.index))
}

// warnOfMethod notes that a method is added to a rule for more origins than asked;
// entry is the one that admits the origin.
func (d *draft) warnOfMethod(entry, method, origin string) {
	before := d.config.CORSRules[d.rule].AllowedMethods
	before = before[:len(before)-1]
	harmless := method == "HEAD" && slices.Contains(before, "GET")
	switch {
	case harmless:
		d.opens -= opensMethod // who may GET learns nothing by HEAD
		return
	case entry == "*" && isReadOnly(before) && method != "GET":
		d.opens += opensMethodToAll - opensMethod
	case strings.Contains(entry, "*"):
		d.opens += opensMethodToPattern - opensMethod
	}
	if d.opens >= opensMethodToAll {
		d.notes = append(d.notes, fmt.Sprintf("This allows %s to the pages of every origin; a rule of its own for %s allows less.", method, strconv.Quote(origin)))
	}
}

// isReadOnly reports whether methods change nothing in a bucket.
func isReadOnly(methods []string) bool {
	return !slices.ContainsFunc(methods, func(method string) bool { return method != "GET" && method != "HEAD" })
}

func (d *draft) addNames(t *ruleTrace, entries, missing []string) {
	d.set("AllowedHeaders", append(slices.Clone(t.rule.AllowedHeaders), entries...))
	d.values += len(entries)
	text := fmt.Sprintf("add %s to AllowedHeaders of rule %d", quoted(entries), t.index)
	d.edits = append(d.edits, text)
	switch response := responseNames(missing); {
	case len(response) > 0:
		d.notes = append(d.notes, fmt.Sprintf("Better, remove %s from the request: that is a header of responses, which no page needs to send.", quoted(response)))
	case len(missing) > 1:
		d.notes = append(d.notes, `An AllowedHeaders of "*" admits these names and all others.`)
	}
}

// quoted returns values in quotes, joined for a sentence.
func quoted(values []string) string {
	all := make([]string, len(values))
	for i := range values {
		all[i] = strconv.Quote(values[i])
	}
	return joinAnd(all)
}

// responseNames returns those names that belong to responses.
func responseNames(names []string) []string {
	var some []string
	for _, name := range names {
		if strings.HasPrefix(name, "access-control-") && !strings.HasPrefix(name, "access-control-request-") {
			some = append(some, name)
		}
	}
	return some
}

// sharers is how many names with the prefix x-amz- are listed by one pattern.
const sharers = 3

// entriesFor returns the entries of AllowedHeaders that admit names: the names, and
// "x-amz-*" where three or more of them begin so.
func (j *judge) entriesFor(names []string) []string {
	const prefix = "x-amz-"
	amz := 0
	for _, name := range names {
		if strings.HasPrefix(name, prefix) {
			amz++
		}
	}
	var entries []string
	for _, name := range names {
		entry := j.listable(name)
		if amz >= sharers && strings.HasPrefix(name, prefix) {
			entry = prefix + "*"
		}
		if !slices.Contains(entries, entry) {
			entries = append(entries, entry)
		}
	}
	return entries
}

// listable returns the narrowest entry that admits a value. It is the value itself,
// unless it holds what no entry can: then it is a pattern with what stands before that.
func (j *judge) listable(value string) string {
	end := strings.IndexFunc(value, unfit)
	if first := strings.Index(value, "*"); first >= 0 && (end < 0 || first < end) {
		withBlank := !j.quirks.ChecksValues && strings.ContainsAny(value, " \t")
		if end >= 0 || withBlank || strings.Count(value, "*") > 1 {
			end = first // an entry may have one star
		}
	}
	if value == "" && !j.quirks.ChecksValues { // ceph-5/empty-values
		return "*"
	}
	if end < 0 {
		return value
	}
	head := value[:end]
	if !j.quirks.ChecksValues { // ceph-5/star-with-blank
		head, _, _ = strings.Cut(strings.ReplaceAll(head, "\t", " "), " ")
	}
	return head + "*"
}

// unfit reports whether a character is one that XML cannot carry (XML 1.0, Char).
func unfit(r rune) bool {
	return r == utf8.RuneError || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

// append drafts a rule for this request alone, behind all others.
func (j *judge) append() *draft {
	rule := s3cors.Rule{AllowedOrigins: []string{j.listable(j.Request.Origin)}, AllowedMethods: []string{j.method}}
	if len(j.names) > 0 {
		rule.AllowedHeaders = j.entriesFor(j.names)
	}
	j.exposeRead(&rule)
	d := j.insert(len(j.config.CORSRules), rule)
	if len(j.config.CORSRules) == 0 {
		d.edits = []string{"give the bucket a configuration with " + describe(rule)}
	} else {
		d.edits = []string{"add " + describe(rule)}
	}
	return d
}

// before drafts a copy of a rule for this origin alone, which lists the method and
// admits the names, in front of the rule.
func (j *judge) before(t *ruleTrace) *draft {
	rule := clonedRule(*t.rule)
	rule.ID, rule.AllowedOrigins = nil, []string{j.listable(j.Request.Origin)}
	if !t.lists {
		rule.AllowedMethods = append(rule.AllowedMethods, j.method)
	}
	rule.AllowedHeaders = append(rule.AllowedHeaders, j.entriesFor(t.missing)...)
	j.exposeRead(&rule)
	d := j.insert(t.index, rule)
	d.edits = []string{fmt.Sprintf("put before rule %d %s", t.index, describe(rule))}
	return d
}

// describe says what a rule grants.
func describe(rule s3cors.Rule) string {
	text := fmt.Sprintf("a rule that allows %s to %s", joinAnd(rule.AllowedMethods), quoted(rule.AllowedOrigins))
	if len(rule.AllowedHeaders) > 0 {
		text += " with the request headers " + quoted(rule.AllowedHeaders)
	}
	return text
}
