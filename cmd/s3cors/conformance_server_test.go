package main

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/sigv4"
)

// A fakeS3 is a server of this repository's packages, with buckets and objects.
type fakeS3 struct {
	*httptest.Server
	// store keeps the configurations; memory unless a function set another.
	store corsserver.Store
	cache *corsserver.Cache // in front of it
	// signer verifies the signatures of all requests but preflights; nil for a server
	// that does not look at them.
	signer *sigv4.Signer
	// virtual is true for addresses that are virtual-hosted.
	virtual bool
	// wrap, if it is not nil, makes the server another one.
	wrap func(http.Handler) http.Handler
	// always is true for a server that reads a configuration whenever it needs it, and
	// has no ?cors.
	always bool
	secure bool // it speaks TLS
	// front, if it is not nil, is told of each request, and can answer it.
	front func(w http.ResponseWriter, r *http.Request) (answered bool)

	mu      sync.Mutex
	buckets map[string]map[string][]byte
	asked   int
}

// fakeLacks is what it does not have.
const fakeLacks = "AbortMultipartUpload,CompleteMultipartUpload,CreateMultipartUpload,ListMultipartUploads,ListParts,UploadPart," +
	"GetBucketAcl,GetBucketLocation,GetBucketVersioning,GetObjectAcl,GetObjectTagging,ListBuckets,ListObjects,PostObject,PutBucketVersioning," +
	"conditional-writes,if-match,if-none-match"

// newFakeS3 starts a server whose fields a function can set, and stops it when the test
// ends.
func newFakeS3(t *testing.T, set func(*fakeS3)) *fakeS3 {
	t.Helper()
	s := &fakeS3{buckets: make(map[string]map[string][]byte)}
	s.store = &corsserver.MemoryStore{Exists: s.exists}
	if set != nil {
		set(s)
	}
	cors := &corshttp.Server{Store: s.store, TTL: -1, Address: s.address, Authorize: s.authorize, IDs: func(*http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host"}
	}}
	s.cache = cors.Cache()
	handler := cors.CORS(s.authenticate(cors.Subresource(http.HandlerFunc(s.serve))))
	if s.always {
		cors = &corshttp.Server{Policies: s.read, Address: s.address}
		handler = cors.CORS(s.authenticate(http.HandlerFunc(s.serve)))
	}
	if s.wrap != nil {
		handler = s.wrap(handler)
	}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked++
		s.mu.Unlock()
		if s.front == nil || !s.front(w, r) {
			handler.ServeHTTP(w, r)
		}
	}))
	if s.secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

// read compiles the configuration that a bucket has now.
func (s *fakeS3) read(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	if exists, err := s.exists(ctx, bucket); err != nil || !exists {
		return s3cors.NoSuchBucket(), err
	}
	document, err := s.store.GetCORS(ctx, bucket)
	if err != nil || document == nil {
		return s3cors.NoConfiguration(), err
	}
	c, err := s3cors.ParseXML(document)
	if err != nil {
		return nil, err
	}
	return s3cors.Compile(c)
}

func (s *fakeS3) address(r *http.Request) corsserver.Address {
	if s.virtual {
		return corshttp.VirtualHosted("127.0.0.1")(r)
	}
	return corshttp.PathStyle(r)
}

func (s *fakeS3) exists(_ context.Context, bucket string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buckets[bucket] != nil, nil
}

func (s *fakeS3) authorize(r *http.Request, _ corsserver.Address) *s3cors.Error {
	if r.Header.Get("x-amz-expected-bucket-owner") == "999999999999" {
		return corsserver.AccessDenied()
	}
	return nil
}

// authenticate verifies signatures, as S3 does.
func (s *fakeS3) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refusal := s.refuse(r); refusal != nil {
			corshttp.WriteError(w, refusal, s3cors.IDs{})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *fakeS3) refuse(r *http.Request) *s3cors.Error {
	if s.signer == nil {
		return nil
	}
	given := r.Header.Get("Authorization")
	switch {
	case r.URL.Query().Has("X-Amz-Algorithm"):
		return corsserver.BadRequest("AuthorizationQueryParametersError", "Query-string authentication is not what it should be.")
	case given == "":
		return corsserver.AccessDenied()
	case !strings.Contains(given, "Signature="):
		return corsserver.BadRequest("InvalidRequest", "The authorization header is not what it should be.")
	}
	if !strings.Contains(given, "Credential="+s.signer.AccessKeyID+"/") {
		return &s3cors.Error{Status: 403, Code: "InvalidAccessKeyId", Message: "The AWS Access Key Id you provided does not exist in our records."}
	}
	if given != s.signature(r, given) {
		return &s3cors.Error{Status: 403, Code: "SignatureDoesNotMatch", Message: "The request signature we calculated does not match the signature you provided. Check your key and signing method."}
	}
	return nil
}

