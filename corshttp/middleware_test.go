//go:build go1.26

package corshttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// recovering answers 500 for what panics further in.
func recovering(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// answers are ways in which a handler may answer; each is tried with and without
// Override, under HTTP/1.1 and HTTP/2.
var answers = []struct {
	name    string
	handler http.HandlerFunc
	method  string
	fields  []string
	status  int
	body    string
}{
	{name: "a 200 without a word", handler: func(http.ResponseWriter, *http.Request) {}, status: 200},
	{name: "a 200 with a body", handler: ok, status: 200, body: "ok"},
	{name: "a 403", handler: status(403), status: 403},
	{name: "a 404", handler: status(404), status: 404},
	{name: "a 204", handler: status(204), status: 204},
	{name: "a 500", handler: status(500), status: 500},
	{name: "a 206", handler: content, fields: []string{"Range", "bytes=2-4"}, status: 206, body: "234"},
	{name: "a 304", handler: content, fields: []string{"If-None-Match", `"etag"`}, status: 304},
	{name: "a 412", handler: content, fields: []string{"If-Match", `"other"`}, status: 412},
	{name: "a 416", handler: content, fields: []string{"Range", "bytes=20-"}, status: 416,
		body: "invalid range: failed to overlap\n"},
	{name: "a HEAD", handler: content, method: "HEAD", status: 200},
	{name: "http.Error", handler: func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusForbidden) },
		status: 403, body: "no\n"},
	{name: "http.NotFound", handler: http.NotFound, status: 404, body: "404 page not found\n"},
	{name: "a panic recovered further out", handler: func(http.ResponseWriter, *http.Request) { panic("oops") }, status: 500},
	{name: "io.WriteString", handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "s") },
		status: 200, body: "s"},
	{name: "a copy from a reader", handler: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, reader("copied"))
	}, status: 200, body: "copied"},
	{name: "a copy from an empty reader, then a status", handler: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, reader(""))
		w.WriteHeader(404)
	}, status: 404},
	{name: "a stream that is flushed", handler: func(w http.ResponseWriter, _ *http.Request) {
		for _, part := range []string{"a", "b"} {
			_, _ = io.WriteString(w, part)
			w.(http.Flusher).Flush()
		}
	}, status: 200, body: "ab"},
	{name: "a flush before everything", handler: func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			panic(err)
		}
		_, _ = io.WriteString(w, "late")
	}, status: 200, body: "late"},
	{name: "early hints first", handler: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>; rel=preload")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(404)
	}, status: 404},
}

