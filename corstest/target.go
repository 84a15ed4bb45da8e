package corstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// NewTarget makes a target of a handler, for conformance.Run: requests are handed to it in
// process. They are as a server of net/http hands them over, but those that such a server
// refuses reach the handler as well. If the handler panics, there is no answer, and the
// error says so.
//
// Of the options, NewTarget needs Address, Sign and Timeout.
func NewTarget(h http.Handler, opts Options) conformance.Target {
	return &target{h, opts}
}

type target struct {
	handler http.Handler
	opts    Options
}

// Do serves the request in a goroutine of its own, which it does not wait for if the
// handler takes too long.
func (t *target) Do(ctx context.Context, r *conformance.Request) (*conformance.Response, error) {
	timeout := t.opts.Timeout
	if timeout == 0 {
		timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the handler gave no answer in %s", timeout))
	defer cancel()
	req := t.request(ctx, r)
	done := make(chan outcome, 1)
	go func() { done <- serve(t.handler, req) }()
	select {
	case o := <-done:
		return o.response, o.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// request builds the request by hand, because clients refuse some that are asked.
func (t *target) request(ctx context.Context, r *conformance.Request) *http.Request {
	host, path := t.address(r.Bucket, r.Key)
	if r.Query != "" {
		path += "?" + r.Query
	}
	var req *http.Request
	if r.Body != nil {
		req = httptest.NewRequestWithContext(ctx, "GET", path, bytes.NewReader(r.Body))
	} else {
		req = httptest.NewRequestWithContext(ctx, "GET", path, nil)
	}
	req.Method = r.Method
	if host != "" {
		req.Host = host
	}
	for _, h := range r.Headers {
		// A server trims what stands around a value (RFC 9112 section 5).
		req.Header.Add(h[0], strings.Trim(h[1], " \t"))
	}
	if r.Body != nil {
		req.Header.Set("Content-Length", fmt.Sprint(len(r.Body)))
	}
	if t.opts.Sign != nil && !r.Anonymous {
		t.opts.Sign(req)
	}
	return req
}

func (t *target) address(bucket, key string) (host, path string) {
	switch {
	case t.opts.Address != nil:
		return t.opts.Address(bucket, key)
	case key != "":
		return "", "/" + bucket + "/" + key
	}
	return "", "/" + bucket
}

// An outcome is what came of a request: a response, or the reason why there is none.
type outcome struct {
	response *conformance.Response
	err      error
}

func serve(h http.Handler, r *http.Request) (o outcome) {
	w := &recorder{method: r.Method, header: make(http.Header)}
	defer func() {
		switch p := recover(); {
		case p == nil:
			o.response, o.err = w.response()
		case p == http.ErrAbortHandler:
			o.err = errors.New("the handler hung up")
		default:
			o.err = fmt.Errorf("the handler panicked: %v", p)
		}
	}()
	h.ServeHTTP(w, r)
	return outcome{}
}
