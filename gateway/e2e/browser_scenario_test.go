package e2e

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/fetch"
)

// A scenario has a gateway for all of them, and a bucket of its own.
type scenario struct {
	*browser
	gateway string // base URL
	bucket  string
}

// testScenarios are the things that people do with S3 from a page.
func testScenarios(t *testing.T, b *browser) {
	gateway := startGateway(t)
	for i, one := range []struct {
		title string
		run   func(*testing.T, scenario)
	}{
		{"an upload with the headers of an SDK", uploadLikeAnSDK},
		{"an upload with a header that is not allowed stores nothing", uploadWithForeignHeader},
		{"an upload in parts reads the ETag of each", uploadInParts},
		{"an ETag that is not exposed is null", uploadPartWithoutETag},
		{"an upload by a form", uploadByForm},
		{"a deletion", deleteObject},
		{"a deletion that no rule allows leaves the object", deleteRefused},
		{"ranges", readRanges},
		{"credentials", sendCredentials},
		{"presigned URLs", usePresigned},
		{"a sandboxed frame has the origin null", sandboxedFrame},
		{"a missing object", readMissing},
		{"a denied object", readDenied},
		{"HEAD has to be listed", readHead},
		{"a bucket can be listed, the service root cannot", listBucket},
		{"a change of the configuration", changeConfiguration},
	} {
		t.Run(one.title, func(t *testing.T) {
			s := scenario{b, gateway, fmt.Sprintf("scenario-%d", i)}
			createBucket(t, gateway, s.bucket)
			one.run(t, s)
		})
	}
}

// url returns the URL of a key, which may have a query; "" is the bucket.
func (s scenario) url(key string) string { return s.gateway + "/" + s.bucket + "/" + key }

// configure gives the bucket one rule.
func (s scenario) configure(t *testing.T, rule s3cors.Rule) {
	t.Helper()
	putCORS(t, s.gateway, s.bucket, ruling(rule))
}

// stored returns what the gateway holds under a key, asked without a browser.
func (s scenario) stored(t *testing.T, key string) (status int, header http.Header, body string) {
	t.Helper()
	return send(t, http.MethodGet, s.url(key), nil, nil)
}

// requireStored checks what a key holds.
func (s scenario) requireStored(t *testing.T, key, content string) {
	t.Helper()
	status, _, body := s.stored(t, key)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, content, body)
}

// requireMissing checks that a key holds nothing.
func (s scenario) requireMissing(t *testing.T, key string) {
	t.Helper()
	status, _, _ := s.stored(t, key)
	require.Equal(t, http.StatusNotFound, status)
}

// get makes one call and requires that the script gets a response.
func (p *page) get(t *testing.T, c call) reply {
	t.Helper()
	r := p.fetch(t, c)[0]
	require.True(t, r.Readable, "%s %s from %s: %s", c.Method, c.URL, p.origin, r.Error)
	return r
}

// fail makes one call and requires a network error, of which the script is told
// nothing.
func (p *page) fail(t *testing.T, c call) {
	t.Helper()
	r := p.fetch(t, c)[0]
	require.False(t, r.Readable, "%s %s from %s: status %d", c.Method, c.URL, p.origin, r.Status)
	require.Equal(t, "TypeError: Failed to fetch", r.Error)
}

// requireHeader checks a header field that the script can read.
func (r reply) requireHeader(t *testing.T, name, value string) {
	t.Helper()
	got, ok := r.header(name)
	require.True(t, ok, "%s is null; readable are %q", name, r.names())
	require.Equal(t, value, got)
}

// requireNull checks that the script reads null.
func (r reply) requireNull(t *testing.T, name string) {
	t.Helper()
	_, ok := r.header(name)
	require.False(t, ok, "%s is readable", name)
}

// The digests of "hello": CRC-32 as S3 writes it, and MD5 as an ETag.
const (
	helloCRC  = "NhCmhg=="
	helloETag = `"5d41402abc4b2a76b9719d911017c592"`
)

