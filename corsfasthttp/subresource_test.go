//go:build go1.26

package corsfasthttp_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
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

// subresource serves ?cors of a store to everybody.
func subresource(t testing.TB, store corsserver.Store) fasthttp.RequestHandler {
	return (&corsfasthttp.Server{Store: store, Authorize: allow}).Subresource(unreachable(t))
}

var tooLargeBody = errorBody("Code", "MaxMessageLengthExceeded", "Message", "Your request was too big.",
	"MaxMessageLengthBytes", "65536", "RequestId", "", "HostId", "")

// padded is document with blanks up to a size.
func padded(size int) []byte {
	return []byte(strings.Replace(document, "<CORSRule>", strings.Repeat(" ", size-len(document))+"<CORSRule>", 1))
}

// chunked is put in chunks.
func chunked(target string, body []byte, size int, fields ...string) string {
	var b strings.Builder
	b.WriteString(text("PUT", target, append(fields, "Transfer-Encoding", "chunked")...))
	for chunk := range slices.Chunk(body, size) {
		fmt.Fprintf(&b, "%x\r\n%s\r\n", len(chunk), chunk)
	}
	return b.String() + "0\r\n\r\n"
}

func TestGetHasNeitherTypeNorFieldsOfOthers(t *testing.T) {
	sub := subresource(t, stored(t, document, "bucket"))
	c := connect(t, start(t, &fasthttp.Server{Handler: func(ctx *fasthttp.RequestCtx) {
		ctx.SetContentType("text/html")
		ctx.Response.Header.SetContentEncoding("gzip")
		ctx.Response.Header.SetContentLength(5)
		sub(ctx)
	}}))
	for _, target := range []string{"/bucket?cors", "/bucket/?cors", "/bucket?cors=", "/bucket/key?cors", "/bucket?cors&x-id=GetBucketCors",
		"/bucket?%63ors", "/bucket?cors=x#cut"} {
		res, body := c.send(text("GET", target))
		require.Equal(t, 200, res.StatusCode, target)
		res.Header.Del("Date")
		require.Equal(t, http.Header{"Server": {"fasthttp"}, "Content-Length": {fmt.Sprint(len(printed))}}, res.Header)
		require.Equal(t, printed, body)
	}
	res, body := c.send(text("HEAD", "/bucket?cors"))
	require.Equal(t, 405, res.StatusCode)
	require.Empty(t, body)
	res, _ = c.send(text("DELETE", "/bucket?cors"))
	require.Equal(t, 204, res.StatusCode)
	require.NotContains(t, res.Header, "Content-Length")
	require.NotContains(t, res.Header, "Content-Type")
}

func TestWhatIsNotCORSGoesOn(t *testing.T) {
	s := &corsfasthttp.Server{Store: &corsserver.MemoryStore{}}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.Subresource(status(http.StatusTeapot))}))
	for _, target := range []string{"/", "/?cors", "//bucket?cors", "/bucket", "/bucket/cors", "/bucket?CORS", "/bucket?prefix=cors",
		"/bucket?corsx", "/bucket?x=&cors%3D", "/bucket?%zzcors", "/bucket?acl", "/bucket#?cors"} {
		res, _ := c.send(text("PUT", target))
		require.Equal(t, http.StatusTeapot, res.StatusCode, target)
	}
}

func TestWithoutAuthorizeNobodyIsAllowed(t *testing.T) {
	store := &scripted{Store: stored(t, document, "bucket")}
	s := &corsfasthttp.Server{Store: store}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.Subresource(unreachable(t))}))
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		res, body := c.send(text(method, "/bucket/key?cors"))
		require.Equal(t, 403, res.StatusCode)
		require.Equal(t, errorBody("Code", "AccessDenied", "Message", "Access Denied", "RequestId", "", "HostId", ""), body)
	}
	require.Zero(t, store.asked())
}

func TestSubresourceWithoutStorePanics(t *testing.T) {
	require.PanicsWithValue(t, "corsfasthttp: Server without Store has no Subresource", func() { one(t, document).Subresource(ok) })
}

