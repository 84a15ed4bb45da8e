package report_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
)

func anyID(string) bool { return true }

func TestABaselineIsALineForEachVector(t *testing.T) {
	b, err := report.ParseBaseline("known.txt", []byte("\ufeff# a comment\r\n\r\n  \t\none  # the reason, # with a sign\r\ntwo# next\nthree"))
	require.NoError(t, err)
	require.Equal(t, []report.Entry{
		{ID: "one", Reason: "the reason, # with a sign", Line: 4},
		{ID: "two", Reason: "next", Line: 5},
		{ID: "three", Line: 6},
	}, b.Entries)
}

func TestTheIDOfEveryVectorCanStandInABaseline(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	var text strings.Builder
	for _, v := range all {
		text.WriteString(v.ID + "\n")
	}
	b, err := report.ParseBaseline("known.txt", []byte(text.String()))
	require.NoError(t, err)
	require.Len(t, b.Entries, len(all))
}

func TestAllThatIsWrongWithABaselineIsSaid(t *testing.T) {
	_, err := report.ParseBaseline("known.txt", []byte("one # a\none two\nOne\none\n\x1b[2J\n"))
	require.EqualError(t, err, `known.txt:2: "one two" is no id of a vector; a line is: id  # reason
known.txt:3: "One" is no id of a vector; a line is: id  # reason
known.txt:4: one stands in line 1 already
known.txt:5: "\x1b[2J" is no id of a vector; a line is: id  # reason`)
}

func TestABaselineIsHeldAgainstARun(t *testing.T) {
	silent := conformance.Result{Vector: vector("silent", "A"), Verdict: conformance.Error, Reason: "the server hung up"}
	skipped := conformance.Result{Vector: vector("skipped", "A"), Verdict: conformance.Skip, Reason: "no tagging"}
	for _, row := range []struct {
		name     string
		baseline string
		results  []conformance.Result
		want     []string
	}{
		{"nothing listed, nothing failed", "", []conformance.Result{pass(vector("one", "A"))}, nil},
		{"a failure that is listed", "one", []conformance.Result{fail(vector("one", "A"), forbidden)}, nil},
		{
			"a failure that is not", "", []conformance.Result{fail(vector("one", "A"), forbidden, noMaxAge)},
			[]string{"new failure: one: status: expected 200, got 403; 1 more"},
		},
		{"no answer is a failure", "", []conformance.Result{silent}, []string{"new failure: silent: the server hung up"}},
		{"no answer, as listed", "silent", []conformance.Result{silent}, nil},
		{"should and may need not be listed", "", []conformance.Result{fail(vector("one", "B"), forbidden), fail(vector("two", "E"), forbidden)}, nil},
		{"should and may can be listed", "one", []conformance.Result{fail(vector("one", "B"), forbidden)}, nil},
		{
			"a listed one that passes", "# a\n\none", []conformance.Result{pass(vector("one", "A"))},
			[]string{"unexpected pass: one: take it out of line 3 of the baseline"},
		},
		{
			"a listed one at may that passes", "one", []conformance.Result{pass(vector("one", "E"))},
			[]string{"unexpected pass: one: take it out of line 1 of the baseline"},
		},
		{"of a listed one that was skipped nothing is known", "skipped", []conformance.Result{skipped}, nil},
		{"nor of one that was not chosen", "other", []conformance.Result{pass(vector("one", "A"))}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			b, err := report.ParseBaseline("known.txt", []byte(row.baseline))
			require.NoError(t, err)
			require.Equal(t, row.want, b.Compare(row.results, anyID))
		})
	}
}

func TestAListedIDThatNoVectorHasIsSaid(t *testing.T) {
	b, err := report.ParseBaseline("known.txt", []byte("one\ntypo\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"unknown vector: typo, in line 2 of the baseline"},
		b.Compare(nil, func(id string) bool { return id == "one" }))
}

func TestANewBaselineIsTrueOfItsRun(t *testing.T) {
	results := sample().Results
	text := report.NewBaseline(results)
	golden(t, "baseline.txt", string(text))
	requirePrintable(t, string(text))
	b, err := report.ParseBaseline("known.txt", text)
	require.NoError(t, err)
	require.Len(t, b.Entries, 24)
	require.Nil(t, b.Compare(results, anyID))
	require.Len(t, (&report.Baseline{}).Compare(results, anyID), 24)
}
