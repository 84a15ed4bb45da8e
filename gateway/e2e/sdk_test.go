package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/cors"
	miniocredentials "github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// requireSame compares configurations; nil and empty lists are one.
func requireSame(t *testing.T, want, got s3cors.Configuration) {
	t.Helper()
	require.Empty(t, cmp.Diff(want, got, cmpopts.EquateEmpty()))
}

// python is the system's, for which the system's package of boto3 is.
const python = "/usr/bin/python3"

// A boto3Answer is a line that testdata/cors.py prints.
type boto3Answer struct {
	Status    int
	Code      string
	Message   string
	CORSRules []s3cors.Rule
}

func requireBoto3(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(python); err != nil || run(t, "", python, "-c", "import boto3").status != 0 {
		missing(t, "boto3 for "+python)
	}
}

// boto3 performs operations, each an object for testdata/cors.py.
func boto3(t *testing.T, base, bucket string, operations ...any) []boto3Answer {
	t.Helper()
	requireBoto3(t)
	var stdin bytes.Buffer
	for _, operation := range operations {
		require.NoError(t, json.NewEncoder(&stdin).Encode(operation))
	}
	stdout := run(t, stdin.String(), python, "testdata/cors.py", base, bucket).done(t)
	var answers []boto3Answer
	for line := range strings.Lines(stdout) {
		var answer boto3Answer
		require.NoError(t, json.Unmarshal([]byte(line), &answer))
		answers = append(answers, answer)
	}
	require.Len(t, answers, len(operations))
	return answers
}

func operation(name string) map[string]any { return map[string]any{name: true} }

func boto3Put(config s3cors.Configuration) map[string]any {
	return map[string]any{"put": withoutNulls(config)}
}

func TestBoto3ReadsBackWhatItSet(t *testing.T) {
	base := startGateway(t)
	createBucket(t, base, "demo")
	all := slices.Concat(documents, emptyValues, emptyListed, wideAges)
	require.NotEmpty(t, all)
	var operations []any
	for _, d := range all {
		operations = append(operations, boto3Put(d.config), operation("get"))
	}
	answers := boto3(t, base, "demo", operations...)
	for i, d := range all {
		t.Run(d.name, func(t *testing.T) {
			require.Equal(t, boto3Answer{Status: 200}, answers[2*i])
			require.Equal(t, 200, answers[2*i+1].Status)
			requireSame(t, d.config, s3cors.Configuration{CORSRules: answers[2*i+1].CORSRules})
		})
	}
}

func TestBoto3TellsThatNothingIsConfigured(t *testing.T) {
	base := startGateway(t)
	createBucket(t, base, "demo")
	none := boto3Answer{Status: 404, Code: "NoSuchCORSConfiguration", Message: "The CORS configuration does not exist"}
	answers := boto3(t, base, "demo", operation("get"), operation("delete"),
		boto3Put(documents[0].config), operation("delete"), operation("get"), operation("delete"))
	gone := boto3Answer{Status: 204}
	require.Equal(t, []boto3Answer{none, gone, {Status: 200}, gone, none, gone}, answers)

	nowhere := boto3Answer{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}
	answers = boto3(t, base, "nowhere", operation("get"), operation("delete"), boto3Put(documents[0].config))
	require.Equal(t, []boto3Answer{nowhere, nowhere, nowhere}, answers)
}

func TestBoto3RaisesWhatS3RefusesADocumentFor(t *testing.T) {
	base := startGateway(t)
	createBucket(t, base, "demo")
	require.NotEmpty(t, refusals)
	operations := []any{boto3Put(documents[0].config)}
	for _, refused := range refusals {
		operations = append(operations, boto3Put(refused.config))
	}
	answers := boto3(t, base, "demo", append(operations, operation("get"))...)
	for i, refused := range refusals {
		t.Run(refused.name, func(t *testing.T) {
			require.Equal(t, boto3Answer{Status: 400, Code: refused.code, Message: refused.message}, answers[1+i])
		})
	}
	requireSame(t, documents[0].config, s3cors.Configuration{CORSRules: answers[len(answers)-1].CORSRules})
}

// newSDK returns a client of aws-sdk-go-v2.
func newSDK(base string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(base),
		UsePathStyle: true,
		Region:       "us-east-1",
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "any", SecretAccessKey: "any"}, nil
		}),
	})
}

