package main

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// A server is a gateway in this process.
type server struct {
	*httptest.Server
	storage *storage
	log     *lockedBuffer
}

// newTestServer starts a gateway, as main does, that keeps all in dir, or in
// memory if dir is "".
func newTestServer(t *testing.T, dir string, idle time.Duration) server {
	t.Helper()
	return newTestServerWith(t, dir, gateway{Idle: idle})
}

// newTestServerWith is newTestServer for a gateway of one's own.
func newTestServerWith(t *testing.T, dir string, g gateway) server {
	t.Helper()
	storage, err := openStorage(dir)
	require.NoError(t, err)
	return serveStorage(t, storage, g)
}

// serveStorage starts a gateway over a storage, which it closes.
func serveStorage(t *testing.T, storage *storage, g gateway) server {
	t.Helper()
	s := server{storage: storage, log: new(lockedBuffer)}
	g.Log = log.New(s.log, "", 0)
	s.Server = httptest.NewUnstartedServer(nil)
	s.Config = newServer(g.handler(s.storage), g.Log)
	s.Start()
	t.Cleanup(func() {
		s.Close()
		require.NoError(t, s.storage.Close())
	})
	return s
}

// patience is what a test waits for when only a fault would make it wait. It is
// shorter than any time that the gateway has by default.
const patience = 20 * time.Second

// newBuckets is newTestServer with the bucket "demo".
func newBuckets(t *testing.T, dir string) server {
	t.Helper()
	s := newTestServer(t, dir, patience)
	s.require(t, 200, "PUT", "/demo", nil, "")
	return s
}

// eachStorage runs a test in memory and in a directory.
func eachStorage(t *testing.T, test func(t *testing.T, s server)) {
	t.Run("in memory", func(t *testing.T) { test(t, newBuckets(t, "")) })
	t.Run("in a directory", func(t *testing.T) { test(t, newBuckets(t, t.TempDir())) })
}

// fields are pairs of a name and a value.
type fields []string

// send makes a request whose target is sent as it is.
func (s server) send(t testing.TB, method, target string, f fields, body io.Reader) (*http.Response, string) {
	t.Helper()
	response, content, err := s.do(method, target, f, body)
	require.NoError(t, err)
	return response, content
}

func (s server) do(method, target string, f fields, body io.Reader) (*http.Response, string, error) {
	request, err := http.NewRequest(method, s.URL, body)
	if err != nil {
		return nil, "", err
	}
	// net/url would clean or escape it.
	request.URL.Opaque = "//" + strings.TrimPrefix(s.URL, "http://") + target
	for i := 0; i < len(f); i += 2 {
		if f[i] == "Host" {
			request.Host, request.URL.Opaque = f[i+1], target // or the URL would name the server
			continue
		}
		request.Header.Add(f[i], f[i+1])
	}
	response, err := s.Client().Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return response, string(content), err
}

// require makes a request that must have that status, and returns the body.
func (s server) require(t testing.TB, status int, method, target string, f fields, body string) string {
	t.Helper()
	response, content := s.send(t, method, target, f, strings.NewReader(body))
	require.Equal(t, status, response.StatusCode, "%s %s: %s", method, target, content)
	return content
}

// requireError requires an error of S3 with that code.
func (s server) requireError(t testing.TB, status int, code, method, target string, f fields, body string) string {
	t.Helper()
	response, content := s.send(t, method, target, f, strings.NewReader(body))
	require.Equal(t, status, response.StatusCode, "%s %s: %s", method, target, content)
	require.Equal(t, "application/xml", response.Header.Get("Content-Type"))
	if method != http.MethodHead {
		require.Contains(t, content, "<Code>"+code+"</Code>")
	}
	return content
}

func contentMD5(body string) fields {
	sum := md5.Sum([]byte(body))
	return fields{"Content-MD5", base64.StdEncoding.EncodeToString(sum[:])}
}

// document returns a configuration that admits an origin for GET.
func document(origin string) string {
	return "<CORSConfiguration><CORSRule><AllowedOrigin>" + origin + "</AllowedOrigin>" +
		"<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"
}

// printed is document as S3 prints it.
func printed(origin string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		strings.Replace(document(origin), "<CORSConfiguration>", `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`, 1)
}