// reader can do nothing but read, so that it is for the writer to copy.
func reader(text string) io.Reader { return struct{ io.Reader }{strings.NewReader(text)} }

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func content(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"etag"`)
	w.Header().Set("Content-Type", "text/plain")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader("0123456789"))
}

// serve starts a server on loopback, with HTTP/2 if asked.
func serve(t *testing.T, handler http.Handler, http2 bool) *httptest.Server {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	if http2 {
		server.EnableHTTP2 = true
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

func send(t *testing.T, server *httptest.Server, method, path string, fields ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	require.NoError(t, err)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	res, err := server.Client().Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func TestFieldsAreOnEveryAnswer(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		for _, override := range []bool{false, true} {
			for _, tt := range answers {
				t.Run(fmt.Sprintf("%s, http2 %v, override %v", tt.name, http2, override), func(t *testing.T) {
					m := one(t, document)
					m.Override = override
					server := serve(t, recovering(m.CORS(tt.handler)), http2)
					method := tt.method
					if method == "" {
						method = "GET"
					}
					res := send(t, server, method, "/bucket/key", append(tt.fields, "Origin", origin)...)
					require.Equal(t, map[bool]int{false: 1, true: 2}[http2], res.ProtoMajor)
					require.Equal(t, tt.status, res.StatusCode)
					require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
					require.Equal(t, tt.body, bodyOf(t, res))

					res = send(t, server, method, "/bucket/key", append(tt.fields, "Origin", stranger)...)
					require.Equal(t, tt.status, res.StatusCode)
					require.Empty(t, corsFields(res.Header))

					res = send(t, server, method, "/bucket/key", tt.fields...)
					require.Equal(t, tt.status, res.StatusCode)
					require.Empty(t, corsFields(res.Header))
				})
			}
		}
	}
}

func TestPreflightOnTheWire(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2 %v", http2), func(t *testing.T) {
			server := serve(t, one(t, document).CORS(unreachable(t)), http2)
			res := send(t, server, "OPTIONS", "/bucket/key", "Origin", origin,
				"Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", "content-type,x-amz-date")
			require.Equal(t, 200, res.StatusCode)
			want := granted()
			want["Access-Control-Allow-Headers"] = []string{"content-type, x-amz-date"}
			require.Empty(t, cmp.Diff(want, corsFields(res.Header)))
			require.EqualValues(t, 0, res.ContentLength)
			require.NotContains(t, res.Header, "Content-Type")
			require.NotContains(t, res.Header, "Allow")

			res = send(t, server, "OPTIONS", "/bucket", "Origin", stranger, "Access-Control-Request-Method", "PUT")
			require.Equal(t, 403, res.StatusCode)
			require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
			require.Empty(t, corsFields(res.Header))
			require.False(t, res.Close)
			require.Equal(t, errorBody("Code", "AccessForbidden",
				"Message", "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "+
					"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "+
					"by the resource's CORS spec.",
				"Method", "PUT", "ResourceType", "BUCKET", "RequestId", "", "HostId", ""), bodyOf(t, res))

			res = send(t, server, "OPTIONS", "/bucket/key")
			require.Equal(t, 400, res.StatusCode)
			require.Equal(t, !http2, res.Close, "S3 closes the connection, and HTTP/2 has no such field")
			require.Equal(t, errorBody("Code", "BadRequest",
				"Message", "Insufficient information. Origin request header needed.",
				"RequestId", "", "HostId", ""), bodyOf(t, res))
		})
	}
}

// raw sends bytes to a server and returns its first answer.
func raw(t *testing.T, server *httptest.Server, text string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	go func() { _, _ = io.WriteString(conn, text) }() // which may not be read to its end
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	return res
}

func TestSeveralLinesOfOneFieldAreOneValue(t *testing.T) {
	server := serve(t, one(t, document).CORS(ok), false)
	const preflight = "OPTIONS /bucket/key HTTP/1.1\r\nHost: h\r\nAccess-Control-Request-Method: PUT\r\n"
	res := raw(t, server, preflight+"Origin: "+origin+"\r\n"+
		"Access-Control-Request-Headers: \t x-a \t\r\naccess-control-request-headers: X-B,x-c\r\n\r\n")
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "x-a, x-b, x-c", res.Header.Get("Access-Control-Allow-Headers"))

	res = raw(t, server, preflight+"Origin: "+origin+"\r\nOrigin: "+origin+"\r\n\r\n")
	require.Equal(t, 403, res.StatusCode, "two origins are equal to neither")

	res = raw(t, server, preflight+"Origin: \r\n\r\n")
	require.Equal(t, 400, res.StatusCode)
}

func TestBlanksAroundValuesAreTheTransports(t *testing.T) {
	// HTTP/2 brings them to the handler.
	handler := one(t, document).CORS(ok)
	res := do(handler, request("GET", "/bucket/key", "Origin", "\t "+origin+" \t"))
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	res = do(handler, request("GET", "/bucket/key", "Origin", " \t"))
	require.Empty(t, corsFields(res.Header))
}

func TestVaryIsMerged(t *testing.T) {
	set := func(lines ...string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Vary"] = lines
				next.ServeHTTP(w, r)
			})
		}
	}
	add := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Accept") })
	shared := append(make([]string, 0, 8), "Accept-Encoding")
	tests := []struct {
		name    string
		outside func(http.Handler) http.Handler
		handler http.Handler
		want    []string
	}{
		{"with what the handler adds", func(h http.Handler) http.Handler { return h }, add, []string{varyValue, "Accept"}},
		{"with what stands already", set("Accept-Encoding"), ok, []string{"Accept-Encoding", varyValue}},
		{"with both", set("Accept-Encoding"), add, []string{"Accept-Encoding", varyValue, "Accept"}},
		{"not with itself", set(varyValue), ok, []string{varyValue}},
		{"into a slice of its own", set(shared...), ok, []string{"Accept-Encoding", varyValue}},
	}
	for _, override := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				m := one(t, document)
				m.Override = override
				res := do(tt.outside(m.CORS(tt.handler)), request("GET", "/bucket/key", "Origin", origin))
				require.ElementsMatch(t, tt.want, res.Header["Vary"])
			})
		}
	}
	require.Equal(t, "", shared[:2][1], "the room behind another's slice is not ours")
}

func TestAGrantedPreflightIsAnEmptyAnswerOnTheWire(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("HTTP/2 %v", http2), func(t *testing.T) {
			server := httptest.NewUnstartedServer(one(t, open).CORS(ok))
			server.EnableHTTP2 = http2
			server.StartTLS()
			defer server.Close()
			r, err := http.NewRequest("OPTIONS", server.URL+"/bucket/key", nil)
			require.NoError(t, err)
			r.Header.Set("Origin", origin)
			r.Header.Set("Access-Control-Request-Method", "GET")
			res, err := server.Client().Do(r)
			require.NoError(t, err)
			defer res.Body.Close()
			require.Equal(t, http2, res.ProtoMajor == 2)
			require.Equal(t, 200, res.StatusCode)
			require.Equal(t, []string{"0"}, res.Header["Content-Length"])
			require.NotContains(t, res.Header, "Content-Type")
			require.Empty(t, bodyOf(t, res))
		})
	}
}

func TestAnOuterLayersFieldsAreReplaced(t *testing.T) {
	outer := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("Access-Control-Allow-Origin", "https://other.example")
			w.Header().Add("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Max-Age", "5")
			w.Header().Set("Content-Type", "text/html")
			w.Header().Set("Content-Length", "5")
			w.Header().Set("Content-Encoding", "gzip")
			next.ServeHTTP(w, r)
		})
	}
	want := http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Access-Control-Allow-Methods": {"GET"},
		"Vary":                         {varyValue},
	}
	handler := outer(one(t, open).CORS(ok))
	require.Empty(t, cmp.Diff(want, corsFields(do(handler, request("GET", "/bucket/key", "Origin", origin)).Header)))
	preflight := request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET")
	res := do(handler, preflight)
	require.Empty(t, cmp.Diff(want, corsFields(res.Header)))
	require.Empty(t, res.Header.Values("Content-Type"))
	require.NotContains(t, res.Header, "Content-Length")

	refused := request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "PUT")
	res = do(handler, refused)
	require.Empty(t, corsFields(res.Header), "a refusal carries none")
	require.Equal(t, []string{"application/xml"}, res.Header["Content-Type"])
	require.NotContains(t, res.Header, "Content-Length")
	require.NotContains(t, res.Header, "Content-Encoding")
	refused = request("GET", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "FOO")
	require.Empty(t, corsFields(do(handler, refused).Header), "a refusal carries none")
}

func TestAnOuterLayersFieldsStayIfNoRuleMatches(t *testing.T) {
	outer := http.Header{"Access-Control-Allow-Origin": {"https://other.example"}, "Access-Control-Max-Age": {"5"}, "Vary": {"Accept"}}
	for _, row := range []struct {
		name string
		opts []s3cors.Option
		vary []string
	}{
		{"as in S3", nil, []string{"Accept"}},
		{"Vary on every answer", []s3cors.Option{s3cors.VaryAlways()}, []string{"Accept", varyValue}},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := &corshttp.Server{Policies: corshttp.OnePolicy(policyOf(t, document, row.opts...)), Options: row.opts}
			for _, fields := range [][]string{{"Origin", stranger}, {}} {
				w := httptest.NewRecorder()
				maps.Copy(w.Header(), outer)
				server.CORS(ok).ServeHTTP(w, request("GET", "/bucket/key", fields...))
				want := maps.Clone(outer)
				want["Vary"] = row.vary
				require.Empty(t, cmp.Diff(want, corsFields(w.Result().Header)))
			}
		})
	}
}

func TestASingleFieldOfAnOuterLayerIsNotThePreflights(t *testing.T) {
	for _, key := range []string{"Content-Length", "Content-Type"} {
		w := httptest.NewRecorder()
		w.Header().Set(key, "5")
		one(t, document).CORS(unreachable(t)).ServeHTTP(w, preflight("/bucket/key"))
		require.Empty(t, w.Result().Header[key])
	}
}

// TestTheConnectionIsClosedWhereThatIsAField shows 5.3/connection-close.
func TestTheConnectionIsClosedWhereThatIsAField(t *testing.T) {
	for protocol, want := range map[int][]string{1: {"close"}, 2: nil} {
		r := request("OPTIONS", "/bucket/key")
		r.ProtoMajor = protocol
		require.Equal(t, want, do(one(t, document).CORS(ok), r).Header["Connection"])
	}
}

func TestInvalidActualRequests(t *testing.T) {
	r := func() *http.Request {
		return request("GET", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "FOO")
	}
	res := do(one(t, document).CORS(unreachable(t)), r())
	require.Equal(t, 400, res.StatusCode)
	require.Equal(t, errorBody("Code", "BadRequest", "Message", "Invalid Access-Control-Request-Method: FOO",
		"RequestId", "", "HostId", ""), bodyOf(t, res))

	pass := []s3cors.Option{s3cors.PassInvalid()}
	cache := &corsserver.Cache{Store: stored(t, document, "bucket"), Options: pass}
	for name, policies := range map[string]func(context.Context, string) (*s3cors.Policy, error){
		"of a policy with that option":                     cache.Policy,
		"of a bucket without configuration":                corshttp.OnePolicy(nil),
		"of a bucket of which the store could say nothing": failing,
	} {
		t.Run("pass when asked to, "+name, func(t *testing.T) {
			m := &corshttp.Server{Policies: policies, Options: pass}
			res := do(m.CORS(ok), r())
			require.Equal(t, 200, res.StatusCode)
			require.Equal(t, "ok", bodyOf(t, res))
			require.Empty(t, corsFields(res.Header))
		})
	}
}

var errStore = errors.New("the store is on fire")

func failing(context.Context, string) (*s3cors.Policy, error) { return nil, errStore }

func TestAFailingStoreGrantsNothing(t *testing.T) {
	var events []corsserver.Verdict
	m := &corshttp.Server{Policies: failing, Fallback: policyOf(t, open),
		Observe: func(_ *http.Request, e corsserver.Verdict) { events = append(events, e) }}
	handler := m.CORS(ok)

	res := do(handler, request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET"))
	require.Equal(t, 500, res.StatusCode)
	require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
	require.Equal(t, internalErrorBody, bodyOf(t, res))
	require.Empty(t, corsFields(res.Header))

	res = do(handler, request("GET", "/bucket/key", "Origin", origin))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "ok", bodyOf(t, res))
	require.Empty(t, corsFields(res.Header))

	require.Len(t, events, 2)
	for _, e := range events {
		require.ErrorIs(t, e.Err, errStore)
		require.False(t, e.Fallback)
		require.Equal(t, s3cors.PolicyUnavailable, e.Decision.Outcome())
	}

	// What is wrong whatever the policy is, is told first (4.2/method-before-lookup).
	res = do(handler, request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "FOO"))
	require.Equal(t, 400, res.StatusCode)
}

func TestVaryAlwaysNeedsNoPolicy(t *testing.T) {
	always := []s3cors.Option{s3cors.VaryAlways()}
	asked := 0
	policy := policyOf(t, document, always...)
	policies := func(_ context.Context, bucket string) (*s3cors.Policy, error) {
		asked++
		switch bucket {
		case "bucket":
			return policy, nil
		case "none":
			return nil, nil
		}
		return nil, errStore
	}
	for _, override := range []bool{false, true} {
		m := &corshttp.Server{Policies: policies, Options: always, Override: override}
		handler := m.CORS(ok)
		want := http.Header{"Vary": {varyValue}}
		asked = 0
		for _, path := range []string{"/", "/bucket", "/bucket/key", "/broken/key", "/none/key"} {
			require.Empty(t, cmp.Diff(want, corsFields(do(handler, request("GET", path)).Header)), path)
		}
		require.Zero(t, asked)
		for _, path := range []string{"/", "/bucket", "/bucket/key", "/broken/key", "/none/key"} {
			require.Empty(t, cmp.Diff(want, corsFields(do(handler, request("GET", path, "Origin", stranger)).Header)), path)
		}
		require.Equal(t, 4, asked)
		require.Empty(t, cmp.Diff(granted(), corsFields(do(handler, request("GET", "/bucket/key", "Origin", origin)).Header)))
	}
}

func TestFallback(t *testing.T) {
	store := &corsserver.MemoryStore{Exists: existing}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	cache := &corsserver.Cache{Store: store}
	var event corsserver.Verdict
	m := &corshttp.Server{Policies: cache.Policy, Fallback: policyOf(t, open),
		Observe: func(_ *http.Request, e corsserver.Verdict) { event = e }}
	handler := m.CORS(ok)
	get := func(path string) http.Header {
		return corsFields(do(handler, request("GET", path, "Origin", stranger)).Header)
	}
	require.Equal(t, "*", get("/unconfigured/key").Get("Access-Control-Allow-Origin"))
	require.True(t, event.Fallback)
	require.Empty(t, get("/bucket/key"), "a bucket's own configuration is not added to")
	require.False(t, event.Fallback)
	require.Empty(t, get("/"+missing+"/key"), "a bucket that is not there is not configured either")
	require.Empty(t, get("/"))
	res := do(handler, request("OPTIONS", "/unconfigured/key", "Origin", stranger, "Access-Control-Request-Method", "PUT"))
	require.Equal(t, 403, res.StatusCode)
	require.Equal(t, s3cors.NoMatch, event.Decision.Outcome())
}

func TestPoliciesAreAskedOnlyWhenNeeded(t *testing.T) {
	m := &corshttp.Server{Policies: func(context.Context, string) (*s3cors.Policy, error) {
		t.Error("Policies was asked")
		return nil, nil
	}}
	for _, observe := range []func(*http.Request, corsserver.Verdict){nil, func(*http.Request, corsserver.Verdict) {}} {
		m.Observe = observe
		handler := m.CORS(ok)
		require.Equal(t, 200, do(handler, request("GET", "/bucket/key")).StatusCode)
		require.Equal(t, 200, do(handler, request("GET", "/bucket/key", "Referer", origin)).StatusCode)
		require.Equal(t, 200, do(handler, request("GET", "/bucket/key", "Origin", "")).StatusCode)
		require.Equal(t, 200, do(handler, request("GET", "/", "Origin", origin)).StatusCode)
		require.Equal(t, 400, do(handler, request("OPTIONS", "/bucket/key")).StatusCode)
		require.Equal(t, 403, do(handler, request("OPTIONS", "/", "Origin", origin)).StatusCode)
	}
}

func TestObserveSeesEveryDecision(t *testing.T) {
	var seen []string
	m := one(t, document)
	m.Observe = func(r *http.Request, e corsserver.Verdict) {
		seen = append(seen, fmt.Sprint(r.Method, " ", e.Address.Bucket, " ", e.Address.Key, " ", e.Decision.Outcome(), " ", e.Decision.Rule()))
	}
	handler := m.CORS(ok)
	do(handler, request("GET", "/b/k"))
	do(handler, request("GET", "/b/k", "Origin", origin))
	do(handler, request("OPTIONS", "/b", "Origin", origin, "Access-Control-Request-Method", "POST"))
	do(handler, request("OPTIONS", "/", "Origin", origin))
	do(handler, request("OPTIONS", "/b/k"))
	require.Equal(t, []string{"GET b k not-cors -1", "GET b k granted 0", "OPTIONS b  no-match -1",
		"OPTIONS   no-bucket -1", "OPTIONS b k missing-origin -1"}, seen)
}

func TestIDsAreSentWithOurAnswers(t *testing.T) {
	m := one(t, document)
	m.IDs = func(r *http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "R" + r.Method, HostID: "H"}
	}
	res := do(m.CORS(ok), request("OPTIONS", "/b/k", "Origin", origin, "Access-Control-Request-Method", "GET"))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, []string{"ROPTIONS"}, res.Header["X-Amz-Request-Id"])
	require.Equal(t, []string{"H"}, res.Header["X-Amz-Id-2"])
	res = do(m.CORS(ok), request("GET", "/b/k", "Origin", origin))
	require.NotContains(t, res.Header, "X-Amz-Request-Id", "the handler's answer is the server's to name")
	res = do(m.CORS(ok), request("OPTIONS", "/b/k"))
	require.Equal(t, errorBody("Code", "BadRequest", "Message", "Insufficient information. Origin request header needed.",
		"RequestId", "ROPTIONS", "HostId", "H"), bodyOf(t, res))
}

func TestSeveralLinesAreJoinedWithoutTheBlanksAroundEach(t *testing.T) {
	r := request("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET",
		"Access-Control-Request-Headers", "a ", "Access-Control-Request-Headers", "\tb ")
	res := do(one(t, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["*"]}]`).CORS(ok), r)
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "a, b", res.Header.Get("Access-Control-Allow-Headers"))
}

