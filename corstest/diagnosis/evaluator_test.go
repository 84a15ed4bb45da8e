//go:build go1.26

package diagnosis

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// An evaluator answers requests in the obvious way, by the steps of section 7 of
// docs/s3-cors.md. Its fields are the points at which the classes of bugs deviate:
// a deviation replaces some of them, mostly by a function that calls the one that
// was there, so that several deviations can be put into one evaluator.
type evaluator struct {
	// Reading the request.
	field  func(q *query, name string) string // the lines of a field as one text
	origin func(q *query) (origin string, present bool)
	method func(q *query) string // the requested method, "" if there is none
	tokens func(value string) []string
	legal  func(token string) bool
	known  func(method string) bool
	large  func(q *query) bool

	// Choosing the rule.
	choose       func(e *evaluator, rules []s3cors.Rule, q *query) *s3cors.Rule // nil if none matches
	admits       func(e *evaluator, rule *s3cors.Rule, q *query) bool           // the origin
	pattern      func(pattern, origin string) bool
	allowsMethod func(rule *s3cors.Rule, q *query) bool
	allowsNames  func(e *evaluator, rule *s3cors.Rule, q *query) bool
	allowsName   func(rule *s3cors.Rule, name string, match func(pattern, name string) bool) bool
	name         func(pattern, name string) bool

	// Making the fields of a match. "" leaves a field out.
	star         func(rule *s3cors.Rule, q *query) bool
	allowOrigin  func(rule *s3cors.Rule, q *query) string
	allowMethods func(rule *s3cors.Rule, q *query) string
	allowHeaders func(rule *s3cors.Rule, q *query) (string, bool)
	expose       func(rule *s3cors.Rule, q *query) string
	maxAge       func(rule *s3cors.Rule, q *query) string
	credentials  func(rule *s3cors.Rule, q *query) string
	vary         func(rule *s3cors.Rule, q *query) string

	// Answering. Each is given the answer that S3 would give.
	first        func(q *query, b bucket) (answer, bool) // before all else
	notCORS      func(q *query, a answer) answer         // an actual request without Origin
	noOrigin     func(q *query, a answer) answer         // a preflight without Origin
	invalid      func(q *query, a answer) answer         // an invalid method or header name
	noBucket     func(q *query, a answer) answer
	notEnabled   func(q *query, a answer) answer
	noMatch      func(q *query, b bucket, a answer) answer
	granted      func(q *query, rule *s3cors.Rule, a answer) answer
	lookupBefore bool // the bucket is looked up before the method is checked
}

// A query is a request, with what the steps made of it.
type query struct {
	vectors.Request
	rawQuery string // what stands behind the question mark of the URL

	preflight bool
	origin    string
	requested string // the requested method
	method    string // the method under test
	raw       string // Access-Control-Request-Headers as it came
	asked     bool   // Access-Control-Request-Headers is there
	tokens    []string
}

// A bucket is what is known of the bucket of a request.
type bucket struct {
	missing bool
	rules   []s3cors.Rule // nil without a configuration
}

// An answer is what CORS has to say. A status of 0 lets the request go on.
type answer struct {
	status  int
	headers []vectors.Pair
	err     vectors.Elements
}

const varyOfS3 = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

const mismatch = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."

