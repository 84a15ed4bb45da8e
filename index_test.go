package s3cors

import (
	"hash/maphash"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnIndexFindsEachOfItsStringsAndNoOther(t *testing.T) {
	for _, n := range []int{1, 2, 3, 9, 12, 13, 100, 1000} {
		var all []listed
		for i, text := range count("https://app-%d.example.com", n) {
			all = append(all, listed{text, only(i % mostRules)})
		}
		x := newIndex(all)
		taken := 0
		for _, slot := range x {
			if slot != 0 {
				taken++
			}
		}
		require.Equal(t, n, taken)
		require.LessOrEqual(t, 4*n, 3*len(x)+3, "a quarter is empty, of %d", len(x))
		for i := range all {
			require.Same(t, &all[i], x.find(all[i].text, all))
			require.Nil(t, x.find(all[i].text+"/", all))
		}
		require.Nil(t, x.find("", all))
	}
}

func TestAnIndexComparesStringsOfOneHash(t *testing.T) {
	const value = "https://a.example.com"
	all := []listed{{"https://b.example.com", only(0)}, {value, only(1)}}
	hash := hashOf(value)
	x := make(index, 4)
	at := x.first(hash)
	x[at] = hash>>32<<32 | 1
	require.Nil(t, x.find(value, all))
	x[x.next(at)] = hash>>32<<32 | 2
	require.Same(t, &all[1], x.find(value, all))
}

// underManyKeys calls f under n sets of keys, one after the other.
func underManyKeys(t *testing.T, n int, f func()) {
	t.Helper()
	own := keys
	t.Cleanup(func() { keys = own })
	for range n {
		keys = newKeys()
		f()
	}
}

func TestAnIndexIsNoListUnderAnyKeys(t *testing.T) {
	for _, format := range []string{"https://app-%d.example.com", "https://%d.com", "x-amz-meta-%d", "http://10.0.%d.1:8080", "https://customer-%06d.example.co.uk"} {
		var all []listed
		for _, text := range count(format, 1500) {
			all = append(all, listed{text, only(0)})
		}
		underManyKeys(t, 200, func() {
			x, steps := newIndex(all), 0
			for i := range all {
				hash := hashOf(all[i].text)
				for at := x.first(hash); uint32(x[at]) != uint32(i+1); at = x.next(at) {
					steps++
				}
			}
			// Three quarters of the places are taken: 1.3 steps a string are to be expected.
			require.Less(t, steps, 4*len(all), format)
		})
	}
}

// TestHashesDiffer has strings that differ in one bit, or in the place of it, or in length:
// where they collided, an index would be a list. By chance, one pair in 2^37 collides.
func TestHashesDiffer(t *testing.T) {
	seen := make(map[uint64]string)
	add := func(s string) {
		hash := hashOf(s)
		if other, ok := seen[hash]; ok {
			t.Fatalf("%q and %q", s, other)
		}
		seen[hash] = s
	}
	for n := range 40 {
		b := make([]byte, n)
		add(string(b))
		for i := range 8 * n {
			b[i/8] ^= 1 << (i % 8)
			add(string(b))
			b[i/8] = 0
		}
	}
}

// TestHashesAreSpread has as many origins as a document holds, most of which differ in
// digits: no quarter of the table may be left to few of them.
func TestHashesAreSpread(t *testing.T) {
	const quarters, n = 4, 2000
	origins := count("https://app-%d.example.com", n)
	underManyKeys(t, 20, func() {
		for shift := range 64 {
			var of [quarters]int
			for _, origin := range origins {
				of[bits.RotateLeft64(hashOf(origin), -shift)%quarters]++
			}
			for _, got := range of {
				require.InDelta(t, n/quarters, got, n/10, "bits %d and %d", shift, shift+1)
			}
		}
	})
}

func BenchmarkHash(b *testing.B) {
	for _, s := range []string{"x-amz-content-sha256", "https://app-99.example.com"} {
		b.Run(s+"/ours", func(b *testing.B) {
			for b.Loop() {
				hashOf(s)
			}
		})
		b.Run(s+"/maphash", func(b *testing.B) {
			for b.Loop() {
				maphash.String(seed, s)
			}
		})
	}
}
