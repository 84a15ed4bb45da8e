package corsserver_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A Directory keeps the documents of buckets, which are directories in it, in
// files.
type Directory string

// file returns the name of a bucket's file. A name comes as a client sent it.
func (d Directory) file(bucket string) (string, error) {
	if !filepath.IsLocal(bucket) || strings.ContainsAny(bucket, `./\`) {
		return "", corsserver.ErrNoSuchBucket
	}
	if _, err := os.Stat(filepath.Join(string(d), bucket)); errors.Is(err, fs.ErrNotExist) {
		return "", corsserver.ErrNoSuchBucket
	}
	return filepath.Join(string(d), bucket, "cors.xml"), nil
}

func (d Directory) GetCORS(_ context.Context, bucket string) ([]byte, error) {
	file, err := d.file(bucket)
	if err != nil {
		return nil, err
	}
	document, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return document, err
}

func (d Directory) PutCORS(_ context.Context, bucket string, document []byte) error {
	file, err := d.file(bucket)
	if err != nil {
		return err
	}
	whole, err := os.CreateTemp(filepath.Dir(file), "cors-*")
	if err != nil {
		return err
	}
	_, err = whole.Write(document)
	if err := errors.Join(err, whole.Close()); err != nil {
		return errors.Join(err, os.Remove(whole.Name()))
	}
	return os.Rename(whole.Name(), file)
}

func (d Directory) DeleteCORS(_ context.Context, bucket string) error {
	file, err := d.file(bucket)
	if err != nil {
		return err
	}
	if err := os.Remove(file); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// A store over a file system.
func ExampleStore() {
	root, err := os.MkdirTemp("", "")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(root)
	if err := os.Mkdir(filepath.Join(root, "photos"), 0o700); err != nil {
		panic(err)
	}
	var store corsserver.Store = Directory(root)
	ctx := context.Background()
	fmt.Println(store.PutCORS(ctx, "photos", []byte("a document")))
	document, err := store.GetCORS(ctx, "photos")
	fmt.Println(string(document), err)
	fmt.Println(store.DeleteCORS(ctx, "photos"))
	document, err = store.GetCORS(ctx, "photos")
	fmt.Println(document == nil, err)
	_, err = store.GetCORS(ctx, "videos")
	fmt.Println(err)
	// Output:
	// <nil>
	// a document <nil>
	// <nil>
	// true <nil>
	// corsserver: no such bucket
}

func ExampleCache() {
	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	ctx := context.Background()
	request := s3cors.Request{Method: "GET", Origin: "https://app.example.com"}
	for range 2 {
		policy, err := cache.Policy(ctx, "photos")
		fmt.Println(policy.Evaluate(request).Outcome(), err)
		document := `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`
		if err := cache.PutCORS(ctx, "photos", []byte(document)); err != nil {
			panic(err)
		}
	}
	// Output:
	// not-enabled <nil>
	// granted <nil>
}

func ExampleMemoryStore() {
	store := &corsserver.MemoryStore{
		Exists: func(_ context.Context, bucket string) (bool, error) { return bucket == "photos", nil },
	}
	ctx := context.Background()
	fmt.Println(store.PutCORS(ctx, "photos", []byte("a document")))
	fmt.Println(store.PutCORS(ctx, "videos", []byte("a document")))
	// Output:
	// <nil>
	// corsserver: no such bucket
}