// TestAnUnknownMethodIsRefusedAsIfByAFrontEnd shows 10/unknown-method-first.
func TestAnUnknownMethodIsRefusedAsIfByAFrontEnd(t *testing.T) {
	for _, override := range []bool{false, true} {
		s := &corsfasthttp.Server{Store: stored(t, document, "bucket"), Override: override}
		c := connect(t, start(t, &fasthttp.Server{Handler: s.Handler(ok)}))
		for _, method := range []string{"FOO", "get"} {
			res, body := c.send(text(method, "/bucket?cors", "Origin", origin, "Access-Control-Request-Method", "GET"))
			require.Equal(t, 400, res.StatusCode)
			require.Empty(t, corsFields(res.Header))
			require.Equal(t, errorBody("Code", "BadRequest", "Message", "An error occurred when parsing the HTTP request.",
				"RequestId", "", "HostId", ""), body)
		}
		res, _ := c.send(text("POST", "/bucket?cors", "Origin", origin, "Access-Control-Request-Method", "GET"))
		require.Equal(t, 405, res.StatusCode)
		require.Equal(t, "DELETE, GET, PUT", res.Header.Get("Allow"))
		require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
	}
}

func TestFailedIsToldOfWhatAStoreFailsAt(t *testing.T) {
	store := &scripted{
		Store: stored(t, document, "bucket"),
		put:   func(context.Context, string, []byte) error { return errStore },
	}
	var failures []string
	s := &corsfasthttp.Server{Store: store, Authorize: allow, Failed: func(ctx *fasthttp.RequestCtx, err error) {
		failures = append(failures, string(ctx.Method())+" "+err.Error())
	}}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.Subresource(unreachable(t))}))
	res, body := c.send(put("/bucket?cors", []byte(document)))
	require.Equal(t, 500, res.StatusCode)
	require.Equal(t, internalErrorBody, body)
	require.Equal(t, []string{"PUT the store is on fire"}, failures)
}

// TestTheSizeOfADocument shows 1.1/body-size at servers that stream bodies and at others.
func TestTheSizeOfADocument(t *testing.T) {
	for _, streams := range []bool{false, true} {
		t.Run(fmt.Sprintf("streams %v", streams), func(t *testing.T) {
			store := &corsserver.MemoryStore{}
			dial := startTCP(t, &fasthttp.Server{Handler: subresource(t, store), StreamRequestBody: streams})
			c := connect(t, dial)
			for _, fits := range []string{put("/bucket?cors", padded(65536)), chunked("/bucket?cors", padded(65536), 1000, "x-amz-checksum-crc32", "wrong"),
				put("/bucket?cors", padded(65536))} {
				res, _ := c.send(fits)
				require.NotEqual(t, strings.Contains(fits, "wrong"), res.StatusCode == 200)
				require.False(t, res.Close, "the body was read")
			}
			_, body := c.send(text("GET", "/bucket?cors"))
			require.Equal(t, printed, body)
			for _, tooLong := range []string{
				text("PUT", "/bucket?cors", "Content-Length", "65537") + string(padded(65537)),
				chunked("/bucket?cors", padded(65537), 65537),
				chunked("/bucket?cors", padded(65537), 1),
				put("/bucket?cors", padded(65537)),
			} {
				res, body := connect(t, dial).push(tooLong)
				require.Equal(t, 400, res.StatusCode)
				require.Equal(t, tooLargeBody, body, "before the checksums")
				require.Equal(t, streams, res.Close, "what is left of it is no request")
			}
		})
	}
}

func TestABodyOverTheServersOwnLimitIsTheServers(t *testing.T) {
	cors := one(t, document)
	cors.Store, cors.Authorize = &corsserver.MemoryStore{}, allow
	dial := startTCP(t, &fasthttp.Server{Handler: cors.Handler(unreachable(t)), MaxRequestBodySize: 1000})
	res, body := connect(t, dial).push(put("/bucket?cors", padded(1001), "Origin", origin))
	require.Equal(t, 400, res.StatusCode)
	require.Equal(t, "Error when parsing request", body)
	require.Empty(t, corsFields(res.Header))

	// With streams it is not a limit, but what is read beforehand.
	dial = startTCP(t, &fasthttp.Server{Handler: cors.Handler(unreachable(t)), MaxRequestBodySize: 1000, StreamRequestBody: true})
	res, _ = connect(t, dial).send(put("/bucket?cors", padded(1001), "Origin", origin))
	require.Equal(t, 200, res.StatusCode)
	require.Empty(t, cmp.Diff(granted(), corsFields(res.Header)))
}

