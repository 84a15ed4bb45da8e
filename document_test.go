package s3cors_test

import (
	"bytes"
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
			require.Empty(t, s3cors.ReadDocument([]byte(row.document)).Problems())
		})
	}
	for _, row := range []struct {
		name, document string
		want           told
	}{
		{"a string is no configuration, and read as XML", `"a"`, malformed(1, 1, outsideRoot)},
		{"two byte order marks are not skipped", "\ufeff\ufeff[]", malformed(1, 1, outsideRoot)},
		{"a blank before a byte order mark is not skipped", " \ufeff[]", malformed(1, 1, outsideRoot)},
		{"a form feed is not skipped", "\f[]", malformed(1, 1, illegalCharacters)},
		{"a brace that XML follows is JSON", "{" + smallest, malformed(1, 2, "not JSON: invalid character '<' looking for beginning of object key string")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want) })
	}
}

func TestJSONIsNotXMLNorTheOtherWayRound(t *testing.T) {
	_, err := s3cors.ParseXML([]byte(smallestJSON))
	require.Empty(t, cmp.Diff([]told{malformed(1, 1, outsideRoot)}, tell(err)))
	_, err = s3cors.ParseJSON([]byte(smallest))
	require.Empty(t, cmp.Diff([]told{malformed(1, 1, "not JSON: invalid character '<' looking for beginning of value")}, tell(err)))
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
	d := s3cors.ReadDocument([]byte(row.document))
	require.Empty(t, d.Problems())
	for path, want := range row.want {
		line, column, ok := d.Position(path)
		require.True(t, ok, path)
		require.Equal(t, want, [2]int{line, column}, path)
	}
}

func TestPathsWithoutAPosition(t *testing.T) {
	d := s3cors.ReadDocument([]byte(smallest))
	for _, path := range []string{
		"", "CORSRules[1]", "CORSRules[0].ID", "CORSRules[0].AllowedOrigins[1]", "CORSRules[0].AllowedHeaders",
		"CORSRules[0].MaxAgeSeconds", "CORSRules[-1]", "CORSRules[00]", "CORSRules[0", "CORSRules[]", "CORSRules[x]", "CORSRules[0]x",
		"CORSRules[0].", "CORSRules[0].AllowedOrigin", "CORSRules[0].AllowedOrigins[0", "CORSRules[0].AllowedOrigins[]",
		"CORSRules[0].AllowedOrigins[+0]", "CORSRules[0].AllowedOrigins[0]]", "CORSRules[0].AllowedOrigins[0].x", "CORSRules[0].ID[0]",
		"corsrules[0]", "CORSConfiguration.CORSRules", "CORSRules[9999999999999999999]", "AllowedOrigins", "CORSRules[0]AllowedOrigins[0]",
	} {
		t.Run(path, func(t *testing.T) {
			line, column, ok := d.Position(path)
			require.False(t, ok)
			require.Equal(t, [2]int{0, 0}, [2]int{line, column})
		})
	}
}

