package lint

import (
	"fmt"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/reach"
)

// dead finds what no request can show, and rules that hide parts of later ones.
func (r *reporter) dead() {
	rules := r.config.CORSRules
	for k := range rules {
		r.deadEntries(k, "AllowedOrigins", rules[k].AllowedOrigins, origins(&rules[k]))
		r.deadEntries(k, "AllowedHeaders", rules[k].AllowedHeaders, headers(&rules[k]))
	}
	s := r.shadows()
	for k := 1; k < len(rules); k++ {
		s.look(k)
	}
}

// deadEntries finds the values of a list that another one of it admits whole. A rule
// with "*" answers "*" whatever else it lists (5.1/allow-origin-star), and any
// other entry has the origin itself sent, so that the answer is the same without.
func (r *reporter) deadEntries(k int, member string, values []string, patterns []reach.Pattern) {
	cover := reach.CoverOf(patterns)
	for i, p := range patterns {
		j, covered := cover.OfEntry(i, p)
		if !covered {
			continue
		}
		at := inRule(k, "%s[%d]", member, i)
		if patterns[j] == p {
			r.find(DuplicateEntry, at, quote(values[i])+" is there twice", "take one out", r.remove(k, member, i)...)
			continue
		}
		r.find(DeadEntry, at, fmt.Sprintf("%s has no effect beside %s, which admits it", quote(values[i]), quote(values[j])), r.whichOne(member, values[j]), r.removeUnlessOpen(k, member, i, j)...)
	}
}

// removeUnlessOpen takes out an entry that a wider one admits, unless the wider one opens
// the bucket to more than was probably meant: then that should go, and a person has to
// say so.
func (r *reporter) removeUnlessOpen(k int, member string, i, wider int) []Operation {
	at := inRule(k, "%s[%d]", member, wider).String()
	if slices.ContainsFunc(r.findings, func(f Finding) bool { return f.Path == at && f.Code.Severity() == Security }) {
		return nil
	}
	return r.remove(k, member, i)
}

// whichOne says which of two entries to take out.
func (r *reporter) whichOne(member, wider string) string {
	if member == "AllowedOrigins" && wider == "*" {
		return "take it out, or take the star out if only these origins are meant"
	}
	return "take it out, or the wider one if that is not meant"
}

// A shadower compares each rule with those before it.
type shadower struct {
	*reporter
	origins []*reach.Cover
	headers []*reach.Cover
	lists   [][]reach.Pattern
	within  map[[2]int]bool // whether the headers of one rule are all within those of another
	budget  int             // comparisons that are left
}

// budget bounds the work of comparing rules with each other: it is enough for 100
// rules of 64 KiB. Beyond it nothing is found.
const budget = 1 << 22

func (r *reporter) shadows() *shadower {
	s := &shadower{reporter: r, budget: budget, within: make(map[[2]int]bool)}
	for k := range r.config.CORSRules {
		rule := &r.config.CORSRules[k]
		s.lists = append(s.lists, headers(rule))
		s.origins = append(s.origins, reach.CoverOf(origins(rule)))
		s.headers = append(s.headers, reach.CoverOf(s.lists[k]))
	}
	return s
}

// look finds what rules before rule k leave of it.
func (s *shadower) look(k int) {
	rule := &s.config.CORSRules[k]
	methods := unique(rule.AllowedMethods)
	hidden := len(rule.AllowedOrigins) > 0 && len(methods) > 0 // S3 refuses it otherwise
	var by []int
	for i, origin := range rule.AllowedOrigins {
		for _, method := range methods {
			whole, part := s.earlier(k, reach.PatternOf(origin), method)
			hidden = hidden && whole != none
			if whole != none && !slices.Contains(by, whole) {
				by = append(by, whole)
			}
			if part != none {
				s.partly(inRule(k, "AllowedOrigins[%d]", i), origin, method, part)
			}
		}
	}
	if hidden {
		s.findings = slices.DeleteFunc(s.findings, func(f Finding) bool { return f.Code == PartlyShadowed && f.Rule == k })
		s.find(DeadRule, spot{rule: k}, fmt.Sprintf("no request reaches %s: all that it admits is admitted before, by %s", spot{rule: k}, s.names(by)),
			"take it out, or put it first", Operation{Op: "remove", Path: fmt.Sprintf("/CORSRules/%d", k)})
		return
	}
	s.split(k)
}

