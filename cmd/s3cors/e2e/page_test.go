package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A scenario is a case of package explain: a policy, a request, and what is to be said.
type scenario struct {
	Title    string          `json:"title"`
	Dialect  string          `json:"dialect"`
	Document string          `json:"document"`
	Request  [4]string       `json:"request"` // method, origin, method and headers that are requested
	Target   string          `json:"target"`
	Fetch    json.RawMessage `json:"fetch"`
	Outcome  string          `json:"outcome"`
	Reasons  []string        `json:"reasons"`
	Fix      string          `json:"fix"`
}

// foreign is the case of a document that is not S3's: the page judges what it means.
const foreign = "a document of Google Cloud Storage"

// scenarios are those cases that can be typed: what else a page does is not in the form,
// and a script cannot set Access-Control-Request-Method.
func scenarios(t *testing.T) []scenario {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "explain", "testdata", "cases.json"))
	require.NoError(t, err)
	var all, typed []scenario
	require.NoError(t, json.Unmarshal(data, &all))
	for _, s := range all {
		if s.Title != foreign && s.Fetch == nil && s.Dialect == "" && (s.Request[0] == "OPTIONS" || s.Request[2] == "") {
			typed = append(typed, s)
		}
	}
	require.Greater(t, len(typed), 100)
	return typed
}

// ask fills in a scenario at once, and takes away what was said before.
func (p *tab) ask(t *testing.T, s scenario) {
	t.Helper()
	var lines []string
	if s.Request[2] != "" {
		lines = append(lines, "Access-Control-Request-Method: "+s.Request[2])
	}
	if s.Request[3] != "" {
		lines = append(lines, "Access-Control-Request-Headers: "+s.Request[3])
	}
	p.do(t, filling("policy", s.Document)+filling("method", s.Request[0])+filling("origin", s.Request[1])+filling("target", s.Target)+
		filling("headers", strings.Join(lines, "\n"))+`document.getElementById("verdict").replaceChildren(); document.getElementById("answer").replaceChildren()`)
}

// testScenarios types one of so many scenarios, reads what is said, and applies the fix.
func testScenarios(t *testing.T, p *tab, one int) {
	applied := 0
	for i, s := range scenarios(t) {
		if i%one != 0 {
			continue
		}
		p.ask(t, s)
		code, _, _ := strings.Cut(s.Reasons[0], " ")
		p.wait(t, fmt.Sprintf(`document.querySelector("#verdict strong")?.textContent === %s && document.getElementById("answer").textContent.includes("(" + %s + ")")`, quoted(s.Outcome), quoted(code)))
		require.Equal(t, s.Outcome == "granted", value[bool](t, p, `document.querySelector("#verdict .yes") !== null`), s.Title)
		if s.Fix == "" || s.Outcome == "granted" {
			continue
		}
		p.wait(t, `document.querySelector("#answer .mend") !== null`)
		require.Equal(t, s.Fix, value[string](t, p, `document.querySelector("#answer .mend").parentElement.querySelector("bdi").textContent`), s.Title)
		p.do(t, `document.querySelector("#answer .mend").click()`)
		p.wait(t, `document.querySelector("#verdict strong").textContent === "granted"`)
		applied++
		p.click(t, "undo", "Undo")
		require.Equal(t, s.Document, value[string](t, p, `document.getElementById("policy").value`), s.Title)
	}
	require.Greater(t, applied, 70/one/2)
}

const slashed = `[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET", "PUT"]}]`

