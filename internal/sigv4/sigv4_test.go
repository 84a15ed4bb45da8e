package sigv4

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// example is what the API reference of S3 signs its examples with ("Authenticating
// Requests: Using the Authorization Header", "Using Query Parameters").
var example = Signer{
	AccessKeyID:     "AKIAIOSFODNN7EXAMPLE",
	SecretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
	Region:          "us-east-1",
}

var exampleTime = time.Date(2013, time.May, 24, 0, 0, 0, 0, time.UTC)

const exampleHost = "examplebucket.s3.amazonaws.com"

func TestThePublishedExamplesOfTheAuthorizationHeader(t *testing.T) {
	for _, row := range []struct {
		name          string
		request       Request
		authorization string
	}{
		{
			name: "GET Object with a range",
			request: Request{
				Method: "GET", Path: "/test.txt",
				Fields: []Field{{"Range", "bytes=0-9"}}, PayloadHash: HashOf(nil),
			},
			authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
				"SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
				"Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
		},
		{
			name: "PUT Object with a character to escape in its key",
			request: Request{
				Method: "PUT", Path: "/test$file.text",
				Fields:      []Field{{"Date", "Fri, 24 May 2013 00:00:00 GMT"}, {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
				PayloadHash: HashOf([]byte("Welcome to Amazon S3.")),
			},
			authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
				"SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class," +
				"Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
		},
		{
			name:    "GET Bucket Lifecycle, a sub-resource without a value",
			request: Request{Method: "GET", Path: "/", Query: "lifecycle", PayloadHash: HashOf(nil)},
			authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
				"SignedHeaders=host;x-amz-content-sha256;x-amz-date," +
				"Signature=fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
		},
		{
			name:    "GET Bucket, parameters out of order",
			request: Request{Method: "GET", Path: "/", Query: "prefix=J&max-keys=2", PayloadHash: HashOf(nil)},
			authorization: "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
				"SignedHeaders=host;x-amz-content-sha256;x-amz-date," +
				"Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.request.Host = exampleHost
			require.Equal(t, []Field{
				{"x-amz-date", "20130524T000000Z"},
				{"x-amz-content-sha256", row.request.PayloadHash},
				{"Authorization", row.authorization},
			}, example.Sign(row.request, exampleTime))
		})
	}
}

func TestThePublishedExampleOfAPresignedURL(t *testing.T) {
	query := url.Values{
		"X-Amz-Algorithm":     {"AWS4-HMAC-SHA256"},
		"X-Amz-Credential":    {"AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"},
		"X-Amz-Date":          {"20130524T000000Z"},
		"X-Amz-Expires":       {"86400"},
		"X-Amz-SignedHeaders": {"host"},
	}
	request := Request{Method: "GET", Host: exampleHost, Path: "/test.txt", Query: query.Encode(), PayloadHash: "UNSIGNED-PAYLOAD"}
	require.Equal(t, "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", example.signature(request, exampleTime, "s3"))
}

// The suite of AWS for all of its services ("aws-sig-v4-test-suite"), as far as S3
// has the same rules.
func TestTheSuiteForAllServices(t *testing.T) {
	suite := Signer{
		AccessKeyID:     "AKIDEXAMPLE",
		SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
		Region:          "us-east-1",
	}
	at := time.Date(2015, time.August, 30, 12, 36, 0, 0, time.UTC)
	date := Field{"X-Amz-Date", "20150830T123600Z"}
	for _, row := range []struct {
		name      string
		request   Request
		signature string
	}{
		{
			name:      "get-vanilla",
			request:   Request{Method: "GET", Path: "/", Fields: []Field{date}},
			signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
		},
		{
			name:      "post-vanilla",
			request:   Request{Method: "POST", Path: "/", Fields: []Field{date}},
			signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
		},
		{
			name:      "get-vanilla-query-order-key-case",
			request:   Request{Method: "GET", Path: "/", Query: "Param2=value2&Param1=value1", Fields: []Field{date}},
			signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
		},
		{
			name: "get-header-value-trim",
			request: Request{Method: "GET", Path: "/", Fields: []Field{
				{"My-Header1", " value1"}, {"My-Header2", ` "a   b   c"`}, date,
			}},
			signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.request.Host, row.request.PayloadHash = "example.amazonaws.com", HashOf(nil)
			require.Equal(t, row.signature, suite.signature(row.request, at, "service"))
		})
	}
}

func TestAHashThatTheRequestNamesIsNotSentTwice(t *testing.T) {
	r := Request{
		Method: "PUT", Host: exampleHost, Path: "/", Query: "cors",
		Fields: []Field{{"X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"}}, PayloadHash: "UNSIGNED-PAYLOAD",
	}
	added := example.Sign(r, exampleTime)
	require.Len(t, added, 2)
	require.Equal(t, Field{"x-amz-date", "20130524T000000Z"}, added[0])
	require.Equal(t, "Authorization", added[1][0])
	require.Contains(t, added[1][1], ",SignedHeaders=host;x-amz-content-sha256;x-amz-date,")
}

func TestASessionTokenIsSignedAndSent(t *testing.T) {
	s := example
	s.SessionToken = "token"
	added := s.Sign(Request{Method: "GET", Host: exampleHost, Path: "/", PayloadHash: HashOf(nil)}, exampleTime)
	require.Contains(t, added, Field{"x-amz-security-token", "token"})
	require.Contains(t, added[len(added)-1][1], ",SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,")
}

func TestTheTimeIsThatOfGreenwich(t *testing.T) {
	r := Request{Method: "GET", Host: exampleHost, Path: "/", PayloadHash: HashOf(nil)}
	elsewhere := exampleTime.In(time.FixedZone("", -5*60*60))
	require.Equal(t, example.Sign(r, exampleTime), example.Sign(r, elsewhere))
}

func TestTheCanonicalForm(t *testing.T) {
	r := Request{
		Method: "GET", Host: "h:1", Path: "/a b/../%7e/ä%zz//", Query: "b&a=%2f&a=+x&&%63ors=%",
		Fields:      []Field{{"X-B", "  1   2\t"}, {"x-a", "3"}, {"x-b", ""}},
		PayloadHash: "h",
	}
	require.Equal(t, strings.Join([]string{
		"GET",
		"/a%20b/../%257e/%C3%A4%25zz//", // an escape that is none makes all of them text
		"a=%20x&a=%2F&b=&cors=%25",
		"host:h:1",
		"x-a:3",
		"x-b:1 2,",
		"",
		"host;x-a;x-b",
		"h",
	}, "\n"), canonical(r))
}

func TestEscape(t *testing.T) {
	require.Equal(t, "az-AZ_09.~%20%2F%25%C3%A4%00", Escape("az-AZ_09.~ /%ä\x00", ""))
	require.Equal(t, "a/%3F", Escape("a/?", "/"))
}
