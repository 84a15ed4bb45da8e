//go:build go1.26

package corsfasthttp_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
)

// recovering answers 500 for what panics further in.
func recovering(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		defer func() {
			if recover() != nil {
				ctx.SetStatusCode(500)
			}
		}()
		next(ctx)
	}
}

// late takes longer than it may, and writes to its response all the while.
func late(ctx *fasthttp.RequestCtx) {
	for range 20 {
		ctx.Response.Header.Set("X-Late", "yes")
		ctx.SetUserValue("late", true)
		time.Sleep(5 * time.Millisecond)
	}
}

// answers are ways in which a handler may answer; each is tried with and without
// Override.
var answers = []struct {
	name    string
	handler fasthttp.RequestHandler
	method  string
	fields  []string
	status  int
	body    string
}{
	{name: "a 200 without a word", handler: func(*fasthttp.RequestCtx) {}, status: 200},
	{name: "a 200 with a body", handler: ok, status: 200, body: "ok"},
	{name: "a 204", handler: status(204), status: 204},
	{name: "a 403", handler: status(403), status: 403},
	{name: "a HEAD", handler: ok, method: "HEAD", status: 200},
	{name: "RequestCtx.Error", handler: func(ctx *fasthttp.RequestCtx) { ctx.Error("no", 403) }, status: 403, body: "no"},
	{name: "RequestCtx.NotFound", handler: func(ctx *fasthttp.RequestCtx) { ctx.NotFound() }, status: 404, body: "404 Page not found"},
	{name: "RequestCtx.NotModified", handler: func(ctx *fasthttp.RequestCtx) { ctx.NotModified() }, status: 304},
	{name: "RequestCtx.Success", handler: func(ctx *fasthttp.RequestCtx) { ctx.SuccessString("text/plain", "yes") }, status: 200, body: "yes"},
	{name: "RequestCtx.Redirect", handler: func(ctx *fasthttp.RequestCtx) { ctx.Redirect("/bucket/other", 302) }, status: 302},
	{name: "a file that is not there", handler: fasthttp.FSHandler("/nonexistent", 0), status: 404, body: "Cannot open requested path"},
	{name: "a response of somebody else", handler: func(ctx *fasthttp.RequestCtx) {
		var upstream fasthttp.Response
		upstream.SetStatusCode(206)
		upstream.SetBodyString("part")
		upstream.CopyTo(&ctx.Response)
	}, status: 206, body: "part"},
	{name: "a stream of a known length", handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetBodyStream(strings.NewReader("stream"), 6)
	}, status: 200, body: "stream"},
	{name: "a stream that is written", handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetBodyStreamWriter(func(w *bufio.Writer) { _, _ = w.WriteString("written") })
	}, status: 200, body: "written"},
	{name: "a panic recovered further out", handler: func(*fasthttp.RequestCtx) { panic("oops") }, status: 500},
	{name: "early hints first", handler: func(ctx *fasthttp.RequestCtx) {
		if err := ctx.EarlyHints(); err != nil {
			panic(err)
		}
		ctx.SetStatusCode(404)
	}, status: 404},
	{name: "a TimeoutHandler in time", handler: fasthttp.TimeoutHandler(ok, time.Minute, "too late"), status: 200, body: "ok"},
	{name: "a TimeoutHandler that is out of it", handler: fasthttp.TimeoutHandler(late, time.Millisecond, "too late"), status: 408, body: "too late"},
	{name: "RequestCtx.TimeoutErrorWithResponse", handler: func(ctx *fasthttp.RequestCtx) {
		var r fasthttp.Response
		r.SetStatusCode(503)
		r.SetBodyString("busy")
		ctx.TimeoutErrorWithResponse(&r)
	}, status: 503, body: "busy"},
}

