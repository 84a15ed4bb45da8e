package corsserver

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
var ErrNoSuchBucket = errors.New("corsserver: no such bucket")

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

// A Forgetter is a Store that can remove the document of a bucket that is gone.
type Forgetter interface {
	// Forget removes the document of a bucket that need not exist.
	Forget(ctx context.Context, bucket string) error
}

// readStored reads a document out of a store; nil is none, and one of no bytes
// cannot be read (10/empty-stored-document). If it is lenient, the document may be
// one that S3 would refuse, if only it is XML or JSON.
func readStored(document []byte, lenient bool, opts []s3cors.Option) (*s3cors.Configuration, error) {
	if document == nil {
		return nil, nil
	}
	if lenient {
		d := s3cors.ParseDocument(document, opts...)
		if d.Unreadable() {
			return nil, newDocumentError(d.Problems())
		}
		return d.Configuration(), nil
	}
	configuration, err := s3cors.Parse(document, opts...)
	if err != nil {
		return nil, newDocumentError(err)
	}
	return configuration, nil
}

// compile compiles what was stored.
func compile(c *s3cors.Configuration, lenient bool, opts []s3cors.Option) (*s3cors.Policy, error) {
	if lenient {
		policy, _ := s3cors.CompileStored(c, opts...)
		return policy, nil
	}
	policy, err := s3cors.Compile(c, opts...)
	if err != nil {
		return nil, newDocumentError(err)
	}
	return policy, nil
}

// A documentError tells that a stored document is not one of S3's. It does not
// unwrap: what S3 would say to whoever sends such a document is not for those who
// meet it later. It says no more than the first problem, since it is kept, and
// told with every request, and there can be thousands.
type documentError struct{ first string }

func newDocumentError(err error) *documentError {
	const longest = 1 << 10
	first := err.Error
	var problems s3cors.Problems
	if errors.As(err, &problems) {
		first = problems[0].Error
	}
	text := first()
	return &documentError{strings.Clone(text[:min(len(text), longest)])}
}

func (e *documentError) Error() string {
	return "corsserver: the stored CORS document is invalid: " + e.first
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
	return s.Forget(ctx, bucket)
}

// Forget implements Forgetter.
func (s *MemoryStore) Forget(_ context.Context, bucket string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.documents, bucket)
	return nil
}
