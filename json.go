package s3cors

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// maxJSONBytes bounds a JSON document, which cannot hold more than 16,384 values
// either (10/json-input-size).
const maxJSONBytes = 1 << 20

// ParseJSON reads a configuration in JSON, in any of three shapes: the object of
// the AWS CLI and the SDKs, {"CORSRules": […]}; the bare array of the S3
// console; and the object that the JavaScript SDK nests, {"CORSConfiguration":
// {"CORSRules": […]}} (3/console-array, 3/object-with-rules). It returns the
// configuration, or the Problems that S3 would refuse it for.
//
// S3 itself never sees JSON (3/server-never-sees-json): a document that has not
// this shape, to the letter of every name, is MalformedXML here.
func ParseJSON(data []byte, opts ...Option) (*Configuration, error) {
	return readJSON(data, newSettings(opts)).result()
}

var (
	rootNames = []string{memberRules.name(), "CORSConfiguration"}
	ruleNames = memberNames[memberID:]
)

// readJSON reads a document; the Document holds data.
func readJSON(data []byte, s settings) *Document {
	r := &jsonReader{reader: reader{doc: &Document{data: data}}}
	if len(data) > maxJSONBytes {
		return r.alone(tooLongFinding(s.dialect), 0)
	}
	text := bytes.TrimPrefix(data, []byte(byteOrderMark))
	r.base = len(data) - len(text)
	root, err := jsontree.Parse(text)
	var syntax *jsontree.Error
	switch {
	case errors.Is(err, jsontree.ErrTooManyValues):
		return r.alone(tooLongFinding(s.dialect), r.base)
	case errors.As(err, &syntax):
		return r.malformed(r.base+syntax.Offset, "not JSON: "+syntax.Message)
	}
	r.doc.mark(documentPlace, r.base+root.Offset)
	r.root(root)
	if r.doc.config.printedSize() > s.dialect.maxDocumentBytes {
		return r.alone(tooLongFinding(s.dialect), r.base+root.Offset)
	}
	return r.finish(s)
}

type jsonReader struct {
	reader
	base int // the bytes before the text that the tree was made of
}

func (r *jsonReader) root(n jsontree.Node) {
	if n.Kind == jsontree.Array {
		r.rules(n)
		return
	}
	r.object(n, "", rootNames)
}

// object reads {"CORSRules": …} or, if names has it, {"CORSConfiguration": …}.
func (r *jsonReader) object(n jsontree.Node, path string, names []string) {
	at := rulesPlace
	if n.Kind != jsontree.Object {
		r.unread(at, r.base+n.Offset, "this is "+n.Kind.String()+`; a configuration is {"CORSRules": […]} or an array of rules`)
		return
	}
	found := false
	for _, m := range n.Members {
		known := m.Name == names[0] || len(names) > 1 && m.Name == names[1]
		switch {
		case known && found:
			r.twice(at, m)
		case m.Name == names[0]:
			r.rules(m.Value)
		case known:
			r.object(m.Value, m.Name, names[:1])
		default:
			r.unknown(path, "key", m.Name, r.base+m.Offset, names)
			continue
		}
		found = true
	}
	if looksLikeRule(n) && !found {
		r.unread(at, r.base+n.Offset, "this is a single rule; put it into an array")
	}
}

func looksLikeRule(n jsontree.Node) bool {
	for _, m := range n.Members {
		if m.Name == memberAllowedOrigins.name() || m.Name == memberAllowedMethods.name() {
			return true
		}
	}
	return false
}

func (r *jsonReader) twice(at place, m jsontree.Member) {
	r.defect(at, r.base+m.Offset, "the key "+strconv.Quote(m.Name)+" is there twice")
}

func (r *jsonReader) wrong(at place, n jsontree.Node, want string) {
	r.unread(at, r.base+n.Offset, "this is "+n.Kind.String()+" where "+want+" must stand")
}

func (r *jsonReader) rules(n jsontree.Node) {
	if n.Kind != jsontree.Array {
		r.wrong(rulesPlace, n, "an array of rules")
		return
	}
	r.doc.mark(rulesPlace, r.base+n.Offset)
	r.doc.config.CORSRules = make([]Rule, len(n.Items))
	for i := range n.Items {
		r.rule(i, n.Items[i])
	}
}

func (r *jsonReader) rule(i int, n jsontree.Node) {
	at := place{rule: i, index: none}
	r.doc.mark(at, r.base+n.Offset)
	if n.Kind != jsontree.Object {
		r.wrong(at, n, "a rule, which is an object,")
		for m := memberAllowedOrigins; m <= memberAllowedMethods; m++ {
			r.tell(place{rule: i, member: m, index: none})
		}
		return
	}
	var seen [len(memberNames)]bool
	for _, m := range n.Members {
		at.member = memberNamed(m.Name)
		switch {
		case at.member < memberID:
			r.unknown(place{rule: i, index: none}.path(), "key", m.Name, r.base+m.Offset, ruleNames)
		case seen[at.member]:
			r.twice(at, m)
		case at.member.isList():
			r.list(at, m.Value)
		case at.member == memberID:
			r.id(at, m.Value)
		default:
			r.maxAge(at, m.Value)
		}
		seen[at.member] = true
	}
}

