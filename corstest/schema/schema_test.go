package schema

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

const (
	directory = "../vectors/"
	published = directory + "schema.json"
)

func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile(published)
	require.NoError(t, err)
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, document []byte) error {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	require.NoError(t, err)
	return schema.Validate(value)
}

func TestTheSchemaIsOfDraft202012(t *testing.T) {
	text, err := os.ReadFile(published)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	meta, err := jsonschema.NewCompiler().Compile("https://json-schema.org/draft/2020-12/schema")
	require.NoError(t, err)
	require.NoError(t, meta.Validate(value))
}

func TestEveryFileOfVectorsIsOfTheSchema(t *testing.T) {
	schema := compile(t)
	names, err := filepath.Glob(directory + "*.json")
	require.NoError(t, err)
	checked := 0
	for _, name := range names {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if name == published || name == directory+"implies.json" {
			require.Error(t, validate(t, schema, text), "%s is no file of vectors", name)
			continue
		}
		checked++
		t.Run(filepath.Base(name), func(t *testing.T) { require.NoError(t, validate(t, schema, text)) })
	}
	require.GreaterOrEqual(t, checked, 15)
}

// A vector of each kind with all that its kind can have.
const (
	decision = `{"id": "a-1", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "seen": "https://a.example/1", "dialect": "ceph",
		"config": {"CORSRules": [{"AllowedMethods": ["GET"], "MaxAgeSeconds": -1}]}, "configXML": "<CORSConfiguration/>", "bucket": "missing",
		"evaluationOnly": true, "request": {"method": "GET", "target": "service", "headers": [["Origin", ""]], "subresource": "acl", "raw": true},
		"ids": {"request": "r", "host": "h"},
		"expect": {"outcome": "no-bucket", "rule": null, "status": 403, "headers": [], "error": {"Code": "c", "Message": ""}, "body": "b"}}`
	accepted = `{"id": "b", "title": "t", "rows": ["ceph-2/overlap"], "grade": "C+", "source": "LS",
		"document": ["<", {"repeat": "ab", "times": 3}, {"base64": "/w=="}],
		"expect": {"status": 200, "error": null, "config": {"CORSRules": []}, "rules": 2, "xml": "<x/>"}}`
	refused = `{"id": "c", "title": "t", "rows": ["9/website"], "grade": "E", "source": "LS", "document": "",
		"expect": {"status": 400, "error": {"Code": "c", "Message": "m"}, "problems": [{"code": "c", "path": "p", "line": 1, "column": 1}]}}`
	operation = `{"id": "d", "title": "t", "rows": ["4.3/comma"], "grade": "A-m", "source": "LS", "stored": "<CORSConfiguration/>",
		"needs": ["GetObject", "ranges"],
		"steps": [{"request": {"method": "PUT", "target": "object", "query": "cors", "anonymous": true, "headers": [["N", "v"]], "body": "text", "raw": true},
		"expect": {"status": 404, "headers": [["Vary", "Origin"]], "absent": ["Allow"], "error": {"Code": "c", "Message": "m"}, "body": ""}},
		{"request": {"method": "GET", "target": "bucket", "headers": []}, "expect": {"status": 200, "headers": [], "config": {"CORSRules": []}}}]}`
)

func file(vector string) []byte {
	return []byte(`{"about": "x", "vectors": [` + vector + `]}`)
}

func TestAVectorWithAllThatItsKindCanHave(t *testing.T) {
	schema := compile(t)
	for _, vector := range []string{decision, accepted, refused, operation} {
		require.NoError(t, validate(t, schema, file(vector)))
	}
}

