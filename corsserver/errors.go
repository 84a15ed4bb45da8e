package corsserver

import (
	"strings"

	"github.com/s3cors/s3cors"
)

// These are the errors that S3 answers requests for ?cors with, in S3's words. Each
// call returns a new error. The errors about documents are in package s3cors.

// AccessDenied returns the error for a request that is not allowed. S3 sends it as well
// if x-amz-expected-bucket-owner does not name the owner of the bucket.
func AccessDenied() *s3cors.Error {
	return &s3cors.Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"} // 1.3/expected-owner
}

// NoSuchBucket returns the error for a bucket that does not exist.
func NoSuchBucket() *s3cors.Error { // 1.3/no-such-bucket
	return &s3cors.Error{Status: 404, Code: "NoSuchBucket", Message: "The specified bucket does not exist"}
}

// NoSuchCORSConfiguration returns the error for a GET of the configuration of a bucket
// that has none.
func NoSuchCORSConfiguration(bucket string) *s3cors.Error { // 2/none-configured
	return &s3cors.Error{Status: 404, Code: "NoSuchCORSConfiguration",
		Message:  "The CORS configuration does not exist",
		Elements: []s3cors.Element{{Name: "BucketName", Value: bucket}}}
}

// MethodNotAllowed returns the error for a method that a resource does not support. The
// resourceType is "CORS" for ?cors, and otherwise the result of ResourceType.
func MethodNotAllowed(method, resourceType string) *s3cors.Error { // 10/head-and-post, 10/not-allowed-elements
	return &s3cors.Error{Status: 405, Code: "MethodNotAllowed",
		Message:  "The specified method is not allowed against this resource.",
		Elements: []s3cors.Element{{Name: "Method", Value: method}, {Name: "ResourceType", Value: resourceType}}}
}

// ResourceType returns the name of a target in S3's errors: "OBJECT", "BUCKET" or
// "SERVICE".
func ResourceType(target s3cors.Target) string { // 10/not-allowed-elsewhere
	switch target {
	case s3cors.TargetService:
		return "SERVICE"
	case s3cors.TargetBucket:
		return "BUCKET"
	}
	return "OBJECT"
}

// OperationAborted returns the error for a change that was not made, since somebody else
// has changed the same thing at the same time.
func OperationAborted() *s3cors.Error { // 10/conflicting-change
	return &s3cors.Error{Status: 409, Code: "OperationAborted",
		Message: "A conflicting conditional operation is currently in progress against this resource. Please try again."}
}

// NotImplemented returns the error for a request that asks for what the server does not
// do. Amazon S3 names the header that asks for it: see HeaderNotImplemented.
func NotImplemented() *s3cors.Error { // ceph-7/other-methods
	return &s3cors.Error{Status: 501, Code: "NotImplemented",
		Message: "A header you provided implies functionality that is not implemented"}
}

// HeaderNotImplemented returns the error for a request that asks for something that the
// server does not do. The field is the name of the header field that asks for it.
func HeaderNotImplemented(field string) *s3cors.Error {
	err := NotImplemented()
	err.Elements = []s3cors.Element{{Name: "Header", Value: field}}
	return err
}

// BadRequest returns an error with status 400.
func BadRequest(code, message string, elements ...s3cors.Element) *s3cors.Error {
	return &s3cors.Error{Status: 400, Code: code, Message: message, Elements: elements}
}

// UnknownMethod returns the error for a method that S3 does not know.
func UnknownMethod() *s3cors.Error { // 10/unknown-method
	return BadRequest("BadRequest", "An error occurred when parsing the HTTP request.")
}

// ConflictingSubresources returns the error for a request that names several
// sub-resources. The names are sorted, and there are at least two.
func ConflictingSubresources(names []string) *s3cors.Error { // 10/two-subresources
	return BadRequest("InvalidArgument", "Conflicting query string parameters: "+strings.Join(names, ", "),
		s3cors.Element{Name: "ArgumentName", Value: "ResourceType"},
		s3cors.Element{Name: "ArgumentValue", Value: names[0]})
}

// MissingChecksum returns the error for a body that comes without any checksum.
func MissingChecksum() *s3cors.Error { // 1.3/missing-checksum, 9/missing-checksum-text
	return BadRequest("InvalidRequest",
		"Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
}

// InvalidDigest returns the error for a Content-MD5 that is no MD5 digest in base64. The
// value is that of the field.
func InvalidDigest(value string) *s3cors.Error { // 1.3/invalid-digest
	return BadRequest("InvalidDigest", "The Content-MD5 you specified was invalid.",
		s3cors.Element{Name: "Content-MD5", Value: value})
}

// BadDigest returns the error for a Content-MD5 that is not the digest of the body. Both
// digests are in base64.
func BadDigest(expected, calculated string) *s3cors.Error { // 1.3/bad-digest
	return BadRequest("BadDigest", "The Content-MD5 you specified did not match what we received.",
		s3cors.Element{Name: "ExpectedDigest", Value: expected},
		s3cors.Element{Name: "CalculatedDigest", Value: calculated})
}

// InvalidChecksum returns the error for a checksum field whose value is no checksum. The
// field is the name of the header field, in lower case.
func InvalidChecksum(field string) *s3cors.Error { // 10/malformed-checksum
	return BadRequest("InvalidRequest", "Value for "+field+" header is invalid.")
}

// BadChecksum returns the error for a checksum that is not the checksum of the body. The
// algorithm is in capitals, such as "CRC32".
func BadChecksum(algorithm string) *s3cors.Error { // 10/checksum-mismatch
	return BadRequest("BadDigest", "The "+algorithm+" you specified did not match the calculated checksum.")
}

// IncompleteBody returns the error for a body that ends before its declared length.
func IncompleteBody() *s3cors.Error {
	return BadRequest("IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// RequestTimeout returns the error for a body that does not arrive in time.
func RequestTimeout() *s3cors.Error {
	return BadRequest("RequestTimeout", "Your socket connection to the server was not read from or "+
		"written to within the timeout period. Idle connections will be closed.")
}
