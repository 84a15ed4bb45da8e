package xmltext

import "unicode/utf8"

// Blanks are the characters that XML calls white space (XML 1.0 section 2.3).
const Blanks = " \t\r\n"

// IsChar reports whether an XML 1.0 document may hold r (XML 1.0 section 2.2).
func IsChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		0x20 <= r && r <= 0xD7FF || 0xE000 <= r && r <= 0xFFFD || 0x10000 <= r && r <= utf8.MaxRune
}

// IllegalAt returns the offset of the first byte of text that is no part of a
// character of XML 1.0 in UTF-8; -1 if there is none.
func IllegalAt[Text ~string | ~[]byte](text Text) int {
	for i := 0; i < len(text); {
		if b := text[i]; 0x20 <= b && b < utf8.RuneSelf {
			i++
			continue
		}
		r, size := decode(text[i:min(i+utf8.UTFMax, len(text))])
		if !IsChar(r) || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// decode returns the first character of a text of at most four bytes.
func decode[Text ~string | ~[]byte](text Text) (rune, int) {
	var buffer [utf8.UTFMax]byte
	return utf8.DecodeRune(buffer[:copy(buffer[:], text)])
}