// TestWithoutStreamsABodyThatDoesNotComeIsTheServersToGiveUp shows what doc.go says
// of ReadTimeout: no handler is asked before.
func TestWithoutStreamsABodyThatDoesNotComeIsTheServersToGiveUp(t *testing.T) {
	dial := startTCP(t, &fasthttp.Server{Handler: unreachable(t), ReadTimeout: 50 * time.Millisecond})
	c := connect(t, dial)
	res, body := c.send(text("OPTIONS", "/bucket/key", "Origin", origin, "Access-Control-Request-Method", "GET", "Content-Length", "9"))
	require.Equal(t, 408, res.StatusCode)
	require.Equal(t, "Request timeout", body)
	require.True(t, res.Close)
}

// TestAFormIsTheServersToParse shows what doc.go says of them.
func TestAFormIsTheServersToParse(t *testing.T) {
	request := put("/bucket?cors", []byte(document), "Content-Type", "multipart/form-data; boundary=x")
	res, _ := connect(t, startTCP(t, &fasthttp.Server{Handler: unreachable(t)})).send(request)
	require.Equal(t, 400, res.StatusCode)
	sub := subresource(t, &corsserver.MemoryStore{})
	res, _ = connect(t, startTCP(t, &fasthttp.Server{Handler: sub, DisablePreParseMultipartForm: true})).send(request)
	require.Equal(t, 200, res.StatusCode)
}

func TestAnEndlessBodyIsReadNoFurtherThanItMayBeLong(t *testing.T) {
	dial := startTCP(t, &fasthttp.Server{Handler: subresource(t, &corsserver.MemoryStore{}), StreamRequestBody: true})
	c := connect(t, dial)
	_, err := io.WriteString(c.conn, text("PUT", "/bucket?cors", "Transfer-Encoding", "chunked"))
	require.NoError(t, err)
	for range 64 { // MiB, until the server has closed
		if _, err = io.WriteString(c.conn, "100000\r\n"+strings.Repeat(" ", 1<<20)+"\r\n"); err != nil {
			break
		}
	}
	require.Error(t, err, "the server does not read all of it")
	require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	if res, body, err := c.receive("PUT"); err == nil { // the end of the connection may overtake the answer
		require.Equal(t, 400, res.StatusCode)
		require.Equal(t, tooLargeBody, body)
	}
}

// unread are requests that are answered without their body, by first lines.
var unread = []struct {
	name   string
	method string
	target string
	fields []string
	status int
}{
	{"a granted preflight", "OPTIONS", "/bucket/key", []string{"Origin", origin, "Access-Control-Request-Method", "GET"}, 200},
	{"a refused preflight", "OPTIONS", "/bucket/key", []string{"Origin", stranger, "Access-Control-Request-Method", "GET"}, 403},
	{"a preflight without an origin", "OPTIONS", "/bucket/key", nil, 400},
	{"an actual request that asks for nonsense", "PUT", "/bucket/key", []string{"Origin", origin, "Access-Control-Request-Method", "get"}, 400},
	{"a method that a route for preflights has not", "PUT", "/preflights", nil, 405},
	{"GET ?cors", "GET", "/bucket?cors", nil, 200},
	{"DELETE ?cors", "DELETE", "/unconfigured?cors", nil, 204},
	{"POST ?cors", "POST", "/bucket?cors", nil, 405},
	{"PUT ?cors that is denied", "PUT", "/bucket?cors", []string{"X-Amz-Expected-Bucket-Owner", stranded}, 403},
	{"PUT ?cors of no bucket", "PUT", "/missing?cors", nil, 404},
	{"PUT ?cors in signed chunks", "PUT", "/bucket?cors", []string{"X-Amz-Decoded-Content-Length", "9"}, 501},
	{"PUT ?cors that is announced as too long", "PUT", "/bucket?cors", nil, 400},
}

// unreadHandler is a whole server, in which nothing is reached that reads bodies but
// PUT ?cors.
func unreadHandler(t testing.TB) fasthttp.RequestHandler {
	store := &corsserver.MemoryStore{Exists: existing}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	s := &corsfasthttp.Server{Store: store, Authorize: func(ctx *fasthttp.RequestCtx, _ corsserver.Address) *s3cors.Error {
		if string(ctx.Request.Header.Peek("X-Amz-Expected-Bucket-Owner")) == stranded {
			return corsserver.AccessDenied()
		}
		return nil
	}}
	handler, preflights := s.Handler(unreachable(t)), s.Preflights()
	return func(ctx *fasthttp.RequestCtx) {
		if string(ctx.Path()) == "/preflights" {
			preflights(ctx)
			return
		}
		handler(ctx)
	}
}

