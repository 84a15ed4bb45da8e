package corstest

import (
	"bytes"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// maxBody is more than any answer to a vector has.
const maxBody = 1 << 20

var errTooLong = errors.New("the handler wrote more than a megabyte")

// A recorder keeps what a handler answers, as a server of net/http would send it.
type recorder struct {
	method string
	header http.Header
	status int         // 0 until the header is written
	sent   http.Header // as it was then
	open   bool        // the header was sent before the length was known
	body   bytes.Buffer
	err    error
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status != 0 || status < 200 && status != http.StatusSwitchingProtocols {
		return
	}
	w.status, w.sent = status, w.header.Clone()
}

func (w *recorder) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	switch {
	case !bodyAllowed(w.status):
		return 0, http.ErrBodyNotAllowed
	case w.body.Len()+len(data) > maxBody:
		w.err = errTooLong
		return 0, errTooLong
	}
	return w.body.Write(data)
}

// Flush sends the header, as handlers of net/http expect.
func (w *recorder) Flush() {
	w.WriteHeader(http.StatusOK)
	w.open = true
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// response is the whole answer, with what net/http adds to it.
func (w *recorder) response() (*conformance.Response, error) {
	if w.err != nil {
		return nil, w.err
	}
	w.WriteHeader(http.StatusOK)
	body := w.body.Bytes()
	_, encoded := w.sent["Transfer-Encoding"]
	if _, ok := w.sent["Content-Length"]; !ok && !encoded && !w.open && bodyAllowed(w.status) && (w.method != http.MethodHead || len(body) > 0) {
		w.sent.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if _, ok := w.sent["Content-Type"]; !ok && !encoded && len(body) > 0 && len(w.sent["Content-Encoding"]) == 0 {
		w.sent.Set("Content-Type", http.DetectContentType(body))
	}
	res := &conformance.Response{Status: w.status}
	for _, name := range slices.Sorted(maps.Keys(w.sent)) {
		for _, value := range w.sent[name] {
			res.Headers = append(res.Headers, vectors.Pair{name, value})
		}
	}
	if w.method != http.MethodHead {
		res.Body = body
	}
	return res, nil
}
