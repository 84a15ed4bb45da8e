package ask

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ShellCommands divides a text into commands, and those into words, as a POSIX shell does,
// with the quotes that it has and $'…' of bash and POSIX 2024. Variables and substitutions
// stay as they are written.
func ShellCommands(text string) ([][]string, error) {
	s := shell{rest: text}
	var all [][]string
	for s.rest != "" {
		words, err := s.command()
		if err != nil {
			return nil, err
		}
		if len(words) > 0 {
			all = append(all, words)
		}
		if strings.HasPrefix(s.rest, "#") {
			_, s.rest, _ = strings.Cut(s.rest, "\n")
		} else if s.rest != "" {
			s.rest = s.rest[1:] // what ends a command
		}
	}
	return all, nil
}

// command reads the words of one command, up to what ends it.
func (s *shell) command() ([]string, error) {
	var words []string
	for {
		s.skipBlanks()
		if s.rest == "" || strings.ContainsRune("|&;<>\n#", rune(s.rest[0])) {
			return words, nil
		}
		word, err := s.word()
		if err != nil {
			return nil, err
		}
		words = append(words, word)
	}
}

// A shell reads the words of a command.
type shell struct{ rest string }

// skipBlanks skips what stands between words: a backslash before the end of a line
// makes that a blank.
func (s *shell) skipBlanks() {
	for {
		before := s.rest
		s.rest = strings.TrimLeft(s.rest, " \t\r")
		s.rest = strings.TrimPrefix(s.rest, "\\\n")
		s.rest = strings.TrimPrefix(s.rest, "\\\r\n")
		if s.rest == before {
			return
		}
	}
}

// word reads a word, which may have several parts in quotes.
func (s *shell) word() (string, error) {
	var b strings.Builder
	for s.rest != "" {
		c := s.rest[0]
		var err error
		switch {
		case strings.IndexByte(" \t\r\n|&;<>", c) >= 0:
			return b.String(), nil
		case c == '\'':
			err = s.single(&b)
		case c == '"':
			err = s.double(&b)
		case strings.HasPrefix(s.rest, "$'"):
			err = s.ansi(&b)
		case c == '\\':
			s.escaped(&b)
		default:
			b.WriteByte(c)
			s.rest = s.rest[1:]
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// escaped reads a backslash outside of quotes, and what it makes plain.
func (s *shell) escaped(b *strings.Builder) {
	s.rest = s.rest[1:]
	if s.rest == "" {
		return
	}
	if s.rest[0] != '\n' {
		b.WriteByte(s.rest[0])
	}
	s.rest = s.rest[1:]
}

// errQuote is what a quote gets that is not closed.
func errQuote(quote string) error {
	return fmt.Errorf("the command has a %s that is not closed", quote)
}

// single reads text between single quotes, in which nothing is special.
func (s *shell) single(b *strings.Builder) error {
	text, rest, ok := strings.Cut(s.rest[1:], "'")
	if !ok {
		return errQuote("single quote")
	}
	b.WriteString(text)
	s.rest = rest
	return nil
}

// double reads text between double quotes, in which a backslash makes five characters
// plain (POSIX, Shell Command Language, section 2.2.3).
func (s *shell) double(b *strings.Builder) error {
	for i := 1; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]
			return nil
		case c == '\\' && i+1 < len(s.rest) && strings.IndexByte("$`\"\\\n", s.rest[i+1]) >= 0:
			i++
			if s.rest[i] != '\n' {
				b.WriteByte(s.rest[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return errQuote("double quote")
}

// ansi reads $'…', in which backslashes are those of C.
func (s *shell) ansi(b *strings.Builder) error {
	s.rest = s.rest[2:]
	for s.rest != "" {
		c := s.rest[0]
		switch {
		case c == '\'':
			s.rest = s.rest[1:]
			return nil
		case c == '\\' && len(s.rest) > 1:
			s.ansiEscape(b)
		default:
			b.WriteByte(c)
			s.rest = s.rest[1:]
		}
	}
	return errQuote("$'")
}

// ansiEscapes are the escapes of one letter.
var ansiEscapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'e': 0x1b, 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '\'': '\'', '"': '"', '?': '?',
}

// ansiEscape reads an escape of $'…'.
func (s *shell) ansiEscape(b *strings.Builder) {
	c := s.rest[1]
	if plain, ok := ansiEscapes[c]; ok {
		b.WriteByte(plain)
		s.rest = s.rest[2:]
		return
	}
	base, most, digits := 16, 0, s.rest[2:]
	switch {
	case c == 'x':
		most = 2
	case c == 'u':
		most = 4
	case c == 'U':
		most = 8
	case '0' <= c && c <= '7':
		base, most, digits = 8, 3, s.rest[1:]
	}
	n := 0
	for n < most && n < len(digits) && isDigit(digits[n], base) {
		n++
	}
	if n == 0 { // no escape: both characters stand
		b.WriteString(s.rest[:2])
		s.rest = s.rest[2:]
		return
	}
	value, _ := strconv.ParseUint(digits[:n], base, 32) // of digits alone
	if c == 'u' || c == 'U' {
		b.WriteString(string(utf8.AppendRune(nil, rune(value))))
	} else {
		b.WriteByte(byte(value))
	}
	s.rest = digits[n:]
}

func isDigit(c byte, base int) bool {
	_, err := strconv.ParseUint(string(c), base, 8)
	return err == nil
}
