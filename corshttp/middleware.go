package corshttp

import (
	"context"
	"net/http"

	"github.com/s3cors/s3cors"
)

// A Middleware answers preflights, and adds the CORS header fields to the
// answers to all other requests, as S3 does.
//
// Preflights never reach the handler behind it. S3 authenticates none of them
// (4.1/options-not-authenticated), and browsers send no credentials with them,
// so it belongs in front of authentication, and rate limits belong in front of
// it.
//
// The fields of an actual request are set before the handler runs, so they are
// on whatever it answers, errors included (5.2/error-responses), and on what
// others answer for it after a panic.
//
// A Middleware is plain data. Handler copies it; changes made later have no
// effect on what it returned.
type Middleware struct {
	// Policies returns the policy of a bucket: that of its configuration, what
	// s3cors.NoSuchBucket returns, or nil for a bucket without a configuration.
	// It is required. It is called for requests that have an Origin and address a
	// bucket, from several goroutines at once. Cache.Policy and what OnePolicy
	// returns are such functions.
	//
	// Where it fails, a preflight is answered with S3's 500 InternalError, and
	// an actual request goes on without CORS fields.
	Policies func(ctx context.Context, bucket string) (*s3cors.Policy, error)

	// Address tells what a request addresses; nil is PathStyle.
	Address func(*http.Request) Address

	// IDs names a request in the answers that the middleware gives itself; nil
	// leaves error bodies with empty ids.
	IDs func(*http.Request) IDs

	// Observe is told of every decision before it is acted upon, for metrics and
	// logs; nil is nobody.
	Observe func(*http.Request, Event)

	// Options are those that the policies were compiled with. They apply where
	// there is no policy: without Origin, at the service root, and where Policies
	// returned nil or failed.
	Options []s3cors.Option

	// Fallback, if it is not nil, is the policy of every existing bucket without
	// a configuration. It deviates from S3, which grants nothing there
	// (5.3/not-enabled, 5.2/not-enabled).
	Fallback *s3cors.Policy

	// Override makes what leaves S3's answer alone, also where the handler sets
	// CORS fields itself, as a proxy does for its upstream: the writer is
	// wrapped, and with the first WriteHeader, Write or Flush all Access-Control
	// fields are taken out and those of the decision put in. Without it, a
	// handler can replace the fields, and add to them.
	//
	// The writer that the handler gets has Unwrap, so that
	// http.ResponseController reaches all the server can do. Trailers are left
	// alone: browsers read no CORS fields there.
	Override bool
}

// An Event is what Middleware.Observe is told.
type Event struct {
	// Address is what the request addresses.
	Address Address
	// Decision is what was decided. It is that of a missing bucket if Err is
	// set.
	Decision s3cors.Decision
	// Fallback tells that Middleware.Fallback decided.
	Fallback bool
	// Err is what Policies failed with, nil if it did not.
	Err error
}

// OnePolicy returns a source of policies for Middleware.Policies in which every
// bucket has the policy p. With OneBucket it serves a server of a single bucket.
func OnePolicy(p *s3cors.Policy) func(context.Context, string) (*s3cors.Policy, error) {
	return func(context.Context, string) (*s3cors.Policy, error) { return p, nil }
}

// Handler returns next with the middleware in front of it. It panics if Policies
// is nil.
func (m Middleware) Handler(next http.Handler) http.Handler {
	if m.Policies == nil {
		panic("corshttp: Middleware without Policies")
	}
	if m.Address == nil {
		m.Address = PathStyle
	}
	unconfigured, _ := s3cors.Compile(nil, m.Options...) // which never fails
	return &handler{m, m.nowhere(), unconfigured, next}
}

// nowhere is the policy where there is no bucket.
func (m Middleware) nowhere() *s3cors.Policy { return s3cors.NoSuchBucket(m.Options...) }

