package conformance

import (
	"net/url"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A memory holds what the server said in an operation and later steps repeat.
type memory struct {
	etag, uploadID string
}

// note takes over what an answer says.
func (m *memory) note(res *Response) {
	if etags := lines(res.Headers, "ETag"); etags != nil {
		m.etag = etags[0]
	}
	if root, err := readTree(res.Body); err == nil {
		if id := root.child("UploadId"); id != "" {
			m.uploadID = id
		}
	}
}

// request is the request of a step, with what it repeats.
func (m *memory) request(bucket, key string, s *vectors.StepRequest) *Request {
	filled := strings.NewReplacer(vectors.ETag, m.etag, vectors.UploadID, m.uploadID).Replace
	req := &Request{Method: s.Method, Anonymous: s.Anonymous || s.Method == "OPTIONS"}
	req.Query = strings.NewReplacer(vectors.ETag, url.QueryEscape(m.etag), vectors.UploadID, url.QueryEscape(m.uploadID)).Replace(s.Query)
	for _, h := range s.Headers {
		req.Headers = append(req.Headers, vectors.Pair{h[0], filled(h[1])})
	}
	if s.Body != nil {
		req.Body = []byte(filled(string(s.Body)))
	}
	if s.Target != "service" {
		req.Bucket = bucket
	}
	if s.Target == "object" {
		req.Key = key
	}
	return req
}
