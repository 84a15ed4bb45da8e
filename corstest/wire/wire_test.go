package wire_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/corstest/wire"
)

// patience is the time for an exchange that a test expects to come to its end.
const patience = time.Minute

// impatience is the time for an exchange that a test expects not to.
const impatience = 150 * time.Millisecond

// serve runs a server that treats each of its connections with a function, which is
// told how many there were before. It returns the address.
func serve(t *testing.T, treat func(n int, c net.Conn)) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx := t.Context()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			stop := context.AfterFunc(ctx, func() { c.Close() })
			go func() {
				defer stop()
				defer c.Close()
				treat(n, c)
			}()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-ended
	})
	return "http://" + listener.Addr().String()
}

// readRequest reads a request up to the end of its fields.
func readRequest(r *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		b.WriteString(line)
		if err != nil || line == "\r\n" {
			return b.String()
		}
	}
}

// answering returns what treats a connection with one answer, and closes it.
func answering(text string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		readRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, text)
	}
}

func endpoint(t *testing.T, address string, options wire.Options) *wire.Endpoint {
	t.Helper()
	e, err := wire.New(address, options)
	require.NoError(t, err)
	t.Cleanup(e.Close)
	return e
}

func get(t *testing.T, address string, timeout time.Duration) (*conformance.Response, error) {
	t.Helper()
	return endpoint(t, address, wire.Options{Timeout: timeout}).Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
}

func TestAnAnswerIsReadAsItCame(t *testing.T) {
	for _, row := range []struct {
		name   string
		method string
		answer string
		want   conformance.Response
	}{
		{
			name:   "names and order of fields stay, and several lines of one name",
			answer: "HTTP/1.1 200 OK\r\nvary: b\r\nX-Z:  1 \t\r\nVARY: a\r\nContent-Length: 2\r\n\r\nhi",
			want: conformance.Response{
				Status:  200,
				Headers: []vectors.Pair{{"vary", "b"}, {"X-Z", "1"}, {"VARY", "a"}, {"Content-Length", "2"}},
				Body:    []byte("hi"),
			},
		},
		{
			name:   "answers that are only interim are skipped",
			answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
			want:   conformance.Response{Status: 403, Headers: []vectors.Pair{{"Content-Length", "0"}}, Body: []byte{}},
		},
		{
			name:   "HTTP/1.0 ends with the connection",
			answer: "HTTP/1.0 200 OK\r\nA: b\r\n\r\nall of it",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"A", "b"}}, Body: []byte("all of it")},
		},
		{
			name:   "chunks are put together, and a trailer is no header",
			answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nVary: no\r\n\r\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"Transfer-Encoding", "Chunked"}}, Body: []byte("abcd")},
		},
		{
			name:   "a coding that is not chunked ends with the connection",
			answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nabc",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"Transfer-Encoding", "identity"}}, Body: []byte("abc")},
		},
		{
			name:   "the answer to HEAD has no body, whatever its length",
			method: "HEAD",
			answer: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"Content-Length", "5"}}, Body: []byte{}},
		},
		{
			name:   "nor has 204",
			answer: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
			want:   conformance.Response{Status: 204, Headers: []vectors.Pair{{"Transfer-Encoding", "chunked"}}, Body: []byte{}},
		},
		{
			name:   "nor has 304",
			answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
			want:   conformance.Response{Status: 304, Headers: []vectors.Pair{{"Content-Length", "9"}}, Body: []byte{}},
		},
		{
			name:   "lines may end with a line feed alone, and a status line with the status",
			answer: "HTTP/1.1 200\nA: b\nContent-Length: 0\n\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"A", "b"}, {"Content-Length", "0"}}, Body: []byte{}},
		},
		{
			name:   "a line that goes on in the next is one",
			answer: "HTTP/1.1 200 OK\r\nA: b\r\n\t c\r\nE:\r\n f\r\nContent-Length: 0\r\n\r\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"A", "b c"}, {"E", "f"}, {"Content-Length", "0"}}, Body: []byte{}},
		},
		{
			name:   "a name keeps the space behind it, and a value its bytes",
			answer: "HTTP/1.1 200 OK\r\nVary : \xff\v\r\nEmpty:\r\nContent-Length: 0, 0\r\n\r\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"Vary ", "\xff\v"}, {"Empty", ""}, {"Content-Length", "0, 0"}}, Body: []byte{}},
		},
		{
			name:   "a status that nobody has given a meaning is one",
			answer: "HTTP/1.1 999 What\r\nContent-Length: 0\r\n\r\n",
			want:   conformance.Response{Status: 999, Headers: []vectors.Pair{{"Content-Length", "0"}}, Body: []byte{}},
		},
		{
			name:   "what stands behind an answer is not part of it",
			answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{{"Content-Length", "1"}}, Body: []byte("a")},
		},
		{
			name:   "without fields it has none",
			answer: "HTTP/1.1 200 OK\r\n\r\n",
			want:   conformance.Response{Status: 200, Headers: []vectors.Pair{}, Body: []byte{}},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := endpoint(t, serve(t, answering(row.answer)), wire.Options{Timeout: patience})
			got, err := e.Do(t.Context(), &conformance.Request{Method: cmpOr(row.method, "GET"), Bucket: "b"})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(&row.want, got))
		})
	}
}

