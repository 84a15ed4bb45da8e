package s3cors

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAShapeFitsWhatItsPatternAdmits has texts of all lengths around a word before and behind
// the star, and values that differ from what fits in one byte, or in length.
func TestAShapeFitsWhatItsPatternAdmits(t *testing.T) {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	for _, overlap := range []bool{false, true} {
		for head := range 19 {
			for tail := range 19 {
				p := pattern{letters[:head], letters[len(letters)-tail:], only(0)}
				if head+tail > 0 {
					requireShape(t, p, overlap)
				}
			}
		}
	}
}

func requireShape(t *testing.T, p pattern, overlap bool) {
	t.Helper()
	s := newShape(p, overlap)
	values := []string{p.prefix, p.suffix, p.prefix[:len(p.prefix)/2] + p.suffix, p.prefix + p.suffix[len(p.suffix)/2:], "abcdefghijklmnopqrstuvwxyz"}
	for _, between := range []string{"", "-", "---------"} {
		values = append(values, p.prefix+between+p.suffix)
	}
	for _, value := range values {
		requireFits(t, &s, value, overlap)
		for i := range value {
			requireFits(t, &s, value[:i]+"!"+value[i+1:], overlap)
		}
	}
}

func requireFits(t *testing.T, s *shape, value string, overlap bool) {
	t.Helper()
	want := strings.HasPrefix(value, s.prefix) && strings.HasSuffix(value, s.suffix) && (overlap || len(value) >= len(s.prefix)+len(s.suffix))
	if s.admits(value) != want || len(value) >= 8 && s.fits(value) != want {
		require.Fail(t, "a shape differs from its pattern", "%s*%s, overlap %v: %q", s.prefix, s.suffix, overlap, value)
	}
}

// TestEachByteOfAStringCounts has strings of all lengths around up to five words.
func TestEachByteOfAStringCounts(t *testing.T) {
	for n := 8; n <= 42; n++ {
		text := strings.Repeat("x", n)
		m := build([]listing{{strings.Repeat("x", n-1), 0}, {text, 1}, {text + "x", 2}})
		require.Equal(t, only(1), m.find(text))
		for i := range n {
			require.Equal(t, ruleset{}, m.find(text[:i]+"y"+text[i+1:]), "byte %d of %d", i, n)
		}
	}
}

// BenchmarkFew is what is listed one by one, and looked up in an index and in trees. The
// values are the last that is listed, and one that is not.
func BenchmarkFew(b *testing.B) {
	for _, row := range []struct{ name, text, last, other string }{
		{"strings of one length", "https://app-%02d.example.com", "https://app-%02d.example.com", "https://app-99.example.com"},
		{"patterns of one length", "https://*.app-%02d.example.com", "https://x.app-%02d.example.com", "https://x.app-99.example.com"},
	} {
		for _, n := range []int{1, 2, 4, 8, 16} {
			listings := listedOnce(count(row.text, n)...)
			many := asMany(listings)
			few := many
			few.index, few.patterns, few.many = nil, nil, false
			for _, l := range listings {
				var one matcherBuilder
				one.add(l.text, l.rule)
				few.shapes = append(few.shapes, one.build(false).shapes...)
			}
			for name, value := range map[string]string{"hit": fmt.Sprintf(row.last, n-1), "miss": row.other} {
				for how, m := range map[string]*matcher{"one by one": &few, "looked up": &many} {
					b.Run(fmt.Sprint(row.name, "/", n, "/", name, "/", how), func(b *testing.B) {
						for b.Loop() {
							m.match(value, everyRule)
						}
					})
				}
			}
		}
	}
}
