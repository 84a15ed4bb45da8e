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

// smallestJSON is an array that S3's tools accept.
const smallestJSON = `[{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}]`

// inJSONRule is an array of one rule with more members, beginning at line 2.
func inJSONRule(members string) string {
	return "[{\n" + members + ",\n" + `"AllowedOrigins": ["a"], "AllowedMethods": ["GET"]}]`
}

func TestTheShapesOfJSON(t *testing.T) {
	want := &s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID: new("x"), AllowedOrigins: []string{"a", ""}, AllowedMethods: []string{"GET", "PUT"},
		AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: new(int64(-5)),
	}}}
	const rules = `[{"MaxAgeSeconds": -5, "ExposeHeaders": ["ETag"], "AllowedHeaders": ["*"], "AllowedMethods": ["GET","PUT"],
		"AllowedOrigins": ["a", ""], "ID": "x"}]`
	for _, row := range []struct{ name, document string }{
		{"the object of the command line", `{"CORSRules": ` + rules + `}`},
		{"the bare array of the console", rules},
		{"the object that the JavaScript SDK nests", `{"CORSConfiguration": {"CORSRules": ` + rules + `}}`},
		{"a byte order mark before it", "\ufeff" + rules},
		{"blanks around it", " \t\r\n" + rules + " \t\r\n"},
		{"names with escapes", `{"\u0043ORSRules": ` + rules + `}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			for _, parse := range []func([]byte, ...s3cors.Option) (*s3cors.Configuration, error){s3cors.ParseJSON, s3cors.Parse} {
				got, err := parse([]byte(row.document))
				require.NoError(t, err)
				require.Empty(t, cmp.Diff(want, got))
			}
		})
	}
}

func TestJSONThatIsNotJSON(t *testing.T) {
	syntax := func(line, column int, detail string) told { return malformed(line, column, detail) }
	for _, row := range []struct {
		name, document string
		want           told
	}{
		{"text behind the array", smallestJSON + "\n x", syntax(2, 2, "text stands behind the end of the document: remove it")},
		{"a second array", smallestJSON + smallestJSON, syntax(1, 52, "a second document begins here: put both into one array")},
		{"a byte order mark behind the array", smallestJSON + "\ufeff", syntax(1, 52, "a byte order mark (U+FEFF) stands here: remove it")},
		{"a comma behind the last item", `[{},]`, syntax(1, 4, "a comma stands before the closing ]: remove this comma")},
		{"a comma behind the last member", `{"CORSRules": [],}`, syntax(1, 17, "a comma stands before the closing }: remove this comma")},
		{"a comma too few", `[{}` + "\n" + `{}]`, syntax(1, 4, "a comma is missing before this { in line 2")},
		{"a colon too few", `{"CORSRules" []}`, syntax(1, 13, `a colon is missing behind "CORSRules"`)},
		{"an array that is cut off", `[{"ID": "a"}`, syntax(1, 13, "the document ends too early: the [ of line 1 is never closed, add ] at the end")},
		{"a string that is cut off", `["é`, syntax(1, 2, `the string that begins here is never closed: a double quote (") is missing in its line`)},
		{"a name without quotes", `{CORSRules: []}`, syntax(1, 2, `a name must stand in double quotes: write "CORSRules"`)},
		{"single quotes", `['a']`, syntax(1, 2, `a single quote (') stands for a double quote: write "a"`)},
		{"a comment", "[\n// x\n]", syntax(2, 1, "JSON has no comments: remove it")},
		{"a word", `[nil]`, syntax(1, 2, "JSON does not know nil: it writes null")},
		{"NaN", `[{"MaxAgeSeconds": NaN}]`, syntax(1, 20, "JSON does not know NaN: write a number")},
		{"a number with a plus", `[+5]`, syntax(1, 2, "+5 is no number of JSON: write digits alone, such as 3000, or put it in double quotes")},
		{"a number with leading zeros", `[007]`, syntax(1, 2, "007 is no number of JSON: write 7")},
		{"a number in hexadecimal", `[0x10]`, syntax(1, 2, "0x10 is no number of JSON: write digits alone, such as 3000, or put it in double quotes")},
		{"a number that ends with a point", `[1.]`, syntax(1, 2, "1. is no number of JSON: write digits alone, such as 3000, or put it in double quotes")},
		{"a line feed in a string", "[\"a\nb\"]", syntax(1, 2, `the string that begins here is never closed: a double quote (") is missing in its line`)},
		{"NUL in a string", "[\"a\x00\"]", syntax(1, 4, "a NUL (U+0000) stands in a string: remove it")},
		{"NUL between values", "[\x00]", syntax(1, 2, "a NUL (U+0000) stands here: remove it")},
		{"an escape that is none", `["\x41"]`, syntax(1, 3, "\\x means nothing in JSON: write x alone, or \\\\ for a backslash")},
		{"an escape that is cut off", `["\u12"]`, syntax(1, 3, "four hexadecimal digits must follow \\u")},
		{"a no-break space between values", "[\u00a0]", syntax(1, 2, "a no-break space (U+00A0) stands here: write a plain space")},
		{"a vertical tab between values", "[\x0b]", syntax(1, 2, "a vertical tab stands here: remove it")},

		{"half a surrogate pair", "[{\n\"ID\": \"a\\ud800\"}]", syntax(2, 9, "the string holds half a surrogate pair")},
		{"the second half of a pair", `["\udc00"]`, syntax(1, 3, "the string holds half a surrogate pair")},
		{"the halves of a pair in the wrong order", `["\udc00\ud800"]`, syntax(1, 3, "the string holds half a surrogate pair")},
		{"the first half twice", `["\ud83d\ud83d\ude00"]`, syntax(1, 3, "the string holds half a surrogate pair")},
		{"half a pair behind a pair", `["\ud83d\ude00\ude00"]`, syntax(1, 15, "the string holds half a surrogate pair")},
		{"half a pair behind U+FFFD", `["\ufffd�\ud800"]`, syntax(1, 10, "the string holds half a surrogate pair")},
		{"half a pair behind a backslash", `["\\\ud800"]`, syntax(1, 5, "the string holds half a surrogate pair")},
		{"half a pair before a letter that is no escape", `["\ud800u1234"]`, syntax(1, 3, "the string holds half a surrogate pair")},
		{"half a pair in a name", `{"\ud800": 1}`, syntax(1, 3, "the string holds half a surrogate pair")},
		{"half a pair in upper case", `["\uD800"]`, syntax(1, 3, "the string holds half a surrogate pair")},

		{"bytes that are no UTF-8 in a string", "[{\"ID\": \"é\xff\"}]", syntax(1, 11, "the byte 0xFF is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252")},
		{"bytes that are no UTF-8 in a name", "[{\"ID\xc3\": 1}]", syntax(1, 6, "the byte 0xC3 is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252")},
		{"a surrogate in UTF-8", "[\"\xed\xa0\x80\"]", syntax(1, 3, "the byte 0xED is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252")},
		{"an overlong form", "[\"\xc0\xaf\"]", syntax(1, 3, "the byte 0xC0 is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252")},
		{"bytes that are no UTF-8 behind the value", "[]\n\xff", syntax(2, 1, "the byte 0xFF is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252")},

		{"65 arrays in each other", strings.Repeat("[", 65) + strings.Repeat("]", 65), syntax(1, 65, "arrays and objects are nested deeper than 64")},
		{"so many arrays that encoding/json gives up", strings.Repeat("[", 20000), syntax(1, 10001, "arrays and objects are nested too deep")},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want) })
	}
}