func TestFieldsAreOnEveryAnswer(t *testing.T) {
	for _, override := range []bool{false, true} {
		for _, tt := range answers {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				s := one(t, document)
				s.Override = override
				c := connect(t, start(t, &fasthttp.Server{Handler: recovering(s.CORS(tt.handler))}))
				method := tt.method
				if method == "" {
					method = "GET"
				}
				for _, from := range []string{origin, stranger, ""} {
					fields := tt.fields
					if from != "" {
						fields = append(fields, "Origin", from)
					}
					want := http.Header{}
					if from == origin {
						want = granted()
					}
					res, body := c.send(text(method, "/bucket/key", fields...))
					require.Equal(t, tt.status, res.StatusCode)
					require.Equal(t, tt.body, body)
					require.Empty(t, cmp.Diff(want, corsFields(res.Header)), from)
				}
			})
		}
	}
}

// head reads the first lines of an answer as they are on the wire.
func (c *client) head(text string) []string {
	c.t.Helper()
	_, err := io.WriteString(c.conn, text)
	require.NoError(c.t, err)
	var lines []string
	for {
		line, err := c.r.ReadString('\n')
		require.NoError(c.t, err)
		if line == "\r\n" {
			return lines
		}
		if !strings.HasPrefix(line, "Date: ") {
			lines = append(lines, strings.TrimSuffix(line, "\r\n"))
		}
	}
}

// TestFieldsAreSentInS3sOrder shows 5.1/order on the wire.
func TestFieldsAreSentInS3sOrder(t *testing.T) {
	s := one(t, document)
	s.IDs = func(*fasthttp.RequestCtx) s3cors.IDs { return s3cors.IDs{RequestID: "R", HostID: "H"} }
	inner := s.CORS(ok)
	outer := func(ctx *fasthttp.RequestCtx) { // which has its own ideas of all of it
		h := &ctx.Response.Header
		h.Add("Access-Control-Max-Age", "1")
		h.Add("Access-Control-Max-Age", "2")
		h.Set("Vary", "Accept")
		h.Set("Access-Control-Allow-Credentials", "false")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("X-Outer", "stays")
		h.SetContentType("text/html")
		h.SetContentEncoding("gzip")
		ctx.SetBodyString("an earlier thought")
		inner(ctx)
	}
	preflight := text("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", "Content-Type,x-amz-date")
	fields := []string{
		"Access-Control-Allow-Origin: https://app.example",
		"Access-Control-Allow-Methods: GET, HEAD, PUT, DELETE",
		"Access-Control-Allow-Headers: content-type, x-amz-date",
		"Access-Control-Expose-Headers: ETag",
		"Access-Control-Max-Age: 600",
		"Access-Control-Allow-Credentials: true",
	}
	ids := []string{"X-Amz-Request-Id: R", "X-Amz-Id-2: H"}
	first := []string{"HTTP/1.1 200 OK", "Server: fasthttp"}

	c := connect(t, start(t, &fasthttp.Server{Handler: inner}))
	want := append(append(append(first, "Content-Length: 0"), fields...), append([]string{"Vary: " + varyValue}, ids...)...)
	require.Equal(t, want, c.head(preflight))
	want = append(append(append(first, "Content-Type: text/plain; charset=utf-8", "Content-Length: 2"),
		append(fields[:2:2], fields[3:]...)...), "Vary: "+varyValue)
	require.Equal(t, want, c.head(text("GET", "/bucket/key", "Origin", origin)))

	c = connect(t, start(t, &fasthttp.Server{Handler: outer}))
	lines := c.head(preflight)
	require.Equal(t, append(first, "Content-Length: 0"), lines[:3], "neither a type nor a body")
	require.ElementsMatch(t, append(append([]string{"Vary: Accept", "X-Outer: stays", "Vary: " + varyValue}, fields...), ids...), lines[3:])
	var got []string
	for _, line := range lines {
		if strings.HasPrefix(line, "Access-Control-") {
			got = append(got, line)
		}
	}
	require.Equal(t, fields, got)
}

