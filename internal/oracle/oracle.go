// Package oracle is the obvious evaluator: rules in a loop, patterns by
// definition, nothing precompiled. It says in the plainest code what S3 decides,
// so that the fast engine can be held to it on every input. It shares no code
// with that engine.
package oracle

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// An Answer is what S3 answers, in plain data.
type Answer struct {
	Outcome string
	Rule    int // -1 if no rule matched
	Status  int // 0 if the request goes on
	Headers [][2]string
	Error   *s3cors.Error
}

// Evaluate answers a request on a bucket with the valid configuration c, nil for
// a bucket without one; missing says that there is no such bucket. The steps are
// those of section 7 of docs/s3-cors.md.
func Evaluate(c *s3cors.Configuration, missing bool, r s3cors.Request) Answer {
	preflight := r.Method == "OPTIONS"
	if r.Origin == "" {
		if preflight {
			return refuse("missing-origin", 400, "BadRequest", "Insufficient information. Origin request header needed.")
		}
		return goOn("not-cors")
	}
	if len(r.Origin+r.RequestMethod+r.RequestHeaders) > 8192 {
		return refuse("too-large", 400, "RequestHeaderSectionTooLarge",
			"Your request header section exceeds the maximum allowed size.", "MaxSizeAllowed", "8192")
	}
	method := r.Method
	if r.RequestMethod != "" {
		method = r.RequestMethod
		known := []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"}
		if !slices.Contains(known, method) {
			return refuse("invalid-method", 400, "BadRequest", "Invalid Access-Control-Request-Method: "+method)
		}
	}
	tokens := Tokens(r.RequestHeaders)
	for _, t := range tokens {
		if !legal.MatchString(t) {
			return refuse("invalid-headers", 400, "BadRequest",
				`Access-Control-Request-Headers "`+strings.Trim(t, " \t")+`" contains invalid character.`)
		}
	}
	forbid := func(outcome, message, resource string) Answer {
		if !preflight {
			return goOn(outcome)
		}
		return refuse(outcome, 403, "AccessForbidden", "CORSResponse: "+message, "Method", method, "ResourceType", resource)
	}
	if missing || r.Target == s3cors.TargetService {
		return forbid("no-bucket", "Bucket not found", "BUCKET")
	}
	if c == nil {
		return forbid("not-enabled", "CORS is not enabled for this bucket.", "BUCKET")
	}
	for i, rule := range c.CORSRules {
		if slices.Contains(rule.AllowedMethods, method) && admits(rule.AllowedOrigins, r.Origin) && admitsAll(rule.AllowedHeaders, tokens) {
			return grant(i, rule, r.Origin, tokens, preflight)
		}
	}
	resource := "OBJECT"
	if r.Target == s3cors.TargetBucket {
		resource = "BUCKET"
	}
	return forbid("no-match", "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.", resource)
}

func grant(i int, rule s3cors.Rule, origin string, tokens []string, preflight bool) Answer {
	a := Answer{Outcome: "granted", Rule: i}
	if preflight {
		a.Status = 200
	}
	add := func(name, value string) { a.Headers = append(a.Headers, [2]string{name, value}) }
	star := slices.Contains(rule.AllowedOrigins, "*")
	if star {
		origin = "*"
	}
	add("Access-Control-Allow-Origin", origin)
	add("Access-Control-Allow-Methods", strings.Join(rule.AllowedMethods, ", "))
	if len(tokens) > 0 {
		add("Access-Control-Allow-Headers", strings.ToLower(strings.Join(tokens, ", ")))
	}
	exposed := slices.DeleteFunc(slices.Clone(rule.ExposeHeaders), func(name string) bool { return name == "" })
	if len(exposed) > 0 {
		add("Access-Control-Expose-Headers", strings.Join(exposed, ", "))
	}
	if rule.MaxAgeSeconds != nil {
		add("Access-Control-Max-Age", strconv.FormatInt(*rule.MaxAgeSeconds, 10))
	}
	if !star {
		add("Access-Control-Allow-Credentials", "true")
	}
	add("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
	return a
}

func goOn(outcome string) Answer { return Answer{Outcome: outcome, Rule: -1} }

// refuse makes the answer of a refusal; elements are names and values by turns.
func refuse(outcome string, status int, code, message string, elements ...string) Answer {
	e := &s3cors.Error{Status: status, Code: code, Message: message}
	for pair := range slices.Chunk(elements, 2) {
		e.Elements = append(e.Elements, s3cors.Element{Name: pair[0], Value: pair[1]})
	}
	return Answer{Outcome: outcome, Rule: -1, Status: status, Error: e}
}

var (
	separator = regexp.MustCompile(`,[, \t]*`)
	legal     = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]*$")
)

// Tokens splits the value of Access-Control-Request-Headers as a split by
// regular expression does in Java, which drops empty strings at the end.
func Tokens(value string) []string {
	tokens := separator.Split(value, -1)
	for len(tokens) > 0 && tokens[len(tokens)-1] == "" {
		tokens = tokens[:len(tokens)-1]
	}
	return tokens
}

func admitsAll(patterns, tokens []string) bool {
	for _, t := range tokens {
		if !admits(lower(patterns), strings.ToLower(t)) {
			return false
		}
	}
	return true
}

func lower(patterns []string) []string {
	lowered := make([]string, len(patterns))
	for i := range patterns {
		lowered[i] = strings.ToLower(patterns[i])
	}
	return lowered
}

func admits(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return Match(p, value) })
}

// Match reports whether a pattern with one "*" at most admits a value: the star
// stands for any string.
func Match(pattern, value string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == value
	}
	return len(value) >= len(head)+len(tail) && strings.HasPrefix(value, head) && strings.HasSuffix(value, tail)
}
