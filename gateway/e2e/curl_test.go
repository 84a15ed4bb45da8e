package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// curl returns what "curl -i" prints: the status line, the header fields in the
// order of their names, of which net/http sends them in, and the body. Names and
// ids that differ from request to request become <…>.
func curl(t *testing.T, args ...string) (status string, fields []string, body string) {
	t.Helper()
	printed := run(t, "", program(t, "curl"), append([]string{"--silent", "--show-error", "--include", "--max-time", "60"}, args...)...).done(t)
	head, body, ok := strings.Cut(printed, "\r\n\r\n")
	require.True(t, ok, "%q", printed)
	lines := strings.Split(head, "\r\n")
	fields = lines[1:]
	for i, line := range fields {
		for _, name := range []string{"Date", "X-Amz-Request-Id", "X-Amz-Id-2", "Last-Modified"} {
			if strings.HasPrefix(line, name+": ") {
				fields[i] = name + ": <…>"
			}
		}
	}
	slices.Sort(fields)
	body = regexp.MustCompile(`<(RequestId|HostId)>[^<]+<`).ReplaceAllString(body, "<$1><…><")
	return lines[0], fields, body
}

const provider = "http://www.example.com"

// newCurlBucket starts a gateway with a bucket of a provider's guide.
func newCurlBucket(t *testing.T, args ...string) (base string) {
	base = startGateway(t, args...)
	createBucket(t, base, "demo")
	putObject(t, base, "demo", "key", "content")
	putCORS(t, base, "demo", &documents[0].config)
	return base
}

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"

// errorBody returns the body of an error with the elements between Message and
// RequestId.
func errorBody(code, message, elements string) string {
	return xmlDeclaration + "<Error><Code>" + code + "</Code><Message>" + message + "</Message>" + elements +
		"<RequestId><…></RequestId><HostId><…></HostId></Error>"
}

func TestCurlSeesAPreflightGranted(t *testing.T) {
	base := newCurlBucket(t)
	for _, url := range []string{base + "/demo/key", base + "/demo", base + "/demo/", base + "/demo/no-such-key", base + "/demo?cors"} {
		t.Run(strings.TrimPrefix(url, base), func(t *testing.T) {
			status, fields, body := curl(t, "-X", "OPTIONS", "-H", "Origin: "+provider, "-H", "Access-Control-Request-Method: GET", url)
			require.Equal(t, "HTTP/1.1 200 OK", status)
			require.Equal(t, []string{
				"Access-Control-Allow-Credentials: true",
				"Access-Control-Allow-Methods: GET",
				"Access-Control-Allow-Origin: " + provider,
				"Access-Control-Max-Age: 3000",
				"Content-Length: 0",
				"Date: <…>",
				"Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
				"X-Amz-Id-2: <…>",
				"X-Amz-Request-Id: <…>",
			}, fields)
			require.Empty(t, body)
		})
	}
}

func TestCurlSeesHeaderNamesGranted(t *testing.T) {
	base := newCurlBucket(t)
	_, fields, _ := curl(t, "-X", "OPTIONS", "-H", "Origin: "+provider, "-H", "Access-Control-Request-Method: GET",
		"-H", "Access-Control-Request-Headers: X-Amz-Date,Content-Type", base+"/demo/key")
	require.Contains(t, fields, "Access-Control-Allow-Headers: x-amz-date, content-type")
}

