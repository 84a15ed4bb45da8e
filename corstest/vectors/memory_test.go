package vectors

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARequestRepeatsWhatTheServerSaid(t *testing.T) {
	request := StepRequest{
		Request: Request{Headers: []Pair{{"If-None-Match", "{etag}"}, {"{etag}", "a{upload-id}"}}},
		Query:   "partNumber=1&uploadId={upload-id}", Body: []byte("<ETag>{etag}</ETag>"),
	}
	var m Memory
	m.Remember(`"one"`, []byte("no XML"))
	m.Remember("", []byte(`<Result xmlns="x"><Key>k</Key><UploadId>a&amp;b +/</UploadId></Result>`))
	m.Remember("", nil)
	m.Remember("", []byte("<UploadId>cut off"))
	got := m.Fill(request)
	require.Equal(t, "partNumber=1&uploadId=a%26b%20%2B%2F", got.Query)
	require.Equal(t, []Pair{{"If-None-Match", `"one"`}, {"{etag}", "aa&b +/"}}, got.Headers)
	require.Equal(t, `<ETag>"one"</ETag>`, string(got.Body))
	require.Equal(t, "{etag}", request.Headers[0][1], "the request itself stays")

	m.Remember(`"two"`, []byte("<s3:R xmlns:s3='x'><s3:UploadId>2</s3:UploadId></s3:R>"))
	require.Equal(t, "partNumber=1&uploadId=2", m.Fill(request).Query)
	require.Equal(t, `"two"`, m.Fill(request).Headers[0][1])
}

func TestARequestWithoutABodyStaysWithoutOne(t *testing.T) {
	var m Memory
	require.Nil(t, m.Fill(StepRequest{}).Body)
	require.Equal(t, []byte{}, m.Fill(StepRequest{Body: []byte{}}).Body)
}