// sdkHeaders are those of a PutObject of aws-sdk-js v3 in a browser.
var sdkHeaders = [][2]string{
	{"amz-sdk-invocation-id", "6b1c3a57-8c1e-4c3f-9d4a-000000000000"},
	{"amz-sdk-request", "attempt=1; max=3"},
	{"authorization", "AWS4-HMAC-SHA256 Credential=any/20261122/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0"},
	{"content-type", "image/png"},
	{"x-amz-checksum-crc32", helloCRC},
	{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"},
	{"x-amz-date", "20261122T150000Z"},
	{"x-amz-meta-color", "red"},
	{"x-amz-sdk-checksum-algorithm", "CRC32"},
	{"x-amz-user-agent", "aws-sdk-js/3.900.0 ua/2.1 os/Linux lang/js md/browser"},
}

func uploadLikeAnSDK(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.subdomain.origin}, AllowedMethods: []string{"PUT"},
		AllowedHeaders: []string{"authorization", "content-type", "x-amz-*", "amz-sdk-*"},
		ExposeHeaders:  []string{"ETag"}})
	r := s.subdomain.get(t, call{Method: "PUT", URL: s.url("key?x-id=PutObject"), Headers: sdkHeaders, Body: "hello"})
	require.Equal(t, http.StatusOK, r.Status)
	r.requireHeader(t, "etag", helloETag)
	_, header, body := s.stored(t, "key")
	require.Equal(t, "hello", body)
	require.Equal(t, "image/png", header.Get("Content-Type"))
	require.Equal(t, "red", header.Get("X-Amz-Meta-Color"))
	s.otherSubdomain.fail(t, call{Method: "PUT", URL: s.url("other"), Headers: sdkHeaders, Body: "hello"})
	s.requireMissing(t, "other")
}

func uploadWithForeignHeader(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"PUT"},
		AllowedHeaders: []string{"content-type", "x-amz-*"}})
	s.ip.fail(t, call{Method: "PUT", URL: s.url("key"), Headers: sdkHeaders, Body: "hello"})
	s.requireMissing(t, "key")
	s.ip.get(t, call{Method: "PUT", URL: s.url("plain"), Headers: [][2]string{{"x-amz-acl", "private"}}, Body: "hello"})
	s.requireStored(t, "plain", "hello")
}

// uploadID finds the id in the answer to the start of an upload in parts.
var uploadID = regexp.MustCompile("<UploadId>([^<]+)</UploadId>")

// startParts starts an upload in parts and returns the query of its requests.
func startParts(t *testing.T, s scenario, p *page, key string) string {
	t.Helper()
	// POST, without a header that has to be asked for: no preflight.
	r := p.get(t, call{Method: "POST", URL: s.url(key + "?uploads")})
	require.Equal(t, http.StatusOK, r.Status)
	found := uploadID.FindStringSubmatch(r.Body)
	require.NotNil(t, found, "%s", r.Body)
	return "uploadId=" + found[1]
}

func uploadInParts(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.name.origin}, AllowedMethods: []string{"POST", "PUT"},
		AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"}})
	query := startParts(t, s, s.name, "key")
	parts := []string{strings.Repeat("a", 5<<20), "the end"} // S3 wants 5 MiB of all but the last
	var list strings.Builder
	for i, part := range parts {
		url := fmt.Sprintf("%s&partNumber=%d", s.url("key?"+query), i+1)
		r := s.name.get(t, call{Method: "PUT", URL: url, Headers: [][2]string{{"content-type", "application/octet-stream"}}, Body: part})
		require.Equal(t, http.StatusOK, r.Status)
		etag, ok := r.header("etag")
		require.True(t, ok, "the ETag of part %d is null", i+1)
		fmt.Fprintf(&list, "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i+1, etag)
	}
	document := "<CompleteMultipartUpload>" + list.String() + "</CompleteMultipartUpload>"
	r := s.name.get(t, call{Method: "POST", URL: s.url("key?" + query), Headers: [][2]string{{"content-type", "application/xml"}}, Body: document})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	s.requireStored(t, "key", strings.Join(parts, ""))
}

func uploadPartWithoutETag(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.name.origin}, AllowedMethods: []string{"POST", "PUT"}})
	query := startParts(t, s, s.name, "key")
	r := s.name.get(t, call{Method: "PUT", URL: s.url("key?partNumber=1&" + query), Body: "hello"})
	require.Equal(t, http.StatusOK, r.Status)
	r.requireNull(t, "etag")
}

func uploadByForm(t *testing.T, s scenario) {
	const form = "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nkey\r\n" +
		"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n" +
		"Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"
	post := func(target string) call {
		return call{Method: "POST", URL: s.url(target), Headers: [][2]string{{"content-type", "multipart/form-data; boundary=x"}}, Body: form}
	}
	// A form needs nobody's leave: without a rule it is stored, only the answer is
	// kept from the page.
	s.ip.fail(t, post("?first"))
	s.requireStored(t, "key", "hello")
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"POST"}, ExposeHeaders: []string{"ETag"}})
	r := s.ip.get(t, post("?second"))
	require.Equal(t, http.StatusNoContent, r.Status)
	r.requireHeader(t, "etag", helloETag)
}

