package conformance

import (
	"context"
	"sync"
	"time"
)

const defaultSettle = 5 * time.Second

// settling learns how late a server applies changes of a configuration. It is safe for
// concurrent use.
type settling struct {
	limit time.Duration // the longest that a change may take

	mu      sync.Mutex
	longest time.Duration // the longest that one took, of those that were waited for
	prompt  int           // changes that were there at once, where an old one could have been seen
	wasted  time.Duration // waited for answers that stayed wrong
}

// enough is the number of prompt changes after which a server is held to be prompt.
const enough = 8

// patience is the time after a change in which a wrong answer may be the old one.
func (s *settling) patience() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.wasted >= 2*s.limit:
		return 3 * s.longest
	case s.prompt >= enough:
		return min(s.limit, max(s.limit/20, 3*s.longest))
	}
	return s.limit
}

// late is how long to wait for a change where the answer would not show it.
func (s *settling) late() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return min(s.limit, 2*s.longest)
}

func (s *settling) arrivedAfter(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.longest = max(s.longest, d)
}

func (s *settling) arrivedAtOnce() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.prompt++
}

func (s *settling) inVain(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wasted += d
}

// settled asks until the answer is as expected, or the last change of the bucket's
// configuration has had its time. A server that stays wrong costs that time once for
// each change: what is asked later finds it over.
func (w *worker) settled(ctx context.Context, b *bucket, ask func() ([]Diff, error)) ([]Diff, error) {
	diffs, err := ask()
	if err != nil || diffs == nil || b.changed.IsZero() {
		return diffs, err
	}
	begin, pause := time.Now(), 5*time.Millisecond
	asked := 0
	for diffs != nil {
		left := time.Until(b.changed.Add(w.settling.patience()))
		if left <= 0 {
			break
		}
		if err := sleep(ctx, min(pause, left)); err != nil {
			return nil, err
		}
		pause = min(2*pause, 250*time.Millisecond)
		if diffs, err = ask(); err != nil {
			return nil, err
		}
		asked++
	}
	switch {
	case diffs == nil:
		w.settling.arrivedAfter(time.Since(b.changed))
	case asked > 0:
		w.settling.inVain(time.Since(begin))
	}
	return diffs, nil
}

// rest waits for a change of a bucket's configuration where a request can be sent only
// once, if the server is known to be late.
func (w *worker) rest(ctx context.Context, b *bucket) error {
	if b.changed.IsZero() {
		return nil
	}
	return sleep(ctx, time.Until(b.changed.Add(w.settling.late())))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
