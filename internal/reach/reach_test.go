package reach_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/reach"
)

// texts returns all texts over some letters up to a length.
func texts(letters string, longest int) []string {
	all := []string{""}
	from := 0
	for range longest {
		to := len(all)
		for _, text := range all[from:to] {
			for _, letter := range letters {
				all = append(all, text+string(letter))
			}
		}
		from = to
	}
	return all
}

// patterns returns all patterns over a and b whose halves have up to two letters.
func patterns() []reach.Pattern {
	var all []reach.Pattern
	for _, head := range texts("ab", 2) {
		all = append(all, reach.PatternOf(head))
		for _, tail := range texts("ab", 2) {
			all = append(all, reach.PatternOf(head+"*"+tail))
		}
	}
	return all
}

// TestWithinIsInclusion compares Within with what it means, over all short texts. The
// letter c, which is in no pattern, stands for every other.
func TestWithinIsInclusion(t *testing.T) {
	all := texts("abc", 5)
	for _, p := range patterns() {
		for _, q := range patterns() {
			included := true
			for _, text := range all {
				included = included && (!p.Admits(text) || q.Admits(text))
			}
			require.Equal(t, included, p.Within(q), "%v within %v", p, q)
		}
	}
}

// TestSamplesMeetEverySet draws lists of patterns and compares the sets of them that
// samples meet with those that all short texts meet.
func TestSamplesMeetEverySet(t *testing.T) {
	all := texts("abc", 6)
	d := rand.New(rand.NewPCG(1, 1))
	from := patterns()
	for range 300 {
		var list []reach.Pattern
		for range 1 + d.IntN(4) {
			list = append(list, from[d.IntN(len(from))])
		}
		samples, complete := reach.Samples(list, "c")
		require.True(t, complete)
		met := make(map[string]bool)
		for _, sample := range samples {
			met[set(list, sample.Text)] = true
		}
		for _, text := range all {
			require.True(t, met[set(list, text)], "%v: no sample for %q", list, text)
		}
	}
}

// set names the patterns that admit a text, with overlap and without.
func set(list []reach.Pattern, text string) string {
	var b strings.Builder
	for _, p := range list {
		overlapping := p.Star && strings.HasPrefix(text, p.Head) && strings.HasSuffix(text, p.Tail)
		for _, is := range []bool{p.Admits(text), overlapping} {
			b.WriteByte("01"[map[bool]int{true: 1}[is]])
		}
	}
	return b.String()
}

func TestWithoutAFreeLetterSamplesAreNotComplete(t *testing.T) {
	_, complete := reach.Samples([]reach.Pattern{reach.PatternOf("c*")}, "c")
	require.False(t, complete)
}

func TestTooManySamplesAreNotComplete(t *testing.T) {
	var list []reach.Pattern
	for _, text := range texts("ab", 8) {
		list = append(list, reach.PatternOf(text+"*"+text))
	}
	samples, complete := reach.Samples(list, "c")
	require.False(t, complete)
	require.Len(t, samples, len(list))
}

func TestACoverFindsWhatIsWithin(t *testing.T) {
	list := []reach.Pattern{reach.PatternOf("b"), reach.PatternOf("a*"), reach.PatternOf("ab"), reach.PatternOf("b"), reach.PatternOf("a*b")}
	c := reach.CoverOf(list)
	want := map[int]int{2: 1, 3: 0, 4: 1}
	for i, p := range list {
		by, ok := c.OfEntry(i, p)
		require.Equal(t, want[i], by)
		_, covered := want[i]
		require.Equal(t, covered, ok)
	}
	require.True(t, c.All([]reach.Pattern{reach.PatternOf("a"), reach.PatternOf("b")}))
	require.False(t, c.All([]reach.Pattern{reach.PatternOf("a"), reach.PatternOf("c")}))
}
