package corsserver

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// What an entry of a cache weighs is an estimate of the memory it takes, made of
// the configuration rather than of the document: JSON can be six times as dense
// as XML. These are the bytes that its parts take at most, with what is lost to
// the allocator's size classes. Tests hold the sum to what is really held.
const (
	entryBytes   = 192 // the entry, and its place in a map
	readingBytes = 512 // the reading, its place in a map, a policy without rules
	ruleBytes    = 128 // what a rule contributes to answers
	exactBytes   = 112 // a string in a hash table that has just grown
	patternBytes = 320 // the three nodes that a pattern can add to the matcher's trees
)

// textBytes is what n bytes of text take.
func textBytes(n int) int { return n + n/4 }

// weighEntry returns the weight of an entry without its reading; key is the name or the
// text.
func weighEntry(key string) int { return entryBytes + textBytes(len(key)) }

// weighReading returns the weight of a reading: with a configuration, or with nil and the
// error that its document cannot be read, or with none at all.
func weighReading(c *s3cors.Configuration, err error, opts []s3cors.Option) int {
	weight := readingBytes
	if err != nil {
		return weight + textBytes(len(err.Error()))
	}
	if c == nil {
		return weight
	}
	also := exposedAlso(opts)
	origins, headers := make(map[string]bool), make(map[string]bool)
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		weight += ruleBytes + weighAnswer(rule.AllowedMethods, 0) + weighAnswer(rule.ExposeHeaders, also)
		weight += weighMatcher(origins, rule.AllowedOrigins) + weighMatcher(headers, rule.AllowedHeaders)
	}
	return weight
}

// exposedAlso returns how many bytes of names every rule exposes by the options,
// which do not say so: the policy of a rule without names of its own does.
func exposedAlso(opts []s3cors.Option) int {
	if len(opts) == 0 {
		return 0
	}
	rule := s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}
	policy, _ := s3cors.CompileStored(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}, opts...)
	return len(policy.Evaluate(s3cors.Request{Method: "GET", Origin: "*"}).ExposeHeaders())
}

// weighAnswer is the weight of what is sent as one field: values, and also as many
// bytes.
func weighAnswer(values []string, also int) int {
	n := also
	for _, value := range values {
		n += len(value) + len(", ")
	}
	return textBytes(n)
}

// weighMatcher is the weight that values add to a matcher of those seen. What
// several rules list is matched in one place, but may be held as several texts.
func weighMatcher(seen map[string]bool, values []string) int {
	weight := 0
	for _, value := range values {
		weight += textBytes(len(value))
		switch {
		case seen[value], value == "*": // which is a bit of the rule's
		case strings.Contains(value, "*"):
			weight += patternBytes
		default:
			weight += exactBytes
		}
		seen[value] = true
	}
	return weight
}
