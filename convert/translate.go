package convert

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/jsontree"
)

// A translation is a foreign document in S3's JSON. The root package reads that, and
// so judges all formats by one set of rules and in one set of words; marks lead from
// its positions back to those of the document.
//
// Values of a wrong type are handed on as they are, for the root package to refuse.
// What S3 has no counterpart for is left out, and told as a loss.
type translation struct {
	words    *vocabulary
	format   Format
	template bool
	source   []byte

	out    []byte
	marks  map[int]mark // by offset in out
	losses []Remark
	notes  []Remark
	// doubled says that a note tells of the list that stands for two.
	doubled bool
}

// A mark tells what a part of the translation is in the document.
type mark struct {
	span span
	path string // as the document counts: without what was left out, indexes differ
	rule int    // the index of the rule in the document, -1 if it is in none
}

func nodeSpan(n jsontree.Node) span { return span{n.Offset, n.End} }

// mark notes what stands in the document for what is written next.
func (t *translation) mark(s span, path string, rule int) {
	t.marks[len(t.out)] = mark{s, path, rule}
}

func (t *translation) lose(s span, path, value, format string, args ...any) {
	t.losses = append(t.losses, remark(path, value, format, args...).at(s))
}

// translate translates the rules of a spot in a document.
func translate(s spot, source []byte) *translation {
	t := &translation{words: vocabularies[s.format], format: s.format, template: s.template, source: source, marks: make(map[int]mark)}
	t.mark(nodeSpan(s.rules), "CORSConfiguration", -1)
	t.write(`{"CORSRules":`)
	t.mark(nodeSpan(s.rules), "CORSRules", -1)
	t.rules(s.rules)
	t.write(`}`)
	for _, m := range s.beside {
		t.unknown(m, "CORSConfiguration", m.Name)
	}
	return t
}

func (t *translation) write(s string) { t.out = append(t.out, s...) }

// separate writes a comma unless something was just opened.
func (t *translation) separate() {
	if last := t.out[len(t.out)-1]; last != '[' && last != '{' {
		t.write(",")
	}
}

func (t *translation) rules(n jsontree.Node) {
	switch {
	case t.unresolved(n, "CORSRules"), t.isAbsent(n):
		t.write("[]")
	case n.Kind == jsontree.Object && t.format == TerraformJSON: // one block
		t.write("[")
		t.rule(0, n)
		t.write("]")
	case n.Kind != jsontree.Array:
		t.raw(n)
	default:
		t.write("[")
		for i := range n.Items {
			t.rule(i, n.Items[i])
		}
		t.write("]")
	}
}

func (t *translation) rule(i int, n jsontree.Node) {
	if t.unresolved(n, rulePath(i)) || isNoValue(n) && t.format == CloudFormation {
		return
	}
	t.separate()
	t.mark(nodeSpan(n), rulePath(i), i)
	if n.Kind != jsontree.Object {
		t.raw(n)
		return
	}
	t.write("{")
	t.members(i, n, "")
	t.write("}")
}

// members translates the members of a rule, or of an object in it whose name and a
// dot are the prefix.
func (t *translation) members(i int, n jsontree.Node, prefix string) {
	for _, m := range n.Members {
		name := prefix + m.Name
		known := t.words.members[name]
		if strings.Contains(m.Name, ".") {
			known = "" // which only looks like a name in an object
		}
		switch {
		case known != "":
			t.member(i, known, m)
		case t.words.isGroup(name) && m.Value.Kind == jsontree.Object:
			t.members(i, m.Value, name+".")
		case t.words.isGroup(name):
			t.lose(nodeSpan(m.Value), memberPath(i, name), valueOf(m.Value, t.source), "this is %s where an object must stand", m.Value.Kind)
		default:
			t.unknown(m, rulePath(i), name)
		}
	}
}

// unknown tells of a member that the format, or S3, does not know.
func (t *translation) unknown(m jsontree.Member, parent, name string) {
	s, path, value := span{m.Offset, m.Value.End}, parent+"."+name, valueOf(m.Value, t.source)
	switch meant := t.words.meant(name); {
	case t.template && m.Name == "//":
		t.notes = append(t.notes, remark(path, value, "this is a comment").at(s))
	case isCredentials(name):
		t.lose(s, path, value, "S3 has no switch for credentials: it allows them unless the rule lists the origin *")
	case meant != "" && meant != name && parent != "CORSConfiguration":
		t.lose(s, path, value, "%s has no %s here; it writes %s", t.words.system, name, meant)
	default:
		t.lose(s, path, value, "S3 has no counterpart of %s", name)
	}
}

// member translates one member of a rule that S3 has.
func (t *translation) member(i int, name string, m jsontree.Member) {
	path := memberPath(i, name)
	if t.isAbsent(m.Value) || t.unresolved(m.Value, path) {
		return
	}
	switch name {
	case memberID:
		if t.format == TerraformJSON && m.Value.Kind == jsontree.String && m.Value.Text == "" {
			return // which is how Terraform writes none
		}
		t.key(i, name, m)
		t.scalar(i, path, m.Value)
	case memberMaxAgeSeconds:
		t.key(i, name, m)
		t.scalar(i, path, t.number(m.Value))
	default:
		t.list(i, name, m)
		if t.format == GCS && name == memberAllowedHeaders {
			t.exposed(i, m)
		}
	}
}