// TestTheFormOfNamesIsTheServersToChoose looks at what the handler reads and writes
// when CORS has had its hands on both headers.
func TestTheFormOfNamesIsTheServersToChoose(t *testing.T) {
	for _, exact := range []bool{false, true} {
		for _, override := range []bool{false, true} {
			t.Run(fmt.Sprintf("names as they are %v, override %v", exact, override), func(t *testing.T) {
				s := one(t, document)
				s.Override = override
				inner := s.CORS(func(ctx *fasthttp.RequestCtx) {
					ctx.Response.Header.Set("x-inner", string(ctx.Request.Header.Peek("x-asked")))
				})
				c := connect(t, start(t, &fasthttp.Server{DisableHeaderNamesNormalizing: exact, Handler: func(ctx *fasthttp.RequestCtx) {
					ctx.Response.Header.Set("access-control-allow-foo", "x")
					inner(ctx)
					ctx.Response.Header.Set("x-outer", string(ctx.Request.Header.Peek("x-asked")))
				}}))
				for range 2 {
					lines := c.head(text("HEAD", "/bucket/key", "Origin", origin, "x-asked", "yes"))
					if exact {
						require.Contains(t, lines, "x-inner: yes")
						require.Contains(t, lines, "x-outer: yes")
					} else {
						require.Contains(t, lines, "X-Inner: yes")
						require.Contains(t, lines, "X-Outer: yes")
					}
				}
			})
		}
	}
}

func TestARefusalIsAnErrorOfS3(t *testing.T) {
	handler := one(t, document).CORS(unreachable(t))
	outer := func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Set("Access-Control-Allow-Origin", "*")
		ctx.Response.Header.SetContentEncoding("gzip")
		ctx.SetContentType("text/html")
		ctx.SetBodyStreamWriter(func(w *bufio.Writer) { _, _ = w.WriteString("an earlier thought") })
		handler(ctx)
	}
	c := connect(t, start(t, &fasthttp.Server{Handler: outer}))
	for range 2 { // over one connection
		res, body := c.send(text("OPTIONS", "/bucket", "Origin", stranger, "Access-Control-Request-Method", "PUT"))
		require.Equal(t, 403, res.StatusCode)
		require.Equal(t, []string{"application/xml"}, res.Header["Content-Type"])
		require.NotContains(t, res.Header, "Content-Encoding")
		require.Empty(t, corsFields(res.Header), "a refusal carries none")
		require.False(t, res.Close)
		require.Equal(t, errorBody("Code", "AccessForbidden",
			"Message", "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, "+
				"request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted "+
				"by the resource's CORS spec.",
			"Method", "PUT", "ResourceType", "BUCKET", "RequestId", "", "HostId", ""), body)
	}
	res, body := c.send(text("GET", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "FOO"))
	require.Equal(t, 400, res.StatusCode)
	require.Empty(t, corsFields(res.Header))
	require.Equal(t, errorBody("Code", "BadRequest", "Message", "Invalid Access-Control-Request-Method: FOO",
		"RequestId", "", "HostId", ""), body)

	res, body = c.send(text("OPTIONS", "/bucket/key")) // 5.3/connection-close
	require.Equal(t, 400, res.StatusCode)
	require.True(t, res.Close)
	require.Equal(t, errorBody("Code", "BadRequest",
		"Message", "Insufficient information. Origin request header needed.", "RequestId", "", "HostId", ""), body)
	_, err := c.r.ReadByte()
	require.ErrorIs(t, err, io.EOF)
}

func TestSeveralLinesOfOneFieldAreOneValue(t *testing.T) {
	for _, exact := range []bool{false, true} {
		t.Run(fmt.Sprintf("names as they are %v", exact), func(t *testing.T) {
			c := connect(t, start(t, &fasthttp.Server{Handler: one(t, document).CORS(ok), DisableHeaderNamesNormalizing: exact}))
			preflight := func(fields ...string) (*http.Response, string) {
				return c.send(text("OPTIONS", "/bucket/key", append(fields, "access-control-request-method", "PUT")...))
			}
			res, _ := preflight("origin", origin, "Access-Control-Request-Headers", "\t x-a \t", "access-control-request-headers", "X-B,x-c")
			require.Equal(t, 200, res.StatusCode)
			require.Equal(t, []string{"x-a, x-b, x-c"}, res.Header["Access-Control-Allow-Headers"])

			res, _ = preflight("Origin", origin, "oRIGIN", origin)
			require.Equal(t, 403, res.StatusCode, "two origins are equal to neither")

			res, _ = preflight("Origin", "\t "+origin+" \t")
			require.Equal(t, 200, res.StatusCode)

			res, _ = preflight("Origin", origin, "Access-Control-Request-Headers", "", "Access-Control-Request-Headers", "a", "Access-Control-Request-Headers", "")
			require.Equal(t, 200, res.StatusCode)
			require.Equal(t, []string{", a"}, res.Header["Access-Control-Allow-Headers"], "an empty line is an empty name (4.3/leading-empty)")

			res, _ = preflight("Origin", "")
			require.Equal(t, 400, res.StatusCode, "an empty line is none")
		})
	}
}

