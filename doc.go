// Package s3cors decides on cross-origin requests as Amazon S3 does.
//
// A bucket of S3 can have a CORS configuration, which is a list of rules. By these
// rules S3 answers preflights, which are OPTIONS requests, and chooses the CORS
// header fields of every other response. This package reads such configurations,
// refuses what S3 refuses, in S3's words, and gives S3's answer to a request: the
// exact header fields, or the exact error.
//
// Most users need four functions:
//
//   - [ParseXML] reads the body of PUT ?cors;
//   - [Compile] makes a [Policy] of the configuration;
//   - [Policy.Evaluate] decides on a request;
//   - [Configuration.AppendXML] prints the body of GET ?cors.
//
// [Parse] reads JSON as well as XML. It is for files and tools, since S3 itself
// takes XML only.
//
// A server needs more: a cache of policies, the bucket and the key that a request
// addresses, an answer to requests for ?cors. Three packages have these:
//
//   - [github.com/s3cors/s3cors/corshttp] is for servers on net/http;
//   - [github.com/s3cors/s3cors/corsfasthttp], a module of its own, is for servers
//     on fasthttp and fiber;
//   - [github.com/s3cors/s3cors/corsserver] has the parts of both. It imports no
//     HTTP library, and adapters for other libraries are made of it.
//
// # Model
//
// Data goes one way:
//
//	XML ─┐                                                              ┌▶ Headers, in S3's order
//	     ├▶ Configuration ─▶ Compile ─▶ Policy ─▶ Evaluate ─▶ Decision ─┤
//	JSON ┘  plain data                  immutable Request     a value   └▶ Refusal, S3's error
//
// A [Configuration] is plain data. A [Policy] is immutable, shares nothing with
// the configuration, and serves any number of goroutines. A [Decision] is a small
// value, from which the header fields or the error are made when they are needed.
// Evaluate writes nothing, and nothing that writes a response decides.
//
// Every bucket has a policy, whatever is known of it. The [State] of the policy
// tells what that is:
//
//   - A bucket with a configuration has the policy that [Compile] returns. Where
//     the configuration was stored, and S3 might not have accepted it,
//     [CompileStored] makes a policy of what can be understood.
//   - A bucket without a configuration has that of [NoConfiguration], for which a
//     nil *Policy may stand.
//   - A bucket that does not exist has that of [NoSuchBucket].
//   - A bucket whose configuration cannot be learned, because the store fails or
//     holds an unreadable document, has that of [Unavailable].
//
// The package knows no HTTP library. It takes four strings of a request and what
// its URL addresses, and it gives strings back.
//
// # Terminology
//
// The words are those of S3 and of the [Fetch] standard. An origin is the value of
// the Origin field; S3 takes it as a string, and does not look into it. A preflight
// is a request with the method OPTIONS, and every other request is an actual
// request. A rule matches a request if its AllowedOrigins, AllowedMethods and
// AllowedHeaders all admit it. The first rule that matches decides, and no other
// rule counts. A refusal is an error that S3 sends instead of the response. S3
// does not refuse an actual request because no rule matches: it serves the request,
// and adds no CORS header fields.
//
// # Other servers
//
// The option WithDialect selects another kind of server for all that takes options.
// The RADOS Gateway of Ceph is one: [docs/ceph-cors.md] states what it does otherwise.
//
// # Sources
//
// The page [docs/s3-cors.md] of the repository states what S3 does, one fact a row.
// Each row has an id, a source and a grade of evidence: recorded from S3, quoted,
// documented, or inferred. Where S3's [documentation] and its recorded behaviour
// differ, the behaviour counts. The package corstest/vectors shows every row that
// data can show, for use in any language.
//
// The standards are Fetch, RFC 9110 for [field lines] and [tokens], [XML 1.0],
// [Namespaces in XML], and [RFC 8259] for JSON.
//
// # Security
//
// CORS tells browsers what scripts of other origins may read. It protects no
// server: whoever is not a browser need not care. Authenticate and authorise as
// if there were no CORS. Preflights, which carry no credentials, come before that;
// put limits on their rate in front of both.
//
// Whatever a client sends is bounded: the three fields may have 8,192 bytes
// together, no evaluation allocates, and each takes a time linear in these bytes
// that does not grow with the number of rules, listed origins or listed headers.
// The exception is patterns with a star that nest, as a*a, aa*a and aa*aa do: for
// certain values each of them costs a step, if its rule lists the method. The
// worst document of 64 KiB that we know takes some fifteen microseconds a value,
// and so nearly three milliseconds for a request of 8 KiB. Only the owner
// of the bucket can store it. Documents are bounded by S3's 65,536 bytes;
// reading one takes linear time. No input makes this package panic. Ceph's documents
// may have sixteen times as many bytes, and what they cost grows with them: the worst
// that we know costs some ten milliseconds for an actual request of 8 KiB.
//
// An origin that a pattern admits is echoed with credentials allowed, as S3 does:
// "https://*example.com" admits https://evilexample.com. A rule that lists "*"
// answers "*", without credentials, whatever else it lists.
//
// Error messages quote the request or the document. [Error.AppendXML] escapes
// them for XML, [Problem.Error] for a terminal.
//
// [Fetch]: https://fetch.spec.whatwg.org/#http-cors-protocol
// [docs/s3-cors.md]: https://github.com/s3cors/s3cors/blob/main/docs/s3-cors.md
// [docs/ceph-cors.md]: https://github.com/s3cors/s3cors/blob/main/docs/ceph-cors.md
// [documentation]: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
// [field lines]: https://www.rfc-editor.org/rfc/rfc9110#section-5.3
// [tokens]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2
// [XML 1.0]: https://www.w3.org/TR/xml/
// [Namespaces in XML]: https://www.w3.org/TR/xml-names/
// [RFC 8259]: https://www.rfc-editor.org/rfc/rfc8259
package s3cors
