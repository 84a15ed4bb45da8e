package diff

import (
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/reach"
)

// Bounds of the work, far beyond what people write by hand.
const (
	mostLists    = 512     // sets of rules that lists of header names can lead to
	mostRequests = 1 << 18 // requests that are asked of both
	mostChanges  = 2000    // changes that are noted
)

// letters are those from which one is chosen that no entry has. They are in lower
// case and fit into origins and header names.
const letters = "qxzjvkwybfghpmdlucnroitsea0123456789_~!$&'-+^`|%."

// methods are those that a rule can list.
var methods = []string{"GET", "HEAD", "PUT", "POST", "DELETE"}

// Compare tells what a bucket does otherwise with the second configuration in the place
// of the first. Nil is a bucket without a configuration. The options are those that
// both are compiled with. The error is that of s3cors.Compile: S3 would refuse one of
// the two.
func Compare(first, second *s3cors.Configuration, opts ...s3cors.Option) (*Report, error) {
	c := &comparer{report: &Report{Changes: []Change{}, NotCompared: []Omission{}}, dialect: s3cors.DialectOf(opts...), told: make(map[Change]bool)}
	for i, configuration := range []*s3cors.Configuration{first, second} {
		policy, err := s3cors.Compile(configuration, opts...)
		if err != nil {
			return nil, err
		}
		c.policies[i] = policy
		if configuration != nil {
			c.rules = append(c.rules, configuration.CORSRules...)
		}
	}
	c.compare()
	c.report.Changes = reduce(c.report.Changes)
	if c.full {
		c.report.omit("changes", fmt.Sprintf("there are more than %d changes", mostChanges))
	}
	c.report.conclude()
	return c.report, nil
}

// A comparer compares two policies.
type comparer struct {
	policies [2]*s3cors.Policy
	dialect  s3cors.Dialect
	rules    []s3cors.Rule // of both, those of the first before those of the second
	report   *Report
	told     map[Change]bool
	requests int
	full     bool // no more changes are told
}

func (c *comparer) compare() {
	lists := c.headerLists()
	kinds := make(map[string][]reach.Sample) // of origins, by the rules that admit them
	var order []string
	for _, sample := range c.origins() {
		kind := c.admitting(sample.Text)
		if kinds[kind] == nil {
			order = append(order, kind)
		}
		kinds[kind] = append(kinds[kind], sample)
	}
	for _, kind := range order {
		if !c.ask(kinds[kind], lists) {
			c.report.omit("requests", fmt.Sprintf("more than %d requests would have to be compared", mostRequests))
			return
		}
	}
}

// ask compares the answers to origins that the same rules admit; false if the bound is
// reached.
func (c *comparer) ask(origins []reach.Sample, lists []headerList) bool {
	for _, method := range methods {
		for _, list := range lists {
			if c.requests += 2; c.requests > mostRequests {
				return false
			}
			r := s3cors.Request{Method: "OPTIONS", Origin: origins[0].Text, RequestMethod: method, RequestHeaders: list.value}
			c.differences(origins, method, list, r)
			if list.value == "" {
				r.Method, r.RequestMethod = method, ""
				c.differences(origins, method, list, r)
				r.Authorization = true // which Ceph looks at
				c.differences(origins, method, list, r)
			}
		}
	}
	return true
}

// origins returns samples of all origins that the two configurations can tell from each
// other: the plain ones first, in the order of the entries.
func (c *comparer) origins() []reach.Sample {
	var patterns []reach.Pattern
	for _, rule := range c.rules {
		for _, origin := range rule.AllowedOrigins {
			patterns = append(patterns, reach.PatternOf(origin))
		}
	}
	samples, complete := reach.Samples(patterns, letters)
	if !complete {
		c.report.omit("origins", "there are too many patterns of origins to compare all that they have in common")
	}
	return samples
}

// admitting names the rules that admit an origin. Head and tail of a pattern may
// overlap for Ceph, and may not for Amazon; both are told apart.
func (c *comparer) admitting(origin string) string {
	key := make([]byte, 0, len(c.rules))
	for i := range c.rules {
		key = append(key, admits(c.rules[i].AllowedOrigins, origin, reach.PatternOf))
	}
	return string(key)
}

// admits returns a bit for a text that an entry admits, and one for a text that an
// entry admits if head and tail may overlap.
func admits(entries []string, text string, of func(string) reach.Pattern) (bits byte) {
	for _, entry := range entries {
		p := of(entry)
		if p.Admits(text) {
			bits |= 1
		}
		if p.Overlaps(text) {
			bits |= 2
		}
	}
	return bits
}
