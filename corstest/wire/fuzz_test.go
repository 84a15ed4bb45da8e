package wire

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// FuzzAnswer checks that whatever net/http can read is read alike, and that whatever
// comes has an end.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nvary: b\r\nX-Z:  1 \t\r\nVARY: a\r\nContent-Length: 2\r\n\r\nhi",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n1\r\nd\r\n0\r\nVary: no\r\n\r\n",
		"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nabc",
		"HTTP/1.1 404\nA: b\n c\nContent-Length: 1\nContent-Length: 1\n\nxyz",
		"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n",
		"HTTP/1.1  204 No Content\r\nContent-Length: 9\r\n\r\n",
		"HTTP/1.1 200 OK\r\n\r\nuntil the end",
		"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, text string, head bool) {
		method := http.MethodGet
		if head {
			method = http.MethodHead
		}
		got, err := readAnswer(bufio.NewReader(strings.NewReader(text)), method)
		res, theirs := http.ReadResponse(bufio.NewReader(strings.NewReader(text)), &http.Request{Method: method})
		if theirs != nil || res.StatusCode/100 == 1 {
			return // an interim answer is none of ours
		}
		body, theirs := io.ReadAll(res.Body)
		if theirs != nil || res.ProtoMajor != 1 || strings.ContainsAny(res.Status[:1], "+-") { // signs are no digits
			return
		}
		require.NoError(t, err)
		require.Equal(t, res.StatusCode, got.Status)
		require.True(t, bytes.Equal(body, got.Body), "%q instead of %q", got.Body, body)
		ours := headerOf(got)
		for _, name := range []string{"Transfer-Encoding", "Content-Length", "Trailer"} { // net/http changes these
			res.Header.Del(name)
			ours.Del(name)
		}
		for _, header := range []http.Header{res.Header, ours} {
			for _, values := range header {
				for i := range values { // of lines that go on, an empty one is a space to net/http
					values[i] = strings.Join(strings.FieldsFunc(values[i], func(r rune) bool { return r == ' ' }), " ")
				}
			}
		}
		require.Empty(t, cmp.Diff(res.Header, ours))
	})
}

// headerOf is what net/http makes of the field lines.
func headerOf(a *answer) http.Header {
	h := http.Header{}
	for _, f := range a.Headers {
		h.Add(f[0], f[1])
	}
	return h
}
