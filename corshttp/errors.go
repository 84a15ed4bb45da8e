package corshttp

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

// IDs are what a server calls a request: S3 sends them in error bodies, and as
// header fields with every answer.
type IDs struct {
	RequestID string // RequestId, and x-amz-request-id unless empty
	HostID    string // HostId, and x-amz-id-2 unless empty
}

func idsOf(f func(*http.Request) IDs, r *http.Request) IDs {
	if f == nil {
		return IDs{}
	}
	return f(r)
}

func setIDs(h http.Header, ids IDs) {
	if ids.RequestID != "" {
		h["X-Amz-Request-Id"] = []string{ids.RequestID}
	}
	if ids.HostID != "" {
		h["X-Amz-Id-2"] = []string{ids.HostID}
	}
}

// WriteError answers with an error of S3: its status, Content-Type
// application/xml, and the body of 1.6/error-body. Fields that are set already
// stay, the CORS fields among them. err.Status must be a valid HTTP status. If the
// body of the request was not read, call LeaveBody before.
func WriteError(w http.ResponseWriter, err *s3cors.Error, ids IDs) {
	h := w.Header()
	delete(h, "Content-Length")
	delete(h, "Content-Encoding")
	h["Content-Type"] = []string{"application/xml"} // 1.6/error-content-type
	setIDs(h, ids)
	w.WriteHeader(err.Status)
	body := make([]byte, 0, 1024) // longer than most
	// A client that is gone need not be told so.
	_, _ = w.Write(err.AppendXML(body, s3cors.IDs(ids)))
}

// AccessDenied returns the error for a request that is not allowed, and for one
// whose x-amz-expected-bucket-owner is not the owner (1.3/expected-owner).
func AccessDenied() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusForbidden, Code: "AccessDenied", Message: "Access Denied"}
}

// What follows is S3's catalogue, letter for letter.

// noSuchBucket is 1.3/no-such-bucket.
func noSuchBucket() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotFound, Code: "NoSuchBucket",
		Message: "The specified bucket does not exist"}
}

// noSuchConfiguration is 2/none-configured.
func noSuchConfiguration(bucket string) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotFound, Code: "NoSuchCORSConfiguration",
		Message:  "The CORS configuration does not exist",
		Elements: []s3cors.Element{{Name: "BucketName", Value: bucket}}}
}

// methodNotAllowed is 10/head-and-post with the elements of
// 10/not-allowed-elements.
func methodNotAllowed(method string) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusMethodNotAllowed, Code: "MethodNotAllowed",
		Message:  "The specified method is not allowed against this resource.",
		Elements: []s3cors.Element{{Name: "Method", Value: method}, {Name: "ResourceType", Value: "CORS"}}}
}

// internalError is 10/failing-store.
func internalError() *s3cors.Error {
	return &s3cors.Error{Status: http.StatusInternalServerError, Code: "InternalError",
		Message: "We encountered an internal error. Please try again."}
}

func badRequest(code, message string, elements ...s3cors.Element) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusBadRequest, Code: code, Message: message, Elements: elements}
}

// unknownMethod is 10/unknown-method.
func unknownMethod() *s3cors.Error {
	return badRequest("BadRequest", "An error occurred when parsing the HTTP request.")
}

// conflictingSubresources is 10/two-subresources; names are sorted.
func conflictingSubresources(names []string) *s3cors.Error {
	return badRequest("InvalidArgument", "Conflicting query string parameters: "+strings.Join(names, ", "),
		s3cors.Element{Name: "ArgumentName", Value: "ResourceType"},
		s3cors.Element{Name: "ArgumentValue", Value: names[0]})
}

// tooLarge is 1.3/too-large.
func tooLarge() *s3cors.Error {
	return badRequest("MaxMessageLengthExceeded", "Your request was too big.",
		s3cors.Element{Name: "MaxMessageLengthBytes", Value: strconv.Itoa(maxDocumentBytes)})
}

// missingChecksum is 1.3/missing-checksum in the words of
// 9/missing-checksum-text.
func missingChecksum() *s3cors.Error {
	return badRequest("InvalidRequest",
		"Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
}

// invalidDigest is 1.3/invalid-digest.
func invalidDigest(value string) *s3cors.Error {
	return badRequest("InvalidDigest", "The Content-MD5 you specified was invalid.",
		s3cors.Element{Name: "Content-MD5", Value: value})
}

// badDigest is 1.3/bad-digest; both digests are in base64.
func badDigest(expected, calculated string) *s3cors.Error {
	return badRequest("BadDigest", "The Content-MD5 you specified did not match what we received.",
		s3cors.Element{Name: "ExpectedDigest", Value: expected},
		s3cors.Element{Name: "CalculatedDigest", Value: calculated})
}

// invalidChecksum is 10/malformed-checksum; name is the field's, in lower case.
func invalidChecksum(name string) *s3cors.Error {
	return badRequest("InvalidRequest", "Value for "+name+" header is invalid.")
}

// badChecksum is 10/checksum-mismatch; algorithm is in capitals.
func badChecksum(algorithm string) *s3cors.Error {
	return badRequest("BadDigest", "The "+algorithm+" you specified did not match the calculated checksum.")
}

// The texts of the rest are those that S3 gives to any operation; none was
// recorded for ?cors.

// notImplemented is about a field of the request that asks for what the server
// does not do.
func notImplemented(field string) *s3cors.Error {
	return &s3cors.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message:  "A header you provided implies functionality that is not implemented",
		Elements: []s3cors.Element{{Name: "Header", Value: field}}}
}

// incompleteBody is about a body that broke off.
func incompleteBody() *s3cors.Error {
	return badRequest("IncompleteBody",
		"You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// requestTimeout is about a body that did not come in time.
func requestTimeout() *s3cors.Error {
	return badRequest("RequestTimeout", "Your socket connection to the server was not read from or "+
		"written to within the timeout period. Idle connections will be closed.")
}