// testPasted pastes requests as people have them.
func testPasted(t *testing.T, p *tab) {
	p.fill(t, "policy", slashed)
	for _, c := range []struct{ name, text, says, method, origin, headers string }{
		{"a command of curl", `curl 'https://b.s3.amazonaws.com/k' -X PUT -H 'Origin: https://app.example.com' -H 'x-amz-acl: private' --data-raw x`,
			"Read as a curl command: PUT https://b.s3.amazonaws.com/k from https://app.example.com.", "PUT", "https://app.example.com", "x-amz-acl: private\nContent-Type: application/x-www-form-urlencoded"},
		{"a preflight of curl", `curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE' https://b.s3.amazonaws.com/k`,
			"Read as a curl command: OPTIONS https://b.s3.amazonaws.com/k from https://app.example.com.", "DELETE", "https://app.example.com", ""},
		{"an entry of an archive", `{"request":{"method":"GET","url":"https://b.s3.amazonaws.com/k","headers":[{"name":"Origin","value":"https://www.example.com"},{"name":"range","value":"bytes=0-1"}]},"response":{"status":200}}`,
			"Read as an HTTP archive: GET https://b.s3.amazonaws.com/k from https://www.example.com.", "GET", "https://www.example.com", "range: bytes=0-1"},
		{"a sentence of Chromium", `Access to fetch at 'https://b.s3.amazonaws.com/k' from origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
			"Read as what a browser printed. The text does not tell the method of the request: fill it in.", "", "https://app.example.com", ""},
		{"a call of fetch", `fetch("https://b.s3.amazonaws.com/k", {method: "PUT", headers: {"X-A": token}, referrer: "https://app.example.com/"})`,
			"Read as a call of fetch: PUT https://b.s3.amazonaws.com/k from https://app.example.com.", "PUT", "https://app.example.com", "X-A"},
		{"a command for Windows", "curl ^\"https://b.s3.amazonaws.com/k^\" ^\n  -H ^\"Origin: https://app.example.com^\" ^\n  -H ^\"User-Agent: x^\"",
			"Read as a curl command for Windows: GET https://b.s3.amazonaws.com/k from https://app.example.com. Left out, since the browser adds it by itself: user-agent.", "GET", "https://app.example.com", ""},
		{"a call with a variable", `fetch(url)`, "the URL of the call is url, which the script fills in: write it as a string", "GET", "https://app.example.com", ""},
		{"something else", "wget https://b.example", "this is none of the texts that are read here: ", "GET", "https://app.example.com", ""},
	} {
		p.do(t, `document.getElementById("paste-state").textContent = ""`)
		p.fill(t, "paste", c.text)
		p.click(t, "read", "Read it")
		p.wait(t, fmt.Sprintf(`document.getElementById("paste-state").textContent.startsWith(%s)`, quoted(c.says)))
		for id, want := range map[string]string{"method": c.method, "origin": c.origin, "headers": c.headers} {
			require.Equal(t, want, value[string](t, p, fmt.Sprintf("document.getElementById(%q).value", id)), c.name)
		}
	}
}

// testForeign pastes a document of another store: the page says which, judges what it
// means, and writes it anew where it applies a fix.
func testForeign(t *testing.T, p *tab) {
	p.ask(t, scenario{Document: `[{"origin":["https://a.example"],"method":["GET"],"responseHeader":["ETag"],"maxAgeSeconds":60}]`,
		Request: [4]string{"OPTIONS", "https://b.example", "GET", ""}, Target: "object"})
	p.shows(t, "policy-state", "Format: gcs (the JSON of Google Cloud Storage) · 1 rule")
	p.shows(t, "takes", "Amazon S3 takes it, once it is converted")
	p.wait(t, `document.querySelector("#verdict strong")?.textContent === "no-match"`)
	p.click(t, "answer", "Apply")
	p.wait(t, `document.querySelector("#verdict strong").textContent === "granted"`)
	p.shows(t, "policy-state", "Format: gcs (the JSON of Google Cloud Storage) · 1 rule")
	require.Equal(t, `[{"origin":["https://a.example", "https://b.example"],"method":["GET"],"responseHeader":["ETag"],"maxAgeSeconds":60}]`,
		value[string](t, p, `document.getElementById("policy").value`))

	// A finding is mended in a template, whose other resources stay.
	const template = `{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}, "Bucket": {"Type": "AWS::S3::Bucket",
	"Properties": {"CorsConfiguration": {"CorsRules": [{"AllowedOrigins": ["https://a.example/"], "AllowedMethods": ["GET"]}]}}}}}`
	p.fill(t, "policy", template)
	p.shows(t, "findings", "has a slash at its end")
	p.click(t, "findings", "Mend")
	p.wait(t, `document.getElementById("policy").value === `+quoted(strings.Replace(template, "example/", "example", 1)))

	// A click acts on what the findings belong to, and not on what was typed since.
	p.fill(t, "policy", template)
	p.wait(t, `document.querySelector("#findings .mend")`)
	p.do(t, filling("policy", `[{"AllowedOrigins": ["https://b.example/"], "AllowedMethods": ["GET"]}]`)+`document.querySelector("#findings .mend").click()`)
	p.shows(t, "note", "The policy has changed since: look at it again.")
	p.shows(t, "policy-state", "Format: array")
	require.Equal(t, `[{"AllowedOrigins": ["https://b.example/"], "AllowedMethods": ["GET"]}]`, value[string](t, p, `document.getElementById("policy").value`))

	// What is too long to be looked at leaves no findings behind.
	p.fill(t, "policy", longText(4100)+"x")
	p.shows(t, "policy-state", "the document has more than 4 MiB, and is not read: S3 takes 64 KiB")
	require.Empty(t, value[string](t, p, `document.getElementById("findings").textContent`))

	// What the format cannot say is said beside the finding, with a way out.
	p.fill(t, "profile", "multipart")
	p.fill(t, "policy", `[{"origin":["https://a.example"],"method":["PUT"],"responseHeader":["content-type"]}]`)
	p.shows(t, "findings", "This cannot be mended in the text: the format gcs cannot say it")
	p.click(t, "findings", "Turn the document into S3’s JSON")
	p.shows(t, "policy-state", "Format: json (the JSON of the AWS CLI) · 1 rule")
	p.wait(t, `![...document.querySelectorAll("#findings, #mild")].some(e => e.textContent.includes("This cannot be mended"))`)
	p.click(t, "mend-all", "Mend all")
	p.wait(t, `document.getElementById("policy").value.includes('"ETag"')`)
	p.click(t, "undo", "Undo")
	p.click(t, "undo", "Undo")
	p.shows(t, "policy-state", "Format: gcs (the JSON of Google Cloud Storage) · 1 rule")
	p.fill(t, "profile", "")
}

// testSeveral pastes a template with two buckets, chooses one, and then pastes something
// else, in which there is nothing to choose.
func testSeveral(t *testing.T, p *tab, browser context.Context) {
	bucket := func(origin string) string {
		return `{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["` + origin + `"],"AllowedMethods":["GET"]}]}}}`
	}
	p.fill(t, "policy", `{"Resources":{"One":`+bucket("https://one.example")+`,"Two":`+bucket("https://two.example")+`}}`)
	p.wait(t, `document.getElementById("resource").options.length === 3`)
	p.fill(t, "resource", "Two")
	p.shows(t, "rules", "https://two.example")
	p.shows(t, "policy-state", "Format: cloudformation (CloudFormation in JSON) · 1 rule")

	// Both are compared: what was kept is one of both as well.
	p.click(t, "keep", "Keep the policy to compare with")
	p.shows(t, "compared", "The policy does the same as what was kept.")
	p.fill(t, "old", "One")
	p.shows(t, "compared", "now also grants GET to https://two.example")
	p.fill(t, "resource", "One")
	p.shows(t, "compared", "The policy does the same as what was kept.")
	p.click(t, "share", "Copy a link to this")
	p.wait(t, `location.hash.startsWith("#1")`)
	other := open(t, browser, value[string](t, p, "location.href"))
	other.shows(t, "rules", "https://one.example")
	require.Equal(t, "One", value[string](t, other, `document.getElementById("resource").value`))

	p.fill(t, "policy", `{"Resources":{"Three":`+bucket("https://three.example")+`}}`)
	p.shows(t, "rules", "https://three.example")
	p.wait(t, `document.getElementById("resource-field").hidden`)
	p.fill(t, "policy", slashed)
	p.shows(t, "rules", "https://app.example.com/")
	p.fill(t, "policy", "")
	p.shows(t, "findings", "No policy: the bucket answers as one without CORS.")
	p.wait(t, `document.getElementById("converted").textContent === ""`)
}

// testServers switches from Amazon to Ceph: what differs is said, and decides.
func testServers(t *testing.T, p *tab) {
	p.ask(t, scenario{Document: `[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"]},{"AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"]}]`,
		Request: [4]string{"OPTIONS", "https://a.example", "PUT", ""}, Target: "object"})
	p.wait(t, `document.querySelector("#verdict strong")?.textContent === "granted"`)
	p.shows(t, "answer", "Ceph decides otherwise")
	p.fill(t, "dialect", "ceph")
	p.wait(t, `document.querySelector("#verdict strong").textContent === "no-match"`)
	p.shows(t, "answer", "Amazon S3 decides otherwise")
	p.fill(t, "dialect", "aws")
}

