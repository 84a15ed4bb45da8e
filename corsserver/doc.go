// Package corsserver has what a server of S3's protocol needs around its decisions
// on CORS, whatever HTTP library it uses. It keeps the documents of buckets, caches
// policies in front of them, reads which bucket and key a request addresses, answers
// requests for ?cors, and has the errors that S3 sends there. It imports no net/http.
//
// Servers on net/http use it through package corshttp, and servers on fasthttp and
// fiber use it through corsfasthttp. An adapter for another library is made of two
// types: a [Decider] decides on each request, and a [Subresource] answers requests for
// ?cors.
//
// # Stores and caches
//
// A [Store] has three methods over the place where a server keeps what it knows of
// its buckets. Three caches fit three kinds of server:
//
//   - [Cache] is the simple choice. It asks its store for the document of a bucket,
//     and asks again when a time to live is over. It bounds the questions to the
//     store, the memory that it takes, and the age of what it knows.
//   - [ContentCache] is for servers that read the document of a bucket with every
//     request anyway, as a part of what they know of the bucket. It finds the policy
//     by the text of the document.
//   - [VersionCache] is for servers that know, with every request, a version of the
//     bucket's configuration. It reads the document only if the version is new.
//
// All three are bounded in bytes of memory, and what they have at hand costs no
// allocation. A [Cache] is a Store and its method Policy a [Source]; the other two
// need no Store, and the Source is a function of the server that looks up the
// bucket and asks them.
//
// # Several servers over one store
//
// A change that was made through another server is in effect here when the TTL of the
// [Cache] is over. If the store announces changes, a server passes them on to its Cache,
// and they are in effect at once: by Cache.Supersede if they come with a revision, and by
// Cache.Invalidate if not. When announcements may have been missed, since the connection
// was broken for example, the server calls Cache.InvalidateAll. The TTL can be long then.
//
// A store that counts changes is a [RevisionStore]. The Cache asks it only for documents
// that are newer than what it has, and tells an old answer from a new one. A Store in
// which a change can lose a race returns [ErrConflict], and the client gets S3's 409
// OperationAborted.
//
// While the store is away, a bucket whose TTL is over grants nothing. Cache.StaleFor
// lets its last policy count for a bounded time. The page docs/scale.md of the repository
// shows all this for several kinds of stores, and measures it.
//
// # Configurations that S3 would refuse
//
// A server that stored configurations before it had this package can hold some that
// S3 would refuse. By default such a configuration counts as one that cannot be read:
// the bucket grants nothing, and its preflights are answered with S3's 500
// InternalError. This is the default because a server that begins with this package
// has no such configuration, and because people correct a fault that they can see.
//
// A cache with the field Lenient takes from such a configuration what it can
// understand, and never more than the words of the configuration say. It compiles as
// s3cors.CompileStored does.
// The page docs/migrating.md of the repository says how to find such configurations,
// and how to switch.
package corsserver
