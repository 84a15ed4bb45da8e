package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const notJudgedText = `
not judged
  authorization: Whether S3 lets the request through: signature, expiry, policies and ACLs were not looked at.
  stored-configuration: Whether the bucket has this configuration now: compare with what it returns (aws s3api get-bucket-cors). A change takes some seconds.
  between: What stands between page and bucket: caches, a CDN, proxies, redirects.
  browser: What the browser makes of it: how the page makes its request (credentials, mode, headers that it reads) is not known.
  other-servers: How other servers answer: this is how Amazon S3 does.
`

func TestExplain(t *testing.T) {
	play(t, []scenario{
		{
			name:  "an origin with a slash",
			args:  []string{"explain", "-config", "-", "-origin", "https://app.example.com"},
			stdin: `[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"]}]`,
			stdout: `✗ no-match (actual)
  S3 serves the request without CORS headers, so no page can read the answer.

rules
  ✗ rule 0: origin ✗ "https://app.example.com/" (trailing-slash), method ✓, headers ✓

why
  origin-trailing-slash at CORSRules[0].AllowedOrigins[0]
    "https://app.example.com/" ends in a slash, which no Origin does, so it matches nothing: remove the slash.

fix
  Replace "https://app.example.com/" by "https://app.example.com" in AllowedOrigins of rule 0.
    [{"op":"replace","path":"/CORSRules/0/AllowedOrigins/0","value":"https://app.example.com"}]
` + notJudgedText,
			status: exitRefused,
		},
		{
			name: "a request that is granted",
			args: []string{"explain", "-config", "example.xml", "-origin", "http://www.example.com"},
			stdout: `✓ granted (actual)
  S3 grants the request by rule 0 (http://www.example.com).

rules
  ✓ rule 0: origin ✓ http://www.example.com, method ✓, headers ✓

why
  granted-look-elsewhere
    CORS allows this request. If the browser blocks it all the same, the cause is not this configuration.

look elsewhere
  cached-without-cors: The browser kept a copy that it fetched without Origin, as an <img> or <link> without crossorigin does, and no Vary came with that copy. To tell: it works with the cache disabled, or with another query in the URL. Set crossorigin wherever the page loads the same URL.
  cdn: A CDN in front of the bucket does not forward Origin, or does not keep copies apart by it. To tell: the response has the CDN's headers, such as X-Cache or CF-Cache-Status, and comes right from the bucket's own URL. Forward Origin and the two Access-Control-Request headers, and make them part of the cache key.
  redirect-region: The bucket is in another region, or was made just now: S3 answers 301 or 307 before it looks at CORS, without CORS headers, and a preflight may not be redirected. To tell: the status in the network panel. Use the endpoint of the bucket's region, which the answer names.
  less likely: signature, wrong-host, no-cors-mode, local-network, second-allow-origin
` + notJudgedText,
		},
		{
			name: "what a browser copied, with a header that the preflight is refused for",
			args: []string{"explain", "-config", "console.json", "-curl", `curl 'https://bucket.s3.eu-west-1.amazonaws.com/key' \
  -X 'PUT' \
  -H 'accept: */*' \
  -H 'cache-control: no-cache' \
  -H 'content-disposition: inline' \
  -H 'content-type: image/png' \
  -H 'origin: https://app.example.com' \
  -H 'pragma: no-cache' \
  -H 'sec-fetch-mode: cors' \
  -H 'user-agent: Mozilla/5.0' \
  --data-raw $'it\'s'`},
			stdout: `✓ granted (actual)
  S3 grants the request by rule 0 (https://*.example.com). It exposes ETag, x-amz-request-id. But the preflight of the page's request fails, so the browser does not send it.

rules
  ✓ rule 0 (app): origin ✓ https://*.example.com, method ✓, headers ✓
  ✗ rule 1: origin ✓ *, method ✗, headers ✓

why
  headers-not-listed at CORSRules[0].AllowedHeaders
    Rule 0 admits the origin and PUT. It does not admit the request header content-disposition.

fix
  Add "content-disposition" to AllowedHeaders of rule 0.
    [{"op":"add","path":"/CORSRules/0/AllowedHeaders/-","value":"content-disposition"}]
  or: Add "PUT" to AllowedMethods of rule 1 and add "content-disposition" and "content-type" to AllowedHeaders of rule 1. This allows PUT to the pages of every origin; a rule of its own for "https://app.example.com" allows less. An AllowedHeaders of "*" admits these names and all others.

browser
  ✗ asks first, with a preflight
  ✗ the script can read nothing (preflight-failed)
  Chromium prints: Access to fetch at 'https://bucket.s3.eu-west-1.amazonaws.com/key' from origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.

not judged
  authorization: Whether S3 lets the request through: signature, expiry, policies and ACLs were not looked at.
  stored-configuration: Whether the bucket has this configuration now: compare with what it returns (aws s3api get-bucket-cors). A change takes some seconds.
  between: What stands between page and bucket: caches, a CDN, proxies, redirects.
  other-servers: How other servers answer: this is how Amazon S3 does.
`,
		},
		{
			name:   "help",
			args:   []string{"help", "explain"},
			stdout: explainUsage + helpOf(new(explainFlags)),
		},
	})
}

