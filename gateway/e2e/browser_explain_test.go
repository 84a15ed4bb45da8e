package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
)

// explanation is what explain says of a call by a page, whose request goes to a bucket
// with that configuration.
func (c combined) explanation(p *page, made call) *explain.Explanation {
	made = withDefaults(made)
	return explain.Explain(explain.Subject{
		Configuration: c.config,
		Request:       s3cors.Request{Method: fetch.Normalize(made.Method), Origin: p.origin},
		Fetch: &explain.Fetch{URL: made.URL, Method: made.Method, Headers: made.Headers,
			Credentials: explain.Credentials(made.Credentials)},
	})
}

// explained compares what explain says of the browser with what the browser did: what
// the page reads, of which headers, and what is printed. It returns "" if they agree.
func (c combined) explained(p *page, made call, plain fetch.Response, said *printed, r reply) string {
	view := c.explanation(p, made).Browser
	var differs []string
	if view.Readable != r.Readable {
		differs = append(differs, fmt.Sprintf("readable: %t against %t", view.Readable, r.Readable))
	}
	for _, name := range r.names() {
		if !slices.Contains(view.Headers, name) {
			differs = append(differs, "the page reads "+name)
		}
	}
	for _, name := range view.Headers {
		if r.Readable && plain.Header.Get(name) != "" && !slices.Contains(r.names(), name) {
			differs = append(differs, "the page does not read "+name)
		}
	}
	if !said.agrees(made, view.Console) {
		differs = append(differs, fmt.Sprintf("it prints %q, not %q", said.of(made), view.Console))
	}
	if differs == nil {
		return ""
	}
	return fmt.Sprintf("explain: %s\npage: %s\ncall: %+v\n%s\n", c.title, p.origin, made, strings.Join(differs, "\n"))
}

// testFixes applies the first fix of every combination that a page cannot read, and has
// the page try again: the fix is to help in a browser, and not on paper alone.
func testFixes(t *testing.T, b *browser) {
	base := startGateway(t)
	var calls []call
	var titles []string
	for i, bucket := range configurations(b) {
		for j, request := range combinedCalls() {
			if request.missing {
				continue
			}
			name := fmt.Sprintf("fixed-%d-%d", i, j)
			request.URL = base + "/" + name + "/key" + request.query
			e := bucket.explanation(b.subdomain, request.call)
			if e.Browser.Readable || len(e.Fixes) == 0 {
				continue
			}
			createBucket(t, base, name)
			putCORS(t, base, name, e.Fixes[0].Configuration)
			calls = append(calls, request.on(t, base, name, "key"))
			titles = append(titles, fmt.Sprintf("%s: %+v: %s", bucket.title, calls[len(calls)-1], e.Fixes[0].Text))
		}
	}
	require.Greater(t, len(calls), minimum)
	for i, reply := range b.subdomain.fetch(t, calls...) {
		if !reply.Readable {
			t.Error(titles[i])
		}
	}
	t.Logf("%d fixes", len(calls))
}
