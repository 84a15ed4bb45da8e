package report_test

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/diagnosis"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
)

var update = flag.Bool("update", false, "write what is shown to testdata instead of comparing it")

// vector returns a preflight that expects one header.
func vector(id, grade string) *vectors.Vector {
	return &vectors.Vector{
		ID: id, Title: "the title of " + id, Rows: []string{"7.1/first-match"}, Grade: grade, Source: "LS test_cors",
		Config:  []byte(`{"CORSRules": [{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]}`),
		Request: &vectors.Request{Method: "OPTIONS", Target: "object", Headers: []vectors.Pair{{"Origin", "https://a.example"}}},
		Expect:  vectors.Expect{Outcome: "granted", Headers: []vectors.Pair{{"Access-Control-Max-Age", "5"}}},
	}
}

// actual returns a vector of an actual request.
func actual(id, grade string) *vectors.Vector {
	v := vector(id, grade)
	v.Request.Method = "GET"
	return v
}

func pass(v *vectors.Vector) conformance.Result {
	return conformance.Result{Vector: v, Verdict: conformance.Pass}
}

func fail(v *vectors.Vector, diffs ...conformance.Diff) conformance.Result {
	return conformance.Result{
		Vector: v, Verdict: conformance.Fail, Diffs: diffs,
		Exchange: &conformance.Exchange{Request: &conformance.Request{
			Method: v.Request.Method, Bucket: "kit-1", Key: "key", Headers: v.Request.Headers, Anonymous: true,
		}},
	}
}

var (
	forbidden = conformance.Diff{What: "status", Want: "200", Got: "403"}
	noMaxAge  = conformance.Diff{What: "Access-Control-Max-Age", Want: "5", Got: conformance.Absent}
)

// sample is a run in which everything happens that can, of a server that means harm.
func sample() *report.Report {
	ceph := vector("ceph-one", "A")
	ceph.Rows = []string{"ceph-3/order", "5.1/max-age"}
	ceph.Seen = "https://github.com/ceph/ceph/pull/69190"
	hostile := conformance.Diff{
		What: "Access-Control-Allow-Origin", Want: conformance.Absent,
		Got: "\x1b[31m|`x`|</details><script>@all\xff\x00\u202e]]>&",
	}
	results := []conformance.Result{
		pass(vector("preflight-passes", "A")),
		fail(vector("preflight-refused", "A"), forbidden, noMaxAge),
		fail(vector("only-max-age", "B"), noMaxAge),
		fail(vector("a-choice", "E"), forbidden),
		fail(actual("hostile", "A-q"), hostile),
		{Vector: vector("silent", "A"), Verdict: conformance.Error, Reason: "the server hung up after \"\x1b]0;\""},
		{Vector: vector("not-asked", "A"), Verdict: conformance.Skip, Reason: "the server has no tagging"},
		{Vector: vector("not-asked-either", "E"), Verdict: conformance.Skip, Reason: "the server has no tagging"},
		fail(ceph, forbidden),
	}
	for i := range 20 {
		results = append(results, fail(vector(fmt.Sprintf("many-%02d", i), "A-m"), forbidden))
	}
	return &report.Report{
		Target: "http://127.0.0.1:9000", Results: results,
		Diagnoses: []diagnosis.Diagnosis{{
			Bug: "origin-only", Title: "the rule is chosen by its origin alone", Confidence: 0.5,
			Seen:     []string{"ceph/ceph#69190", "https://www.cve.org/CVERecord?id=CVE-2018-20744", "SeaweedFS [run], CVE-2025-47908 (rs/cors#170)", "GHSA-vhxv-fg4m-p2w8"},
			Explains: []string{"ceph-one", "a-choice", "preflight-refused"},
		}},
		Curl: report.Curl{Endpoint: "http://127.0.0.1:9000", Region: "us-east-1"},
	}
}

// golden compares a text with the file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(want), got))
}

