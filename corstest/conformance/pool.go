package conformance

import (
	"context"
	"sync"

	"github.com/s3cors/s3cors/corstest/vectors"
)

const defaultParallel = 4

// A worker does one job after the other in a bucket of its own.
type worker struct {
	*run
	bucket *bucket
}

// open prepares the first bucket. Its error is the reason why nothing can be asked.
func (r *run) open(ctx context.Context) (*bucket, error) {
	if r.opts.Bucket == "" {
		return r.freshBucket(ctx)
	}
	b, err := r.openBucket(ctx)
	if err != nil {
		return nil, err
	}
	return b, r.keep(ctx, b)
}

// freshBucket makes a bucket for a worker.
func (r *run) freshBucket(ctx context.Context) (*bucket, error) {
	b, err := r.makeBucket(ctx)
	if err != nil {
		return nil, err
	}
	return b, r.keep(ctx, b)
}

// work does all jobs, in as many buckets as the options and the server allow.
func (r *run) work(ctx context.Context, first *bucket, jobs []job) {
	queue := make(chan job, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	var group sync.WaitGroup
	for i := range r.parallel(len(jobs)) {
		group.Add(1)
		go func() {
			defer group.Done()
			w := &worker{run: r, bucket: first}
			if i > 0 {
				b, err := r.freshBucket(ctx)
				if err != nil {
					return // the others do its work
				}
				w.bucket = b
			}
			w.work(ctx, queue)
		}()
	}
	group.Wait()
}

func (r *run) parallel(jobs int) int {
	switch {
	case r.opts.Bucket != "":
		return 1
	case r.opts.Parallel > 0:
		return min(r.opts.Parallel, jobs)
	}
	return min(defaultParallel, jobs)
}

func (w *worker) work(ctx context.Context, queue <-chan job) {
	for j := range queue {
		if ctx.Err() != nil || w.health.err() != nil {
			return
		}
		if err := j.do(ctx, w); err != nil {
			for _, v := range j.vectors {
				w.enter(v, nil, err, nil)
			}
		}
	}
}

// enter notes what came of a vector: an error that kept it from being judged, or its
// differences.
func (w *worker) enter(v *vectors.Vector, diffs []Diff, err error, last *Exchange) {
	if err != nil {
		w.ledger.enter(Result{Vector: v, Verdict: Error, Reason: err.Error(), Exchange: last})
		return
	}
	w.ledger.enter(judged(v, diffs, last))
}
