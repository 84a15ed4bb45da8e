// Package quirk holds what servers of S3's protocol differ in, point by point.
// Code asks about one point at a time, never which server it stands for, so that
// another kind of server is another row of the table and no more code.
//
// The points are named after what is done, so that each is a question which code
// can ask. Rows whose id begins with "ceph-" are those of docs/ceph-cors.md.
package quirk

// A Dialect is a kind of server: an answer to each question. It is read only.
type Dialect struct {
	// Name is what the command and the test vectors call it.
	Name string

	Limits
	Requests
	Rules
	Answers
	Documents
	Prints
	Operations
}

// Limits bound what a client sends.
type Limits struct {
	// MaxDocumentBytes bounds a document (1.1/body-size, ceph-5/size).
	MaxDocumentBytes int
	// MaxRules bounds the rules of a configuration (1.1/number-of-rules).
	MaxRules int
	// MaxIDBytes bounds an ID; 0 is no bound (1.2/id-length, ceph-5/id-length).
	MaxIDBytes int
	// MaxRequestBytes bounds the values of a request's three fields together
	// (10/too-large-values, ceph-1/too-large-values).
	MaxRequestBytes int
}

// Requests are how requests are read, and in which order they are checked.
type Requests struct {
	// SeesMore looks at more of a request than its target, its method and the values
	// of its three fields. Only where it does, the points that need more can be set.
	SeesMore bool
	// LastLine takes the last of several lines of a field, where others join them
	// (ceph-1/last-line).
	LastLine bool
	// EmptyCounts takes an empty field for a value, where it is absent to others
	// (ceph-1/empty-origin, ceph-1/empty-method).
	EmptyCounts bool
	// BucketFirst looks at what is addressed before the fields of a request
	// (ceph-1/service-root, ceph-1/missing-bucket).
	BucketFirst bool
	// NeedsMethod refuses a preflight without Access-Control-Request-Method
	// (ceph-1/missing-method).
	NeedsMethod bool
	// ChecksFields refuses an Access-Control-Request-Method that is none, and names
	// in Access-Control-Request-Headers that are none (4.2/invalid-method).
	ChecksFields bool
	// ManySeparators divides names at semicolons, equals signs, spaces and tabs, too
	// (ceph-1/name-separators).
	ManySeparators bool
	// MakesBuckets grants nothing to the PUT of a bucket, which it looks up as one
	// that does not exist yet (ceph-1/put-of-a-bucket).
	MakesBuckets bool
}

// Rules are how a rule is chosen.
type Rules struct {
	// ByOriginAlone chooses the first rule that admits the origin; its methods and
	// headers only then decide (ceph-2/rule-by-origin).
	ByOriginAlone bool
	// NamesDecideActual asks rules for the header names of actual requests as well
	// (4.1/requested-headers-actual, ceph-2/names-of-actual-requests).
	NamesDecideActual bool
	// Overlap lets the texts before and behind a star share characters of the value
	// (4.4/no-overlap, ceph-2/overlap).
	Overlap bool
}

// Answers are what is sent for a decision.
type Answers struct {
	// EchoesStar sends the origin itself where the rule has a star, to preflights
	// and to requests with Authorization (ceph-3/allow-origin-preflight,
	// ceph-3/allow-origin-authorization).
	EchoesStar bool
	// Credentials sends Access-Control-Allow-Credentials with an origin
	// (5.1/credentials, ceph-3/credentials).
	Credentials bool
	// Vary is the value of that field.
	Vary string
	// VaryOfEcho sends Vary second, and with an echoed origin only (ceph-3/vary).
	VaryOfEcho bool
	// MethodAsked sends the method under test in place of the rule's methods
	// (ceph-3/allow-methods).
	MethodAsked bool
	// NamesAsSent sends names in the case of the request, joined with a comma alone
	// (ceph-3/allow-headers, ceph-3/expose-headers).
	NamesAsSent bool
	// PlainRefusals refuses with codes that do not tell what is wrong
	// (ceph-4/not-allowed and others).
	PlainRefusals bool
	// NamesBucket adds BucketName to errors, and to plain refusals (ceph-4/bucket-name).
	NamesBucket bool
}

