// Package backend is a small server of buckets and objects that knows nothing of
// CORS, for tests to put CORS in front of.
package backend

import (
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Server has the buckets, in path style, and their objects, all in memory. The
// zero value has no bucket.
type Server struct {
	// Open lets everybody do everything. Otherwise Refusal says who may not.
	Open bool
	// Deleted is told of every bucket that is deleted; it may be nil.
	Deleted func(ctx context.Context, bucket string)

	mu      sync.Mutex
	buckets map[string]bool
	objects map[string][]byte // by path
	uploads map[string][]byte // by path and id: what was sent last
}

// Create makes a bucket.
func (s *Server) Create(bucket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.create(bucket)
}

func (s *Server) create(bucket string) {
	if s.buckets == nil {
		s.buckets, s.objects, s.uploads = make(map[string]bool), make(map[string][]byte), make(map[string][]byte)
	}
	s.buckets[bucket] = true
}

// Exists reports whether there is such a bucket.
func (s *Server) Exists(_ context.Context, bucket string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buckets[bucket], nil
}

// Refusal returns the status and the code of the answer to a request with that
// Authorization and that query, if it is not signed as it should be: any
// Authorization will do that is not the half one of the vectors. The status is 0 if
// there is nothing wrong.
func Refusal(authorization, query string) (status int, code string) {
	switch {
	case strings.HasPrefix(authorization, "AWS4-HMAC-SHA256 Credential=invalid"):
		return http.StatusBadRequest, "InvalidRequest"
	case authorization != "":
		return 0, ""
	case strings.HasPrefix(query, "X-Amz-Algorithm="):
		return http.StatusBadRequest, "AuthorizationQueryParametersError"
	}
	return http.StatusForbidden, "AccessDenied"
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	if status, code := Refusal(r.Header.Get("Authorization"), r.URL.RawQuery); !s.Open && status != 0 {
		fail(w, status, code)
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case bucket == "":
		write(w, "ListAllMyBucketsResult", "")
	case !s.buckets[bucket] && (r.Method != http.MethodPut || key != ""):
		fail(w, http.StatusNotFound, "NoSuchBucket")
	case key == "":
		s.serveBucket(w, r, bucket)
	case r.URL.Query().Has("uploads") || r.URL.Query().Has("uploadId"):
		s.serveUpload(w, r, body)
	default:
		s.serveObject(w, r, body)
	}
}

// serveBucket has a bucket of which each sub-resource is empty.
func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request, bucket string) {
	switch {
	case r.Method == http.MethodPut && r.URL.RawQuery == "":
		s.create(bucket)
	case r.Method == http.MethodDelete && r.URL.RawQuery == "":
		delete(s.buckets, bucket)
		if s.Deleted != nil {
			s.Deleted(r.Context(), bucket)
		}
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodGet:
		write(w, "Result", "")
	}
}

// serveUpload has uploads of one part.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request, body []byte) {
	id := r.URL.Query().Get("uploadId")
	upload := r.URL.Path + "?" + id
	part, ok := s.uploads[upload]
	switch {
	case id == "":
		id = fmt.Sprintf("upload/%d+", len(s.uploads)) // which a query has to escape
		s.uploads[r.URL.Path+"?"+id] = []byte{}
		write(w, "InitiateMultipartUploadResult", "<UploadId>"+id+"</UploadId>")
	case !ok:
		fail(w, http.StatusNotFound, "NoSuchUpload")
	case r.Method == http.MethodPut:
		s.uploads[upload] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodGet:
		write(w, "ListPartsResult", "")
	case r.Method == http.MethodPost && !strings.Contains(string(body), etag(part)):
		fail(w, http.StatusBadRequest, "InvalidPart")
	case r.Method == http.MethodPost:
		s.objects[r.URL.Path] = part
		delete(s.uploads, upload)
		write(w, "CompleteMultipartUploadResult", "")
	default:
		delete(s.uploads, upload)
		w.WriteHeader(http.StatusNoContent)
	}
}

// serveObject leaves ranges and conditions to net/http. It has a Vary of its own
// where it might compress.
func (s *Server) serveObject(w http.ResponseWriter, r *http.Request, body []byte) {
	object, ok := s.objects[r.URL.Path]
	if r.Header.Get("Accept-Encoding") != "" {
		w.Header().Add("Vary", "Accept-Encoding")
	}
	switch {
	case r.Method == http.MethodPut && ok && r.Header.Get("If-None-Match") == "*":
		fail(w, http.StatusPreconditionFailed, "PreconditionFailed")
	case r.Method == http.MethodPut:
		s.objects[r.URL.Path] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodDelete:
		delete(s.objects, r.URL.Path)
		w.WriteHeader(http.StatusNoContent)
	case !ok:
		fail(w, http.StatusNotFound, "NoSuchKey")
	case r.Method == http.MethodGet && (r.URL.Query().Has("acl") || r.URL.Query().Has("tagging")):
		write(w, "Result", "")
	default:
		w.Header().Set("ETag", etag(object))
		http.ServeContent(w, r, "", time.Time{}, strings.NewReader(string(object)))
	}
}

func etag(content []byte) string { return fmt.Sprintf("%q", fmt.Sprintf("%x", md5.Sum(content))) }

func write(w http.ResponseWriter, root, content string) {
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprintf(w, "<%s>%s</%[1]s>", root, content) // or the client has gone
}

func fail(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}