func toSDK(config s3cors.Configuration) *types.CORSConfiguration {
	converted := &types.CORSConfiguration{CORSRules: []types.CORSRule{}}
	for _, r := range config.CORSRules {
		rule := types.CORSRule{
			ID:             r.ID,
			AllowedOrigins: r.AllowedOrigins,
			AllowedMethods: r.AllowedMethods,
			AllowedHeaders: r.AllowedHeaders,
			ExposeHeaders:  r.ExposeHeaders,
		}
		if r.MaxAgeSeconds != nil {
			rule.MaxAgeSeconds = aws.Int32(int32(*r.MaxAgeSeconds))
		}
		converted.CORSRules = append(converted.CORSRules, rule)
	}
	return converted
}

func fromSDK(rules []types.CORSRule) s3cors.Configuration {
	var config s3cors.Configuration
	for _, r := range rules {
		rule := s3cors.Rule{
			ID:             r.ID,
			AllowedOrigins: r.AllowedOrigins,
			AllowedMethods: r.AllowedMethods,
			AllowedHeaders: r.AllowedHeaders,
			ExposeHeaders:  r.ExposeHeaders,
		}
		if r.MaxAgeSeconds != nil {
			rule.MaxAgeSeconds = new(int64(*r.MaxAgeSeconds))
		}
		config.CORSRules = append(config.CORSRules, rule)
	}
	return config
}

// requireSDKError compares an error of aws-sdk-go-v2.
func requireSDKError(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var api smithy.APIError
	require.ErrorAs(t, err, &api)
	require.Equal(t, code, api.ErrorCode())
	require.Equal(t, message, api.ErrorMessage())
	var response *awshttp.ResponseError
	require.ErrorAs(t, err, &response)
	require.Equal(t, status, response.HTTPStatusCode())
	require.NotEmpty(t, response.ServiceRequestID())
}

func TestAWSSDKReadsBackWhatItSet(t *testing.T) {
	base := startGateway(t)
	client := newSDK(base)
	_, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("demo")})
	require.NoError(t, err)
	all := slices.Concat(documents, emptyValues, emptyListed) // its ages have 32 bits
	require.NotEmpty(t, all)
	for _, d := range all {
		t.Run(d.name, func(t *testing.T) {
			_, err := client.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{
				Bucket: aws.String("demo"), CORSConfiguration: toSDK(d.config),
			})
			require.NoError(t, err)
			got, err := client.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: aws.String("demo")})
			require.NoError(t, err)
			requireSame(t, d.config, fromSDK(got.CORSRules))
		})
	}
}

func TestAWSSDKTellsThatNothingIsConfigured(t *testing.T) {
	base := startGateway(t)
	client := newSDK(base)
	createBucket(t, base, "demo")
	get := func(bucket string) error {
		_, err := client.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: aws.String(bucket)})
		return err
	}
	requireSDKError(t, get("demo"), 404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
	putCORS(t, base, "demo", &documents[0].config)
	require.NoError(t, get("demo"))
	for range 2 {
		_, err := client.DeleteBucketCors(t.Context(), &s3.DeleteBucketCorsInput{Bucket: aws.String("demo")})
		require.NoError(t, err)
	}
	requireSDKError(t, get("demo"), 404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
	requireSDKError(t, get("nowhere"), 404, "NoSuchBucket", "The specified bucket does not exist")
}

func TestAWSSDKReturnsWhatS3RefusesADocumentFor(t *testing.T) {
	base := startGateway(t)
	client := newSDK(base)
	createBucket(t, base, "demo")
	putCORS(t, base, "demo", &documents[0].config)
	require.NotEmpty(t, refusals)
	for _, refused := range refusals {
		t.Run(refused.name, func(t *testing.T) {
			_, err := client.PutBucketCors(t.Context(), &s3.PutBucketCorsInput{
				Bucket: aws.String("demo"), CORSConfiguration: toSDK(refused.config),
			})
			requireSDKError(t, err, 400, refused.code, refused.message)
		})
	}
	got, err := client.GetBucketCors(t.Context(), &s3.GetBucketCorsInput{Bucket: aws.String("demo")})
	require.NoError(t, err)
	requireSame(t, documents[0].config, fromSDK(got.CORSRules))
}

// Without TLS this client sends a checksum in the header, which the gateway
// verifies.
func TestAWSSDKMovesObjects(t *testing.T) {
	base := startGateway(t)
	client := newSDK(base)
	createBucket(t, base, "demo")
	content := noise(100_000)
	for _, algorithm := range []types.ChecksumAlgorithm{
		types.ChecksumAlgorithmCrc32, types.ChecksumAlgorithmCrc32c, types.ChecksumAlgorithmCrc64nvme,
		types.ChecksumAlgorithmSha1, types.ChecksumAlgorithmSha256,
	} {
		t.Run(string(algorithm), func(t *testing.T) {
			_, err := client.PutObject(t.Context(), &s3.PutObjectInput{
				Bucket: aws.String("demo"), Key: aws.String("a key/é+1"), Body: bytes.NewReader(content),
				ChecksumAlgorithm: algorithm, ContentType: aws.String("text/plain"), Metadata: map[string]string{"colour": "blue"},
			})
			require.NoError(t, err)
			got, err := client.GetObject(t.Context(), &s3.GetObjectInput{
				Bucket: aws.String("demo"), Key: aws.String("a key/é+1"), ChecksumMode: types.ChecksumModeEnabled,
			})
			require.NoError(t, err)
			requireBytes(t, content, got.Body)
			require.Equal(t, map[string]string{"colour": "blue"}, got.Metadata)
			require.Equal(t, "text/plain", aws.ToString(got.ContentType))
		})
	}
}

func TestAWSSDKUploadsParts(t *testing.T) {
	base := startGateway(t)
	client := newSDK(base)
	createBucket(t, base, "demo")
	bucket, key := aws.String("demo"), aws.String("large")
	upload, err := client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{
		Bucket: bucket, Key: key, ContentType: aws.String("text/plain"),
	})
	require.NoError(t, err)
	parts := [][]byte{noise(5 << 20), noise(17)}
	var done []types.CompletedPart
	for i, part := range parts {
		number := aws.Int32(int32(i + 1))
		sent, err := client.UploadPart(t.Context(), &s3.UploadPartInput{
			Bucket: bucket, Key: key, UploadId: upload.UploadId, PartNumber: number, Body: bytes.NewReader(part),
		})
		require.NoError(t, err)
		require.Len(t, aws.ToString(sent.ETag), len(`"`)+32+len(`"`))
		done = append(done, types.CompletedPart{PartNumber: number, ETag: sent.ETag})
	}
	complete, err := client.CompleteMultipartUpload(t.Context(), &s3.CompleteMultipartUploadInput{
		Bucket: bucket, Key: key, UploadId: upload.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: done},
	})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(aws.ToString(complete.ETag), `-2"`), aws.ToString(complete.ETag))
	got, err := client.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key})
	require.NoError(t, err)
	requireBytes(t, slices.Concat(parts...), got.Body)
	require.Equal(t, "text/plain", aws.ToString(got.ContentType))
}

