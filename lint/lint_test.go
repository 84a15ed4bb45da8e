package lint_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/lint"
)

// rule returns a document in JSON of one rule that has some members, and of the others
// those about which there is nothing to say.
func rule(members ...string) string {
	fill := []string{`"AllowedOrigins":["https://app.example.com"]`, `"AllowedMethods":["GET","HEAD"]`, `"AllowedHeaders":["range","if-match"]`,
		`"ExposeHeaders":["Accept-Ranges","Content-Length","Content-Range","ETag"]`, `"MaxAgeSeconds":3000`}
	for _, given := range members {
		name, _, _ := strings.Cut(given, ":")
		fill = slices.DeleteFunc(fill, func(member string) bool { return strings.HasPrefix(member, name+":") })
	}
	all := slices.DeleteFunc(append(fill, members...), func(member string) bool { return strings.HasSuffix(member, ":none") })
	return "[{" + strings.Join(all, ",") + "}]"
}

func origin(value string) string { return rule(fmt.Sprintf(`"AllowedOrigins":[%q]`, value)) }

// found returns code and path of each finding, but for S3C501, which most rules have.
func found(document string, opts lint.Options) []string {
	list := []string{}
	for _, f := range lint.Check([]byte(document), opts).Findings {
		if f.Code != lint.CacheWithoutVary {
			list = append(list, strings.TrimSpace(string(f.Code)+" "+strings.TrimPrefix(strings.TrimPrefix(f.Path, "CORSRules[0]"), ".")))
		}
	}
	return list
}