// amazon is the evaluator without a deviation.
func amazon(deviations ...func(*evaluator)) *evaluator {
	e := &evaluator{
		field:  joined,
		method: func(q *query) string { return q.requested },
		tokens: tokens,
		legal:  regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]*$").MatchString,
		known: func(method string) bool {
			return slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}, method)
		},
		large:   func(q *query) bool { return len(q.origin+q.requested+q.raw) > 8192 },
		choose:  firstMatch,
		pattern: wildcard,
		name:    wildcard,
		admits: func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			return slices.ContainsFunc(rule.AllowedOrigins, func(p string) bool { return e.pattern(p, q.origin) })
		},
		allowsMethod: func(rule *s3cors.Rule, q *query) bool { return slices.Contains(rule.AllowedMethods, q.method) },
		allowsNames: func(e *evaluator, rule *s3cors.Rule, q *query) bool {
			return !slices.ContainsFunc(q.tokens, func(t string) bool { return !e.allowsName(rule, t, e.name) })
		},
		allowsName: func(rule *s3cors.Rule, name string, match func(pattern, name string) bool) bool {
			return slices.ContainsFunc(rule.AllowedHeaders, func(p string) bool { return match(strings.ToLower(p), strings.ToLower(name)) })
		},

		star:         func(rule *s3cors.Rule, _ *query) bool { return slices.Contains(rule.AllowedOrigins, "*") },
		allowMethods: func(rule *s3cors.Rule, _ *query) string { return strings.Join(rule.AllowedMethods, ", ") },
		allowHeaders: func(_ *s3cors.Rule, q *query) (string, bool) {
			return strings.ToLower(strings.Join(q.tokens, ", ")), len(q.tokens) > 0
		},
		expose: func(rule *s3cors.Rule, _ *query) string { return strings.Join(exposed(rule), ", ") },
		maxAge: func(rule *s3cors.Rule, _ *query) string {
			if rule.MaxAgeSeconds == nil {
				return ""
			}
			return strconv.FormatInt(*rule.MaxAgeSeconds, 10)
		},
		vary: func(*s3cors.Rule, *query) string { return varyOfS3 },

		first:      func(*query, bucket) (answer, bool) { return answer{}, false },
		notCORS:    same,
		noOrigin:   same,
		invalid:    same,
		noBucket:   same,
		notEnabled: same,
		noMatch:    func(_ *query, _ bucket, a answer) answer { return a },
		granted:    func(_ *query, _ *s3cors.Rule, a answer) answer { return a },
	}
	e.origin = func(q *query) (string, bool) {
		origin := e.field(q, "Origin")
		return origin, origin != ""
	}
	e.allowOrigin = func(rule *s3cors.Rule, q *query) string {
		if e.star(rule, q) {
			return "*"
		}
		return q.origin
	}
	e.credentials = func(rule *s3cors.Rule, q *query) string {
		if e.star(rule, q) {
			return ""
		}
		return "true"
	}
	for _, deviate := range deviations {
		deviate(e)
	}
	return e
}

func same(_ *query, a answer) answer { return a }