func TestBlanksThatSomebodyHasPutAroundValuesAreTheTransports(t *testing.T) {
	inner := one(t, document).CORS(ok)
	res, _ := ask(t, func(ctx *fasthttp.RequestCtx) {
		ctx.Request.Header.Set("Origin", "\t "+origin+" \t")
		inner(ctx)
	}, "GET", "/bucket/key")
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
}

func TestRequestsWithoutABucket(t *testing.T) {
	s := one(t, document)
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))
	for _, target := range []string{"*", "/", "//bucket/key", "http://s3.example"} {
		res, body := c.send(text("OPTIONS", target, "Origin", origin, "Access-Control-Request-Method", "GET"))
		require.Equal(t, 403, res.StatusCode, target)
		require.Equal(t, errorBody("Code", "AccessForbidden", "Message", "CORSResponse: Bucket not found",
			"Method", "GET", "ResourceType", "BUCKET", "RequestId", "", "HostId", ""), body)
	}
	res, body := c.send(text("GET", "/", "Origin", origin))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "ok", body)
	require.Empty(t, corsFields(res.Header))
}

func TestMethodsThatS3DoesNotKnowAreTheServers(t *testing.T) {
	c := connect(t, start(t, &fasthttp.Server{Handler: one(t, document).CORS(ok)}))
	for _, method := range []string{"FOO", "get", "options", "TRACE", "LINK"} {
		res, body := c.send(text(method, "/bucket/key", "Origin", origin))
		require.Equal(t, 200, res.StatusCode, method)
		require.Equal(t, "ok", body)
		require.Empty(t, corsFields(res.Header), "no rule can list it")
		res, _ = c.send(text(method, "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET"))
		require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)), "what is asked for counts (4.1/requested-method)")
	}
}

func TestVaryIsMerged(t *testing.T) {
	with := func(set func(h *fasthttp.ResponseHeader)) fasthttp.RequestHandler {
		return func(ctx *fasthttp.RequestCtx) {
			set(&ctx.Response.Header)
			ctx.SetBodyString("ok")
		}
	}
	around := func(lines ...string) func(fasthttp.RequestHandler) fasthttp.RequestHandler {
		return func(next fasthttp.RequestHandler) fasthttp.RequestHandler {
			return func(ctx *fasthttp.RequestCtx) {
				for _, line := range lines {
					ctx.Response.Header.Add("Vary", line)
				}
				next(ctx)
			}
		}
	}
	plain := func(next fasthttp.RequestHandler) fasthttp.RequestHandler { return next }
	compressible := func(ctx *fasthttp.RequestCtx) { ctx.SuccessString("text/plain", strings.Repeat("x", 1000)) }
	add := with(func(h *fasthttp.ResponseHeader) { h.Add("Vary", "Accept") })
	tests := []struct {
		name     string
		outside  func(fasthttp.RequestHandler) fasthttp.RequestHandler
		handler  fasthttp.RequestHandler
		want     []string
		override []string // nil: the same
	}{
		{"with what the handler adds", plain, add, []string{varyValue, "Accept"}, []string{"Accept", varyValue}},
		{"with what the handler sets", plain, with(func(h *fasthttp.ResponseHeader) { h.Set("Vary", "Accept") }),
			[]string{"Accept", varyValue}, nil},
		{"with what the handler appends to it", plain, with(func(h *fasthttp.ResponseHeader) { h.Set("Vary", string(h.Peek("Vary"))+", Accept") }),
			[]string{varyValue + ", Accept"}, []string{", Accept", varyValue}},
		{"with what stands already", around("Accept-Encoding"), ok, []string{"Accept-Encoding", varyValue}, nil},
		{"with both", around("Accept-Encoding"), add, []string{"Accept-Encoding", varyValue, "Accept"}, []string{"Accept-Encoding", "Accept", varyValue}},
		{"not with itself", around("A, " + varyValue), ok, []string{"A, " + varyValue}, nil},
		{"with that of a compression behind it", plain, fasthttp.CompressHandler(compressible),
			[]string{varyValue + ",Accept-Encoding"}, []string{"Accept-Encoding", varyValue}},
		{"with that of a compression in front of it", fasthttp.CompressHandler, compressible, []string{varyValue + ",Accept-Encoding"}, nil},
	}
	for _, override := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				s := one(t, document)
				s.Override = override
				want := tt.want
				if override && tt.override != nil {
					want = tt.override
				}
				res, _ := ask(t, tt.outside(s.CORS(tt.handler)), "GET", "/bucket/key", "Origin", origin, "Accept-Encoding", "gzip")
				require.Empty(t, cmp.Diff(withVary(want...), corsFields(res.Header)))
			})
		}
	}
}

