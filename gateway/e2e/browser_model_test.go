package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/fetch"
)

// A scripted is how a server answers preflights and all else: answers that S3
// never gives are among them, so that the model is proven beyond S3.
type scripted struct {
	title     string
	preflight fetch.Response
	actual    fetch.Response
}

// answerOf makes a response of names and values in turn. "{origin}" stands for
// the Origin of the request.
func answerOf(status int, pairs ...string) fetch.Response {
	header := fetch.Header{"Content-Type": {"text/plain"}, "Etag": {`"1"`}, "X-Amz-Request-Id": {"1"}, "Set-Cookie": {"a=1"}}
	if status != http.StatusNoContent {
		header.Set("Content-Length", "0")
	}
	for i := 0; i < len(pairs); i += 2 {
		header.Add(pairs[i], pairs[i+1])
	}
	return fetch.Response{Status: status, Header: header}
}

func (s scripted) answer(sent fetch.Sent) fetch.Response {
	answer := s.actual
	if sent.Method == http.MethodOptions && sent.Header.Get("Access-Control-Request-Method") != "" {
		answer = s.preflight
	}
	header := answer.Header.Clone()
	if header.Get(allowOrigin) == "{origin}" {
		header.Set(allowOrigin, sent.Header.Get("Origin"))
	}
	return fetch.Response{Status: answer.Status, Header: header}
}

// both is a script that answers preflights and all else alike.
func both(title string, pairs ...string) scripted {
	return scripted{title, answerOf(200, pairs...), answerOf(200, pairs...)}
}

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	allowCredentials = "Access-Control-Allow-Credentials"
)

// scripts returns the answers of the model's test.
func scripts() []scripted {
	granted := []string{allowOrigin, "{origin}", allowMethods, "PUT, DELETE", allowHeaders, "content-type, x-amz-date, range", allowCredentials, "true"}
	return []scripted{
		both("nothing"),
		both("every origin", allowOrigin, "*"),
		both("every origin, with credentials", allowOrigin, "*", allowCredentials, "true"),
		both("this origin", allowOrigin, "{origin}"),
		both("this origin, with credentials", allowOrigin, "{origin}", allowCredentials, "true"),
		both("this origin, credentials misspelt", allowOrigin, "{origin}", allowCredentials, "True"),
		both("another origin", allowOrigin, "http://www.example.com"),
		both("the opaque origin", allowOrigin, "null"),
		both("this origin twice", allowOrigin, "*", allowOrigin, "*"),
		both("methods and headers", granted...),
		both("methods and headers in other cases", allowOrigin, "*", allowMethods, "put, delete", allowHeaders, "Content-Type, X-AMZ-Date"),
		both("stars", allowOrigin, "*", allowMethods, "*", allowHeaders, "*", exposeHeaders, "*"),
		both("stars, with credentials", allowOrigin, "{origin}", allowCredentials, "true", allowMethods, "*", allowHeaders, "*", exposeHeaders, "*"),
		both("stars and Authorization", allowOrigin, "*", allowMethods, "*", allowHeaders, "*,authorization"),
		both("exposed names", append(granted, exposeHeaders, "ETAG, x-amz-request-id, set-cookie")...),
		both("a header pattern", allowOrigin, "*", allowMethods, "PUT", allowHeaders, "x-amz-*"),
		{"a refused preflight", answerOf(403), answerOf(200, granted...)},
		{"a preflight with status 204", answerOf(204, granted...), answerOf(404, granted...)},
		{"a preflight with status 404", answerOf(404, granted...), answerOf(200, granted...)},
		{"a preflight that is redirected", answerOf(307, append(granted, "Location", "/")...), answerOf(200, granted...)},
		both("methods that are no list", allowOrigin, "*", allowMethods, "PUT DELETE", allowHeaders, "*"),
		both("headers that are no list", allowOrigin, "*", allowMethods, "*", allowHeaders, "content-type x-amz-date"),
		{"a granted preflight, then nothing", answerOf(200, granted...), answerOf(200)},
	}
}

// modelCalls returns the requests of the model's test, without their URLs.
func modelCalls() []call {
	long := strings.Repeat("a", 128)
	return []call{
		{},
		{Credentials: fetch.Include},
		{Credentials: fetch.Omit},
		{Method: "head"},
		{Method: "post", Headers: [][2]string{{"Content-Type", "text/plain;charset=UTF-8"}}, Body: "a"},
		{Method: "POST", Headers: [][2]string{{"Content-Type", "application/json"}}, Body: "a"},
		{Method: "put", Body: "a"},
		{Method: "PUT", Credentials: fetch.Include, Body: "a"},
		{Method: "PUT", Headers: [][2]string{{"X-Amz-Date", "1"}, {"Content-Type", "image/png"}}, Body: "a"},
		{Method: "delete"},
		{Method: "options"},
		{Method: "patch"},
		{Method: "PATCH", Headers: [][2]string{{"x-amz-date", "1"}}},
		{Headers: [][2]string{{"Authorization", "AWS4-HMAC-SHA256 Credential=a"}}},
		{Headers: [][2]string{{"x-amz-date", "1"}}, Credentials: fetch.Include},
		{Headers: [][2]string{{"Range", "bytes=0-3"}}},
		{Headers: [][2]string{{"Range", "bytes=3-"}}},
		{Headers: [][2]string{{"Range", "bytes=-3"}}},
		{Headers: [][2]string{{"Range", "bytes=0-1,3-4"}}},
		{Headers: [][2]string{{"Range", "bytes=4-3"}}},
		{Headers: [][2]string{{"Accept", long}}},
		{Headers: [][2]string{{"Accept", long + "a"}}},
		{Headers: [][2]string{{"Accept", `text/html;level="1"`}}},
		{Headers: [][2]string{{"Accept-Language", "de_CH"}}},
		{Headers: [][2]string{{"Content-Language", "de-CH, *;q=0.5"}}},
		{Headers: [][2]string{{"Date", "now"}, {"Access-Control-Request-Method", "PUT"}, {"Accept", "*/*"}}},
		{Headers: [][2]string{{"X-Amz-Meta-B", "1"}, {"x-amz-acl", "private"}, {"If-None-Match", "a"}, {"x-amz-meta-a", "1"}}},
	}
}

