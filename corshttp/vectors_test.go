package corshttp_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// The bucket of a vector that does not exist.
const missing = "missing"

// existing is what the stores of vectors say of buckets.
func existing(_ context.Context, bucket string) (bool, error) { return bucket != missing, nil }

func allVectors(t *testing.T) []vectors.Vector {
	t.Helper()
	all, err := vectors.All()
	require.NoError(t, err)
	return all
}

// requestOf builds the HTTP request of a decision.
func requestOf(v vectors.Vector) *http.Request {
	bucket := "bucket"
	if v.Bucket == missing {
		bucket = missing
	}
	target := map[string]string{"service": "/", "bucket": "/" + bucket, "object": "/" + bucket + "/some/key"}[v.Request.Target]
	if v.Request.Subresource != "" {
		target += "?" + v.Request.Subresource
	}
	r := httptest.NewRequest("GET", target, nil)
	r.Method = v.Request.Method // which may be one that NewRequest does not take
	for _, pair := range v.Request.Headers {
		r.Header.Add(pair[0], pair[1])
	}
	return r
}

// errorOf is the body of an error, written down anew. That of Ceph has no line feed,
// and names the bucket, if there is one, behind the message.
func errorOf(elements vectors.Elements, ids s3cors.IDs, dialect, bucket string) string {
	var flat []string
	for i, pair := range elements {
		if i == 2 && dialect != "" && bucket != "" {
			flat = append(flat, "BucketName", bucket)
		}
		flat = append(flat, pair[0], escape(pair[1]))
	}
	if len(elements) == 2 && dialect != "" && bucket != "" {
		flat = append(flat, "BucketName", bucket)
	}
	body := errorBody(append(flat, "RequestId", escape(ids.RequestID), "HostId", escape(ids.HostID))...)
	if dialect != "" {
		body = strings.Replace(body, "\n", "", 1)
	}
	return body
}

// dialectOf returns the options that a vector is to be run with.
func dialectOf(t *testing.T, v vectors.Vector) []s3cors.Option {
	t.Helper()
	var d s3cors.Dialect
	if v.Dialect != "" {
		require.NoError(t, d.UnmarshalText([]byte(v.Dialect)))
	}
	return []s3cors.Option{s3cors.WithDialect(d)}
}

// bucketOf is the name of the bucket that a decision addresses, "" if it does none.
func bucketOf(v vectors.Vector) string {
	switch {
	case v.Request.Target == "service":
		return ""
	case v.Bucket == missing:
		return missing
	}
	return "bucket"
}

// escape writes text as in 10/escaping-in-errors.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, text)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// TestDecisionVectors replays all decisions through store, cache and middleware.
func TestDecisionVectors(t *testing.T) {
	replayed := 0
	for _, v := range allVectors(t) {
		if v.Request == nil || v.Expect.Outcome == "invalid-configuration" {
			continue // no server could come to have that configuration
		}
		replayed++
		t.Run(v.ID, func(t *testing.T) {
			store := &corsserver.MemoryStore{Exists: existing}
			if v.Config != nil {
				require.NoError(t, store.PutCORS(t.Context(), "bucket", v.Config))
			}
			opts := dialectOf(t, v)
			cache := &corsserver.Cache{Store: store, Options: opts}
			ids := s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host"}
			if v.IDs != nil {
				ids = s3cors.IDs{RequestID: v.IDs.Request, HostID: v.IDs.Host}
			}
			var events []corsserver.Verdict
			middleware := &corshttp.Server{
				Policies: cache.Policy,
				Options:  opts,
				IDs:      func(*http.Request) s3cors.IDs { return ids },
				Observe:  func(_ *http.Request, e corsserver.Verdict) { events = append(events, e) },
			}
			asked := false
			res := do(middleware.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				asked = true
				w.WriteHeader(http.StatusTeapot)
			})), requestOf(v))

			require.Len(t, events, 1)
			require.Equal(t, v.Expect.Outcome, events[0].Decision.Outcome().String())
			want := http.Header{}
			for _, pair := range v.Expect.Headers {
				want.Add(pair[0], pair[1])
			}
			require.Empty(t, cmp.Diff(want, corsFields(res.Header)))
			if v.Expect.Status == nil {
				require.True(t, asked)
				require.Equal(t, http.StatusTeapot, res.StatusCode)
				return
			}
			require.False(t, asked)
			require.Equal(t, *v.Expect.Status, res.StatusCode)
			require.Equal(t, ids.RequestID, res.Header.Get("x-amz-request-id"))
			require.Equal(t, ids.HostID, res.Header.Get("x-amz-id-2"))
			body := bodyOf(t, res)
			if v.Expect.Error == nil {
				require.Empty(t, body)
				require.Empty(t, res.Header.Values("Content-Type"))
				return
			}
			require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
			require.Equal(t, errorOf(v.Expect.Error, ids, v.Dialect, bucketOf(v)), body)
			if v.Expect.Body != "" && v.Dialect == "" { // which has no name of a bucket
				require.Equal(t, v.Expect.Body, body)
			}
		})
	}
	require.Greater(t, replayed, 400)
}

