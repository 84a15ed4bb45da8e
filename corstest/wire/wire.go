// Package wire asks servers of S3 the questions of package conformance over a
// socket.
//
// An [Endpoint] speaks HTTP/1.1 itself rather than through net/http, which sorts
// field lines, trims and canonicalizes them, and hides what it cannot read. The
// Endpoint sends a request as the vector has it, byte for byte, and returns the field
// lines of the answer as they came. It follows no redirects and uses no proxy.
//
// Whatever a server does, an exchange ends: after [Options].Timeout, and after so
// many bytes. Its error then says in a few words what the server did.
package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// DefaultTimeout is the time for an exchange where Options say none.
const DefaultTimeout = 10 * time.Second

// Options say how an Endpoint is spoken to. The zero value is path style, without
// credentials, with the default times.
type Options struct {
	// VirtualHosted is true where the name of the bucket stands before that of the
	// host, and false where it begins the path. The connection goes to the endpoint
	// in either case: no name of a bucket is looked up.
	VirtualHosted bool
	// Credentials sign all requests that are not anonymous; nothing is signed
	// without them.
	Credentials Credentials
	// Region is the one that signatures name; "" is us-east-1.
	Region string
	// Insecure accepts any certificate.
	Insecure bool
	// Timeout is the time in which a request must be sent and its whole answer be
	// there; 0 is DefaultTimeout.
	Timeout time.Duration
}

// Credentials are those of an account. The zero value is none.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey string
	SessionToken    string // "" for credentials that have none
}

// An Endpoint is a server of S3 behind an address, a target of package conformance.
// It is safe for concurrent use. Close ends its connections.
type Endpoint struct {
	options Options
	secure  bool
	host    string // for Host: without the port that the scheme has by itself
	name    string // for TLS: the host without a port
	address string // to connect to
	path    string // stands before all paths; "", or with a slash at its front only
	pool    pool
	known   atomic.Bool // whether it speaks TLS or not
	now     func() time.Time
}

var _ conformance.Target = (*Endpoint)(nil)

// New returns the Endpoint at an address such as https://s3.example.com:9000, whose
// path, if it has one, stands before that of the bucket. It connects to nothing. The
// error says what is wrong with the address.
func New(address string, options Options) (*Endpoint, error) {
	u, err := parse(address)
	if err != nil {
		if u != nil && u.User != nil {
			address = u.Redacted()
		}
		return nil, fmt.Errorf("%q is no address of a server: %w", address, err)
	}
	if options.Region == "" {
		options.Region = "us-east-1"
	}
	if options.Timeout <= 0 {
		options.Timeout = DefaultTimeout
	}
	port, usual := u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme]
	e := &Endpoint{
		options: options,
		secure:  u.Scheme == "https",
		host:    u.Host,
		name:    u.Hostname(),
		path:    strings.TrimRight(u.EscapedPath(), "/"),
		now:     time.Now,
	}
	if port == "" || port == usual {
		port = usual
		e.host = strings.TrimSuffix(strings.TrimSuffix(u.Host, ":"+usual), ":")
	}
	e.address = net.JoinHostPort(u.Hostname(), port)
	return e, nil
}

// parse reads an address. With some errors it returns what it has read of it.
func parse(address string) (*url.URL, error) {
	if !strings.HasPrefix(address, "http://") && !strings.HasPrefix(address, "https://") {
		return nil, errors.New("it must begin with http:// or https://")
	}
	u, err := url.Parse(address)
	var failed *url.Error
	switch {
	case errors.As(err, &failed):
		return nil, failed.Err
	case err != nil:
		return nil, err
	case u.Hostname() == "":
		return u, errors.New("it names no host")
	case u.User != nil:
		return u, errors.New("credentials do not belong into it")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return u, errors.New("it must end with the path")
	}
	return u, nil
}

// Close ends the connections that are kept. Exchanges that are under way go on.
func (e *Endpoint) Close() { e.pool.close() }

// Do sends a request and returns the whole answer. The error says in a few words
// why there is none.
func (e *Endpoint) Do(ctx context.Context, r *conformance.Request) (*conformance.Response, error) {
	p, err := e.prepare(r)
	if err != nil {
		return nil, err
	}
	timely, cancel := context.WithTimeout(ctx, e.options.Timeout)
	defer cancel()
	res, err := e.exchange(timely, p)
	switch {
	case err == nil && !e.secure && wantsTLS(res):
		return nil, errSpeaksTLS
	case err == nil:
		return res, nil
	case ctx.Err() != nil:
		return nil, ctx.Err() // the caller's own doing
	}
	return nil, err
}

// exchange sends a request over a connection that was kept, if there is one. Where
// the server turns out to have closed that before it answered, a new one is tried.
func (e *Endpoint) exchange(ctx context.Context, p *prepared) (*conformance.Response, error) {
	if c := e.pool.take(p.name); c != nil {
		res, err := e.over(ctx, c, p)
		if !errors.Is(err, errStale) {
			return res, err
		}
	}
	c, err := e.connect(ctx, p.name)
	if err != nil {
		return nil, err
	}
	res, err := e.over(ctx, c, p)
	if errors.Is(err, errHungUp) && e.isOfTLS(ctx) {
		return nil, errSpeaksTLS
	}
	return res, err
}

// isOfTLS reports whether a server that hung up without a word speaks TLS, as those with
// OpenSSL do. It tries that once, and not where the server has spoken HTTP before.
func (e *Endpoint) isOfTLS(ctx context.Context) bool {
	if e.secure || e.known.Swap(true) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	dialer := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true}} // it sends nothing
	c, err := dialer.DialContext(ctx, "tcp", e.address)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// over is exchange on one connection, which is kept if it can be used again.
func (e *Endpoint) over(ctx context.Context, c *conn, p *prepared) (*conformance.Response, error) {
	res, err := c.exchange(ctx, p, e.options.Timeout)
	if err == nil {
		e.known.Store(true)
	}
	if err == nil && c.reusable {
		e.pool.put(p.name, c)
	} else {
		c.Close()
	}
	return res, err
}

// connect opens a connection. The name is that of the server, for TLS.
func (e *Endpoint) connect(ctx context.Context, name string) (*conn, error) {
	var dialer net.Dialer
	raw, err := dialer.DialContext(ctx, "tcp", e.address)
	if err != nil {
		return nil, e.dialError(err)
	}
	if !e.secure {
		return newConn(raw), nil
	}
	secured := tls.Client(raw, &tls.Config{
		ServerName:         name,
		NextProtos:         []string{"http/1.1"},
		InsecureSkipVerify: e.options.Insecure,
	})
	if err := secured.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, e.handshakeError(err)
	}
	return newConn(secured), nil
}
