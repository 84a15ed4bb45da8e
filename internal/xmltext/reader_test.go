package xmltext

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// read returns all tokens of a text, each written out, and the error behind them,
// nil for io.EOF.
func read(text string) (tokens []string, err *Error) {
	r := NewReader([]byte(text))
	for {
		t, err := r.Next()
		if err == io.EOF {
			return tokens, nil
		}
		var fault *Error
		if errors.As(err, &fault) {
			return tokens, fault
		}
		tokens = append(tokens, fmt.Sprintf("%d-%d %s", t.Offset, t.End, written(t)))
	}
}

func written(t Token) string {
	switch t.Kind {
	case StartTag:
		return "<" + t.Name + ">"
	case EndTag:
		return "</" + t.Name + ">"
	}
	return fmt.Sprintf("%q", t.Text)
}

func TestTokens(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"tags and text", "<a>b</a>", []string{"0-3 <a>", `3-4 "b"`, "4-8 </a>"}},
		{"an empty element has two tags, the second without a length", "<a/>", []string{"0-4 <a>", "4-4 </a>"}},
		{"names are told without their prefix", `<p:a xmlns:p="u"></p:a>`, []string{"0-17 <a>", "17-23 </a>"}},
		{"attributes are no tokens", `<a b="c" d='e'/>`, []string{"0-16 <a>", "16-16 </a>"}},
		{"nor are comments and instructions", "<!--x--><?y z?><a><!----><?q?></a>", []string{"15-18 <a>", "30-34 </a>"}},
		{"nor is white space outside of the root", " \t<a/>\r\n", []string{"2-6 <a>", "6-6 </a>"}},
		{"white space inside is text", "<a> <b/>\n</a>", []string{"0-3 <a>", `3-4 " "`, "4-8 <b>", "8-8 </b>", `8-9 "\n"`, "9-13 </a>"}},
		{"text and CDATA sections are tokens of their own", "<a>b<![CDATA[<&]]>c</a>", []string{"0-3 <a>", `3-4 "b"`, `4-18 "<&"`, `18-19 "c"`, "19-23 </a>"}},
		{"references are resolved, line ends made line feeds", "<a>&lt;&#65;&#x1F600;\r\n&#13;\r</a>", []string{"0-3 <a>", `3-29 "<A😀\n\r\n"`, "29-33 </a>"}},
		{"offsets count bytes", "<é>ü</é>", []string{"0-4 <é>", `4-6 "ü"`, "6-11 </é>"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := read(row.text)
			require.Nil(t, err)
			require.Empty(t, cmp.Diff(row.want, got))
		})
	}
}

