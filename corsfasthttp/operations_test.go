//go:build go1.26

package corsfasthttp_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/backend"
)

// stranded is the account that owns no bucket of an operation.
const stranded = "999999999999"

// operation is a whole server in the state in which an operation begins.
func operation(t *testing.T, v vectors.Vector) fasthttp.RequestHandler {
	t.Helper()
	buckets := &backend.Server{Open: !authenticates(v)}
	if v.Bucket != missing {
		buckets.Create("bucket")
	}
	store := &corsserver.MemoryStore{Exists: buckets.Exists}
	if v.Stored != nil {
		require.NoError(t, store.PutCORS(t.Context(), "bucket", v.Stored))
	}
	cors := &corsfasthttp.Server{
		Store:   store,
		Options: dialectOf(t, v),
		IDs: func(ctx *fasthttp.RequestCtx) s3cors.IDs {
			return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + string(ctx.Method())}
		},
		Authorize: func(ctx *fasthttp.RequestCtx, _ corsserver.Address) *s3cors.Error {
			h := &ctx.Request.Header
			status, _ := backend.Refusal(string(h.Peek("Authorization")), string(ctx.URI().QueryString()))
			if !buckets.Open && status != 0 || string(h.Peek("x-amz-expected-bucket-owner")) == stranded {
				return corsserver.AccessDenied()
			}
			return nil
		},
	}
	// Which a MemoryStore never fails at. The context is the answer's, and has ended.
	buckets.Deleted = func(_ context.Context, bucket string) { _ = cors.Cache().Forget(context.Background(), bucket) }
	return cors.Handler(fasthttpadaptor.NewFastHTTPHandler(buckets))
}

// authenticates reports whether requests of a vector have credentials. To Ceph one
// with Authorization is another one, so those of its vectors have them only where
// they matter.
func authenticates(v vectors.Vector) bool {
	return v.Dialect == "" || slices.Contains(v.Needs, "authentication")
}

// signed returns a request with credentials, if it is one that has them.
func signed(v vectors.Vector, r vectors.StepRequest) vectors.StepRequest {
	has := func(h vectors.Pair) bool { return strings.EqualFold(h[0], "Authorization") }
	if authenticates(v) && !r.Anonymous && r.Method != http.MethodOptions && !slices.ContainsFunc(r.Headers, has) {
		r.Headers = append(slices.Clip(r.Headers), vectors.Pair{"Authorization", "AWS owner:signature"})
	}
	return r
}

func textOfStep(r vectors.StepRequest) string {
	target := map[string]string{"service": "/", "bucket": "/bucket", "object": "/bucket/some/key"}[r.Target]
	if r.Query != "" {
		target += "?" + r.Query
	}
	var fields []string
	for _, h := range r.Headers {
		fields = append(fields, h[0], h[1])
	}
	if r.Body != nil {
		fields = append(fields, "Content-Length", fmt.Sprint(len(r.Body)))
	}
	return text(r.Method, target, fields...) + string(r.Body)
}

// requireAnswer compares an answer with all that a step expects of it.
func requireAnswer(t *testing.T, want vectors.StepExpect, res *http.Response, body string) {
	t.Helper()
	require.Equal(t, want.Status, res.StatusCode, body)
	if res.Close { // which net/http takes for the field
		res.Header.Set("Connection", "close")
	}
	require.Empty(t, cmp.Diff(expectedFields(want), seenFields(want, res.Header)))
	for _, name := range want.Absent {
		require.Empty(t, res.Header.Values(name), name)
	}
	filled := strings.NewReplacer(vectors.Bucket, "bucket", vectors.RequestID, res.Header.Get("x-amz-request-id"),
		vectors.HostID, res.Header.Get("x-amz-id-2"))
	if want.Body != nil {
		require.Equal(t, filled.Replace(*want.Body), body)
	}
	if want.Error != nil {
		elements := vectors.Elements{}
		for _, e := range append(slices.Clip(want.Error), vectors.Pair{"RequestId", vectors.RequestID}, vectors.Pair{"HostId", vectors.HostID}) {
			elements = append(elements, vectors.Pair{e[0], filled.Replace(e[1])})
		}
		require.Empty(t, cmp.Diff(elements, errorElements(t, body)))
	}
	if want.Code != "" {
		require.Contains(t, body, "<Code>"+want.Code+"</Code>")
	}
	if want.Config != nil {
		wanted, err := s3cors.ParseJSON(want.Config)
		require.NoError(t, err)
		got, err := s3cors.ParseXML([]byte(body))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(wanted, got, cmpopts.EquateEmpty()))
	}
}

