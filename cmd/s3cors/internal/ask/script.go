package ask

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
)

// unknownHeader stands for the value of a header that is not known: a browser asks for the
// name, whichever it is, since a quote is in no value that needs no asking for.
const unknownHeader = `"`

// readScript reads the calls of fetch in a script, as "Copy as fetch" makes them, or as
// somebody wrote them: with values that are written out.
func readScript(text string) (*Pasted, error) {
	p := &Pasted{Kind: "a call of fetch"}
	for len(p.Sent) < mostSent {
		at := fetchPattern.FindStringIndex(text)
		if at == nil {
			break
		}
		r := &script{rest: text[at[1]:]}
		s, err := r.call(p)
		if err != nil {
			return nil, err
		}
		p.Sent = append(p.Sent, s)
		text = r.rest
	}
	return p, nil
}

// call reads the arguments of a call, of which the bracket is read.
func (r *script) call(p *Pasted) (*Sent, error) {
	url := r.value(0)
	if !url.isText {
		return nil, fmt.Errorf("the URL of the call is %s, which the script fills in: write it as a string", short(url.source))
	}
	s := &Sent{method: "GET", url: url.text}
	if r.take(',') {
		if err := s.options(p, r.value(0)); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// options takes the second argument of fetch.
func (s *Sent) options(p *Pasted, options literal) error {
	if options.source != "" && !options.isObject {
		p.Notes = append(p.Notes, fmt.Sprintf("The options of the call are %s, which the script fills in: they are not read.", short(options.source)))
		return nil
	}
	referrer := ""
	for _, m := range options.members {
		switch m.name {
		case "method":
			if !m.value.isText || m.value.text == "" {
				return fmt.Errorf("the method of the call is %s, which the script fills in: write it as a string", short(m.value.source))
			}
			s.method = m.value.text
		case "headers":
			s.scriptHeaders(p, m.value)
		case "credentials":
			s.credentials = explain.Credentials(m.value.text)
		case "mode":
			s.mode = explain.Mode(m.value.text)
		case "referrer":
			referrer = m.value.text
		case "...":
			p.Notes = append(p.Notes, fmt.Sprintf("The options have %s, which is not read.", short(m.value.source)))
		}
	}
	if origin, ok := fetch.OriginOf(referrer); ok && strings.HasPrefix(origin, "http") && s.value("Origin") == "" {
		s.headers = append(s.headers, [2]string{"Origin", origin})
	}
	return nil
}

// scriptHeaders takes the headers of fetch: an object, pairs, or either in new Headers(…).
func (s *Sent) scriptHeaders(p *Pasted, headers literal) {
	if inner, ok := strings.CutPrefix(headers.source, "new Headers("); ok {
		headers = (&script{rest: inner}).value(0)
	}
	for _, item := range headers.items {
		if len(item.items) == 2 && item.items[0].isText {
			headers.members = append(headers.members, member{item.items[0].text, item.items[1]})
		}
	}
	if !headers.isObject && len(headers.members) == 0 && headers.source != "" {
		p.Notes = append(p.Notes, fmt.Sprintf("The headers are %s, which the script fills in: they are not read.", short(headers.source)))
		return
	}
	for _, m := range headers.members {
		switch {
		case m.name == "...":
			p.Notes = append(p.Notes, fmt.Sprintf("The headers have %s, which is not read.", short(m.value.source)))
		case m.value.isText:
			s.headers = append(s.headers, [2]string{m.name, m.value.text})
		default:
			s.headers = append(s.headers, [2]string{m.name, unknownHeader})
		}
	}
}

// short is a part of a script, not too long for a sentence.
func short(source string) string {
	const longest = 60
	if runes := []rune(strings.Join(strings.Fields(source), " ")); len(runes) > longest {
		return string(runes[:longest]) + "…"
	} else if len(runes) > 0 {
		return string(runes)
	}
	return "missing"
}

// A literal is a value in a script.
type literal struct {
	source   string // as it stands
	text     string // of a string
	isText   bool
	isObject bool
	members  []member
	items    []literal
}

// A member is one of an object; that with the name "..." is a spread.
type member struct {
	name  string
	value literal
}

// A script reads values of JavaScript that are written out.
type script struct{ rest string }

// skip skips white space and comments.
func (r *script) skip() {
	for {
		before := r.rest
		r.rest = strings.TrimLeft(r.rest, " \t\r\n")
		if strings.HasPrefix(r.rest, "//") {
			_, r.rest, _ = strings.Cut(r.rest, "\n")
		} else if strings.HasPrefix(r.rest, "/*") {
			_, r.rest, _ = strings.Cut(r.rest, "*/")
		}
		if r.rest == before {
			return
		}
	}
}

// take reads a character if it comes next.
func (r *script) take(c byte) bool {
	r.skip()
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// deepest bounds how deep values are read that hold each other.
const deepest = 8

// value reads a value. What is not written out, such as a variable, has its source alone.
func (r *script) value(depth int) literal {
	r.skip()
	start := r.rest
	var v literal
	switch {
	case start == "":
		return v
	case strings.IndexByte("\"'`", start[0]) >= 0:
		v.text, v.isText = r.string()
	case start[0] == '{' && depth < deepest:
		r.rest = r.rest[1:]
		v.isObject, v.members = true, r.members(depth)
	case start[0] == '[' && depth < deepest:
		r.rest = r.rest[1:]
		for r.skip(); r.rest != "" && !r.take(']'); r.skip() {
			v.items = append(v.items, r.value(depth+1))
			r.take(',')
		}
	}
	whole := r.passOver()
	v.source = strings.TrimSpace(start[:len(start)-len(r.rest)])
	if whole != "" { // such as a string to which something is added
		return literal{source: v.source}
	}
	return v
}

// passOver reads up to the comma or the bracket that ends a value, and returns that.
func (r *script) passOver() string {
	r.skip()
	start, depth := r.rest, 0
	for r.rest != "" {
		c := r.rest[0]
		switch {
		case strings.IndexByte("\"'`", c) >= 0:
			r.string()
			continue
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case depth == 0 && strings.IndexByte(",)]};", c) >= 0:
			return strings.TrimSpace(start[:len(start)-len(r.rest)])
		case strings.IndexByte(")]}", c) >= 0:
			depth--
		}
		r.rest = r.rest[1:]
	}
	return strings.TrimSpace(start)
}

// members reads the members of an object, of which the bracket is read.
func (r *script) members(depth int) []member {
	var all []member
	for r.skip(); r.rest != "" && !r.take('}'); r.skip() {
		if spread, ok := strings.CutPrefix(r.rest, "..."); ok {
			before := r.rest
			r.rest = spread
			r.passOver()
			all = append(all, member{"...", literal{source: before[:len(before)-len(r.rest)]}})
		} else if name := r.name(); r.take(':') {
			all = append(all, member{name, r.value(depth + 1)})
		} else { // a variable of that name
			r.passOver()
			all = append(all, member{name, literal{source: name}})
		}
		if !r.take(',') && r.rest != "" && r.rest[0] != '}' {
			r.rest = r.rest[1:] // no script, but this ends
		}
	}
	return all
}

// name reads the name of a member.
func (r *script) name() string {
	if r.rest != "" && strings.IndexByte("\"'", r.rest[0]) >= 0 {
		name, _ := r.string()
		return name
	}
	end := strings.IndexAny(r.rest, ":,} \t\r\n(")
	if end < 0 {
		end = len(r.rest)
	}
	name := r.rest[:end]
	r.rest = r.rest[end:]
	return name
}

// string reads a string. It returns false for a template with something to fill in.
func (r *script) string() (string, bool) {
	quote := r.rest[0]
	var b strings.Builder
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == quote:
			r.rest = r.rest[i+1:]
			text := b.String()
			return text, quote != '`' || !strings.Contains(text, "${")
		case c == '\\' && i+1 < len(r.rest):
			i += r.escape(&b, r.rest[i+1:])
		default:
			b.WriteByte(c)
		}
	}
	r.rest = ""
	return b.String(), false
}

// scriptEscapes are the escapes of one letter.
var scriptEscapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", 'v': "\v", '0': "\x00", '\n': ""}

// escape reads what follows a backslash, and returns how many bytes that are.
func (r *script) escape(b *strings.Builder, text string) int {
	if plain, ok := scriptEscapes[text[0]]; ok {
		b.WriteString(plain)
		return 1
	}
	most := map[byte]int{'x': 2, 'u': 4}[text[0]]
	n, value := 0, rune(0)
	for n < most && 1+n < len(text) && isDigit(text[1+n], 16) {
		value = value<<4 | rune(strings.IndexByte("0123456789abcdef", text[1+n]|0x20))
		n++
	}
	if most == 0 || n < most {
		b.WriteByte(text[0])
		return 1
	}
	b.WriteRune(value)
	return 1 + n
}
