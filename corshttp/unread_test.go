//go:build go1.26

package corshttp_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// unreadAnswers are the answers that middleware and subresource give without the
// body of the request, each to the first lines of one.
var unreadAnswers = []struct {
	name   string
	head   string
	status int
}{
	{"a granted preflight", "OPTIONS /bucket/key HTTP/1.1\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: GET\r\n", 200},
	{"a refused preflight", "OPTIONS /bucket/key HTTP/1.1\r\nOrigin: " + stranger + "\r\nAccess-Control-Request-Method: GET\r\n", 403},
	{"a preflight without an origin", "OPTIONS /bucket/key HTTP/1.1\r\n", 400},
	{"a preflight that asks for nonsense", "OPTIONS /bucket/key HTTP/1.1\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: get\r\n", 400},
	{"a preflight of a bucket that cannot be had", "OPTIONS /broken/key HTTP/1.1\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: GET\r\n", 500},
	{"a preflight of nothing", "OPTIONS * HTTP/1.1\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: GET\r\n", 403},
	{"an actual request that asks for nonsense", "PUT /bucket/key HTTP/1.1\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: get\r\n", 400},
	{"GET ?cors", "GET /bucket?cors HTTP/1.1\r\n", 200},
	{"GET ?cors where there is none", "GET /unconfigured?cors HTTP/1.1\r\n", 404},
	{"GET ?cors that fails", "GET /broken?cors HTTP/1.1\r\n", 500},
	{"GET ?cors that is denied", "GET /bucket?cors HTTP/1.1\r\nX-Amz-Expected-Bucket-Owner: " + stranded + "\r\n", 403},
	{"DELETE ?cors", "DELETE /unconfigured?cors HTTP/1.1\r\n", 204},
	{"DELETE ?cors that fails", "DELETE /broken?cors HTTP/1.1\r\n", 500},
	{"POST ?cors", "POST /bucket?cors HTTP/1.1\r\n", 405},
	{"HEAD ?cors", "HEAD /bucket?cors HTTP/1.1\r\n", 405},
	{"PUT ?cors that is denied", "PUT /bucket?cors HTTP/1.1\r\nX-Amz-Expected-Bucket-Owner: " + stranded + "\r\n", 403},
	{"PUT ?cors of no bucket", "PUT /missing?cors HTTP/1.1\r\n", 404},
	{"PUT ?cors that fails", "PUT /broken?cors HTTP/1.1\r\n", 500},
	{"PUT ?cors in signed chunks", "PUT /bucket?cors HTTP/1.1\r\nX-Amz-Decoded-Content-Length: 9\r\n", 501},
}

// stalls are bodies that are announced and do not come, or not to their end.
var stalls = []struct {
	name string
	rest string // of the request, after the first lines
}{
	{"nothing of nine bytes", "Content-Length: 9\r\n\r\n"},
	{"four of nine bytes", "Content-Length: 9\r\n\r\nfour"},
	{"nothing of the most that net/http reads", "Content-Length: 262144\r\n\r\n"},
	{"nothing in chunks", "Transfer-Encoding: chunked\r\n\r\n"},
	{"part of a chunk", "Transfer-Encoding: chunked\r\n\r\n9\r\nfour"},
	{"chunks without a last", "Transfer-Encoding: chunked\r\n\r\n4\r\nfour\r\n"},
	{"nine bytes that wait for permission", "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n"},
	{"chunks that wait for permission", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"},
	{"four of nine bytes without waiting for permission", "Expect: 100-continue\r\nContent-Length: 9\r\n\r\nfour"},
}

// unreadHandler is a whole server, in which nothing is reached that reads bodies
// but PUT ?cors.
func unreadHandler(t *testing.T) http.Handler {
	t.Helper()
	store := &scripted{Store: &corsserver.MemoryStore{Exists: existing}}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	store.get = func(ctx context.Context, bucket string) ([]byte, error) {
		if bucket == "broken" {
			return nil, errStore
		}
		return store.Store.GetCORS(ctx, bucket)
	}
	cannot := failingDelete{store}
	cache := &corsserver.Cache{Store: cannot}
	sub := &corshttp.Server{Store: cannot, Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
		if r.Header.Get("X-Amz-Expected-Bucket-Owner") == stranded {
			return corsserver.AccessDenied()
		}
		return nil
	}}
	return (&corshttp.Server{Policies: cache.Policy}).CORS(sub.Subresource(unreachable(t)))
}

