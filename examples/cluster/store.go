package main

import (
	"context"
	"errors"
	"regexp"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/s3cors/s3cors/corsserver"
)

// A Store keeps the documents of buckets in a key-value bucket of NATS JetStream, each
// under the name of its bucket. Its revisions are the sequence of the stream, which only
// grows. It is a corsserver.RevisionStore.
type Store struct {
	*link
	// Changed is called with the revision of every PUT, before PutCORS returns.
	Changed func(bucket string, revision uint64)
}

// bucketName is what S3 takes for the name of a bucket, and what may be a key.
var bucketName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

// GetCORSSince implements corsserver.RevisionStore. A key that was deleted has a last
// message, too, whose sequence is the revision of the deletion: jetstream.KeyValue.Get does
// not tell it, so the stream is asked.
func (s *Store) GetCORSSince(ctx context.Context, bucket string, known uint64) ([]byte, uint64, error) {
	if len(bucket) > 63 || !bucketName.MatchString(bucket) {
		return nil, 0, corsserver.ErrNoSuchBucket
	}
	_, stream, err := s.open(ctx)
	if err != nil {
		return nil, 0, err
	}
	last, err := stream.GetLastMsgForSubject(ctx, "$KV."+storeName+"."+bucket)
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case last.Sequence == known:
		return nil, known, corsserver.ErrUnchanged
	case last.Header.Get("KV-Operation") != "": // DEL or PURGE
		return nil, last.Sequence, nil
	}
	return last.Data, last.Sequence, nil
}

// GetCORS implements corsserver.Store.
func (s *Store) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	document, _, err := s.GetCORSSince(ctx, bucket, 0)
	return document, err
}

// PutCORS implements corsserver.Store. Of two changes at one moment one is made, and the
// other is told.
func (s *Store) PutCORS(ctx context.Context, bucket string, document []byte) error {
	_, last, err := s.GetCORSSince(ctx, bucket, 0)
	if err != nil {
		return err
	}
	revision, err := s.kv.Update(ctx, bucket, document, last)
	if err == nil {
		s.Changed(bucket, revision)
	}
	return told(err)
}

// DeleteCORS implements corsserver.Store.
func (s *Store) DeleteCORS(ctx context.Context, bucket string) error {
	document, last, err := s.GetCORSSince(ctx, bucket, 0)
	if err != nil || document == nil {
		return err
	}
	return told(s.kv.Delete(ctx, bucket, jetstream.LastRevision(last)))
}

// told returns the error of a change.
func told(err error) error {
	if errors.Is(err, jetstream.ErrKeyRevisionMismatch) {
		return corsserver.ErrConflict
	}
	return err
}
