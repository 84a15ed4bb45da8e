//go:build go1.26

package conformance

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/vectors"
)

func decisionOf(method, target, outcome string, headers []vectors.Pair, e vectors.Elements) *vectors.Vector {
	return &vectors.Vector{Request: &vectors.Request{Method: method, Target: target},
		Expect: vectors.Expect{Outcome: outcome, Headers: headers, Error: e}}
}

func operationOf(method, query string, e vectors.StepExpect) *vectors.Vector {
	return &vectors.Vector{Steps: []vectors.Step{{Request: vectors.StepRequest{Request: vectors.Request{Method: method}, Query: query}, Expect: e}}}
}

func TestTheFeaturesOfAVector(t *testing.T) {
	e := vectors.Elements{{"Code", "c"}}
	missing := decisionOf("GET", "object", "no-bucket", nil, nil)
	missing.Bucket = "missing"
	asked := decisionOf("GET", "object", "granted", granted, nil)
	asked.Request.Headers = []vectors.Pair{{"access-control-request-method", "PUT"}}
	for _, row := range []struct {
		name   string
		vector *vectors.Vector
		want   []Feature
	}{
		{"an actual request that gets nothing", decisionOf("GET", "object", "no-match", nil, nil), []Feature{ActualRequests}},
		{"an actual request that is granted", decisionOf("GET", "object", "granted", granted, nil), []Feature{ActualRequests, ExactHeaders}},
		{"a preflight that is granted", decisionOf("OPTIONS", "object", "granted", granted, nil), []Feature{Preflights, ExactHeaders}},
		{"a preflight that is refused", decisionOf("OPTIONS", "object", "no-match", nil, e), []Feature{Preflights, ErrorBodies}},
		{"an actual request that asks like a preflight", asked, []Feature{ExactHeaders, EdgeCases}},
		{"a request that is refused for its form", decisionOf("OPTIONS", "object", "invalid-method", nil, e), []Feature{ErrorBodies, EdgeCases}},
		{"a request for the service", decisionOf("OPTIONS", "service", "no-bucket", nil, e), []Feature{ErrorBodies, EdgeCases}},
		{"a missing bucket", missing, []Feature{EdgeCases}},
		{"a configuration that is refused", decisionOf("OPTIONS", "object", "invalid-configuration", nil, e), []Feature{PUTValidation, ErrorBodies}},
		{"a document", &vectors.Vector{Document: []byte("<")}, []Feature{PUTValidation}},
		{"an operation with the API", operationOf("GET", "x&%63ors=", vectors.StepExpect{Headers: granted, Error: e}), []Feature{ExactHeaders, PUTValidation, ErrorBodies}},
		{"a preflight for the API", operationOf("OPTIONS", "cors", vectors.StepExpect{}), []Feature{Preflights}},
		{"an operation with an object", operationOf("GET", "Cors", vectors.StepExpect{Headers: []vectors.Pair{{"ETag", "e"}}}), []Feature{ActualRequests}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, Features(row.vector))
		})
	}
}

func TestTheFeatureOfADifference(t *testing.T) {
	e := vectors.Elements{{"Code", "c"}}
	preflight := decisionOf("OPTIONS", "object", "granted", granted, nil)
	refusal := decisionOf("OPTIONS", "object", "no-match", nil, e)
	step := operationOf("GET", "cors", vectors.StepExpect{Headers: granted, Error: e})
	for _, row := range []struct {
		name   string
		vector *vectors.Vector
		what   string
		want   Feature
	}{
		{"the status", preflight, "status", Preflights},
		{"the origin that is allowed", preflight, "Access-Control-Allow-Origin", Preflights},
		{"another header", preflight, "Access-Control-Max-Age", ExactHeaders},
		{"a header that is not expected", preflight, "vary", ExactHeaders},
		{"order", preflight, "order", ExactHeaders},
		{"lines", preflight, "lines", ExactHeaders},
		{"a rule", preflight, "rule", Preflights},
		{"a header where there is to be none", refusal, "Vary", Preflights},
		{"the code of an error", refusal, "error.Code", ErrorBodies},
		{"the elements of an error", refusal, "error", ErrorBodies},
		{"the bytes of an error", refusal, "body", ErrorBodies},
		{"an error that is not expected", preflight, "error", Preflights},
		{"the body of a request that goes on", decisionOf("GET", "object", "no-match", nil, nil), "body", ActualRequests},
		{"the status of a step", step, "steps[12].status", PUTValidation},
		{"a header of a step", step, "steps[0].Vary", ExactHeaders},
		{"the error of a step", step, "steps[0].error.Message", ErrorBodies},
		{"the body of a step", step, "steps[0].body", PUTValidation},
		{"the configuration", step, "steps[0].config", PUTValidation},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, FeatureOf(row.vector, Diff{What: row.what}))
		})
	}
}

func TestEveryDifferenceBelongsToAFeatureOfItsVector(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	n := make(map[Feature]int)
	for i := range all {
		has := Features(&all[i])
		for _, f := range has {
			n[f]++
		}
		for _, what := range []string{"status", "error", "error.Code", "body", "config", "xml", "order", "lines", "rule", "outcome", "Vary", "Access-Control-Allow-Origin"} {
			require.Contains(t, has, FeatureOf(&all[i], Diff{What: what}), all[i].ID)
		}
	}
	for _, f := range AllFeatures() {
		require.Greater(t, n[f], 30, f)
	}
	t.Log(n)
}

func TestAFeatureFailsByItsOwnDifferences(t *testing.T) {
	v := decisionOf("OPTIONS", "object", "granted", granted, nil)
	got := map[string]Verdict{}
	r := &Result{Vector: v, Verdict: Fail, Diffs: []Diff{{What: "Access-Control-Max-Age"}}}
	for _, f := range Features(v) {
		got[string(f)] = r.Of(f)
	}
	require.Empty(t, cmp.Diff(map[string]Verdict{"preflights": Pass, "exact headers": Fail}, got))
	require.Equal(t, Skip, (&Result{Vector: v, Verdict: Skip}).Of(Preflights))
}
