package main

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
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
	"github.com/s3cors/s3cors/corstest/vectors"
)

// lacks are the needs of operations that the gateway does not have, with the reason.
var lacks = map[string]string{
	"accounts":         "there are none",
	"authentication":   "there is none",
	"if-match":         "gofakes3 looks at If-None-Match alone",
	"GetBucketAcl":     "gofakes3 has no access control lists",
	"GetObjectAcl":     "gofakes3 has no access control lists",
	"GetObjectTagging": "gofakes3 has no tags",
}

// TestOperationVectors replays the operations over the wire, each with a gateway of
// its own.
func TestOperationVectors(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	replayed, lacking := 0, make(map[string]bool)
	for _, v := range all {
		if v.Steps == nil {
			continue // corshttp's tests have the others
		}
		missing := func(need string) bool { return lacks[need] != "" }
		if i := slices.IndexFunc(v.Needs, missing); i >= 0 {
			lacking[v.Needs[i]] = true
			continue
		}
		replayed++
		t.Run(v.ID, func(t *testing.T) { replay(t, v) })
	}
	require.GreaterOrEqual(t, replayed, 220)
	for need := range lacks {
		require.True(t, lacking[need], "no operation is left out for %s", need)
	}
}

func replay(t *testing.T, v vectors.Vector) {
	t.Helper()
	var dialect s3cors.Dialect
	if v.Dialect != "" {
		require.NoError(t, dialect.UnmarshalText([]byte(v.Dialect)))
	}
	s := newTestServerWith(t, "", gateway{Idle: patience, Options: []s3cors.Option{s3cors.WithDialect(dialect)}})
	if v.Bucket == "" {
		s.require(t, 200, "PUT", "/demo", nil, "")
	}
	if v.StoredXML != nil {
		s.require(t, 200, "PUT", "/demo?cors", contentMD5(string(v.StoredXML)), string(v.StoredXML))
	}
	var said vectors.Memory
	for i, step := range v.Steps {
		t.Logf("steps[%d]: %s %s ?%s", i, step.Request.Method, step.Request.Target, step.Request.Query)
		res, body := exchange(t, s.Listener.Addr().String(), said.Fill(step.Request))
		requireAnswer(t, step.Expect, res, body)
		said.Remember(res.Header.Get("ETag"), []byte(body))
	}
}

// exchange sends a request as it stands.
func exchange(t *testing.T, address string, r vectors.StepRequest) (*http.Response, string) {
	t.Helper()
	var text bytes.Buffer
	target := map[string]string{"service": "/", "bucket": "/demo", "object": "/demo/some/key"}[r.Target]
	if r.Query != "" {
		target += "?" + r.Query
	}
	fmt.Fprintf(&text, "%s %s HTTP/1.1\r\nHost: localhost\r\n", r.Method, target)
	for _, h := range r.Headers {
		fmt.Fprintf(&text, "%s: %s\r\n", h[0], h[1])
	}
	if r.Body != nil || r.Method == http.MethodPost {
		fmt.Fprintf(&text, "Content-Length: %d\r\n", len(r.Body))
	}
	text.WriteString("\r\n")
	text.Write(r.Body)

	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = conn.Write(text.Bytes())
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: r.Method})
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	if res.Close { // which net/http takes for the field
		res.Header.Set("Connection", "close")
	}
	return res, string(body)
}

// requireAnswer compares an answer with all that a step expects of it.
func requireAnswer(t *testing.T, want vectors.StepExpect, res *http.Response, body string) {
	t.Helper()
	require.Equal(t, want.Status, res.StatusCode, body)
	wanted, got := http.Header{}, http.Header{}
	for _, h := range want.Headers {
		key := http.CanonicalHeaderKey(h[0])
		wanted[key], got[key] = []string{h[1]}, res.Header[key]
	}
	for key, lines := range res.Header {
		if strings.HasPrefix(key, "Access-Control-") || key == "Vary" {
			got[key] = lines // each has one line
		}
	}
	require.Empty(t, cmp.Diff(wanted, got))
	for _, name := range want.Absent {
		require.Empty(t, res.Header.Values(name), name)
	}
	filled := strings.NewReplacer(vectors.Bucket, "demo", vectors.RequestID, res.Header.Get("x-amz-request-id"),
		vectors.HostID, res.Header.Get("x-amz-id-2"))
	if want.Body != nil {
		require.Equal(t, filled.Replace(*want.Body), body)
	}
	if want.Code != "" {
		require.Contains(t, body, "<Code>"+want.Code+"</Code>")
	}
	if want.Error != nil {
		requireError(t, want.Error, filled, body)
	}
	if want.Config != nil {
		wanted, err := s3cors.ParseJSON(want.Config)
		require.NoError(t, err)
		got, err := s3cors.ParseXML([]byte(body))
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(wanted, got, cmpopts.EquateEmpty()))
	}
}

// requireError compares the elements of an error in their order, the ids apart.
func requireError(t *testing.T, want vectors.Elements, filled *strings.Replacer, body string) {
	t.Helper()
	var root struct {
		XMLName  xml.Name `xml:"Error"`
		Elements []struct {
			XMLName xml.Name
			Text    string `xml:",chardata"`
		} `xml:",any"`
	}
	require.NoError(t, xml.Unmarshal([]byte(body), &root), body)
	var got, wanted vectors.Elements
	for _, e := range root.Elements {
		name := e.XMLName.Local
		if name != "RequestId" && name != "HostId" {
			got = append(got, vectors.Pair{name, e.Text})
		}
	}
	for _, e := range want.InXML() {
		wanted = append(wanted, vectors.Pair{e[0], filled.Replace(e[1])})
	}
	require.Empty(t, cmp.Diff(wanted, got))
}
