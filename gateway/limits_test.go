package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// short is how long clients may do nothing, where a test has one that does
// nothing.
const short = 100 * time.Millisecond

// dial connects to the server, for a while.
func (s server) dial(t *testing.T) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	require.NoError(t, connection.SetDeadline(time.Now().Add(patience)))
	return connection
}

// raw sends text and returns what comes back until the server closes, or has
// sent the whole of one response.
func (s server) raw(t *testing.T, text string) string {
	t.Helper()
	connection := s.dial(t)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		_, _ = io.WriteString(connection, text) // the server may refuse to read it all
	}()
	reply := readResponse(t, connection)
	_ = connection.Close()
	<-sent
	return reply
}

// readResponse reads up to the end of an error's body, or to the end of all.
func readResponse(t *testing.T, r io.Reader) string {
	t.Helper()
	var reply bytes.Buffer
	b := make([]byte, 4096)
	for !bytes.HasSuffix(reply.Bytes(), []byte("</Error>")) {
		n, err := r.Read(b)
		reply.Write(b[:n])
		if err != nil {
			break
		}
	}
	return reply.String()
}

// section returns a request whose header section, the field lines with their line
// ends, has that many bytes.
func section(requestLine string, size int) string {
	lines := "Host: localhost\r\nConnection: close\r\nX-Padding: "
	return requestLine + "\r\n" + lines + strings.Repeat("x", size-len(lines)-len("\r\n")) + "\r\n\r\n"
}

func TestHeadersOver8KiBAreRefusedAsByS3(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	for _, line := range []string{"GET /demo/key HTTP/1.1", "PUT /demo?cors HTTP/1.1", "OPTIONS /demo/key HTTP/1.1", "OPTIONS * HTTP/1.1"} {
		for _, size := range []int{8193, 100_000, 1 << 20} {
			reply := s.raw(t, section(line, size))
			require.True(t, strings.HasPrefix(reply, "HTTP/1.1 400 Bad Request\r\n"), "%.100s", reply)
			require.Contains(t, reply, "<Error><Code>RequestHeaderSectionTooLarge</Code>"+
				"<Message>Your request header section exceeds the maximum allowed size.</Message>"+
				"<MaxSizeAllowed>8192</MaxSizeAllowed><RequestId>")
		}
	}
	reply := s.raw(t, section("GET /demo/key HTTP/1.1", 8192))
	require.True(t, strings.HasPrefix(reply, "HTTP/1.1 200 OK\r\n"), "%.100s", reply)
}

func TestHeadersOver1MiBAreNotEvenRead(t *testing.T) {
	s := newBuckets(t, "")
	reply := s.raw(t, section("GET /demo/key HTTP/1.1", 2<<20))
	require.True(t, strings.HasPrefix(reply, "HTTP/1.1 431 Request Header Fields Too Large\r\n"), "%.100s", reply)
	s.require(t, 404, "GET", "/demo/key", nil, "")
}

func TestTheSumOfHeaderLinesCounts(t *testing.T) {
	s := newBuckets(t, "")
	var f fields
	for i := range 400 {
		f = append(f, fmt.Sprintf("X-Field-%d", i), "ten bytes.")
	}
	s.requireError(t, 400, "RequestHeaderSectionTooLarge", "GET", "/demo/key", f, "")
}

func TestDocumentsThatAreTooLargeAreRefused(t *testing.T) {
	s := newBuckets(t, "")
	s.putCORS(t, "demo", "https://a.test")
	padded := func(size int) string {
		d := document("https://b.test")
		return strings.Repeat(" ", size-len(d)) + d
	}
	s.requireError(t, 400, "MaxMessageLengthExceeded", "PUT", "/demo?cors", contentMD5(padded(65537)), padded(65537))
	s.requireError(t, 400, "MaxMessageLengthExceeded", "PUT", "/demo?cors", nil, strings.Repeat("x", 10<<20))
	// The length is not known beforehand.
	response, content := s.send(t, "PUT", "/demo?cors", nil, io.MultiReader(strings.NewReader(padded(65537))))
	require.Equal(t, 400, response.StatusCode)
	require.Contains(t, content, "<Code>MaxMessageLengthExceeded</Code>")
	require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))

	s.require(t, 200, "PUT", "/demo?cors", contentMD5(padded(65536)), padded(65536))
	require.Equal(t, printed("https://b.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
}

func TestSlowBodiesAreGivenUp(t *testing.T) {
	s := newTestServer(t, "", short)
	s.require(t, 200, "PUT", "/demo", nil, "")
	s.putCORS(t, "demo", "https://a.test")
	upload := s.begin(t, "/demo/key")
	const boundary = "Content-Type: multipart/form-data; boundary=b\r\n"
	rows := []struct{ name, line, fields, body string }{
		{"a document", "PUT /demo?cors", "", "<CORS"},
		{"an object", "PUT /demo/key", "", "cont"},
		{"an object of which nothing comes", "PUT /demo/key", "", ""},
		{"an object in chunks", "PUT /demo/key", "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 7\r\n", "7\r\nco"},
		{"a chunk's first line", "PUT /demo/key", "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\nx-amz-decoded-content-length: 7\r\n", "7"},
		{"a part", "PUT " + upload + "&partNumber=1", "", "cont"},
		{"a list of parts", "POST " + upload, "", "<Complete"},
		{"a list of keys to delete", "POST /demo?delete", "", "<Delete><Obj"},
		{"a form without a file", "POST /demo", boundary, "--b\r\nContent-Disposition: form-data; name=key\r\n\r\nke"},
		{"a form's file", "POST /demo", boundary, "--b\r\nContent-Disposition: form-data; name=key\r\n\r\nkey\r\n" +
			"--b\r\nContent-Disposition: form-data; name=file\r\n\r\nco"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			reply := s.raw(t, row.line+" HTTP/1.1\r\nHost: localhost\r\n"+row.fields+"Content-Length: 1000\r\n\r\n"+row.body)
			require.True(t, strings.HasPrefix(reply, "HTTP/1.1 400 Bad Request\r\n"), "%q", reply)
			require.Contains(t, reply, "\r\nConnection: close\r\n")
			require.Contains(t, reply, "<Error><Code>RequestTimeout</Code><Message>Your socket connection to the server was not "+
				"read from or written to within the timeout period. Idle connections will be closed.</Message><RequestId>")
		})
	}
	require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
	s.require(t, 404, "GET", "/demo/key", nil, "")
}