func TestCurlSeesPreflightsRefused(t *testing.T) {
	base := newCurlBucket(t)
	createBucket(t, base, "plain")
	const (
		notAllowed = "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, " +
			"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the " +
			"resource's CORS spec."
		notEnabled = "CORSResponse: CORS is not enabled for this bucket."
		noBucket   = "CORSResponse: Bucket not found"
	)
	forbidden := func(message, method, resource string) string {
		return errorBody("AccessForbidden", message, "<Method>"+method+"</Method><ResourceType>"+resource+"</ResourceType>")
	}
	preflight := func(origin, method string) []string {
		return []string{"-X", "OPTIONS", "-H", "Origin: " + origin, "-H", "Access-Control-Request-Method: " + method}
	}
	rows := []struct {
		name   string
		args   []string
		url    string
		status string
		body   string
		closes bool
	}{
		{"an origin that no rule lists, of an object", preflight("http://evil.test", "GET"), "/demo/key",
			"403 Forbidden", forbidden(notAllowed, "GET", "OBJECT"), false},
		{"a method that no rule lists, of a bucket", preflight(provider, "PUT"), "/demo",
			"403 Forbidden", forbidden(notAllowed, "PUT", "BUCKET"), false},
		{"a method in lower case", preflight(provider, "get"), "/demo/key",
			"400 Bad Request", errorBody("BadRequest", "Invalid Access-Control-Request-Method: get", ""), false},
		{"a method with characters of XML", preflight(provider, "<&>\""), "/demo/key",
			"400 Bad Request", errorBody("BadRequest", `Invalid Access-Control-Request-Method: &lt;&amp;&gt;"`, ""), false},
		{"an object in a bucket without a configuration", preflight(provider, "GET"), "/plain/key",
			"403 Forbidden", forbidden(notEnabled, "GET", "BUCKET"), false},
		{"a bucket that there is not", preflight(provider, "GET"), "/nowhere/key",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"a bucket with a name that no bucket can have", preflight(provider, "GET"), "/_meta/key",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"the list of buckets", preflight(provider, "GET"), "/",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"two slashes, which are no bucket", preflight(provider, "GET"), "//demo/key",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"an escaped slash, which divides nothing", preflight(provider, "GET"), "/demo%2Fkey",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"the asterisk form", append(preflight(provider, "GET"), "--request-target", "*"), "",
			"403 Forbidden", forbidden(noBucket, "GET", "BUCKET"), false},
		{"no Access-Control-Request-Method", []string{"-X", "OPTIONS", "-H", "Origin: " + provider}, "/demo/key",
			"403 Forbidden", forbidden(notAllowed, "OPTIONS", "OBJECT"), false},
		{"no Origin", []string{"-X", "OPTIONS"}, "/demo/key",
			"400 Bad Request", errorBody("BadRequest", "Insufficient information. Origin request header needed.", ""), true},
		{"the asterisk form without Origin", []string{"-X", "OPTIONS", "--request-target", "*"}, "",
			"400 Bad Request", errorBody("BadRequest", "Insufficient information. Origin request header needed.", ""), true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, fields, body := curl(t, append(row.args, "--path-as-is", base+row.url)...)
			require.Equal(t, "HTTP/1.1 "+row.status, status)
			require.Equal(t, row.body, body)
			fields = slices.DeleteFunc(fields, func(field string) bool { return strings.HasPrefix(field, "Content-Length: ") })
			want := []string{"Content-Type: application/xml", "Date: <…>", "X-Amz-Id-2: <…>", "X-Amz-Request-Id: <…>"}
			if row.closes {
				want = slices.Insert(want, 0, "Connection: close")
			}
			require.Equal(t, want, fields)
		})
	}
}

// corsFields returns those that a response has because of CORS.
func corsFields(fields []string) []string {
	return slices.DeleteFunc(fields, func(field string) bool {
		return !strings.HasPrefix(field, "Access-Control-") && !strings.HasPrefix(field, "Vary: ")
	})
}

const varyField = "Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

func TestCurlSeesActualRequests(t *testing.T) {
	base := newCurlBucket(t)
	granted := []string{
		"Access-Control-Allow-Credentials: true",
		"Access-Control-Allow-Methods: GET",
		"Access-Control-Allow-Origin: " + provider,
		"Access-Control-Max-Age: 3000",
		varyField,
	}
	rows := []struct {
		name   string
		args   []string
		url    string
		status string
		cors   []string
	}{
		{"an object", []string{"-H", "Origin: " + provider}, "/demo/key", "200 OK", granted},
		{"part of an object", []string{"-H", "Origin: " + provider, "-r", "0-2"}, "/demo/key", "206 Partial Content", granted},
		{"an object that did not change", []string{"-H", "Origin: " + provider, "-H", `If-None-Match: "9a0364b9e99bb480dd25e1f0284c8555"`},
			"/demo/key", "304 Not Modified", granted},
		{"an object that there is not", []string{"-H", "Origin: " + provider}, "/demo/none", "404 Not Found", granted},
		{"a list of objects", []string{"-H", "Origin: " + provider}, "/demo", "200 OK", granted},
		{"the configuration", []string{"-H", "Origin: " + provider}, "/demo?cors", "200 OK", granted},
		{"what the backend does not do", []string{"-H", "Origin: " + provider}, "/demo?acl", "501 Not Implemented", granted},
		{"a range beyond the object", []string{"-H", "Origin: " + provider, "-r", "100-"}, "/demo/key",
			"416 Requested Range Not Satisfiable", granted},
		{"an origin that no rule lists", []string{"-H", "Origin: http://evil.test"}, "/demo/key", "200 OK", nil},
		{"a method that no rule lists", []string{"-H", "Origin: " + provider, "-X", "DELETE"}, "/demo/none", "204 No Content", nil},
		{"HEAD, which GET does not include", []string{"-H", "Origin: " + provider, "--head"}, "/demo/key", "200 OK", nil},
		{"no origin", nil, "/demo/key", "200 OK", nil},
		{"the list of buckets", []string{"-H", "Origin: " + provider}, "/", "200 OK", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			status, fields, _ := curl(t, append(row.args, base+row.url)...)
			require.Equal(t, "HTTP/1.1 "+row.status, status)
			cors := corsFields(fields)
			if len(cors) == 0 {
				cors = nil
			}
			require.Equal(t, row.cors, cors)
		})
	}
}