// requirePrintable fails where a text holds what a terminal would obey.
func requirePrintable(t *testing.T, text string) {
	t.Helper()
	require.True(t, utf8.ValidString(text))
	require.NotContains(t, text, "\x1b")
	require.NotContains(t, text, "\x00")
	require.NotContains(t, text, "\u202e")
}

func TestTheTextIsForAPerson(t *testing.T) {
	text := sample().Text(report.TextOptions{})
	golden(t, "sample.txt", text)
	requirePrintable(t, text)
}

func TestColoursAddNothingElse(t *testing.T) {
	plain, coloured := sample().Text(report.TextOptions{}), sample().Text(report.TextOptions{Color: true})
	require.NotEqual(t, plain, coloured)
	for _, code := range []string{"31", "32", "1", "0"} {
		coloured = strings.ReplaceAll(coloured, "\x1b["+code+"m", "")
	}
	require.Equal(t, plain, coloured)
}

func TestEveryFailureIsShownWhereThatIsAskedFor(t *testing.T) {
	text := sample().Text(report.TextOptions{Full: -1})
	require.Equal(t, 26, strings.Count(text, "\n  source    LS test_cors, grade "))
	require.NotContains(t, text, "not shown")
}

func TestARunWithoutVectorsIsShown(t *testing.T) {
	r := &report.Report{Target: "an evaluator", Dialect: "ceph-main"}
	golden(t, "empty.txt", r.Text(report.TextOptions{}))
	golden(t, "empty.json", string(r.JSON()))
	golden(t, "empty.xml", string(r.JUnit()))
	golden(t, "empty.md", r.Markdown())
}

func TestARunInWhichAllHoldsIsShown(t *testing.T) {
	r := &report.Report{Target: "an evaluator", Results: []conformance.Result{pass(vector("one", "A"))}}
	golden(t, "pass.txt", r.Text(report.TextOptions{}))
}

func TestAnEvaluatorHasNoLineOfCurl(t *testing.T) {
	res := fail(vector("one", "A"), forbidden)
	res.Exchange = nil
	r := &report.Report{Target: "an evaluator", Results: []conformance.Result{res}}
	golden(t, "evaluator.txt", r.Text(report.TextOptions{}))
}

func TestEveryReasonIsTheTitleOfAGroupUntilThereAreTooMany(t *testing.T) {
	r := &report.Report{Target: "x"}
	for i := range 20 {
		r.Results = append(r.Results, conformance.Result{
			Vector: vector(fmt.Sprintf("one-%d", i), "A"), Verdict: conformance.Error, Reason: fmt.Sprintf("reason %d", i),
		})
	}
	text := r.Text(report.TextOptions{})
	require.Equal(t, 4, strings.Count(text, "\nNo answer: reason "))
	require.Contains(t, text, "\nNo answer, for other reasons (16)\n")
}

func TestOfManyDiagnosesTheFirstShowAFailure(t *testing.T) {
	r := &report.Report{Target: "x"}
	for i := range 20 {
		id := fmt.Sprintf("one-%d", i)
		r.Results = append(r.Results, fail(vector(id, "A"), forbidden))
		r.Diagnoses = append(r.Diagnoses, diagnosis.Diagnosis{Bug: "b", Title: "t", Explains: []string{id}})
	}
	r.Results = append(r.Results, fail(vector("other", "A"), forbidden))
	text := r.Text(report.TextOptions{})
	require.Equal(t, 13, strings.Count(text, "\n  source  "))
	require.Contains(t, text, "\nfail other (must)\n")
	require.Contains(t, text, "\nDiagnosis 13: t (1)\n\n  1 not shown; -run '^ID$' shows one: one-12\n")
}

func TestAnOperationSaysItsSteps(t *testing.T) {
	v := vector("op", "A")
	v.Request = nil
	v.Steps = []vectors.Step{
		{Request: vectors.StepRequest{Request: vectors.Request{Method: "PUT", Target: "bucket"}, Query: "cors"}},
		{Request: vectors.StepRequest{Request: vectors.Request{Method: "GET", Target: "object"}}},
	}
	r := &report.Report{Target: "x", Results: []conformance.Result{{
		Vector: v, Verdict: conformance.Fail, Diffs: []conformance.Diff{{What: "steps[1].status", Want: "200", Got: "404"}},
	}}}
	require.Contains(t, r.Text(report.TextOptions{}), "\n  the title of op\n  steps     0 PUT bucket?cors, 1 GET object\n  steps[1].status\n    expected  200\n")
}

