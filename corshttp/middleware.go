package corshttp

import (
	"net/http"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/field"
)

// CORS returns a handler that has S3's CORS in front of next. It answers preflights, and
// it sets the CORS fields of the answers to all other requests.
//
// Preflights never reach next. Browsers send no credentials with them, and S3
// authenticates none of them. CORS therefore belongs in front of authentication, and
// rate limits belong in front of CORS.
//
// The fields of an actual request are set before next is called. So they are on every
// answer of next, errors included, and on the answer that another handler gives after a
// panic.
func (s *Server) CORS(next http.Handler) http.Handler {
	s.prepare()
	return &middleware{s, next}
}

// Preflights returns a handler for the OPTIONS route of a router. It answers preflights,
// and it answers every other request with 405 MethodNotAllowed. The other routes still
// need CORS, or Check with SetFields.
func (s *Server) Preflights() http.Handler {
	s.prepare()
	return &middleware{s, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Withdraw(w)
		LeaveBody(w, r)
		w.Header().Set("Allow", http.MethodOptions)
		WriteError(w, corsserver.MethodNotAllowed(r.Method, corsserver.ResourceType(s.ready.address(r).Target())), s.idsOf(r), s.ready.options...)
	})}
}

// Check decides on a request, and does nothing else. A handler in front of CORS that
// answers requests itself, such as a rate limit, uses Check and SetFields; otherwise a
// page cannot read its answers:
//
//	if v := server.Check(r); v.Decision.Status() == 0 {
//		corshttp.SetFields(w.Header(), v.Decision)
//	}
//	http.Error(w, "slow down", http.StatusTooManyRequests)
func (s *Server) Check(r *http.Request) corsserver.Verdict {
	return s.CheckAt(r, s.prepare().address(r))
}

// CheckAt is Check for a request whose address is known already, as that of a router's
// parameters is.
func (s *Server) CheckAt(r *http.Request, a corsserver.Address) corsserver.Verdict {
	s.prepare()
	v := corsserver.Verdict{Address: a}
	if origin := r.Header[field.Origin]; s.isNotCORS(r, origin) {
		v.Decision = s.ready.notCORS
	} else {
		s.decide(r, origin, a, &v)
	}
	return v
}

// Withdraw takes back the fields that CORS has set for the answer of a handler. It is for
// servers that send no CORS fields if authentication fails. The writer w is that of the
// handler, or one around it that has Unwrap. Vary stays if s3cors.VaryAlways is among
// the options.
//
// Withdraw has no effect when the header has been sent. It has none on a writer with a
// header of its own either, such as that of http.TimeoutHandler; call it in front of
// such a handler.
func (s *Server) Withdraw(w http.ResponseWriter) {
	without := s.prepare().nowhere.Evaluate(s3cors.Request{Method: http.MethodGet})
	removeCORS(w.Header())
	if without.Vary() == "" {
		removeVary(w.Header(), s.ready.quirks.Vary)
	}
	if o := findOverrider(w); o != nil {
		o.decision = without
	}
}

// A middleware is a Server in its place.
type middleware struct {
	*Server
	next http.Handler
}

func (m *middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var v corsserver.Verdict
	status := 0
	if origin := r.Header[field.Origin]; m.isNotCORS(r, origin) {
		v.Decision = m.ready.notCORS
	} else {
		status = m.decide(r, origin, m.ready.address(r), &v)
	}
	if m.Observe != nil {
		m.Observe(r, v)
	}
	switch {
	case status >= http.StatusBadRequest:
		m.refuse(w, r, &v.Decision, status)
	case status != 0:
		m.grant(w, r, &v.Decision, status)
	case m.Override:
		o := &overrider{ResponseWriter: w, decision: v.Decision}
		defer o.settle() // also for what is written after a panic
		m.next.ServeHTTP(o, r)
	default:
		setFields(w.Header(), &v.Decision)
		m.next.ServeHTTP(w, r)
	}
}

// isNotCORS reports whether the decision depends on no more than that a request has no
// Origin. Such a request costs one look at its header, unless its answer depends on the
// bucket or somebody observes it.
func (s *Server) isNotCORS(r *http.Request, origin []string) bool {
	return s.ready.plain && len(origin) == 0 && r.Method != http.MethodOptions
}

// decide fills in v, and returns the status of its decision; origin are the lines of that
// field.
func (s *Server) decide(r *http.Request, origin []string, a corsserver.Address, v *corsserver.Verdict) (status int) {
	var q s3cors.Request
	method, headers := r.Header[field.RequestMethod], r.Header[field.RequestHeaders]
	if s.ready.quirks.SeesMore || !isPlain(origin) || !isPlain(method) || !isPlain(headers) {
		q = s.readRequest(r)
	} else {
		q.Method, q.Origin, q.RequestMethod, q.RequestHeaders = r.Method, only(origin), only(method), only(headers)
	}
	return s.ready.decider.Decide(r.Context(), a, &q, v)
}

// readRequest reads a request with whatever lines.
func (s *Server) readRequest(r *http.Request) s3cors.Request {
	q := s.ready.nowhere.ReadRequest(r.Method, s3cors.TargetObject, func(name string) []string { return r.Header[name] })
	if s.ready.quirks.SeesMore {
		q.Subresource = corsserver.SubresourceIn(r.URL.RawQuery)
	}
	return q
}

// isPlain reports whether the lines of a field are one at most, without blanks around it.
// Such lines need no work, and almost all are so. No blank is above a space.
func isPlain(lines []string) bool {
	switch len(lines) {
	case 0:
		return true
	case 1:
		line := lines[0]
		return line == "" || line[0] > ' ' && line[len(line)-1] > ' '
	}
	return false
}

// only returns the line of a plain field, "" if there is none.
func only(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[0]
}

// grant answers a preflight. For an answer without a body net/http adds
// Content-Length: 0 and no Content-Type (5.3/granted-framing,
// 5.3/granted-content-type); to say so here would cost a larger map.
func (s *Server) grant(w http.ResponseWriter, r *http.Request, d *s3cors.Decision, status int) {
	fields := w.Header()
	if len(fields) > 0 {
		delete(fields, "Content-Length")
		delete(fields, "Content-Type")
	}
	setFields(fields, d)
	if s.IDs != nil {
		setIDs(fields, s.IDs(r))
	}
	LeaveBody(w, r) // 4.1/options-body
	w.WriteHeader(status)
}

// refuse answers instead of the handler.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, d *s3cors.Decision, status int) {
	h := w.Header()
	if len(h) > 0 {
		removeCORS(h)
	}
	if s.ready.quirks.ClosesWithoutOrigin && d.Outcome() == s3cors.MissingOrigin && r.ProtoMajor == 1 {
		h["Connection"] = []string{"close"} // 5.3/connection-close
	}
	LeaveBody(w, r)
	ids := s.idsOf(r)
	writeError(w, status, ids, d.AppendRefusal(newBody(ids), ids))
}