// TestWhatIsLeftOfABodyIsNoRequest has bodies that look like one (10/unread-body).
func TestWhatIsLeftOfABodyIsNoRequest(t *testing.T) {
	inside := text("GET", "/bucket?cors")
	body := strings.Repeat(inside, 70_000/len(inside))
	for _, streams := range []bool{false, true} {
		dial := startTCP(t, &fasthttp.Server{Handler: unreadHandler(t), StreamRequestBody: streams})
		for _, tt := range unread {
			for name, rest := range map[string]string{
				"of a known length": fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
				"in chunks":         fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
			} {
				t.Run(fmt.Sprintf("%s, %s, streams %v", tt.name, name, streams), func(t *testing.T) {
					c := connect(t, dial)
					head := strings.TrimSuffix(text(tt.method, tt.target, tt.fields...), "\r\n")
					res, _ := c.push(head + rest)
					require.Equal(t, tt.status, res.StatusCode)
					require.Equal(t, streams || tt.status == 400 && tt.method == "OPTIONS", res.Close)
					if res.Close {
						rest, _ := io.ReadAll(c.r) // which can be a reset
						require.Empty(t, rest, "there is one answer")
						return
					}
					res, _ = c.send(text("DELETE", "/unconfigured?cors"))
					require.Equal(t, 204, res.StatusCode, "the answer to the next request is next")
				})
			}
		}
	}
}

// TestAStalledBodyIsAnsweredAtOnce has bodies that are streamed and do not come: in
// chunks, or longer than the 8 KiB that fasthttp waits for before it calls a handler.
func TestAStalledBodyIsAnsweredAtOnce(t *testing.T) {
	dial := startTCP(t, &fasthttp.Server{Handler: unreadHandler(t), StreamRequestBody: true})
	for _, tt := range unread {
		for name, rest := range map[string]string{
			"nothing in chunks": "Transfer-Encoding: chunked\r\n\r\n",
			"part of a chunk":   "Transfer-Encoding: chunked\r\n\r\n9\r\nfour",
			"8 KiB of more":     "Content-Length: 70000\r\n\r\n" + strings.Repeat("x", 8<<10),
		} {
			if tt.name == "PUT ?cors that is announced as too long" && name != "8 KiB of more" {
				continue // this one is read
			}
			t.Run(tt.name+", "+name, func(t *testing.T) {
				c := connect(t, dial)
				res, _ := c.send(strings.TrimSuffix(text(tt.method, tt.target, tt.fields...), "\r\n") + rest)
				require.Equal(t, tt.status, res.StatusCode)
				require.True(t, res.Close, "the answer says that the connection ends")
				rest, err := io.ReadAll(c.r)
				require.NoError(t, err)
				require.Empty(t, rest)
			})
		}
	}
}

// TestRequestsWithoutABodyKeepTheirConnection sends all requests over one.
func TestRequestsWithoutABodyKeepTheirConnection(t *testing.T) {
	for _, fields := range [][]string{nil, {"Content-Length", "0"}} {
		for _, streams := range []bool{false, true} {
			c := connect(t, start(t, &fasthttp.Server{Handler: unreadHandler(t), StreamRequestBody: streams}))
			for _, tt := range unread {
				if tt.name == "a preflight without an origin" {
					continue // which ends it
				}
				res, _ := c.send(text(tt.method, tt.target, append(fields, tt.fields...)...))
				require.Equal(t, tt.status, res.StatusCode, tt.name)
				require.False(t, res.Close, tt.name)
				require.NotContains(t, res.Header, "Connection")
			}
		}
	}
}

