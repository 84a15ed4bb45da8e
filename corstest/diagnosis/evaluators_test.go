//go:build go1.26

package diagnosis

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A deviation is a class of bugs of evaluators: what it changes in one. Where the
// class leaves room, the others are the same bug as others may have written it; the
// fingerprint of the class is what they have in common, and what is optional.
type deviation struct {
	bug string
	as  []func(*evaluator)
}

func is(bug string, as ...func(*evaluator)) deviation { return deviation{bug, as} }

// evaluators are the classes of evaluators in the order of the list.
var evaluators = slices.Concat(choices, patterns, origins, varies, lists, names, methods, answers, values)

// choices are the classes that choose the rule otherwise.
var choices = []deviation{
	is("by-origin-only", narrowed(func(e *evaluator, rules []s3cors.Rule, q *query) []s3cors.Rule {
		i := slices.IndexFunc(rules, func(rule s3cors.Rule) bool { return e.admits(e, &rule, q) })
		return oneOf(rules, i)
	})),
	is("by-origin-and-method", narrowed(func(e *evaluator, rules []s3cors.Rule, q *query) []s3cors.Rule {
		i := slices.IndexFunc(rules, func(rule s3cors.Rule) bool { return e.admits(e, &rule, q) && e.allowsMethod(&rule, q) })
		return oneOf(rules, i)
	})),
	is("last-rule-wins", narrowed(func(_ *evaluator, rules []s3cors.Rule, _ *query) []s3cors.Rule {
		rules = slices.Clone(rules)
		slices.Reverse(rules)
		return rules
	})),
	is("first-rule-only", narrowed(func(_ *evaluator, rules []s3cors.Rule, _ *query) []s3cors.Rule { return oneOf(rules, 0) })),
	is("rules-merged", narrowed(merged)),
	is("specific-first", narrowed(func(_ *evaluator, rules []s3cors.Rule, q *query) []s3cors.Rule {
		rules = slices.Clone(rules)
		slices.SortStableFunc(rules, func(a, b s3cors.Rule) int { return literal(b, q) - literal(a, q) })
		return rules
	})),
}

// narrowed chooses among other rules than those of the bucket.
func narrowed(rules func(e *evaluator, rules []s3cors.Rule, q *query) []s3cors.Rule) func(*evaluator) {
	return func(e *evaluator) {
		choose := e.choose
		e.choose = func(e *evaluator, all []s3cors.Rule, q *query) *s3cors.Rule { return choose(e, rules(e, all, q), q) }
	}
}

func oneOf(rules []s3cors.Rule, i int) []s3cors.Rule {
	if i < 0 || i >= len(rules) {
		return nil
	}
	return rules[i : i+1]
}

// merged makes one rule of all that admit the origin.
func merged(e *evaluator, rules []s3cors.Rule, q *query) []s3cors.Rule {
	var one s3cors.Rule
	for _, rule := range rules {
		if !e.admits(e, &rule, q) {
			continue
		}
		one.AllowedOrigins = united(one.AllowedOrigins, rule.AllowedOrigins)
		one.AllowedMethods = united(one.AllowedMethods, rule.AllowedMethods)
		one.AllowedHeaders = united(one.AllowedHeaders, rule.AllowedHeaders)
		one.ExposeHeaders = united(one.ExposeHeaders, rule.ExposeHeaders)
		if one.MaxAgeSeconds == nil {
			one.MaxAgeSeconds = rule.MaxAgeSeconds
		}
	}
	return []s3cors.Rule{one}
}

func united(some, more []string) []string {
	all := slices.Clone(some)
	for _, text := range more {
		if !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}

func literal(rule s3cors.Rule, q *query) int {
	if slices.Contains(rule.AllowedOrigins, q.origin) {
		return 1
	}
	return 0
}

// patterns are the classes that read the star of an origin otherwise.
var patterns = []deviation{
	is("star-bare-only", starred(func(head, tail, origin string, matches bool) bool { return head+"*"+tail == origin })),
	is("star-after-scheme-only", starred(func(head, _, _ string, matches bool) bool {
		return matches && (head == "http://" || head == "https://")
	})),
	is("star-nonempty", starred(func(head, tail, origin string, matches bool) bool {
		return matches && len(origin) > len(head)+len(tail)
	})),
	is("star-one-label", starStopsAt(".")),
	is("star-no-slash", starStopsAt("/")),
	is("star-no-port", starStopsAt(":")),
	is("overlap", starred(func(head, tail, origin string, _ bool) bool {
		return strings.HasPrefix(origin, head) && strings.HasSuffix(origin, tail)
	})),
	is("no-end-anchor", loose(func(p string) string { return "^" + p }), pattern(func(p, origin string, matches bool) bool {
		return matches || p != "" && !strings.Contains(p, "*") && strings.HasPrefix(origin, p)
	})),
	is("substring", loose(func(p string) string { return p }), pattern(func(p, origin string, matches bool) bool {
		return matches || strings.Contains(origin, p) || strings.Contains(p, origin)
	})),
	is("literal-suffix", pattern(func(p, origin string, matches bool) bool {
		_, host, hasScheme := strings.Cut(p, "://")
		if !hasScheme {
			host = p
		}
		return matches || host != "" && !strings.Contains(p, "*") && strings.HasSuffix(origin, host)
	})),
	is("dot-any", pattern(func(p, origin string, matches bool) bool {
		quoted := strings.ReplaceAll(strings.ReplaceAll(regexp.QuoteMeta(p), `\.`, `.`), `\*`, `.*`)
		return matches || compiled("(?s)^"+quoted+"$").MatchString(origin)
	})),
	is("trailing-star-eats", pattern(func(p, origin string, matches bool) bool {
		head, ends := strings.CutSuffix(p, "*")
		if !ends || head == "" {
			return matches
		}
		return strings.HasPrefix(origin, head[:len(head)-1])
	})),
	is("shared-suffix", admitting(func(rule *s3cors.Rule, q *query, admitted bool) bool { return admitted || concatenated(rule, q.origin) })),
	is("short-origin-crash", func(e *evaluator) {
		admits := e.admits
		e.admits = func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			for _, p := range rule.AllowedOrigins {
				if strings.Contains(p, "*") && len(q.origin) < len(p)-1 {
					panic(crash{})
				}
				if e.pattern(p, q.origin) {
					break
				}
			}
			return admits(e, rule, q)
		}
	}),
	is("origin-must-parse", unparsed(500, "InternalError"), unparsed(400, "BadRequest")),
}

