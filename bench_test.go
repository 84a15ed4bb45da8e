//go:build go1.26

package s3cors_test

import (
	"encoding/xml"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// compile returns the policy of a configuration that must be valid.
func compile(tb testing.TB, rules ...s3cors.Rule) *s3cors.Policy {
	tb.Helper()
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: rules})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func rule(origins []string, methods []string, headers ...string) s3cors.Rule {
	return s3cors.Rule{
		AllowedOrigins: origins, AllowedMethods: methods, AllowedHeaders: headers,
		ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: new(int64(3000)),
	}
}

// list returns n strings made from a format.
func list(n int, format string) []string {
	values := make([]string, n)
	for i := range values {
		values[i] = fmt.Sprintf(format, i)
	}
	return values
}

// eachRule returns n rules with one origin each, made from a format.
func eachRule(n int, format string, headers ...string) []s3cors.Rule {
	rules := make([]s3cors.Rule, n)
	for i, origin := range list(n, format) {
		rules[i] = rule([]string{origin}, []string{"GET", "PUT"}, headers...)
	}
	return rules
}

const (
	fiveHeaders  = "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token"
	mixedHeaders = "Authorization, Content-Type, X-Amz-Content-Sha256, X-Amz-Date, X-Amz-Security-Token"
)

// A workload is a policy with a request that has a known outcome.
type workload struct {
	name    string
	rules   []s3cors.Rule
	request s3cors.Request
	outcome s3cors.Outcome
}

func preflight(origin, method, headers string) s3cors.Request {
	return s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: method, RequestHeaders: headers}
}

func actual(origin string) s3cors.Request { return s3cors.Request{Method: "GET", Origin: origin} }

// nested returns patterns that nest as deeply as 64 KiB of a document let them:
// each begins a value of n "a"s with its head, and the rest of the value ends
// with its tail, but for one byte. A lookup of that value visits a node for each
// of them, and no document is known by which one visits more. Those of 45 take
// 64,515 bytes.
func nested(n int) []string {
	var patterns []string
	for head := range n {
		for tail := range n - head {
			patterns = append(patterns, strings.Repeat("a", head)+"*c"+strings.Repeat("a", tail))
		}
	}
	return patterns
}

func TestTheWorstPatternsFillADocument(t *testing.T) {
	full := &s3cors.Configuration{CORSRules: []s3cors.Rule{rule(nested(45), []string{"GET", "PUT"})}}
	_, err := s3cors.ParseXML(printed(t, full))
	require.NoError(t, err)
	full.CORSRules[0].AllowedOrigins = nested(46)
	_, err = s3cors.ParseXML(printed(t, full))
	require.Equal(t, "MaxMessageLengthExceeded", firstError(t, err).Code)
}

