package conformance

import (
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Question is what an evaluator is asked: how does a bucket with this configuration
// answer this request, as far as CORS goes?
type Question struct {
	// ConfigXML and ConfigJSON are the bucket's configuration in both forms, as one
	// document each. Both are nil if the bucket has none. One of them is nil if the
	// configuration can be written in the other form only.
	ConfigXML, ConfigJSON []byte
	// NoBucket is true if there is no such bucket.
	NoBucket bool
	// Request is the request. It is shared by all who are asked, and must not be
	// changed.
	Request *vectors.Request
}

// An Answer is what an evaluator says. The zero value lets the request go on, and adds
// nothing to its answer.
type Answer struct {
	// Status is the HTTP status of the answer, or 0 if the request goes on to the
	// answer that it would get without CORS.
	Status int
	// Headers are all the CORS headers and Vary, in the order in which they are
	// sent.
	Headers []vectors.Pair
	// Error holds the elements of the error, in their order, without RequestId and
	// HostId. Nil if there is no error.
	Error vectors.Elements
	// Outcome is the name of the cause, as the vectors have it. "" says nothing, and
	// is not judged.
	Outcome string
	// Rule points to the index, from 0, of the rule that matched, or to -1 if none
	// did. Nil says nothing, and is not judged.
	Rule *int
}

// RunEvaluator asks a function that decides all decisions that the options choose, and
// returns a result for each, in the order of the vectors. Documents and operations are
// left out: they take a server. Of the options it needs those that choose, and Report. A
// panic of the function is an Error of that vector.
//
// The error says that the vectors could not be read; it is nil if Options.Vectors is
// not.
func RunEvaluator(evaluate func(Question) Answer, opts Options) ([]Result, error) {
	return nil, nil
}
