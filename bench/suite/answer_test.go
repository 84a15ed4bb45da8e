package suite

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/versity/versitygw/auth"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
	"github.com/s3cors/s3cors/internal/oracle"
)

// TestVersitygwAnswersGrantedRequestsAsS3DoesButForOneValue compares header
// values, so that the times of versitygw's rows are those of the same answers.
func TestVersitygwAnswersGrantedRequestsAsS3DoesButForOneValue(t *testing.T) {
	compared := 0
	for _, w := range work.All() {
		if !w.Granted() || w.Name == "8 KiB of commas" {
			continue
		}
		compared++
		t.Run(w.Name, func(t *testing.T) {
			configuration := versityConfiguration(w.Rules)
			answer := versityAnswer(&w.Request, func() (*auth.CORSConfiguration, error) { return configuration, nil })
			require.NotNil(t, answer)
			want := values(work.Compiled(w.Rules).Evaluate(w.Request))
			if want["Access-Control-Allow-Origin"] == "*" {
				// S3 leaves the field out (5.1/allow-credentials).
				want["Access-Control-Allow-Credentials"] = "false"
			}
			require.Empty(t, cmp.Diff(want, versityValues(answer)))
		})
	}
	require.NotZero(t, compared)
}

// TestTheOracleAndTheLoopDecideAsS3Does holds what is measured to the reference
// of the root module, outcome, rule and values.
func TestTheOracleAndTheLoopDecideAsS3Does(t *testing.T) {
	for _, w := range work.All() {
		t.Run(w.Name, func(t *testing.T) {
			answer := oracle.Evaluate(&s3cors.Configuration{CORSRules: w.Rules}, false, w.Request)
			require.Equal(t, w.Outcome.String(), answer.Outcome)
			want := make(map[string]string)
			for _, field := range answer.Headers {
				want[field[0]] = field[1]
			}
			decision := work.Compiled(w.Rules).Evaluate(w.Request)
			require.Equal(t, w.Outcome, decision.Outcome())
			outcome, index := loop(w.Rules, &w.Request)
			require.Equal(t, w.Outcome, outcome)
			require.Equal(t, decision.Rule(), index)
			require.Empty(t, cmp.Diff(want, values(decision)))
		})
	}
}

// TestJub0bsAnswersWithFewerFieldsThanS3 says how its answers differ, so that nobody takes
// its times for those of the same answers.
func TestJub0bsAnswersWithFewerFieldsThanS3(t *testing.T) {
	for _, row := range []struct {
		workload string
		status   int
		want     http.Header // all of it
	}{
		{"exact origin, actual", 200, http.Header{
			"Access-Control-Allow-Origin": {work.App}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Expose-Headers": {"etag"}, // S3: as it is written in the rule
			"Vary":                          {"Origin"},
			// S3 also: Allow-Methods, Max-Age
		}},
		{"exact origin, preflight", 204, http.Header{ // S3: 200
			"Access-Control-Allow-Origin": {work.App}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Allow-Methods": {"PUT"}, // S3: all of the rule
			"Access-Control-Max-Age":       {"3000"},
			// S3 also: Expose-Headers, Vary
		}},
		{"5 headers", 204, http.Header{
			"Access-Control-Allow-Origin": {work.App}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Allow-Methods": {"PUT"}, "Access-Control-Max-Age": {"3000"},
			"Access-Control-Allow-Headers": {work.LowerNames(work.FiveNames)}, // the request's own value; S3: joined anew, with blanks
		}},
		{"5 headers, any", 204, http.Header{
			"Access-Control-Allow-Origin": {work.App}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Allow-Methods": {"PUT"}, "Access-Control-Max-Age": {"3000"},
			"Access-Control-Allow-Headers": {work.LowerNames(work.FiveNames)},
		}},
		{"refused origin, actual", 200, http.Header{"Vary": {"Origin"}}},
		{"refused origin, preflight", 403, http.Header{}}, // S3: an error document
		{"refused fifth header", 403, http.Header{}},
	} {
		t.Run(row.workload, func(t *testing.T) {
			i := slices.IndexFunc(work.All(), func(w Workload) bool { return w.Name == row.workload })
			w := work.All()[i]
			response := httptest.NewRecorder()
			must(jub0bsMiddleware(&w)).Wrap(work.Nothing).ServeHTTP(response, work.HTTPRequest(&w.Request))
			require.Equal(t, row.status, response.Code)
			require.Empty(t, cmp.Diff(row.want, response.Header()))
			require.Empty(t, response.Body.String())
		})
	}
}

func values(d s3cors.Decision) map[string]string {
	fields := make(map[string]string)
	for name, value := range d.Headers() {
		fields[name] = value
	}
	return fields
}

func versityValues(answer *auth.CORSAllowanceConfig) map[string]string {
	fields := map[string]string{
		"Access-Control-Allow-Origin":      answer.Origin,
		"Access-Control-Allow-Methods":     answer.Methods,
		"Access-Control-Expose-Headers":    answer.ExposedHeaders,
		"Access-Control-Max-Age":           fmt.Sprint(*answer.MaxAge),
		"Access-Control-Allow-Credentials": answer.AllowCredentials,
		"Vary":                             "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
	}
	if answer.AllowHeaders != "" {
		fields["Access-Control-Allow-Headers"] = answer.AllowHeaders
	}
	return fields
}