func cmpOr(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func TestAServerThatMisbehavesIsToldInAFewWords(t *testing.T) {
	for _, row := range []struct {
		name  string
		treat func(int, net.Conn)
		want  string
	}{
		{
			name:  "it closes at once",
			treat: func(int, net.Conn) {},
			want:  "it hung up before the answer",
		},
		{
			name:  "it closes instead of an answer",
			treat: answering(""),
			want:  "it hung up before the answer",
		},
		{
			name: "it resets the connection",
			treat: func(_ int, c net.Conn) {
				readRequest(bufio.NewReader(c))
				_ = c.(*net.TCPConn).SetLinger(0)
			},
			want: "it hung up before the answer",
		},
		{
			name:  "it closes within the status line",
			treat: answering("HTTP/1.1 2"),
			want:  "it hung up within its answer",
		},
		{
			name:  "it closes within the header",
			treat: answering("HTTP/1.1 200 OK\r\nVar"),
			want:  "it hung up within its answer",
		},
		{
			name:  "it closes behind an interim answer",
			treat: answering("HTTP/1.1 100 Continue\r\n\r\n"),
			want:  "it hung up within its answer",
		},
		{
			name:  "its body is shorter than its length",
			treat: answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
			want:  "it hung up within its answer: 3 of 10 bytes of its body came",
		},
		{
			name:  "it closes within a chunk",
			treat: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"),
			want:  "it hung up within its answer",
		},
		{
			name:  "it closes before the last chunk",
			treat: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
			want:  "it hung up within its answer",
		},
		{
			name:  "a chunk has no length",
			treat: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n"),
			want:  "it does not speak HTTP: invalid byte in chunk length",
		},
		{
			name:  "a chunk is longer than its length",
			treat: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n"),
			want:  "it does not speak HTTP: malformed chunked encoding",
		},
		{
			name:  "a chunk is longer than anything",
			treat: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffffff\r\n"),
			want:  "it does not speak HTTP: http chunk length too large",
		},
		{
			name:  "its length is no number",
			treat: answering("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
			want:  `it does not speak HTTP: its Content-Length is "-1"`,
		},
		{
			name:  "it has two lengths",
			treat: answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\nab"),
			want:  `it does not speak HTTP: it says Content-Length "1" and "2"`,
		},
		{
			name:  "it speaks something else",
			treat: answering("SSH-2.0-OpenSSH_9.2\r\n"),
			want:  `it does not speak HTTP: it sent "SSH-2.0-OpenSSH_9.2"`,
		},
		{
			name:  "it sends bytes that do not print",
			treat: answering("\x00\x1b[2J\xff" + strings.Repeat("é", 100)),
			want:  `it does not speak HTTP: it sent "\x00\x1b[2J\xff` + strings.Repeat(`\u00e9`, 17) + `"…`,
		},
		{
			name:  "it sends the body of HTTP/0.9",
			treat: answering("<html>"),
			want:  `it does not speak HTTP: it sent "<html>"`,
		},
		{
			name:  "its status is no number",
			treat: answering("HTTP/1.1 OK\r\n\r\n"),
			want:  `it does not speak HTTP: it sent "HTTP/1.1 OK"`,
		},
		{
			name:  "its version is another",
			treat: answering("HTTP/2 200\r\n\r\n"),
			want:  `it does not speak HTTP: it sent "HTTP/2 200"`,
		},
		{
			name:  "a line of its header is no field",
			treat: answering("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
			want:  `it does not speak HTTP: a line of its header is "no colon"`,
		},
		{
			name:  "a field has no name",
			treat: answering("HTTP/1.1 200 OK\r\n: x\r\n\r\n"),
			want:  `it does not speak HTTP: a line of its header is ": x"`,
		},
		{
			name:  "the first line of its header goes on from nothing",
			treat: answering("HTTP/1.1 200 OK\r\n x\r\n\r\n"),
			want:  `it does not speak HTTP: a line of its header is " x"`,
		},
		{
			name:  "its header has no end",
			treat: endless("HTTP/1.1 200 OK\r\n", "A: b\r\n"),
			want:  "its header is longer than 262144 bytes",
		},
		{
			name:  "a line of its header has no end",
			treat: endless("HTTP/1.1 200 OK\r\nA: ", "b"),
			want:  "its header is longer than 262144 bytes",
		},
		{
			name:  "its trailer has no end",
			treat: endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"),
			want:  "its header is longer than 262144 bytes",
		},
		{
			name:  "its first line has no end",
			treat: endless("", "abcdefgh"),
			want:  `it does not speak HTTP: it sent "abcdefghabcdefghabcdefghabcdefghabcdefgh"…`,
		},
		{
			name:  "its body has no end",
			treat: endless("HTTP/1.1 200 OK\r\n\r\n", "abcdefgh"),
			want:  "its body is longer than 8388608 bytes",
		},
		{
			name:  "its chunks have no end",
			treat: endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "400\r\n"+strings.Repeat("x", 0x400)+"\r\n"),
			want:  "its body is longer than 8388608 bytes",
		},
		{
			name:  "it announces a body beyond all bounds",
			treat: answering("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n"),
			want:  "its body is longer than 8388608 bytes",
		},
		{
			name:  "it never comes to the answer",
			treat: endless("", "HTTP/1.1 102 Processing\r\n\r\n"),
			want:  "it sent 16 interim answers and no answer",
		},
		{
			name:  "it begins a handshake of TLS",
			treat: answering("\x16\x03\x01\x00\x05hello"),
			want:  "it speaks TLS on this port: use https://",
		},
		{
			name:  "it sends an alert of TLS",
			treat: answering("\x15\x03\x01\x00\x02\x02\x46"),
			want:  "it speaks TLS on this port: use https://",
		},
		{
			name:  "it says as nginx does that it speaks TLS",
			treat: answering("HTTP/1.1 400 Bad Request\r\n\r\n<center>The plain HTTP request was sent to HTTPS port</center>"),
			want:  "it speaks TLS on this port: use https://",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			res, err := get(t, serve(t, row.treat), patience)
			require.EqualError(t, err, row.want)
			require.Nil(t, res)
		})
	}
}

// endless sends a text again and again, behind another.
func endless(first, again string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		readRequest(bufio.NewReader(c))
		block := []byte(strings.Repeat(again, 1+4096/len(again)))
		_, err := io.WriteString(c, first)
		for err == nil {
			_, err = c.Write(block)
		}
	}
}

