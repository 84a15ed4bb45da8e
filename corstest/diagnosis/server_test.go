//go:build go1.26

package diagnosis

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A server is a small S3 in memory whose CORS is that of an evaluator. It is a
// conformance.Target itself, so that no HTTP is spoken. Its fields are the points at
// which the classes of servers and of documents deviate.
type server struct {
	*evaluator

	serve  func(c *call) *reply         // a whole request
	api    func(c *call) *reply         // ?cors
	object func(c *call) *reply         // all that is no preflight and not ?cors
	bucket func(c *call) bucket         // what the evaluation is told of the bucket
	dress  func(c *call, r *reply) bool // whether a reply gets the fields of a match

	mu      sync.Mutex
	buckets map[string]*box
	kept    map[string]box // what a deviation remembers of buckets
	subtree http.Handler
}

// A box is a bucket that exists.
type box struct {
	document []byte        // nil without a configuration
	rules    []s3cors.Rule // nil without a configuration
	objects  map[string]object
	uploads  map[string][]byte
}

type object struct {
	body    []byte
	headers []vectors.Pair
}

// A call is a request on its way.
type call struct {
	*conformance.Request
	query url.Values
}

// A reply is an answer on its way.
type reply struct {
	status  int
	headers []vectors.Pair
	body    []byte
}

// newServer returns a server without a deviation, but for those of its evaluator.
func newServer(deviations ...func(*server)) *server {
	s := &server{evaluator: amazon(), buckets: make(map[string]*box), kept: make(map[string]box)}
	s.subtree = (&corshttp.Server{
		Store:     s,
		Lenient:   true, // deviations store what S3 refuses
		Authorize: s.authorize,
		IDs:       func(*http.Request) s3cors.IDs { return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host"} },
	}).Subresource(http.NotFoundHandler())
	s.api = s.cors
	s.object = s.store
	s.bucket = s.known
	s.dress = func(*call, *reply) bool { return true }
	s.serve = s.answer
	for _, deviate := range deviations {
		deviate(s)
	}
	return s
}

// authorize refuses who takes the bucket for that of another.
func (s *server) authorize(r *http.Request, _ corsserver.Address) *s3cors.Error {
	if r.Header.Get("x-amz-expected-bucket-owner") == "999999999999" {
		return corsserver.AccessDenied()
	}
	return nil
}

// Do serves a request as conformance.Target has it.
func (s *server) Do(_ context.Context, r *conformance.Request) (*conformance.Response, error) {
	query, _ := url.ParseQuery(r.Query) // what it cannot read is not there
	reply := s.serve(&call{r, query})
	if r.Method == http.MethodHead {
		reply.body = nil
	}
	return &conformance.Response{Status: reply.status, Headers: reply.headers, Body: reply.body}, nil
}

// target is what a request addresses, as the vectors say it.
func (c *call) target() string {
	switch {
	case c.Bucket == "":
		return "service"
	case c.Key == "":
		return "bucket"
	}
	return "object"
}

// header returns the first line of a field.
func (c *call) header(name string) string {
	for _, h := range c.Headers {
		if strings.EqualFold(h[0], name) {
			return strings.Trim(h[1], " \t")
		}
	}
	return ""
}

// asks reports whether the query names a sub-resource.
func (c *call) asks(name string) bool { _, ok := c.query[name]; return ok }

// answer serves a request as S3 does.
func (s *server) answer(c *call) *reply {
	a := s.decide(c)
	if a.status != 0 {
		r := s.told(a)
		if len(c.Body) > 0 {
			r.headers = append(r.headers, vectors.Pair{"Connection", "close"}) // 10/unread-body
		}
		return r
	}
	if r := unauthenticated(c); r != nil {
		s.addFields(c, r, a)
		return r
	}
	if c.asks("cors") && c.Bucket != "" {
		r := s.api(c)
		if r.status != 400 || !bytes.Contains(r.body, []byte("<Code>BadRequest<")) { // 10/unknown-method
			s.addFields(c, r, a)
		}
		return r
	}
	r := s.object(c)
	s.addFields(c, r, a)
	return r
}

// unauthenticated refuses what is sent without credentials, and half a signature.
func unauthenticated(c *call) *reply {
	switch given := c.header("Authorization"); {
	case !c.Anonymous:
		return nil
	case c.asks("X-Amz-Algorithm"):
		return noSuch(400, "AuthorizationQueryParametersError", "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
	case strings.HasPrefix(given, "AWS4-HMAC-SHA256 ") && !strings.Contains(given, "Signature="):
		return noSuch(400, "InvalidRequest", "The authorization header is malformed.")
	case given == "":
		return noSuch(403, "AccessDenied", "Access Denied")
	}
	return nil
}

func (s *server) addFields(c *call, r *reply, a answer) {
	if s.dress(c, r) {
		r.headers = append(r.headers, a.headers...)
	}
}

// decide asks the evaluator.
func (s *server) decide(c *call) answer {
	return s.evaluate(vectors.Request{Method: c.Method, Target: c.target(), Headers: c.Headers}, c.Query, s.bucket(c))
}

// told makes a reply of an answer that ends a request.
func (s *server) told(a answer) *reply {
	if a.err == nil {
		return &reply{status: a.status, headers: append(slices.Clone(a.headers), vectors.Pair{"Content-Length", "0"})}
	}
	r := failed(a.status, a.err...)
	r.headers = append(r.headers, a.headers...)
	if a.err[1][1] == "Insufficient information. Origin request header needed." {
		r.headers = append(r.headers, vectors.Pair{"Connection", "close"}) // 5.3/connection-close
	}
	return r
}

// failed makes an error.
func failed(status int, elements ...vectors.Pair) *reply {
	var b bytes.Buffer
	b.WriteString(xml.Header + "<Error>")
	for _, e := range append(slices.Clip(elements), vectors.Pair{"RequestId", "4442587FB7D0A2F9"}, vectors.Pair{"HostId", "host"}) {
		text := escaped.Replace(sendable(e[1]))
		b.WriteString("<" + e[0] + ">" + text + "</" + e[0] + ">")
	}
	b.WriteString("</Error>")
	return &reply{status, []vectors.Pair{
		{"x-amz-request-id", "4442587FB7D0A2F9"}, {"x-amz-id-2", "host"}, {"Content-Type", "application/xml"},
	}, b.Bytes()}
}

var escaped = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// sendable replaces what XML cannot carry (10/escaping-in-errors).
func sendable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && !strings.ContainsRune("\t\n\r", r) || r == 0xFFFE || r == 0xFFFF {
			return '\uFFFD'
		}
		return r
	}, text)
}