// names lists rules.
func (s *shadower) names(rules []int) string {
	slices.Sort(rules)
	var names []string
	for _, k := range rules {
		names = append(names, spot{rule: k}.String())
	}
	return and(names)
}

// unique returns the values of a list, each once, in its order.
func unique(list []string) []string {
	var once []string
	for _, value := range list {
		if !slices.Contains(once, value) {
			once = append(once, value)
		}
		if len(once) > 8 { // more than there are methods: S3 refuses the rule
			break
		}
	}
	return once
}

// earlier returns a rule before rule k that answers every request of an origin with a
// method, as far as rule k could answer it, and the first that answers those
// without requested headers; none if there is none.
func (s *shadower) earlier(k int, origin reach.Pattern, method string) (whole, part int) {
	part = none
	byOrigin := s.opts.Dialect == s3cors.Ceph // ceph-2/rule-by-origin
	for i := range k {
		has := slices.Contains(s.config.CORSRules[i].AllowedMethods, method)
		if !byOrigin && !has || !s.admits(i, origin) {
			continue
		}
		if part == none && has {
			part = i
		}
		if byOrigin || s.headersWithin(k, i) {
			return i, part
		}
	}
	return none, part
}

// admits reports whether an entry of rule i admits all of an origin's pattern.
func (s *shadower) admits(i int, origin reach.Pattern) bool {
	if s.budget -= s.origins[i].Cost(); s.budget < 0 {
		return false
	}
	_, ok := s.origins[i].Of(origin)
	return ok
}

// headersWithin reports whether rule i admits every list of names that rule k admits.
func (s *shadower) headersWithin(k, i int) bool {
	pair := [2]int{k, i}
	if known, ok := s.within[pair]; ok {
		return known
	}
	if s.budget -= len(s.lists[k]) * s.headers[i].Cost(); s.budget < 0 {
		return false
	}
	s.within[pair] = s.headers[i].All(s.lists[k])
	return s.within[pair]
}

// partly notes, once a rule, that an earlier rule answers requests without requested
// headers, and exposes less.
func (s *shadower) partly(at spot, origin, method string, by int) {
	before := &s.config.CORSRules[by]
	lost := slices.DeleteFunc(slices.Clone(s.config.CORSRules[at.rule].ExposeHeaders), func(name string) bool { return name == "" || exposes(before, name) })
	told := slices.ContainsFunc(s.findings, func(f Finding) bool { return f.Code == PartlyShadowed && f.Rule == at.rule })
	if len(lost) == 0 || told {
		return
	}
	s.find(PartlyShadowed, at, fmt.Sprintf("%s of %s is answered by %s, which comes first and does not expose %s", method, quote(origin), spot{rule: by}, quote(lost[0])),
		"expose the headers there as well, or put this rule first")
}

// split notes a rule that shares an origin with an earlier one and adds methods: some
// servers choose the rule by its origin alone.
func (s *shadower) split(k int) {
	rule := &s.config.CORSRules[k]
	for i := range k {
		adds := func(method string) bool { return !slices.Contains(s.config.CORSRules[i].AllowedMethods, method) }
		if !slices.ContainsFunc(unique(rule.AllowedMethods), adds) {
			continue
		}
		for j, origin := range rule.AllowedOrigins {
			if s.admits(i, reach.PatternOf(origin)) {
				s.find(SplitMethods, inRule(k, "AllowedOrigins[%d]", j), fmt.Sprintf("%s admits %s as well, with other methods: Ceph up to 20.2, SeaweedFS and moto look no further than the first rule that admits the origin", spot{rule: i}, quote(origin)),
					"put the methods of one origin into one rule")
				return
			}
		}
	}
}
