package corshttp

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
)

// ErrNoSuchBucket is what the methods of a Store return, wrapped or not, for a
// bucket that does not exist.
var ErrNoSuchBucket = errors.New("corshttp: no such bucket")

// A Store keeps the CORS document of each bucket, for Cache and Subresource. Its
// methods are called from several goroutines at once, and return when their
// context ends. One that does not return is not asked about that bucket again by
// the Cache, whose callers wait until their own contexts end.
//
// A document is a sequence of bytes of which the store need know nothing: what
// Subresource stores is the body that it accepted, of 65,536 bytes at most. A
// store that is filled by other means may hold whatever s3cors.Parse reads.
//
// A document of no bytes, such as a failed write leaves behind, is not the same as
// none. It cannot be read, so the bucket grants nothing, and Middleware.Fallback
// does not decide for it either. Only nil is none: see to it that what lies below
// the store returns nil for nothing else.
//
// The name of a bucket is what the request addresses, of any length and with any
// characters, slashes and ".." included: a store that makes file names of it
// checks it first. A store that keeps the name keeps a copy of it, since there are
// servers, such as fasthttp, whose strings are good for one request only.
type Store interface {
	// GetCORS returns the document of a bucket; nil if it has none, and only
	// then. The caller does not change it.
	GetCORS(ctx context.Context, bucket string) ([]byte, error)
	// PutCORS replaces the document of a bucket, wholly or, if it fails, not at
	// all. The store may keep the slice, which nobody changes. A document of no
	// bytes is stored as one, also if it is nil: DeleteCORS is what removes.
	PutCORS(ctx context.Context, bucket string, document []byte) error
	// DeleteCORS removes the document of a bucket. It is no error if there is
	// none.
	DeleteCORS(ctx context.Context, bucket string) error
}

// parse reads a document out of a store.
func parse(document []byte, opts []s3cors.Option) (*s3cors.Configuration, error) {
	configuration, err := s3cors.Parse(document, opts...)
	if err != nil {
		return nil, newDocumentError(err)
	}
	return configuration, nil
}

// A documentError tells that a stored document is not one of S3's. It does not
// unwrap: what S3 would say to whoever sends such a document is not for those who
// meet it later. It says no more than the first problem, since it is kept, and
// told with every request, and there can be thousands.
type documentError struct{ first string }

func newDocumentError(err error) *documentError {
	const longest = 1 << 10
	first := err.Error
	if problems, ok := errors.AsType[s3cors.Problems](err); ok {
		first = problems[0].Error
	}
	text := first()
	return &documentError{strings.Clone(text[:min(len(text), longest)])}
}

func (e *documentError) Error() string {
	return "corshttp: the stored CORS document is invalid: " + e.first
}

// A MemoryStore is a Store in memory. The zero value is an empty one. It is safe
// for concurrent use.
type MemoryStore struct {
	// Exists tells whether a bucket exists; nil stands for yes. It must not be
	// changed once the store is in use.
	Exists func(ctx context.Context, bucket string) (bool, error)

	mu        sync.RWMutex
	documents map[string][]byte
}

// exists returns nil for a bucket that does.
func (s *MemoryStore) exists(ctx context.Context, bucket string) error {
	if s.Exists == nil {
		return nil
	}
	ok, err := s.Exists(ctx, bucket)
	if err == nil && !ok {
		return ErrNoSuchBucket
	}
	return err
}

// GetCORS implements Store. It returns a copy, which is nil for none alone.
func (s *MemoryStore) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	if err := s.exists(ctx, bucket); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return bytes.Clone(s.documents[bucket]), nil
}

// PutCORS implements Store. It keeps a copy.
func (s *MemoryStore) PutCORS(ctx context.Context, bucket string, document []byte) error {
	if err := s.exists(ctx, bucket); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.documents == nil {
		s.documents = make(map[string][]byte)
	}
	s.documents[strings.Clone(bucket)] = append([]byte{}, document...) // never nil
	return nil
}

// DeleteCORS implements Store.
func (s *MemoryStore) DeleteCORS(ctx context.Context, bucket string) error {
	if err := s.exists(ctx, bucket); err != nil {
		return err
	}
	s.Forget(bucket)
	return nil
}

// Forget removes the document of a bucket that need not exist: call it when a
// bucket is deleted, lest the next one of that name inherit the document.
func (s *MemoryStore) Forget(bucket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.documents, bucket)
}
