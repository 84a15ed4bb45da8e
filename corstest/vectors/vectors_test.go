//go:build go1.26

package vectors

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// decision, refused and operation are small vectors of each kind, in which the
// tests replace a part.
const (
	decision = `{"id": "a", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "bucket": "missing",
		"config": null, "request": {"method": "GET", "target": "object", "headers": [["Origin", "o"]]},
		"ids": {"request": "r", "host": "h"},
		"expect": {"outcome": "no-bucket", "rule": null, "status": null, "headers": [["Vary", "Origin"]],
		"error": {"Code": "c", "Message": "m"}, "body": "b"}}`
	refused = `{"id": "a", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "document": "text",
		"expect": {"status": 400, "error": {"Code": "c"}, "problems": [{"code": "c", "path": "p", "line": 2, "column": 3}]}}`
	operation = `{"id": "a", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "stored": [],
		"storedXML": "<CORSConfiguration/>", "needs": ["ListObjects"],
		"steps": [{"request": {"method": "PUT", "target": "object", "query": "cors", "headers": [["N", "v"]], "body": "text"},
		"expect": {"status": 400, "headers": [["Vary", "Origin"]], "absent": ["Allow"], "error": {"Code": "c"}, "body": "b"}},
		{"request": {"method": "GET", "target": "bucket", "headers": []},
		"expect": {"status": 200, "headers": [], "config": {}}}]}`
)

// readAll reads the vectors once; no test changes them.
var readAll = sync.OnceValues(All)

func allVectors(t *testing.T) []Vector {
	t.Helper()
	all, err := readAll()
	require.NoError(t, err)
	return all
}

func readOne(t *testing.T, vector string) (Vector, error) {
	t.Helper()
	all, err := read(fstest.MapFS{"f.json": {Data: []byte(`{"about": "x", "vectors": [` + vector + `]}`)}})
	if err != nil {
		return Vector{}, err
	}
	require.Len(t, all, 1)
	return all[0], nil
}

func TestAllVectorsAreOfTheFormat(t *testing.T) {
	all := allVectors(t)
	require.GreaterOrEqual(t, len(all), 250)
}

func TestADecisionIsReadInFull(t *testing.T) {
	got, err := readOne(t, decision)
	require.NoError(t, err)
	want := Vector{
		ID: "a", Title: "t", Rows: []string{"4.3/comma"}, Grade: "A", Source: "LS", Bucket: "missing",
		Request: &Request{Method: "GET", Target: "object", Headers: []Pair{{"Origin", "o"}}},
		IDs:     &IDs{Request: "r", Host: "h"},
		Expect: Expect{Outcome: "no-bucket", Headers: []Pair{{"Vary", "Origin"}},
			Error: Elements{{"Code", "c"}, {"Message", "m"}}, Body: "b"},
		File: "f.json",
	}
	require.Empty(t, cmp.Diff(want, got))
}

func TestADocumentIsReadInFull(t *testing.T) {
	got, err := readOne(t, refused)
	require.NoError(t, err)
	want := Vector{
		ID: "a", Title: "t", Rows: []string{"4.3/comma"}, Grade: "A", Source: "LS", Document: []byte("text"),
		Expect: Expect{Status: new(400), Error: Elements{{"Code", "c"}},
			Problems: []Problem{{Code: "c", Path: "p", Line: 2, Column: 3}}},
		File: "f.json",
	}
	require.Empty(t, cmp.Diff(want, got))
}

