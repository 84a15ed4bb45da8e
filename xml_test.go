//go:build go1.26

package s3cors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// smallest is a document that S3 accepts.
const smallest = "<CORSConfiguration><CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"

// inRule is a document with text in its rule, beginning at line 3.
func inRule(text string) string {
	return "<CORSConfiguration>\n<CORSRule>\n" + text +
		"\n<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod>\n</CORSRule>\n</CORSConfiguration>"
}

// inOrigin is a document with text as its only origin, beginning at 1:45.
func inOrigin(text string) string {
	return strings.Replace(smallest, "<AllowedOrigin>a", "<AllowedOrigin>"+text, 1)
}

// A told is a Problem in plain strings, so that a difference is easy to read;
// S3's message is left out where it is the one of MalformedXML.
type told struct {
	Line, Column        int
	Path, Code, Detail  string
	Suggestion, Message string
}

// tell returns the problems that err holds.
func tell(err error) []told {
	var all []told
	for _, p := range asProblems(err) {
		one := told{p.Start.Line, p.Start.Column, p.Path, p.S3.Code, p.Detail, p.Suggestion, ""}
		if p.S3.Code != "MalformedXML" {
			one.Message = p.S3.Message
		}
		all = append(all, one)
	}
	return all
}

// requireTold checks all problems of a document, and that MalformedXML has S3's
// text.
func requireTold(t testing.TB, document string, want ...told) {
	t.Helper()
	c, err := s3cors.Parse([]byte(document))
	require.Nil(t, c)
	require.Empty(t, cmp.Diff(want, tell(err)))
	for _, p := range asProblems(err) {
		if p.S3.Code == "MalformedXML" {
			require.Equal(t, &s3cors.Error{Status: 400, Code: "MalformedXML", Message: malformedText}, p.S3)
		}
	}
}

// malformed is the problem of a document that is not XML, or not JSON.
func malformed(line, column int, detail string) told {
	return told{Line: line, Column: column, Path: "CORSConfiguration", Code: "MalformedXML", Detail: detail}
}

func requireOrigin(t testing.TB, document, origin string) {
	t.Helper()
	c, err := s3cors.ParseXML([]byte(document))
	require.NoError(t, err)
	require.Equal(t, []string{origin}, c.CORSRules[0].AllowedOrigins)
}

const (
	lateDeclaration    = "an XML declaration can only stand at the very start: remove it, or what stands before it"
	badDeclaration     = `the XML declaration must be <?xml version="1.0" encoding="UTF-8"?>`
	directive          = "<!DOCTYPE> and other <!…> declarations are refused: remove it"
	surrogate          = "a reference to half a surrogate pair stands here: write the character itself"
	blankDeclaration   = "white space stands before the XML declaration: it must be the very first"
	capitalDeclaration = "an XML declaration is written in small letters: <?xml"
	openTag            = "the tag that begins here never ends: > is missing"
	openInstruction    = "the instruction that begins here never ends: ?> is missing"
	inUTF16            = "this is a text in UTF-16: save it as UTF-8"
)

