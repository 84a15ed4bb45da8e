package corstest

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// The types that those who write tests name.
type (
	// Question is what an evaluator is asked.
	Question = conformance.Question
	// Answer is what it says.
	Answer = conformance.Answer
	// Need is something that a server must have for a vector to be asked of it.
	Need = conformance.Need
)

// Options say what is tested, and how. The zero value tests all that is known of Amazon
// S3, on a server that has all that the vectors need, at addresses such as /bucket/key.
type Options struct {
	// Dialect is the kind of server: "" for Amazon S3, or one of the dialects of
	// package vectors.
	Dialect string
	// Skip, if it is not nil, leaves out the vectors whose ids it matches.
	Skip *regexp.Regexp
	// Lacks names what the server does not have, such as "accounts". A vector that
	// needs it is skipped.
	Lacks []Need
	// Strict makes every difference a failure, whatever the level of its vector.
	Strict bool

	// Bucket is an existing bucket to use, for a server that cannot make buckets. Put, if
	// it is not nil, gives a bucket a configuration in XML, or takes it away if xml is
	// nil, for a server without ?cors. Both are for handlers; see conformance.Options for
	// what is skipped then.
	Bucket string
	Put    func(ctx context.Context, bucket string, xml []byte) error

	// Address returns the Host and the path of the URL, escaped, of a bucket and a key.
	// The key is "" for the bucket, and both are "" for the service. Nil means
	// /bucket/key. It is for handlers.
	Address func(bucket, key string) (host, path string)
	// Sign, if it is not nil, is called with every request that a server may ask
	// credentials for, before it is sent. Preflights are none of them. It is for
	// handlers.
	Sign func(*http.Request)
	// Settle is how long a change of a configuration may take to arrive. Zero means
	// that it is there at once. It is for handlers.
	Settle time.Duration
	// Timeout is how long the handler may take for one request. Zero means 10 seconds.
	// It is for handlers.
	Timeout time.Duration
}

const defaultTimeout = 10 * time.Second

func (o Options) conformance() conformance.Options {
	settle := o.Settle
	if settle == 0 {
		settle = -1
	}
	return conformance.Options{Dialect: o.Dialect, Skip: o.Skip, Lacks: o.Lacks,
		Bucket: o.Bucket, Put: o.Put, Settle: settle, Parallel: 1}
}
