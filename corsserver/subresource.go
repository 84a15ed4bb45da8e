package corsserver

import (
	"context"
	"errors"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/quirk"
)

// A Subresource answers PUT, GET and DELETE of ?cors on buckets. It answers them on the
// paths of objects as well, for the buckets of these. It is plain data, and safe for
// concurrent use as long as nobody changes it. Adapters for HTTP libraries use it, so
// that all of them answer alike.
//
// If the Store fails, the answer is S3's 500 InternalError. So it is if the Store holds
// a document that S3 would refuse, unless Lenient is set.
type Subresource struct {
	// Store keeps the documents, and is required. A server that has a Cache sets the
	// Cache here, so that the Cache learns of every change.
	Store Store

	// Options are the options for reading documents.
	Options []s3cors.Option

	// Lenient makes GET print what can be understood of a document that S3 would
	// refuse. Without it, the answer for such a document is an error. PUT refuses such
	// a document in both cases.
	Lenient bool
}

// A Call is a request for ?cors, as an adapter hands it over.
type Call struct {
	Method  string
	Query   string // as it was sent, escapes and all
	Address Address
	Header  Header
	// Length is the declared length of the body in bytes. It is negative if the
	// request does not declare one.
	Length int64
	// Authorize returns nil if the request is allowed, and otherwise the error to
	// answer with. It is called if S3 would serve the request, and before anybody
	// looks for the bucket. It is required.
	Authorize func() *s3cors.Error
	// Body reads the body. It fails if the body has more bytes than limit. It is
	// called at most once, and only for a PUT that nothing else speaks against.
	Body func(limit int) ([]byte, *s3cors.Error)
}

// A Reply is the answer to a Call, for an adapter to send.
type Reply struct {
	// Status is the HTTP status.
	Status int
	// Refusal is S3's error, and makes the body of the answer. If it is nil, Body is
	// the body, and ContentType is the value of Content-Type, or "" if the answer
	// does not have that field.
	Refusal     *s3cors.Error
	Body        []byte
	ContentType string
	// Allow is the value of the Allow field, or "" if the answer does not have it.
	Allow string
	// WithoutCORS means that the answer has no CORS fields, whatever the rules say.
	WithoutCORS bool
	// BodyRead means that the body of the request was read to its end. If it is
	// false, the adapter must see to it that the answer does not wait for the body.
	BodyRead bool
	// Err is the fault for which the client gets an InternalError, or nil.
	Err error
}

// Serves reports whether a request with that method and raw query, which addresses a,
// is one that Serve answers. Amazon S3 has ?cors on the paths of objects, too, and
// answers every method. Ceph leaves the paths of objects to the object, and HEAD to the
// bucket.
func (s *Subresource) Serves(method, query string, a Address) bool {
	if !HasCORS(query) || a.Bucket == "" {
		return false
	}
	q := quirksOf(s.Options)
	return !(q.OfBucketsOnly && a.Key != "") && !(q.HeadOfBucket && method == "HEAD") // ceph-7/object-path, ceph-7/other-methods
}

// quirksOf returns the dialect that options select.
func quirksOf(opts []s3cors.Option) *quirk.Dialect { return quirk.Of(int(s3cors.DialectOf(opts...))) }

// Serve answers a call. It checks what S3 checks, in S3's order: the method and the
// query, the authorisation, the bucket, the body.
func (s *Subresource) Serve(ctx context.Context, c *Call) Reply {
	q := quirksOf(s.Options)
	r := s.serve(ctx, c, q)
	if r.Refusal != nil {
		r.Refusal = r.Refusal.InBucket(c.Address.Bucket, s.Options...)
	}
	if q.BareOperations && r.Status != 403 { // ceph-7/cors-fields
		r.WithoutCORS = true
	}
	return r
}

func (s *Subresource) serve(ctx context.Context, c *Call, q *quirk.Dialect) Reply {
	if err := CheckMethod(c.Method); err != nil { // 10/unknown-method-first
		r := refuse(err)
		r.WithoutCORS = true
		return r
	}
	if err := CheckSubresources(c.Query, c.Address.Target()); err != nil { // 10/two-subresources-first
		return refuse(err)
	}
	switch c.Method {
	case "DELETE", "GET", "PUT":
	default: // 10/method-first
		if q.HeadOfBucket { // ceph-7/other-methods
			return refuse(NotImplemented())
		}
		r := refuse(MethodNotAllowed(c.Method, "CORS"))
		r.Allow = "DELETE, GET, PUT" // RFC 9110 section 15.5.6
		return r
	}
	if err := c.Authorize(); err != nil {
		return refuse(err)
	}
	switch c.Method {
	case "DELETE":
		return s.delete(ctx, c)
	case "GET":
		return s.get(ctx, c)
	}
	return s.put(ctx, c)
}

