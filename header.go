package s3cors

import (
	"strings"
	"unsafe"
)

// fold maps each character of a token (RFC 9110 section 5.6.2) to its lower
// case, and every other byte to 0.
var fold = func() (table [256]byte) {
	for c := byte('0'); c <= '9'; c++ {
		table[c] = c
	}
	for c := byte('a'); c <= 'z'; c++ {
		table[c] = c
		table[c-'a'+'A'] = c
	}
	for _, c := range []byte("!#$%&'*+-.^_`|~") {
		table[c] = c
	}
	return table
}()

// isToken reports whether s holds token characters only. The empty string does.
func isToken(s string) bool {
	for i := range len(s) {
		if fold[s[i]] == 0 {
			return false
		}
	}
	return true
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
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// isBlank reports whether b is a blank inside a field value (10/blank).
func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// names walks over the names in the value of Access-Control-Request-Headers. A
// comma together with all commas and blanks behind it separates two names, so
// that of the empty names only a leading one is left, and that only if another
// name follows (4.3/leading-empty, 4.3/interior-empty, 4.3/trailing-comma).
type names struct{ rest string }

// A name is one element of Access-Control-Request-Headers.
type name struct {
	// text is the name as it was sent.
	text string
	// valid is false if text holds a character that is not a token's.
	valid bool
	// upper is true if text holds an upper-case letter.
	upper bool
}

// next returns the next name, false if there is none.
func (n *names) next() (name, bool) {
	value := n.rest
	if value == "" {
		return name{}, false
	}
	i, changed := 0, false
	for i < len(value) && fold[value[i]] != 0 {
		changed = changed || fold[value[i]] != value[i]
		i++
	}
	valid := i == len(value) || value[i] == ','
	if !valid {
		i = comma(value, i)
	}
	end := i
	for i < len(value) && (value[i] == ',' || isBlank(value[i])) {
		i++
	}
	n.rest = value[i:]
	if end == 0 && n.rest == "" {
		return name{}, false
	}
	return name{value[:end], valid, changed}, true
}

// comma returns where the first comma of value stands that is not before from,
// or the length of value.
func comma(value string, from int) int {
	if i := strings.IndexByte(value[from:], ','); i >= 0 {
		return from + i
	}
	return len(value)
}

// firstInvalid returns the first name in value that is not a token, without
// blanks around it: what S3 names in its refusal (9/header-token-text).
func firstInvalid(value string) string {
	list := names{value}
	for n, ok := list.next(); ok; n, ok = list.next() {
		if !n.valid {
			return strings.Trim(n.text, " \t")
		}
	}
	return ""
}

// isJoined reports whether appendNames would give value back unchanged.
func isJoined(value string) bool {
	list := names{value}
	written := 0
	for n, ok := list.next(); ok; n, ok = list.next() {
		if written > 0 {
			if !strings.HasPrefix(value[written:], ", ") {
				return false
			}
			written += len(", ")
		}
		if n.upper || !strings.HasPrefix(value[written:], n.text) {
			return false
		}
		written += len(n.text)
	}
	return written == len(value)
}

// appendNames appends the names in value to dst: lowered, in their order,
// joined with ", " (5.1/allow-headers).
func appendNames(dst []byte, value string) []byte {
	list := names{value}
	for i := 0; ; i++ {
		n, ok := list.next()
		if !ok {
			return dst
		}
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = appendLower(dst, n.text)
	}
}

// joinNames returns what appendNames appends, in one allocation.
func joinNames(value string) string {
	// Each separator holds a comma at least, and may grow by a blank.
	size := len(value) + strings.Count(value, ",")
	return view(appendNames(make([]byte, 0, size), value))
}

// view returns b as a string, without a copy. The string is valid as long as b
// is neither changed nor, if it lives on the stack, out of scope.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }
