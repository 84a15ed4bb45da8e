package corsfasthttp

import (
	"context"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/internal/quirk"
)

// DefaultTimeout is what a Server.Timeout of 0 stands for.
const DefaultTimeout = 30 * time.Second

// A Server is the CORS of a server of S3's protocol: what is known of its buckets,
// and how its requests are read. Its methods return the handlers that bring S3's
// answers to fasthttp, and those answers themselves.
//
// The fields are set once, before the first method is called; a Server must not be
// copied after that. Its methods are safe for concurrent use.
//
// The functions among the fields are called while the request is served. What they
// read of the RequestCtx is good until they return; Store and Policies are given
// copies.
type Server struct {
	// Store keeps the documents of the buckets. It is required, but where Policies
	// takes its place and nothing is asked of Subresource. The Server has a cache of
	// policies in front of it (see Cache). If Store is a *corsserver.Cache and
	// Policies is nil, that is the cache, its TTL, MaxBytes and Lenient count in
	// place of the Server's, and so do its Options if the Server has none; if it has
	// some, they must be the same.
	Store corsserver.Store

	// Policies, if it is not nil, is asked for the policy of a bucket in place of
	// the Server's own cache: for a server that has a cache that fits it better, or
	// policies that never change. OnePolicy returns one.
	Policies corsserver.Source

	// Authorize tells whether a PUT, GET or DELETE of ?cors is allowed: nil, or what
	// to answer instead, such as corsserver.AccessDenied. It is also the place to
	// compare x-amz-expected-bucket-owner, and to compare the body with a hash that
	// the request is signed with: what it reads of a body that the server streams, it
	// gives back with Request.SetBodyRaw. It comes before the bucket is looked up.
	// Without Authorize, every such request is denied.
	//
	// It may keep the address, whose strings are copies.
	Authorize func(*fasthttp.RequestCtx, corsserver.Address) *s3cors.Error

	// Address tells what a request addresses; nil is PathStyle.
	Address func(*fasthttp.RequestCtx) corsserver.Address

	// IDs names a request in the answers that the Server gives itself; nil leaves
	// error bodies with empty ids.
	IDs func(*fasthttp.RequestCtx) s3cors.IDs

	// Context returns the context in which Store and Policies are asked on behalf
	// of a request; nil is context.Background. A store may read values of it after
	// the request was answered, when the RequestCtx serves another one already: the
	// context must be neither the RequestCtx nor one derived from it.
	Context func(*fasthttp.RequestCtx) context.Context

	// Timeout is the time in which Store and Policies have to answer each time they
	// are asked; 0 is DefaultTimeout. fasthttp does not notice clients that hang up,
	// so that nothing else ends a request that waits for a store that hangs.
	Timeout time.Duration

	// Options are those to read documents and to make policies with. Where Policies
	// is set, they are those that its policies were made with.
	Options []s3cors.Option

	// TTL and MaxBytes are those of the Server's cache, as in corsserver.Cache.
	TTL      time.Duration
	MaxBytes int

	// Lenient makes a stored configuration that S3 would refuse count as far as it
	// can be understood. Without it such a bucket grants nothing, its preflights and
	// its GET ?cors are answered with 500 InternalError. It is for servers that have
	// stored configurations before they had this package.
	Lenient bool

	// Fallback, if it is not nil, is the policy of every existing bucket without a
	// configuration, and FallbackForMissing makes it that of buckets that do not
	// exist as well. They deviate from S3, which grants nothing there. As in every
	// policy, an origin that a rule names is answered with credentials allowed, and
	// "*" without.
	Fallback           *s3cors.Policy
	FallbackForMissing bool

	// Override makes the decision's fields the only CORS fields of a response, even
	// where the handler sets some itself, as a proxy does for its upstream: when the
	// handler has returned, all Access-Control fields are taken out, and those of
	// the decision are put in. Without Override, a handler can replace the fields,
	// and add to them.
	Override bool

	// Observe is told of every decision before it is acted upon, for metrics and
	// logs; nil is nobody. The strings of the verdict are good until Observe
	// returns.
	Observe func(*fasthttp.RequestCtx, corsserver.Verdict)

	// Failed is told of what a client of ?cors gets an InternalError for; nil is
	// nobody.
	Failed func(*fasthttp.RequestCtx, error)

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
	quirks  *quirk.Dialect // that the options select
	address func(*fasthttp.RequestCtx) corsserver.Address
	timeout time.Duration
}

// prepare returns what is made of the fields. It panics if there is neither Store
// nor Policies.
func (s *Server) prepare() *ready {
	s.once.Do(func() {
		if s.Store == nil && s.Policies == nil {
			panic("corsfasthttp: Server without Store and without Policies")
		}
		policies := s.ask
		s.ready.options, s.ready.lenient = s.Options, s.Lenient
		if s.Policies == nil {
			s.ready.cache = s.newCache()
			s.ready.lenient = s.ready.cache.Lenient
			if s.Options == nil {
				s.ready.options = s.ready.cache.Options
			}
			policies = s.look
		}
		d := &s.ready.decider
		d.Policies, d.Options, d.Fallback, d.FallbackForMissing = policies, s.ready.options, s.Fallback, s.FallbackForMissing
		s.ready.quirks = quirk.Of(int(s3cors.DialectOf(s.ready.options...)))
		s.ready.nowhere = s3cors.NoSuchBucket(s.ready.options...)
		s.ready.address = s.Address
		if s.ready.address == nil {
			s.ready.address = PathStyle
		}
		s.ready.timeout = s.Timeout
		if s.ready.timeout == 0 {
			s.ready.timeout = DefaultTimeout
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

// Handler returns next with CORS in front of Subresource in front of it: for
// servers that need nothing between the two, such as authentication.
func (s *Server) Handler(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	return s.CORS(s.Subresource(next))
}

// Cache returns the Server's cache of policies, to tell it what happens to buckets
// by other means than ?cors: Forget one that is deleted, Invalidate or Supersede
// one whose configuration was changed, InvalidateAll when a change may have been missed. It is nil if Policies is set.
func (s *Server) Cache() *corsserver.Cache { return s.prepare().cache }

// OnePolicy returns a source of policies for Server.Policies in which every bucket
// has the policy p. With OneBucket it serves a server of a single bucket.
func OnePolicy(p *s3cors.Policy) corsserver.Source { return corsserver.OnePolicy(p) }

func (s *Server) idsOf(ctx *fasthttp.RequestCtx) s3cors.IDs {
	if s.IDs == nil {
		return s3cors.IDs{}
	}
	return s.IDs(ctx)
}
