package corsfasthttp

import (
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// CORS returns next with S3's CORS in front of it: preflights are answered, and
// the CORS header fields are set for the answers to all other requests.
//
// Preflights never reach next. S3 authenticates none of them, and browsers send no
// credentials with them, so CORS belongs in front of authentication, and rate
// limits belong in front of CORS.
//
// The fields of an actual request are set before next runs, so they are on what
// others answer for it after a panic. When next has returned, they are put back if
// it lost them, as RequestCtx.Error does, which begins a new response, or if a
// handler ran out of time and its answer was replaced (RequestCtx.TimeoutError).
func (s *Server) CORS(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	s.prepare()
	return func(ctx *fasthttp.RequestCtx) {
		var v corsserver.Verdict
		s.decide(ctx, &v)
		if s.Observe != nil {
			s.Observe(ctx, v)
		}
		switch status := v.Decision.Status(); {
		case status >= fasthttp.StatusBadRequest:
			s.refuse(ctx, &v.Decision, status)
		case status != 0:
			s.grant(ctx, v.Decision)
		default:
			s.pass(ctx, next, &v.Decision)
		}
	}
}

// Preflights returns a handler for a router's OPTIONS route: it answers
// preflights, and every other request with 405 MethodNotAllowed. The other routes
// need CORS nevertheless, or Check and SetFields.
func (s *Server) Preflights() fasthttp.RequestHandler {
	return s.CORS(func(ctx *fasthttp.RequestCtx) {
		s.Withdraw(ctx)
		LeaveBody(ctx)
		ctx.Response.Header.Set(fasthttp.HeaderAllow, fasthttp.MethodOptions)
		resource := strings.ToUpper(s.ready.address(ctx).Target().String()) // 10/not-allowed-elsewhere
		WriteError(ctx, corsserver.MethodNotAllowed(view(ctx.Method()), resource), s.idsOf(ctx), s.ready.options...)
	})
}

// Check decides on a request, and does nothing else. Whatever stands in front of
// CORS and answers requests itself, such as a rate limit, uses it with SetFields,
// or else a page cannot read its answers:
//
//	ctx.Error("slow down", fasthttp.StatusTooManyRequests)
//	if v := server.Check(ctx); v.Decision.Status() == 0 {
//		corsfasthttp.SetFields(&ctx.Response.Header, v.Decision)
//	}
//
// The verdict's strings are copies.
func (s *Server) Check(ctx *fasthttp.RequestCtx) corsserver.Verdict {
	return s.CheckAt(ctx, s.prepare().address(ctx))
}

// CheckAt is Check for a request whose address is known already, as that of a router's
// parameters is.
func (s *Server) CheckAt(ctx *fasthttp.RequestCtx, a corsserver.Address) corsserver.Verdict {
	s.prepare()
	r := s.readRequest(ctx)
	if r.Origin == "" {
		if d, ok := s.ready.nowhere.Precheck(r); ok && d.Outcome() == s3cors.NotCORS {
			return corsserver.Verdict{Address: copyAddress(a), Decision: d}
		}
	}
	r = copyRequest(r)
	var v corsserver.Verdict
	s.ready.decider.Decide(s.contextOf(ctx), copyAddress(a), &r, &v)
	return v
}

// Withdraw takes back the fields that CORS has set for the handler's answer, for
// servers that send none when authentication failed. It has no effect on the answer
// of a handler that ran out of time. It leaves Vary where s3cors.VaryAlways is among
// the options.
func (s *Server) Withdraw(ctx *fasthttp.RequestCtx) {
	removeCORS(&ctx.Response.Header)
	if without := s.without(); without.Vary() == "" {
		removeVary(&ctx.Response.Header, s.ready.quirks.Vary)
	}
	ctx.SetUserValue(withdrawn{}, true)
}

// withdrawn is the key of the user value that tells CORS not to put back the fields
// that Withdraw has taken.
type withdrawn struct{}

// without returns the decision on a request that CORS is not about.
func (s *Server) without() s3cors.Decision {
	return s.prepare().nowhere.Evaluate(s3cors.Request{Method: fasthttp.MethodGet})
}

// decide fills in v. A request without Origin costs nothing but that, unless its
// answer depends on the bucket or somebody observes it.
func (s *Server) decide(ctx *fasthttp.RequestCtx, v *corsserver.Verdict) {
	r := s.readRequest(ctx)
	if r.Origin == "" && s.Observe == nil {
		if d, ok := s.ready.nowhere.Precheck(r); ok {
			v.Decision = d
			return
		}
	}
	if r.Method != fasthttp.MethodOptions {
		// The decision is acted upon when the handler has returned, which may have
		// changed the request: a proxy that puts its own Origin in would change ours.
		r = copyRequest(r)
	}
	s.ready.decider.Decide(s.contextOf(ctx), s.ready.address(ctx), &r, v)
}

// grant answers a preflight (5.3/granted-framing, 5.3/granted-content-type).
func (s *Server) grant(ctx *fasthttp.RequestCtx, d s3cors.Decision) {
	empty(&ctx.Response)
	SetFields(&ctx.Response.Header, d)
	setIDs(&ctx.Response.Header, s.idsOf(ctx))
	LeaveBody(ctx) // 4.1/options-body
	ctx.SetStatusCode(d.Status())
}

// refuse answers instead of the handler.
func (s *Server) refuse(ctx *fasthttp.RequestCtx, d *s3cors.Decision, status int) {
	removeCORS(&ctx.Response.Header)
	if s.ready.quirks.ClosesWithoutOrigin && d.Outcome() == s3cors.MissingOrigin {
		ctx.SetConnectionClose() // 5.3/connection-close
	}
	LeaveBody(ctx)
	ids := s.idsOf(ctx)
	writeError(ctx, status, ids, func(dst []byte) []byte { return d.AppendRefusal(dst, ids) })
}

// pass lets the handler answer.
func (s *Server) pass(ctx *fasthttp.RequestCtx, next fasthttp.RequestHandler, d *s3cors.Decision) {
	if s.Override {
		defer s.settle(ctx, d) // also for what is answered after a panic
		next(ctx)
		return
	}
	SetFields(&ctx.Response.Header, *d)
	next(ctx)
	s.settle(ctx, d)
}

// settle sees to the fields of an answer that a handler gave.
func (s *Server) settle(ctx *fasthttp.RequestCtx, d *s3cors.Decision) {
	h := &ctx.Response.Header
	if late := ctx.LastTimeoutErrorResponse(); late != nil {
		h = &late.Header // all else of ctx belongs to the handler, which still runs
	} else if ctx.UserValue(withdrawn{}) != nil {
		without := s.without()
		d = &without
	}
	if s.Override {
		removeCORS(h)
		SetFields(h, *d)
		return
	}
	complete(h, *d)
}
