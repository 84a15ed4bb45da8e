package s3cors

import (
	"fmt"
	"strings"
)

// A Rule grants the methods it lists, to the origins it lists, with the request
// headers it lists. All three must fit; the first rule that does decides the
// answer (4.4/first-match).
//
// Of the lists, nil and empty are the same. Strings are kept as they are: case,
// order, duplicates, blanks and empty strings count (2/values-verbatim).
type Rule struct {
	// ID is a name for people; nil if absent, which differs from empty
	// (2/empty-id). It need not be unique, and its length is not limited.
	ID *string `json:"ID,omitempty"`
	// AllowedOrigins are compared with Origin, letter for letter. At least one;
	// each may hold one "*", which stands for any string, the empty one too.
	AllowedOrigins []string `json:"AllowedOrigins,omitempty"`
	// AllowedMethods are among GET, PUT, POST, DELETE and HEAD; at least one.
	AllowedMethods []string `json:"AllowedMethods,omitempty"`
	// AllowedHeaders must admit every name in Access-Control-Request-Headers,
	// whatever the case of letters. Each may hold one "*". A rule without any
	// admits just requests that name none.
	AllowedHeaders []string `json:"AllowedHeaders,omitempty"`
	// ExposeHeaders are the response headers that a script may read. No "*".
	ExposeHeaders []string `json:"ExposeHeaders,omitempty"`
	// MaxAgeSeconds is how many seconds a browser may keep the answer of a
	// preflight; nil if absent, which differs from 0. S3 takes negative numbers.
	MaxAgeSeconds *int64 `json:"MaxAgeSeconds,omitempty"`
}

// listable are the methods that a rule may list (1.2/method-names).
var listable = [...]string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// methodIndex returns the index of method in listable, -1 if it is not there.
func methodIndex(method string) int {
	switch method {
	case "GET":
		return 0
	case "PUT":
		return 1
	case "POST":
		return 2
	case "DELETE":
		return 3
	case "HEAD":
		return 4
	}
	return -1
}

// isRequestMethod reports whether Access-Control-Request-Method may have that
// value (4.2/valid-methods).
func isRequestMethod(method string) bool {
	return methodIndex(method) >= 0 || method == "PATCH" || method == "OPTIONS"
}

// Validate tells what S3 would refuse the configuration for. The error is nil or
// Problems, without lines and columns. A nil configuration is one without rules.
//
// The limit of 65,536 bytes is one of documents, so it is for the Parse functions
// to keep; a configuration in memory may be of any size
// (10/size-of-a-configuration).
func (c *Configuration) Validate(opts ...Option) error {
	s := newSettings(opts)
	if c == nil {
		c = new(Configuration)
	}
	var problems Problems
	for _, f := range append(c.structure(), c.values(s.dialect)...) {
		problems = append(problems, f.Problem)
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

func tooLongFinding(d *dialect) finding {
	return documentPlace.finding(tooLong(d.maxDocumentBytes),
		fmt.Sprintf("a CORS configuration may have %d bytes at most", d.maxDocumentBytes))
}

// each calls f with every string of the rule, its place without the rule's
// index.
func (rule *Rule) each(f func(place, string)) {
	if rule.ID != nil {
		f(place{member: memberID, index: none}, *rule.ID)
	}
	for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
		for i, value := range *rule.list(m) {
			f(place{member: m, index: i}, value)
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

// structure returns the defects that S3's schema finds, in document order
// (9/structure-of-a-late-rule).
func (c *Configuration) structure() []finding {
	var found []finding
	if len(c.CORSRules) == 0 {
		return []finding{rulesPlace.finding(malformedXML(), "a configuration needs at least one rule")}
	}
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		if len(rule.AllowedOrigins) == 0 {
			found = append(found, missing(i, memberAllowedOrigins))
		}
		if len(rule.AllowedMethods) == 0 {
			found = append(found, missing(i, memberAllowedMethods))
		}
		rule.each(func(p place, value string) {
			if illegalCharacter(value) >= 0 {
				p.rule = i
				found = append(found, p.finding(malformedXML(), "the value holds a character that XML cannot carry"))
			}
		})
	}
	return found
}

func missing(rule int, m member) finding {
	return place{rule: rule, member: m, index: none}.finding(malformedXML(), "a rule needs at least one "+m.element())
}

// values returns the defects that S3 finds once the structure is right, in the
// order of its checks (1.5/rule-count-before-rules, 1.5/first-failing-rule, 1.5/order-in-a-rule).
func (c *Configuration) values(d *dialect) []finding {
	var found []finding
	if len(c.CORSRules) > d.maxRules {
		found = append(found, rulesPlace.finding(tooManyRules(d.maxRules),
			fmt.Sprintf("there are %d rules, and %d are allowed", len(c.CORSRules), d.maxRules)))
	}
	for i := range c.CORSRules {
		for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
			for j, value := range *c.CORSRules[i].list(m) {
				found = m.check(found, place{rule: i, member: m, index: j}, value)
			}
		}
	}
	return found
}

// check appends what is wrong with a value of m.
func (m member) check(found []finding, at place, value string) []finding {
	add := func(err *Error, detail string) { found = append(found, at.finding(err, detail)) }
	switch m {
	case memberAllowedMethods:
		if methodIndex(value) < 0 {
			add(unsupportedMethod(value), methodDetail(value))
		}
		return found
	case memberAllowedOrigins, memberAllowedHeaders:
		if strings.Count(value, "*") > 1 {
			add(manyWildcards(m.element(), value), `one "*" is allowed in a value, and no more`)
		}
	case memberExposeHeaders:
		if strings.Contains(value, "*") {
			add(exposeWildcard(value), "each header to expose must be listed by its full name")
		}
	}
	if m != memberAllowedOrigins && !isToken(value) {
		add(invalidCharacter(value), "the value is not the name of a header: it may hold letters, digits and !#$%&'*+-.^_`|~ only")
	}
	return found
}

// methodDetail says what is wrong with a value of AllowedMethods.
func methodDetail(value string) string {
	upper := strings.ToUpper(strings.TrimSpace(value))
	switch {
	case upper == "OPTIONS":
		return "preflights need no rule of their own: the methods to list are GET, PUT, POST, DELETE and HEAD"
	case methodIndex(upper) >= 0:
		return "methods are compared letter for letter: write " + upper
	case value == "*":
		return `there is no wildcard for methods: list GET, PUT, POST, DELETE and HEAD as needed`
	}
	return "the methods to choose from are GET, PUT, POST, DELETE and HEAD"
}
