package s3cors

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// maxJSONBytes bounds a JSON document, which cannot hold more than 16,384 values
// either (10/json-input-size).
const maxJSONBytes = 1 << 20

// ParseJSON reads a configuration in JSON. Three shapes are accepted: the object of the
// AWS CLI and the SDKs, {"CORSRules": […]}; the array of the S3 console, […]; and the
// object that the JavaScript SDK nests, {"CORSConfiguration": {"CORSRules": […]}}. It
// returns the configuration, or the Problems that S3 would refuse it for.
//
// S3 itself never reads JSON. A document of any other shape, or with a name in other
// letters, is what S3 calls MalformedXML.
func ParseJSON(data []byte, opts ...Option) (*Configuration, error) {
	s := newSettings(opts)
	return readJSON(data, s).result(s.dialect)
}

// readJSON reads a document by the rules of section 3 and of 10/json-shape; the
// reader holds data.
func readJSON(data []byte, s settings) *reader {
	r := &jsonReader{newReader(data)}
	if len(data) > maxJSONBytes {
		r.tooLong(r.whole(), "10/json-input-size", s.dialect)
		return &r.reader
	}
	root, err := jsontree.Parse(r.text)
	var fault *jsontree.Error
	switch {
	case errors.Is(err, jsontree.ErrTooManyValues):
		r.tooLong(r.whole(), "10/json-input-size", s.dialect)
		return &r.reader
	case errors.As(err, &fault):
		offset, said := r.nameJSON(fault.Offset, fault.Message)
		r.malformed(offset, jsonRows[fault.Reason], said)
		return &r.reader
	}
	r.mark(documentPlace, spanOf(root))
	r.root(root)
	if !r.config.printsWithin(s.dialect) {
		r.tooLong(spanOf(root), "10/size-of-a-configuration", s.dialect)
		return &r.reader
	}
	r.finish(s.dialect)
	r.nameShape()
	return &r.reader
}

// jsonRows are the rows that say why a text is not JSON.
var jsonRows = [...]string{
	jsontree.Syntax:     "10/json-syntax",
	jsontree.NotUTF8:    "10/json-invalid-utf8",
	jsontree.HalfAPair:  "10/json-lone-surrogates",
	jsontree.TooComplex: "10/parser-bounds",
}

// The keys that hold the rules, or an object that does.
const (
	rulesKey  = "CORSRules"
	nestedKey = "CORSConfiguration"
)

var ruleNames = memberNames[memberID:]

func spanOf(n jsontree.Node) span { return newSpan(n.Offset, n.End) }

// nameSpan is where the name of a member stands.
func nameSpan(m jsontree.Member) span { return newSpan(m.Offset, m.End) }

type jsonReader struct{ reader }

func (r *jsonReader) root(n jsontree.Node) {
	if n.Kind == jsontree.Array {
		r.rules(n)
		return
	}
	r.object(n, "", []string{rulesKey, nestedKey})
}

// object reads {"CORSRules": …} or, if keys has it, {"CORSConfiguration": …}
// (10/json-nested-object).
func (r *jsonReader) object(n jsontree.Node, path string, keys []string) {
	if n.Kind != jsontree.Object {
		r.unreadable = true
		r.unread(rulesPlace, spanOf(n), shapeRow(n), says("this is "+n.Kind.String()+` where an object must stand: write {"CORSRules": […]}`))
		return
	}
	found := "" // which of keys was there
	for _, m := range n.Members {
		switch {
		case !slices.Contains(keys, m.Name):
			r.found.unknown(documentPlace, nameSpan(m), "10/json-shape", r.words, path, m.Name, func() string { return meantAtRoot(m, keys, found) })
			continue
		case m.Name == found:
			r.twice(rulesPlace, m)
		case found != "":
			r.found.structuralAt(rulesPlace, nameSpan(m), "10/json-nested-object", says(found+" and "+m.Name+" cannot stand side by side: remove one"))
		case m.Name == rulesKey:
			r.rules(m.Value)
			found = m.Name
		default:
			r.object(m.Value, nestedKey, keys[:1])
			found = m.Name
		}
	}
	r.unreadable = r.unreadable || found == ""
	if found == "" && looksLikeRule(n) {
		r.unread(rulesPlace, spanOf(n), "10/json-shape", says(singleRule))
	}
}

// singleRule is what to say of a rule in the place of a configuration.
const singleRule = "this is a single rule; put it into an array: write [ before it, and ] behind it"

// meantAtRoot returns which of keys was probably meant by a member of the document.
// found is the one that was there before.
func meantAtRoot(m jsontree.Member, keys []string, found string) string {
	if meant := nearest(m.Name, keys); meant != "" {
		return meant
	}
	isList := m.Value.Kind == jsontree.Array && len(m.Value.Items) > 0 && looksLikeRule(m.Value.Items[0])
	if found == "" && isList {
		return rulesKey // under another name, such as "rules"
	}
	return ""
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
	r.found.structuralAt(at, nameSpan(m), "10/json-duplicate-names", func() string {
		return "the key " + strconv.Quote(m.Name) + " is there twice: join its values, and remove one"
	})
}

// wrong notes a value of another type than must stand there; cure says what to write.
func (r *jsonReader) wrong(at place, n jsontree.Node, want string, cure func() string) {
	r.unread(at, spanOf(n), shapeRow(n), func() string {
		said := "this is " + n.Kind.String() + " where " + want + " must stand"
		if c := cure(); c != "" {
			said += ": " + c
		}
		return said
	})
}

// shapeRow is the row for a value of the wrong type.
func shapeRow(n jsontree.Node) string {
	if n.Kind == jsontree.Null {
		return "10/json-null"
	}
	return "10/json-shape"
}