func TestWithdrawLeavesTheCallersSliceAlone(t *testing.T) {
	m := one(t, document)
	theirs := []string{"Accept", "Accept-Encoding", "Cookie"}
	handler := m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Vary"] = append([]string{varyValue}, theirs...)
		shared := w.Header()["Vary"]
		m.Withdraw(w)
		require.Equal(t, append([]string{varyValue}, theirs...), shared)
	}))
	res := do(handler, request("GET", "/b/k", "Origin", origin))
	require.Equal(t, theirs, res.Header["Vary"])
}

func TestWithOverrideNothingIsSetAfterSwitchingProtocols(t *testing.T) {
	m := one(t, document)
	m.Override = true
	var later http.Header
	handler := m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusSwitchingProtocols)
		w.Header().Set("Access-Control-Allow-Origin", "theirs")
		later = w.Header()
	}))
	do(handler, request("GET", "/b/k", "Origin", origin))
	require.Equal(t, "theirs", later.Get("Access-Control-Allow-Origin"), "the header is sent: it is the handler's own now")
}

func TestWithdraw(t *testing.T) {
	tests := []struct {
		name    string
		opts    []s3cors.Option
		prepare func(http.Header)
		want    http.Header
	}{
		{name: "takes back what was set", want: http.Header{}},
		{name: "leaves another's Vary", prepare: func(h http.Header) { h.Add("Vary", "Accept") },
			want: http.Header{"Vary": {"Accept"}}},
		{name: "leaves Vary where it is always sent", opts: []s3cors.Option{s3cors.VaryAlways()},
			want: http.Header{"Vary": {varyValue}}},
	}
	for _, override := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				m := &corshttp.Server{Policies: corshttp.OnePolicy(policyOf(t, document, tt.opts...)),
					Options: tt.opts, Override: override}
				handler := m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					if tt.prepare != nil {
						tt.prepare(w.Header())
					}
					m.Withdraw(struct{ wrapped }{wrapped{w}}) // a writer in a writer
					w.WriteHeader(403)
				}))
				res := do(handler, request("GET", "/b/k", "Origin", origin))
				require.Equal(t, 403, res.StatusCode)
				require.Empty(t, cmp.Diff(tt.want, corsFields(res.Header)))
			})
		}
	}
}