// newMinIO returns a client of minio-go.
func newMinIO(t *testing.T, base string, trailers bool, transport http.RoundTripper) *minio.Client {
	t.Helper()
	client, err := minio.New(strings.TrimPrefix(base, "http://"), &minio.Options{
		Creds:           miniocredentials.NewStaticV4("any", "any", ""),
		Region:          "us-east-1",
		BucketLookup:    minio.BucketLookupPath,
		TrailingHeaders: trailers,
		Transport:       transport,
	})
	require.NoError(t, err)
	return client
}

func toMinIO(config s3cors.Configuration) *cors.Config {
	rules := []cors.Rule{}
	for _, r := range config.CORSRules {
		rule := cors.Rule{
			AllowedHeader: r.AllowedHeaders,
			AllowedMethod: r.AllowedMethods,
			AllowedOrigin: r.AllowedOrigins,
			ExposeHeader:  r.ExposeHeaders,
		}
		if r.ID != nil {
			rule.ID = *r.ID
		}
		if r.MaxAgeSeconds != nil {
			rule.MaxAgeSeconds = int(*r.MaxAgeSeconds)
		}
		rules = append(rules, rule)
	}
	return cors.NewConfig(rules)
}

func TestMinIOReadsBackWhatItSet(t *testing.T) {
	base := startGateway(t)
	client := newMinIO(t, base, false, nil)
	require.NoError(t, client.MakeBucket(t.Context(), "demo", minio.MakeBucketOptions{}))
	require.NotEmpty(t, documents)
	for _, d := range documents { // it leaves empty values out, those in lists included
		t.Run(d.name, func(t *testing.T) {
			want := toMinIO(d.config)
			require.NoError(t, client.SetBucketCors(t.Context(), "demo", want))
			got, err := client.GetBucketCors(t.Context(), "demo")
			require.NoError(t, err)
			require.Empty(t, cmp.Diff(want.CORSRules, got.CORSRules, cmpopts.EquateEmpty()))

			document, err := d.config.AppendXML(nil)
			require.NoError(t, err)
			_, _, stored := send(t, "GET", base+"/demo?cors", nil, nil)
			require.Equal(t, string(document), stored)
		})
	}
}

