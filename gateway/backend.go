package main

import (
	"errors"
	"io"
	"log"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A backend stands in front of gofakes3 and sees to it that gofakes3 is only
// asked what it can answer, in a form that it understands.
type backend struct {
	address  func(*http.Request) corsserver.Address
	ids      func(*http.Request) s3cors.IDs
	idle     time.Duration // between two pieces of a body
	handlers handlers      // of what gofakes3 is not asked at all
	next     http.Handler  // gofakes3
	options  []s3cors.Option
	log      *log.Logger
}

// newBackend returns the backend over a storage. address, ids, idle and options are
// still to be set.
func newBackend(storage *storage, cache *corsserver.Cache, log *log.Logger) backend {
	all := handlers{uploads: new(uploads)}
	all.objects = objects{&bucketLifecycle{storage: storage, cache: cache, ended: all.uploads.forget}}
	all.uploads.objects = all.objects
	s3 := gofakes3.New(all, gofakes3.WithoutVersioning(), gofakes3.WithLogger(backendLog{log}))
	return backend{handlers: all, next: s3.Server(), log: log}
}

func (b backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// What a database in a file that was cut short reads is a fault of memory.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	a := b.address(r)
	r = withoutCORS(r, a, b.options)
	body := &patientBody{source: r.Body, control: http.NewResponseController(w), idle: b.idle}
	answer := newAnswer(w, r, b.ids(r), body)
	answer.bucket, answer.options = a.Bucket, b.options
	defer b.contain(answer)
	translated, refusal := b.prepare(answer, body, r, a)
	if refusal != nil {
		answer.refuse(refusal)
		return
	}
	if etag := translated.Header.Get("If-None-Match"); etag != "" && a.Key != "" && r.Method != http.MethodPut {
		translated.Header.Set("If-None-Match", b.handlers.storedETag(a.Bucket, a.Key, etag))
	}
	own := b.handlers.of(r, a)
	if own == nil {
		b.next.ServeHTTP(answer, translated)
		answer.finish()
		return
	}
	if err := own(call{answer, translated, r.Header, a, baseURL(r, a)}); err != nil {
		answer.refuse(b.toldOf(r, err))
		return
	}
	answer.finish()
}

// withoutCORS returns a request without ?cors where that means nothing to the kind of
// server that the options select: what comes here with it is for the object, or for the
// bucket itself (ceph-7/object-path, ceph-7/other-methods).
func withoutCORS(r *http.Request, a corsserver.Address, options []s3cors.Option) *http.Request {
	if s3cors.DialectOf(options...) == s3cors.Amazon || a.Bucket == "" || !corsserver.HasCORS(r.URL.RawQuery) {
		return r
	}
	keys := slices.DeleteFunc(strings.Split(r.URL.RawQuery, "&"), corsserver.HasCORS)
	r = r.Clone(r.Context())
	r.URL.RawQuery = strings.Join(keys, "&")
	return r
}

// contain turns a panic into an answer, if there is none yet.
func (b backend) contain(a *answer) {
	p := recover()
	if p == nil {
		return
	}
	if p != http.ErrAbortHandler {
		b.log.Printf("%s: panic: %v", named(a.request), p)
	}
	if p == http.ErrAbortHandler || a.started {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	a.refuse(internalError())
}

// toldOf returns what the client is told of an error of ours.
func (b backend) toldOf(r *http.Request, err error) *s3cors.Error {
	var refusal *s3cors.Error
	var known gofakes3.Error
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &known) && known.ErrorCode() != gofakes3.ErrInternal:
		code := known.ErrorCode()
		var response *gofakes3.ErrorResponse
		if errors.As(err, &response) {
			return backendError(code.Status(), string(code), response.Message)
		}
		return backendError(code.Status(), string(code), "")
	}
	b.log.Printf("%s: %v", named(r), err)
	return internalError()
}

// prepare returns the request as gofakes3 should see it, or what to answer in
// its place.
func (b backend) prepare(w http.ResponseWriter, body io.ReadCloser, r *http.Request, a corsserver.Address) (*http.Request, *s3cors.Error) {
	if err := check(r, a); err != nil {
		return nil, err
	}
	return translate(w, body, r, a)
}

// check returns what S3 would answer to a request that gofakes3 would get wrong,
// or "not implemented" where S3 would do what gofakes3 cannot.
func check(r *http.Request, a corsserver.Address) *s3cors.Error {
	if err := corsserver.CheckSubresources(r.URL.RawQuery, a.Target()); err != nil { // 10/two-subresources-first
		return err
	}
	if a.Bucket == "" && r.URL.Path != "/" && r.URL.Path != "" { // "*", "//key"
		return invalidURI()
	}
	if a.Bucket != "" && gofakes3.ValidateBucketName(a.Bucket) != nil {
		return invalidBucketName(a.Bucket)
	}
	return checkQuery(r, a.Target())
}

// An operation is a method on a kind of resource.
type operation struct {
	method string
	target s3cors.Target
}

// plain are the operations without a sub-resource that gofakes3 knows.
var plain = []operation{
	{"GET", s3cors.TargetService},
	{"GET", s3cors.TargetBucket}, {"HEAD", s3cors.TargetBucket}, {"PUT", s3cors.TargetBucket}, {"DELETE", s3cors.TargetBucket},
	{"POST", s3cors.TargetBucket}, // a form in a browser
	{"GET", s3cors.TargetObject}, {"HEAD", s3cors.TargetObject}, {"PUT", s3cors.TargetObject}, {"DELETE", s3cors.TargetObject},
}

