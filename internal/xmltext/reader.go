// Package xmltext reads XML token by token, strictly: what it accepts is
// well-formed by XML 1.0 and by Namespaces in XML 1.0, in UTF-8, without a
// document type.
//
// It stands on encoding/xml, although that accepts much that is not well-formed
// (https://go.dev/issue/68293), and although a tokenizer of our own would be faster:
// S3 needs little of XML. The bytes come from tenants, and the faults to fear in a
// tokenizer are those that nobody knows of. encoding/xml has been fuzzed and attacked
// for years, and its faults are mended for us; what it lets pass is known, and can be
// listed and checked, which is less work than a tokenizer and easier to trust. What
// encoding/xml lets pass, or leaves to its caller, is checked here: end tags
// that match, one root, declared prefixes, distinct attributes, the place and the
// form of the XML declaration, text outside of the root, references to surrogates,
// and markup declarations.
//
// Known to be left: names are those of the fourth edition of XML 1.0, as in
// encoding/xml, so a name with a character that only the fifth edition knows is
// refused. So is a version other than 1.0, though the fifth edition has a 1.1 read
// as a 1.0. Whether the name of a namespace is a URI is not checked.
//
// Nothing else was found when verdicts, tags and text were compared with those of
// expat 2.5.0, saxes 6.0.0 and the parser of OpenJDK 17, for 1.9 million generated
// documents. Where two of these three agreed, this package agreed with them, except
// for the versions and for what it refuses on purpose: document types, encodings
// other than UTF-8 and US-ASCII, and what exceeds its bounds. The values of
// attributes, which it does not tell, were not compared.
package xmltext

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// These bound what a text makes its reader hold on to, and so the work for each
// byte of it.
const (
	maxDepth      = 64
	maxAttributes = 64 // of one element
	maxPrefixes   = 64 // declared at once
)

// A Kind is a kind of token.
type Kind uint8

const (
	StartTag Kind = iota
	EndTag        // also behind the StartTag of an empty element, <a/>
	Text          // a run of text or a CDATA section
)

// A Token is a piece of a text. Comments and processing instructions are none.
type Token struct {
	Kind Kind
	// Name is that of a tag, without its prefix, and Prefix is its prefix, "" if it
	// has none.
	Name, Prefix string
	// Text is what Text stands for, references resolved and line ends made line
	// feeds (XML 1.0 section 2.11). It is valid until the next call of Next.
	Text []byte
	// Offset and End are where the token begins and ends, in bytes. The EndTag of
	// an empty element has no length.
	Offset, End int
}

// A Reason tells kinds of errors apart.
type Reason uint8

const (
	NotWellFormed Reason = iota
	NotText              // bytes that no XML can hold
	Encoding             // it is declared, and not UTF-8
	Markup               // a markup declaration, such as a document type
	TooComplex           // too deep, or too many attributes or prefixes
)

