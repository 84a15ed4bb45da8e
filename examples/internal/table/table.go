// Package table holds the requests that every server among the examples gets,
// and the one answer that all of them have to give.
package table

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// A field is a header field of a request.
type field struct{ name, value string }

// A row is a request with its answer.
type row struct {
	name    string
	method  string
	path    string
	request []field
	want    answer
}

// An answer is all that a client gets, but for Date.
type answer struct {
	Status int
	Header map[string]string // each of them a single line
	Body   string
	Close  bool // the server closes the connection
}

// Run sends every request of the table to the server at base, a URL without a
// path, over the wire, and compares the answers.
func Run(t *testing.T, base string) {
	t.Helper()
	require.NotEmpty(t, rows)
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			if diff := cmp.Diff(r.want, r.send(t, transport, base)); diff != "" {
				t.Errorf("%s %s (-want +got)\n%s", r.method, r.path, diff)
			}
		})
	}
}

func (r row) send(t *testing.T, transport *http.Transport, base string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), r.method, base+r.path, nil)
	require.NoError(t, err)
	for _, f := range r.request {
		request.Header.Add(f.name, f.value)
	}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)

	got := answer{response.StatusCode, map[string]string{}, string(body), response.Close}
	response.Header.Del("Date")
	for name, lines := range response.Header {
		require.Len(t, lines, 1, name)
		got.Header[name] = strings.Join(lines, "")
	}
	return got
}