// failingDelete is a store that cannot delete the document of "broken".
type failingDelete struct{ corsserver.Store }

func (s failingDelete) DeleteCORS(ctx context.Context, bucket string) error {
	if bucket == "broken" {
		return errStore
	}
	return s.Store.DeleteCORS(ctx, bucket)
}

// withHost puts the field that every request has behind the first line.
func withHost(head string) string { return strings.Replace(head, "\r\n", "\r\nHost: h\r\n", 1) }

// methodOf returns the first word of a request.
func methodOf(text string) string {
	method, _, _ := strings.Cut(text, " ")
	return method
}

// readAnswer reads an answer and its body.
func readAnswer(t *testing.T, r *bufio.Reader, method string) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(r, &http.Request{Method: method})
	require.NoError(t, err)
	return res, bodyOf(t, res)
}

// A memory is a network without time of its own, for use in a bubble.
type memory struct {
	conns   chan net.Conn
	ended   chan struct{}
	senders sync.WaitGroup
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case conn := <-m.conns:
		return conn, nil
	case <-m.ended:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error   { close(m.ended); return nil }
func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// dial connects to the server, and sends what there is, each after its time.
func (m *memory) dial(pieces ...piece) net.Conn {
	client, server := net.Pipe()
	m.conns <- server
	m.senders.Go(func() {
		for _, p := range pieces {
			time.Sleep(p.after)
			if _, err := io.WriteString(client, p.text); err != nil {
				return // the server has closed
			}
		}
	})
	return client
}

type piece struct {
	after time.Duration
	text  string
}

// inMemory starts a server in a bubble, and ends it with the bubble.
func inMemory(t *testing.T, server *http.Server) *memory {
	t.Helper()
	m := &memory{conns: make(chan net.Conn), ended: make(chan struct{})}
	server.DisableGeneralOptionsHandler = true
	go func() { _ = server.Serve(m) }()
	t.Cleanup(func() {
		_ = server.Close()
		m.senders.Wait()
	})
	return m
}

// TestAStalledBodyIsAnsweredAtOnce measures with a clock that stands still while
// anybody has anything to do.
func TestAStalledBodyIsAnsweredAtOnce(t *testing.T) {
	for _, answer := range unreadAnswers {
		for _, stall := range stalls {
			t.Run(answer.name+", "+stall.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := inMemory(t, &http.Server{Handler: unreadHandler(t)})
					start := time.Now()
					conn := m.dial(piece{text: withHost(answer.head) + stall.rest})
					reader := bufio.NewReader(conn)
					res, _ := readAnswer(t, reader, methodOf(answer.head))
					require.Equal(t, answer.status, res.StatusCode)
					require.True(t, res.Close, "the answer says that the connection ends")
					require.Zero(t, time.Since(start))

					rest, err := io.ReadAll(reader)
					require.NoError(t, err)
					require.Empty(t, rest, "there is one answer")
					require.Equal(t, corshttp.LingerTime, time.Since(start))
				})
			})
		}
	}
}

// TestABodyThatNeverEndsDoesNotKeepTheConnection has a client that sends a byte
// now and then, for ever.
func TestABodyThatNeverEndsDoesNotKeepTheConnection(t *testing.T) {
	for _, answer := range unreadAnswers {
		t.Run(answer.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := inMemory(t, &http.Server{Handler: unreadHandler(t)})
				start := time.Now()
				conn := m.dial(drip(withHost(answer.head) + "Content-Length: 200000\r\n\r\n")...)
				reader := bufio.NewReader(conn)
				res, _ := readAnswer(t, reader, methodOf(answer.head))
				require.Equal(t, answer.status, res.StatusCode)
				require.Zero(t, time.Since(start))
				_, err := io.ReadAll(reader)
				require.NoError(t, err)
				require.Equal(t, corshttp.LingerTime, time.Since(start))
			})
		})
	}
}