type wrapped struct{ http.ResponseWriter }

func (w wrapped) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestHandlersCannotReachEachOthersValues(t *testing.T) {
	var first http.Header
	handler := one(t, document).CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		if first == nil {
			first = h
		}
		for key := range h {
			require.Equal(t, len(h[key]), cap(h[key]), key)
			h[key] = append(h[key], "appended")
			h[key][0] = "changed"
		}
	}))
	for range 2 {
		do(handler, request("GET", "/b/k", "Origin", origin))
	}
	for key, values := range first {
		require.Equal(t, []string{"changed", "appended"}, values, key)
	}
	res := do(one(t, document).CORS(ok), request("GET", "/b/k", "Origin", origin))
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
}

func TestHugeRequestHeaders(t *testing.T) {
	checkGoroutines(t)
	server := serve(t, one(t, document).CORS(ok), false)
	const line = "Access-Control-Request-Headers: "
	for name, value := range map[string]string{
		"commas in one line":   line + strings.Repeat(",", 900<<10) + "\r\n",
		"names in one line":    line + strings.Repeat("x,", 450<<10) + "\r\n",
		"one name":             line + strings.Repeat("x", 900<<10) + "\r\n",
		"lines of commas":      strings.Repeat(line+strings.Repeat(",", 900)+"\r\n", 900),
		"lines without values": strings.Repeat(line+"\r\n", 25<<10),
	} {
		for _, method := range []string{"OPTIONS", "GET"} {
			t.Run(method+" with "+name, func(t *testing.T) {
				res := raw(t, server, method+" /bucket/key HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"+
					"Origin: "+origin+"\r\nAccess-Control-Request-Method: GET\r\n"+value+"\r\n")
				require.Equal(t, 400, res.StatusCode)
				require.Equal(t, errorBody("Code", "RequestHeaderSectionTooLarge",
					"Message", "Your request header section exceeds the maximum allowed size.",
					"MaxSizeAllowed", "8192", "RequestId", "", "HostId", ""), bodyOf(t, res))
			})
		}
	}
}