func TestXMLThatIsNotWellFormed(t *testing.T) {
	for _, row := range []struct {
		name, document string
		want           told
	}{
		{"a declaration after a line feed", "\n<?xml version=\"1.0\"?>" + smallest, malformed(2, 1, blankDeclaration)},
		{"a declaration after a blank and a byte order mark", "\ufeff <?xml version=\"1.0\"?>" + smallest, malformed(1, 2, blankDeclaration)},
		{"a declaration inside the root", inRule(`<?xml version="1.0"?>`), malformed(3, 1, lateDeclaration)},
		{"a declaration inside a value", inOrigin(`x<?xml version="1.0"?>`), malformed(1, 46, lateDeclaration)},
		{"a declaration behind the root", smallest + "\n<?xml version=\"1.0\"?>", malformed(2, 1, lateDeclaration)},
		{"a second declaration", "<?xml version=\"1.0\"?>\n<?xml version=\"1.0\"?>" + smallest, malformed(2, 1, lateDeclaration)},
		{"a declaration in upper case", `<?XML version="1.0"?>` + smallest, malformed(1, 1, capitalDeclaration)},
		{"an instruction that has the declaration's name in upper case", inRule(`<?Xml?>`), malformed(3, 1, capitalDeclaration)},

		{"a byte order mark twice", "\ufeff\ufeff" + smallest, malformed(1, 1, "a byte order mark (U+FEFF) stands before the document: remove it")},
		{"a byte order mark behind a blank", " \ufeff" + smallest, malformed(1, 2, "a byte order mark (U+FEFF) stands before the document: remove it")},
		{"a byte order mark behind the root", smallest + "\ufeff", malformed(1, 127, "a byte order mark (U+FEFF) stands behind the root element: remove it")},
		{"text before the root", "x" + smallest, malformed(1, 1, `the text "x" stands before the root element: remove it`)},
		{"text behind the root", smallest + "\n x", malformed(1, 127, `the text "x" stands behind the root element: remove it`)},
		{"a CDATA section before the root", "<![CDATA[ ]]>" + smallest, malformed(1, 1, `the text "<![CDATA[ ]]>" stands before the root element: remove it`)},
		{"an empty CDATA section behind the root", smallest + "<![CDATA[]]>", malformed(1, 127, `the text "<![CDATA[]]>" stands behind the root element: remove it`)},
		{"a reference to a blank before the root", "&#32;" + smallest, malformed(1, 1, `the text "&#32;" stands before the root element: remove it`)},
		{"a reference to a blank behind the root", smallest + "&#x20;", malformed(1, 127, `the text "&#x20;" stands behind the root element: remove it`)},
		{"a second root", smallest + "\n" + smallest, malformed(2, 1, "<CORSConfiguration> is a second root element: one element must hold all others")},
		{"an empty second root", smallest + "<a/>", malformed(1, 127, "<a> is a second root element: one element must hold all others")},
		{"an end tag behind the root", smallest + "</a>", malformed(1, 127, "</a> ends nothing: no element is open, remove it")},
		{"nothing", "", malformed(1, 1, `this is an empty document: a configuration is <CORSConfiguration>…</CORSConfiguration>, {"CORSRules": […]} or an array of rules`)},
		{"blanks alone", "\r\n  ", malformed(1, 1, `this is an empty document: a configuration is <CORSConfiguration>…</CORSConfiguration>, {"CORSRules": […]} or an array of rules`)},
		{"a comment alone", "<!-- -->", malformed(1, 9, "there is no element")},
		{"plain text", "GET", malformed(1, 1, "this is neither XML nor JSON: a configuration begins with <CORSConfiguration>, { or [")},

		{"a rule that is not closed", "<CORSConfiguration>\n<CORSRule>\n</CORSConfiguration>",
			malformed(3, 1, "<CORSRule> of line 2 is not closed before this </CORSConfiguration>: add </CORSRule>")},
		{"a root that is not closed", "<CORSConfiguration>\n<CORSRule></CORSRule>\n",
			malformed(3, 1, "the document ends too early: <CORSConfiguration> of line 1 is never closed, add </CORSConfiguration>")},
		{"an end tag in another case", inRule("<ID></id>"), malformed(3, 5, "</id> does not end <ID> of line 3: the letters differ in case, write both alike")},
		{"an end tag with another prefix", `<a:b xmlns:a="u" xmlns:c="u"></c:b>`, malformed(1, 30, "</c:b> ends no element that is open: write </a:b>, which ends <a:b> of line 1, or add <c:b> before it")},
		{"an end tag with an attribute", inOrigin(`</AllowedOrigin x="y">`), malformed(1, 45, "the tag </AllowedOrigin must end with > at once")},
		{"an end tag with a blank before its name", inOrigin(`</ AllowedOrigin>`), malformed(1, 45, "the name of an element must follow </ at once")},
		{"a start tag that is cut off", "<CORSConfiguration", malformed(1, 1, openTag)},
		{"a start tag with a blank before its name", "< CORSConfiguration/>", malformed(1, 1, "remove the white space behind <")},
		{"an element whose name begins with a digit", inRule("<1/>"), malformed(3, 3, `"1" is not the name of an element or attribute`)},
		{"a less-than sign in text", inOrigin("a<"), malformed(1, 46, "one < too many: remove it, or write &lt;")},
		{"a comment that is cut off", smallest + "<!-- ", malformed(1, 127, "the comment that begins here never ends: --> is missing")},
		{"a comment with two hyphens", inRule("<!-- -- -->"), malformed(3, 9, "a comment may not hold --")},
		{"a comment that ends with three hyphens", inRule("<!-- --->"), malformed(3, 9, "a comment may not hold --")},
		{"an instruction that is cut off", smallest + "<?a ", malformed(1, 127, openInstruction)},
		{"an instruction without a name", inRule("<? a?>"), malformed(3, 3, "expected target name after <?")},
		{"an instruction whose name runs into a question mark", inRule("<?p?q?>"), malformed(3, 1, "a space must follow the name of a processing instruction")},
		{"an instruction whose name runs into its text", inRule("<?a=b?>"), malformed(3, 1, "a space must follow the name of a processing instruction")},
		{"a CDATA section that is cut off", inOrigin("<![CDATA["), malformed(1, 45, "the CDATA section that begins here never ends: ]]> is missing")},
		{"the end of a CDATA section in text", inOrigin("a]]>"), malformed(1, 49, "write ]]&gt; for ]]>")},

		{"a markup declaration", inRule("<!FOO>"), malformed(3, 1, directive)},
		{"a markup declaration before the root", "<!FOO bar>" + smallest, malformed(1, 1, directive)},
		{"a markup declaration behind the root", smallest + "<!FOO>", malformed(1, 127, directive)},
		{"a document type", "<!DOCTYPE CORSConfiguration>" + smallest, malformed(1, 1, directive)},
		{"a document type with entities", "\n<!DOCTYPE a [<!ENTITY b \"c\">]>" + inOrigin("&b;"), malformed(2, 1, directive)},
		{"a document type behind the root", smallest + "<!DOCTYPE a>", malformed(1, 127, directive)},
		{"an entity that nobody declared", inOrigin("&nbsp;"), malformed(1, 45, "XML does not know &nbsp;: write the character itself, or &amp; for &")},
		{"an entity in the wrong case", inOrigin("&AMP;"), malformed(1, 45, "XML does not know &AMP;: write the character itself, or &amp; for &")},
		{"an ampersand alone", inOrigin("a&b"), malformed(1, 46, "an & stands alone: write &amp;")},
		{"an ampersand in an attribute", inRule(`<ID a="b&c"/>`), malformed(3, 9, "an & stands alone: write &amp;")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want) })
	}
}

func TestXMLDeclarationsThatAreMalformed(t *testing.T) {
	for _, row := range []struct{ name, declaration string }{
		{"nothing in it", `<?xml?>`},
		{"blanks in it", `<?xml ?>`},
		{"no version", `<?xml encoding="UTF-8"?>`},
		{"the version behind the encoding", `<?xml encoding="UTF-8" version="1.0"?>`},
		{"the version twice", `<?xml version="1.0" version="1.0"?>`},
		{"the version in upper case", `<?xml VERSION="1.0"?>`},
		{"an empty version", `<?xml version=""?>`},
		{"a version without quotes", `<?xml version=1.0?>`},
		{"a version without an equals sign", `<?xml version "1.0"?>`},
		{"a version without a value", `<?xml version=?>`},
		{"quotes of two kinds", `<?xml version='1.0"?>`},
		{"a value without a name", `<?xml ="1.0"?>`},
		{"a value between letters", `<?xml version=x1.0x?>`},
		{"a quote that is not closed", `<?xml version="1.0?>`},
		{"no blank before the encoding", `<?xml version="1.0"encoding="UTF-8"?>`},
		{"an empty encoding", `<?xml version="1.0" encoding=""?>`},
		{"the encoding twice", `<?xml version="1.0" encoding="UTF-8" encoding="UTF-8"?>`},
		{"no blank before standalone", `<?xml version="1.0" encoding="UTF-8"standalone="no"?>`},
		{"standalone before the encoding", `<?xml version="1.0" standalone="no" encoding="UTF-8"?>`},
		{"standalone that is maybe", `<?xml version="1.0" standalone="maybe"?>`},
		{"standalone in upper case", `<?xml version="1.0" standalone="YES"?>`},
		{"something unknown", `<?xml version="1.0" lang="en"?>`},
		{"a word at its end", `<?xml version="1.0" x?>`},
	} {
		t.Run(row.name, func(t *testing.T) {
			requireTold(t, row.declaration+smallest, malformed(1, 1, badDeclaration))
		})
	}
	t.Run("no blank before the version", func(t *testing.T) {
		requireTold(t, `<?xmlversion="1.0"?>`+smallest, malformed(1, 1, "a space must follow the name of a processing instruction"))
	})
	t.Run("another version", func(t *testing.T) {
		requireTold(t, `<?xml version="1.1"?>`+smallest, malformed(1, 22, `xml: unsupported version "1.1"; only version 1.0 is supported`))
	})
	t.Run("no end", func(t *testing.T) {
		requireTold(t, `<?xml version="1.0">`+smallest, malformed(1, 1, openInstruction))
	})
}

