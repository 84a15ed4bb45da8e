// Package charname names characters to people who cannot see them, or cannot tell
// them from others: white space, marks without a width, curly quotes, dashes.
package charname

import (
	"fmt"
	"strconv"
	"unicode"
)

var names = map[rune]string{
	0:        "a NUL",
	'\t':     "a tab",
	'\n':     "a line feed",
	'\v':     "a vertical tab",
	'\f':     "a form feed",
	'\r':     "a carriage return",
	0x1b:     "an escape character",
	' ':      "a space",
	0x7f:     "a delete character",
	0x85:     "a next line character",
	0xa0:     "a no-break space",
	0xad:     "a soft hyphen",
	0x1680:   "an ogham space",
	0x2002:   "an en space",
	0x2003:   "an em space",
	0x2007:   "a figure space",
	0x2009:   "a thin space",
	0x200a:   "a hair space",
	0x200b:   "a zero-width space",
	0x200c:   "a zero-width non-joiner",
	0x200d:   "a zero-width joiner",
	0x200e:   "a left-to-right mark",
	0x200f:   "a right-to-left mark",
	0x2028:   "a line separator",
	0x2029:   "a paragraph separator",
	0x202a:   "a left-to-right embedding",
	0x202e:   "a right-to-left override",
	0x202f:   "a narrow no-break space",
	0x205f:   "a mathematical space",
	0x2060:   "a word joiner",
	0x3000:   "an ideographic space",
	0xfeff:   "a byte order mark",
	0xfffd:   "a replacement character",
	'\'':     "a single quote",
	'"':      "a double quote",
	'`':      "a backtick",
	'\u00b4': "an acute accent",
	'\u2018': "a curly quote",
	'\u2019': "a curly quote",
	'\u201a': "a curly quote",
	'\u201b': "a curly quote",
	'\u201c': "a curly quote",
	'\u201d': "a curly quote",
	'\u201e': "a curly quote",
	'\u201f': "a curly quote",
	'\u2032': "a prime",
	'\u2033': "a double prime",
	'\u00ab': "an angle quote",
	'\u00bb': "an angle quote",
	'\uff02': "a wide quote",
	'\uff07': "a wide quote",
	'\uff0c': "a wide comma",
	'\uff1a': "a wide colon",
	'\u2010': "a hyphen",
	'\u2011': "a no-break hyphen",
	'\u2012': "a figure dash",
	'\u2013': "an en dash",
	'\u2014': "an em dash",
	'\u2212': "a minus sign",
	'\u2026': "an ellipsis",
	'\u2217': "an asterisk operator",
	'\uff0a': "a wide asterisk",
	'\u00d7': "a multiplication sign",
	'*':      "a star",
	',':      "a comma",
	':':      "a colon",
	';':      "a semicolon",
	'/':      "a slash",
	'\\':     "a backslash",
}

// Of returns what to call r: its name with an article, the character itself if it
// can be seen, and its code point if it is beyond ASCII or cannot be seen. The space
// and the line ends have their names alone.
func Of(r rune) string {
	name, known := names[r]
	switch {
	case known && (r == ' ' || '\t' <= r && r <= '\r'):
		return name
	case known && r < 0x7f && unicode.IsPrint(r):
		return name + " (" + string(r) + ")"
	case known && seen(r):
		return fmt.Sprintf("%s %c (U+%04X)", name, r, r)
	case known:
		return fmt.Sprintf("%s (U+%04X)", name, r)
	case r < 0x80 && seen(r):
		return strconv.Quote(string(r))
	case seen(r):
		return fmt.Sprintf("the character %c (U+%04X)", r, r)
	case unicode.IsSpace(r):
		return fmt.Sprintf("a space of another width (U+%04X)", r)
	case unicode.IsControl(r):
		return fmt.Sprintf("a control character (U+%04X)", r)
	}
	return fmt.Sprintf("an invisible character (U+%04X)", r)
}

func seen(r rune) bool { return unicode.IsPrint(r) && r != 0xfffd && r != ' ' }

// IsBlank reports whether r is white space, or a mark that has no width.
func IsBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '\u3164' }

// NotUTF8 says that a byte is no part of a text in UTF-8.
func NotUTF8(b byte) string {
	return fmt.Sprintf("the byte 0x%02X is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252", b)
}
