package s3cors

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	xmlDeclaration = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	xmlNamespace   = "http://s3.amazonaws.com/doc/2006-03-01/"
	xmlBlanks      = " \t\r\n"
)

// These bound what a document makes its reader hold on to; nothing that S3
// accepts comes near (10/parser-bounds).
const (
	maxDepth      = 64
	maxAttributes = 64 // of one element, and prefixes declared at once
)

// ParseXML reads a configuration as the body of PUT ?cors has it (1.1, 1.2). It
// returns the configuration, or the Problems that S3 would refuse it for.
func ParseXML(data []byte, opts ...Option) (*Configuration, error) {
	return readXML(data, newSettings(opts)).result()
}

// readXML reads a document; the Document holds data.
func readXML(data []byte, s settings) *Document {
	r := &xmlReader{reader: reader{doc: &Document{data: data}}}
	if len(data) > s.dialect.maxDocumentBytes {
		return r.alone(tooLongFinding(s.dialect), 0)
	}
	r.text = bytes.TrimPrefix(data, []byte(byteOrderMark))
	r.base = len(data) - len(r.text)
	if i := illegalCharacter(view(r.text)); i >= 0 {
		return r.malformed(r.base+i, "the text is not UTF-8, or holds a character that XML cannot carry")
	}
	r.dec = xml.NewDecoder(bytes.NewReader(r.text))
	// The text is UTF-8; instruction judges what it declares itself to be.
	r.dec.CharsetReader = func(_ string, text io.Reader) (io.Reader, error) { return text, nil }
	if err := r.walk(); err != nil {
		return r.malformed(r.base+err.offset, "not well-formed: "+err.message)
	}
	return r.finish(s)
}

// An xmlReader walks over the raw tokens of a document. It checks what
// encoding/xml leaves to its caller or lets pass: matching end tags, one root,
// declared prefixes, distinct attributes, the place of the XML declaration, text
// outside of the root, and directives.
type xmlReader struct {
	reader
	dec  *xml.Decoder
	text []byte // what dec reads
	base int    // the bytes before text in the document

	start int // where the current token begins in text

	open     []xml.Name // the elements that are open
	prefixes []prefix
	rooted   bool // the root has begun

	aged  bool   // the rule has a MaxAgeSeconds, be it one that could not be read
	skip  int    // if not 0, len(open) at which an element that is not read ends
	at    place  // the member whose value is being read
	value []byte // its text so far
}

// A prefix is a namespace prefix in scope.
type prefix struct {
	name, uri string
	depth     int // len(open) with the element that declares it
}

// An xmlError makes a document not well-formed.
type xmlError struct {
	offset  int
	message string
}

func (r *xmlReader) fail(message string) *xmlError { return &xmlError{r.start, message} }

// walk reads the document.
func (r *xmlReader) walk() *xmlError {
	for {
		r.start = int(r.dec.InputOffset())
		token, err := r.dec.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return r.tokenError(err)
		}
		if err := r.token(token); err != nil {
			return err
		}
	}
	r.start = len(r.text)
	if len(r.open) > 0 {
		return r.fail("the document ends before </" + r.open[len(r.open)-1].Local + ">")
	}
	if !r.rooted {
		return r.fail("there is no element")
	}
	return nil
}

func (r *xmlReader) tokenError(err error) *xmlError {
	message := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Msg
	}
	return &xmlError{int(r.dec.InputOffset()), message}
}

func (r *xmlReader) token(token xml.Token) *xmlError {
	switch t := token.(type) {
	case xml.StartElement:
		return r.startTag(t)
	case xml.EndElement:
		return r.endTag(t.Name)
	case xml.CharData:
		return r.characters(t)
	case xml.ProcInst:
		return r.instruction(t)
	case xml.Directive:
		return r.fail("<!…> is refused, whatever it declares") // 9/doctype-refused, 10/markup-declarations
	}
	return nil // a comment
}

// source returns the text of the current token.
func (r *xmlReader) source() []byte { return r.text[r.start:r.dec.InputOffset()] }

