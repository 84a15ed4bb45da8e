package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/johannesboyne/gofakes3"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// SDKs send uploads in chunks of their own, with signatures between them and
// checksums behind the last. gofakes3 decodes one of these framings and stores
// the others as data.

// framed are the values of x-amz-content-sha256 for bodies in chunks; true if
// trailing fields follow. Signatures of chunks are not looked at, like all others.
var framed = map[string]bool{
	"STREAMING-UNSIGNED-PAYLOAD-TRAILER":               true,
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD":               false,
	"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":       true,
	"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD":         false,
	"STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER": true,
}

// decodeBody replaces the body of a request by what is to be stored, which is
// compared with all checksums that the request declares. A failure shows when
// the body has been read: its last Read returns an error of gofakes3.
func decodeBody(r *http.Request) *s3cors.Error {
	var sums []*sum
	if r.Method != http.MethodPost || !r.URL.Query().Has("uploadId") { // where they are those of the whole object
		var err *s3cors.Error
		if sums, err = declaredSums(r.Header); err != nil {
			return err
		}
	}
	v := &verifiedBody{Closer: r.Body, source: r.Body, sums: sums}
	payload := r.Header.Get("X-Amz-Content-Sha256")
	trailer, ok := framed[payload]
	switch {
	case ok:
		if err := v.unframe(r, trailer); err != nil {
			return err
		}
	case strings.HasPrefix(payload, "STREAMING-"):
		return corsserver.HeaderNotImplemented("x-amz-content-sha256")
	case isChunkCoded(r.Header.Get("Content-Encoding")):
		return corsserver.HeaderNotImplemented("content-encoding")
	}
	r.Body = v
	return nil
}

// unframe makes the body that of the chunks' data.
func (v *verifiedBody) unframe(r *http.Request, trailer bool) *s3cors.Error {
	length, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return missingContentLength()
	}
	chunks := &chunkReader{source: bufio.NewReader(v.source), left: length}
	if names := r.Header.Get("X-Amz-Trailer"); trailer && names != "" {
		sums, err := trailingSums(names)
		if err != nil {
			return err
		}
		v.sums = append(v.sums, sums...)
		v.trailer = chunks.trailing
	}
	v.source = chunks
	r.ContentLength = length
	r.Header.Set("Content-Length", strconv.FormatInt(length, 10))
	if coding := withoutChunkCoding(r.Header.Get("Content-Encoding")); coding != "" {
		r.Header.Set("Content-Encoding", coding)
	} else {
		r.Header.Del("Content-Encoding")
	}
	return nil
}

// chunkCoding is what Content-Encoding says of a framed body, beside codings that
// belong to the object.
const chunkCoding = "aws-chunked"

func isChunkCoded(coding string) bool { return withoutChunkCoding(coding) != coding }

func withoutChunkCoding(coding string) string {
	var kept []string
	found := false
	for name := range strings.SplitSeq(coding, ",") {
		name = strings.TrimSpace(name)
		if strings.EqualFold(name, chunkCoding) {
			found = true
		} else if name != "" {
			kept = append(kept, name)
		}
	}
	if !found {
		return coding
	}
	return strings.Join(kept, ",")
}

// A chunkReader reads the data out of chunks:
//
//	<length in hexadecimal>[;chunk-signature=<signature>]CRLF
//	<data>CRLF
//
// The last chunk is empty and has no CRLF after its data; fields may follow it.
type chunkReader struct {
	source *bufio.Reader
	left   int64 // bytes of data still to come, in all chunks
	chunk  int64 // of these, in the chunk that is being read
	fields map[string]string
}

const (
	// maxChunkLine bounds the line before a chunk, which holds a length and a
	// signature of at most 144 letters.
	maxChunkLine = 1024
	// maxTrailer bounds what follows the chunks.
	maxTrailer = 8192
)

func (c *chunkReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if c.chunk == 0 {
		if err := c.begin(); err != nil {
			return 0, err
		}
	}
	n, err := c.source.Read(p[:min(int64(len(p)), c.chunk)])
	c.chunk -= int64(n)
	c.left -= int64(n)
	switch {
	case err != nil:
		return n, incompleteBody()
	case c.chunk > 0:
		return n, nil
	}
	return n, c.end()
}

// begin reads the line before a chunk; io.EOF after the last chunk.
func (c *chunkReader) begin() error {
	line, err := c.line()
	if err != nil {
		return err
	}
	digits, _, _ := bytes.Cut(line, []byte(";"))
	size, err := strconv.ParseUint(string(digits), 16, 63)
	switch {
	case err != nil || int64(size) > c.left:
		return incompleteBody()
	case size > 0:
		c.chunk = int64(size)
		return nil
	case c.left > 0:
		return incompleteBody()
	}
	return c.finish()
}

// line returns a line without its CRLF.
func (c *chunkReader) line() ([]byte, error) {
	var line []byte
	for len(line) <= maxChunkLine {
		b, err := c.source.ReadByte()
		if err != nil {
			break
		}
		line = append(line, b)
		if content, ok := bytes.CutSuffix(line, []byte("\r\n")); ok {
			return content, nil
		}
	}
	return nil, incompleteBody()
}

// end reads the CRLF behind a chunk's data.
func (c *chunkReader) end() error {
	var crlf [2]byte
	if _, err := io.ReadFull(c.source, crlf[:]); err != nil || string(crlf[:]) != "\r\n" {
		return incompleteBody()
	}
	return nil
}

// finish reads the fields behind the last chunk and returns io.EOF. Empty lines
// stand where clients like them, and some lines end with a line feed alone.
func (c *chunkReader) finish() error {
	rest, err := io.ReadAll(io.LimitReader(c.source, maxTrailer+1))
	if err != nil || len(rest) > maxTrailer {
		return incompleteBody()
	}
	c.fields = make(map[string]string)
	for line := range strings.Lines(string(rest)) {
		name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch {
		case ok:
			c.fields[strings.ToLower(name)] = strings.TrimSpace(value)
		case name != "":
			return incompleteBody()
		}
	}
	return io.EOF
}

// trailing returns the value of a field behind the last chunk, "" if it is not
// there.
func (c *chunkReader) trailing(name string) string { return c.fields[name] }

// incompleteBody is what a reader returns of a body that broke off, or is not
// framed as it claims.
func incompleteBody() error {
	return gofakes3.ErrorMessage(gofakes3.ErrIncompleteBody,
		"You did not provide the number of bytes specified by the Content-Length HTTP header")
}

// A verifiedBody compares what is read with checksums.
type verifiedBody struct {
	io.Closer
	source  io.Reader
	sums    []*sum
	trailer func(name string) string // what sums without a value are to be; nil if there are none
	err     error                    // that ended the body, io.EOF included
}

func (v *verifiedBody) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	n, err := v.source.Read(p)
	for _, s := range v.sums {
		s.hash.Write(p[:n])
	}
	v.err = v.ending(err)
	return n, v.err
}

func (v *verifiedBody) ending(err error) error {
	var known gofakes3.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case err != io.EOF:
		return incompleteBody()
	}
	for _, s := range v.sums {
		if err := s.verify(v.trailer); err != nil {
			return err
		}
	}
	return io.EOF
}
