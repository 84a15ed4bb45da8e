package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// longWord is the number of bytes from which a text is not shown in a command but
// compressed, so that the command of a document of 64 KB still fits into a window.
const longWord = 2048

// shellWord returns a word of a POSIX shell that stands for a text, on one line.
// A shell cannot have a NUL in a word, and drops line feeds at the end of one that
// another command prints.
func shellWord(s string) string {
	switch {
	case len(s) >= longWord:
		return `"$(` + printed(s) + `)"`
	case !plain(s):
		return `"$(printf ` + printfFormat(s) + `)"`
	case s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,-") == "":
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// printed returns a command that prints a text exactly, whatever bytes it has.
func printed(s string) string {
	if len(s) < longWord {
		return "printf " + printfFormat(s)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s)) // a bytes.Buffer takes everything
	_ = z.Close()
	return "printf %s " + base64.StdEncoding.EncodeToString(b.Bytes()) + " | base64 -d | gzip -d"
}

// plain reports whether every character of a text can be seen.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !strconv.IsPrint(r) })
}

// printfFormat returns a format that printf(1) prints as the text. An exclamation
// mark is escaped because an interactive bash looks for it within double quotes, a
// hyphen in front because printf would take it for an option.
func printfFormat(s string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch part := s[i : i+size]; {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\\':
			b.WriteString(`\\`)
		case r == '%':
			b.WriteString(`%%`)
		case r == '\'':
			b.WriteString(`'\''`)
		case r == '!' || r == '-' && i == 0 || r == utf8.RuneError && size == 1 || !strconv.IsPrint(r):
			for _, c := range []byte(part) {
				fmt.Fprintf(&b, `\%03o`, c)
			}
		default:
			b.WriteString(part)
		}
		i += size
	}
	return b.String() + "'"
}
