package conformance

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"time"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A bucket is one that a run uses. One goroutine uses it at a time.
type bucket struct {
	name     string
	existing bool // it is the caller's: its configuration is put back
	before   []byte

	known   bool      // whether config is what the bucket has
	config  []byte    // nil for none
	changed time.Time // when the configuration was last changed; zero for never
	asked   bool      // whether a decision was asked for since then
	warm    bool      // whether one was asked for before then, whose answer may be remembered

	object  bool // whether the object is there as it was put
	touched bool // whether there may be any object
	// upload is the query that names an upload in parts that may be under way; "" if
	// there is none.
	upload string
}

// key is the key of the object that requests address, and keepKey that of one that stays,
// so that nothing can delete the bucket: a server that does not know ?cors may take
// DELETE ?cors for DELETE of the bucket.
func (r *run) key() string     { return r.name + "-object" }
func (r *run) keepKey() string { return r.name + "-keep" }

// content is what the object holds.
const content = "s3cors"

// makeBucket makes a bucket with nothing in it.
func (r *run) makeBucket(ctx context.Context) (*bucket, error) {
	b := r.register(&bucket{name: r.freshName(), known: true})
	req := &Request{Method: "PUT", Bucket: b.name}
	if r.opts.Location != "" {
		var text bytes.Buffer
		_ = xml.EscapeText(&text, []byte(r.opts.Location)) // which a Buffer never fails at
		req.Body = []byte(`<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>` +
			text.String() + `</LocationConstraint></CreateBucketConfiguration>`)
	}
	err := r.demand(ctx, "creating a bucket", req)
	var refused *refusal
	if errors.As(err, &refused) {
		r.forget(b)
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// openBucket prepares the caller's bucket: what it has is put back in the end.
func (r *run) openBucket(ctx context.Context) (*bucket, error) {
	b := &bucket{name: r.opts.Bucket, existing: true}
	res, err := r.send(ctx, &Request{Method: "GET", Bucket: b.name, Query: "cors"})
	if err != nil {
		return nil, fmt.Errorf("reading the configuration of bucket %s: %w", b.name, err)
	}
	code := errorCode(res)
	switch {
	case res.Status == 200:
		b.before = withRules(res.Body)
	case code != "NoSuchBucket" && (res.Status == 404 || r.opts.Put != nil):
	default:
		return nil, fmt.Errorf("reading the configuration of bucket %s: the server said %s", b.name, said(res))
	}
	return r.register(b), nil
}

// withRules is a configuration that can be put back: nil if it has no rule, because PUT
// ?cors refuses such a one.
func withRules(body []byte) []byte {
	if c, err := configFromXML(body); len(body) == 0 || err == nil && len(c.Rules) == 0 {
		return nil
	}
	return body
}

// keep puts the object that stays. A server without objects refuses it; but an existing
// bucket is not used unprotected.
func (r *run) keep(ctx context.Context, b *bucket) error {
	err := r.demand(ctx, "putting an object", &Request{Method: "PUT", Bucket: b.name, Key: r.keepKey(), Body: []byte(content)})
	var refused *refusal
	if errors.As(err, &refused) && (!b.existing || r.opts.Put != nil) {
		return nil
	}
	return err
}

// putObject puts the object that requests address. A server that does not take it
// answers without, and is judged by what it answers.
func (r *run) putObject(ctx context.Context, b *bucket) error {
	if b.object {
		return nil
	}
	_, err := r.send(ctx, &Request{Method: "PUT", Bucket: b.name, Key: r.key(), Body: []byte(content)})
	b.object, b.touched = err == nil, true
	return err
}

// deleteObject takes the object away again.
func (r *run) deleteObject(ctx context.Context, b *bucket) error {
	_, err := r.send(ctx, &Request{Method: "DELETE", Bucket: b.name, Key: r.key()})
	b.object, b.touched = false, err != nil
	return err
}

// configure gives the bucket a configuration in XML, or takes it away.
func (r *run) configure(ctx context.Context, b *bucket, config []byte) error {
	if b.known && (b.config == nil) == (config == nil) && bytes.Equal(b.config, config) {
		return nil
	}
	b.known = false
	if err := r.put(ctx, b.name, config); err != nil {
		return err
	}
	b.changedNow()
	b.known, b.config = true, config
	return nil
}

func (r *run) put(ctx context.Context, bucket string, config []byte) error {
	switch {
	case r.opts.Put != nil:
		if err := r.opts.Put(ctx, bucket, config); err != nil {
			return fmt.Errorf("setting the configuration: %w", err)
		}
		return nil
	case config == nil:
		return r.demand(ctx, "DELETE ?cors", &Request{Method: "DELETE", Bucket: bucket, Query: "cors"})
	}
	return r.demand(ctx, "PUT ?cors", putCORS(bucket, config))
}

// putCORS is a PUT ?cors with the digest that S3 asks for.
func putCORS(bucket string, document []byte) *Request {
	if document == nil {
		document = []byte{}
	}
	sum := md5.Sum(document)
	return &Request{Method: "PUT", Bucket: bucket, Query: "cors", Body: document,
		Headers: []vectors.Pair{{"Content-MD5", base64.StdEncoding.EncodeToString(sum[:])}}}
}

// changedNow notes that the configuration may have changed, to what nobody knows.
func (b *bucket) changedNow() {
	b.known, b.changed = false, time.Now()
	b.warm, b.asked = b.warm || b.asked, false
}
