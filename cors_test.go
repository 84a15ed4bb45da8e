package s3cors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// granting compiles rules.
func granting(t testing.TB, rules ...s3cors.Rule) *s3cors.Policy {
	t.Helper()
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: rules})
	require.NoError(t, err)
	return p
}

// get is a rule for GET.
func get(origins []string, headers ...string) s3cors.Rule {
	return s3cors.Rule{AllowedOrigins: origins, AllowedMethods: []string{"GET"}, AllowedHeaders: headers}
}

func TestCompileRefusesWhatValidateRefuses(t *testing.T) {
	for _, c := range []*s3cors.Configuration{{}, manyRules(101), {CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"**"}, AllowedMethods: []string{"x"}}}}} {
		p, err := s3cors.Compile(c)
		require.Nil(t, p)
		require.Error(t, err)
		require.Empty(t, cmp.Diff(tell(c.Validate()), tell(err)))
	}
}

func TestEachOfAHundredRulesCanMatch(t *testing.T) {
	p, err := s3cors.Compile(manyRules(100))
	require.NoError(t, err)
	for i := range 100 {
		d := p.Evaluate(s3cors.Request{Method: "GET", Origin: fmt.Sprint("http://", i)})
		require.Equal(t, i, d.Rule())
	}
	require.Equal(t, s3cors.NoMatch, p.Evaluate(s3cors.Request{Method: "GET", Origin: "http://100"}).Outcome())
}

func TestTheFirstRuleThatMatchesAllThreeDecides(t *testing.T) {
	p := granting(t,
		s3cors.Rule{AllowedOrigins: []string{"http://other"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"*"}},
		s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"PUT"}, AllowedHeaders: []string{"*"}},
		s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"x-b"}},
		s3cors.Rule{AllowedOrigins: []string{"http://*"}, AllowedMethods: []string{"HEAD", "GET"}, AllowedHeaders: []string{"x-*"}},
		s3cors.Rule{AllowedOrigins: []string{"http://a"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"*"}})
	for _, row := range []struct {
		name, headers string
		rule          int
	}{
		{"without headers the third fits", "", 2},
		{"a header that the third lists", "X-B", 2},
		{"a header that the fourth admits", "x-a", 3},
		{"two headers that only the fourth admits together", "x-b,x-a", 3},
		{"a header that the fifth alone admits", "x-b,content-type", 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "http://a", RequestMethod: "GET", RequestHeaders: row.headers})
			require.Equal(t, row.rule, d.Rule())
		})
	}
}

func TestOriginsThatAPatternAdmits(t *testing.T) {
	for _, row := range []struct {
		name, pattern, origin string
		admitted              bool
	}{
		{"the star stands for something", "http://*.b", "http://a.b", true},
		{"the star stands for nothing", "http://*.b", "http://.b", true},
		{"the star crosses dots, slashes and colons", "http://*.b", "http://a.c:80/d.b", true},
		{"the text on both sides fits without the star", "ab*ba", "abba", true},
		{"the text on both sides must not overlap", "ab*ba", "aba", false},
		{"the pattern is anchored at its start", "b*", "ab", false},
		{"the pattern is anchored at its end", "*a", "ab", false},
		{"a star alone admits all", "*", "null", true},
		{"case counts", "http://*.b", "http://a.B", false},
		{"a star in the request is a character", "http://a", "*", false},
		{"an origin that reads as the pattern is admitted by it", "a*b", "a*b", true},
		{"without a star the whole must be equal", "http://a", "http://a", true},
		{"a longer one is not", "http://a", "http://ab", false},
		{"a shorter one is not", "http://ab", "http://a", false},
		{"a blank counts", "http://a", " http://a", false},
		{"an empty origin in a rule admits nothing", "", "http://a", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := granting(t, get([]string{row.pattern})).Evaluate(s3cors.Request{Method: "GET", Origin: row.origin})
			require.Equal(t, row.admitted, d.Outcome() == s3cors.Granted)
		})
	}
}

