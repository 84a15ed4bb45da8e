package corshttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/s3cors/s3cors"
)

// maxDocumentBytes bounds the body of PUT ?cors (1.1/body-size).
const maxDocumentBytes = 65536

// DefaultBodyTimeout is what a Subresource.BodyTimeout of 0 stands for.
const DefaultBodyTimeout = 30 * time.Second

// A Subresource serves PUT, GET and DELETE of ?cors on buckets, and on object
// paths for their bucket (2/object-path). Other methods, and queries with a second
// sub-resource, are refused as S3 does.
//
// It belongs behind a Middleware, which answers preflights for ?cors and gives
// the others their CORS fields, by the configuration in force when they arrived
// (7/configuration-in-force).
//
// Where the Store fails, or holds a document that s3cors.Parse does not read, the
// answer is S3's 500 InternalError.
//
// A Subresource is plain data. Handler copies it; changes made later have no
// effect on what it returned.
type Subresource struct {
	// Store keeps the documents. It is required. If there is a Cache, this is the
	// Cache, which then knows of every change.
	Store Store

	// Authorize tells whether a request, a PUT, GET or DELETE of ?cors, is
	// allowed: nil, or what to answer instead, such as AccessDenied. It is also
	// the place to compare x-amz-expected-bucket-owner. It comes before the
	// bucket is looked up and the body is read (1.5/request-before-body), and
	// after all that S3 refuses whoever asks: other methods, and other
	// sub-resources in the same query (10/method-first). Without Authorize, every
	// request is denied.
	//
	// If what is known of the body is to be checked, a hash that the request is
	// signed with for example, replace r.Body by a reader whose last Read returns
	// an *s3cors.Error, which is then answered.
	Authorize func(r *http.Request, a Address) *s3cors.Error

	// Address tells what a request addresses; nil is PathStyle.
	Address func(*http.Request) Address

	// IDs names a request in the answer; nil leaves error bodies with empty ids.
	IDs func(*http.Request) IDs

	// Failed is told of what a client gets an InternalError for; nil is nobody.
	Failed func(*http.Request, error)

	// BodyTimeout is the time that a client has to send a body; 0 is
	// DefaultBodyTimeout. It counts where the server's writer can set a deadline,
	// which that of http.TimeoutHandler cannot.
	BodyTimeout time.Duration

	// Options are those to read documents with.
	Options []s3cors.Option
}

// Handler returns a handler that serves ?cors itself and leaves all other
// requests to next. It panics if Store is nil.
func (s Subresource) Handler(next http.Handler) http.Handler {
	if s.Store == nil {
		panic("corshttp: Subresource without Store")
	}
	if s.Address == nil {
		s.Address = PathStyle
	}
	if s.Authorize == nil {
		s.Authorize = func(*http.Request, Address) *s3cors.Error { return AccessDenied() }
	}
	if s.BodyTimeout == 0 {
		s.BodyTimeout = DefaultBodyTimeout
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(Subresources(r.URL.RawQuery), "cors") { // 10/cors-in-the-query
			next.ServeHTTP(w, r)
			return
		}
		a := s.Address(r)
		if a.Bucket == "" {
			next.ServeHTTP(w, r)
			return
		}
		s.serve(w, r, a)
	})
}

func (s *Subresource) serve(w http.ResponseWriter, r *http.Request, a Address) {
	status, body, err := s.answer(w, r, a)
	ids := idsOf(s.IDs, r)
	if err != nil {
		WriteError(w, err, ids)
		return
	}
	h := w.Header()
	setIDs(h, ids)
	h["Content-Type"] = nil // 2/get-headers; were it absent, net/http would guess one
	w.WriteHeader(status)
	if len(body) > 0 {
		_, _ = w.Write(body) // a client that is gone need not be told so
	}
}

// answer returns what to answer. Only a PUT that nothing speaks against has its
// body read.
func (s *Subresource) answer(w http.ResponseWriter, r *http.Request, a Address) (int, []byte, *s3cors.Error) {
	if err := s.refusal(w, r, a); err != nil {
		LeaveBody(w, r)
		return 0, nil, err
	}
	switch r.Method {
	case http.MethodGet:
		body, err := s.get(r, a.Bucket)
		LeaveBody(w, r)
		return http.StatusOK, body, err
	case http.MethodDelete:
		err := s.delete(r, a.Bucket)
		LeaveBody(w, r)
		return http.StatusNoContent, nil, err
	}
	document, err := s.read(w, r)
	if err != nil {
		LeaveBody(w, r)
		return 0, nil, err
	}
	return http.StatusOK, nil, s.put(r, a.Bucket, document)
}