// A crash is what a panic of short-origin-crash carries; evaluate makes a 500 of it.
type crash struct{}

// pattern changes what a pattern of an origin matches.
func pattern(match func(p, origin string, matches bool) bool) func(*evaluator) {
	return func(e *evaluator) {
		pattern := e.pattern
		e.pattern = func(p, origin string) bool { return match(p, origin, pattern(p, origin)) }
	}
}

// starred changes what a pattern with characters beside its star matches.
func starred(match func(head, tail, origin string, matches bool) bool) func(*evaluator) {
	return pattern(func(p, origin string, matches bool) bool {
		head, tail, star := strings.Cut(p, "*")
		if !star || p == "*" {
			return matches
		}
		return match(head, tail, origin, matches)
	})
}

func starStopsAt(character string) func(*evaluator) {
	return starred(func(head, tail, origin string, matches bool) bool {
		return matches && !strings.Contains(origin[len(head):len(origin)-len(tail)], character)
	})
}

// loose matches by a regular expression that lacks an anchor.
func loose(anchored func(pattern string) string) func(*evaluator) {
	return pattern(func(p, origin string, matches bool) bool {
		quoted := strings.ReplaceAll(regexp.QuoteMeta(p), `\*`, `.*`)
		return matches || compiled("(?s)"+anchored(quoted)).MatchString(origin)
	})
}

// compiled keeps expressions, of which there are few.
func compiled(expression string) *regexp.Regexp {
	known, _ := expressions.LoadOrStore(expression, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) }))
	return known.(func() *regexp.Regexp)()
}

var expressions sync.Map

// concatenated reports whether an origin is put together of two listed hosts, of
// which the first may lack the end that they have in common.
func concatenated(rule *s3cors.Rule, origin string) bool {
	scheme, host, ok := strings.Cut(origin, "://")
	for _, a := range rule.AllowedOrigins {
		first, isFirst := strings.CutPrefix(a, scheme+"://")
		for _, b := range rule.AllowedOrigins {
			second, isSecond := strings.CutPrefix(b, scheme+"://")
			if !ok || !isFirst || !isSecond || a == b || strings.Contains(a+b, "*") {
				continue
			}
			common := 0
			for common < min(len(first), len(second)) && first[len(first)-1-common] == second[len(second)-1-common] {
				common++
			}
			if common > 0 && (host == first+second || host == first[:len(first)-common]+second) {
				return true
			}
		}
	}
	return false
}

// unparsed fails where the origin is no URL.
func unparsed(status int, code string) func(*evaluator) {
	return ahead(func(_ *evaluator, q *query, _ bucket) (answer, bool) {
		u, err := url.Parse(q.origin)
		if q.origin == "" || err == nil && u.Scheme != "" && u.Host != "" {
			return answer{}, false
		}
		return refused(status, code, "We encountered an internal error. Please try again."), true
	})
}

// ahead answers before anything else is looked at.
func ahead(first func(e *evaluator, q *query, b bucket) (answer, bool)) func(*evaluator) {
	return func(e *evaluator) {
		before := e.first
		e.first = func(q *query, b bucket) (answer, bool) {
			if a, ok := before(q, b); ok {
				return a, ok
			}
			return first(e, q, b)
		}
	}
}

// admitting changes which origins a rule admits.
func admitting(admits func(rule *s3cors.Rule, q *query, admitted bool) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.admits
		e.admits = func(e *evaluator, rule *s3cors.Rule, q *query) bool { return admits(rule, q, before(e, rule, q)) }
	}
}

// comparing changes both sides of a comparison of origins.
func comparing(change func(text string) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.pattern
		e.pattern = func(p, origin string) bool { return before(change(p), change(origin)) }
	}
}