func TestTextInJSONIsReadAsItStands(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"nothing", ``, ""},
		{"blanks", ` a `, " a "},
		{"all the escapes", `\"\\\/\t\r\n`, "\"\\/\t\r\n"},
		{"a pair of surrogates", `\ud83d\ude00\uD83D\uDE00`, "😀😀"},
		{"U+FFFD in both ways", `\ufffd�`, "\ufffd\ufffd"},
		{"a backslash before what looks like a surrogate", `\\ud800`, `\ud800`},
		{"characters of four bytes", "😀é", "😀é"},
		{"what HTML would escape", `<&>\u003c`, "<&><"},
		{"a byte order mark inside", "\ufeff", "\ufeff"},
		{"line separators of Unicode", "\u2028\u2029", "\u2028\u2029"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := s3cors.ParseJSON([]byte(inJSONRule(`"ID": "` + row.text + `"`)))
			require.NoError(t, err)
			require.Equal(t, row.want, *c.CORSRules[0].ID)
			requireRoundTrip(t, c)
		})
	}
}

func TestMaxAgeSecondsInJSON(t *testing.T) {
	for _, row := range []struct {
		text string
		want int64
	}{
		{"0", 0}, {"-0", 0}, {"3000", 3000}, {"-1", -1}, {"2147483648", 1 << 31},
		{"9223372036854775807", 1<<63 - 1}, {"-9223372036854775808", -1 << 63},
	} {
		t.Run(row.text+" is a whole number", func(t *testing.T) {
			c, err := s3cors.ParseJSON([]byte(inJSONRule(`"MaxAgeSeconds": ` + row.text)))
			require.NoError(t, err)
			require.Equal(t, &row.want, c.CORSRules[0].MaxAgeSeconds)
		})
	}
	for text, cure := range map[string]string{
		"3000.0": "3000", "3e3": "a number of seconds, such as 3600", "1E0": "a number of seconds, such as 3600", "0.5": "a number of seconds, such as 3600",
		"9223372036854775808": "fewer digits", "-9223372036854775809": "fewer digits", "1e400": "a number of seconds, such as 3600",
	} {
		t.Run(text+" is none", func(t *testing.T) {
			requireTold(t, inJSONRule(`"MaxAgeSeconds": `+text),
				structural(2, 18, "CORSRules[0].MaxAgeSeconds", text+" is not a whole number of 64 bits: write "+cure))
		})
	}
}

