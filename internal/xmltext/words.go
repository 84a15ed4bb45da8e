package xmltext

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// What follows says in words what to change in a text that is not well-formed, and
// moves the place to where the change is to be made: encoding/xml tells where it gave
// up, which can be far behind, and in the words of the grammar.

// syntax returns an error of encoding/xml as one of ours.
func (r *Reader) syntax(err error) *Error {
	message := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Msg
	}
	offset, message := r.inWords(message, int(r.dec.InputOffset()))
	return &Error{Offset: offset, Message: message}
}

// inWords returns the place and the words for a message of encoding/xml, which gave
// up at offset.
func (r *Reader) inWords(message string, offset int) (int, string) {
	switch {
	case strings.HasPrefix(message, "unexpected EOF"):
		return r.cutOff()
	case strings.HasPrefix(message, "invalid character entity &"):
		return r.reference(strings.TrimPrefix(message, "invalid character entity "), offset)
	case strings.HasPrefix(message, "illegal character code "):
		return r.before('&', offset), "the reference stands for " + strings.TrimPrefix(message, "illegal character code ") + ", which XML cannot carry"
	case message == "expected element name after <":
		return r.lessThan(offset)
	case message == "expected element name after </":
		return r.before('<', offset), "the name of an element must follow </ at once"
	case message == "unescaped < inside quoted string":
		return r.quoteOfTag(offset)
	case message == "unescaped ]]> not in CDATA section":
		return offset, "write ]]&gt; for ]]>"
	case strings.HasPrefix(message, `invalid sequence "--" not allowed in comments`):
		return offset, "a comment may not hold --"
	case strings.HasPrefix(message, "invalid characters between </"):
		return r.start, fmt.Sprintf("the tag %s must end with > at once", clip(string(r.text[r.start:r.nameEnd()])))
	case strings.HasPrefix(message, "invalid XML name: "):
		if at, c := r.strange(offset); at >= 0 {
			return at, strangeInTag(c)
		}
		return offset, fmt.Sprintf("%q is not the name of an element or attribute", clip(strings.TrimPrefix(message, "invalid XML name: ")))
	case strings.Contains(message, "in element"):
		return r.inTag(message, offset)
	}
	return offset, message
}

// before returns where the last c before offset stands in the current token.
func (r *Reader) before(c byte, offset int) int {
	return max(r.start, r.start+bytes.LastIndexByte(r.text[r.start:min(offset, len(r.text))], c))
}

// lessThan judges a < that begins no element.
func (r *Reader) lessThan(offset int) (int, string) {
	at := r.before('<', offset)
	rest := r.text[at+1:]
	if bytes.HasPrefix(rest, []byte("<")) {
		return at, "one < too many: remove it, or write &lt;"
	}
	trimmed := bytes.TrimLeft(rest, Blanks)
	end := bytes.IndexAny(trimmed, "<>")
	if next, _ := utf8.DecodeRune(trimmed); len(trimmed) < len(rest) && end >= 0 && trimmed[end] == '>' && (isLetter(next) || next == '/') {
		return at, "remove the white space behind <"
	}
	return at, "a < that begins no element: write &lt;"
}

func isLetter(c rune) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// reference judges a reference to an entity, such as "&nbsp;", that XML does not have.
func (r *Reader) reference(entity string, offset int) (int, string) {
	at := r.before('&', offset)
	entity, open := strings.CutSuffix(entity, " (no semicolon)")
	entity = clip(entity)
	switch {
	case strings.HasPrefix(entity, "&#"):
		if open {
			return at, entity + " is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &"
		}
		return at, entity + " stands for no character"
	case open:
		return at, "an & stands alone: write &amp;"
	}
	return at, "XML does not know " + entity + ": write the character itself, or &amp; for &"
}

