package s3cors

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/internal/xmltext"
)

// A Configuration is the CORS configuration of a bucket. It is plain data, for
// callers to fill in, compare and print. The zero value has no rules, which S3
// refuses. It is safe for concurrent use as long as nobody changes it.
//
// Paths, decisions and problems count the rules from 0.
type Configuration struct {
	CORSRules []Rule
}

// A Rule grants the methods that it lists to the origins that it lists, with the
// request headers that it lists. It matches a request if all three lists admit the
// request. The first rule that matches decides the answer.
//
// A nil list and an empty list are the same. Strings are kept as they are: case,
// order, duplicates, white space and empty strings all count. Amazon's page on
// [CORSRule] describes the members; docs/s3-cors.md says where S3 differs from it.
//
// [CORSRule]: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html
type Rule struct {
	// ID is a name for people. It is nil if the rule has none, which is not the
	// same as an empty ID. Several rules may have the same ID, and an ID may have
	// any length.
	ID *string `json:"ID,omitempty"`
	// AllowedOrigins are compared with the Origin of the request, letter for
	// letter. A rule needs at least one. Each may hold one "*", which stands for
	// any string, the empty string included.
	AllowedOrigins []string `json:"AllowedOrigins,omitempty"`
	// AllowedMethods are among GET, PUT, POST, DELETE and HEAD. A rule needs at
	// least one.
	AllowedMethods []string `json:"AllowedMethods,omitempty"`
	// AllowedHeaders must admit every name in Access-Control-Request-Headers. The
	// case of letters does not count. Each may hold one "*", which stands for any
	// string. A rule without AllowedHeaders matches only requests that name no
	// header.
	AllowedHeaders []string `json:"AllowedHeaders,omitempty"`
	// ExposeHeaders are the names of the response headers that a script may read.
	// None may hold a "*".
	ExposeHeaders []string `json:"ExposeHeaders,omitempty"`
	// MaxAgeSeconds is for how many seconds a browser may keep the answer to a
	// preflight. It is nil if the rule does not say, which is not the same as 0. S3
	// accepts negative numbers as well, and sends them.
	MaxAgeSeconds *int64 `json:"MaxAgeSeconds,omitempty"`
}

// Validate returns what S3 would refuse the configuration for. The error is nil, or
// Problems without positions. A nil configuration counts as one without rules.
//
// The limit of 65,536 bytes is one of documents. The Parse functions check it;
// Validate does not, and a configuration in memory may be of any size.
func (c *Configuration) Validate(opts ...Option) error {
	if c == nil {
		c = new(Configuration)
	}
	if problems := c.problems(dialectOf(opts)); problems != nil {
		return problems
	}
	return nil
}

// problems returns what S3 would refuse the configuration for, nil if nothing.
func (c *Configuration) problems(d *dialect) Problems {
	var found findings
	c.structure(d, words{}, found.structural)
	c.values(d, words{}, found.refused)
	return found.problems()
}

// each calls f with every string of the rule at that place, and where it stands.
func (rule *Rule) each(at place, f func(place, string)) {
	if rule.ID != nil {
		f(at.of(memberID), *rule.ID)
	}
	for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
		for i, value := range *rule.list(m) {
			f(at.of(m).at(i), value)
		}
	}
}

// list returns the list that m names.
func (rule *Rule) list(m member) *[]string {
	switch m {
	case memberAllowedOrigins:
		return &rule.AllowedOrigins
	case memberAllowedMethods:
		return &rule.AllowedMethods
	case memberAllowedHeaders:
		return &rule.AllowedHeaders
	default:
		return &rule.ExposeHeaders
	}
}

// A defect tells of a defect of structure: where it stands, the row that says so, and
// what is wrong, which is said only if it is wanted.
type defect func(at place, row string, detail func() string)

// structure tells of the defects that S3's schema finds, in the order of the
// configuration (1.5/structure-before-values).
func (c *Configuration) structure(d *dialect, w words, tell defect) {
	if len(c.CORSRules) == 0 {
		tell(rulesPlace, "1.1/zero-rules", says("a configuration needs at least one rule"))
	}
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		at := ruleAt(i)
		if len(rule.AllowedOrigins) == 0 {
			tell(at.of(memberAllowedOrigins), "1.1/no-allowed-origin", func() string { return w.lacks(memberAllowedOrigins) })
		}
		if len(rule.AllowedMethods) == 0 && d.NeedsMethods {
			tell(at.of(memberAllowedMethods), "1.1/no-allowed-method", func() string { return w.lacks(memberAllowedMethods) })
		}
		rule.each(at, func(at place, value string) {
			if xmltext.IllegalAt(value) >= 0 {
				tell(at, "10/unfit-characters", func() string { return unfit(value) })
			}
			if !d.ChecksValues { // ceph-5/bad-values
				structuralValue(d, w, at, value, tell)
			}
		})
	}
}

// A refusal tells of a value that S3 refuses: where it stands, the row that says
// so, S3's error and what is wrong, which are made only if they are wanted.
type refusal func(at place, row string, s3 func() *Error, detail func() string)

// values tells of the defects that S3 finds once the structure is right, in the
// order of its checks (1.5/rule-count-before-rules, 1.5/first-failing-rule,
// 1.5/order-in-a-rule).
func (c *Configuration) values(d *dialect, w words, tell refusal) {
	if len(c.CORSRules) > d.MaxRules {
		tell(rulesPlace, "1.1/number-of-rules", func() *Error { return tooManyRules(d.MaxRules) },
			func() string { return tooMany(len(c.CORSRules), d.MaxRules) })
	}
	if !d.ChecksValues {
		return
	}
	for i := range c.CORSRules {
		for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
			for j, value := range *c.CORSRules[i].list(m) {
				checkValue(w, ruleAt(i).of(m).at(j), value, tell)
			}
		}
	}
}