// origins are the classes that read the origin, or answer it, otherwise.
var origins = []deviation{
	is("origin-nocase", comparing(strings.ToLower)),
	is("origin-trim-slash", comparing(func(text string) string { return strings.TrimSuffix(text, "/") })),
	is("default-port", comparing(func(text string) string {
		if strings.HasPrefix(text, "https://") {
			return strings.TrimSuffix(text, ":443")
		}
		if strings.HasPrefix(text, "http://") {
			return strings.TrimSuffix(text, ":80")
		}
		return text
	})),
	is("scheme-ignored", comparing(func(text string) string {
		return strings.TrimPrefix(strings.TrimPrefix(text, "https://"), "http://")
	}), comparing(func(text string) string { return strings.Replace(text, "https://", "http://", 1) })),
	is("null-never", admitting(func(_ *s3cors.Rule, q *query, admitted bool) bool { return admitted && q.origin != "null" })),
	is("null-always", admitting(func(_ *s3cors.Rule, q *query, admitted bool) bool { return admitted || q.origin == "null" })),
	is("referer", func(e *evaluator) {
		before := e.origin
		e.origin = func(q *query) (string, bool) {
			if origin, present := before(q); present {
				return origin, present
			}
			u, err := url.Parse(e.field(q, "Referer"))
			if err != nil || u.Host == "" {
				return "", false
			}
			return u.Scheme + "://" + u.Host, true
		}
	}),
	is("empty-origin-present", func(e *evaluator) {
		before := e.origin
		e.origin = func(q *query) (string, bool) {
			origin, present := before(q)
			return origin, present || q.lines("Origin") != nil
		}
	}),
	is("reflect-any", func(e *evaluator) {
		e.admits = func(*evaluator, *s3cors.Rule, *query) bool { return true }
		e.star = func(*s3cors.Rule, *query) bool { return false }
	}, func(e *evaluator) {
		e.star = func(*s3cors.Rule, *query) bool { return false }
		e.noMatch = func(q *query, _ bucket, _ answer) answer { return echoing(q, answer{}) }
	}),
	is("reflect-star", func(e *evaluator) { e.star = func(*s3cors.Rule, *query) bool { return false } }),
	is("cred-with-star", credentials(func(string, *s3cors.Rule, *query) string { return "true" })),
	is("cred-false-with-star", credentials(func(there string, _ *s3cors.Rule, _ *query) string {
		if there == "" {
			return "false"
		}
		return there
	})),
	is("cred-never", credentials(func(string, *s3cors.Rule, *query) string { return "" })),
	is("cred-exact-only", credentials(func(there string, rule *s3cors.Rule, q *query) string {
		if literal(*rule, q) == 0 {
			return ""
		}
		return there
	})),
	is("authorization-means-echo", star(func(there bool, _ *s3cors.Rule, q *query) bool { return there && q.lines("Authorization") == nil })),
	is("star-by-list-order", star(func(there bool, rule *s3cors.Rule, q *query) bool { return there && firstAdmitting(rule, q) == "*" })),
	is("pattern-gives-star", func(e *evaluator) {
		before := e.star
		e.star = func(rule *s3cors.Rule, q *query) bool { return before(rule, q) || literal(*rule, q) == 0 }
	}),
	is("acao-joined", allowOrigin(func(_ string, rule *s3cors.Rule, _ *query) string { return strings.Join(rule.AllowedOrigins, ", ") })),
	is("acao-pattern", allowOrigin(func(there string, rule *s3cors.Rule, q *query) string {
		if p := firstAdmitting(rule, q); p != "" {
			return p
		}
		return there
	}), allowOrigin(func(there string, rule *s3cors.Rule, q *query) string {
		if p := firstAdmitting(rule, q); p != "" && there != "*" {
			return p
		}
		return there
	})),
	is("acao-star-on-preflight", star(func(there bool, _ *s3cors.Rule, q *query) bool { return there || q.preflight })),
	is("acao-twice", granting(func(_ *query, _ *s3cors.Rule, a answer) answer {
		a.headers = append([]vectors.Pair{a.headers[0]}, a.headers...)
		return a
	})),
	is("acao-null-on-mismatch", goingOn(vectors.Pair{"Access-Control-Allow-Origin", "null"})),
}

func star(star func(there bool, rule *s3cors.Rule, q *query) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.star
		e.star = func(rule *s3cors.Rule, q *query) bool { return star(before(rule, q), rule, q) }
	}
}

func credentials(credentials func(there string, rule *s3cors.Rule, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.credentials
		e.credentials = func(rule *s3cors.Rule, q *query) string { return credentials(before(rule, q), rule, q) }
	}
}

func allowOrigin(origin func(there string, rule *s3cors.Rule, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowOrigin
		e.allowOrigin = func(rule *s3cors.Rule, q *query) string { return origin(before(rule, q), rule, q) }
	}
}

func granting(granted func(q *query, rule *s3cors.Rule, a answer) answer) func(*evaluator) {
	return func(e *evaluator) {
		before := e.granted
		e.granted = func(q *query, rule *s3cors.Rule, a answer) answer { return granted(q, rule, before(q, rule, a)) }
	}
}