func TestJSONOfAnotherShape(t *testing.T) {
	for _, row := range []struct {
		name, document string
		want           []told
	}{
		{"an empty array", `[]`, []told{structural(1, 1, "CORSRules", needsRule)}},
		{"an empty object", "\n{}", []told{structural(2, 1, "CORSRules", needsRule)}},
		{"no rules", `{"CORSRules": [ ]}`, []told{structural(1, 15, "CORSRules", needsRule)}},
		{"null for the rules", `{"CORSRules": null}`, []told{structural(1, 15, "CORSRules", "this is null where an array of rules must stand: write [{…}], with the rules in it")}},
		{"an object for the rules", `{"CORSRules": {}}`, []told{structural(1, 15, "CORSRules", "this is an object where an array of rules must stand: write [ before its {, and ] behind its }")}},
		{"an object around the rules", `{"CORSRules": {"CORSRule": ` + smallestJSON + `}}`, []told{structural(1, 15, "CORSRules", `this is an object where an array of rules must stand: write the array of "CORSRule" in its place`)}},
		{"an object around an array and more", `{"CORSRules": {"a": [], "b": []}}`, []told{structural(1, 15, "CORSRules", "this is an object where an array of rules must stand: write [ before its {, and ] behind its }")}},
		{"an object around no array", `{"CORSRules": {"a": 1}}`, []told{structural(1, 15, "CORSRules", "this is an object where an array of rules must stand: write [ before its {, and ] behind its }")}},
		{"a rule for the rules", `{"CORSRules": {"AllowedOrigins": ["*"]}}`, []told{structural(1, 15, "CORSRules", "this is an object where an array of rules must stand: write [ before its {, and ] behind its }")}},
		{"a string for the rules", `{"CORSRules": "a"}`, []told{structural(1, 15, "CORSRules", "this is a string where an array of rules must stand: write [{…}], with the rules in it")}},
		{"an array for the configuration", `{"CORSConfiguration": []}`, []told{structural(1, 23, "CORSRules", `this is an array where an object must stand: write {"CORSRules": […]}`)}},
		{"a string for the configuration", `{"CORSConfiguration": ""}`, []told{structural(1, 23, "CORSRules", `this is a string where an object must stand: write {"CORSRules": […]}`)}},
		{"a configuration in a configuration", `{"CORSConfiguration": {"CORSConfiguration": []}}`, []told{
			structural(1, 1, "CORSRules", needsRule),
			{Line: 1, Column: 24, Path: "CORSConfiguration.CORSConfiguration", Code: "MalformedXML", Detail: `a configuration has no "CORSConfiguration": remove it`}}},
		{"a single rule", "\n{\"AllowedOrigins\": [\"*\"],\n\"AllowedMethods\": [\"GET\"]}", []told{
			structural(2, 1, "CORSRules", "this is a single rule; put it into an array: write [ before it, and ] behind it"),
			{Line: 2, Column: 2, Path: "AllowedOrigins", Code: "MalformedXML", Detail: `a configuration has no "AllowedOrigins": remove it`},
			{Line: 3, Column: 1, Path: "AllowedMethods", Code: "MalformedXML", Detail: `a configuration has no "AllowedMethods": remove it`}}},
		{"the rules twice", `{"CORSRules": [{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}],` + "\n" + `"CORSRules": []}`,
			[]told{structural(2, 1, "CORSRules", `the key "CORSRules" is there twice: join its values, and remove one`)}},
		{"the rules twice, once nested", `{"CORSRules": ` + smallestJSON + `, "CORSConfiguration": {}}`,
			[]told{structural(1, 68, "CORSRules", "CORSRules and CORSConfiguration cannot stand side by side: remove one")}},
		{"a further key beside the rules", `{"CORSRules": ` + smallestJSON + `, "Version": "1"}`,
			[]told{{Line: 1, Column: 68, Path: "Version", Code: "MalformedXML", Detail: `a configuration has no "Version": remove it`}}},
		{"the rules in another case", `{"corsRules": ` + smallestJSON + `}`, []told{
			structural(1, 1, "CORSRules", `"corsRules" in line 1 is probably CORSRules, which is missing`),
			{Line: 1, Column: 2, Path: "corsRules", Code: "MalformedXML", Detail: `"corsRules" is probably CORSRules`, Suggestion: "CORSRules"}}},
		{"the rules of CloudFormation", `{"CorsRules": ` + smallestJSON + `}`, []told{
			structural(1, 1, "CORSRules", `this is a CloudFormation document: "s3cors convert" reads it; S3 writes CORSRules, ID, ExposeHeaders and MaxAgeSeconds for its CorsRules, Id, ExposedHeaders and MaxAge`),
			{Line: 1, Column: 2, Path: "CorsRules", Code: "MalformedXML", Detail: `"CorsRules" is probably CORSRules`}}},

		{"the names of CloudFormation behind an item that is no string", `[{"AllowedHeaders": [1],` + "\n" + `"Id": "x", "AllowedMethods": ["GET"], "AllowedOrigins": ["*"],` + "\n" + `"ExposedHeaders": ["ETag"]}]`, []told{
			structural(1, 22, "CORSRules[0].AllowedHeaders[0]", "this is a number where a string must stand: put it in double quotes"),
			structural(2, 1, "CORSRules[0].Id", `this is a CloudFormation document: "s3cors convert" reads it; S3 writes CORSRules, ID, ExposeHeaders and MaxAgeSeconds for its CorsRules, Id, ExposedHeaders and MaxAge`),
			structural(3, 1, "CORSRules[0].ExposedHeaders", `"ExposedHeaders" is probably ExposeHeaders`)}},

		{"rules that are none", `[null, "a", 1, true, []]`, []told{
			structural(1, 2, "CORSRules[0]", "this is null where a rule, which is an object, must stand: remove it"),
			structural(1, 8, "CORSRules[1]", `this is a string where a rule, which is an object, must stand: write {"AllowedOrigins": […], "AllowedMethods": […]}`),
			structural(1, 13, "CORSRules[2]", `this is a number where a rule, which is an object, must stand: write {"AllowedOrigins": […], "AllowedMethods": […]}`),
			structural(1, 16, "CORSRules[3]", `this is a boolean where a rule, which is an object, must stand: write {"AllowedOrigins": […], "AllowedMethods": […]}`),
			structural(1, 22, "CORSRules[4]", "this is an array where a rule, which is an object, must stand: one pair of brackets too many, remove this [ and its ]")}},
		{"an empty rule", "[\n {}]", []told{
			structural(2, 2, "CORSRules[0].AllowedOrigins", needsOrigins), structural(2, 2, "CORSRules[0].AllowedMethods", needsMethods)}},
		{"empty lists", `[{"AllowedOrigins": [], "AllowedMethods": []}]`, []told{
			structural(1, 2, "CORSRules[0].AllowedOrigins", needsOrigins), structural(1, 2, "CORSRules[0].AllowedMethods", needsMethods)}},
		{"a string for a list", `[{"AllowedOrigins": "*", "AllowedMethods": ["GET"]}]`,
			[]told{structural(1, 21, "CORSRules[0].AllowedOrigins", `this is a string where an array of strings must stand: write ["*"]`)}},
		{"null for every member", "[{\"ID\": null,\n\"AllowedOrigins\": null,\n\"AllowedMethods\": null,\n\"AllowedHeaders\": null,\n\"ExposeHeaders\": null,\n\"MaxAgeSeconds\": null}]", []told{
			structural(1, 9, "CORSRules[0].ID", "this is null where a string must stand: remove it"),
			structural(2, 19, "CORSRules[0].AllowedOrigins", `this is null where an array of strings must stand: write "AllowedOrigins": ["https://www.example.com"]`),
			structural(3, 19, "CORSRules[0].AllowedMethods", `this is null where an array of strings must stand: write "AllowedMethods": ["GET", "HEAD"]`),
			structural(4, 19, "CORSRules[0].AllowedHeaders", "this is null where an array of strings must stand: remove the key"),
			structural(5, 18, "CORSRules[0].ExposeHeaders", "this is null where an array of strings must stand: remove the key"),
			structural(6, 18, "CORSRules[0].MaxAgeSeconds", "this is null where a whole number must stand: write a number of seconds, such as 3600, or remove the key")}},
		{"other values for lists", "[{\"AllowedOrigins\": {},\n\"AllowedMethods\": \"GET, PUT\",\n\"AllowedHeaders\": 1,\n\"ExposeHeaders\": true}]", []told{
			structural(1, 21, "CORSRules[0].AllowedOrigins", "this is an object where an array of strings must stand: write [ and ] for its { and }, and strings between them"),
			structural(2, 19, "CORSRules[0].AllowedMethods", `this is a string where an array of strings must stand: write ["GET", "PUT"]`),
			structural(3, 19, "CORSRules[0].AllowedHeaders", `this is a number where an array of strings must stand: write ["…"], with strings in it`),
			structural(4, 18, "CORSRules[0].ExposeHeaders", `this is a boolean where an array of strings must stand: write ["…"], with strings in it`)}},
		{"an object for the ID", inJSONRule(`"ID": {}`), []told{structural(2, 7, "CORSRules[0].ID", "this is an object where a string must stand: write one string for each value")}},
		{"a boolean for the ID", inJSONRule(`"ID": true`), []told{structural(2, 7, "CORSRules[0].ID", "this is a boolean where a string must stand: put it in double quotes")}},
		{"a string with a unit for the age", inJSONRule(`"MaxAgeSeconds": "1h"`), []told{structural(2, 18, "CORSRules[0].MaxAgeSeconds", "this is a string where a whole number must stand: write a number of seconds, such as 3600")}},
		{"an array for the age", inJSONRule(`"MaxAgeSeconds": []`), []told{structural(2, 18, "CORSRules[0].MaxAgeSeconds", "this is an array where a whole number must stand: write a number of seconds, such as 3600")}},
		{"items that are no strings", `[{"AllowedOrigins": ["a", 1, null], "AllowedMethods": ["GET", ["PUT"]]}]`, []told{
			structural(1, 27, "CORSRules[0].AllowedOrigins[1]", "this is a number where a string must stand: put it in double quotes"),
			structural(1, 30, "CORSRules[0].AllowedOrigins[2]", "this is null where a string must stand: remove it"),
			structural(1, 63, "CORSRules[0].AllowedMethods[1]", "this is an array where a string must stand: one pair of brackets too many, remove this [ and its ]")}},
		{"a number for the ID", inJSONRule(`"ID": 1`), []told{structural(2, 7, "CORSRules[0].ID", "this is a number where a string must stand: put it in double quotes")}},
		{"a string for the age", inJSONRule(`"MaxAgeSeconds": "3000"`), []told{structural(2, 18, "CORSRules[0].MaxAgeSeconds", "this is a string where a whole number must stand: write 3000 without quotes")}},
		{"a member twice", inJSONRule(`"ID": "a", "ID": "b"`), []told{structural(2, 12, "CORSRules[0].ID", `the key "ID" is there twice: join its values, and remove one`)}},
		{"a member twice, once with escapes", inJSONRule(`"ID": "a",` + "\n" + `"\u0049D": "b"`), []told{structural(3, 1, "CORSRules[0].ID", `the key "ID" is there twice: join its values, and remove one`)}},
		{"a list twice", `[{"AllowedOrigins": ["a"], "AllowedOrigins": ["a"], "AllowedMethods": ["GET"]}]`,
			[]told{structural(1, 28, "CORSRules[0].AllowedOrigins", `the key "AllowedOrigins" is there twice: join its values, and remove one`)}},
		{"a member twice, the first of a wrong type", inJSONRule(`"MaxAgeSeconds": null, "MaxAgeSeconds": 1`), []told{
			structural(2, 18, "CORSRules[0].MaxAgeSeconds", "this is null where a whole number must stand: write a number of seconds, such as 3600, or remove the key"),
			structural(2, 24, "CORSRules[0].MaxAgeSeconds", `the key "MaxAgeSeconds" is there twice: join its values, and remove one`)}},
		{"a string that XML cannot carry", inJSONRule(`"ID": "a\u0000"`), []told{structural(2, 7, "CORSRules[0].ID", "the value holds a NUL (U+0000), which XML cannot carry: remove it")}},
		{"an item that XML cannot carry", `[{"AllowedOrigins": ["a", "\uffff"], "AllowedMethods": ["GET"]}]`,
			[]told{structural(1, 27, "CORSRules[0].AllowedOrigins[1]", "the value holds an invisible character (U+FFFF), which XML cannot carry: remove it")}},
	} {
		t.Run(row.name, func(t *testing.T) { requireTold(t, row.document, row.want...) })
	}
}

