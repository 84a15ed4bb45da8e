package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/sigv4"
)

// noAWS takes away what the environment says of AWS.
func noAWS(t *testing.T) {
	t.Helper()
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
	} {
		t.Setenv(name, "")
	}
}

// A verdicts is what a test reads of the JSON.
type verdicts struct {
	Counts  map[string]struct{ Pass, Fail, Error, Skip int }
	Results []struct {
		ID, Level, Verdict, Reason string
		Diffs                      []struct{ What, Want, Got string }
	}
}

func conform(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(append([]string{"conformance"}, args...), nil, &out, &err)
	return out.String(), err.String(), status
}

func read(t *testing.T, text string) verdicts {
	t.Helper()
	var v verdicts
	require.NoError(t, json.Unmarshal([]byte(text), &v), text)
	return v
}

func TestAServerOfThisRepositoryConforms(t *testing.T) {
	noAWS(t)
	signer := &sigv4.Signer{AccessKeyID: "AKIAIOSFODNN7EXAMPLE", SecretAccessKey: "secret/+", Region: "eu-west-1"}
	s := newFakeS3(t, func(s *fakeS3) { s.signer = signer })
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret/+")
	t.Setenv("AWS_DEFAULT_REGION", "eu-west-1")
	stdout, stderr, status := conform(t, "-endpoint", s.URL, "-json")
	t.Log(stderr, status)
	for _, r := range read(t, stdout).Results {
		if r.Verdict == "fail" || r.Verdict == "error" {
			t.Log(r)
		}
	}
	require.Empty(t, s.content())
}
