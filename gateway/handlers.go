package main

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors/corsserver"
)

// handlers are the operations that gofakes3 does not have, or has otherwise than
// S3. Its own are done with the same objects and uploads.
type handlers struct {
	objects
	*uploads
}

// A call is a request to one of them.
type call struct {
	writer  http.ResponseWriter
	request *http.Request // as gofakes3 would see it
	header  http.Header   // as it was sent
	address corsserver.Address
	// base is the URL of the bucket, which ends with a slash.
	base string
}

// of returns the handler of a request, nil if it is for gofakes3.
func (h handlers) of(r *http.Request, a corsserver.Address) func(call) error {
	query, copies := r.URL.Query(), r.Header.Get(copySourceField) != ""
	switch {
	case a.Bucket == "":
		return nil
	case a.Key == "" && r.Method == http.MethodPost && !query.Has("delete"):
		return h.postForm
	case a.Key == "" && r.Method == http.MethodGet && query.Has("versions"):
		return h.listVersions
	case a.Key != "" && r.Method == http.MethodPost && query.Has("uploadId"):
		return h.completeUpload
	case a.Key != "" && r.Method == http.MethodPut && copies && query.Has("uploadId"):
		return h.copyPart
	case a.Key != "" && r.Method == http.MethodPut && copies:
		return h.copyObject
	}
	return nil
}

// baseURL returns the URL of the bucket that a request addresses, in the style of
// the request.
func baseURL(r *http.Request, a corsserver.Address) string {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	if strings.TrimPrefix(r.URL.Path, "/") == a.Key { // the host names the bucket
		return scheme + r.Host + "/"
	}
	return scheme + r.Host + "/" + a.Bucket + "/"
}

// location returns the URL of an object in the bucket, as S3 writes it: a slash in
// the key is escaped, too.
func (c call) location(key string) string { return c.base + url.PathEscape(key) }

func (c call) writeXML(v any) { c.writeXMLStatus(http.StatusOK, v) }

func (c call) writeXMLStatus(status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil {
		panic(err) // all that we write can be written
	}
	c.writer.Header().Set("Content-Type", "application/xml")
	c.writer.WriteHeader(status)
	_, _ = io.WriteString(c.writer, xml.Header+string(body)) // or the client has gone
}

// requireBucket returns an error if there is no such bucket.
func (h handlers) requireBucket(bucket string) error {
	exists, err := h.BucketExists(bucket)
	if err == nil && !exists {
		return corsserver.NoSuchBucket()
	}
	return err
}

// completeUpload is POST of the list of parts.
func (h handlers) completeUpload(c call) error {
	if err := h.requireBucket(c.address.Bucket); err != nil {
		return err
	}
	body, err := io.ReadAll(c.request.Body)
	if err != nil {
		var tooLong *http.MaxBytesError
		if errors.As(err, &tooLong) {
			return gofakes3.ErrMalformedXML
		}
		return err
	}
	var parts gofakes3.CompleteMultipartUploadRequest
	if xml.Unmarshal(body, &parts) != nil {
		return gofakes3.ErrMalformedXML
	}
	id := gofakes3.UploadID(c.request.URL.Query().Get("uploadId"))
	_, etag, err := h.CompleteMultipartUpload(c.address.Bucket, c.address.Key, id, &parts)
	if err != nil {
		return err
	}
	c.writeXML(struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUploadResult"`
		gofakes3.CompleteMultipartUploadResult
	}{CompleteMultipartUploadResult: gofakes3.CompleteMultipartUploadResult{
		Location: c.location(c.address.Key), Bucket: c.address.Bucket, Key: c.address.Key, ETag: etag,
	}})
	return nil
}