// refusal returns what speaks against a request, whatever its body is; nil if
// nothing does.
func (s *Subresource) refusal(w http.ResponseWriter, r *http.Request, a Address) *s3cors.Error {
	if err := CheckMethod(r.Method); err != nil {
		Middleware{Options: s.Options}.Withdraw(w) // 10/unknown-method-first
		return err
	}
	if err := CheckSubresources(r.URL.RawQuery, a.Target()); err != nil { // 10/two-subresources-first
		return err
	}
	switch r.Method {
	case http.MethodGet, http.MethodPut, http.MethodDelete:
	default: // 10/method-first
		w.Header().Set("Allow", "DELETE, GET, PUT") // RFC 9110 section 15.5.6
		return methodNotAllowed(r.Method)
	}
	if err := s.Authorize(r, a); err != nil {
		return err
	}
	if r.Method != http.MethodPut {
		return nil
	}
	if _, err := s.Store.GetCORS(r.Context(), a.Bucket); err != nil { // for the bucket's sake
		return s.failed(r, err)
	}
	if field := framing(r.Header); field != "" {
		return notImplemented(field)
	}
	return nil
}

func (s *Subresource) get(r *http.Request, bucket string) ([]byte, *s3cors.Error) {
	document, err := s.Store.GetCORS(r.Context(), bucket)
	switch {
	case err != nil:
		return nil, s.failed(r, err)
	case document == nil: // one of no bytes is unreadable (10/empty-stored-document)
		return nil, noSuchConfiguration(bucket)
	}
	configuration, err := parse(document, s.Options)
	if err != nil {
		return nil, s.failed(r, err)
	}
	printed, err := configuration.AppendXML(nil, s.Options...)
	if err != nil {
		return nil, s.failed(r, err)
	}
	return printed, nil
}

// put stores the body as it came. S3's own print of it can be longer than what
// S3 accepts, by the namespace and escapes (10/size-of-a-configuration); the
// body can not, so what is stored can be read again.
func (s *Subresource) put(r *http.Request, bucket string, document []byte) *s3cors.Error {
	if err := verify(r.Header, document); err != nil {
		return err
	}
	if _, err := s3cors.ParseXML(document, s.Options...); err != nil {
		if refusal, ok := errors.AsType[*s3cors.Error](err); ok {
			return refusal
		}
		return s.failed(r, err)
	}
	if err := s.Store.PutCORS(r.Context(), bucket, document); err != nil {
		return s.failed(r, err)
	}
	return nil
}

func (s *Subresource) delete(r *http.Request, bucket string) *s3cors.Error {
	if err := s.Store.DeleteCORS(r.Context(), bucket); err != nil {
		return s.failed(r, err)
	}
	return nil
}

// failed returns what to answer for an error of the store.
func (s *Subresource) failed(r *http.Request, err error) *s3cors.Error {
	if errors.Is(err, ErrNoSuchBucket) {
		return noSuchBucket()
	}
	if s.Failed != nil {
		s.Failed(r, err)
	}
	return internalError()
}

// framing returns the name of a field that says that the body holds signed
// chunks around the document, "" if there is none. No client sends ?cors so, and
// to store the framing as a document would be worse than to refuse it.
func framing(h http.Header) string {
	switch {
	case hasPrefixFold(field(h, "X-Amz-Content-Sha256"), "STREAMING-"):
		return "x-amz-content-sha256"
	case strings.Contains(strings.ToLower(field(h, "Content-Encoding")), "aws-chunked"):
		return "Content-Encoding"
	case len(h["X-Amz-Decoded-Content-Length"]) > 0:
		return "x-amz-decoded-content-length"
	}
	return ""
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// read reads the body, no more of it than may be stored, and nothing if its
// length is known to be too large.
func (s *Subresource) read(w http.ResponseWriter, r *http.Request) ([]byte, *s3cors.Error) {
	if r.ContentLength > maxDocumentBytes {
		return nil, tooLarge()
	}
	// A writer that knows no deadlines leaves the time to the server. net/http
	// forgets this one when it has the whole body.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(s.BodyTimeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxDocumentBytes))
	if err != nil {
		return nil, unread(err)
	}
	return body, nil
}

// unread returns what to answer to a body that could not be read.
func unread(err error) *s3cors.Error {
	if refusal, ok := errors.AsType[*s3cors.Error](err); ok {
		return refusal
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		return requestTimeout()
	}
	return incompleteBody()
}