// signature is the Authorization that a request must have, given the names of fields
// that it signs.
func (s *fakeS3) signature(r *http.Request, given string) string {
	_, names, _ := strings.Cut(given, "SignedHeaders=")
	names, _, _ = strings.Cut(names, ",")
	request := sigv4.Request{Method: r.Method, Host: r.Host, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery,
		PayloadHash: r.Header.Get("x-amz-content-sha256")}
	for name := range strings.SplitSeq(names, ";") {
		if name == "host" || name == "x-amz-date" || name == "x-amz-security-token" {
			continue // what Sign adds
		}
		for _, value := range r.Header.Values(name) {
			request.Fields = append(request.Fields, sigv4.Field{name, value})
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("x-amz-date"))
	if err != nil || time.Since(at).Abs() > time.Hour {
		return ""
	}
	fields := s.signer.Sign(request, at)
	return fields[len(fields)-1][1]
}

func (s *fakeS3) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	a := s.address(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch objects := s.buckets[a.Bucket]; {
	case a.Bucket == "":
	case r.URL.Query().Has("cors"):
		corshttp.WriteError(w, corsserver.NotImplemented(), s3cors.IDs{})
	case a.Key == "":
		s.serveBucket(w, r, a.Bucket)
	case objects == nil:
		corshttp.WriteError(w, &s3cors.Error{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}, s3cors.IDs{})
	default:
		serveObject(w, r, objects, a.Key, body)
	}
}

func serveObject(w http.ResponseWriter, r *http.Request, objects map[string][]byte, key string, body []byte) {
	object, ok := objects[key]
	switch {
	case r.Method == http.MethodPut:
		objects[key] = body
	case r.Method == http.MethodDelete:
		delete(objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !ok:
		corshttp.WriteError(w, &s3cors.Error{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}, s3cors.IDs{})
	default:
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(object))
	}
}

func (s *fakeS3) serveBucket(w http.ResponseWriter, r *http.Request, bucket string) {
	objects := s.buckets[bucket]
	switch {
	case r.Method == http.MethodPut && objects == nil:
		s.buckets[bucket] = make(map[string][]byte)
		_ = s.cache.Forget(r.Context(), bucket) // which a MemoryStore never fails at
	case r.Method == http.MethodPut:
	case objects == nil:
		corshttp.WriteError(w, &s3cors.Error{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}, s3cors.IDs{})
	case r.Method != http.MethodDelete:
	case len(objects) > 0:
		corshttp.WriteError(w, &s3cors.Error{Status: 409, Code: "BucketNotEmpty", Message: "The bucket you tried to delete is not empty"}, s3cors.IDs{})
	default:
		delete(s.buckets, bucket)
		_ = s.cache.Forget(r.Context(), bucket)
		w.WriteHeader(http.StatusNoContent)
	}
}

// content lists what the server keeps: buckets, and objects behind a slash.
func (s *fakeS3) content() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []string{}
	for bucket, objects := range s.buckets {
		all = append(all, bucket)
		for key := range objects {
			all = append(all, bucket+"/"+key)
		}
	}
	slices.Sort(all)
	return all
}

// requests is how many there were.
func (s *fakeS3) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// makeBucket makes a bucket with a configuration, none if that is "".
func (s *fakeS3) makeBucket(t *testing.T, name, config string) {
	t.Helper()
	s.mu.Lock()
	s.buckets[name] = make(map[string][]byte)
	s.mu.Unlock()
	if config != "" {
		require.NoError(t, s.cache.PutCORS(t.Context(), name, []byte(config)))
	}
}

// configuration is that of a bucket, "" if there is none.
func (s *fakeS3) configuration(t *testing.T, bucket string) string {
	t.Helper()
	document, err := s.cache.GetCORS(t.Context(), bucket)
	require.NoError(t, err)
	return string(document)
}

// A dirStore has the document of a bucket in a file of its name, as an administrator
// may change it.
type dirStore string

func (d dirStore) GetCORS(_ context.Context, bucket string) ([]byte, error) {
	document, err := os.ReadFile(filepath.Join(string(d), bucket))
	if os.IsNotExist(err) {
		return nil, nil
	}
	return document, err
}

func (d dirStore) PutCORS(context.Context, string, []byte) error { return fmt.Errorf("read only") }

func (d dirStore) DeleteCORS(context.Context, string) error { return fmt.Errorf("read only") }

// files are the names in the directory.
func (d dirStore) files(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(string(d))
	require.NoError(t, err)
	names := []string{}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// withoutVary makes a server forget Vary.
func withoutVary(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		recorder.Header().Del("Vary")
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

// isXML reports whether a text is one document of XML.
func isXML(text []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		if _, err := d.Token(); err != nil {
			return err == io.EOF
		}
	}
}