func (r *xmlReader) instruction(t xml.ProcInst) *xmlError {
	behind := r.source()[len("<?")+len(t.Target):]
	switch {
	case bytes.IndexByte([]byte(xmlBlanks+"?"), behind[0]) < 0:
		return r.fail("a blank must follow the name of a processing instruction")
	case strings.Contains(t.Target, ":"):
		return r.fail("the name of a processing instruction has a colon")
	case !strings.EqualFold(t.Target, "xml"):
		return nil
	case r.start > 0 || t.Target != "xml":
		return r.fail("an XML declaration can only stand at the very start")
	}
	encoding, ok := declaredEncoding(string(t.Inst))
	switch {
	case !ok:
		return r.fail("the XML declaration is malformed")
	case encoding == "", strings.EqualFold(encoding, "UTF-8"):
	case !strings.EqualFold(encoding, "US-ASCII"):
		return r.fail("the encoding " + strconv.Quote(encoding) + " is not supported")
	case !isASCII(r.text):
		return r.fail("the encoding is declared as US-ASCII, and the text is not")
	}
	return nil
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
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
	return encoding, strings.Trim(text, xmlBlanks) == ""
}

// pseudoAttribute cuts name="value" and the blanks before it from the front of
// text; false, and text as it was, if something else stands there.
func pseudoAttribute(text, name string) (value, rest string, ok bool) {
	rest = strings.TrimLeft(text, xmlBlanks)
	if name != "version" && len(rest) == len(text) {
		return "", text, false
	}
	rest, ok = strings.CutPrefix(rest, name)
	if !ok {
		return "", text, false
	}
	rest, ok = strings.CutPrefix(strings.TrimLeft(rest, xmlBlanks), "=")
	rest = strings.TrimLeft(rest, xmlBlanks)
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return "", text, false
	}
	value, rest, ok = strings.Cut(rest[1:], rest[:1])
	if !ok {
		return "", text, false
	}
	return value, rest, true
}

func (r *xmlReader) startTag(t xml.StartElement) *xmlError {
	if len(r.open) == 0 && r.rooted {
		return r.fail("a second root element")
	}
	if len(r.open) == maxDepth {
		return r.fail(fmt.Sprintf("elements are nested deeper than %d", maxDepth))
	}
	r.open = append(r.open, t.Name)
	if len(t.Attr) > 0 {
		if err := r.attributes(t.Attr); err != nil {
			return err
		}
	}
	if t.Name.Space != "" && r.namespace(t.Name.Space) == nil {
		return r.fail("the prefix " + t.Name.Space + " is not declared")
	}
	if !isQualified(t.Name) {
		return r.fail("the name " + t.Name.Local + " is not a qualified name")
	}
	if r.skip == 0 {
		r.element(t.Name.Local)
	}
	r.rooted = true
	return nil
}

// attributes checks the attributes of an element. What they say is ignored
// (10/attributes-ignored), but for the prefixes that they declare.
func (r *xmlReader) attributes(attributes []xml.Attr) *xmlError {
	if len(attributes) > maxAttributes {
		return r.fail(fmt.Sprintf("an element has more than %d attributes", maxAttributes))
	}
	for _, a := range attributes {
		switch {
		case a.Name.Space != "xmlns":
		case a.Name.Local == "xmlns" || a.Value == "" || (a.Name.Local == "xml") != (a.Value == xmlPrefixURI):
			return r.fail("the prefix " + a.Name.Local + " cannot be declared so")
		case len(r.prefixes) == maxAttributes:
			return r.fail(fmt.Sprintf("more than %d prefixes are declared", maxAttributes))
		default:
			r.prefixes = append(r.prefixes, prefix{a.Name.Local, a.Value, len(r.open)})
		}
	}
	names := make([]xml.Name, 0, len(attributes))
	for _, a := range attributes {
		name := a.Name
		if !isQualified(name) {
			return r.fail("the name " + name.Local + " is not a qualified name")
		}
		if name.Space != "" && name.Space != "xmlns" {
			declared := r.namespace(name.Space)
			if declared == nil {
				return r.fail("the prefix " + name.Space + " is not declared")
			}
			name.Space = " " + declared.uri // apart from "xmlns", which is a prefix
		}
		for _, other := range names {
			if name == other {
				return r.fail("the attribute " + a.Name.Local + " is there twice")
			}
		}
		names = append(names, name)
	}
	return r.spaced()
}

// spaced checks the start tag for what encoding/xml lets pass: an attribute
// right behind another one, and a reference to half a surrogate pair.
func (r *xmlReader) spaced() *xmlError {
	source := r.source()
	var quote byte
	for i, b := range source {
		switch {
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case quote != 0 && b == quote:
			quote = 0
			if strings.IndexByte(xmlBlanks+"/>", source[i+1]) < 0 {
				return r.fail("a blank must stand between two attributes")
			}
		}
	}
	return r.references(source)
}

