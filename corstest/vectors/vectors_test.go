package vectors

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// decision and refused are small vectors of either kind, in which the tests
// replace a part.
const (
	decision = `{"id": "a", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "bucket": "missing",
		"config": null, "request": {"method": "GET", "target": "object", "headers": [["Origin", "o"]]},
		"ids": {"request": "r", "host": "h"},
		"expect": {"outcome": "no-bucket", "rule": null, "status": null, "headers": [["Vary", "Origin"]],
		"error": {"Code": "c", "Message": "m"}, "body": "b"}}`
	refused = `{"id": "a", "title": "t", "rows": ["4.3/comma"], "grade": "A", "source": "LS", "document": "text",
		"expect": {"status": 400, "error": {"Code": "c"}, "problems": [{"code": "c", "path": "p", "line": 2, "column": 3}]}}`
)

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
	all, err := All()
	require.NoError(t, err)
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

// replace exchanges a part of a vector, which must be there.
func replace(t *testing.T, vector, old, with string) string {
	t.Helper()
	require.Contains(t, vector, old)
	before, after, _ := strings.Cut(vector, old)
	return before + with + after
}