func TestMisspeltKeysAreTold(t *testing.T) {
	for _, row := range []struct{ name, suggestion string }{
		{"Id", "ID"}, {"id", "ID"}, {"Id ", "ID"},
		{"AllowedOrigin", "AllowedOrigins"}, {"allowedOrigins", "AllowedOrigins"}, {"AllowOrigins", "AllowedOrigins"}, {"Allowed_Origins", "AllowedOrigins"},
		{"AllowedMethod", "AllowedMethods"}, {"AllowMethods", "AllowedMethods"},
		{"AllowedHeader", "AllowedHeaders"}, {"AllowHeaders", "AllowedHeaders"},
		{"ExposedHeaders", "ExposeHeaders"}, {"ExposeHeader", "ExposeHeaders"}, {"exposeHeaders", "ExposeHeaders"},
		{"MaxAge", "MaxAgeSeconds"}, {"MaxAgeSecond", "MaxAgeSeconds"}, {"maxAgeSeconds", "MaxAgeSeconds"},
		{"Origins", "AllowedOrigins"}, {"methods", "AllowedMethods"}, {"Comment", ""}, {"", ""}, {"Rules", ""},
		{"CORSRule", ""}, // which no rule has
	} {
		t.Run(row.name, func(t *testing.T) {
			want := told{Line: 2, Column: 2, Path: "CORSRules[0]." + row.name, Code: "MalformedXML",
				Detail: fmt.Sprintf("a rule has no %q: remove it", row.name), Suggestion: row.suggestion}
			if row.suggestion != "" {
				want.Detail = fmt.Sprintf("%q is probably %s", row.name, row.suggestion)
			}
			requireTold(t, inJSONRule(fmt.Sprintf(" %q: 1", row.name)), want)
		})
	}
}

