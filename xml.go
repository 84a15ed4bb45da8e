package s3cors

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// xmlNamespace is that of what S3 prints (2/prologue).
const xmlNamespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// ParseXML reads a configuration from the body of PUT ?cors, as Amazon's page on
// [PutBucketCors] describes it. It returns the configuration, or the Problems that S3
// would refuse the body for. The body must be well-formed by XML 1.0 and Namespaces in
// XML 1.0, in UTF-8.
//
// [PutBucketCors]: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
func ParseXML(data []byte, opts ...Option) (*Configuration, error) {
	s := newSettings(opts)
	return readXML(data, s).result(s.dialect)
}

// readXML reads a document by the rules of 1.1 and 1.2; the reader holds data.
func readXML(data []byte, s settings) *reader {
	r := &xmlReader{reader: newReader(data), dialect: s.dialect}
	r.words.xml = true
	if len(data) > s.dialect.MaxDocumentBytes {
		r.tooLong(r.whole(), sizeRow(s.dialect), s.dialect)
		return &r.reader
	}
	err := r.walk(xmltext.NewReader(r.text).Next)
	var fault *xmltext.Error
	if errors.As(err, &fault) {
		offset, said := r.nameXML(fault.Offset, fault.Message)
		r.malformed(offset, xmlRows[fault.Reason], said)
		return &r.reader
	}
	r.finish(s.dialect)
	return &r.reader
}

func sizeRow(q *dialect) string {
	if q.RangeError {
		return "ceph-5/size"
	}
	return "1.1/body-size"
}

// xmlRows are the rows that say why a text is not XML.
var xmlRows = [...]string{
	xmltext.NotWellFormed: "1.1/not-well-formed",
	xmltext.NotText:       "10/illegal-characters",
	xmltext.Encoding:      "10/encodings",
	xmltext.Markup:        "10/markup-declarations",
	xmltext.TooComplex:    "10/parser-bounds",
}

// The depths at which elements stand.
const (
	depthRoot = iota + 1
	depthRule
	depthValue
)

// An xmlReader walks over a document, and knows S3's schema.
type xmlReader struct {
	reader
	dialect *dialect
	depth   int  // how many elements are open
	skip    int  // if not 0, the depth of an element that is not read
	skipped span // the start tag of the one that was not read last

	root, rule, member int    // the marks of what is open
	at                 place  // the rule or the member that is being read
	aged               bool   // the rule has a MaxAgeSeconds, be it one that could not be read
	value              []byte // the text of the member so far
}

// walk reads the tokens of a document, up to io.EOF. The error is next's.
func (r *xmlReader) walk(next func() (xmltext.Token, error)) error {
	for {
		t, err := next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		r.token(t)
	}
}

func (r *xmlReader) token(t xmltext.Token) {
	switch t.Kind {
	case xmltext.StartTag:
		r.depth++
		if r.skip == 0 {
			r.startTag(t)
		} else if r.skip == depthRule && r.depth == depthValue && t.Name == memberRules.element() {
			r.found.wraps(r.skipped)
		}
	case xmltext.EndTag:
		r.endTag(t)
		r.depth--
	case xmltext.Text:
		if r.skip == 0 {
			r.characters(t)
		}
	}
}

// startTag begins an element. Names are compared without their prefix
// (9/prefixed-elements) unless one makes them unknown (ceph-5/prefixes), and
// attributes say nothing (10/attributes-ignored).
func (r *xmlReader) startTag(t xmltext.Token) {
	s := newSpan(t.Offset, t.End)
	if r.dialect.IgnoresUnknown && t.Prefix != "" {
		t.Name = t.Prefix + ":" + t.Name
	}
	switch r.depth {
	case depthRoot:
		r.root = r.mark(documentPlace, s)
		if t.Name != "CORSConfiguration" {
			r.wrongRoot(t.Name, s)
		}
	case depthRule:
		r.startRule(t.Name, s)
	case depthValue:
		r.startValue(t.Name, s)
	default:
		if !r.dialect.IgnoresUnknown { // ceph-5/element-in-a-value
			r.unread(r.at, s, "10/element-in-a-value", func() string {
				return "<" + clip(t.Name) + "> stands inside of " + r.at.member.element() + ", which holds text alone: remove its tags"
			})
		}
		r.skip = r.depth
	}
}