// foreign sets CORS fields as servers do that know of no buckets.
func foreign(ctx *fasthttp.RequestCtx) {
	h := &ctx.Response.Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Add("Access-Control-Allow-Origin", "https://twice.example")
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Private-Network", "true")
	h.SetCanonical([]byte("access-control-expose-headers"), []byte("*")) // which is sent as it is
	h.SetCanonical([]byte("ACCESS-CONTROL-MAX-AGE"), []byte("9"))
	h.Set("Vary", "Accept")
}

func TestOverrideReplacesForeignFields(t *testing.T) {
	for _, exact := range []bool{false, true} {
		for name, handler := range map[string]fasthttp.RequestHandler{
			"of an answer": foreign,
			"of a panic":   func(ctx *fasthttp.RequestCtx) { foreign(ctx); panic("oops") },
		} {
			t.Run(fmt.Sprintf("%s, names as they are %v", name, exact), func(t *testing.T) {
				s := one(t, document)
				s.Override = true
				c := connect(t, start(t, &fasthttp.Server{Handler: recovering(s.CORS(handler)), DisableHeaderNamesNormalizing: exact}))
				res, _ := c.send(text("GET", "/bucket/key", "Origin", origin))
				require.Empty(t, cmp.Diff(withVary("Accept", varyValue), corsFields(res.Header)))
				for _, fields := range [][]string{{"Origin", stranger}, {}} {
					res, _ = c.send(text("GET", "/bucket/key", fields...))
					require.Empty(t, cmp.Diff(http.Header{"Vary": {"Accept"}}, corsFields(res.Header)),
						"a refused origin gets none, and no origin gets none")
				}
			})
		}
	}
}

func TestWithoutOverrideAHandlersFieldsStand(t *testing.T) {
	handler := one(t, document).CORS(func(ctx *fasthttp.RequestCtx) {
		ctx.Response.Header.Set("Access-Control-Allow-Origin", "*")
	})
	for _, from := range []string{origin, stranger} {
		res, _ := ask(t, handler, "GET", "/bucket/key", "Origin", from)
		require.Equal(t, []string{"*"}, res.Header["Access-Control-Allow-Origin"])
	}
	res, _ := ask(t, one(t, document).CORS(func(ctx *fasthttp.RequestCtx) {
		ctx.Error("all anew", 500)
		ctx.Response.Header.Set("Access-Control-Allow-Origin", "*")
	}), "GET", "/bucket/key", "Origin", origin)
	require.Empty(t, cmp.Diff(http.Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {varyValue}}, corsFields(res.Header)),
		"its answer is not mixed with ours")
}