func (r *jsonReader) rules(n jsontree.Node) {
	if n.Kind != jsontree.Array {
		r.unreadable = true
		r.wrong(rulesPlace, n, "an array of rules", func() string {
			switch {
			case n.Kind == jsontree.Object && len(n.Members) == 1 && n.Members[0].Value.Kind == jsontree.Array && !looksLikeRule(n):
				return "write the array of " + strconv.Quote(clip(n.Members[0].Name)) + " in its place"
			case n.Kind == jsontree.Object:
				return "write [ before its {, and ] behind its }"
			}
			return "write [{…}], with the rules in it"
		})
		return
	}
	r.mark(rulesPlace, spanOf(n))
	r.config.CORSRules = make([]Rule, len(n.Items))
	r.marks = slices.Grow(r.marks, len(n.Items))
	for i := range n.Items {
		r.rule(i, n.Items[i])
	}
}

// ruleCure says what to write for what is no rule.
func ruleCure(n jsontree.Node) string {
	switch n.Kind {
	case jsontree.Array:
		return "one pair of brackets too many, remove this [ and its ]"
	case jsontree.Null:
		return "remove it"
	}
	return `write {"AllowedOrigins": […], "AllowedMethods": […]}`
}

func (r *jsonReader) rule(i int, n jsontree.Node) {
	at := ruleAt(i)
	r.mark(at, spanOf(n))
	if n.Kind != jsontree.Object {
		r.wrong(at, n, "a rule, which is an object,", func() string { return ruleCure(n) })
		return
	}
	var seen [len(memberNames)]bool
	for _, m := range n.Members {
		at := ruleAt(i).of(memberNamed(m.Name))
		switch {
		case at.member < memberID:
			r.found.unknown(ruleAt(i), nameSpan(m), "10/json-shape", r.words, ruleAt(i).path(), m.Name, func() string { return nearest(m.Name, ruleNames) })
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
		r.wrong(at, n, "an array of strings", func() string { return r.listCure(at.member, n) })
		return
	}
	if len(n.Items) == 0 {
		r.mark(at.at(0), spanOf(n)) // there is no first value, which a path of the list would mean
	}
	values := make([]string, len(n.Items))
	r.marks = slices.Grow(r.marks, len(n.Items))
	for i, item := range n.Items {
		at = at.at(i)
		r.mark(at, spanOf(item))
		if item.Kind != jsontree.String {
			r.wrong(at, item, "a string", func() string { return r.stringCure(item) })
			continue
		}
		values[i] = item.Text
	}
	*r.config.CORSRules[at.rule].list(at.member) = values
}

func (r *jsonReader) id(at place, n jsontree.Node) {
	r.mark(at, spanOf(n))
	if n.Kind != jsontree.String {
		r.wrong(at, n, "a string", func() string { return r.stringCure(n) })
		return
	}
	id := n.Text
	r.config.CORSRules[at.rule].ID = &id
}

// maxAge reads a number without fraction and exponent (10/json-max-age).
func (r *jsonReader) maxAge(at place, n jsontree.Node) {
	r.mark(at, spanOf(n))
	if n.Kind == jsontree.Null {
		r.wrong(at, n, "a whole number", says("write a number of seconds, such as 3600, or remove the key"))
		return
	}
	if n.Kind != jsontree.Number {
		r.unread(at, spanOf(n), "10/json-max-age", func() string {
			said := "this is " + n.Kind.String() + " where a whole number must stand: write "
			if n.Kind == jsontree.String && isDigits(n.Text) {
				return said + clip(n.Text) + " without quotes"
			}
			return said + "a number of seconds, such as 3600"
		})
		return
	}
	seconds, err := strconv.ParseInt(n.Text, 10, 64)
	if err != nil {
		r.found.structuralAt(at, spanOf(n), maxAgeRow(err, "10/json-max-age"), func() string { return r.words.number(n.Text, errors.Is(err, strconv.ErrRange)) })
		return
	}
	r.config.CORSRules[at.rule].MaxAgeSeconds = &seconds
}

// listCure says what to write for what is no list of strings.
func (r *jsonReader) listCure(m member, n jsontree.Node) string {
	switch {
	case n.Kind == jsontree.Null && (m == memberAllowedOrigins || m == memberAllowedMethods):
		return "write " + r.words.whole(m, samples[m]...)
	case n.Kind == jsontree.Null:
		return "remove the key"
	case n.Kind == jsontree.String && several(n.Text) != nil:
		return "write [" + r.words.list(m, several(n.Text)...) + "]"
	case n.Kind == jsontree.String:
		return "write [" + strconv.Quote(clip(n.Text)) + "]"
	case n.Kind == jsontree.Object:
		return "write [ and ] for its { and }, and strings between them"
	}
	return `write ["…"], with strings in it`
}

// stringCure says what to write for what is no string.
func (r *jsonReader) stringCure(n jsontree.Node) string {
	switch n.Kind {
	case jsontree.Number, jsontree.Bool:
		return "put it in double quotes"
	case jsontree.Null:
		return "remove it"
	case jsontree.Array:
		return "one pair of brackets too many, remove this [ and its ]"
	}
	return "write one string for each value"
}

// AppendJSON appends the configuration to dst as "aws s3api get-bucket-cors" prints it,
// and returns the extended buffer: keys in the order of that command, empty lists left
// out, four spaces for each level, a line feed at the end. If S3 would refuse c, dst is
// returned as it was, and the error is that of c.Validate.
//
// The text can be longer than the limit of ParseJSON, since a configuration in memory
// may be of any size.
func (c *Configuration) AppendJSON(dst []byte, opts ...Option) ([]byte, error) {
	if err := c.Validate(opts...); err != nil {
		return dst, err
	}
	c = c.normalised(dialectOf(opts))
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