// A document has a deadline as a whole: it is small.
func TestADocumentThatTricklesIsGivenUp(t *testing.T) {
	s := newTestServer(t, "", short)
	s.require(t, 200, "PUT", "/demo", nil, "")
	connection := s.dial(t)
	_, err := io.WriteString(connection, "PUT /demo?cors HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n")
	require.NoError(t, err)
	stop := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(short / 20):
				_, _ = connection.Write([]byte(" ")) // the server may have closed
			}
		}
	}()
	reply := readResponse(t, connection)
	close(stop)
	<-stopped
	require.True(t, strings.HasPrefix(reply, "HTTP/1.1 400 Bad Request\r\n"), "%q", reply)
	require.Contains(t, reply, "<Code>RequestTimeout</Code>")
}

// An object may come slowly, as long as it comes.
func TestAnObjectMayTakeItsTime(t *testing.T) {
	s := newTestServer(t, "", 20*short)
	s.require(t, 200, "PUT", "/demo", nil, "")
	connection := s.dial(t)
	_, err := io.WriteString(connection, "PUT /demo/key HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 30\r\n\r\n")
	require.NoError(t, err)
	for range 30 { // longer than 20*short in all
		time.Sleep(short)
		_, err = io.WriteString(connection, "x")
		require.NoError(t, err)
	}
	reply := readResponse(t, connection)
	require.True(t, strings.HasPrefix(reply, "HTTP/1.1 200 OK\r\n"), "%q", reply)
	require.Equal(t, strings.Repeat("x", 30), s.require(t, 200, "GET", "/demo/key", nil, ""))
}

func TestAClientThatTakesNothingIsCutOff(t *testing.T) {
	s := newTestServer(t, "", short)
	s.require(t, 200, "PUT", "/demo", nil, "")
	const size = 64 << 20 // more than sockets hold; it does not come by one, where it would have to be quick
	_, err := s.storage.PutObject("demo", "key", nil, bytes.NewReader(make([]byte, size)), size, nil)
	require.NoError(t, err)
	connection := s.dial(t)
	_, err = io.WriteString(connection, "GET /demo/key HTTP/1.1\r\nHost: localhost\r\n\r\n")
	require.NoError(t, err)
	first := make([]byte, len("HTTP/1.1 200 OK\r\n"))
	_, err = io.ReadFull(connection, first)
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 200 OK\r\n", string(first))
	closed := make(chan struct{})
	go func() {
		s.Close() // waits until no request is served any more
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(patience):
		t.Fatal("the request is still being served")
	}
}

func TestAnAnswerMayBeLongInTheMaking(t *testing.T) {
	s := httptest.NewServer(limits{ids: newIDs, idle: short, next: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "all of it") // which stays in the server's buffer
		time.Sleep(3 * short)
	})})
	defer s.Close()
	response, err := s.Client().Get(s.URL)
	require.NoError(t, err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, "all of it", string(content))
}

func TestARequestGoesOnAfterItsBodysDeadline(t *testing.T) {
	ended := make(chan error, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := &patientBody{source: r.Body, control: http.NewResponseController(w), idle: short}
		_, _ = io.Copy(io.Discard, body)
		_, _ = body.Read(make([]byte, 1)) // some readers ask again
		select {
		case <-r.Context().Done():
		case <-time.After(3 * short):
		}
		ended <- r.Context().Err()
	}))
	defer s.Close()
	response, err := s.Client().Post(s.URL, "text/plain", strings.NewReader("content"))
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.NoError(t, <-ended)
}
