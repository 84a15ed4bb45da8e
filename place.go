package s3cors

import (
	"fmt"
	"strconv"
	"strings"
)

// A member is a kind of thing that a configuration is made of. The order of
// those with values is that of S3's checks (1.5/order-in-a-rule).
type member uint8

const (
	memberNone member = iota
	memberRules
	memberID
	memberAllowedOrigins
	memberAllowedMethods
	memberAllowedHeaders
	memberExposeHeaders
	memberMaxAgeSeconds
)

// memberNames are the names in JSON, elementNames those in XML.
var (
	memberNames = [...]string{
		memberRules:          "CORSRules",
		memberID:             "ID",
		memberAllowedOrigins: "AllowedOrigins",
		memberAllowedMethods: "AllowedMethods",
		memberAllowedHeaders: "AllowedHeaders",
		memberExposeHeaders:  "ExposeHeaders",
		memberMaxAgeSeconds:  "MaxAgeSeconds",
	}
	elementNames = [...]string{
		memberRules:          "CORSRule",
		memberID:             "ID",
		memberAllowedOrigins: "AllowedOrigin",
		memberAllowedMethods: "AllowedMethod",
		memberAllowedHeaders: "AllowedHeader",
		memberExposeHeaders:  "ExposeHeader",
		memberMaxAgeSeconds:  "MaxAgeSeconds",
	}
)

func (m member) name() string    { return memberNames[m] }
func (m member) element() string { return elementNames[m] }

// isList reports whether a rule may have several of m.
func (m member) isList() bool { return memberAllowedOrigins <= m && m <= memberExposeHeaders }

// none stands for no index.
const none = -1

// A place is a spot in a configuration. The zero value is the first rule; rule
// is none for what is in no rule, index for what is not one of a list.
type place struct {
	rule   int
	member member
	index  int
}

// The places that are in no rule: the document as a whole, and its list of rules.
var (
	documentPlace = place{rule: none, index: none}
	rulesPlace    = place{rule: none, member: memberRules, index: none}
)

// memberNamed returns the member with that name in JSON.
func memberNamed(name string) member {
	for m := memberRules; m <= memberMaxAgeSeconds; m++ {
		if m.name() == name {
			return m
		}
	}
	return memberNone
}

// elementNamed returns the member of a rule with that name in XML.
func elementNamed(name string) member {
	for m := memberID; m <= memberMaxAgeSeconds; m++ {
		if m.element() == name {
			return m
		}
	}
	return memberNone
}

// path returns the place as Problem.Path has it.
func (p place) path() string {
	switch {
	case p.rule == none && p.member == memberNone:
		return "CORSConfiguration"
	case p.rule == none:
		return p.member.name()
	case p.member == memberNone:
		return fmt.Sprintf("CORSRules[%d]", p.rule)
	case p.index == none || !p.member.isList():
		return fmt.Sprintf("CORSRules[%d].%s", p.rule, p.member.name())
	}
	return fmt.Sprintf("CORSRules[%d].%s[%d]", p.rule, p.member.name(), p.index)
}

// parsePath is the inverse of path; the path of a list is that of its first
// value. It returns false for what is no path.
func parsePath(path string) (place, bool) {
	at := place{rule: none, index: none}
	name, inRule := strings.CutPrefix(path, "CORSRules[")
	if inRule {
		var number string
		number, name, _ = strings.Cut(name, "]")
		at.rule = parseIndex(number)
		name = strings.TrimPrefix(name, ".")
	}
	name, number, indexed := strings.Cut(name, "[")
	at.member = memberNamed(name)
	if indexed {
		at.index = parseIndex(strings.TrimSuffix(number, "]"))
	} else if at.member.isList() {
		at.index = 0
		path += "[0]"
	}
	return at, at.path() == path
}

// parseIndex returns the number, none if it is not one.
func parseIndex(s string) int {
	i, err := strconv.Atoi(s)
	if err != nil {
		return none
	}
	return i
}

// A finding is a problem with its place, and where that is known from reading
// it, its offset in the document.
type finding struct {
	*Problem
	at     place
	offset int
}

// finding returns the problem that stands at p.
func (p place) finding(err *Error, detail string) finding {
	return finding{Problem: &Problem{S3: err, Path: p.path(), Detail: detail}, at: p}
}

// wordSigns are the signs between words that people write in names.
var wordSigns = strings.NewReplacer("_", "", "-", "", ":", "")

// plainName returns a name without what people get wrong in it first.
func plainName(s string) string { return strings.ToLower(wordSigns.Replace(s)) }

// nearest returns the one of names that was probably meant by name, "" if none
// is near: names that differ in case and in the signs between words, in one or
// two letters, or in being cut short (MaxAge).
func nearest(name string, names []string) string {
	const longest = 32 // bounds the work
	if name == "" || len(name) > longest {
		return ""
	}
	name = plainName(name)
	best, least := "", 3
	for _, candidate := range names {
		plain := plainName(candidate)
		distance := editDistance(name, plain)
		if len(name) >= 5 && strings.HasPrefix(plain, name) {
			distance = 1
		}
		if distance < least && distance < len(plain) {
			best, least = candidate, distance
		}
	}
	return best
}

// editDistance counts the bytes to insert, delete or replace to get from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
