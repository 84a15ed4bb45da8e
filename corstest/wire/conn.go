package wire

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// errStale is what an exchange on a kept connection ends with that the server had
// given up before. The request may be sent again, over a new one.
var errStale = errors.New("the connection that was kept is of no use any more")

// lateWrite is how long the end of a request may come behind its answer, for the
// connection to be used again.
const lateWrite = 200 * time.Millisecond

// past is a deadline that ends what waits.
var past = time.Unix(1, 0)

// A conn is a connection. One exchange at a time uses it.
type conn struct {
	net.Conn
	input    *bufio.Reader
	received int  // bytes, in the exchange that is under way
	kept     bool // it has served an exchange before
	reusable bool // the exchange before came to its end
	rested   chan error
}

func newConn(raw net.Conn) *conn {
	c := &conn{Conn: raw}
	c.input = bufio.NewReader(c)
	return c
}

// Read counts.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received += n
	return n, err
}

// exchange sends a request and reads the answer, until ctx is done. It writes and
// reads at once, since a server may answer before it has read all, or instead.
func (c *conn) exchange(ctx context.Context, p *prepared, patience time.Duration) (*conformance.Response, error) {
	c.received, c.reusable = 0, false
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(past) })
	defer stop()
	written := make(chan error, 1)
	go func() {
		_, err := c.Write(p.text)
		written <- err
	}()
	a, err := readAnswer(c.input, p.method)
	if err != nil {
		if c.kept && ctx.Err() == nil && c.gaveUp(err) {
			return nil, errStale
		}
		return nil, c.explain(err, patience)
	}
	select {
	case err := <-written:
		c.reusable = err == nil && a.delimited && stop()
	case <-time.After(lateWrite): // the server does not want all of the request
	}
	return &a.Response, nil
}

// gaveUp reports whether an exchange failed because of what happened before it: the
// server had closed the connection, or what came first was the rest of an answer
// that was longer than it said.
func (c *conn) gaveUp(err error) bool {
	var no *notHTTPError
	return c.received == 0 || errors.As(err, &no)
}

// rest lets the connection wait for its next exchange. Meanwhile nothing should come.
func (c *conn) rest() {
	c.kept = true
	c.rested = make(chan error, 1)
	go func() {
		_, err := c.input.Peek(1)
		c.rested <- err
	}()
}

// wake ends the rest, and reports whether nothing came: neither the end, nor what stood
// behind the last answer.
func (c *conn) wake() bool {
	_ = c.SetReadDeadline(past)
	err := <-c.rested
	return errors.Is(err, os.ErrDeadlineExceeded) && c.SetReadDeadline(time.Time{}) == nil
}

// maxIdle is how many connections are kept.
const maxIdle = 64

// A pool keeps connections for further exchanges. Its zero value is empty.
type pool struct {
	mu     sync.Mutex
	idle   []idleConn // the one that was used last is the last
	closed bool
}

type idleConn struct {
	name string // of the server, for TLS
	conn *conn
}

// take returns a connection to the server of a name, or nil.
func (p *pool) take(name string) *conn {
	for {
		c := p.last(name)
		if c == nil || c.wake() {
			return c
		}
		c.Close()
	}
}

func (p *pool) last(name string) *conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, kept := range slices.Backward(p.idle) {
		if kept.name == name {
			p.idle = slices.Delete(p.idle, i, i+1)
			return kept.conn
		}
	}
	return nil
}

// put keeps a connection, and for its sake ends the one that waits longest if there
// are too many.
func (p *pool) put(name string, c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		c.Close()
		return
	}
	c.rest()
	p.idle = append(p.idle, idleConn{name, c})
	if len(p.idle) > maxIdle {
		p.idle[0].conn.Close()
		p.idle = slices.Delete(p.idle, 0, 1)
	}
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, kept := range p.idle {
		kept.conn.Close()
	}
	p.idle, p.closed = nil, true
}
