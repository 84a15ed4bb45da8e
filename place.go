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
// is none for what is in no rule, index for what is not one of a list. It is
// small, since a document of defects has many.
type place struct {
	rule, index int32
	member      member
}

// ruleAt returns the place of the rule with that index.
func ruleAt(i int) place { return place{rule: int32(i), index: none} }

// of returns the place of a member of the rule p.
func (p place) of(m member) place {
	p.member = m
	return p
}

// at returns the place of the value with that index in the list p.
func (p place) at(i int) place {
	p.index = int32(i)
	return p
}

// The places that are in no rule: the document as a whole, and its list of rules.
var (
	documentPlace = place{rule: none, index: none}
	rulesPlace    = place{rule: none, member: memberRules, index: none}
)

// inRule returns the place of the rule that p is in, or of the document.
func (p place) inRule() place { return place{rule: p.rule, index: none} }

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
func parseIndex(s string) int32 {
	i, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return none
	}
	return int32(i)
}