func (r *xmlReader) wrongRoot(name string, s span) {
	r.report(rulesPlace) // which are not missing therefore
	r.unreadable = true
	r.found.structuralAt(documentPlace, s, "1.1/root-element", func() string { return r.nameRoot(name) })
	r.skip = r.depth
}

func (r *xmlReader) startRule(name string, s span) {
	if name != memberRules.element() {
		r.skip, r.skipped = r.depth, s
		if r.dialect.IgnoresUnknown { // ceph-5/unknown-elements
			r.ignore(name, documentPlace, s, elementNames[memberRules:memberID], func(meant string) member {
				if meant == "" {
					return memberNone
				}
				return memberRules
			})
			return
		}
		r.found.unknown(documentPlace, s, "1.1/unknown-element-in-root", r.words, "", name, func() string { return nearest(name, elementNames[memberRules:memberID]) })
		return
	}
	r.at, r.aged = ruleAt(len(r.config.CORSRules)), false
	r.rule = r.mark(r.at, s)
	r.config.CORSRules = append(r.config.CORSRules, Rule{})
}

// startValue begins a member of a rule.
func (r *xmlReader) startValue(name string, s span) {
	rule := &r.config.CORSRules[r.at.rule]
	r.at.member, r.at.index = elementNamed(name), none
	if r.dialect.IgnoresUnknown && r.ignores(rule) {
		if r.at.member == memberNone {
			r.ignore(name, r.at, s, elementNames[memberID:], elementNamed)
		}
		r.skip = r.depth
		return
	}
	switch m := r.at.member; {
	case m == memberNone:
		r.found.unknown(r.at, s, "1.1/unknown-element-in-rule", r.words, r.at.path(), name, func() string { return nearest(name, elementNames[memberID:]) })
		r.skip = r.depth
		return
	case m == memberID && rule.ID != nil:
		r.found.structuralAt(r.at, s, "1.1/two-ids", says("a second ID in one rule: remove one"))
		r.skip = r.depth
		return
	case m == memberMaxAgeSeconds && r.aged:
		r.found.structuralAt(r.at, s, "1.1/two-max-ages", says("a second MaxAgeSeconds in one rule: remove one"))
		r.skip = r.depth
		return
	case m.isList():
		r.at = r.at.at(len(*rule.list(m)))
	}
	r.aged = r.aged || r.at.member == memberMaxAgeSeconds
	r.member = r.mark(r.at, span{s.end, s.end})
	r.value = r.value[:0]
}

// ignores reports whether the member at hand is passed over: it is unknown, or there
// for the second time (ceph-5/unknown-elements, ceph-5/first-counts).
func (r *xmlReader) ignores(rule *Rule) bool {
	switch r.at.member {
	case memberNone:
		return true
	case memberID:
		return rule.ID != nil
	case memberMaxAgeSeconds:
		return r.aged
	}
	return false
}

func (r *xmlReader) endTag(t xmltext.Token) {
	switch {
	case r.depth == depthRoot:
		r.marks[r.root].span.end = int32(t.End)
		r.skip = 0
	case r.skip == r.depth:
		r.skip = 0
	case r.skip > 0:
	case r.depth == depthRule:
		r.marks[r.rule].span.end = int32(t.End)
	case r.depth == depthValue:
		r.marks[r.member].span.end = int32(t.Offset)
		r.endValue()
	}
}

// endValue keeps the value that was read.
func (r *xmlReader) endValue() {
	rule := &r.config.CORSRules[r.at.rule]
	switch m := r.at.member; m {
	case memberID:
		id := string(r.value)
		rule.ID = &id
	case memberMaxAgeSeconds:
		if !r.reported[r.at] { // or the number is not all that stands there
			rule.MaxAgeSeconds = r.maxAge()
		}
	default:
		list := rule.list(m)
		*list = append(*list, r.valueString())
	}
}

