//go:build go1.26

package oracle

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

func TestTokens(t *testing.T) {
	for _, row := range []struct {
		name, value string
		want        []string
	}{
		{"an empty value holds none", "", []string{}},
		{"a comma holds none", ",", []string{}},
		{"commas and blanks hold none", ",, \t,", []string{}},
		{"with a blank behind the comma or without", "a,b, c", []string{"a", "b", "c"}},
		{"a leading empty one stays", ", X-Probe-A,,", []string{"", "X-Probe-A"}},
		{"those between vanish", "content-type,,expires", []string{"content-type", "expires"}},
		{"a blank before a comma stays", "a ,b", []string{"a ", "b"}},
		{"case and duplicates stay", "A, a, A", []string{"A", "a", "A"}},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, Tokens(row.value)) })
	}
}

func TestMatch(t *testing.T) {
	for _, row := range []struct {
		name, pattern, value string
		want                 bool
	}{
		{"a text matches itself", "ab", "ab", true},
		{"a text matches nothing longer", "ab", "abc", false},
		{"a star matches anything", "*", "a/b.c", true},
		{"a star matches nothing at all", "*", "", true},
		{"a star inside may stand for nothing", "a*b", "ab", true},
		{"a star inside stands for what is between", "a*b", "axxb", true},
		{"head and tail must not overlap", "ab*ba", "aba", false},
		{"the head must be there", "a*", "ba", false},
		{"the tail must be there", "*a", "ab", false},
		{"case counts", "A*", "ab", false},
		{"an empty text matches the empty one", "", "", true},
		{"an empty text matches nothing else", "", "a", false},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, Match(row.pattern, row.value)) })
	}
}

const vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

// TestTheOracleByHand has one row for each way through the evaluation; all else
// it is asked by the vectors.
func TestTheOracleByHand(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{AllowedOrigins: []string{"http://a"}, AllowedMethods: []string{"PUT", "GET"}, AllowedHeaders: []string{"X-*"},
			ExposeHeaders: []string{"", "ETag", "b"}, MaxAgeSeconds: new(int64(0))},
		{AllowedOrigins: []string{"http://b", "*"}, AllowedMethods: []string{"GET"}},
	}}
	bad := func(message string) *s3cors.Error {
		return &s3cors.Error{Status: 400, Code: "BadRequest", Message: message}
	}
	forbidden := func(message, method, resource string) *s3cors.Error {
		return &s3cors.Error{Status: 403, Code: "AccessForbidden", Message: "CORSResponse: " + message,
			Elements: []s3cors.Element{{Name: "Method", Value: method}, {Name: "ResourceType", Value: resource}}}
	}
	const mismatch = "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
	for _, row := range []struct {
		name    string
		config  *s3cors.Configuration
		missing bool
		request s3cors.Request
		want    Answer
	}{
		{"no Origin on a preflight", c, false, s3cors.Request{Method: "OPTIONS"},
			Answer{Outcome: "missing-origin", Rule: -1, Status: 400, Error: bad("Insufficient information. Origin request header needed.")}},
		{"no Origin on an actual request", c, false, s3cors.Request{Method: "GET"}, Answer{Outcome: "not-cors", Rule: -1}},
		{"too large", c, false, s3cors.Request{Method: "GET", Origin: strings.Repeat("o", 8193)},
			Answer{Outcome: "too-large", Rule: -1, Status: 400, Error: &s3cors.Error{Status: 400, Code: "RequestHeaderSectionTooLarge",
				Message: "Your request header section exceeds the maximum allowed size.", Elements: []s3cors.Element{{Name: "MaxSizeAllowed", Value: "8192"}}}}},
		{"not too large", c, false, s3cors.Request{Method: "PATCH", Origin: strings.Repeat("o", 8192)}, Answer{Outcome: "no-match", Rule: -1}},
		{"an invalid method", c, false, s3cors.Request{Method: "GET", Origin: "o", RequestMethod: "get"},
			Answer{Outcome: "invalid-method", Rule: -1, Status: 400, Error: bad("Invalid Access-Control-Request-Method: get")}},
		{"an invalid header", c, false, s3cors.Request{Method: "GET", Origin: "o", RequestHeaders: "a ,b c"},
			Answer{Outcome: "invalid-headers", Rule: -1, Status: 400, Error: bad(`Access-Control-Request-Headers "a" contains invalid character.`)}},
		{"a missing bucket", c, true, s3cors.Request{Method: "OPTIONS", Origin: "o"},
			Answer{Outcome: "no-bucket", Rule: -1, Status: 403, Error: forbidden("Bucket not found", "OPTIONS", "BUCKET")}},
		{"the service root, on an actual request", c, false, s3cors.Request{Method: "GET", Origin: "o", Target: s3cors.TargetService}, Answer{Outcome: "no-bucket", Rule: -1}},
		{"no configuration", nil, false, s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "PUT"},
			Answer{Outcome: "not-enabled", Rule: -1, Status: 403, Error: forbidden("CORS is not enabled for this bucket.", "PUT", "BUCKET")}},
		{"no match for an object", c, false, s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "PUT"},
			Answer{Outcome: "no-match", Rule: -1, Status: 403, Error: forbidden(mismatch, "PUT", "OBJECT")}},
		{"no match for a bucket", c, false, s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "PATCH", Target: s3cors.TargetBucket},
			Answer{Outcome: "no-match", Rule: -1, Status: 403, Error: forbidden(mismatch, "PATCH", "BUCKET")}},
		{"no match on an actual request", c, false, s3cors.Request{Method: "PUT", Origin: "o"}, Answer{Outcome: "no-match", Rule: -1}},
		{"a grant with all headers", c, false, s3cors.Request{Method: "OPTIONS", Origin: "http://a", RequestMethod: "GET", RequestHeaders: "X-B,,x-a,"},
			Answer{Outcome: "granted", Rule: 0, Status: 200, Headers: [][2]string{
				{"Access-Control-Allow-Origin", "http://a"}, {"Access-Control-Allow-Methods", "PUT, GET"}, {"Access-Control-Allow-Headers", "x-b, x-a"},
				{"Access-Control-Expose-Headers", "ETag, b"}, {"Access-Control-Max-Age", "0"}, {"Access-Control-Allow-Credentials", "true"}, {"Vary", vary}}}},
		{"a grant through a star", c, false, s3cors.Request{Method: "GET", Origin: "http://b"},
			Answer{Outcome: "granted", Rule: 1, Headers: [][2]string{
				{"Access-Control-Allow-Origin", "*"}, {"Access-Control-Allow-Methods", "GET"}, {"Vary", vary}}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(row.want, Evaluate(row.config, row.missing, row.request)))
		})
	}
}