func TestCurlSeesVaryEverywhereIfAskedFor(t *testing.T) {
	base := newCurlBucket(t, "-cache-safe")
	for _, args := range [][]string{{}, {"-H", "Origin: http://evil.test"}} {
		status, fields, body := curl(t, append(args, base+"/demo/key")...)
		require.Equal(t, "HTTP/1.1 200 OK", status)
		require.Equal(t, "content", body)
		require.Equal(t, []string{varyField}, corsFields(fields))
	}
}

func TestCurlSeesTheConfigurationWithoutAContentType(t *testing.T) {
	base := newCurlBucket(t)
	want, err := documents[0].config.AppendXML(nil)
	require.NoError(t, err)
	for _, url := range []string{"/demo?cors", "/demo/?cors", "/demo/key?cors", "/demo?cors=", "/demo?c%6Frs"} {
		status, fields, body := curl(t, base+url)
		require.Equal(t, "HTTP/1.1 200 OK", status)
		require.Equal(t, []string{"Content-Length: 301", "Date: <…>", "X-Amz-Id-2: <…>", "X-Amz-Request-Id: <…>"}, fields)
		require.Equal(t, string(want), body)
	}
	status, fields, body := curl(t, "-X", "DELETE", base+"/demo?cors")
	require.Equal(t, "HTTP/1.1 204 No Content", status)
	require.Equal(t, []string{"Date: <…>", "X-Amz-Id-2: <…>", "X-Amz-Request-Id: <…>"}, fields)
	require.Empty(t, body)
}

func TestCurlFindsBucketsInHostNames(t *testing.T) {
	base := startGateway(t, "-host", "s3.localhost")
	createBucket(t, base, "demo")
	putCORS(t, base, "demo", &documents[0].config)
	_, port, _ := strings.Cut(strings.TrimPrefix(base, "http://"), ":")
	host := "demo.s3.localhost:" + port
	to := []string{"--connect-to", host + ":127.0.0.1:" + port}
	status, _, body := curl(t, append(to, "-X", "PUT", "--data-binary", "@testdata/cors.py", "http://"+host+"/a/key")...)
	require.Equal(t, "HTTP/1.1 200 OK", status, body)

	status, fields, body := curl(t, append(to, "-H", "Origin: "+provider, "http://"+host+"/a/key")...)
	require.Equal(t, "HTTP/1.1 200 OK", status)
	require.Contains(t, fields, "Access-Control-Allow-Origin: "+provider)
	require.Contains(t, body, "import boto3")
	_, _, same := curl(t, base+"/demo/a/key")
	require.Equal(t, body, same)

	status, _, _ = curl(t, append(to, "-X", "OPTIONS", "-H", "Origin: "+provider, "-H", "Access-Control-Request-Method: GET",
		"http://"+host+"/a/key")...)
	require.Equal(t, "HTTP/1.1 200 OK", status)
	_, _, document := curl(t, append(to, "http://"+host+"/?cors")...)
	want, err := documents[0].config.AppendXML(nil)
	require.NoError(t, err)
	require.Equal(t, string(want), document)
}

func TestCurlFollowsTheLifeOfABucket(t *testing.T) {
	base := newCurlBucket(t)
	preflight := func() string {
		t.Helper()
		status, _, body := curl(t, "-X", "OPTIONS", "-H", "Origin: "+provider, "-H", "Access-Control-Request-Method: GET", base+"/demo")
		_, message, _ := strings.Cut(body, "<Message>")
		message, _, _ = strings.Cut(message, "</Message>")
		return strings.TrimPrefix(status, "HTTP/1.1 ") + message
	}
	require.Equal(t, "200 OK", preflight())
	config := oneRule(func(r *s3cors.Rule) { r.AllowedOrigins = []string{"https://other.example.com"} })
	putCORS(t, base, "demo", &config)
	require.Contains(t, preflight(), "403 ForbiddenCORSResponse: This CORS request is not allowed.")
	putCORS(t, base, "demo", &documents[0].config)
	require.Equal(t, "200 OK", preflight())
	status, _, _ := send(t, "DELETE", base+"/demo", nil, nil)
	require.Equal(t, 409, status)
	require.Equal(t, "200 OK", preflight(), "the bucket is not empty, so it stays")
	for _, path := range []string{"/demo/key", "/demo"} {
		status, _, _ = send(t, "DELETE", base+path, nil, nil)
		require.Equal(t, 204, status)
	}
	require.Equal(t, "403 ForbiddenCORSResponse: Bucket not found", preflight())
	createBucket(t, base, "demo")
	require.Equal(t, "403 ForbiddenCORSResponse: CORS is not enabled for this bucket.", preflight())
}
