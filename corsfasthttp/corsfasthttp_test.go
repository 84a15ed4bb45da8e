//go:build go1.26

package corsfasthttp_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// document lets pages of https://app.example read, write and delete.
const document = `<CORSConfiguration><CORSRule>` +
	`<AllowedOrigin>https://app.example</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>` +
	`<AllowedMethod>PUT</AllowedMethod><AllowedMethod>DELETE</AllowedMethod>` +
	`<MaxAgeSeconds>600</MaxAgeSeconds>` +
	`<ExposeHeader>ETag</ExposeHeader>` +
	`<AllowedHeader>*</AllowedHeader>` +
	`</CORSRule></CORSConfiguration>`

// documentMD5 is the digest of document, which other software calculated.
const documentMD5 = "nNITotnATPh9stUan9KxMA=="

// printed is what GET ?cors makes of document.
var printed = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + strings.Replace(document,
	`<CORSConfiguration>`, `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`, 1)

// open lets every page read.
const open = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`

const (
	origin    = "https://app.example"
	stranger  = "https://evil.example"
	varyValue = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
)

// granted are the fields that document gives to an actual request of origin.
func granted() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":      {origin},
		"Access-Control-Allow-Methods":     {"GET, HEAD, PUT, DELETE"},
		"Access-Control-Expose-Headers":    {"ETag"},
		"Access-Control-Max-Age":           {"600"},
		"Access-Control-Allow-Credentials": {"true"},
		"Vary":                             {varyValue},
	}
}

// withVary is granted with other lines of Vary.
func withVary(lines ...string) http.Header {
	fields := granted()
	fields["Vary"] = lines
	return fields
}

func policyOf(t testing.TB, text string, opts ...s3cors.Option) *s3cors.Policy {
	t.Helper()
	configuration, err := s3cors.Parse([]byte(text))
	require.NoError(t, err)
	policy, err := s3cors.Compile(configuration, opts...)
	require.NoError(t, err)
	return policy
}

// one is a server for which every bucket has one policy.
func one(t testing.TB, text string) *corsfasthttp.Server {
	t.Helper()
	return &corsfasthttp.Server{Policies: corsfasthttp.OnePolicy(policyOf(t, text))}
}

// start serves on a network in memory, and returns what connects to it.
func start(t testing.TB, server *fasthttp.Server) func() net.Conn {
	t.Helper()
	server.Logger = silent{}
	listener := fasthttputil.NewInmemoryListener()
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		require.NoError(t, <-done)
	})
	return func() net.Conn {
		conn, err := listener.Dial()
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
}

// startTCP serves on loopback, where there are deadlines.
func startTCP(t testing.TB, server *fasthttp.Server) func() net.Conn {
	t.Helper()
	server.Logger = silent{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Shutdown())
		require.NoError(t, <-done)
	})
	return func() net.Conn {
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		t.Cleanup(func() { _ = conn.Close() })
		require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
		return conn
	}
}

// silent is a logger for what tests provoke.
type silent struct{}

func (silent) Printf(string, ...any) {}

// A client sends requests over one connection.
type client struct {
	t    testing.TB
	conn net.Conn
	r    *bufio.Reader
}

func connect(t testing.TB, dial func() net.Conn) *client {
	conn := dial()
	return &client{t, conn, bufio.NewReader(conn)}
}

// text is a request as it stands on the wire; fields are names and values in turn.
func text(method, target string, fields ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: s3.example\r\n", method, target)
	for i := 0; i < len(fields); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", fields[i], fields[i+1])
	}
	return b.String() + "\r\n"
}

// try sends text, and returns the answer and its body.
func (c *client) try(text string) (*http.Response, string, error) {
	if _, err := io.WriteString(c.conn, text); err != nil {
		return nil, "", err
	}
	method, _, _ := strings.Cut(text, " ")
	return c.receive(method)
}

func (c *client) receive(method string) (*http.Response, string, error) {
	res, err := http.ReadResponse(c.r, &http.Request{Method: method})
	if err != nil {
		return nil, "", err
	}
	body, err := io.ReadAll(res.Body)
	return res, string(body), err
}

// send is try for the goroutine of the test.
func (c *client) send(text string) (*http.Response, string) {
	c.t.Helper()
	res, body, err := c.try(text)
	require.NoError(c.t, err)
	return res, body
}

// push is send where the server may close before it has all of text.
func (c *client) push(text string) (*http.Response, string) {
	c.t.Helper()
	_, _ = io.WriteString(c.conn, text)
	method, _, _ := strings.Cut(text, " ")
	res, body, err := c.receive(method)
	require.NoError(c.t, err)
	return res, body
}

// ask sends one request to a handler over a connection of its own.
func ask(t testing.TB, handler fasthttp.RequestHandler, method, target string, fields ...string) (*http.Response, string) {
	t.Helper()
	return connect(t, start(t, &fasthttp.Server{Handler: handler})).send(text(method, target, fields...))
}

// corsFields returns the fields that CORS is about.
func corsFields(h http.Header) http.Header {
	fields := http.Header{}
	for key, values := range h {
		if strings.HasPrefix(strings.ToLower(key), "access-control-") || key == "Vary" {
			fields[key] = values
		}
	}
	return fields
}

// errorBody is what S3 writes; elements are names and escaped texts in turn.
func errorBody(elements ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	for i := 0; i < len(elements); i += 2 {
		b.WriteString("<" + elements[i] + ">" + elements[i+1] + "</" + elements[i] + ">")
	}
	return b.String() + "</Error>"
}

var internalErrorBody = errorBody("Code", "InternalError",
	"Message", "We encountered an internal error. Please try again.", "RequestId", "", "HostId", "")

// unreachable is a handler that must not be asked.
func unreachable(t testing.TB) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) { t.Errorf("the handler was asked: %s", &ctx.Request.Header) }
}

// ok is a handler that answers 200.
func ok(ctx *fasthttp.RequestCtx) { ctx.SetBodyString("ok") }

// status is a handler that answers with a status.
func status(code int) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(code) }
}

// allow authorises everybody.
func allow(*fasthttp.RequestCtx, corsserver.Address) *s3cors.Error { return nil }

// stored is a store in which each bucket named has the document.
func stored(t testing.TB, document string, buckets ...string) *corsserver.MemoryStore {
	t.Helper()
	store := &corsserver.MemoryStore{}
	for _, bucket := range buckets {
		require.NoError(t, store.PutCORS(t.Context(), bucket, []byte(document)))
	}
	return store
}

// A scripted store counts what it is asked, and answers what it is told to.
type scripted struct {
	corsserver.Store
	mu   sync.Mutex
	gets int
	get  func(ctx context.Context, bucket string) ([]byte, error) // nil: Store's
	put  func(ctx context.Context, bucket string, document []byte) error
}

func (s *scripted) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	s.mu.Lock()
	s.gets++
	s.mu.Unlock()
	if s.get != nil {
		return s.get(ctx, bucket)
	}
	return s.Store.GetCORS(ctx, bucket)
}

func (s *scripted) PutCORS(ctx context.Context, bucket string, document []byte) error {
	if s.put != nil {
		return s.put(ctx, bucket, document)
	}
	return s.Store.PutCORS(ctx, bucket, document)
}

func (s *scripted) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gets
}
