package lint_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/lint"
)

func TestAFixLeavesTheRestAsItStands(t *testing.T) {
	for _, tt := range []struct {
		name, document string
		severity       lint.Severity
		want           string
	}{
		{"a slash, in a document of one line", `[{"AllowedOrigins":["https://a.b.c/"],"AllowedMethods":["HEAD"]}]`, lint.Error,
			`[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["HEAD"]}]`},
		{"the first of a list that goes", `[{"AllowedOrigins":[ "" , "https://a.b.c"],"AllowedMethods":["HEAD"]}]`, lint.Warning,
			`[{"AllowedOrigins":[ "https://a.b.c"],"AllowedMethods":["HEAD"]}]`},
		{"the last two of a list", `[{"AllowedOrigins":["*", "https://a.b.c" , "https://b.c.d" ],"AllowedMethods":["HEAD"]}]`, lint.Warning,
			`[{"AllowedOrigins":["*" ],"AllowedMethods":["HEAD"]}]`},
		{"one in the middle", `[{"AllowedOrigins":["https://a.b.c","","https://b.c.d"],"AllowedMethods":["HEAD"]}]`, lint.Warning,
			`[{"AllowedOrigins":["https://a.b.c","https://b.c.d"],"AllowedMethods":["HEAD"]}]`},
		{"the last of a list is never taken out", `[{"AllowedOrigins":[""],"AllowedMethods":["HEAD"]}]`, lint.Warning,
			`[{"AllowedOrigins":[""],"AllowedMethods":["HEAD"]}]`},
		{"all of a list is never taken out", `[{"AllowedOrigins":["",""],"AllowedMethods":["HEAD"]}]`, lint.Warning,
			`[{"AllowedOrigins":["",""],"AllowedMethods":["HEAD"]}]`},
		{"several in one", `[{"AllowedOrigins":["https://a.b.c, https://b.c.d,https://c.d.e"],"AllowedMethods":["HEAD"]}]`, lint.Error,
			`[{"AllowedOrigins":["https://a.b.c", "https://b.c.d", "https://c.d.e"],"AllowedMethods":["HEAD"]}]`},
		{"a key that is not there", "[\n\t{\n\t\t\"AllowedOrigins\": [\"https://a.b.c\"],\n\t\t\"AllowedMethods\": [\"PUT\"]\n\t}\n]\n", lint.Warning,
			"[\n\t{\n\t\t\"AllowedOrigins\": [\"https://a.b.c\"],\n\t\t\"AllowedMethods\": [\"PUT\"],\n\t\t\"AllowedHeaders\": [\"content-type\"]\n\t}\n]\n"},
		{"a list that is empty", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["PUT"],"AllowedHeaders":[ ]}]`, lint.Warning,
			`[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["PUT"],"AllowedHeaders":["content-type"]}]`},
		{"a rule that goes, in JSON", "[\n  {\"AllowedOrigins\":[\"*\"],\"AllowedMethods\":[\"HEAD\"]},\n  {\"AllowedOrigins\":[\"*\"],\"AllowedMethods\":[\"HEAD\"]}\n]", lint.Warning,
			"[\n  {\"AllowedOrigins\":[\"*\"],\"AllowedMethods\":[\"HEAD\"]}\n]"},
		{"methods that S3 refuses", `{"CORSRules":[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["get", "HEAD","OPTIONS"]}]}`, lint.Error,
			`{"CORSRules":[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["GET", "HEAD"]}]}`},
		{"characters that JSON escapes", `[{"AllowedOrigins":[" https://a.b.c\u0026<>\u0022 ","https://b.c.d/"],"AllowedMethods":["HEAD"]}]`, lint.Error,
			`[{"AllowedOrigins":["https://a.b.c&<>\"","https://b.c.d"],"AllowedMethods":["HEAD"]}]`},
		{"XML with comments and a prefix", "<x:CORSConfiguration xmlns:x=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n <x:CORSRule>\n  <!-- one -->\n  <x:AllowedOrigin>https://a.b.c/</x:AllowedOrigin>\n  <x:AllowedOrigin/>\n  <x:AllowedMethod >PUT</x:AllowedMethod >\n </x:CORSRule>\n</x:CORSConfiguration>\n", lint.Warning,
			"<x:CORSConfiguration xmlns:x=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n <x:CORSRule>\n  <!-- one -->\n  <x:AllowedOrigin>https://a.b.c</x:AllowedOrigin>\n  <x:AllowedMethod >PUT</x:AllowedMethod >\n  <x:AllowedHeader>content-type</x:AllowedHeader>\n </x:CORSRule>\n</x:CORSConfiguration>\n"},
		{"XML in CDATA", "<CORSConfiguration><CORSRule><AllowedOrigin><![CDATA[https://a.b.c/]]></AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>", lint.Error,
			"<CORSConfiguration><CORSRule><AllowedOrigin>https://a.b.c</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var grave []lint.Finding
			for _, f := range lint.Check([]byte(tt.document), lint.Options{}).Findings {
				if f.Severity >= tt.severity {
					grave = append(grave, f)
				}
			}
			fixed, err := lint.Fix([]byte(tt.document), grave, lint.Options{})
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(tt.want, string(fixed)))
		})
	}
}

// FuzzFix holds Fix to its word: what it returns is a document in which the patches are
// carried out, in XML as in JSON, and nothing is lost.
func FuzzFix(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		d := draw{rand.New(rand.NewPCG(seed, 5))}
		c := d.configuration()
		for k := range c.CORSRules {
			c.CORSRules[k].AllowedOrigins = append(c.CORSRules[k].AllowedOrigins, d.some(2, "", "https://a/", "https://b , https://c", "HTTPS://d", "https://e:443", " https://f&")...)
		}
		asXML, err := c.AppendXML(nil)
		require.NoError(t, err)
		asJSON, err := c.AppendJSON(nil)
		require.NoError(t, err)
		fromXML, fromJSON := mend(t, asXML), mend(t, asJSON)
		require.Empty(t, cmp.Diff(fromJSON, fromXML))
	})
}

// mend applies all patches, and returns what the document then says.
func mend(t *testing.T, document []byte) *s3cors.Configuration {
	t.Helper()
	for range 10 {
		fixed, err := lint.Fix(document, lint.Check(document, lint.Options{}).Findings, lint.Options{})
		require.NoError(t, err, string(document))
		if string(fixed) == string(document) {
			break
		}
		document = fixed
	}
	c, err := s3cors.Parse(document)
	require.NoError(t, err)
	return c
}
