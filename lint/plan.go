package lint

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// A plan is what some patches together do to a configuration, by the indexes that it
// had before.
type plan struct {
	lists map[listKey]*listPlan
	rules []int // those that go
}

// A listKey names a list of a rule.
type listKey struct {
	rule   int
	member string
}

// A listPlan is what becomes of a list.
type listPlan struct {
	values []string         // what it holds
	put    map[int][]string // what stands in the place of a value: nothing, if it goes
	added  []string         // what comes at its end
}

// planOf reads the patches of findings. Where two of them are about one value, it
// goes if it goes in one, and else the first counts. A patch that would leave a
// rule without an origin or a method is left out.
func planOf(c *s3cors.Configuration, findings []Finding) *plan {
	p := &plan{lists: make(map[listKey]*listPlan)}
	for _, f := range findings {
		p.patch(c, f.Patch)
	}
	for key, l := range p.lists {
		if needed := key.member == "AllowedOrigins" || key.member == "AllowedMethods"; needed && len(l.result()) == 0 {
			delete(p.lists, key)
		}
	}
	if len(p.rules) == len(c.CORSRules) {
		p.rules = nil
	}
	return p
}

// isEmpty reports whether nothing is to be done.
func (p *plan) isEmpty() bool { return len(p.lists) == 0 && len(p.rules) == 0 }

// patch adds the patch of one finding. Its operations are those that this package
// makes: they change one value, take one out, or add some.
func (p *plan) patch(c *s3cors.Configuration, patch []Operation) {
	for n, op := range patch {
		parts := strings.Split(strings.TrimPrefix(op.Path, "/CORSRules/"), "/")
		rule, _ := strconv.Atoi(parts[0])
		if len(parts) == 1 {
			p.rules = append(p.rules, rule)
			continue
		}
		l := p.list(c, listKey{rule, parts[1]})
		if len(parts) == 2 { // a list that was not there
			l.add(op.Value.([]string)...)
			continue
		}
		index, _ := strconv.Atoi(parts[2])
		switch {
		case op.Op == "remove":
			l.put[index] = nil
		case op.Op == "replace":
			l.replace(index, op.Value.(string))
		case n == 0:
			l.add(op.Value.(string))
		default: // further values for the one that the patch replaces
			l.more(index-n, op.Value.(string))
		}
	}
}

func (p *plan) list(c *s3cors.Configuration, key listKey) *listPlan {
	l, ok := p.lists[key]
	if !ok {
		l = &listPlan{values: list(&c.CORSRules[key.rule], key.member), put: make(map[int][]string)}
		p.lists[key] = l
	}
	return l
}

func (l *listPlan) replace(index int, value string) {
	if _, ok := l.put[index]; !ok {
		l.put[index] = []string{value}
	}
}

func (l *listPlan) more(index int, value string) {
	if values := l.put[index]; values != nil && !slices.Contains(values, value) {
		l.put[index] = append(values, value)
	}
}

func (l *listPlan) add(values ...string) {
	for _, value := range values {
		if !slices.Contains(l.added, value) {
			l.added = append(l.added, value)
		}
	}
}

// result returns the list as it becomes.
func (l *listPlan) result() []string {
	var values []string
	for i, value := range l.values {
		if put, ok := l.put[i]; ok {
			values = append(values, put...)
		} else {
			values = append(values, value)
		}
	}
	return append(values, l.added...)
}

// apply returns the configuration as it becomes. It shares nothing that it changes
// with c.
func (p *plan) apply(c *s3cors.Configuration) *s3cors.Configuration {
	changed := &s3cors.Configuration{CORSRules: slices.Clone(c.CORSRules)}
	for key, l := range p.lists {
		rule := &changed.CORSRules[key.rule]
		switch values := l.result(); key.member {
		case "AllowedOrigins":
			rule.AllowedOrigins = values
		case "AllowedMethods":
			rule.AllowedMethods = values
		case "AllowedHeaders":
			rule.AllowedHeaders = values
		default:
			rule.ExposeHeaders = values
		}
	}
	kept := changed.CORSRules[:0]
	for k, rule := range changed.CORSRules {
		if !slices.Contains(p.rules, k) {
			kept = append(kept, rule)
		}
	}
	changed.CORSRules = kept
	return changed
}
