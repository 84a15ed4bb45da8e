//go:build go1.26

package s3cors_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

const fullVary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

// generous is a policy whose rule sets every header.
func generous(t testing.TB, opts ...s3cors.Option) *s3cors.Policy {
	t.Helper()
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"https://a.example"}, AllowedMethods: []string{"GET", "PUT"}, AllowedHeaders: []string{"*"},
		ExposeHeaders: []string{"ETag", "", "x-amz-Meta"}, MaxAgeSeconds: new(int64(0)),
	}}}, opts...)
	require.NoError(t, err)
	return p
}

func TestOutcomesHaveNames(t *testing.T) {
	names := map[s3cors.Outcome]string{
		s3cors.NotCORS: "not-cors", s3cors.Granted: "granted", s3cors.NoMatch: "no-match", s3cors.NotEnabled: "not-enabled",
		s3cors.NoBucket: "no-bucket", s3cors.MissingOrigin: "missing-origin", s3cors.InvalidMethod: "invalid-method",
		s3cors.InvalidHeaders: "invalid-headers", s3cors.TooLarge: "too-large", s3cors.PolicyUnavailable: "unavailable", s3cors.MissingMethod: "missing-method", 11: "Outcome(11)", 255: "Outcome(255)",
	}
	for outcome, name := range names {
		require.Equal(t, name, outcome.String())
	}
}

func TestTheZeroDecisionIsThatOfARequestWithoutOrigin(t *testing.T) {
	var zero s3cors.Decision
	require.Equal(t, answerOf(generous(t).Evaluate(s3cors.Request{Method: "GET"})), answerOf(zero))
	require.Equal(t, s3cors.NotCORS, zero.Outcome())
	require.Equal(t, -1, zero.Rule())
	require.Zero(t, zero.Status())
	require.Nil(t, zero.Refusal())
	require.Empty(t, zero.AllowHeaders()+zero.Vary())
}

func TestEveryAccessorOfAGrant(t *testing.T) {
	d := generous(t).Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://a.example", RequestMethod: "PUT", RequestHeaders: ",X-B,, y"})
	require.Equal(t, s3cors.Granted, d.Outcome())
	require.Equal(t, 0, d.Rule())
	require.Equal(t, 200, d.Status())
	require.Nil(t, d.Refusal())
	require.Equal(t, "https://a.example", d.AllowOrigin())
	require.Equal(t, "GET, PUT", d.AllowMethods())
	require.Equal(t, ", x-b, y", d.AllowHeaders())
	require.Equal(t, "Before , x-b, y", string(d.AppendAllowHeaders([]byte("Before "))))
	require.Equal(t, "ETag, x-amz-Meta", d.ExposeHeaders())
	require.Equal(t, "0", d.MaxAge())
	require.Equal(t, "true", d.AllowCredentials())
	require.Equal(t, fullVary, d.Vary())
}

func TestHeadersComeInS3sOrder(t *testing.T) {
	d := generous(t).Evaluate(s3cors.Request{Method: "GET", Origin: "https://a.example", RequestHeaders: "X-A"})
	require.Empty(t, cmp.Diff([][2]string{
		{"Access-Control-Allow-Origin", "https://a.example"},
		{"Access-Control-Allow-Methods", "GET, PUT"},
		{"Access-Control-Allow-Headers", "x-a"},
		{"Access-Control-Expose-Headers", "ETag, x-amz-Meta"},
		{"Access-Control-Max-Age", "0"},
		{"Access-Control-Allow-Credentials", "true"},
		{"Vary", fullVary},
	}, answerOf(d).Headers))
}

func TestHeadersCanBeLeftEarly(t *testing.T) {
	d := generous(t).Evaluate(s3cors.Request{Method: "GET", Origin: "https://a.example", RequestHeaders: "X-A"})
	for n := 1; n <= 7; n++ {
		seen := 0
		for range d.Headers() {
			if seen++; seen == n {
				break
			}
		}
		require.Equal(t, n, seen)
	}
}