func TestLongTextsAreCutWhereTheyDiffer(t *testing.T) {
	same := strings.Repeat("é", 400)
	r := &report.Report{Target: "x", Results: []conformance.Result{
		fail(vector("one", "A"),
			conformance.Diff{What: "body", Want: same + "right" + same, Got: same + "wrong"},
			conformance.Diff{What: "xml", Want: "", Got: strings.Repeat("\x80", 1000)},
			conformance.Diff{What: "Vary", Want: "", Got: " Origin"}),
	}}
	text := r.Text(report.TextOptions{})
	require.Contains(t, text, "\n    expected  (740 bytes) … "+strings.Repeat("é", 30)+"right"+strings.Repeat("é", 117)+" … (566 more bytes)\n")
	require.Contains(t, text, "\n    got       (740 bytes) … "+strings.Repeat("é", 30)+"wrong\n")
	require.Contains(t, text, "\n    got       "+strings.Repeat(`\x80`, 300)+" … (700 more bytes)\n")
	require.Contains(t, text, "\n  Vary\n    expected  \"\"\n    got       \" Origin\"\n")
}

func TestTheJSONIsExact(t *testing.T) {
	text := sample().JSON()
	golden(t, "sample.json", string(text))
	require.True(t, utf8.Valid(text))
	var read struct {
		Results []struct {
			ID    string
			Diffs []struct{ Got string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, "hostile", read.Results[4].ID)
	require.Equal(t, "\x1b[31m|`x`|</details><script>@all\uFFFD\x00\u202e]]>&", read.Results[4].Diffs[0].Got)
}

func TestTheJUnitIsXML(t *testing.T) {
	text := string(sample().JUnit())
	golden(t, "sample.xml", text)
	requirePrintable(t, text)
	d := xml.NewDecoder(strings.NewReader(text))
	seen := make(map[string]int)
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			seen[e.Name.Local]++
		}
	}
	require.Equal(t, map[string]int{"testsuites": 1, "testsuite": 3, "testcase": 29, "failure": 25, "error": 1, "skipped": 2}, seen)
}

func TestTheMarkdownIsEscaped(t *testing.T) {
	text := sample().Markdown()
	golden(t, "sample.md", text)
	requirePrintable(t, text)
}

func TestTheMarkdownFitsIntoAComment(t *testing.T) {
	r := &report.Report{Target: "x"}
	for i := range 90 {
		id := fmt.Sprintf("one-%d", i)
		r.Results = append(r.Results, fail(vector(id, "A"), conformance.Diff{What: "body", Got: strings.Repeat("x", 1e5)}))
		r.Diagnoses = append(r.Diagnoses, diagnosis.Diagnosis{Bug: "b", Title: "t", Explains: []string{id}})
	}
	text := r.Markdown()
	require.Less(t, len(text), 65536)
	require.Contains(t, text, " failures more in further groups are not shown.\n")
}

func TestACountIsByLevelAndVerdict(t *testing.T) {
	require.Equal(t, report.Counts{
		Must:   report.Tally{Pass: 1, Fail: 23, Error: 1, Skip: 1},
		Should: report.Tally{Fail: 1},
		May:    report.Tally{Fail: 1, Skip: 1},
	}, report.Count(sample().Results))
}

func TestAPreflightWithAWrongHeaderIsAWorkingPreflight(t *testing.T) {
	rows := report.Matrix([]conformance.Result{fail(vector("one", "A"), noMaxAge)})
	require.Equal(t, []report.Row{
		{Feature: conformance.Preflights, Counts: report.Counts{Must: report.Tally{Pass: 1}}},
		{Feature: conformance.ExactHeaders, Counts: report.Counts{Must: report.Tally{Fail: 1}}},
	}, rows)
}
