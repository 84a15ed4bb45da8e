package corsserver

import (
	"context"
	"errors"
	"strings"

	"github.com/s3cors/s3cors"
)

// A Subresource answers PUT, GET and DELETE of ?cors on buckets, and on paths of
// objects for their bucket. It is plain data, and safe for concurrent use while
// nobody changes it. Adapters for HTTP libraries use it, so that all of them answer
// alike.
//
// Where the Store fails, the answer is S3's 500 InternalError; so it is where the
// Store holds a document that S3 would refuse, unless Lenient is set.
type Subresource struct {
	// Store keeps the documents. It is required. If there is a Cache, this is the
	// Cache, which then knows of every change.
	Store Store

	// Options are those to read documents with.
	Options []s3cors.Option

	// Lenient makes GET return a document that S3 would refuse as far as it can be
	// understood, where it is an error otherwise. PUT is as strict in any case.
	Lenient bool
}

// A Call is a request for ?cors.
type Call struct {
	Method  string
	Query   string // as it was sent, escapes and all
	Address Address
	Header  Header
	// Length is the declared length of the body in bytes, negative if it is not
	// declared.
	Length int64
	// Authorize tells whether the request is allowed: nil, or what to answer
	// instead. It is asked once the request is known to be one that S3 serves, and
	// before the bucket is looked up.
	Authorize func() *s3cors.Error
	// Body reads the body, and fails if it has more bytes than limit. It is called
	// once at most, for a PUT that nothing else speaks against.
	Body func(limit int) ([]byte, *s3cors.Error)
}

// A Reply is the answer to a Call.
type Reply struct {
	// Status is the HTTP status.
	Status int
	// Refusal is S3's error, nil if there is none. Otherwise Body is the body,
	// which has no Content-Type.
	Refusal *s3cors.Error
	Body    []byte
	// Allow is the value of that header field, "" if the answer has none.
	Allow string
	// WithoutCORS tells that the answer has no CORS fields, whatever the rules.
	WithoutCORS bool
	// BodyRead tells that the body of the request was read to its end. If not, the
	// server has to leave it.
	BodyRead bool
	// Err is what a client gets an InternalError for.
	Err error
}

// Serve answers a call. The order of its checks is S3's: the method and the query,
// the authorisation, the bucket, the body.
func (s *Subresource) Serve(ctx context.Context, c *Call) Reply {
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

func refuse(err *s3cors.Error) Reply { return Reply{Status: err.Status, Refusal: err} }

// fail returns what to answer for an error of the store.
func fail(err error) Reply {
	if errors.Is(err, ErrNoSuchBucket) {
		return refuse(NoSuchBucket())
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
	printed, err := s.print(document)
	if err != nil {
		return fail(err)
	}
	return Reply{Status: 200, Body: printed}
}

// print returns what GET ?cors prints of a stored document.
func (s *Subresource) print(document []byte) ([]byte, error) {
	configuration, err := readStored(document, s.Lenient, s.Options)
	if err != nil {
		return nil, err
	}
	if s.Lenient {
		return configuration.AppendStoredXML(nil), nil
	}
	return configuration.AppendXML(nil, s.Options...)
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
	if err := VerifyBody(c.Header, document); err != nil {
		return refuse(err)
	}
	if _, err := s3cors.ParseXML(document, s.Options...); err != nil {
		return refuse(s3cors.AsError(err))
	}
	if err := s.Store.PutCORS(ctx, c.Address.Bucket, document); err != nil {
		return fail(err)
	}
	return Reply{Status: 200}
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
