package fetch_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/fetch"
)

const (
	page   = "http://page.example"
	bucket = "http://s3.example/bucket/key"
)

// script answers with one response after the other, and fails if there are more
// requests than responses.
func script(t *testing.T, responses ...fetch.Response) fetch.Server {
	return func(sent fetch.Sent) fetch.Response {
		require.NotEmpty(t, responses, "%s %s was not expected", sent.Method, sent.URL)
		response := responses[0]
		responses = responses[1:]
		return response
	}
}

func answer(status int, pairs ...string) fetch.Response {
	header := fetch.Header{}
	for i := 0; i < len(pairs); i += 2 {
		header.Add(pairs[i], pairs[i+1])
	}
	return fetch.Response{Status: status, Header: header}
}

// lines shows what was sent as text: method, URL, and the fields that matter.
func lines(v fetch.Verdict) []string {
	var all []string
	for _, sent := range v.Sent {
		line := sent.Method + " " + sent.URL
		for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Authorization", "Content-Type"} {
			if value := sent.Header.Get(name); value != "" {
				line += " " + name + "=" + value
			}
		}
		all = append(all, line)
	}
	return all
}

// Fetch, "HTTP fetch": a GET is sent at once.
func TestASimpleRequestIsSentWithoutAPreflight(t *testing.T) {
	v := fetch.Request{Origin: page, URL: bucket, Method: "get"}.Fetch(
		script(t, answer(200, "Access-Control-Allow-Origin", page, "ETag", "1", "Content-Type", "a")))
	require.NoError(t, v.Error)
	require.Equal(t, 200, v.Status)
	require.Equal(t, []string{"content-type"}, v.Readable)
	require.Equal(t, []string{"GET " + bucket + " Origin=" + page}, lines(v))
}

// Fetch, "CORS-preflight fetch".
func TestAPreflightAsksForTheMethodAndTheUnsafeNames(t *testing.T) {
	r := fetch.Request{Origin: page, URL: bucket, Method: "put", Header: fetch.Header{
		"X-Amz-Date": {"1"}, "Content-Type": {"image/png"}, "Accept": {"*/*"}, "Origin": {"http://forged.example"}}}
	granted := answer(200, "Access-Control-Allow-Origin", "*", "Access-Control-Allow-Methods", "PUT",
		"Access-Control-Allow-Headers", "content-type, x-amz-date")
	v := r.Fetch(script(t, granted, answer(403, "Access-Control-Allow-Origin", "*")))
	require.NoError(t, v.Error)
	require.Equal(t, 403, v.Status, "an error is a response too")
	require.Equal(t, []string{
		"OPTIONS " + bucket + " Origin=" + page + " Access-Control-Request-Method=PUT Access-Control-Request-Headers=content-type,x-amz-date",
		"PUT " + bucket + " Origin=" + page + " Content-Type=image/png",
	}, lines(v))
	require.Equal(t, []string{"http://forged.example"}, r.Header["Origin"], "the request is as it was")
}

// Fetch, "HTTP fetch": nothing follows a preflight that failed.
func TestARefusedPreflightIsTheEnd(t *testing.T) {
	v := fetch.Request{Origin: page, URL: bucket, Method: "DELETE"}.Fetch(script(t, answer(403)))
	require.EqualError(t, v.Error, "preflight: no Access-Control-Allow-Origin")
	require.Zero(t, v.Status)
	require.Nil(t, v.Readable)
	require.Len(t, v.Sent, 1)
}

// Fetch, "CORS check": the request is made, and its response is kept from the
// script.
func TestAResponseWithoutAllowOriginIsANetworkError(t *testing.T) {
	v := fetch.Request{Origin: page, URL: bucket, Method: "GET"}.Fetch(script(t, answer(200)))
	require.EqualError(t, v.Error, "no Access-Control-Allow-Origin")
	require.Len(t, v.Sent, 1)
}

// Fetch, "Main fetch": the page's own origin.
func TestTheOwnOriginIsNotAsked(t *testing.T) {
	response := answer(200, "ETag", "1", "Set-Cookie", "a=1")
	v := fetch.Request{Origin: "http://s3.example", URL: bucket, Method: "GET"}.Fetch(script(t, response))
	require.NoError(t, v.Error)
	require.Equal(t, []string{"etag"}, v.Readable)
	require.Equal(t, []string{"GET " + bucket}, lines(v))

	v = fetch.Request{Origin: "http://s3.example", URL: "http://S3.example:80/bucket/key", Method: "PUT"}.Fetch(script(t, response))
	require.NoError(t, v.Error)
	require.Equal(t, []string{"PUT http://S3.example:80/bucket/key Origin=http://s3.example"}, lines(v))
}

// The constructor of Request throws.
func TestAForbiddenMethodIsNotSent(t *testing.T) {
	for method, why := range map[string]string{
		"trace": `fetch() refuses the method "trace"`,
		"a b":   `fetch() refuses the method "a b"`,
		"":      `fetch() refuses the method ""`,
	} {
		v := fetch.Request{Origin: page, URL: bucket, Method: method}.Fetch(script(t))
		require.EqualError(t, v.Error, why)
		require.Empty(t, v.Sent)
	}
}

