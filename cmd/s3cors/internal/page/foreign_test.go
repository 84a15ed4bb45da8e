package page_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// mendable returns the indexes of the findings with a code that a click mends.
func mendable(v view, code string) []int {
	var all []int
	for _, m := range v.Marks {
		if m.Code == code && m.Finding >= 0 {
			all = append(all, m.Finding)
		}
	}
	return all
}

// What one would paste, with a mistake that is mended in it, and all else as it stands.
func TestAFindingIsMendedInADocumentOfAnotherProduct(t *testing.T) {
	for _, c := range []struct{ format, code, document, old, new string }{
		{"cloudformation", "S3C101", `{
  "Resources": {
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Bucket": {
      "Type": "AWS::S3::Bucket",
      "Properties": {"CorsConfiguration": {"CorsRules": [
        {"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"], "MaxAge": 60}
      ]}}
    }
  }
}`, "com/", "com"},
		{"cloudformation", "S3C121", `{"CorsRules": [{"Id": "x", "AllowedOrigins": ["https://a.example"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["x-amz-acl"]}]}`,
			`"x-amz-acl"`, `"x-amz-acl", "content-type"`},
		{"cloudformation", "S3C120", `{"CorsRules": [{"Id": "x", "AllowedOrigins": ["https://a.example"], "AllowedMethods": ["PUT"]}]}`,
			`["PUT"]`, `["PUT"], "AllowedHeaders": ["content-type"]`},
		{"cdk", "S3C140", `[{"allowedOrigins": ["https://a.example"], "allowedMethods": ["PUT"], "allowedHeaders": ["*"]}]`, `["*"]`, `["*"], "exposeHeaders": ["ETag"]`},
		{"cdk", "S3C101", `[{"allowedOrigins": ["https://a.example/"], "allowedMethods": ["GET"]}]`, "example/", "example"},
		{"terraform-json", "S3C101", `{"resource": {"aws_s3_bucket_cors_configuration": {"main": {"bucket": "b", "cors_rule": [{"allowed_methods": ["GET"], "allowed_origins": ["https://a.example/"]}]}}}}`, "example/", "example"},
		{"r2", "S3C101", `{"rules": [{"allowed": {"origins": ["https://a.example/"], "methods": ["GET"]}}]}`, "example/", "example"},
		{"gcs", "S3C101", `[{"origin": ["https://a.example/", "https://b.example"], "method": ["GET"], "responseHeader": ["ETag"]}]`, "example/", "example"},
		{"gcs", "S3C115", `[{"origin": ["https://a.example", "https://a.example"], "method": ["GET"]}]`, `"https://a.example", `, ""},
		{"gcs-xml", "S3C101", "<CorsConfig><!-- ours --><Cors><Origins><Origin>https://a.example/</Origin></Origins><Methods><Method>GET</Method></Methods></Cors></CorsConfig>", "example/", "example"},
		{"b2", "S3C101", `[{"corsRuleName": "one", "allowedOrigins": ["https://a.example/"], "allowedOperations": ["s3_get"]}]`, "example/", "example"},
		{"json", "S3C101", `{"Bucket": "b", "CORSConfiguration": {"CORSRules": [{"AllowedOrigins": ["https://a.example/"], "AllowedMethods": ["GET"]}]}}`, "example/", "example"},
		{"cloudformation", "S3C004", `{"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["get", "OPTIONS"], "MaxAge": 60}]}`, `"get", "OPTIONS"`, `"GET"`},
	} {
		v := called[view](t, "document", object{"document": c.document})
		require.Equal(t, c.format, v.Format, c.document)
		require.False(t, v.Own)
		code := c.code
		if code == "S3C004" { // of which the problem tells
			code = "InvalidRequest"
		}
		findings := mendable(v, code)
		require.NotEmpty(t, findings, "%s %s %+v", c.format, code, v.Marks)
		got := called[map[string]string](t, "mend", object{"document": c.document, "findings": findings})
		require.Empty(t, cmp.Diff(map[string]string{"document": strings.Replace(c.document, c.old, c.new, 1), "note": ""}, got), c.format)
		require.Empty(t, mendable(called[view](t, "document", object{"document": got["document"]}), code))
	}
}

const anew = "The configuration was written anew; comments, and what stood around it, are gone. Undo brings them back."

