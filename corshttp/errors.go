package corshttp

import (
	"net/http"

	"github.com/s3cors/s3cors"
)

// setIDs sets the header fields with the names of a request, but for empty ones.
func setIDs(h http.Header, ids s3cors.IDs) {
	if ids != (s3cors.IDs{}) {
		setIDValues(h, &[2]string{ids.RequestID, ids.HostID})
	}
}

// setIDValues is setIDs for values in an array that belongs to this response alone.
func setIDValues(h http.Header, values *[2]string) {
	if values[0] != "" {
		h["X-Amz-Request-Id"] = values[0:1:1]
	}
	if values[1] != "" {
		h["X-Amz-Id-2"] = values[1:2:2]
	}
}

// WriteError answers with an error of S3: its status, the Content-Type application/xml,
// and the body that err.AppendXML makes. The fields that are set already stay, CORS
// fields among them. The status of err must be a valid HTTP status. If the body of the
// request was not read, call LeaveBody first.
func WriteError(w http.ResponseWriter, err *s3cors.Error, ids s3cors.IDs, opts ...s3cors.Option) {
	writeError(w, err.Status, ids, err.AppendXML(newBody(ids), ids, opts...))
}

// newBody returns an empty buffer with room for most errors. A pool of buffers would
// trust every writer not to keep what it is given.
func newBody(ids s3cors.IDs) []byte { return make([]byte, 0, 480+len(ids.RequestID)+len(ids.HostID)) }

// writeError answers with an error that has that body. All values of header fields are
// parts of one array, as those of SetFields are.
func writeError(w http.ResponseWriter, status int, ids s3cors.IDs, body []byte) {
	h := w.Header()
	if len(h) > 0 {
		delete(h, "Content-Length")
		delete(h, "Content-Encoding")
	}
	values := &[...]string{ids.RequestID, ids.HostID, "application/xml"}
	h["Content-Type"] = values[2:] // 1.6/error-content-type
	setIDValues(h, (*[2]string)(values[:2]))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone need not be told so
}
