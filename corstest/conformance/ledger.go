package conformance

import (
	"sync"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A ledger holds the results of a run, in the order of its vectors. It is safe for
// concurrent use.
type ledger struct {
	mu     sync.Mutex
	at     map[*vectors.Vector]int
	all    []Result
	report func(Result)
}

func newLedger(chosen []*vectors.Vector, report func(Result)) *ledger {
	l := &ledger{at: make(map[*vectors.Vector]int, len(chosen)), all: make([]Result, len(chosen)), report: report}
	for i, v := range chosen {
		l.at[v] = i
	}
	return l
}

// enter notes what came of a vector, unless that is known.
func (l *ledger) enter(r Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	i := l.at[r.Vector]
	if l.all[i].Vector != nil {
		return
	}
	l.all[i] = r
	if l.report != nil {
		l.report(r)
	}
}

// close gives a verdict to all that have none, and returns the results.
func (l *ledger) close(reason string) []Result {
	for v := range l.at {
		if l.all[l.at[v]].Vector == nil {
			l.enter(Result{Vector: v, Verdict: Error, Reason: reason})
		}
	}
	return l.all
}

// judged is the result of a vector by its differences.
func judged(v *vectors.Vector, diffs []Diff, last *Exchange) Result {
	if len(diffs) == 0 {
		return Result{Vector: v, Verdict: Pass, Exchange: last}
	}
	return Result{Vector: v, Verdict: Fail, Diffs: diffs, Exchange: last}
}