func noSuch(status int, code, message string) *reply {
	return failed(status, vectors.Pair{"Code", code}, vectors.Pair{"Message", message})
}

// known is what the server knows of a bucket.
func (s *server) known(c *call) bucket {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[c.Bucket]
	if b == nil {
		return bucket{missing: true}
	}
	return bucket{rules: b.rules}
}

// GetCORS, PutCORS and DeleteCORS make the server the store of its own ?cors.
func (s *server) GetCORS(_ context.Context, name string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return nil, corsserver.ErrNoSuchBucket
	}
	return b.document, nil
}

func (s *server) PutCORS(_ context.Context, name string, document []byte) error {
	rules, err := parsed(document)
	if err != nil {
		return err
	}
	return s.keep(name, document, rules)
}

// parsed reads a document once for all servers, since every one of hundreds gets the
// same.
func parsed(document []byte) ([]s3cors.Rule, error) {
	if rules, ok := parsedDocuments.Load(string(document)); ok {
		return rules.([]s3cors.Rule), nil
	}
	c, err := s3cors.Parse(document)
	if err != nil {
		return nil, err
	}
	parsedDocuments.Store(string(document), c.CORSRules)
	return c.CORSRules, nil
}

var parsedDocuments sync.Map

func (s *server) DeleteCORS(_ context.Context, name string) error { return s.keep(name, nil, nil) }

func (s *server) keep(name string, document []byte, rules []s3cors.Rule) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[name]
	if b == nil {
		return corsserver.ErrNoSuchBucket
	}
	b.document, b.rules = document, rules
	return nil
}