// references checks a text that may hold character references: those to
// surrogates, which encoding/xml reads as U+FFFD, refer to no character.
func (r *xmlReader) references(source []byte) *xmlError {
	for {
		i := bytes.Index(source, []byte("&#"))
		if i < 0 {
			return nil
		}
		source = source[i+len("&#"):]
		digits, base := source[:max(bytes.IndexByte(source, ';'), 0)], 10
		if len(digits) > 0 && digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(string(digits), base, 64); err == nil && 0xD800 <= n && n <= 0xDFFF {
			return r.fail("a reference to half a surrogate pair")
		}
	}
}

// xmlPrefixURI is what the prefix xml stands for, and no other may (Namespaces in
// XML 1.0 section 3).
const xmlPrefixURI = "http://www.w3.org/XML/1998/namespace"

// isQualified reports whether a name is one by Namespaces in XML 1.0 section 4:
// no colon but the one behind the prefix, and a local part that is a name, too:
// encoding/xml judges the whole alone.
func isQualified(name xml.Name) bool {
	first, _ := utf8.DecodeRuneInString(name.Local)
	return !strings.Contains(name.Local, ":") && (first == '_' || unicode.IsLetter(first) || unicode.Is(unicode.Nl, first))
}

// namespace returns the declaration of a prefix, nil if there is none.
func (r *xmlReader) namespace(name string) *prefix {
	for i := len(r.prefixes) - 1; i >= 0; i-- {
		if r.prefixes[i].name == name {
			return &r.prefixes[i]
		}
	}
	if name == "xml" {
		return &prefix{name: "xml", uri: xmlPrefixURI}
	}
	return nil
}

// The depths at which elements stand.
const (
	depthRoot = iota + 1
	depthRule
	depthValue
)

// element handles the start of an element by the rules of 1.1. Names are
// compared without their prefix (9/prefixed-elements).
func (r *xmlReader) element(name string) {
	offset := r.base + r.start
	switch len(r.open) {
	case depthRoot:
		r.doc.mark(documentPlace, offset)
		if name != "CORSConfiguration" {
			r.wrongRoot(name, offset)
			return
		}
	case depthRule:
		if name != memberRules.element() {
			r.unknown("", "element", name, offset, elementNames[memberRules:memberID])
			r.skip = len(r.open)
			return
		}
		r.at, r.aged = place{rule: len(r.doc.config.CORSRules), index: none}, false
		r.doc.mark(r.at, offset)
		r.doc.config.CORSRules = append(r.doc.config.CORSRules, Rule{})
	case depthValue:
		r.startValue(name, offset)
	default:
		r.unread(r.at, offset, "an element inside the value of "+r.at.member.element())
		r.skip = len(r.open)
	}
}

func (r *xmlReader) wrongRoot(name string, offset int) {
	r.tell(rulesPlace) // which are not missing therefore
	r.defect(documentPlace, offset,
		"the root element is "+strconv.Quote(name)+", and must be CORSConfiguration")
	r.skip = len(r.open)
}

// startValue begins to read a member of a rule.
func (r *xmlReader) startValue(name string, offset int) {
	rule := &r.doc.config.CORSRules[r.at.rule]
	r.at.member, r.at.index = elementNamed(name), none
	switch {
	case r.at.member == memberNone:
		r.unknown(r.at.path(), "element", name, offset, elementNames[memberID:])
		r.skip = len(r.open)
		return
	case r.at.member == memberID && rule.ID != nil, r.at.member == memberMaxAgeSeconds && r.aged:
		r.defect(r.at, offset, "a second "+name+" in one rule")
		r.skip = len(r.open)
		return
	case r.at.member.isList():
		r.at.index = len(*rule.list(r.at.member))
	}
	r.aged = r.aged || r.at.member == memberMaxAgeSeconds
	r.doc.mark(r.at, r.base+int(r.dec.InputOffset()))
	r.value = r.value[:0]
}

func (r *xmlReader) endTag(name xml.Name) *xmlError {
	if len(r.open) == 0 || r.open[len(r.open)-1] != name {
		return r.fail("</" + name.Local + "> ends an element that is not open")
	}
	switch depth := len(r.open); {
	case r.skip == depth:
		r.skip = 0
	case r.skip == 0 && depth == depthValue:
		r.endValue()
	}
	r.open = r.open[:len(r.open)-1]
	for len(r.prefixes) > 0 && r.prefixes[len(r.prefixes)-1].depth > len(r.open) {
		r.prefixes = r.prefixes[:len(r.prefixes)-1]
	}
	return nil
}

