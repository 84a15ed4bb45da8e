package s3cors_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// fill returns the XML of one rule with as many origins as 64 KiB hold.
func fill(origin func(i int) string) []byte {
	var b strings.Builder
	b.WriteString("<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod>")
	for i := 0; b.Len() < 65536-200; i++ {
		fmt.Fprintf(&b, "<AllowedOrigin>%s</AllowedOrigin>", origin(i))
	}
	b.WriteString("</CORSRule></CORSConfiguration>")
	return []byte(b.String())
}

// held returns how many bytes of heap one policy of the document keeps in use,
// the document and the configuration gone.
func held(t *testing.T, document []byte) int {
	t.Helper()
	n := 1 + 1<<19/len(document)
	policies := make([]*s3cors.Policy, n)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one found out, the second one frees
	runtime.ReadMemStats(&before)
	for i := range policies {
		c, err := s3cors.Parse(document)
		require.NoError(t, err)
		policies[i], err = s3cors.Compile(c)
		require.NoError(t, err)
	}
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(policies)
	return (int(after.HeapAlloc) - int(before.HeapAlloc)) / n
}

func TestAPolicyHoldsLessThanEightTimesItsDocument(t *testing.T) {
	documents := map[string][]byte{
		"100 rules":                       printed(t, &s3cors.Configuration{CORSRules: eachRule(100, "https://app-%d.example.com", "content-type", "x-amz-*")}),
		"origins as people list them":     fill(func(i int) string { return fmt.Sprintf("https://app-%d.example.com", i) }),
		"patterns as people write them":   fill(func(i int) string { return fmt.Sprintf("https://*.app-%d.example.com", i) }),
		"the shortest exact strings":      fill(func(i int) string { return fmt.Sprintf("%x", i) }),
		"the shortest prefixes":           fill(func(i int) string { return fmt.Sprintf("%x*", i) }),
		"the shortest suffixes":           fill(func(i int) string { return fmt.Sprintf("*%x", i) }),
		"prefixes with a suffix each":     fill(func(i int) string { return fmt.Sprintf("%x*%x", i, i) }),
		"many suffixes of a few prefixes": fill(func(i int) string { return fmt.Sprintf("%x*%x", i%16, i) }),
		"nested patterns":                 fill(func(i int) string { return strings.Repeat("a", i%40) + "*" + strings.Repeat("b", i/40) }),
	}
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			got := held(t, document)
			t.Logf("%d bytes for a document of %d: %.1f times", got, len(document), float64(got)/float64(len(document)))
			require.Less(t, got, 8*len(document))
		})
	}
}

func TestASmallPolicyHoldsLessThan4KiB(t *testing.T) {
	got := held(t, printed(t, &s3cors.Configuration{CORSRules: eachRule(2, "https://app-%d.example.com", "content-type", "x-amz-*")}))
	t.Logf("%d bytes", got)
	require.Less(t, got, 4096)
}

func TestADocumentOfDefectsAllocatesLessThan400TimesItself(t *testing.T) {
	document := []byte("<CORSConfiguration><CORSRule>" + strings.Repeat("<b/>", 16300) + "</CORSRule></CORSConfiguration>")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := s3cors.Parse(document)
	runtime.ReadMemStats(&after)
	require.Error(t, err)
	allocated := int(after.TotalAlloc - before.TotalAlloc)
	t.Logf("%d times", allocated/len(document))
	require.Less(t, allocated, 400*len(document))
}
