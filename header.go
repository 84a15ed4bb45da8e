package s3cors

import (
	"encoding/binary"
	"strings"
	"unsafe"
)

// The classes of bytes that matter in names of header fields. Those of a text's
// bytes are or-ed, so that one pass without branches tells all. Token characters
// other than upper-case letters, and the comma between names, are in no class.
const (
	upperCase = 1 << iota // A to Z
	blank                 // SP or HTAB (10/blank)
	illegal               // no token character (RFC 9110 section 5.6.2), nor any of these
)

var classes = func() (table [256]uint8) {
	for b := range table {
		switch c := byte(b); {
		case 'A' <= c && c <= 'Z':
			table[b] = upperCase
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("!#$%&'*+-.^_`|~,", c) >= 0:
		case c == ' ' || c == '\t':
			table[b] = blank
		default:
			table[b] = illegal
		}
	}
	return table
}()

// classOf returns the classes of the bytes of s.
func classOf(s string) uint8 {
	if isPlain(s) {
		return 0
	}
	var class uint8
	for len(s) >= 8 {
		class |= classes[s[0]] | classes[s[1]] | classes[s[2]] | classes[s[3]] |
			classes[s[4]] | classes[s[5]] | classes[s[6]] | classes[s[7]]
		s = s[8:]
	}
	for i := range len(s) {
		class |= classes[s[i]]
	}
	return class
}

// isToken reports whether s holds token characters only. The empty string does.
func isToken(s string) bool {
	return classOf(s)&(blank|illegal) == 0 && strings.IndexByte(s, ',') < 0
}

// lower returns s with its ASCII letters in lower case.
func lower(s string) string {
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return string(appendLower(nil, s))
		}
	}
	return s
}

// appendLower appends s, with its ASCII letters in lower case, to dst.
func appendLower(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(dst, s...)
	lowerASCII(dst[start:])
	return dst
}

// lowerASCII turns the upper-case ASCII letters of b into lower case, eight at a
// time where it can.
func lowerASCII(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		binary.LittleEndian.PutUint64(b, lowerWord(binary.LittleEndian.Uint64(b)))
	}
	for i, c := range b {
		b[i] = lowerByte(c)
	}
}

// A name is one element of Access-Control-Request-Headers: value[start:end]. The
// next one starts at next.
type name struct{ start, end, next int }

// nameAt returns the name that starts at value[start], false if there is none.
// A comma together with all commas and blanks behind it separates two names, so
// that of the empty names only a leading one is left, and that only if another
// name follows (4.3/one-rule).
func nameAt(value string, start int) (n name, ok bool) {
	n = name{start, len(value), len(value)}
	if i := strings.IndexByte(value[start:], ','); i >= 0 {
		n.end = start + i
		n.next = n.end + 1
		for n.next < len(value) && isSeparator(value[n.next]) {
			n.next++
		}
	}
	return n, start < n.end || n.next < len(value)
}

// wordAt returns the first name at or behind value[start] where many separators
// divide names, false if there is none. Empty names do not exist there
// (ceph-1/name-separators).
func wordAt(value string, start int) (n name, ok bool) {
	for start < len(value) && divides(value[start]) {
		start++
	}
	n = name{start: start, end: start}
	for n.end < len(value) && !divides(value[n.end]) {
		n.end++
	}
	n.next = n.end
	return n, n.start < n.end
}

// divides reports whether b stands between names where many separators do.
func divides(b byte) bool {
	return b == ',' || b == ';' || b == '=' || b == ' ' || b == '\t'
}

// isWords reports whether value holds names, with one comma between each two of
// them and nothing else.
func isWords(value string) bool {
	divided := true
	for i := range len(value) {
		b := value[i]
		if divides(b) && (divided || b != ',') {
			return false
		}
		divided = b == ','
	}
	return !divided
}

// appendWords appends the names in value to dst, as they are, joined with ",".
func appendWords(dst []byte, value string) []byte {
	start := len(dst)
	for n, ok := wordAt(value, 0); ok; n, ok = wordAt(value, n.next) {
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, value[n.start:n.end]...)
	}
	return dst
}

// isSeparator reports whether b goes with a comma before it.
func isSeparator(b byte) bool { return b == ',' || b == ' ' || b == '\t' }

// blanksSeparate reports whether every blank in value, all of whose other bytes
// are legal, stands behind a comma: elsewhere it is part of a name, and makes
// that invalid (10/blank, 10/blank-before-comma).
func blanksSeparate(value string) bool {
	for _, b := range [...]byte{' ', '\t'} {
		for i := 0; ; i++ {
			n := strings.IndexByte(value[i:], b)
			if n < 0 {
				break
			}
			i += n
			if i == 0 || !isSeparator(value[i-1]) {
				return false
			}
		}
	}
	return true
}

