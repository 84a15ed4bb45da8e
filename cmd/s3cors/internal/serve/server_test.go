package serve_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/serve"
)

const address = "127.0.0.1:8137"

// asked is a request to the server, as its page makes it, with some headers otherwise;
// "" takes a header away.
func asked(method, path, body string, headers map[string]string) *http.Request {
	r := httptest.NewRequest(method, "http://"+address+path, strings.NewReader(body))
	r.Header.Set("Origin", "http://"+address)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		switch {
		case name == "Host":
			r.Host = value
		case value == "":
			r.Header.Del(name)
		default:
			r.Header.Set(name, value)
		}
	}
	return r
}

func answer(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	serve.Handler(address).ServeHTTP(w, r)
	return w
}

func TestOnlyThePageItselfIsAnswered(t *testing.T) {
	for _, c := range []struct {
		name    string
		headers map[string]string
		status  int
	}{
		{"the page", nil, 200},
		{"the page by the name of the machine", map[string]string{"Host": "localhost:8137", "Origin": "http://localhost:8137"}, 200},
		{"a program", map[string]string{"Origin": "", "Sec-Fetch-Site": ""}, 200},
		{"a name that leads here (DNS rebinding)", map[string]string{"Host": "rebound.example:8137", "Origin": "http://rebound.example:8137"}, 421},
		{"a name that leads here, of a program", map[string]string{"Host": "rebound.example:8137", "Origin": "", "Sec-Fetch-Site": ""}, 421},
		{"another port", map[string]string{"Host": "127.0.0.1:8138"}, 421},
		{"no port", map[string]string{"Host": "127.0.0.1"}, 421},
		{"another name of loopback", map[string]string{"Host": "127.0.0.2:8137"}, 421},
		{"a name that ends alike", map[string]string{"Host": "x.localhost:8137"}, 421},
		{"no name", map[string]string{"Host": ""}, 421},
		{"another page", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403},
		{"another page, of an old browser", map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": ""}, 403},
		{"a page of another port of this machine", map[string]string{"Origin": "http://127.0.0.1:3000", "Sec-Fetch-Site": "same-site"}, 403},
		{"a page of https", map[string]string{"Origin": "https://127.0.0.1:8137"}, 403},
		{"a sandboxed frame", map[string]string{"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403},
		{"a page that hides its origin", map[string]string{"Origin": "", "Sec-Fetch-Site": "cross-site"}, 403},
		{"a page by another name of this one", map[string]string{"Origin": "http://localhost:8137"}, 403},
	} {
		w := answer(asked("POST", "/call/options", "{}", c.headers))
		require.Equal(t, c.status, w.Code, c.name)
		require.Equal(t, c.status == 200, strings.Contains(w.Body.String(), `"formats"`), c.name)
		require.Empty(t, w.Header().Get("Access-Control-Allow-Origin"), c.name)
	}
	two := asked("POST", "/call/options", "{}", nil)
	two.Header.Add("Origin", "https://evil.example")
	require.Equal(t, 403, answer(two).Code)
}

func TestWhoFollowsALinkGetsThePageAndNobodyElseItsParts(t *testing.T) {
	link := map[string]string{"Origin": "", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
	require.Equal(t, 200, answer(asked("GET", "/", "", link)).Code)
	link["Sec-Fetch-Dest"] = "iframe"
	require.Equal(t, 403, answer(asked("GET", "/", "", link)).Code)
	require.Equal(t, 403, answer(asked("GET", "/main.js", "", map[string]string{"Origin": "", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"})).Code)
	link["Sec-Fetch-Dest"] = "document"
	require.Equal(t, 403, answer(asked("POST", "/call/options", "{}", link)).Code)
}

func TestEveryAnswerIsLockedDown(t *testing.T) {
	for _, r := range []*http.Request{
		asked("GET", "/", "", nil), asked("GET", "/main.js", "", nil), asked("GET", "/nothing", "", nil),
		asked("POST", "/call/options", "{}", nil), asked("POST", "/call/options", "{}", map[string]string{"Host": "x"}),
	} {
		w := answer(r)
		h := w.Header()
		require.Equal(t, "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "+
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'", h.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "no-referrer", h.Get("Referrer-Policy"))
		require.Equal(t, "same-origin", h.Get("Cross-Origin-Resource-Policy"))
		if w.Code != 404 { // for which package net/http takes it away
			require.Equal(t, "no-store", h.Get("Cache-Control"))
		}
	}
}

func TestWhatACallMayBe(t *testing.T) {
	for _, c := range []struct {
		name, method, path, body, media string
		status                          int
		says                            string
	}{
		{"a call", "POST", "/call/options", "{}", "application/json; charset=utf-8", 200, `{"formats":[{"name":"xml","title":"S3's XML"},`},
		{"a form", "POST", "/call/options", "{}", "text/plain", 415, "the input of a call is application/json\n"},
		{"no type", "POST", "/call/options", "{}", "", 415, "the input of a call is application/json\n"},
		{"a call that there is not", "POST", "/call/nothing", "{}", "application/json", 404, "there is no such call\n"},
		{"a name with a path in it", "POST", "/call/a/b", "{}", "application/json", 405, ""},
		{"another method", "PUT", "/call/options", "{}", "application/json", 405, ""},
		{"a preflight", "OPTIONS", "/call/options", "", "application/json", 405, ""},
		{"a link", "GET", "/call/options", "", "application/json", 404, ""},
		{"no JSON", "POST", "/call/options", "{", "application/json", 422, "the input of the call cannot be read: unexpected EOF\n"},
		{"another member", "POST", "/call/options", `{"a":1}`, "application/json", 422, "the input of the call cannot be read: json: unknown field \"a\"\n"},
		{"too much", "POST", "/call/options", `{"a":"` + strings.Repeat("a", 16<<20) + `"}`, "application/json", 413, "the text is too long: 16 MiB are read\n"},
	} {
		w := answer(asked(c.method, c.path, c.body, map[string]string{"Content-Type": c.media}))
		require.Equal(t, c.status, w.Code, c.name)
		require.True(t, strings.HasPrefix(w.Body.String(), c.says), "%s: %s", c.name, w.Body)
	}
}

func TestThePageNeedsNothingFromElsewhere(t *testing.T) {
	files := 0
	require.NoError(t, fs.WalkDir(serve.Assets(), ".", func(name string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		if entry.IsDir() {
			return nil
		}
		files++
		text, err := fs.ReadFile(serve.Assets(), name)
		require.NoError(t, err)
		for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "style=", "onclick=\"", "@import", "<script>"} {
			require.False(t, bytes.Contains(text, []byte(word)), "%s has %s", name, word)
		}
		for _, tag := range []string{`src="http`, `href="http`, `from 'http`, `url(http`, `fetch('http`} {
			require.False(t, bytes.Contains(text, []byte(tag)), "%s has %s", name, tag)
		}
		return nil
	}))
	require.Equal(t, 12, files)
}

func TestThePageWithoutAServerIsThePageWithOtherCalls(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, serve.WriteStatic(folder))
	written := os.DirFS(folder)
	names, err := fs.Glob(written, "*")
	require.NoError(t, err)
	require.Len(t, names, 13)
	for _, name := range names {
		got, err := fs.ReadFile(written, name)
		require.NoError(t, err)
		page, err := fs.ReadFile(serve.Assets(), name)
		switch name {
		case "worker.js":
			require.ErrorIs(t, err, fs.ErrNotExist)
		case "transport.js":
			require.NoError(t, err)
			require.NotEqual(t, string(page), string(got))
			require.Contains(t, string(got), "new Worker(")
		case "index.html":
			require.Equal(t, string(page), strings.Replace(string(got), `<meta http-equiv="Content-Security-Policy" content="`+serve.StaticPolicy+"\">\n", "", 1))
			require.NotEqual(t, string(page), string(got))
		default:
			require.NoError(t, err)
			require.Equal(t, string(page), string(got), name)
		}
	}
	require.Contains(t, serve.StaticPolicy, "script-src 'self' 'wasm-unsafe-eval';")
}

func TestItListensOnLoopbackAlone(t *testing.T) {
	for address, want := range map[string]string{
		"0.0.0.0:0":     "the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0",
		":0":            "the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0",
		"192.0.2.1:0":   "the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0",
		"example.com:0": "the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0",
		"127.0.0.1":     "address 127.0.0.1: missing port in address",
	} {
		_, err := serve.Listen(address)
		require.EqualError(t, err, want)
	}
	listener, err := serve.Listen("localhost:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
}

func TestTheServerHasLimits(t *testing.T) {
	listener, err := serve.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	server := serve.New(listener)
	require.Equal(t, []time.Duration{5 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute},
		[]time.Duration{server.ReadHeaderTimeout, server.ReadTimeout, server.WriteTimeout, server.IdleTimeout})
	require.Equal(t, 16<<10, server.MaxHeaderBytes)
}

// A client that sends a part of its request and stops is not waited for.
func TestAClientThatStopsIsLetGo(t *testing.T) {
	for _, part := range []string{"POST /call/options HTTP/1.1\r\nHo", "POST /call/options HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"} {
		listener, err := serve.Listen("127.0.0.1:0")
		require.NoError(t, err)
		server := serve.New(listener)
		server.ReadHeaderTimeout, server.ReadTimeout = 50*time.Millisecond, 50*time.Millisecond
		ended := make(chan error, 1)
		go func() { ended <- server.Serve(listener) }()
		conn, err := net.Dial("tcp", listener.Addr().String())
		require.NoError(t, err)
		_, err = conn.Write([]byte(strings.ReplaceAll(part, "HOST", listener.Addr().String())))
		require.NoError(t, err)
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
		answer, err := io.ReadAll(conn) // which ends, since the server closes the connection
		require.NoError(t, err)
		require.NotContains(t, string(answer), "200 OK")
		require.NoError(t, conn.Close())
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	}
}

func TestACallThatNobodyWaitsForIsNotAnswered(t *testing.T) {
	r := asked("POST", "/call/options", "{}", nil)
	ctx, cancel := context.WithCancel(r.Context())
	cancel()
	w := answer(r.WithContext(ctx))
	require.Empty(t, w.Body.String())
}

// A program for the browser can be built on the view model, which has no server in it.
func TestTheViewModelKnowsNoHTTP(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "github.com/s3cors/s3cors/cmd/s3cors/internal/page").Output()
	require.NoError(t, err)
	require.Contains(t, string(out), "github.com/s3cors/s3cors/explain\n")
	for _, name := range []string{"net/http", "os/exec", "os/signal", "crypto/tls"} {
		require.NotContains(t, string(out), "\n"+name+"\n")
	}
}