// helpOf is what the flags of explain say of themselves.
func helpOf(x *explainFlags) string {
	var b strings.Builder
	flags := x.flagSet()
	flags.SetOutput(&b)
	flags.PrintDefaults()
	return b.String()
}

// What is meant by a document that is none of S3's is explained as well.
func TestADocumentOfAnotherProductIsExplainedAsFarAsItCanBe(t *testing.T) {
	for _, c := range []struct {
		title    string
		document string
		reasons  []string
	}{
		{"of Google Cloud Storage", `[{"origin": ["https://app.example.com/"], "method": ["PUT"], "responseHeader": ["Content-Type"]}]`,
			[]string{"document-refused", "origin-trailing-slash", "headers-not-listed"}},
		{"of Cloudflare R2", `{"rules": [{"allowed": {"origins": ["https://app.example.com"], "methods": ["PUT"], "headers": ["content-type"]}}]}`,
			[]string{"document-refused", "headers-not-listed"}},
		{"a part of one", `"AllowedOrigins": ["app.example.com"], "AllowedMethods": ["PUT"],`,
			[]string{"document-refused", "origin-no-scheme", "no-allowed-headers"}},
		{"rules of one", `{"AllowedOrigins": ["app.example.com"], "AllowedMethods": ["PUT"]}, {"AllowedOrigins": ["http://app.example.com"], "AllowedMethods": ["GET"]}`,
			[]string{"document-refused", "origin-no-scheme", "no-allowed-headers"}},
		{"its member alone", `"CORSRules": [{"AllowedOrigins": ["app.example.com"], "AllowedMethods": ["PUT"], "AllowedHeaders": ["*"]}]`,
			[]string{"document-refused", "origin-no-scheme"}},
		{"of Google, without the method", `[{"origin": ["*"], "method": ["GET"], "responseHeader": ["x-amz-acl"]}]`,
			[]string{"document-refused", "method-not-listed"}},
		{"with a method that is none", `[{"AllowedOrigins": ["*"], "AllowedMethods": ["*"], "AllowedHeaders": ["*"]}]`,
			[]string{"document-refused"}},
		{"with a string for a list", `[{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT"], "AllowedHeaders": "*"}]`,
			[]string{"document-refused"}},
		{"that would grant the request", `[{"AllowedOrigins": ["*"], "AllowedMethods": ["PUT", "OPTIONS"], "AllowedHeaders": ["*"]}]`,
			[]string{"document-refused"}},
		{"that is no document", `hello`, []string{"document-refused"}},
	} {
		t.Run(c.title, func(t *testing.T) {
			e := explainJSON(t, c.document, "-config", "-", "-method", "OPTIONS", "-origin", "https://app.example.com", "-request-method", "PUT", "-request-headers", "x-amz-acl")[0]
			require.Equal(t, "invalid-configuration", e.Outcome)
			var codes []string
			for _, r := range e.Reasons {
				codes = append(codes, r.Code)
			}
			require.Equal(t, c.reasons, codes)
		})
	}
}

