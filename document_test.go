//go:build go1.26

package s3cors_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

func TestXMLAndJSONAreToldApart(t *testing.T) {
	for _, row := range []struct{ name, document, code string }{
		{"a brace begins JSON", `{"CORSRules": ` + smallestJSON + `}`, ""},
		{"a bracket begins JSON", smallestJSON, ""},
		{"blanks and a byte order mark are skipped before JSON", "\ufeff\t\r\n " + smallestJSON, ""},
		{"a less-than sign begins XML", smallest, ""},
		{"blanks and a byte order mark are skipped before XML", "\ufeff\t\r\n " + smallest, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := s3cors.Parse([]byte(row.document))
			require.NoError(t, err)
			require.Equal(t, []string{"a"}, c.CORSRules[0].AllowedOrigins)
			require.Empty(t, s3cors.ParseDocument([]byte(row.document)).Problems())
		})
	}
	for _, row := range []struct {
		name, document string
		want           told
	}{
		{"a string is no configuration, and read as XML", `"a"`, malformed(1, 1, `this is a single JSON value: a configuration is {"CORSRules": […]} or an array of rules`)},
		{"two byte order marks are not skipped", "\ufeff\ufeff[]", malformed(1, 1, "a byte order mark (U+FEFF) stands before the document: remove it")},
		{"a blank before a byte order mark is not skipped", " \ufeff[]", malformed(1, 2, "a byte order mark (U+FEFF) stands before the document: remove it")},
		{"a form feed is not skipped", "\f[]", malformed(1, 1, "a form feed stands before the document: remove it")},
		{"a brace that XML follows is JSON", "{" + smallest, malformed(1, 2, "XML stands inside of JSON: write one of them alone")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want) })
	}
}

func TestJSONIsNotXMLNorTheOtherWayRound(t *testing.T) {
	_, err := s3cors.ParseXML([]byte(smallestJSON))
	require.Empty(t, cmp.Diff([]told{malformed(1, 1, "this is JSON where XML must stand")}, tell(err)))
	_, err = s3cors.ParseJSON([]byte(smallest))
	require.Empty(t, cmp.Diff([]told{malformed(1, 1, "this is XML where JSON must stand")}, tell(err)))
}

// positioned is a document in which every member stands once, and where.
type positioned struct {
	name, document string
	want           map[string][2]int
}

