package conformance

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A group is the decisions that share a configuration: it is put once.
type group struct {
	config []byte // in XML; nil for none
	all    []*vectors.Vector
}

// decisions asks all decisions of a group.
func (w *worker) decisions(ctx context.Context, g *group) error {
	if err := w.prepare(ctx, g.config); err != nil {
		return err
	}
	// An answer that has CORS headers shows whether the configuration has arrived.
	telling := slices.Clone(g.all)
	slices.SortStableFunc(telling, func(a, b *vectors.Vector) int {
		return min(len(b.Expect.Headers), 1) - min(len(a.Expect.Headers), 1)
	})
	if len(telling[0].Expect.Headers) == 0 {
		if err := w.rest(ctx, w.bucket); err != nil {
			return err
		}
	}
	for _, v := range telling {
		w.decision(ctx, w.bucket, v)
		if v.Request.Method != "DELETE" || v.Request.Target != "bucket" {
			continue
		}
		if err := w.prepare(ctx, g.config); err != nil { // in case it is gone
			return err
		}
	}
	return nil
}

// prepare gives the worker's bucket a configuration. Should the bucket have gone, because
// the server took something else for its deletion, the worker gets another.
func (w *worker) prepare(ctx context.Context, config []byte) error {
	err := w.configure(ctx, w.bucket, config)
	if !bucketGone(err) || w.bucket.existing {
		return err
	}
	if w.bucket, err = w.freshBucket(ctx); err != nil {
		return err
	}
	return w.configure(ctx, w.bucket, config)
}

// elsewhere asks a decision on a bucket that does not exist.
func (w *worker) elsewhere(ctx context.Context, v *vectors.Vector) {
	w.decision(ctx, &bucket{name: w.missing}, v)
}

func (w *worker) decision(ctx context.Context, b *bucket, v *vectors.Vector) {
	req := w.requestOf(v, b.name)
	last := &Exchange{Request: req}
	first := true
	diffs, err := w.settled(ctx, b, func() ([]Diff, error) {
		diffs, err := w.ask(ctx, b, v, last)
		if first && err == nil && diffs == nil && b.warm && !b.asked && len(v.Expect.Headers) > 0 {
			w.settling.arrivedAtOnce()
		}
		first, b.asked = false, true
		return diffs, err
	})
	w.enter(v, diffs, err, last)
}

// ask sends the request of a decision, and judges the answer.
func (w *worker) ask(ctx context.Context, b *bucket, v *vectors.Vector, last *Exchange) ([]Diff, error) {
	req := last.Request
	if req.Key != "" && v.Bucket == "" && req.Method != "OPTIONS" {
		if err := w.putObject(ctx, b); err != nil {
			return nil, err
		}
		b.object = isSafe(req.Method) // or it may be another after it
	}
	if changesBucket(req.Method, v.Request.Target, "") {
		b.known = false
	}
	res, err := w.send(ctx, req)
	last.Response = res
	if err != nil {
		return nil, err
	}
	var plain *Response
	if v.Expect.Status == nil && w.plain.suspects(req, res) {
		if plain, err = w.send(ctx, withoutCORS(req)); err != nil {
			return nil, fmt.Errorf("without Origin: %w", err)
		}
		w.plain.note(req, plain)
	}
	return judgeDecision(v, res, plain), nil
}

// plainAnswers remembers what a server answers to requests that have nothing of CORS. It
// is safe for concurrent use.
type plainAnswers struct {
	mu   sync.Mutex
	seen map[string]bool
}

// suspects reports whether an answer may not be the server's own one to a request that
// goes on: it is a refusal that was not seen without CORS, or not the content of the
// object.
func (p *plainAnswers) suspects(req *Request, res *Response) bool {
	if res.Status < 400 {
		return req.Method == "GET" && req.Key != "" && string(res.Body) != content
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.seen[refusedAs(req, res)]
}

func (p *plainAnswers) note(req *Request, plain *Response) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[refusedAs(req, plain)] = true
}

func refusedAs(req *Request, res *Response) string {
	return fmt.Sprint(res.Status, req.Method, req.Bucket, req.Key, req.Query, withoutCORS(req).Headers)
}
