package form

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

const (
	blanks        = " \t\r\n"
	byteOrderMark = "\uFEFF"
)

// Of returns the form of a document. It never fails, and its work is linear in the
// length of data.
func Of(data []byte) Form {
	if f := ofBytes(data); f != Unknown {
		return f
	}
	text := trim(data)
	switch {
	case len(text) == 0:
		return Empty
	case isPlaceholder(text):
		return Placeholder
	case text[0] == '<':
		return ofXML(text)
	case text[0] == '{' || text[0] == '[':
		return ofJSON(text)
	}
	if rest := withoutComments(text); len(rest) < len(text) {
		return ofCommented(text, rest)
	}
	return ofText(text)
}

// isPlaceholder reports whether a text begins as those of template languages do.
func isPlaceholder(text []byte) bool {
	for _, sign := range []string{"{{", "{%", "<%", "[%", "${"} {
		if bytes.HasPrefix(text, []byte(sign)) {
			return true
		}
	}
	return false
}

// trim drops what stands before a text and is not seen: blanks of all kinds, byte
// order marks, and other characters without a width.
func trim(data []byte) []byte {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if !isInvisible(r) {
			break
		}
		data = data[size:]
	}
	return bytes.TrimRight(data, blanks+"\x00")
}

func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\u3164'
}

// ofBytes names what is told by its first bytes.
func ofBytes(data []byte) Form {
	for _, mark := range [...]struct {
		form  Form
		bytes string
	}{
		{UTF32, "\xff\xfe\x00\x00"}, {UTF32, "\x00\x00\xfe\xff"}, {UTF16, "\xff\xfe"}, {UTF16, "\xfe\xff"},
		{RTF, `{\rtf`}, {Binary, "\x1f\x8b"}, {Binary, "PK\x03\x04"}, {Binary, "%PDF-"}, {Binary, "\x89PNG"},
		{Binary, "BZh"}, {Binary, "\xfd7zXZ"}, {Binary, "bplist"}, {Binary, "\x7fELF"}, {Binary, "\xd0\xcf\x11\xe0"},
		{Binary, "\xff\xd8\xff"}, {Binary, "GIF8"}, {Binary, "\x28\xb5\x2f\xfd"},
	} {
		if bytes.HasPrefix(data, []byte(mark.bytes)) {
			return mark.form
		}
	}
	// A text of ASCII in UTF-16 without a mark has a zero in each unit.
	if len(data) >= 4 && len(data)%2 == 0 {
		switch {
		case data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0,
			data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
			return UTF16
		}
	}
	return Unknown
}

// withoutComments drops comments before a text: //, /* */ and #.
func withoutComments(text []byte) []byte {
	for {
		switch {
		case bytes.HasPrefix(text, []byte("//")), bytes.HasPrefix(text, []byte("#")) && !bytes.HasPrefix(text, []byte("#!")):
			_, text, _ = bytes.Cut(text, []byte("\n"))
		case bytes.HasPrefix(text, []byte("/*")):
			_, text, _ = bytes.Cut(text, []byte("*/"))
		default:
			return text
		}
		text = trim(text)
	}
}

// ofCommented names a text that begins with a comment; rest is what follows it.
func ofCommented(text, rest []byte) Form {
	if len(rest) == 0 {
		return Unknown
	}
	switch rest[0] {
	case '{', '[':
		return CommentedJSON
	case '<':
		return Unknown
	}
	return ofText(rest)
}

// Inside returns the form of the document that stands inside of another, and where
// it begins in data, in bytes; Unknown if there is none. It looks into forms that
// hold a document as it is: behind comments and header fields, in a fence, in a
// command.
func Inside(data []byte) (Form, int) {
	start := -1
	switch Of(data) {
	case HTTPRequest, HTTPResponse:
		start = behindEmptyLine(data)
	case Fenced, CommentedJSON, Preceded:
		start = lineOf(data, documentLine)
	case CurlCommand, ShellCommand, ProgramCode:
		start = bytes.IndexAny(data, "{[<")
	}
	if start < 0 {
		return Unknown, 0
	}
	text := trim(data[start:])
	start = len(bytes.TrimRight(data, blanks+"\x00")) - len(text)
	switch f := Of(text); f {
	case Unknown, Empty, HTTPRequest, HTTPResponse:
		return Unknown, 0
	default:
		return f, start
	}
}

func behindEmptyLine(data []byte) int {
	for _, empty := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(data, []byte(empty)); i >= 0 {
			return i + len(empty)
		}
	}
	return -1
}

// lineOf returns where the first line begins that f accepts; -1 if none does.
func lineOf(data []byte, f func(line []byte) bool) int {
	for start := 0; start < len(data); {
		line, _, _ := bytes.Cut(data[start:], []byte("\n"))
		if f(line) {
			return start
		}
		start += len(line) + 1
	}
	return -1
}

// documentLine reports whether a line begins as a document does.
func documentLine(line []byte) bool {
	line = trim(line)
	return len(line) > 0 && (line[0] == '{' || line[0] == '[' || line[0] == '<')
}