func TestTextsThatAreRefused(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       Error
	}{
		{"nothing", "", Error{NotWellFormed, 0, "there is no element"}},
		{"no element", " <!-- -->", Error{NotWellFormed, 9, "there is no element"}},
		{"bytes that are no UTF-8, wherever", "<a/><!-- \xff -->", Error{NotText, 9, "the byte 0xFF is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252"}},
		{"a character that XML cannot carry", "<a>\x01</a>", Error{NotText, 3, "a control character (U+0001) is a character that XML cannot carry: remove it"}},
		{"an element that is open at the end", "<a><b></b>", Error{NotWellFormed, 10, "the document ends too early: <a> of line 1 is never closed, add </a>"}},
		{"tags that do not match", "<a></b>", Error{NotWellFormed, 3, "</b> ends no element that is open: write </a>, which ends <a> of line 1, or add <b> before it"}},
		{"tags that match but for the prefix", `<p:a xmlns:p="u" xmlns:q="u"></q:a>`, Error{NotWellFormed, 29, "</q:a> ends no element that is open: write </p:a>, which ends <p:a> of line 1, or add <q:a> before it"}},
		{"a second root", "<a/><b/>", Error{NotWellFormed, 4, "<b> is a second root element: one element must hold all others"}},
		{"a document type", "<!DOCTYPE a><a/>", Error{Markup, 0, "<!DOCTYPE> and other <!…> declarations are refused: remove it"}},
		{"an encoding", `<?xml version="1.0" encoding="latin1"?><a/>`, Error{Encoding, 0, `the encoding "latin1" is declared: save the document as UTF-8, and write encoding="UTF-8"`}},
		{"US-ASCII that is none", `<?xml version="1.0" encoding="us-ascii"?><a>é</a>`, Error{Encoding, 0, `the encoding is declared as US-ASCII, and the text holds other characters: write encoding="UTF-8"`}},
		{"a depth of 65", strings.Repeat("<a>", 65), Error{TooComplex, 192, "elements are nested deeper than 64"}},
		{"65 attributes", "<a" + numbered(` b%d=""`, 65) + "/>", Error{TooComplex, 0, "an element has more than 64 attributes"}},
		{"65 prefixes in scope", "<a" + numbered(` xmlns:b%d="u"`, 64) + `><c xmlns:d="u"/></a>`, Error{TooComplex, 889, "more than 64 prefixes are declared"}},

		{"an instruction whose name runs into a question mark", "<?p?q?><a/>", Error{NotWellFormed, 0, "a space must follow the name of a processing instruction"}},
		{"an instruction whose name ends in question marks", "<?p??><a/>", Error{NotWellFormed, 0, "a space must follow the name of a processing instruction"}},
		{"an instruction whose name has a colon", "<?p:q?><a/>", Error{NotWellFormed, 0, "the name of a processing instruction has a colon"}},

		{"the namespace of xml as the default", `<a xmlns="http://www.w3.org/XML/1998/namespace"/>`, Error{NotWellFormed, 0, "the default namespace cannot be http://www.w3.org/XML/1998/namespace"}},
		{"the namespace of xmlns as the default", `<a xmlns='http://www.w3.org/2000/xmlns/'/>`, Error{NotWellFormed, 0, "the default namespace cannot be http://www.w3.org/2000/xmlns/"}},
		{"the namespace of xmlns for a prefix", `<a xmlns:q="http://www.w3.org/2000/xmlns/"/>`, Error{NotWellFormed, 0, "the prefix q cannot be declared so"}},
		{"the namespace of xml for another prefix", `<a xmlns:q="http://www.w3.org/XML/1998/namespace"/>`, Error{NotWellFormed, 0, "the prefix q cannot be declared so"}},
		{"another namespace for the prefix xml", `<a xmlns:xml="u"/>`, Error{NotWellFormed, 0, "the prefix xml cannot be declared so"}},
		{"the prefix xmlns", `<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>`, Error{NotWellFormed, 0, "the prefix xmlns cannot be declared so"}},
		{"an attribute twice by its namespace", `<a xmlns:p="u" xmlns:q="u" p:b="" q:b=""/>`, Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"xml:lang twice, once by a prefix declared anew", `<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:b="" xml:b=""/>`, Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"an attribute twice by a namespace that was declared before another one that is gone",
			`<a xmlns:p="u"><b xmlns:q="v"/><c xmlns:q="u" p:d="" q:d=""/></a>`, Error{NotWellFormed, 31, "the attribute d is there twice: remove one"}},
		{"an attribute twice by a namespace that is written with a line end and with a space", "<a xmlns:p='u\nv' xmlns:q='u v' p:b='' q:b=''/>", Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"an attribute twice by a namespace that is written with a tab and with the reference to a space", "<a xmlns:p='u\tv' xmlns:q='u&#32;v' p:b='' q:b=''/>", Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"an attribute twice by a namespace that is written with each kind of line end", "<a xmlns:p='u\r\nv\rw' xmlns:q='u\nv\nw' p:b='' q:b=''/>", Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"an attribute twice by a namespace with line ends between references of several lengths",
			"<a xmlns:p='&#xA;é&amp;\n&#x1F600;\r\n&#13;\r&#10;\r' xmlns:q=\"&#10;&#233;&#38; &#128512; &#xD; &#xa; \" p:b='' q:b=''/>", Error{NotWellFormed, 0, "the attribute b is there twice: remove one"}},
		{"an attribute twice by a namespace with a line end in an element inside", "<a xmlns:p='u v'><c d='\n' xmlns:q='u\nv' p:b='' q:b=''/></a>", Error{NotWellFormed, 17, "the attribute b is there twice: remove one"}},
		{"a local name that begins with an extender", "<a xmlns:p='u'><p:\u3005/></a>", Error{NotWellFormed, 15, "\u3005 is not a name: a name begins with a letter or _, and has one colon at most"}},
		{"an attribute's local name that begins with a digit", "<a xmlns:p='u' p:1=''/>", Error{NotWellFormed, 0, "1 is not a name: a name begins with a letter or _, and has one colon at most"}},
		{"two attributes without a blank between them, behind two with one", `<a b="" c="" d=""e=""/>`, Error{NotWellFormed, 0, "a space is missing between two attributes"}},
		{"the second attribute and the third without a blank between them", `<a b="" c=""d="" e=""/>`, Error{NotWellFormed, 0, "a space is missing between two attributes"}},
		{"a reference to half a surrogate pair in an attribute", `<a b="&#xD800;"/>`, Error{NotWellFormed, 0, "a reference to half a surrogate pair stands here: write the character itself"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := read(row.text)
			require.Equal(t, &row.want, err)
		})
	}
}

