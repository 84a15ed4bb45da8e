package main

import (
	"context"
	"errors"
	"regexp"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/s3cors/s3cors/corsserver"
)

// A Store keeps the documents of buckets in a key-value bucket of NATS JetStream, each
// under the name of its bucket. Its revisions are the sequence of the stream, which only
// grows. It is a corsserver.RevisionStore.
type Store struct {
	*link
	// Changed is called with the revision of every change, before PutCORS or DeleteCORS
	// returns.
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
	if err := s.open(ctx); err != nil {
		return nil, 0, err
	}
	last, err := s.stream.GetLastMsgForSubject(ctx, subject(bucket))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, 0, nil
	case err != nil:
		return nil, 0, err
	case last.Sequence == known:
		return nil, known, corsserver.ErrUnchanged
	case last.Header.Get(operation) != "":
		return nil, last.Sequence, nil
	}
	return append([]byte{}, last.Data...), last.Sequence, nil // one of no bytes is not nil
}

// GetCORS implements corsserver.Store.
func (s *Store) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	document, _, err := s.GetCORSSince(ctx, bucket, 0)
	return document, err
}

// PutCORS implements corsserver.Store.
func (s *Store) PutCORS(ctx context.Context, bucket string, document []byte) error {
	return s.change(ctx, bucket, &nats.Msg{Subject: subject(bucket), Data: document})
}

// DeleteCORS implements corsserver.Store. It also marks a deletion where there is no
// document: what says so may be a server that is cut off, and behind.
func (s *Store) DeleteCORS(ctx context.Context, bucket string) error {
	return s.change(ctx, bucket, &nats.Msg{Subject: subject(bucket), Header: nats.Header{operation: {"DEL"}}})
}

// change makes a change if nobody else has made one since it began, and tells otherwise.
// A change that was sent and not acknowledged can be made later for the same reason only
// if no other was made before.
func (s *Store) change(ctx context.Context, bucket string, m *nats.Msg) error {
	_, last, err := s.GetCORSSince(ctx, bucket, 0)
	if err != nil {
		return err
	}
	ack, err := s.js.PublishMsg(ctx, m, jetstream.WithExpectLastSequencePerSubject(last))
	switch {
	case isConflict(err):
		return corsserver.ErrConflict
	case err != nil:
		return err
	}
	s.Changed(bucket, ack.Sequence)
	return nil
}

// isConflict reports whether a change was refused since another one came first, for which
// streams with and without replicas have different codes.
func isConflict(err error) bool {
	var refused *jetstream.APIError
	return errors.As(err, &refused) && (refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