func TestTheStarWinsOverAnOriginBesideIt(t *testing.T) {
	for _, origins := range [][]string{{"*"}, {"http://a", "*"}, {"*", "http://a"}, {"http://*", "*", "x"}} {
		d := granting(t, get(origins)).Evaluate(s3cors.Request{Method: "GET", Origin: "http://a"})
		require.Equal(t, "*", d.AllowOrigin())
		require.Empty(t, d.AllowCredentials())
	}
	for _, origins := range [][]string{{"http://a"}, {"http*"}, {"*a"}, {"http://a*"}} {
		d := granting(t, get(origins)).Evaluate(s3cors.Request{Method: "GET", Origin: "http://a"})
		require.Equal(t, "http://a", d.AllowOrigin())
		require.Equal(t, "true", d.AllowCredentials())
	}
}

// longList is longer than the values of browsers, and in mixed case.
var longList = "aB" + strings.Repeat(",Ab", 100)

func TestRequestedHeadersThatARuleAdmits(t *testing.T) {
	for _, row := range []struct {
		name      string
		allowed   []string
		requested string
		admitted  bool
	}{
		{"none, and the rule lists none", nil, "", true},
		{"commas alone are none", nil, ", ,", true},
		{"one, and the rule lists none", nil, "a", false},
		{"in another case than the rule's", []string{"X-aMz-Date"}, "x-AmZ-dATE", true},
		{"each by another entry", []string{"a", "b*"}, "b-c, A", true},
		{"one of two by none", []string{"a", "b*"}, "a, c", false},
		{"a star that stands for nothing", []string{"x-amz-*"}, "X-AMZ-", true},
		{"the empty name by a star", []string{"*"}, ",a", true},
		{"the empty name by an empty entry", []string{"", "a"}, ",a", true},
		{"the empty name by nothing else", []string{"a", "a*"}, ",a", false},
		{"an empty entry admits no other name", []string{""}, "a", false},
		{"each by an entry, in a long list in mixed case", []string{"ab", "cd*"}, longList + ",CD-" + filled(200), true},
		{"the last by none, in a long list in mixed case", []string{"ab", "cd*"}, longList + ",C", false},
		{"the first by none, in a long list in mixed case", []string{"ab", "cd*"}, "C," + longList, false},
		{"one of 5,000 characters that a tail admits", []string{"*bab"}, filled(5000), true},
		{"one of 5,000 characters that no tail admits", []string{"*aba"}, filled(5000), false},
		{"a long name in capitals", []string{filled(200)}, filled(200), true},
		{"a long name that a pattern admits", []string{"ab*"}, filled(200), true},
		{"a long name that none admits", []string{"ba*"}, filled(200), false},
	} {
		t.Run(row.name, func(t *testing.T) {
			p := granting(t, get([]string{"*"}, row.allowed...))
			d := p.Evaluate(s3cors.Request{Method: "GET", Origin: "o", RequestHeaders: row.requested})
			require.Equal(t, row.admitted, d.Outcome() == s3cors.Granted)
		})
	}
}

func TestNamesOfAnyLengthAreLoweredWithoutAllocation(t *testing.T) {
	const origin, most = "o", 8192 - len("o") - len("GET")
	p := granting(t, get([]string{origin}, "*b", "*a"))
	for _, size := range []int{1, 2, 8, 100, 255, 256, 257, 1000, most - 1, most} {
		r := s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "GET", RequestHeaders: filled(size)}
		require.Equal(t, s3cors.Granted, p.Evaluate(r).Outcome(), size)
		require.Zero(t, allocations(func() { p.Evaluate(r) }), size)
	}
}

func TestThePolicyOfNothing(t *testing.T) {
	none, err := s3cors.Compile(nil)
	require.NoError(t, err)
	var zero s3cors.Policy
	for name, p := range map[string]*s3cors.Policy{"nil": nil, "zero": &zero, "new": new(s3cors.Policy)} {
		t.Run(name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(answers(t, none), answers(t, p)))
			d := p.Evaluate(preflight("o", "GET", "a"))
			require.Equal(t, s3cors.NotEnabled, d.Outcome())
			require.Equal(t, 403, d.Status())
			require.Equal(t, "CORSResponse: CORS is not enabled for this bucket.", d.Refusal().Message)
			require.Equal(t, s3cors.TooLarge, p.Evaluate(preflight("o", "GET", filled(8192))).Outcome())
			require.Empty(t, p.Evaluate(actual("o")).Vary())
		})
	}
}