func TestAnOperationIsReadInFull(t *testing.T) {
	got, err := readOne(t, operation)
	require.NoError(t, err)
	want := Vector{
		ID: "a", Title: "t", Rows: []string{"4.3/comma"}, Grade: "A", Source: "LS", Stored: []byte("[]"), StoredXML: []byte("<CORSConfiguration/>"),
		Needs: []string{"ListObjects"},
		Steps: []Step{
			{StepRequest{Request{Method: "PUT", Target: "object", Headers: []Pair{{"N", "v"}}}, "cors", false, []byte("text")},
				StepExpect{Status: 400, Headers: []Pair{{"Vary", "Origin"}}, Absent: []string{"Allow"},
					Error: Elements{{"Code", "c"}}, Body: new("b")}},
			{StepRequest{Request: Request{Method: "GET", Target: "bucket", Headers: []Pair{}}},
				StepExpect{Status: 200, Headers: []Pair{}, Config: []byte("{}")}},
		},
		File: "f.json",
	}
	require.Empty(t, cmp.Diff(want, got))
}

func TestTheBodyOfAStep(t *testing.T) {
	for _, row := range []struct {
		name, old, with string
		want            []byte
	}{
		{"may be empty, which is not none", `"body": "text"`, `"body": ""`, []byte{}},
		{"may be absent", `, "body": "text"`, ``, nil},
		{"is put together of parts", `"body": "text"`, `"body": [{"repeat": "a", "times": 3}, "b"]`, []byte("aaab")},
	} {
		t.Run(row.name, func(t *testing.T) {
			v, err := readOne(t, replace(t, operation, row.old, row.with))
			require.NoError(t, err)
			require.Equal(t, row.want, v.Steps[0].Request.Body)
		})
	}
}

func TestAnOperationOnAMissingBucket(t *testing.T) {
	v, err := readOne(t, replace(t, operation, `"stored": [],
		"storedXML": "<CORSConfiguration/>"`, `"bucket": "missing", "stored": null`))
	require.NoError(t, err)
	require.Equal(t, "missing", v.Bucket)
	require.Nil(t, v.Stored)
}

func TestOperationsAreEnough(t *testing.T) {
	all := allVectors(t)
	n := 0
	for _, v := range all {
		if v.Steps == nil {
			continue
		}
		if v.Dialect != "" {
			require.True(t, strings.HasPrefix(v.ID, "ceph-op-"), v.ID)
			require.Contains(t, []string{"ceph-operations.json", "ceph-answers.json"}, v.File, v.ID)
			continue
		}
		n++
		require.True(t, strings.HasPrefix(v.ID, "op-"), v.ID)
		require.Contains(t, []string{"operations.json", "operations-answers.json", "recorded-operations.json"}, v.File, v.ID)
	}
	require.GreaterOrEqual(t, n, 60)
}

func TestTheConfigurationOfADecision(t *testing.T) {
	for _, row := range []struct{ name, config, want string }{
		{"a string holds a document", `"<CORSConfiguration/>"`, "<CORSConfiguration/>"},
		{"an object stands for itself", `{"CORSRules": [ ]}`, `{"CORSRules": [ ]}`},
		{"an array stands for itself", `[ ]`, "[ ]"},
		{"an empty string is an empty document, not none", `""`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			v, err := readOne(t, replace(t, decision, `"config": null`, `"config": `+row.config))
			require.NoError(t, err)
			require.NotNil(t, v.Config)
			require.Equal(t, row.want, string(v.Config))
		})
	}
}

func TestThePartsOfADocumentArePutTogether(t *testing.T) {
	v, err := readOne(t, replace(t, refused, `"text"`, `["<", {"repeat": "ab", "times": 3}, {"base64": "/w=="}, ">"]`))
	require.NoError(t, err)
	require.Equal(t, "<ababab\xff>", string(v.Document))
}

func TestElementsKeepTheirOrder(t *testing.T) {
	v, err := readOne(t, replace(t, refused, `{"Code": "c"}`, `{"Z": "Code", "Code": "Z", "A": ""}`))
	require.NoError(t, err)
	require.Equal(t, Elements{{"Z", "Code"}, {"Code", "Z"}, {"A", ""}}, v.Expect.Error)
}

