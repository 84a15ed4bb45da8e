//go:build go1.26

package corsserver_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// documents are texts that differ in length.
func documents(t testing.TB) map[string][]byte {
	t.Helper()
	largest := []byte(document + strings.Repeat(" ", 1<<16-len(document)))
	values, err := configurations["origins as people list them"].AppendXML(nil)
	require.NoError(t, err)
	console, err := json.Marshal(configurations["one rule as people write it"])
	require.NoError(t, err)
	return map[string][]byte{
		"a small document":        []byte(document),
		"a small one in JSON":     console,
		"600 origins":             values,
		"64 KiB, blanks for most": largest,
	}
}

// hits are the ways to have the policy of a bucket that is kept.
func hits(t testing.TB, text []byte) map[string]func() (*s3cors.Policy, error) {
	t.Helper()
	ctx := t.Context()
	byBucket := &corsserver.Cache{Store: stored(t, string(text), "bucket")}
	byContent := &corsserver.ContentCache{}
	byVersion := &corsserver.VersionCache{}
	configuration, err := s3cors.Parse(text)
	require.NoError(t, err)
	return map[string]func() (*s3cors.Policy, error){
		"Cache":        func() (*s3cors.Policy, error) { return byBucket.Policy(ctx, "bucket") },
		"ContentCache": func() (*s3cors.Policy, error) { return byContent.Policy(text) },
		"VersionCache": func() (*s3cors.Policy, error) {
			return byVersion.Policy(ctx, "bucket", "1", func() (*s3cors.Configuration, string, error) {
				return configuration, "1", nil
			})
		},
		"VersionCache of documents": func() (*s3cors.Policy, error) {
			return byVersion.PolicyOfDocument(ctx, "bucket", "1", func() ([]byte, string, error) { return text, "1", nil })
		},
	}
}

func TestHitsCostNoAllocation(t *testing.T) {
	for size, text := range documents(t) {
		for cache, policy := range hits(t, text) {
			first, err := policy()
			require.NoError(t, err)
			require.Equal(t, s3cors.StateConfigured, first.State())
			require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = policy() }), "%s, %s", cache, size)
			again, err := policy()
			require.NoError(t, err)
			require.Same(t, first, again, "%s, %s", cache, size)
		}
	}
	without := &corsserver.ContentCache{}
	require.Zero(t, testing.AllocsPerRun(100, func() { _, _ = without.Policy(nil) }))
}

// BenchmarkPolicy shows what each cache spares: reading and compiling.
func BenchmarkPolicy(b *testing.B) {
	for size, text := range documents(b) {
		ways := hits(b, text)
		ways["no cache"] = func() (*s3cors.Policy, error) {
			configuration, err := s3cors.Parse(text)
			if err != nil {
				return nil, err
			}
			return s3cors.Compile(configuration)
		}
		for way, policy := range ways {
			b.Run(size+"/"+way, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if p, err := policy(); p == nil || err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