// cutOff judges a token that the end of the text cuts off. The place is where the
// token begins.
func (r *Reader) cutOff() (int, string) {
	source := r.text[r.start:]
	for _, token := range [...]struct{ begin, words string }{
		{"<!--", "the comment that begins here never ends: --> is missing"},
		{"<![CDATA[", "the CDATA section that begins here never ends: ]]> is missing"},
		{"<?", "the instruction that begins here never ends: ?> is missing"},
		{"<!", "the <! that begins here never ends: > is missing"},
	} {
		if bytes.HasPrefix(source, []byte(token.begin)) {
			return r.start, token.words
		}
	}
	if at := openQuote(source); at >= 0 {
		return r.start + at, "the quote that begins here is never closed"
	}
	if bytes.HasPrefix(source, []byte("<")) {
		return r.start, "the tag that begins here never ends: > is missing"
	}
	return len(r.text), "the document ends too early"
}

// openQuote returns where in the source of a tag the quote stands that is not
// closed; -1 if there is none.
func openQuote(source []byte) int {
	at := -1
	for i, c := range source {
		switch {
		case at >= 0 && c == source[at]:
			at = -1
		case at < 0 && (c == '"' || c == '\''):
			at = i
		}
	}
	return at
}

// quoteOfTag judges a < in the value of an attribute.
func (r *Reader) quoteOfTag(offset int) (int, string) {
	at := openQuote(r.text[r.start:max(r.start, offset-1)])
	if at < 0 {
		return offset, "write &lt; for < in the value of an attribute"
	}
	return r.start + at, "the quote that begins here is not closed before the next <: close it, or write &lt; for <"
}

// inTag judges what encoding/xml does not read in a start tag.
func (r *Reader) inTag(message string, offset int) (int, string) {
	tag := clip(string(r.text[r.start:r.nameEnd()]))
	if at, c := r.strange(offset); at >= 0 {
		return at, strangeInTag(c)
	}
	if r.runsOn() {
		return r.start, "the tag " + tag + " does not end before the next <: > is missing"
	}
	switch {
	case strings.HasPrefix(tag, "<http:") || strings.HasPrefix(tag, "<https:"):
		return r.start, "an address stands between < and >: write it without them"
	case strings.HasPrefix(message, "attribute name without ="):
		return offset, "an attribute of " + tag + " has no value: write name=\"value\", or > where the tag ends"
	case strings.HasPrefix(message, "unquoted or missing attribute value"):
		return offset, "the value of an attribute must stand in double quotes"
	case strings.HasPrefix(message, "expected />"):
		return offset, "> must follow / at once in " + tag
	}
	return offset, "only attributes, name=\"value\", may follow " + tag + " before its >"
}

// strange returns the first curly quote, or character that is not seen, in the current
// tag up to offset, and where it stands; -1 if there is none. What stands in straight
// quotes does not count.
func (r *Reader) strange(offset int) (int, rune) {
	quote := byte(0)
	for at := r.start; at < min(offset+utf8.UTFMax, len(r.text)); {
		c, size := utf8.DecodeRune(r.text[at:])
		switch {
		case quote != 0 && c == rune(quote):
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote = byte(c)
		case quote == 0 && c >= utf8.RuneSelf && (strings.ContainsRune("“”„‘’‚«»″′＂´", c) || charname.IsBlank(c)):
			return at, c
		}
		at += size
	}
	return -1, 0
}

func strangeInTag(c rune) string {
	if charname.IsBlank(c) {
		return charname.Of(c) + " stands in a tag: write a plain space"
	}
	return charname.Of(c) + " stands in a tag: write a double quote (\")"
}

// runsOn reports whether another < comes before the > of the current tag.
func (r *Reader) runsOn() bool {
	quote := byte(0)
	for _, c := range r.text[r.nameEnd():] {
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '<' || c == '>':
			return c == '<'
		}
	}
	return false
}

// nameEnd returns where the name of the current tag ends.
func (r *Reader) nameEnd() int {
	end := r.start + 1
	for end < len(r.text) && strings.IndexByte(Blanks+"<>=\"'", r.text[end]) < 0 && (r.text[end] != '/' || end == r.start+1) {
		end++
	}
	return end
}

// An element is one that is open: its name, and where its start tag begins.
type element struct {
	name  xml.Name
	start int
}

// String returns the name as it was written.
func (e element) String() string {
	if e.name.Space != "" {
		return clip(e.name.Space + ":" + e.name.Local)
	}
	return clip(e.name.Local)
}

// at returns the element with the number of its line.
func (r *Reader) at(e element) string { return fmt.Sprintf("<%s> of line %d", e, r.line(e.start)) }

