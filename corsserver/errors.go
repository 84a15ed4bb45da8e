package corsserver

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// The errors that S3 answers requests for ?cors with, in its words. Each call
// returns one of its own. Those about documents are package s3cors's.

// AccessDenied returns the error for a request that is not allowed, and for one
// whose x-amz-expected-bucket-owner is not the owner.
func AccessDenied() *s3cors.Error {
	return &s3cors.Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"} // 1.3/expected-owner
}

// NoSuchBucket returns the error for a bucket that does not exist.
func NoSuchBucket() *s3cors.Error { // 1.3/no-such-bucket
	return &s3cors.Error{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}
}

// NoSuchCORSConfiguration returns the error for a bucket that has no
// configuration to return.
func NoSuchCORSConfiguration(bucket string) *s3cors.Error { // 2/none-configured
	return &s3cors.Error{Status: 404, Code: "NoSuchCORSConfiguration",
		Message:  "The CORS configuration does not exist",
		Elements: []s3cors.Element{{Name: "BucketName", Value: bucket}}}
}

// MethodNotAllowed returns the error for a method that is none of those of a
// resource; resourceType is CORS for ?cors, and else what ResourceType returns.
func MethodNotAllowed(method, resourceType string) *s3cors.Error { // 10/head-and-post, 10/not-allowed-elements
	return &s3cors.Error{Status: 405, Code: "MethodNotAllowed",
		Message:  "The specified method is not allowed against this resource.",
		Elements: []s3cors.Element{{Name: "Method", Value: method}, {Name: "ResourceType", Value: resourceType}}}
}

// ResourceType returns what the errors of S3 call what is addressed: OBJECT, BUCKET
// or SERVICE.
func ResourceType(target s3cors.Target) string { // 10/not-allowed-elsewhere
	switch target {
	case s3cors.TargetService:
		return "SERVICE"
	case s3cors.TargetBucket:
		return "BUCKET"
	}
	return "OBJECT"
}

// HeaderNotImplemented returns the error for a request that asks, in the field of
// that name, for what the server does not do.
func HeaderNotImplemented(field string) *s3cors.Error {
	return &s3cors.Error{Status: 501, Code: "NotImplemented",
		Message:  "A header you provided implies functionality that is not implemented",
		Elements: []s3cors.Element{{Name: "Header", Value: field}}}
}

// BadRequest returns an error with status 400.
func BadRequest(code, message string, elements ...s3cors.Element) *s3cors.Error {
	return &s3cors.Error{Status: 400, Code: code, Message: message, Elements: elements}
}

// UnknownMethod returns the error for a method that S3 does not know at all.
func UnknownMethod() *s3cors.Error { // 10/unknown-method
	return BadRequest("BadRequest", "An error occurred when parsing the HTTP request.")
}

// ConflictingSubresources returns the error for a request for several
// sub-resources, whose names are given in sorted order.
func ConflictingSubresources(names []string) *s3cors.Error { // 10/two-subresources
	return BadRequest("InvalidArgument", "Conflicting query string parameters: "+strings.Join(names, ", "),
		s3cors.Element{Name: "ArgumentName", Value: "ResourceType"},
		s3cors.Element{Name: "ArgumentValue", Value: names[0]})
}

// MissingChecksum returns the error for a body without any checksum.
func MissingChecksum() *s3cors.Error { // 1.3/missing-checksum, 9/missing-checksum-text
	return BadRequest("InvalidRequest",
		"Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
}

// InvalidDigest returns the error for a Content-MD5 that is no digest.
func InvalidDigest(value string) *s3cors.Error { // 1.3/invalid-digest
	return BadRequest("InvalidDigest", "The Content-MD5 you specified was invalid.",
		s3cors.Element{Name: "Content-MD5", Value: value})
}

// BadDigest returns the error for a Content-MD5 that does not fit the body; both
// digests are in base64.
func BadDigest(expected, calculated string) *s3cors.Error { // 1.3/bad-digest
	return BadRequest("BadDigest", "The Content-MD5 you specified did not match what we received.",
		s3cors.Element{Name: "ExpectedDigest", Value: expected},
		s3cors.Element{Name: "CalculatedDigest", Value: calculated})
}

// InvalidChecksum returns the error for a checksum that is none; field is the name
// of the header field in lower case.
func InvalidChecksum(field string) *s3cors.Error { // 10/malformed-checksum
	return BadRequest("InvalidRequest", "Value for "+field+" header is invalid.")
}

// BadChecksum returns the error for a checksum that does not fit the body;
// algorithm is in capitals.
func BadChecksum(algorithm string) *s3cors.Error { // 10/checksum-mismatch
	return BadRequest("BadDigest", "The "+algorithm+" you specified did not match the calculated checksum.")
}

// IncompleteBody returns the error for a body that broke off.
func IncompleteBody() *s3cors.Error {
	return BadRequest("IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// RequestTimeout returns the error for a body that did not come in time.
func RequestTimeout() *s3cors.Error {
	return BadRequest("RequestTimeout", "Your socket connection to the server was not read from or "+
		"written to within the timeout period. Idle connections will be closed.")
}