func TestXMLDeclarationsThatAreFine(t *testing.T) {
	for _, row := range []struct{ name, before string }{
		{"none", ""},
		{"the version alone", `<?xml version="1.0"?>`},
		{"single quotes", `<?xml version='1.0' encoding='UTF-8'?>`},
		{"blanks wherever they may stand", "<?xml\t version = \"1.0\"\r\n encoding = \"utf-8\" standalone = 'yes' ?>"},
		{"no encoding but standalone", `<?xml version="1.0" standalone="no"?>`},
		{"an encoding in mixed case", `<?xml version="1.0" encoding="uTf-8"?>`},
		{"a byte order mark before it", "\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>`},
		{"a byte order mark alone", "\ufeff"},
		{"US-ASCII, which this text is", `<?xml version="1.0" encoding="US-ASCII"?>`},
		{"US-ASCII in lower case", `<?xml version="1.0" encoding="us-ascii"?>`},
		{"white space without a declaration", " \t\r\n"},
	} {
		t.Run(row.name, func(t *testing.T) { requireOrigin(t, row.before+smallest, "a") })
	}
}

func TestXMLInAnotherEncodingIsRefused(t *testing.T) {
	for _, name := range []string{"UTF-16", "UTF-16LE", "UTF-7", "ISO-8859-1", "windows-1252", "ASCII", "utf8", "UTF 8", "x"} {
		for _, equals := range []string{"=", " = ", "\n=\t"} {
			t.Run(fmt.Sprintf("%s behind %q", name, equals), func(t *testing.T) {
				requireTold(t, `<?xml version="1.0" encoding`+equals+`"`+name+`"?>`+smallest,
					malformed(1, 1, fmt.Sprintf(`the encoding %q is declared: save the document as UTF-8, and write encoding="UTF-8"`, name)))
			})
		}
	}
	t.Run("US-ASCII that holds other characters", func(t *testing.T) {
		requireTold(t, `<?xml version="1.0" encoding="US-ASCII"?>`+inOrigin("é"),
			malformed(1, 1, `the encoding is declared as US-ASCII, and the text holds other characters: write encoding="UTF-8"`))
	})
	t.Run("the bytes of UTF-16", func(t *testing.T) {
		requireTold(t, "\xff\xfe<\x00a\x00/\x00>\x00", malformed(1, 1, inUTF16))
	})
	t.Run("the bytes of UTF-16 without a mark", func(t *testing.T) {
		requireTold(t, "<\x00a\x00/\x00>\x00", malformed(1, 1, inUTF16))
	})
}

func TestAttributesAreIgnoredAndPrefixesMustBeDeclared(t *testing.T) {
	for _, row := range []struct{ name, document string }{
		{"an attribute on every element", `<CORSConfiguration a="b"><CORSRule a="b"><AllowedOrigin a="b">a</AllowedOrigin><AllowedMethod a="b">GET</AllowedMethod></CORSRule></CORSConfiguration>`},
		{"the same attribute name on two elements", `<CORSConfiguration a="b"><CORSRule a="b"><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`},
		{"the attribute of schema instances, as SDKs send it", strings.Replace(smallest, "<CORSConfiguration>", `<CORSConfiguration xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CORSConfiguration">`, 1)},
		{"xml:lang, which needs no declaration", inRule(`<ID xml:lang="en"/>`)},
		{"a prefix that is declared on the element itself", strings.NewReplacer("<CORSConfiguration>", `<s:CORSConfiguration xmlns:s="u">`, "</CORSConfiguration>", "</s:CORSConfiguration>").Replace(smallest)},
		{"a prefix that is declared further out", `<s:CORSConfiguration xmlns:s="u"><s:CORSRule><s:AllowedOrigin>a</s:AllowedOrigin><AllowedMethod>GET</AllowedMethod></s:CORSRule></s:CORSConfiguration>`},
		{"a prefix that is declared after the attribute that uses it", inRule(`<ID s:a="1" xmlns:s="u"/>`)},
		{"a prefix that is declared again inside", `<s:CORSConfiguration xmlns:s="u"><s:CORSRule xmlns:s="v"><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></s:CORSRule></s:CORSConfiguration>`},
		{"a prefix of the root behind a child that has ended", `<CORSConfiguration xmlns:s="u"><CORSRule><s:AllowedOrigin xmlns:t="v">a</s:AllowedOrigin><s:AllowedMethod>GET</s:AllowedMethod></CORSRule></CORSConfiguration>`},
		{"two prefixes of one namespace, on different names", inRule(`<ID xmlns:s="u" xmlns:t="u" s:a="1" t:b="1"/>`)},
		{"one local name in two namespaces and in none", inRule(`<ID xmlns:s="u" xmlns:t="v" s:a="1" t:a="1" a="1"/>`)},
		{"one local name in two namespaces, of which one has a line end and one a line feed", inRule("<ID xmlns:s=\"u\nv\" xmlns:t=\"u&#10;v\" s:a=\"1\" t:a=\"1\"/>")},
		{"an attribute named as the namespace that xmlns itself has", inRule(`<ID xmlns:a="xmlns" a:b="1" xmlns:b="u"/>`)},
		{"a greater-than sign and quotes in attributes", inRule(`<ID a=">" b='"' c="'"/>`)},
		{"the end of a CDATA section in an attribute", inRule(`<ID a="]]>"/>`)},
		{"blanks around the equals sign, and a line between attributes", inRule("<ID a = \"1\"\n\tb='2' />")},
		{"another default namespace", strings.Replace(smallest, "<CORSConfiguration>", `<CORSConfiguration xmlns="urn:x">`, 1)},
		{"an empty default namespace", strings.Replace(smallest, "<CORSConfiguration>", `<CORSConfiguration xmlns="">`, 1)},
		{"64 attributes", inRule("<ID" + numbered(` a%d=""`, 64) + "/>")},
		{"64 prefixes", inRule("<ID" + numbered(` xmlns:a%d="u"`, 64) + "/>")},
	} {
		t.Run(row.name, func(t *testing.T) { requireOrigin(t, row.document, "a") })
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestAttributesThatAreNotWellFormed(t *testing.T) {
	undeclared := func(name string) string {
		return fmt.Sprintf(`the prefix %s: is not declared: remove it, or add xmlns:%[1]s="…" to the root`, name)
	}
	twice := func(name string) string { return "the attribute " + name + " is there twice: remove one" }
	for _, row := range []struct {
		name, document string
		want           told
	}{
		{"an attribute twice", inRule(`<ID a="1" a="1"/>`), malformed(3, 1, twice("a"))},
		{"the default namespace twice", inRule(`<ID xmlns="u" xmlns="u"/>`), malformed(3, 1, twice("xmlns"))},
		{"a prefix declared twice", inRule(`<ID xmlns:a="u" xmlns:a="v"/>`), malformed(3, 1, twice("a"))},
		{"an attribute with a prefix twice", inRule(`<ID xmlns:s="u" s:a="1" s:a="2"/>`), malformed(3, 1, twice("a"))},
		{"an attribute twice by its namespace", inRule(`<ID xmlns:s="u" xmlns:t="u" s:a="1" t:a="2"/>`), malformed(3, 1, twice("a"))},
		{"an attribute twice by a namespace that is written with a line end and with a space", inRule("<ID xmlns:s=\"u\nv\" xmlns:t=\"u v\" s:a=\"1\" t:a=\"2\"/>"), malformed(3, 1, twice("a"))},
		{"an attribute twice by a namespace declared further out",
			`<CORSConfiguration xmlns:s="u">` + "\n" + `<CORSRule xmlns:t="u" s:a="1" t:a="2"/></CORSConfiguration>`, malformed(2, 1, twice("a"))},
		{"xml:lang twice", inRule(`<ID xml:lang="en" xml:lang="de"/>`), malformed(3, 1, twice("lang"))},
		{"a prefix that is not declared on an element", inRule(`<s:ID/>`), malformed(3, 1, undeclared("s"))},
		{"a prefix that is not declared on the root", "<s:CORSConfiguration/>", malformed(1, 1, undeclared("s"))},
		{"a prefix that is not declared on an attribute", inRule(`<ID s:a="1"/>`), malformed(3, 1, undeclared("s"))},
		{"a prefix in another case", inRule(`<S:ID xmlns:s="u"/>`), malformed(3, 1, undeclared("S"))},
		{"a prefix that was declared on a sibling", inRule(`<ID xmlns:s="u"/>` + "\n" + `<s:AllowedHeader/>`), malformed(4, 1, undeclared("s"))},
		{"a prefix that was declared on a child", "<CORSConfiguration><CORSRule xmlns:s=\"u\"></CORSRule>\n<s:CORSRule/></CORSConfiguration>", malformed(2, 1, undeclared("s"))},
		{"a prefix that was declared on a parent's sibling, on an attribute", "<CORSConfiguration><CORSRule xmlns:s=\"u\"/>\n<CORSRule s:a=\"\"/></CORSConfiguration>", malformed(2, 1, undeclared("s"))},
		{"the prefix xmlns on an element", inRule(`<xmlns:ID/>`), malformed(3, 1, undeclared("xmlns"))},
		{"a prefix declared as nothing", inRule(`<ID xmlns:s=""/>`), malformed(3, 1, "the prefix s cannot be declared so")},
		{"the prefix xmlns declared", inRule(`<ID xmlns:xmlns="u"/>`), malformed(3, 1, "the prefix xmlns cannot be declared so")},
		{"the namespace of the prefix xml as the default one", inRule(`<ID xmlns='http://www.w3.org/XML/1998/namespace'/>`), malformed(3, 1, "the default namespace cannot be http://www.w3.org/XML/1998/namespace")},
		{"the namespace of the prefix xmlns as the default one", inRule(`<ID xmlns='http://www.w3.org/2000/xmlns/'/>`), malformed(3, 1, "the default namespace cannot be http://www.w3.org/2000/xmlns/")},
		{"the namespace of the prefix xmlns for another", inRule(`<ID xmlns:q='http://www.w3.org/2000/xmlns/'/>`), malformed(3, 1, "the prefix q cannot be declared so")},
		{"a name with two colons", inRule(`<a:b:c xmlns:a="u"/>`), malformed(3, 1, "a < that begins no element: write &lt;")},
		{"no blank between two attributes", inRule(`<ID a="1"b="2"/>`), malformed(3, 1, "a space is missing between two attributes")},
		{"no blank between the second attribute and the third", inRule(`<ID a="1" b="2"c="3"/>`), malformed(3, 1, "a space is missing between two attributes")},
		{"no blank between attributes in single quotes", inRule(`<ID a='"'b='2'/>`), malformed(3, 1, "a space is missing between two attributes")},
		{"an attribute without a value", inRule(`<ID a/>`), malformed(3, 7, `an attribute of <ID has no value: write name="value", or > where the tag ends`)},
		{"an attribute without quotes", inRule(`<ID a=b/>`), malformed(3, 8, "the value of an attribute must stand in double quotes")},
		{"a less-than sign in an attribute", inRule(`<ID a="<"/>`), malformed(3, 7, "the quote that begins here is not closed before the next <: close it, or write &lt; for <")},
		{"a reference to a surrogate in an attribute", inRule(`<ID a="&#xD800;"/>`), malformed(3, 1, surrogate)},
		{"a slash before the end of a tag", inRule(`<ID / >`), malformed(3, 7, "> must follow / at once in <ID")},
		{"65 attributes", inRule("<ID" + numbered(` a%d=""`, 65) + "/>"), malformed(3, 1, "an element has more than 64 attributes")},
		{"65 prefixes in scope", strings.Replace(inRule("<ID xmlns:b=\"u\"/>"), "<CORSRule>", "<CORSRule"+numbered(` xmlns:a%d="u"`, 64)+">", 1),
			malformed(3, 1, "more than 64 prefixes are declared")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want) })
	}
}

func TestCharactersThatXMLCannotCarryAreRefusedAnywhere(t *testing.T) {
	const cannot = " is a character that XML cannot carry: remove it"
	const notUTF8 = " is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252"
	for _, bad := range []struct{ name, text, detail string }{
		{"NUL", "\x00", "a NUL (U+0000)" + cannot}, {"a control character", "\x1f", "a control character (U+001F)" + cannot},
		{"an escape", "\x1b", "an escape character (U+001B)" + cannot},
		{"U+FFFE", "\ufffe", "an invisible character (U+FFFE)" + cannot}, {"U+FFFF", "\uffff", "an invisible character (U+FFFF)" + cannot},
		{"a surrogate", "\xed\xa0\x80", "the byte 0xED" + notUTF8}, {"a byte that is no UTF-8", "\xff", "the byte 0xFF" + notUTF8},
		{"half a character", "\xc3", "the byte 0xC3" + notUTF8}, {"an overlong slash", "\xc0\xaf", "the byte 0xC0" + notUTF8},
		{"a character beyond Unicode", "\xf4\x90\x80\x80", "the byte 0xF4" + notUTF8},
	} {
		for _, row := range []struct {
			where, document string
			line, column    int
		}{
			{"in a value", inOrigin("x" + bad.text), 1, 46},
			{"in a CDATA section", inOrigin("<![CDATA[" + bad.text + "]]>"), 1, 54},
			{"in a comment", inRule("<!--" + bad.text + "-->"), 3, 5},
			{"in a processing instruction", inRule("<?a " + bad.text + "?>"), 3, 5},
			{"in an attribute", inRule(`<ID a="` + bad.text + `"/>`), 3, 8},
			{"in the name of an element", inRule("<a" + bad.text + "/>"), 3, 3},
			{"between elements", inRule(bad.text), 3, 1},
			{"before the root", bad.text + smallest, 1, 1},
			{"behind a byte order mark", "\ufeff" + bad.text + smallest, 1, 1},
			{"behind the root", smallest + "\n" + bad.text, 2, 1},
			{"at the end of a comment behind the root", smallest + "<!-- é" + bad.text, 1, 133},
		} {
			t.Run(bad.name+" "+row.where, func(t *testing.T) {
				requireTold(t, row.document, malformed(row.line, row.column, bad.detail))
			})
		}
	}
}

func TestReferencesToWhatIsNoCharacterAreRefused(t *testing.T) {
	for _, row := range []struct {
		name, reference string
		want            told
	}{
		{"the first surrogate", "&#xD800;", malformed(1, 45, surrogate)},
		{"the last surrogate", "&#xDFFF;", malformed(1, 45, surrogate)},
		{"a surrogate in lower case", "&#xdabc;", malformed(1, 45, surrogate)},
		{"a surrogate in decimal", "&#55296;", malformed(1, 45, surrogate)},
		{"a surrogate with leading zeros", "&#x0000D800;", malformed(1, 45, surrogate)},
		{"both surrogates of a pair", "&#xD83D;&#xDE00;", malformed(1, 45, surrogate)},
		{"a surrogate behind a good reference", "&#65;&#xD800;", malformed(1, 45, surrogate)},
		{"NUL", "&#0;", malformed(1, 45, "the reference stands for U+0000, which XML cannot carry")},
		{"a control character", "&#x1;", malformed(1, 45, "the reference stands for U+0001, which XML cannot carry")},
		{"U+FFFE", "&#xFFFE;", malformed(1, 45, "the reference stands for U+FFFE, which XML cannot carry")},
		{"a number beyond Unicode", "&#x110000;", malformed(1, 45, "&#x110000; stands for no character")},
		{"a number beyond 64 bits", "&#99999999999999999999;", malformed(1, 45, "&#99999999999999999999; stands for no character")},
		{"no digits", "&#;", malformed(1, 45, "&#; stands for no character")},
		{"no digits in hexadecimal", "&#x;", malformed(1, 45, "&#x; stands for no character")},
		{"a capital X", "&#X41;", malformed(1, 45, "&# is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &")},
		{"letters in decimal", "&#4a;", malformed(1, 45, "&#4 is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &")},
		{"a sign", "&#+65;", malformed(1, 45, "&# is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &")},
		{"no semicolon", "&#65 ", malformed(1, 45, "&#65 is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, inOrigin(row.reference), row.want) })
	}
}

func TestTextInXMLIsReadAsItStands(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"blanks around it", " \ta\n", " \ta\n"},
		{"nothing", "", ""},
		{"the named entities", "&amp;&lt;&gt;&quot;&apos;", `&<>"'`},
		{"references in decimal and hexadecimal", "&#65;&#x42;&#x1F600;&#x1f600;", "AB😀😀"},
		{"the characters beside the surrogates", "&#xD7FF;&#xE000;&#xFFFD;", "\ud7ff\ue000\ufffd"},
		{"U+FFFD as it is", "\ufffd", "\ufffd"},
		{"a byte order mark inside", "a\ufeff", "a\ufeff"},
		{"the first character beyond 16 bits, and the last", "\U00010000\U0010FFFF", "\U00010000\U0010FFFF"},
		{"a reference to a surrogate in a CDATA section, which is text", "<![CDATA[&#xD800;]]>", "&#xD800;"},
		{"a reference to a surrogate in a comment, which is nothing", "<!--&#xD800;-->a", "a"},
		{"an escaped reference", "&amp;#xD800;", "&#xD800;"},
		{"a comment inside", "a<!-- x -->b", "ab"},
		{"a comment of a greater-than sign", "<!-->-->a", "a"},
		{"a processing instruction inside", "a<?x y?>b", "ab"},
		{"a CDATA section", "<![CDATA[<&]]>", "<&"},
		{"a CDATA section between texts", "a<![CDATA[b]]>c", "abc"},
		{"the end of a CDATA section, cut in two", "<![CDATA[]]]]><![CDATA[>]]>", "]]>"},
		{"a carriage return", "a\rb", "a\nb"},
		{"a carriage return with a line feed", "a\r\nb", "a\nb"},
		{"carriage returns in a CDATA section", "<![CDATA[a\r\nb\rc]]>", "a\nb\nc"},
		{"a carriage return as a reference", "a&#13;b&#xD;\r\n", "a\rb\r\n"},
		{"a tab as a reference", "&#9;&#x0A;", "\t\n"},
		{"characters of four bytes", "😀é", "😀é"},
		{"two brackets and a greater-than sign apart", "]] >]&gt;]]", "]] >]>]]"},
	} {
		t.Run(row.name, func(t *testing.T) { requireOrigin(t, inOrigin(row.text), row.want) })
	}
}

// structural is a defect of structure that is not the whole document's.
func structural(line, column int, path, detail string) told {
	return told{Line: line, Column: column, Path: path, Code: "MalformedXML", Detail: detail}
}

// bad is a value that S3 refuses.
func bad(line, column int, path, detail, message string) told {
	return told{Line: line, Column: column, Path: path, Code: "InvalidRequest", Detail: detail, Message: message}
}

const (
	needsRule    = "a configuration needs at least one rule"
	needsOrigin  = "the rule has no AllowedOrigin: add <AllowedOrigin>https://www.example.com</AllowedOrigin>"
	needsMethod  = "the rule has no AllowedMethod: add <AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>"
	needsOrigins = `the rule has no AllowedOrigins: add "AllowedOrigins": ["https://www.example.com"]`
	needsMethods = `the rule has no AllowedMethods: add "AllowedMethods": ["GET", "HEAD"]`
)

func TestXMLOfAnotherStructure(t *testing.T) {
	for _, row := range []struct {
		name, document string
		want           []told
	}{
		{"another root", "<CORSRule></CORSRule>",
			[]told{structural(1, 1, "CORSConfiguration", "this is a fragment of XML: put it between <CORSConfiguration> and </CORSConfiguration>, and each rule between <CORSRule> and </CORSRule>")}},
		{"a root in another case, whose content is not looked at", "\n <corsConfiguration><x/>text</corsConfiguration>",
			[]told{structural(2, 2, "CORSConfiguration", "the root element is <corsConfiguration>, and must be <CORSConfiguration>: letters in another case count as another name")}},
		{"no rule", "\n<CORSConfiguration/>", []told{structural(2, 1, "CORSRules", needsRule)}},
		{"an empty rule", "<CORSConfiguration>\n <CORSRule/></CORSConfiguration>",
			[]told{structural(2, 2, "CORSRules[0].AllowedOrigins", needsOrigin), structural(2, 2, "CORSRules[0].AllowedMethods", needsMethod)}},
		{"a second ID", inRule("<ID>a</ID> <ID/>"), []told{structural(3, 12, "CORSRules[0].ID", "a second ID in one rule: remove one")}},
		{"a second MaxAgeSeconds", inRule("<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>"),
			[]told{structural(3, 33, "CORSRules[0].MaxAgeSeconds", "a second MaxAgeSeconds in one rule: remove one")}},
		{"a second MaxAgeSeconds with another element between", inRule("<MaxAgeSeconds>1</MaxAgeSeconds><ID/>\n<MaxAgeSeconds>1</MaxAgeSeconds>"),
			[]told{structural(4, 1, "CORSRules[0].MaxAgeSeconds", "a second MaxAgeSeconds in one rule: remove one")}},
		{"a second MaxAgeSeconds behind one that is no number", inRule("<MaxAgeSeconds>x</MaxAgeSeconds><MaxAgeSeconds>1</MaxAgeSeconds>"),
			[]told{structural(3, 16, "CORSRules[0].MaxAgeSeconds", `"x" is not a whole number of 64 bits: write a number of seconds, such as 3600`),
				structural(3, 33, "CORSRules[0].MaxAgeSeconds", "a second MaxAgeSeconds in one rule: remove one")}},
		{"a third ID", inRule("<ID/><ID/>\n<ID/>"), []told{structural(3, 6, "CORSRules[0].ID", "a second ID in one rule: remove one"),
			structural(4, 1, "CORSRules[0].ID", "a second ID in one rule: remove one")}},
		{"text in the root", strings.Replace(inRule(""), "<CORSRule>", " x<CORSRule>", 1),
			[]told{structural(2, 2, "CORSConfiguration", `the text "x" stands between elements: put it into one, or remove it`)}},
		{"text in a rule", inRule("\t é"), []told{structural(3, 3, "CORSRules[0]", `the text "é" stands between elements: put it into one, or remove it`)}},
		{"text in the second rule", "<CORSConfiguration>" + "<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>" +
			"\n<CORSRule>x<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			[]told{structural(2, 11, "CORSRules[1]", `the text "x" stands between elements: put it into one, or remove it`)}},
		{"a tilde in a rule", inRule(" ~ "), []told{structural(3, 2, "CORSRules[0]", `the text "~" stands between elements: put it into one, or remove it`)}},
		{"lines of text in a rule", inRule("a\nb"), []told{structural(3, 1, "CORSRules[0]", `the text "a" stands between elements: put it into one, or remove it`)}},
		{"JSON in a rule", inRule(` {"a": 1}`), []told{structural(3, 2, "CORSRules[0]", "JSON stands inside of XML: write elements, or the JSON alone")}},
		{"an array of JSON in a rule", inRule("[1]"), []told{structural(3, 1, "CORSRules[0]", "JSON stands inside of XML: write elements, or the JSON alone")}},
		{"a no-break space in a rule", inRule("\u00a0"), []told{structural(3, 1, "CORSRules[0]", "a no-break space (U+00A0) stands between elements: remove it")}},
		{"a CDATA section with text in a rule", inRule("<![CDATA[x]]>"), []told{structural(3, 1, "CORSRules[0]", `the text "x" stands between elements: put it into one, or remove it`)}},
		{"a reference in a rule", inRule(" &#65;"), []told{structural(3, 2, "CORSRules[0]", `the text "A" stands between elements: put it into one, or remove it`)}},
		{"an element in a value", inRule("<ID>a<b>c</b>d</ID>"),
			[]told{structural(3, 6, "CORSRules[0].ID", "<b> stands inside of ID, which holds text alone: remove its tags")}},
		{"an element in a number, which is not judged besides", inRule("<MaxAgeSeconds><b/></MaxAgeSeconds>"),
			[]told{structural(3, 16, "CORSRules[0].MaxAgeSeconds", "<b> stands inside of MaxAgeSeconds, which holds text alone: remove its tags")}},
		{"elements nested in a value", inRule("<ID>a<b><c><d/></c></b>d</ID>"),
			[]told{structural(3, 6, "CORSRules[0].ID", "<b> stands inside of ID, which holds text alone: remove its tags")}},
		{"two elements in a value", inRule("<ID><b/>\n<c/></ID>"),
			[]told{structural(3, 5, "CORSRules[0].ID", "<b> stands inside of ID, which holds text alone: remove its tags"), structural(4, 1, "CORSRules[0].ID", "<c> stands inside of ID, which holds text alone: remove its tags")}},
		{"a known element in a value", inOrigin("a<AllowedOrigin>b</AllowedOrigin>"),
			[]told{structural(1, 46, "CORSRules[0].AllowedOrigins[0]", "<AllowedOrigin> stands inside of AllowedOrigin, which holds text alone: remove its tags")}},
		{"a rule in a rule", inRule("<CORSRule/>"), []told{{Line: 3, Column: 1, Path: "CORSRules[0].CORSRule", Code: "MalformedXML", Detail: "a rule has no <CORSRule>: remove it"}}},
		{"the name of the JSON form", inRule("<AllowedHeaders>x</AllowedHeaders>"),
			[]told{{Line: 3, Column: 1, Path: "CORSRules[0].AllowedHeaders", Code: "MalformedXML",
				Detail: "<AllowedHeaders> is probably AllowedHeader", Suggestion: "AllowedHeader"}}},
		{"an unknown element in the root, with whatever it holds", "<CORSConfiguration>\n<Rule><ID/><ID/>text</Rule>\n<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			[]told{{Line: 2, Column: 1, Path: "Rule", Code: "MalformedXML", Detail: "a configuration has no <Rule>: remove it"}}},
		{"an unknown element as the only one", "<CORSConfiguration><CORSRules/></CORSConfiguration>",
			[]told{structural(1, 1, "CORSRules", "<CORSRules> in line 1 is probably CORSRule, which is missing"),
				{Line: 1, Column: 20, Path: "CORSRules", Code: "MalformedXML", Detail: "<CORSRules> is probably CORSRule", Suggestion: "CORSRule"}}},
		{"an unknown element whose name has a prefix", strings.Replace(inRule("<s:Id/>"), "<CORSRule>", `<CORSRule xmlns:s="u">`, 1),
			[]told{{Line: 3, Column: 1, Path: "CORSRules[0].Id", Code: "MalformedXML", Detail: "<Id> is probably ID", Suggestion: "ID"}}},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want...) })
	}
}

