//go:build go1.26

package corshttp_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// The digests of document, which other software calculated.
const (
	documentMD5       = "nNITotnATPh9stUan9KxMA=="
	documentCRC32     = "Iv1tug=="
	documentCRC32C    = "wJf5Wg=="
	documentCRC64NVME = "pn2NoF9y8fU="
	documentSHA1      = "yQ+CvKr7LUJwcHmVGnKx3aUJKLg="
	documentSHA256    = "O30KNXwYmbK7xdxmAJ2Fw0N7TibMw7GflE7qTfqdcyg="
)

// subresource serves ?cors of a store to everybody.
func subresource(t testing.TB, store corsserver.Store) http.Handler {
	return (&corshttp.Server{Store: store, Authorize: allow}).Subresource(unreachable(t))
}

func TestPutIntegrity(t *testing.T) {
	const (
		md5Invalid = `The Content-MD5 you specified was invalid.`
		missingSum = `Missing required header for this request: Content-MD5 OR x-amz-checksum-*`
	)
	tests := []struct {
		name   string
		fields []string
		want   []string // the elements of the error; none: accepted
	}{
		{"Content-MD5 is enough", []string{"Content-MD5", documentMD5}, nil},
		{"CRC32 is enough", []string{"x-amz-checksum-crc32", documentCRC32, "x-amz-sdk-checksum-algorithm", "CRC32"}, nil},
		{"CRC32C is enough", []string{"x-amz-checksum-crc32c", documentCRC32C}, nil},
		{"CRC64NVME is enough", []string{"x-amz-checksum-crc64nvme", documentCRC64NVME}, nil},
		{"SHA1 is enough", []string{"x-amz-checksum-sha1", documentSHA1}, nil},
		{"SHA256 is enough", []string{"x-amz-checksum-sha256", documentSHA256}, nil},
		{"two that fit are fine", []string{"Content-MD5", documentMD5, "x-amz-checksum-sha256", documentSHA256}, nil},
		{"none is refused", nil, []string{"Code", "InvalidRequest", "Message", missingSum}},
		{"the name of an algorithm is not a checksum", []string{"x-amz-sdk-checksum-algorithm", "CRC32"},
			[]string{"Code", "InvalidRequest", "Message", missingSum}},
		{"an unknown algorithm is not a checksum", []string{"x-amz-checksum-crc16", "AAA="},
			[]string{"Code", "InvalidRequest", "Message", missingSum}},
		{"a Content-MD5 that is not base64 is refused", []string{"Content-MD5", "not base64 & <more>"},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", "not base64 &amp; &lt;more&gt;"}},
		{"a Content-MD5 of another length is refused", []string{"Content-MD5", "AAAA"},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", "AAAA"}},
		{"an empty Content-MD5 is refused", []string{"Content-MD5", ""},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", ""}},
		{"two Content-MD5 are refused", []string{"Content-MD5", documentMD5, "Content-MD5", documentMD5},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", documentMD5 + "," + documentMD5}},
		{"a Content-MD5 in hexadecimal is refused", []string{"Content-MD5", "d41d8cd98f00b204e9800998ecf8427e"},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", "d41d8cd98f00b204e9800998ecf8427e"}},
		{"a Content-MD5 with stray bits at its end does not fit", []string{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfh=="},
			[]string{"Code", "BadDigest", "Message", "The Content-MD5 you specified did not match what we received.",
				"ExpectedDigest", "1B2M2Y8AsgTpgAmY7PhCfh==", "CalculatedDigest", documentMD5}},
		{"a Content-MD5 with stray bits at its end may fit", []string{"Content-MD5", "nNITotnATPh9stUan9KxMP=="}, nil},
		{"a Content-MD5 without padding is refused", []string{"Content-MD5", documentMD5[:22]},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", documentMD5[:22]}},
		{"a Content-MD5 with a line end behind it is refused", []string{"Content-MD5", documentMD5 + "\n"},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", documentMD5 + "\n"}},
		{"a Content-MD5 with line ends in it is refused", []string{"Content-MD5", "nNITotnATPh9stUan9KxMA\r\n=="},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", "nNITotnATPh9stUan9KxMA\r\n=="}},
		{"a Content-MD5 in the other alphabet is refused", []string{"Content-MD5", "____________________-w=="},
			[]string{"Code", "InvalidDigest", "Message", md5Invalid, "Content-MD5", "____________________-w=="}},
		{"a SHA256 with stray bits at its end may fit", []string{"x-amz-checksum-sha256", "O30KNXwYmbK7xdxmAJ2Fw0N7TibMw7GflE7qTfqdcyj="}, nil},
		{"a CRC32 with stray bits at its end does not fit", []string{"x-amz-checksum-crc32", "AAAAAB=="},
			[]string{"Code", "BadDigest", "Message", "The CRC32 you specified did not match the calculated checksum."}},
		{"a Content-MD5 that does not fit is refused", []string{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="},
			[]string{"Code", "BadDigest", "Message", "The Content-MD5 you specified did not match what we received.",
				"ExpectedDigest", "1B2M2Y8AsgTpgAmY7PhCfg==", "CalculatedDigest", documentMD5}},
		{"a malformed CRC32 is refused", []string{"x-amz-checksum-crc32", "AAAA"},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-crc32 header is invalid."}},
		{"an empty CRC32C is refused", []string{"x-amz-checksum-crc32c", ""},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-crc32c header is invalid."}},
		{"a malformed CRC64NVME is refused", []string{"x-amz-checksum-crc64nvme", documentCRC32},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-crc64nvme header is invalid."}},
		{"a malformed SHA1 is refused", []string{"x-amz-checksum-sha1", "?"},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-sha1 header is invalid."}},
		{"a malformed SHA256 is refused", []string{"x-amz-checksum-sha256", documentSHA1},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-sha256 header is invalid."}},
		{"a CRC32 that does not fit is refused", []string{"x-amz-checksum-crc32", documentCRC32C},
			[]string{"Code", "BadDigest", "Message", "The CRC32 you specified did not match the calculated checksum."}},
		{"a CRC32C that does not fit is refused", []string{"x-amz-checksum-crc32c", documentCRC32},
			[]string{"Code", "BadDigest", "Message", "The CRC32C you specified did not match the calculated checksum."}},
		{"a CRC64NVME that does not fit is refused", []string{"x-amz-checksum-crc64nvme", "AAAAAAAAAAA="},
			[]string{"Code", "BadDigest", "Message", "The CRC64NVME you specified did not match the calculated checksum."}},
		{"a SHA1 that does not fit is refused", []string{"x-amz-checksum-sha1", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
			[]string{"Code", "BadDigest", "Message", "The SHA1 you specified did not match the calculated checksum."}},
		{"a SHA256 that does not fit is refused", []string{"x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
			[]string{"Code", "BadDigest", "Message", "The SHA256 you specified did not match the calculated checksum."}},
		{"one that fits does not help one that does not", []string{"Content-MD5", documentMD5, "x-amz-checksum-crc32", "AAAAAA=="},
			[]string{"Code", "BadDigest", "Message", "The CRC32 you specified did not match the calculated checksum."}},
		{"a malformed one is told before one that does not fit", []string{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg==", "x-amz-checksum-crc32", "A"},
			[]string{"Code", "InvalidRequest", "Message", "Value for x-amz-checksum-crc32 header is invalid."}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			store := stored(t, open, "bucket")
			r := request("PUT", "/bucket?cors", tt.fields...)
			r.Body = io.NopCloser(strings.NewReader(document))
			res := do(subresource(t, store), r)
			body := bodyOf(t, res)
			kept, err := store.GetCORS(t.Context(), "bucket")
			require.NoError(t, err)
			if tt.want == nil {
				require.Equal(t, 200, res.StatusCode, body)
				require.Empty(t, body)
				require.Equal(t, document, string(kept))
				return
			}
			require.Equal(t, 400, res.StatusCode)
			require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
			require.Equal(t, errorBody(append(tt.want, "RequestId", "", "HostId", "")...), body)
			require.Equal(t, open, string(kept), "a refused document changes nothing")
		})
	}
}

func TestIntegrityComesBeforeTheDocument(t *testing.T) {
	r := httptest.NewRequest("PUT", "/bucket?cors", strings.NewReader("<nonsense"))
	require.Contains(t, bodyOf(t, do(subresource(t, &corsserver.MemoryStore{}), r)), "<Message>Missing required header")
}

func TestCRC64NVME(t *testing.T) {
	// The check value of the catalogue of parametrised CRC algorithms.
	r := httptest.NewRequest("PUT", "/bucket?cors", strings.NewReader("123456789"))
	r.Header.Set("x-amz-checksum-crc64nvme", base64.StdEncoding.EncodeToString([]byte{0xAE, 0x8B, 0x14, 0x86, 0x0A, 0x79, 0x98, 0x88}))
	require.Contains(t, bodyOf(t, do(subresource(t, &corsserver.MemoryStore{}), r)), "<Code>MalformedXML</Code>", "the checksum fits")
}

func TestGet(t *testing.T) {
	store := &corsserver.MemoryStore{Exists: existing}
	require.NoError(t, store.PutCORS(t.Context(), "bucket", []byte(document)))
	handler := subresource(t, store)
	for _, target := range []string{"/bucket?cors", "/bucket/?cors", "/bucket?cors=", "/bucket/key?cors", "/bucket?cors&x-id=GetBucketCors",
		"/bucket?x-id=GetBucketCors&cors", "/bucket?%63ors", "/bucket?cors=x"} {
		res := do(handler, request("GET", target))
		require.Equal(t, 200, res.StatusCode, target)
		require.Equal(t, http.Header{"Content-Type": nil}, res.Header, target)
		require.Equal(t, printed, bodyOf(t, res), target)
	}
	res := do(handler, request("GET", "/unconfigured?cors"))
	require.Equal(t, 404, res.StatusCode)
	require.Equal(t, http.Header{"Content-Type": {"application/xml"}}, res.Header)
	require.Equal(t, errorBody("Code", "NoSuchCORSConfiguration", "Message", "The CORS configuration does not exist",
		"BucketName", "unconfigured", "RequestId", "", "HostId", ""), bodyOf(t, res))
}

func TestDelete(t *testing.T) {
	store := stored(t, document, "bucket")
	handler := subresource(t, store)
	for range 2 {
		res := do(handler, request("DELETE", "/bucket/key?cors"))
		require.Equal(t, 204, res.StatusCode)
		require.Empty(t, bodyOf(t, res))
		require.Equal(t, 404, do(handler, request("GET", "/bucket?cors")).StatusCode)
	}
}

func TestAMissingBucket(t *testing.T) {
	handler := subresource(t, &corsserver.MemoryStore{Exists: existing})
	for _, r := range []*http.Request{
		request("GET", "/missing?cors"),
		request("DELETE", "/missing?cors"),
		put("/missing?cors", []byte(document)),
		request("PUT", "/missing?cors"), // before anything in the body (1.5/request-before-body)
	} {
		res := do(handler, r)
		require.Equal(t, 404, res.StatusCode, r.Method)
		require.Equal(t, errorBody("Code", "NoSuchBucket", "Message", "The specified bucket does not exist",
			"RequestId", "", "HostId", ""), bodyOf(t, res))
	}
}

// vanishing is a store whose bucket is deleted between a look and a write.
type vanishing struct{ corsserver.Store }

func (vanishing) PutCORS(context.Context, string, []byte) error {
	return fmt.Errorf("put: %w", corsserver.ErrNoSuchBucket)
}

func TestABucketThatVanishesIsMissing(t *testing.T) {
	res := do(subresource(t, vanishing{&corsserver.MemoryStore{}}), put("/bucket?cors", []byte(document)))
	require.Equal(t, 404, res.StatusCode)
}

// A counting writer notes every status that it is told.
type counting struct {
	*httptest.ResponseRecorder
	told []int
}

func (c *counting) WriteHeader(status int) {
	c.told = append(c.told, status)
	c.ResponseRecorder.WriteHeader(status)
}

func TestEveryAnswerSaysItsStatusOnce(t *testing.T) {
	handler := subresource(t, &corsserver.MemoryStore{})
	for _, row := range []struct {
		r    *http.Request
		want []int
	}{
		{request("GET", "/bucket?cors"), []int{404}},
		{put("/bucket?cors", []byte(document)), []int{200}},
		{request("GET", "/bucket?cors"), []int{200}},
		{request("DELETE", "/bucket?cors"), []int{204}},
	} {
		w := &counting{ResponseRecorder: httptest.NewRecorder()}
		handler.ServeHTTP(w, row.r)
		require.Equal(t, row.want, w.told, row.r.Method)
	}
}

// silent is a subresource that must ask neither its store nor who may do what.
func silent(t *testing.T) http.Handler {
	return (&corshttp.Server{
		Store: &scripted{Store: broken{}, get: func(context.Context, string) ([]byte, error) {
			t.Error("the store was asked")
			return nil, nil
		}},
		Authorize: func(*http.Request, corsserver.Address) *s3cors.Error {
			t.Error("Authorize was asked")
			return nil
		},
	}).Subresource(unreachable(t))
}

// TestOtherMethods shows 10/method-first as well: nobody is asked.
func TestOtherMethods(t *testing.T) {
	handler := silent(t)
	for _, method := range []string{"HEAD", "POST", "PATCH", "OPTIONS"} {
		for _, target := range []string{"/bucket?cors", "/bucket/key?cors=1&x-id=1"} {
			res := do(handler, request(method, target))
			require.Equal(t, 405, res.StatusCode, method)
			require.Equal(t, "DELETE, GET, PUT", res.Header.Get("Allow"))
			require.Equal(t, errorBody("Code", "MethodNotAllowed",
				"Message", "The specified method is not allowed against this resource.",
				"Method", method, "ResourceType", "CORS", "RequestId", "", "HostId", ""), bodyOf(t, res))
		}
	}
	res := send(t, serve(t, handler, false), "HEAD", "/bucket?cors")
	require.Equal(t, 405, res.StatusCode)
	require.Empty(t, bodyOf(t, res))
}

func TestWhatIsNotCORSGoesOn(t *testing.T) {
	handler := (&corshttp.Server{Store: &corsserver.MemoryStore{}}).Subresource(status(http.StatusTeapot))
	for _, target := range []string{"/", "/?cors", "//bucket?cors", "/bucket", "/bucket/cors", "/bucket?CORS", "/bucket?prefix=cors",
		"/bucket?corsx", "/bucket?x=&cors%3D", "/bucket?%zzcors", "/bucket?acl"} {
		require.Equal(t, http.StatusTeapot, do(handler, request("PUT", target)).StatusCode, target)
	}
}

func TestAuthorize(t *testing.T) {
	denied := errorBody("Code", "AccessDenied", "Message", "Access Denied", "RequestId", "", "HostId", "")
	store := &scripted{Store: stored(t, document, "bucket")}
	for name, authorize := range map[string]func(*http.Request, corsserver.Address) *s3cors.Error{
		"nobody without it": nil,
		"nobody it denies": func(_ *http.Request, a corsserver.Address) *s3cors.Error {
			require.Equal(t, corsserver.Address{Bucket: "bucket", Key: "key"}, a)
			return corsserver.AccessDenied()
		},
	} {
		t.Run("lets in "+name, func(t *testing.T) {
			handler := (&corshttp.Server{Store: store, Authorize: authorize}).Subresource(unreachable(t))
			for _, method := range []string{"GET", "PUT", "DELETE"} {
				res := do(handler, request(method, "/bucket/key?cors"))
				require.Equal(t, 403, res.StatusCode)
				require.Equal(t, denied, bodyOf(t, res))
			}
			require.Zero(t, store.asked())
		})
	}
	kept, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, document, string(kept))
}

// broken is a store that fails.
type broken struct{}

func (broken) GetCORS(context.Context, string) ([]byte, error) { return nil, errStore }
func (broken) PutCORS(context.Context, string, []byte) error   { return errStore }
func (broken) DeleteCORS(context.Context, string) error        { return errStore }

func TestAFailingStoreIsAnInternalError(t *testing.T) {
	tests := map[string]struct {
		store corsserver.Store
		r     *http.Request
		err   string
	}{
		"GET":                 {broken{}, request("GET", "/bucket?cors"), errStore.Error()},
		"PUT":                 {broken{}, put("/bucket?cors", []byte(document)), errStore.Error()},
		"DELETE":              {broken{}, request("DELETE", "/bucket?cors"), errStore.Error()},
		"PUT that cannot":     {&scripted{Store: &corsserver.MemoryStore{}, put: func() error { return errStore }}, put("/bucket?cors", []byte(document)), errStore.Error()},
		"GET of garbage":      {stored(t, "garbage", "bucket"), request("GET", "/bucket?cors"), "corsserver: the stored CORS document is invalid: 1:1: CORSConfiguration: MalformedXML"},
		"GET of nothing good": {stored(t, "<CORSConfiguration/>", "bucket"), request("GET", "/bucket?cors"), "corsserver: the stored CORS document is invalid: "},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var failures []error
			handler := (&corshttp.Server{Store: tt.store, Authorize: allow,
				Failed: func(r *http.Request, err error) {
					require.Equal(t, tt.r, r)
					failures = append(failures, err)
				}}).Subresource(unreachable(t))
			res := do(handler, tt.r)
			require.Equal(t, 500, res.StatusCode)
			require.Equal(t, internalErrorBody, bodyOf(t, res))
			require.Len(t, failures, 1)
			require.ErrorContains(t, failures[0], tt.err)
		})
	}
	require.Equal(t, 500, do(subresource(t, broken{}), request("GET", "/bucket?cors")).StatusCode, "nobody need be told")
}

func TestGarbageCanBeReplaced(t *testing.T) {
	handler := subresource(t, stored(t, "garbage", "bucket"))
	require.Equal(t, 200, do(handler, put("/bucket?cors", []byte(document))).StatusCode)
	require.Equal(t, 200, do(handler, request("GET", "/bucket?cors")).StatusCode)
}

func TestSignedChunksAreRefused(t *testing.T) {
	framed := fmt.Sprintf("%x\r\n%s\r\n0\r\nx-amz-checksum-crc32:%s\r\n\r\n", len(document), document, documentCRC32)
	for field, value := range map[string]string{
		"x-amz-content-sha256":         "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
		"Content-Encoding":             "gzip, AWS-chunked",
		"x-amz-decoded-content-length": fmt.Sprint(len(document)),
	} {
		t.Run(field, func(t *testing.T) {
			store := stored(t, open, "bucket")
			r := put("/bucket?cors", []byte(framed))
			r.Header.Set(field, value)
			res := do(subresource(t, store), r)
			require.Equal(t, 501, res.StatusCode)
			require.Equal(t, errorBody("Code", "NotImplemented",
				"Message", "A header you provided implies functionality that is not implemented",
				"Header", field, "RequestId", "", "HostId", ""), bodyOf(t, res))
			kept, err := store.GetCORS(t.Context(), "bucket")
			require.NoError(t, err)
			require.Equal(t, open, string(kept))
		})
	}
	r := put("/bucket?cors", []byte(document))
	r.Header.Set("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
	require.Equal(t, 200, do(subresource(t, &corsserver.MemoryStore{}), r).StatusCode)
}

var tooLargeBody = errorBody("Code", "MaxMessageLengthExceeded", "Message", "Your request was too big.",
	"MaxMessageLengthBytes", "65536", "RequestId", "", "HostId", "")

// padded is document with blanks up to a size.
func padded(size int) []byte {
	return []byte(strings.Replace(document, "<CORSRule>", strings.Repeat(" ", size-len(document))+"<CORSRule>", 1))
}

func TestSizeLimit(t *testing.T) {
	t.Run("is the one of the root package", func(t *testing.T) {
		_, err := s3cors.ParseXML(padded(65537))
		s3, ok := errors.AsType[*s3cors.Error](err)
		require.True(t, ok)
		require.Equal(t, tooLargeBody, string(s3.AppendXML(nil, s3cors.IDs{})))
	})
	t.Run("admits 65,536 bytes", func(t *testing.T) {
		store := &corsserver.MemoryStore{}
		handler := subresource(t, store)
		require.Equal(t, 200, do(handler, put("/bucket?cors", padded(65536))).StatusCode)
		require.Equal(t, printed, bodyOf(t, do(handler, request("GET", "/bucket?cors"))))
	})
	t.Run("refuses 65,537 bytes, unread if announced", func(t *testing.T) {
		r := put("/bucket?cors", padded(65537))
		r.Body = io.NopCloser(iotest.ErrReader(errors.New("the body was read")))
		res := do(subresource(t, stored(t, open, "bucket")), r)
		require.Equal(t, 400, res.StatusCode)
		require.Equal(t, tooLargeBody, bodyOf(t, res))
	})
	t.Run("comes before the checksums", func(t *testing.T) {
		for _, announced := range []int64{65537, -1} {
			r := put("/bucket?cors", padded(65537))
			r.Header.Del("Content-MD5")
			r.ContentLength = announced
			require.Equal(t, tooLargeBody, bodyOf(t, do(subresource(t, &corsserver.MemoryStore{}), r)))
		}
	})
	t.Run("stops reading what is not announced", func(t *testing.T) {
		checkGoroutines(t)
		server := serve(t, subresource(t, &corsserver.MemoryStore{}), false)
		endless := struct{ io.Reader }{io.MultiReader(bytes.NewReader(padded(65536)), zeros{})}
		r, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL+"/bucket?cors", endless)
		require.NoError(t, err)
		res, err := server.Client().Do(r)
		require.NoError(t, err)
		require.Equal(t, 400, res.StatusCode)
		require.Equal(t, tooLargeBody, bodyOf(t, res))
	})
	t.Run("of somebody in front counts, too", func(t *testing.T) {
		handler := http.MaxBytesHandler(subresource(t, &corsserver.MemoryStore{}), 10)
		r := put("/bucket?cors", []byte(document))
		require.Equal(t, tooLargeBody, bodyOf(t, do(handler, r)))
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestWhatWasAcceptedCanBeRead has a document whose print is larger than S3
// accepts (10/size-of-a-configuration).
func TestWhatWasAcceptedCanBeRead(t *testing.T) {
	text := strings.Replace(document, "<CORSRule>", "<CORSRule><ID><![CDATA["+strings.Repeat("<&>", 21_000)+"]]></ID>", 1)
	require.Less(t, len(text), 65536)
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	handler := subresource(t, cache)
	require.Equal(t, 200, do(handler, put("/bucket?cors", []byte(text))).StatusCode)
	policy, err := cache.Policy(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, s3cors.Granted, policy.Evaluate(s3cors.Request{Method: "GET", Origin: origin}).Outcome())
	res := do(handler, request("GET", "/bucket?cors"))
	require.Equal(t, 200, res.StatusCode)
	body := bodyOf(t, res)
	require.Equal(t, strings.Replace(printed, "<CORSRule>", "<CORSRule><ID>"+strings.Repeat("&lt;&amp;&gt;", 21_000)+"</ID>", 1), body)
	require.Greater(t, len(body), 65536)
}

// TestARefusedBodyIsNotAskedFor has a client that waits for permission to send.
func TestARefusedBodyIsNotAskedFor(t *testing.T) {
	for name, handler := range map[string]http.Handler{
		"too large": subresource(t, &corsserver.MemoryStore{}),
		"denied":    (&corshttp.Server{Store: &corsserver.MemoryStore{}}).Subresource(unreachable(t)),
		"no bucket": subresource(t, &corsserver.MemoryStore{Exists: func(context.Context, string) (bool, error) { return false, nil }}),
	} {
		t.Run(name, func(t *testing.T) {
			res := raw(t, serve(t, handler, false), "PUT /bucket?cors HTTP/1.1\r\nHost: h\r\n"+
				"Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n")
			require.GreaterOrEqual(t, res.StatusCode, 400)
		})
	}
}

func TestASlowBodyRunsOutOfTime(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		t.Run(fmt.Sprintf("http2 %v", http2), func(t *testing.T) {
			store := stored(t, open, "bucket")
			server := serve(t, (&corshttp.Server{Store: store, Authorize: allow, BodyTimeout: 20 * time.Millisecond}).Subresource(unreachable(t)), http2)
			slow, stop := io.Pipe()
			defer stop.Close()
			go func() { _, _ = stop.Write([]byte("<CORSConfiguration>")) }()
			r, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL+"/bucket?cors", slow)
			require.NoError(t, err)
			res, err := server.Client().Do(r)
			require.NoError(t, err)
			require.Equal(t, 400, res.StatusCode)
			require.Equal(t, errorBody("Code", "RequestTimeout", "Message", "Your socket connection to the server was not read from or "+
				"written to within the timeout period. Idle connections will be closed.", "RequestId", "", "HostId", ""), bodyOf(t, res))
			kept, err := store.GetCORS(t.Context(), "bucket")
			require.NoError(t, err)
			require.Equal(t, open, string(kept))
		})
	}
}

// TestTheTimeIsTheBodysAlone has a store that takes longer than a body may.
func TestTheTimeIsTheBodysAlone(t *testing.T) {
	store := &scripted{Store: &corsserver.MemoryStore{}}
	var ended error
	var r *http.Request
	wait := 1200 * time.Millisecond
	store.put = func() error {
		select {
		case <-r.Context().Done():
			ended = r.Context().Err()
		case <-time.After(wait):
		}
		wait = 0
		return nil
	}
	inner := (&corshttp.Server{Store: store, Authorize: allow, BodyTimeout: time.Second}).Subresource(unreachable(t))
	server := serve(t, http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r = request
		inner.ServeHTTP(w, request)
	}), false)
	for range 2 { // the connection can be used again
		out, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL+"/bucket?cors", strings.NewReader(document))
		require.NoError(t, err)
		out.Header.Set("Content-MD5", documentMD5)
		res, err := server.Client().Do(out)
		require.NoError(t, err)
		require.Equal(t, 200, res.StatusCode)
		require.EqualValues(t, 0, res.ContentLength)
		require.NotContains(t, res.Header, "Content-Type")
		require.NoError(t, res.Body.Close())
		require.NoError(t, ended)
	}
}

func TestABodyThatBreaksOff(t *testing.T) {
	store := stored(t, open, "bucket")
	server := serve(t, subresource(t, store), false)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = fmt.Fprintf(conn, "PUT /bucket?cors HTTP/1.1\r\nHost: h\r\nContent-MD5: %s\r\nContent-Length: %d\r\n\r\n%s",
		documentMD5, len(document)+1, document)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	require.Contains(t, string(answer), errorBody("Code", "IncompleteBody",
		"Message", "You did not provide the number of bytes specified by the Content-Length HTTP header",
		"RequestId", "", "HostId", ""))
	kept, err := store.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Equal(t, open, string(kept))
}

// TestABodyMayCarryAnError has an authentication that knows the hash of the body.
func TestABodyMayCarryAnError(t *testing.T) {
	mismatch := &s3cors.Error{Status: 400, Code: "XAmzContentSHA256Mismatch", Message: "no match"}
	handler := (&corshttp.Server{Store: stored(t, open, "bucket"), Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
		r.Body = io.NopCloser(io.MultiReader(r.Body, iotest.ErrReader(mismatch)))
		return nil
	}}).Subresource(unreachable(t))
	res := do(handler, put("/bucket?cors", []byte(document)))
	require.Equal(t, 400, res.StatusCode)
	require.Equal(t, string(mismatch.AppendXML(nil, s3cors.IDs{})), bodyOf(t, res))
}

// TestABodyMayRunOutOfAContextsTime has a reader that somebody else gave a deadline.
func TestABodyMayRunOutOfAContextsTime(t *testing.T) {
	r := put("/bucket?cors", nil)
	r.Body = io.NopCloser(iotest.ErrReader(fmt.Errorf("read: %w", context.DeadlineExceeded)))
	res := do(subresource(t, stored(t, open, "bucket")), r)
	require.Equal(t, 400, res.StatusCode)
	require.Contains(t, bodyOf(t, res), "<Code>RequestTimeout</Code>")
}

// TestTheAnswerFollowsTheOldRules shows 1.6/cors-headers-of-put,
// 2/cors-headers-of-get and 7/configuration-in-force.
func TestTheAnswerFollowsTheOldRules(t *testing.T) {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}, TTL: -1}
	handler := (&corshttp.Server{Policies: cache.Policy}).CORS(subresource(t, cache))
	ask := func(r *http.Request) http.Header {
		r.Header.Set("Origin", origin)
		return corsFields(do(handler, r).Header)
	}
	get := func() http.Header { return ask(request("GET", "/bucket?cors")) }
	require.Empty(t, get())
	require.Empty(t, ask(put("/bucket?cors", []byte(document))))
	require.Empty(t, cmp.Diff(granted(), get()))
	require.Empty(t, cmp.Diff(granted(), ask(put("/bucket?cors", []byte("refused")))), "errors have them as well")
	require.Empty(t, cmp.Diff(granted(), ask(put("/bucket?cors", []byte(strings.Replace(document, "app", "www", 1))))))
	require.Empty(t, get())
	require.Empty(t, ask(put("/bucket?cors", []byte(document))))
	require.Empty(t, cmp.Diff(granted(), ask(request("DELETE", "/bucket?cors"))))
	require.Empty(t, get())

	// A preflight of the console, which runs on another origin.
	require.Empty(t, ask(put("/bucket?cors", []byte(document))))
	res := do(handler, request("OPTIONS", "/bucket?cors", "Origin", origin, "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", "content-md5"))
	require.Equal(t, 200, res.StatusCode)
}

func TestSubresourceIDsAndAddress(t *testing.T) {
	handler := (&corshttp.Server{
		Store: stored(t, document, "bucket"), Authorize: allow,
		Address: corshttp.VirtualHosted("s3.example"),
		IDs:     func(*http.Request) s3cors.IDs { return s3cors.IDs{RequestID: "R", HostID: "H"} },
	}).Subresource(unreachable(t))
	for _, tt := range []struct {
		method, target string
		want           int
	}{
		{"GET", "http://bucket.s3.example/?cors", 200},
		{"GET", "http://other.s3.example/?cors", 404},
		{"DELETE", "http://bucket.s3.example/key?cors", 204},
	} {
		res := do(handler, request(tt.method, tt.target))
		require.Equal(t, tt.want, res.StatusCode)
		require.Equal(t, "R", res.Header.Get("x-amz-request-id"))
		require.Equal(t, "H", res.Header.Get("x-amz-id-2"))
	}
}

func TestSubresourceWithoutStorePanics(t *testing.T) {
	require.PanicsWithValue(t, "corshttp: Server without Store has no Subresource", func() {
		(&corshttp.Server{Policies: corshttp.OnePolicy(nil)}).Subresource(ok)
	})
}

// TestConcurrentPuts ends with one of the documents, whole.
func TestConcurrentPuts(t *testing.T) {
	checkGoroutines(t)
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	server := serve(t, (&corshttp.Server{Policies: cache.Policy}).CORS(subresource(t, cache)), false)
	texts := []string{document, open}
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			text := []byte(texts[i%2])
			r, err := http.NewRequestWithContext(t.Context(), "PUT", server.URL+"/bucket?cors", bytes.NewReader(text))
			if err != nil {
				t.Error(err)
				return
			}
			sum := sha256.Sum256(text)
			r.Header.Set("x-amz-checksum-sha256", base64.StdEncoding.EncodeToString(sum[:]))
			r.Header.Set("Origin", origin)
			res, err := server.Client().Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			defer res.Body.Close()
			if res.StatusCode != 200 {
				t.Error(res.Status)
			}
		})
	}
	wg.Wait()
	kept, err := cache.GetCORS(t.Context(), "bucket")
	require.NoError(t, err)
	require.Contains(t, texts, string(kept))
}

// TestAHangingStore has clients that lose patience with one bucket, and are
// served another.
func TestAHangingStore(t *testing.T) {
	checkGoroutines(t)
	let := make(chan struct{})
	store := &scripted{Store: stored(t, document, "bucket", "hanging")}
	store.get = func(ctx context.Context, bucket string) ([]byte, error) {
		if bucket == "hanging" {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-let:
			}
		}
		return store.Store.GetCORS(ctx, bucket)
	}
	cache := &corsserver.Cache{Store: store}
	server := serve(t, (&corshttp.Server{Policies: cache.Policy}).CORS(ok), false)
	for range 5 {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		r, err := http.NewRequestWithContext(ctx, "OPTIONS", server.URL+"/hanging/key", nil)
		require.NoError(t, err)
		r.Header.Set("Origin", origin)
		_, err = server.Client().Do(r)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		cancel()
		require.Equal(t, 200, send(t, server, "OPTIONS", "/bucket/key", "Origin", origin,
			"Access-Control-Request-Method", "GET").StatusCode)
	}
	close(let)
	require.Equal(t, 200, send(t, server, "OPTIONS", "/hanging/key", "Origin", origin,
		"Access-Control-Request-Method", "GET").StatusCode)
}
