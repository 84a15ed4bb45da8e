package xmltext

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

// instruction checks a processing instruction, the XML declaration among them.
func (r *Reader) instruction(t xml.ProcInst) *Error {
	behind := r.source()[len("<?")+len(t.Target):]
	switch {
	case strings.IndexByte(Blanks, behind[0]) < 0 && string(behind) != "?>": // XML 1.0 section 2.6
		return r.fail("a space must follow the name of a processing instruction")
	case strings.Contains(t.Target, ":"): // Namespaces in XML 1.0 section 7
		return r.fail("the name of a processing instruction has a colon")
	case !strings.EqualFold(t.Target, "xml"):
		return nil
	case r.start > 0 || t.Target != "xml":
		return r.fail(r.lateDeclaration(t.Target))
	}
	encoding, ok := declaredEncoding(string(t.Inst))
	switch {
	case !ok:
		return r.fail("the XML declaration must be <?xml version=\"1.0\" encoding=\"UTF-8\"?>")
	case encoding == "", strings.EqualFold(encoding, "UTF-8"):
	case !strings.EqualFold(encoding, "US-ASCII"):
		return r.failFor(Encoding, "the encoding "+strconv.Quote(clip(encoding))+" is declared: save the document as UTF-8, and write encoding=\"UTF-8\"")
	case bytes.ContainsFunc(r.text, func(c rune) bool { return c >= utf8.RuneSelf }):
		return r.failFor(Encoding, "the encoding is declared as US-ASCII, and the text holds other characters: write encoding=\"UTF-8\"")
	}
	return nil
}

// declaredEncoding returns the encoding that an XML declaration names; false if
// the declaration is not that of XML 1.0 section 2.8.
func declaredEncoding(text string) (encoding string, ok bool) {
	version, text, ok := pseudoAttribute(text, "version")
	if !ok || version != "1.0" {
		return "", false
	}
	encoding, text, ok = pseudoAttribute(text, "encoding")
	if ok && encoding == "" {
		return "", false
	}
	standalone, text, ok := pseudoAttribute(text, "standalone")
	if ok && standalone != "yes" && standalone != "no" {
		return "", false
	}
	return encoding, strings.Trim(text, Blanks) == ""
}

// pseudoAttribute cuts name="value" and the blanks before it from the front of
// text; false, and text as it was, if something else stands there.
func pseudoAttribute(text, name string) (value, rest string, ok bool) {
	rest = strings.TrimLeft(text, Blanks)
	if name != "version" && len(rest) == len(text) {
		return "", text, false
	}
	rest, ok = strings.CutPrefix(rest, name)
	if !ok {
		return "", text, false
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, Blanks), "=")
	rest = strings.TrimLeft(rest, Blanks)
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return "", text, false
	}
	value, rest, ok = strings.Cut(rest[1:], rest[:1])
	if !ok {
		return "", text, false
	}
	return value, rest, true
}
