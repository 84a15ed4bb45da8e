package corshttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// Subresource returns a handler that answers PUT, GET and DELETE of ?cors on buckets, and
// on the paths of objects for the buckets of these. It hands all other requests to next.
// It panics if Store is nil.
//
// Subresource belongs behind CORS. CORS answers preflights for ?cors, and sets the CORS
// fields of the other answers by the configuration that was in force when the request
// arrived. Subresource also belongs behind authentication. If Policies is set, its
// policies must follow what Subresource changes in the Store.
//
// If the Store fails, or holds a document that cannot be read, the answer is S3's 500
// InternalError, and Failed is called.
func (s *Server) Subresource(next http.Handler) http.Handler {
	if s.Store == nil {
		panic("corshttp: Server without Store has no Subresource")
	}
	address := s.prepare().address
	sub := &corsserver.Subresource{Store: s.Store, Options: s.ready.options, Lenient: s.ready.lenient}
	if cache := s.ready.cache; cache != nil {
		sub.Store = cache
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !corsserver.HasCORS(r.URL.RawQuery) {
			next.ServeHTTP(w, r)
			return
		}
		a := address(r)
		if !sub.Serves(r.Method, r.URL.RawQuery, a) {
			next.ServeHTTP(w, r)
			return
		}
		s.answer(w, r, sub.Serve(r.Context(), s.call(w, r, a)))
	})
}

// call returns the request as corsserver reads it.
func (s *Server) call(w http.ResponseWriter, r *http.Request, a corsserver.Address) *corsserver.Call {
	return &corsserver.Call{
		Method:  r.Method,
		Query:   r.URL.RawQuery,
		Address: a,
		Header:  func(name string) []string { return r.Header[name] },
		Length:  r.ContentLength,
		Authorize: func() *s3cors.Error {
			if s.Authorize == nil {
				return corsserver.AccessDenied()
			}
			return s.Authorize(r, a)
		},
		Body: func(limit int) ([]byte, *s3cors.Error) { return s.read(w, r, limit) },
	}
}

// answer writes a reply. Only a PUT that nothing speaks against has its body read.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, reply corsserver.Reply) {
	if reply.Err != nil && s.Failed != nil {
		s.Failed(r, reply.Err)
	}
	if reply.WithoutCORS {
		s.Withdraw(w)
	}
	if !reply.BodyRead {
		LeaveBody(w, r)
	}
	h := w.Header()
	if reply.Allow != "" {
		h["Allow"] = []string{reply.Allow}
	}
	if reply.Refusal != nil {
		WriteError(w, reply.Refusal, s.idsOf(r), s.ready.options...)
		return
	}
	setIDs(h, s.idsOf(r))
	h["Content-Type"] = nil // 2/get-headers; were it absent, net/http would guess one
	if reply.ContentType != "" {
		h["Content-Type"] = []string{reply.ContentType}
	}
	w.WriteHeader(reply.Status)
	if len(reply.Body) > 0 {
		_, _ = w.Write(reply.Body) // a client that is gone need not be told so
	}
}

// read reads the body, no more of it than may be stored.
func (s *Server) read(w http.ResponseWriter, r *http.Request, limit int) ([]byte, *s3cors.Error) {
	timeout := s.BodyTimeout
	if timeout == 0 {
		timeout = DefaultBodyTimeout
	}
	// A writer that knows no deadlines leaves the time to the server. net/http
	// forgets this one when it has the whole body.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(timeout))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(limit)))
	if err != nil {
		return nil, s.unread(err)
	}
	return body, nil
}

// unread returns what to answer to a body that could not be read.
func (s *Server) unread(err error) *s3cors.Error {
	var refusal *s3cors.Error
	var tooLong *http.MaxBytesError
	switch {
	case errors.As(err, &refusal):
		return refusal
	case errors.As(err, &tooLong):
		return s3cors.DocumentTooLong(s.ready.options...)
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return corsserver.RequestTimeout()
	}
	return corsserver.IncompleteBody()
}
