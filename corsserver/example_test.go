package corsserver_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
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

// A server whose database has the document of a bucket in the row that it reads for
// every request.
func ExampleContentCache() {
	type row struct{ document []byte } // nil: NULL
	rows := map[string]row{
		"photos": {[]byte(`[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`)},
		"videos": {nil},
	}
	var options []s3cors.Option
	cache := &corsserver.ContentCache{Options: options}
	decider := &corsserver.Decider{
		Options: options,
		Policies: func(_ context.Context, bucket string) (*s3cors.Policy, error) {
			row, ok := rows[bucket]
			if !ok {
				return s3cors.NoSuchBucket(options...), nil
			}
			return cache.Policy(row.document)
		},
	}
	request := s3cors.Request{Method: "GET", Origin: "https://app.example.com"}
	for _, bucket := range []string{"photos", "videos", "music"} {
		var v corsserver.Verdict
		decider.Decide(context.Background(), corsserver.Address{Bucket: bucket}, &request, &v)
		fmt.Println(v.Decision.Outcome())
	}
	// Output:
	// granted
	// not-enabled
	// no-bucket
}

// A server whose look-up of a bucket tells how often its configuration was changed.
func ExampleVersionCache() {
	revision, origin := 1, "https://app.example.com"
	cache := &corsserver.VersionCache{}
	policyOf := func(ctx context.Context, bucket string, known int) (*s3cors.Policy, error) {
		return cache.Policy(ctx, bucket, fmt.Sprint(known), func() (*s3cors.Configuration, string, error) {
			fmt.Println("reading the rules of", bucket)
			rules := []s3cors.Rule{{AllowedOrigins: []string{origin}, AllowedMethods: []string{"GET"}}}
			return &s3cors.Configuration{CORSRules: rules}, fmt.Sprint(revision), nil // read at once
		})
	}
	request := s3cors.Request{Method: "GET", Origin: "https://app.example.com"}
	ask := func() {
		policy, err := policyOf(context.Background(), "photos", revision)
		fmt.Println(policy.Evaluate(request).Outcome(), err)
	}
	ask()
	ask()
	revision, origin = 2, "https://www.example.com" // somebody changes the rules
	ask()
	// Output:
	// reading the rules of photos
	// granted <nil>
	// granted <nil>
	// reading the rules of photos
	// no-match <nil>
}

// Which of the stored documents S3 would refuse, why, and which of them not even a
// lenient server can read.
func Example_refusedDocuments() {
	documents := map[string]string{ // by bucket; nil and "" are two things in a real store
		"music":  `[{"AllowedOrigins": ["https://*.a.*", "https://b.c"], "AllowedMethods": ["GET", "PATCH"]}]`,
		"photos": `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`,
		"videos": `<CORSConfiguration><CORSRule>`,
	}
	for _, bucket := range slices.Sorted(maps.Keys(documents)) {
		document := s3cors.ParseDocument([]byte(documents[bucket]))
		for _, problem := range document.Problems() {
			fmt.Println(bucket, problem.Row, problem.Path, "unreadable:", document.Unreadable())
		}
	}
	// Output:
	// music 1.2/origin-two-wildcards CORSRules[0].AllowedOrigins[0] unreadable: false
	// music 1.2/method-names CORSRules[0].AllowedMethods[1] unreadable: false
	// videos 1.1/not-well-formed CORSConfiguration unreadable: true
}

// The rules of a server that keeps them in protobuf, or in another form of its own,
// need no detour through a document.
func ExampleCache_load() {
	type rule struct{ origins, methods []string }
	rules := map[string][]rule{"photos": {{origins: []string{"*"}, methods: []string{"GET"}}}}
	cache := &corsserver.Cache{
		Load: func(_ context.Context, bucket string) (*s3cors.Configuration, error) {
			own, ok := rules[bucket]
			if !ok {
				return nil, corsserver.ErrNoSuchBucket
			}
			if len(own) == 0 {
				return nil, nil // no configuration
			}
			c := new(s3cors.Configuration)
			for _, r := range own {
				c.CORSRules = append(c.CORSRules, s3cors.Rule{AllowedOrigins: r.origins, AllowedMethods: r.methods})
			}
			return c, nil
		},
	}
	policy, err := cache.Policy(context.Background(), "photos")
	fmt.Println(policy.State(), err)
	policy, err = cache.Policy(context.Background(), "videos")
	fmt.Println(policy.State(), err)
	// Output:
	// configured <nil>
	// missing <nil>
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
