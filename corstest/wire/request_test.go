package wire

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// signing are options with the credentials of AWS's published examples.
var signing = Options{Credentials: Credentials{
	AccessKeyID:     "AKIAIOSFODNN7EXAMPLE",
	SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
}}

func preparedBy(t *testing.T, address string, options Options, r conformance.Request) (*prepared, error) {
	t.Helper()
	e, err := New(address, options)
	require.NoError(t, err)
	e.now = func() time.Time { return time.Date(2013, time.May, 24, 0, 0, 0, 0, time.UTC) }
	return e.prepare(&r)
}

func TestARequestIsSentToTheByte(t *testing.T) {
	virtual := Options{VirtualHosted: true}
	virtualSigning := signing
	virtualSigning.VirtualHosted = true
	for _, row := range []struct {
		name    string
		address string
		options Options
		request conformance.Request
		want    []string // lines
	}{
		{
			name:    "a field line is as it was given, in its place",
			address: "http://h:9000",
			request: conformance.Request{Method: "OPTIONS", Bucket: "b", Key: "k", Headers: []vectors.Pair{
				{"oRIGIN", " \thttp://a\x80 "}, {"X-A", "2"}, {"origin", ""}, {"X-A", "1"},
			}},
			want: []string{"OPTIONS /b/k HTTP/1.1", "Host: h:9000", "oRIGIN:  \thttp://a\x80 ", "X-A: 2", "origin: ", "X-A: 1", "", ""},
		},
		{
			name:    "the method is as it was given, and so is the query",
			address: "http://h",
			request: conformance.Request{Method: "get", Bucket: "b", Query: "%63ors&A=+%zz"},
			want:    []string{"get /b?%63ors&A=+%zz HTTP/1.1", "Host: h", "", ""},
		},
		{
			name:    "the service has the root for its path",
			address: "http://h",
			request: conformance.Request{Method: "GET"},
			want:    []string{"GET / HTTP/1.1", "Host: h", "", ""},
		},
		{
			name:    "a key is escaped but for its slashes",
			address: "http://h",
			request: conformance.Request{Method: "GET", Bucket: "b", Key: "a b//../ü?#%2F"},
			want:    []string{"GET /b/a%20b//../%C3%BC%3F%23%252F HTTP/1.1", "Host: h", "", ""},
		},
		{
			name:    "the path of the endpoint stands before that of the bucket",
			address: "https://h/storage/v1/s3/",
			request: conformance.Request{Method: "GET", Bucket: "b", Key: "k"},
			want:    []string{"GET /storage/v1/s3/b/k HTTP/1.1", "Host: h", "", ""},
		},
		{
			name:    "a port that the scheme has by itself is not named",
			address: "https://h:443",
			request: conformance.Request{Method: "GET"},
			want:    []string{"GET / HTTP/1.1", "Host: h", "", ""},
		},
		{
			name:    "another one is",
			address: "https://[::1]:80",
			request: conformance.Request{Method: "GET"},
			want:    []string{"GET / HTTP/1.1", "Host: [::1]:80", "", ""},
		},
		{
			name:    "a virtual host is that of the bucket",
			address: "http://s3.example.com:9000",
			options: virtual,
			request: conformance.Request{Method: "GET", Bucket: "b", Key: "k/l"},
			want:    []string{"GET /k/l HTTP/1.1", "Host: b.s3.example.com:9000", "", ""},
		},
		{
			name:    "the service has none",
			address: "http://s3.example.com:9000",
			options: virtual,
			request: conformance.Request{Method: "GET"},
			want:    []string{"GET / HTTP/1.1", "Host: s3.example.com:9000", "", ""},
		},
		{
			name:    "a body has a length",
			address: "http://h",
			request: conformance.Request{Method: "DELETE", Bucket: "b", Body: []byte("a\r\nb")},
			want:    []string{"DELETE /b HTTP/1.1", "Host: h", "Content-Length: 4", "", "a", "b"},
		},
		{
			name:    "even if it is empty",
			address: "http://h",
			request: conformance.Request{Method: "GET", Bucket: "b", Body: []byte{}},
			want:    []string{"GET /b HTTP/1.1", "Host: h", "Content-Length: 0", "", ""},
		},
		{
			name:    "PUT without a body has one as well",
			address: "http://h",
			request: conformance.Request{Method: "PUT", Bucket: "b"},
			want:    []string{"PUT /b HTTP/1.1", "Host: h", "Content-Length: 0", "", ""},
		},
		{
			name:    "a length that the request has itself is the only one",
			address: "http://h",
			request: conformance.Request{Method: "PUT", Bucket: "b", Headers: []vectors.Pair{{"content-length", "9"}}, Body: []byte("x")},
			want:    []string{"PUT /b HTTP/1.1", "Host: h", "content-length: 9", "", "x"},
		},
		{
			name:    "a signature is AWS's own example",
			address: "https://s3.amazonaws.com",
			options: virtualSigning,
			request: conformance.Request{Method: "GET", Bucket: "examplebucket", Query: "lifecycle"},
			want: []string{
				"GET /?lifecycle HTTP/1.1",
				"Host: examplebucket.s3.amazonaws.com",
				"x-amz-date: 20130524T000000Z",
				"x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
				"Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
					"SignedHeaders=host;x-amz-content-sha256;x-amz-date," +
					"Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
				"", "",
			},
		},
		{
			name:    "an anonymous request is not signed, and says what it says",
			address: "http://h",
			options: signing,
			request: conformance.Request{Method: "OPTIONS", Bucket: "b", Anonymous: true, Headers: []vectors.Pair{{"Authorization", "x"}, {"x-amz-date", "y"}}},
			want:    []string{"OPTIONS /b HTTP/1.1", "Host: h", "Authorization: x", "x-amz-date: y", "", ""},
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, err := preparedBy(t, row.address, row.options, row.request)
			require.NoError(t, err)
			require.Equal(t, row.want, strings.Split(string(p.text), "\r\n"))
		})
	}
}

