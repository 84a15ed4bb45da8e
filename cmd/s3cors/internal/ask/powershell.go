package ask

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// readPowerShell reads a command of PowerShell, as "Copy as PowerShell" makes it.
func readPowerShell(text string) (*Pasted, error) {
	p := &Pasted{Kind: "a command of PowerShell"}
	session, command := text, ""
	if at := powerShellPattern.FindStringIndex(text); at != nil {
		session, command = text[:at[0]], text[at[1]:]
	}
	if next := powerShellPattern.FindStringIndex(command); next != nil {
		command = command[:next[0]]
		p.Notes = append(p.Notes, "The text has several commands; the first is read.")
	}
	s := &Sent{method: "GET"}
	if strings.Contains(session, ".Cookies.Add(") {
		s.headers = append(s.headers, [2]string{"Cookie", "…"})
	}
	r := &powerShell{rest: command}
	for {
		word, quoted, ok := r.word()
		if !ok {
			break
		}
		if !quoted && strings.HasPrefix(word, "-") {
			if err := r.parameter(s, strings.ToLower(word[1:])); err != nil {
				return nil, err
			}
		} else if s.url == "" && strings.Contains(word, "://") {
			s.url = word
		}
	}
	if s.url == "" {
		return nil, errors.New("the command has no -Uri that is written out")
	}
	p.Sent = []*Sent{s}
	return p, nil
}

// A powerShell reads the words of a command of PowerShell.
type powerShell struct{ rest string }

// word reads a word; quoted tells that it stood in quotes. What begins with a bracket is
// a word as it stands.
func (r *powerShell) word() (word string, quoted, ok bool) {
	r.rest = strings.TrimLeft(r.rest, " \t\r\n`;,")
	if r.rest == "" {
		return "", false, false
	}
	switch r.rest[0] {
	case '"', '\'':
		return r.quoted(r.rest[0]), true, true
	case '(', '{':
		return r.bracketed(), false, true
	}
	if strings.HasPrefix(r.rest, "@{") {
		r.rest = r.rest[1:]
		return "@" + r.bracketed(), false, true
	}
	end := strings.IndexAny(r.rest, " \t\r\n;,")
	if end < 0 {
		end = len(r.rest)
	}
	word, r.rest = r.rest[:end], r.rest[end:]
	return word, false, true
}

// quoted reads a string: between double quotes a backtick is what a backslash is
// elsewhere, and a quote that is there twice is one.
func (r *powerShell) quoted(quote byte) string {
	var b strings.Builder
	for i := 1; i < len(r.rest); i++ {
		switch c := r.rest[i]; {
		case c == '`' && quote == '"' && i+1 < len(r.rest):
			i++
			if escape, ok := map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', '0': 0}[r.rest[i]]; ok {
				b.WriteByte(escape)
			} else {
				b.WriteByte(r.rest[i])
			}
		case c != quote:
			b.WriteByte(c)
		case i+1 < len(r.rest) && r.rest[i+1] == quote:
			b.WriteByte(quote)
			i++
		default:
			r.rest = r.rest[i+1:]
			return b.String()
		}
	}
	r.rest = ""
	return b.String()
}

// bracketed reads up to the bracket that closes the first one, quotes and all.
func (r *powerShell) bracketed() string {
	whole, depth := r.rest, 0
	for r.rest != "" {
		switch r.rest[0] {
		case '"', '\'':
			r.quoted(r.rest[0])
			continue
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		}
		r.rest = r.rest[1:]
		if depth == 0 {
			break
		}
	}
	return whole[:len(whole)-len(r.rest)]
}

// parameter reads the value of a parameter that matters.
func (r *powerShell) parameter(s *Sent, name string) error {
	switch name {
	case "usebasicparsing", "skipcertificatecheck", "skipheadervalidation", "usedefaultcredentials", "disablekeepalive":
		return nil
	}
	value, quoted, ok := r.word()
	switch {
	case !ok:
		return fmt.Errorf("PowerShell's parameter -%s has no value", name)
	case !quoted && strings.HasPrefix(value, "$") && (name == "uri" || name == "method" || name == "headers"):
		return fmt.Errorf("-%s is %s, which PowerShell fills in: write it out", name, value)
	}
	switch name {
	case "uri":
		s.url = value
	case "method", "custommethod":
		s.method = cmp.Or(strings.ToUpper(value), "GET")
	case "contenttype":
		s.headers = append(s.headers, [2]string{"Content-Type", value})
	case "useragent":
		s.headers = append(s.headers, [2]string{"User-Agent", value})
	case "headers":
		table := &powerShell{rest: strings.TrimSuffix(strings.TrimPrefix(value, "@{"), "}")}
		return table.headers(s)
	}
	return nil
}

// headers reads pairs of a name and a value with = between.
func (r *powerShell) headers(s *Sent) error {
	for {
		r.rest = strings.TrimLeft(r.rest, " \t\r\n`;,")
		if r.rest == "" {
			return nil
		}
		var name string
		if c := r.rest[0]; c == '"' || c == '\'' {
			name = r.quoted(c)
		} else if end := strings.IndexAny(r.rest, "= \t\r\n"); end >= 0 {
			name, r.rest = r.rest[:end], r.rest[end:]
		}
		rest, ok := strings.CutPrefix(strings.TrimLeft(r.rest, " \t"), "=")
		if name == "" || !ok {
			return errors.New("-Headers is no table of names and values")
		}
		r.rest = rest
		value, quoted, _ := r.word()
		if !quoted && strings.HasPrefix(value, "$") {
			value = unknownHeader
		}
		s.headers = append(s.headers, [2]string{name, value})
	}
}
