package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3bolt"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/s3cors/s3cors/corsserver"
)

// A storage keeps buckets and objects, and the CORS documents beside them.
type storage struct {
	gofakes3.Backend
	Documents corsserver.Store // a corsserver.Forgetter
	Close     func() error
}

// openStorage opens the storage in a directory, or one in memory if dir is "".
func openStorage(dir string) (*storage, error) {
	if dir == "" {
		return memoryStorage(), nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "gateway.db")
	var db *bolt.DB
	err := guard(path, func() (err error) {
		if db, err = bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second}); err != nil {
			return err
		}
		_, err = s3bolt.New(db).ListBuckets() // which shows whether it can be read
		return err
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fmt.Errorf("%s is in use by another gateway", path)
	}
	if err != nil {
		return nil, err
	}
	return &storage{s3bolt.New(db), boltDocuments{db}, db.Close}, nil
}

// guard names the file of a database in what goes wrong with it, panics included:
// with those the database meets what it does not expect in its file.
func guard(path string, use func() error) (err error) {
	// What it reads in a file that was cut short is a fault of memory.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s cannot be read, it may be damaged: %v", path, p)
		}
	}()
	err = use()
	var named *os.PathError
	if err == nil || errors.As(err, &named) || errors.Is(err, corsserver.ErrNoSuchBucket) {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

func memoryStorage() *storage {
	objects := s3mem.New()
	documents := &corsserver.MemoryStore{Exists: func(_ context.Context, bucket string) (bool, error) {
		return objects.BucketExists(bucket)
	}}
	return &storage{objects, documents, func() error { return nil }}
}

// boltDocuments keeps CORS documents in the database of the buckets, so that the
// existence of a bucket and its document are one transaction.
type boltDocuments struct{ db *bolt.DB }

// documentsName is the name of what holds the documents. No bucket of S3 can have
// it, because of the underscore.
var documentsName = []byte("_cors")

func (d boltDocuments) view(read func(*bolt.Tx) error) error {
	return guard(d.db.Path(), func() error { return d.db.View(read) })
}

func (d boltDocuments) update(write func(*bolt.Tx) error) error {
	return guard(d.db.Path(), func() error { return d.db.Update(write) })
}

func (d boltDocuments) GetCORS(_ context.Context, bucket string) (document []byte, err error) {
	err = d.view(func(tx *bolt.Tx) error {
		if err := bucketIn(tx, bucket); err != nil {
			return err
		}
		if documents := tx.Bucket(documentsName); documents != nil {
			document = bytes.Clone(documents.Get([]byte(bucket)))
		}
		return nil
	})
	return document, err
}

func (d boltDocuments) PutCORS(_ context.Context, bucket string, document []byte) error {
	return d.update(func(tx *bolt.Tx) error {
		if err := bucketIn(tx, bucket); err != nil {
			return err
		}
		documents, err := tx.CreateBucketIfNotExists(documentsName)
		if err != nil {
			return err
		}
		return documents.Put([]byte(bucket), document)
	})
}

func (d boltDocuments) DeleteCORS(_ context.Context, bucket string) error {
	return d.update(func(tx *bolt.Tx) error {
		if err := bucketIn(tx, bucket); err != nil {
			return err
		}
		return forgetIn(tx, bucket)
	})
}

func (d boltDocuments) Forget(_ context.Context, bucket string) error {
	return d.update(func(tx *bolt.Tx) error { return forgetIn(tx, bucket) })
}

// bucketIn returns corsserver.ErrNoSuchBucket if there is no such bucket.
func bucketIn(tx *bolt.Tx, bucket string) error {
	if gofakes3.ValidateBucketName(bucket) != nil || tx.Bucket([]byte(bucket)) == nil {
		return corsserver.ErrNoSuchBucket
	}
	return nil
}

func forgetIn(tx *bolt.Tx, bucket string) error {
	documents := tx.Bucket(documentsName)
	if documents == nil {
		return nil
	}
	return documents.Delete([]byte(bucket))
}

// bucketLifecycle is the storage with its documents in step with their buckets: a new bucket has none, and a bucket that is gone
// leaves none behind.
type bucketLifecycle struct {
	*storage
	cache *corsserver.Cache
	ended func(bucket string) // is told of buckets that are gone
	mu    sync.Mutex          // held while buckets come and go
}

// ListBuckets leaves out what is no bucket of S3.
func (b *bucketLifecycle) ListBuckets() ([]gofakes3.BucketInfo, error) {
	all, err := b.storage.ListBuckets()
	all = slices.DeleteFunc(all, func(bucket gofakes3.BucketInfo) bool {
		return gofakes3.ValidateBucketName(bucket.Name) != nil
	})
	return all, err
}

func (b *bucketLifecycle) BucketExists(name string) (bool, error) {
	if gofakes3.ValidateBucketName(name) != nil {
		return false, nil
	}
	return b.storage.BucketExists(name)
}

// CreateBucket first removes a document that outlived its bucket: its PUT may
// have raced with the bucket's end. Everybody owns every bucket here, and in
// us-east-1, whose endpoint the gateway is, who makes a bucket that is already
// theirs is told that all is well.
func (b *bucketLifecycle) CreateBucket(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	exists, err := b.BucketExists(name)
	if err != nil {
		return err
	}
	if exists {
		return nil
	}
	if err := b.forget(name); err != nil {
		return err
	}
	return about("make", name, "", b.storage.CreateBucket(name))
}

func (b *bucketLifecycle) DeleteBucket(name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.storage.DeleteBucket(name); err != nil {
		return about("delete", name, "", err)
	}
	b.ended(name)
	return b.forget(name)
}

func (b *bucketLifecycle) forget(name string) error {
	return b.cache.Forget(context.Background(), name)
}