// mismatching changes the answer where no rule matches.
func mismatching(noMatch func(e *evaluator, q *query, b bucket, a answer) answer) func(*evaluator) {
	return func(e *evaluator) {
		before := e.noMatch
		e.noMatch = func(q *query, b bucket, a answer) answer { return noMatch(e, q, b, before(q, b, a)) }
	}
}

// goingOn adds fields to an actual request that no rule matches.
func goingOn(fields ...vectors.Pair) func(*evaluator) {
	return mismatching(func(_ *evaluator, q *query, _ bucket, a answer) answer {
		if !q.preflight {
			a.headers = append(a.headers, fields...)
		}
		return a
	})
}

// firstAdmitting returns the first of a rule's origins that admits the request's.
func firstAdmitting(rule *s3cors.Rule, q *query) string {
	i := slices.IndexFunc(rule.AllowedOrigins, func(p string) bool { return wildcard(p, q.origin) })
	if i < 0 {
		return ""
	}
	return rule.AllowedOrigins[i]
}

// varies are the classes that send another Vary.
var varies = []deviation{
	is("vary-absent", vary(func(string, *s3cors.Rule, *query) string { return "" })),
	is("vary-origin-only", vary(func(string, *s3cors.Rule, *query) string { return "Origin" })),
	is("vary-order", vary(func(string, *s3cors.Rule, *query) string {
		return "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
	})),
	is("vary-absent-on-preflight", vary(func(there string, _ *s3cors.Rule, q *query) string { return where(!q.preflight, there, "") })),
	is("vary-without-origin-on-preflight", vary(func(there string, _ *s3cors.Rule, q *query) string {
		return where(!q.preflight, there, "Access-Control-Request-Headers, Access-Control-Request-Method")
	})),
	is("vary-origin-on-actual", vary(func(there string, _ *s3cors.Rule, q *query) string { return where(q.preflight, there, "Origin") })),
	is("vary-absent-with-star", func(e *evaluator) {
		before := e.vary
		e.vary = func(rule *s3cors.Rule, q *query) string { return where(!e.star(rule, q), before(rule, q), "") }
	}),
	is("vary-only-several-origins", vary(func(there string, rule *s3cors.Rule, _ *query) string {
		return where(len(rule.AllowedOrigins) > 1, there, "")
	})),
	is("vary-on-mismatch", goingOn(vectors.Pair{"Vary", varyOfS3}), goingOn(vectors.Pair{"Vary", "Origin"})),
	is("vary-without-origin", withoutOrigin(varyOfS3), withoutOrigin("Origin")),
}

func vary(vary func(there string, rule *s3cors.Rule, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.vary
		e.vary = func(rule *s3cors.Rule, q *query) string { return vary(before(rule, q), rule, q) }
	}
}

func withoutOrigin(vary string) func(*evaluator) {
	return func(e *evaluator) {
		e.notCORS = func(_ *query, a answer) answer {
			a.headers = append(a.headers, vectors.Pair{"Vary", vary})
			return a
		}
	}
}

func where(ok bool, then, otherwise string) string {
	if ok {
		return then
	}
	return otherwise
}

// lists are the classes that send other lists of methods and headers.
var lists = []deviation{
	is("acam-requested", allowMethods(func(_ string, q *query) string { return q.method })),
	is("acam-absent", allowMethods(func(string, *query) string { return "" })),
	is("acam-absent-on-actual", allowMethods(func(there string, q *query) string { return where(q.preflight, there, "") })),
	is("acam-options", allowMethods(func(there string, _ *query) string { return there + ", OPTIONS" }),
		allowMethods(func(there string, _ *query) string { return "OPTIONS, " + there })),
	is("acam-fixed", allowMethods(func(string, *query) string { return "GET, PUT, POST, DELETE, HEAD" }),
		allowMethods(func(string, *query) string { return "GET, HEAD, PUT, POST, DELETE" }),
		allowMethods(func(string, *query) string { return "GET, HEAD, PUT, POST, DELETE, OPTIONS" }),
		allowMethods(func(string, *query) string { return "GET, PUT, POST, DELETE, HEAD, OPTIONS" })),
	is("acah-absent", allowHeaders(func(string, bool, *s3cors.Rule, *query) (string, bool) { return "", false })),
	is("acah-rule-list", allowHeaders(func(_ string, _ bool, rule *s3cors.Rule, _ *query) (string, bool) { return ruleList(rule) })),
	is("acah-rule-list-on-actual", allowHeaders(func(there string, ok bool, rule *s3cors.Rule, q *query) (string, bool) {
		if q.preflight {
			return there, ok
		}
		return ruleList(rule)
	})),
	is("acah-star", allowHeaders(func(there string, ok bool, rule *s3cors.Rule, _ *query) (string, bool) {
		if ok && slices.Contains(rule.AllowedHeaders, "*") {
			return "*", true
		}
		return there, ok
	}), allowHeaders(func(string, bool, *s3cors.Rule, *query) (string, bool) { return "*", true })),
	is("acah-case", allowHeaders(func(_ string, ok bool, _ *s3cors.Rule, q *query) (string, bool) {
		return strings.Join(q.tokens, ", "), ok
	})),
	is("acah-raw", allowHeaders(func(_ string, ok bool, _ *s3cors.Rule, q *query) (string, bool) { return q.raw, ok }),
		allowHeaders(func(_ string, _ bool, _ *s3cors.Rule, q *query) (string, bool) { return q.raw, q.raw != "" })),
	is("acah-absent-on-actual", allowHeaders(func(there string, ok bool, _ *s3cors.Rule, q *query) (string, bool) { return there, ok && q.preflight })),
}

