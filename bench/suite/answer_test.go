package suite

import (
	"fmt"
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
