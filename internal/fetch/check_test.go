package fetch

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// fields makes a header of names and values in turn.
func fields(pairs ...string) Header {
	header := Header{}
	for i := 0; i < len(pairs); i += 2 {
		header.Add(pairs[i], pairs[i+1])
	}
	return header
}

// Fetch, "CORS check".
func TestCORSCheck(t *testing.T) {
	const origin = "http://a.example"
	for _, c := range []struct {
		title  string
		origin string
		mode   Credentials
		answer Header
		why    string
	}{
		{"nothing is allowed", origin, Omit, fields(), "no Access-Control-Allow-Origin"},
		{"every origin is", origin, SameOrigin, fields("Access-Control-Allow-Origin", "*"), ""},
		{"an opaque origin among them", "null", SameOrigin, fields("Access-Control-Allow-Origin", "*"), ""},
		{"every origin, but not with credentials", origin, Include,
			fields("Access-Control-Allow-Origin", "*", "Access-Control-Allow-Credentials", "true"),
			`Access-Control-Allow-Origin "*" is not for "http://a.example" with credentials mode "include"`},
		{"this origin", origin, Omit, fields("Access-Control-Allow-Origin", origin), ""},
		{"this origin in another case", origin, Omit, fields("Access-Control-Allow-Origin", "http://A.example"),
			`Access-Control-Allow-Origin "http://A.example" is not for "http://a.example" with credentials mode "omit"`},
		{"this origin with a slash", origin, Omit, fields("Access-Control-Allow-Origin", origin+"/"),
			`Access-Control-Allow-Origin "http://a.example/" is not for "http://a.example" with credentials mode "omit"`},
		{"the opaque origin by name", "null", Omit, fields("Access-Control-Allow-Origin", "null"), ""},
		{"this origin twice", origin, Omit,
			fields("Access-Control-Allow-Origin", origin, "Access-Control-Allow-Origin", origin),
			`Access-Control-Allow-Origin "http://a.example, http://a.example" is not for "http://a.example" with credentials mode "omit"`},
		{"an empty field", origin, Omit, fields("Access-Control-Allow-Origin", ""),
			`Access-Control-Allow-Origin "" is not for "http://a.example" with credentials mode "omit"`},
		{"this origin with credentials", origin, Include,
			fields("Access-Control-Allow-Origin", origin, "Access-Control-Allow-Credentials", "true"), ""},
		{"this origin, credentials not spoken of", origin, Include,
			fields("Access-Control-Allow-Origin", origin), `Access-Control-Allow-Credentials is ""`},
		{"this origin, credentials in another case", origin, Include,
			fields("Access-Control-Allow-Origin", origin, "Access-Control-Allow-Credentials", "True"),
			`Access-Control-Allow-Credentials is "True"`},
	} {
		t.Run(c.title, func(t *testing.T) { requireWhy(t, c.why, checkCORS(c.origin, c.mode, c.answer)) })
	}
}

