// Package corsserver has what a server of S3's protocol needs around its decisions
// on CORS, whatever HTTP library it stands on: where the documents of buckets are
// kept, the policies that are cached in front of them, what a request addresses,
// how requests for ?cors are answered, and the errors that S3 gives there.
//
// Servers on net/http use it through package corshttp, and those on fasthttp and
// fiber through corsfasthttp. It is also what an adapter for another library is
// made of: a [Decider] decides on each request, a [Subresource] answers those for
// ?cors.
//
// # Stores and caches
//
// A [Store] has three methods over the place where a server keeps what it knows of
// its buckets. Three caches fit three kinds of server:
//
//   - [Cache], the simple choice, asks its store for the document of a bucket, and
//     again when its time to live is over. It bounds the questions to the store, the
//     memory it takes, and the age of what it knows.
//   - [ContentCache] is for servers that read the document of a bucket with every
//     request anyway, as part of what they know of it: it finds the policy by the
//     text.
//   - [VersionCache] is for servers that know, with every request, a version of the
//     bucket's configuration, and read the document only if that is new.
//
// All three are bounded in bytes of memory, and what they have at hand costs no
// allocation. A [Cache] is a Store and its method Policy a [Source]; the other two
// need no Store, and the Source is a function of the server that looks up the
// bucket and asks them.
//
// # Configurations that S3 would refuse
//
// A server that has stored configurations before it had this package can hold some
// that S3 would refuse. By default they are faults, as a document is that nobody
// can read: the bucket grants nothing, and its preflights are answered with 500
// InternalError. That is the default since a server that begins with this package
// has none, and since a fault that is seen is mended. Lenient caches let such
// configurations count as far as they can be understood, never further than their
// words (see s3cors.CompileStored). The page docs/migrating.md of the repository
// says how to find such configurations, and how to switch.
package corsserver
