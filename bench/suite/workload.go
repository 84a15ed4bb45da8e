package suite

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
)

// A Workload is one request on a bucket with these rules.
type Workload struct {
	Name    string
	Class   Class
	Rules   []s3cors.Rule
	Request s3cors.Request
	// Outcome is S3's.
	Outcome s3cors.Outcome
}

// A Class says which of the goals a workload is there for.
type Class int

const (
	// Everyday is what buckets and browsers mostly do: a few rules, a few names.
	Everyday Class = iota
	// Large is a big configuration.
	Large
	// Hostile is a request or a configuration made to hurt.
	Hostile
)

// Granted reports whether S3 grants the request.
func (w *Workload) Granted() bool { return w.Outcome == s3cors.Granted }

const (
	app  = "https://app.example.com"
	evil = "https://evil.example.net"
)

// The names that SDKs make browsers ask for, as browsers ask: in lower case,
// sorted, without blanks (Fetch, CORS-unsafe request-header names).
var twelveNames = []string{
	"authorization", "cache-control", "content-disposition", "content-md5", "content-type", "x-amz-acl",
	"x-amz-checksum-crc32", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-owner", "x-amz-security-token", "x-amz-user-agent",
}

var fiveNames = []string{"authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}

func lowerNames(names []string) string { return strings.Join(names, ",") }

// mixedNames writes names as other clients than browsers do.
func mixedNames(names []string) string {
	mixed := make([]string, len(names))
	for i, name := range names {
		words := strings.Split(name, "-")
		for j, word := range words {
			words[j] = strings.ToUpper(word[:1]) + word[1:]
		}
		mixed[i] = strings.Join(words, "-")
	}
	return strings.Join(mixed, ", ")
}

func preflight(origin, headers string) s3cors.Request {
	return s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "PUT", RequestHeaders: headers}
}

func actual(origin string) s3cors.Request { return s3cors.Request{Method: "GET", Origin: origin} }

// rule is like those of most providers' guides. Each workload lists GET and PUT,
// so that all peers look at the same methods.
func rule(origins []string, headers ...string) s3cors.Rule {
	return s3cors.Rule{
		AllowedOrigins: origins, AllowedMethods: []string{"GET", "PUT"}, AllowedHeaders: headers,
		ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: new(int64(3000)),
	}
}

func oneRule(origin string, headers ...string) []s3cors.Rule {
	return []s3cors.Rule{rule([]string{origin}, headers...)}
}

// numbered returns n strings made from a format that takes a number.
func numbered(n int, format string) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf(format, i)
	}
	return values
}

// rulesOf returns n rules with one origin each.
func rulesOf(n int, format string, headers ...string) []s3cors.Rule {
	rules := make([]s3cors.Rule, n)
	for i, origin := range numbered(n, format) {
		rules[i] = rule([]string{origin}, headers...)
	}
	return rules
}

// everyday are the workloads that browsers cause all day.
func everyday() []Workload {
	star, wild := oneRule(app, "*"), oneRule("https://*.example.com", "*")
	amz := oneRule(app, "authorization", "content-type", "x-amz-*")
	one, five, twelve := oneRule(app, "content-type"), oneRule(app, fiveNames...), oneRule(app, twelveNames...)
	deletion := preflight(app, "")
	deletion.RequestMethod = "DELETE"
	return []Workload{
		{"no Origin", Everyday, star, s3cors.Request{Method: "GET"}, s3cors.NotCORS},
		{"exact origin, actual", Everyday, star, actual(app), s3cors.Granted},
		{"exact origin, preflight", Everyday, star, preflight(app, ""), s3cors.Granted},
		{"refused origin, actual", Everyday, star, actual(evil), s3cors.NoMatch},
		{"refused origin, preflight", Everyday, star, preflight(evil, ""), s3cors.NoMatch},
		{"refused method", Everyday, star, deletion, s3cors.NoMatch},
		{"any origin, actual", Everyday, oneRule("*", "*"), actual(app), s3cors.Granted},
		{"any origin, preflight", Everyday, oneRule("*", "*"), preflight(app, ""), s3cors.Granted},
		{"wildcard origin, actual", Everyday, wild, actual(app), s3cors.Granted},
		{"wildcard origin, preflight", Everyday, wild, preflight(app, ""), s3cors.Granted},
		{"wildcard origin, refused", Everyday, wild, preflight(evil, ""), s3cors.NoMatch},
		{"1 header", Everyday, one, preflight(app, "content-type"), s3cors.Granted},
		{"5 headers", Everyday, five, preflight(app, lowerNames(fiveNames)), s3cors.Granted},
		{"12 headers", Everyday, twelve, preflight(app, lowerNames(twelveNames)), s3cors.Granted},
		{"1 header, mixed case", Everyday, one, preflight(app, "Content-Type"), s3cors.Granted},
		{"5 headers, mixed case", Everyday, five, preflight(app, mixedNames(fiveNames)), s3cors.Granted},
		{"12 headers, mixed case", Everyday, twelve, preflight(app, mixedNames(twelveNames)), s3cors.Granted},
		{"5 headers, any", Everyday, star, preflight(app, lowerNames(fiveNames)), s3cors.Granted},
		{"5 headers, any, mixed case", Everyday, star, preflight(app, mixedNames(fiveNames)), s3cors.Granted},
		{"5 headers, x-amz-*", Everyday, amz, preflight(app, lowerNames(fiveNames)), s3cors.Granted},
		{"5 headers, x-amz-*, mixed case", Everyday, amz, preflight(app, mixedNames(fiveNames)), s3cors.Granted},
		{"refused header", Everyday, five, preflight(app, lowerNames(fiveNames)+",x-evil"), s3cors.NoMatch},
	}
}

// large are configurations of a size that S3 still takes, or would if it did not
// count the bytes of the document.
func large() []Workload {
	many := rulesOf(100, "https://app-%d.example.com", fiveNames...)
	origins := []s3cors.Rule{rule(numbered(1000, "https://app-%d.example.com"), "*")}
	patterns := []s3cors.Rule{rule(numbered(2000, "https://*.app-%d.com"), "*")}
	heads := []s3cors.Rule{rule(numbered(2000, "https://app-%d.*"), "*")}
	var crowd []s3cors.Rule
	for i := range 100 {
		crowd = append(crowd, rule(numbered(10, fmt.Sprintf("https://o%%d.r%d.example.com", i)), "*"))
	}
	return []Workload{
		{"100 rules, last", Large, many, preflight("https://app-99.example.com", ""), s3cors.Granted},
		{"100 rules, last, 5 headers", Large, many, preflight("https://app-99.example.com", lowerNames(fiveNames)), s3cors.Granted},
		{"100 rules, none", Large, many, preflight(evil, ""), s3cors.NoMatch},
		{"100 rules x 10 origins, none", Large, crowd, actual("https://o5.r50.example.org"), s3cors.NoMatch},
		{"1000 origins, last", Large, origins, actual("https://app-999.example.com"), s3cors.Granted},
		{"1000 origins, none", Large, origins, actual(evil), s3cors.NoMatch},
		{"2000 patterns, last", Large, patterns, actual("https://www.app-1999.com"), s3cors.Granted},
		{"2000 patterns, none", Large, patterns, actual("https://www.app-2000.org"), s3cors.NoMatch},
		{"2000 patterns by prefix, last", Large, heads, actual("https://app-1999.example.com"), s3cors.Granted},
	}
}