// maxAge returns the value as a number, nil if it is none (9/max-age-trimmed,
// 9/max-age-lexical-forms).
func (r *xmlReader) maxAge() *int64 {
	if r.dialect.LooseNumbers {
		return r.looseMaxAge()
	}
	text := string(bytes.Trim(r.value, xmltext.Blanks))
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		form := "1.2/max-age-not-an-integer"
		if text == "" {
			form = "9/max-age-empty"
		}
		r.found.structuralAt(r.at, r.marks[r.member].span, maxAgeRow(err, form), func() string {
			return r.words.number(string(r.value), errors.Is(err, strconv.ErrRange))
		})
		return nil
	}
	return &seconds
}

// looseMaxAge returns the value as strtoull of C reads it, nil if it is none or does
// not fit: white space, a sign and digits, each of which may be lacking, and nothing
// behind them (ceph-5/max-age-forms).
func (r *xmlReader) looseMaxAge() *int64 {
	text := strings.TrimLeft(string(r.value), " \t\n\v\f\r")
	digits := strings.TrimPrefix(text, "+")
	if digits == text {
		digits = strings.TrimPrefix(text, "-")
	}
	if strings.Trim(digits, "0123456789") != "" || digits == "" && len(r.value) > 0 {
		r.found.structuralAt(r.at, r.marks[r.member].span, "ceph-5/max-age-forms", func() string { return r.words.number(string(r.value), false) })
		return nil
	}
	seconds, err := strconv.ParseInt(digits, 10, 64)
	switch {
	case digits == "":
		seconds = 0
	case err != nil:
		return nil // longer than 64 bits (ceph-5/max-age-range)
	case strings.HasPrefix(text, "-"):
		seconds = -seconds
	}
	return &seconds // which normalised drops if it does not fit
}

// valueString returns the value as a string; the methods, which every document
// repeats, without a copy.
func (r *xmlReader) valueString() string {
	if i := methodIndex(string(r.value)); i >= 0 {
		return listable[i]
	}
	return string(r.value)
}

// characters handles text, which belongs into values only
// (10/text-between-elements).
func (r *xmlReader) characters(t xmltext.Token) {
	if r.depth == depthValue {
		r.value = append(r.value, t.Text...)
		return
	}
	if r.dialect.IgnoresUnknown { // ceph-5/text-between-elements
		return
	}
	if len(bytes.Trim(t.Text, xmltext.Blanks)) == 0 {
		return
	}
	at := documentPlace
	if r.depth == depthRule {
		at.rule = r.at.rule
	}
	r.found.structuralAt(at, r.withoutBlanks(t), "10/text-between-elements", func() string { return between(t.Text) })
}

// jsonInXML is what to say of JSON between elements.
const jsonInXML = "JSON stands inside of XML: write elements, or the JSON alone"

// between says what is wrong with text between elements.
func between(text []byte) string {
	said := string(bytes.Trim(text, xmltext.Blanks))
	first, _ := utf8.DecodeRuneInString(said)
	switch {
	case charname.IsBlank(first):
		return charname.Of(first) + " stands between elements: remove it"
	case first == '{' || first == '[':
		return jsonInXML
	}
	line, _, _ := strings.Cut(said, "\n")
	return "the text " + strconv.Quote(clip(line)) + " stands between elements: put it into one, or remove it"
}

// withoutBlanks returns where a text stands, without the white space around it.
func (r *xmlReader) withoutBlanks(t xmltext.Token) span {
	if r.text == nil {
		return newSpan(t.Offset, t.End)
	}
	source := r.text[t.Offset:t.End]
	first := len(source) - len(bytes.TrimLeft(source, xmltext.Blanks))
	return newSpan(t.Offset+first, t.Offset+len(bytes.TrimRight(source, xmltext.Blanks)))
}

// AppendXML appends the configuration to dst as GET ?cors prints it, and returns the
// extended buffer. If S3 would refuse c, dst is returned as it was, and the error is
// that of c.Validate.
//
// The text can be longer than the limit of ParseXML. A configuration in memory may be of
// any size, and what was read from a document can grow by the namespace and by escapes.
func (c *Configuration) AppendXML(dst []byte, opts ...Option) ([]byte, error) {
	if err := c.Validate(opts...); err != nil {
		return dst, err
	}
	return c.appendXML(dst, dialectOf(opts)), nil
}