// What leads to status 2 is told in one line, and nothing else is printed.
func TestExplainAsksForWhatItLacks(t *testing.T) {
	t.Chdir("testdata")
	for line, args := range map[string][]string{
		"s3cors: explain: -curl: the command has a single quote that is not closed":                                                                                                     {"-curl", "curl 'https://a.example"},
		"s3cors: explain: -curl: the command has a double quote that is not closed":                                                                                                     {"-curl", `curl "https://a.example`},
		"s3cors: explain: -curl: the command has a $' that is not closed":                                                                                                               {"-curl", `curl $'https://a.example`},
		"s3cors: explain: -curl: this is none of the texts that are read here: a command of curl, a call of fetch, Invoke-WebRequest of PowerShell, a request as it goes over the wire": {"-curl", "wget https://a.example"},
		"s3cors: explain: -curl: the URL is $URL, which a shell fills in: give the URL itself":                                                                                          {"-curl", `curl "$URL"`},
		"s3cors: explain: -curl: the command has no URL":                                                                                                                                {"-curl", "curl -H 'Origin: https://a.example'"},
		"s3cors: explain: -curl: the command has 2 URLs, or an option that is not known here":                                                                                           {"-curl", "curl https://a.example https://b.example"},
		"s3cors: explain: -curl: curl's option --frobnicate is not known here":                                                                                                          {"-curl", "curl --frobnicate https://a.example"},
		"s3cors: explain: -curl: curl's option -P is not known here":                                                                                                                    {"-curl", "curl -P https://a.example"},
		"s3cors: explain: -curl: curl's option -H has no value":                                                                                                                         {"-curl", "curl https://a.example -H"},
		"s3cors: explain: -curl: curl's option --header has no value":                                                                                                                   {"-curl", "curl https://a.example --header"},
		"s3cors: explain: -curl: curl's option -H names the file headers.txt, which is not read":                                                                                        {"-curl", "curl https://a.example -H @headers.txt"},
		`s3cors: explain: -curl: "Origin" is no header: it has the form Name: value`:                                                                                                    {"-curl", "curl https://a.example -H Origin"},
		`s3cors: explain: "ftp://a.example/" is not a URL that begins with http:// or https://`:                                                                                         {"-curl", "curl ftp://a.example/"},
		`s3cors: explain: "bucket/key" is not a URL that begins with http:// or https://`:                                                                                               {"-url", "bucket/key"},
		"s3cors: explain: -message: this is no sentence about CORS of Chromium, Firefox or Safari that is known here: describe the request with -origin, -method and the other flags":   {"-message", "it does not work"},
		"s3cors: explain: -message: the message does not tell the origin of the page and the method of the request: add -origin https://… and -method GET (or PUT, …)": {"-message",
			"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://b.example/k. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200."},
		"s3cors: explain: -message: the message does not tell the method of the request: add -method GET (or PUT, …)": {"-message",
			"Access to fetch at 'https://b.example/k' from origin 'https://a.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."},
		"s3cors: explain: open none.har: no such file or directory":                                          {"-har", "none.har"},
		"s3cors: explain: -har: console.json is no HTTP archive, which is a JSON object with the member log": {"-har", "console.json"},
		"s3cors: explain: -config and -har cannot both be standard input":                                    {"-config", "-", "-har", "-"},
		"s3cors: explain: -config and -curl cannot both be standard input":                                   {"-config", "-", "-curl", "-"},
		"s3cors: explain: open none.json: no such file or directory":                                         {"-config", "none.json"},
		"s3cors: explain: -curl and -message exclude each other":                                             {"-curl", "a", "-message", "b"},
		"s3cors: explain: -har and -fetch exclude each other":                                                {"-har", "a", "-fetch", "{}"},
		"s3cors: explain: -message and -url exclude each other":                                              {"-message", "a", "-url", "b"},
		"s3cors: explain: -bucket and -service exclude each other":                                           {"-bucket", "-service"},
		"s3cors: explain: -fetch: it is no JSON object":                                                      {"-fetch", "{"},
		"s3cors: explain: -fetch: fetch is an array, not an object":                                          {"-fetch", "[]"},
		`s3cors: explain: -fetch: fetch.mode is "navigate", not cors, no-cors`:                               {"-fetch", `{"mode":"navigate"}`},
		`s3cors: explain: -fetch: fetch.credentials is "always", not omit, same-origin, include`:             {"-fetch", `{"credentials":"always"}`},
		`s3cors: explain: stray argument "stray"`:                                                            {"stray"},
		"s3cors: explain: flag provided but not defined: -frobnicate":                                        {"-frobnicate"},
		"s3cors: explain: no other flag may stand beside -jsonl, but for -dialect":                           {"-jsonl", "-origin", "https://a.example"},
	} {
		t.Run(line, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			require.Equal(t, exitFailed, run(append([]string{"explain"}, args...), strings.NewReader(""), &stdout, &stderr))
			require.Equal(t, line+"\n", stderr.String())
			require.Empty(t, stdout.String())
		})
	}
}