func (s server) putCORS(t testing.TB, bucket, origin string) {
	t.Helper()
	s.require(t, 200, "PUT", "/"+bucket+"?cors", contentMD5(document(origin)), document(origin))
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

var preflight = fields{"Origin", "https://a.test", "Access-Control-Request-Method", "GET"}

func TestDocumentsLiveAndDieWithTheirBuckets(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/demo?cors", nil, "")
		s.putCORS(t, "demo", "https://a.test")
		require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
		s.require(t, 200, "OPTIONS", "/demo/key", preflight, "")
		s.putCORS(t, "demo", "https://b.test")
		s.require(t, 403, "OPTIONS", "/demo/key", preflight, "")
		require.Equal(t, printed("https://b.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
		s.requireError(t, 400, "MalformedXML", "PUT", "/demo?cors", contentMD5("<a/>"), "<a/>")
		require.Equal(t, printed("https://b.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
		s.putCORS(t, "demo", "https://a.test")

		s.require(t, 200, "PUT", "/demo", nil, "") // which is there, and stays as it is
		s.require(t, 200, "OPTIONS", "/demo/key", preflight, "")
		s.require(t, 204, "DELETE", "/demo", nil, "")
		require.Contains(t, s.require(t, 403, "OPTIONS", "/demo/key", preflight, ""), "Bucket not found")
		s.requireError(t, 404, "NoSuchBucket", "GET", "/demo?cors", nil, "")
		s.requireError(t, 404, "NoSuchBucket", "DELETE", "/demo?cors", nil, "")
		s.requireError(t, 404, "NoSuchBucket", "PUT", "/demo?cors", contentMD5(document("*")), document("*"))

		s.require(t, 200, "PUT", "/demo", nil, "")
		require.Contains(t, s.require(t, 403, "OPTIONS", "/demo/key", preflight, ""), "CORS is not enabled")
		s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/demo?cors", nil, "")
		s.require(t, 204, "DELETE", "/demo?cors", nil, "")
	})
}

func TestANewBucketHasNoDocumentThatOutlivedAnother(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.putCORS(t, "demo", "https://a.test")
		require.NoError(t, s.storage.DeleteBucket("demo")) // which leaves the document
		s.require(t, 200, "PUT", "/demo", nil, "")
		s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/demo?cors", nil, "")
		require.Contains(t, s.require(t, 403, "OPTIONS", "/demo/key", preflight, ""), "CORS is not enabled")
	})
}

func TestABucketIsNotDeletedByForce(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.putCORS(t, "demo", "https://a.test")
		s.require(t, 200, "PUT", "/demo/key", nil, "content")
		s.requireError(t, 409, "BucketNotEmpty", "DELETE", "/demo", fields{"x-minio-force-delete", "true"}, "")
		require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", nil, ""))
		require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
	})
}

func TestWhatIsNoBucketOfS3IsNoneHere(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.putCORS(t, "demo", "https://a.test")
		for _, name := range []string{"_meta", "_cors", "a", "UPPER", "a_b", "..", "a%2Fb", "127.0.0.1"} {
			s.requireError(t, 400, "InvalidBucketName", "GET", "/"+name, nil, "")
			s.requireError(t, 400, "InvalidBucketName", "PUT", "/"+name+"/key", nil, "content")
			s.requireError(t, 404, "NoSuchBucket", "GET", "/"+name+"?cors", nil, "")
			s.requireError(t, 404, "NoSuchBucket", "PUT", "/"+name+"?cors", contentMD5(document("*")), document("*"))
			require.Contains(t, s.require(t, 403, "OPTIONS", "/"+name+"/key", preflight, ""), "Bucket not found")
		}
		buckets := s.require(t, 200, "GET", "/", nil, "")
		require.Equal(t, 1, strings.Count(buckets, "<Name>"), buckets)
		require.Contains(t, buckets, "<Name>demo</Name>")
	})
}

func TestNobodyButTheMiddlewareSendsCORSFields(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.putCORS(t, "demo", "https://a.test")
		s.require(t, 200, "PUT", "/demo/key", nil, "content")
		for _, target := range []string{"/", "/demo", "/demo/key", "/demo/none", "/demo?acl", "/demo?cors", "/nowhere"} {
			for _, f := range []fields{nil, {"Origin", "https://evil.test"}} {
				response, _ := s.send(t, "GET", target, f, nil)
				for name := range response.Header {
					require.False(t, strings.HasPrefix(name, "Access-Control-") || name == "Vary", "%s has %s", target, name)
				}
			}
		}
		response, _ := s.send(t, "GET", "/demo/none", fields{"Origin", "https://a.test"}, nil)
		require.Equal(t, []string{"https://a.test"}, response.Header["Access-Control-Allow-Origin"])
	})
}