// evaluate answers a request, with 500 if a deviation crashes.
func (e *evaluator) evaluate(r vectors.Request, rawQuery string, b bucket) (a answer) {
	defer func() {
		if crashed := recover(); crashed == (crash{}) {
			a = refused(500, "InternalError", "We encountered an internal error. Please try again.")
		} else if crashed != nil {
			panic(crashed)
		}
	}()
	q := &query{Request: r, rawQuery: rawQuery, preflight: r.Method == "OPTIONS"}
	q.requested = e.field(q, "Access-Control-Request-Method")
	q.raw = e.field(q, "Access-Control-Request-Headers")
	q.asked = q.lines("Access-Control-Request-Headers") != nil
	var present bool
	q.origin, present = e.origin(q)
	if a, ok := e.first(q, b); ok {
		return a
	}
	if !present && !q.preflight {
		return e.notCORS(q, answer{})
	}
	if !present {
		return e.noOrigin(q, refused(400, "BadRequest", "Insufficient information. Origin request header needed."))
	}
	if e.large(q) {
		return refused(400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed size.", "MaxSizeAllowed", "8192")
	}
	q.method = q.Method
	if requested := e.method(q); requested != "" {
		q.method = requested
	}
	q.tokens = e.tokens(q.raw)
	if e.lookupBefore && b.missing {
		return e.noBucket(q, forbidden(q, "CORSResponse: Bucket not found", "BUCKET"))
	}
	if requested := e.method(q); requested != "" && !e.known(requested) {
		return e.invalid(q, refused(400, "BadRequest", "Invalid Access-Control-Request-Method: "+requested))
	}
	for _, t := range q.tokens {
		if !e.legal(t) {
			return e.invalid(q, refused(400, "BadRequest", `Access-Control-Request-Headers "`+strings.Trim(t, " \t")+`" contains invalid character.`))
		}
	}
	switch {
	case b.missing || r.Target == "service":
		return e.noBucket(q, forbidden(q, "CORSResponse: Bucket not found", "BUCKET"))
	case b.rules == nil:
		return e.notEnabled(q, forbidden(q, "CORSResponse: CORS is not enabled for this bucket.", "BUCKET"))
	}
	if rule := e.choose(e, b.rules, q); rule != nil {
		return e.grant(rule, q)
	}
	return e.noMatch(q, b, forbidden(q, mismatch, strings.ToUpper(r.Target)))
}

// grant makes the answer of a rule.
func (e *evaluator) grant(rule *s3cors.Rule, q *query) answer {
	var a answer
	if q.preflight {
		a.status = 200
	}
	add := func(name, value string, there bool) {
		if there {
			a.headers = append(a.headers, vectors.Pair{name, value})
		}
	}
	origin := e.allowOrigin(rule, q)
	add("Access-Control-Allow-Origin", origin, true)
	methods := e.allowMethods(rule, q)
	add("Access-Control-Allow-Methods", methods, methods != "")
	names, there := e.allowHeaders(rule, q)
	add("Access-Control-Allow-Headers", names, there)
	exposed := e.expose(rule, q)
	add("Access-Control-Expose-Headers", exposed, exposed != "")
	age := e.maxAge(rule, q)
	add("Access-Control-Max-Age", age, age != "")
	credentials := e.credentials(rule, q)
	add("Access-Control-Allow-Credentials", credentials, credentials != "")
	vary := e.vary(rule, q)
	add("Vary", vary, vary != "")
	return e.granted(q, rule, a)
}

// matches reports whether a rule admits the origin, the method and all names.
func (e *evaluator) matches(rule *s3cors.Rule, q *query) bool {
	return e.admits(e, rule, q) && e.allowsMethod(rule, q) && e.allowsNames(e, rule, q)
}

func firstMatch(e *evaluator, rules []s3cors.Rule, q *query) *s3cors.Rule {
	for i := range rules {
		if e.matches(&rules[i], q) {
			return &rules[i]
		}
	}
	return nil
}

// refused makes a refusal; elements are names and texts by turns.
func refused(status int, code, message string, elements ...string) answer {
	a := answer{status: status, err: vectors.Elements{{"Code", code}, {"Message", message}}}
	for pair := range slices.Chunk(elements, 2) {
		a.err = append(a.err, vectors.Pair{pair[0], pair[1]})
	}
	return a
}

// forbidden is the 403 of a preflight; an actual request goes on.
func forbidden(q *query, message, resource string) answer {
	if !q.preflight {
		return answer{}
	}
	return refused(403, "AccessForbidden", message, "Method", q.method, "ResourceType", resource)
}

// lines returns the lines of a field, nil if it is not there.
func (q *query) lines(name string) []string {
	var lines []string
	for _, h := range q.Headers {
		if strings.EqualFold(h[0], name) {
			lines = append(lines, strings.Trim(h[1], " \t"))
		}
	}
	return lines
}

func joined(q *query, name string) string { return strings.Join(q.lines(name), ",") }

var separator = regexp.MustCompile(`,[, \t]*`)

// tokens cuts a value as 4.3/one-rule says.
func tokens(value string) []string { return withoutTrailing(separator.Split(value, -1)) }

func withoutTrailing(names []string) []string {
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1]
	}
	return names
}

// wildcard reports whether a pattern with one "*" at most admits a value.
func wildcard(pattern, value string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == value
	}
	return len(value) >= len(head)+len(tail) && strings.HasPrefix(value, head) && strings.HasSuffix(value, tail)
}

func exposed(rule *s3cors.Rule) []string {
	return slices.DeleteFunc(slices.Clone(rule.ExposeHeaders), func(name string) bool { return name == "" })
}
