package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/fetch"
)

// A combined is a configuration among the combinations, and the bucket that has
// it; a nil one is none.
type combined struct {
	title  string
	config *s3cors.Configuration
	bucket string
}

// ruling returns a configuration of one rule.
func ruling(rule s3cors.Rule) *s3cors.Configuration {
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}
}

// everyMethod is all that AllowedMethods can hold.
var everyMethod = []string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// configurations returns those of the combinations.
func configurations(b *browser) []combined {
	list := []combined{
		{title: "no configuration"},
		{title: "every origin may read", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}})},
		{title: "every origin may do everything", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"*"}, AllowedMethods: everyMethod, AllowedHeaders: []string{"*"},
			ExposeHeaders: []string{"ETag", "Content-Range", "x-amz-request-id", "x-amz-version-id"}})},
		{title: "one origin may do everything", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{b.subdomain.origin}, AllowedMethods: everyMethod, AllowedHeaders: []string{"*"},
			ExposeHeaders: []string{"etag", "Set-Cookie"}, MaxAgeSeconds: new(int64(600))})},
		{title: "a name on every port, with the headers of S3", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"http://localhost:*"}, AllowedMethods: []string{"GET", "PUT", "HEAD"},
			AllowedHeaders: []string{"Content-Type", "x-amz-*"}, MaxAgeSeconds: new(int64(0))})},
		{title: "all subdomains, no headers", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"http://*.localhost" + portOf(b.subdomain), "http://*.localhost" + portOf(b.otherSubdomain)},
			AllowedMethods: []string{"GET", "PUT", "DELETE"}, ExposeHeaders: []string{"Content-Range", "Accept-Ranges"}})},
		{title: "every origin by a pattern that is not the star", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"http*"}, AllowedMethods: []string{"GET", "HEAD", "POST"},
			AllowedHeaders: []string{"range", "authorization"}, ExposeHeaders: []string{"ETag"}})},
		{title: "the opaque origin alone", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{"null"}, AllowedMethods: everyMethod, AllowedHeaders: []string{"*"}})},
		{title: "an origin with a slash, and one in capitals", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{b.ip.origin + "/", strings.ToUpper(b.name.origin)},
			AllowedMethods: everyMethod, AllowedHeaders: []string{"*"}})},
		{title: "an origin beside the star", config: ruling(s3cors.Rule{
			AllowedOrigins: []string{b.name.origin, "*"}, AllowedMethods: everyMethod, AllowedHeaders: []string{"*"}})},
		{title: "an earlier rule for all, a later one for one", config: &s3cors.Configuration{CORSRules: []s3cors.Rule{
			{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}},
			{AllowedOrigins: []string{b.ip.origin}, AllowedMethods: []string{"GET", "PUT"},
				AllowedHeaders: []string{"*-type", "x-amz-meta-*", "*-date"}, ExposeHeaders: []string{"ETag"}},
			{AllowedOrigins: []string{b.otherSubdomain.origin}, AllowedMethods: []string{"DELETE"}},
		}}},
	}
	for i := range list {
		list[i].bucket = fmt.Sprintf("combination-%d", i)
	}
	return list
}

// portOf returns the port of a page's origin with its colon.
func portOf(p *page) string { return p.origin[strings.LastIndex(p.origin, ":"):] }

// A combinedCall is a request among the combinations, on a key of its own that
// holds "0123456789", unless it has to be missing.
type combinedCall struct {
	call
	query   string
	missing bool
}

func combinedCalls() []combinedCall {
	sdk := [][2]string{{"Content-Type", "image/png"}, {"x-amz-date", "20261122T150000Z"}, {"x-amz-meta-color", "red"}}
	return []combinedCall{
		{call: call{Method: "GET"}},
		{call: call{Method: "GET", Credentials: fetch.Include}},
		{call: call{Method: "GET", Credentials: fetch.Omit}, missing: true},
		{call: call{Method: "HEAD"}},
		{call: call{Method: "GET", Headers: [][2]string{{"Range", "bytes=2-4"}}}},
		{call: call{Method: "GET", Headers: [][2]string{{"Range", "bytes=-3"}}}},
		{call: call{Method: "GET", Headers: [][2]string{{"Authorization", "AWS4-HMAC-SHA256 a"}}}},
		{call: call{Method: "GET"}, query: "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=60&X-Amz-Signature=0"},
		{call: call{Method: "put", Body: "new"}},
		{call: call{Method: "PUT", Headers: sdk, Body: "new"}},
		{call: call{Method: "PUT", Headers: sdk, Body: "new", Credentials: fetch.Include}},
		{call: call{Method: "DELETE"}},
		{call: call{Method: "DELETE", Headers: [][2]string{{"x-amz-expected-bucket-owner", "111122223333"}}}},
		{call: call{Method: "POST", Headers: [][2]string{{"Content-Type", "text/plain"}}}, query: "?uploads"},
		{call: call{Method: "patch", Body: "new"}},
		{call: call{Method: "OPTIONS"}},
	}
}

