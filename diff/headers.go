package diff

import (
	"strings"

	"github.com/s3cors/s3cors/internal/reach"
)

// A headerList is a list of names that a page asks for: one that stands for all that
// the same rules admit.
type headerList struct {
	value string // of Access-Control-Request-Headers
	shown string // the same, with patterns for what stands for many
	key   string // which rules admit all of it
}

// headerLists returns a list for every set of rules that some list of names can be
// admitted by: the empty one, one for each kind of name, and what comes of putting
// lists together.
func (c *comparer) headerLists() []headerList {
	none := headerList{key: strings.Repeat("\x03", len(c.rules))}
	lists := []headerList{none}
	seen := map[string]bool{none.key: true}
	names := c.names()
	for i := 0; i < len(lists); i++ {
		for _, name := range names {
			joined, ok := join(lists[i], name)
			if !ok || seen[joined.key] {
				continue
			}
			if len(lists) == mostLists {
				c.report.omit("headers", "there are too many combinations of header names to compare all")
				return lists
			}
			seen[joined.key] = true
			lists = append(lists, joined)
		}
	}
	return lists
}

// separators stand between names, for Amazon or for Ceph, and so in none of them
// (4.3/one-rule, ceph-1/name-separators).
const separators = ",;= \t"

// names returns a list of one name for each kind of name.
func (c *comparer) names() []headerList {
	var patterns []reach.Pattern
	for _, rule := range c.rules {
		for _, header := range rule.AllowedHeaders {
			patterns = append(patterns, reach.HeaderPatternOf(header))
		}
	}
	samples, complete := reach.Samples(patterns, letters)
	if !complete {
		c.report.omit("headers", "there are too many patterns of headers to compare all that they have in common")
	}
	var names []headerList
	seen := make(map[string]bool)
	for _, sample := range samples {
		if strings.ContainsAny(sample.Text, separators) {
			continue
		}
		key := make([]byte, 0, len(c.rules))
		for i := range c.rules {
			key = append(key, admits(c.rules[i].AllowedHeaders, sample.Text, reach.HeaderPatternOf))
		}
		if !seen[string(key)] {
			seen[string(key)] = true
			names = append(names, headerList{sample.Text, sample.Entry, string(key)})
		}
	}
	return names
}

// join puts a name to a list. An empty name counts at the start of a list that has
// another (4.3/leading-empty), and nothing but empty names is none; so it is put
// to a list, and never stands alone.
func join(list, name headerList) (joined headerList, ok bool) {
	key := []byte(list.key)
	for i := range key {
		key[i] &= name.key[i]
	}
	joined.key = string(key)
	switch {
	case name.value == "" && (list.value == "" || list.value[0] == ','):
		return joined, false
	case name.value == "":
		joined.value, joined.shown = ","+list.value, list.shown
	case list.value == "":
		joined.value, joined.shown = name.value, name.shown
	default:
		joined.value, joined.shown = list.value+","+name.value, list.shown+", "+name.shown
	}
	return joined, true
}