// checkValue tells what is wrong with a value of a list.
func checkValue(w words, at place, value string, tell refusal) {
	switch at.member {
	case memberAllowedOrigins:
		checkStars(w, at, value, "1.2/origin-two-wildcards", tell)
	case memberAllowedMethods:
		checkMethod(w, at, value, tell)
	case memberAllowedHeaders:
		checkStars(w, at, value, "1.2/allowed-header-two-wildcards", tell)
		checkCharacters(w, at, value, "1.2/allowed-header-characters", tell)
	case memberExposeHeaders:
		if strings.Contains(value, "*") {
			tell(at, "1.2/expose-header-wildcard", func() *Error { return exposeWildcard(value) },
				says("there is no wildcard here: list each header to expose by its full name, such as ETag"))
		}
		checkCharacters(w, at, value, "1.2/expose-header-characters", tell)
	}
}

func checkStars(w words, at place, value, row string, tell refusal) {
	if strings.Count(value, "*") > 1 {
		tell(at, row, func() *Error { return manyWildcards(at.member.element(), value) }, func() string { return w.stars(at.member, value) })
	}
}

func checkCharacters(w words, at place, value, row string, tell refusal) {
	if !isToken(value) {
		tell(at, row, func() *Error { return invalidCharacter(value) }, func() string { return w.headerName(at.member, value) })
	}
}

func checkMethod(w words, at place, value string, tell refusal) {
	if methodIndex(value) >= 0 {
		return
	}
	row := "1.2/method-names"
	if methodIndex(strings.ToUpper(value)) >= 0 {
		row = "1.2/method-case"
	}
	tell(at, row, func() *Error { return unsupportedMethod(value) }, func() string { return w.method(value) })
}

// structuralValue tells what is wrong with a value where that is a defect of
// structure.
func structuralValue(d *dialect, w words, at place, value string, tell defect) {
	switch at.member {
	case memberID:
		if d.MaxIDBytes > 0 && len(value) > d.MaxIDBytes {
			tell(at, "ceph-5/id-length", func() string {
				return fmt.Sprintf("the ID has %d bytes, and %d are allowed", len(value), d.MaxIDBytes)
			})
		}
	case memberAllowedMethods:
		if !slices.Contains(storable[:], strings.ToUpper(value)) {
			tell(at, "ceph-5/method-names", func() string { return w.method(value) })
		}
	case memberAllowedOrigins, memberAllowedHeaders:
		structuralPattern(w, at, value, tell)
	}
}

func structuralPattern(w words, at place, value string, tell defect) {
	switch {
	case value == "":
		tell(at, "ceph-5/empty-values", says("the value is empty: remove it"))
	case strings.Count(value, "*") > 1:
		tell(at, "ceph-5/two-stars", func() string { return w.stars(at.member, value) })
	case strings.Contains(value, "*") && strings.ContainsAny(value, " \t"):
		tell(at, "ceph-5/star-with-blank", says(`nobody knows what this server makes of a value with "*" and a space or tab`))
	}
}

// storable are the methods that a rule may list where it may list COPY, in the
// order in which they are kept (ceph-5/copy, ceph-6/methods).
var storable = [...]string{"GET", "PUT", "DELETE", "HEAD", "POST", "COPY"}

// mostMaxAge is the greatest MaxAgeSeconds that is kept where what does not fit is
// dropped (ceph-5/max-age-range).
const mostMaxAge = 1<<32 - 2

// normalised returns the configuration as a server keeps it: c itself, or a copy if
// the server changes what it is given.
func (c *Configuration) normalised(d *dialect) *Configuration {
	if !d.Normalises || c == nil {
		return c
	}
	kept := &Configuration{CORSRules: make([]Rule, len(c.CORSRules))}
	for i := range c.CORSRules {
		kept.CORSRules[i] = *c.CORSRules[i].normalised(d)
	}
	return kept
}

func (rule *Rule) normalised(d *dialect) *Rule {
	if !d.Normalises {
		return rule
	}
	kept := *rule
	if rule.ID != nil && *rule.ID == "" { // ceph-6/empty-id
		kept.ID = nil
	}
	kept.AllowedMethods = keptMethods(rule.AllowedMethods)
	kept.AllowedOrigins = sorted(rule.AllowedOrigins)
	kept.AllowedHeaders = sorted(rule.AllowedHeaders)
	if age := rule.MaxAgeSeconds; age != nil && (*age < 0 || *age > mostMaxAge) {
		kept.MaxAgeSeconds = nil
	}
	return &kept
}

// sorted returns the values once each, sorted by bytes (ceph-6/sorted-values).
func sorted(values []string) []string {
	values = slices.Clone(values)
	slices.Sort(values)
	return slices.Compact(values)
}

// keptMethods returns the methods in upper case, once each and in their fixed order
// (ceph-6/methods). What is no method, which only a stored configuration can have,
// is left out.
func keptMethods(methods []string) []string {
	var kept []string
	for _, method := range storable {
		if slices.ContainsFunc(methods, func(listed string) bool { return strings.ToUpper(listed) == method }) {
			kept = append(kept, method)
		}
	}
	return kept
}

// clone returns a configuration that shares no slice and no pointer with c.
func (c *Configuration) clone() *Configuration {
	copied := &Configuration{CORSRules: slices.Clone(c.CORSRules)}
	for i := range copied.CORSRules {
		rule := &copied.CORSRules[i]
		for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
			*rule.list(m) = slices.Clone(*rule.list(m))
		}
		rule.ID = clonePointer(rule.ID)
		rule.MaxAgeSeconds = clonePointer(rule.MaxAgeSeconds)
	}
	return copied
}

func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}