func deleteObject(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"http://*.localhost" + portOf(s.subdomain)}, AllowedMethods: []string{"DELETE"}})
	putObject(t, s.gateway, s.bucket, "key", "hello")
	r := s.subdomain.get(t, call{Method: "delete", URL: s.url("key")})
	require.Equal(t, http.StatusNoContent, r.Status)
	s.requireMissing(t, "key")
}

func deleteRefused(t *testing.T, s scenario) {
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET", "PUT", "POST", "HEAD"}})
	putObject(t, s.gateway, s.bucket, "key", "hello")
	s.subdomain.fail(t, call{Method: "DELETE", URL: s.url("key")})
	s.requireStored(t, "key", "hello")
}

func readRanges(t *testing.T, s scenario) {
	const content = "0123456789"
	putObject(t, s.gateway, s.bucket, "key", content)
	part := func(value, query string) call {
		return call{URL: s.url("key?" + query), Headers: [][2]string{{"Range", value}}}
	}
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}})
	r := s.ip.get(t, part("bytes=2-4", "hidden"))
	require.Equal(t, http.StatusPartialContent, r.Status)
	require.Equal(t, "234", r.Body)
	r.requireNull(t, "content-range")
	r.requireHeader(t, "content-length", "3")
	s.ip.fail(t, part("bytes=-4", "suffix-refused")) // is asked for, unlike the others

	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"},
		AllowedHeaders: []string{"range"}, ExposeHeaders: []string{"Content-Range", "Accept-Ranges"}})
	for value, want := range map[string][2]string{
		"bytes=2-4": {"bytes 2-4/10", "234"},
		"bytes=7-":  {"bytes 7-9/10", "789"},
		"bytes=-4":  {"bytes 6-9/10", "6789"},
	} {
		r := s.ip.get(t, part(value, value))
		require.Equal(t, http.StatusPartialContent, r.Status)
		r.requireHeader(t, "content-range", want[0])
		r.requireHeader(t, "accept-ranges", "bytes")
		require.Equal(t, want[1], r.Body)
	}
	r = s.ip.get(t, part("bytes=10-", "beyond"))
	require.Equal(t, http.StatusRequestedRangeNotSatisfiable, r.Status)
	require.Contains(t, r.Body, "<Code>InvalidRange</Code>")
}

func sendCredentials(t *testing.T, s scenario) {
	putObject(t, s.gateway, s.bucket, "key", "hello")
	with := func(query string) call {
		return call{URL: s.url("key?" + query), Credentials: fetch.Include}
	}
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}})
	s.subdomain.fail(t, with("star"))
	require.Equal(t, "hello", s.subdomain.get(t, call{URL: s.url("key?star-without")}).Body)
	for i, origin := range []string{s.subdomain.origin, "http://*", "http://app.*"} {
		s.configure(t, s3cors.Rule{AllowedOrigins: []string{origin}, AllowedMethods: []string{"GET"}})
		require.Equal(t, "hello", s.subdomain.get(t, with(fmt.Sprint(i))).Body)
	}
}

func usePresigned(t *testing.T, s scenario) {
	const query = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=any%2F20261122%2Fus-east-1%2Fs3%2Faws4_request" +
		"&X-Amz-Date=20261122T150000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=content-type%3Bhost&X-Amz-Signature=0"
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.ip.origin}, AllowedMethods: []string{"GET", "PUT"},
		AllowedHeaders: []string{"content-type"}, ExposeHeaders: []string{"ETag"}})
	r := s.ip.get(t, call{Method: "PUT", URL: s.url("a%20key/%C3%BC" + query), Headers: [][2]string{{"content-type", "text/csv"}}, Body: "hello"})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	r.requireHeader(t, "etag", helloETag)
	r = s.ip.get(t, call{URL: s.url("a%20key/%C3%BC" + query + "&response-content-disposition=attachment")})
	require.Equal(t, "hello", r.Body)
	s.name.fail(t, call{URL: s.url("a%20key/%C3%BC" + query + "&elsewhere")})
}

func sandboxedFrame(t *testing.T, s scenario) {
	putObject(t, s.gateway, s.bucket, "key", "hello")
	for _, one := range []struct {
		allowed  string
		readable bool
	}{
		{"*", true},
		{"null", true},
		{"n*", true},
		{s.ip.origin, false}, // the page's that the frame is in
		{"http*", false},
	} {
		s.configure(t, s3cors.Rule{AllowedOrigins: []string{one.allowed}, AllowedMethods: []string{"GET"}})
		get := call{URL: s.url("key?" + strings.ReplaceAll(one.allowed, "*", "star"))}
		require.Equal(t, one.readable, s.sandboxed.fetch(t, get)[0].Readable, "AllowedOrigin %q", one.allowed)
	}
	// To the literal null, S3 grants credentials too.
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"null"}, AllowedMethods: []string{"GET"}})
	s.sandboxed.get(t, call{URL: s.url("key?credentials"), Credentials: fetch.Include})
}

