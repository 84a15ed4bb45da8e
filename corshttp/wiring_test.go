//go:build go1.26

package corshttp_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// These tests show what doc.go says of http.TimeoutHandler, and of others that
// answer in place of the middleware or of the handler behind it.

const timedOut = "timed out"

// hurried is a handler with little time.
func hurried(next http.Handler) http.Handler {
	return http.TimeoutHandler(next, time.Second, timedOut)
}

// late is a handler that takes too long.
var late = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })

// ask sends an actual request of origin to a server in a bubble.
func ask(t *testing.T, handler http.Handler) *http.Response {
	t.Helper()
	m := inMemory(t, &http.Server{Handler: handler})
	conn := m.dial(piece{text: "GET /bucket/key HTTP/1.1\r\nHost: h\r\nConnection: close\r\nOrigin: " + origin + "\r\n\r\n"})
	res, _ := readAnswer(t, bufio.NewReader(conn), "GET")
	return res
}

// withVary is granted with other lines of Vary.
func withVary(lines ...string) http.Header {
	fields := granted()
	fields["Vary"] = lines
	return fields
}

func TestATimeoutHandlerBehindTheMiddleware(t *testing.T) {
	add := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Accept") })
	withdraw := func(m *corshttp.Server, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			m.Withdraw(w)
			next.ServeHTTP(w, r)
		})
	}
	for _, tt := range []struct {
		name     string
		override bool
		handler  func(*corshttp.Server) http.Handler
		status   int
		want     http.Header
	}{
		{"answers in time", false, func(*corshttp.Server) http.Handler { return hurried(ok) }, 200, granted()},
		{"answers in time, with Override", true, func(*corshttp.Server) http.Handler { return hurried(ok) }, 200, granted()},
		{"is late", false, func(*corshttp.Server) http.Handler { return hurried(late) }, 503, granted()},
		{"is late, with Override", true, func(*corshttp.Server) http.Handler { return hurried(late) }, 503, granted()},
		{"replaces Vary by what is added to it", false, func(*corshttp.Server) http.Handler { return hurried(add) }, 200,
			withVary("Accept")},
		{"replaces no Vary under Override", true, func(*corshttp.Server) http.Handler { return hurried(add) }, 200,
			withVary("Accept", varyValue)},
		{"lets nobody behind it withdraw", false, func(m *corshttp.Server) http.Handler { return hurried(withdraw(m, ok)) }, 200, granted()},
		{"lets nobody behind it withdraw, with Override", true, func(m *corshttp.Server) http.Handler { return hurried(withdraw(m, ok)) }, 200, granted()},
		{"lets those in front of it withdraw", false, func(m *corshttp.Server) http.Handler { return withdraw(m, hurried(ok)) }, 200, http.Header{}},
		{"lets those in front of it withdraw, with Override", true, func(m *corshttp.Server) http.Handler { return withdraw(m, hurried(ok)) }, 200, http.Header{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := one(t, document)
				m.Override = tt.override
				res := ask(t, m.CORS(tt.handler(m)))
				require.Equal(t, tt.status, res.StatusCode)
				require.Empty(t, cmp.Diff(tt.want, corsFields(res.Header)))
			})
		})
	}
}

func TestWhatAnswersInFrontOfTheMiddlewareHasNoFields(t *testing.T) {
	busy := func(http.Handler) http.Handler { return status(http.StatusServiceUnavailable) }
	for _, override := range []bool{false, true} {
		m := one(t, document)
		m.Override = override
		for _, tt := range []struct {
			name    string
			handler http.Handler
			status  int
			want    http.Header
		}{
			{"a TimeoutHandler in time", hurried(m.CORS(ok)), 200, granted()},
			{"a TimeoutHandler that is out of it", hurried(m.CORS(late)), 503, http.Header{}},
			{"a limit of rates", busy(m.CORS(ok)), 503, http.Header{}},
		} {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					res := ask(t, tt.handler)
					require.Equal(t, tt.status, res.StatusCode)
					require.Empty(t, cmp.Diff(tt.want, corsFields(res.Header)))
				})
			})
		}
	}
}

// TestInsideATimeoutHandlerAnAnswerGoesOutAtOnce has a TimeoutHandler in front of
// all, through which no deadline can be set: the connection of a body that does
// not come is the server's to end.
func TestInsideATimeoutHandlerAnAnswerGoesOutAtOnce(t *testing.T) {
	const readTimeout = 20 * time.Second
	for _, answer := range unreadAnswers {
		t.Run(answer.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := inMemory(t, &http.Server{Handler: hurried(unreadHandler(t)), ReadTimeout: readTimeout})
				start := time.Now()
				conn := m.dial(piece{text: withHost(answer.head) + "Content-Length: 9\r\n\r\n"})
				reader := bufio.NewReader(conn)
				res, _ := readAnswer(t, reader, methodOf(answer.head))
				require.Equal(t, answer.status, res.StatusCode)
				require.Zero(t, time.Since(start))
				_, err := io.ReadAll(reader)
				require.NoError(t, err)
				require.Equal(t, readTimeout, time.Since(start))
			})
		})
	}
}

// TestInsideATimeoutHandlerABodyIsTheServersToGiveUp has one in front of a PUT
// ?cors whose body does not come. net/http's answer to the request waits for the
// Read that waits for the body, so that only ReadTimeout lets it go. (In a bubble
// the clock would stand still: what waits is a mutex.)
func TestInsideATimeoutHandlerABodyIsTheServersToGiveUp(t *testing.T) {
	const readTimeout = 300 * time.Millisecond
	server := httptest.NewUnstartedServer(http.TimeoutHandler(unreadHandler(t), readTimeout/10, timedOut))
	server.Config.ReadTimeout = readTimeout
	server.Start()
	t.Cleanup(server.Close)
	start := time.Now()
	conn := dial(t, server)
	_, err := io.WriteString(conn, "PUT /bucket?cors HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n")
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	res, body := readAnswer(t, reader, "PUT")
	require.Equal(t, 503, res.StatusCode)
	require.Equal(t, timedOut, body)
	require.GreaterOrEqual(t, time.Since(start), readTimeout)
	_, err = io.ReadAll(reader)
	require.NoError(t, err)
}

// TestATimeoutHandlerAroundTheServerAlone is the order that doc.go advises.
func TestATimeoutHandlerAroundTheServerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := one(t, document)
		m.Override = true
		sub := &corshttp.Server{Store: &corsserver.MemoryStore{}, Authorize: allow, BodyTimeout: 5 * time.Second}
		network := inMemory(t, &http.Server{Handler: m.CORS(sub.Subresource(hurried(late)))})
		for _, tt := range []struct {
			head   string
			status int
			after  time.Duration
		}{
			{"PUT /bucket?cors HTTP/1.1\r\nOrigin: " + origin + "\r\nContent-Length: 9\r\n", 400, 5 * time.Second},
			{"GET /bucket/key HTTP/1.1\r\nOrigin: " + origin + "\r\n", 503, time.Second},
		} {
			start := time.Now()
			conn := network.dial(piece{text: withHost(tt.head) + "\r\n"})
			res, _ := readAnswer(t, bufio.NewReader(conn), methodOf(tt.head))
			require.Equal(t, tt.status, res.StatusCode)
			require.Equal(t, tt.after, time.Since(start))
			require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
			require.NoError(t, conn.Close())
		}
	})
}
