package conformance

import (
	"context"
	"time"
)

// grace is how long a request that is under way may go on when the run is ended. Without
// it nobody could know whether a bucket was made that has to be deleted.
const grace = 2 * time.Second

// send sends a request, unless the run has ended or the server is known to be down.
func (r *run) send(ctx context.Context, req *Request) (*Response, error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err := r.health.err(); err != nil {
		return nil, err
	}
	begin := time.Now()
	res, err := r.gracefully(ctx, req)
	switch {
	case err == nil:
		r.health.answered()
		return res, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	}
	r.health.failed(err, time.Since(begin), func() error {
		_, err := r.gracefully(ctx, &Request{Method: "GET"})
		return err
	})
	return nil, err
}

// gracefully sends a request that outlives its context for a while.
func (r *run) gracefully(ctx context.Context, req *Request) (*Response, error) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		if sleep(longer, grace) == nil {
			cancel()
		}
	})
	defer stop()
	return r.target.Do(longer, req)
}
