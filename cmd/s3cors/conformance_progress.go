package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// A progress is a line on a terminal that says how far a run is. It is safe for
// concurrent use.
type progress struct {
	terminal io.Writer // nil if there is none
	total    int
	now      func() time.Time

	mu           sync.Mutex
	done, failed int
	shown        time.Time
	over         bool
}

// often is the time for which the line stays as it is.
const often = 100 * time.Millisecond

// add counts a result, and shows the line if the one before is old enough.
func (p *progress) add(r conformance.Result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return // what comes now was not asked
	}
	p.done++
	if r.Verdict == conformance.Fail || r.Verdict == conformance.Error {
		p.failed++
	}
	if now := p.now(); p.terminal != nil && now.Sub(p.shown) >= often {
		p.shown = now
		fmt.Fprintf(p.terminal, "\r\x1b[K%d of %d vectors, %d failed, %d left", p.done, p.total, p.failed, p.total-p.done)
	}
}

// clear takes the line away for good.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
	if !p.shown.IsZero() {
		fmt.Fprint(p.terminal, "\r\x1b[K")
	}
}
