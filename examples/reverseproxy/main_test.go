package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/examples/internal/store"
	"github.com/s3cors/s3cors/examples/internal/table"
)

// generous is an S3 that grants everything to everybody, as some do.
func generous(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Access-Control-Allow-Methods", "GET, PUT, DELETE, OPTIONS")
	h.Set("Access-Control-Allow-Headers", "*")
	h.Set("Access-Control-Allow-Credentials", "true")
	h.Set("Access-Control-Allow-Private-Network", "true")
	h.Set("Access-Control-Expose-Headers", "*")
	h.Set("Access-Control-Max-Age", "86400")
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	status, contentType, body := store.Object(bucket, key)
	h.Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(body)
}

// front starts an upstream and the proxy in front of it, and returns the latter.
func front(t *testing.T, upstream http.HandlerFunc) *httptest.Server {
	t.Helper()
	back := httptest.NewServer(upstream)
	t.Cleanup(back.Close)
	address, err := url.Parse(back.URL)
	require.NoError(t, err)
	server := httptest.NewServer(newHandler(address))
	t.Cleanup(server.Close)
	return server
}

func TestItAnswersAsS3DoesWhateverTheUpstreamSays(t *testing.T) {
	table.Run(t, front(t, generous).URL)
}

func TestTheUpstreamGetsNoPreflightAndTheHostThatTheClientSigned(t *testing.T) {
	var got []string
	server := front(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.Method+" "+r.Host+r.RequestURI)
	})
	for _, method := range []string{"OPTIONS", "GET"} {
		request, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/photos//a%2Fb/../c?versionId=1", nil)
		require.NoError(t, err)
		request.Header.Set("Origin", "https://app.example.com")
		request.Header.Set("Access-Control-Request-Method", "GET")
		request.Host = "s3.example.com"
		response, err := server.Client().Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
	}
	require.Equal(t, []string{"GET s3.example.com/photos//a%2Fb/../c?versionId=1"}, got)
}

// get sends a request of an origin that may read photos without credentials.
func get(t *testing.T, server *httptest.Server) (int, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+"/photos/cat.jpg", nil)
	require.NoError(t, err)
	request.Header.Set("Origin", "https://other.example.com")
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	response.Header.Del("Date")
	return response.StatusCode, response.Header
}

const varyLine = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

func TestTheUpstreamKeepsItsOwnVary(t *testing.T) {
	server := front(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "hello")
	})
	status, header := get(t, server)
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, cmp.Diff(http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Access-Control-Allow-Methods": {"GET"},
		"Vary":                         {"Accept-Encoding", varyLine},
		"Content-Type":                 {"text/plain"},
		"Content-Length":               {"5"},
	}, header))
}

// A proxy that passes on an informational answer, such as the 100 that goes
// before most uploads, empties the header behind it.
func TestAnInformationalAnswerTakesNothingAway(t *testing.T) {
	server := front(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://early.example.com")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNoContent)
	})
	status, header := get(t, server)
	require.Equal(t, http.StatusNoContent, status)
	require.Empty(t, cmp.Diff(http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Access-Control-Allow-Methods": {"GET"},
		"Vary":                         {varyLine},
	}, header))
}

func TestAPageCanReadThatTheUpstreamIsGone(t *testing.T) {
	log.SetOutput(io.Discard) // where the proxy says so
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	server := front(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	status, header := get(t, server)
	require.Equal(t, http.StatusBadGateway, status)
	require.Empty(t, cmp.Diff(http.Header{
		"Access-Control-Allow-Origin":  {"*"},
		"Access-Control-Allow-Methods": {"GET"},
		"Vary":                         {varyLine},
		"Content-Length":               {"0"},
	}, header))
}
