package corshttp

import (
	"net/http"

	"github.com/s3cors/s3cors"
)

// setIDs sets the header fields with the names of a request, but for empty ones.
func setIDs(h http.Header, ids s3cors.IDs) {
	if ids.RequestID != "" {
		h["X-Amz-Request-Id"] = []string{ids.RequestID}
	}
	if ids.HostID != "" {
		h["X-Amz-Id-2"] = []string{ids.HostID}
	}
}

// WriteError answers with an error of S3: its status, the Content-Type application/xml,
// and the body that err.AppendXML makes. The fields that are set already stay, CORS
// fields among them. The status of err must be a valid HTTP status. If the body of the
// request was not read, call LeaveBody first.
func WriteError(w http.ResponseWriter, err *s3cors.Error, ids s3cors.IDs, opts ...s3cors.Option) {
	h := w.Header()
	delete(h, "Content-Length")
	delete(h, "Content-Encoding")
	h["Content-Type"] = []string{"application/xml"} // 1.6/error-content-type
	setIDs(h, ids)
	w.WriteHeader(err.Status)
	body := make([]byte, 0, 1024) // longer than most
	// A client that is gone need not be told so.
	_, _ = w.Write(err.AppendXML(body, ids, opts...))
}
