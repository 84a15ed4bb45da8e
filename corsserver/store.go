package corsserver

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
)

// ErrNoSuchBucket is the error that the methods of a Store return, wrapped or not, for a
// bucket that does not exist.
var ErrNoSuchBucket = errors.New("corsserver: no such bucket")

// ErrConflict is the error that PutCORS and DeleteCORS of a Store return, wrapped or not, if
// somebody else has changed the document at the same time, so that this change was not
// made. The client is told to try again.
var ErrConflict = errors.New("corsserver: somebody else has changed the document")

// ErrUnchanged is the error that GetCORSSince of a RevisionStore returns, wrapped or not, if
// the bucket has the revision that the caller knows.
var ErrUnchanged = errors.New("corsserver: the document is unchanged")

// A Store keeps the CORS documents of buckets. Several goroutines call its methods at
// once. A method returns when its context ends. If it does not, the Cache does not ask
// the Store about that bucket again until it has, and those who ask the Cache wait until
// their own contexts end.
//
// A document is a sequence of bytes; a Store need not understand it. Subresource stores
// the body of PUT ?cors as it came, which is at most 65,536 bytes. A Store that is
// filled by other means may hold any document that s3cors.Parse reads.
//
// A document of no bytes, such as a failed write leaves behind, is not the same as no
// document. It cannot be read, so the bucket grants nothing, and no Fallback decides for
// it. Only nil means that there is no document. Make sure that what lies below the Store
// returns nil for nothing else.
//
// The name of a bucket is part of the URL that a client has sent. It can have any length
// and hold any characters, slashes and ".." included. A Store that makes names of files
// of it must check it first. A Store that keeps the name must keep a copy, since some
// servers, fasthttp among them, use the memory of a request's strings again.
type Store interface {
	// GetCORS returns the document of a bucket. It returns nil if the bucket has no
	// document, and only then. The caller does not change the document.
	GetCORS(ctx context.Context, bucket string) ([]byte, error)
	// PutCORS replaces the document of a bucket, either as a whole or, if it fails,
	// not at all. The Store may keep the slice, which nobody changes afterwards. A
	// document of no bytes is stored as such, even if it is nil; DeleteCORS removes a
	// document.
	PutCORS(ctx context.Context, bucket string, document []byte) error
	// DeleteCORS removes the document of a bucket. It does not fail if there is
	// none.
	DeleteCORS(ctx context.Context, bucket string) error
}

// A RevisionStore is a Store that counts changes. A Cache in front of it reads a document
// only if it is new, and never takes an older document for a newer one.
//
// A revision is a number that grows with every change of a bucket's document, also by its
// removal, and with the removal and the return of the bucket itself. It belongs to the
// document for good. The count of a whole store, such as the revisions of etcd and the
// sequence of a stream of NATS, is one; a count in the row of a bucket that begins
// anew with the next bucket of that name is none. After a store was set back to an older
// copy, its count has to go on above where it was, or the servers have to start anew:
// until then their caches take the store for one that lags behind, and fail.
//
// A RevisionStore whose GetCORSSince can be behind its own PutCORS and DeleteCORS calls
// Cache.Supersede with the new revision before these return. Otherwise a change is not yet
// in effect when the client is told that it was made.
type RevisionStore interface {
	Store
	// GetCORSSince is GetCORS for a caller that knows a revision, 0 if none. It returns
	// the document with its revision, which is 0 for a bucket that never had one, or
	// ErrUnchanged if the document has the known revision still.
	GetCORSSince(ctx context.Context, bucket string, known uint64) (document []byte, revision uint64, err error)
}

// A Forgetter is a Store that can remove the document of a bucket that does not exist any
// more.
type Forgetter interface {
	// Forget removes the document of a bucket, whether the bucket exists or not.
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

// A MemoryStore is a Store that keeps documents in memory. The zero value is an empty
// store. It is safe for concurrent use, and must not be copied after its first use.
type MemoryStore struct {
	// Exists reports whether a bucket exists. If it is nil, every bucket exists. It
	// must not be changed once the store is in use.
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

// GetCORS implements Store. It returns a copy.
func (s *MemoryStore) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	if err := s.exists(ctx, bucket); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return bytes.Clone(s.documents[bucket]), nil
}

// PutCORS implements Store. It keeps a copy of the document.
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