func (r *Reader) line(offset int) int { return 1 + bytes.Count(r.text[:offset], []byte("\n")) }

// openAtEnd says of a text that has ended what is open.
func (r *Reader) openAtEnd() *Error {
	const most = 4
	if err := r.openTwice(); err != nil {
		return err
	}
	var told []string
	tags := ""
	for i := len(r.open) - 1; i >= 0 && len(told) < most; i-- {
		told = append(told, r.at(r.open[i]))
		tags += "</" + r.open[i].String() + ">"
	}
	if len(told) < len(r.open) {
		tags += "…"
	}
	verb := " is"
	if len(told) > 1 {
		verb = " are"
	}
	return r.fail("the document ends too early: " + strings.Join(told, " and ") + verb + " never closed, add " + tags)
}

// openTwice tells of an element that stands right inside another one of its name:
// most probably the second start tag was to be an end tag. It is nil if there is none.
func (r *Reader) openTwice() *Error {
	for i := len(r.open) - 1; i > 0; i-- {
		if e := r.open[i]; e.name == r.open[i-1].name {
			return &Error{Offset: e.start, Message: fmt.Sprintf("<%s> stands inside of another <%s>: perhaps it is to be </%s>", e, e, e)}
		}
	}
	return nil
}

// unmatched says what is wrong with an end tag that does not end the element that
// was opened last.
func (r *Reader) unmatched(name xml.Name) *Error {
	tag := element{name: name}.String()
	if len(r.open) == 0 {
		return r.fail("</" + tag + "> ends nothing: no element is open, remove it")
	}
	last := r.open[len(r.open)-1]
	switch {
	case strings.EqualFold(last.String(), tag) && last.String() != tag:
		return r.fail(fmt.Sprintf("</%s> does not end %s: the letters differ in case, write both alike", tag, r.at(last)))
	case r.openTwice() != nil:
		return r.openTwice()
	case r.isOpen(name):
		return r.fail(fmt.Sprintf("%s is not closed before this </%s>: add </%s>", r.at(last), tag, last))
	}
	return r.fail(fmt.Sprintf("</%s> ends no element that is open: write </%s>, which ends %s, or add <%s> before it", tag, last, r.at(last), tag))
}

func (r *Reader) isOpen(name xml.Name) bool {
	for _, e := range r.open {
		if e.name == name {
			return true
		}
	}
	return false
}

func undeclared(prefix string) string {
	prefix = clip(prefix)
	return fmt.Sprintf(`the prefix %s: is not declared: remove it, or add xmlns:%s="…" to the root`, prefix, prefix)
}

func unqualified(name string) string {
	return clip(name) + " is not a name: a name begins with a letter or _, and has one colon at most"
}

// illegal says what is wrong with a byte or a character that no XML can hold.
func illegal(text []byte, at int) string {
	c, size := utf8.DecodeRune(text[at:])
	if c == utf8.RuneError && size <= 1 {
		return charname.NotUTF8(text[at])
	}
	return charname.Of(c) + " is a character that XML cannot carry: remove it"
}

// lateDeclaration says what is wrong with an XML declaration that is not the first
// thing of a text, or is not written in small letters.
func (r *Reader) lateDeclaration(target string) string {
	switch {
	case target != "xml":
		return "an XML declaration is written in small letters: <?xml"
	case len(bytes.Trim(r.text[:r.start], Blanks)) == 0:
		return "white space stands before the XML declaration: it must be the very first"
	}
	return "an XML declaration can only stand at the very start: remove it, or what stands before it"
}

// outside says what is wrong with text that stands in no element.
func (r *Reader) outside(source []byte) string {
	text := bytes.Trim(source, Blanks)
	place := "before"
	if r.rooted {
		place = "behind"
	}
	if c, _ := utf8.DecodeRune(text); charname.IsBlank(c) {
		return fmt.Sprintf("%s stands %s the root element: remove it", charname.Of(c), place)
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return fmt.Sprintf("the text %q stands %s the root element: remove it", clip(strings.TrimSpace(string(line))), place)
}

// clip cuts what is long, so that messages are not.
func clip(s string) string {
	const longest = 60
	if runes := []rune(s[:min(len(s), 4*longest+4)]); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return s
}