// An explained is what tests look at in an object of explain -json.
type explained struct {
	Kind    string
	Outcome string
	Reasons []struct{ Code string }
	Browser *struct {
		Why     string
		Console string
	}
	Elsewhere []struct{ Code string }
	NotJudged []struct{ Code string }
	Request   struct{ Method, URL string }
}

// explainJSON runs explain -json, and returns its objects.
func explainJSON(t *testing.T, stdin string, args ...string) []explained {
	t.Helper()
	var stdout, stderr bytes.Buffer
	run(append([]string{"explain", "-json"}, args...), strings.NewReader(stdin), &stdout, &stderr)
	require.Empty(t, stderr.String())
	var all []explained
	for line := range strings.Lines(stdout.String()) {
		require.True(t, strings.HasPrefix(line, `{"schema":1,"kind":`), line)
		var e explained
		require.NoError(t, json.Unmarshal([]byte(line), &e))
		all = append(all, e)
	}
	require.NotEmpty(t, all)
	return all
}

const everybody = `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["content-type"]}]`

func TestWhatBrowsersPrintIsRead(t *testing.T) {
	const chromium = "Access to fetch at 'https://b.s3.eu-west-1.amazonaws.com/k' from origin 'https://app.example.com' has been blocked by CORS policy: "
	const firefox = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://b.s3.eu-west-1.amazonaws.com/k. (Reason: "
	for _, c := range []struct {
		title   string
		message string
		args    []string
		kind    string
		outcome string
		first   string // of elsewhere, or of reasons
	}{
		{"a refused preflight", chromium + "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			[]string{"-method", "DELETE"}, "preflight", "no-match", "method-not-listed"},
		{"a response without the field", chromium + "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			[]string{"-method", "GET"}, "actual", "granted", "cached-without-cors"},
		{"a picture", strings.Replace(chromium, "fetch", "image", 1) + "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			nil, "actual", "granted", "cached-without-cors"},
		{"a star with credentials", chromium + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
			[]string{"-method", "GET"}, "actual", "granted", "credentials-star"},
		{"a method, which S3 never names", chromium + "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
			nil, "preflight", "granted", "wrong-host"},
		{"a header", chromium + "Request header field x-amz-acl is not allowed by Access-Control-Allow-Headers in preflight response.",
			[]string{"-method", "PUT"}, "preflight", "no-match", "headers-not-listed"},
		{"two values", chromium + "The 'Access-Control-Allow-Origin' header contains multiple values '*, *', but only one is allowed. Have the server send the header with a valid value.",
			[]string{"-method", "GET"}, "actual", "granted", "second-allow-origin"},
		{"a redirect of the preflight", chromium + "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.",
			[]string{"-method", "PUT"}, "preflight", "granted", "redirect-region"},
		{"a line number before it", "index.js:12 " + chromium + "Response to preflight request doesn't pass access control check: It does not have HTTP ok status.",
			[]string{"-request-method", "PUT"}, "preflight", "granted", "redirect-region"},
		{"the line beside it", chromium + "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.\nPUT https://b.s3.eu-west-1.amazonaws.com/k net::ERR_FAILED",
			nil, "preflight", "granted", "redirect-region"},
		{"an older Chromium", "XMLHttpRequest cannot load https://b.s3.amazonaws.com/k. No 'Access-Control-Allow-Origin' header is present on the requested resource. Origin 'https://app.example.com' is therefore not allowed access.",
			[]string{"-method", "HEAD"}, "actual", "no-match", "method-not-listed"},
		{"mixed content", "Mixed Content: The page at 'https://app.example.com/x' was loaded over HTTPS, but requested an insecure resource 'http://b.example/k'. This request has been blocked; the content must be served over HTTPS.",
			nil, "actual", "granted", "mixed-content"},
		{"Firefox, a header", firefox + "missing token ‘x-amz-acl’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).",
			[]string{"-origin", "https://app.example.com", "-method", "PUT"}, "preflight", "no-match", "headers-not-listed"},
		{"Firefox, a method", firefox + "Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
			[]string{"-origin", "https://app.example.com", "-method", "DELETE"}, "preflight", "no-match", "method-not-listed"},
		{"Firefox, credentials", firefox + "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
			[]string{"-origin", "https://app.example.com", "-method", "GET"}, "actual", "granted", "credentials-star"},
		{"Safari, an origin", "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin. Status code: 200",
			[]string{"-method", "HEAD"}, "actual", "no-match", "method-not-listed"},
		{"Safari, a preflight", "Preflight response is not successful. Status code: 403\nFetch API cannot load https://b.s3.eu-west-1.amazonaws.com/k due to access control checks.",
			[]string{"-origin", "https://app.example.com", "-method", "DELETE"}, "preflight", "no-match", "method-not-listed"},
		{"Safari, a header", "Request header field X-Amz-Acl is not allowed by Access-Control-Allow-Headers.",
			[]string{"-origin", "https://app.example.com", "-method", "PUT"}, "preflight", "no-match", "headers-not-listed"},
	} {
		t.Run(c.title, func(t *testing.T) {
			e := explainJSON(t, everybody, append(c.args, "-config", "-", "-message", c.message)...)[0]
			require.Equal(t, c.kind, e.Kind)
			require.Equal(t, c.outcome, e.Outcome)
			first := e.Reasons[0].Code
			if len(e.Elsewhere) > 0 {
				first = e.Elsewhere[0].Code
			}
			require.Equal(t, c.first, first)
		})
	}
}

func TestTextWithQuotesComesFromStandardInput(t *testing.T) {
	t.Chdir("testdata")
	e := explainJSON(t, "curl 'https://b.s3.amazonaws.com/k' \\\n  -X PUT -H 'Origin: https://app.example.com'\n", "-config", "console.json", "-curl", "-")[0]
	require.Equal(t, "granted", e.Outcome)
	require.Equal(t, "PUT", e.Request.Method)
	e = explainJSON(t, "Origin https://app.example.com is not allowed by Access-Control-Allow-Origin.\n", "-config", "console.json", "-method", "PUT", "-message", "-")[0]
	require.Equal(t, "granted", e.Outcome)
}

func TestARefusedPreflightMayHaveMoreHeadersThanTheMessageTells(t *testing.T) {
	const message = "Method PUT is not allowed by Access-Control-Allow-Methods in preflight response."
	e := explainJSON(t, everybody, "-config", "-", "-origin", "https://a.example", "-message", message)[0]
	require.Equal(t, "header-names", e.NotJudged[len(e.NotJudged)-1].Code)
	e = explainJSON(t, everybody, "-config", "-", "-origin", "https://a.example", "-request-headers", "content-type", "-message", message)[0]
	require.NotEqual(t, "header-names", e.NotJudged[len(e.NotJudged)-1].Code)
}

// What Chromium is said to print is read as the request that it was said of.
func TestWhatIsPrintedReadsAsTheRequest(t *testing.T) {
	e := explainJSON(t, everybody, "-config", "-", "-origin", "https://a.example", "-url", "https://b.s3.eu-west-1.amazonaws.com/k", "-method", "HEAD")[0]
	require.Equal(t, "no-match", e.Outcome)
	require.NotEmpty(t, e.Browser.Console)
	again := explainJSON(t, everybody, "-config", "-", "-method", "HEAD", "-message", e.Browser.Console)[0]
	require.Equal(t, e.Browser, again.Browser)
	require.Equal(t, e.Reasons, again.Reasons)
}

const archiveText = `{"log": {"version": "1.2", "entries": [
	{"request": {"method": "GET", "url": "https://app.example.com/", "headers": []}, "response": {"status": 200}},
	{"request": {"method": "POST", "url": "https://app.example.com/x", "headers": [{"name": "Origin", "value": "https://app.example.com"}]}, "response": {"status": 200}},
	{"request": {"method": "OPTIONS", "url": "https://b.s3.amazonaws.com/k", "headers": [{"name": ":authority", "value": "b"}, {"name": "origin", "value": "https://app.example.com"},
		{"name": "access-control-request-method", "value": "PUT"}, {"name": "access-control-request-headers", "value": "content-type"}]}, "response": {"status": 307}},
	{"request": {"method": "PUT", "url": "https://b.s3.amazonaws.com/k", "headers": [{"name": "Origin", "value": "https://app.example.com"}, {"name": "Content-Type", "value": "image/png"}, {"name": "Cookie", "value": "a=1"}]}, "response": {"status": 0}},
	{"request": {"method": "GET", "url": "data:text/plain,x", "headers": [{"name": "Origin", "value": "https://app.example.com"}]}, "response": {"status": 200}}
]}}`

func TestEachEntryThatCORSTouchesIsExplained(t *testing.T) {
	t.Chdir("testdata")
	all := explainJSON(t, "\ufeff"+archiveText, "-config", "console.json", "-har", "-")
	require.Len(t, all, 2)
	require.Equal(t, "OPTIONS", all[0].Request.Method)
	require.Equal(t, "granted", all[0].Outcome)
	require.Equal(t, "redirect-region", all[0].Elsewhere[0].Code)
	require.Equal(t, "PUT", all[1].Request.Method)
	require.Equal(t, "https://b.s3.amazonaws.com/k", all[1].Request.URL)
	require.Equal(t, "actual", all[1].Kind)
	require.Equal(t, "ok", all[1].Browser.Why)

	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFine, run([]string{"explain", "-config", "console.json", "-har", "-"}, strings.NewReader(archiveText), &stdout, &stderr))
	require.Contains(t, stdout.String(), "# OPTIONS https://b.s3.amazonaws.com/k from https://app.example.com\n✓ granted (preflight)\n")
	require.Contains(t, stdout.String(), "\n\n# PUT https://b.s3.amazonaws.com/k from https://app.example.com\n✓ granted (actual)\n")
}

func TestAnArchiveWithoutCORSIsNoAnswer(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFailed, run([]string{"explain", "-har", "-"}, strings.NewReader(`{"log":{"entries":[]}}`), &stdout, &stderr))
	require.Equal(t, "s3cors: explain: -har: no request in - has an Origin and goes to another origin\n", stderr.String())
}

func TestColourIsForTerminals(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/out")
	require.NoError(t, err)
	defer file.Close()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0) // a terminal of its own
	require.NoError(t, err)
	defer terminal.Close()
	null, err := os.Open(os.DevNull) // a character device, too
	require.NoError(t, err)
	defer null.Close()
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	require.False(t, wantsColour(new(bytes.Buffer)))
	require.False(t, wantsColour(file))
	require.False(t, wantsColour(null))
	require.True(t, wantsColour(terminal))
	t.Setenv("NO_COLOR", "1")
	require.False(t, wantsColour(terminal))
}