func TestWhatIsNotOfTheFormatIsAnError(t *testing.T) {
	for _, row := range []struct{ name, vector, old, with, want string }{
		{"an unknown member", decision, `"grade"`, `"graed"`, `unknown field "graed"`},
		{"a member in another case", decision, `"grade"`, `"Grade"`, `there is no "grade"`},
		{"a member too few", decision, `"rule": null, `, ``, `there is no "rule"`},
		{"a member of the other kind", decision, `"body": "b"`, `"xml": "b"`, `"xml" does not belong there`},
		{"both kinds at once", decision, `"config": null`, `"config": null, "document": ""`, `"document" does not belong there`},
		{"neither kind", refused, `"document": "text",`, ``, `there is no "document"`},
		{"an id with a blank", decision, `"id": "a"`, `"id": "a b"`, `the id "a b" is not in kebab-case`},
		{"an empty title", decision, `"title": "t"`, `"title": ""`, `title and source must not be empty`},
		{"no row", decision, `["4.3/comma"]`, `[]`, `it shows no row`},
		{"a dialect that is none", decision, `"grade": "A"`, `"grade": "A", "dialect": "minio"`, `there is no dialect "minio"`},
		{"a range error of Amazon S3", refused, `400`, `416`, `it must be accepted or refused`},
		{"a grade that is none", decision, `"grade": "A"`, `"grade": "F"`, `there is no grade "F"`},
		{"a bucket that is there", decision, `"missing"`, `"there"`, `a bucket cannot be "there"`},
		{"a target that is none", decision, `"target": "object"`, `"target": "key"`, `there is no target "key"`},
		{"an outcome that is none", decision, `"no-bucket"`, `"refused"`, `there is no outcome "refused"`},
		{"a body without ids", decision, `"ids": {"request": "r", "host": "h"},`, ``, `ids and a body come together`},
		{"a field line of three", decision, `["Origin", "o"]`, `["Origin", "o", "p"]`, `["Origin", "o", "p"] is not a name and a value`},
		{"a field line that is no array", decision, `["Origin", "o"]`, `"Origin"`, `cannot unmarshal string`},
		{"an error with a name twice", refused, `{"Code": "c"}`, `{"Code": "c", "Code": "d"}`, `a name occurs twice`},
		{"an error with a number", refused, `{"Code": "c"}`, `{"Code": 1}`, `cannot unmarshal number`},
		{"a part that is empty", refused, `"text"`, `[{}]`, `{} is no part of a document`},
		{"a part of two kinds", refused, `"text"`, `[{"repeat": "a", "times": 1, "base64": "/w=="}]`, `is no part of a document`},
		{"a part with an unknown member", refused, `"text"`, `[{"repeat": "a", "count": 1}]`, `unknown field "count"`},
		{"bytes that are not base64", refused, `"text"`, `[{"base64": "?"}]`, `illegal base64`},
		{"a refusal with status 200", refused, `400`, `200`, `it must be accepted or refused`},
		{"a refusal without a problem", refused, `[{"code": "c", "path": "p", "line": 2, "column": 3}]`, `[]`, `a refused document has a problem`},
		{"an acceptance that says nothing", refused, `"status": 400, "error": {"Code": "c"}, "problems": [{"code": "c", "path": "p", "line": 2, "column": 3}]`,
			`"status": 200, "error": null`, `neither config nor rules tell what was accepted`},
		{"an operation and a document at once", operation, `"stored": []`, `"stored": [], "document": ""`, `"document" does not belong there`},
		{"an operation and a decision at once", operation, `"stored": []`, `"stored": [], "request": {"method": "", "target": "", "headers": []}`, `"request" does not belong there`},
		{"an operation with one expectation for all", operation, `"stored": []`, `"stored": [], "expect": {}`, `"expect" does not belong there`},
		{"an operation that does not say what is stored", operation, `"stored": [],`, ``, `there is no "stored"`},
		{"a decision with something stored", decision, `"config": null`, `"config": null, "stored": null`, `"stored" does not belong there`},
		{"steps that are none", operation, operation[strings.Index(operation, `"steps"`):], `"steps": null}`, `there is no "document"`},
		{"no step", operation, operation[strings.Index(operation, `"steps"`):], `"steps": []}`, `it has no step`},
		{"a missing bucket with something stored", operation, `"stored": []`, `"bucket": "missing", "stored": []`, `a missing bucket has no configuration`},
		{"an operation on a bucket that is there", operation, `"stored": []`, `"bucket": "there", "stored": []`, `a bucket cannot be "there"`},
		{"a step with an unknown member", operation, `"steps": [{`, `"steps": [{"wait": 1, `, `steps[0]: "wait" does not belong there`},
		{"a step without a method", operation, `"method": "GET", `, ``, `steps[1]: there is no "method"`},
		{"a step with an empty method", operation, `"GET"`, `""`, `steps[1]: the method must not be empty`},
		{"a step with a target that is none", operation, `"target": "bucket"`, `"target": "key"`, `steps[1]: there is no target "key"`},
		{"a preflight that is anonymous", operation, `"GET", "target"`, `"OPTIONS", "anonymous": true, "target"`, `steps[1]: a preflight is anonymous in any case`},
		{"an evaluation that is one for servers, too", decision, `"config": null`, `"config": null, "evaluationOnly": true`, `evaluationOnly is true, and should not be`},
		{"a method that S3 refuses", decision, `"GET"`, `"FOO"`, `evaluationOnly is false, and should not be`},
		{"a value that can not be sent", decision, `["Origin", "o"]`, `["Origin", "\n"]`, `evaluationOnly is false, and should not be`},
		{"an operation for libraries", operation, `"stored": []`, `"stored": [], "evaluationOnly": true`, `"evaluationOnly" does not belong there`},
		{"headers that no server takes", decision, `["Origin", "o"]`, `["Origin", "` + strings.Repeat("o", room) + `"]`, `evaluationOnly is false, and should not be`},
		{"a configuration that is XML twice", decision, `"config": null`, `"config": "<a/>", "configXML": "<a/>"`, `only a configuration in JSON is given as XML, too`},
		{"XML of no configuration", decision, `"config": null`, `"config": null, "configXML": "<a/>"`, `only a configuration in JSON is given as XML, too`},
		{"XML that is JSON", decision, `"config": null`, `"config": [], "configXML": " []"`, `the configuration that should be XML is JSON`},
		{"XML of a document", refused, `"document"`, `"configXML": "<a/>", "document"`, `"configXML" does not belong there`},
		{"XML for an operation by the name of a decision's", operation, `storedXML`, `configXML`, `"configXML" does not belong there`},
		{"the needs of a decision", decision, `"config": null`, `"config": null, "needs": []`, `"needs" does not belong there`},
		{"a need too few", operation, `, "needs": ["ListObjects"]`, ``, `it needs ["ListObjects"] and says []`},
		{"a need too many", operation, `["ListObjects"]`, `["ListObjects", "ranges"]`, `it needs ["ListObjects"] and says ["ListObjects" "ranges"]`},
		{"needs that are not sorted", operation, `["ListObjects"]`, `["ListObjects", "ListBuckets"]`, `says ["ListObjects" "ListBuckets"]`},
		{"an operation that no list has", operation, `"method": "GET", "target": "bucket"`, `"method": "POST", "target": "object"`, `steps[1]: there is no operation "object POST"`},
		{"a raw request that is none", decision, `"method": "GET"`, `"raw": true, "method": "GET"`, `raw is true`},
		{"a raw request that does not say so", decision, `["Origin", "o"]`, `["Origin", "o"], ["origin", "o"]`, `raw is false, though this is the reason for it: "lines"`},
		{"a raw step that does not say so", operation, `["N", "v"]`, `["N", "v"], ["n", "v"]`, `steps[0]: raw is false, though this is the reason for it: "lines"`},
		{"a step whose raw is null", operation, `"method": "GET"`, `"raw": null, "method": "GET"`, `steps[1]: "raw" must not be null`},
		{"a step with a misspelt expectation", operation, `"absent"`, `"Absent"`, `steps[0]: "Absent" does not belong there`},
		{"a step that does not say which headers", operation, `"headers": [["Vary", "Origin"]], `, ``, `steps[0]: there is no "headers"`},
		{"a step whose error is null", operation, `"error": {"Code": "c"}`, `"error": null`, `steps[0]: "error" must not be null`},
		{"a step whose body is null", operation, `"body": "text"`, `"body": null`, `steps[0]: "body" must not be null`},
		{"a step whose body is part of none", operation, `"body": "text"`, `"body": [{}]`, `steps[0]: {} is no part of a document`},
		{"a step with an informational status", operation, `"status": 200`, `"status": 100`, `steps[1]: there is no status 100`},
		{"a step with a status that is none", operation, `"status": 200`, `"status": 600`, `steps[1]: there is no status 600`},
		{"a step with an error that succeeds", operation, `"status": 400`, `"status": 204`, `steps[0]: an error comes with a status that is one`},
		{"a step with a configuration that fails", operation, `"status": 200`, `"status": 404`, `steps[1]: a configuration comes with status 200`},
		{"a step with the code of a success", operation, `"config": {}`, `"code": "c"`, `steps[1]: an error comes with a status that is one`},
		{"a step with the code of its error", operation, `"error": {"Code": "c"}`, `"error": {"Code": "c"}, "code": "c"`, `steps[0]: an error says its code itself`},
		{"a HEAD with a code", replaced(operation, `"error": {"Code": "c"}`, `"code": "c"`), `"PUT"`, `"HEAD"`, `steps[0]: the answer to a HEAD has no body`},
		{"a HEAD with an error", operation, `"PUT"`, `"HEAD"`, `steps[0]: the answer to a HEAD has no body`},
		{"a step with the runner's header", operation, `["N", "v"]`, `["content-length", "4"]`, `steps[0]: the header content-length belongs to whoever sends the request`},
		{"a header that is there and absent", operation, `"Allow"`, `"vary"`, `steps[0]: Vary is expected twice`},
		{"a header that is there twice", operation, `[["Vary", "Origin"]]`, `[["Vary", "Origin"], ["vary", "x"]]`, `steps[0]: vary is expected twice`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := readOne(t, replace(t, row.vector, row.old, row.with))
			require.ErrorContains(t, err, row.want)
			require.ErrorContains(t, err, "f.json: vectors[0]")
		})
	}
}

