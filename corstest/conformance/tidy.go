package conformance

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

// How long tidying up may take in all: less if the server did not answer before.
const (
	tidyTime     = 30 * time.Second
	tidyTimeDead = 5 * time.Second
)

// register notes a bucket that has to be tidied up. It is called before the bucket is
// made: whether a request took effect that got no answer, nobody knows.
func (r *run) register(b *bucket) *bucket {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buckets = append(r.buckets, b)
	return b
}

// tidy deletes what the run has made, and puts back what it found, also if ctx is done.
func (r *run) tidy(ctx context.Context) error {
	limit := tidyTime
	if r.health.err() != nil {
		limit = tidyTimeDead
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	defer cancel()
	var errs []error
	for _, b := range r.buckets {
		errs = append(errs, r.tidyBucket(ctx, b))
	}
	return errors.Join(errs...)
}

// strikeBucket tidies up a bucket in the middle of a run. If that fails, the end of the
// run tries again.
func (r *run) strikeBucket(ctx context.Context, b *bucket) {
	if r.tidyBucket(ctx, b) == nil {
		r.forget(b)
	}
}

// forget takes back what register has noted.
func (r *run) forget(b *bucket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.buckets = slices.DeleteFunc(r.buckets, func(other *bucket) bool { return other == b })
}

func (r *run) tidyBucket(ctx context.Context, b *bucket) error {
	if b.upload != "" { // which may be complete, so that there is nothing to abort
		_, _ = r.target.Do(ctx, &Request{Method: "DELETE", Bucket: b.name, Key: r.key(), Query: b.upload})
	}
	for _, key := range []string{r.key(), r.keepKey()} {
		_, _ = r.target.Do(ctx, &Request{Method: "DELETE", Bucket: b.name, Key: key}) // the bucket tells whether it is gone
	}
	var err error
	if b.existing {
		err = r.restore(ctx, b)
	} else {
		err = r.deleteBucket(ctx, b)
	}
	if err != nil {
		return &LeftoverError{b.name, err.Error()}
	}
	return nil
}

func (r *run) restore(ctx context.Context, b *bucket) error {
	if r.opts.Put != nil {
		return r.opts.Put(ctx, b.name, b.before)
	}
	req := putCORS(b.name, b.before)
	if b.before == nil {
		req = &Request{Method: "DELETE", Bucket: b.name, Query: "cors"}
	}
	res, err := r.target.Do(ctx, req)
	switch {
	case err != nil:
		return fmt.Errorf("putting its configuration back: %w", err)
	case res.Status >= 300:
		return fmt.Errorf("putting its configuration back: the server said %s", said(res))
	}
	return nil
}

func (r *run) deleteBucket(ctx context.Context, b *bucket) error {
	if r.opts.Put != nil {
		_ = r.opts.Put(ctx, b.name, nil) // the bucket goes as a whole
	}
	res, err := r.target.Do(ctx, &Request{Method: "DELETE", Bucket: b.name})
	if err == nil && res.Status == 409 && r.empty(ctx, b) {
		res, err = r.target.Do(ctx, &Request{Method: "DELETE", Bucket: b.name})
	}
	switch {
	case err != nil:
		return fmt.Errorf("deleting it: %w", err)
	case res.Status >= 300 && res.Status != 404:
		return fmt.Errorf("deleting it: the server said %s", said(res))
	}
	return nil
}

// empty deletes what a bucket of the run's own holds: the versions that one with
// versioning keeps, or else the objects, for the form of an operation names a key of its
// own. It reports whether there were any.
func (r *run) empty(ctx context.Context, b *bucket) bool {
	return r.deleteListed(ctx, b, "versions") || r.deleteListed(ctx, b, "")
}

// deleteListed deletes what a list of a bucket names, and reports whether it names any.
func (r *run) deleteListed(ctx context.Context, b *bucket, query string) bool {
	res, err := r.target.Do(ctx, &Request{Method: "GET", Bucket: b.name, Query: query})
	if err != nil || res.Status != 200 {
		return false
	}
	root, err := readTree(res.Body)
	if err != nil {
		return false
	}
	deleted := false
	for _, t := range root.children {
		req := &Request{Method: "DELETE", Bucket: b.name, Key: t.child("Key")}
		if version := t.child("VersionId"); version != "" {
			req.Query = "versionId=" + url.QueryEscape(version)
		}
		if req.Key == "" {
			continue
		}
		_, err := r.target.Do(ctx, req)
		deleted = deleted || err == nil
	}
	return deleted
}

// child is the text of the first child with that name; "" if there is none.
func (t tree) child(name string) string {
	for _, c := range t.children {
		if c.name == name {
			return c.text
		}
	}
	return ""
}