func TestADocumentIsWrittenAnewWhereItsTextHasNoPlaceForTheRemedy(t *testing.T) {
	document := `{"rules": [{"allowed": {"origins": ["https://a.example"], "methods": ["PUT"]}}]}`
	v := called[view](t, "document", object{"document": document})
	got := called[map[string]string](t, "mend", object{"document": document, "findings": mendable(v, "S3C120")})
	require.Equal(t, anew, got["note"])
	require.JSONEq(t, `{"rules": [{"allowed": {"origins": ["https://a.example"], "methods": ["PUT"], "headers": ["content-type"]}}]}`, got["document"])
}

func TestWhyARemedyCannotBeAppliedIsSaidBesideTheFinding(t *testing.T) {
	for _, c := range []struct{ code, document, why string }{
		{"S3C140", `[{"origin": ["https://a.example"], "method": ["PUT"], "responseHeader": ["content-type"]}]`,
			"This cannot be mended in the text: the format gcs cannot say it: there is one list of headers for requests and responses: requests may have this one, too."},
		{"S3C120", `{"result": {"rules": [{"allowed": {"origins": ["https://a.example"], "methods": ["PUT"]}}]}, "success": true}`,
			"This cannot be mended in the text: the document holds more than this configuration, and the change does not fit into its text."},
	} {
		v := called[view](t, "document", object{"document": c.document})
		found := false
		for _, m := range v.Marks {
			if m.Code == c.code {
				found = true
				require.Equal(t, -1, m.Finding)
				require.Equal(t, c.why, m.Stuck)
			}
		}
		require.True(t, found, "%+v", v.Marks)
		turned := called[map[string]any](t, "convert", object{"document": c.document, "to": "json"})
		v = called[view](t, "document", object{"document": turned["output"]})
		require.NotEmpty(t, mendable(v, c.code))
	}
}

// A fix of explain leaves a template as it stands but for the rule.
func TestAFixIsAppliedWithinATemplate(t *testing.T) {
	bucket := func(origin string) string {
		return `{"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["` + origin + `"], "AllowedMethods": ["GET"]}]}}}`
	}
	document := `{"Resources": {"One": ` + bucket("https://a.example") + `, "Two": ` + bucket("https://b.example/") + `, "Queue": {"Type": "AWS::SQS::Queue"}}}`
	form := object{"origin": "https://b.example", "method": "GET"}
	got := called[map[string]string](t, "apply", object{"document": document, "resource": "Two", "form": form, "exchange": 0, "fix": 0})
	require.Equal(t, map[string]string{"document": strings.Replace(document, "b.example/", "b.example", 1), "note": ""}, got)
}

// A rule that is new stands behind the others, or before them, and nothing else of a
// template changes.
func TestANewRuleIsPutBesideTheOthersOfATemplate(t *testing.T) {
	for _, c := range []struct {
		document, method, credentials, at, want string
	}{
		{`{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "MaxAge": 60}]}}}}}`,
			"DELETE", "", `"MaxAge": 60}`, `"MaxAge": 60}, {"AllowedMethods":["DELETE"],"AllowedOrigins":["https://b.example"]}`},
		{`{"CorsRules": [{"Id": "x", "AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}`,
			"GET", "include", `{"Id"`, `{"AllowedMethods":["GET"],"AllowedOrigins":["https://b.example"]}, {"Id"`},
		{"{\n  \"success\": true,\n  \"result\": {\"rules\": [\n    {\"allowed\": {\"origins\": [\"*\"], \"methods\": [\"GET\"]}}\n  ]}\n}\n",
			"DELETE", "", `"methods": ["GET"]}}`, "\"methods\": [\"GET\"]}},\n    {\n        \"allowed\": {\n            \"origins\": [\n                \"https://b.example\"\n            ],\n            \"methods\": [\n                \"DELETE\"\n            ]\n        }\n    }"},
	} {
		form := object{"origin": "https://b.example", "method": c.method, "credentials": c.credentials}
		a := called[asked](t, "explain", object{"document": c.document, "form": form})
		var e struct{ Fixes []struct{ Rule *int } }
		require.NoError(t, json.Unmarshal(a.Exchanges[a.Focus].Explain, &e))
		fix := slices.IndexFunc(e.Fixes, func(f struct{ Rule *int }) bool { return f.Rule == nil })
		require.GreaterOrEqual(t, fix, 0)
		got := called[map[string]string](t, "apply", object{"document": c.document, "form": form, "exchange": a.Focus, "fix": fix})
		require.Empty(t, cmp.Diff(map[string]string{"document": strings.Replace(c.document, c.at, c.want, 1), "note": ""}, got))
	}
}
