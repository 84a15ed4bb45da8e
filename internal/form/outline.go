package form

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// An outline is what a text of JSON, or one that was meant to be JSON, names: its
// keys, each with the key in whose value it stands. Errors of syntax do not matter
// to it, so that a document is named before it is mended.
type outline struct {
	array bool // the text begins with "["
	keys  map[key]bool
	under map[key]bool // the same keys, with 0 for their depth
	names map[string]bool
}

// A key has its parent, which is "" for what stands in no other key's value, and
// the number of arrays and objects around it.
type key struct {
	parent, name string
	depth        int
}

// These bound what an outline holds.
const (
	maxKeys   = 512
	maxKey    = 80
	maxNested = 64
)

func (o *outline) add(k key) {
	if len(o.keys) == maxKeys {
		return
	}
	o.keys[k] = true
	o.under[key{k.parent, k.name, 0}] = true
	o.names[k.name] = true
}

// has reports whether a key of that name stands in the value of parent; in no
// other key's value, if parent is "".
func (o *outline) has(parent, name string) bool { return o.under[key{parent, name, 0}] }

// top reports whether the object that the text is has a key of that name.
func (o *outline) top(name string) bool { return !o.array && o.keys[key{"", name, 1}] }

// topOnly reports whether the object that the text is has no key but these.
func (o *outline) topOnly(names ...string) bool {
	for k := range o.keys {
		if k.depth == 1 && !slices.Contains(names, k.name) {
			return false
		}
	}
	return true
}

// any reports whether a key of one of the names stands anywhere.
func (o *outline) any(names ...string) bool {
	for _, name := range names {
		if o.names[name] {
			return true
		}
	}
	return false
}

// outlineOf reads a text once, from its first character.
func outlineOf(text []byte) *outline {
	s := scanner{text: text, outline: &outline{
		array: len(text) > 0 && text[0] == '[',
		keys:  make(map[key]bool), under: make(map[key]bool), names: make(map[string]bool),
	}}
	for s.at < len(text) {
		s.step()
	}
	return s.outline
}

// A scanner is at a place of a text.
type scanner struct {
	text    []byte
	at      int
	outline *outline
	word    string   // the word just read, which is a key if a colon follows
	key     string   // the key whose value comes next
	parents []string // of the open arrays and objects, the innermost last
	deeper  int      // how many are open beyond these
}

func (s *scanner) step() {
	switch c := s.text[s.at]; {
	case c == '"' || c == '\'':
		s.quoted(1, string(c))
	case c == '/' || c == '#':
		s.comment()
	case c == '{' || c == '[':
		s.open()
		s.at++
	case c == '}' || c == ']':
		s.close()
		s.at++
	case c == ':' || c == '=':
		s.colon()
		s.at++
	case c == ',':
		s.word, s.key = "", ""
		s.at++
	case isWord(c):
		s.bare()
	case c >= utf8.RuneSelf:
		s.beyondASCII()
	default:
		s.at++
	}
}

// beyondASCII reads a word in curly quotes, or passes over another character.
func (s *scanner) beyondASCII() {
	r, size := utf8.DecodeRune(s.text[s.at:])
	switch r {
	case '“', '”', '„':
		s.quoted(size, "“”\"")
	case '‘', '’':
		s.quoted(size, "‘’'")
	default:
		s.at += size
	}
}

// quoted reads a word that ends with one of the quotes, or with its line.
func (s *scanner) quoted(size int, quotes string) {
	start := s.at + size
	for i := start; i < len(s.text); {
		r, size := utf8.DecodeRune(s.text[i:])
		switch {
		case r == '\\':
			i++
		case r == '\n' || strings.ContainsRune(quotes, r) && r != utf8.RuneError:
			s.take(start, i)
			s.at = i + size
			return
		}
		i += size
	}
	s.at = len(s.text)
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '$' || c == '-' || c == '.'
}

func (s *scanner) bare() {
	start := s.at
	for s.at < len(s.text) && isWord(s.text[s.at]) {
		s.at++
	}
	s.take(start, s.at)
}

// take keeps a word.
func (s *scanner) take(start, end int) {
	s.word = ""
	if end-start <= maxKey {
		s.word = string(s.text[start:end])
	}
}

// colon makes a key of the word before it.
func (s *scanner) colon() {
	if s.word == "" {
		return
	}
	s.key, s.word = s.word, ""
	s.outline.add(key{s.parent(), s.key, len(s.parents) + s.deeper})
}

func (s *scanner) parent() string {
	if len(s.parents) == 0 {
		return ""
	}
	return s.parents[len(s.parents)-1]
}

func (s *scanner) open() {
	if len(s.parents) == maxNested {
		s.deeper++
		return
	}
	if s.key == "" {
		s.key = s.parent()
	}
	s.parents = append(s.parents, s.key)
	s.key, s.word = "", ""
}

func (s *scanner) close() {
	s.key, s.word = "", ""
	if s.deeper > 0 {
		s.deeper--
		return
	}
	if len(s.parents) > 0 {
		s.parents = s.parents[:len(s.parents)-1]
	}
}

// comment passes over a comment of JavaScript, or of YAML.
func (s *scanner) comment() {
	rest := s.text[s.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("/*")):
		s.skipBehind("*/")
	case bytes.HasPrefix(rest, []byte("//")), rest[0] == '#':
		s.skipBehind("\n")
	default:
		s.at++
	}
}

func (s *scanner) skipBehind(end string) {
	i := bytes.Index(s.text[s.at:], []byte(end))
	if i < 0 {
		s.at = len(s.text)
		return
	}
	s.at += i + len(end)
}
