package corsfasthttp

import (
	"bytes"
	"errors"
	"io"
	"net"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// Subresource returns a handler that serves PUT, GET and DELETE of ?cors on
// buckets, and on paths of objects for their bucket, and leaves all other requests
// to next. It panics if Store is nil.
//
// It belongs behind CORS, which answers preflights for ?cors and gives the others
// their CORS fields, by the configuration in force when they arrived, and behind
// authentication. A policy that Policies returns has to follow the Store.
//
// Where the Store fails, or holds a document that cannot be read, the answer is
// S3's 500 InternalError, and Failed is told.
func (s *Server) Subresource(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	if s.Store == nil {
		panic("corsfasthttp: Server without Store has no Subresource")
	}
	address := s.prepare().address
	store := s.Store
	if cache := s.ready.cache; cache != nil {
		store = cache
	}
	sub := &corsserver.Subresource{Store: bounded{store, s.ready.timeout}, Options: s.ready.options, Lenient: s.ready.lenient}
	return func(ctx *fasthttp.RequestCtx) {
		if !corsserver.HasCORS(view(ctx.URI().QueryString())) {
			next(ctx)
			return
		}
		a := address(ctx)
		if !sub.Serves(view(ctx.Method()), view(ctx.URI().QueryString()), a) {
			next(ctx)
			return
		}
		s.answer(ctx, sub.Serve(s.contextOf(ctx), s.call(ctx, copyAddress(a))))
	}
}

// call returns the request as corsserver reads it. What is read of it when Authorize
// has had its hands on it is a copy.
func (s *Server) call(ctx *fasthttp.RequestCtx, a corsserver.Address) *corsserver.Call {
	h := &ctx.Request.Header
	return &corsserver.Call{
		Method:  string(ctx.Method()),
		Query:   view(ctx.URI().QueryString()),
		Address: a,
		Header:  func(name string) []string { return appendLines(nil, h, name) },
		Length:  int64(h.ContentLength()),
		Authorize: func() *s3cors.Error {
			if s.Authorize == nil {
				return corsserver.AccessDenied()
			}
			return s.Authorize(ctx, a)
		},
		Body: func(limit int) ([]byte, *s3cors.Error) { return s.readBody(ctx, limit) },
	}
}

// answer writes a reply. Only a PUT that nothing speaks against has its body read.
func (s *Server) answer(ctx *fasthttp.RequestCtx, reply corsserver.Reply) {
	if reply.Err != nil && s.Failed != nil {
		s.Failed(ctx, reply.Err)
	}
	if reply.WithoutCORS {
		s.Withdraw(ctx)
	}
	if !reply.BodyRead {
		LeaveBody(ctx)
	}
	set(&ctx.Response.Header, fasthttp.HeaderAllow, reply.Allow)
	if reply.Refusal != nil {
		WriteError(ctx, reply.Refusal, s.idsOf(ctx), s.ready.options...)
		return
	}
	empty(&ctx.Response) // 2/get-headers: there is no Content-Type, even with a body
	if reply.ContentType != "" {
		ctx.Response.Header.SetContentType(reply.ContentType)
	}
	setIDs(&ctx.Response.Header, s.idsOf(ctx))
	ctx.SetStatusCode(reply.Status)
	ctx.Response.SetBodyRaw(reply.Body)
}

// readBody reads the body, no more of it than may be stored. A store may keep it.
func (s *Server) readBody(ctx *fasthttp.RequestCtx, limit int) ([]byte, *s3cors.Error) {
	if ctx.Request.IsBodyStream() {
		return s.readStream(ctx, limit)
	}
	body := ctx.Request.Body()
	if len(body) > limit {
		return nil, s3cors.DocumentTooLong(s.ready.options...)
	}
	return bytes.Clone(body), nil
}

// readStream reads a body that the server has not read. Request.Body would read all
// of it, and return the text of an error for a body.
func (s *Server) readStream(ctx *fasthttp.RequestCtx, limit int) ([]byte, *s3cors.Error) {
	declared := ctx.Request.Header.ContentLength()
	body, err := io.ReadAll(io.LimitReader(ctx.RequestBodyStream(), int64(limit)+1))
	switch {
	case err != nil:
		return nil, unread(err)
	case len(body) > limit:
		return nil, s3cors.DocumentTooLong(s.ready.options...)
	case declared >= 0 && len(body) < declared: // which is no error of the stream's
		return nil, corsserver.IncompleteBody()
	}
	return body, nil
}

// unread returns what to answer to a body that could not be read.
func unread(err error) *s3cors.Error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return corsserver.RequestTimeout()
	}
	return corsserver.IncompleteBody()
}

// LeaveBody lets an answer go out that does not need the body of its request, where
// the server streams bodies. Call it when the body has not been read, or not to its
// end. CORS and Subresource do so themselves.
//
// The answer gets "Connection: close". Without it, up to version 1.74 of fasthttp,
// what is left of a body is taken for the next request of the connection. Later
// versions read some of it, and wait for it as long as ReadTimeout lets them.
//
// Where the server does not stream bodies, it has read them before it calls a
// handler, and there is nothing to leave. Nor is there where a request has none.
func LeaveBody(ctx *fasthttp.RequestCtx) {
	if ctx.Request.IsBodyStream() && ctx.Request.Header.ContentLength() != 0 {
		ctx.SetConnectionClose() // 10/unread-body
	}
}
