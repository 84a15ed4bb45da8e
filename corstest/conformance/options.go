package conformance

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// Options say which vectors are asked, and how. The zero value asks all that is known
// of Amazon S3, of a server that has all that the vectors need.
type Options struct {
	// Vectors are the vectors to choose from. Nil means those of vectors.All.
	Vectors []vectors.Vector
	// Dialect is the kind of server: "" for Amazon S3, or one of the dialects of
	// package vectors. The vectors that are not about it are left out.
	Dialect string
	// Run and Skip choose by id. If Run is not nil, ids that it does not match are
	// left out. If Skip is not nil, ids that it matches are left out.
	Run, Skip *regexp.Regexp
	// Lacks names what the server does not have. A vector that needs it is
	// skipped, and the reason says so.
	Lacks []Need

	// Bucket is an existing bucket to use instead of buckets that Run makes. Run
	// then asks one thing at a time, and in the end puts back the configuration that
	// the bucket had. Vectors that make or delete a bucket are skipped.
	Bucket string
	// Location is the LocationConstraint of the buckets that Run makes, "" for none.
	Location string
	// Put, if it is not nil, replaces PUT ?cors and DELETE ?cors for a server that
	// has neither. It gives the bucket a configuration in XML, or takes it away if
	// xml is nil. It is called by several goroutines, for different buckets.
	Put func(ctx context.Context, bucket string, xml []byte) error

	// Parallel is the number of buckets that are used at the same time. Zero means 4.
	Parallel int
	// Settle is the longest time that a change of a configuration may take to arrive.
	// Until then an answer that differs is asked for again. Run learns how late a
	// server is, and waits less for one that is prompt. Zero means 5 seconds, a
	// negative time that nothing is asked again.
	Settle time.Duration
	// Report, if it is not nil, is called with each result as soon as it is known,
	// by one goroutine at a time.
	Report func(Result)
}

// A Need is something that a server must have for a vector to be asked of it: one of
// those that vectors name (see Vector.Needs), or one of these.
type Need string

// The needs that follow from what is sent.
const (
	// NeedAPI is PUT, GET and DELETE ?cors. Whoever sets Options.Put lacks it.
	NeedAPI Need = "cors-api"
	// NeedBuckets is to make and to delete a bucket, or to change more of it than its
	// CORS configuration. Whoever sets Options.Bucket lacks it.
	NeedBuckets Need = "buckets"
)

// A NotRunError says why not one vector could be asked.
type NotRunError struct {
	Reason string
}

// Error returns the reason.
func (e *NotRunError) Error() string { return e.Reason }

// A LeftoverError says that Run could not take away everything that it had made, or
// could not put back the configuration of Options.Bucket. The results hold all the
// same.
type LeftoverError struct {
	Bucket string
	Reason string
}

// Error names the bucket and the reason.
func (e *LeftoverError) Error() string {
	return fmt.Sprintf("bucket %s was not left as it was found: %s", e.Bucket, e.Reason)
}
