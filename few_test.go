package s3cors

import (
	"fmt"
	"testing"
)

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