func TestMaxAgeSecondsInXML(t *testing.T) {
	for _, row := range []struct {
		text string
		want int64
	}{
		{"0", 0}, {"-0", 0}, {"+5", 5}, {"007", 7}, {"-1", -1}, {" \t\r\n3000 ", 3000}, {"2147483648", 1 << 31},
		{"9223372036854775807", 1<<63 - 1}, {"-9223372036854775808", -1 << 63},
		{"0000000000000000000000000000000001", 1}, {"1<!-- -->2", 12}, {"<![CDATA[34]]>", 34}, {"&#53;", 5},
	} {
		t.Run(row.text+" is a number", func(t *testing.T) {
			c, err := s3cors.ParseXML([]byte(inRule("<MaxAgeSeconds>" + row.text + "</MaxAgeSeconds>")))
			require.NoError(t, err)
			require.Equal(t, &row.want, c.CORSRules[0].MaxAgeSeconds)
		})
	}
	for _, text := range []string{"", " "} {
		requireTold(t, inRule("<MaxAgeSeconds>"+text+"</MaxAgeSeconds>"),
			structural(3, 16, "CORSRules[0].MaxAgeSeconds", "MaxAgeSeconds is empty: write a number of seconds, such as 3600, or remove it"))
	}
	for _, text := range []string{"one", "1e3", "0x10", "- 1", "+", "--1", "+-1", "٣", "１", "1.5", "1h", "NaN", "~1"} {
		t.Run(text+" is no number", func(t *testing.T) {
			requireTold(t, inRule("<MaxAgeSeconds>"+text+"</MaxAgeSeconds>"),
				structural(3, 16, "CORSRules[0].MaxAgeSeconds", fmt.Sprintf("%q is not a whole number of 64 bits: write a number of seconds, such as 3600", text)))
		})
	}
	for _, text := range []string{"1000.0", "1000.", "1_000", "1 000", "\u00a01000", "1,000", "1'000", "1000s", "1000 seconds"} {
		t.Run(text+" plainly means a number", func(t *testing.T) {
			requireTold(t, inRule("<MaxAgeSeconds>"+text+"</MaxAgeSeconds>"),
				structural(3, 16, "CORSRules[0].MaxAgeSeconds", fmt.Sprintf("%q is not a whole number of 64 bits: write 1000", text)))
		})
	}
	for _, text := range []string{"9223372036854775808", "-9223372036854775809"} {
		t.Run(text+" is too large", func(t *testing.T) {
			requireTold(t, inRule("<MaxAgeSeconds>"+text+"</MaxAgeSeconds>"),
				structural(3, 16, "CORSRules[0].MaxAgeSeconds", fmt.Sprintf("%q is not a whole number of 64 bits: write fewer digits", text)))
		})
	}
}