// An Error tells what is wrong with a text, and where, in bytes.
type Error struct {
	Reason  Reason
	Offset  int
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s at byte %d", e.Message, e.Offset) }

// A Reader reads one text.
type Reader struct {
	text  []byte
	dec   *xml.Decoder
	start int // where the current token begins

	open     []element // the elements that are open
	rooted   bool      // the root has begun
	prefixes prefixes
	seen     []attributeName // of the current element; here so that its array is used again
}

// NewReader returns a reader of text, which must not change meanwhile. A byte
// order mark is text like any other to it.
func NewReader(text []byte) *Reader {
	r := &Reader{text: text, dec: xml.NewDecoder(bytes.NewReader(text))}
	// The text is UTF-8; instruction judges what it declares itself to be.
	r.dec.CharsetReader = func(_ string, text io.Reader) (io.Reader, error) { return text, nil }
	return r
}

// Next returns the next token. The error is io.EOF behind the last one, or an
// *Error, after which there is nothing more to read.
func (r *Reader) Next() (Token, error) {
	if r.dec.InputOffset() == 0 {
		if i := IllegalAt(r.text); i >= 0 {
			return Token{}, &Error{Reason: NotText, Offset: i, Message: illegal(r.text, i)}
		}
	}
	for {
		r.start = int(r.dec.InputOffset())
		raw, err := r.dec.RawToken()
		if err == io.EOF {
			return Token{}, r.end()
		}
		if err != nil {
			return Token{}, r.syntax(err)
		}
		token, ok, fault := r.token(raw)
		if fault != nil {
			return Token{}, fault
		}
		if ok {
			token.Offset, token.End = r.start, int(r.dec.InputOffset())
			return token, nil
		}
	}
}

// fail returns an error about the current token.
func (r *Reader) fail(message string) *Error { return r.failFor(NotWellFormed, message) }

func (r *Reader) failFor(reason Reason, message string) *Error {
	return &Error{Reason: reason, Offset: r.start, Message: message}
}

// end returns io.EOF if the text may end here.
func (r *Reader) end() error {
	r.start = len(r.text)
	if len(r.open) > 0 {
		return r.openAtEnd()
	}
	if !r.rooted {
		return r.fail("there is no element")
	}
	return io.EOF
}

// token checks a token of encoding/xml; false if it is none of ours.
func (r *Reader) token(raw xml.Token) (Token, bool, *Error) {
	switch t := raw.(type) {
	case xml.StartElement:
		return Token{Kind: StartTag, Name: t.Name.Local, Prefix: t.Name.Space}, true, r.startTag(t)
	case xml.EndElement:
		return Token{Kind: EndTag, Name: t.Name.Local, Prefix: t.Name.Space}, true, r.endTag(t.Name)
	case xml.CharData:
		return Token{Kind: Text, Text: t}, len(r.open) > 0, r.characters()
	case xml.ProcInst:
		return Token{}, false, r.instruction(t)
	case xml.Directive:
		return Token{}, false, r.failFor(Markup, "<!DOCTYPE> and other <!…> declarations are refused: remove it")
	}
	return Token{}, false, nil // a comment
}

// source returns the current token as it stands in the text.
func (r *Reader) source() []byte { return r.text[r.start:r.dec.InputOffset()] }

func (r *Reader) startTag(t xml.StartElement) *Error {
	if len(r.open) == 0 && r.rooted {
		return r.fail("<" + clip(t.Name.Local) + "> is a second root element: one element must hold all others")
	}
	if len(r.open) == maxDepth {
		return r.failFor(TooComplex, fmt.Sprintf("elements are nested deeper than %d", maxDepth))
	}
	r.open, r.rooted = append(r.open, element{t.Name, r.start}), true
	if len(t.Attr) > 0 {
		if err := r.attributes(t.Attr); err != nil {
			return err
		}
	}
	if t.Name.Space != "" {
		if _, ok := r.prefixes.of(t.Name.Space); !ok {
			return r.fail(undeclared(t.Name.Space))
		}
	}
	if !isQualified(t.Name) {
		return r.fail(unqualified(t.Name.Local))
	}
	return nil
}

func (r *Reader) endTag(name xml.Name) *Error {
	if len(r.open) == 0 || r.open[len(r.open)-1].name != name {
		return r.unmatched(name)
	}
	r.open = r.open[:len(r.open)-1]
	r.prefixes.close(len(r.open))
	return nil
}

// characters checks text and CDATA sections.
func (r *Reader) characters() *Error {
	source := r.source()
	if source[0] != '<' {
		if err := r.references(source); err != nil {
			return err
		}
	}
	if len(r.open) == 0 && len(bytes.Trim(source, Blanks)) > 0 {
		return r.fail(r.outside(source))
	}
	return nil
}

// references checks a text that may hold character references: those to
// surrogates, which encoding/xml reads as U+FFFD, refer to no character.
func (r *Reader) references(source []byte) *Error {
	for {
		i := bytes.Index(source, []byte("&#"))
		if i < 0 {
			return nil
		}
		source = source[i+len("&#"):]
		// encoding/xml has seen to it that a semicolon stands right behind the digits.
		digits, base := source[:max(bytes.IndexByte(source, ';'), 0)], 10
		if len(digits) > 0 && digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		if n, err := strconv.ParseUint(string(digits), base, 64); err == nil && 0xD800 <= n && n <= 0xDFFF {
			return r.fail("a reference to half a surrogate pair stands here: write the character itself")
		}
	}
}
