package corshttp_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// unreadable is what is said of a stored document of no bytes
// (10/empty-stored-document).
const unreadable = "corsserver: the stored CORS document is invalid: 1:1: CORSConfiguration: MalformedXML"

func TestAnEmptyDocumentOpensNoFallback(t *testing.T) {
	var events []corsserver.Verdict
	cors := (&corshttp.Server{
		Policies: (&corsserver.Cache{Store: stored(t, "", "empty")}).Policy,
		Fallback: policyOf(t, open),
		Observe:  func(_ *http.Request, e corsserver.Verdict) { events = append(events, e) },
	}).CORS(ok)
	res := do(cors, request("OPTIONS", "/empty/key", "Origin", stranger, "Access-Control-Request-Method", "GET"))
	require.Equal(t, http.StatusInternalServerError, res.StatusCode)
	require.Empty(t, corsFields(res.Header))
	require.Equal(t, internalErrorBody, bodyOf(t, res))
	res = do(cors, request("GET", "/empty/key", "Origin", stranger))
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Empty(t, corsFields(res.Header))
	require.Len(t, events, 2)
	for _, e := range events {
		require.ErrorContains(t, e.Err, unreadable)
		require.False(t, e.Fallback)
	}
	res = do(cors, request("GET", "/none/key", "Origin", stranger))
	require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"), "without a document the fallback decides")
}

func TestGETOfAnEmptyDocumentIsAnInternalError(t *testing.T) {
	var failures []error
	sub := (&corshttp.Server{
		Store:     stored(t, "", "empty"),
		Authorize: allow,
		Failed:    func(_ *http.Request, err error) { failures = append(failures, err) },
	}).Subresource(unreachable(t))
	res := do(sub, request("GET", "/empty?cors"))
	require.Equal(t, http.StatusInternalServerError, res.StatusCode)
	require.Equal(t, internalErrorBody, bodyOf(t, res))
	require.Len(t, failures, 1)
	require.ErrorContains(t, failures[0], unreadable)
	require.Equal(t, http.StatusNotFound, do(sub, request("GET", "/none?cors")).StatusCode)
	require.Len(t, failures, 1)
}