// Fetch, "CORS-preflight fetch".
func TestPreflightAnswers(t *testing.T) {
	const origin = "http://a.example"
	star := func(pairs ...string) Header {
		return fields(append([]string{"Access-Control-Allow-Origin", "*"}, pairs...)...)
	}
	own := func(pairs ...string) Header {
		return fields(append([]string{
			"Access-Control-Allow-Origin", origin, "Access-Control-Allow-Credentials", "true"}, pairs...)...)
	}
	for _, c := range []struct {
		title  string
		method string
		mode   Credentials
		header Header
		status int
		answer Header
		why    string
	}{
		{"a method that is allowed", "PUT", Omit, nil, 200, star("Access-Control-Allow-Methods", "GET, PUT"), ""},
		{"a status of 204", "PUT", Omit, nil, 204, star("Access-Control-Allow-Methods", "PUT"), ""},
		{"a status of 403", "PUT", Omit, nil, 403, star("Access-Control-Allow-Methods", "PUT"), "status 403"},
		{"a redirect", "PUT", Omit, nil, 307, star("Access-Control-Allow-Methods", "PUT"), "status 307"},
		{"no Allow-Origin", "PUT", Omit, nil, 200, fields("Access-Control-Allow-Methods", "PUT"),
			"no Access-Control-Allow-Origin"},
		{"a method that is not", "DELETE", Omit, nil, 200, star("Access-Control-Allow-Methods", "GET, PUT"),
			"method DELETE is not in Access-Control-Allow-Methods"},
		{"a method in another case", "patch", Omit, nil, 200, star("Access-Control-Allow-Methods", "PATCH"),
			"method patch is not in Access-Control-Allow-Methods"},
		{"no methods, and a safelisted one", "POST", Omit, nil, 200, star(), ""},
		{"no methods, and another", "PUT", Omit, nil, 200, star(),
			"method PUT is not in Access-Control-Allow-Methods"},
		{"every method", "PUT", Omit, nil, 200, star("Access-Control-Allow-Methods", "*"), ""},
		{"every method, but not with credentials", "PUT", Include, nil, 200, own("Access-Control-Allow-Methods", "*"),
			"method PUT is not in Access-Control-Allow-Methods"},
		{"methods that are no list", "PUT", Omit, nil, 200, star("Access-Control-Allow-Methods", "PUT GET"),
			"Access-Control-Allow-Methods is no list of tokens"},
		{"headers that are allowed, in any case", "GET", Omit, fields("x-amz-date", "1", "X-Amz-Acl", "1"), 200,
			star("Access-Control-Allow-Headers", "X-AMZ-Date,x-amz-acl"), ""},
		{"one header that is not", "GET", Omit, fields("x-amz-date", "1", "X-Amz-Acl", "1"), 200,
			star("Access-Control-Allow-Headers", "x-amz-date"),
			"header x-amz-acl is not in Access-Control-Allow-Headers"},
		{"a pattern, which is S3's and no browser's", "GET", Omit, fields("x-amz-date", "1"), 200,
			star("Access-Control-Allow-Headers", "x-amz-*"),
			"header x-amz-date is not in Access-Control-Allow-Headers"},
		{"every header", "GET", Omit, fields("x-amz-date", "1"), 200, star("Access-Control-Allow-Headers", "*"), ""},
		{"every header, but not with credentials", "GET", Include, fields("x-amz-date", "1"), 200,
			own("Access-Control-Allow-Headers", "*"), "header x-amz-date is not in Access-Control-Allow-Headers"},
		{"every header, but not Authorization", "GET", Omit, fields("Authorization", "1"), 200,
			star("Access-Control-Allow-Headers", "*"), "header authorization is not in Access-Control-Allow-Headers"},
		{"every header, and Authorization", "GET", Omit, fields("Authorization", "1"), 200,
			star("Access-Control-Allow-Headers", "*, authorization"), ""},
		{"headers that are no list", "GET", Omit, fields("x-amz-date", "1"), 200,
			star("Access-Control-Allow-Headers", "x-amz-date x"), "Access-Control-Allow-Headers is no list of tokens"},
		{"a safelisted header, which needs no word", "PUT", Omit, fields("Accept", "*/*"), 200,
			star("Access-Control-Allow-Methods", "PUT"), ""},
		{"credentials", "PUT", Include, nil, 200, own("Access-Control-Allow-Methods", "PUT"), ""},
		{"every origin, with credentials", "PUT", Include, nil, 200, star("Access-Control-Allow-Methods", "PUT"),
			`Access-Control-Allow-Origin "*" is not for "http://a.example" with credentials mode "include"`},
	} {
		t.Run(c.title, func(t *testing.T) {
			request := &Request{Origin: origin, Credentials: c.mode}
			answer := Response{Status: c.status, Header: c.answer}
			requireWhy(t, c.why, checkPreflight(origin, c.method, request, c.header, answer))
		})
	}
}

// Fetch, "CORS-safelisted response-header name" and "Main fetch".
func TestReadableHeaders(t *testing.T) {
	answer := func(expose ...string) Header {
		header := fields("Cache-Control", "a", "Content-Language", "a", "Content-Length", "1", "Content-Type", "a",
			"Expires", "a", "Last-Modified", "a", "Pragma", "a", "ETag", "a", "X-Amz-Request-Id", "a",
			"Set-Cookie", "a", "Date", "a")
		for _, line := range expose {
			header.Add("Access-Control-Expose-Headers", line)
		}
		return header
	}
	seven := []string{"cache-control", "content-language", "content-length", "content-type", "expires",
		"last-modified", "pragma"}
	with := func(names ...string) []string {
		return namesOf(answer(), func(name string) bool { return containsFold(append(names, seven...), name) })
	}
	for _, c := range []struct {
		title  string
		mode   Credentials
		answer Header
		names  []string
	}{
		{"seven need not be exposed", Omit, answer(), seven},
		{"names are exposed in any case", Omit, answer("etag", "X-AMZ-request-id"), with("etag", "x-amz-request-id")},
		{"names that are not there make no difference", Omit, answer("x-amz-version-id"), seven},
		{"a cookie cannot be exposed", Omit, answer("Set-Cookie, Date"), with("date")},
		{"a star exposes all but cookies", Omit, answer("*"),
			append([]string{"access-control-expose-headers"}, with("etag", "x-amz-request-id", "date")...)},
		{"a star with credentials is a name", Include, answer("*"), seven},
		{"what is no list exposes nothing", Omit, answer("etag date"), seven},
	} {
		t.Run(c.title, func(t *testing.T) { require.Equal(t, c.names, readable(c.mode, c.answer)) })
	}
}

func requireWhy(t *testing.T, why string, err error) {
	t.Helper()
	if why == "" {
		require.NoError(t, err)
		return
	}
	require.EqualError(t, err, why)
}
