package corshttp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/backend"
)

// stranded is the account that owns no bucket of an operation.
const stranded = "999999999999"

// serveOperation starts a server in the state in which an operation begins.
func serveOperation(t *testing.T, v vectors.Vector) string {
	t.Helper()
	buckets := &backend.Server{Open: !authenticates(v)}
	if v.Bucket != missing {
		buckets.Create("bucket")
	}
	store := &corsserver.MemoryStore{Exists: buckets.Exists}
	opts := dialectOf(t, v)
	cache := &corsserver.Cache{Store: store, Options: opts}
	buckets.Deleted = func(ctx context.Context, bucket string) { _ = cache.Forget(ctx, bucket) } // which a MemoryStore never fails at
	if v.Stored != nil {
		require.NoError(t, store.PutCORS(t.Context(), "bucket", v.Stored))
	}
	ids := func(r *http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + r.Method}
	}
	sub := &corshttp.Server{Store: cache, IDs: ids, Options: opts,
		Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
			status, _ := backend.Refusal(r.Header.Get("Authorization"), r.URL.RawQuery)
			if !buckets.Open && status != 0 || r.Header.Get("x-amz-expected-bucket-owner") == stranded {
				return corsserver.AccessDenied()
			}
			return nil
		}}
	middleware := &corshttp.Server{Policies: cache.Policy, IDs: ids, Options: opts}
	return serve(t, middleware.CORS(sub.Subresource(buckets)), false).Listener.Addr().String()
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

// exchange sends a request as it stands, line by line, which no client of
// net/http does: it sorts fields and trims values.
func exchange(t *testing.T, address string, r vectors.StepRequest) (*http.Response, string) {
	t.Helper()
	var text bytes.Buffer
	target := map[string]string{"service": "/", "bucket": "/bucket", "object": "/bucket/some/key"}[r.Target]
	if r.Query != "" {
		target += "?" + r.Query
	}
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\n", r.Method, target)
	for _, h := range r.Headers {
		fmt.Fprintf(&text, "%s: %s\r\n", h[0], h[1])
	}
	if r.Body != nil {
		fmt.Fprintf(&text, "Content-Length: %d\r\n", len(r.Body))
	}
	text.WriteString("\r\n")
	text.Write(r.Body)

	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	_, err = conn.Write(text.Bytes())
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.Method})
	require.NoError(t, err)
	if res.Close { // which net/http takes for the field
		res.Header.Set("Connection", "close")
	}
	return res, bodyOf(t, res)
}

// requireAnswer compares an answer with all that a step expects of it.
func requireAnswer(t *testing.T, want vectors.StepExpect, res *http.Response, body string) {
	t.Helper()
	require.Equal(t, want.Status, res.StatusCode, body)
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

// TestOperationVectors replays all operations over the wire.
func TestOperationVectors(t *testing.T) {
	replayed := 0
	for _, v := range allVectors(t) {
		if v.Steps == nil {
			continue // TestDecisionVectors and TestDocumentVectors have the others
		}
		replayed++
		t.Run(v.ID, func(t *testing.T) {
			address := serveOperation(t, v)
			var said vectors.Memory
			for i, step := range v.Steps {
				t.Logf("steps[%d]: %s %s ?%s", i, step.Request.Method, step.Request.Target, step.Request.Query)
				res, body := exchange(t, address, signed(v, said.Fill(step.Request)))
				requireAnswer(t, step.Expect, res, body)
				said.Remember(res.Header.Get("ETag"), []byte(body))
			}
		})
	}
	require.GreaterOrEqual(t, replayed, 250)
}
