package fetch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/fetch"
)

// What Chromium prints is held against Chromium in the tests of the gateway; these are
// the sentences that people search for.
func TestConsole(t *testing.T) {
	const blocked = "Access to fetch at 'http://s3.example/bucket/key' from origin 'http://page.example' has been blocked by CORS policy: "
	for _, c := range []struct {
		title    string
		request  fetch.Request
		answers  []fetch.Response
		sentence string
	}{
		{"a response without the field", fetch.Request{Method: "GET"}, []fetch.Response{answer(200)},
			blocked + "No 'Access-Control-Allow-Origin' header is present on the requested resource."},
		{"a refused preflight", fetch.Request{Method: "PUT"}, []fetch.Response{answer(403)},
			blocked + "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource."},
		{"a star with credentials", fetch.Request{Method: "GET", Credentials: fetch.Include},
			[]fetch.Response{answer(200, "Access-Control-Allow-Origin", "*")},
			blocked + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'."},
		{"a header that is not allowed", fetch.Request{Method: "GET", Header: fetch.Header{"x-amz-date": {"1"}}},
			[]fetch.Response{answer(200, "Access-Control-Allow-Origin", "*")},
			blocked + "Request header field x-amz-date is not allowed by Access-Control-Allow-Headers in preflight response."},
		{"a response that is granted", fetch.Request{Method: "GET"}, []fetch.Response{answer(200, "Access-Control-Allow-Origin", "*")}, ""},
		{"a method that is not sent", fetch.Request{Method: "TRACE"}, nil, ""},
	} {
		t.Run(c.title, func(t *testing.T) {
			c.request.Origin, c.request.URL = page, bucket
			require.Equal(t, c.sentence, c.request.Console(c.request.Fetch(script(t, c.answers...)).Error))
		})
	}
}

func TestOriginOf(t *testing.T) {
	for url, origin := range map[string]string{
		"https://A.example/x?y#z":          "https://a.example",
		"https://a.example:443":            "https://a.example",
		"http://a.example:8080/":           "http://a.example:8080",
		"https://name:word@a.example:80/x": "https://a.example:80",
		"HTTP://[::1]:80/":                 "http://[::1]",
		"capacitor://localhost/index.html": "capacitor://localhost",
		"/relative":                        "",
		"data:text/plain,x":                "",
		"a.example/x":                      "",
	} {
		got, ok := fetch.OriginOf(url)
		require.Equal(t, origin, got, url)
		require.Equal(t, origin != "", ok, url)
	}
}