var errStore = errors.New("the store is on fire")

func failing(context.Context, string) (*s3cors.Policy, error) { return nil, errStore }

func TestAFailingStoreGrantsNothing(t *testing.T) {
	var verdicts []corsserver.Verdict
	s := &corsfasthttp.Server{Policies: failing, Fallback: policyOf(t, open), FallbackForMissing: true,
		Observe: func(_ *fasthttp.RequestCtx, v corsserver.Verdict) { verdicts = append(verdicts, v) }}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))

	res, body := c.send(text("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET"))
	require.Equal(t, 500, res.StatusCode)
	require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
	require.Equal(t, internalErrorBody, body)
	require.Empty(t, corsFields(res.Header))

	res, body = c.send(text("GET", "/bucket/key", "Origin", origin))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, "ok", body)
	require.Empty(t, corsFields(res.Header))

	require.Len(t, verdicts, 2)
	for _, v := range verdicts {
		require.ErrorIs(t, v.Err, errStore)
		require.False(t, v.Fallback)
		require.Equal(t, s3cors.PolicyUnavailable, v.Decision.Outcome())
	}
	// What is wrong whatever the policy is, is told first (4.2/method-before-lookup).
	res, _ = c.send(text("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "FOO"))
	require.Equal(t, 400, res.StatusCode)
}

func TestVaryAlwaysNeedsNoPolicy(t *testing.T) {
	always := []s3cors.Option{s3cors.VaryAlways()}
	for _, override := range []bool{false, true} {
		asked := 0
		s := &corsfasthttp.Server{Options: always, Override: override, Policies: func(context.Context, string) (*s3cors.Policy, error) {
			asked++
			return nil, errStore
		}}
		c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(func(ctx *fasthttp.RequestCtx) { ctx.Error("all anew", 404) })}))
		want := http.Header{"Vary": {varyValue}}
		for _, path := range []string{"/", "/bucket", "/bucket/key"} {
			res, _ := c.send(text("GET", path))
			require.Empty(t, cmp.Diff(want, corsFields(res.Header)), path)
		}
		require.Zero(t, asked)
		for _, path := range []string{"/", "/bucket", "/bucket/key"} {
			res, _ := c.send(text("GET", path, "Origin", stranger))
			require.Empty(t, cmp.Diff(want, corsFields(res.Header)), path)
		}
		require.Equal(t, 2, asked)
	}
}

func TestFallback(t *testing.T) {
	store := &corsserver.MemoryStore{Exists: existing}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	for _, forMissing := range []bool{false, true} {
		s := &corsfasthttp.Server{Store: store, Fallback: policyOf(t, open), FallbackForMissing: forMissing}
		c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))
		allowed := func(path string) string {
			res, _ := c.send(text("GET", path, "Origin", stranger))
			return res.Header.Get("Access-Control-Allow-Origin")
		}
		require.Equal(t, "*", allowed("/unconfigured/key"))
		require.Equal(t, "", allowed("/bucket/key"), "a bucket's own configuration is not added to")
		require.Equal(t, map[bool]string{false: "", true: "*"}[forMissing], allowed("/"+missing+"/key"))
	}
}

func TestLenientServesWhatS3WouldRefuse(t *testing.T) {
	const odd = `[{"AllowedOrigins":["https://app.example"],"AllowedMethods":["GET","PATCH"]}]`
	store := stored(t, odd, "bucket")
	for _, lenient := range []bool{false, true} {
		s := &corsfasthttp.Server{Store: store, Authorize: allow, Lenient: lenient}
		c := connect(t, start(t, &fasthttp.Server{Handler: s.Handler(ok)}))
		res, _ := c.send(text("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET"))
		require.Equal(t, map[bool]int{false: 500, true: 200}[lenient], res.StatusCode)
		res, _ = c.send(text("GET", "/bucket?cors"))
		require.Equal(t, map[bool]int{false: 500, true: 200}[lenient], res.StatusCode)
	}
}

