package main

import (
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// maxHeaderBytes bounds the header section of a request (10/too-large).
const maxHeaderBytes = 8192

// limits refuses what S3's front end does before anything else, methods that it
// does not know and headers that are too large, and cuts off clients that take no
// answer. How long an object takes does not matter as long as it moves; bodies are
// the business of who reads them.
type limits struct {
	ids  func(*http.Request) s3cors.IDs
	idle time.Duration
	next http.Handler

	options []s3cors.Option
}

func (l limits) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := &patient{w, http.NewResponseController(w), l.idle}
	defer p.extendWrite() // for what is left in the server's buffers
	if refusal := checkFront(r); refusal != nil {
		corshttp.LeaveBody(p, r)
		corshttp.WriteError(p, refusal, l.ids(r), l.options...)
		return
	}
	l.next.ServeHTTP(p, r)
}

func checkFront(r *http.Request) *s3cors.Error {
	if err := corsserver.CheckMethod(r.Method); err != nil { // 10/unknown-method-first
		return err
	}
	if headerBytes(r) > maxHeaderBytes {
		return headerTooLarge()
	}
	return nil
}

// headerBytes returns the size of the header section as HTTP/1.1 sends it,
// without the request line.
func headerBytes(r *http.Request) int {
	const colonBlankCRLF = 4
	size := len("Host") + len(r.Host) + colonBlankCRLF // net/http takes it out
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + colonBlankCRLF
		}
	}
	return size
}

// patient gives a client new time with every write.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
	idle    time.Duration
}

func (p *patient) Unwrap() http.ResponseWriter { return p.ResponseWriter }

func (p *patient) extendWrite() {
	_ = p.control.SetWriteDeadline(time.Now().Add(p.idle)) // not every writer knows deadlines
}

func (p *patient) Write(b []byte) (int, error) {
	p.extendWrite()
	return p.ResponseWriter.Write(b)
}

// patientBody gives a client new time with every read.
type patientBody struct {
	source  io.Reader
	control *http.ResponseController
	idle    time.Duration
	ended   bool // there is nothing left to read
	stalled bool // nothing came for too long
}

func (b *patientBody) Read(p []byte) (int, error) {
	_ = b.control.SetReadDeadline(time.Now().Add(b.idle))
	n, err := b.source.Read(p)
	b.stalled = b.stalled || errors.Is(err, os.ErrDeadlineExceeded)
	if err == io.EOF {
		b.ended = true
		// The server goes on reading, to see the client leave.
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// Close does nothing. The server closes its body after the answer; to close it
// before would be to wait for what is left of it.
func (b *patientBody) Close() error { return nil }