func TestMinIOTellsThatNothingIsConfigured(t *testing.T) {
	base := startGateway(t)
	client := newMinIO(t, base, false, nil)
	createBucket(t, base, "demo")
	requireNone := func() {
		t.Helper()
		got, err := client.GetBucketCors(t.Context(), "demo")
		require.NoError(t, err)
		require.Nil(t, got) // its way to say so
	}
	requireNone()
	putCORS(t, base, "demo", &documents[0].config)
	got, err := client.GetBucketCors(t.Context(), "demo")
	require.NoError(t, err)
	require.Len(t, got.CORSRules, 1)
	for range 2 {
		require.NoError(t, client.SetBucketCors(t.Context(), "demo", nil)) // its way to delete
	}
	requireNone()

	_, err = client.GetBucketCors(t.Context(), "nowhere")
	requireMinIOError(t, err, 404, "NoSuchBucket", "The specified bucket does not exist")
}

func requireMinIOError(t *testing.T, err error, status int, code, message string) {
	t.Helper()
	var response minio.ErrorResponse
	require.True(t, errors.As(err, &response), "%v", err)
	require.Equal(t, status, response.StatusCode)
	require.Equal(t, code, response.Code)
	require.Equal(t, message, response.Message)
}

func TestMinIOReturnsWhatS3RefusesADocumentFor(t *testing.T) {
	base := startGateway(t)
	client := newMinIO(t, base, false, nil)
	createBucket(t, base, "demo")
	putCORS(t, base, "demo", &documents[0].config)
	require.NotEmpty(t, refusals)
	for _, refused := range refusals {
		t.Run(refused.name, func(t *testing.T) {
			err := client.SetBucketCors(t.Context(), "demo", toMinIO(refused.config))
			requireMinIOError(t, err, 400, refused.code, refused.message)
		})
	}
	got, err := client.GetBucketCors(t.Context(), "demo")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(toMinIO(documents[0].config).CORSRules, got.CORSRules, cmpopts.EquateEmpty()))
}

// Without TLS this client signs every chunk of what it uploads, and sends a
// checksum behind the last if it may.
func TestMinIOUploadsInSignedChunks(t *testing.T) {
	rows := []struct {
		name     string
		trailers bool
		payload  string
		checksum minio.ChecksumType
	}{
		{"chunks", false, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", minio.ChecksumNone},
		{"chunks and a trailing CRC32C", true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", minio.ChecksumCRC32C},
		{"chunks and a trailing CRC64NVME", true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", minio.ChecksumCRC64NVME},
		{"chunks and a trailing SHA-256", true, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", minio.ChecksumSHA256},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			base := startGateway(t)
			seen := payloads{}
			client := newMinIO(t, base, row.trailers, seen)
			createBucket(t, base, "demo")
			for _, size := range []int{0, 1, 65536, 65537, 11 << 20} { // none, chunks of 64 KiB, parts
				content := noise(size)
				info, err := client.PutObject(t.Context(), "demo", "object", bytes.NewReader(content), int64(size),
					minio.PutObjectOptions{PartSize: 5 << 20, Checksum: row.checksum})
				require.NoError(t, err)
				require.Equal(t, size == 11<<20, strings.HasSuffix(info.ETag, "-3"), info.ETag)
				object, err := client.GetObject(t.Context(), "demo", "object", minio.GetObjectOptions{})
				require.NoError(t, err)
				requireBytes(t, content, object)
			}
			require.GreaterOrEqual(t, seen[row.payload], 6, "%v", seen) // three objects, three parts
		})
	}
}

// payloads counts what is said in x-amz-content-sha256 with PUT.
type payloads map[string]int

func (p payloads) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == http.MethodPut {
		p[r.Header.Get("X-Amz-Content-Sha256")]++
	}
	return http.DefaultTransport.RoundTrip(r)
}

// noise returns bytes without any order, the same for one length.
func noise(length int) []byte {
	seed := [32]byte{byte(length), byte(length >> 8), byte(length >> 16)}
	b := make([]byte, length)
	_, _ = rand.NewChaCha8(seed).Read(b) // which never fails
	return b
}

// requireBytes compares without printing.
func requireBytes(t *testing.T, want []byte, got io.ReadCloser) {
	t.Helper()
	defer got.Close()
	all, err := io.ReadAll(got)
	require.NoError(t, err)
	require.Len(t, all, len(want))
	require.True(t, bytes.Equal(want, all), "the bytes differ")
}

func TestBoto3FindsS3(t *testing.T) {
	for name, args := range map[string][]string{"in memory": nil, "in a directory": {"-dir", t.TempDir()}} {
		t.Run(name, func(t *testing.T) {
			requireBoto3(t)
			base := startGateway(t, args...)
			createBucket(t, base, "demo")
			require.Equal(t, "done\n", run(t, "", python, "testdata/objects.py", base, "demo").done(t))
		})
	}
}