func TestPositions(t *testing.T) {
	for _, row := range []positioned{
		{"in XML", "<CORSConfiguration>\n  <CORSRule><ID>x</ID>\n\t<AllowedOrigin>a</AllowedOrigin><AllowedOrigin>b</AllowedOrigin>\n" +
			"<AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>1</MaxAgeSeconds>\n<AllowedHeader>*</AllowedHeader><ExposeHeader>y</ExposeHeader></CORSRule></CORSConfiguration>",
			map[string][2]int{
				"CORSConfiguration": {1, 1}, "CORSRules[0]": {2, 3}, "CORSRules[0].ID": {2, 17},
				"CORSRules[0].AllowedOrigins[0]": {3, 17}, "CORSRules[0].AllowedOrigins[1]": {3, 49}, "CORSRules[0].AllowedOrigins": {3, 17},
				"CORSRules[0].AllowedMethods[0]": {4, 16}, "CORSRules[0].MaxAgeSeconds": {4, 50},
				"CORSRules[0].AllowedHeaders[0]": {5, 16}, "CORSRules[0].ExposeHeaders[0]": {5, 47},
			}},
		{"in JSON", "{\"CORSRules\":\n [{\"ID\": \"x\",\n\t\"AllowedOrigins\": [\"a\", \"b\"],\n\"AllowedMethods\": [\"GET\"], \"MaxAgeSeconds\" : 1,\n" +
			"\"AllowedHeaders\": [ \"*\"], \"ExposeHeaders\": [\n\"y\"]}]}",
			map[string][2]int{
				"CORSConfiguration": {1, 1}, "CORSRules": {2, 2}, "CORSRules[0]": {2, 3}, "CORSRules[0].ID": {2, 10},
				"CORSRules[0].AllowedOrigins[0]": {3, 21}, "CORSRules[0].AllowedOrigins[1]": {3, 26}, "CORSRules[0].AllowedOrigins": {3, 21},
				"CORSRules[0].AllowedMethods[0]": {4, 20}, "CORSRules[0].MaxAgeSeconds": {4, 46},
				"CORSRules[0].AllowedHeaders[0]": {5, 21}, "CORSRules[0].ExposeHeaders[0]": {6, 1},
			}},
		{"behind characters of several bytes in XML", "<CORSConfiguration><!-- é😀\u0301 --><CORSRule><AllowedOrigin>😀</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSRules[0]": {1, 32}, "CORSRules[0].AllowedOrigins[0]": {1, 57}, "CORSRules[0].AllowedMethods[0]": {1, 89}}},
		{"behind characters of several bytes in JSON", `[{"ID":"é😀", "AllowedOrigins":["😀","b"],"AllowedMethods":["GET"]}]`,
			map[string][2]int{"CORSRules[0].ID": {1, 8}, "CORSRules[0].AllowedOrigins[0]": {1, 32}, "CORSRules[0].AllowedOrigins[1]": {1, 36}}},
		{"behind tabs, each a column", "<CORSConfiguration>\n\t\t<CORSRule><AllowedOrigin>\ta</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSRules[0]": {2, 3}, "CORSRules[0].AllowedOrigins[0]": {2, 28}}},
		{"with lines that end in CR and LF", "<CORSConfiguration>\r\n\r\n<CORSRule>\r\n<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>\r\n",
			map[string][2]int{"CORSRules[0]": {3, 1}, "CORSRules[0].AllowedOrigins[0]": {4, 16}}},
		{"behind a byte order mark in XML, which is no column", "\ufeff<CORSConfiguration><CORSRule>\n<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSConfiguration": {1, 1}, "CORSRules[0]": {1, 20}, "CORSRules[0].AllowedOrigins[0]": {2, 16}}},
		{"behind a byte order mark in JSON", "\ufeff" + smallestJSON,
			map[string][2]int{"CORSConfiguration": {1, 1}, "CORSRules": {1, 1}, "CORSRules[0]": {1, 2}, "CORSRules[0].AllowedOrigins[0]": {1, 21}}},
		{"of an empty list, at its brackets", `[{"AllowedHeaders": [ ], "AllowedOrigins":["a"],"AllowedMethods":["GET"]}]`,
			map[string][2]int{"CORSRules[0].AllowedHeaders": {1, 21}}},
		{"of empty elements, whose text would begin behind the tag", "<CORSConfiguration><CORSRule><ID></ID><AllowedOrigin/><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSRules[0].ID": {1, 34}, "CORSRules[0].AllowedOrigins[0]": {1, 55}}},
		{"on a long line", "<CORSConfiguration><CORSRule><ID>" + strings.Repeat("é", 10000) + "</ID><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSRules[0].ID": {1, 34}, "CORSRules[0].AllowedOrigins[0]": {1, 10054}}},
		{"behind many lines", "<CORSConfiguration>" + strings.Repeat("<!--é-->\n", 1000) + "<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			map[string][2]int{"CORSRules[0]": {1001, 1}, "CORSRules[0].AllowedOrigins[0]": {1001, 26}}},
	} {
		t.Run(row.name, func(t *testing.T) { requirePositions(t, row) })
	}
}

func requirePositions(t *testing.T, row positioned) {
	t.Helper()
	d := s3cors.ParseDocument([]byte(row.document))
	require.Empty(t, d.Problems())
	for path, want := range row.want {
		start, _, ok := d.Position(path)
		require.True(t, ok, path)
		require.Equal(t, want, [2]int{start.Line, start.Column}, path)
	}
}

func TestPathsWithoutAPosition(t *testing.T) {
	d := s3cors.ParseDocument([]byte(smallest))
	for _, path := range []string{
		"", "CORSRules[1]", "CORSRules[0].ID", "CORSRules[0].AllowedOrigins[1]", "CORSRules[0].AllowedHeaders",
		"CORSRules[0].MaxAgeSeconds", "CORSRules[-1]", "CORSRules[00]", "CORSRules[0", "CORSRules[]", "CORSRules[x]", "CORSRules[0]x",
		"CORSRules[0].", "CORSRules[0].AllowedOrigin", "CORSRules[0].AllowedOrigins[0", "CORSRules[0].AllowedOrigins[]",
		"CORSRules[0].AllowedOrigins[+0]", "CORSRules[0].AllowedOrigins[0]]", "CORSRules[0].AllowedOrigins[0].x", "CORSRules[0].ID[0]",
		"corsrules[0]", "CORSConfiguration.CORSRules", "CORSRules[9999999999999999999]", "AllowedOrigins", "CORSRules[0]AllowedOrigins[0]",
	} {
		t.Run(path, func(t *testing.T) {
			start, end, ok := d.Position(path)
			require.False(t, ok)
			require.Equal(t, [2]s3cors.Position{}, [2]s3cors.Position{start, end})
		})
	}
}

