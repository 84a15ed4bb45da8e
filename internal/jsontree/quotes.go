package jsontree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// string reads a string in double quotes.
func (p *slipParser) string() {
	start := p.at
	for i := start + 1; i < len(p.data); i++ {
		switch c := p.data[i]; {
		case c == '"':
			p.word(start, i+1, true)
			return
		case c == '\\':
			if !p.escape(i) {
				return
			}
			i++
		case c == '\n':
			p.unclosed(start, i)
			return
		case c == '\t':
			p.stop(i, "a tab stands in a string: write \\t, or a space")
			return
		case c < ' ' && c != '\r':
			p.stop(i, "%s stands in a string: remove it", charname.Of(rune(c)))
			return
		}
	}
	p.unclosed(start, len(p.data))
}

// escape judges an escape sequence.
func (p *slipParser) escape(i int) bool {
	rest := p.data[i+1:]
	switch {
	case len(rest) == 0, strings.IndexByte(`"\/bfnrt`, rest[0]) >= 0:
		return true
	case rest[0] == 'u':
		for j := 1; j <= 4; j++ {
			if len(rest) <= j || !isHex(rest[j]) {
				p.stop(i, `four hexadecimal digits must follow \u`)
				return false
			}
		}
		return true
	}
	r, _ := utf8.DecodeRune(rest)
	p.stop(i, `\%s means nothing in JSON: write %s alone, or \\ for a backslash`, clip(string(r)), clip(string(r)))
	return false
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// unclosed judges a string in double quotes that its line does not close; end is the
// end of the line.
func (p *slipParser) unclosed(start, end int) {
	line := bytes.TrimRight(p.data[start+1:end], " \t\r")
	text := bytes.TrimRight(line, " \t,]}:")
	r, size := utf8.DecodeLastRune(text)
	if isQuote(r) && len(text) > size {
		quote := start + 1 + len(text) - size
		name := p.quote(start+1, quote)
		p.note(quoteKind(r), quote, quote+size, fmt.Sprintf("the string %q is closed by %s: write \"%s\"", name, charname.Of(r), name))
		p.word(start, quote+size, true)
		return
	}
	p.stop(start, "the string that begins here is never closed: a double quote (\") is missing in its line")
}

// The quotes that people's editors and phones write.
const quotes = "'`\u00b4\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb\u2032\u2033\uff02\uff07"

func isQuote(r rune) bool { return strings.ContainsRune(quotes, r) && r != utf8.RuneError }

func quoteKind(r rune) slipKind {
	if r == '\'' {
		return slipSingleQuotes
	}
	return slipOtherQuotes
}

// otherQuotes reads a string in quotes of another kind.
func (p *slipParser) otherQuotes(open rune, size int) {
	start := p.at
	for i := start + size; i < len(p.data); {
		r, n := utf8.DecodeRune(p.data[i:])
		switch {
		case r == '\n':
			i = len(p.data)
			continue
		case isQuote(r) && closes(open, r) || r == '"':
			text := p.quote(start+size, i)
			p.note(quoteKind(open), start, i+n, fmt.Sprintf("%s stands for a double quote: write \"%s\"", charname.Of(open), text))
			p.word(start, i+n, true)
			return
		case r == '\\':
			i++
		}
		i += n
	}
	p.stop(start, "%s begins a string that is never closed: write double quotes (\") around it", charname.Of(open))
}

// closes reports whether a quote may close a string that another one opens.
func closes(open, r rune) bool {
	const single = "'\u2018\u2019\u201a\u201b\u2032\uff07`\u00b4"
	if strings.ContainsRune(single, open) {
		return strings.ContainsRune(single, r)
	}
	return true
}
