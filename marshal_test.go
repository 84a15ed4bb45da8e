//go:build go1.26

package s3cors_test

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

func TestEncodingXMLReadsConfigurations(t *testing.T) {
	var bucket struct {
		Name string
		CORS s3cors.Configuration `xml:"CORSConfiguration"`
		Last string
	}
	document := "<Bucket><Name>a</Name>" + smallest + "<Last>b</Last></Bucket>"
	require.NoError(t, xml.Unmarshal([]byte(document), &bucket))
	require.Equal(t, "a", bucket.Name)
	require.Equal(t, "b", bucket.Last)
	require.Empty(t, cmp.Diff(s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}, bucket.CORS))
}

func TestEncodingXMLIsAsStrictAsS3(t *testing.T) {
	for _, row := range []struct {
		document string
		want     []string // rows of problems
	}{
		{"<CORSConfiguration/>", []string{"1.1/zero-rules"}},
		{"<CORSRule/>", []string{"1.1/root-element"}},
		{inRule("<Foo/>"), []string{"1.1/unknown-element-in-rule"}},
		{inRule(" x "), []string{"10/text-between-elements"}},
		{inRule("<AllowedMethod>get</AllowedMethod><MaxAgeSeconds>x</MaxAgeSeconds>"), []string{"1.2/max-age-not-an-integer", "1.2/method-case"}},
		{strings.Repeat(" ", 10) + inOrigin("**"), []string{"1.2/origin-two-wildcards"}},
	} {
		t.Run(row.document, func(t *testing.T) {
			c := s3cors.Configuration{CORSRules: []s3cors.Rule{{}}}
			err := xml.Unmarshal([]byte(row.document), &c)
			var rows []string
			for _, p := range asProblems(err) {
				rows = append(rows, p.Row)
				require.Equal(t, s3cors.Position{}, p.Start)
			}
			require.Equal(t, row.want, rows)
			require.Len(t, c.CORSRules, 1, "nothing half-applied")
		})
	}
	t.Run("what is cut off", func(t *testing.T) {
		var c s3cors.Configuration
		require.Error(t, xml.Unmarshal([]byte(smallest[:len(smallest)-5]), &c))
		require.Empty(t, c.CORSRules)
	})
}

func TestEncodingXMLTellsOfDefectsInTheOrderOfTheDocument(t *testing.T) {
	var c s3cors.Configuration
	var paths []string
	for _, one := range tell(xml.Unmarshal([]byte(inRule("<b/> x <c/>")), &c)) {
		paths = append(paths, one.Path)
	}
	require.Equal(t, []string{"CORSRules[0].b", "CORSRules[0]", "CORSRules[0].c"}, paths)
}

func TestEncodingXMLAgreesWithParseXMLOnWhatThatAccepts(t *testing.T) {
	compared := 0
	for _, v := range documentVectors(t) {
		want, err := s3cors.ParseXML(v.Document)
		if err != nil || strings.Contains(strings.ToUpper(string(v.Document)), "US-ASCII") {
			continue // encoding/xml asks its caller for other encodings than UTF-8
		}
		var got s3cors.Configuration
		require.NoError(t, xml.Unmarshal(v.Document, &got), v.ID)
		require.Empty(t, cmp.Diff(want, &got, equateEmpty), v.ID)
		printed, err := xml.Marshal(got)
		require.NoError(t, err)
		if len(printed) > maxDocument {
			continue // by the namespace and the escapes
		}
		again, err := s3cors.ParseXML(printed)
		require.NoError(t, err, "%s: %s", v.ID, printed)
		require.Empty(t, cmp.Diff(want, again, equateEmpty), v.ID)
		compared++
	}
	require.Greater(t, compared, 100)
}

func TestEncodingXMLPrintsTheElementThatS3Reads(t *testing.T) {
	c := s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID: new(""), AllowedOrigins: []string{"b", ""}, AllowedMethods: []string{"get"}, AllowedHeaders: []string{"*"},
		ExposeHeaders: []string{"\"*\""}, MaxAgeSeconds: new(int64(0)),
	}}}
	got, err := xml.Marshal(struct {
		XMLName xml.Name `xml:"Bucket"`
		CORS    s3cors.Configuration
	}{CORS: c})
	require.NoError(t, err)
	require.Equal(t, `<Bucket><CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID></ID><AllowedOrigin>b</AllowedOrigin><AllowedOrigin></AllowedOrigin>`+
		`<AllowedMethod>get</AllowedMethod><MaxAgeSeconds>0</MaxAgeSeconds><ExposeHeader>&#34;*&#34;</ExposeHeader><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration></Bucket>`, string(got))
}

func TestEncodingJSONReadsWhatParseJSONReads(t *testing.T) {
	var bucket struct {
		Name string
		CORS s3cors.Configuration
	}
	require.NoError(t, json.Unmarshal([]byte(`{"Name":"a","CORS":`+smallestJSON+`}`), &bucket))
	require.Empty(t, cmp.Diff(s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a"}, AllowedMethods: []string{"GET"}}}}, bucket.CORS))
	err := json.Unmarshal([]byte(`{"Name":"b","CORS":{"corsrules":[]}}`), &bucket)
	require.Equal(t, "10/json-shape", asProblems(err)[1].Row)
	require.Len(t, bucket.CORS.CORSRules, 1, "nothing half-applied")
	require.NoError(t, json.Unmarshal([]byte(`{"CORS":null}`), &bucket))
	require.Len(t, bucket.CORS.CORSRules, 1)
}

func TestEncodingJSONPrintsWhatParseJSONReads(t *testing.T) {
	c := s3cors.Configuration{CORSRules: []s3cors.Rule{{ID: new("<"), AllowedOrigins: []string{"https://a&b"}, AllowedMethods: []string{"GET"}}}}
	got, err := json.Marshal(map[string]any{"c": c, "p": &c})
	require.NoError(t, err)
	const one = `{"CORSRules":[{"ID":"\u003c","AllowedOrigins":["https://a\u0026b"],"AllowedMethods":["GET"]}]}`
	require.Equal(t, `{"c":`+one+`,"p":`+one+`}`, string(got))
	got, err = json.Marshal(s3cors.Configuration{})
	require.NoError(t, err)
	require.Equal(t, `{"CORSRules":[]}`, string(got))
}