func TestPoliciesAreAskedOnlyWhenNeeded(t *testing.T) {
	for _, observe := range []func(*fasthttp.RequestCtx, corsserver.Verdict){nil, func(*fasthttp.RequestCtx, corsserver.Verdict) {}} {
		s := &corsfasthttp.Server{Observe: observe, Policies: func(context.Context, string) (*s3cors.Policy, error) {
			t.Error("Policies was asked")
			return nil, nil
		}}
		dial := start(t, &fasthttp.Server{Handler: s.CORS(ok)})
		for _, tt := range []struct {
			status int
			text   string
		}{
			{200, text("GET", "/bucket/key")},
			{200, text("GET", "/bucket/key", "Referer", origin)},
			{200, text("GET", "/bucket/key", "Origin", "")},
			{200, text("GET", "/", "Origin", origin)},
			{400, text("OPTIONS", "/bucket/key")},
			{403, text("OPTIONS", "/", "Origin", origin)},
		} {
			res, _ := connect(t, dial).send(tt.text)
			require.Equal(t, tt.status, res.StatusCode, tt.text)
		}
	}
}

func TestObserveSeesEveryDecision(t *testing.T) {
	var seen []string
	s := one(t, document)
	s.Observe = func(ctx *fasthttp.RequestCtx, v corsserver.Verdict) {
		seen = append(seen, fmt.Sprintf("%s %s %s %s %d", ctx.Method(), v.Address.Bucket, v.Address.Key, v.Decision.Outcome(), v.Decision.Rule()))
	}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))
	c.send(text("GET", "/b/k"))
	c.send(text("GET", "/b/k", "Origin", origin))
	c.send(text("OPTIONS", "/b", "Origin", origin, "Access-Control-Request-Method", "POST"))
	c.send(text("OPTIONS", "/", "Origin", origin))
	c.send(text("OPTIONS", "/b/k"))
	require.Equal(t, []string{"GET b k not-cors -1", "GET b k granted 0", "OPTIONS b  no-match -1",
		"OPTIONS   no-bucket -1", "OPTIONS b k missing-origin -1"}, seen)
}

func TestIDsAreSentWithOurAnswersAlone(t *testing.T) {
	s := one(t, document)
	s.IDs = func(ctx *fasthttp.RequestCtx) s3cors.IDs {
		return s3cors.IDs{RequestID: "R" + string(ctx.Method()), HostID: "H"}
	}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.CORS(ok)}))
	res, _ := c.send(text("OPTIONS", "/b/k", "Origin", origin, "Access-Control-Request-Method", "GET"))
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, []string{"ROPTIONS"}, res.Header["X-Amz-Request-Id"])
	require.Equal(t, []string{"H"}, res.Header["X-Amz-Id-2"])
	res, _ = c.send(text("GET", "/b/k", "Origin", origin))
	require.NotContains(t, res.Header, "X-Amz-Request-Id", "the handler's answer is the server's to name")
	_, body := c.send(text("OPTIONS", "/b/k"))
	require.Equal(t, errorBody("Code", "BadRequest", "Message", "Insufficient information. Origin request header needed.",
		"RequestId", "ROPTIONS", "HostId", "H"), body)
}