func TestTrailersHijackAndDeadlines(t *testing.T) {
	for _, override := range []bool{false, true} {
		m := one(t, document)
		m.Override = override
		t.Run(fmt.Sprintf("trailers arrive, override %v", override), func(t *testing.T) {
			for _, http2 := range []bool{false, true} {
				server := serve(t, m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					w.Header().Set("Trailer", "X-Amz-Checksum-Crc32")
					_, _ = io.WriteString(w, "body")
					w.Header().Set("X-Amz-Checksum-Crc32", "AAAAAA==")
					w.Header().Set(http.TrailerPrefix+"X-Late", "yes")
				})), http2)
				res := send(t, server, "GET", "/b/k", "Origin", origin)
				require.Equal(t, "body", bodyOf(t, res))
				require.Equal(t, http.Header{"X-Amz-Checksum-Crc32": {"AAAAAA=="}, "X-Late": {"yes"}}, res.Trailer)
				require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
			}
		})
		for name, hijack := range map[string]func(http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error){
			"http.Hijacker": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) { return w.(http.Hijacker).Hijack() },
			"http.ResponseController": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
				return http.NewResponseController(w).Hijack()
			},
		} {
			t.Run(fmt.Sprintf("%s takes the connection over, override %v", name, override), func(t *testing.T) {
				server := serve(t, m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					conn, _, err := hijack(w)
					if err != nil {
						panic(err)
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 299 Mine\r\nContent-Length: 0\r\n\r\n")
					_ = conn.Close()
				})), false)
				require.Equal(t, 299, send(t, server, "GET", "/b/k", "Origin", origin).StatusCode)
			})
		}
		t.Run(fmt.Sprintf("deadlines can be set, override %v", override), func(t *testing.T) {
			server := serve(t, m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				control := http.NewResponseController(w)
				err := errors.Join(control.SetReadDeadline(time.Time{}), control.SetWriteDeadline(time.Time{}), control.EnableFullDuplex())
				if err != nil {
					panic(err)
				}
			})), false)
			require.Equal(t, 200, send(t, server, "GET", "/b/k", "Origin", origin).StatusCode)
		})
	}
}