func (r *jsonReader) list(at place, n jsontree.Node) {
	if n.Kind != jsontree.Array {
		r.wrong(at, n, "an array of strings")
		return
	}
	if len(n.Items) == 0 {
		r.doc.mark(place{rule: at.rule, member: at.member}, r.base+n.Offset)
	}
	values := make([]string, len(n.Items))
	for i, item := range n.Items {
		at.index = i
		r.doc.mark(at, r.base+item.Offset)
		if item.Kind != jsontree.String {
			r.wrong(at, item, "a string")
			continue
		}
		values[i] = item.Text
	}
	*r.doc.config.CORSRules[at.rule].list(at.member) = values
}

func (r *jsonReader) id(at place, n jsontree.Node) {
	r.doc.mark(at, r.base+n.Offset)
	if n.Kind != jsontree.String {
		r.wrong(at, n, "a string")
		return
	}
	r.doc.config.CORSRules[at.rule].ID = new(n.Text)
}

func (r *jsonReader) maxAge(at place, n jsontree.Node) {
	r.doc.mark(at, r.base+n.Offset)
	if n.Kind != jsontree.Number {
		r.wrong(at, n, "a whole number")
		return
	}
	seconds, err := strconv.ParseInt(n.Text, 10, 64)
	if err != nil {
		r.defect(at, r.base+n.Offset, n.Text+" is not a whole number of 64 bits")
		return
	}
	r.doc.config.CORSRules[at.rule].MaxAgeSeconds = &seconds
}

// AppendJSON appends the configuration to dst as "aws s3api get-bucket-cors"
// prints it: keys in the order of that command, lists only where they are not
// empty, four blanks a level, a line feed at the end. If S3 would refuse c, the error is
// that of c.Validate, and dst is returned as it was.
func (c *Configuration) AppendJSON(dst []byte, opts ...Option) ([]byte, error) {
	if err := c.Validate(opts...); err != nil {
		return dst, err
	}
	p := jsonPrinter{dst: dst}
	p.open('{')
	p.key(memberRules)
	p.open('[')
	for i := range c.CORSRules {
		p.item()
		p.rule(&c.CORSRules[i])
	}
	p.close(']')
	p.close('}')
	return append(p.dst, '\n'), nil
}

// A jsonPrinter appends indented JSON to dst.
type jsonPrinter struct {
	dst   []byte
	depth int
	first bool // nothing stands yet in what was opened last
}

func (p *jsonPrinter) open(b byte) {
	p.dst = append(p.dst, b)
	p.depth++
	p.first = true
}

func (p *jsonPrinter) close(b byte) {
	p.depth--
	p.first = false
	p.newline()
	p.dst = append(p.dst, b)
}

func (p *jsonPrinter) newline() {
	p.dst = append(p.dst, '\n')
	p.dst = append(p.dst, strings.Repeat("    ", p.depth)...)
}

// item begins the next item of what is open.
func (p *jsonPrinter) item() {
	if !p.first {
		p.dst = append(p.dst, ',')
	}
	p.first = false
	p.newline()
}

func (p *jsonPrinter) key(m member) {
	p.item()
	p.text(m.name())
	p.dst = append(p.dst, ": "...)
}

func (p *jsonPrinter) rule(rule *Rule) {
	p.open('{')
	if rule.ID != nil {
		p.key(memberID)
		p.text(*rule.ID)
	}
	for _, m := range []member{memberAllowedHeaders, memberAllowedMethods, memberAllowedOrigins, memberExposeHeaders} {
		p.list(m, *rule.list(m))
	}
	if rule.MaxAgeSeconds != nil {
		p.key(memberMaxAgeSeconds)
		p.dst = strconv.AppendInt(p.dst, *rule.MaxAgeSeconds, 10)
	}
	p.close('}')
}

func (p *jsonPrinter) list(m member, values []string) {
	if len(values) == 0 {
		return
	}
	p.key(m)
	p.open('[')
	for _, value := range values {
		p.item()
		p.text(value)
	}
	p.close(']')
}

// text appends a string. Of the characters that a valid configuration holds,
// these five need an escape.
func (p *jsonPrinter) text(s string) {
	p.dst = append(p.dst, '"')
	for i := range len(s) {
		switch b := s[i]; b {
		case '"', '\\':
			p.dst = append(p.dst, '\\', b)
		case '\n':
			p.dst = append(p.dst, `\n`...)
		case '\r':
			p.dst = append(p.dst, `\r`...)
		case '\t':
			p.dst = append(p.dst, `\t`...)
		default:
			p.dst = append(p.dst, b)
		}
	}
	p.dst = append(p.dst, '"')
}
