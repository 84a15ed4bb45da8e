// Package jsontree reads JSON into a tree that keeps what encoding/json drops:
// where each value stands, the order of members, names that occur twice, and
// the difference between text and what is no text at all, such as a lone
// surrogate. It is strict: what it accepts, RFC 8259 accepts, in UTF-8.
//
// encoding/json/jsontext keeps nearly all of this by itself, and refuses what
// encoding/json replaces in silence; most of this package would be calls of it. It
// is not used yet because up to Go 1.26 it exists only where the program that
// imports us is built with GOEXPERIMENT=jsonv2, and its API may still change there
// (https://go.dev/issue/71497). When the oldest Go that go.mod names has it, it
// belongs here.
package jsontree

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
)

// A Kind is a type of JSON value.
type Kind uint8

const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

var kinds = [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}

// String returns the kind with its article, such as "an array".
func (k Kind) String() string { return kinds[k] }

// A Node is a JSON value.
type Node struct {
	Kind Kind
	// Offset and End are where the value begins and ends, in bytes.
	Offset, End int
	// Text is the value of a string, or the literal of a number.
	Text string
	// Items are the values of an array.
	Items []Node
	// Members are those of an object, in order; names may occur twice.
	Members []Member
}

// A Member is a name with its value. Offset and End are where the name begins and
// ends.
type Member struct {
	Name        string
	Offset, End int
	Value       Node
}

// A Reason tells kinds of errors apart.
type Reason uint8

const (
	Syntax     Reason = iota
	NotUTF8           // bytes that are no UTF-8
	HalfAPair         // an escaped surrogate without the other one
	TooComplex        // values are nested too deep
)

// An Error tells what is wrong with a text, and where, in bytes.
type Error struct {
	Reason  Reason
	Offset  int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.Message, e.Offset) }

// What this project reads nests five deep and holds some thousand values. More
// than these, a tree is not worth its memory, which is a hundred times its text.
const (
	maxDepth  = 64
	maxValues = 1 << 14
)

// ErrTooManyValues is what Parse returns for a text of more than 16,384 values, and
// ParseUpTo for one of more than it may have.
var ErrTooManyValues = errors.New("there are too many values")

// Parse reads a text that holds one JSON value. The error is nil, an *Error or
// ErrTooManyValues.
func Parse(data []byte) (Node, error) { return ParseUpTo(data, maxValues) }

// ParseUpTo is Parse with another bound on the number of values, for texts that hold
// more than a configuration.
func ParseUpTo(data []byte, values int) (Node, error) {
	if err := check(data); err != nil {
		return Node{}, err
	}
	p := parser{data: data, dec: json.NewDecoder(bytes.NewReader(data)), sizes: sizes(data), most: values}
	p.dec.UseNumber()
	return p.value(0)
}

// check finds all errors of syntax.
func check(data []byte) error {
	if i := invalidUTF8(data); i >= 0 {
		return &Error{NotUTF8, i, charname.NotUTF8(data[i])}
	}
	err := json.Unmarshal(data, new(json.RawMessage))
	if err == nil {
		return nil
	}
	offset := 0
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		offset = max(int(syntax.Offset)-1, 0) // it counts the byte that is wrong
	}
	return findSlip(data, offset)
}

func invalidUTF8(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

type parser struct {
	data   []byte
	dec    *json.Decoder
	values int   // read so far
	most   int   // that may be read
	sizes  []int // of the arrays and objects to come
}

// sizes returns how many values each array and object of a text holds, in the
// order in which they begin; 1 for an empty one. A slice that grows as it is
// filled takes up five times its final size on the way.
func sizes(data []byte) []int {
	var all, open []int // open are indexes of all
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = endOfString(data, i)
		case '[', '{':
			open = append(open, len(all))
			all = append(all, 1)
		case ']', '}':
			open = open[:len(open)-1]
		case ',':
			all[open[len(open)-1]]++
		}
	}
	return all
}

// endOfString returns where the string that begins at start has its last quote.
func endOfString(data []byte, start int) int {
	for i := start + 1; ; i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
}

// token returns the next token and where it begins.
func (p *parser) token() (json.Token, int, error) {
	start := int(p.dec.InputOffset())
	for start < len(p.data) && strings.IndexByte(" \t\r\n,:", p.data[start]) >= 0 {
		start++
	}
	t, err := p.dec.Token()
	if err != nil {
		return nil, start, &Error{Syntax, start, err.Error()}
	}
	if s, ok := t.(string); ok && strings.ContainsRune(s, utf8.RuneError) {
		if i := loneSurrogate(p.data[start:p.dec.InputOffset()]); i >= 0 {
			return nil, start, &Error{HalfAPair, start + i, "the string holds half a surrogate pair"}
		}
	}
	return t, start, nil
}

// value reads a value that stands in that many arrays and objects.
func (p *parser) value(depth int) (Node, error) {
	t, start, err := p.token()
	if err != nil {
		return Node{}, err
	}
	if p.values++; p.values > p.most {
		return Node{}, ErrTooManyValues
	}
	n := Node{Offset: start}
	switch t := t.(type) {
	case nil:
		n.Kind = Null
	case bool:
		n.Kind = Bool
	case json.Number:
		n.Kind, n.Text = Number, t.String()
	case string:
		n.Kind, n.Text = String, t
	case json.Delim:
		if depth == maxDepth {
			return Node{}, &Error{TooComplex, start, fmt.Sprintf("arrays and objects are nested deeper than %d", maxDepth)}
		}
		if err := p.fill(&n, t, depth); err != nil {
			return Node{}, err
		}
	}
	n.End = int(p.dec.InputOffset())
	return n, nil
}

// fill reads what an array or an object holds, and its end.
func (p *parser) fill(n *Node, open json.Delim, depth int) error {
	size := min(p.sizes[0], p.most-p.values)
	p.sizes = p.sizes[1:]
	n.Kind = Array
	if open == '{' {
		n.Kind = Object
	}
	switch {
	case !p.dec.More():
	case n.Kind == Object:
		n.Members = make([]Member, 0, size)
	default:
		n.Items = make([]Node, 0, size)
	}
	for p.dec.More() {
		var m Member
		if n.Kind == Object {
			name, start, err := p.token()
			if err != nil {
				return err
			}
			m.Name, m.Offset, m.End = name.(string), start, int(p.dec.InputOffset())
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return err
		}
		if n.Kind == Object {
			m.Value = value
			n.Members = append(n.Members, m)
		} else {
			n.Items = append(n.Items, value)
		}
	}
	_, _, err := p.token()
	return err
}

// loneSurrogate returns where, in the source of a string, an escaped surrogate
// stands that is not half of a pair; -1 if none does.
func loneSurrogate(source []byte) int {
	for i := 0; i+1 < len(source); i++ {
		if source[i] != '\\' {
			continue
		}
		unit := escapedUnit(source[i:])
		switch {
		case unit < 0xD800 || unit > 0xDFFF:
			i++ // the character behind the backslash
		case unit <= 0xDBFF && isLow(escapedUnit(source[i+6:])):
			i += 11
		default:
			return i
		}
	}
	return -1
}

func isLow(unit int) bool { return 0xDC00 <= unit && unit <= 0xDFFF }

// escapedUnit returns the UTF-16 unit of the \uXXXX with which source begins, -1
// if it begins otherwise.
func escapedUnit(source []byte) int {
	if len(source) < 6 || source[0] != '\\' || source[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(source[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return int(unit)
}
