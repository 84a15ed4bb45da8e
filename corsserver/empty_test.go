package corsserver_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// unreadable is what is said of a stored document of no bytes
// (10/empty-stored-document).
const unreadable = "corsserver: the stored CORS document is invalid: 1:1: CORSConfiguration: MalformedXML"

func TestAnEmptyDocumentIsNotAMissingOne(t *testing.T) {
	store := stored(t, "", "empty")
	cache := &corsserver.Cache{Store: store, TTL: -1}
	for range 2 {
		policy, err := cache.Policy(t.Context(), "empty")
		require.Nil(t, policy)
		require.ErrorContains(t, err, unreadable)
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "none"))
	}
	require.Equal(t, 2, corsserver.Entries(cache))
	require.NoError(t, cache.DeleteCORS(t.Context(), "empty"))
	require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "empty"))
}

// Both have no bytes, so what is known of the one must not pass for the other.
func TestAnEmptyDocumentAfterNoneAndNoneAfterIt(t *testing.T) {
	var document []byte
	store := &scripted{get: func(context.Context, string) ([]byte, error) { return document, nil }}
	cache := &corsserver.Cache{Store: store, TTL: 1} // a nanosecond
	for range 2 {
		document = nil
		require.Equal(t, s3cors.NotEnabled, outcome(t, cache, "bucket"))
		document = []byte{}
		_, err := cache.Policy(t.Context(), "bucket")
		require.ErrorContains(t, err, unreadable)
	}
}

func TestMemoryStoreTellsEmptyFromNone(t *testing.T) {
	var store corsserver.MemoryStore
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
	var store corsserver.MemoryStore
	name, giveBack := borrowed("bucket")
	require.NoError(t, store.PutCORS(t.Context(), name, []byte(document)))
	giveBack()
	got, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(got))
}