func TestTheWordsSayWhatToChangeAndWhere(t *testing.T) {
	for _, row := range []struct {
		name, text string
		offset     int
		message    string
	}{
		{"an ampersand", "<a>x & y</a>", 5, "an & stands alone: write &amp;"},
		{"an ampersand in an address", "<a>https://x?a=1&b=2</a>", 16, "an & stands alone: write &amp;"},
		{"an entity of HTML", "<a>&nbsp;</a>", 3, "XML does not know &nbsp;: write the character itself, or &amp; for &"},
		{"a reference that is none", "<a>&#x;</a>", 3, "&#x; stands for no character"},
		{"a reference without a semicolon", "<a>&#65 </a>", 3, "&#65 is no reference: it needs digits and a semicolon, as in &#65;, or write &amp; for &"},
		{"a reference to NUL", "<a>b&#0;</a>", 4, "the reference stands for U+0000, which XML cannot carry"},
		{"a less-than sign", "<a>x < y</a>", 5, "a < that begins no element: write &lt;"},
		{"two less-than signs", "<<a/>", 0, "one < too many: remove it, or write &lt;"},
		{"white space behind a less-than sign", "<a>< b/></a>", 3, "remove the white space behind <"},
		{"white space in an end tag", "<a></ a>", 3, "the name of an element must follow </ at once"},
		{"the end of a CDATA section", "<a>x]]></a>", 7, "write ]]&gt; for ]]>"},
		{"two hyphens in a comment", "<a><!-- b -- c --></a>", 13, "a comment may not hold --"},
		{"a name that is none", "<1/>", 2, `"1" is not the name of an element or attribute`},
		{"a comment without an end", "<a><!-- x", 3, "the comment that begins here never ends: --> is missing"},
		{"a CDATA section without an end", "<a><![CDATA[x", 3, "the CDATA section that begins here never ends: ]]> is missing"},
		{"an instruction without an end", "<?a <b/>", 0, "the instruction that begins here never ends: ?> is missing"},
		{"a declaration without an end", "<!a", 0, "the <! that begins here never ends: > is missing"},
		{"a tag without an end", "<a>x</a", 4, "the tag that begins here never ends: > is missing"},
		{"a quote without an end", `<a b="c`, 5, "the quote that begins here is never closed"},
		{"a quote that another tag ends", `<a b="c></a>`, 5, "the quote that begins here is not closed before the next <: close it, or write &lt; for <"},
		{"a tag that another one ends", "<a>\n<b*</b></a>", 4, "the tag <b* does not end before the next <: > is missing"},
		{"an end tag that another one ends", "<a><b>x</b</a>", 7, "the tag </b must end with > at once"},
		{"curly quotes", "<a b=“c”/>", 5, "a curly quote “ (U+201C) stands in a tag: write a double quote (\")"},
		{"a no-break space in a tag", "<a\u00a0b='c'/>", 2, "a no-break space (U+00A0) stands in a tag: write a plain space"},
		{"a value without quotes", "<a b=c/>", 6, "the value of an attribute must stand in double quotes"},
		{"an attribute without a value", "<a b/>", 5, `an attribute of <a has no value: write name="value", or > where the tag ends`},
		{"a slash before the end of a tag", "<a / >", 5, "> must follow / at once in <a"},
		{"an address as a tag", "<a><https://b.example></a>", 3, "an address stands between < and >: write it without them"},
		{"an element that is not closed", "<a>\n<b>x</a>", 8, "<b> of line 2 is not closed before this </a>: add </b>"},
		{"an end tag in other letters", "<a><B></b></a>", 6, "</b> does not end <B> of line 1: the letters differ in case, write both alike"},
		{"a start tag in the place of an end tag", "<a>\n<b>x<b>\n</a>", 8, "<b> stands inside of another <b>: perhaps it is to be </b>"},
		{"an end tag of nothing", "</a>", 0, "</a> ends nothing: no element is open, remove it"},
		{"elements that are open at the end", "<a>\n<b>\n<c>", 11, "the document ends too early: <c> of line 3 and <b> of line 2 and <a> of line 1 are never closed, add </c></b></a>"},
		{"a sixth element that is open at the end", "<a><b><c><d><e><f>", 18, "the document ends too early: <f> of line 1 and <e> of line 1 and <d> of line 1 and <c> of line 1 are never closed, add </f></e></d></c>…"},
		{"a prefix that is not declared", "<s:a/>", 0, `the prefix s: is not declared: remove it, or add xmlns:s="…" to the root`},
		{"text before the root", "Here:\n<a/>", 0, `the text "Here:" stands before the root element: remove it`},
		{"a character that is not seen behind the root", "<a/>\u200b", 4, "a zero-width space (U+200B) stands behind the root element: remove it"},
		{"a blank line before the declaration", "\n<?xml version='1.0'?><a/>", 1, "white space stands before the XML declaration: it must be the very first"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := read(row.text)
			require.Equal(t, &Error{NotWellFormed, row.offset, row.message}, err)
		})
	}
}

