package jsontree

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// What may come next in an array or an object.
type expectation uint8

const (
	wantFirst    expectation = iota // an item or a name, or the end
	wantNext                        // an item or a name behind a comma
	wantColon                       // behind a name
	wantValue                       // behind a colon
	wantEndOfOne                    // a comma or the end
)

// A frame is an array or an object that is open.
type frame struct {
	open  byte // '[' or '{'
	start int
	want  expectation
	name  span // the last name, in its quotes
	comma int  // where the last comma stands
	end   int  // where the last value ends
}

type span struct{ start, end int }

// maxSlipDepth bounds the work on brackets; encoding/json gives up at 10,000.
const maxSlipDepth = 10_000

// atEnd judges a text that is over.
func (p *slipParser) atEnd() {
	switch {
	case len(p.open) > 0:
		missing, opened := "", make([]string, 0, 3)
		for i := len(p.open) - 1; i >= 0; i-- {
			f := p.open[i]
			if missing += string(closer(f.open)); len(opened) < 3 {
				opened = append(opened, fmt.Sprintf("the %c of line %d", f.open, p.line(f.start)))
			}
			if len(missing) > 8 {
				missing = "…" + missing[len(missing)-8:]
				break
			}
		}
		p.stop(len(p.data), "the document ends too early: %s never closed, add %s at the end", strings.Join(opened, " and ")+isAre(len(opened)), missing)
	case !p.done:
		p.stop(len(p.data), "the document is empty")
	}
}

func isAre(n int) string {
	if n == 1 {
		return " is"
	}
	return " are"
}

func closer(open byte) byte {
	if open == '{' {
		return '}'
	}
	return ']'
}

// behindTheEnd reports whether the document is over already; whatever comes then is
// told, and the reading stops.
func (p *slipParser) behindTheEnd(what string) bool {
	if p.done {
		p.stop(p.at, "%s stands behind the end of the document: remove it", what)
	}
	return p.done
}

func (p *slipParser) bracket(c byte) {
	if p.done {
		p.stop(p.at, "a second document begins here: put both into one array")
		return
	}
	if len(p.open) == maxSlipDepth {
		p.stop(p.at, "arrays and objects are nested too deep")
		return
	}
	if !p.beforeValue(fmt.Sprintf("this %c", c)) {
		return
	}
	p.open = append(p.open, frame{open: c, start: p.at, end: p.at + 1})
	p.at++
}

// beforeValue prepares for a value at the current place; what says what it begins
// with. It returns false if no value can be meant.
func (p *slipParser) beforeValue(what string) bool {
	f := p.top()
	switch {
	case f == nil:
		return true
	case f.want == wantEndOfOne:
		p.missingComma(f, what)
		return false
	case f.want == wantColon:
		if !p.endedTooEarly(f) {
			p.stop(f.name.end, "a colon is missing behind %s", p.quote(f.name.start, f.name.end))
		}
		return false
	case f.open == '{' && f.want != wantValue:
		p.stop(p.at, "%s has no name before it: in { and } each value has one", what)
		return false
	}
	return true
}

// missingComma judges a value right behind another one.
func (p *slipParser) missingComma(f *frame, what string) {
	if !p.endedTooEarly(f) {
		p.stop(f.end, "a comma is missing before %s", p.place(what))
	}
}

// endedTooEarly reports whether the current place is the rest of a string that ended
// before it: at the first quote of the next string, since its own last quote is
// missing, or is another character. It tells so.
func (p *slipParser) endedTooEarly(f *frame) bool {
	if f.name.end != p.at || p.at < f.name.start+2 {
		return false
	}
	start := f.name.start + 1
	text := p.data[start : p.at-1]
	if len(text) == 0 {
		p.stop(f.name.start, "two double quotes stand side by side: remove one")
		return true
	}
	for i, r := range string(text) {
		switch {
		case isQuote(r) && r != '\'' && i+utf8.RuneLen(r) < len(text):
			name := p.quote(start, start+i)
			p.stop(start+i, "the string %q is closed by %s: write \"%s\"", name, charname.Of(r), name)
			return true
		case (r == ',' || r == ':') && strings.Trim(string(text[i:]), " ,:[{") == "":
			p.stop(f.name.start, "the string that begins here is never closed: a double quote (\") is missing behind %s", p.quote(start, start+len(bytes.TrimRight(text[:i], " ]}"))))
			return true
		}
	}
	return false
}

// place names what stands at the current place, with its line if that is another one
// than where the last value ended.
func (p *slipParser) place(what string) string {
	if here := p.line(p.at); here != p.line(p.top().end) {
		return fmt.Sprintf("%s in line %d", what, here)
	}
	return what
}

// afterValue notes that a value ended.
func (p *slipParser) afterValue(end int) {
	f := p.top()
	if f == nil {
		p.done = true
		return
	}
	f.want, f.end = wantEndOfOne, end
}