// silent sends a text, and nothing more.
func silent(text string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		_, _ = io.WriteString(c, text)
		_, _ = io.Copy(io.Discard, c) // until the client hangs up
	}
}

// slow sends a text again and again, byte by byte.
func slow(text string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		for i, err := 0, error(nil); err == nil; i++ {
			_, err = c.Write([]byte{text[i%len(text)]})
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func TestAServerThatIsSlowIsNotWaitedFor(t *testing.T) {
	for _, row := range []struct {
		name  string
		treat func(int, net.Conn)
		want  string
	}{
		{"it says nothing", silent(""), "it kept silent for 150ms"},
		{"it says half a status line", silent("HTTP/1."), "its answer took longer than 150ms"},
		{"it says half of what is no status line", silent("EHLO "), `it does not speak HTTP: it sent "EHLO "`},
		{"it says half a header", silent("HTTP/1.1 200 OK\r\nA: b\r\n"), "its answer took longer than 150ms"},
		{"it says that there is more to come", silent("HTTP/1.1 100 Continue\r\n\r\n"), "its answer took longer than 150ms"},
		{"it says half a body", silent("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab"), "its answer took longer than 150ms: 2 of 4 bytes of its body came"},
		{"it says a body without an end", silent("HTTP/1.1 200 OK\r\n\r\nab"), "its answer took longer than 150ms"},
		{"it says half a chunk", silent("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab"), "its answer took longer than 150ms"},
		{"it sends a byte now and then", slow("HTTP/1.1 200 OK\r\nA: " + strings.Repeat("b", 1<<20)), "its answer took longer than 150ms"},
	} {
		t.Run(row.name, func(t *testing.T) {
			res, err := get(t, serve(t, row.treat), impatience)
			require.EqualError(t, err, row.want)
			require.Nil(t, res)
		})
	}
}

func TestAServerThatAnswersBeforeItHasReadAllIsHeard(t *testing.T) {
	ended := make(chan struct{})
	defer close(ended)
	address := serve(t, func(_ int, c net.Conn) {
		readRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
		<-ended
	})
	begin := time.Now()
	res, err := endpoint(t, address, wire.Options{Timeout: patience}).Do(t.Context(), &conformance.Request{
		Method: "PUT", Bucket: "b", Query: "cors", Body: bytes.Repeat([]byte("x"), 16<<20),
	})
	require.NoError(t, err)
	require.Equal(t, 413, res.Status)
	require.Equal(t, "no", string(res.Body))
	require.Less(t, time.Since(begin), patience/2, "it waited until it could send all")
}

func TestAnExchangeEndsWhenItsCallerSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address := serve(t, func(_ int, c net.Conn) {
		readRequest(bufio.NewReader(c))
		cancel()
		_, _ = io.Copy(io.Discard, c)
	})
	_, err := endpoint(t, address, wire.Options{Timeout: patience}).Do(ctx, &conformance.Request{Method: "GET"})
	require.Equal(t, context.Canceled, err)
	_, err = endpoint(t, address, wire.Options{Timeout: patience}).Do(ctx, &conformance.Request{Method: "GET"})
	require.Equal(t, context.Canceled, err)
}

// keeping treats each connection with these answers, one for each request, and then
// closes it. It counts the connections.
func keeping(count *atomic.Int32, answers ...string) func(int, net.Conn) {
	return func(_ int, c net.Conn) {
		count.Add(1)
		input := bufio.NewReader(c)
		for _, answer := range answers {
			if readRequest(input) == "" {
				return
			}
			_, _ = io.WriteString(c, answer)
		}
	}
}

const empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

func TestAConnectionServesSeveralExchanges(t *testing.T) {
	for _, row := range []struct {
		name    string
		answers []string // of each connection
		want    int32    // connections, for six exchanges
	}{
		{"six answers come over one connection", []string{empty, empty, empty, empty, empty, empty}, 1},
		{"a server that closes after two gets a new one each time", []string{empty, empty}, 3},
		{"one that says so beforehand does, too", []string{empty, "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", empty}, 3},
		{"HTTP/1.0 is over with the answer", []string{"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", empty}, 6},
		{
			"unless it says otherwise", []string{
				"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
				"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
			}, 3,
		},
		{"a second answer to one request ends the connection", []string{empty + "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", empty}, 6},
		{"bytes behind an answer end the connection", []string{"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nbody", empty}, 6},
		{"a body without a length does, too", []string{"HTTP/1.1 200 OK\r\n\r\n"}, 6},
	} {
		t.Run(row.name, func(t *testing.T) {
			var count atomic.Int32
			e := endpoint(t, serve(t, keeping(&count, row.answers...)), wire.Options{Timeout: patience})
			for range 6 {
				res, err := e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
				require.NoError(t, err)
				require.Equal(t, 200, res.Status)
			}
			require.Equal(t, row.want, count.Load())
		})
	}
}

func TestTheRestOfAnAnswerIsNotTakenForTheNext(t *testing.T) {
	const late = "a body that HEAD must not have"
	address := serve(t, func(n int, c net.Conn) {
		input := bufio.NewReader(c)
		readRequest(input)
		_, _ = io.WriteString(c, empty)
		if n == 0 {
			time.Sleep(20 * time.Millisecond) // so that it comes apart from the answer
			_, _ = io.WriteString(c, late)
		}
		readRequest(input)
		_, _ = io.WriteString(c, empty)
	})
	e := endpoint(t, address, wire.Options{Timeout: patience})
	for _, pause := range []time.Duration{0, 0, 60 * time.Millisecond, 0} {
		time.Sleep(pause)
		res, err := e.Do(t.Context(), &conformance.Request{Method: "HEAD", Bucket: "b"})
		require.NoError(t, err)
		require.Equal(t, 200, res.Status)
	}
}

func TestAnAnswerThatHasBegunIsNotAskedForAgain(t *testing.T) {
	var count atomic.Int32
	e := endpoint(t, serve(t, keeping(&count, empty, "HTTP/1.1 200 OK\r\nContent-Len")), wire.Options{Timeout: patience})
	_, err := e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
	require.NoError(t, err)
	_, err = e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
	require.EqualError(t, err, "it hung up within its answer")
	require.EqualValues(t, 1, count.Load())
}

func TestARequestIsSentAgainOnlyOnce(t *testing.T) {
	var count atomic.Int32
	address := serve(t, func(n int, c net.Conn) {
		count.Add(1)
		input := bufio.NewReader(c)
		readRequest(input)
		if n == 0 {
			_, _ = io.WriteString(c, empty)
			readRequest(input)
		}
	})
	e := endpoint(t, address, wire.Options{Timeout: patience})
	_, err := e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
	require.NoError(t, err)
	_, err = e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
	require.EqualError(t, err, "it hung up before the answer")
	require.EqualValues(t, 2, count.Load())
}

func TestTLS(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Proto, " ", r.Host)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	host := strings.TrimPrefix(server.URL, "https://")

	t.Run("any certificate will do if that is wanted", func(t *testing.T) {
		e := endpoint(t, server.URL, wire.Options{Insecure: true, Timeout: patience, VirtualHosted: true})
		for range 2 {
			res, err := e.Do(t.Context(), &conformance.Request{Method: "GET", Bucket: "b"})
			require.NoError(t, err)
			require.Equal(t, "HTTP/1.1 b."+host, string(res.Body))
		}
	})
	t.Run("a certificate must be trusted otherwise", func(t *testing.T) {
		_, err := get(t, server.URL, patience)
		var untrusted x509.UnknownAuthorityError
		require.ErrorAs(t, err, &untrusted)
		require.EqualError(t, err, "its certificate is not accepted: x509: certificate signed by unknown authority")
	})
	t.Run("a server of TLS says so to who speaks HTTP", func(t *testing.T) {
		_, err := get(t, "http://"+host, patience)
		require.EqualError(t, err, "it speaks TLS on this port: use https://")
	})
	t.Run("a server of TLS that says nothing to who speaks HTTP is found out", func(t *testing.T) {
		address := serve(t, func(_ int, c net.Conn) {
			first := make([]byte, 1)
			_, _ = io.ReadFull(c, first)
			if first[0] != 0x16 { // a handshake
				return
			}
			_ = tls.Server(&begun{Conn: c, first: first}, server.TLS).Handshake()
		})
		_, err := get(t, address, patience)
		require.EqualError(t, err, "it speaks TLS on this port: use https://")
	})
	t.Run("a server of HTTP says so to who speaks TLS", func(t *testing.T) {
		plain := httptest.NewServer(http.NotFoundHandler())
		defer plain.Close()
		_, err := get(t, strings.Replace(plain.URL, "http:", "https:", 1), patience)
		require.EqualError(t, err, "it does not speak TLS on this port: use http://")
	})
	t.Run("what a server objects to is told", func(t *testing.T) {
		picky := httptest.NewUnstartedServer(http.NotFoundHandler())
		picky.Config.ErrorLog = log.New(io.Discard, "", 0)
		picky.TLS = &tls.Config{NextProtos: []string{"h3"}}
		picky.StartTLS()
		defer picky.Close()
		_, err := get(t, picky.URL, patience)
		require.EqualError(t, err, "there is no TLS with it: remote error: tls: no application protocol")
	})
	t.Run("a server may hang up", func(t *testing.T) {
		_, err := get(t, secure(serve(t, func(int, net.Conn) {})), patience)
		require.EqualError(t, err, "it hung up within the handshake of TLS")
	})
	t.Run("a server may keep silent", func(t *testing.T) {
		_, err := get(t, secure(serve(t, silent(""))), impatience)
		require.EqualError(t, err, "it did not finish the handshake of TLS in 150ms")
	})
}