func TestAStorageThatFailsIsNoOpenDoor(t *testing.T) {
	dir := t.TempDir()
	s := newBuckets(t, dir)
	s.putCORS(t, "demo", "https://a.test")
	require.NoError(t, s.storage.Close()) // under its feet
	// The policy is not cached yet.
	content := s.requireError(t, 500, "InternalError", "OPTIONS", "/demo/key", preflight, "")
	require.Contains(t, content, "<Message>We encountered an internal error. Please try again.</Message>")
	s.requireError(t, 500, "InternalError", "GET", "/demo?cors", nil, "")
	s.requireError(t, 500, "InternalError", "PUT", "/demo?cors", contentMD5(document("*")), document("*"))
	s.requireError(t, 500, "InternalError", "DELETE", "/demo?cors", nil, "")
	response, _ := s.send(t, "GET", "/demo/key", fields{"Origin", "https://a.test"}, nil)
	require.Equal(t, 500, response.StatusCode)
	require.NotContains(t, response.Header, "Access-Control-Allow-Origin")
	require.Contains(t, s.log.String(), "database not open")
}

func TestChangesAndRequestsMayMeet(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		run := func(method, target string, f fields, body string, statuses ...int) func() error {
			return func() error {
				response, content, err := s.do(method, target, f, strings.NewReader(body))
				if err != nil {
					return err
				}
				for _, status := range statuses {
					if response.StatusCode == status {
						return nil
					}
				}
				return fmt.Errorf("%s %s: %d %s", method, target, response.StatusCode, content)
			}
		}
		// demo stays, short comes and goes.
		actions := []func() error{
			run("PUT", "/demo?cors", contentMD5(document("https://a.test")), document("https://a.test"), 200),
			run("DELETE", "/demo?cors", nil, "", 204),
			run("OPTIONS", "/demo/key", preflight, "", 200, 403),
			run("GET", "/demo/key", preflight, "", 404),
			run("GET", "/demo?cors", nil, "", 200, 404),
			run("PUT", "/short", nil, "", 200),
			run("DELETE", "/short", nil, "", 204, 404),
			run("PUT", "/short?cors", contentMD5(document("*")), document("*"), 200, 404),
			run("OPTIONS", "/short/key", preflight, "", 200, 403),
		}
		failures := make(chan error, len(actions))
		for _, action := range actions {
			go func() {
				var err error
				for range 50 {
					if err = action(); err != nil {
						break
					}
				}
				failures <- err
			}()
		}
		for range actions {
			require.NoError(t, <-failures)
		}
		s.send(t, "DELETE", "/short", nil, nil) // whether or not it is there
		s.require(t, 200, "PUT", "/short", nil, "")
		s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/short?cors", nil, "")
		s.putCORS(t, "demo", "https://a.test")
		s.require(t, 200, "OPTIONS", "/demo/key", preflight, "")
		s.require(t, 204, "DELETE", "/demo?cors", nil, "")
		s.require(t, 403, "OPTIONS", "/demo/key", preflight, "")
	})
}

func TestGoroutinesEndWithTheirRequests(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("a server", func(t *testing.T) {
		s := newBuckets(t, t.TempDir())
		s.putCORS(t, "demo", "https://a.test")
		for range 20 {
			s.require(t, 200, "OPTIONS", "/demo/key", preflight, "")
			s.require(t, 200, "PUT", "/demo/key", nil, "content")
			s.require(t, 200, "GET", "/demo/key", preflight, "")
			// Clients that leave in the middle of their request.
			connection, err := net.Dial("tcp", s.Listener.Addr().String())
			require.NoError(t, err)
			_, err = io.WriteString(connection, "PUT /demo?cors HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n<")
			require.NoError(t, err)
			require.NoError(t, connection.Close())
		}
		s.Client().CloseIdleConnections()
	})
	for deadline := time.Now().Add(patience); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			stacks := make([]byte, 1<<20)
			stacks = stacks[:runtime.Stack(stacks, true)]
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), stacks)
		}
	}
}

func TestEveryAnswerHasIDsOfItsOwn(t *testing.T) {
	s := newBuckets(t, "")
	seen := make(map[string]bool)
	for range 3 {
		for _, target := range []string{"/demo/key", "/nowhere/key"} {
			response, body := s.send(t, "OPTIONS", target, preflight, nil)
			id, host := response.Header.Get("X-Amz-Request-Id"), response.Header.Get("X-Amz-Id-2")
			require.Regexp(t, "^[0-9A-F]{16}$", id)
			require.Len(t, host, 64)
			require.Contains(t, body, "<RequestId>"+id+"</RequestId><HostId>"+host+"</HostId>")
			seen[id] = true
		}
	}
	require.Len(t, seen, 6)
}

