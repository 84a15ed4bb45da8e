package corsserver

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// What an entry of a Cache weighs is an estimate of the memory it takes, made of
// the configuration rather than of the document: JSON can be six times as dense
// as XML. These are the bytes that its parts take at most, with what is lost to
// the allocator's size classes. Tests hold the sum to what is really held.
const (
	entryBytes   = 512 // the entry, its places in two maps, a policy without rules
	ruleBytes    = 128 // what a rule contributes to answers
	exactBytes   = 112 // a string in a hash table that has just grown
	patternBytes = 320 // the three nodes that a pattern can add to the matcher's trees
)

// textBytes is what n bytes of text take.
func textBytes(n int) int { return n + n/4 }

// weigh returns the weight of the entry of a bucket: with a configuration, or
// with nil and the error that its document cannot be read, or with none at all.
func weigh(bucket string, c *s3cors.Configuration, err error) int {
	weight := entryBytes + textBytes(len(bucket))
	if err != nil {
		return weight + textBytes(len(err.Error()))
	}
	if c == nil {
		return weight
	}
	origins, headers := make(map[string]bool), make(map[string]bool)
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		weight += ruleBytes + weighAnswer(rule.AllowedMethods) + weighAnswer(rule.ExposeHeaders)
		weight += weighMatcher(origins, rule.AllowedOrigins) + weighMatcher(headers, rule.AllowedHeaders)
	}
	return weight
}

// weighAnswer is the weight of what is sent as one field.
func weighAnswer(values []string) int {
	n := 0
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
