package s3cors

import "fmt"

// A Target is the kind of resource that the URL of a request addresses.
type Target uint8

const (
	// TargetObject is an object in a bucket, whether it exists or not.
	TargetObject Target = iota
	// TargetBucket is a bucket itself, or one of its sub-resources.
	TargetBucket
	// TargetService is the root of the server, "/", which is in no bucket. S3
	// answers there as for a bucket that does not exist, whatever the policy. A
	// request for a bucket or an object must never have this target.
	TargetService
)

var targets = [...]string{TargetObject: "object", TargetBucket: "bucket", TargetService: "service"}

// String returns "object", "bucket" or "service".
func (t Target) String() string {
	if int(t) < len(targets) {
		return targets[t]
	}
	return fmt.Sprintf("Target(%d)", uint8(t))
}

// A Request is the part of an HTTP request that decides on CORS. The other header
// fields are not in it, since S3 does not compare those that are sent with those that
// are allowed.
//
// Amazon S3 reads no field behind Target: a server that has no other dialect leaves
// them alone. Policy.ReadRequest fills in those that tell of header fields.
//
// The value of a field is without the spaces and tabs around it. Several lines of one
// field are one value, joined with ",". The value "" stands for an absent field as well
// as for an empty one. [Policy.ReadRequest] reads fields in this way.
type Request struct {
	// Method is the method of the HTTP request. The method "OPTIONS", in capitals,
	// makes the request a preflight.
	Method string
	// Origin is the value of the Origin field.
	Origin string
	// RequestMethod is the value of the Access-Control-Request-Method field.
	RequestMethod string
	// RequestHeaders is the value of the Access-Control-Request-Headers field.
	RequestHeaders string
	// Target is what the URL addresses. The zero value is an object.
	Target Target

	// Authorization tells that the request has a field of that name, whatever its
	// value. A presigned URL is no such field.
	Authorization bool
	// EmptyOrigin and EmptyRequestMethod tell that the field is there, and empty.
	EmptyOrigin        bool
	EmptyRequestMethod bool
	// Subresource is the sub-resource of S3 that the query names, such as "cors" or
	// "acl"; "" if it names none, whatever else the query holds.
	Subresource string
	// Bucket is the name of the bucket, which errors of some servers repeat; "" if
	// it is not known.
	Bucket string
}

// An Outcome tells which of its distinct answers S3 gives, and why. Other kinds of
// server may bring more outcomes, so a switch over outcomes needs a default.
type Outcome uint8

const (
	// NotCORS is the outcome for an actual request without Origin. S3 adds no
	// header field.
	NotCORS Outcome = iota
	// Granted means that a rule matched.
	Granted
	// NoMatch means that no rule matched.
	NoMatch
	// NotEnabled means that the bucket has no CORS configuration.
	NotEnabled
	// NoBucket means that the request addresses no bucket that exists.
	NoBucket
	// MissingOrigin means that a preflight has no Origin.
	MissingOrigin
	// InvalidMethod means that Access-Control-Request-Method is not one of the
	// methods that S3 knows.
	InvalidMethod
	// InvalidHeaders means that Access-Control-Request-Headers holds something that
	// is no name of a header.
	InvalidHeaders
	// TooLarge means that the three fields of the request are too long together.
	TooLarge
	// PolicyUnavailable means that the server could not learn the bucket's policy.
	PolicyUnavailable
	// MissingMethod is an OPTIONS request without Access-Control-Request-Method to a
	// server that needs one. Amazon S3 does not.
	MissingMethod
)

var outcomes = [...]string{
	NotCORS:        "not-cors",
	Granted:        "granted",
	NoMatch:        "no-match",
	NotEnabled:     "not-enabled",
	NoBucket:       "no-bucket",
	MissingOrigin:  "missing-origin",
	InvalidMethod:  "invalid-method",
	InvalidHeaders: "invalid-headers",
	TooLarge:       "too-large",

	PolicyUnavailable: "unavailable",
	MissingMethod:     "missing-method",
}

// String returns the name of the outcome, such as "granted" or "no-match".
func (o Outcome) String() string {
	if int(o) < len(outcomes) {
		return outcomes[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}
