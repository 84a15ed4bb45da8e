package corshttp

import (
	"bufio"
	"io"
	"net"
	"net/http"

	"github.com/s3cors/s3cors"
)

// An overrider is the writer of a handler whose CORS fields do not count. The
// methods beside those of http.ResponseWriter are for who asks the writer for
// them; http.ResponseController gets through to all others by Unwrap.
type overrider struct {
	http.ResponseWriter
	decision s3cors.Decision
	sent     bool
}

func findOverrider(w http.ResponseWriter) *overrider {
	for {
		switch t := w.(type) {
		case *overrider:
			return t
		case interface{ Unwrap() http.ResponseWriter }:
			w = t.Unwrap()
		default:
			return nil
		}
	}
}

// settle puts the fields of the decision in the place of all CORS fields that
// are there, unless the header is sent.
func (o *overrider) settle() {
	if o.sent {
		return
	}
	h := o.Header()
	removeCORS(h)
	SetFields(h, o.decision)
}

func (o *overrider) Unwrap() http.ResponseWriter { return o.ResponseWriter }

// WriteHeader sends the header as often as there are informational answers.
func (o *overrider) WriteHeader(status int) {
	o.settle()
	o.sent = o.sent || status >= 200 || status == http.StatusSwitchingProtocols
	o.ResponseWriter.WriteHeader(status)
}

func (o *overrider) Write(p []byte) (int, error) {
	o.settle()
	o.sent = true
	return o.ResponseWriter.Write(p)
}

func (o *overrider) WriteString(s string) (int, error) {
	o.settle()
	o.sent = true
	return io.WriteString(o.ResponseWriter, s)
}

// ReadFrom lets the server send files without copying them.
func (o *overrider) ReadFrom(src io.Reader) (int64, error) {
	o.settle()
	// Not sent: src may be empty, and the handler may set fields after it.
	return io.Copy(o.ResponseWriter, src)
}

func (o *overrider) Flush() { _ = o.FlushError() }

func (o *overrider) FlushError() error {
	o.settle()
	return http.NewResponseController(o.ResponseWriter).Flush()
}

func (o *overrider) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(o.ResponseWriter).Hijack()
}