// A begun is a connection of which the first byte is read already.
type begun struct {
	net.Conn
	first []byte
}

func (b *begun) Read(p []byte) (int, error) {
	n := copy(p, b.first)
	b.first = b.first[n:]
	if n > 0 {
		return n, nil
	}
	return b.Conn.Read(p)
}

func secure(address string) string { return strings.Replace(address, "http:", "https:", 1) }

func TestAServerThatIsNotThere(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	_, err = get(t, "http://"+address, patience)
	require.EqualError(t, err, "no connection to "+address+": connection refused")

	_, err = get(t, "http://no-such-host.invalid:9000", patience)
	require.ErrorContains(t, err, `the host "no-such-host.invalid" does not resolve: `)
}

func TestAnAddressThatIsNone(t *testing.T) {
	for address, want := range map[string]string{
		"":                          `"" is no address of a server: it must begin with http:// or https://`,
		"localhost:9000":            `"localhost:9000" is no address of a server: it must begin with http:// or https://`,
		"127.0.0.1:9000":            `"127.0.0.1:9000" is no address of a server: it must begin with http:// or https://`,
		"ftp://h":                   `"ftp://h" is no address of a server: it must begin with http:// or https://`,
		"http://":                   `"http://" is no address of a server: it names no host`,
		"http://:9000":              `"http://:9000" is no address of a server: it names no host`,
		"http://h:port":             `"http://h:port" is no address of a server: invalid port ":port" after host`,
		"http://me:secret@h":        `"http://me:xxxxx@h" is no address of a server: credentials do not belong into it`,
		"http://h/?cors":            `"http://h/?cors" is no address of a server: it must end with the path`,
		"http://h/#a":               `"http://h/#a" is no address of a server: it must end with the path`,
		"http://h/\x7f":             `"http://h/\x7f" is no address of a server: net/url: invalid control character in URL`,
		"https://[::1":              `"https://[::1" is no address of a server: missing ']' in host`,
		"http://a b/":               `"http://a b/" is no address of a server: invalid character " " in host name`,
		"http://s3.example.com/%zz": `"http://s3.example.com/%zz" is no address of a server: invalid URL escape "%zz"`,
	} {
		_, err := wire.New(address, wire.Options{})
		require.EqualError(t, err, want)
	}
}