// drip is a request whose body comes in single bytes.
func drip(head string) []piece {
	pieces := []piece{{text: head}}
	for range 100 {
		pieces = append(pieces, piece{100 * time.Millisecond, "x"})
	}
	return pieces
}

// TestADeadlineOfTheServerLosesNoAnswer has a server whose deadlines for reading
// and writing are the same, so that an answer that waits for one is lost to the
// other.
func TestADeadlineOfTheServerLosesNoAnswer(t *testing.T) {
	for _, answer := range unreadAnswers {
		t.Run(answer.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := inMemory(t, &http.Server{Handler: unreadHandler(t), ReadTimeout: time.Second, WriteTimeout: time.Second})
				start := time.Now()
				conn := m.dial(piece{text: withHost(answer.head) + "Content-Length: 9\r\n\r\n"})
				res, _ := readAnswer(t, bufio.NewReader(conn), methodOf(answer.head))
				require.Equal(t, answer.status, res.StatusCode)
				require.Zero(t, time.Since(start))
				_, err := io.ReadAll(conn)
				require.NoError(t, err)
				require.LessOrEqual(t, time.Since(start), corshttp.LingerTime)
			})
		})
	}
}

// TestABodyThatComesEndsTheConnectionWithIt has a client that sends all it
// announced, some of it late.
func TestABodyThatComesEndsTheConnectionWithIt(t *testing.T) {
	for _, answer := range unreadAnswers {
		for _, late := range []time.Duration{0, time.Second} {
			t.Run(fmt.Sprintf("%s, %v late", answer.name, late), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := inMemory(t, &http.Server{Handler: unreadHandler(t)})
					start := time.Now()
					conn := m.dial(piece{text: withHost(answer.head) + "Content-Length: 9\r\n\r\n"}, piece{late, "all of it"})
					reader := bufio.NewReader(conn)
					res, _ := readAnswer(t, reader, methodOf(answer.head))
					require.Equal(t, answer.status, res.StatusCode)
					require.Zero(t, time.Since(start))
					rest, err := io.ReadAll(reader)
					require.NoError(t, err)
					require.Empty(t, rest)
					require.Equal(t, late, time.Since(start))
				})
			})
		}
	}
}

// TestADocumentThatIsGivenUp is about bodies that are read, and not to their end.
func TestADocumentThatIsGivenUp(t *testing.T) {
	const head = "PUT /bucket?cors HTTP/1.1\r\nHost: h\r\n"
	tooLong := fmt.Sprintf("%x\r\n%s\r\n", 65537, padded(65537))
	for _, tt := range []struct {
		name   string
		text   string
		answer string        // its code
		after  time.Duration // of the answer
	}{
		{"since nothing comes", head + "Content-Length: 9\r\n\r\n", "RequestTimeout", corshttp.DefaultBodyTimeout},
		{"since not all of it comes", head + "Transfer-Encoding: chunked\r\n\r\n9\r\nfour", "RequestTimeout", corshttp.DefaultBodyTimeout},
		{"since it gets too long", head + "Transfer-Encoding: chunked\r\n\r\n" + tooLong, "MaxMessageLengthExceeded", 0},
		{"since it is announced as too long", head + "Content-Length: 65537\r\n\r\n", "MaxMessageLengthExceeded", 0},
	} {
		for _, override := range []bool{false, true} { // which puts a writer of ours in front of the server's
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := one(t, document)
					m.Override = override
					network := inMemory(t, &http.Server{Handler: m.CORS(subresource(t, &corsserver.MemoryStore{}))})
					start := time.Now()
					conn := network.dial(piece{text: tt.text})
					reader := bufio.NewReader(conn)
					res, body := readAnswer(t, reader, "PUT")
					require.Equal(t, 400, res.StatusCode)
					require.Contains(t, body, "<Code>"+tt.answer+"</Code>")
					require.True(t, res.Close)
					require.Equal(t, tt.after, time.Since(start))
					_, err := io.ReadAll(reader)
					require.NoError(t, err)
					// How much of the time is used, and whether it adds some, is
					// net/http's: it gives up on chunks that broke off once.
					require.LessOrEqual(t, time.Since(start), tt.after+corshttp.LingerTime+time.Second)
				})
			})
		}
	}
}