// minimum is how many combinations there have to be.
const minimum = 60

// testCombinations has every page make every request of every bucket, and
// compares what it gets with what the model says of the library's decisions.
func testCombinations(t *testing.T, b *browser) {
	base := startGateway(t)
	buckets, requests := configurations(b), combinedCalls()
	plain := plainAnswers(t, base, requests)
	count, readable := 0, 0
	var disagreements []string
	for _, bucket := range buckets {
		createBucket(t, base, bucket.bucket)
		putCORS(t, base, bucket.bucket, bucket.config)
	}
	for i, page := range b.pages() {
		var calls []call
		for _, bucket := range buckets {
			for j, request := range requests {
				calls = append(calls, request.on(t, base, bucket.bucket, fmt.Sprintf("%d-%d", i, j)))
			}
		}
		heard := page.listen()
		replies := page.fetch(t, calls...)
		said := heard(t)
		if page == b.sandboxed { // whose console is not the tab's
			said = nil
		}
		for k, reply := range replies {
			bucket := buckets[k/len(requests)]
			verdict := calls[k].request(page.origin).Fetch(bucket.decide(t, plain[k%len(requests)]))
			count++
			if reply.Readable {
				readable++
			}
			if !agree(verdict, reply) {
				disagreements = append(disagreements, bucket.disagreement(t, page, calls[k], verdict, reply))
			}
			if text := bucket.explained(page, calls[k], plain[k%len(requests)], said, reply); text != "" {
				disagreements = append(disagreements, text)
			}
		}
	}
	reportDisagreements(t, disagreements)
	t.Logf("%d combinations, %d of them readable", count, readable)
	require.Equal(t, len(buckets)*len(requests)*len(b.pages()), count)
	require.GreaterOrEqual(t, count, minimum)
	require.Greater(t, readable, minimum/2)
	require.Greater(t, count-readable, minimum/2)
}

// on makes the object that the call needs, and returns the call with its URL.
func (c combinedCall) on(t *testing.T, base, bucket, key string) call {
	if !c.missing {
		putObject(t, base, bucket, key, "0123456789")
	}
	c.URL = base + "/" + bucket + "/" + key + c.query
	return c.call
}

// plainAnswers returns what the gateway answers to each request where there is
// no CORS: without Origin, in a bucket without a configuration.
func plainAnswers(t *testing.T, base string, requests []combinedCall) []fetch.Response {
	const bucket = "no-cors"
	createBucket(t, base, bucket)
	var answers []fetch.Response
	for i, request := range requests {
		c := request.on(t, base, bucket, fmt.Sprint(i))
		r := c.request("")
		status, header, _ := send(t, strings.ToUpper(r.Method), r.URL, http.Header(r.Header), []byte(c.Body))
		for name := range header {
			require.False(t, strings.HasPrefix(name, "Access-Control-"), "%s %s has %s", r.Method, r.URL, name)
		}
		answers = append(answers, fetch.Response{Status: status, Header: fetch.Header(header)})
	}
	return answers
}

// decide is the bucket as the library sees it: its decisions, on top of what is
// answered without CORS.
func (c combined) decide(t *testing.T, plain fetch.Response) fetch.Server {
	policy, err := s3cors.Compile(c.config)
	require.NoError(t, err)
	return func(sent fetch.Sent) fetch.Response {
		decision := policy.Evaluate(s3cors.Request{
			Method:         sent.Method,
			Origin:         sent.Header.Get("Origin"),
			RequestMethod:  sent.Header.Get("Access-Control-Request-Method"),
			RequestHeaders: sent.Header.Get("Access-Control-Request-Headers"),
		})
		answer := fetch.Response{Status: plain.Status, Header: plain.Header.Clone()}
		if decision.Status() != 0 {
			answer = fetch.Response{Status: decision.Status(), Header: fetch.Header{}}
		}
		for name, value := range decision.Headers() {
			answer.Header.Set(name, value)
		}
		return answer
	}
}

func (c combined) disagreement(t *testing.T, p *page, made call, v fetch.Verdict, r reply) string {
	document, err := json.Marshal(c.config)
	require.NoError(t, err)
	var text strings.Builder
	fmt.Fprintf(&text, "configuration: %s\n%s\n", c.title, document)
	fmt.Fprintf(&text, "page:    %s\n", p.origin)
	fmt.Fprintf(&text, "request: %s %s\nheaders: %q\ncredentials: %q\n", made.Method, made.URL, made.Headers, made.Credentials)
	writeVerdicts(&text, v, r)
	return text.String()
}