func (t *translation) key(i int, name string, m jsontree.Member) {
	t.separate()
	t.mark(span{m.Offset, m.End}, memberPath(i, name), i)
	t.write(strconv.Quote(name) + ":")
}

func (t *translation) scalar(i int, path string, n jsontree.Node) {
	t.mark(nodeSpan(n), path, i)
	t.raw(t.literal(n))
}

// number returns a value as a number where the format takes a string for one.
func (t *translation) number(n jsontree.Node) jsontree.Node {
	if n.Kind != jsontree.String || !t.words.loose {
		return n
	}
	if seconds, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
		n.Kind, n.Text = jsontree.Number, strconv.FormatInt(seconds, 10)
	}
	return n
}

func (t *translation) list(i int, name string, m jsontree.Member) {
	t.key(i, name, m)
	t.mark(nodeSpan(m.Value), memberPath(i, name), i)
	if m.Value.Kind != jsontree.Array {
		t.raw(m.Value)
		return
	}
	t.write("[")
	for j, item := range m.Value.Items {
		t.item(i, name, j, item)
	}
	t.write("]")
}

// item translates a value of a list, which may become none or several.
func (t *translation) item(i int, name string, j int, n jsontree.Node) {
	path := valuePath(i, name, j)
	if isNoValue(n) && t.format == CloudFormation || t.unresolved(n, path) {
		return
	}
	if n.Kind != jsontree.String {
		t.separate()
		t.mark(nodeSpan(n), path, i)
		t.raw(n)
		return
	}
	for _, value := range t.values(name, path, t.literal(n)) {
		t.separate()
		t.mark(nodeSpan(n), path, i)
		t.text(value)
	}
}

// exposed writes the names in GCS's one list of headers, which serves for requests
// and for responses, as those to expose. S3 exposes no patterns.
func (t *translation) exposed(i int, m jsontree.Member) {
	if m.Value.Kind != jsontree.Array || len(m.Value.Items) == 0 {
		return // refused as AllowedHeaders, or nothing
	}
	if !t.doubled {
		t.doubled = true
		t.notes = append(t.notes, remark(memberPath(i, memberExposeHeaders), "",
			"the one list of headers is for requests and for responses: it stands in AllowedHeaders and in ExposeHeaders").at(span{m.Offset, m.End}))
	}
	t.key(i, memberExposeHeaders, m)
	t.mark(nodeSpan(m.Value), memberPath(i, memberExposeHeaders), i)
	t.write("[")
	for j, item := range m.Value.Items {
		path := valuePath(i, memberExposeHeaders, j)
		if item.Kind == jsontree.String && strings.Contains(item.Text, "*") {
			t.lose(nodeSpan(item), path, item.Text, "S3 exposes response headers by their full names only")
			continue
		}
		t.separate()
		t.mark(nodeSpan(item), path, i)
		t.raw(item)
	}
	t.write("]")
}

// raw writes a value. What an array or an object holds does not matter: where one
// stands, it is refused.
func (t *translation) raw(n jsontree.Node) {
	switch n.Kind {
	case jsontree.String:
		t.text(n.Text)
	case jsontree.Array:
		t.write("[]")
	case jsontree.Object:
		t.write("{}")
	case jsontree.Bool:
		t.write("true")
	case jsontree.Null:
		t.write("null")
	default:
		t.write(n.Text)
	}
}

func (t *translation) text(s string) { t.out = append(t.out, quoteJSON(s)...) }

// quoteJSON returns a string in JSON, with <, > and & as they are.
func quoteJSON(s string) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(s) // which fails for no string
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// valueOf returns a value of a document as a Remark has it.
func valueOf(n jsontree.Node, source []byte) string {
	if n.Kind == jsontree.String {
		return n.Text
	}
	return string(appendNode(nil, n, source))
}

// appendNode appends a value as JSON on one line.
func appendNode(dst []byte, n jsontree.Node, source []byte) []byte {
	switch n.Kind {
	case jsontree.String:
		return append(dst, quoteJSON(n.Text)...)
	case jsontree.Array:
		dst = append(dst, '[')
		for i := range n.Items {
			dst = appendNode(appendComma(dst, i), n.Items[i], source)
		}
		return append(dst, ']')
	case jsontree.Object:
		dst = append(dst, '{')
		for i := range n.Members {
			dst = append(appendComma(dst, i), quoteJSON(n.Members[i].Name)...)
			dst = appendNode(append(dst, ':'), n.Members[i].Value, source)
		}
		return append(dst, '}')
	}
	return append(dst, source[n.Offset:n.End]...)
}

func appendComma(dst []byte, i int) []byte {
	if i > 0 {
		return append(dst, ',')
	}
	return dst
}