func TestMessagesAreShort(t *testing.T) {
	long := strings.Repeat("n", 10_000)
	for _, text := range []string{"<" + long, "<" + long + ">", "<" + long + "></b>", "<a></" + long + ">", "<a>&" + long + ";</a>", "<" + long + ":b/>",
		"<a/>" + long, "<a/><" + long + "/>", "<a " + long + "='' " + long + "=''/>", "<a " + long + "/>", `<?xml version="1.0" encoding="` + long + `"?><a/>`} {
		_, err := read(text)
		require.Less(t, len(err.Message), 600)
	}
}

func numbered(format string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}

func TestTextsThatAreFine(t *testing.T) {
	for _, row := range []struct{ name, text string }{
		{"an instruction of a name alone", "<?p?><a/>"},
		{"an instruction with a blank and question marks", "<?p ??q???><a/>"},
		{"a depth of 64", strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64)},
		{"64 attributes", "<a" + numbered(` b%d=""`, 64) + "/>"},
		{"64 prefixes in scope, those of siblings not counted", "<a" + numbered(` xmlns:b%d="u"`, 63) + `><c xmlns:d="u"/><c xmlns:d="v"/></a>`},
		{"each kind of blank between two attributes", "<a b=''\tc=''\nd=''\re='' f=''/>"},
		{"the prefix xml declared as what it is", `<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:b=""/>`},
		{"a prefix of the root behind a child that has ended", `<a xmlns:p="u"><b xmlns:q="v"></b><p:c/></a>`},
		{"a prefix of the root, declared anew in a child that has ended", `<a xmlns:p="u"><b xmlns:p="v"/><p:c/></a>`},
		{"one local name in two namespaces, of which one is that of a sibling that is gone", `<a xmlns:p="u"><b xmlns:q="v" p:d="" q:d=""/><c xmlns:q="w" p:d="" q:d=""/></a>`},
		{"two namespaces, of which one has a line feed and one a line end", "<a xmlns:p='u&#10;v' xmlns:q='u\nv' p:b='' q:b=''/>"},
		{"two namespaces, of which one has a tab and one what is written as a tab", "<a xmlns:p='u\tv' xmlns:q='u&#x9;v' p:b='' q:b=''/>"},
		{"two namespaces, of which one has a carriage return and one a line end", "<a xmlns:p='u&#13;v' xmlns:q='u\rv' p:b='' q:b=''/>"},
		{"two namespaces, of which one has one space and one has two", "<a xmlns:p='u\r\nv' xmlns:q='u\n\nv' p:b='' q:b=''/>"},
		{"a namespace named like the empty one of attributes without a prefix", `<a xmlns:p=" " p:b="" b=""/>`},
		{"the first and the last character of each plane", "<a>\U00010000\U0010FFFF&#x10000;&#x10FFFF;</a>"},
		{"a reference with very many zeros", "<a>&#" + strings.Repeat("0", 10_000) + "65;</a>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := read(row.text)
			require.Nil(t, err)
		})
	}
}

