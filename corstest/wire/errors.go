package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
)

var (
	errSpeaksTLS   = errors.New("it speaks TLS on this port: use https://")
	errSpeaksPlain = errors.New("it does not speak TLS on this port: use http://")
	errHungUp      = errors.New("it hung up before the answer")
)

// A notHTTPError says that an answer does not begin as one of HTTP does.
type notHTTPError struct{ begin string }

func (e *notHTTPError) Error() string { return "it does not speak HTTP: it sent " + e.begin }

// notHTTP is the error for an answer whose first line is no status line. TLS begins
// with the type of a record, an alert or a handshake, and the version 3.
func notHTTP(line []byte) error {
	if len(line) >= 2 && (line[0] == 0x15 || line[0] == 0x16) && line[1] == 3 {
		return errSpeaksTLS
	}
	return &notHTTPError{shown(line)}
}

// shown is the begin of a line, quoted, in printable characters.
func shown(line []byte) string {
	const enough = 40
	if len(line) > enough {
		return strconv.QuoteToASCII(string(line[:enough])) + "…"
	}
	return strconv.QuoteToASCII(string(line))
}

// plainToTLS are what servers say, with status 400, to who does not speak TLS:
// net/http, nginx, Apache.
var plainToTLS = []string{
	"Client sent an HTTP request to an HTTPS server",
	"The plain HTTP request was sent to HTTPS port",
	"speaking plain HTTP to an SSL-enabled server port",
}

// wantsTLS reports whether an answer says that the port is one of TLS.
func wantsTLS(res *conformance.Response) bool {
	for _, text := range plainToTLS {
		if res.Status == 400 && strings.Contains(string(res.Body), text) {
			return true
		}
	}
	return false
}

// A shortBody says that a body ended before its length.
type shortBody struct {
	got, want int
	cause     error
}

func (e *shortBody) came() string {
	return fmt.Sprintf("%d of %d bytes of its body came", e.got, e.want)
}

func (e *shortBody) Error() string { return e.came() + ": " + e.cause.Error() }

func (e *shortBody) Unwrap() error { return e.cause }

// explain says what an error of the network means. Other errors say what they mean.
func (c *conn) explain(err error, patience time.Duration) error {
	rest := ""
	if short := (*shortBody)(nil); errors.As(err, &short) {
		rest = ": " + short.came()
	}
	switch {
	case timedOut(err) && c.received == 0:
		return fmt.Errorf("it kept silent for %v", patience)
	case timedOut(err):
		return fmt.Errorf("its answer took longer than %v%s", patience, rest)
	case !ofNetwork(err):
		return err
	case c.received == 0:
		return errHungUp
	}
	return errors.New("it hung up within its answer" + rest)
}

// ofNetwork reports whether the connection failed, rather than what came over it.
func ofNetwork(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func timedOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// dialError says why there is no connection.
func (e *Endpoint) dialError(err error) error {
	var unknown *net.DNSError
	var system *os.SyscallError
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("the host %q does not resolve: %s", unknown.Name, unknown.Err)
	case timedOut(err):
		return fmt.Errorf("%s did not accept a connection in %v", e.address, e.options.Timeout)
	case errors.As(err, &system):
		return fmt.Errorf("no connection to %s: %w", e.address, system.Err)
	}
	return fmt.Errorf("no connection to %s: %w", e.address, err)
}

// handshakeError says why there is no TLS.
func (e *Endpoint) handshakeError(err error) error {
	var plain tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &plain):
		return errSpeaksPlain
	case errors.As(err, &certificate):
		return fmt.Errorf("its certificate is not accepted: %w", certificate.Err)
	case timedOut(err):
		return fmt.Errorf("it did not finish the handshake of TLS in %v", e.options.Timeout)
	case ofNetwork(err) && !isAlert(err):
		return errors.New("it hung up within the handshake of TLS")
	}
	return fmt.Errorf("there is no TLS with it: %w", err)
}

// isAlert reports whether an error says what one side thinks of the other, rather than
// that the connection failed.
func isAlert(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && strings.HasSuffix(operation.Op, " error") // "remote error", "local error"
}
