package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/fetch"
)

// testRedirects leads requests of the page b.ip to the gateway by way of its own
// origin and by way of another, which makes Origin null.
func testRedirects(t *testing.T, b *browser) {
	gateway := startGateway(t)
	for _, one := range []struct {
		title    string
		via      *page
		bucket   string
		allowed  string
		readable bool
	}{
		{"from the own origin, to a rule for it", b.ip, "own-itself", b.ip.origin, true},
		{"from the own origin, to a rule for null", b.ip, "own-null", "null", false},
		{"from another origin, to a rule for the page's", b.name, "other-page", b.ip.origin, false},
		{"from another origin, to a rule for that one", b.name, "other-itself", b.name.origin, false},
		{"from another origin, to a rule for null", b.name, "other-null", "null", true},
		{"from another origin, to a rule for all", b.name, "other-all", "*", true},
	} {
		t.Run(one.title, func(t *testing.T) {
			createBucket(t, gateway, one.bucket)
			putObject(t, gateway, one.bucket, "key", "hello")
			rules := combined{bucket: one.bucket, config: ruling(s3cors.Rule{
				AllowedOrigins: []string{one.allowed}, AllowedMethods: []string{"GET"}, ExposeHeaders: []string{"ETag"}})}
			putCORS(t, gateway, one.bucket, rules.config)
			target := gateway + "/" + one.bucket + "/key"
			status, header, _ := send(t, http.MethodGet, target, nil, nil)
			decide := rules.decide(t, fetch.Response{Status: status, Header: fetch.Header(header)})

			get := call{URL: one.via.origin + "/redirect?to=" + url.QueryEscape(target)}
			verdict := get.request(b.ip.origin).Fetch(func(sent fetch.Sent) fetch.Response {
				if strings.HasPrefix(sent.URL, gateway+"/") {
					return decide(sent)
				}
				return fetch.Response{Status: http.StatusTemporaryRedirect,
					Header: fetch.Header{"Location": {target}, allowOrigin: {"*"}}}
			})
			reply := b.ip.fetch(t, get)[0]
			require.Equal(t, one.readable, reply.Readable)
			if !agree(verdict, reply) {
				t.Error(rules.disagreement(t, b.ip, get, verdict, reply))
			}
		})
	}
}