func TestInformationalAnswersComeFirst(t *testing.T) {
	for _, override := range []bool{false, true} {
		t.Run(fmt.Sprintf("override %v", override), func(t *testing.T) {
			m := one(t, document)
			m.Override = override
			server := serve(t, m.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Link", "</a>")
				w.WriteHeader(http.StatusEarlyHints)
				w.WriteHeader(http.StatusNotFound)
			})), false)
			var hints []int
			r, err := http.NewRequestWithContext(traced(t.Context(), &hints), "GET", server.URL+"/b/k", nil)
			require.NoError(t, err)
			r.Header.Set("Origin", origin)
			res, err := server.Client().Do(r)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, []int{103}, hints)
			require.Equal(t, 404, res.StatusCode)
			require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
		})
	}
}

func TestAServerOfNothingPanics(t *testing.T) {
	const said = "corshttp: Server without Store and without Policies"
	require.PanicsWithValue(t, said, func() { (&corshttp.Server{}).CORS(ok) })
	require.PanicsWithValue(t, said, func() { (&corshttp.Server{}).Preflights() })
}

// TestTheWrongWiring shows what doc.go warns of: a router that knows no OPTIONS
// in front.
func TestTheWrongWiring(t *testing.T) {
	preflight := func() *http.Request {
		return request("OPTIONS", "/b/k", "Origin", origin, "Access-Control-Request-Method", "GET")
	}
	wrong := http.NewServeMux()
	wrong.Handle("GET /", one(t, document).CORS(ok))
	require.Equal(t, 405, do(wrong, preflight()).StatusCode)

	inner := http.NewServeMux()
	inner.Handle("GET /", ok)
	require.Equal(t, 200, do(one(t, document).CORS(inner), preflight()).StatusCode)
}

