// Package corshttp puts Amazon S3's CORS into a server on net/http: the answers to
// preflights, the header fields of all other answers, and the ?cors sub-resource of
// buckets. Package s3cors decides on requests and has S3's words, and package
// corsserver has stores and caches. This package brings them to HTTP.
//
// # Wiring
//
// Most servers need one [Server] over a store of the buckets' configurations, and
// two of its handlers around their own:
//
//	cors := &corshttp.Server{Store: store, Authorize: mayChangeCORS}
//	server := http.Server{
//		Addr:              addr,
//		Handler:           limitRates(cors.CORS(authenticate(cors.Subresource(s3)))),
//		ReadHeaderTimeout: 10 * time.Second,
//	}
//	server.ListenAndServe()
//
// A server of one bucket whose policy never changes needs no store:
//
//	cors := &corshttp.Server{Address: corshttp.OneBucket("assets"), Policies: corshttp.OnePolicy(policy)}
//	http.ListenAndServe(addr, cors.CORS(files))
//
// These are the methods of a Server:
//
//   - [Server.CORS] answers preflights, and sets the CORS fields of all other answers.
//   - [Server.Subresource] answers PUT, GET and DELETE of ?cors.
//   - [Server.Handler] is the first around the second, with nothing between them.
//   - [Server.Check] decides, and leaves the answer to others. Handlers in front of
//     CORS use it, and write the fields with [SetFields].
//   - [Server.Preflights] is for routers with an OPTIONS route.
//   - [Server.Withdraw] takes back the fields that CORS has set.
//   - [Server.Cache] is told what happens to buckets by other means than ?cors, such as
//     through another server over the same store.
//
// A server that needs more of its cache than TTL and MaxBytes makes a corsserver.Cache
// itself, and gives it to the Server as its Store.
//
// A Server reads requests in path style. Its field Address changes that; VirtualHosted
// is the other style.
//
// # Order
//
// Rate limits come first. Preflights carry no credentials, so whoever reaches the
// server can send them. A preflight for a bucket that is not in the cache costs a
// question to the store.
//
// CORS comes next. It must see OPTIONS requests: behind a router that hands on only
// the methods of its patterns (http.ServeMux with "GET /") it is never called, and
// browsers get a 405. It must stand in front of authentication: browsers do not sign
// preflights, and a page can read an error only if the fields are on it. It must see
// the path that the server reads, so nothing behind it may rewrite paths (see
// PathStyle).
//
// Authentication comes next, then Subresource, then the server itself. The server
// should set no CORS fields. If it sets some, as a proxy in front of another S3 does,
// set Server.Override. Override is also needed in front of httputil.ReverseProxy for
// another reason: that clears all fields after an informational answer (103).
//
// A handler in front of CORS that answers a request itself sends no CORS fields. A
// page of another origin cannot read such an answer, and the browser reports an error
// of CORS. This holds for rate limits, for CheckMethod, and for an http.TimeoutHandler
// there whose time is over. Such a handler can call Check and SetFields first.
//
// A handler that calls Header().Set("Vary", …) replaces the value that CORS has set,
// and caches may then mix up origins. Such a handler should call Add, or the Server
// should have Override.
//
// # Order with http.TimeoutHandler
//
// Put http.TimeoutHandler around the server itself, behind CORS, authentication and
// Subresource, and set Override:
//
//	cors.CORS(authenticate(cors.Subresource(http.TimeoutHandler(s3, time.Minute, ""))))
//
// An answer that comes too late then has its CORS fields, and everything else works.
// A TimeoutHandler gives the handler behind it a header of its own, and in the end
// copies that header over ours. Nothing behind it can reach the server's writer.
// Therefore, behind a TimeoutHandler:
//
//   - Header().Add("Vary", …) replaces the line that CORS has set, unless Override is
//     set;
//   - Withdraw does nothing, with Override or without;
//   - nobody can set a time for a body, neither with Server.BodyTimeout nor with
//     LeaveBody. While the handler waits for a body, even the answer of the
//     TimeoutHandler waits with it. Only http.Server.ReadTimeout ends that: set it.
//
// # Bodies and connections
//
// The handlers of a Server wait for no body that they do not need. An answer without
// the body of its request, or without all of it, goes out at once. Under HTTP/1 it
// says "Connection: close", and the connection ends when the rest of the body has
// come, or after some two seconds. Only the body of PUT ?cors is read, and
// Server.BodyTimeout is the time for it. A request without a body keeps its
// connection, and costs nothing more.
//
// All other answers are the server's own. Before an answer without the body of its
// request, such as a refusal of the authentication, call LeaveBody, or set
// http.Server.ReadTimeout. A handler that reads a body sets a time for that with
// http.ResponseController, or relies on ReadTimeout. The server also has to bound the
// time for the header of a request (ReadHeaderTimeout), for the pause between two
// requests (IdleTimeout), and for a client that takes no answer (WriteTimeout).
//
// # Requests that S3 refuses unseen
//
// S3 refuses two kinds of requests before it looks for the bucket and at credentials:
// those with a method that it does not know, and those with two sub-resources at
// once, such as ?cors&acl. Subresource refuses such requests for ?cors before it
// calls Authorize. A server that wants to refuse all of them calls
// corsserver.CheckMethod in front of CORS, and corsserver.CheckSubresources behind it.
//
// One thing is not as in S3 if authentication stands in front of Subresource: the
// server notices a wrong signature before it notices two sub-resources.
//
// # Deviations
//
// Without options and without the fields named here, the answers are those of S3.
// These options of package s3cors change them:
//
//   - VaryAlways sends Vary with every answer that is not a refusal, so that no cache
//     keeps an answer without CORS fields for other origins. A server that browsers
//     use should have it. It costs no question to the store.
//   - VaryConfigured sends it for the buckets that have a configuration. It costs a
//     question to the store also for requests without Origin.
//   - PassInvalid lets actual requests go on that S3 refuses with status 400 for their
//     Access-Control-Request-Method or Access-Control-Request-Headers.
//   - UniformRefusals refuses preflights in the same words whether a bucket exists or
//     not.
//   - ExposeAlso exposes further headers of the responses to actual requests.
//
// WithDialect selects another kind of server altogether: see the next section. And
// these fields of a Server:
//
//   - Fallback is a policy for buckets without a configuration, and with
//     FallbackForMissing for buckets that do not exist.
//   - Lenient takes what it can understand of a stored configuration that S3 would
//     refuse.
//
// Override and Withdraw change what the server itself adds to S3's answer, or takes
// from it.
//
// Two things are left to net/http. It sorts header fields, and it sends errors with a
// Content-Length, where S3 sends them in chunks.
//
// # Ceph
//
// With s3cors.WithDialect(s3cors.Ceph) among the Options, the answers are those of the
// RADOS Gateway of Ceph; docs/ceph-cors.md of this repository says what differs. A
// request for ?cors of an object goes on to the server then, since to Ceph it is one
// for the object.
//
// Two things about credentials are the server's to do. A preflight that is signed with an
// access key which nobody has is refused with 403 InvalidAccessKeyId, in front of CORS.
// An actual request whose authentication fails gets no CORS fields: call Withdraw
// before that answer. Since version 20.2.4 of Ceph this includes requests with a
// Content-Type or an x-amz field that the signature does not cover.
//
// # What it does not do
//
// The package does not authenticate. It authorises nothing but requests for ?cors,
// and asks Authorize about these. It does not answer OPTIONS *, which is for the
// server. It does not check the size of the whole header section, of which S3 accepts
// 8,192 bytes: set http.Server.MaxHeaderBytes. It does refuse the three fields that
// it reads if they are longer than that together. It does not decode bodies in signed
// chunks (STREAMING-…, aws-chunked) on PUT ?cors, where no client sends them, and
// refuses them with status 501. It logs nothing, and calls Observe and Failed with
// what there is to log. It starts no goroutine but one for each question of the cache
// to the store.
//
// # Security
//
// CORS is not access control: it tells browsers which pages may read an answer, and
// every other client ignores it. A refused actual request is still served.
//
// If the store fails, or holds a document that cannot be read, nothing is granted,
// and Fallback does not decide either. A preflight gets 500 InternalError, and an
// actual request goes on without CORS fields. A document of no bytes cannot be read;
// only nil means that there is no document. A cache with StaleFor is an exception: while
// the store fails, it goes on with the last policy of a bucket for that time.
//
// Like S3, a Server tells everybody who sends a preflight whether a bucket exists,
// whether it has a configuration, and whether a rule matches. A server whose names of
// buckets are secret needs s3cors.UniformRefusals.
//
// What a request can make the server do is bounded: by the length of its own header
// fields; by one question to the store for each bucket at a time, whoever hangs up;
// by 65,536 bytes of body, read within BodyTimeout; by two seconds for a body that is
// not read; and by the MaxEntries and the MaxBytes of the cache, the latter being an
// estimate of memory. The times need a writer on which http.ResponseController can
// set a read deadline. The number of questions about different buckets is for rate
// limits, and for the store, to bound (see corsserver.Cache).
package corshttp
