package convert_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

func config(t *testing.T, text string) *s3cors.Configuration {
	t.Helper()
	return s3cors.ParseDocument([]byte(text)).Configuration()
}

// remarks returns what was told of, in lines.
func remarks(out *convert.Output) string {
	var b strings.Builder
	for _, l := range out.Losses {
		fmt.Fprintf(&b, "lost %s %q: %s\n", l.Path, l.Value, l.Text)
	}
	for _, n := range out.Notes {
		fmt.Fprintf(&b, "note %s %q: %s\n", n.Path, n.Value, n.Text)
	}
	return b.String()
}

func TestWhatATargetCannotHaveIsLost(t *testing.T) {
	for _, test := range []struct {
		name   string
		format convert.Format
		config string
		want   string
	}{
		{"nothing, by S3's own formats", convert.JSON, `[{"ID":"","AllowedOrigins":["","null"],"AllowedMethods":["GET"],"MaxAgeSeconds":-1}]`, ""},
		{"what XML cannot carry", convert.XML, `[{"ID":"\u0001","AllowedOrigins":["a\u0000"],"AllowedMethods":["GET"]}]`,
			"lost CORSRules[0].ID \"\\x01\": XML cannot carry a character in it: U+FFFD stands there\n" +
				"lost CORSRules[0].AllowedOrigins[0] \"a\\x00\": XML cannot carry a character in it: U+FFFD stands there\n"},
		{"an age that CloudFormation refuses", convert.CloudFormation, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":-1}]`,
			"lost CORSRules[0].MaxAgeSeconds \"-1\": CloudFormation takes 0 to 2147483647: it is 0 there\n"},
		{"a reference", convert.CloudFormationYAML, `[{"ID":"{{resolve:x}}","AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":0}]`,
			"lost CORSRules[0].ID \"{{resolve:x}}\": CloudFormation would take it for a reference\n"},
		{"the order of rules that share a method", convert.Terraform, `[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"],"MaxAgeSeconds":1},{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":0}]`,
			"lost CORSRules \"\": Terraform's provider keeps rules as a set, and may send them in another order, in which another rule may be the first that matches\n"},
		{"not that of rules that share none", convert.Terraform, `[{"AllowedOrigins":["*"],"AllowedMethods":["PUT"],"MaxAgeSeconds":1},{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":0}]`, ""},
		{"an empty ID, and no age", convert.TerraformJSON, `[{"ID":"","AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`,
			"lost CORSRules[0].ID \"\": Terraform's provider sends no empty ID\n" +
				"note CORSRules[0].MaxAgeSeconds \"\": where max_age_seconds is missing, Terraform's provider sends 0, with which browsers keep no preflight\n"},
		{"origins that R2 does not take", convert.R2, `[{"AllowedOrigins":["*","https://a.example/","http://localhost:*","https://*.a.example","null"],"AllowedMethods":["GET"],"MaxAgeSeconds":100000}]`,
			"lost CORSRules[0].MaxAgeSeconds \"100000\": R2 takes 0 to 86400: it is 86400 there\n" +
				"lost CORSRules[0].AllowedOrigins[1] \"https://a.example/\": R2 takes scheme://host and scheme://host:port, without a path\n" +
				"lost CORSRules[0].AllowedOrigins[2] \"http://localhost:*\": R2 has no wildcard in the port\n" +
				"lost CORSRules[0].AllowedOrigins[4] \"null\": R2 takes scheme://host and scheme://host:port, without a path\n"},
		{"what Google's one list cannot say", convert.GCS, `[{"ID":"up","AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"],"AllowedHeaders":["Content-Type","x-amz-*"],"ExposeHeaders":["ETag"]}]`,
			"lost CORSRules[0].ID \"up\": Google Cloud Storage has no names for rules\n" +
				"lost CORSRules[0].AllowedHeaders[1] \"x-amz-*\": Google Cloud Storage compares names as a whole: its only wildcard is * alone\n" +
				"lost CORSRules[0].AllowedHeaders \"ETag\": there is one list of headers for requests and responses: requests may have this one, too\n" +
				"lost CORSRules[0].ExposeHeaders \"Content-Type\": there is one list of headers for requests and responses: scripts may read this one, too\n"},
		{"nothing where both lists are the same", convert.GCSXML, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["ETag"],"ExposeHeaders":["ETag"]}]`, ""},
		{"only letters where they are the same in other letters", convert.GCSXML, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["etag"],"ExposeHeaders":["ETag"]}]`,
			"note CORSRules[0].ExposeHeaders \"\": the names stand in the order, and in the letters, of AllowedHeaders\n"},
		{"a choice by headers", convert.GCS, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]},{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"AllowedHeaders":["a"],"ExposeHeaders":["a"]}]`,
			"note CORSRules \"\": Google Cloud Storage takes the first rule that lists the origin and the method, whatever headers a request asks for\n"},
		{"names that B2 does not take", convert.B2, `[{"ID":"up","AllowedOrigins":["*","https://a.example"],"AllowedMethods":["GET"],"MaxAgeSeconds":0},{"ID":"uploads","AllowedOrigins":["https://*"],"AllowedMethods":["GET"],"MaxAgeSeconds":0},{"ID":"uploads","AllowedOrigins":["app://x"],"AllowedMethods":["GET"]}]`,
			"lost CORSRules[0].ID \"up\": B2 takes distinct names of 6 to 50 letters, digits and dashes that do not begin with b2-: it is s3cors-rule-1\n" +
				"lost CORSRules[2].ID \"uploads\": B2 takes distinct names of 6 to 50 letters, digits and dashes that do not begin with b2-: it is s3cors-rule-3\n" +
				"lost CORSRules[2].AllowedOrigins[0] \"app://x\": B2 takes http://host, https://host, either with a port, and *\n" +
				"lost CORSRules[2] \"\": no origin, or no method, is left of this rule: it is left out\n" +
				"note CORSRules[0].AllowedOrigins \"\": B2 takes no origin beside *, which admits all of them\n"},
		{"a rule that is too long for B2", convert.B2, `[{"ID":"uploads","AllowedOrigins":["https://` + strings.Repeat("a", 1000) + `"],"AllowedMethods":["GET"],"MaxAgeSeconds":0}]`,
			"lost CORSRules[0] \"\": B2 takes less than 1000 bytes in a rule, and this has 1021: it would be refused\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := convert.Write(config(t, test.config), convert.WriteOptions{Format: test.format, Bucket: "b"})
			require.NoError(t, err)
			if diff := cmp.Diff(test.want, remarks(out)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCephTakesARuleByItsOriginSoThatTheOrderCounts(t *testing.T) {
	c := config(t, `[{"AllowedOrigins":["*"],"AllowedMethods":["PUT"],"MaxAgeSeconds":1},{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"MaxAgeSeconds":0}]`)
	out, err := convert.Write(c, convert.WriteOptions{Format: convert.Terraform, Bucket: "b", Dialect: s3cors.Ceph})
	require.NoError(t, err)
	require.Len(t, out.Losses, 1)
	require.Equal(t, "CORSRules", out.Losses[0].Path)
}

func TestWriteRefusesWhatItCannotWrite(t *testing.T) {
	c := config(t, `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`)
	_, err := convert.Write(c, convert.WriteOptions{})
	require.EqualError(t, err, "which format is to be written? The formats are xml, json, array, cloudformation, cloudformation-yaml, terraform, terraform-json, r2, gcs, gcs-xml, b2")
	_, err = convert.Write(c, convert.WriteOptions{Format: convert.CDK})
	require.Error(t, err)
	c.CORSRules[0].ExposeHeaders = []string{"ok", "\xff"}
	_, err = convert.Write(c, convert.WriteOptions{Format: convert.JSON})
	require.EqualError(t, err, "CORSRules[0].ExposeHeaders[1] is not UTF-8")
}

func TestWriteLeavesTheConfigurationAsItIs(t *testing.T) {
	const text = `[{"ID":"up","AllowedOrigins":["https://*","*","x"],"AllowedMethods":["GET","PATCH"],"AllowedHeaders":["*","x-*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":-1}]`
	c := config(t, text)
	for _, format := range convert.Formats() {
		_, _ = convert.Write(c, convert.WriteOptions{Format: format})
		require.Empty(t, cmp.Diff(config(t, text), c), format)
	}
}

// White space is left out of a document that would be too long for S3 with it.
func TestXMLThatFitsWithoutWhiteSpaceIsPrintedWithoutIt(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedMethods: []string{"GET"}}}}
	for range 1300 {
		c.CORSRules[0].AllowedOrigins = append(c.CORSRules[0].AllowedOrigins, "https://ab.exam")
	}
	out, err := convert.Write(c, convert.WriteOptions{Format: convert.XML})
	require.NoError(t, err)
	require.LessOrEqual(t, len(out.Text), 65536)
	require.Equal(t, string(c.AppendStoredXML(nil))+"\n", string(out.Text))
	read, err := s3cors.ParseXML(out.Text)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(c, read))
}

func TestFormatsHaveNames(t *testing.T) {
	var listed []string
	for _, f := range convert.Formats() {
		var back convert.Format
		require.NoError(t, back.UnmarshalText([]byte(f.String())))
		require.Equal(t, f, back)
		listed = append(listed, f.String())
	}
	require.Equal(t, "xml json array cloudformation cloudformation-yaml cdk terraform terraform-json r2 gcs gcs-xml b2", strings.Join(listed, " "))
	require.Equal(t, "Format(99)", convert.Format(99).String())
	require.Empty(t, convert.Format(0).String())
	require.Error(t, new(convert.Format).UnmarshalText([]byte("yaml")))
}

func TestPlacesCountAByteOrderMarkInTheOffsetOnly(t *testing.T) {
	const rule = `[{"origin":["*"],"method":["*"],"maxAgeSeconds":-1.5}]`
	plain, err := convert.Read([]byte(rule), convert.ReadOptions{})
	require.NoError(t, err)
	marked, err := convert.Read([]byte("\ufeff"+rule), convert.ReadOptions{})
	require.NoError(t, err)
	require.Equal(t, s3cors.Position{Line: 1, Column: 28, Offset: 27}, plain.Losses[0].Start)
	require.Equal(t, s3cors.Position{Line: 1, Column: 28, Offset: 30}, marked.Losses[0].Start)
	require.Equal(t, s3cors.Position{Line: 1, Column: 49, Offset: 48}, plain.Problems[0].Start)
	require.Equal(t, s3cors.Position{Line: 1, Column: 49, Offset: 51}, marked.Problems[0].Start)
	require.Equal(t, marked.Problems[0].Start.Offset+len("-1.5"), marked.Problems[0].End.Offset)
}

func TestResourceChoosesByNameAndByPath(t *testing.T) {
	const template = `{"Resources":{"A":{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"]}]}}},
		"B":{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["https://b.example"],"AllowedMethods":["GET"]}]}}}}}`
	for _, name := range []string{"B", "Resources.B.Properties.CorsConfiguration"} {
		d, err := convert.Read([]byte(template), convert.ReadOptions{Resource: name})
		require.NoError(t, err)
		require.Equal(t, []string{"https://b.example"}, d.Configuration.CORSRules[0].AllowedOrigins)
	}
	_, err := convert.Read([]byte(template), convert.ReadOptions{})
	var several *convert.AmbiguousError
	require.ErrorAs(t, err, &several)
	require.Equal(t, []string{"A", "B"}, several.Names)
}

func TestCephJudgesByItsOwnRules(t *testing.T) {
	const document = `{"rules":[{"allowed":{"origins":["*"],"methods":["COPY"]}}]}`
	d, err := convert.Read([]byte(document), convert.ReadOptions{Dialect: s3cors.Ceph})
	require.NoError(t, err)
	require.Empty(t, d.Problems)
	d, err = convert.Read([]byte(document), convert.ReadOptions{})
	require.NoError(t, err)
	require.Equal(t, "1.2/method-names", d.Problems[0].Row)
}

func TestTheBucketIsThatOfTheDocument(t *testing.T) {
	for document, want := range map[string]string{
		`{"Bucket":"photos","CORSConfiguration":{"CORSRules":[]}}`:                                                                    "photos",
		`{"bucket":"photos","cors_rule":[{"allowed_origins":["*"]}]}`:                                                                 "photos",
		`{"resource":{"x_cors":{"a":{"bucket":"${x.id}","cors_rule":[{"allowed_origins":["*"]}]}}}}`:                                  "",
		`{"format_version":"1.0","values":{"r":[{"address":"a.b","values":{"bucket":"c","cors_rule":[{"allowed_origins":["*"]}]}}]}}`: "c",
		`[]`: "",
	} {
		d, err := convert.Read([]byte(document), convert.ReadOptions{})
		require.NoError(t, err)
		require.Equal(t, want, d.Bucket, document)
	}
}