// firstInvalid returns the first name in value that is not a token, without
// blanks around it: what S3 names in its refusal (9/invalid-token-trimmed).
func firstInvalid(value string) string {
	for n, ok := nameAt(value, 0); ok; n, ok = nameAt(value, n.next) {
		if text := value[n.start:n.end]; !isToken(text) {
			return strings.Trim(text, " \t")
		}
	}
	return ""
}

// isJoined reports whether appendNames would give value back unchanged.
func isJoined(value string) bool {
	if value == "" || value[0] == ',' {
		return false
	}
	n, _ := nameAt(value, 0)
	for n.next < len(value) {
		if value[n.end:n.next] != ", " {
			return false
		}
		n, _ = nameAt(value, n.next)
	}
	return n.end == len(value) && classOf(value)&upperCase == 0
}

// appendNames appends the names in value to dst: lowered, in their order,
// joined with ", " (5.1/allow-headers). It goes eight bytes at a time where it can, and
// what is behind the first comma among them is written again from its new place on.
func appendNames(dst []byte, value string) []byte {
	start := len(dst)
	size := start + len(value) + strings.Count(value, ",") // a separator may grow by a blank
	if cap(dst) < size {
		dst = append(make([]byte, 0, size), dst...)
	}
	out := dst[start:size]
	read, written, from := 0, 0, 0 // from is where the name begins that is being written
	for read+8 <= len(value) {
		w := word(value[read : read+8])
		binary.LittleEndian.PutUint64(out[written:written+8], lowerNames(w))
		n := firstComma(w)
		read, written = read+n, written+n
		if n < 8 {
			read, written = separate(out, value, read, written)
			from = written
		}
	}
	if n := len(value) - read; 0 < n && n+written-from >= 8 {
		// The last eight bytes overlap those before.
		if w := word(value[len(value)-8:]); firstComma(w) == 8 {
			binary.LittleEndian.PutUint64(out[written+n-8:written+n], lowerNames(w))
			return dst[:start+written+n]
		}
	}
	for read < len(value) {
		if value[read] == ',' {
			read, written = separate(out, value, read, written)
			continue
		}
		out[written] = lowerByte(value[read])
		read, written = read+1, written+1
	}
	return dst[:start+written]
}

// separate writes what stands for the separator that begins at value[read], and returns
// where to go on.
func separate(out []byte, value string, read, written int) (int, int) {
	if read = behindSeparator(value, read); read < len(value) {
		out[written], out[written+1] = ',', ' '
		written += 2
	}
	return read, written
}

// behindSeparator returns where the separator that begins with the comma at value[at]
// ends.
func behindSeparator(value string, at int) int {
	for at++; at < len(value) && isSeparator(value[at]); {
		at++
	}
	return at
}

// joinNames returns what appendNames appends, in one allocation at most.
func joinNames(value string) string {
	if _, ok := nameAt(value, 0); !ok {
		return "" // nothing but commas, of which there may be thousands
	}
	if isJoined(value) {
		return value
	}
	// The buffer is on the heap, and nobody has it but the string.
	return view(appendNames(nil, value))
}

// joinLines returns the value of a field with these lines: each without the
// spaces and tabs around it (10/transport-blanks), which HTTP/2 lets through,
// joined with "," (10/field-lines).
func joinLines(lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return trimBlanks(lines[0])
	}
	trimmed := make([]string, len(lines))
	for i := range lines {
		trimmed[i] = trimBlanks(lines[i])
	}
	return strings.Join(trimmed, ",")
}

// lastLine returns the value of a field of whose lines the last one counts
// (ceph-1/last-line).
func lastLine(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return trimBlanks(lines[len(lines)-1])
}

func trimBlanks(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// view returns b as a string, without the copy that string(b) makes. The string is
// valid as long as b is neither changed nor, if it lives on the stack, out of scope:
// what unsafe.String asks for (https://pkg.go.dev/unsafe#String).
//
// All callers see to that. Some give their buffer away with the string, alone (joinNames,
// namesAsSent) or in an allocation with other values (FieldValues). Of the others nothing
// outlives the buffer, which lies on the stack, since a lookup compares and hashes its value,
// and keeps none of it. With copies, each preflight that anybody sends would allocate, up to
// 8 KiB. strings.Builder would do in joinNames, where it works in the same way, but it cannot
// lie on the stack. What a matcher is built of is never made so.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
