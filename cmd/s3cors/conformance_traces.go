package main

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// A trace is what is known of something that a run has made and not deleted.
type trace int

// The traces: there is none; nobody knows, since there was no answer; there is one.
const (
	gone trace = iota
	possible
	certain
)

// A traces is what a run leaves on a server, as far as its requests show it: what is to
// be told where it cannot be tidied up any more.
type traces struct {
	conformance.Target
	bucket string // the one that was there before; "" for none

	mu      sync.Mutex
	made    map[string]trace // buckets, and objects in the bucket that was there before
	changed bool             // the configuration of that bucket
	config  []byte           // what that was, nil for none
	read    bool             // whether it was read
}

func newTraces(target conformance.Target, bucket string) *traces {
	return &traces{Target: target, bucket: bucket, made: make(map[string]trace)}
}

// Do sends a request, and notes what it makes or deletes.
func (t *traces) Do(ctx context.Context, r *conformance.Request) (*conformance.Response, error) {
	t.before(r)
	res, err := t.Target.Do(ctx, r)
	if err == nil {
		t.after(r, res)
	}
	return res, err
}

// noting is a function that gives a bucket a configuration, with the note that it did.
func (t *traces) noting(put func(context.Context, string, []byte) error) func(context.Context, string, []byte) error {
	return func(ctx context.Context, bucket string, xml []byte) error {
		t.mu.Lock()
		t.changed = t.changed || bucket == t.bucket
		t.mu.Unlock()
		return put(ctx, bucket, xml)
	}
}

// thing names what a request makes or deletes; "" for another request.
func (t *traces) thing(r *conformance.Request) string {
	switch {
	case r.Bucket == t.bucket && r.Key != "":
		return "the object " + r.Key + " in bucket " + r.Bucket
	case r.Bucket != t.bucket && r.Bucket != "" && r.Key == "" && r.Query == "":
		return "bucket " + r.Bucket
	}
	return ""
}

// before notes what may be there even if there is no answer.
func (t *traces) before(r *conformance.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if thing := t.thing(r); thing != "" && r.Method == http.MethodPut {
		t.made[thing] = max(t.made[thing], possible)
	}
	if r.Bucket == t.bucket && r.Key == "" && r.Query == "cors" && r.Method != http.MethodGet {
		t.changed = true
	}
}

func (t *traces) after(r *conformance.Request, res *conformance.Response) {
	t.mu.Lock()
	defer t.mu.Unlock()
	done := res.Status < 300
	thing := t.thing(r)
	switch {
	case r.Method == http.MethodPut && done && thing != "":
		t.made[thing] = certain
	case r.Method == http.MethodPut && !done && t.made[thing] == possible, r.Method == http.MethodDelete && (done || res.Status == http.StatusNotFound):
		delete(t.made, thing)
	case r.Bucket == t.bucket && r.Method == http.MethodGet && r.Query == "cors" && !t.read:
		t.read = true
		if done {
			t.config = res.Body
		}
	}
}

// of is what is known of a bucket.
func (t *traces) of(bucket string) trace {
	t.mu.Lock()
	defer t.mu.Unlock()
	if bucket == t.bucket {
		return certain
	}
	return t.made["bucket "+bucket]
}

// String says what may be left, in a few words.
func (t *traces) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	left := slices.Sorted(maps.Keys(t.made))
	if t.changed && t.bucket != "" {
		had := "there was none before"
		if t.config != nil {
			had = "it was " + string(t.config)
		}
		left = append(left, "the CORS configuration of bucket "+t.bucket+" ("+had+")")
	}
	if left == nil {
		return "nothing"
	}
	return strings.Join(left, ", ")
}
