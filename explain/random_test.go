package explain_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

// What random configurations and requests are made of: what people write, and what is
// odd enough to lead astray.
var (
	someOrigins = []string{
		"*", "https://app.example.com", "https://app.example.com/", "app.example.com", "https://*.example.com", "http*", "null", "https",
		"http://localhost:*", "localhost:3000", "https://a.example, https://b.example", "${ORIGIN}", "https://APP.example.com", "capacitor://localhost",
		"https://www.example.com", "https://example.com:443", "*example.com", "https://app.exa*mple.com", "moz-extension://*",
	}
	someRequests = []string{
		"https://app.example.com", "https://example.com", "http://localhost:3000", "null", "capacitor://localhost", "https://b.example",
		"https://app.example.com/", "HTTPS://app.example.com", "moz-extension://1", "https://a*b.example", "**", "a b*",
	}
	someMethods  = []string{"GET", "PUT", "POST", "DELETE", "HEAD"}
	askedMethods = []string{"GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS", "get", ""}
	someHeaders  = []string{"*", "content-type", "x-amz-*", "Authorization", "x-*-a", "range"}
	askedHeaders = []string{"", "content-type", "x-amz-a,x-amz-b,x-amz-c", ", range", "authorization, x-y-a", "a*b", "a**b", "x y", "content-type;range"}
)

// A source makes random subjects.
type source struct{ *rand.Rand }

func (s source) one(of []string) string { return of[s.IntN(len(of))] }

func (s source) some(of []string, least int) []string {
	var some []string
	for range least + s.IntN(3) {
		some = append(some, s.one(of))
	}
	return some
}

func (s source) subject() explain.Subject {
	subject := explain.Subject{Request: s3cors.Request{Method: "OPTIONS", Origin: s.one(someRequests), RequestMethod: s.one(askedMethods), RequestHeaders: s.one(askedHeaders)}}
	if s.IntN(2) == 0 {
		subject.Request = s3cors.Request{Method: s.one(someMethods), Origin: s.one(someRequests)}
	}
	if rules := s.IntN(5); rules > 0 {
		subject.Configuration = new(s3cors.Configuration)
		for range rules {
			subject.Configuration.CORSRules = append(subject.Configuration.CORSRules, s3cors.Rule{AllowedOrigins: s.some(someOrigins, 1),
				AllowedMethods: s.some(someMethods, 1), AllowedHeaders: s.some(someHeaders, 0), ExposeHeaders: s.some([]string{"ETag", "Content-Range"}, 0)})
		}
	}
	if s.IntN(2) == 0 {
		subject.Fetch = &explain.Fetch{Method: s.one(askedMethods), Credentials: []explain.Credentials{"", explain.Omit, explain.Include}[s.IntN(3)], Read: s.some([]string{"ETag", "Set-Cookie"}, 0)}
		for _, name := range s.some([]string{"Content-Type", "x-amz-acl", "Range", "accept"}, 0) {
			subject.Fetch.Headers = append(subject.Fetch.Headers, [2]string{name, s.one([]string{"text/plain", "image/png", "bytes=0-1"})})
		}
	}
	return subject
}

func TestTheLawsHoldForRandomConfigurations(t *testing.T) {
	s := source{rand.New(rand.NewPCG(12, 26))}
	outcomes := make(map[string]int)
	mended := 0
	for range 500 {
		subject, dialect := s.subject(), s3cors.Dialect(s.IntN(3))
		e := requireLaws(t, subject, s3cors.WithDialect(dialect))
		outcomes[e.Outcome]++
		if e.Granted() && len(e.Fixes) > 0 {
			mended += requireMended(t, subject, e, s3cors.WithDialect(dialect))
		}
	}
	for _, outcome := range []string{"granted", "no-match", "not-enabled", "invalid-method", "invalid-headers", "missing-method"} {
		require.Positive(t, outcomes[outcome], outcome)
	}
	require.Greater(t, mended, 4)
}

// requireMended applies the first fix of a request that S3 grants already, and holds it
// to what it is for: the browser lets the page read.
func requireMended(t *testing.T, s explain.Subject, e *explain.Explanation, opts ...s3cors.Option) int {
	t.Helper()
	s.Configuration = e.Fixes[0].Configuration
	after := explain.Explain(s, opts...)
	require.True(t, after.Granted())
	require.NotEqual(t, explain.WhyOK, e.Browser.Why)
	if e.Browser.Why == explain.WhyNotExposed {
		require.Greater(t, len(after.Browser.Headers), len(e.Browser.Headers))
		return 1
	}
	require.True(t, after.Browser.Passes && after.Browser.Readable, "%s: %+v", e.Fixes[0].Text, after.Browser)
	return 1
}