// Withdraw takes back the fields that m has set for the handler's answer, for
// servers that send none when authentication failed. w is the handler's writer,
// wrapped or not in others that have Unwrap. It has no effect once the header is
// sent, nor on a writer with a header of its own, such as that of
// http.TimeoutHandler: call it in front of that. It leaves Vary where
// s3cors.VaryAlways is among the options.
func (m Middleware) Withdraw(w http.ResponseWriter) {
	without := m.nowhere().Evaluate(s3cors.Request{Method: http.MethodGet})
	removeCORS(w.Header())
	if without.Vary() == "" {
		removeVary(w.Header(), varyLine)
	}
	if o := findOverrider(w); o != nil {
		o.decision = without
	}
}

// varyLine is what the middleware adds to Vary (5.1/vary).
var varyLine = s3cors.NoSuchBucket(s3cors.VaryAlways()).Evaluate(s3cors.Request{Method: http.MethodGet}).Vary()

// A handler is a middleware in its place.
type handler struct {
	Middleware
	nowhere      *s3cors.Policy
	unconfigured *s3cors.Policy
	next         http.Handler
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var e Event
	h.decide(r, &e)
	if h.Observe != nil {
		h.Observe(r, e)
	}
	switch status := e.Decision.Status(); {
	case status >= http.StatusBadRequest:
		h.refuse(w, r, e)
	case status != 0:
		h.grant(w, r, e.Decision)
	case h.Override:
		o := &overrider{ResponseWriter: w, decision: e.Decision}
		defer o.settle() // also for what is written after a panic
		h.next.ServeHTTP(o, r)
	default:
		setDecision(w.Header(), e.Decision)
		h.next.ServeHTTP(w, r)
	}
}

// decide looks up the policy, where one is needed, evaluates it, and fills in e.
func (h *handler) decide(r *http.Request, e *Event) {
	request := s3cors.Request{Method: r.Method, Origin: field(r.Header, "Origin")}
	if request.Origin == "" && h.Observe == nil {
		e.Decision = h.nowhere.Evaluate(request)
		return
	}
	e.Address = h.Address(r)
	request.Target = e.Address.Target()
	request.RequestMethod = field(r.Header, "Access-Control-Request-Method")
	request.RequestHeaders = field(r.Header, "Access-Control-Request-Headers")
	policy := h.nowhere
	if request.Origin != "" && e.Address.Bucket != "" {
		policy, e.Err = h.lookUp(r.Context(), e.Address.Bucket)
	}
	e.Decision = policy.Evaluate(request)
	if h.Fallback != nil && e.Decision.Outcome() == s3cors.NotEnabled {
		e.Decision, e.Fallback = h.Fallback.Evaluate(request), true
	}
}

func (h *handler) lookUp(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	policy, err := h.Policies(ctx, bucket)
	switch {
	case err != nil:
		return h.nowhere, err
	case policy == nil:
		return h.unconfigured, nil
	}
	return policy, nil
}

// grant answers a preflight. For an answer without a body net/http adds
// Content-Length: 0 and no Content-Type (5.3/granted-framing,
// 5.3/granted-content-type); to say so here would cost a larger map.
func (h *handler) grant(w http.ResponseWriter, r *http.Request, d s3cors.Decision) {
	fields := w.Header()
	if len(fields) > 0 {
		delete(fields, "Content-Length")
		delete(fields, "Content-Type")
	}
	setDecision(fields, d)
	setIDs(fields, idsOf(h.IDs, r))
	LeaveBody(w, r) // 4.1/options-body
	w.WriteHeader(d.Status())
}

// refuse answers instead of the handler. An answer of nowhere that looked valid
// only because no policy could be had is not S3's "Bucket not found".
func (h *handler) refuse(w http.ResponseWriter, r *http.Request, e Event) {
	err := e.Decision.Refusal()
	if e.Err != nil && e.Decision.Outcome() == s3cors.NoBucket {
		err = internalError()
	}
	removeCORS(w.Header())
	if e.Decision.Outcome() == s3cors.MissingOrigin && r.ProtoMajor == 1 {
		w.Header().Set("Connection", "close") // 5.3/connection-close
	}
	LeaveBody(w, r)
	WriteError(w, err, idsOf(h.IDs, r))
}