func TestLocalNamesBeginAsNamesDo(t *testing.T) {
	begins := func(name string) bool {
		_, err := xml.NewDecoder(strings.NewReader("<" + name + "/>")).RawToken()
		return err == nil
	}
	judged := 0
	for c := rune(0x21); c <= utf8.MaxRune; c++ {
		name := string(c)
		if !utf8.ValidRune(c) || strings.ContainsRune(`/><="'?!`, c) || !begins("a"+name) {
			continue // no character of names, with which encoding/xml has finished before
		}
		require.Equal(t, begins(name) && c != ':', isQualified(xml.Name{Local: name}), "%U", c)
		judged++
	}
	require.Greater(t, judged, 10_000)
}

func TestAnErrorNamesItsByte(t *testing.T) {
	_, err := read("<a>")
	require.EqualError(t, err, "the document ends too early: <a> of line 1 is never closed, add </a> at byte 3")
}

// TestTheWorkIsLinear counts comparisons of names in texts built to take many: all
// else that is done takes a fixed number of passes over the text.
func TestTheWorkIsLinear(t *testing.T) {
	fill := func(head, piece, tail string, size int) string {
		return head + strings.Repeat(piece, max(1, (size-len(head)-len(tail))/len(piece))) + tail
	}
	for _, row := range []struct {
		name string
		text func(size int) string
	}{
		{"a long namespace and many attributes in it", func(n int) string {
			return fill("<a xmlns:p='"+strings.Repeat("u", n/2)+"'>", "<b"+numbered(" p:a%d=''", 64)+"/>", "</a>", n)
		}},
		{"many long namespaces of one beginning", func(n int) string {
			return fill("<a"+numbered(" xmlns:p%d='"+strings.Repeat("u", n/200)+"%[1]d'", 63)+">", "<b xmlns:q='"+strings.Repeat("u", n/200)+"'/>", "</a>", n)
		}},
		{"many prefixes, and the first of them used", func(n int) string {
			return fill("<a"+numbered(" xmlns:p%d='u%[1]d'", 64)+">", "<p0:b/>", "</a>", n)
		}},
		{"many prefixes, and the first of them used by attributes", func(n int) string {
			return fill("<a"+numbered(" xmlns:p%d='u%[1]d'", 64)+">", "<b p0:c='' p0:d=''/>", "</a>", n)
		}},
		{"many attributes of long names of one length", func(n int) string {
			return "<a" + numbered(" "+strings.Repeat("b", n/70)+"%02d=''", 64) + "/>"
		}},
		{"many short attributes", func(n int) string { return fill("<a>", "<b"+numbered(" a%d=''", 64)+"/>", "</a>", n) }},
		{"a deep nest again and again", func(n int) string {
			return fill("<a>", strings.Repeat("<b xmlns:p='u'>", 60)+strings.Repeat("</b>", 60), "</a>", n)
		}},
		{"small elements", func(n int) string { return fill("<a>", "<b/>", "</a>", n) }},
		{"small instructions", func(n int) string { return fill("<a>", "<?b?>", "</a>", n) }},
		{"references", func(n int) string { return fill("<a>", "&#65;", "</a>", n) }},
		{"long references", func(n int) string { return fill("<a>&#", "0", "65;</a>", n) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			const size = 32 << 10
			once, twice := steps(t, row.text(size)), steps(t, row.text(2*size))
			require.LessOrEqual(t, once, 32*size)
			require.LessOrEqual(t, twice, 2*once+once/4+100)
		})
	}
}

// steps returns how many comparisons of names a text takes.
func steps(t *testing.T, text string) int {
	t.Helper()
	r := NewReader([]byte(text))
	for {
		_, err := r.Next()
		if err == io.EOF {
			return r.prefixes.steps
		}
		require.NoError(t, err)
	}
}