// ownVary is what the backend says in Vary itself.
const ownVary = "Accept-Encoding"

func expectedFields(want vectors.StepExpect) http.Header {
	fields := http.Header{}
	for _, h := range want.Headers {
		fields[http.CanonicalHeaderKey(h[0])] = []string{h[1]}
	}
	return fields
}

// seenFields returns the CORS fields of an answer, each line of them, and the others
// that are wanted, joined. The server's own Vary is left out.
func seenFields(want vectors.StepExpect, answer http.Header) http.Header {
	fields := corsFields(answer)
	for _, h := range want.Headers {
		key := http.CanonicalHeaderKey(h[0])
		if lines, ok := answer[key]; ok && fields[key] == nil {
			fields[key] = []string{strings.Join(lines, ", ")}
		}
	}
	own := func(line string) bool { return line == ownVary }
	if rest := slices.DeleteFunc(slices.Clone(fields["Vary"]), own); len(rest) > 0 {
		fields["Vary"] = rest
	} else {
		delete(fields, "Vary")
	}
	return fields
}

// errorElements reads the elements of an error in their order.
func errorElements(t *testing.T, body string) vectors.Elements {
	t.Helper()
	var root struct {
		XMLName  xml.Name `xml:"Error"`
		Elements []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	require.NoError(t, xml.Unmarshal([]byte(body), &root), body)
	var elements vectors.Elements
	for _, e := range root.Elements {
		elements = append(elements, vectors.Pair{e.XMLName.Local, e.Text})
	}
	return elements
}

// TestOperationVectors replays all operations over the wire, each over as few
// connections as the server lets it.
func TestOperationVectors(t *testing.T) {
	for _, streams := range []bool{false, true} {
		replayed := 0
		for _, v := range allVectors(t) {
			if v.Steps == nil {
				continue // TestDecisionVectors and TestDocumentVectors have the others
			}
			replayed++
			t.Run(fmt.Sprintf("%s, streams %v", v.ID, streams), func(t *testing.T) {
				dial := start(t, &fasthttp.Server{Handler: operation(t, v), StreamRequestBody: streams, ReadBufferSize: 16 << 10})
				c := connect(t, dial)
				var said vectors.Memory
				for i, step := range v.Steps {
					t.Logf("steps[%d]: %s %s ?%s", i, step.Request.Method, step.Request.Target, step.Request.Query)
					res, body := c.send(textOfStep(signed(v, said.Fill(step.Request))))
					requireAnswer(t, expected(v, step, streams), res, body)
					said.Remember(res.Header.Get("ETag"), []byte(body))
					if res.Close {
						c = connect(t, dial)
					}
				}
			})
		}
		require.GreaterOrEqual(t, replayed, 250)
	}
}

// expected returns what a step expects of a server that streams bodies, or of one
// that has read a body before anybody could leave it (10/unread-body).
func expected(v vectors.Vector, step vectors.Step, streams bool) vectors.StepExpect {
	want := step.Expect
	if v.ID == "op-body-unread" && !streams {
		want.Headers = slices.DeleteFunc(slices.Clone(want.Headers), func(h vectors.Pair) bool { return h[0] == "Connection" })
		want.Absent = append(slices.Clip(want.Absent), "Connection")
	}
	return want
}
