package page_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What people brought to public threads when CORS failed them, in other words: what they
// would type into the page, and what it has to tell them.
func TestPeopleInTroubleAreToldWhatHelps(t *testing.T) {
	for _, c := range []struct {
		name, document string
		marks          []string // the code, and what the message and the cure hold
		form           object
		outcome        string
		says           []string // what the summary, or the places to look at, hold
	}{
		{"the members of one rule are torn apart, in parameters of an SDK",
			`{"Bucket": "b.example", "CORSConfiguration": {"CORSRules": [{"AllowedHeaders": ["*"]}, {"AllowedMethods": ["GET"]}, {"AllowedOrigins": ["*"]}]}}`,
			[]string{"S3C013 parameter object of an SDK call", "S3C003 put all their members between one"}, nil, "", nil},
		{"a rule of XML has a time only", "<CORSConfiguration><CORSRule><MaxAgeSeconds>3600</MaxAgeSeconds></CORSRule></CORSConfiguration>",
			[]string{"S3C003 neither AllowedOrigin nor AllowedMethod"}, nil, "", nil},
		{"ExposeHeader in CloudFormation", `{"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"], "ExposeHeader": ["ETag"], "MaxAge": 3000}]}}`,
			[]string{"lost it writes ExposedHeaders"}, nil, "", nil},
		{"ExposedHeaders in S3's JSON", `{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"], "ExposedHeaders": ["ETag"]}]}`,
			[]string{"S3C013 write ExposeHeaders"}, nil, "", nil},
		{"OPTIONS among the methods", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedMethod>OPTIONS</AllowedMethod><AllowedHeader>Authorization</AllowedHeader></CORSRule></CORSConfiguration>",
			[]string{"S3C004 remove OPTIONS", "S3C121 Content-Type"}, nil, "", nil},
		{"a string in place of a list", `{"CORSRules": [{"AllowedHeaders": "Authorization"}]}`, []string{`S3C016 write ["Authorization"]`, "S3C003 neither AllowedOrigins nor AllowedMethods"}, nil, "", nil},
		{"a fragment", "\"AllowedOrigins\": [\n  \"http://localhost\",\n  \"https://proxy.example.gov/\"\n],\n", []string{"S3C015 a fragment of JSON"},
			object{"origin": "https://proxy.example.gov", "method": "GET"}, "invalid-configuration", []string{"ends in a slash"}},
		{"a star without quotes", `[{"AllowedHeaders": [*], "AllowedMethods": ["GET"], "AllowedOrigins": ["https://a.example"]}]`, []string{`S3C015 write "*"`}, nil, "", nil},
		{"a string that is closed by another quote", "[{\"AllowedMethods\": [\"GET\"], \"AllowedOrigins\": [\"*\"], \"ExposeHeaders\": [\"ETag\", \"Date']}]", []string{`S3C015 write "Date"`}, nil, "", nil},
		{"https for every secure origin", "<CORSConfiguration><CORSRule><AllowedOrigin>https</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			[]string{`S3C102 every secure one as "https://*"`}, object{"origin": "https://www.example.com", "method": "GET"}, "no-match", []string{`https://*`}},
		{"a time of zero", `[{"AllowedHeaders": ["*"], "AllowedMethods": ["POST"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 0}]`, []string{"S3C152 "},
			object{"origin": "https://app.example.com", "method": "POST", "headers": "content-type: image/png"}, "granted", nil},
		{"Terraform's own language", "resource \"aws_s3_bucket_cors_configuration\" \"a\" {\n  bucket = \"b\"\n  cors_rule {\n    allowed_methods = [\"PATCH\"]\n  }\n}\n",
			[]string{`S3C012 write the rules in one of them take what "terraform show -json" prints`}, nil, "", nil},
		{"Google's list has a header of answers", `[{"origin": ["*"], "method": ["PUT"], "responseHeader": ["Access-Control-Allow-Origin", "Authorization"], "maxAgeSeconds": 5}]`,
			[]string{"S3C124 take it out"}, object{"origin": "https://a.example", "method": "PUT", "headers": "content-type: image/png\ncontent-md5: x"}, "no-match", []string{`add "content-md5" and "content-type" to AllowedHeaders of rule 0`}},
		{"wildcards where there are none", `[{"AllowedOrigins": ["*"], "AllowedMethods": ["*"], "AllowedHeaders": ["*"], "ExposeHeaders": ["*"]}]`,
			[]string{"S3C004 there is no wildcard for methods", "S3C007 list each header"}, nil, "", nil},
		{"a comment in place of the origin", "<CORSConfiguration><CORSRule><AllowedOrigin><!-- yours --></AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			[]string{"S3C108 write the origin of the page"}, object{"origin": "https://browser.example.org", "method": "GET"}, "no-match", []string{"write the origin of the page there"}},
		{"the SDK's headers are not allowed", "<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", nil,
			object{"origin": "https://a.example", "method": "GET", "headers": "authorization: a\nx-amz-content-sha256: b\nx-amz-date: c\nx-amz-security-token: d"}, "no-match", []string{`add "authorization" and "x-amz-*" to AllowedHeaders of rule 0`}},
		{"an extension has another id at each installation", `[{"AllowedOrigins": ["chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh"], "AllowedMethods": ["GET"]}]`, []string{"S3C111 "},
			object{"origin": "moz-extension://0a1b2c3d-0000-4000-8000-000000000001", "method": "GET"}, "no-match", []string{`list "moz-extension://*"`}},
		{"a reader of parts cannot read how long it is", `[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["range"], "ExposeHeaders": ["ETag"]}]`, []string{"S3C141 "},
			object{"origin": "https://app.example.com", "method": "GET", "headers": "range: bytes=0-1", "read": "Content-Range"}, "granted", []string{`Add "Content-Range"`}},
		{"HEAD is not GET", `[{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}]`, []string{"S3C130 "},
			object{"origin": "https://a.example", "method": "HEAD"}, "no-match", []string{"GET does not stand for HEAD"}},
		{"the scheme is missing before a star", "<CORSConfiguration><CORSRule><AllowedOrigin>localhost:*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			[]string{"S3C102 write http://localhost:*"}, object{"origin": "http://localhost:4200", "method": "GET"}, "no-match", []string{`replace "localhost:*" by "http://localhost:*"`}},
		{"the page of an app is a file", `[{"AllowedOrigins": ["http://*", "https://*"], "AllowedMethods": ["GET"]}]`, []string{"S3C201 "},
			object{"origin": "file://", "method": "GET"}, "no-match", []string{`list "file://", or "*"`}},
		{"an old Safari asks for what no browser of today does", `[{"AllowedOrigins": ["*", "http://localhost:3000"], "AllowedMethods": ["POST"], "AllowedHeaders": ["content-type"]}]`, []string{"S3C112 has no effect"},
			object{"origin": "http://localhost:3000", "method": "OPTIONS", "headers": "Access-Control-Request-Method: POST\nAccess-Control-Request-Headers: accept, origin"}, "no-match", []string{"old ones and apps do"}},
		{"a bucket without one", "", nil, object{"origin": "http://localhost:8080", "method": "GET"}, "not-enabled", []string{"give the bucket a configuration"}},
		{"the region is another one", `[{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"], "ExposeHeaders": ["ETag"], "MaxAgeSeconds": 600}]`, nil,
			object{"origin": "https://a.example", "method": "PUT", "headers": "content-type: a/b"}, "granted", []string{"look elsewhere", "redirect-region", "another region"}},
		{"a picture without crossorigin filled the cache", `[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET", "HEAD"]}]`, []string{"S3C501 crossorigin"},
			object{"origin": "https://app.example.com", "method": "GET"}, "granted", []string{"cached-without-cors", "fetched without Origin"}},
		{"XML has the name of JSON", "<CORSConfiguration><CORSRule><AllowedOrigin>console.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeaders>*</AllowedHeaders></CORSRule></CORSConfiguration>",
			[]string{"S3C013 write AllowedHeader", "S3C102 write https://console.example.com"}, nil, "", nil},
		{"a whole request out of a guide", "PUT /?cors HTTP/1.1\nHost: b.example\n\n<CorsConfig><Cors><Origins><Origin>*</Origin></Origins></Cors></CorsConfig>", []string{"S3C015 keep what stands behind the first empty line"}, nil, "", nil},
		{"a variable that nobody filled in", `[{"AllowedOrigins": ["${APP_ORIGIN}"], "AllowedMethods": ["GET"]}]`, []string{"S3C109 write the origin of the page"},
			object{"origin": "https://app.example.com", "method": "GET"}, "no-match", []string{"was never filled in"}},
		{"the document of another framework", `<mvc:cors><mvc:mapping path="/api/**" allowed-origins="*"/></mvc:cors>`, []string{"S3C012 a configuration of Spring"}, nil, "", nil},
	} {
		v := called[view](t, "document", object{"document": c.document})
		for _, want := range c.marks {
			code, holds, _ := strings.Cut(want, " ")
			found := false
			for _, m := range v.Marks {
				found = found || (m.Code == code || m.Severity == code) && strings.Contains(m.Message+" "+m.Suggestion, holds)
			}
			require.True(t, found, "%s: %s in %+v", c.name, want, v.Marks)
		}
		if c.form == nil {
			continue
		}
		a := called[asked](t, "explain", object{"document": c.document, "form": c.form})
		var e struct{ Outcome string }
		require.NoError(t, json.Unmarshal(a.Exchanges[a.Focus].Explain, &e))
		require.Equal(t, c.outcome, e.Outcome, c.name)
		for _, want := range c.says {
			require.Contains(t, string(a.Exchanges[a.Focus].Explain), strings.ReplaceAll(want, `"`, `\"`), c.name)
		}
	}
}