// AppendStoredXML appends the configuration to dst as AppendXML does, also if S3 would
// refuse it. A nil c counts as one without rules. A character that XML cannot carry
// is printed as U+FFFD.
func (c *Configuration) AppendStoredXML(dst []byte, opts ...Option) []byte {
	if c == nil {
		c = new(Configuration)
	}
	start := len(dst)
	dst = c.appendXML(dst, dialectOf(opts))
	if xmltext.IllegalAt(dst[start:]) < 0 {
		return dst
	}
	legal := strings.Map(func(r rune) rune {
		if !xmltext.IsChar(r) {
			return utf8.RuneError
		}
		return r // which is utf8.RuneError for what is not UTF-8
	}, string(dst[start:]))
	return append(dst[:start], legal...)
}

func (c *Configuration) appendXML(dst []byte, q *dialect) []byte { // 2/prologue, 2/values-verbatim
	if q.Declares {
		dst = append(dst, xmlDeclaration+"\n"...)
	}
	dst = append(dst, `<CORSConfiguration xmlns="`+xmlNamespace+`">`...)
	c = c.normalised(q)
	for i := range c.CORSRules {
		dst = c.CORSRules[i].appendXML(dst, q)
	}
	return append(dst, "</CORSConfiguration>"...)
}

// The orders of a rule's elements behind its ID.
var (
	originsFirst = [...]member{memberAllowedOrigins, memberAllowedMethods, memberMaxAgeSeconds, memberExposeHeaders, memberAllowedHeaders}
	methodsFirst = [...]member{memberAllowedMethods, memberAllowedOrigins, memberAllowedHeaders, memberMaxAgeSeconds, memberExposeHeaders}
)

func (rule *Rule) appendXML(dst []byte, q *dialect) []byte { // 2/element-order
	dst = append(dst, "<CORSRule>"...)
	if rule.ID != nil { // 2/empty-id
		dst = appendElement(dst, memberID, *rule.ID, q)
	}
	order := &originsFirst
	if q.MethodsFirst { // ceph-6/element-order
		order = &methodsFirst
	}
	for _, m := range order {
		dst = rule.appendElements(dst, m, q)
	}
	return append(dst, "</CORSRule>"...)
}

func (rule *Rule) appendElements(dst []byte, m member, q *dialect) []byte {
	if m == memberMaxAgeSeconds {
		if rule.MaxAgeSeconds == nil {
			return dst
		}
		return appendElement(dst, m, strconv.FormatInt(*rule.MaxAgeSeconds, 10), q)
	}
	for _, value := range *rule.list(m) {
		dst = appendElement(dst, m, value, q)
	}
	return dst
}

// appendElement appends an element with the escapes of 10/escaping-in-output, or
// those of ceph-6/escapes.
func appendElement(dst []byte, m member, value string, q *dialect) []byte {
	name := m.element()
	dst = append(append(append(dst, '<'), name...), '>')
	for i := range len(value) {
		switch b := value[i]; {
		case b == '&':
			dst = append(dst, "&amp;"...)
		case b == '<':
			dst = append(dst, "&lt;"...)
		case b == '>':
			dst = append(dst, "&gt;"...)
		case b == '\r':
			dst = append(dst, "&#13;"...)
		case b == '"' && q.EscapesQuotes:
			dst = append(dst, "&quot;"...)
		case b == '\'' && q.EscapesQuotes:
			dst = append(dst, "&apos;"...)
		default:
			dst = append(dst, b)
		}
	}
	return append(append(append(dst, "</"...), name...), '>')
}

// printsWithin reports whether what GET ?cors would print has no more bytes than a
// document may have. It prints no more than it takes to know.
func (c *Configuration) printsWithin(q *dialect) bool {
	buffer := (&Configuration{}).appendXML(nil, q)
	size := len(buffer)
	for i := 0; i < len(c.CORSRules) && size <= q.MaxDocumentBytes; i++ {
		buffer = c.CORSRules[i].normalised(q).appendXML(buffer[:0], q)
		size += len(buffer)
	}
	return size <= q.MaxDocumentBytes
}