func TestInvalidRequestsAreToldOfWhateverTheRules(t *testing.T) {
	denying := granting(t, get([]string{"http://other"}))
	missing, none := s3cors.NoSuchBucket(), (*s3cors.Policy)(nil)
	for _, row := range []struct {
		name, method, headers, message string
		outcome                        s3cors.Outcome
	}{
		{"a method in lower case", "get", "", "Invalid Access-Control-Request-Method: get", s3cors.InvalidMethod},
		{"a method that HTTP knows", "TRACE", "", "Invalid Access-Control-Request-Method: TRACE", s3cors.InvalidMethod},
		{"a list of methods", "GET, PUT", "", "Invalid Access-Control-Request-Method: GET, PUT", s3cors.InvalidMethod},
		{"a method before a header", "?", "?", "Invalid Access-Control-Request-Method: ?", s3cors.InvalidMethod},
		{"a blank inside a name", "GET", "Bad Header", `Access-Control-Request-Headers "Bad Header" contains invalid character.`, s3cors.InvalidHeaders},
		{"the second name, in its case", "", "a, B?, c?", `Access-Control-Request-Headers "B?" contains invalid character.`, s3cors.InvalidHeaders},
		{"a blank before a comma, told without it", "", "a \t,b", `Access-Control-Request-Headers "a" contains invalid character.`, s3cors.InvalidHeaders},
		{"a blank at the end", "", "x,a ", `Access-Control-Request-Headers "a" contains invalid character.`, s3cors.InvalidHeaders},
		{"a blank at the start", "", " a", `Access-Control-Request-Headers "a" contains invalid character.`, s3cors.InvalidHeaders},
		{"blanks alone", "", " \t", `Access-Control-Request-Headers "" contains invalid character.`, s3cors.InvalidHeaders},
		{"a character beyond ASCII", "", "a,é", `Access-Control-Request-Headers "é" contains invalid character.`, s3cors.InvalidHeaders},
		{"a byte that is no UTF-8", "", "\xff", "Access-Control-Request-Headers \"\xff\" contains invalid character.", s3cors.InvalidHeaders},
		{"a colon", "", "a:b", `Access-Control-Request-Headers "a:b" contains invalid character.`, s3cors.InvalidHeaders},
		{"NUL", "", "a\x00", "Access-Control-Request-Headers \"a\x00\" contains invalid character.", s3cors.InvalidHeaders},
	} {
		for i, p := range []*s3cors.Policy{generous(t), denying, missing, none} {
			for _, method := range []string{"OPTIONS", "GET"} {
				t.Run(fmt.Sprint(row.name, ", policy ", i, ", ", method), func(t *testing.T) {
					d := p.Evaluate(s3cors.Request{Method: method, Origin: "https://a.example", RequestMethod: row.method, RequestHeaders: row.headers})
					require.Equal(t, row.outcome, d.Outcome())
					require.Equal(t, &s3cors.Error{Status: 400, Code: "BadRequest", Message: row.message}, d.Refusal())
				})
			}
		}
	}
}

func TestMethodsThatNoRuleCanListAreNotInvalid(t *testing.T) {
	p := generous(t)
	for _, method := range []string{"PATCH", "OPTIONS"} {
		d := p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://a.example", RequestMethod: method})
		require.Equal(t, s3cors.NoMatch, d.Outcome())
		require.Equal(t, s3cors.Element{Name: "Method", Value: method}, d.Refusal().Elements[0])
	}
	for _, method := range []string{"PATCH", "options", "", "TRACE", "get"} {
		d := p.Evaluate(s3cors.Request{Method: method, Origin: "https://a.example"})
		require.Equal(t, s3cors.NoMatch, d.Outcome())
		require.Zero(t, d.Status())
	}
}

func TestWhereNoBucketIsAddressed(t *testing.T) {
	for i, p := range []*s3cors.Policy{generous(t), nil, s3cors.NoSuchBucket()} {
		r := s3cors.Request{Method: "OPTIONS", Origin: "https://a.example", RequestMethod: "GET", Target: s3cors.TargetService}
		d := p.Evaluate(r)
		require.Equal(t, s3cors.NoBucket, d.Outcome(), i)
		require.Equal(t, &s3cors.Error{Status: 403, Code: "AccessForbidden", Message: "CORSResponse: Bucket not found",
			Elements: []s3cors.Element{{Name: "Method", Value: "GET"}, {Name: "ResourceType", Value: "BUCKET"}}}, d.Refusal())
		r.Method = "GET"
		require.Equal(t, s3cors.NoBucket, p.Evaluate(r).Outcome())
		require.Zero(t, p.Evaluate(r).Status())
	}
}
