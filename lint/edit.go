package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
)

// An editor changes the text of a document.
type editor struct {
	Source
	xml   bool
	edits []edit
}

// An edit puts a text in the place of a part of the document.
type edit struct {
	start, end int
	text       string
}

// carryOut makes the edits of a plan; false if the document has no place for one.
func (e *editor) carryOut(p *plan) bool {
	for key, l := range p.lists {
		if !slices.Contains(p.rules, key.rule) && !e.list(key, l) {
			return false
		}
	}
	var rules []part
	for k := range e.Configuration.CORSRules {
		start, end, ok := e.Offsets(spot{rule: k}.String())
		if !ok {
			return false
		}
		rules = append(rules, part{start, end, slices.Contains(p.rules, k)})
	}
	e.take(rules)
	return true
}

// text returns the document with all edits, which do not overlap.
func (e *editor) text() []byte {
	slices.SortFunc(e.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out []byte
	at := 0
	for _, edit := range e.edits {
		if edit.start < at {
			return nil // which is read as no document
		}
		out = append(append(out, e.Data[at:edit.start]...), edit.text...)
		at = edit.end
	}
	return append(out, e.Data[at:]...)
}

// A part is a value of a list in the text; in XML it is a whole element.
type part struct {
	start, end int
	gone       bool
}

// list edits a list of a rule.
func (e *editor) list(key listKey, l *listPlan) bool {
	var parts []part
	for i := range l.values {
		start, end, ok := e.Offsets(inRule(key.rule, "%s[%d]", key.member, i).String())
		if !ok {
			return false
		}
		put, changed := l.put[i]
		if changed && put != nil {
			e.change(start, end, put)
		}
		if e.xml {
			start, end, ok = e.element(start, end)
		}
		if !ok {
			return false
		}
		parts = append(parts, part{start, end, changed && put == nil})
	}
	e.take(parts)
	return len(l.added) == 0 || e.add(key, parts, l.added)
}

// change puts values in the place of one.
func (e *editor) change(start, end int, values []string) {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = e.literal(value)
	}
	separator := ", "
	if e.xml {
		from, to, ok := e.element(start, end)
		if !ok {
			return
		}
		separator = string(e.Data[end:to]) + e.indent(from) + string(e.Data[from:start])
	}
	e.edits = append(e.edits, edit{start, end, strings.Join(texts, separator)})
}

// literal returns a value as it stands in the document.
func (e *editor) literal(value string) string {
	var b bytes.Buffer
	if e.xml {
		_ = xml.EscapeText(&b, []byte(value)) // to a buffer, which does not fail
		return b.String()
	}
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(value) // a string, which does not fail
	return strings.TrimSuffix(b.String(), "\n")
}

// element returns where the element begins and ends that has a text of its own.
func (e *editor) element(start, end int) (from, to int, ok bool) {
	from = bytes.LastIndexByte(e.Data[:start], '<')
	if from < 0 {
		return 0, 0, false
	}
	if bytes.HasSuffix(e.Data[:start], []byte("/>")) {
		return from, start, true
	}
	i := bytes.IndexByte(e.Data[end:], '>')
	return from, end + i + 1, i >= 0 && bytes.HasPrefix(e.Data[end:], []byte("</"))
}

// indent returns the white space before a place.
func (e *editor) indent(at int) string {
	return string(e.Data[len(bytes.TrimRight(e.Data[:at], " \t\r\n")):at])
}

// take removes the parts that go, and what separates them from those that stay.
func (e *editor) take(parts []part) {
	for i := 0; i < len(parts); i++ {
		if !parts[i].gone {
			continue
		}
		last := i
		for last+1 < len(parts) && parts[last+1].gone {
			last++
		}
		start, end := parts[i].start, parts[last].end
		switch {
		case e.xml:
			for ; i <= last; i++ {
				e.edits = append(e.edits, edit{parts[i].start - len(e.indent(parts[i].start)), parts[i].end, ""})
			}
		case last+1 < len(parts):
			e.edits = append(e.edits, edit{start, parts[last+1].start, ""})
		case i > 0:
			e.edits = append(e.edits, edit{parts[i-1].end, end, ""})
		default:
			e.edits = append(e.edits, edit{start, end, ""})
		}
		i = last
	}
}

// add puts values at the end of a list.
func (e *editor) add(key listKey, parts []part, values []string) bool {
	if len(parts) == 0 {
		return e.addList(key, values)
	}
	last := parts[len(parts)-1]
	var text string
	for _, value := range values {
		switch {
		case e.xml:
			open := e.Data[last.start : last.start+bytes.IndexAny(e.Data[last.start:], " \t\r\n/>")]
			text += e.indent(last.start) + string(open) + ">" + e.literal(value) + "</" + string(open[1:]) + ">"
		default:
			text += "," + e.indentOr(last.start, " ") + e.literal(value)
		}
	}
	e.edits = append(e.edits, edit{last.end, last.end, text})
	return true
}

// indentOr returns the white space before a value; the other text if it follows its
// bracket or a comma at once.
func (e *editor) indentOr(at int, other string) string {
	if indent := e.indent(at); strings.Contains(indent, "\n") {
		return indent
	}
	return other
}

// addList puts a list into a rule that has none of that name, or an empty one.
func (e *editor) addList(key listKey, values []string) bool {
	if start, end, ok := e.Offsets(inRule(key.rule, "%s", key.member).String()); ok && !e.xml {
		e.edits = append(e.edits, edit{start, end, e.array(values)})
		return true
	}
	start, end, ok := e.Offsets(spot{rule: key.rule}.String())
	if !ok {
		return false
	}
	if e.xml {
		return e.addElements(key, start, end, values)
	}
	name := e.NameOf(key.member)
	if name == "" || strings.Contains(name, ".") { // which is in an object of the rule
		return false
	}
	first := start + 1 + len(e.Data[start+1:end]) - len(bytes.TrimLeft(e.Data[start+1:end], " \t\r\n"))
	lastEnd := len(bytes.TrimRight(e.Data[:end-1], " \t\r\n"))
	e.edits = append(e.edits, edit{lastEnd, lastEnd, fmt.Sprintf(",%s%s: %s", e.indentOr(first, " "), e.literal(name), e.array(values))})
	return true
}

func (e *editor) array(values []string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = e.literal(value)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// addElements puts elements at the end of a rule in XML.
func (e *editor) addElements(key listKey, start, end int, values []string) bool {
	closing := bytes.LastIndex(e.Data[start:end], []byte("</"))
	if closing < 0 {
		return false
	}
	at := len(bytes.TrimRight(e.Data[:start+closing], " \t\r\n"))
	open := bytes.IndexByte(e.Data[start:end], '>') + start + 1
	indent := e.Data[open : open+len(e.Data[open:])-len(bytes.TrimLeft(e.Data[open:], " \t\r\n"))]
	prefix, _, prefixed := strings.Cut(string(e.Data[start+1:open]), ":CORSRule")
	if prefixed {
		prefix += ":"
	} else {
		prefix = ""
	}
	name := prefix + strings.TrimSuffix(key.member, "s")
	text := ""
	for _, value := range values {
		text += fmt.Sprintf("%s<%s>%s</%s>", indent, name, e.literal(value), name)
	}
	e.edits = append(e.edits, edit{at, at, text})
	return true
}