func TestAnIDIsUniqueOverAllFiles(t *testing.T) {
	file := &fstest.MapFile{Data: []byte(`{"about": "x", "vectors": [` + decision + `]}`)}
	_, err := read(fstest.MapFS{"f.json": file, "g.json": file})
	require.EqualError(t, err, "g.json: the id a stands in f.json already")
}

func TestAFileMustBeOfTheFormat(t *testing.T) {
	for _, row := range []struct{ name, file, want string }{
		{"that is not JSON", `{`, "unexpected end of JSON input"},
		{"without vectors", `{"about": "x"}`, `there is no "vectors"`},
		{"with another member", `{"about": "x", "vectors": [], "more": 1}`, `"more" does not belong there`},
		{"whose vectors are no array", `{"about": "x", "vectors": 1}`, `cannot unmarshal number`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := read(fstest.MapFS{"f.json": {Data: []byte(row.file)}})
			require.ErrorContains(t, err, row.want)
		})
	}
}

func replaced(vector, old, with string) string { return strings.Replace(vector, old, with, 1) }

// replace exchanges a part of a vector, which must be there.
func replace(t *testing.T, vector, old, with string) string {
	t.Helper()
	require.Contains(t, vector, old)
	before, after, _ := strings.Cut(vector, old)
	return before + with + after
}
