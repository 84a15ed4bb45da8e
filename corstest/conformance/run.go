package conformance

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// Run asks a server the vectors that the options choose, and returns a result for each,
// in the order of the vectors. There is a result for every vector that Chosen returns,
// whatever the error, unless the vectors cannot be read.
//
// The error is nil, or holds (see errors.As and errors.Is)
//   - a [*NotRunError] if not one vector could be asked,
//   - a [*LeftoverError] for each bucket that could not be tidied up,
//   - the cause of the end of ctx, if that ended the run. What was not asked by then has
//     the verdict Error. What Run has made is deleted all the same.
//
// A server that stops answering ends the run early: what was not asked by then has the
// verdict Error, and a reason that says so.
func Run(ctx context.Context, target Target, opts Options) ([]Result, error) {
	chosen, err := Chosen(opts)
	if err != nil {
		return nil, &NotRunError{err.Error()}
	}
	r := newRun(target, opts, chosen)
	first, err := r.open(ctx)
	if err == nil {
		r.work(ctx, first, r.plan(chosen))
	}
	left := r.tidy(ctx)
	results := r.close(r.unasked(ctx, err))
	switch {
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	default:
		err = notRun(results)
	}
	return results, errors.Join(err, left)
}

// A run is what its workers share.
type run struct {
	target Target
	opts   Options
	name   string // begins the names of buckets and keys
	// missing is the name of a bucket that does not exist.
	missing string

	*ledger
	health   health
	settling settling
	plain    plainAnswers

	mu      sync.Mutex
	made    int       // how many names were given out
	buckets []*bucket // to be tidied up
}

func newRun(target Target, opts Options, chosen []*vectors.Vector) *run {
	r := &run{target: target, opts: opts, ledger: newLedger(chosen, opts.Report),
		plain: plainAnswers{seen: make(map[string]bool)}}
	var random [6]byte
	_, _ = rand.Read(random[:]) // which never fails
	r.name = "s3cors-" + hex.EncodeToString(random[:])
	r.missing = r.name + "-missing"
	r.settling.limit = defaultSettle
	if opts.Settle != 0 {
		r.settling.limit = max(opts.Settle, 0)
	}
	return r
}

// freshName is the name of a bucket that nobody has.
func (r *run) freshName() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made++
	return fmt.Sprintf("%s-%d", r.name, r.made)
}

// unasked is the reason of whatever has no verdict in the end.
func (r *run) unasked(ctx context.Context, err error) string {
	switch {
	case ctx.Err() != nil:
		return "the run was ended: " + context.Cause(ctx).Error()
	case err != nil:
		return err.Error()
	case r.health.err() != nil:
		return r.health.err().Error()
	}
	return "it was not asked"
}

// notRun is the error of a run that judged nothing.
func notRun(results []Result) error {
	reason := "no vector was chosen"
	for _, res := range results {
		switch res.Verdict {
		case Pass, Fail:
			return nil
		case Error:
			return &NotRunError{res.Reason}
		}
		reason = "every vector was skipped, such as " + res.Vector.ID + ": " + res.Reason
	}
	return &NotRunError{reason}
}
