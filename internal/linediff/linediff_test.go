package linediff_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/linediff"
)

func TestUnified(t *testing.T) {
	for _, tt := range []struct{ name, from, to, want string }{
		{"equal texts", "a\nb\n", "a\nb\n", ""},
		{"a line that is another", "a\nb\nc\n", "a\nx\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"},
		{"a line more at the end", "a\n", "a\nb\n", "@@ -1,1 +1,2 @@\n a\n+b\n"},
		{"a line less at the start", "a\nb\n", "b\n", "@@ -1,2 +1,1 @@\n-a\n b\n"},
		{"two changes that are near", "1\na\n2\n3\n4\nb\n5\n", "1\nx\n2\n3\n4\ny\n5\n", "@@ -1,7 +1,7 @@\n 1\n-a\n+x\n 2\n 3\n 4\n-b\n+y\n 5\n"},
		{"two changes that are far", "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n", "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n"},
		{"what does not print", "a\tb\n", "a\tb\x1b[31m\u202e\n", "@@ -1,1 +1,1 @@\n-a\tb\n+a\tb\\x1b[31m\\u202e\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			want := tt.want
			if want != "" {
				want = "--- f\n+++ f\n" + want
			}
			require.Empty(t, cmp.Diff(want, linediff.Unified("f", tt.from, tt.to)))
		})
	}
}

func TestLongTextsAreOneChange(t *testing.T) {
	from, to := strings.Repeat("a\n", 5000), strings.Repeat("b\na\n", 5000)
	require.Equal(t, 5000+10000+3, strings.Count(linediff.Unified("f", from, to+"c\n"), "\n")-1)
}
