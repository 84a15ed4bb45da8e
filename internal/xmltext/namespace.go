package xmltext

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The namespaces that belong to XML itself: only the prefixes xml and xmlns may
// stand for them (Namespaces in XML 1.0 section 3).
const (
	xmlURI   = "http://www.w3.org/XML/1998/namespace"
	xmlnsURI = "http://www.w3.org/2000/xmlns/"
)

// A namespace is the number of a namespace's name among those that a document
// declares. Names are compared once, when they are declared; whatever is done for
// each attribute compares numbers, since a name can be as long as the document.
type namespace int

const (
	noNamespace    namespace = iota // an attribute without a prefix is in none
	xmlnsNamespace                  // of the declarations themselves
	xmlNamespace
	firstDeclared
)

// A prefix is a namespace prefix in scope.
type prefix struct {
	name      string
	namespace namespace
	depth     int // of the element that declares it
}

// prefixes are those in scope, the innermost last.
type prefixes struct {
	scope []prefix
	// names are those of the namespaces that were declared so far, in the order
	// of their numbers. There are no more of them at once than prefixes in scope:
	// a number is used again when its last prefix is gone.
	names []string
	steps int // comparisons of names so far, which a test counts
}

// declare adds what an element at that depth declares by an attribute whose value
// is written so; the message says what is wrong with it, "" if nothing is.
func (p *prefixes) declare(a xml.Attr, written []byte, depth int) (reason Reason, message string) {
	switch {
	case a.Name.Space == "" && a.Name.Local == "xmlns":
		if a.Value == xmlURI || a.Value == xmlnsURI {
			return NotWellFormed, "the default namespace cannot be " + a.Value
		}
		return 0, ""
	case a.Name.Space != "xmlns":
		return 0, ""
	case a.Name.Local == "xmlns", a.Value == "", a.Value == xmlnsURI, (a.Name.Local == "xml") != (a.Value == xmlURI):
		return NotWellFormed, "the prefix " + a.Name.Local + " cannot be declared so"
	case len(p.scope) == maxPrefixes:
		return TooComplex, fmt.Sprintf("more than %d prefixes are declared", maxPrefixes)
	}
	p.scope = append(p.scope, prefix{a.Name.Local, p.number(normalised(a.Value, written)), depth})
	return 0, ""
}

// number returns the number of the namespace with that name.
func (p *prefixes) number(name string) namespace {
	if name == xmlURI {
		return xmlNamespace
	}
	for i, known := range p.names {
		p.steps++
		if known == name {
			return firstDeclared + namespace(i)
		}
	}
	p.names = append(p.names, name)
	return firstDeclared + namespace(len(p.names)-1)
}

// close forgets what elements deeper than depth declared.
func (p *prefixes) close(depth int) {
	n := len(p.scope)
	for n > 0 && p.scope[n-1].depth > depth {
		n--
	}
	if n == len(p.scope) {
		return
	}
	p.scope = p.scope[:n]
	last := firstDeclared - 1
	for _, known := range p.scope {
		last = max(last, known.namespace)
	}
	p.names = p.names[:last-firstDeclared+1]
}

// of returns what a prefix stands for; false if it is not declared.
func (p *prefixes) of(name string) (namespace, bool) {
	for i := len(p.scope) - 1; i >= 0; i-- {
		p.steps++
		if p.scope[i].name == name {
			return p.scope[i].namespace, true
		}
	}
	return xmlNamespace, name == "xml"
}

// An attributeName is the name of an attribute by what its prefix stands for.
type attributeName struct {
	namespace namespace
	local     string
}

// attributes checks the attributes of an element, and declares their prefixes
// (10/duplicate-attributes).
func (r *Reader) attributes(attributes []xml.Attr) *Error {
	if len(attributes) > maxAttributes {
		return r.failFor(TooComplex, fmt.Sprintf("an element has more than %d attributes", maxAttributes))
	}
	if err := r.declarations(attributes); err != nil {
		return err
	}
	r.seen = r.seen[:0]
	for _, a := range attributes {
		name, err := r.attributeName(a.Name)
		if err != nil {
			return err
		}
		for _, other := range r.seen {
			r.prefixes.steps++
			if name == other {
				return r.fail("the attribute " + clip(name.local) + " is there twice: remove one")
			}
		}
		r.seen = append(r.seen, name)
	}
	return r.references(r.source())
}

// declarations declares the prefixes among the attributes, and checks that a blank
// stands before each attribute, which encoding/xml does not.
func (r *Reader) declarations(attributes []xml.Attr) *Error {
	source := r.source()
	for _, a := range attributes {
		var written []byte
		written, source = writtenValue(source)
		if strings.IndexByte(Blanks+"/>", source[0]) < 0 {
			return r.fail("a space is missing between two attributes")
		}
		if reason, message := r.prefixes.declare(a, written, len(r.open)); message != "" {
			return r.failFor(reason, message)
		}
	}
	return nil
}

func (r *Reader) attributeName(name xml.Name) (attributeName, *Error) {
	switch {
	case !isQualified(name):
		return attributeName{}, r.fail(unqualified(name.Local))
	case name.Space == "":
		return attributeName{noNamespace, name.Local}, nil
	case name.Space == "xmlns":
		return attributeName{xmlnsNamespace, name.Local}, nil
	}
	n, ok := r.prefixes.of(name.Space)
	if !ok {
		return attributeName{}, r.fail(undeclared(name.Space))
	}
	return attributeName{n, name.Local}, nil
}

// notFirst are the letters of Unicode with which no name begins, by the fourth
// edition of XML 1.0, which encoding/xml follows: it has them among the combining
// characters and the extenders.
const notFirst = "\u02D0\u02D1\u0640\u0B83\u0E46\u0EC6\u0F88\u0F89\u0F8A\u0F8B\u3005" +
	"\u3031\u3032\u3033\u3034\u3035\u309D\u309E\u30FC\u30FD\u30FE"

// isQualified reports whether a name, which is one by XML, is one by Namespaces in
// XML 1.0 section 4, too: no colon but the one behind the prefix, and a local part
// that begins as names do. encoding/xml judges prefix and local part as one.
func isQualified(name xml.Name) bool {
	first, _ := utf8.DecodeRuneInString(name.Local)
	if first < utf8.RuneSelf {
		return !strings.Contains(name.Local, ":") && (first == '_' || 'A' <= first && first <= 'Z' || 'a' <= first && first <= 'z')
	}
	begins := unicode.IsLetter(first) || unicode.Is(unicode.Nl, first) || first == '\u212E'
	return begins && !strings.ContainsRune(notFirst, first) && !strings.Contains(name.Local, ":")
}