// TestManyBucketsUnderParallelLoad has a store of 10,000 buckets, each with its
// own origin, and room in the cache for 6,000, while some of them change.
func TestManyBucketsUnderParallelLoad(t *testing.T) {
	checkGoroutines(t)
	const buckets, workers, requests = 10_000, 8, 1_250
	own := func(bucket int) string { return fmt.Sprintf("https://app%d.example", bucket) }
	documentOf := func(bucket int) []byte {
		return []byte(strings.Replace(document, origin, own(bucket), 1))
	}
	name := func(bucket int) string { return fmt.Sprintf("bucket-%d", bucket) }
	store := &corsserver.MemoryStore{}
	for i := range buckets {
		require.NoError(t, store.PutCORS(t.Context(), name(i), documentOf(i)))
	}
	cache := &corsserver.Cache{Store: store, MaxEntries: 6_000}
	sub := &corshttp.Server{Store: cache, Authorize: allow}
	handler := (&corshttp.Server{Policies: cache.Policy}).CORS(sub.Subresource(ok))
	var wg sync.WaitGroup
	for worker := range workers {
		wg.Go(func() {
			for i := range requests {
				bucket := (worker*7919 + i*31) % buckets
				if i%3 == 0 {
					bucket %= 100 // which are popular
				}
				target := "/" + name(bucket)
				switch {
				case i%50 == 0:
					res := do(handler, put(target+"?cors", documentOf(bucket)))
					if res.StatusCode != 200 {
						t.Errorf("PUT: %d", res.StatusCode)
					}
				case i%2 == 0:
					res := do(handler, request("OPTIONS", target+"/k", "Origin", own(bucket), "Access-Control-Request-Method", "PUT"))
					if res.StatusCode != 200 || res.Header.Get("Access-Control-Allow-Origin") != own(bucket) {
						t.Errorf("%s: %d %v", target, res.StatusCode, res.Header)
					}
				default:
					res := do(handler, request("GET", target+"/k", "Origin", own((bucket+1)%buckets)))
					if res.StatusCode != 200 || len(corsFields(res.Header)) != 0 {
						t.Errorf("%s: %d %v", target, res.StatusCode, res.Header)
					}
				}
			}
		})
	}
	wg.Wait()
}

// traced records informational answers.
func traced(ctx context.Context, codes *[]int) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
			*codes = append(*codes, code)
			return nil
		},
	})
}
