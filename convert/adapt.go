package convert

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors"
)

// An adapter makes of a configuration one that a format can have, and tells what that
// costs. What it leaves is printed without further loss.
type adapter struct {
	rules  []s3cors.Rule
	losses []Remark
	notes  []Remark
	o      WriteOptions
}

func newAdapter(c *s3cors.Configuration, o WriteOptions) *adapter {
	a := &adapter{o: o}
	for _, rule := range c.CORSRules {
		for _, l := range lists(&rule) {
			*l.values = slices.Clone(*l.values)
		}
		a.rules = append(a.rules, rule)
	}
	return a
}

func (a *adapter) lose(path, value, format string, args ...any) {
	a.losses = append(a.losses, remark(path, value, format, args...))
}

func (a *adapter) note(path, value, format string, args ...any) {
	a.notes = append(a.notes, remark(path, value, format, args...))
}

// each calls f with each rule and its index.
func (a *adapter) each(f func(i int, rule *s3cors.Rule)) {
	for i := range a.rules {
		f(i, &a.rules[i])
	}
}

// keep leaves out the values of a list that the format cannot have; why says why, or
// "" for a value that it can have.
func (a *adapter) keep(i int, member string, values *[]string, why func(value string) string) {
	var kept []string
	for j, value := range *values {
		if reason := why(value); reason != "" {
			a.lose(valuePath(i, member, j), value, "%s", reason)
			continue
		}
		kept = append(kept, value)
	}
	*values = kept
}

// age bounds MaxAgeSeconds.
func (a *adapter) age(i int, rule *s3cors.Rule, system string, least, most int64) {
	age := rule.MaxAgeSeconds
	if age == nil || least <= *age && *age <= most {
		return
	}
	nearest := min(max(*age, least), most)
	a.lose(memberPath(i, memberMaxAgeSeconds), strconv.FormatInt(*age, 10), "%s takes %d to %d: it is %d there", system, least, most, nearest)
	rule.MaxAgeSeconds = &nearest
}

// listable leaves out methods that a system does not know.
func (a *adapter) listable(i int, rule *s3cors.Rule, system string) {
	a.keep(i, memberAllowedMethods, &rule.AllowedMethods, func(method string) string {
		if slices.Contains(methods, method) {
			return ""
		}
		return system + " takes GET, PUT, POST, DELETE and HEAD only"
	})
}

// shortID leaves out an ID that is longer than a system takes.
func (a *adapter) shortID(i int, rule *s3cors.Rule, system string) {
	const most = 255
	if rule.ID != nil && utf8.RuneCountInString(*rule.ID) > most {
		a.lose(memberPath(i, memberID), *rule.ID, "%s takes %d characters at most", system, most)
		rule.ID = nil
	}
}

// dropEmptyRules leaves out the rules that have lost all their origins, or all their
// methods. A rule that had none is printed: S3 would refuse it, and says so.
func (a *adapter) dropEmptyRules() {
	lost := make(map[string]bool)
	for _, l := range a.losses {
		rule, rest, _ := strings.Cut(l.Path, "].")
		if strings.HasPrefix(rest, memberAllowedOrigins) || strings.HasPrefix(rest, memberAllowedMethods) {
			lost[rule+"]"] = true
		}
	}
	var rules []s3cors.Rule
	for i, rule := range a.rules {
		empty := len(rule.AllowedOrigins) == 0 || len(rule.AllowedMethods) == 0
		if empty && lost[rulePath(i)] {
			a.lose(rulePath(i), "", "no origin, or no method, is left of this rule: it is left out")
			a.notes = slices.DeleteFunc(a.notes, func(n Remark) bool { return strings.HasPrefix(n.Path, rulePath(i)+".") })
			continue
		}
		rules = append(rules, rule)
	}
	a.rules = rules
}

func (a *adapter) asItIs() {}