func TestProblemsStandWhereTheirMembersDo(t *testing.T) {
	requireTold(t, "<CORSConfiguration>\r\n\t<CORSRule>\r\n\t\t<ID>é</ID><AllowedOrigin>😀**</AllowedOrigin>\r\n<AllowedMethod> GET</AllowedMethod>\r\n"+
		"<AllowedHeader>a b</AllowedHeader><ExposeHeader>*</ExposeHeader></CORSRule></CORSConfiguration>",
		bad(3, 28, "CORSRules[0].AllowedOrigins[0]", oneStar, `AllowedOrigin "😀**" can not have more than one wildcard.`),
		bad(4, 16, "CORSRules[0].AllowedMethods[0]", "methods are compared letter for letter: write GET", unsupported+" GET"),
		bad(5, 16, "CORSRules[0].AllowedHeaders[0]", noHeaderName, `AllowedHeader "a b" contains invalid character.`),
		bad(5, 49, "CORSRules[0].ExposeHeaders[0]", fullNames, `ExposeHeader "*" contains wildcard. We currently do not support wildcard for ExposeHeader.`))
	requireTold(t, "[{\r\n\t\"AllowedOrigins\" : [ \"é\",\t\"**\" ],\r\n\"AllowedMethods\":[\r\n\"GET\"\r\n,\"get\"]}]",
		bad(2, 28, "CORSRules[0].AllowedOrigins[1]", oneStar, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(5, 2, "CORSRules[0].AllowedMethods[1]", "methods are compared letter for letter: write GET", unsupported+"get"))
}

func TestStructureIsToldBeforeValuesAndInDocumentOrder(t *testing.T) {
	requireTold(t, "<CORSConfiguration>\n<CORSRule><AllowedMethod>x</AllowedMethod><AllowedOrigin>**</AllowedOrigin></CORSRule>\n"+
		"<Foo/>\n<CORSRule><Bar/>\n<MaxAgeSeconds>y</MaxAgeSeconds></CORSRule>\n</CORSConfiguration>",
		told{Line: 3, Column: 1, Path: "Foo", Code: "MalformedXML", Detail: `unknown element "Foo"`},
		structural(4, 1, "CORSRules[1].AllowedOrigins", needsOrigin),
		structural(4, 1, "CORSRules[1].AllowedMethods", needsMethod),
		told{Line: 4, Column: 11, Path: "CORSRules[1].Bar", Code: "MalformedXML", Detail: `unknown element "Bar"`},
		structural(5, 16, "CORSRules[1].MaxAgeSeconds", `"y" is not a whole number of 64 bits`),
		bad(2, 58, "CORSRules[0].AllowedOrigins[0]", oneStar, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(2, 26, "CORSRules[0].AllowedMethods[0]", "the methods to choose from are GET, PUT, POST, DELETE and HEAD", unsupported+"x"))
	requireTold(t, "[{\"AllowedMethods\": [\"x\"], \"AllowedOrigins\": [\"**\"]},\n{\"Foo\": 1, \"AllowedMethods\": [1]}]",
		structural(2, 1, "CORSRules[1].AllowedOrigins", needsOrigin),
		told{Line: 2, Column: 2, Path: "CORSRules[1].Foo", Code: "MalformedXML", Detail: `unknown key "Foo"`},
		structural(2, 31, "CORSRules[1].AllowedMethods[0]", "this is a number where a string must stand"),
		bad(1, 47, "CORSRules[0].AllowedOrigins[0]", oneStar, `AllowedOrigin "**" can not have more than one wildcard.`),
		bad(1, 22, "CORSRules[0].AllowedMethods[0]", "the methods to choose from are GET, PUT, POST, DELETE and HEAD", unsupported+"x"))
}

func TestTooManyRulesStandAtTheirList(t *testing.T) {
	const rule = `{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}`
	want := bad(1, 15, "CORSRules", "there are 101 rules, and 100 are allowed", "The number of CORS rules should not exceed allowed limit of 100 rules.")
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
		{"nothing of what is not XML", "<a>", &s3cors.Configuration{}},
		{"nothing of what is not JSON", "[", &s3cors.Configuration{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := s3cors.ReadDocument([]byte(row.document))
			require.NotEmpty(t, d.Problems())
			require.Empty(t, cmp.Diff(row.want, d.Configuration(), equateEmpty))
		})
	}
}

func TestADocumentDoesNotKeepItsData(t *testing.T) {
	data := []byte("<CORSConfiguration>\n<CORSRule><AllowedOrigin>a</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>")
	d := s3cors.ReadDocument(data)
	copy(data, bytes.Repeat([]byte("\n"), len(data)))
	line, column, ok := d.Position("CORSRules[0].AllowedOrigins[0]")
	require.Equal(t, []any{2, 26, true}, []any{line, column, ok})
	require.Equal(t, []string{"a"}, d.Configuration().CORSRules[0].AllowedOrigins)
}

func TestParsingDoesNotChangeItsData(t *testing.T) {
	for _, v := range documentVectors(t) {
		data := bytes.Clone(v.Document)
		_, _ = s3cors.Parse(data)
		s3cors.ReadDocument(data)
		require.Equal(t, v.Document, data, v.ID)
	}
}
