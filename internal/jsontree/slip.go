package jsontree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// encoding/json decides what is JSON; its messages name a byte and a rule of the
// grammar ("invalid character 'â' looking for beginning of value"). What follows
// reads a text that it refused once more, as the person meant it, and says in words
// what to change. It knows what people write for JSON: trailing commas, other
// quotes, comments, names without quotes, characters that nobody sees.

// A slip is one thing to change. It has its place, in bytes, and a sentence.
type slip struct {
	kind       slipKind
	start, end int
	text       string
}

// A slipKind is a kind of slip. Of one kind, the first is told, and the others are
// counted.
type slipKind uint8

const (
	slipOther slipKind = iota
	slipTrailingComma
	slipSingleQuotes
	slipOtherQuotes
	slipSpace
	slipComment
	slipBareName
	slipBareStar
	slipBareValue
	slipLiteral
	slipEquals
	slipExtraComma
	slipKinds // how many there are
)

// slipNames say what a further slip is.
var slipNames = [...]string{
	slipTrailingComma: "a trailing comma",
	slipSingleQuotes:  "single quotes",
	slipOtherQuotes:   "quotes that are not \"",
	slipSpace:         "a character that is not seen",
	slipComment:       "a comment",
	slipBareName:      "a name without quotes",
	slipBareStar:      "a * without quotes",
	slipBareValue:     "a value without quotes",
	slipLiteral:       "a word that JSON does not know",
	slipEquals:        "a sign in the place of a colon",
	slipExtraComma:    "a comma too many",
}

// findSlip says what is wrong with a text that is not JSON. fallback is where
// encoding/json found it.
func findSlip(data []byte, fallback int) *Error {
	p := slipParser{data: data}
	for !p.stopped && p.next() {
	}
	if len(p.first) == 0 {
		return &Error{Syntax, fallback, unexpected(data, fallback)}
	}
	first := p.first[0]
	return &Error{Syntax, first.start, first.text + p.others(first)}
}

// others tells of further slips: how many are like the first one, and what others
// there are.
func (p *slipParser) others(first slip) string {
	var b strings.Builder
	if n := p.count[first.kind]; first.kind != slipOther && n > 1 {
		fmt.Fprintf(&b, "; %d more like it", n-1)
	}
	word := "; also "
	for _, s := range p.first[1:] {
		name := slipNames[s.kind]
		if s.kind == slipOther {
			name = s.text
		}
		b.WriteString(word + name)
		if s.start < len(p.data) {
			fmt.Fprintf(&b, " in line %d", p.line(s.start))
		}
		word = ", "
	}
	return b.String()
}

// unexpected names what stands at a place where nothing of the kind may stand.
func unexpected(data []byte, offset int) string {
	if offset >= len(data) {
		return "the document ends too early"
	}
	r, _ := utf8.DecodeRune(data[offset:])
	return charname.Of(r) + " cannot stand here"
}

// A slipParser reads a text as JSON, and goes on behind slips whose correction is
// certain.
type slipParser struct {
	data    []byte
	at      int
	open    []frame
	done    bool // the value of the document has ended
	first   []slip
	count   [slipKinds]int
	stopped bool
}

// note keeps a slip, and goes on.
func (p *slipParser) note(kind slipKind, start, end int, text string) {
	p.count[kind]++
	if p.count[kind] == 1 || kind == slipOther {
		p.first = append(p.first, slip{kind, start, end, text})
	}
}

// stop keeps a slip behind which nothing is certain.
func (p *slipParser) stop(start int, format string, args ...any) {
	p.note(slipOther, start, start, fmt.Sprintf(format, args...))
	p.stopped = true
}

// line returns the number of the line of a place.
func (p *slipParser) line(offset int) int {
	return 1 + bytes.Count(p.data[:min(offset, len(p.data))], []byte("\n"))
}

// quote returns a part of the text as it can be told, cut if it is long.
func (p *slipParser) quote(start, end int) string { return clip(string(p.data[start:end])) }

func clip(s string) string {
	const longest = 40
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s[:min(len(s), 4*longest+4)]); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}

func (p *slipParser) top() *frame {
	if len(p.open) == 0 {
		return nil
	}
	return &p.open[len(p.open)-1]
}

// next reads one token; false at the end of the text.
func (p *slipParser) next() bool {
	if p.at >= len(p.data) {
		p.atEnd()
		return false
	}
	switch c := p.data[p.at]; {
	case strings.IndexByte(" \t\r\n", c) >= 0:
		p.at++
	case p.comment():
	case c == '{' || c == '[':
		p.bracket(c)
	case c == '}' || c == ']':
		p.closing(c)
	case c == ',':
		p.comma()
	case c == ':', c == '=', bytes.HasPrefix(p.data[p.at:], []byte("\uff1a")):
		p.colon()
	case c == '"':
		p.string()
	default:
		p.other()
	}
	return true
}
