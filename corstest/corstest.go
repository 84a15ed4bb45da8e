package corstest

import (
	"net/http"
	"testing"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// TestHandler asks a storage server, given as a handler, every vector in a subtest of its
// own. It calls newHandler for each, with the test that the vector is, so that vectors do
// not see each other's buckets. A server that is expensive to start can be started once:
// newHandler may return the same handler each time, as long as all buckets can be made
// and deleted.
//
// The server must have PUT and DELETE of buckets and of objects, and PUT, GET and DELETE
// ?cors, unless the options say otherwise.
func TestHandler(t *testing.T, newHandler func(*testing.T) http.Handler, opts Options) {
	t.Helper()
	for _, v := range chosen(t, opts) {
		t.Run(v.ID, func(t *testing.T) {
			options := opts.conformance()
			options.Vectors = []vectors.Vector{*v}
			results, _ := conformance.Run(t.Context(), NewTarget(newHandler(t), opts), options) // whose error the result tells
			opts.tell(t, results[0])
		})
	}
}

// TestEvaluator asks a function that decides every decision in a subtest of its own.
// Documents and operations are left out: they take a server.
func TestEvaluator(t *testing.T, evaluate func(Question) Answer, opts Options) {
	t.Helper()
	for _, v := range chosen(t, opts) {
		if v.Request == nil {
			continue
		}
		t.Run(v.ID, func(t *testing.T) {
			options := opts.conformance()
			options.Vectors = []vectors.Vector{*v}
			results, err := conformance.RunEvaluator(evaluate, options)
			if err != nil {
				t.Fatal(err)
			}
			opts.tell(t, results[0])
		})
	}
}

func chosen(t *testing.T, opts Options) []*vectors.Vector {
	t.Helper()
	all, err := conformance.Chosen(opts.conformance())
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the options choose no vector")
	}
	return all
}

// tell reports a result to the test of its vector.
func (o Options) tell(t testing.TB, r conformance.Result) {
	t.Helper()
	level := conformance.LevelOf(r.Vector)
	switch {
	case r.Verdict == conformance.Pass:
	case r.Verdict == conformance.Skip:
		t.Skip(r.Reason)
	case level == conformance.Must || o.Strict:
		t.Error(describe(r))
	default:
		t.Skipf("it %s hold:\n%s", level, describe(r))
	}
}