func ruleList(rule *s3cors.Rule) (string, bool) {
	return strings.Join(rule.AllowedHeaders, ", "), len(rule.AllowedHeaders) > 0
}

func allowMethods(methods func(there string, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowMethods
		e.allowMethods = func(rule *s3cors.Rule, q *query) string { return methods(before(rule, q), q) }
	}
}

func allowHeaders(headers func(there string, ok bool, rule *s3cors.Rule, q *query) (string, bool)) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowHeaders
		e.allowHeaders = func(rule *s3cors.Rule, q *query) (string, bool) {
			there, ok := before(rule, q)
			return headers(there, ok, rule, q)
		}
	}
}

// comparedAs compares the names of rules and requests as two functions make them.
func comparedAs(pattern, requested func(string) string) func(*evaluator) {
	return func(e *evaluator) {
		e.allowsName = func(rule *s3cors.Rule, name string, match func(pattern, name string) bool) bool {
			return slices.ContainsFunc(rule.AllowedHeaders, func(p string) bool { return match(pattern(p), requested(name)) })
		}
	}
}

func asIs(s string) string { return s }

// names are the classes that read or test the requested headers otherwise.
var names = []deviation{
	is("header-case", comparedAs(asIs, asIs), comparedAs(asIs, strings.ToLower), comparedAs(strings.ToLower, asIs)),
	is("header-star-bare-only", named(func(p, name string, matches bool) bool {
		return matches && (p == "*" || !strings.Contains(p, "*"))
	})),
	is("header-star-trailing-only", named(func(p, name string, matches bool) bool {
		return matches && !strings.Contains(strings.TrimSuffix(p, "*"), "*")
	})),
	is("header-prefix", named(func(p, name string, matches bool) bool { return matches || strings.HasPrefix(name, p) })),
	is("no-allowed-headers-allows-all", allowing(func(rule *s3cors.Rule, _ *query, allowed bool) bool {
		return allowed || len(rule.AllowedHeaders) == 0
	})),
	is("headers-unchecked", allowing(func(*s3cors.Rule, *query, bool) bool { return true })),
	is("headers-unchecked-on-actual", allowing(func(_ *s3cors.Rule, q *query, allowed bool) bool { return allowed || !q.preflight })),
	is("safelisted-allowed", allowed(func(name string) bool { return slices.Contains(safelisted, name) }), allowed(func(name string) bool {
		return slices.Contains([]string{"accept", "content-type", "x-requested-with"}, name)
	})),
	is("origin-header-allowed", allowed(func(name string) bool { return name == "origin" })),
	is("not-split", func(e *evaluator) {
		e.tokens = func(value string) []string { return nonEmpty(value) }
		e.legal = func(string) bool { return true }
	}, func(e *evaluator) { e.tokens = nonEmpty }),
	is("any-name-suffices", func(e *evaluator) {
		e.allowsNames = func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			return len(q.tokens) == 0 || slices.ContainsFunc(q.tokens, func(t string) bool { return e.allowsName(rule, t, e.name) })
		}
	}),
	is("one-entry-for-all", func(e *evaluator) {
		e.allowsNames = func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			return len(q.tokens) == 0 || slices.ContainsFunc(rule.AllowedHeaders, func(p string) bool {
				one := s3cors.Rule{AllowedHeaders: []string{p}}
				return !slices.ContainsFunc(q.tokens, func(t string) bool { return !e.allowsName(&one, t, e.name) })
			})
		}
	}),
	is("split-no-trim", func(e *evaluator) {
		e.tokens = func(value string) []string { return withoutTrailing(strings.Split(value, ",")) }
	}, func(e *evaluator) {
		e.tokens = func(value string) []string { return withoutTrailing(compiled(",+").Split(value, -1)) }
	}),
	is("empty-acrh-refused", allowing(func(_ *s3cors.Rule, q *query, allowed bool) bool { return allowed && (!q.asked || len(q.tokens) > 0) })),
	is("empty-is-a-token", func(e *evaluator) {
		before := e.tokens
		e.tokens = func(value string) []string {
			if some := before(value); len(some) > 0 {
				return some
			}
			return []string{""}
		}
	}),
	is("split-each-comma", func(e *evaluator) {
		e.tokens = func(value string) []string { return withoutTrailing(trimmed(value)) }
	}),
	is("drop-all-empty", func(e *evaluator) {
		e.tokens = func(value string) []string {
			return slices.DeleteFunc(trimmed(value), func(name string) bool { return name == "" })
		}
	}),
	is("first-line-only", func(e *evaluator) {
		e.field = func(q *query, name string) string {
			return strings.Join(q.lines(name)[:min(1, len(q.lines(name)))], "")
		}
	}),
	is("last-line-only", func(e *evaluator) {
		e.field = func(q *query, name string) string {
			return strings.Join(q.lines(name)[max(0, len(q.lines(name))-1):], "")
		}
	}),
	is("dedup-names", rewriting(func(names []string) []string { return united(nil, names) })),
	is("sorted-names", rewriting(func(names []string) []string { slices.Sort(names); return names })),
	is("tokens-unchecked", func(e *evaluator) { e.legal = func(string) bool { return true } }),
}

