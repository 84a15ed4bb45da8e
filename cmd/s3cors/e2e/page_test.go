package e2e

import (
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

// testScenarios types every scenario, reads what is said, and applies the fix.
func testScenarios(t *testing.T, p *tab) {
	applied := 0
	for _, s := range scenarios(t) {
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
	require.Greater(t, applied, 70)
}

const slashed = `[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET", "PUT"]}]`

// testPasted pastes requests as people have them.
func testPasted(t *testing.T, p *tab) {
	p.fill(t, "policy", slashed)
	for _, c := range []struct{ name, text, says, method, origin, headers string }{
		{"a command of curl", `curl 'https://b.s3.amazonaws.com/k' -X PUT -H 'Origin: https://app.example.com' -H 'x-amz-acl: private' --data-raw x`,
			"Read as a curl command.", "PUT", "https://app.example.com", "x-amz-acl: private\nContent-Type: application/x-www-form-urlencoded"},
		{"a preflight of curl", `curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: DELETE' https://b.s3.amazonaws.com/k`,
			"Read as a curl command.", "DELETE", "https://app.example.com", ""},
		{"an entry of an archive", `{"request":{"method":"GET","url":"https://b.s3.amazonaws.com/k","headers":[{"name":"Origin","value":"https://www.example.com"},{"name":"range","value":"bytes=0-1"}]},"response":{"status":200}}`,
			"Read as an HTTP archive.", "GET", "https://www.example.com", "range: bytes=0-1"},
		{"a sentence of Chromium", `Access to fetch at 'https://b.s3.amazonaws.com/k' from origin 'https://app.example.com' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.`,
			"Read as a browser's sentence. the message does not tell the method of the request: fill it in", "", "https://app.example.com", ""},
		{"a call of fetch", `fetch("https://b.s3.amazonaws.com/k")`, `this is a call of fetch ("Copy as fetch"): take "Copy as cURL (bash)"`, "", "https://app.example.com", ""},
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
	p.shows(t, "policy-state", "Format: gcs · 1 rule")
	p.shows(t, "takes", "Amazon S3 takes it, once it is converted")
	p.wait(t, `document.querySelector("#verdict strong")?.textContent === "no-match"`)
	p.click(t, "answer", "Apply")
	p.wait(t, `document.querySelector("#verdict strong").textContent === "granted"`)
	p.shows(t, "policy-state", "Format: gcs · 1 rule")
	p.shows(t, "note", "The configuration was written anew")
	p.wait(t, `document.getElementById("policy").value.includes('"https://b.example"')`)
}

// testSeveral pastes a template with two buckets, chooses one, and then pastes something
// else, in which there is nothing to choose.
func testSeveral(t *testing.T, p *tab) {
	bucket := func(origin string) string {
		return `{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["` + origin + `"],"AllowedMethods":["GET"]}]}}}`
	}
	p.fill(t, "policy", `{"Resources":{"One":`+bucket("https://one.example")+`,"Two":`+bucket("https://two.example")+`}}`)
	p.wait(t, `document.getElementById("resource").options.length === 3`)
	p.fill(t, "resource", "Two")
	p.shows(t, "rules", "https://two.example")
	p.shows(t, "policy-state", "Format: cloudformation · 1 rule")
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
}

// testConverting writes the policy in other formats, and compares it with what it was.
func testConverting(t *testing.T, p *tab) {
	p.fill(t, "policy", slashed)
	p.click(t, "keep", "Compare with the policy as it is now")
	p.shows(t, "compared", "The bucket does the same as before.")
	p.fill(t, "format", "terraform")
	p.shows(t, "converted", `allowed_origins = ["https://app.example.com/"]`)
	p.fill(t, "format", "gcs")
	p.shows(t, "converted", `"origin": [`)
	p.click(t, "take-converted", "Take as the policy")
	p.shows(t, "policy-state", "Format: gcs · 1 rule")
	p.fill(t, "policy", strings.ReplaceAll(slashed, "com/", "com"))
	p.shows(t, "compared", "now also grants GET to https://app.example.com")
}
