// Package corsfasthttp puts Amazon S3's CORS into a server built on fasthttp, or on
// fiber: the answers to preflights, the header fields of all other answers, and the
// ?cors sub-resource of buckets. What is decided, and what S3 says to clients, is
// package s3cors's; what servers need around that is package corsserver's; this
// package brings both to fasthttp, as package corshttp does to net/http.
//
// # Wiring
//
// Most servers need these lines, and a Store over the place where they keep what
// they know of buckets:
//
//	cors := &corsfasthttp.Server{Store: store, Authorize: mayChangeCORS}
//	server := fasthttp.Server{
//		Handler:        limitRates(cors.CORS(authenticate(cors.Subresource(s3)))),
//		ReadTimeout:    time.Minute,
//		ReadBufferSize: 16 << 10,
//	}
//	server.ListenAndServe(addr)
//
// A server of one bucket whose policy is known beforehand needs one:
//
//	cors := &corsfasthttp.Server{Address: corsfasthttp.OneBucket("assets"), Policies: corsfasthttp.OnePolicy(policy)}
//
// Requests are taken in path style unless Address says otherwise; VirtualHosted is
// the other style. Where the handler itself drops a bucket, or changes a
// configuration by other means than ?cors, it tells Server.Cache. A server that needs
// more of its cache than TTL and MaxBytes makes a corsserver.Cache itself, and gives it
// to the Server as its Store.
//
// # Wiring with fiber
//
// In front of a whole application of fiber v3, errors and all, once its routes are
// there:
//
//	app.Server().Handler = cors.Handler(app.Handler())
//
// In front of some of its routes:
//
//	app.Use(func(c fiber.Ctx) (err error) {
//		cors.Handler(func(*fasthttp.RequestCtx) { err = c.Next() })(c.RequestCtx())
//		return err
//	})
//
// There fiber itself answers OPTIONS * and methods that it does not know, and its
// ErrorHandler comes after Override.
//
// # Order
//
// Rate limits come first. Preflights carry no credentials, so whoever reaches the
// server can send them, and one for a bucket that is not in the cache costs a
// question to the store.
//
// Then CORS. It must see OPTIONS requests: behind a router that sends on only the
// methods it has routes for, it is never asked, and browsers get a 405. (Such a
// router can have Preflights for its OPTIONS routes.) It must stand in front of
// authentication: browsers do not sign preflights, and the page can read an error
// only if the fields are on it. It must see the path that the server reads, so
// nothing behind it may rewrite the URI (see PathStyle).
//
// Then authentication, then Subresource, then the server itself, which should not
// set CORS fields. If it does, as a proxy in front of another S3 will, set Override.
//
// Whatever stands in front of CORS and answers in its place sends no CORS fields: a
// page of another origin cannot read that answer, and the browser reports an error
// of CORS. Rate limits can use Check and SetFields. A fasthttp.TimeoutHandler
// belongs behind CORS. The answers that fasthttp gives before it calls a handler, to
// a request that it cannot read, have no CORS fields in any case.
//
// # What a handler does to the response
//
// A handler of fasthttp writes to the response that CORS has written to, and can
// empty it: RequestCtx.Error, NotFound and NotModified do, a proxy does that puts
// the answer of another server there, and RequestCtx.TimeoutError has it replaced.
// So CORS sees to its fields once more when the handler has returned. If no
// Access-Control-Allow-Origin is there any more, all fields of the decision are put
// back, and Vary is added where it is missing. To send none, use Withdraw; to have
// the handler's own count, set Access-Control-Allow-Origin.
//
// Fields are sent in S3's order. A handler that deletes a field changes it:
// fasthttp puts the last field in the place of one that is deleted.
//
// # Memory
//
// fasthttp uses the memory of a request again for the next one, strings included.
// Store and Policies are given copies, and so is Authorize for its address; what
// Check returns is a copy. The verdict that Observe is given, and what a function
// in Address returns, are good for the call alone.
//
// A RequestCtx is a context.Context that serves the next request, too. Store and
// Policies are asked in one of their own: that of Server.Context.
//
// # Bodies and connections
//
// By default fasthttp reads the whole body of a request before it calls a handler,
// however little anybody wants it, and so do the answers to preflights wait for
// theirs. What bounds this is the server's to set. ReadTimeout ends the wait for a
// client that announces a body and sends none, which lasts for ever without it.
// MaxRequestBodySize, 4 MiB by default, bounds the memory; it must be 65,537 bytes at
// least, or else fasthttp answers a document that is too long, and not S3's error.
// Where objects need more time than a document, HeaderReceived can set both for
// each request. A body of type multipart/form-data is parsed, and refused if it is
// none, unless DisablePreParseMultipartForm is set.
//
// With StreamRequestBody fasthttp calls the handler when the first 8 KiB of a body
// are there, or at once if it comes in chunks. PUT ?cors then reads 65,537 bytes of it
// at most, and all other answers go out without it. They say "Connection: close", and
// the connection ends with them, since what is left of a body would be read as the
// next request. A client that sends on meanwhile can lose the answer: unlike
// package corshttp, this one has no way to wait for the rest after an answer. Other
// handlers that answer without a body call LeaveBody.
//
// # Requests that S3 refuses unseen
//
// S3 refuses some requests before it looks for the bucket or at credentials:
// methods that it does not know, and queries with two sub-resources at once, such
// as ?cors&acl. Subresource refuses those that are for ?cors before it asks
// Authorize. A server that wants to refuse all others as well asks
// corsserver.CheckMethod in front of CORS, and corsserver.CheckSubresources behind
// it.
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
//   - Server.Fallback is a policy for buckets without one.
//   - Server.Lenient reads stored configurations that S3 would not have stored.
//
// Override and Withdraw change what the server adds to, or takes from, S3's answer;
// they are S3's behaviour wherever the server itself is not.
//
// Left to fasthttp are the framing of errors, which S3 sends in chunks and fasthttp
// with a Content-Length; header fields with control characters, which it refuses;
// and "Expect: 100-continue", which it answers before anybody knows whether the body
// will be read, unless ContinueHandler or ExpectHandler is set.
//
// # What it does not do
//
// It does not authenticate, and authorises nothing but ?cors, for which it asks. It
// does not check the size of the whole header section, of which S3 accepts 8,192
// bytes: ReadBufferSize bounds that, at 4,096 bytes by default, so set it to more. (It
// refuses the three fields it reads if they are longer than 8,192 bytes together.)
// It does not decode bodies in signed chunks (STREAMING-…, aws-chunked) on PUT
// ?cors, where no client sends them, but refuses them with status 501. It logs
// nothing; Observe and Failed are told what there is to log. It starts no goroutine
// but one for each question of the cache to the store.
//
// # Security
//
// CORS is not access control: it tells browsers which pages may read an answer,
// and every other client ignores it. A refused actual request is still served.
//
// Where the store fails, takes longer than Timeout, or holds a document that cannot
// be read, nothing is granted, nor does Fallback decide: a preflight gets 500
// InternalError, an actual request goes on without CORS fields. A document of no
// bytes is one of those that cannot be read: only nil is none. A cache with StaleFor is
// an exception: while the store fails, it goes on with the last policy of a bucket for
// that time.
//
// The refusals of preflights tell a bucket that does not exist from one without a
// configuration, and both from one whose rules do not match, to anybody, as S3's
// do. A server for which the names of buckets are secret has s3cors.UniformRefusals
// among its options.
//
// What a request can make the server do is bounded: by the length of its own
// header fields; by one question to the store for each bucket at a time, for which it
// waits as long as Timeout says; by 65,536 bytes of body, and by what the server's
// settings let fasthttp read before; by Server.MaxBytes, which is an estimate of
// memory. fasthttp does not notice that a client hangs up while a handler runs.
// Questions about different buckets are for rate limits, and for the store, to bound
// (see corsserver.Cache).
package corsfasthttp
