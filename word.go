package s3cors

import "math/bits"

// word returns the first eight bytes of s as a number.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// eachByte times the value of a byte is a word of eight such bytes.
const eachByte = 0x0101010101010101

// lowerWord returns a word with its upper-case ASCII letters in lower case.
func lowerWord(w uint64) uint64 {
	low := w &^ (0x80 * eachByte)
	fromA := low + (0x80-'A')*eachByte   // bit 7 of a byte: it is not below A
	pastZ := low + (0x80-'Z'-1)*eachByte // bit 7 of a byte: it is above Z
	upper := fromA &^ pastZ &^ w & (0x80 * eachByte)
	return w | upper>>2 // 0x80>>2 is 'a'-'A'
}

// lowerNames is lowerWord for what is mostly in lower case: it looks first whether a byte is
// among those of which upper-case letters are, in which bit 6 is set, and bit 5 is not.
func lowerNames(w uint64) uint64 {
	if w&^(w<<1)&(0x40*eachByte) == 0 {
		return w
	}
	return lowerWord(w)
}

// lowerByte returns an upper-case ASCII letter in lower case, and any other byte as it is.
func lowerByte(b byte) byte {
	if 'A' <= b && b <= 'Z' {
		return b + 'a' - 'A'
	}
	return b
}

// firstComma returns how many bytes of a word stand before its first comma, 8 if it has
// none. A byte that is 0 is the first in which a borrow sets bit 7 without its having been
// set.
func firstComma(w uint64) int {
	x := w ^ ','*eachByte
	return bits.TrailingZeros64((x-eachByte)&^x&(0x80*eachByte)) / 8
}

// isPlain reports whether s, of eight bytes or more, holds nothing but lower-case
// letters, digits, hyphens and commas: what browsers ask for mostly.
func isPlain(s string) bool {
	const top = 0x80 * eachByte
	if len(s) < 8 {
		return false
	}
	other := otherBytes(word(s))
	if other&top != 0 {
		return false // as what is written in mixed case, at once
	}
	other |= otherBytes(word(s[len(s)-8:])) // which overlaps those before
	for s = s[8:]; len(s) > 16; s = s[16:] {
		other |= otherBytes(word(s)) | otherBytes(word(s[8:16]))
	}
	if len(s) > 8 {
		other |= otherBytes(word(s))
	}
	return other&top == 0
}

// otherBytes sets bit 7 of each byte that is no lower-case letter, digit, hyphen or
// comma. If the bytes are ASCII, the two halves of each line differ in bit 7 if a byte is
// within the bounds of the range; of the letters, if it is not. A byte that is not ASCII
// has the bit itself, whatever it carries into others.
func otherBytes(w uint64) uint64 {
	noLetter := ((0x80+'a'-1)*eachByte - w) ^ (w + (0x80-'z'-1)*eachByte)
	digit := (w + (0x80-'0')*eachByte) ^ (w + (0x80-'9'-1)*eachByte)
	mark := (w + (0x80-',')*eachByte) ^ (w + (0x80-'-'-1)*eachByte)
	return noLetter ^ digit ^ mark | w
}
