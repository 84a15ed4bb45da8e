package s3cors

import (
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