// named changes what an AllowedHeader matches; both are in lower case.
func named(match func(pattern, name string, matches bool) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.name
		e.name = func(p, name string) bool { return match(p, name, before(p, name)) }
	}
}

// allowing changes which requested headers a rule allows.
func allowing(allows func(rule *s3cors.Rule, q *query, allowed bool) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowsNames
		e.allowsNames = func(e *evaluator, rule *s3cors.Rule, q *query) bool { return allows(rule, q, before(e, rule, q)) }
	}
}

// allowed lets every rule allow some names, which are in lower case.
func allowed(free func(name string) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowsName
		e.allowsName = func(rule *s3cors.Rule, name string, match func(pattern, name string) bool) bool {
			return before(rule, name, match) || free(strings.ToLower(name))
		}
	}
}

func nonEmpty(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func trimmed(value string) []string {
	names := strings.Split(value, ",")
	for i := range names {
		names[i] = strings.Trim(names[i], " \t")
	}
	return names
}

// rewriting changes the list of names before it is checked.
func rewriting(rewrite func(lower []string) []string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.tokens
		e.tokens = func(value string) []string {
			names := before(value)
			for i := range names {
				names[i] = strings.ToLower(names[i])
			}
			return rewrite(names)
		}
	}
}

// methods are the classes that read or test the method otherwise.
var methods = []deviation{
	is("acrm-ignored", requested(func(*query, string) string { return "" }),
		requested(func(q *query, method string) string { return where(q.preflight, "", method) })),
	is("method-unchecked", tested(func(_ *s3cors.Rule, _ *query, allowed bool) bool { return true })),
	is("method-unchecked-on-actual", tested(func(_ *s3cors.Rule, q *query, allowed bool) bool { return allowed || !q.preflight })),
	is("origin-unchecked-on-actual", admitting(func(_ *s3cors.Rule, q *query, admitted bool) bool { return admitted || !q.preflight })),
	is("acrm-actual-ignored", requested(func(q *query, method string) string { return where(q.preflight, method, "") })),
	is("acrh-actual-ignored", func(e *evaluator) {
		before := e.field
		e.field = func(q *query, name string) string {
			return where(q.preflight || name != "Access-Control-Request-Headers", before(q, name), "")
		}
	}),
	is("invalid-actual-goes-on", func(e *evaluator) {
		before := e.invalid
		e.invalid = func(q *query, a answer) answer {
			if a = before(q, a); q.preflight {
				return a
			}
			return answer{}
		}
	}),
	is("get-implies-head", tested(func(rule *s3cors.Rule, q *query, allowed bool) bool {
		return allowed || q.method == "HEAD" && slices.Contains(rule.AllowedMethods, "GET")
	})),
	is("options-implied", tested(func(_ *s3cors.Rule, q *query, allowed bool) bool { return allowed || q.method == "OPTIONS" })),
	is("acrm-upper", requested(func(_ *query, method string) string { return strings.ToUpper(method) })),
	is("any-method-valid", func(e *evaluator) { e.known = func(string) bool { return true } }),
	is("patch-invalid", func(e *evaluator) {
		before := e.known
		e.known = func(method string) bool { return before(method) && method != "PATCH" }
	}),
	is("no-acrm-400", withoutMethod(refused(400, "BadRequest", "Invalid Access-Control-Request-Method: null"))),
	is("no-acrm-200", withoutMethod(answer{status: 200})),
}

func requested(method func(q *query, method string) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.method
		e.method = func(q *query) string { return method(q, before(q)) }
	}
}

func tested(allows func(rule *s3cors.Rule, q *query, allowed bool) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowsMethod
		e.allowsMethod = func(rule *s3cors.Rule, q *query) bool { return allows(rule, q, before(rule, q)) }
	}
}

// withoutMethod answers a preflight that has an Origin and requests no method.
func withoutMethod(a answer) func(*evaluator) {
	return ahead(func(e *evaluator, q *query, _ bucket) (answer, bool) {
		return a, q.preflight && q.origin != "" && e.method(q) == ""
	})
}