func TestARefusalHoldsNoHeader(t *testing.T) {
	d := generous(t).Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://b.example", RequestMethod: "PUT", RequestHeaders: "a"})
	require.Equal(t, s3cors.NoMatch, d.Outcome())
	require.Equal(t, -1, d.Rule())
	require.Empty(t, answerOf(d).Headers)
	require.Empty(t, d.AllowOrigin()+d.AllowMethods()+d.AllowHeaders()+d.ExposeHeaders()+d.MaxAge()+d.AllowCredentials()+d.Vary())
	require.Equal(t, "before", string(d.AppendAllowHeaders([]byte("before"))))
}

func TestAllowHeadersRewritesTheRequestedNames(t *testing.T) {
	p := generous(t)
	for _, row := range []struct{ name, requested, want string }{
		{"none", "", ""},
		{"commas alone are none", ",, ,\t", ""},
		{"one in lower case", "a", "a"},
		{"several as they are to be sent", "a, b, c", "a, b, c"},
		{"a blank too few", "a,b", "a, b"},
		{"a blank too many", "a,  b", "a, b"},
		{"a tab for a blank", "a,\tb", "a, b"},
		{"capitals", "A, b, C-D", "a, b, c-d"},
		{"an empty name at the start", ",a", ", a"},
		{"several empty names at the start", ",, ,a", ", a"},
		{"empty names between", "a,,b, ,c", "a, b, c"},
		{"empty names at the end", "a,, ,", "a"},
		{"a comma at the end of what could be sent as it is", "a, b,", "a, b"},
		{"duplicates", "b, a, B", "b, a, b"},
		{"capitals in every place of a long name", "ABCDEFGHIJKLMNOPQRSTUVWXYZ-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ",
			"abcdefghijklmnopqrstuvwxyz-0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := p.Evaluate(s3cors.Request{Method: "GET", Origin: "https://a.example", RequestHeaders: row.requested})
			require.Equal(t, s3cors.Granted, d.Outcome())
			require.Equal(t, row.want, d.AllowHeaders())
			require.Equal(t, row.want, string(d.AppendAllowHeaders(nil)))
		})
	}
}

func TestTheSizeOfARequest(t *testing.T) {
	p := generous(t)
	const origin = "https://a.example"
	ofSize := func(method string, n int) s3cors.Request {
		return s3cors.Request{Method: method, Origin: origin, RequestMethod: "PUT", RequestHeaders: filled(n - len(origin) - len("PUT"))}
	}
	tooLarge := &s3cors.Error{Status: 400, Code: "RequestHeaderSectionTooLarge",
		Message:  "Your request header section exceeds the maximum allowed size.",
		Elements: []s3cors.Element{{Name: "MaxSizeAllowed", Value: "8192"}}}
	for _, method := range []string{"OPTIONS", "GET"} {
		require.Equal(t, s3cors.Granted, p.Evaluate(ofSize(method, 8192)).Outcome())
		d := p.Evaluate(ofSize(method, 8193))
		require.Equal(t, s3cors.TooLarge, d.Outcome())
		require.Empty(t, cmp.Diff(tooLarge, d.Refusal()))
	}
	t.Run("a missing Origin is told first", func(t *testing.T) {
		r := s3cors.Request{Method: "OPTIONS", RequestHeaders: filled(9000)}
		require.Equal(t, s3cors.MissingOrigin, p.Evaluate(r).Outcome())
		r.Method = "GET"
		require.Equal(t, s3cors.NotCORS, p.Evaluate(r).Outcome())
	})
	t.Run("an invalid method is told later", func(t *testing.T) {
		d := p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: filled(8192), RequestMethod: "?"})
		require.Equal(t, s3cors.TooLarge, d.Outcome())
	})
}

// filled returns n bytes of one header name in mixed case.
func filled(n int) string {
	name := make([]byte, n)
	for i := range name {
		name[i] = "aB"[i%2]
	}
	return string(name)
}