// TestWhatIsLeftOfABodyIsNoRequest has a body that looks like one.
func TestWhatIsLeftOfABodyIsNoRequest(t *testing.T) {
	const inside = "OPTIONS /bucket/key HTTP/1.1\r\nHost: h\r\nOrigin: " + origin + "\r\nAccess-Control-Request-Method: GET\r\n\r\n"
	for _, answer := range unreadAnswers {
		t.Run(answer.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := inMemory(t, &http.Server{Handler: unreadHandler(t)})
				conn := m.dial(piece{text: withHost(answer.head) + fmt.Sprintf("Content-Length: %d\r\n\r\n", len(inside)) + inside + inside})
				reader := bufio.NewReader(conn)
				res, _ := readAnswer(t, reader, methodOf(answer.head))
				require.Equal(t, answer.status, res.StatusCode)
				rest, err := io.ReadAll(reader)
				require.NoError(t, err)
				require.Empty(t, rest)
			})
		})
	}
}

// TestRequestsWithoutABodyKeepTheirConnection sends all requests over one, one
// after the other and all at once.
func TestRequestsWithoutABodyKeepTheirConnection(t *testing.T) {
	for _, length := range []string{"", "Content-Length: 0\r\n"} {
		for _, pipelined := range []bool{false, true} {
			t.Run(fmt.Sprintf("%q, pipelined %v", length, pipelined), func(t *testing.T) {
				server := serve(t, unreadHandler(t), false)
				conn := dial(t, server)
				reader := bufio.NewReader(conn)
				var texts []string
				var statuses []int
				for _, answer := range unreadAnswers {
					if answer.name == "a preflight without an origin" || answer.name == "a preflight of nothing" {
						continue // the first ends the connection, the second is net/http's
					}
					texts = append(texts, withHost(answer.head)+length+"\r\n")
					statuses = append(statuses, answer.status)
				}
				if pipelined {
					_, err := io.WriteString(conn, strings.Join(texts, ""))
					require.NoError(t, err)
				}
				for i, text := range texts {
					if !pipelined {
						_, err := io.WriteString(conn, text)
						require.NoError(t, err)
					}
					res, _ := readAnswer(t, reader, methodOf(text))
					require.Equal(t, statuses[i], res.StatusCode, text)
					require.False(t, res.Close, text)
					require.NotContains(t, res.Header, "Connection", text)
				}
			})
		}
	}
}

// TestABodyThatIsReadKeepsTheConnection puts documents, some of them slowly, over
// one connection.
func TestABodyThatIsReadKeepsTheConnection(t *testing.T) {
	conn := dial(t, serve(t, unreadHandler(t), false))
	reader := bufio.NewReader(conn)
	half := len(document) / 2
	for _, tt := range []struct {
		fields string
		pieces []string
		status int
	}{
		{"Content-MD5: " + documentMD5, []string{document}, 200},
		{"Content-MD5: " + documentMD5, []string{document[:half], document[half:]}, 200},
		{"Content-MD5: 1B2M2Y8AsgTpgAmY7PhCfg==", []string{document}, 400},
		{"X-Any: thing", []string{document[:half], document[half:]}, 400},
	} {
		for _, chunked := range []bool{false, true} {
			head := fmt.Sprintf("PUT /bucket?cors HTTP/1.1\r\nHost: h\r\n%s\r\nContent-Length: %d\r\n\r\n", tt.fields, len(document))
			pieces := tt.pieces
			if chunked {
				head = "PUT /bucket?cors HTTP/1.1\r\nHost: h\r\n" + tt.fields + "\r\nTransfer-Encoding: chunked\r\n\r\n"
				pieces = nil
				for _, piece := range tt.pieces {
					pieces = append(pieces, fmt.Sprintf("%x\r\n%s\r\n", len(piece), piece))
				}
				pieces = append(pieces, "0\r\n\r\n")
			}
			for _, text := range append([]string{head}, pieces...) {
				_, err := io.WriteString(conn, text)
				require.NoError(t, err)
				time.Sleep(5 * time.Millisecond) // so that it is a segment of its own
			}
			res, _ := readAnswer(t, reader, "PUT")
			require.Equal(t, tt.status, res.StatusCode)
			require.False(t, res.Close)
		}
	}
}