func TestAListThatIsNoneHasNoPosition(t *testing.T) {
	for document, path := range map[string]string{
		`{"CORSRules": {}}`: "CORSRules",
		`[{"AllowedOrigins": {}, "AllowedMethods": ["GET"]}]`: "CORSRules[0].AllowedOrigins",
	} {
		_, _, ok := s3cors.ParseDocument([]byte(document)).Position(path)
		require.False(t, ok, document)
	}
}

func TestProblemsNameTheirRowAndTheirRule(t *testing.T) {
	const rule = `"AllowedOrigins":["a"],"AllowedMethods":["GET"]`
	for _, row := range []struct {
		document, want string
		rule           int
	}{
		{"<a", "1.1/not-well-formed", -1},
		{"<a>\x01</a>", "10/illegal-characters", -1},
		{`<?xml version="1.0" encoding="latin1"?><a/>`, "10/encodings", -1},
		{"<!DOCTYPE a><a/>", "10/markup-declarations", -1},
		{strings.Repeat("<a>", 65), "10/parser-bounds", -1},
		{strings.Repeat(" ", 65537), "1.1/body-size", -1},
		{"<CORSRule/>", "1.1/root-element", -1},
		{"<CORSConfiguration/>", "1.1/zero-rules", -1},
		{"<CORSConfiguration><b/><CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", "1.1/unknown-element-in-root", -1},
		{strings.Replace(inRule(""), "<CORSRule>", "x<CORSRule>", 1), "10/text-between-elements", -1},
		{inRule("x"), "10/text-between-elements", 0},
		{inRule("<b/>"), "1.1/unknown-element-in-rule", 0},
		{inRule("<ID><b/></ID>"), "10/element-in-a-value", 0},
		{inRule("<ID/><ID/>"), "1.1/two-ids", 0},
		{inRule("<MaxAgeSeconds>1</MaxAgeSeconds><MaxAgeSeconds/>"), "1.1/two-max-ages", 0},
		{inRule("<MaxAgeSeconds>one</MaxAgeSeconds>"), "1.2/max-age-not-an-integer", 0},
		{inRule("<MaxAgeSeconds> </MaxAgeSeconds>"), "9/max-age-empty", 0},
		{inRule("<MaxAgeSeconds>9223372036854775808</MaxAgeSeconds>"), "9/max-age-range", 0},
		{"<CORSConfiguration><CORSRule><AllowedOrigin>a</AllowedOrigin></CORSRule></CORSConfiguration>", "1.1/no-allowed-method", 0},
		{`[{` + rule + `},{"AllowedMethods":["GET"]}]`, "1.1/no-allowed-origin", 1},
		{`[` + strings.Repeat(`{`+rule+`},`, 100) + `{` + rule + `}]`, "1.1/number-of-rules", -1},
		{inOrigin("**"), "1.2/origin-two-wildcards", 0},
		{inRule("<AllowedHeader>**</AllowedHeader>"), "1.2/allowed-header-two-wildcards", 0},
		{inRule("<AllowedHeader>a b</AllowedHeader>"), "1.2/allowed-header-characters", 0},
		{inRule("<ExposeHeader>*</ExposeHeader>"), "1.2/expose-header-wildcard", 0},
		{inRule("<ExposeHeader>a b</ExposeHeader>"), "1.2/expose-header-characters", 0},
		{inRule("<AllowedMethod>get</AllowedMethod>"), "1.2/method-case", 0},
		{inRule("<AllowedMethod>PATCH</AllowedMethod>"), "1.2/method-names", 0},
		{inRule("<AllowedMethod> GET</AllowedMethod>"), "1.2/method-names", 0},
		{"[", "10/json-syntax", -1},
		{"[\"\xff\"]", "10/json-invalid-utf8", -1},
		{`["\ud800"]`, "10/json-lone-surrogates", -1},
		{strings.Repeat("[", 65) + strings.Repeat("]", 65), "10/parser-bounds", -1},
		{"[" + strings.Repeat(" ", 1<<20), "10/json-input-size", -1},
		{"[" + strings.Repeat("0,", 16384) + "0]", "10/json-input-size", -1},
		{`[{` + rule + `,"ID":"` + strings.Repeat("a", 65536) + `"}]`, "10/size-of-a-configuration", -1},
		{`{"CORSRules":[{` + rule + `}],"a":1}`, "10/json-shape", -1},
		{`{"CORSRules":{}}`, "10/json-shape", -1},
		{`{"CORSRules":null}`, "10/json-null", -1},
		{`{"CORSRules":[{` + rule + `}],"CORSRules":[]}`, "10/json-duplicate-names", -1},
		{`{"CORSRules":[{` + rule + `}],"CORSConfiguration":{}}`, "10/json-nested-object", -1},
		{`[{` + rule + `},1]`, "10/json-shape", 1},
		{`[{` + rule + `,"a":1}]`, "10/json-shape", 0},
		{`[{` + rule + `,"ID":"","ID":""}]`, "10/json-duplicate-names", 0},
		{`[{` + rule + `,"ID":null}]`, "10/json-null", 0},
		{`[{` + rule + `,"ID":1}]`, "10/json-shape", 0},
		{`[{` + rule + `,"MaxAgeSeconds":null}]`, "10/json-null", 0},
		{`[{` + rule + `,"MaxAgeSeconds":"1"}]`, "10/json-max-age", 0},
		{`[{` + rule + `,"MaxAgeSeconds":1.0}]`, "10/json-max-age", 0},
		{`[{` + rule + `,"MaxAgeSeconds":9223372036854775808}]`, "9/max-age-range", 0},
		{`[{` + rule + `,"ID":"\u0001"}]`, "10/unfit-characters", 0},
	} {
		t.Run(row.want+" "+row.document[:min(len(row.document), 40)], func(t *testing.T) {
			problems := s3cors.ParseDocument([]byte(row.document)).Problems()
			require.Len(t, problems, 1)
			require.Equal(t, row.want, problems[0].Row)
			require.Equal(t, row.rule, problems[0].Rule)
			require.True(t, slices.ContainsFunc(docRows(t), func(r docRow) bool { return r.id == row.want }))
		})
	}
}