func TestOptionsReachTheDecisions(t *testing.T) {
	storage, err := openStorage("")
	require.NoError(t, err)
	g := gateway{Idle: patience, Log: log.New(io.Discard, "", 0), Options: []s3cors.Option{s3cors.VaryAlways()}}
	recorder := httptest.NewRecorder()
	g.handler(storage).ServeHTTP(recorder, httptest.NewRequest("GET", "/nowhere/key", nil))
	require.Equal(t, 404, recorder.Code)
	require.Equal(t, []string{"Origin, Access-Control-Request-Headers, Access-Control-Request-Method"}, recorder.Header()["Vary"])
}

func TestTheGatewayCanHaveTheCORSOfCeph(t *testing.T) {
	s := newCephServer(t)
	s.require(t, 200, "PUT", "/demo", nil, "")
	body := `<CORSConfiguration><CORSRule><AllowedOrigin>http://www.example.com</AllowedOrigin><AllowedMethod>get</AllowedMethod><Foo/></CORSRule></CORSConfiguration>`
	s.require(t, 200, "PUT", "/demo?cors", nil, body)
	require.Equal(t, `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedMethod>GET</AllowedMethod>`+
		`<AllowedOrigin>http://www.example.com</AllowedOrigin></CORSRule></CORSConfiguration>`, s.require(t, 200, "GET", "/demo?cors", nil, ""))

	origin := fields{"Origin", "http://www.example.com"}
	res, _ := s.send(t, "OPTIONS", "/demo/key", append(origin[:2:2], "Access-Control-Request-Method", "GET"), nil)
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, http.Header{"Access-Control-Allow-Origin": {"http://www.example.com"}, "Vary": {"Origin"}, "Access-Control-Allow-Methods": {"GET"}}, corsOf(res.Header))
	require.Contains(t, s.requireError(t, 400, "InvalidArgument", "OPTIONS", "/demo/key", origin, ""),
		`?><Error><Code>InvalidArgument</Code><Message>Invalid Argument</Message><BucketName>demo</BucketName>`)
	s.requireError(t, 404, "NoSuchBucket", "OPTIONS", "/other/key", nil, "")
	s.requireError(t, 405, "MethodNotAllowed", "OPTIONS", "/", origin, "")

	for _, target := range []string{"/demo/missing", "/demo"} { // an error, and a listing
		res, _ = s.send(t, "GET", target, origin, nil)
		require.Equal(t, []string{"http://www.example.com"}, res.Header["Access-Control-Allow-Origin"], target)
	}
	for _, target := range []string{"/demo?cors", "/"} {
		res, _ = s.send(t, "GET", target, origin, nil)
		require.Empty(t, corsOf(res.Header), target)
	}
	require.Contains(t, s.requireError(t, 404, "NoSuchKey", "GET", "/demo/missing", nil, ""), "<BucketName>demo</BucketName>")
}

func TestCORSOnAnObjectOfCephIsTheObject(t *testing.T) {
	s := newCephServer(t)
	s.require(t, 200, "PUT", "/demo", nil, "")
	s.require(t, 200, "PUT", "/demo/key?cors", nil, "text")
	require.Equal(t, "text", s.require(t, 200, "GET", "/demo/key?cors", nil, ""))
	require.Equal(t, "text", s.require(t, 200, "GET", "/demo/key", nil, ""))
	s.requireError(t, 404, "NoSuchCORSConfiguration", "GET", "/demo?cors", nil, "")
	s.require(t, 200, "HEAD", "/demo?cors", nil, "")
	s.requireError(t, 501, "NotImplemented", "POST", "/demo?cors", nil, "")
	s.require(t, 204, "DELETE", "/demo/key?cors=", nil, "")
	s.requireError(t, 404, "NoSuchKey", "GET", "/demo/key", nil, "")
}

// newCephServer is newTestServer with the CORS of Ceph, in memory.
func newCephServer(t *testing.T) server {
	t.Helper()
	return newTestServerWith(t, "", gateway{Idle: patience, Options: []s3cors.Option{s3cors.WithDialect(s3cors.Ceph)}})
}

// corsOf returns the CORS fields of a header, and Vary.
func corsOf(h http.Header) http.Header {
	some := http.Header{}
	for name, lines := range h {
		if name == "Vary" || strings.HasPrefix(name, "Access-Control-") {
			some[name] = lines
		}
	}
	return some
}