func TestMisspeltElementsAreTold(t *testing.T) {
	for _, row := range []struct{ name, suggestion string }{
		{"Id", "ID"}, {"id", "ID"},
		{"AllowedOrigins", "AllowedOrigin"}, {"allowedorigin", "AllowedOrigin"}, {"AllowOrigin", "AllowedOrigin"}, {"Allowed-Origin", "AllowedOrigin"},
		{"AllowedMethods", "AllowedMethod"}, {"AllowMethod", "AllowedMethod"}, {"allowed_method", "AllowedMethod"},
		{"AllowedHeaders", "AllowedHeader"}, {"AllowHeader", "AllowedHeader"},
		{"ExposedHeader", "ExposeHeader"}, {"ExposeHeaders", "ExposeHeader"}, {"ExposedHeaders", "ExposeHeader"},
		{"MaxAge", "MaxAgeSeconds"}, {"MaxAgeSecond", "MaxAgeSeconds"}, {"maxAgeSeconds", "MaxAgeSeconds"},
		{strings.Repeat("_", 30) + "ID", "ID"}, // the longest name that is looked at
	} {
		t.Run(row.name, func(t *testing.T) {
			requireTold(t, inRule("<"+row.name+"/>"), told{Line: 3, Column: 1, Path: "CORSRules[0]." + row.name, Code: "MalformedXML",
				Detail: fmt.Sprintf("<%s> is probably %s", row.name, row.suggestion), Suggestion: row.suggestion})
		})
	}
	for _, name := range []string{"Foo", "x", "AllowedOriginals", "Max", "Ex", strings.Repeat("_", 31) + "ID"} {
		t.Run(name+" is like none", func(t *testing.T) {
			requireTold(t, inRule("<"+name+"/>"), told{Line: 3, Column: 1, Path: "CORSRules[0]." + name, Code: "MalformedXML",
				Detail: fmt.Sprintf("a rule has no <%s>: remove it", name)})
		})
	}
}