// A recorder is a server of scripts, /<script>/<anything>, that keeps what it
// is asked, by path.
type recorder struct {
	scripts []scripted
	mu      sync.Mutex
	seen    map[string][]fetch.Sent
}

func (s *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number, err := strconv.Atoi(strings.Split(r.URL.Path, "/")[1])
	if err != nil {
		http.NotFound(w, r)
		return
	}
	sent := fetch.Sent{Method: r.Method, Header: fetch.Header(r.Header)}
	s.mu.Lock()
	s.seen[r.URL.Path] = append(s.seen[r.URL.Path], sent)
	s.mu.Unlock()
	answer := s.scripts[number].answer(sent)
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.Header()["Date"] = nil
	w.WriteHeader(answer.Status)
}

// asked returns what came for a path.
func (s *recorder) asked(path string) []fetch.Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen[path]
}

// testModel compares model and browser: what is sent, and what becomes of it.
func testModel(t *testing.T, b *browser) {
	recorded := &recorder{scripts: scripts(), seen: map[string][]fetch.Sent{}}
	server := httptest.NewServer(recorded)
	t.Cleanup(server.Close)
	compared := 0
	var disagreements []string
	sentences := map[string]int{}
	for _, page := range []*page{b.ip, b.subdomain, b.sandboxed} {
		var calls []call
		var titles []string
		for i, script := range recorded.scripts {
			for j, c := range modelCalls() {
				c.URL = fmt.Sprintf("%s/%d/%s/%d", server.URL, i, strings.TrimPrefix(page.origin, "http://"), j)
				calls, titles = append(calls, c), append(titles, script.title)
			}
		}
		heard := page.listen()
		replies := page.fetch(t, calls...)
		said := heard(t)
		if page == b.sandboxed { // whose console is not the tab's
			said = nil
		}
		for i, reply := range replies {
			script := recorded.scripts[i/len(modelCalls())]
			request := calls[i].request(page.origin)
			verdict := request.Fetch(func(sent fetch.Sent) fetch.Response {
				return script.answer(sent)
			})
			asked := recorded.asked(strings.TrimPrefix(calls[i].URL, server.URL))
			compared++
			sentence := request.Console(verdict.Error)
			if sentence != "" {
				sentences[shape(sentence)]++
			}
			if agree(verdict, reply) && slices.Equal(requestLines(verdict.Sent), requestLines(asked)) && said.agrees(calls[i], sentence) {
				continue
			}
			var text strings.Builder
			fmt.Fprintf(&text, "script:  %s\npage:    %s\ncall:    %+v\n", titles[i], page.origin, calls[i])
			writeVerdicts(&text, verdict, reply)
			fmt.Fprintf(&text, "model:   sends %q\nbrowser: sends %q\n", requestLines(verdict.Sent), requestLines(asked))
			fmt.Fprintf(&text, "model:   prints %q\nbrowser: prints %q\n", sentence, said.of(calls[i]))
			disagreements = append(disagreements, text.String())
		}
	}
	reportDisagreements(t, disagreements)
	require.Equal(t, 3*len(scripts())*len(modelCalls()), compared)
	require.Positive(t, compared)
	require.Len(t, sentences, 16, "what is printed: %v", sentences)
}

// agrees tells whether Chromium printed what the model says. Of several header names it
// names whichever comes first in a table of hashes.
func (p *printed) agrees(c call, sentence string) bool {
	if p == nil {
		return true
	}
	said := p.of(c)
	if len(c.Headers) > 1 && strings.Contains(sentence, "Request header field") {
		said, sentence = shape(said), shape(sentence)
	}
	return said == sentence
}

// shape is a sentence of the console without what is quoted in it.
func shape(sentence string) string {
	_, reason, _ := strings.Cut(sentence, " CORS policy: ")
	return quotedParts.ReplaceAllString(reason, "$1 …")
}

var quotedParts = regexp.MustCompile(`('|Method |field )[^' ]*`)

// requestLines shows what of requests CORS looks at.
func requestLines(all []fetch.Sent) []string {
	var lines []string
	for _, sent := range all {
		lines = append(lines, fmt.Sprintf("%s %q %q %q", sent.Method, sent.Header.Values("Origin"),
			sent.Header.Values("Access-Control-Request-Method"), sent.Header.Values("Access-Control-Request-Headers")))
	}
	return lines
}
