package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// operation sends the requests of an operation, in turn, up to the first whose answer
// differs.
func (w *worker) operation(ctx context.Context, v *vectors.Vector) error {
	b, err := w.stage(ctx, v)
	if err != nil {
		return err
	}
	var m vectors.Memory
	var diffs []Diff
	var last *Exchange
	for i := range v.Steps {
		diffs, last, err = w.step(ctx, b, &m, v, i)
		if err != nil || diffs != nil {
			break
		}
	}
	w.enter(v, diffs, err, last)
	w.strike(ctx, b, v)
	return nil
}

// stage prepares the bucket in which an operation begins, without an object.
func (w *worker) stage(ctx context.Context, v *vectors.Vector) (*bucket, error) {
	switch {
	case v.Bucket != "" && needsOwnBucket(v): // a step makes it
		return w.register(&bucket{name: w.freshName()}), nil
	case v.Bucket != "":
		return &bucket{name: w.freshName()}, nil
	case needsOwnBucket(v):
		b, err := w.makeBucket(ctx)
		if err != nil {
			return nil, err
		}
		return b, w.configure(ctx, b, v.StoredXML)
	}
	err := w.prepare(ctx, v.StoredXML)
	if err == nil && w.bucket.touched {
		err = w.deleteObject(ctx, w.bucket)
	}
	return w.bucket, err
}

// strike takes away what an operation has left.
func (w *worker) strike(ctx context.Context, b *bucket, v *vectors.Vector) {
	if b.upload != "" { // which may be complete, so that there is nothing to abort
		if _, err := w.send(ctx, &Request{Method: "DELETE", Bucket: b.name, Key: w.key(), Query: b.upload}); err == nil {
			b.upload = ""
		}
	}
	if needsOwnBucket(v) {
		w.strikeBucket(ctx, b)
	}
	if b != w.bucket {
		return
	}
	b.known = false
	b.touched = slices.ContainsFunc(v.Steps, func(s vectors.Step) bool { return s.Request.Target == "object" && !isSafe(s.Request.Method) })
	b.object = false
}

// needsOwnBucket reports whether an operation changes its bucket so that nothing else
// can use it, or needs it empty.
func needsOwnBucket(v *vectors.Vector) bool {
	return slices.ContainsFunc(v.Steps, func(s vectors.Step) bool {
		return changesBucket(s.Request.Method, s.Request.Target, s.Request.Query)
	})
}

// step sends one request of an operation, and judges the answer. A request that changes
// nothing is sent again while a change before it may not have arrived.
func (w *worker) step(ctx context.Context, b *bucket, m *vectors.Memory, v *vectors.Vector, i int) ([]Diff, *Exchange, error) {
	s := &v.Steps[i]
	last := &Exchange{Request: w.stepRequest(b, m.Fill(s.Request))}
	ask := func() ([]Diff, error) {
		res, err := w.send(ctx, last.Request)
		last.Response = res
		if err != nil {
			return nil, fmt.Errorf("steps[%d]: %w", i, err)
		}
		m.Remember(strings.Join(lines(res.Headers, "ETag"), ", "), res.Body)
		b.upload = uploadOf(m)
		diffs := judgeStep(v.Dialect, b.name, s, res)
		for j := range diffs {
			diffs[j].What = fmt.Sprintf("steps[%d].%s", i, diffs[j].What)
		}
		return diffs, nil
	}
	if isSafe(s.Request.Method) {
		diffs, err := w.settled(ctx, b, ask)
		return diffs, last, err
	}
	if err := w.rest(ctx, b); err != nil {
		return nil, last, err
	}
	diffs, err := ask()
	if s.Request.Target == "bucket" || hasCORS(s.Request.Query) {
		b.changedNow()
	}
	return diffs, last, err
}

// uploadOf is the query that names the upload which an operation has begun; "" if it has
// begun none.
func uploadOf(m *vectors.Memory) string {
	const none = "uploadId="
	query := m.Fill(vectors.StepRequest{Query: none + vectors.UploadID}).Query
	if query == none {
		return ""
	}
	return query
}

func (w *worker) stepRequest(b *bucket, s vectors.StepRequest) *Request {
	req := &Request{Method: s.Method, Query: s.Query, Headers: s.Headers, Body: s.Body,
		Anonymous: s.Anonymous || s.Method == "OPTIONS" || lines(s.Headers, "Authorization") != nil}
	if s.Target != "service" {
		req.Bucket = b.name
	}
	if s.Target == "object" {
		req.Key = w.key()
	}
	return req
}
