package corshttp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// stranded is the account that owns no bucket of an operation.
const stranded = "999999999999"

// A backend is the server behind the middleware: a bucket and its objects.
type backend struct {
	cache *corsserver.Cache
	store *corsserver.MemoryStore

	mu      sync.Mutex
	missing bool
	objects map[corsserver.Address][]byte
}

func (b *backend) exists(context.Context, string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.missing, nil
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	a := corshttp.PathStyle(r)
	object, ok := b.objects[a]
	switch {
	case b.missing, a.Key != "" && r.Method != http.MethodPut && !ok:
		w.WriteHeader(http.StatusNotFound)
	case a.Key == "" && r.Method == http.MethodDelete:
		b.missing = true
		_ = b.cache.Forget(r.Context(), a.Bucket) // which a MemoryStore never fails at
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut:
		b.objects[a] = body
	default:
		_, _ = w.Write(object)
	}
}

// serveOperation starts a server in the state in which an operation begins.
func serveOperation(t *testing.T, v vectors.Vector) string {
	t.Helper()
	b := &backend{missing: v.Bucket == missing, objects: make(map[corsserver.Address][]byte)}
	b.store = &corsserver.MemoryStore{Exists: b.exists}
	opts := dialectOf(t, v)
	b.cache = &corsserver.Cache{Store: b.store, Options: opts}
	if v.Stored != nil {
		require.NoError(t, b.store.PutCORS(t.Context(), "bucket", v.Stored))
	}
	ids := func(r *http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + r.Method}
	}
	sub := &corshttp.Server{Store: b.cache, IDs: ids, Options: opts,
		Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
			if r.Header.Get("x-amz-expected-bucket-owner") == stranded {
				return corsserver.AccessDenied()
			}
			return nil
		}}
	middleware := &corshttp.Server{Policies: b.cache.Policy, IDs: ids, Options: opts}
	return serve(t, middleware.CORS(sub.Subresource(b)), false).Listener.Addr().String()
}

// exchange sends a request as it stands, line by line, which no client of
// net/http does: it sorts fields and trims values.
func exchange(t *testing.T, address string, r vectors.StepRequest) (*http.Response, string) {
	t.Helper()
	var text bytes.Buffer
	target := map[string]string{"bucket": "/bucket", "object": "/bucket/some/key"}[r.Target]
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
			for i, step := range v.Steps {
				t.Logf("steps[%d]: %s %s ?%s", i, step.Request.Method, step.Request.Target, step.Request.Query)
				res, body := exchange(t, address, step.Request)
				requireAnswer(t, step.Expect, res, body)
			}
		})
	}
	require.GreaterOrEqual(t, replayed, 60)
}
