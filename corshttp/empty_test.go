package corshttp_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// unreadable is what is said of a stored document of no bytes
// (10/empty-stored-document).
const unreadable = "corshttp: the stored CORS document is invalid: 1:1: CORSConfiguration: MalformedXML"

func TestAnEmptyDocumentIsNotAMissingOne(t *testing.T) {
	store := stored(t, "", "empty")
	cache := &corshttp.Cache{Store: store, TTL: -1}
	for range 2 {
		policy, err := cache.Policy(t.Context(), "empty")
		require.Nil(t, policy)
		require.ErrorContains(t, err, unreadable)
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "none"))
	}
	require.Equal(t, 2, corshttp.Entries(cache))
	require.NoError(t, cache.DeleteCORS(t.Context(), "empty"))
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "empty"))
}

// Both have no bytes, so what is known of the one must not pass for the other.
func TestAnEmptyDocumentAfterNoneAndNoneAfterIt(t *testing.T) {
	var document []byte
	store := &scripted{get: func(context.Context, string) ([]byte, error) { return document, nil }}
	cache := &corshttp.Cache{Store: store, TTL: 1} // a nanosecond
	for range 2 {
		document = nil
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
		document = []byte{}
		_, err := cache.Policy(t.Context(), "bucket")
		require.ErrorContains(t, err, unreadable)
	}
}

func TestAnEmptyDocumentOpensNoFallback(t *testing.T) {
	var events []corshttp.Event
	cors := corshttp.Middleware{
		Policies: (&corshttp.Cache{Store: stored(t, "", "empty")}).Policy,
		Fallback: policyOf(t, open),
		Observe:  func(_ *http.Request, e corshttp.Event) { events = append(events, e) },
	}.Handler(ok)
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
	sub := corshttp.Subresource{
		Store:     stored(t, "", "empty"),
		Authorize: allow,
		Failed:    func(_ *http.Request, err error) { failures = append(failures, err) },
	}.Handler(unreachable(t))
	res := do(sub, request("GET", "/empty?cors"))
	require.Equal(t, http.StatusInternalServerError, res.StatusCode)
	require.Equal(t, internalErrorBody, bodyOf(t, res))
	require.Len(t, failures, 1)
	require.ErrorContains(t, failures[0], unreadable)
	require.Equal(t, http.StatusNotFound, do(sub, request("GET", "/none?cors")).StatusCode)
	require.Len(t, failures, 1)
}

func TestMemoryStoreTellsEmptyFromNone(t *testing.T) {
	var store corshttp.MemoryStore
	require.NoError(t, store.PutCORS(t.Context(), "empty", []byte{}))
	require.NoError(t, store.PutCORS(t.Context(), "nil", nil))
	for bucket, want := range map[string][]byte{"empty": {}, "nil": {}, "none": nil} {
		got, err := store.GetCORS(t.Context(), bucket)
		require.NoError(t, err)
		require.Equal(t, want, got, bucket)
	}
	require.NoError(t, store.DeleteCORS(t.Context(), "empty"))
	got, err := store.GetCORS(t.Context(), "empty")
	require.NoError(t, err)
	require.Nil(t, got)
}

func TestMemoryStoreKeepsACopyOfTheName(t *testing.T) {
	var store corshttp.MemoryStore
	name, giveBack := borrowed("bucket")
	require.NoError(t, store.PutCORS(t.Context(), name, []byte(document)))
	giveBack()
	got, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
}