// endValue keeps the value that was read.
func (r *xmlReader) endValue() {
	rule := &r.doc.config.CORSRules[r.at.rule]
	switch m := r.at.member; m {
	case memberID:
		rule.ID = new(string(r.value))
	case memberMaxAgeSeconds:
		// 9/max-age-trimmed, 9/max-age-lexical-forms, 9/max-age-range
		if r.told[r.at] {
			return // the number is not all that stands there
		}
		seconds, err := strconv.ParseInt(string(bytes.Trim(r.value, xmlBlanks)), 10, 64)
		if err != nil {
			r.defect(r.at, r.doc.marks[len(r.doc.marks)-1].offset, strconv.Quote(string(r.value))+" is not a whole number of 64 bits")
			return
		}
		rule.MaxAgeSeconds = &seconds
	default:
		list := rule.list(m)
		*list = append(*list, r.valueString())
	}
}

// valueString returns the value as a string; the methods, which every document
// repeats, without a copy.
func (r *xmlReader) valueString() string {
	if i := methodIndex(string(r.value)); i >= 0 {
		return listable[i]
	}
	return string(r.value)
}

// characters handles text and CDATA sections.
func (r *xmlReader) characters(decoded []byte) *xmlError {
	source := r.source()
	cdata := source[0] == '<'
	if !cdata {
		if err := r.references(source); err != nil {
			return err
		}
	}
	if len(r.open) == 0 {
		if len(bytes.Trim(source, xmlBlanks)) > 0 {
			return r.fail("text outside of the root element")
		}
		return nil
	}
	switch {
	case r.skip > 0:
	case len(r.open) == depthValue:
		r.value = append(r.value, decoded...)
	case len(bytes.Trim(decoded, xmlBlanks)) > 0:
		r.strayText(source)
	}
	return nil
}

// strayText notes text where only elements may stand (10/text-between-elements).
func (r *xmlReader) strayText(source []byte) {
	blanks := len(source) - len(bytes.TrimLeft(source, xmlBlanks))
	at := documentPlace
	if len(r.open) == depthRule {
		at.rule = r.at.rule
	}
	r.defect(at, r.base+r.start+blanks, "text between elements")
}

// AppendXML appends the configuration to dst as GET ?cors prints it (2/prologue,
// 2/element-order). If S3 would refuse c, the error is that of c.Validate, and
// dst is returned as it was.
//
// What it prints may be longer than the document that was read, by the namespace
// or by what needs an escape, and so be longer than S3 accepts
// (10/size-of-a-configuration).
func (c *Configuration) AppendXML(dst []byte, opts ...Option) ([]byte, error) {
	if err := c.Validate(opts...); err != nil {
		return dst, err
	}
	return c.appendXML(dst), nil
}

func (c *Configuration) appendXML(dst []byte) []byte {
	dst = append(dst, xmlDeclaration+`<CORSConfiguration xmlns="`+xmlNamespace+`">`...)
	for i := range c.CORSRules {
		dst = c.CORSRules[i].appendXML(dst)
	}
	return append(dst, "</CORSConfiguration>"...)
}

func (rule *Rule) appendXML(dst []byte) []byte {
	dst = append(dst, "<CORSRule>"...)
	if rule.ID != nil {
		dst = appendElement(dst, memberID, *rule.ID)
	}
	dst = rule.appendElements(dst, memberAllowedOrigins)
	dst = rule.appendElements(dst, memberAllowedMethods)
	if rule.MaxAgeSeconds != nil {
		dst = appendElement(dst, memberMaxAgeSeconds, strconv.FormatInt(*rule.MaxAgeSeconds, 10))
	}
	dst = rule.appendElements(dst, memberExposeHeaders)
	dst = rule.appendElements(dst, memberAllowedHeaders)
	return append(dst, "</CORSRule>"...)
}

func (rule *Rule) appendElements(dst []byte, m member) []byte {
	for _, value := range *rule.list(m) {
		dst = appendElement(dst, m, value)
	}
	return dst
}

// appendElement appends an element with the escapes of 10/escaping-in-output.
func appendElement(dst []byte, m member, value string) []byte {
	name := m.element()
	dst = append(append(append(dst, '<'), name...), '>')
	for i := range len(value) {
		switch b := value[i]; b {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '\r':
			dst = append(dst, "&#13;"...)
		default:
			dst = append(dst, b)
		}
	}
	return append(append(append(dst, "</"...), name...), '>')
}

// printedSize is the length of what GET ?cors would print.
func (c *Configuration) printedSize() int { return len(c.appendXML(nil)) }