// TestDocumentVectors puts all documents in XML to ?cors, and gets them back.
func TestDocumentVectors(t *testing.T) {
	replayed := 0
	for _, v := range allVectors(t) {
		if v.Document == nil || looksLikeJSON(v.Document) {
			continue
		}
		replayed++
		t.Run(v.ID, func(t *testing.T) {
			opts := dialectOf(t, v)
			store := stored(t, document, "bucket")
			handler := (&corshttp.Server{Store: store, Authorize: allow, Options: opts}).Subresource(unreachable(t))
			res := do(handler, put("/bucket?cors", v.Document))
			require.Equal(t, *v.Expect.Status, res.StatusCode)
			if v.Expect.Error != nil {
				require.Equal(t, errorOf(v.Expect.Error, s3cors.IDs{}, v.Dialect, "bucket"), bodyOf(t, res))
				kept, err := store.GetCORS(t.Context(), "bucket")
				require.NoError(t, err)
				require.Equal(t, document, string(kept), "a refused document changes nothing")
				return
			}
			require.Empty(t, bodyOf(t, res))
			res = do(handler, request("GET", "/bucket?cors"))
			require.Equal(t, http.StatusOK, res.StatusCode)
			if v.Dialect == "" {
				require.Empty(t, res.Header.Values("Content-Type"))
			} else {
				require.Equal(t, []string{"application/xml"}, res.Header.Values("Content-Type"))
			}
			got := bodyOf(t, res)
			if v.Expect.XML != "" {
				require.Equal(t, v.Expect.XML, got)
			}
			configuration, err := s3cors.ParseXML([]byte(v.Document), opts...)
			require.NoError(t, err)
			want, err := configuration.AppendXML(nil, opts...)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
	require.Greater(t, replayed, 200)
}

// TestJSONIsNoDocument shows that the server takes XML only
// (3/server-never-sees-json).
func TestJSONIsNoDocument(t *testing.T) {
	handler := (&corshttp.Server{Store: stored(t, document, "bucket"), Authorize: allow}).Subresource(unreachable(t))
	res := do(handler, put("/bucket?cors", []byte(`{"CORSRules":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]}`)))
	require.Equal(t, http.StatusBadRequest, res.StatusCode)
	require.Contains(t, bodyOf(t, res), "<Code>MalformedXML</Code>")
}

func looksLikeJSON(document []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\uFEFF")), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// put is a PUT whose Content-MD5 fits.
func put(target string, body []byte) *http.Request {
	r := httptest.NewRequest("PUT", target, bytes.NewReader(body))
	sum := md5.Sum(body)
	r.Header.Set("Content-MD5", base64.StdEncoding.EncodeToString(sum[:]))
	return r
}
