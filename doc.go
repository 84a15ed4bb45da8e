// Package s3cors decides on CORS as Amazon S3 does.
//
// A bucket of S3 may carry a CORS configuration, a list of rules. By it S3
// answers preflights (OPTIONS) outright, and chooses the CORS headers of every
// other response to a request with an Origin. This package reads such
// configurations, refuses what S3 refuses with S3's words, and gives S3's answer
// to a request: the exact header fields, or the exact error.
//
// Most users need four functions: [ParseXML] for the body of PUT ?cors, [Compile]
// to make a [Policy] of it, [Policy.Evaluate] for each request, and
// [Configuration.AppendXML] for GET ?cors. ([Parse] takes JSON as well, which is
// what people have in files; S3 takes XML only.) Servers built on
// net/http find these put together in the package corshttp.
//
// # Model
//
// Data goes one way:
//
//	XML ─┐                                                   ┌─▶ Headers, in S3's order
//	     ├▶ Configuration ─▶ Compile ─▶ Policy ─▶ Evaluate ─▶ Decision
//	JSON ┘   plain data      validates  immutable  Request   └─▶ Refusal: S3's error
//
// A [Configuration] is plain data. A [Policy] is immutable, shares nothing with
// the configuration, and serves any number of goroutines. A [Decision] is a small
// value from which headers and error are rendered on demand. Deciding writes
// nothing; whoever writes the response decides nothing.
//
// A bucket without a configuration is a policy, too: a nil *Policy, or that of
// Compile(nil). So is a bucket that does not exist: [NoSuchBucket].
//
// The package knows no HTTP library. It takes four strings of a request, and
// gives strings back.
//
// # Terminology
//
// The words are those of S3 and of the Fetch standard. An origin is the value of
// the Origin field, to S3 an opaque string. A preflight is a request with the
// method OPTIONS; every other request is an actual one. A rule matches a request
// if its AllowedOrigins, AllowedMethods and AllowedHeaders all do; the first rule
// that matches is the one that counts. A refusal is an answer that S3 gives in
// place of what was asked for; S3 never refuses an actual request because no rule
// matches, it just adds no header.
//
// # Sources
//
// What S3 does is stated in docs/s3-cors.md of this repository, a fact a row,
// each with its source and a grade of evidence: recorded from S3, quoted,
// documented, or inferred. Comments name rows by their id, as in
// 4.3/leading-empty. Where S3's documentation and its recorded behaviour differ,
// the behaviour counts. The package test vectors show every row that data can
// show; they are in corstest/vectors, for use in any language.
//
// Further: Fetch, section "CORS protocol"; RFC 9110 sections 5.3 (field lines)
// and 5.6.2 (tokens); XML 1.0; RFC 8259.
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
// The exception are patterns with a star that nest, as a*a, aa*a and aa*aa do: for
// certain values each of them costs a step, if its rule lists the method. The
// worst document of 64 KiB that we know takes some fifteen microseconds a value,
// and so nearly three milliseconds for a request of 8 KiB. Only the owner
// of the bucket can store it. Documents are bounded by S3's 65,536 bytes;
// reading one takes linear time. No input makes this package panic.
//
// An origin that a pattern admits is echoed with credentials allowed, as S3 does:
// "https://*example.com" admits https://evilexample.com. A rule that lists "*"
// answers "*", without credentials, whatever else it lists.
//
// Error messages quote the request or the document. [Error.AppendXML] escapes
// them for XML, [Problem.Error] for a terminal.
package s3cors