func TestAnElementAroundTheRulesIsToldToGo(t *testing.T) {
	rule := strings.NewReplacer("<CORSConfiguration>", "", "</CORSConfiguration>", "").Replace(smallest)
	around := func(line int, name string) told {
		return told{Line: line, Column: 1, Path: name, Code: "MalformedXML", Detail: "<" + name + "> stands around the rules: remove it, and its end tag"}
	}
	other := told{Line: 2, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"}
	requireTold(t, "<CORSConfiguration>\n<b/>\n<CORSRules>"+rule+"</CORSRules>\n<List>"+rule+rule+"</List></CORSConfiguration>",
		structural(1, 1, "CORSRules", needsRule), other, around(3, "CORSRules"), around(4, "List"))
	requireTold(t, "<CORSConfiguration>\n<b><i>"+rule+"</i></b>"+rule+"</CORSConfiguration>", other)
}

func TestXMLIsBoundedInDepth(t *testing.T) {
	nested := func(n int) string {
		return inRule(strings.Repeat("<a>", n-2) + strings.Repeat("</a>", n-2))
	}
	requireTold(t, nested(64), told{Line: 3, Column: 1, Path: "CORSRules[0].a", Code: "MalformedXML", Detail: "a rule has no <a>: remove it"})
	requireTold(t, nested(65), malformed(3, 1+3*62, "elements are nested deeper than 64"))
	requireTold(t, strings.Repeat("<a>", 20000), malformed(1, 1+3*64, "elements are nested deeper than 64"))
}

func TestXMLIsBoundedInSize(t *testing.T) {
	tooLarge := &s3cors.Error{Status: 400, Code: "MaxMessageLengthExceeded", Message: "Your request was too big.",
		Elements: []s3cors.Element{{Name: "MaxMessageLengthBytes", Value: "65536"}}}
	told := told{Line: 1, Column: 1, Path: "CORSConfiguration", Code: "MaxMessageLengthExceeded",
		Detail: "a CORS configuration may have 65536 bytes at most", Message: tooLarge.Message}
	t.Run("65,536 bytes are accepted", func(t *testing.T) {
		requireOrigin(t, smallest+strings.Repeat(" ", 65536-len(smallest)), "a")
	})
	t.Run("65,537 bytes are not", func(t *testing.T) {
		document := smallest + strings.Repeat(" ", 65537-len(smallest))
		requireTold(t, document, told)
		_, err := s3cors.ParseXML([]byte(document))
		require.Empty(t, cmp.Diff(tooLarge, firstError(t, err)))
	})
	t.Run("a byte order mark counts", func(t *testing.T) {
		requireTold(t, "\ufeff"+smallest+strings.Repeat(" ", 65534-len(smallest)), told)
	})
	t.Run("size is told before anything else", func(t *testing.T) {
		requireTold(t, strings.Repeat("\x00<", 65536), told)
	})
	t.Run("65,536 bytes that are malformed are told of that", func(t *testing.T) {
		requireTold(t, smallest+strings.Repeat("\n", 65535-len(smallest))+"<", malformed(65536-len(smallest), 1, openTag))
	})
}

func TestXMLIsPrintedAsS3Prints(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ID: new("<&>\"'\t\n\r]]>"), AllowedOrigins: []string{"b", "", "a", "a"}, AllowedMethods: []string{"PUT", "GET", "PUT"},
			MaxAgeSeconds: new(int64(-1)), ExposeHeaders: []string{"ETag", ""}, AllowedHeaders: []string{"", "X-", "*"},
		},
		{ID: new(""), AllowedOrigins: []string{"é😀 "}, AllowedMethods: []string{"HEAD"}, MaxAgeSeconds: new(int64(0))},
		{AllowedOrigins: []string{"null"}, AllowedMethods: []string{"DELETE"}},
	}}
	const want = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
		"<CORSRule><ID>&lt;&amp;&gt;\"'\t\n&#13;]]&gt;</ID>" +
		"<AllowedOrigin>b</AllowedOrigin><AllowedOrigin></AllowedOrigin><AllowedOrigin>a</AllowedOrigin><AllowedOrigin>a</AllowedOrigin>" +
		"<AllowedMethod>PUT</AllowedMethod><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>" +
		"<MaxAgeSeconds>-1</MaxAgeSeconds><ExposeHeader>ETag</ExposeHeader><ExposeHeader></ExposeHeader>" +
		"<AllowedHeader></AllowedHeader><AllowedHeader>X-</AllowedHeader><AllowedHeader>*</AllowedHeader></CORSRule>" +
		"<CORSRule><ID></ID><AllowedOrigin>é😀 </AllowedOrigin><AllowedMethod>HEAD</AllowedMethod><MaxAgeSeconds>0</MaxAgeSeconds></CORSRule>" +
		"<CORSRule><AllowedOrigin>null</AllowedOrigin><AllowedMethod>DELETE</AllowedMethod></CORSRule></CORSConfiguration>"
	got, err := c.AppendXML([]byte("before "))
	require.NoError(t, err)
	require.Equal(t, "before "+want, string(got))
	requireRoundTrip(t, c)
}

func TestWhatS3RefusesIsNotPrinted(t *testing.T) {
	for _, c := range []*s3cors.Configuration{nil, {}, {CORSRules: []s3cors.Rule{{}}}} {
		for name, print := range map[string]func([]byte, ...s3cors.Option) ([]byte, error){"XML": c.AppendXML, "JSON": c.AppendJSON} {
			t.Run(name, func(t *testing.T) {
				got, err := print([]byte("before"))
				require.Equal(t, "before", string(got))
				require.Equal(t, c.Validate(), err)
				require.Error(t, err)
			})
		}
	}
}