func readMissing(t *testing.T, s scenario) {
	s.ip.fail(t, call{URL: s.url("key?unconfigured")})
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}})
	r := s.ip.get(t, call{URL: s.url("key?configured")})
	require.Equal(t, http.StatusNotFound, r.Status)
	require.Contains(t, r.Body, "<Code>NoSuchKey</Code>")
	r.requireHeader(t, "content-type", "application/xml")
	s.ip.fail(t, call{URL: s.gateway + "/no-such-bucket/key"})
}

// readDenied stands for itself, since the gateway denies nobody: the middleware,
// and behind it a server that denies everybody.
func readDenied(t *testing.T, s scenario) {
	policy, err := s3cors.Compile(ruling(s3cors.Rule{AllowedOrigins: []string{s.ip.origin}, AllowedMethods: []string{"GET", "PUT"}}))
	require.NoError(t, err)
	server := httptest.NewServer((&corshttp.Server{
		Policies: func(context.Context, string) (*s3cors.Policy, error) { return policy, nil },
	}).CORS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		corshttp.WriteError(w, corsserver.AccessDenied(), s3cors.IDs{RequestID: "1"})
	})))
	t.Cleanup(server.Close)
	for _, method := range []string{"GET", "PUT"} {
		r := s.ip.get(t, call{Method: method, URL: server.URL + "/bucket/key"})
		require.Equal(t, http.StatusForbidden, r.Status)
		require.Contains(t, r.Body, "<Code>AccessDenied</Code><Message>Access Denied</Message>")
		r.requireNull(t, "x-amz-request-id")
	}
	s.name.fail(t, call{URL: server.URL + "/bucket/key?elsewhere"})
}

func readHead(t *testing.T, s scenario) {
	putObject(t, s.gateway, s.bucket, "key", "hello")
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}})
	s.ip.fail(t, call{Method: "HEAD", URL: s.url("key?get-only")})
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"HEAD"}, ExposeHeaders: []string{"ETag"}})
	r := s.ip.get(t, call{Method: "HEAD", URL: s.url("key?head-only")})
	require.Equal(t, http.StatusOK, r.Status)
	r.requireHeader(t, "etag", helloETag)
	r.requireHeader(t, "content-length", "5")
	s.ip.fail(t, call{URL: s.url("key?head-only-too")})
}

func listBucket(t *testing.T, s scenario) {
	putObject(t, s.gateway, s.bucket, "key", "hello")
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"*"}})
	r := s.ip.get(t, call{URL: s.url("?list-type=2&prefix=k")})
	require.Equal(t, http.StatusOK, r.Status)
	require.Contains(t, r.Body, "<Key>key</Key>")
	s.ip.fail(t, call{URL: s.gateway + "/"})
	s.ip.fail(t, call{URL: s.gateway + "/?x-id=ListBuckets", Headers: [][2]string{{"x-amz-date", "20261122T150000Z"}}})
}

func changeConfiguration(t *testing.T, s scenario) {
	putObject(t, s.gateway, s.bucket, "key", "hello")
	s.name.fail(t, call{URL: s.url("key?none")})
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.name.origin}, AllowedMethods: []string{"GET", "PUT"}, AllowedHeaders: []string{"*"}})
	s.name.get(t, call{URL: s.url("key?one")})
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.ip.origin}, AllowedMethods: []string{"GET"}})
	s.name.fail(t, call{URL: s.url("key?other")})

	// A page may manage the rules, by the rules that are in force.
	document, err := ruling(s3cors.Rule{AllowedOrigins: []string{s.name.origin}, AllowedMethods: []string{"GET"}}).AppendXML(nil)
	require.NoError(t, err)
	sum := md5.Sum(document)
	put := call{Method: "PUT", URL: s.url("?cors"), Body: string(document), Headers: [][2]string{
		{"content-type", "application/xml"}, {"content-md5", base64.StdEncoding.EncodeToString(sum[:])}}}
	s.name.fail(t, put)
	s.configure(t, s3cors.Rule{AllowedOrigins: []string{s.name.origin}, AllowedMethods: []string{"PUT"}, AllowedHeaders: []string{"content-*"}})
	require.Equal(t, http.StatusOK, s.name.get(t, put).Status)
	require.Equal(t, string(document), s.name.get(t, call{URL: s.url("?cors")}).Body)
}