// answers are the classes that answer with another status or error.
var answers = []deviation{
	is("no-origin-passes", func(e *evaluator) { e.noOrigin = func(*query, answer) answer { return answer{status: 200} } },
		func(e *evaluator) { e.noOrigin = func(*query, answer) answer { return answer{status: 204} } }),
	is("no-origin-403", func(e *evaluator) {
		e.noOrigin = func(q *query, _ answer) answer { return refused(403, "AccessForbidden", mismatch) }
	}, func(e *evaluator) {
		e.noOrigin = func(q *query, _ answer) answer {
			return refused(403, "AccessForbidden", mismatch, "Method", where(q.requested == "", "OPTIONS", q.requested), "ResourceType", strings.ToUpper(q.Target))
		}
	}),
	is("preflight-authenticated", authenticated("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method."),
		authenticated("AccessDenied", "Access Denied")),
	is("preflight-204", granting(func(q *query, _ *s3cors.Rule, a answer) answer {
		if q.preflight {
			a.status = 204
		}
		return a
	})),
	is("mismatch-200", refusing(answer{status: 200})),
	is("mismatch-204", refusing(answer{status: 204})),
	is("mismatch-acao", mismatching(func(e *evaluator, q *query, b bucket, a answer) answer {
		if q.preflight && slices.ContainsFunc(b.rules, func(rule s3cors.Rule) bool { return e.admits(e, &rule, q) }) {
			return answer{status: 200, headers: []vectors.Pair{{"Access-Control-Allow-Origin", q.origin}}}
		}
		return a
	})),
	is("actual-mismatch-403", stopping("AccessDenied", "Access Denied"), stopping("AccessForbidden", mismatch)),
	is("code-corsresponse", refusals(recode("CORSResponse")), allRefusals(recode("CORSResponse")), refusals(recode("AccessDenied"))),
	is("error-without-elements", refusals(func(_ *query, a answer) answer { a.err = a.err[:2]; return a }),
		refusals(func(_ *query, a answer) answer {
			a.err = append(slices.Clip(a.err[:2]), vectors.Pair{"Resource", "/"})
			return a
		})),
	is("method-element-options", allRefusals(func(_ *query, a answer) answer { return element(a, "Method", "OPTIONS") })),
	is("type-always-object", refusals(func(_ *query, a answer) answer { return element(a, "ResourceType", "OBJECT") }),
		allRefusals(func(_ *query, a answer) answer { return element(a, "ResourceType", "OBJECT") })),
	is("refusal-with-vary", refusals(alsoSending("Vary", varyOfS3)), allRefusals(alsoSending("Vary", varyOfS3)), func(e *evaluator) {
		allRefusals(alsoSending("Vary", "Origin"))(e)
		for _, point := range []*func(q *query, a answer) answer{&e.noOrigin, &e.invalid} {
			before := *point
			*point = func(q *query, a answer) answer { return alsoSending("Vary", "Origin")(q, before(q, a)) }
		}
	}, refusals(alsoSending("Access-Control-Allow-Origin", "*"))),
	is("unconfigured-grants", func(e *evaluator) { e.notEnabled = grantingAll }, func(e *evaluator) { e.notEnabled = echoing }),
	is("unconfigured-as-mismatch", func(e *evaluator) {
		e.notEnabled = func(q *query, _ answer) answer {
			return e.noMatch(q, bucket{}, forbidden(q, mismatch, strings.ToUpper(q.Target)))
		}
	}),
	is("not-enabled-type-by-path", func(e *evaluator) {
		before := e.notEnabled
		e.notEnabled = func(q *query, a answer) answer {
			return element(before(q, a), "ResourceType", strings.ToUpper(q.Target))
		}
	}),
	is("missing-bucket-grants", func(e *evaluator) { e.noBucket = grantingAll }, func(e *evaluator) { e.noBucket = echoing }),
	is("missing-bucket-404", func(e *evaluator) {
		e.noBucket = func(q *query, a answer) answer {
			if !q.preflight {
				return a
			}
			return refused(404, "NoSuchBucket", "The specified bucket does not exist")
		}
	}),
	is("bucket-before-method", func(e *evaluator) { e.lookupBefore = true }),
}

func authenticated(code, message string) func(*evaluator) {
	return ahead(func(_ *evaluator, q *query, _ bucket) (answer, bool) {
		signed := q.lines("Authorization") != nil || q.lines("Cookie") != nil || strings.Contains(q.rawQuery, "X-Amz-Signature")
		return refused(403, code, message), q.preflight && signed
	})
}

// refusing answers the preflights that no rule matches.
func refusing(a answer) func(*evaluator) {
	return mismatching(func(_ *evaluator, q *query, _ bucket, there answer) answer {
		if q.preflight {
			return a
		}
		return there
	})
}

// stopping refuses the actual requests that no rule matches.
func stopping(code, message string) func(*evaluator) {
	return mismatching(func(_ *evaluator, q *query, _ bucket, a answer) answer {
		if q.preflight {
			return a
		}
		return refused(403, code, message)
	})
}

// refusals changes the 403 of a preflight that no rule matches.
func refusals(change func(q *query, a answer) answer) func(*evaluator) {
	return mismatching(func(_ *evaluator, q *query, _ bucket, a answer) answer {
		if a.err == nil {
			return a
		}
		return change(q, a)
	})
}

// allRefusals changes every 403 of a preflight.
func allRefusals(change func(q *query, a answer) answer) func(*evaluator) {
	return func(e *evaluator) {
		refusals(change)(e)
		for _, point := range []*func(q *query, a answer) answer{&e.noBucket, &e.notEnabled} {
			before := *point
			*point = func(q *query, a answer) answer {
				if a = before(q, a); a.err == nil {
					return a
				}
				return change(q, a)
			}
		}
	}
}

