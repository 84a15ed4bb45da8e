package s3cors

import "fmt"

// A Target is what the URL of a request addresses.
type Target uint8

const (
	// TargetObject is a key in a bucket, whether or not it exists.
	TargetObject Target = iota
	// TargetBucket is a bucket itself, its sub-resources included.
	TargetBucket
	// TargetService is the root of the server, "/", where no bucket is addressed.
	// S3 answers there as for a bucket that does not exist, whatever the policy:
	// a request for a bucket must never have this target.
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

// A Request is what S3 looks at to decide on CORS. It says nothing of the header
// fields really sent, since S3 does not compare them (4.1/sent-headers-ignored).
//
// The fields behind Target are what servers other than Amazon S3 look at. Amazon
// S3's decisions do not depend on them, so a server that has no other dialect
// leaves them alone. Policy.ReadRequest fills in those that are header fields.
//
// Field values are those of HTTP: without the blanks around them; several field
// lines of one name are joined with "," (RFC 9110 section 5.3); "" is an absent
// field and an empty one alike.
type Request struct {
	// Method is the method of the HTTP request. "OPTIONS" makes it a preflight.
	Method string
	// Origin is the value of the Origin field.
	Origin string
	// RequestMethod is the value of the Access-Control-Request-Method field.
	RequestMethod string
	// RequestHeaders is the value of the Access-Control-Request-Headers field.
	RequestHeaders string
	// Target is what the URL addresses; the zero value is an object.
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

// An Outcome tells S3's distinct answers apart. More may come with other kinds
// of server, so a switch over outcomes needs a default.
type Outcome uint8

const (
	// NotCORS is an actual request without Origin: S3 adds nothing.
	NotCORS Outcome = iota
	// Granted means that a rule matched.
	Granted
	// NoMatch means that no rule matched.
	NoMatch
	// NotEnabled means that the bucket has no CORS configuration.
	NotEnabled
	// NoBucket means that no existing bucket is addressed.
	NoBucket
	// MissingOrigin is an OPTIONS request without Origin.
	MissingOrigin
	// InvalidMethod means that Access-Control-Request-Method is not one of the
	// methods that S3 knows.
	InvalidMethod
	// InvalidHeaders means that Access-Control-Request-Headers holds a name that
	// is not a token.
	InvalidHeaders
	// TooLarge means that the request's fields are too long together.
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

// String returns the outcome's name, such as "granted" or "no-match".
func (o Outcome) String() string {
	if int(o) < len(outcomes) {
		return outcomes[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}