// dial connects to a server, for a while.
func dial(t *testing.T, server *httptest.Server) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	return conn
}

// TestManyStalledBodiesHoldNothing has as many clients as once blocked a server of
// 300 descriptors, and some that come by TLS.
func TestManyStalledBodiesHoldNothing(t *testing.T) {
	plain := httptest.NewUnstartedServer(unreadHandler(t))
	plain.Config.DisableGeneralOptionsHandler = true
	plain.Start()
	t.Cleanup(plain.Close)
	secure := httptest.NewUnstartedServer(unreadHandler(t))
	secure.Config.DisableGeneralOptionsHandler = true
	secure.StartTLS()
	t.Cleanup(secure.Close)
	checkGoroutines(t) // which looks before the servers close, whose own stay

	const clients, byTLS = 363, 33
	conns := make([]net.Conn, clients)
	texts := make([]string, clients)
	for i := range clients {
		answer, stall := unreadAnswers[i%len(unreadAnswers)], stalls[i%len(stalls)]
		texts[i] = withHost(answer.head) + stall.rest
		if i < byTLS {
			conns[i] = tls.Client(dial(t, secure), &tls.Config{InsecureSkipVerify: true})
		} else {
			conns[i] = dial(t, plain)
		}
		_, err := io.WriteString(conns[i], texts[i])
		require.NoError(t, err)
	}
	for i, conn := range conns {
		res, _ := readAnswer(t, bufio.NewReader(conn), methodOf(texts[i]))
		require.Equal(t, unreadAnswers[i%len(unreadAnswers)].status, res.StatusCode, texts[i])
	}
	for _, conn := range conns {
		_, err := io.ReadAll(conn) // until the server closes
		require.NoError(t, err)
	}
}

// TestAStalledBodyUnderHTTP2 ends the stream and leaves the connection to others.
func TestAStalledBodyUnderHTTP2(t *testing.T) {
	checkGoroutines(t)
	server := httptest.NewUnstartedServer(unreadHandler(t))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	for i, answer := range unreadAnswers {
		head, err := http.ReadRequest(bufio.NewReader(strings.NewReader(withHost(answer.head) + "\r\n")))
		require.NoError(t, err)
		if head.RequestURI == "*" {
			continue // which net/http answers
		}
		for _, length := range []int64{9, -1} {
			t.Run(fmt.Sprintf("%s, length %d", answer.name, length), func(t *testing.T) {
				body, stop := io.Pipe() // of which nothing comes
				defer stop.Close()
				reused := false
				ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
					GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused },
				})
				r, err := http.NewRequestWithContext(ctx, head.Method, server.URL+head.RequestURI, body)
				require.NoError(t, err)
				r.Header = head.Header
				r.ContentLength = length
				res, err := server.Client().Do(r)
				require.NoError(t, err)
				require.Equal(t, 2, res.ProtoMajor)
				require.Equal(t, answer.status, res.StatusCode)
				_ = bodyOf(t, res)
				require.Equal(t, i > 0 || length < 0, reused, "the connection goes on")
			})
		}
	}
}

// largeBodies are requests whose body is more than a socket holds, or near it.
var largeBodies = []struct {
	head   string
	size   int
	status int
}{
	{unreadAnswers[0].head, 1 << 20, 200},
	{unreadAnswers[1].head, 1 << 20, 403},
	{unreadAnswers[0].head, 200 << 10, 200},
	{"PUT /bucket?cors HTTP/1.1\r\n", 10 << 20, 400},
	{"PUT /bucket?cors HTTP/1.1\r\n", 200 << 10, 400},
	{"PUT /bucket?cors HTTP/1.1\r\nX-Amz-Expected-Bucket-Owner: " + stranded + "\r\n", 10 << 20, 403},
}