// Documents are what is accepted, and as what.
type Documents struct {
	// NeedsMethods refuses a rule without AllowedMethod (1.1/no-allowed-method,
	// ceph-5/no-allowed-method).
	NeedsMethods bool
	// ChecksValues refuses values one by one with a text for each, after the
	// structure; else a bad value is a defect of structure (ceph-5/bad-values).
	ChecksValues bool
	// IgnoresUnknown passes over elements that it does not know, over elements
	// inside of values, over text between elements, and over a second ID or
	// MaxAgeSeconds; an element with a prefix is unknown (ceph-5/unknown-elements).
	IgnoresUnknown bool
	// LooseNumbers reads MaxAgeSeconds as strtoull of C does, and drops what does
	// not fit (ceph-5/max-age-forms).
	LooseNumbers bool
	// Normalises changes what it stores (ceph-6/methods and others).
	Normalises bool
	// RangeError says InvalidRange of a document that is too long (ceph-5/size).
	RangeError bool
}

// Prints are how documents and errors are printed.
type Prints struct {
	// Declares puts an XML declaration before a configuration (2/prologue,
	// ceph-6/prologue).
	Declares bool
	// LineFeed follows the XML declaration (2/prologue, ceph-4/one-line).
	LineFeed bool
	// MethodsFirst prints a rule's elements in the other order (2/element-order,
	// ceph-6/element-order).
	MethodsFirst bool
	// EscapesQuotes escapes quotes and apostrophes (10/escaping-in-output,
	// ceph-6/escapes).
	EscapesQuotes bool
}

// Operations are how ?cors itself is served.
type Operations struct {
	// OfBucketsOnly leaves ?cors on the path of an object to the object
	// (ceph-7/object-path).
	OfBucketsOnly bool
	// BareOperations sends no CORS fields with answers for ?cors but the 403
	// (ceph-7/cors-fields).
	BareOperations bool
	// ChecksDigests asks for a digest of the body and compares it
	// (1.4/checksum-required, ceph-7/digests).
	ChecksDigests bool
	// PutHasType sends Content-Type with the answers to PUT and GET, which else have
	// none (2/get-headers, ceph-7/content-type).
	PutHasType bool
	// ClosesWithoutOrigin closes the connection of a preflight without Origin
	// (5.3/connection-close, ceph-4/framing).
	ClosesWithoutOrigin bool
	// HeadOfBucket takes HEAD ?cors for HEAD of the bucket, and does not implement
	// any other method (ceph-7/other-methods).
	HeadOfBucket bool
}

// The numbers of the dialects.
const (
	Amazon = iota
	Ceph
	CephMain
)

var table = [...]Dialect{Amazon: amazon, Ceph: ceph, CephMain: cephMain()}

// Of returns the dialect with that number; Amazon's for a number that is none.
func Of(number int) *Dialect {
	if number < 0 || number >= len(table) {
		number = Amazon
	}
	return &table[number]
}

// Count is how many dialects there are.
const Count = len(table)

var amazon = Dialect{
	Name:      "aws",
	Limits:    Limits{MaxDocumentBytes: 65536, MaxRules: 100, MaxRequestBytes: 8192},
	Requests:  Requests{ChecksFields: true},
	Rules:     Rules{NamesDecideActual: true},
	Answers:   Answers{Credentials: true, Vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"}, // 5.1/vary
	Documents: Documents{NeedsMethods: true, ChecksValues: true},
	Prints:    Prints{Declares: true, LineFeed: true},
	Operations: Operations{
		ChecksDigests: true, ClosesWithoutOrigin: true,
	},
}

var ceph = Dialect{
	Name:   "ceph",
	Limits: Limits{MaxDocumentBytes: 1<<20 - 1, MaxRules: 100, MaxIDBytes: 255, MaxRequestBytes: 8192},
	Requests: Requests{
		SeesMore: true, LastLine: true, EmptyCounts: true, BucketFirst: true, NeedsMethod: true, ManySeparators: true, MakesBuckets: true,
	},
	Rules: Rules{ByOriginAlone: true, Overlap: true},
	Answers: Answers{
		EchoesStar: true, Vary: "Origin", VaryOfEcho: true, MethodAsked: true, NamesAsSent: true, PlainRefusals: true, NamesBucket: true,
	},
	Documents:  Documents{IgnoresUnknown: true, LooseNumbers: true, Normalises: true, RangeError: true},
	Prints:     Prints{MethodsFirst: true, EscapesQuotes: true},
	Operations: Operations{OfBucketsOnly: true, BareOperations: true, PutHasType: true, HeadOfBucket: true},
}

// cephMain is Ceph's with what its main branch has changed (ceph-2/rule-as-amazon).
func cephMain() Dialect {
	d := ceph
	d.Name, d.ByOriginAlone = "ceph-main", false
	return d
}