// contentType is that of an answer that succeeds (2/get-headers, ceph-7/content-type).
func (s *Subresource) contentType() string {
	if quirksOf(s.Options).PutHasType {
		return "application/xml"
	}
	return ""
}

func refuse(err *s3cors.Error) Reply { return Reply{Status: err.Status, Refusal: err} }

// fail returns what to answer for an error of the store.
func fail(err error) Reply {
	switch {
	case errors.Is(err, ErrNoSuchBucket):
		return refuse(NoSuchBucket())
	case errors.Is(err, ErrConflict):
		return refuse(OperationAborted())
	}
	r := refuse(s3cors.InternalError())
	r.Err = err
	return r
}

func (s *Subresource) get(ctx context.Context, c *Call) Reply {
	document, err := s.Store.GetCORS(ctx, c.Address.Bucket)
	switch {
	case err != nil:
		return fail(err)
	case document == nil: // 2/none-configured
		return refuse(NoSuchCORSConfiguration(c.Address.Bucket))
	}
	printed, err := PrintStored(document, s.Lenient, s.Options...)
	if err != nil {
		return fail(err)
	}
	return Reply{Status: 200, Body: printed, ContentType: s.contentType()}
}

// PrintStored returns what GET ?cors returns for a stored document, which is not nil.
// The error says that the document cannot be read. If lenient is true, the document may
// be one that S3 would refuse. It is for servers that answer GET ?cors themselves.
func PrintStored(document []byte, lenient bool, opts ...s3cors.Option) ([]byte, error) {
	configuration, err := readStored(document, lenient, opts)
	if err != nil {
		return nil, err
	}
	if lenient {
		return configuration.AppendStoredXML(nil, opts...), nil
	}
	return configuration.AppendXML(nil, opts...)
}

// put stores the body as it came. S3's own print of it can be longer than what
// S3 accepts, by the namespace and escapes (10/size-of-a-configuration); the
// body can not, so what is stored can be read again.
func (s *Subresource) put(ctx context.Context, c *Call) Reply {
	if _, err := s.Store.GetCORS(ctx, c.Address.Bucket); err != nil { // for the bucket's sake
		return fail(err)
	}
	if field := framing(c.Header); field != "" {
		return refuse(HeaderNotImplemented(field))
	}
	limit := s3cors.MaxDocumentBytes(s.Options...)
	if c.Length > int64(limit) {
		return refuse(s3cors.DocumentTooLong(s.Options...))
	}
	document, refusal := c.Body(limit)
	if refusal != nil {
		return refuse(refusal)
	}
	r := s.keep(ctx, c, document)
	r.BodyRead = true
	return r
}

// keep stores a body that was read.
func (s *Subresource) keep(ctx context.Context, c *Call, document []byte) Reply {
	if quirksOf(s.Options).ChecksDigests { // ceph-7/digests
		if err := VerifyBody(c.Header, document); err != nil {
			return refuse(err)
		}
	}
	if _, err := s3cors.ParseXML(document, s.Options...); err != nil {
		return refuse(s3cors.AsError(err))
	}
	if err := s.Store.PutCORS(ctx, c.Address.Bucket, document); err != nil {
		return fail(err)
	}
	return Reply{Status: 200, ContentType: s.contentType()}
}

func (s *Subresource) delete(ctx context.Context, c *Call) Reply {
	if err := s.Store.DeleteCORS(ctx, c.Address.Bucket); err != nil {
		return fail(err)
	}
	return Reply{Status: 204}
}

// framing returns the name of a field that says that the body holds signed
// chunks around the document, "" if there is none. No client sends ?cors so, and
// to store the framing as a document would be worse than to refuse it.
func framing(h Header) string { // 10/signed-chunks
	switch {
	case strings.HasPrefix(strings.ToUpper(h.value("X-Amz-Content-Sha256")), "STREAMING-"):
		return "x-amz-content-sha256"
	case strings.Contains(strings.ToLower(h.value("Content-Encoding")), "aws-chunked"):
		return "Content-Encoding"
	case h("X-Amz-Decoded-Content-Length") != nil:
		return "x-amz-decoded-content-length"
	}
	return ""
}