func (p *slipParser) closing(c byte) {
	f := p.top()
	switch {
	case p.done || f == nil:
		p.stop(p.at, "one %c too many: nothing is open here, remove it", c)
		return
	case closer(f.open) != c:
		p.wrongClosing(c, f)
		return
	case f.want == wantNext:
		p.note(slipTrailingComma, f.comma, f.comma+1, fmt.Sprintf("a comma stands before the closing %c: remove this comma", c))
	case f.want == wantColon:
		p.stop(f.name.start, "%s has no value: a colon and a value must follow", p.quote(f.name.start, f.name.end))
		return
	case f.want == wantValue:
		p.stop(f.name.start, "%s has no value", p.quote(f.name.start, f.name.end))
		return
	}
	p.at++
	p.open = p.open[:len(p.open)-1]
	p.afterValue(p.at)
}

// wrongClosing judges a bracket of the other kind than the one that is open. Either
// the right one is missing before it, or it stands in its place.
func (p *slipParser) wrongClosing(c byte, f *frame) {
	want := closer(f.open)
	n := len(p.open)
	isMissing := n > 1 && closer(p.open[n-2].open) == c && f.want != wantColon && f.want != wantValue
	if isMissing && (n > 2 && p.open[n-3].open == '{' || !p.nameFollows()) {
		p.stop(f.end, "a %c is missing here: the %c of line %d is not closed before the %c of line %d", want, f.open, p.line(f.start), c, p.line(p.at))
		return
	}
	if !slices.ContainsFunc(p.open, func(f frame) bool { return closer(f.open) == c }) {
		p.stop(p.at, "one %c too many: remove it, or write %c, which closes the %c of line %d", c, want, f.open, p.line(f.start))
		return
	}
	p.stop(p.at, "a %c stands where a %c must, which closes the %c of line %d", c, want, f.open, p.line(f.start))
}

// nameFollows reports whether a comma, a string and a colon follow the bracket at
// the current place.
func (p *slipParser) nameFollows() bool {
	rest, comma := bytes.CutPrefix(bytes.TrimLeft(p.data[p.at+1:], " \t\r\n"), []byte(","))
	rest, quote := bytes.CutPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(`"`))
	_, rest, closed := bytes.Cut(rest, []byte(`"`))
	return comma && quote && closed && bytes.HasPrefix(bytes.TrimLeft(rest, " \t\r\n"), []byte(":"))
}

func (p *slipParser) comma() {
	f := p.top()
	switch {
	case p.done && bytes.HasPrefix(bytes.TrimLeft(p.data[p.at+1:], " \t\r\n"), []byte("{")):
		p.stop(0, "several objects stand side by side: put [ before the first one, and ] behind the last one")
		return
	case p.behindTheEnd("a comma"):
		return
	case f == nil:
		p.stop(p.at, "a comma stands before the document: remove it")
		return
	case f.want == wantEndOfOne:
		f.want, f.comma = wantNext, p.at
	case f.want == wantColon && f.open == '{':
		p.stop(f.name.start, "%s has no value: a colon and a value must follow; a list of values stands between [ and ]", p.quote(f.name.start, f.name.end))
	case f.want == wantValue:
		p.stop(f.name.start, "%s has no value", p.quote(f.name.start, f.name.end))
	default:
		p.note(slipExtraComma, p.at, p.at+1, "one comma too many: remove it")
		f.want = wantNext
		f.comma = p.at
	}
	p.at++
}

func (p *slipParser) colon() {
	f := p.top()
	switch {
	case f != nil && f.want == wantColon:
		p.colonSign()
		f.want = wantValue
		return
	case f != nil && f.open == '[' && f.want == wantEndOfOne && f.name != span{} && f.comma > f.start && len(p.open) > 1 && p.open[len(p.open)-2].open == '{':
		p.stop(f.comma, "a ] is missing before this comma: the [ of line %d is not closed before %s", p.line(f.start), p.quote(f.name.start, f.name.end))
	case f != nil && f.open == '[' && f.want == wantEndOfOne && f.name != span{}:
		p.stop(f.name.start, "a name with its value stands in an array: put { before %s, and } behind the last value", p.quote(f.name.start, f.name.end))
	case f != nil && f.want == wantValue:
		p.stop(p.at, "one colon too many: remove it")
	case f == nil && p.done:
		p.stop(0, "this is a fragment: put it between { and }")
	default:
		p.stop(p.at, "%s cannot stand here", charname.Of(rune(p.data[p.at])))
	}
}

// colonSign passes over a colon, or over what stands in its place.
func (p *slipParser) colonSign() {
	start := p.at
	for _, sign := range []string{":", "=>", "=", "\uff1a"} {
		if !bytes.HasPrefix(p.data[p.at:], []byte(sign)) {
			continue
		}
		p.at += len(sign)
		if sign != ":" {
			p.note(slipEquals, start, p.at, fmt.Sprintf("%s stands between a name and its value: write a colon (:)", sign))
		}
		return
	}
}
