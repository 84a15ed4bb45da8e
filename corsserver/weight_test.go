//go:build go1.26

package corsserver_test

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// listing returns a configuration of one rule that lists as many values as S3
// accepts, n at most.
func listing(n int, list func(*s3cors.Rule) *[]string, value func(i int) string) *s3cors.Configuration {
	rule := s3cors.Rule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"https://app.example"}}
	size := 400
	for i := range n {
		v := value(i)
		if size += len("<AllowedOrigin></AllowedOrigin>") + len(v); size > 65536 {
			break
		}
		*list(&rule) = append(*list(&rule), v)
	}
	return &s3cors.Configuration{CORSRules: []s3cors.Rule{rule}}
}

func origins(r *s3cors.Rule) *[]string { return &r.AllowedOrigins }
func headers(r *s3cors.Rule) *[]string { return &r.AllowedHeaders }
func exposed(r *s3cors.Rule) *[]string { return &r.ExposeHeaders }
func allowed(r *s3cors.Rule) *[]string { return &r.AllowedMethods }

const (
	many = 600     // of anything show how dense it is
	all  = 1 << 16 // is more than a document holds of anything
)

// formatted returns values that differ in a number.
func formatted(format string) func(int) string {
	return func(i int) string { return strings.ReplaceAll(fmt.Sprintf(format, i), " ", "") }
}

// rules returns n rules, or as many as S3 accepts of that kind.
func rules(n int, rule func(i int) s3cors.Rule) *s3cors.Configuration {
	c := new(s3cors.Configuration)
	for i := range n {
		c.CORSRules = append(c.CORSRules, rule(i))
	}
	return c
}

// configurations are of many shapes, the densest that we know among them.
var configurations = map[string]*s3cors.Configuration{
	"one rule as people write it": rules(1, func(int) s3cors.Rule {
		return s3cors.Rule{
			AllowedMethods: []string{"GET", "PUT", "POST", "DELETE", "HEAD"},
			AllowedOrigins: []string{"https://app.example.com", "https://*.example.com", "http://localhost:3000"},
			AllowedHeaders: []string{"*"},
			ExposeHeaders:  []string{"ETag", "x-amz-request-id"},
			MaxAgeSeconds:  new(int64(3000)),
		}
	}),
	"the smallest rule":  rules(1, smallest),
	"100 smallest rules": rules(100, smallest),
	"100 rules that share their headers": rules(100, func(i int) s3cors.Rule {
		return s3cors.Rule{
			AllowedMethods: []string{"GET", "PUT"},
			AllowedOrigins: []string{fmt.Sprintf("https://app-%d.example.com", i)},
			AllowedHeaders: []string{"content-type", "x-amz-*"},
			ExposeHeaders:  []string{"ETag", "x-amz-id-2"},
			MaxAgeSeconds:  new(int64(-9223372036854775808)),
		}
	}),
	"one long pattern, held twice": rules(2, func(int) s3cors.Rule {
		return s3cors.Rule{
			AllowedMethods: []string{"GET"},
			AllowedOrigins: []string{strings.Repeat("a", 15000) + "*" + strings.Repeat("b", 15000)},
		}
	}),
	"one string of the worst size class": listing(1, origins, func(int) string { return strings.Repeat("a", 32769) }),

	"origins as people list them":   listing(many, origins, formatted("https://app-%d.example.com")),
	"patterns as people write them": listing(many, origins, formatted("https://*.app-%d.example.com")),
	"strings in a new hash table":   listing(449, origins, formatted("%x")),
	"the shortest exact strings":    listing(all, origins, formatted("%x")),
	"the shortest prefixes":         listing(many, origins, formatted("%x*")),
	"the shortest suffixes":         listing(many, origins, formatted("*%x")),
	"eight exact strings":           listing(8, origins, formatted("%x")),
	"nine exact strings":            listing(9, origins, formatted("%x")),
	"nine patterns":                 listing(9, origins, formatted("%x*%[1]x")),
	"two branches in every node":    listing(many, origins, formatted("%011b*%[1]b")),
	"two tails for every head":      listing(many, origins, func(i int) string { return fmt.Sprintf("%011b*%b", i/2, i%2) }),
	"many tails of a few heads":     listing(many, origins, func(i int) string { return fmt.Sprintf("%x*%x", i%16, i) }),
	"nested patterns":               listing(many, origins, func(i int) string { return strings.Repeat("a", i%40) + "*" + strings.Repeat("b", i/40) }),
	"long prefixes that are shared": listing(many, origins, formatted(strings.Repeat("a", 1000)+"%x*")),
	"long strings":                  listing(many, origins, formatted(strings.Repeat("a", 1100)+"%x")),

	"headers":                    listing(many, headers, formatted("x-amz-meta-%d")),
	"headers in capitals":        listing(many, headers, formatted("X-AMZ-%X")),
	"patterns of headers":        listing(many, headers, formatted("%011b*%[1]b")),
	"what is exposed":            listing(many, exposed, formatted("x-%d")),
	"one method again and again": listing(many, allowed, func(int) string { return "DELETE" }),
}

func smallest(int) s3cors.Rule {
	return s3cors.Rule{AllowedMethods: []string{"GET"}, AllowedOrigins: []string{"*"}}
}

// heap returns how many bytes are in use.
func heap() int {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what the first one found out, the second one frees
	runtime.ReadMemStats(&stats)
	return int(stats.HeapAlloc)
}

// fill asks a cache for n buckets whose names have the prefix, and whatever
// document the cache's store has.
func fill(cache *corsserver.Cache, prefix string, n int) {
	for i := range n {
		_, _ = cache.Policy(context.Background(), fmt.Sprintf("%s%05d", prefix, i))
	}
}