func TestASignatureCoversWhatS3Demands(t *testing.T) {
	p, err := preparedBy(t, "http://h", Options{Credentials: Credentials{"A", "S", "token"}, Region: "eu-west-1"}, conformance.Request{
		Method: "PUT", Bucket: "b", Query: "cors", Body: []byte("x"),
		Headers: []vectors.Pair{
			{"Origin", "o"}, {"content-MD5", "m"}, {"Content-Type", "t"}, {"X-Amz-Checksum-Crc32", "c"},
			{"Authorization", "theirs"}, {"X-Amz-Date", "theirs"}, {"x-amz-security-token", "theirs"},
			{"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"},
		},
	})
	require.NoError(t, err)
	text := string(p.text)
	require.NotContains(t, text, "theirs")
	require.Contains(t, text, "\r\nAuthorization: AWS4-HMAC-SHA256 Credential=A/20130524/eu-west-1/s3/aws4_request,"+
		"SignedHeaders=content-md5;content-type;host;x-amz-checksum-crc32;x-amz-content-sha256;x-amz-date;x-amz-security-token,Signature=")
	require.Contains(t, text, "\r\nx-amz-security-token: token\r\n")
	require.Equal(t, 1, strings.Count(strings.ToLower(text), "\r\nx-amz-content-sha256:"))
}

func TestWhatWouldBeTwoLinesIsNotSent(t *testing.T) {
	for want, request := range map[string]conformance.Request{
		`the field "X-A" cannot be sent: it has more than one line`: {
			Method: "GET", Headers: []vectors.Pair{{"X-A", "a\nB: c"}},
		},
		`the field "X\r" cannot be sent: it has more than one line`: {
			Method: "GET", Headers: []vectors.Pair{{"X\r", ""}},
		},
		`the request line "GET /?a\r\nb" cannot be sent: it is more than one line`: {Method: "GET", Query: "a\r\nb"},
		`the request line "G\nT /" cannot be sent: it is more than one line`:       {Method: "G\nT"},
	} {
		_, err := preparedBy(t, "http://h", Options{}, request)
		require.EqualError(t, err, want)
	}
}
