package xmltext

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// writtenValue cuts the value of the next attribute, as it stands between its
// quotes, from the front of the source of a start tag.
func writtenValue(source []byte) (value, rest []byte) {
	source = source[bytes.IndexAny(source, `"'`):]
	value, rest, _ = bytes.Cut(source[1:], source[:1])
	return value, rest
}

// spaces makes a space of each tab and each line end.
var spaces = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ")

// normalised returns the value of an attribute as it counts (XML 1.0 section
// 3.3.3): a tab or a line end is a space, but what a reference stands for remains.
// encoding/xml resolves references and makes line ends line feeds, after which
// "&#10;" and a line end look alike; only written tells them apart.
func normalised(value string, written []byte) string {
	if !strings.ContainsAny(value, "\t\n") {
		return value
	}
	var b strings.Builder
	for rest, more := string(written), true; more; {
		var text string
		text, rest, more = strings.Cut(rest, "&")
		text = spaces.Replace(text)
		b.WriteString(text)
		value = value[len(text):] // a line end is one byte in both
		if more {
			_, size := utf8.DecodeRuneInString(value)
			b.WriteString(value[:size])
			value = value[size:]
			_, rest, _ = strings.Cut(rest, ";")
		}
	}
	return b.String()
}
