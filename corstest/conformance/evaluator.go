package conformance

import (
	"fmt"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Question is what an evaluator is asked: how does a bucket with this configuration
// answer this request, as far as CORS goes?
type Question struct {
	// ConfigXML and ConfigJSON are the bucket's configuration in both forms. The JSON
	// is an object with the member CORSRules, as the AWS command line has it. Both are
	// nil if the bucket has none. One of them is nil if the configuration can be
	// written in the other form only.
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
// left out: they take a server. Of the options it needs those that choose, Lacks and
// Report. A panic of the function is an Error of that vector.
//
// A configuration that S3 refuses is to be answered with the status and the error of that
// refusal. An evaluator that does not check configurations lacks NeedAPI.
//
// The error says that the vectors could not be read; it is nil if Options.Vectors is
// not.
func RunEvaluator(evaluate func(Question) Answer, opts Options) ([]Result, error) {
	chosen, err := Chosen(opts)
	if err != nil {
		return nil, err
	}
	var results []Result
	for _, v := range chosen {
		if v.Request == nil {
			continue
		}
		results = append(results, opts.evaluate(v, evaluate))
		if opts.Report != nil {
			opts.Report(results[len(results)-1])
		}
	}
	return results, nil
}

// evaluate asks one decision.
func (o *Options) evaluate(v *vectors.Vector, evaluate func(Question) Answer) (r Result) {
	if v.Expect.Outcome == "invalid-configuration" && o.lacks(NeedAPI) {
		return Result{Vector: v, Verdict: Skip, Reason: "the evaluator lacks " + string(NeedAPI)}
	}
	defer func() {
		if p := recover(); p != nil {
			r = Result{Vector: v, Verdict: Error, Reason: fmt.Sprintf("the evaluator panicked: %v", p)}
		}
	}()
	return judged(v, judgeAnswer(v, evaluate(questionOf(v))), nil)
}

func questionOf(v *vectors.Vector) Question {
	return Question{
		ConfigXML:  v.ConfigXML,
		ConfigJSON: configJSON(v),
		NoBucket:   v.Bucket != "",
		Request:    v.Request,
	}
}
