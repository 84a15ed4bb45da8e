//go:build go1.26

package corsfasthttp_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
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

// textOf is the request of a decision.
func textOf(v vectors.Vector) string {
	bucket := "bucket"
	if v.Bucket == missing {
		bucket = missing
	}
	target := map[string]string{"service": "/", "bucket": "/" + bucket, "object": "/" + bucket + "/some/key"}[v.Request.Target]
	if v.Request.Subresource != "" {
		target += "?" + v.Request.Subresource
	}
	var fields []string
	for _, pair := range v.Request.Headers {
		fields = append(fields, pair[0], pair[1])
	}
	return text(v.Request.Method, target, fields...)
}

// untransmittable reports whether a request has control characters, which fasthttp
// refuses itself.
func untransmittable(v vectors.Vector) bool {
	for _, pair := range v.Request.Headers {
		if strings.ContainsFunc(pair[1], func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7F }) {
			return true
		}
	}
	return false
}

// direct hands a request to a handler without a network in between.
func direct(t *testing.T, handler fasthttp.RequestHandler, v vectors.Vector) (*http.Response, string) {
	t.Helper()
	var ctx fasthttp.RequestCtx
	request := &fasthttp.Request{}
	request.Header.SetMethod(v.Request.Method)
	request.SetRequestURI("/bucket/some/key")
	for _, pair := range v.Request.Headers {
		request.Header.Add(pair[0], pair[1])
	}
	ctx.Init(request, nil, silent{})
	handler(&ctx)
	var answer bytes.Buffer
	_, err := ctx.Response.WriteTo(&answer)
	require.NoError(t, err)
	c := client{t: t, r: bufio.NewReader(&answer)}
	res, body, err := c.receive(v.Request.Method)
	require.NoError(t, err)
	return res, body
}

// errorOf is the body of an error, written down anew.
//
// That of Ceph has no line feed, and names the bucket, if there is one, behind the
// message.
func errorOf(elements vectors.Elements, ids s3cors.IDs, dialect, bucket string) string {
	var flat []string
	for _, pair := range elements {
		flat = append(flat, pair[0], escape(pair[1]))
		if pair[0] == "Message" && dialect != "" && bucket != "" {
			flat = append(flat, "BucketName", bucket)
		}
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

// TestDecisionVectors replays all decisions over the wire, through store, cache and
// middleware.
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
			ids := s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host"}
			if v.IDs != nil {
				ids = s3cors.IDs{RequestID: v.IDs.Request, HostID: v.IDs.Host}
			}
			var outcomes []string
			cors := &corsfasthttp.Server{
				Store:   store,
				Options: dialectOf(t, v),
				IDs:     func(*fasthttp.RequestCtx) s3cors.IDs { return ids },
				Observe: func(_ *fasthttp.RequestCtx, e corsserver.Verdict) {
					outcomes = append(outcomes, e.Decision.Outcome().String())
				},
			}
			asked := false
			handler := cors.CORS(func(ctx *fasthttp.RequestCtx) {
				asked = true
				ctx.SetStatusCode(http.StatusTeapot)
			})
			res, body := connect(t, start(t, &fasthttp.Server{Handler: handler, ReadBufferSize: 1 << 16})).send(textOf(v))
			if untransmittable(v) {
				require.Equal(t, 400, res.StatusCode)
				require.Equal(t, "Error when parsing request", body)
				require.Empty(t, outcomes)
				res, body = direct(t, handler, v)
			}

			require.Equal(t, []string{v.Expect.Outcome}, outcomes)
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
			if v.Expect.Error == nil {
				require.Empty(t, body)
				require.Empty(t, res.Header.Values("Content-Type"))
				require.Equal(t, []string{"0"}, res.Header.Values("Content-Length"))
				return
			}
			require.Equal(t, "application/xml", res.Header.Get("Content-Type"))
			wanted := errorOf(v.Expect.Error, ids, v.Dialect, bucketOf(v))
			if v.Request.Method == http.MethodHead {
				require.Empty(t, body)
				require.EqualValues(t, len(wanted), res.ContentLength)
				return
			}
			require.Equal(t, wanted, body)
			if v.Expect.Body != "" && v.Dialect == "" { // which has no name of a bucket
				require.Equal(t, v.Expect.Body, body)
			}
		})
	}
	require.Greater(t, replayed, 400)
}

// put is a PUT whose Content-MD5 fits.
func put(target string, body []byte, fields ...string) string {
	sum := md5.Sum(body)
	fields = append(fields, "Content-MD5", base64.StdEncoding.EncodeToString(sum[:]), "Content-Length", fmt.Sprint(len(body)))
	return text("PUT", target, fields...) + string(body)
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
			store := stored(t, document, "bucket")
			cors := &corsfasthttp.Server{Store: store, Authorize: allow, Options: dialectOf(t, v)}
			c := connect(t, start(t, &fasthttp.Server{Handler: cors.Handler(unreachable(t))}))
			res, body := c.send(put("/bucket?cors", v.Document))
			require.Equal(t, *v.Expect.Status, res.StatusCode)
			if v.Expect.Error != nil {
				require.Equal(t, errorOf(v.Expect.Error, s3cors.IDs{}, v.Dialect, "bucket"), body)
				kept, err := store.GetCORS(t.Context(), "bucket")
				require.NoError(t, err)
				require.Equal(t, document, string(kept), "a refused document changes nothing")
				return
			}
			require.Empty(t, body)
			res, body = c.send(text("GET", "/bucket?cors"))
			require.Equal(t, http.StatusOK, res.StatusCode)
			if v.Dialect == "" {
				require.Empty(t, res.Header.Values("Content-Type"))
			} else {
				require.Equal(t, []string{"application/xml"}, res.Header.Values("Content-Type"))
			}
			if v.Expect.XML != "" {
				require.Equal(t, v.Expect.XML, body)
			}
			configuration, err := s3cors.ParseXML([]byte(v.Document), dialectOf(t, v)...)
			require.NoError(t, err)
			want, err := configuration.AppendXML(nil, dialectOf(t, v)...)
			require.NoError(t, err)
			require.Equal(t, string(want), body)
		})
	}
	require.Greater(t, replayed, 200)
}

func looksLikeJSON(document []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\uFEFF")), " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}
