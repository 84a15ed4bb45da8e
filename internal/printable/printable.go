// Package printable makes text of others fit for a line of a terminal or a log.
package printable

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// String returns s with what does not print, and what is not UTF-8, escaped as in
// a Go string; quotes and backslashes stay.
func String(s string) string {
	for i, r := range s {
		if r == utf8.RuneError || !strconv.IsPrint(r) {
			return s[:i] + escape(s[i:])
		}
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		s = s[size:]
	}
	return b.String()
}
