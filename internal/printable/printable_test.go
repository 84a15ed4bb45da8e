package printable_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/printable"
)

func TestString(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing stays nothing", "", ""},
		{"what prints stays, quotes and backslashes too", `é "q" \ ☃`, `é "q" \ ☃`},
		{"a tab and a line feed are escaped", "a\tb\nc", `a\tb\nc`},
		{"an escape sequence cannot reach a terminal", "\x1b[2J", `\x1b[2J`},
		{"what is not UTF-8 is escaped byte by byte", "a\xff\xfe", `a\xff\xfe`},
		{"a replacement character that is one stays", "a\uFFFDb", "a\uFFFDb"},
		{"what turns the direction of writing is escaped", "a\u202eb", `a\u202eb`},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, printable.String(row.text)) })
	}
}
