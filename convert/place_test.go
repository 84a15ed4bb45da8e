package convert_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/convert"
)

// What is changed in a document is changed at the places of its members, by their names in
// its format.
func TestMembersHavePlacesAndNamesInTheirDocument(t *testing.T) {
	for _, c := range []struct {
		document, path, text, header string
		part                         bool
	}{
		{`{"CorsRules": [{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET"]}]}`, "CORSRules[0].AllowedOrigins[0]", `"https://a.example"`, "AllowedHeaders", false},
		{"\ufeff" + `[{"origin": ["*"], "method": ["GET"], "responseHeader": []}]`, "CORSRules[0].AllowedHeaders", "[]", "responseHeader", false},
		{`{"rules": [{"allowed": {"origins": ["*"], "methods": ["GET"]}}]}`, "CORSRules[0]", `{"allowed": {"origins": ["*"], "methods": ["GET"]}}`, "allowed.headers", false},
		{"<CorsConfig><Cors><Origins><Origin>*</Origin></Origins><Methods><Method>GET</Method></Methods></Cors></CorsConfig>", "CORSRules[0].AllowedMethods[0]", "GET", "", false},
		{`{"Bucket": "b", "CORSConfiguration": {"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}}`, "CORSRules[0].AllowedMethods[0]", `"GET"`, "AllowedHeaders", true},
		{`{"Resources": {"Q": {}, "B": {"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}}}}}`,
			"CORSRules[0].AllowedMethods[0]", `"GET"`, "AllowedHeaders", true},
	} {
		d, err := convert.Read([]byte(c.document), convert.ReadOptions{})
		require.NoError(t, err, c.document)
		start, end, ok := d.Offsets(c.path)
		require.True(t, ok, c.document)
		require.Equal(t, c.text, c.document[start:end])
		require.Equal(t, c.header, d.NameOf("AllowedHeaders"), c.document)
		require.Equal(t, c.part, d.Part, c.document)
		_, _, ok = d.Offsets("CORSRules[0].ExposeHeaders[3]")
		require.False(t, ok, "what is not there has no place")
	}
}

func TestFormatsHaveTitles(t *testing.T) {
	require.Equal(t, "the JSON of Cloudflare R2", convert.R2.Title())
	require.Empty(t, convert.Format(0).Title())
	require.Empty(t, convert.Format(200).Title())
}