// cors serves ?cors as package corshttp does. What that says of a request and of what
// is stored is asked once, since hundreds of servers are asked the same.
func (s *server) cors(c *call) *reply {
	before := s.box(c.Bucket)
	key := fmt.Sprintf("%s %s %q %t %t %t %d ", c.Method, c.Query, c.Headers, before.document == nil, before.objects == nil, c.Key == "", len(c.Body)) +
		string(c.Body) + string(before.document)
	if known, ok := answersOfCORS.Load(key); ok {
		answer := known.(answerOfCORS)
		_ = s.keep(c.Bucket, answer.document, answer.rules)
		return answer.reply.of(c.Bucket)
	}
	r := s.askCORS(c)
	after := s.box(c.Bucket)
	answersOfCORS.Store(key, answerOfCORS{*r.named(c.Bucket), after.document, after.rules})
	return r
}

// An answerOfCORS is what package corshttp says, and what it leaves in the store.
type answerOfCORS struct {
	reply    reply
	document []byte
	rules    []s3cors.Rule
}

var answersOfCORS sync.Map

// named and of take the name of the bucket out of a reply and put one in.
func (r *reply) named(bucket string) *reply {
	return &reply{r.status, slices.Clone(r.headers), bytes.ReplaceAll(r.body, []byte(bucket), []byte(vectors.Bucket))}
}

func (r *reply) of(bucket string) *reply {
	return &reply{r.status, slices.Clone(r.headers), bytes.ReplaceAll(r.body, []byte(vectors.Bucket), []byte(bucket))}
}

// askCORS asks package corshttp.
func (s *server) askCORS(c *call) *reply {
	path := "/" + c.Bucket
	if c.Key != "" {
		path += "/" + c.Key
	}
	r := &http.Request{Method: c.Method, URL: &url.URL{Path: path, RawQuery: c.Query}, Header: http.Header{},
		Body: io.NopCloser(bytes.NewReader(c.Body)), ContentLength: int64(len(c.Body)), Host: "localhost", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
	for _, h := range c.Headers {
		r.Header.Add(h[0], strings.Trim(h[1], " \t"))
	}
	w := httptest.NewRecorder()
	s.subtree.ServeHTTP(w, r)
	res := &reply{status: w.Code, body: w.Body.Bytes()}
	for _, name := range slices.Sorted(maps.Keys(w.Header())) {
		for _, value := range w.Header()[name] {
			res.headers = append(res.headers, vectors.Pair{name, value})
		}
	}
	return res
}

// store serves what has to do with buckets and objects.
func (s *server) store(c *call) *reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.buckets[c.Bucket]
	switch {
	case c.Bucket == "":
		return page(200, "ListAllMyBucketsResult", "")
	case b == nil && c.Key == "" && c.Method == http.MethodPut && c.Query == "":
		s.buckets[c.Bucket] = &box{objects: make(map[string]object), uploads: make(map[string][]byte)}
		return empty(200)
	case b == nil:
		return noSuch(404, "NoSuchBucket", "The specified bucket does not exist")
	case s.authorize(&http.Request{Header: http.Header{"X-Amz-Expected-Bucket-Owner": {c.header("x-amz-expected-bucket-owner")}}}, corsserver.Address{}) != nil:
		return noSuch(403, "AccessDenied", "Access Denied")
	case c.Key == "":
		return s.onBucket(c, b)
	case c.asks("uploads"), c.asks("uploadId"):
		return onUpload(c, b)
	case c.asks("acl"), c.asks("tagging"):
		return subresource(c)
	}
	return onObject(c, b)
}

