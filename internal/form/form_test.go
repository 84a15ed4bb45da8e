package form

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

var samples = []struct {
	name string
	form Form
	text string
}{
	{"nothing", Empty, ""},
	{"blanks and marks that nobody sees", Empty, "\ufeff \r\n\t\u00a0\u200b"},
	{"the body of PUT ?cors", S3XML, `<?xml version="1.0"?><!-- x --><CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule/></CORSConfiguration>`},
	{"its root in other letters", S3XML, "<CorsConfiguration><CORSRule>"},
	{"its root with a prefix", S3XML, `<s3:CORSConfiguration xmlns:s3="u">`},
	{"its rules in another root", S3XML, "<Configuration2><CORSRule>"},
	{"the object of the command line", CLI, `{"CORSRules": [{"AllowedOrigins": ["*"], "ExposedHeaders": [], "MaxAge": 3}]}`},
	{"an object that is empty", CLI, "{}"},
	{"the object, misspelt", CLI, `{"corsRules": [{"AllowedOrigins": ["*"]}]}`},
	{"the nested object", Nested, `{"CORSConfiguration": {"CORSRules": []}}`},
	{"the array of the console", Console, `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`},
	{"an array that is empty", Console, "[]"},
	{"an array of what is no rule", Console, "[1, 2]"},
	{"the array, one bracket too many", Console, `[[{"AllowedOrigins": ["*"]}]]`},
	{"the array with every slip", Console, "[{'AllowedOrigins': [*], // x\n “AllowedMethods”: ['GET',],}"},
	{"the array with one name of CloudFormation", Console, `[{"AllowedOrigins": ["*"], "ExposedHeaders": []}]`},
	{"a single rule", SingleRule, `{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}`},
	{"the parameters of an SDK", Parameters, `{"Bucket": "b", "CORSConfiguration": {"CORSRules": []}}`},
	{"the rules beside a bucket", Parameters, `{"Bucket": "b", "CORSRules": []}`},
	{"the response of boto3", Response, `{"ResponseMetadata": {"HTTPStatusCode": 200}, "CORSRules": []}`},
	{"the response of the SDK for JavaScript", Response, `{"$metadata": {}, "CORSRules": []}`},

	{"names in small letters", SmallLetters, `[{"allowedOrigins": ["*"], "allowedMethods": ["GET"], "maxAgeSeconds": 5}]`},
	{"a property of CloudFormation", CloudFormation, `{"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "ExposeHeader": []}]}}`},
	{"the rules of CloudFormation", CloudFormation, `{"CorsRules": []}`},
	{"an array with two names of CloudFormation", CloudFormation, `[{"AllowedOrigins": ["*"], "ExposedHeaders": [], "MaxAge": 3}]`},
	{"a template", Template, `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"B": {"Properties": {"CorsConfiguration": {"CorsRules": []}}}}}`},
	{"a template without its version", Template, `{"Resources": {"B": {"Type": "AWS::S3::Bucket", "Properties": {"CorsConfiguration": {"CorsRules": []}}}}}`},
	{"a template without rules", OtherTemplate, `{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"B": {"Type": "AWS::S3::Bucket"}}}`},
	{"the shorthand of the AWS CLI", Shorthand, `CORSRules=[{AllowedOrigins=["*"]}]`},
	{"what wrangler reads", R2, `{"rules": [{"allowed": {"origins": ["*"], "methods": ["GET"]}}]}`},
	{"its rules alone", R2, `[{"allowed": {"origins": ["*"]}}]`},
	{"what gsutil reads", GCS, `[{"origin": ["*"], "method": ["GET"], "responseHeader": ["*"], "maxAgeSeconds": 5}]`},
	{"a bucket of Google", GCS, `{"cors": [{"origin": ["*"], "method": ["GET"]}]}`},
	{"Google's XML", GCSXML, "<CorsConfig><Cors>"},
	{"rules of B2", B2, `[{"corsRuleName": "x", "allowedOrigins": ["*"], "allowedOperations": ["s3_put"], "maxAgeSeconds": 5}]`},
	{"rules of the CDK", CDK, `[{"allowedOrigins": ["*"], "allowedMethods": ["GET"], "maxAge": 5}]`},
	{"the property of the CDK", CDK, `{"cors": [{"allowedOrigins": ["*"], "allowedMethods": ["GET"]}]}`},
	{"a resource of Terraform", TerraformJSON, `{"resource": {"aws_s3_bucket_cors_configuration": {"x": {"cors_rule": []}}}}`},
	{"rules of Terraform", TerraformJSON, `[{"allowed_origins": ["*"]}]`},
	{"rules of Azure", AzureJSON, `[{"allowedOrigins": ["*"], "maxAgeInSeconds": 5}]`},
	{"Azure's XML", AzureXML, "<Cors><CorsRule>"},
	{"Azure's whole XML", AzureXML, "<StorageServiceProperties><Cors>"},
	{"a document of YAML", YAML, "CORSRules:\n  - AllowedOrigins:\n      - '*'\n"},
	{"a document of YAML with braces", YAML, "CORSRules: [{AllowedOrigins: ['*']}]"},
	{"a document of YAML that begins with dashes", YAML, "---\ncors: x\n"},
	{"a list of YAML", YAML, "- AllowedOrigins: ['*']\n"},
	{"a comment and YAML", YAML, "# the rules\nrules:\n  - x: y\n"},
	{"a template in YAML", CloudFormationYAML, "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  B:\n    Type: AWS::S3::Bucket\n"},
	{"a property of a template in YAML", CloudFormationYAML, "CorsConfiguration:\n  CorsRules:\n    - AllowedOrigins: ['*']\n"},
	{"a resource of HCL", HCL, "resource \"aws_s3_bucket\" \"b\" {\n  cors_rule {\n"},
	{"a block of HCL", HCL, "cors_rule {\n  allowed_origins = [\"*\"]\n}"},
	{"a value of HCL", HCL, "allowed_origins = [\"*\"]\n"},
	{"a comment and HCL", HCL, "# bucket\nresource \"aws_s3_bucket\" \"b\" {\n"},

	{"a bucket policy", BucketPolicy, `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}]}`},
	{"API Gateway", APIGateway, `{"AllowOrigins": ["*"], "AllowMethods": ["GET"], "AllowCredentials": true}`},
	{"API Gateway in a template's words", APIGateway, `{"CorsConfiguration": {"AllowOrigins": ["*"]}}`},
	{"the URL of a function", LambdaURL, `{"FunctionUrl": "https://x", "Cors": {"AllowOrigins": ["*"]}}`},
	{"CloudFront", CloudFront, `{"CorsConfig": {"AccessControlAllowOrigins": {"Items": ["*"]}}}`},
	{"a lifecycle", OtherS3JSON, `{"Rules": [{"ID": "x", "Status": "Enabled", "Expiration": {"Days": 1}}]}`},
	{"an ACL", OtherS3JSON, `{"Owner": {"ID": "x"}, "Grants": []}`},
	{"a lifecycle in XML", OtherS3XML, "<LifecycleConfiguration><Rule>"},
	{"a listing", S3Answer, "<ListBucketResult>"},
	{"a message of the AWS CLI", S3Error, "An error occurred (MalformedXML) when calling the PutBucketCors operation: The XML you provided"},
	{"a message of Chromium", BrowserMessage, "Access to fetch at 'https://b.example/k' from origin 'https://a.example' has been blocked by CORS policy: No"},
	{"options of Express", Middleware, `{"origin": "*", "methods": "GET", "optionsSuccessStatus": 204}`},
	{"a template of Jinja", Placeholder, "{{ cors }}"},
	{"a template of ERB", Placeholder, "<%= cors %>"},
	{"an error", S3Error, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchCORSConfiguration</Code></Error>`},
	{"a page", HTML, "<!DOCTYPE html>\n<html>"},
	{"a page without its type", HTML, "<html><head>"},
	{"crossdomain.xml", Flash, `<?xml version="1.0"?><!DOCTYPE cross-domain-policy SYSTEM "x"><cross-domain-policy>`},
	{"clientaccesspolicy.xml", Silverlight, "<access-policy>"},
	{"web.config", IIS, "<configuration><system.webServer>"},
	{"Spring", Spring, "<mvc:cors>"},
	{"web.xml", WebXML, "<web-app>"},
	{"header fields", HeaderFields, "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET"},
	{"nginx", WebServer, "add_header Access-Control-Allow-Origin *;"},
	{"nginx, in a block", WebServer, "location / {\n add_header 'Access-Control-Allow-Origin' '*';\n}"},
	{"Apache", WebServer, `Header set Access-Control-Allow-Origin "*"`},
	{"vercel.json", WebHost, `{"headers": [{"source": "/(.*)", "headers": [{"key": "x"}]}]}`},
	{"a description of an API", OpenAPI, `{"openapi": "3.0.0", "paths": {}}`},
	{"a HAR file", HAR, `{"log": {"version": "1.2", "entries": []}}`},
	{"an environment", Properties, "MINIO_API_CORS_ALLOW_ORIGIN=https://x\n"},
	{"settings", Properties, "s3proxy.cors-allow-origins=*\n"},
	{"JavaScript", ProgramCode, "const params = {Bucket: 'b'};"},
	{"Python", ProgramCode, "import boto3\ns3 = boto3.client('s3')\n"},
	{"a value of Python", ProgramCode, "cors_configuration = {\n  'CORSRules': [{}]\n}\n"},
	{"PHP", ProgramCode, "<?php return [];"},
	{"a merge", MergeConflict, "<<<<<<< HEAD\n[]\n=======\n"},
	{"a patch", Patch, "--- a/cors.json\n+++ b/cors.json\n@@ -1 +1 @@\n"},
	{"an address", URL, "file://cors.json"},
	{"a name", FileName, "cors.json\n"},

	{"a fragment", JSONFragment, `"AllowedOrigins": ["*"],`},
	{"the rest of a document", JSONRest, `}, {"AllowedOrigins": ["*"]}]`},
	{"a rule of XML", XMLFragment, "<CORSRule><AllowedOrigin>"},
	{"a value of XML", XMLFragment, "<AllowedOrigin>*</AllowedOrigin>"},
	{"a sentence before XML", Preceded, "Here it is:\n<CORSConfiguration>"},
	{"a sentence before JSON", Preceded, "My rules\n\n  [{\"AllowedOrigins\": []}]"},
	{"a comment of JavaScript", CommentedJSON, "// rules\n/* x */ [{}]"},
	{"a comment of YAML", CommentedJSON, "# rules\n{}"},
	{"a fence", Fenced, "```json\n[{}]\n```"},
	{"a request", HTTPRequest, "PUT /?cors HTTP/1.1\r\nHost: x\r\n\r\n<CORSConfiguration/>"},
	{"a request without its version", HTTPRequest, "PUT /?cors\nHost: x\n\n<CORSConfiguration/>"},
	{"a response", HTTPResponse, "HTTP/1.1 200 OK\r\n\r\n"},
	{"curl", CurlCommand, "curl -X PUT 'https://x/?cors' -d @cors.xml"},
	{"curl behind a prompt", CurlCommand, "$ curl -v x"},
	{"the command line", ShellCommand, "aws s3api put-bucket-cors --bucket b"},
	{"a string with JSON in it", JSONString, `"{\"CORSRules\": []}"`},
	{"a string with XML in it", JSONString, `"<CORSConfiguration>"`},
	{"JSON in the quotes of a shell", JSONString, `'{"CORSRules": []}'`},
	{"a string", JSONScalar, `"*"`},
	{"a number", JSONScalar, " 3000\n"},
	{"null", JSONScalar, "null"},
	{"escaped XML", EscapedXML, "&lt;CORSConfiguration&gt;"},
	{"the encoding of URLs", URLEncoded, "%7B%22CORSRules%22"},
	{"base64", Base64, "eyJDT1JTUnVsZXMiOiBbXX0="},
	{"UTF-16 with a mark", UTF16, "\xff\xfe[\x00]\x00"},
	{"UTF-16 without a mark", UTF16, "\x00<\x00C\x00O\x00R"},
	{"UTF-32", UTF32, "\xff\xfe\x00\x00[\x00\x00\x00"},
	{"rich text", RTF, `{\rtf1\ansi`},
	{"gzip", Binary, "\x1f\x8b\x08"},
	{"bytes with a zero", Binary, "ab\x00\x01\xff"},

	{"an object of something else", Unknown, `{"name": "x", "version": 1}`},
	{"an element of something else", Unknown, "<svg/>"},
	{"a sentence with a colon", Unknown, "Note: see below"},
	{"a message of the server", S3Error, "Error: NoSuchCORSConfiguration"},
	{"a sentence", Unknown, "Please allow our site."},
	{"a less-than sign", Unknown, "<"},
}

func TestAFormIsNamedByItsContent(t *testing.T) {
	for _, row := range samples {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.form.String(), Of([]byte(row.text)).String())
		})
	}
}

func TestWhatIsNotSeenBeforeADocumentDoesNotMatter(t *testing.T) {
	for _, before := range []string{"\ufeff", "\ufeff\ufeff", " \r\n", "\u00a0", "\u200b", "\u2028\v\f"} {
		require.Equal(t, R2, Of([]byte(before+`{"rules": [{"allowed": {"origins": []}}]}`)), "%q", before)
	}
}

func TestEveryFormHasAName(t *testing.T) {
	seen := make(map[string]bool)
	for _, row := range samples {
		name := row.form.String()
		require.Regexp(t, "^(an? |the |another |XML|JSON|program|text)", name)
		require.NotContains(t, name+row.form.Advice(), "..")
		seen[name] = true
	}
	named := 1 // Unknown
	for _, name := range names {
		if name != "" {
			named++
		}
	}
	require.Len(t, seen, named)
}

func TestANumberThatIsNoFormIsUnknown(t *testing.T) {
	require.Equal(t, "a document of an unknown form", Form(255).String())
	require.Empty(t, Form(255).Advice())
	require.False(t, Form(255).Converts())
}

func TestWhatConvertReads(t *testing.T) {
	for _, f := range []Form{S3XML, CLI, Nested, Console, Parameters, Response, SmallLetters, CloudFormation, Template, R2, GCS, GCSXML, B2, CDK, TerraformJSON} {
		require.True(t, f.Converts(), f)
	}
	for _, f := range []Form{Unknown, Empty, SingleRule, AzureJSON, AzureXML, OtherTemplate, Shorthand, YAML, CloudFormationYAML, HCL, BucketPolicy, APIGateway, JSONFragment, UTF16} {
		require.False(t, f.Converts(), f)
	}
}

func TestWhatStandsInsideOfAnotherDocument(t *testing.T) {
	for _, row := range []struct {
		name, text string
		form       Form
		rest       string
	}{
		{"a request", "PUT /?cors HTTP/1.1\nHost: x\n\n<?xml version=\"1.0\"?>\n<CorsConfig/>", GCSXML, "<?xml version=\"1.0\"?>\n<CorsConfig/>"},
		{"a request with line ends of HTTP", "PUT /?cors HTTP/1.1\r\nHost: x\r\n\r\n[{\"AllowedOrigins\": []}]", Console, `[{"AllowedOrigins": []}]`},
		{"a request without a body", "GET /?cors HTTP/1.1\r\n\r\n", Unknown, ""},
		{"a fence", "```json\n  [{\"origin\": [], \"method\": []}]\n```\n", GCS, "[{\"origin\": [], \"method\": []}]\n```"},
		{"a sentence", "My rules:\n[{\"AllowedOrigins\": []}]", Console, `[{"AllowedOrigins": []}]`},
		{"a comment", "// x\n{\"CORSRules\": []}", CLI, `{"CORSRules": []}`},
		{"a command", "aws s3api put-bucket-cors --cors-configuration '{\"CORSRules\": []}'", CLI, `{"CORSRules": []}'`},
		{"a document itself", "[]", Unknown, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			f, start := Inside([]byte(row.text))
			require.Equal(t, row.form.String(), f.String())
			if f != Unknown {
				require.Equal(t, row.rest, strings.TrimSpace(row.text[start:]))
			}
		})
	}
}

func TestADocumentOfManyKeysHoldsLittle(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("{")
	for i := range 100_000 {
		b.WriteString(`"` + strings.Repeat("k", i%90) + string(rune('a'+i%26)) + `": {`)
	}
	o := outlineOf(b.Bytes())
	require.LessOrEqual(t, len(o.keys), maxKeys)
	require.Equal(t, Unknown, Of(b.Bytes()))
}

func FuzzForm(f *testing.F) {
	for _, row := range samples {
		f.Add([]byte(row.text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		form := Of(data)
		require.Equal(t, form, Of(bytes.Clone(data)))
		require.True(t, utf8.ValidString(form.String()+form.Advice()))
		inside, start := Inside(data)
		require.True(t, 0 <= start && start <= len(data))
		if inside != Unknown {
			require.Equal(t, inside, Of(data[start:]))
		}
	})
}