// Fetch, "HTTP-redirect fetch" and "serializing a request origin".
func TestRedirects(t *testing.T) {
	const elsewhere = "http://elsewhere.example/go"
	allow := []string{"Access-Control-Allow-Origin", "*", "Access-Control-Allow-Headers", "authorization"}
	to := func(status int, location string) fetch.Response {
		return answer(status, append([]string{"Location", location}, allow...)...)
	}
	last := answer(200, allow...)
	for _, c := range []struct {
		title     string
		request   fetch.Request
		responses []fetch.Response
		sent      []string
		why       string
	}{
		{"from the own origin the origin stays", fetch.Request{URL: page + "/go", Method: "GET"},
			[]fetch.Response{to(302, bucket), last},
			[]string{"GET " + page + "/go", "GET " + bucket + " Origin=" + page}, ""},
		{"within a foreign origin the origin stays", fetch.Request{URL: bucket, Method: "GET"},
			[]fetch.Response{to(307, "other"), last},
			[]string{"GET " + bucket + " Origin=" + page, "GET http://s3.example/bucket/other Origin=" + page}, ""},
		{"from one foreign origin to another it becomes null", fetch.Request{URL: elsewhere, Method: "GET"},
			[]fetch.Response{to(302, bucket), last},
			[]string{"GET " + elsewhere + " Origin=" + page, "GET " + bucket + " Origin=null"}, ""},
		{"back home it is null as well", fetch.Request{URL: elsewhere, Method: "GET"},
			[]fetch.Response{to(302, page+"/x"), last},
			[]string{"GET " + elsewhere + " Origin=" + page, "GET " + page + "/x Origin=null"}, ""},
		{"a redirect is checked like any response", fetch.Request{URL: elsewhere, Method: "GET"},
			[]fetch.Response{answer(302, "Location", bucket)},
			[]string{"GET " + elsewhere + " Origin=" + page}, "no Access-Control-Allow-Origin"},
		{"a redirect without a place to go is a response", fetch.Request{URL: elsewhere, Method: "GET"},
			[]fetch.Response{answer(304, allow...)}, []string{"GET " + elsewhere + " Origin=" + page}, ""},
		{"a POST becomes a GET", fetch.Request{URL: bucket, Method: "POST",
			Header: fetch.Header{"Content-Type": {"text/plain"}}}, []fetch.Response{to(302, "other"), last},
			[]string{"POST " + bucket + " Origin=" + page + " Content-Type=text/plain",
				"GET http://s3.example/bucket/other Origin=" + page}, ""},
		{"but not after 307", fetch.Request{URL: bucket, Method: "POST",
			Header: fetch.Header{"Content-Type": {"text/plain"}}}, []fetch.Response{to(307, "other"), last},
			[]string{"POST " + bucket + " Origin=" + page + " Content-Type=text/plain",
				"POST http://s3.example/bucket/other Origin=" + page + " Content-Type=text/plain"}, ""},
		{"a DELETE becomes a GET after 303", fetch.Request{URL: bucket, Method: "DELETE"},
			[]fetch.Response{answer(200, append([]string{"Access-Control-Allow-Methods", "DELETE"}, allow...)...),
				to(303, "other"), last},
			[]string{"OPTIONS " + bucket + " Origin=" + page + " Access-Control-Request-Method=DELETE",
				"DELETE " + bucket + " Origin=" + page,
				"GET http://s3.example/bucket/other Origin=" + page}, ""},
		{"Authorization stays behind, and with it the second preflight", fetch.Request{URL: elsewhere, Method: "GET",
			Header: fetch.Header{"Authorization": {"a"}}}, []fetch.Response{last, to(302, bucket), last},
			[]string{"OPTIONS " + elsewhere + " Origin=" + page + " Access-Control-Request-Method=GET Access-Control-Request-Headers=authorization",
				"GET " + elsewhere + " Origin=" + page + " Authorization=a",
				"GET " + bucket + " Origin=null"}, ""},
		{"a name and password in the place is refused", fetch.Request{URL: bucket, Method: "GET"},
			[]fetch.Response{to(302, "http://u:p@s3.example/bucket/key")},
			[]string{"GET " + bucket + " Origin=" + page}, "redirect to a URL with credentials"},
		{"another scheme is refused", fetch.Request{URL: bucket, Method: "GET"},
			[]fetch.Response{to(302, "data:,x")},
			[]string{"GET " + bucket + " Origin=" + page}, `redirect to the scheme "data"`},
	} {
		t.Run(c.title, func(t *testing.T) {
			c.request.Origin = page
			v := c.request.Fetch(script(t, c.responses...))
			if c.why == "" {
				require.NoError(t, v.Error)
			} else {
				require.EqualError(t, v.Error, c.why)
			}
			require.Equal(t, c.sent, lines(v))
		})
	}
}

// Fetch, "HTTP-redirect fetch".
func TestTwentyRedirectsAreEnough(t *testing.T) {
	v := fetch.Request{Origin: page, URL: bucket, Method: "GET"}.Fetch(func(fetch.Sent) fetch.Response {
		return answer(302, "Location", bucket, "Access-Control-Allow-Origin", "*")
	})
	require.EqualError(t, v.Error, "too many redirects")
	require.Len(t, v.Sent, 21)
}