func workloads() []workload {
	const app = "https://app.example.com"
	var (
		get   = []string{"GET", "PUT"}
		one   = []s3cors.Rule{rule([]string{app}, get, "*")}
		named = []s3cors.Rule{rule([]string{app}, get, strings.Split(fiveHeaders, ",")...)}
		amz   = []s3cors.Rule{rule([]string{app}, get, "authorization", "content-type", "x-amz-*")}
		wild  = []s3cors.Rule{rule([]string{"https://*.example.com"}, get, "*")}
		many  = eachRule(100, "https://app-%d.example.com", strings.Split(fiveHeaders, ",")...)
	)
	var ten []s3cors.Rule
	for i := range 100 {
		ten = append(ten, rule(list(10, fmt.Sprintf("https://o%%d.r%d.example.com", i)), get, "*"))
	}
	var idle []s3cors.Rule
	for patterns := range slices.Chunk(nested(44), 10) {
		idle = append(idle, rule(patterns, []string{"DELETE"}))
	}
	idle = append(idle, rule([]string{"https://*"}, get))
	as := strings.Repeat("a", 45)
	hostile := func(unit string, bytes int) s3cors.Request {
		return preflight(app, "PUT", strings.Repeat(unit, bytes/len(unit)))
	}
	const room = 8192 - len(app) - len("PUT")
	return []workload{
		{"exact origin, actual", one, actual(app), s3cors.Granted},
		{"exact origin, preflight", one, preflight(app, "PUT", ""), s3cors.Granted},
		{"no origin", one, s3cors.Request{Method: "GET"}, s3cors.NotCORS},
		{"five headers, star", one, preflight(app, "PUT", fiveHeaders), s3cors.Granted},
		{"five headers, listed", named, preflight(app, "PUT", fiveHeaders), s3cors.Granted},
		{"five headers, mixed case", named, preflight(app, "PUT", mixedHeaders), s3cors.Granted},
		{"five headers, x-amz-*", amz, preflight(app, "PUT", fiveHeaders), s3cors.Granted},
		{"five headers, x-amz-*, mixed case", amz, preflight(app, "PUT", mixedHeaders), s3cors.Granted},
		{"wildcard origin, actual", wild, actual(app), s3cors.Granted},
		{"wildcard origin, preflight", wild, preflight(app, "PUT", ""), s3cors.Granted},
		{"refused origin", one, preflight("https://evil.example.com", "PUT", ""), s3cors.NoMatch},
		{"refused method", one, preflight(app, "DELETE", ""), s3cors.NoMatch},
		{"refused header", named, preflight(app, "PUT", fiveHeaders+",x-evil"), s3cors.NoMatch},
		{"invalid method", one, preflight(app, "put", ""), s3cors.InvalidMethod},
		{"10 rules, match in the last", many[:10], preflight("https://app-9.example.com", "PUT", ""), s3cors.Granted},
		{"100 rules, match in the last", many, preflight("https://app-99.example.com", "PUT", ""), s3cors.Granted},
		{"10 rules, five headers", many[:10], preflight("https://app-9.example.com", "PUT", fiveHeaders), s3cors.Granted},
		{"100 rules, five headers", many, preflight("https://app-99.example.com", "PUT", fiveHeaders), s3cors.Granted},
		{"100 rules x 10 origins, no match", ten, actual("https://o5.r50.example.org"), s3cors.NoMatch},
		{"1000 origins", []s3cors.Rule{rule(list(1000, "https://app-%d.example.com"), get, "*")}, actual("https://app-999.example.com"), s3cors.Granted},
		{"2000 patterns", []s3cors.Rule{rule(list(2000, "https://*.app-%d.com"), get)}, actual("https://www.app-1999.com"), s3cors.Granted},
		{"2000 patterns, no match", []s3cors.Rule{rule(list(2000, "https://*.app-%d.com"), get)}, actual("https://www.app-2000.org"), s3cors.NoMatch},
		{"2000 patterns by prefix", []s3cors.Rule{rule(list(2000, "https://app-%d.*"), get)}, actual("https://app-1999.example.com"), s3cors.Granted},
		{"worst patterns", []s3cors.Rule{rule(nested(45), get)}, actual(as), s3cors.NoMatch},
		{"worst patterns, for another method", idle, actual(as), s3cors.NoMatch},
		{"8 KiB of commas", one, hostile(",", room), s3cors.Granted},
		{"8 KiB of one token", named, hostile("x", room), s3cors.NoMatch},
		{"8 KiB of one token in upper case", named, hostile("X", room), s3cors.NoMatch},
		{"8 KiB of two-letter tokens, star", one, hostile("ab,", room), s3cors.Granted},
		{"8 KiB of two-letter tokens, listed", []s3cors.Rule{rule([]string{app}, get, "ab", "cd")}, hostile("ab,", room), s3cors.Granted},
		{"8 KiB of tokens, worst patterns", []s3cors.Rule{rule([]string{app}, get, append(nested(45), as+"*")...)}, hostile(as+",", room), s3cors.Granted},
		{"1 MiB of commas", one, hostile(",", 1<<20), s3cors.TooLarge},
	}
}

func BenchmarkEvaluate(b *testing.B) {
	for _, w := range workloads() {
		b.Run(w.name, func(b *testing.B) {
			p := compile(b, w.rules...)
			if got := p.Evaluate(w.request).Outcome(); got != w.outcome {
				b.Fatalf("the outcome is %v, not %v", got, w.outcome)
			}
			b.ReportAllocs()
			for b.Loop() {
				p.Evaluate(w.request)
			}
		})
	}
}