func TestMembersAndProblemsHaveAnEnd(t *testing.T) {
	for _, row := range []struct{ name, document, path, want string }{
		{"the text of a value in XML", inOrigin("é<!-- -->&amp;"), "CORSRules[0].AllowedOrigins[0]", "1:45-1:59 é<!-- -->&amp;"},
		{"nothing of an empty element", inOrigin("") + "", "CORSRules[0].AllowedOrigins[0]", "1:45-1:45 "},
		{"the whole of a rule in XML", "\ufeff<CORSConfiguration> <CORSRule>\n<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule >\n</CORSConfiguration>\n",
			"CORSRules[0]", "1:21-2:79 <CORSRule>\n<AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule >"},
		{"the whole of a document", " \n<CORSConfiguration>\n<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>\n ",
			"CORSConfiguration", "2:1-3:108 <CORSConfiguration>\n<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>"},
		{"a literal in JSON, with its quotes", `[{"AllowedOrigins": [ "é" ], "AllowedMethods": ["GET"], "MaxAgeSeconds": -1}]`, "CORSRules[0].AllowedOrigins[0]", `1:23-1:26 "é"`},
		{"a number in JSON", `[{"AllowedOrigins": ["é"], "AllowedMethods": ["GET"], "MaxAgeSeconds": -1}]`, "CORSRules[0].MaxAgeSeconds", "1:72-1:74 -1"},
		{"a rule in JSON", "[\n" + `{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}` + "\n]", "CORSRules[0]", `2:1-2:50 {"AllowedOrigins":["a"],"AllowedMethods":["GET"]}`},
		{"an unknown element, by its start tag", inRule("<Foo>x</Foo>"), "", "3:1-3:6 <Foo>"},
		{"an unknown key, by its name", `[{"Foo": 1, "AllowedOrigins":["a"],"AllowedMethods":["GET"]}]`, "", `1:3-1:8 "Foo"`},
		{"a missing member, by its rule", "<CORSConfiguration><CORSRule><AllowedOrigin>a</AllowedOrigin></CORSRule></CORSConfiguration>", "",
			"1:20-1:73 <CORSRule><AllowedOrigin>a</AllowedOrigin></CORSRule>"},
		{"text between elements, without the white space around it", inRule(" \t foo bar \n"), "", "3:4-3:11 foo bar"},
		{"a tilde at either end of text between elements", inRule(" ~x~ "), "", "3:2-3:5 ~x~"},
		{"the one character at which a document stops being XML", inOrigin("a\x01"), "", "1:46-1:47 \x01"},
		{"a character of four bytes at which it does", "[😀]", "", "1:2-1:3 😀"},
		{"nothing at the end of a document", "[", "", "1:2-1:2 "},
		{"a bad value", inOrigin("**"), "", "1:45-1:47 **"},
		{"a second element", inRule("<ID/><ID>x</ID>"), "", "3:6-3:10 <ID>"},
		{"a number that is none", inRule("<MaxAgeSeconds> x </MaxAgeSeconds>"), "", "3:16-3:19  x "},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := s3cors.ParseDocument([]byte(row.document))
			start, end, ok := d.Position(row.path)
			if row.path == "" {
				require.Len(t, d.Problems(), 1)
				start, end, ok = d.Problems()[0].Start, d.Problems()[0].End, true
			}
			require.True(t, ok)
			require.Equal(t, row.want, fmt.Sprintf("%d:%d-%d:%d %s", start.Line, start.Column, end.Line, end.Column, row.document[start.Offset:end.Offset]))
		})
	}
}

