package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unreadAnswers are answers for which nobody reads the body of the request: of
// each layer, and of gofakes3, which closes some of the bodies that it leaves.
var unreadAnswers = []struct {
	name   string
	head   string
	status int
}{
	{"a method that S3 does not know", "FOO /demo/key HTTP/1.1\r\n", 400},
	{"a header that is too large", "PUT /demo/key HTTP/1.1\r\nX-Padding: " + strings.Repeat("x", 8192) + "\r\n", 400},
	{"a granted preflight", "OPTIONS /demo/key HTTP/1.1\r\nOrigin: https://a.test\r\nAccess-Control-Request-Method: GET\r\n", 200},
	{"a refused preflight", "OPTIONS /demo/key HTTP/1.1\r\nOrigin: https://b.test\r\nAccess-Control-Request-Method: GET\r\n", 403},
	{"a preflight without an origin", "OPTIONS * HTTP/1.1\r\n", 400},
	{"GET ?cors", "GET /demo?cors HTTP/1.1\r\n", 200},
	{"PUT ?cors of no bucket", "PUT /nowhere?cors HTTP/1.1\r\n", 404},
	{"DELETE ?cors of no bucket", "DELETE /nowhere?cors HTTP/1.1\r\n", 404},
	{"POST ?cors", "POST /demo?cors HTTP/1.1\r\n", 405},
	{"two sub-resources", "PUT /demo/key?acl&tagging HTTP/1.1\r\n", 400},
	{"a sub-resource that is not known", "PUT /demo/key?acl HTTP/1.1\r\n", 501},
	{"a method that is not allowed", "POST /demo/key HTTP/1.1\r\n", 405},
	{"a name that no bucket has", "PUT /UPPER/key HTTP/1.1\r\n", 400},
	{"a checksum that is not known", "PUT /demo/key HTTP/1.1\r\nx-amz-checksum-crc16: AAA=\r\n", 501},
	{"chunks of no length", "PUT /demo/key HTTP/1.1\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n", 411},
	{"an object in no bucket", "PUT /nowhere/key HTTP/1.1\r\n", 404},
	{"an empty object in chunks, in no bucket", "PUT /nowhere/key HTTP/1.1\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n" +
		"x-amz-decoded-content-length: 0\r\n", 404},
	{"an object with a wrong digest", "PUT /demo/key HTTP/1.1\r\nContent-MD5: AAAA\r\n", 400},
	{"a part with a wrong digest", "PUT /demo/key?uploadId=1&partNumber=1 HTTP/1.1\r\nContent-MD5: AAAA\r\n", 400},
	{"a list", "GET /demo HTTP/1.1\r\n", 200},
	{"the list of buckets", "GET / HTTP/1.1\r\n", 200},
	{"an object", "GET /demo/key HTTP/1.1\r\n", 200},
	{"the head of an object", "HEAD /demo/key HTTP/1.1\r\n", 200},
	{"an object that is not there", "GET /demo/none HTTP/1.1\r\n", 404},
	{"the end of an object that is not there", "DELETE /demo/none HTTP/1.1\r\n", 204},
	{"a bucket that is there", "PUT /demo HTTP/1.1\r\n", 200},
	{"a form for no bucket", "POST /nowhere HTTP/1.1\r\n", 404},
	{"a form that is none", "POST /demo HTTP/1.1\r\n", 412},
	{"the versions", "GET /demo?versions HTTP/1.1\r\n", 200},
	{"a copy", "PUT /demo/copy HTTP/1.1\r\nx-amz-copy-source: demo/key\r\n", 200},
	{"parts for no upload", "PUT /demo/key?uploadId=1&partNumber=1 HTTP/1.1\r\nx-amz-copy-source: demo/key\r\n", 404},
}

// stalls are bodies that are announced and do not come, or not to their end. They
// have a length, which gofakes3 asks for.
var stalls = []string{
	"Content-Length: 9\r\n\r\n",
	"Content-Length: 9\r\n\r\nfour",
	"Content-Length: 262144\r\n\r\n",
	"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
}

// TestStalledBodiesBlockNobody has more clients at once than a small limit of
// descriptors has room for. All read deadlines of the gateway are longer than the
// test waits.
func TestStalledBodiesBlockNobody(t *testing.T) {
	s := newBuckets(t, "")
	s.putCORS(t, "demo", "https://a.test")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	const rounds = 4 // for 432 clients
	type client struct {
		net.Conn
		name   string
		method string
		status int
	}
	var clients []client
	for range rounds {
		for _, answer := range unreadAnswers {
			for _, stall := range stalls {
				connection := s.dial(t)
				_, err := io.WriteString(connection, strings.Replace(answer.head, "\r\n", "\r\nHost: h\r\n", 1)+stall)
				require.NoError(t, err)
				method, _, _ := strings.Cut(answer.head, " ")
				clients = append(clients, client{connection, answer.name + ", " + stall, method, answer.status})
			}
		}
	}
	for _, c := range clients {
		reader := bufio.NewReader(c)
		response, err := http.ReadResponse(reader, &http.Request{Method: c.method})
		require.NoError(t, err, c.name)
		require.Equal(t, c.status, response.StatusCode, c.name)
		require.True(t, response.Close, c.name)
		_, err = io.ReadAll(response.Body)
		require.NoError(t, err, c.name)
		_, err = io.ReadAll(reader) // until the server closes
		require.NoError(t, err, c.name)
	}
}

// TestWhatHasNoBodyOrIsReadKeepsItsConnection sends all over one connection.
func TestWhatHasNoBodyOrIsReadKeepsItsConnection(t *testing.T) {
	s := newBuckets(t, "")
	s.putCORS(t, "demo", "https://a.test")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	connection := s.dial(t)
	reader := bufio.NewReader(connection)
	send := func(text string, status int) {
		t.Helper()
		_, err := io.WriteString(connection, strings.Replace(text, "\r\n", "\r\nHost: h\r\n", 1))
		require.NoError(t, err)
		method, _, _ := strings.Cut(text, " ")
		response, err := http.ReadResponse(reader, &http.Request{Method: method})
		require.NoError(t, err)
		content, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Equal(t, status, response.StatusCode, "%s%s", text, content)
		require.False(t, response.Close, text)
	}
	for _, answer := range unreadAnswers {
		switch answer.name {
		case "a preflight without an origin", // which ends the connection
			"a part with a wrong digest", "a form for no bucket", "an object with a wrong digest": // which ask for a body
			continue
		}
		status := answer.status
		send(answer.head+"Content-Length: 0\r\n\r\n", status)
	}
	const object = "PUT /demo/other HTTP/1.1\r\nContent-Length: 7\r\n"
	send(object+"\r\ncontent", 200)
	send(object+"Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\ncontent", 400)
	send(object+"x-amz-checksum-crc32: AAAAAA==\r\n\r\ncontent", 400)
	send("POST /demo?delete HTTP/1.1\r\nContent-Length: 56\r\n\r\n<Delete><Object><Key>other</Key></Object></Delete>      ", 200)
	send("POST /demo?delete HTTP/1.1\r\nContent-Length: 3\r\n\r\n<x>", 400)
}
