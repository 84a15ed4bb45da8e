package explain

import (
	"slices"
	"strconv"

	"github.com/s3cors/s3cors"
)

// An Operation is one step of a JSON Patch (RFC 6902).
type Operation struct {
	// Op is "add" or "replace".
	Op string `json:"op"`
	// Path is a JSON Pointer (RFC 6901) into the configuration as an object with the
	// member CORSRules, where empty lists are left out.
	Path string `json:"path"`
	// Value is a string, a []string or an s3cors.Rule.
	Value any `json:"value"`
}

// A draft is a change of the configuration that is being made.
type draft struct {
	config   *s3cors.Configuration // as it will be
	rule     int                   // the rule that is changed; -1 for a new one
	patch    []Operation
	edits    []string // what is done, in words, one for each list or rule
	corrects bool     // an entry that no browser could meet is put right
	opens    int      // how much more is allowed; see the constants
	values   int      // how many values are added
	nearness nearness
	last     bool     // it is of use only if no other draft holds
	notes    []string // what else to know, in sentences
}

// How much an edit opens, from little to much. The name of a request header guards
// next to nothing, an origin gets what its rule has, and a method for everybody is the
// most.
const (
	opensNames = iota
	opensMethod
	opensOrigin
	opensMethodToPattern
	opensMethodToAll
)

// edit begins a draft that changes a rule. Like every draft it shares lists with the
// configuration, and replaces those that it changes.
func (j *judge) edit(rule int) *draft {
	return &draft{config: &s3cors.Configuration{CORSRules: slices.Clone(j.config.CORSRules)}, rule: rule}
}

// listNames are the lists of a rule, by their names in JSON.
var listNames = []string{"AllowedOrigins", "AllowedMethods", "AllowedHeaders", "ExposeHeaders"}

// list returns a list of a rule by its name in JSON.
func list(rule *s3cors.Rule, name string) *[]string {
	switch name {
	case "AllowedOrigins":
		return &rule.AllowedOrigins
	case "AllowedMethods":
		return &rule.AllowedMethods
	case "AllowedHeaders":
		return &rule.AllowedHeaders
	default:
		return &rule.ExposeHeaders
	}
}

// set makes a list of the rule hold other values, by the smallest operation that does.
func (d *draft) set(name string, after []string) {
	values := list(&d.config.CORSRules[d.rule], name)
	before := *values
	*values = after
	path := "/CORSRules/" + strconv.Itoa(d.rule) + "/" + name
	d.patch = append(d.patch, change(path, before, after))
}

// change is the operation that turns one list into another.
func change(path string, before, after []string) Operation {
	n := len(before)
	switch {
	case n == 0:
		return Operation{"add", path, after}
	case len(after) == n+1 && slices.Equal(after[:n], before):
		return Operation{"add", path + "/-", after[n]}
	case len(after) != n:
		return Operation{"replace", path, after}
	}
	differs := -1
	for i := range after {
		if after[i] != before[i] {
			if differs >= 0 {
				return Operation{"replace", path, after}
			}
			differs = i
		}
	}
	return Operation{"replace", path + "/" + strconv.Itoa(max(differs, 0)), after[max(differs, 0)]}
}

// insert begins a draft that puts a new rule at an index.
func (j *judge) insert(index int, rule s3cors.Rule) *draft {
	d := j.edit(-1)
	at := strconv.Itoa(index)
	if index == len(d.config.CORSRules) {
		at = "-"
	}
	d.config.CORSRules = slices.Insert(d.config.CORSRules, index, rule)
	d.patch = []Operation{{"add", "/CORSRules/" + at, clonedRule(rule)}}
	return d
}

// cloned returns a configuration that shares nothing with c.
func cloned(c *s3cors.Configuration) *s3cors.Configuration {
	copied := &s3cors.Configuration{CORSRules: slices.Clone(c.CORSRules)}
	for i := range copied.CORSRules {
		copied.CORSRules[i] = clonedRule(copied.CORSRules[i])
	}
	return copied
}

func clonedRule(rule s3cors.Rule) s3cors.Rule {
	for _, name := range listNames {
		values := list(&rule, name)
		*values = slices.Clone(*values)
	}
	if rule.ID != nil {
		id := *rule.ID
		rule.ID = &id
	}
	if rule.MaxAgeSeconds != nil {
		seconds := *rule.MaxAgeSeconds
		rule.MaxAgeSeconds = &seconds
	}
	return rule
}
