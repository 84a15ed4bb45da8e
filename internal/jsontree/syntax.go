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

// A slipParser reads a text as JSON, and goes on behind slips whose correction is
// certain.
type slipParser struct {
	data    []byte
	at      int
	open    []frame
	done    bool // the value of the document has ended
	end     int  // and where
	first   []slip
	count   [slipKinds]int
	stopped bool
}

// maxSlipDepth bounds the work on brackets; encoding/json gives up at 10,000.
const maxSlipDepth = 10_000

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
		p.stop(p.at, "a second document begins here: put all the rules into one array")
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
		p.done, p.end = true, end
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

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

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

// bare reads a word without quotes, up to what ends it.
func (p *slipParser) bare() {
	start := p.at
	stops := " \t\r\n,;，[]{}\"'“”"
	f := p.top()
	isName := f != nil && f.open == '{' && (f.want == wantFirst || f.want == wantNext)
	if isName {
		stops += ":="
	}
	end := start
	for end < len(p.data) {
		r, size := utf8.DecodeRune(p.data[end:])
		if strings.ContainsRune(stops, r) || charname.IsBlank(r) {
			break
		}
		end += size
	}
	if bytes.HasPrefix(p.data[start:], []byte("${")) {
		end = start + 2 + max(bytes.IndexAny(p.data[start+2:], "}\n")+1, 0)
	}
	end = max(end, start+1)
	text := string(p.data[start:end])
	if p.behindTheEnd("text") {
		return
	}
	if f != nil && f.want == wantColon && strings.HasPrefix(text, "=>") {
		p.colon()
		return
	}
	switch {
	case text[0] == '(' || text[0] == ')':
		p.stop(start, "a parenthesis stands here: write { and } around a rule, [ and ] around a list")
	case f != nil && f.want == wantEndOfOne && len(text) == 3 && strings.Trim(text, "0123456789") == "" && isDigit(p.data[f.end-1]):
		p.stop(f.end, "white space stands in a number: write it in one")
	case f != nil && (f.want == wantEndOfOne || f.want == wantColon):
		p.beforeValue(clip(text))
	case strings.Trim(text, ".…") == "":
		p.stop(start, "%s stands for something that was left out: write it, or remove the dots", clip(text))
	case end < len(p.data) && p.data[end] == '"' && (isName || !p.literal(text)):
		p.note(slipBareValue, start, end+1, fmt.Sprintf("a double quote (\") is missing before %s: write %q", clip(text), clip(text)))
		p.word(start, end+1, true)
	case isName && text[0] == '<':
		p.stop(start, "XML stands inside of JSON: write one of them alone")
	case isName:
		p.note(slipBareName, start, end, fmt.Sprintf("a name must stand in double quotes: write %q", clip(text)))
		p.word(start, end, false)
	case p.literal(text):
		p.word(start, end, false)
	default:
		p.bareValue(text, start, end)
	}
}

// literal reports whether a word is a value of JSON.
func (p *slipParser) literal(text string) bool {
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

// bareValue judges a value without quotes.
func (p *slipParser) bareValue(text string, start, end int) {
	if !p.beforeValue(clip(text)) {
		return
	}
	written := map[string]string{"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null", "NULL": "null", "TRUE": "true", "FALSE": "false"}
	switch {
	case text == "*":
		p.note(slipBareStar, start, end, `* must stand in double quotes: write "*"`)
	case written[text] != "":
		p.note(slipLiteral, start, end, fmt.Sprintf("JSON does not know %s: it writes %s", text, written[text]))
	case len(text) > 1 && strings.Trim(text, "0123456789") == "":
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