// TestALargeBodyDoesNotDrownTheAnswer has clients that send all they have before
// they read a byte, whatever becomes of it, and clients of net/http, which read
// and write at once.
func TestALargeBodyDoesNotDrownTheAnswer(t *testing.T) {
	server := serve(t, unreadHandler(t), false)
	body := bytes.Repeat([]byte("x"), 10<<20)
	var wg sync.WaitGroup
	for _, large := range largeBodies {
		for name, parts := range map[string][2]string{ // what stands around the body
			"a length":                  {fmt.Sprintf("Content-Length: %d\r\n\r\n", large.size), ""},
			"a chunk":                   {fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n", large.size), "\r\n0\r\n\r\n"},
			"permission not waited for": {fmt.Sprintf("Expect: 100-continue\r\nContent-Length: %d\r\n\r\n", large.size), ""},
		} {
			for range 4 {
				conn := dial(t, server)
				wg.Go(func() {
					for _, part := range [][]byte{[]byte(withHost(large.head) + parts[0]), body[:large.size], []byte(parts[1])} {
						_, _ = conn.Write(part) // the server may close before the end
					}
					res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: methodOf(large.head)})
					checkAnswer(t, res, err, large.status, large.head+name)
				})
			}
		}
		head, err := http.ReadRequest(bufio.NewReader(strings.NewReader(withHost(large.head) + "\r\n")))
		require.NoError(t, err)
		for range 4 {
			r, err := http.NewRequestWithContext(t.Context(), head.Method, server.URL+head.RequestURI, bytes.NewReader(body[:large.size]))
			require.NoError(t, err)
			r.Header = head.Header
			wg.Go(func() {
				res, err := server.Client().Do(r)
				checkAnswer(t, res, err, large.status, large.head+"net/http")
			})
		}
	}
	wg.Wait()
}

// checkAnswer is for goroutines, which must not end the test.
func checkAnswer(t *testing.T, res *http.Response, err error, status int, name string) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer res.Body.Close()
	if _, err := io.ReadAll(res.Body); err != nil || res.StatusCode != status {
		t.Errorf("%s: %s, %v", name, res.Status, err)
	}
}

func TestTheTimesAreThoseOfTheDocumentation(t *testing.T) {
	require.Equal(t, 30*time.Second, corshttp.DefaultBodyTimeout)
	require.Equal(t, 2*time.Second, corshttp.LingerTime)
}

// TestLeaveBodySetsNothingWhereThereIsNothingToLeave shows what others may rely
// on.
func TestLeaveBodySetsNothingWhereThereIsNothingToLeave(t *testing.T) {
	stalled := func(change func(*http.Request)) *http.Request {
		r := httptest.NewRequest("PUT", "/bucket", strings.NewReader("body"))
		change(r)
		return r
	}
	for _, tt := range []struct {
		name string
		r    *http.Request
		want http.Header
	}{
		{"a body of a known length", stalled(func(*http.Request) {}), http.Header{"Connection": {"close"}}},
		{"a body of an unknown length", stalled(func(r *http.Request) { r.ContentLength = -1 }), http.Header{"Connection": {"close"}}},
		{"HTTP/1.0", stalled(func(r *http.Request) { r.ProtoMinor = 0 }), http.Header{"Connection": {"close"}}},
		{"HTTP/2, where the field would end all streams", stalled(func(r *http.Request) { r.ProtoMajor = 2 }), http.Header{}},
		{"no body", stalled(func(r *http.Request) { r.Body = nil }), http.Header{}},
		{"a body that somebody has replaced", stalled(func(r *http.Request) { r.Body = http.NoBody }), http.Header{}},
		{"no body, in a reader of somebody", stalled(func(r *http.Request) { r.ContentLength = 0 }), http.Header{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder() // which knows no deadlines
			corshttp.LeaveBody(w, tt.r)
			require.Empty(t, cmp.Diff(tt.want, w.Header()))
		})
	}
	t.Run("costs nothing", func(t *testing.T) {
		w := &reused{header: http.Header{}}
		r := request("OPTIONS", "/bucket/key")
		require.Zero(t, testing.AllocsPerRun(100, func() { corshttp.LeaveBody(w, r) }))
	})
}