// testConverting writes the policy in other formats, and compares it with what it was.
func testConverting(t *testing.T, p *tab) {
	p.fill(t, "policy", slashed)
	p.do(t, filling("url", "")+filling("target", "")+filling("method", "PUT")+filling("origin", "https://it's.example")+filling("headers", "x-a: b")+`
		navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() };
		document.getElementById("answer").replaceChildren();`)
	p.wait(t, `document.querySelectorAll("#answer .exchange").length === 2`)
	p.click(t, "answer", "Copy as curl")
	p.shows(t, "note", "The command is on the clipboard.")
	require.Equal(t, `curl -i -X 'OPTIONS' -H 'Origin: https://it'\''s.example' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: x-a' 'https://bucket.s3.amazonaws.com/key'`,
		value[string](t, p, "window.copied"))
	p.click(t, "keep", "Keep the policy to compare with")
	p.shows(t, "compared", "The policy does the same as what was kept.")
	p.fill(t, "format", "terraform")
	p.shows(t, "converted", `allowed_origins = ["https://app.example.com/"]`)
	for _, format := range value[[]string](t, p, `[...document.getElementById("format").options].map(o => o.value)`) {
		p.do(t, `document.getElementById("converted").replaceChildren()`)
		p.fill(t, "format", format)
		p.shows(t, "converted", "https://app.example.com/")
	}
	p.fill(t, "format", "gcs")
	p.shows(t, "converted", `"origin": [`)
	p.click(t, "take-converted", "Take as the policy")
	p.shows(t, "policy-state", "Format: gcs (the JSON of Google Cloud Storage) · 1 rule")
	p.fill(t, "policy", strings.ReplaceAll(slashed, "com/", "com"))
	p.shows(t, "compared", "now also grants GET to https://app.example.com")
}
