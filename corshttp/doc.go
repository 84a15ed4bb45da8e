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
//	server := http.Server{
//		Addr:              addr,
//		Handler:           limitRates(cors.Handler(authenticate(sub.Handler(s3)))),
//		ReadHeaderTimeout: 10 * time.Second,
//	}
//	server.ListenAndServe()
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
// Whatever stands in front of the Middleware and answers in its place sends no
// CORS fields: a page of another origin cannot read that answer, and the browser
// reports an error of CORS. That holds for rate limits, for CheckMethod, and for
// an http.TimeoutHandler that runs out of time there.
//
// A handler that uses Header().Set("Vary", …) replaces what the Middleware has put
// there, in which case caches may mix up origins: use Add, or Override.
//
// # Order with http.TimeoutHandler
//
// Put http.TimeoutHandler around the server itself, behind Middleware,
// authentication and Subresource, and set Middleware.Override:
//
//	cors.Handler(authenticate(sub.Handler(http.TimeoutHandler(s3, time.Minute, ""))))
//
// Then an answer that comes too late has its CORS fields, and all else works. A
// TimeoutHandler gives the handler behind it a header of its own, and puts that
// over ours in the end; nothing behind it can reach the server's writer. So,
// behind a TimeoutHandler:
//
//   - Header().Add("Vary", …) replaces the line of the Middleware, unless Override
//     is set;
//   - Middleware.Withdraw does nothing, with Override or without;
//   - no time for a body can be set, neither Subresource.BodyTimeout nor that of
//     LeaveBody. While the handler waits for a body, even the TimeoutHandler's own
//     answer waits with it. Only http.Server.ReadTimeout ends that: set it.
//
// # Bodies and connections
//
// Middleware and Subresource wait for no body that they do not need. An answer
// that is given without the body of its request, or without all of it, goes out at
// once. Under HTTP/1 it says "Connection: close", and the connection ends when the
// rest of the body has come, or after some two seconds. PUT ?cors, the only request
// whose body is read, has Subresource.BodyTimeout for it. Requests without a body
// keep their connection, and cost nothing more.
//
// All other answers are the server's own. Where one is given without the body of
// its request, as by an authentication that refuses, call LeaveBody before it, or
// set http.Server.ReadTimeout; a handler that reads a body sets a time for that
// with http.ResponseController, or relies on ReadTimeout. Also left to the server
// are the time for the header of a request (ReadHeaderTimeout), for the pause
// between two requests (IdleTimeout), and for a client that takes no answer
// (WriteTimeout).
//
// # Requests that S3 refuses unseen
//
// S3 refuses some requests before it looks for the bucket or at credentials:
// methods that it does not know, and queries with two sub-resources at once, such
// as ?cors&acl. Subresource refuses those that are for ?cors before it asks
// Authorize. A server that wants to refuse all others as well asks CheckMethod in
// front of the Middleware, and CheckSubresources behind it.
//
// One thing is not as in S3 where authentication stands in front of the
// Subresource: a wrong signature is noticed before two sub-resources are.
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
// hangs up; by 65,536 bytes of body, read in Subresource.BodyTimeout; by two seconds
// for a body that is not read; by Cache.MaxEntries and Cache.MaxBytes, which is an
// estimate of memory. The times need a writer on which http.ResponseController can
// set a read deadline. Questions about different buckets are for rate limits, and
// for the store, to bound (see Cache).
package corshttp