func TestMisspeltKeysOfADocumentAreTold(t *testing.T) {
	key := func(column int, name, suggestion string) told {
		return told{Line: 1, Column: column, Path: name, Code: "MalformedXML", Detail: fmt.Sprintf("%q is probably %s", name, suggestion), Suggestion: suggestion}
	}
	for _, name := range []string{"corsRules", "CORSRule"} {
		requireTold(t, `{"`+name+`": []}`, structural(1, 1, "CORSRules", `"`+name+`" in line 1 is probably CORSRules, which is missing`), key(2, name, "CORSRules"))
	}
	requireTold(t, `{"CORSConfigurations": {}}`, structural(1, 1, "CORSRules", needsRule), key(2, "CORSConfigurations", "CORSConfiguration"))
	requireTold(t, `{"List": `+smallestJSON+`}`,
		structural(1, 1, "CORSRules", `"List" in line 1 is probably CORSRules, which is missing`), key(2, "List", "CORSRules"))
	requireTold(t, `{"CORSRules": `+smallestJSON+`, "List": `+smallestJSON+`}`,
		told{Line: 1, Column: 68, Path: "List", Code: "MalformedXML", Detail: `a configuration has no "List": remove it`})
}

func TestASingleRuleIsKnownByItsOriginsOrItsMethods(t *testing.T) {
	for _, name := range []string{"AllowedOrigins", "AllowedMethods"} {
		document := `{"` + name + `": ["GET"]}`
		requireTold(t, document,
			structural(1, 1, "CORSRules", "this is a single rule; put it into an array: write [ before it, and ] behind it"),
			told{Line: 1, Column: 2, Path: name, Code: "MalformedXML", Detail: `a configuration has no "` + name + `": remove it`})
		require.Equal(t, "10/json-shape", s3cors.ParseDocument([]byte(document)).Problems()[0].Row)
	}
	for _, name := range []string{"AllowedHeaders", "ID"} {
		requireTold(t, `{"`+name+`": ["GET"]}`, structural(1, 1, "CORSRules", needsRule),
			told{Line: 1, Column: 2, Path: name, Code: "MalformedXML", Detail: `a configuration has no "` + name + `": remove it`})
	}
}

