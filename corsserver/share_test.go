//go:build go1.26

package corsserver_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"weak"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// texts is a store of the documents of buckets.
func texts(documents map[string]string) *scripted {
	return &scripted{get: func(_ context.Context, bucket string) ([]byte, error) {
		text, ok := documents[bucket]
		if !ok {
			return nil, nil
		}
		return []byte(text), nil
	}}
}

func policyIn(t *testing.T, cache *corsserver.Cache, bucket string) *s3cors.Policy {
	t.Helper()
	p, err := cache.Policy(t.Context(), bucket)
	require.NoError(t, err)
	return p
}

func TestEqualDocumentsShareOnePolicy(t *testing.T) {
	documents := map[string]string{"a": document, "b": document, "c": document + " ", "bad": "<x", "worse": "<x"}
	cache := &corsserver.Cache{Store: texts(documents), TTL: -1}
	a := policyIn(t, cache, "a")
	require.Same(t, a, policyIn(t, cache, "b"))
	require.NotSame(t, a, policyIn(t, cache, "c"), "a blank makes another document")
	require.Same(t, policyIn(t, cache, "none"), policyIn(t, cache, "neither"))
	require.Equal(t, s3cors.StateUnconfigured, policyIn(t, cache, "none").State())
	_, first := cache.Policy(t.Context(), "bad")
	_, second := cache.Policy(t.Context(), "worse")
	require.Error(t, first)
	require.Same(t, first, second)
	require.Equal(t, 7, corsserver.Entries(cache))
	require.Equal(t, 4, corsserver.Readings(cache))
	require.Equal(t, corsserver.Counted(cache), corsserver.Bytes(cache))

	documents["a"] = open
	cache.Invalidate("a")
	require.NotSame(t, a, policyIn(t, cache, "a"))
	require.Same(t, a, policyIn(t, cache, "b"), "the other bucket has its document still")
	documents["a"] = document
	cache.Invalidate("a")
	require.Same(t, a, policyIn(t, cache, "a"))
}

func TestWhatIsLoadedIsNotShared(t *testing.T) {
	cache := &corsserver.Cache{TTL: -1, Load: func(context.Context, string) (*s3cors.Configuration, error) { return grants(origin), nil }}
	require.NotSame(t, policyIn(t, cache, "a"), policyIn(t, cache, "b"))
	require.Zero(t, corsserver.Readings(cache))
	require.Equal(t, corsserver.Counted(cache), corsserver.Bytes(cache))
}

// Ten thousand buckets with one document hold ten thousand names and one policy.
func TestTenThousandEqualDocumentsWeighAsOne(t *testing.T) {
	skipUnderRace(t)
	const n = 10_000
	cache := &corsserver.Cache{TTL: -1, Store: &scripted{get: func(context.Context, string) ([]byte, error) { return []byte(document), nil }}}
	policyIn(t, cache, "bucket-00000")
	one := corsserver.Bytes(cache)
	before := heap()
	fill(cache, "bucket-", n)
	held := heap() - before
	t.Logf("%d bytes a bucket", held/n)
	require.Equal(t, n, corsserver.Entries(cache))
	require.Equal(t, 1, corsserver.Readings(cache))
	require.Equal(t, one+(n-1)*(192+15), corsserver.Bytes(cache))
	require.LessOrEqual(t, held, corsserver.Bytes(cache))
	require.Less(t, held/n, 200)
	runtime.KeepAlive(cache)
}

func TestAPolicyThatNoBucketHasAnyMoreIsLetGo(t *testing.T) {
	cache := &corsserver.Cache{TTL: -1, Store: texts(map[string]string{"a": document, "b": document})}
	policy := weak.Make(policyIn(t, cache, "a"))
	policyIn(t, cache, "b")
	cache.Invalidate("a")
	runtime.GC()
	require.NotNil(t, policy.Value(), "b has it still")
	cache.Invalidate("b")
	require.Zero(t, corsserver.Readings(cache))
	require.Zero(t, corsserver.Bytes(cache))
	runtime.GC()
	require.Nil(t, policy.Value())
}

// What is weighed is what is held, whatever comes and goes.
func TestSharedPoliciesAreWeighedOnce(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	documents := make(map[string]string)
	cache := &corsserver.Cache{TTL: -1, MaxBytes: 3000, MaxEntries: 9, Store: texts(documents)}
	all := []string{document, open, document + " ", "<x", "<y"}
	dropped, shared := 0, 0
	for range 3000 {
		bucket := fmt.Sprint("bucket-", random.IntN(20))
		documents[bucket] = all[random.IntN(len(all))]
		before := corsserver.Entries(cache)
		cache.Invalidate(bucket)
		_, _ = cache.Policy(t.Context(), bucket)
		require.Equal(t, corsserver.Counted(cache), corsserver.Bytes(cache))
		require.LessOrEqual(t, corsserver.Bytes(cache), 3000)
		require.LessOrEqual(t, corsserver.Readings(cache), corsserver.Entries(cache))
		if corsserver.Entries(cache) < before {
			dropped++
		}
		if corsserver.Readings(cache) < corsserver.Entries(cache) {
			shared++
		}
	}
	require.Greater(t, dropped, 50, "it makes room by dropping others")
	require.Greater(t, shared, 1000)
}