// skipUnderRace passes over tests of what is held, which the race detector adds to.
func skipUnderRace(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("the detector has memory of its own")
	}
}

// distinct returns a store in which each bucket has a document of its own: they differ in
// the blanks at their ends, and so share no reading.
func distinct(document []byte) *scripted {
	return &scripted{get: func(_ context.Context, bucket string) ([]byte, error) {
		if document == nil {
			return nil, nil
		}
		number, err := strconv.Atoi(bucket[len(bucket)-5:])
		if err != nil {
			return nil, err
		}
		blanks := strings.NewReplacer("0", " ", "1", "\n").Replace(fmt.Sprintf("%014b", number))
		return slices.Concat(document, []byte(blanks)), nil
	}}
}

// requireWeight checks that what entries of a document hold is what they weigh, or
// less, but not much less.
func requireWeight(t *testing.T, prefix string, document []byte, opts ...s3cors.Option) {
	t.Helper()
	n := min(2000, 12+1<<17/(len(prefix)+len(document)))
	cache := &corsserver.Cache{TTL: -1, MaxBytes: 1 << 30, Options: opts, Store: distinct(document)}
	before := heap()
	fill(cache, prefix, n)
	held := (heap() - before) / n
	require.Equal(t, n, corsserver.Entries(cache))
	weight := corsserver.Bytes(cache) / n
	t.Logf("%d bytes weigh %d, %.2f times as many; the document has %d", held, weight, float64(weight)/float64(held), len(document))
	require.LessOrEqual(t, held, weight)
	require.Less(t, weight, 4*held)
}

func TestEntriesHoldNoMoreThanTheyWeigh(t *testing.T) {
	skipUnderRace(t)
	for name, configuration := range configurations {
		asXML, err := configuration.AppendXML(nil)
		require.NoError(t, err)
		asJSON, err := json.Marshal(configuration) // without blanks, as dense as can be
		require.NoError(t, err)
		t.Run(name+", XML", func(t *testing.T) { requireWeight(t, "bucket-", asXML) })
		t.Run(name+", JSON", func(t *testing.T) { requireWeight(t, "bucket-", asJSON) })
	}
	for name, document := range map[string][]byte{
		"no configuration":                          nil,
		"an empty document":                         {},
		"a document with one defect":                []byte("<CORSConfiguration>"),
		"a document whose defect is told at length": []byte("<CORSConfiguration><" + strings.Repeat("x", 5000) + "/></CORSConfiguration>"),
	} {
		t.Run(name, func(t *testing.T) { requireWeight(t, "bucket-", document) })
		t.Run(name+", a long name", func(t *testing.T) { requireWeight(t, strings.Repeat("a", 2100)+"-", document) })
	}
}

// What the options expose stands in the answer of every rule.
func TestWhatOptionsExposeCounts(t *testing.T) {
	var names []string
	for i := range 20 {
		names = append(names, fmt.Sprint("x-amz-meta-header-", i))
	}
	for _, shape := range []string{"100 smallest rules", "100 rules that share their headers", "one rule as people write it"} {
		document, err := json.Marshal(configurations[shape])
		require.NoError(t, err)
		t.Run(shape, func(t *testing.T) { requireWeight(t, "bucket-", document, s3cors.ExposeAlso(names...)) })
	}
}

func TestWhatAnEntryWeighs(t *testing.T) {
	for name, tt := range map[string]struct {
		document []byte
		want     int
	}{
		"no configuration": {nil, 192 + 10 + 512},
		"one rule": {[]byte(`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`),
			192 + 10 + 512 + 128 + 1 + 6},
		"what many rules list is matched in one place": {
			[]byte(`[{"AllowedOrigins":["0123"],"AllowedMethods":["GET"],"AllowedHeaders":["x-*","0123"]},` +
				`{"AllowedOrigins":["0123","*"],"AllowedMethods":["PUT","GET"],"AllowedHeaders":["x-*"],"ExposeHeaders":["ETag"]}]`),
			192 + 10 + 512 + 128 + 128 + (5 + 112) + 5 + 1 + // origins
				(3 + 320) + (5 + 112) + 3 + // headers
				6 + 12 + 7}, // methods, and what is exposed
		"a document that cannot be read": {[]byte(`[]`), 192 + 10 + 512}, // and what is said of it
	} {
		t.Run(name, func(t *testing.T) {
			cache := &corsserver.Cache{Store: &scripted{get: func(context.Context, string) ([]byte, error) { return tt.document, nil }}}
			_, err := cache.Policy(t.Context(), "bucket00")
			if err != nil {
				tt.want += len(err.Error()) + len(err.Error())/4
			}
			require.Equal(t, tt.want, corsserver.Bytes(cache))
		})
	}
}

// The map of many small entries does not shrink when a few large ones take their
// place: that may add a tenth, and no more.
func TestMaxBytesBoundsTheMemory(t *testing.T) {
	skipUnderRace(t)
	const maxBytes = 4 << 20
	dense, err := json.Marshal(configurations["two branches in every node"])
	require.NoError(t, err)
	cache := &corsserver.Cache{TTL: -1, MaxBytes: maxBytes, MaxEntries: 1 << 20, Store: distinct(nil)}
	before := heap()
	fill(cache, "small-", 30_000)
	small := heap() - before
	require.Equal(t, (maxBytes-512)/(192+13), corsserver.Entries(cache))
	cache.Store = distinct(dense)
	fill(cache, "dense-", 30)
	large := heap() - before
	t.Logf("of %d: %d for small entries, then %d for large ones", maxBytes, small, large)
	require.LessOrEqual(t, small, maxBytes)
	require.LessOrEqual(t, large, maxBytes+maxBytes/10)
	runtime.KeepAlive(cache)
}
