// Package work says what is to be done, and does it with our own code: rules,
// requests, and calls of Evaluate and of the whole middleware. It imports nothing but
// s3cors and corshttp, so that it can be built with an older commit of them as well
// (go run -C bench . -against).
package work

import (
	"fmt"
	"slices"
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

// App is the origin that most rules list.
const App = "https://app.example.com"

const evil = "https://evil.example.net"

// The names that SDKs make browsers ask for, as browsers ask: in lower case,
// sorted, without blanks (Fetch, CORS-unsafe request-header names).
var twelveNames = []string{
	"authorization", "cache-control", "content-disposition", "content-md5", "content-type", "x-amz-acl",
	"x-amz-checksum-crc32", "x-amz-content-sha256", "x-amz-date", "x-amz-meta-owner", "x-amz-security-token", "x-amz-user-agent",
}

// FiveNames are those of a signed upload.
var FiveNames = []string{"authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}

// LowerNames writes names as browsers do.
func LowerNames(names []string) string { return strings.Join(names, ",") }

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

// Preflight returns the preflight of a PUT.
func Preflight(origin, headers string) s3cors.Request {
	return s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "PUT", RequestHeaders: headers}
}

// Actual returns a GET.
func Actual(origin string) s3cors.Request { return s3cors.Request{Method: "GET", Origin: origin} }

// Rule is like those of most providers' guides. Each workload lists GET and PUT,
// so that all peers look at the same methods.
func Rule(origins []string, headers ...string) s3cors.Rule {
	return s3cors.Rule{
		AllowedOrigins: origins, AllowedMethods: []string{"GET", "PUT"}, AllowedHeaders: headers,
		ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: new(int64(3000)),
	}
}

// OneRule returns a single rule with one origin.
func OneRule(origin string, headers ...string) []s3cors.Rule {
	return []s3cors.Rule{Rule([]string{origin}, headers...)}
}

// Numbered returns n strings made from a format that takes a number.
func Numbered(n int, format string) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf(format, i)
	}
	return values
}

// RulesOf returns n rules with one origin each.
func RulesOf(n int, format string, headers ...string) []s3cors.Rule {
	rules := make([]s3cors.Rule, n)
	for i, origin := range Numbered(n, format) {
		rules[i] = Rule([]string{origin}, headers...)
	}
	return rules
}

// All returns the workloads of all classes.
func All() []Workload { return slices.Concat(everyday(), large(), hostile()) }

// Of returns the workloads of one class.
func Of(class Class) []Workload {
	return slices.DeleteFunc(All(), func(w Workload) bool { return w.Class != class })
}

// everyday are the workloads that browsers cause all day.
func everyday() []Workload {
	star, wild := OneRule(App, "*"), OneRule("https://*.example.com", "*")
	amz := OneRule(App, "authorization", "content-type", "x-amz-*")
	one, four, five, twelve := OneRule(App, "content-type"), OneRule(App, FiveNames[:4]...), OneRule(App, FiveNames...), OneRule(App, twelveNames...)
	deletion := Preflight(App, "")
	deletion.RequestMethod = "DELETE"
	return []Workload{
		{"no Origin", Everyday, star, s3cors.Request{Method: "GET"}, s3cors.NotCORS},
		{"exact origin, actual", Everyday, star, Actual(App), s3cors.Granted},
		{"exact origin, preflight", Everyday, star, Preflight(App, ""), s3cors.Granted},
		{"refused origin, actual", Everyday, star, Actual(evil), s3cors.NoMatch},
		{"refused origin, preflight", Everyday, star, Preflight(evil, ""), s3cors.NoMatch},
		{"refused method", Everyday, star, deletion, s3cors.NoMatch},
		{"any origin, actual", Everyday, OneRule("*", "*"), Actual(App), s3cors.Granted},
		{"any origin, preflight", Everyday, OneRule("*", "*"), Preflight(App, ""), s3cors.Granted},
		{"wildcard origin, actual", Everyday, wild, Actual(App), s3cors.Granted},
		{"wildcard origin, preflight", Everyday, wild, Preflight(App, ""), s3cors.Granted},
		{"wildcard origin, refused", Everyday, wild, Preflight(evil, ""), s3cors.NoMatch},
		{"1 header", Everyday, one, Preflight(App, "content-type"), s3cors.Granted},
		{"5 headers", Everyday, five, Preflight(App, LowerNames(FiveNames)), s3cors.Granted},
		{"12 headers", Everyday, twelve, Preflight(App, LowerNames(twelveNames)), s3cors.Granted},
		{"1 header, mixed case", Everyday, one, Preflight(App, "Content-Type"), s3cors.Granted},
		{"5 headers, mixed case", Everyday, five, Preflight(App, mixedNames(FiveNames)), s3cors.Granted},
		{"12 headers, mixed case", Everyday, twelve, Preflight(App, mixedNames(twelveNames)), s3cors.Granted},
		{"5 headers, any", Everyday, star, Preflight(App, LowerNames(FiveNames)), s3cors.Granted},
		{"5 headers, any, mixed case", Everyday, star, Preflight(App, mixedNames(FiveNames)), s3cors.Granted},
		{"5 headers, x-amz-*", Everyday, amz, Preflight(App, LowerNames(FiveNames)), s3cors.Granted},
		{"5 headers, x-amz-*, mixed case", Everyday, amz, Preflight(App, mixedNames(FiveNames)), s3cors.Granted},
		{"refused fifth header", Everyday, four, Preflight(App, LowerNames(FiveNames)), s3cors.NoMatch},
	}
}

// large are configurations of a size that S3 still takes, or would if it did not
// count the bytes of the document.
func large() []Workload {
	many := RulesOf(100, "https://app-%d.example.com", FiveNames...)
	origins := []s3cors.Rule{Rule(Numbered(1000, "https://app-%d.example.com"), "*")}
	patterns := []s3cors.Rule{Rule(Numbered(2000, "https://*.app-%d.com"), "*")}
	heads := []s3cors.Rule{Rule(Numbered(2000, "https://app-%d.*"), "*")}
	var crowd []s3cors.Rule
	for i := range 100 {
		crowd = append(crowd, Rule(Numbered(10, fmt.Sprintf("https://o%%d.r%d.example.com", i)), "*"))
	}
	return []Workload{
		{"100 rules, last", Large, many, Preflight("https://app-99.example.com", ""), s3cors.Granted},
		{"100 rules, last, 5 headers", Large, many, Preflight("https://app-99.example.com", LowerNames(FiveNames)), s3cors.Granted},
		{"100 rules, none", Large, many, Preflight(evil, ""), s3cors.NoMatch},
		{"100 rules x 10 origins, none", Large, crowd, Actual("https://o5.r50.example.org"), s3cors.NoMatch},
		{"1000 origins, last", Large, origins, Actual("https://app-999.example.com"), s3cors.Granted},
		{"1000 origins, none", Large, origins, Actual(evil), s3cors.NoMatch},
		{"2000 patterns, last", Large, patterns, Actual("https://www.app-1999.com"), s3cors.Granted},
		{"2000 patterns, none", Large, patterns, Actual("https://www.app-2000.org"), s3cors.NoMatch},
		{"2000 patterns by prefix, last", Large, heads, Actual("https://app-1999.example.com"), s3cors.Granted},
	}
}
