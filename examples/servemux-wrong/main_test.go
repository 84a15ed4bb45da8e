package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// answer sends a request of https://app.example.com, to which the bucket grants
// GET and PUT, and returns status, header and body.
func answer(method, requested string) (int, http.Header, string) {
	r := httptest.NewRequest(method, "/photos/cat.jpg", nil)
	r.Header.Set("Origin", "https://app.example.com")
	if requested != "" {
		r.Header.Set("Access-Control-Request-Method", requested)
	}
	w := httptest.NewRecorder()
	newHandler().ServeHTTP(w, r)
	return w.Code, w.Result().Header, w.Body.String()
}

func TestAPreflightNeverReachesTheMiddleware(t *testing.T) {
	status, header, body := answer("OPTIONS", "PUT")
	require.Equal(t, http.StatusMethodNotAllowed, status)
	require.Equal(t, "Method Not Allowed\n", body)
	require.Empty(t, cmp.Diff(http.Header{
		"Allow":                  {"GET, HEAD"},
		"Content-Type":           {"text/plain; charset=utf-8"},
		"X-Content-Type-Options": {"nosniff"},
	}, header))
}

func TestWhichNobodyNoticesOnActualRequests(t *testing.T) {
	status, header, body := answer("GET", "")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "a cat in photos", body)
	require.Empty(t, cmp.Diff(http.Header{
		"Access-Control-Allow-Origin":      {"https://app.example.com"},
		"Access-Control-Allow-Methods":     {"GET, PUT"},
		"Access-Control-Expose-Headers":    {"ETag, x-amz-request-id"},
		"Access-Control-Max-Age":           {"3000"},
		"Access-Control-Allow-Credentials": {"true"},
		"Vary":                             {"Origin, Access-Control-Request-Headers, Access-Control-Request-Method"},
		"Content-Type":                     {"image/jpeg"},
	}, header))
}