// subresources are those of S3 that gofakes3 knows, with what can be done to them.
// It takes the rest for the bucket or the object: "GET ?acl" would list, "PUT
// ?tagging" replace the object by its tags.
var subresources = map[string][]operation{
	"delete":     {{"POST", s3cors.TargetBucket}},
	"location":   {{"GET", s3cors.TargetBucket}},
	"uploads":    {{"GET", s3cors.TargetBucket}, {"POST", s3cors.TargetObject}},
	"versioning": {{"GET", s3cors.TargetBucket}, {"PUT", s3cors.TargetBucket}},
	"versions":   {{"GET", s3cors.TargetBucket}},
}

// ofUpload is what can be done to an upload, which uploadId names.
var ofUpload = []operation{
	{"GET", s3cors.TargetObject}, {"PUT", s3cors.TargetObject}, {"POST", s3cors.TargetObject}, {"DELETE", s3cors.TargetObject},
}

// otherKeys are keys of a query by which S3, or a server like it, does something
// else to an object, and which are no sub-resources.
var otherKeys = []string{"annotation", "append", "writeOffsetBytes"}

// checkQuery refuses the sub-resources that gofakes3 does not know, and methods
// that there are not.
func checkQuery(r *http.Request, target s3cors.Target) *s3cors.Error {
	operations, query := plain, r.URL.Query()
	for _, name := range corsserver.Subresources(r.URL.RawQuery) {
		known, ok := subresources[name]
		switch {
		case !ok:
			return notImplemented()
		case !query.Has(name): // its value is malformed, and gofakes3 would not see it
			return invalidURI()
		}
		operations = known
	}
	if slices.ContainsFunc(otherKeys, query.Has) {
		return notImplemented()
	}
	if version := query.Get("versionId"); version != "" && version != "null" {
		return notImplemented()
	}
	if query.Has("uploadId") {
		operations = ofUpload
		if query.Get("uploadId") == "" {
			return noSuchUpload() // or the part would become the object
		}
	}
	if query.Has("partNumber") && !query.Has("uploadId") {
		return notImplemented() // a part of an object, or of no upload
	}
	if !slices.Contains(operations, operation{r.Method, target}) {
		return corsserver.MethodNotAllowed(r.Method, corsserver.ResourceType(target))
	}
	return nil
}

// translate returns the request as gofakes3 should see it.
func translate(w http.ResponseWriter, body io.ReadCloser, r *http.Request, a corsserver.Address) (*http.Request, *s3cors.Error) {
	r = r.Clone(r.Context())
	// The one reading of the path (gofakes3 would divide /a%2Fb), in path style.
	r.URL.Path = "/"
	if a.Bucket != "" {
		r.URL.Path += a.Bucket
	}
	if a.Key != "" {
		r.URL.Path += "/" + a.Key
	}
	r.URL.RawPath = ""
	r.Body = body
	if err := decodeBody(r); err != nil {
		return nil, err
	}
	if !storesBody(r, a) {
		r.Body = http.MaxBytesReader(w, r.Body, maxDocumentBytes)
	} else if r.ContentLength > maxObjectBytes {
		return nil, entityTooLarge()
	}
	r.Header = metadata(r.Header)
	return r, nil
}

const (
	// maxDocumentBytes bounds bodies that are not stored: the largest of S3 lists
	// 1,000 keys to delete.
	maxDocumentBytes = 2 << 20
	// maxObjectBytes is S3's limit for one upload.
	maxObjectBytes = 5 << 30
)

// storesBody reports whether the body becomes an object, or part of one.
func storesBody(r *http.Request, a corsserver.Address) bool {
	if a.Key != "" {
		return r.Method == http.MethodPut
	}
	return r.Method == http.MethodPost && !r.URL.Query().Has("delete")
}

// metadata returns a header without the fields that gofakes3 would keep as
// metadata of the object although they are about the request, and without one
// that S3 does not know, by which buckets are deleted with all that is in them.
// Fields that S3 keeps and gofakes3 does not get a name that gofakes3 keeps.
func metadata(h http.Header) http.Header {
	h.Del("X-Minio-Force-Delete")
	for name := range h {
		if strings.HasPrefix(name, "X-Amz-") && !strings.HasPrefix(name, "X-Amz-Meta-") {
			delete(h, name)
		}
	}
	for _, name := range []string{"Cache-Control", "Content-Language", "Expires"} {
		if value := h.Get(name); value != "" {
			h.Set(keptPrefix+name, value)
		}
	}
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", defaultType)
	}
	return h
}

const (
	// keptPrefix begins the names of fields that are kept as metadata under the
	// rest of the name.
	keptPrefix = "X-Amz-Kept-"
	// defaultType is S3's for objects.
	defaultType = "binary/octet-stream"
)

// metadataOf returns the fields of a header that belong to an object that is
// stored without gofakes3.
func metadataOf(h http.Header) (map[string]string, error) {
	meta := map[string]string{"Content-Type": defaultType}
	size := 0
	for name, values := range h {
		switch name {
		case "Content-Type", "Content-Disposition", "Content-Encoding", "Cache-Control", "Content-Language", "Expires":
			if values[0] != "" {
				meta[name] = values[0]
			}
			continue
		}
		if strings.HasPrefix(name, "X-Amz-Meta-") {
			meta[name] = values[0]
			size += len(name) + len(values[0])
		}
	}
	if size > gofakes3.DefaultMetadataSizeLimit {
		return nil, gofakes3.ErrMetadataTooLarge
	}
	return meta, nil
}
