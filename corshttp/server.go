package corshttp

import (
	"net/http"
	"sync"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/quirk"
)

// DefaultBodyTimeout is the value that Server.BodyTimeout has if it is 0.
const DefaultBodyTimeout = 30 * time.Second

// A Server puts S3's CORS into an HTTP server that speaks S3's protocol. Its fields say
// where the configurations of buckets are and how requests are read. Its methods return
// the handlers that answer and decide.
//
// The fields are set before the first method is called, and a Server must not be copied
// after that. Its methods are safe for concurrent use. They panic if neither Store nor
// Policies is set.
type Server struct {
	// Store keeps the documents of the buckets. The Server puts a cache of policies
	// in front of it (see the method Cache). If Store is a *corsserver.Cache
	// and Policies is nil, that is the cache, its TTL, MaxBytes and Lenient count in
	// place of the Server's, and so do its Options if the Server has none; if it has
	// some, they must be the same. Store may be nil if Policies is set and neither
	// Subresource nor Handler is used.
	Store corsserver.Store

	// Policies, if it is not nil, returns the policies of buckets in place of the
	// Server's own cache. It is for servers that have a cache of another kind, or
	// policies that never change; OnePolicy returns a Source of one policy.
	Policies corsserver.Source

	// Authorize returns nil if a PUT, GET or DELETE of ?cors is allowed, and otherwise
	// the error to answer with, such as corsserver.AccessDenied. It can also compare
	// x-amz-expected-bucket-owner with the owner. It is called before anybody looks
	// for the bucket and before the body is read. If Authorize is nil, every such
	// request is denied.
	//
	// Authorize can also have the body checked, by a signed hash for example. For
	// that it replaces r.Body with a reader whose last Read returns an
	// *s3cors.Error, which is then the answer.
	Authorize func(r *http.Request, a corsserver.Address) *s3cors.Error

	// Address returns what a request addresses. If it is nil, PathStyle does.
	Address func(*http.Request) corsserver.Address

	// IDs returns the names of a request for the answers that the Server gives
	// itself. If it is nil, the ids in the bodies of errors are empty.
	IDs func(*http.Request) s3cors.IDs

	// Options are the options for reading documents and for making policies. If
	// Policies is set, they must be those that its policies were made with.
	Options []s3cors.Option

	// TTL and MaxBytes are the fields of the Server's cache, which is a
	// corsserver.Cache.
	TTL      time.Duration
	MaxBytes int

	// Lenient makes the Server take what it can understand of a stored configuration
	// that S3 would refuse. It is for servers that stored configurations before they
	// had this package. Without it such a bucket grants nothing, and its preflights
	// and its GET ?cors are answered with 500 InternalError.
	Lenient bool

	// Fallback, if it is not nil, is the policy of every bucket that exists and has
	// no configuration. FallbackForMissing makes it the policy of buckets that do not
	// exist as well. S3 grants nothing in either case. As in every policy, an origin
	// that a rule names is answered with credentials allowed, and "*" without.
	Fallback           *s3cors.Policy
	FallbackForMissing bool

	// Override makes the fields of the decision the only CORS fields of a response,
	// even if the handler sets some itself, as a proxy does with those of its
	// upstream. The Server wraps the writer for that. With the first WriteHeader,
	// Write or Flush it removes all Access-Control fields and puts in those of the
	// decision. Without Override, a handler can replace the fields and add to them.
	//
	// The wrapped writer has Unwrap, so that http.ResponseController reaches
	// everything that the server can do. Trailers are left alone, since browsers read
	// no CORS fields in trailers.
	Override bool

	// Observe, if it is not nil, is called with every decision before the Server acts
	// on it: for metrics and logs.
	Observe func(*http.Request, corsserver.Verdict)

	// Failed, if it is not nil, is called with every fault for which a client of ?cors
	// gets an InternalError.
	Failed func(*http.Request, error)

	// BodyTimeout is the time that a client has to send the body of PUT ?cors. 0
	// stands for DefaultBodyTimeout. It has an effect if http.ResponseController can
	// set a read deadline on the server's writer.
	BodyTimeout time.Duration

	once  sync.Once
	ready ready
}

// ready is what a Server makes of its fields.
type ready struct {
	cache   *corsserver.Cache // nil if there is none
	options []s3cors.Option   // those of the cache if the Server has none
	lenient bool              // that of the cache if there is one
	decider corsserver.Decider
	nowhere *s3cors.Policy // where there is no bucket
	// notCORS is the answer to a request that has no Origin and is no preflight;
	// plain says that it does not depend on the bucket, and that nobody observes it.
	notCORS s3cors.Decision
	plain   bool
	address func(*http.Request) corsserver.Address
	quirks  *quirk.Dialect // that the options select
}

// prepare returns what is made of the fields. It panics if there is neither Store
// nor Policies.
func (s *Server) prepare() *ready {
	s.once.Do(func() {
		if s.Store == nil && s.Policies == nil {
			panic("corshttp: Server without Store and without Policies")
		}
		policies := s.Policies
		s.ready.options, s.ready.lenient = s.Options, s.Lenient
		if policies == nil {
			s.ready.cache = s.newCache()
			s.ready.lenient = s.ready.cache.Lenient
			if s.Options == nil {
				s.ready.options = s.ready.cache.Options
			}
			policies = s.ready.cache.Policy
		}
		d := &s.ready.decider
		d.Policies, d.Options, d.Fallback, d.FallbackForMissing = policies, s.ready.options, s.Fallback, s.FallbackForMissing
		s.ready.quirks = quirk.Of(int(s3cors.DialectOf(s.ready.options...)))
		s.ready.nowhere = s3cors.NoSuchBucket(s.ready.options...)
		s.ready.notCORS, s.ready.plain = s.ready.nowhere.Precheck(s3cors.Request{Method: http.MethodGet})
		s.ready.plain = s.ready.plain && s.Observe == nil
		s.ready.address = s.Address
		if s.ready.address == nil {
			s.ready.address = PathStyle
		}
	})
	return &s.ready
}

// newCache returns a cache in front of the Store, or the Store itself if it is one: a second
// cache would not learn what that one is told.
func (s *Server) newCache() *corsserver.Cache {
	if cache, ok := s.Store.(*corsserver.Cache); ok {
		return cache
	}
	return &corsserver.Cache{Store: s.Store, TTL: s.TTL, MaxBytes: s.MaxBytes, Lenient: s.Lenient, Options: s.Options}
}

// Handler returns next with CORS and Subresource in front of it. It is for servers that
// need nothing between the two, such as authentication.
func (s *Server) Handler(next http.Handler) http.Handler { return s.CORS(s.Subresource(next)) }

// Cache returns the Server's cache of policies, or nil if Policies is set. A server tells
// the cache what happens to buckets by other means than ?cors: it calls Forget for a
// bucket that was deleted, Invalidate or Supersede for one whose configuration was
// changed, and InvalidateAll when it may have missed a change.
func (s *Server) Cache() *corsserver.Cache { return s.prepare().cache }

// OnePolicy returns a Source for Server.Policies that returns the policy p for every
// bucket. With OneBucket it makes a server of a single bucket.
func OnePolicy(p *s3cors.Policy) corsserver.Source { return corsserver.OnePolicy(p) }

func (s *Server) idsOf(r *http.Request) s3cors.IDs {
	if s.IDs == nil {
		return s3cors.IDs{}
	}
	return s.IDs(r)
}