func TestAMisspeltNameIsToldWithTheMissingMember(t *testing.T) {
	requireTold(t, `[{"AllowedOrigin": ["*"], "AllowedMethods": ["GET"]}]`,
		structural(1, 2, "CORSRules[0].AllowedOrigins", `"AllowedOrigin" in line 1 is probably AllowedOrigins, which is missing`),
		told{Line: 1, Column: 3, Path: "CORSRules[0].AllowedOrigin", Code: "MalformedXML",
			Detail: `"AllowedOrigin" is probably AllowedOrigins`, Suggestion: "AllowedOrigins"})
	requireTold(t, `[{"ID": 1, "AllowedOrigins": ["*"], "AllowedMethods": ["GET"]},`+"\n"+`{"AllowOrigins": ["*"],`+"\n"+`"AllowMethods": ["GET"]}]`,
		structural(1, 9, "CORSRules[0].ID", "this is a number where a string must stand: put it in double quotes"),
		structural(2, 1, "CORSRules[1].AllowedOrigins", `"AllowOrigins" in line 2 is probably AllowedOrigins, which is missing`),
		structural(2, 1, "CORSRules[1].AllowedMethods", `"AllowMethods" in line 3 is probably AllowedMethods, which is missing`),
		told{Line: 2, Column: 2, Path: "CORSRules[1].AllowOrigins", Code: "MalformedXML",
			Detail: `"AllowOrigins" is probably AllowedOrigins`, Suggestion: "AllowedOrigins"},
		told{Line: 3, Column: 1, Path: "CORSRules[1].AllowMethods", Code: "MalformedXML",
			Detail: `"AllowMethods" is probably AllowedMethods`, Suggestion: "AllowedMethods"})
}