// alsoSending adds a field to a refusal.
func alsoSending(name, value string) func(q *query, a answer) answer {
	return func(_ *query, a answer) answer {
		a.headers = append(slices.Clip(a.headers), vectors.Pair{name, value})
		return a
	}
}

func recode(code string) func(q *query, a answer) answer {
	return func(_ *query, a answer) answer { return element(a, "Code", code) }
}

// element changes the text of an error's element.
func element(a answer, name, text string) answer {
	for i := range a.err {
		if a.err[i][0] == name {
			a.err[i][1] = text
		}
	}
	return a
}

// grantingAll is the answer of a server without rules that admits everybody.
func grantingAll(q *query, _ answer) answer {
	a := answer{headers: []vectors.Pair{{"Access-Control-Allow-Origin", "*"}, {"Vary", varyOfS3}}}
	if q.preflight {
		a.status = 200
	}
	return a
}

// echoing is the same of a server that sends the origin back.
func echoing(q *query, _ answer) answer {
	a := answer{headers: []vectors.Pair{{"Access-Control-Allow-Origin", q.origin}, {"Access-Control-Allow-Credentials", "true"}}}
	if q.preflight {
		a.status = 200
	}
	return a
}

// values are the classes that send other values, and the rest.
var values = []deviation{
	is("expose-absent", expose(func(string, *s3cors.Rule, *query) string { return "" })),
	is("expose-absent-on-preflight", expose(func(there string, _ *s3cors.Rule, q *query) string { return where(!q.preflight, there, "") })),
	is("expose-absent-on-actual", expose(func(there string, _ *s3cors.Rule, q *query) string { return where(q.preflight, there, "") })),
	is("expose-etag", expose(func(there string, rule *s3cors.Rule, _ *query) string {
		if slices.ContainsFunc(rule.ExposeHeaders, func(name string) bool { return strings.EqualFold(name, "ETag") }) {
			return there
		}
		return strings.TrimPrefix(there+", ETag", ", ")
	}), expose(func(there string, rule *s3cors.Rule, _ *query) string { return where(there != "", there, "ETag") }),
		expose(func(there string, _ *s3cors.Rule, _ *query) string { return strings.TrimSuffix("ETag, "+there, ", ") }),
		expose(func(string, *s3cors.Rule, *query) string { return "ETag" })),
	is("expose-nospace", expose(func(_ string, rule *s3cors.Rule, _ *query) string { return strings.Join(exposed(rule), ",") })),
	is("expose-lower", expose(func(there string, _ *s3cors.Rule, _ *query) string { return strings.ToLower(there) })),
	is("max-age-zero-dropped", maxAge(func(there string, _ *query) string { return where(there == "0", "", there) })),
	is("max-age-absent", maxAge(func(string, *query) string { return "" })),
	is("max-age-absent-on-actual", maxAge(func(there string, q *query) string { return where(q.preflight, there, "") })),
	is("max-age-absent-on-preflight", maxAge(func(there string, q *query) string { return where(!q.preflight, there, "") })),
	is("max-age-default", maxAge(func(there string, _ *query) string { return where(there != "", there, "0") })),
	is("no-size-limit", func(e *evaluator) { e.large = func(*query) bool { return false } }),
	is("sent-headers-checked", sent(func(name string) bool {
		return !strings.HasPrefix(name, "access-control-") && !slices.Contains(safelisted, name) && !slices.Contains(transport, name)
	}), sent(func(name string) bool { return strings.HasPrefix(name, "x-amz-") })),
	is("private-network-granted", granting(func(q *query, _ *s3cors.Rule, a answer) answer {
		if q.preflight && q.lines("Access-Control-Request-Private-Network") != nil {
			a.headers = append(a.headers, vectors.Pair{"Access-Control-Allow-Private-Network", "true"})
		}
		return a
	})),
}

// safelisted are the names that Fetch lets every page send.
var safelisted = []string{"accept", "accept-language", "content-language", "content-type"}

// transport are names that no page chooses to send.
var transport = []string{"host", "origin", "referer", "user-agent", "connection", "content-length", "accept-encoding", "cookie", "authorization"}

// sent demands that the headers which an actual request carries be allowed, those
// that count.
func sent(counts func(lower string) bool) func(*evaluator) {
	return func(e *evaluator) {
		before := e.allowsNames
		e.allowsNames = func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			return before(e, rule, q) && (q.preflight || !slices.ContainsFunc(q.Headers, func(h vectors.Pair) bool {
				return counts(strings.ToLower(h[0])) && !e.allowsName(rule, h[0], e.name)
			}))
		}
	}
}

func expose(names func(there string, rule *s3cors.Rule, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.expose
		e.expose = func(rule *s3cors.Rule, q *query) string { return names(before(rule, q), rule, q) }
	}
}

func maxAge(age func(there string, q *query) string) func(*evaluator) {
	return func(e *evaluator) {
		before := e.maxAge
		e.maxAge = func(rule *s3cors.Rule, q *query) string { return age(before(rule, q), q) }
	}
}