// BenchmarkFloor is what no evaluator can do without: a lookup of the origin, a
// switch over the method, and a copy of strings made before.
func BenchmarkFloor(b *testing.B) {
	type answer [6]string
	rules := map[string]*answer{"https://app.example.com": {"", "GET, PUT", "ETag", "3000", "true", "Origin"}}
	r := preflight("https://app.example.com", "PUT", "")
	var out answer
	for b.Loop() {
		a, ok := rules[r.Origin]
		if !ok {
			b.Fatal("refused")
		}
		switch r.RequestMethod {
		case "GET", "PUT":
			out = *a
			out[0] = r.Origin
		}
	}
	runtime.KeepAlive(out)
}

func BenchmarkHeaders(b *testing.B) {
	p := compile(b, rule([]string{"https://app.example.com"}, []string{"GET", "PUT"}, "*"))
	for _, headers := range []string{"", "content-type", fiveHeaders} {
		b.Run(fmt.Sprintf("%d requested", strings.Count(headers, ",")+min(len(headers), 1)), func(b *testing.B) {
			d := p.Evaluate(preflight("https://app.example.com", "PUT", headers))
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				for _, value := range d.Headers() {
					n += len(value)
				}
			}
		})
	}
}

// documents are configurations by the size of what S3 makes of them.
func documents() map[string]*s3cors.Configuration {
	full := &s3cors.Configuration{}
	for i := range 90 {
		full.CORSRules = append(full.CORSRules, rule(list(7, fmt.Sprintf("https://*.o%%d-%d.example.com", i)), []string{"GET", "PUT"}, "x-amz-*", "content-type"))
	}
	return map[string]*s3cors.Configuration{
		"2 rules":   {CORSRules: eachRule(2, "https://app-%d.example.com", "*")},
		"100 rules": {CORSRules: eachRule(100, "https://app-%d.example.com", "content-type", "x-amz-*")},
		"64 KiB":    full,
	}
}

func printed(tb testing.TB, c *s3cors.Configuration) []byte {
	tb.Helper()
	data, err := c.AppendXML(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func BenchmarkParseXML(b *testing.B) {
	for name, c := range documents() {
		data := printed(b, c)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s3cors.ParseXML(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkParseDefects reads documents of nothing but defects, of the largest
// size.
func BenchmarkParseDefects(b *testing.B) {
	documents := map[string]string{
		"XML":  "<CORSConfiguration><CORSRule>" + strings.Repeat("<b/>", 16300) + "</CORSRule></CORSConfiguration>",
		"JSON": "[{" + strings.Repeat(`"allowed_origins_of_this_rule_":0,`, 16000) + `"a":0}]`,
	}
	for name, document := range documents {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s3cors.Parse([]byte(document)); err == nil {
					b.Fatal("accepted")
				}
			}
		})
	}
}

// BenchmarkUnmarshalXML is what ParseXML is measured against: the standard
// library into a struct, without any diagnostics.
func BenchmarkUnmarshalXML(b *testing.B) {
	type document struct {
		XMLName   xml.Name `xml:"CORSConfiguration"`
		CORSRules []struct {
			ID             *string  `xml:"ID"`
			AllowedOrigins []string `xml:"AllowedOrigin"`
			AllowedMethods []string `xml:"AllowedMethod"`
			AllowedHeaders []string `xml:"AllowedHeader"`
			ExposeHeaders  []string `xml:"ExposeHeader"`
			MaxAgeSeconds  *int64   `xml:"MaxAgeSeconds"`
		} `xml:"CORSRule"`
	}
	for name, c := range documents() {
		data := printed(b, c)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if err := xml.Unmarshal(data, new(document)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseJSON(b *testing.B) {
	for name, c := range documents() {
		data, err := c.AppendJSON(nil)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s3cors.ParseJSON(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	for name, c := range documents() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s3cors.Compile(c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
