package jsontree

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// comment passes over a comment.
func (p *slipParser) comment() bool {
	rest := p.data[p.at:]
	for _, form := range [...]struct{ begin, end string }{{"//", "\n"}, {"/*", "*/"}, {"#", "\n"}, {"<!--", "-->"}, {"-- ", "\n"}} {
		if !bytes.HasPrefix(rest, []byte(form.begin)) {
			continue
		}
		length := bytes.Index(rest[len(form.begin):], []byte(form.end))
		end := len(p.data)
		if length >= 0 {
			end = p.at + len(form.begin) + length + len(form.end)
		} else if form.end != "\n" {
			p.stop(p.at, "the comment that begins here never ends; JSON has no comments: remove it")
			return true
		}
		p.note(slipComment, p.at, end, "JSON has no comments: remove it")
		p.at = end
		return true
	}
	return false
}

// other reads what begins like nothing in JSON, and literals and numbers.
func (p *slipParser) other() {
	r, size := utf8.DecodeRune(p.data[p.at:])
	switch {
	case isQuote(r):
		p.otherQuotes(r, size)
	case charname.IsBlank(r):
		cure := "remove it"
		if r == '\u00a0' || r == '\u202f' || r == '\u3000' {
			cure = "write a plain space"
		}
		p.note(slipSpace, p.at, p.at+size, charname.Of(r)+" stands here: "+cure)
		p.at += size
	case r == '\uff0c':
		p.stop(p.at, "%s stands here: write a plain comma (,)", charname.Of(r))
	case r == ';':
		p.semicolon()
	case r < ' ', r == utf8.RuneError && size <= 1:
		p.stop(p.at, "%s stands here: remove it", charname.Of(r))
	default:
		p.bare()
	}
}

func (p *slipParser) semicolon() {
	if p.done {
		p.stop(p.at, "a semicolon stands behind the end of the document: remove it")
		return
	}
	p.stop(p.at, "a semicolon stands here: write a comma (,)")
}

// bare reads a word without quotes.
func (p *slipParser) bare() {
	f := p.top()
	isName := f != nil && f.open == '{' && (f.want == wantFirst || f.want == wantNext)
	start, end := p.at, p.wordEnd(isName)
	text := string(p.data[start:end])
	switch {
	case p.behindTheEnd("text"):
	case f != nil && f.want == wantColon && strings.HasPrefix(text, "=>"):
		p.colon()
	case text[0] == '(' || text[0] == ')':
		p.stop(start, "a parenthesis stands here: write { and } around an object, [ and ] around a list")
	case f != nil && f.want == wantEndOfOne && len(text) == 3 && isDigits(text) && isDigits(string(p.data[f.end-1])):
		p.stop(f.end, "white space stands in a number: write it in one")
	case f != nil && (f.want == wantEndOfOne || f.want == wantColon):
		p.beforeValue(clip(text))
	case strings.Trim(text, ".…") == "":
		p.stop(start, "%s stands for something that was left out: write it, or remove the dots", clip(text))
	case end < len(p.data) && p.data[end] == '"' && (isName || !isLiteral(text)):
		p.note(slipBareValue, start, end+1, fmt.Sprintf("a double quote (\") is missing before %s: write %q", clip(text), clip(text)))
		p.word(start, end+1, true)
	case isName:
		p.bareName(text, start, end)
	case isLiteral(text):
		p.word(start, end, false)
	default:
		p.bareValue(text, start, end)
	}
}

// wordEnd returns where the word at the current place ends. A name ends at the sign
// behind it, a value does not, so that an address is one.
func (p *slipParser) wordEnd(isName bool) int {
	rest := p.data[p.at:]
	if bytes.HasPrefix(rest, []byte("${")) {
		if end := bytes.IndexAny(rest, "}\n"); end > 0 {
			return p.at + end + 1
		}
	}
	stops := " \t\r\n,;，[]{}\"'“”"
	if isName {
		stops += ":="
	}
	_, first := utf8.DecodeRune(rest)
	end := bytes.IndexFunc(rest[first:], func(c rune) bool { return strings.ContainsRune(stops, c) || charname.IsBlank(c) })
	if end < 0 {
		return len(p.data)
	}
	return p.at + first + end
}

func (p *slipParser) bareName(text string, start, end int) {
	if text[0] == '<' {
		p.stop(start, "XML stands inside of JSON: write one of them alone")
		return
	}
	p.note(slipBareName, start, end, fmt.Sprintf("a name must stand in double quotes: write %q", clip(text)))
	p.word(start, end, false)
}

// isLiteral reports whether a word is a value of JSON.
func isLiteral(text string) bool {
	switch text {
	case "true", "false", "null":
		return true
	}
	return isNumber(text)
}

// isNumber reports whether a word is a number by RFC 8259 section 6.
func isNumber(text string) bool {
	digits := func(s string) (string, bool) {
		rest := strings.TrimLeft(s, "0123456789")
		return rest, len(rest) < len(s)
	}
	text = strings.TrimPrefix(text, "-")
	rest, ok := digits(text)
	if !ok || text[0] == '0' && len(text)-len(rest) > 1 {
		return false
	}
	if fraction, point := strings.CutPrefix(rest, "."); point {
		if rest, ok = digits(fraction); !ok {
			return false
		}
	}
	if rest == "" {
		return true
	}
	if rest[0] != 'e' && rest[0] != 'E' {
		return false
	}
	exponent := rest[1:]
	if exponent != "" && (exponent[0] == '+' || exponent[0] == '-') {
		exponent = exponent[1:]
	}
	rest, ok = digits(exponent)
	return ok && rest == ""
}

// literals are how JSON writes what other languages write so.
var literals = map[string]string{
	"True": "true", "TRUE": "true", "False": "false", "FALSE": "false",
	"None": "null", "nil": "null", "NULL": "null", "undefined": "null",
}

// bareValue judges a value without quotes.
func (p *slipParser) bareValue(text string, start, end int) {
	if !p.beforeValue(clip(text)) {
		return
	}
	switch {
	case text == "*":
		p.note(slipBareStar, start, end, `* must stand in double quotes: write "*"`)
	case literals[text] != "":
		p.note(slipLiteral, start, end, fmt.Sprintf("JSON does not know %s: it writes %s", text, literals[text]))
	case len(text) > 1 && isDigits(text):
		p.note(slipBareValue, start, end, fmt.Sprintf("%s is no number of JSON: write %s", clip(text), clip(strings.TrimLeft(text, "0"))))
	case text[0] >= '0' && text[0] <= '9' || strings.IndexByte("+-.", text[0]) >= 0:
		p.note(slipBareValue, start, end, fmt.Sprintf("%s is no number of JSON: write digits alone, such as 3000, or put it in double quotes", clip(text)))
	case text == "NaN" || text == "Infinity":
		p.note(slipLiteral, start, end, fmt.Sprintf("JSON does not know %s: write a number", text))
	default:
		p.note(slipBareValue, start, end, fmt.Sprintf("%s must stand in double quotes: write %q", clip(text), clip(text)))
	}
	p.word(start, end, false)
}

// word handles a string, a name or another single value.
func (p *slipParser) word(start, end int, isString bool) {
	f := p.top()
	p.at = start
	switch {
	case p.behindTheEnd("text"):
		return
	case f != nil && f.open == '{' && (f.want == wantFirst || f.want == wantNext):
		f.name, f.want, f.end = span{start, end}, wantColon, end
		p.at = end
		return
	case !p.beforeValue(p.quote(start, end)):
		return
	}
	if f != nil && isString {
		f.name = span{start, end}
	}
	p.at = end
	p.afterValue(end)
}
