package conformance

import (
	"context"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Target is a server under test. It is safe for concurrent use.
type Target interface {
	// Do sends one request and returns the whole answer, whatever its status. It
	// follows no redirects and repeats nothing. The error says in a few words why
	// there was no answer: that the server hung up, kept silent for too long, or
	// sent what is no HTTP.
	Do(ctx context.Context, r *Request) (*Response, error)
}

// A Request is what a Target sends.
type Request struct {
	Method string
	Bucket string // "" for the service itself
	Key    string // "" for the bucket itself
	// Query is what stands behind the question mark of the URL, as it is sent; ""
	// for a URL without one.
	Query string
	// Headers are the field lines, in the order in which they are sent. The target
	// adds Host, Content-Length and what signing needs.
	Headers []vectors.Pair
	Body    []byte // nil for none
	// Anonymous is true for a request that is sent without a signature, as
	// browsers send preflights. So is one that has an Authorization among its
	// headers.
	Anonymous bool
}

// A Response is an answer.
type Response struct {
	Status int
	// Headers are the field lines in the order in which they came, names as they
	// came. The order is the server's only where the target can see it.
	Headers []vectors.Pair
	Body    []byte
}
