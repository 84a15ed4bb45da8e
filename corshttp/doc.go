// Package corshttp puts Amazon S3's CORS into a server built on net/http: the
// answers to preflights, the header fields of all other answers, and the ?cors
// sub-resource of buckets. What is decided, and what S3 says to clients, is
// package s3cors's; this package brings it to HTTP.
//
// # Wiring
//
// Most servers need these lines, and a Store over the place where they keep what
// they know of buckets:
//
//	cache := &corshttp.Cache{Store: store}
//	cors := corshttp.Middleware{Policies: cache.Policy}
//	sub := corshttp.Subresource{Store: cache, Authorize: mayChangeCORS}
//	http.ListenAndServe(addr, limitRates(cors.Handler(authenticate(sub.Handler(s3)))))
//
// A server of one bucket whose policy is known beforehand needs one:
//
//	corshttp.Middleware{Address: corshttp.OneBucket("assets"), Policies: corshttp.OnePolicy(policy)}.Handler(files)
//
// Both Middleware and Subresource take requests in path style unless Address says
// otherwise; VirtualHosted is the other style. Where Options are wanted, hand the
// same to Cache, Middleware and Subresource.
//
// # Order
//
// Rate limits come first. Preflights carry no credentials, so whoever reaches the
// server can send them, and one for a bucket that is not in the cache costs a
// question to the store.
//
// Then the Middleware. It must see OPTIONS requests: behind a router that sends
// on only the methods it has patterns for (http.ServeMux with "GET /") it is
// never asked, and browsers get a 405. It must stand in front of authentication:
// browsers do not sign preflights, and the page can read an error only if the
// fields are on it. It must see the path that the server reads, so nothing behind
// it may rewrite paths (see PathStyle).
//
// Then authentication, then the Subresource, then the server itself, which should
// not set CORS fields. If it does, as a proxy in front of another S3 will, set
// Middleware.Override. That is also needed behind httputil.ReverseProxy for
// another reason: it clears all fields after an informational answer (103).
//
// A handler that uses Header().Set("Vary", …) replaces what the Middleware has put
// there, in which case caches may mix up origins: use Add, or Override.
//
// # Deviations
//
// Without options the answers are those of S3. These change them:
//
//   - s3cors.VaryAlways sends Vary with every answer that is not a refusal, so that
//     no cache keeps an answer without CORS fields for other origins. A server that
//     browsers use should have it. It needs no look at the store.
//   - s3cors.PassInvalid lets actual requests go on that S3 refuses with status 400
//     for their Access-Control-Request-Method or -Headers.
//   - Middleware.Fallback is a policy for buckets without one.
//
// Middleware.Override and Middleware.Withdraw change what the server adds to, or
// takes from, S3's answer; they are S3's behaviour wherever the server itself is
// not.
//
// Left to net/http are the order of header fields, which it sorts, and the framing
// of errors: S3 sends these in chunks, net/http with a Content-Length.
//
// # What it does not do
//
// It does not authenticate, and authorises nothing but ?cors, for which it asks.
// It does not answer OPTIONS *, which is the server's own, nor check the size of
// the whole header section, of which S3 accepts 8,192 bytes: set
// http.Server.MaxHeaderBytes. (It refuses the three fields it reads if they are
// longer than that together.) It does not decode bodies in signed chunks
// (STREAMING-…, aws-chunked) on PUT ?cors, where no client sends them, but refuses
// them with status 501. It logs nothing; Middleware.Observe and Subresource.Failed
// are told what there is to log. It starts no goroutine but one for each question
// of the Cache to the store.
//
// # Security
//
// CORS is not access control: it tells browsers which pages may read an answer,
// and every other client ignores it. A refused actual request is still served.
//
// Where the store fails, or holds a document that cannot be read, nothing is
// granted, nor does Middleware.Fallback decide: a preflight gets 500 InternalError,
// an actual request goes on without CORS fields. A document of no bytes is one of
// those that cannot be read: only nil is none.
//
// The refusals of preflights tell a bucket that does not exist from one without a
// configuration, and both from one whose rules do not match, to anybody, as S3's
// do. A server for which the names of buckets are secret must not use them.
//
// What a request can make the server do is bounded: by the length of its own
// header fields; by one question to the store for each bucket at a time, whoever
// hangs up; by 65,536 bytes of body, read in Subresource.BodyTimeout; by
// Cache.MaxEntries and Cache.MaxBytes, which is an estimate of memory. Questions
// about different buckets are for rate limits, and for the store, to bound (see
// Cache).
package corshttp
