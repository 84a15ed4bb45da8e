package s3cors

import (
	"slices"
	"unicode/utf8"
)

// lines turns offsets in a text into positions, in a time that does not grow with
// the length of lines.
type lines struct {
	text  []byte
	base  int // the bytes before text in the document
	stops []stop
}

// A stop is the position of the character at which a step of the text begins.
type stop struct{ offset, line, column int }

// step is how many bytes lie between two stops, about.
const step = 256

// newLines returns the lines of a document, text, that ends data.
func newLines(data, text []byte) lines {
	l := lines{text: text, base: len(data) - len(text), stops: []stop{{0, 1, 1}}}
	for at := l.stops[0]; at.offset < len(text); {
		at = at.walk(text, at.offset+step)
		l.stops = append(l.stops, at)
	}
	return l
}

// walk returns the position of the first character not before offset.
func (s stop) walk(text []byte, offset int) stop {
	for s.offset < offset && s.offset < len(text) {
		r, size := utf8.DecodeRune(text[s.offset:])
		s.offset += size
		s.column++
		if r == '\n' {
			s.line, s.column = s.line+1, 1
		}
	}
	return s
}

func (l lines) position(offset int) Position {
	i, exact := slices.BinarySearchFunc(l.stops, offset, func(s stop, offset int) int { return s.offset - offset })
	if !exact {
		i = max(i-1, 0)
	}
	s := l.stops[i].walk(l.text, offset)
	return Position{Line: s.line, Column: s.column, Offset: l.base + s.offset}
}

// characterLength returns how many bytes the character at an offset has; 0 at the
// end of the text.
func characterLength(text []byte, offset int) int {
	_, size := utf8.DecodeRune(text[min(offset, len(text)):])
	return size
}
