package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorsOfTheBackendHaveTheFormOfS3(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	rows := []struct {
		name           string
		method, target string
		fields         fields
		body           string
		status         int
		code, message  string
	}{
		{"a key that is not there", "GET", "/demo/none", nil, "", 404, "NoSuchKey", "The specified key does not exist."},
		{"a bucket that is not there", "GET", "/other", nil, "", 404, "NoSuchBucket", "The specified bucket does not exist"},
		{"a bucket that is not empty", "DELETE", "/demo", nil, "", 409, "BucketNotEmpty", "The bucket you tried to delete is not empty"},
		{"a wrong digest", "PUT", "/demo/other", fields{"Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}, "content", 400, "BadDigest", messages["BadDigest"]},
		{"a range beyond the object", "GET", "/demo/key", fields{"Range", "bytes=100-"}, "", 416, "InvalidRange", "The requested range is not satisfiable"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			body := s.requireError(t, row.status, row.code, row.method, row.target, row.fields, row.body)
			require.Contains(t, body, "<Message>"+row.message+"</Message><RequestId>")
			require.Regexp(t, `<RequestId>[0-9A-F]{16}</RequestId><HostId>[^<]{64}</HostId></Error>$`, body)
		})
	}
}

func TestAnErrorWithoutABodyHasACodeAndAMessage(t *testing.T) {
	for status, code := range map[int]string{404: "NoSuchKey", 412: "PreconditionFailed", 500: "InternalError"} {
		err := backendError(status, "", "")
		require.Equal(t, code, err.Code)
		require.NotEmpty(t, err.Message)
		require.Equal(t, status, err.Status)
	}
}