func TestJSONIsBoundedInSize(t *testing.T) {
	tooLarge := told{Line: 1, Column: 1, Path: "CORSConfiguration", Code: "MaxMessageLengthExceeded",
		Detail: "a CORS configuration may have 65536 bytes at most", Message: "Your request was too big."}
	const frame = len(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
		`<CORSRule><AllowedOrigin></AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`)
	ofSize := func(n int) string {
		return "\n" + `[{"AllowedMethods": ["GET"], "AllowedOrigins": ["` + strings.Repeat("a", n-frame) + `"]}]`
	}
	t.Run("what prints as 65,536 bytes of XML is accepted", func(t *testing.T) {
		c, err := s3cors.ParseJSON([]byte(ofSize(65536)))
		require.NoError(t, err)
		requireRoundTrip(t, c)
		printed, err := c.AppendXML(nil)
		require.NoError(t, err)
		require.Len(t, printed, 65536)
	})
	t.Run("what prints as 65,537 is not", func(t *testing.T) {
		tooLarge := tooLarge
		tooLarge.Line = 2
		requireTold(t, ofSize(65537), tooLarge)
	})
	t.Run("nor is a rule behind what fills the size", func(t *testing.T) {
		tooLarge := tooLarge
		tooLarge.Line = 2
		requireTold(t, strings.TrimSuffix(ofSize(65536), "]")+","+smallestJSON[1:], tooLarge)
	})
	t.Run("the escapes of XML count", func(t *testing.T) {
		document := strings.Replace(ofSize(65533), "aa", "&<", 1)
		_, err := s3cors.ParseJSON([]byte(document))
		require.Equal(t, "MaxMessageLengthExceeded", firstError(t, err).Code)
	})
	t.Run("a document of 1,048,576 bytes is accepted", func(t *testing.T) {
		_, err := s3cors.ParseJSON([]byte(smallestJSON + strings.Repeat(" ", 1<<20-len(smallestJSON))))
		require.NoError(t, err)
	})
	t.Run("one of 1,048,577 is not", func(t *testing.T) {
		requireTold(t, smallestJSON+strings.Repeat(" ", 1<<20+1-len(smallestJSON)), tooLarge)
	})
	t.Run("size is told before anything else", func(t *testing.T) {
		requireTold(t, strings.Repeat("[", 1<<20+1), tooLarge)
	})
	t.Run("more than 16,384 values are too many", func(t *testing.T) {
		numbers := func(n int) string { return "\n" + `{"x": [` + strings.Repeat("0,", n-3) + "0]}" }
		requireTold(t, numbers(16384), structural(2, 1, "CORSRules", needsRule),
			told{Line: 2, Column: 2, Path: "x", Code: "MalformedXML", Detail: `a configuration has no "x": remove it`})
		requireTold(t, numbers(16385), tooLarge)
	})
}

