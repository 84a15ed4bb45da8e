package oracle

import (
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// EvaluateCeph answers a request as Ceph's RADOS Gateway does, c being as it gives
// configurations back; main says that it is the main branch, which chooses rules as
// Amazon S3 does. The steps are those of docs/ceph-cors.md.
func EvaluateCeph(c *s3cors.Configuration, missing, main bool, r s3cors.Request) Answer {
	preflight := r.Method == "OPTIONS"
	hasOrigin, hasMethod := r.Origin != "" || r.EmptyOrigin, r.RequestMethod != "" || r.EmptyRequestMethod
	refused := func(outcome string, status int, code, message string, elements ...string) Answer {
		if r.Bucket != "" {
			elements = append([]string{"BucketName", r.Bucket}, elements...)
		}
		return refuse(outcome, status, code, message, elements...)
	}
	forPreflight := func(outcome string, status int, code, message string) Answer {
		if !preflight {
			return goOn(outcome)
		}
		return refused(outcome, status, code, message)
	}
	switch makes := r.Method == "PUT" && r.Target == s3cors.TargetBucket && r.Subresource == ""; {
	case !preflight && !hasOrigin:
		return goOn("not-cors")
	case r.Target == s3cors.TargetService:
		return forPreflight("no-bucket", 405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	case makes:
		return goOn("no-bucket")
	case len(r.Origin+r.RequestMethod+r.RequestHeaders) > 8192:
		return refused("too-large", 400, "RequestHeaderSectionTooLarge",
			"Your request header section exceeds the maximum allowed size.", "MaxSizeAllowed", "8192")
	case missing:
		return forPreflight("no-bucket", 404, "NoSuchBucket", "The specified bucket does not exist")
	case !hasOrigin:
		return refused("missing-origin", 400, "InvalidArgument", "Invalid Argument")
	case preflight && !hasMethod:
		return refused("missing-method", 400, "InvalidArgument", "Invalid Argument")
	case c == nil:
		return forPreflight("not-enabled", 403, "AccessDenied", "Access Denied")
	}
	method := r.Method
	if hasMethod {
		method = r.RequestMethod
	}
	names := strings.FieldsFunc(r.RequestHeaders, func(c rune) bool { return strings.ContainsRune(",;= \t", c) })
	for i, rule := range c.CORSRules {
		if !overlaps(rule.AllowedOrigins, r.Origin) {
			continue
		}
		if method != "COPY" && slices.Contains(rule.AllowedMethods, method) && (!preflight || len(admitted(rule, names)) == len(names)) {
			return cephGrant(i, rule, r, method, names)
		}
		if !main {
			break
		}
	}
	return forPreflight("no-match", 403, "AccessDenied", "Access Denied")
}

// cephGrant makes the answer of a rule that admits a request.
func cephGrant(i int, rule s3cors.Rule, r s3cors.Request, method string, names []string) Answer {
	preflight := r.Method == "OPTIONS"
	a := Answer{Outcome: "granted", Rule: i}
	if preflight {
		a.Status = 200
	}
	star := slices.Contains(rule.AllowedOrigins, "*") && !preflight && !r.Authorization
	if r.Origin == "" && !star {
		return a
	}
	add := func(name, value string) {
		if value != "" {
			a.Headers = append(a.Headers, [2]string{name, value})
		}
	}
	if star {
		add("Access-Control-Allow-Origin", "*")
	} else {
		add("Access-Control-Allow-Origin", r.Origin)
		add("Vary", "Origin")
	}
	add("Access-Control-Allow-Methods", method)
	add("Access-Control-Allow-Headers", strings.Join(admitted(rule, names), ","))
	exposed := ""
	for _, name := range rule.ExposeHeaders {
		if exposed != "" {
			exposed += ","
		}
		exposed += name
	}
	add("Access-Control-Expose-Headers", exposed)
	if rule.MaxAgeSeconds != nil {
		add("Access-Control-Max-Age", strconv.FormatInt(*rule.MaxAgeSeconds, 10))
	}
	return a
}

// admitted returns those of the names that a rule admits, whatever their case.
func admitted(rule s3cors.Rule, names []string) []string {
	var some []string
	for _, name := range names {
		if overlaps(asciiLower(rule.AllowedHeaders...), asciiLower(name)[0]) {
			some = append(some, name)
		}
	}
	return some
}

func asciiLower(texts ...string) []string {
	lowered := make([]string, len(texts))
	for i := range texts {
		lowered[i] = strings.Map(func(c rune) rune {
			if 'A' <= c && c <= 'Z' {
				return c + 'a' - 'A'
			}
			return c
		}, texts[i])
	}
	return lowered
}

// overlaps reports whether a pattern admits a value, where what stands before a "*"
// and what stands behind it may share characters of the value.
func overlaps(patterns []string, value string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		head, tail, star := strings.Cut(pattern, "*")
		if !star {
			return pattern == value
		}
		return strings.HasPrefix(value, head) && strings.HasSuffix(value, tail)
	})
}
