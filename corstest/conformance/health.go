package conformance

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// A server that is down is told early: after so many requests without an answer, one
// after the other, it is asked for something plain; and so much time in all may be lost
// on requests without an answer.
const (
	maxSilent = 5
	maxLost   = 10 * time.Minute
)

// health watches whether a server answers at all. It is safe for concurrent use.
type health struct {
	mu      sync.Mutex
	silent  int           // requests without an answer since the last answer
	lost    time.Duration // by requests without an answer
	probing bool          // whether somebody finds out if the server is down
	dead    error         // why nothing more is asked; nil while something is
}

// errDead marks the reason why nothing more is asked.
var errDead = errors.New("nothing more is asked")

func (h *health) err() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.dead
}

func (h *health) answered() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.silent = 0
}

// failed notes that a request was lost. plain asks for something that every server
// answers, so that a server which cannot bear one kind of request is not taken for one
// that is down.
func (h *health) failed(err error, took time.Duration, plain func() error) {
	if !h.inDoubt(err, took) {
		return
	}
	down := plain() != nil
	h.mu.Lock()
	defer h.mu.Unlock()
	h.probing = false
	switch {
	case !down:
		h.silent = 0
	case h.dead == nil:
		h.dead = fmt.Errorf("%w: %d requests in a row got no answer, the last: %w", errDead, h.silent, err)
	}
}

// inDoubt notes that a request was lost, and reports whether the caller is to find out if
// the server is down.
func (h *health) inDoubt(err error, took time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.silent++
	h.lost += took
	if h.dead == nil && h.lost > maxLost {
		h.dead = fmt.Errorf("%w: %s passed in waiting for answers that did not come, the last: %w", errDead, h.lost.Round(time.Second), err)
	}
	doubt := h.dead == nil && h.silent >= maxSilent && !h.probing
	h.probing = h.probing || doubt
	return doubt
}