func TestJSONIsPrintedAsTheCommandLinePrints(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ID: new("a\"\\/<&>\t\r\n é😀\u2028\x7f"), AllowedOrigins: []string{"b", ""}, AllowedMethods: []string{"PUT", "GET"},
			AllowedHeaders: []string{"*"}, ExposeHeaders: []string{"ETag"}, MaxAgeSeconds: new(int64(3000)),
		},
		{ID: new(""), AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{}, MaxAgeSeconds: new(int64(0))},
		{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"HEAD"}},
	}}
	const want = `{
    "CORSRules": [
        {
            "ID": "a\"\\/<&>\t\r\n é😀` + "\u2028\x7f" + `",
            "AllowedHeaders": [
                "*"
            ],
            "AllowedMethods": [
                "PUT",
                "GET"
            ],
            "AllowedOrigins": [
                "b",
                ""
            ],
            "ExposeHeaders": [
                "ETag"
            ],
            "MaxAgeSeconds": 3000
        },
        {
            "ID": "",
            "AllowedMethods": [
                "GET"
            ],
            "AllowedOrigins": [
                "*"
            ],
            "MaxAgeSeconds": 0
        },
        {
            "AllowedMethods": [
                "HEAD"
            ],
            "AllowedOrigins": [
                "*"
            ]
        }
    ]
}
`
	got, err := c.AppendJSON([]byte("before "))
	require.NoError(t, err)
	require.Equal(t, "before "+want, string(got))
	requireRoundTrip(t, c)
}
