package convert

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// Merge returns a configuration with the rules of base, as they are, and behind them
// those of added. The rules of base come first because S3 takes the first rule that
// matches: so every request that base admits is answered as before. A rule of added is
// left out if an earlier rule admits the same and answers the same, whatever the order
// of its values and whatever its ID; notes tell of each, with the path in added. Both
// configurations stay as they are, and the result shares their values.
//
// The result may be one that S3 refuses, for its number of rules or for its size.
func Merge(base, added *s3cors.Configuration) (*s3cors.Configuration, []Remark) {
	merged := &s3cors.Configuration{CORSRules: slices.Clone(base.CORSRules)}
	first := make(map[string]int)
	for i, rule := range merged.CORSRules {
		if key := keyOf(rule); !has(first, key) {
			first[key] = i
		}
	}
	var notes []Remark
	for i, rule := range added.CORSRules {
		key := keyOf(rule)
		if has(first, key) {
			id := ""
			if rule.ID != nil {
				id = *rule.ID
			}
			notes = append(notes, remark(rulePath(i), id, "the rule is left out: CORSRules[%d] of the result is the same", first[key]))
			continue
		}
		first[key] = len(merged.CORSRules)
		merged.CORSRules = append(merged.CORSRules, rule)
	}
	return merged, notes
}

func has(m map[string]int, key string) bool {
	_, ok := m[key]
	return ok
}

// keyOf returns what is the same for rules that do the same: their values, sorted, once
// each, names of headers in lower case.
func keyOf(rule s3cors.Rule) string {
	var key []byte
	for _, l := range lists(&rule) {
		values := slices.Clone(*l.values)
		if l.member == memberAllowedHeaders || l.member == memberExposeHeaders {
			for i := range values {
				values[i] = strings.ToLower(values[i])
			}
		}
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			key = append(key, quoteJSON(value)...)
		}
		key = append(key, ';')
	}
	if rule.MaxAgeSeconds != nil {
		key = strconv.AppendInt(key, *rule.MaxAgeSeconds, 10)
	}
	return string(key)
}

// Limits returns what S3 would refuse a configuration for that is made of two which it
// takes: too many rules, or too long a text.
func Limits(c *s3cors.Configuration, dialect s3cors.Dialect) s3cors.Problems {
	option := s3cors.WithDialect(dialect)
	var all, limits s3cors.Problems
	errors.As(c.Validate(option), &all)
	for _, p := range all {
		if p.Path == "CORSRules" {
			limits = append(limits, p)
		}
	}
	size, most := len(c.AppendStoredXML(nil, option)), s3cors.MaxDocumentBytes(option)
	if size > most {
		limits = append(limits, &s3cors.Problem{
			S3: s3cors.DocumentTooLong(option), Row: "10/size-of-a-configuration", Path: "CORSConfiguration", Rule: -1,
			Detail: fmt.Sprintf("the text has %d bytes, and %d are allowed", size, most),
		})
	}
	return limits
}