// TestFindings shows each code that is not one of a refused document.
func TestFindings(t *testing.T) {
	shown := map[lint.Code]bool{lint.CacheWithoutVary: true}
	for _, tt := range []struct {
		name, document string
		want           []string
	}{
		{"a rule with nothing to say about", rule(), []string{}},
		{"an origin with a slash", origin("https://a.example.com/"), []string{"S3C101 AllowedOrigins[0]"}},
		{"an origin with a path and a star", origin("https://a.example.com/*"), []string{"S3C101 AllowedOrigins[0]"}},
		{"an origin with a query", origin("https://a.example.com?x"), []string{"S3C101 AllowedOrigins[0]"}},
		{"a pattern with a slash", origin("https://*.example.com/"), []string{"S3C101 AllowedOrigins[0]"}},
		{"a host without its scheme", origin("a.example.com"), []string{"S3C102 AllowedOrigins[0]"}},
		{"the word https", origin("https"), []string{"S3C102 AllowedOrigins[0]"}},
		{"a pattern of ports without a scheme", origin("localhost:*"), []string{"S3C102 AllowedOrigins[0]"}},
		{"a port that is none", origin("https://a.example.com:port"), []string{"S3C102 AllowedOrigins[0]"}},
		{"a port beyond 65535", origin("https://a.example.com:70000"), []string{"S3C102 AllowedOrigins[0]"}},
		{"a name of a user", origin("https://me@a.example.com"), []string{"S3C102 AllowedOrigins[0]"}},
		{"a word", origin("everybody"), []string{"S3C102 AllowedOrigins[0]"}},
		{"the default port of https", origin("https://a.example.com:443"), []string{"S3C103 AllowedOrigins[0]"}},
		{"the default port of http", origin("http://a.example.com:80"), []string{"S3C103 AllowedOrigins[0]"}},
		{"the port of the other scheme", origin("https://a.example.com:80"), []string{}},
		{"a host in capitals", origin("https://A.example.com"), []string{"S3C104 AllowedOrigins[0]"}},
		{"a scheme in capitals", origin("HTTPS://a.example.com"), []string{"S3C104 AllowedOrigins[0]"}},
		{"a pattern in capitals", origin("https://*.Example.com"), []string{"S3C104 AllowedOrigins[0]"}},
		{"a host with an umlaut", origin("https://bücher.example"), []string{"S3C105 AllowedOrigins[0]"}},
		{"a blank behind an origin", origin("https://a.example.com "), []string{"S3C106 AllowedOrigins[0]"}},
		{"a star with a blank", origin(" *"), []string{"S3C106 AllowedOrigins[0]"}},
		{"two origins in one", origin("https://a.example.com, https://b.example.com"), []string{"S3C107 AllowedOrigins[0]"}},
		{"two origins in one, with a blank between", origin("https://a.example.com https://b.example.com"), []string{"S3C107 AllowedOrigins[0]"}},
		{"an empty origin", origin(""), []string{"S3C108 AllowedOrigins[0]"}},
		{"a variable", origin("${ORIGIN}"), []string{"S3C109 AllowedOrigins[0]"}},
		{"a template", origin("https://{{ domain }}"), []string{"S3C109 AllowedOrigins[0]"}},
		{"a domain of an example", origin("https://your-domain.com"), []string{"S3C109 AllowedOrigins[0]"}},
		{"a word in angle brackets", origin("<origin>"), []string{"S3C109 AllowedOrigins[0]"}},
		{"an escaped star", origin(`\*`), []string{"S3C109 AllowedOrigins[0]"}},
		{"a pattern without its apex", origin("https://*.example.com"), []string{"S3C110 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a pattern with its apex", rule(`"AllowedOrigins":["https://*.example.com","https://example.com"]`), []string{"S3C403 AllowedOrigins[0]"}},
		{"an app", origin("capacitor://localhost"), []string{"S3C111 AllowedOrigins[0]"}},
		{"an extension", origin("moz-extension://0a1b2c3d-0000-4000-8000-000000000001"), []string{"S3C111 AllowedOrigins[0]"}},
		{"an origin beside the star", rule(`"AllowedOrigins":["https://a.example.com","*"]`), []string{"S3C112 AllowedOrigins[0]"}},
		{"an origin twice", rule(`"AllowedOrigins":["https://a.example.com","https://a.example.com"]`), []string{"S3C115 AllowedOrigins[1]"}},
		{"a local origin", origin("http://localhost:3000"), []string{"S3C116 CORSRules"}},
		{"an address of a private network", origin("http://192.168.1.7"), []string{"S3C116 CORSRules"}},
		{"localhost without a port", rule(`"AllowedOrigins":["http://localhost","https://a.example.com"]`), []string{"S3C117 AllowedOrigins[0]"}},
		{"localhost with TLS", rule(`"AllowedOrigins":["https://localhost:3000","https://a.example.com"]`), []string{"S3C118 AllowedOrigins[0]"}},
		{"PUT without headers", rule(`"AllowedMethods":["PUT"]`, `"AllowedHeaders":none`), []string{"S3C120 AllowedMethods[0]"}},
		{"POST without Content-Type", rule(`"AllowedMethods":["POST"]`, `"AllowedHeaders":["x-amz-*"]`), []string{"S3C122 AllowedMethods[0]", "S3C121 AllowedMethods[0]", "S3C404 AllowedHeaders[0]"}},
		{"DELETE without headers", rule(`"AllowedMethods":["DELETE"]`, `"AllowedHeaders":none`), []string{}},
		{"a header that scripts cannot set", rule(`"AllowedHeaders":["range","if-match","host","sec-fetch-mode"]`), []string{"S3C123 AllowedHeaders[2]", "S3C123 AllowedHeaders[3]"}},
		{"response headers that are allowed", rule(`"AllowedHeaders":["range","if-match","etag","access-control-allow-origin"]`), []string{"S3C124 AllowedHeaders[2]", "S3C124 AllowedHeaders[3]"}},
		{"GET without HEAD", rule(`"AllowedMethods":["GET"]`), []string{"S3C130 AllowedMethods[0]"}},
		{"an upload without ETag", rule(`"AllowedMethods":["PUT"]`, `"AllowedHeaders":["*"]`, `"ExposeHeaders":[]`), []string{"S3C140 AllowedMethods[0]"}},
		{"a reader of ranges without headers", rule(`"ExposeHeaders":["ETag"]`, `"AllowedHeaders":[]`), []string{"S3C141 AllowedMethods[0]"}},
		{"request headers that are exposed", rule(`"ExposeHeaders":["Accept-Ranges","Content-Length","Content-Range","ETag","Authorization"]`), []string{"S3C142 ExposeHeaders[4]"}},
		{"a cookie that is exposed", rule(`"ExposeHeaders":["Accept-Ranges","Content-Length","Content-Range","ETag","Set-Cookie"]`), []string{"S3C143 ExposeHeaders[4]"}},
		{"a CORS header that is exposed", rule(`"ExposeHeaders":["Accept-Ranges","Content-Length","Content-Range","ETag","Access-Control-Allow-Origin"]`), []string{"S3C144 ExposeHeaders[4]"}},
		{"no age", rule(`"MaxAgeSeconds":none`), []string{"S3C150"}},
		{"an age beyond Chromium", rule(`"MaxAgeSeconds":7201`), []string{"S3C151 MaxAgeSeconds"}},
		{"an age beyond Firefox", rule(`"MaxAgeSeconds":86401`), []string{"S3C151 MaxAgeSeconds"}},
		{"an age of 0", rule(`"MaxAgeSeconds":0`), []string{"S3C152 MaxAgeSeconds"}},
		{"a negative age", rule(`"MaxAgeSeconds":-1`), []string{"S3C010 MaxAgeSeconds"}},
		{"an age of more than 32 bits", rule(`"MaxAgeSeconds":2147483648`), []string{"S3C010 MaxAgeSeconds"}},
		{"a pattern without a dot", origin("https://*example.com"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a pattern that is open at its end", origin("https://example.com*"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a pattern of top-level domains", origin("https://example.*"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"every host with TLS", origin("https://*"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a letter and a star", origin("h*"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"every host at one port", origin("https://*:8443"), []string{"S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a local name that is open at its end", origin("http://localhost*"), []string{"S3C201 AllowedOrigins[0]", "S3C203 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"hosts of a shared domain", origin("https://*.vercel.app"), []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a shared domain without a scheme", origin("*.vercel.app"), []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a part of the names of a shared domain", origin("https://*-team.vercel.app"), []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a top-level domain", origin("https://*.com"), []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a registry of a country", origin("https://*.co.uk"), []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a part of the names of a domain", rule(`"AllowedOrigins":["https://*-preview.example.com"]`), []string{"S3C403 AllowedOrigins[0]"}},
		{"an origin without TLS", origin("http://a.example.com"), []string{"S3C203 AllowedOrigins[0]"}},
		{"writes for everybody", rule(`"AllowedOrigins":["*"]`, `"AllowedMethods":["PUT"]`, `"AllowedHeaders":["*"]`), []string{"S3C204 AllowedOrigins[0]"}},
		{"the origin null", origin("null"), []string{"S3C206 AllowedOrigins[0]"}},
		{"a pattern of null", origin("n*"), []string{"S3C206 AllowedOrigins[0]", "S3C201 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a star for the scheme", origin("*://a.example.com"), []string{"S3C207 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a star for the scheme and a part of the host", rule(`"AllowedOrigins":["*.example.com","https://example.com"]`), []string{"S3C207 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a star for a letter of the scheme", origin("http*://a.example.com"), []string{"S3C207 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}},
		{"a star for the port", rule(`"AllowedOrigins":["https://a.example.com:*"]`), []string{"S3C402 AllowedOrigins[0]"}},
		{"a star for a local port", rule(`"AllowedOrigins":["http://localhost:*","https://a.example.com"]`), []string{"S3C402 AllowedOrigins[0]"}},
		{"a header in capitals", rule(`"AllowedHeaders":["Range","if-match"]`), []string{"S3C405 AllowedHeaders[0]"}},
		{"an ID", rule(`"ID":"a"`), []string{"S3C407 ID"}},
		{"a long ID", rule(fmt.Sprintf(`"ID":%q`, strings.Repeat("x", 256))), []string{"S3C009 ID"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := found(tt.document, lint.Options{})
			require.Empty(t, cmp.Diff(sorted(tt.want), sorted(got)), tt.document)
			for _, text := range got {
				shown[lint.Code(text[:len("S3C101")])] = true
			}
		})
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// silent are configurations that Amazon's own guides print.
var silent = map[string]string{
	"user guide, writes of one site and reads of all": `[{"AllowedHeaders":["*"],"AllowedMethods":["PUT","POST","DELETE"],"AllowedOrigins":["http://www.example1.com"],"ExposeHeaders":[]},
		{"AllowedHeaders":["*"],"AllowedMethods":["PUT","POST","DELETE"],"AllowedOrigins":["http://www.example2.com"],"ExposeHeaders":[]},
		{"AllowedHeaders":[],"AllowedMethods":["GET"],"AllowedOrigins":["*"],"ExposeHeaders":[]}]`,
	"user guide, optional members": `[{"AllowedHeaders":["*"],"AllowedMethods":["PUT","POST","DELETE"],"AllowedOrigins":["http://www.example.com"],
		"ExposeHeaders":["x-amz-server-side-encryption","x-amz-request-id","x-amz-id-2"],"MaxAgeSeconds":3000}]`,
	"reference of the command line": `{"CORSRules":[{"AllowedOrigins":["http://www.example.com"],"AllowedHeaders":["*"],"AllowedMethods":["PUT","POST","DELETE"],
		"MaxAgeSeconds":3000,"ExposeHeaders":["x-amz-server-side-encryption"]},
		{"AllowedOrigins":["*"],"AllowedHeaders":["Authorization"],"AllowedMethods":["GET"],"MaxAgeSeconds":3000}]}`,
	"guides of the SDKs": `[{"AllowedHeaders":["Authorization"],"AllowedMethods":["GET","PUT"],"AllowedOrigins":["*"],"ExposeHeaders":["ETag","x-amz-request-id"],"MaxAgeSeconds":3000}]`,
	"guide of Amplify": `[{"AllowedHeaders":["*"],"AllowedMethods":["GET","HEAD","PUT","POST","DELETE"],"AllowedOrigins":["*"],
		"ExposeHeaders":["x-amz-server-side-encryption","x-amz-request-id","x-amz-id-2","ETag"],"MaxAgeSeconds":3000}]`,
	"guide of Ground Truth": `[{"AllowedHeaders":[],"AllowedMethods":["GET"],"AllowedOrigins":["*"],"ExposeHeaders":["Access-Control-Allow-Origin"]}]`,
	"guide of Bedrock":      `[{"AllowedHeaders":["*"],"AllowedMethods":["GET","PUT","POST","DELETE"],"AllowedOrigins":["*"],"ExposeHeaders":["Access-Control-Allow-Origin"]}]`,
	"elements, subdomains":  `[{"AllowedOrigins":["http://*.example.com"],"AllowedMethods":["GET"],"AllowedHeaders":["x-amz-*"]}]`,
}

func TestWhatAmazonPrintsIsSilent(t *testing.T) {
	require.NotEmpty(t, silent)
	for name, document := range silent {
		t.Run(name, func(t *testing.T) {
			report := lint.Check([]byte(document), lint.Options{})
			require.Empty(t, report.Problems)
			for _, f := range report.Findings {
				require.Less(t, f.Severity, lint.Warning, f.String())
			}
		})
	}
}

func TestRefusedDocuments(t *testing.T) {
	for _, tt := range []struct {
		name, document string
		want           []string // code, row, path
	}{
		{"no rule", `[]`, []string{"S3C001 1.1/zero-rules CORSRules"}},
		{"a rule of nothing", `[{}]`, []string{"S3C003 1.1/no-allowed-origin CORSRules[0]"}},
		{"a bad method", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["PATCH"]}]`, []string{"S3C004 1.2/method-names CORSRules[0].AllowedMethods[0]"}},
		{"two stars", `[{"AllowedOrigins":["*a*"],"AllowedMethods":["HEAD"],"AllowedHeaders":["*a*"]}]`, []string{"S3C005 1.2/origin-two-wildcards CORSRules[0].AllowedOrigins[0]", "S3C006 1.2/allowed-header-two-wildcards CORSRules[0].AllowedHeaders[0]"}},
		{"a star to expose", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["HEAD"],"ExposeHeaders":["*"]}]`, []string{"S3C007 1.2/expose-header-wildcard CORSRules[0].ExposeHeaders[0]"}},
		{"no name", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["HEAD"],"AllowedHeaders":["a b"]}]`, []string{"S3C008 1.2/allowed-header-characters CORSRules[0].AllowedHeaders[0]"}},
		{"an age in words", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["HEAD"],"MaxAgeSeconds":"long"}]`, []string{"S3C010 10/json-max-age CORSRules[0].MaxAgeSeconds"}},
		{"an unknown key", `[{"AllowedOrigins":["https://a.b.c"],"AllowedMethods":["HEAD"],"ExposedHeaders":["ETag"]}]`, []string{"S3C013 10/json-shape CORSRules[0].ExposedHeaders"}},
		{"a string for a list", `[{"AllowedOrigins":"*","AllowedMethods":["HEAD"]}]`, []string{"S3C016 10/json-shape CORSRules[0].AllowedOrigins"}},
		{"a document of another kind", `{"rules":[{"allowed":{"origins":["*"],"methods":["GET"]}}]}`, []string{"S3C012 1.1/zero-rules CORSConfiguration"}},
		{"an open bracket", `[{"AllowedOrigins":["*"]`, []string{"S3C015 10/json-syntax CORSConfiguration"}},
		{"two IDs", `<CORSConfiguration><CORSRule><ID>a</ID><ID>b</ID><AllowedOrigin>https://a.b.c</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>`, []string{"S3C014 1.1/two-ids CORSRules[0].ID"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, f := range lint.Check([]byte(tt.document), lint.Options{}).Findings {
				if f.Row != "" {
					require.Equal(t, lint.Error, f.Severity)
					got = append(got, fmt.Sprint(f.Code, " ", f.Row, " ", f.Path))
				}
			}
			require.Empty(t, cmp.Diff(sorted(tt.want), sorted(got)))
		})
	}
}

func TestProfilesRaiseWhatMattersThen(t *testing.T) {
	upload := rule(`"AllowedMethods":["PUT"]`, `"AllowedHeaders":["x-amz-acl"]`, `"ExposeHeaders":[]`)
	severity := func(document string, code lint.Code, profiles ...lint.Profile) lint.Severity {
		for _, f := range lint.Check([]byte(document), lint.Options{Profiles: profiles}).Findings {
			if f.Code == code {
				return f.Severity
			}
		}
		return 0
	}
	for _, tt := range []struct {
		document string
		code     lint.Code
		profile  lint.Profile
		want     lint.Severity
		silent   lint.Severity // under aws
	}{
		{upload, lint.ETagNotExposed, lint.Multipart, lint.Warning, lint.Info},
		{upload, lint.ETagNotExposed, lint.BrowserUpload, lint.Warning, lint.Info},
		{upload, lint.ContentTypeNotAllowed, lint.Multipart, lint.Warning, lint.Info},
		{upload, lint.ClientHeadersNotAllowed, lint.AWSSDKJS, lint.Warning, 0},
		{rule(`"ExposeHeaders":["ETag"]`), lint.RangeNotReadable, lint.RangeReader, lint.Warning, lint.Info},
		{origin("https://*.example.com"), lint.PartialWildcard, lint.Portable, lint.Portability, lint.Info},
		{origin("http://a.example.com"), lint.PlainHTTP, lint.Strict, lint.Security, lint.Info},
		{rule(`"AllowedMethods":["PUT"]`, `"AllowedOrigins":["*"]`), lint.WritesForAll, lint.Strict, lint.Security, lint.Info},
		{upload, lint.ETagNotExposed, lint.Strict, lint.Info, lint.Info},
	} {
		require.Equal(t, tt.silent, severity(tt.document, tt.code), "%s", tt.code)
		require.Equal(t, tt.silent, severity(tt.document, tt.code, lint.AWS), "%s", tt.code)
		require.Equal(t, tt.want, severity(tt.document, tt.code, tt.profile, lint.AWS), "%s %s", tt.code, tt.profile)
	}
}

func TestTheSDKsHeadersAreTold(t *testing.T) {
	report := lint.Check([]byte(rule(`"AllowedMethods":["PUT"]`, `"AllowedHeaders":["authorization","content-type","x-amz-*"]`)), lint.Options{Profiles: []lint.Profile{lint.AWSSDKJS}})
	var messages []string
	for _, f := range report.Findings {
		if f.Code == lint.ClientHeadersNotAllowed {
			messages = append(messages, f.Message)
		}
	}
	require.Equal(t, []string{"the client sends headers that AllowedHeaders does not admit: amz-sdk-invocation-id, amz-sdk-request"}, messages)
}

func TestManyRules(t *testing.T) {
	document := "[" + strings.TrimSuffix(strings.Repeat(strings.Trim(rule(), "[]")+",", 11), ",") + "]"
	require.Contains(t, found(document, lint.Options{}), "S3C406 CORSRules[10]")
}

func TestIgnoredCodesAreNotReported(t *testing.T) {
	require.Equal(t, []string{"S3C403 AllowedOrigins[0]"}, found(origin("https://*.vercel.app"), lint.Options{Ignore: []lint.Code{lint.SharedSuffix}}))
	require.Equal(t, []string{}, found(`[]`, lint.Options{Ignore: []lint.Code{lint.NoRules}}))
}

func TestTheCallersSuffixesCount(t *testing.T) {
	suffix := func(string) string { return "hosting.example.com" }
	require.Equal(t, []string{"S3C202 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}, found(origin("https://*.hosting.example.com"), lint.Options{PublicSuffix: suffix}))
	require.Equal(t, []string{"S3C110 AllowedOrigins[0]", "S3C403 AllowedOrigins[0]"}, found(origin("https://*.vercel.app"), lint.Options{PublicSuffix: suffix}))
}

func TestCredentialsNeedAnOrigin(t *testing.T) {
	require.Contains(t, found(rule(`"AllowedOrigins":["*"]`), lint.Options{RequireCredentials: true}), "S3C205 AllowedOrigins[0]")
	require.NotContains(t, found(rule(`"AllowedOrigins":["*"]`), lint.Options{}), "S3C205 AllowedOrigins[0]")
}

func TestAPartlyShadowedRuleIsTold(t *testing.T) {
	const rules = `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"],"ExposeHeaders":["ETag"]},
		{"AllowedOrigins":["https://a.example.com"],"AllowedMethods":["GET"],"AllowedHeaders":["range"],"ExposeHeaders":["Content-Range"]}]`
	var got []string
	for _, f := range lint.Check([]byte(rules), lint.Options{}).Findings {
		if f.Code == lint.PartlyShadowed {
			got = append(got, f.String())
		}
	}
	require.Equal(t, []string{`2:22: warning: GET of "https://a.example.com" is answered by CORSRules[0], which comes first and does not expose "Content-Range" (S3C114)`}, got)
}

// TestADocumentOfDefectsCostsLittle holds the number of findings of a document, and of
// the comparisons that they take, to a bound.
func TestADocumentOfDefectsCostsLittle(t *testing.T) {
	origins := strings.TrimSuffix(strings.Repeat(`"x",`, 1900), ",")
	report := lint.Check([]byte(`[{"AllowedOrigins":[`+origins+`],"AllowedMethods":["HEAD"],"MaxAgeSeconds":1}]`), lint.Options{})
	require.Len(t, report.Findings, lint.MaxFindings)
	require.Equal(t, 1900+1899-lint.MaxFindings, report.More)
	for _, f := range report.Findings {
		require.Equal(t, lint.NoOrigin, f.Code) // an error, where the duplicates are not
	}
}