func TestProblemsStandWhereTheirMembersDo(t *testing.T) {
	requireTold(t, "<CORSConfiguration>\r\n\t<CORSRule>\r\n\t\t<ID>é</ID><AllowedOrigin>😀**</AllowedOrigin>\r\n<AllowedMethod> GET</AllowedMethod>\r\n"+
		"<AllowedHeader>a b</AllowedHeader><ExposeHeader>*</ExposeHeader></CORSRule></CORSConfiguration>",
		bad(3, 28, "CORSRules[0].AllowedOrigins[0]", oneStar+": write <AllowedOrigin>😀*</AllowedOrigin>", `AllowedOrigin "😀**" can not have more than one wildcard.`),
		bad(4, 16, "CORSRules[0].AllowedMethods[0]", `" GET" begins with a space: write GET`, unsupported+" GET"),
		bad(5, 16, "CORSRules[0].AllowedHeaders[0]", "several values stand in one: split it into two, <AllowedHeader>a</AllowedHeader><AllowedHeader>b</AllowedHeader>", `AllowedHeader "a b" contains invalid character.`),
		bad(5, 49, "CORSRules[0].ExposeHeaders[0]", fullNames, `ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.`))
	requireTold(t, "[{\r\n\t\"AllowedOrigins\" : [ \"é\",\t\"**\" ],\r\n\"AllowedMethods\":[\r\n\"GET\"\r\n,\"get\"]}]",
		bad(2, 28, "CORSRules[0].AllowedOrigins[1]", oneStar+`: write "*"`, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(5, 2, "CORSRules[0].AllowedMethods[1]", "methods are compared letter for letter: write GET", unsupported+"get"))
}

func TestStructureIsToldBeforeValuesAndInDocumentOrder(t *testing.T) {
	requireTold(t, "<CORSConfiguration>\n<CORSRule><AllowedMethod>x</AllowedMethod><AllowedOrigin>**</AllowedOrigin></CORSRule>\n"+
		"<Foo/>\n<CORSRule><Bar/>\n<MaxAgeSeconds>y</MaxAgeSeconds></CORSRule>\n</CORSConfiguration>",
		told{Line: 3, Column: 1, Path: "Foo", Code: "MalformedXML", Detail: "a configuration has no <Foo>: remove it"},
		structural(4, 1, "CORSRules[1].AllowedOrigins", needsOrigin),
		structural(4, 1, "CORSRules[1].AllowedMethods", needsMethod),
		told{Line: 4, Column: 11, Path: "CORSRules[1].Bar", Code: "MalformedXML", Detail: "a rule has no <Bar>: remove it"},
		structural(5, 16, "CORSRules[1].MaxAgeSeconds", `"y" is not a whole number of 64 bits: write a number of seconds, such as 3600`),
		bad(2, 58, "CORSRules[0].AllowedOrigins[0]", twoStars, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(2, 26, "CORSRules[0].AllowedMethods[0]", `"x" is no method of S3: the methods to list are GET, PUT, POST, DELETE and HEAD`, unsupported+"x"))
	requireTold(t, "[{\"AllowedMethods\": [\"x\"], \"AllowedOrigins\": [\"**\"]},\n{\"Foo\": 1, \"AllowedMethods\": [1]}]",
		structural(2, 1, "CORSRules[1].AllowedOrigins", needsOrigins),
		told{Line: 2, Column: 2, Path: "CORSRules[1].Foo", Code: "MalformedXML", Detail: `a rule has no "Foo": remove it`},
		structural(2, 31, "CORSRules[1].AllowedMethods[0]", "this is a number where a string must stand: put it in double quotes"),
		bad(1, 47, "CORSRules[0].AllowedOrigins[0]", oneStar+`: write "*"`, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(1, 22, "CORSRules[0].AllowedMethods[0]", `"x" is no method of S3: the methods to list are GET, PUT, POST, DELETE and HEAD`, unsupported+"x"))
}

func TestTooManyRulesStandAtTheirList(t *testing.T) {
	const rule = `{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}`
	want := bad(1, 15, "CORSRules", "there are 101 rules, and 100 are allowed: join rules that differ in their origins alone", "The number of CORS rules should not exceed allowed limit of 100 rules.")
	requireTold(t, `{"CORSRules": [`+strings.Repeat(rule+",", 100)+rule+`]}`, want)
	want.Column = 1
	requireTold(t, "<CORSConfiguration>"+strings.Repeat("<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>", 101)+"</CORSConfiguration>", want)
}

func TestADocumentHoldsWhatCouldBeRead(t *testing.T) {
	for _, row := range []struct {
		name, document string
		want           *s3cors.Configuration
	}{
		{"of XML with unknown, second and unreadable members", inRule("<Foo>x</Foo><ID>first</ID><ID>second</ID><MaxAgeSeconds>x</MaxAgeSeconds>"),
			&s3cors.Configuration{CORSRules: []s3cors.Rule{{ID: new("first"), AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}},
		{"of JSON, where indexes stay those of the document", `[{"ID": 5, "AllowedOrigins": ["a", 1, "b"], "AllowedMethods": "GET", "MaxAgeSeconds": 1}, null]`,
			&s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a", "", "b"}, MaxAgeSeconds: new(int64(1))}, {}}}},
		{"of XML whose number is none, with what comes behind it", inRule("<MaxAgeSeconds>x</MaxAgeSeconds><ID>b</ID>"),
			&s3cors.Configuration{CORSRules: []s3cors.Rule{{ID: new("b"), AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}},
		{"of JSON whose number is none", `[{"AllowedOrigins": ["a"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 1.5}]`,
			&s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}},
		{"of JSON whose number is a string", `[{"AllowedOrigins": ["a"], "AllowedMethods": ["GET"], "MaxAgeSeconds": "1"}]`,
			&s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}},
		{"nothing of what is not XML", "<a>", &s3cors.Configuration{}},
		{"nothing of what is not JSON", "[", &s3cors.Configuration{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := s3cors.ParseDocument([]byte(row.document))
			require.NotEmpty(t, d.Problems())
			require.Empty(t, cmp.Diff(row.want, d.Configuration(), equateEmpty))
		})
	}
}

func TestOfManyProblemsTheFirstHundredAreTold(t *testing.T) {
	for _, row := range []struct {
		name, document string
		more           int
		first, last    told
	}{
		{"elements in a rule, behind what the rule lacks", "<CORSConfiguration><CORSRule>\n" + strings.Repeat("<b/>\n", 200) + "</CORSRule></CORSConfiguration>", 102,
			structural(1, 20, "CORSRules[0].AllowedOrigins", needsOrigin),
			told{Line: 99, Column: 1, Path: "CORSRules[0].b", Code: "MalformedXML", Detail: "a rule has no <b>: remove it"}},
		{"what later rules lack is behind a hundred others", "<CORSConfiguration>\n" + strings.Repeat("<b/>\n", 100) + strings.Repeat("<CORSRule/>", 7) + "</CORSConfiguration>", 14,
			told{Line: 2, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"},
			told{Line: 101, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"}},
		{"values behind structure", "<CORSConfiguration>\n" + strings.Repeat("<CORSRule><AllowedOrigin>**</AllowedOrigin></CORSRule>\n", 60) + "</CORSConfiguration>", 20,
			structural(2, 1, "CORSRules[0].AllowedMethods", needsMethod),
			bad(41, 26, "CORSRules[39].AllowedOrigins[0]", twoStars, `AllowedOrigin "**" can not have more than one wildcard.`)},
		{"values alone", `[{"AllowedMethods":["GET"],"AllowedOrigins":[` + "\n" + strings.Repeat(`"**",`+"\n", 150) + `"a"]}]`, 50,
			bad(2, 1, "CORSRules[0].AllowedOrigins[0]", oneStar+`: write "*"`, `AllowedOrigin "**" can not have more than one wildcard.`),
			bad(101, 1, "CORSRules[0].AllowedOrigins[99]", oneStar+`: write "*"`, `AllowedOrigin "**" can not have more than one wildcard.`)},
		{"a single rule, which is told for where it begins, behind its keys", "{\n" + strings.Repeat("\"b\":0,\n", 100) + `"AllowedOrigins":0}`, 2,
			structural(1, 1, "CORSRules", "this is a single rule; put it into an array: write [ before it, and ] behind it"),
			told{Line: 100, Column: 1, Path: "b", Code: "MalformedXML", Detail: `a configuration has no "b": remove it`}},
		{"elements in the root, none of which is told in the place of another", "<CORSConfiguration>\n" + strings.Repeat("<b/>\n", 150) + smallest[len("<CORSConfiguration>"):], 50,
			told{Line: 2, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"},
			told{Line: 101, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"}},
		{"what a rule lacks, between the last two", "<CORSConfiguration>\n" + strings.Repeat("<b/>\n", 99) + "<CORSRule><c/></CORSRule></CORSConfiguration>", 2,
			told{Line: 2, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"},
			structural(101, 1, "CORSRules[0].AllowedOrigins", needsOrigin)},
		{"a hundred and no more", "<CORSConfiguration>\n" + strings.Repeat("<b/>\n", 99) + "</CORSConfiguration>", 0,
			structural(1, 1, "CORSRules", needsRule),
			told{Line: 100, Column: 1, Path: "b", Code: "MalformedXML", Detail: "a configuration has no <b>: remove it"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := s3cors.ParseDocument([]byte(row.document))
			require.Len(t, d.Problems(), s3cors.MaxProblems)
			require.Equal(t, row.more, d.More())
			all := tell(d.Problems())
			require.Empty(t, cmp.Diff([]told{row.first, row.last}, []told{all[0], all[99]}))
		})
	}
}

func TestValidateTellsTheFirstHundred(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: make([]s3cors.Rule, 101)}
	problems := asProblems(c.Validate())
	require.Len(t, problems, s3cors.MaxProblems)
	require.Equal(t, "CORSRules[49].AllowedMethods", problems[99].Path)
}

func TestADocumentDoesNotKeepItsData(t *testing.T) {
	data := []byte("<CORSConfiguration>\n<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")
	d := s3cors.ParseDocument(data)
	copy(data, bytes.Repeat([]byte("\n"), len(data)))
	start, end, ok := d.Position("CORSRules[0].AllowedOrigins[0]")
	require.Equal(t, []any{2, 26, 2, 27, true}, []any{start.Line, start.Column, end.Line, end.Column, ok})
	require.Equal(t, []string{"a"}, d.Configuration().CORSRules[0].AllowedOrigins)
}

func TestParsingDoesNotChangeItsData(t *testing.T) {
	for _, v := range documentVectors(t) {
		data := bytes.Clone(v.Document)
		_, _ = s3cors.Parse(data)
		s3cors.ParseDocument(data)
		require.Equal(t, v.Document, data, v.ID)
	}
}
