package conformance

import (
	"context"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// document puts a document, and gets back what became of it.
func (w *worker) document(ctx context.Context, v *vectors.Vector) {
	diffs, last, err := w.putDocument(ctx, v, v.Document)
	if err == nil && diffs == nil && v.Expect.Error == nil {
		diffs, last, err = w.getDocument(ctx, v)
	}
	w.enter(v, diffs, err, last)
}

// refused puts the configuration of a decision that S3 refuses: there is nothing else to
// ask.
func (w *worker) refused(ctx context.Context, v *vectors.Vector) {
	diffs, last, err := w.putDocument(ctx, v, v.ConfigXML)
	w.enter(v, diffs, err, last)
}

func (w *worker) putDocument(ctx context.Context, v *vectors.Vector, document []byte) ([]Diff, *Exchange, error) {
	b := w.bucket
	last := &Exchange{Request: putCORS(b.name, document)}
	b.known = false
	res, err := w.send(ctx, last.Request)
	if err != nil {
		return nil, last, err
	}
	b.changedNow()
	last.Response = res
	return judgePut(v, res), last, nil
}

func (w *worker) getDocument(ctx context.Context, v *vectors.Vector) ([]Diff, *Exchange, error) {
	last := &Exchange{Request: &Request{Method: "GET", Bucket: w.bucket.name, Query: "cors"}}
	diffs, err := w.settled(ctx, w.bucket, func() ([]Diff, error) {
		res, err := w.send(ctx, last.Request)
		last.Response = res
		if err != nil {
			return nil, err
		}
		return judgeGet(v, res), nil
	})
	return diffs, last, err
}