// TestAStreamThatIsCutShort has clients that do not send what they announced.
func TestAStreamThatIsCutShort(t *testing.T) {
	incomplete := errorBody("Code", "IncompleteBody",
		"Message", "You did not provide the number of bytes specified by the Content-Length HTTP header", "RequestId", "", "HostId", "")
	timeout := errorBody("Code", "RequestTimeout", "Message", "Your socket connection to the server was not read from or "+
		"written to within the timeout period. Idle connections will be closed.", "RequestId", "", "HostId", "")
	known := "Content-MD5: " + documentMD5 + "\r\nContent-Length: 9000\r\n\r\n" + document + strings.Repeat(" ", 8500-len(document))
	chunks := fmt.Sprintf("Content-MD5: %s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s", documentMD5, len(document)+1, document)
	for _, tt := range []struct {
		name  string
		rest  string
		close bool
		want  string
	}{
		{"a known length, and the client closes", known, true, incomplete},
		{"a chunk, and the client closes", chunks, true, incomplete},
		{"a known length, and nothing more comes", known, false, timeout},
		{"a chunk, and nothing more comes", chunks, false, timeout},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := stored(t, open, "bucket")
			server := &fasthttp.Server{Handler: subresource(t, store), StreamRequestBody: true, ReadTimeout: 100 * time.Millisecond}
			c := connect(t, startTCP(t, server))
			_, err := io.WriteString(c.conn, strings.TrimSuffix(text("PUT", "/bucket?cors"), "\r\n")+tt.rest)
			require.NoError(t, err)
			if tt.close {
				require.NoError(t, c.conn.(*net.TCPConn).CloseWrite())
			}
			res, body, err := c.receive("PUT")
			require.NoError(t, err)
			require.Equal(t, 400, res.StatusCode)
			require.Equal(t, tt.want, body)
			require.True(t, res.Close)
			kept, err := store.GetCORS(t.Context(), "bucket")
			require.NoError(t, err)
			require.Equal(t, open, string(kept))
		})
	}
}

// TestAuthorizeMaySeeTheBody compares it with a hash, as for a signature.
func TestAuthorizeMaySeeTheBody(t *testing.T) {
	mismatch := &s3cors.Error{Status: 400, Code: "XAmzContentSHA256Mismatch", Message: "no match"}
	for _, streams := range []bool{false, true} {
		s := &corsfasthttp.Server{Store: &corsserver.MemoryStore{}, Authorize: func(ctx *fasthttp.RequestCtx, _ corsserver.Address) *s3cors.Error {
			if ctx.Request.IsBodyStream() {
				body, err := io.ReadAll(io.LimitReader(ctx.RequestBodyStream(), 1<<16+1))
				if err != nil {
					return corsserver.IncompleteBody()
				}
				ctx.Request.SetBodyRaw(body)
			}
			if string(ctx.Request.Body()) != document {
				return mismatch
			}
			return nil
		}}
		c := connect(t, start(t, &fasthttp.Server{Handler: s.Subresource(unreachable(t)), StreamRequestBody: streams}))
		res, body := c.send(put("/bucket?cors", []byte(open)))
		require.Equal(t, 400, res.StatusCode)
		require.Equal(t, string(mismatch.AppendXML(nil, s3cors.IDs{})), body)
		res, body = c.send(put("/bucket?cors", []byte(document)))
		require.Equal(t, 200, res.StatusCode, body)
		require.False(t, res.Close)
	}
}

func TestAuthorizeMayChangeTheRequest(t *testing.T) {
	store := stored(t, document, "bucket")
	s := &corsfasthttp.Server{Store: store, Authorize: func(ctx *fasthttp.RequestCtx, _ corsserver.Address) *s3cors.Error {
		ctx.Request.Header.SetMethod("PUT") // as long as GET
		ctx.Request.SetRequestURI("/other")
		return nil
	}}
	res, body := ask(t, s.Subresource(unreachable(t)), "GET", "/bucket?cors")
	require.Equal(t, 200, res.StatusCode)
	require.Equal(t, printed, body)
}

// TestTheAnswerFollowsTheOldRules shows 1.6/cors-headers-of-put and
// 7/configuration-in-force: a change counts from the next request on.
func TestTheAnswerFollowsTheOldRules(t *testing.T) {
	s := &corsfasthttp.Server{Store: &corsserver.MemoryStore{}, Authorize: allow, TTL: -1}
	c := connect(t, start(t, &fasthttp.Server{Handler: s.Handler(unreachable(t))}))
	fields := func(text string) http.Header {
		res, _ := c.send(text)
		return corsFields(res.Header)
	}
	get, remove := text("GET", "/bucket?cors", "Origin", origin), text("DELETE", "/bucket?cors", "Origin", origin)
	write := put("/bucket?cors", []byte(document), "Origin", origin)
	require.Empty(t, fields(get))
	require.Empty(t, fields(write))
	require.Empty(t, cmp.Diff(granted(), fields(get)))
	require.Empty(t, cmp.Diff(granted(), fields(put("/bucket?cors", []byte("refused"), "Origin", origin))), "errors have them as well")
	require.Empty(t, cmp.Diff(granted(), fields(remove)))
	require.Empty(t, fields(get))
}