func (s *server) onBucket(c *call, b *box) *reply {
	switch c.Method {
	case http.MethodPut:
		return empty(200)
	case http.MethodDelete:
		if c.Query == "" {
			delete(s.buckets, c.Bucket)
		}
		return empty(204)
	case http.MethodPost:
		return form(c, b)
	case http.MethodGet, http.MethodHead:
		return page(200, "ListBucketResult", "")
	}
	return noSuch(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
}

// form serves the upload of a form.
func form(c *call, b *box) *reply {
	if !strings.HasPrefix(c.header("Content-Type"), "multipart/form-data") {
		return noSuch(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	b.objects["form"] = object{body: c.Body}
	return empty(204)
}

func subresource(c *call) *reply {
	if c.Method == http.MethodDelete {
		return empty(204)
	}
	if c.Method == http.MethodPut {
		return empty(200)
	}
	return page(200, "Subresource", "")
}

func onUpload(c *call, b *box) *reply {
	id := c.query.Get("uploadId")
	switch {
	case c.Method == http.MethodPost && id == "":
		b.uploads[c.Key] = nil
		return page(200, "InitiateMultipartUploadResult", "<Bucket>"+c.Bucket+"</Bucket><Key>"+c.Key+"</Key><UploadId>1</UploadId>")
	case !begun(b, c.Key):
		return noSuch(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
	case c.Method == http.MethodPut:
		b.uploads[c.Key] = c.Body
		return empty(200, vectors.Pair{"ETag", etag(c.Body)})
	case c.Method == http.MethodPost:
		b.objects[c.Key] = object{body: b.uploads[c.Key]}
		delete(b.uploads, c.Key)
		return page(200, "CompleteMultipartUploadResult", "")
	case c.Method == http.MethodDelete:
		delete(b.uploads, c.Key)
		return empty(204)
	}
	return page(200, "ListPartsResult", "")
}

func begun(b *box, key string) bool { _, ok := b.uploads[key]; return ok }

func onObject(c *call, b *box) *reply {
	o, ok := b.objects[c.Key]
	switch {
	case c.Method == http.MethodPut:
		return put(c, b)
	case c.Method == http.MethodDelete:
		delete(b.objects, c.Key)
		return empty(204)
	case c.Method != http.MethodGet && c.Method != http.MethodHead:
		return noSuch(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
	case !ok:
		return failed(404, vectors.Pair{"Code", "NoSuchKey"}, vectors.Pair{"Message", "The specified key does not exist."}, vectors.Pair{"Key", c.Key})
	}
	return get(c, o)
}

func put(c *call, b *box) *reply {
	if _, ok := b.objects[c.Key]; ok && c.header("If-None-Match") == "*" {
		return noSuch(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	}
	sum := md5.Sum(c.Body)
	if claimed := c.header("Content-MD5"); claimed != "" && claimed != base64.StdEncoding.EncodeToString(sum[:]) {
		return noSuch(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
	}
	o := object{body: c.Body}
	for _, h := range c.Headers {
		name := strings.ToLower(h[0])
		if name == "content-type" || strings.HasPrefix(name, "x-amz-meta-") {
			o.headers = append(o.headers, h)
		}
	}
	b.objects[c.Key] = o
	return empty(200, vectors.Pair{"ETag", etag(c.Body)})
}

// get serves conditions and ranges by net/http.
func get(c *call, o object) *reply {
	w := httptest.NewRecorder()
	r := &http.Request{Method: c.Method, URL: &url.URL{Path: "/"}, Header: http.Header{}}
	for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
		if value := c.header(name); value != "" {
			r.Header.Set(name, value)
		}
	}
	w.Header().Set("ETag", etag(o.body))
	w.Header().Set("Content-Type", "binary/octet-stream")
	for _, h := range o.headers {
		w.Header().Set(h[0], h[1])
	}
	http.ServeContent(w, r, "", time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), bytes.NewReader(o.body))
	res := &reply{status: w.Code, body: w.Body.Bytes()}
	switch w.Code {
	case 412:
		res = noSuch(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
	case 416:
		res = noSuch(416, "InvalidRange", "The requested range is not satisfiable")
	}
	for name, values := range w.Header() {
		if res.status < 400 {
			res.headers = append(res.headers, vectors.Pair{name, values[0]})
		}
	}
	return res
}

func etag(body []byte) string {
	sum := md5.Sum(body)
	return strconv.Quote(hex.EncodeToString(sum[:]))
}

func empty(status int, headers ...vectors.Pair) *reply {
	return &reply{status: status, headers: headers}
}

func page(status int, root, inner string) *reply {
	return &reply{status, []vectors.Pair{{"Content-Type", "application/xml"}},
		fmt.Appendf(nil, "%s<%s>%s</%s>", xml.Header, root, inner, root)}
}