func TestAHostileChangeIsRefused(t *testing.T) {
	schema := compile(t)
	for _, row := range []struct{ name, vector, old, with string }{
		{"a misspelt member", decision, `"grade"`, `"graed"`},
		{"a member in another case", decision, `"expect"`, `"Expect"`},
		{"a member more", decision, `"id"`, `"skip": true, "id"`},
		{"a member of another kind", decision, `"id"`, `"needs": ["GetObject"], "id"`},
		{"two kinds at once", decision, `"id"`, `"document": "", "id"`},
		{"no kind", refused, `"document": "",`, ``},
		{"an id with a capital", decision, `"a-1"`, `"A-1"`},
		{"an id with two hyphens", decision, `"a-1"`, `"a--1"`},
		{"an empty title", decision, `"title": "t"`, `"title": ""`},
		{"no row", decision, `["4.3/comma"]`, `[]`},
		{"a row twice", decision, `["4.3/comma"]`, `["4.3/comma", "4.3/comma"]`},
		{"a row that is none", decision, `4.3/comma`, `4.3-comma`},
		{"a grade that is none", decision, `"grade": "A"`, `"grade": "F"`},
		{"a dialect that is none", decision, `"ceph"`, `"minio"`},
		{"an issue without an address", decision, `https://a.example/1`, `a.example/1`},
		{"a bucket that is there", decision, `"missing"`, `"there"`},
		{"a configuration that is a number", decision, `{"CORSRules": [{"AllowedMethods": ["GET"], "MaxAgeSeconds": -1}]}`, `1`},
		{"a misspelt rule", decision, `"AllowedMethods"`, `"AllowedMethod"`},
		{"a list that is none", decision, `["GET"]`, `"GET"`},
		{"an age that is a text", decision, `: -1`, `: "-1"`},
		{"no XML for JSON", decision, `"configXML": "<CORSConfiguration/>", `, ``},
		{"XML that is JSON", decision, `"<CORSConfiguration/>"`, `"[]"`},
		{"XML for none", decision, `{"CORSRules": [{"AllowedMethods": ["GET"], "MaxAgeSeconds": -1}]}`, `null`},
		{"no method", decision, `"method": "GET", `, ``},
		{"a target that is none", decision, `"service"`, `"key"`},
		{"a field line of one", decision, `["Origin", ""]`, `["Origin"]`},
		{"a field line of three", decision, `["Origin", ""]`, `["Origin", "", ""]`},
		{"a field line that is an object", decision, `["Origin", ""]`, `{"Origin": ""}`},
		{"a request that says it is not raw", decision, `"raw": true`, `"raw": false`},
		{"a request that is anonymous, in a decision", decision, `"raw": true`, `"anonymous": true`},
		{"a decision that says servers can be asked", decision, `"evaluationOnly": true`, `"evaluationOnly": false`},
		{"an outcome that is none", decision, `"no-bucket"`, `"refused"`},
		{"a rule before the first", decision, `"rule": null`, `"rule": -1`},
		{"a status that is a text", decision, `403`, `"403"`},
		{"headers that are left out", decision, `"headers": [], "error"`, `"error"`},
		{"an error without a message", decision, `, "Message": ""`, ``},
		{"an error with a number", decision, `"Message": ""`, `"Message": 1`},
		{"ids without a body", decision, `, "body": "b"`, ``},
		{"a body without ids", decision, `"ids": {"request": "r", "host": "h"},`, ``},
		{"half of the ids", decision, `, "host": "h"`, ``},
		{"an acceptance that is an error", accepted, `"error": null`, `"error": {"Code": "c", "Message": "m"}`},
		{"an acceptance that says nothing", accepted, `"config": {"CORSRules": []}, "rules": 2, `, ``},
		{"an acceptance in another form", accepted, `{"CORSRules": []}`, `[]`},
		{"an accepted document without rules", accepted, `"rules": 2`, `"rules": 0`},
		{"a part of two kinds", accepted, `"times": 3`, `"times": 3, "base64": "/w=="`},
		{"a part that is there no time", accepted, `"times": 3`, `"times": 0`},
		{"bytes that are not base64", accepted, `"/w=="`, `"?"`},
		{"a refusal without an error", refused, `{"Code": "c", "Message": "m"}`, `null`},
		{"a refusal with a configuration", refused, `"status": 400`, `"status": 400, "config": {"CORSRules": []}`},
		{"a refusal with another status", refused, `400`, `403`},
		{"a range error of Amazon S3", refused, `400`, `416`},
		{"a refusal for no problem", refused, `[{"code": "c", "path": "p", "line": 1, "column": 1}]`, `[]`},
		{"a place before the first", refused, `"line": 1`, `"line": 0`},
		{"a line without a column", refused, `, "column": 1`, ``},
		{"nothing said of what is stored", operation, `"stored": "<CORSConfiguration/>",`, ``},
		{"a missing bucket with something stored", operation, `"stored"`, `"bucket": "missing", "stored"`},
		{"a need that is no operation", operation, `"GetObject"`, `"GetObjects"`},
		{"a need twice", operation, `"ranges"`, `"GetObject"`},
		{"needs that are none", operation, `["GetObject", "ranges"]`, `[]`},
		{"no step", operation, operation[strings.Index(operation, `"steps"`):], `"steps": []}`},
		{"a step with a pause", operation, `"steps": [{`, `"steps": [{"wait": 1, `},
		{"an expectation for all steps", operation, `"steps"`, `"expect": {}, "steps"`},
		{"a preflight that is anonymous", operation, `"PUT"`, `"OPTIONS"`},
		{"a step that says it is not anonymous", operation, `"anonymous": true`, `"anonymous": false`},
		{"a header that is the runner's", operation, `["N", "v"]`, `["content-Length", "v"]`},
		{"a misspelt expectation", operation, `"absent"`, `"Absent"`},
		{"no header said to be absent", operation, `["Allow"]`, `[]`},
		{"an informational status", operation, `"status": 404`, `"status": 100`},
		{"an error that succeeds", operation, `"status": 404`, `"status": 204`},
		{"an error and its code", operation, `"absent"`, `"code": "c", "absent"`},
		{"the code of a success", operation, `"status": 200, "headers": [], "config": {"CORSRules": []}`, `"status": 200, "headers": [], "code": "c"`},
		{"a configuration that fails", operation, `"status": 200`, `"status": 404`},
		{"a body that is null", operation, `"body": "text"`, `"body": null`},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Contains(t, row.vector, row.old)
			changed := strings.Replace(row.vector, row.old, row.with, 1)
			require.Error(t, validate(t, schema, file(changed)))
		})
	}
}

func TestAFileHasTwoMembers(t *testing.T) {
	schema := compile(t)
	for _, text := range []string{`[]`, `{"about": "x"}`, `{"vectors": []}`, `{"about": "", "vectors": []}`, `{"about": "x", "vectors": {}}`, `{"about": "x", "vectors": [], "$schema": "x"}`, `{"about": "x", "vectors": [null]}`} {
		require.Error(t, validate(t, schema, []byte(text)), text)
	}
}