func TestWithdraw(t *testing.T) {
	tests := []struct {
		name    string
		opts    []s3cors.Option
		handler func(*corsfasthttp.Server, *fasthttp.RequestCtx)
		want    http.Header
	}{
		{"takes back what was set", nil, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) { s.Withdraw(ctx) }, http.Header{}},
		{"also if the response begins anew", nil, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) {
			s.Withdraw(ctx)
			ctx.Error("denied", 403)
		}, http.Header{}},
		{"leaves another's Vary", nil, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) {
			ctx.Response.Header.Add("Vary", "Accept")
			s.Withdraw(ctx)
		}, http.Header{"Vary": {"Accept"}}},
		{"leaves what another has appended to Vary", nil, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) {
			ctx.Response.Header.Set("Vary", varyValue+", Accept")
			ctx.Response.Header.Add("Vary", "Cookie")
			s.Withdraw(ctx)
		}, http.Header{"Vary": {"Accept", "Cookie"}}},
		{"leaves Vary where it is always sent", []s3cors.Option{s3cors.VaryAlways()}, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) {
			s.Withdraw(ctx)
			ctx.Error("denied", 403)
		}, http.Header{"Vary": {varyValue}}},
		{"leaves it there after a panic, too", []s3cors.Option{s3cors.VaryAlways()}, func(s *corsfasthttp.Server, ctx *fasthttp.RequestCtx) {
			s.Withdraw(ctx)
			panic("oops")
		}, http.Header{"Vary": {varyValue}}},
	}
	for _, override := range []bool{false, true} {
		for _, tt := range tests {
			t.Run(fmt.Sprintf("%s, override %v", tt.name, override), func(t *testing.T) {
				s := &corsfasthttp.Server{Policies: corsfasthttp.OnePolicy(policyOf(t, document, tt.opts...)), Options: tt.opts, Override: override}
				c := connect(t, start(t, &fasthttp.Server{Handler: recovering(s.CORS(func(ctx *fasthttp.RequestCtx) {
					if ctx.IsGet() {
						tt.handler(s, ctx)
					}
				}))}))
				for range 2 {
					res, _ := c.send(text("GET", "/b/k", "Origin", origin))
					slices.Sort(res.Header["Vary"]) // fasthttp puts the last field in the place of one that is taken out
					require.Empty(t, cmp.Diff(tt.want, corsFields(res.Header)))
					res, _ = c.send(text("PUT", "/b/k", "Origin", origin))
					require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)), "it is for one request")
				}
			})
		}
	}
}

func TestPreflightsIsForARouteOfItsOwn(t *testing.T) {
	for _, override := range []bool{false, true} {
		s := one(t, document)
		s.Override = override
		c := connect(t, start(t, &fasthttp.Server{Handler: s.Preflights()}))
		res, _ := c.send(text("OPTIONS", "/b/k", "Origin", origin, "Access-Control-Request-Method", "GET"))
		require.Equal(t, 200, res.StatusCode)
		for target, resource := range map[string]string{"/b/k": "OBJECT", "/b": "BUCKET", "/": "SERVICE"} {
			res, body := c.send(text("GET", target, "Origin", origin))
			require.Equal(t, 405, res.StatusCode)
			require.Equal(t, "OPTIONS", res.Header.Get("Allow"))
			require.Empty(t, corsFields(res.Header))
			require.Equal(t, errorBody("Code", "MethodNotAllowed", "Message", "The specified method is not allowed against this resource.",
				"Method", "GET", "ResourceType", resource, "RequestId", "", "HostId", ""), body)
		}
	}
}

// TestALimitInFrontOfCORS is what the documentation of Check shows.
func TestALimitInFrontOfCORS(t *testing.T) {
	s := one(t, document)
	limit := func(ctx *fasthttp.RequestCtx) {
		ctx.Error("slow down", fasthttp.StatusTooManyRequests)
		if v := s.Check(ctx); v.Decision.Status() == 0 {
			corsfasthttp.SetFields(&ctx.Response.Header, v.Decision)
		}
	}
	res, body := ask(t, limit, "GET", "/b/k", "Origin", origin)
	require.Equal(t, 429, res.StatusCode)
	require.Equal(t, "slow down", body)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	res, _ = ask(t, limit, "OPTIONS", "/b/k", "Origin", origin, "Access-Control-Request-Method", "GET")
	require.Equal(t, 429, res.StatusCode)
	require.Empty(t, corsFields(res.Header))
}

func TestAServerOfNothingPanics(t *testing.T) {
	require.PanicsWithValue(t, "corsfasthttp: Server without Store and without Policies", func() { (&corsfasthttp.Server{}).CORS(ok) })
}

// TestACacheIsTheCache has a Server that is given a cache as its store: what that cache is
// told counts.
func TestACacheIsTheCache(t *testing.T) {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	require.Same(t, cache, (&corsfasthttp.Server{Store: cache}).Cache())
	require.NotSame(t, cache, (&corsfasthttp.Server{Store: cache.Store}).Cache())
}
