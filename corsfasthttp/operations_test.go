//go:build go1.26

package corsfasthttp_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// stranded is the account that owns no bucket of an operation.
const stranded = "999999999999"

// A backend is the server behind the middleware: a bucket and its objects.
type backend struct {
	cors *corsfasthttp.Server

	mu      sync.Mutex
	missing bool
	objects map[corsserver.Address][]byte
}

func (b *backend) exists(context.Context, string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.missing, nil
}

func (b *backend) serve(ctx *fasthttp.RequestCtx) {
	b.mu.Lock()
	defer b.mu.Unlock()
	a := corsfasthttp.PathStyle(ctx)
	a = corsserver.Address{Bucket: strings.Clone(a.Bucket), Key: strings.Clone(a.Key)}
	object, ok := b.objects[a]
	switch {
	case b.missing, a.Key != "" && !ctx.IsPut() && !ok:
		ctx.Error("nothing there", http.StatusNotFound)
	case a.Key == "" && ctx.IsDelete():
		b.missing = true
		_ = b.cors.Cache().Forget(context.Background(), a.Bucket) // which a MemoryStore never fails at
		ctx.SetStatusCode(http.StatusNoContent)
	case ctx.IsPut():
		b.objects[a] = bytes.Clone(ctx.Request.Body())
	default:
		ctx.SetBody(object)
	}
}

// operation is a whole server in the state in which an operation begins.
func operation(t *testing.T, v vectors.Vector) fasthttp.RequestHandler {
	t.Helper()
	b := &backend{missing: v.Bucket == missing, objects: make(map[corsserver.Address][]byte)}
	store := &corsserver.MemoryStore{Exists: b.exists}
	if v.Stored != nil {
		require.NoError(t, store.PutCORS(t.Context(), "bucket", v.Stored))
	}
	b.cors = &corsfasthttp.Server{
		Store:   store,
		Options: dialectOf(t, v),
		IDs: func(ctx *fasthttp.RequestCtx) s3cors.IDs {
			return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + string(ctx.Method())}
		},
		Authorize: func(ctx *fasthttp.RequestCtx, _ corsserver.Address) *s3cors.Error {
			if string(ctx.Request.Header.Peek("x-amz-expected-bucket-owner")) == stranded {
				return corsserver.AccessDenied()
			}
			return nil
		},
	}
	return b.cors.Handler(b.serve)
}

func textOfStep(r vectors.StepRequest) string {
	target := map[string]string{"bucket": "/bucket", "object": "/bucket/some/key"}[r.Target]
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
	fields := corsFields(res.Header)
	expected := http.Header{}
	for _, h := range want.Headers {
		key := http.CanonicalHeaderKey(h[0])
		expected[key] = []string{h[1]}
		if lines, ok := res.Header[key]; ok {
			fields[key] = []string{strings.Join(lines, ", ")}
		}
	}
	require.Empty(t, cmp.Diff(expected, fields))
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
	if want.Config != nil {
		wanted, err := s3cors.ParseJSON(want.Config)
		require.NoError(t, err)
		got, err := s3cors.ParseXML([]byte(body))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(wanted, got, cmpopts.EquateEmpty()))
	}
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
				dial := start(t, &fasthttp.Server{Handler: operation(t, v), StreamRequestBody: streams})
				c := connect(t, dial)
				for i, step := range v.Steps {
					t.Logf("steps[%d]: %s %s ?%s", i, step.Request.Method, step.Request.Target, step.Request.Query)
					res, body := c.send(textOfStep(step.Request))
					requireAnswer(t, expected(v, step, streams), res, body)
					if res.Close {
						c = connect(t, dial)
					}
				}
			})
		}
		require.GreaterOrEqual(t, replayed, 60)
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
