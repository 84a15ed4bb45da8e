package corshttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
)

// show gives a request to a handler and prints what CORS is about in the answer.
func show(handler http.Handler, method, target, body string, fields ...string) {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	for i := 0; i < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	fmt.Println(strings.TrimSpace(fmt.Sprintln(method, target, w.Code, w.Header()["Access-Control-Allow-Origin"], w.Body)))
}

// A whole server: rate limits would come first, then CORS, then authentication,
// ?cors, and last the server that knows objects.
func Example() {
	authenticate := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "" {
				corshttp.LeaveBody(w, r)
				corshttp.WriteError(w, corshttp.AccessDenied(), corshttp.IDs{})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	everybody := func(*http.Request, corshttp.Address) *s3cors.Error { return nil }
	s3 := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "object") })

	cache := &corshttp.Cache{Store: &corshttp.MemoryStore{}}
	cors := corshttp.Middleware{Policies: cache.Policy}
	sub := corshttp.Subresource{Store: cache, Authorize: everybody}
	handler := cors.Handler(authenticate(sub.Handler(s3)))

	show(handler, "PUT", "/photos?cors", `<CORSConfiguration><CORSRule>`+
		`<AllowedOrigin>https://app.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod>`+
		`</CORSRule></CORSConfiguration>`, "Authorization", "yes", "Content-MD5", "WFBbZ1pFOByAMXFhLhDbwA==")
	show(handler, "OPTIONS", "/photos/cat.jpg", "", "Origin", "https://app.example", "Access-Control-Request-Method", "GET")
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example", "Authorization", "yes")
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://evil.example", "Authorization", "yes")
	// A page can read why it was denied.
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example")
	// Output:
	// PUT /photos?cors 200 []
	// OPTIONS /photos/cat.jpg 200 [https://app.example]
	// GET /photos/cat.jpg 200 [https://app.example] object
	// GET /photos/cat.jpg 200 [] object
	// GET /photos/cat.jpg 403 [https://app.example] <?xml version="1.0" encoding="UTF-8"?>
	// <Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId></RequestId><HostId></HostId></Error>
}

// A server of a single bucket whose policy is known beforehand.
func ExampleOnePolicy() {
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"https://*.example"},
		AllowedMethods: []string{"GET"},
	}}})
	if err != nil {
		panic(err)
	}
	files := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "file") })
	handler := corshttp.Middleware{
		Address:  corshttp.OneBucket("assets"),
		Policies: corshttp.OnePolicy(policy),
	}.Handler(files)

	show(handler, "GET", "/logo.svg", "", "Origin", "https://www.example")
	// Output:
	// GET /logo.svg 200 [https://www.example] file
}

// Buckets as names of hosts, where the policies are kept in a map.
func ExampleVirtualHosted() {
	policies := map[string]*s3cors.Policy{"photos": openPolicy()}
	handler := corshttp.Middleware{
		Address: corshttp.VirtualHosted("s3.example"),
		Policies: func(_ context.Context, bucket string) (*s3cors.Policy, error) {
			policy, ok := policies[bucket]
			if !ok {
				return s3cors.NoSuchBucket(), nil
			}
			return policy, nil
		},
	}.Handler(http.NotFoundHandler())

	show(handler, "OPTIONS", "http://photos.s3.example/cat.jpg", "", "Origin", "https://app.example", "Access-Control-Request-Method", "GET")
	show(handler, "OPTIONS", "http://s3.example/photos/cat.jpg", "", "Origin", "https://app.example", "Access-Control-Request-Method", "GET")
	// Output:
	// OPTIONS http://photos.s3.example/cat.jpg 200 [*]
	// OPTIONS http://s3.example/photos/cat.jpg 200 [*]
}

func openPolicy() *s3cors.Policy {
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"*"},
		AllowedMethods: []string{"GET"},
	}}})
	if err != nil {
		panic(err)
	}
	return policy
}

// The fields of a handler that sends its own are replaced.
func ExampleMiddleware_override() {
	upstream := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = io.WriteString(w, "object")
	})
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
		AllowedOrigins: []string{"https://app.example"},
		AllowedMethods: []string{"GET"},
	}}})
	if err != nil {
		panic(err)
	}
	handler := corshttp.Middleware{Policies: corshttp.OnePolicy(policy), Override: true}.Handler(upstream)

	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example")
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://evil.example")
	// Output:
	// GET /photos/cat.jpg 200 [https://app.example] object
	// GET /photos/cat.jpg 200 [] object
}

// Decisions are counted by outcome.
func ExampleMiddleware_observe() {
	counts := make(map[s3cors.Outcome]int)
	handler := corshttp.Middleware{
		Policies: corshttp.OnePolicy(openPolicy()),
		Observe:  func(_ *http.Request, e corshttp.Event) { counts[e.Decision.Outcome()]++ },
	}.Handler(http.NotFoundHandler())
	for _, method := range []string{"GET", "GET", "PUT"} {
		r := httptest.NewRequest(method, "/photos/cat.jpg", nil)
		r.Header.Set("Origin", "https://app.example")
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	fmt.Println(counts)
	// Output:
	// map[granted:2 no-match:1]
}

// Ceph sends no CORS fields when authentication fails.
func ExampleMiddleware_Withdraw() {
	cors := corshttp.Middleware{Policies: corshttp.OnePolicy(openPolicy())}
	handler := cors.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cors.Withdraw(w)
		http.Error(w, "who are you?", http.StatusForbidden)
	}))
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example")
	// Output:
	// GET /photos/cat.jpg 403 [] who are you?
}

// A Directory keeps the documents of buckets, which are directories in it, in
// files.
type Directory string

// file returns the name of a bucket's file. A name comes as a client sent it.
func (d Directory) file(bucket string) (string, error) {
	if !filepath.IsLocal(bucket) || strings.ContainsAny(bucket, `./\`) {
		return "", corshttp.ErrNoSuchBucket
	}
	if _, err := os.Stat(filepath.Join(string(d), bucket)); errors.Is(err, fs.ErrNotExist) {
		return "", corshttp.ErrNoSuchBucket
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
	var store corshttp.Store = Directory(root)
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
	// corshttp: no such bucket
}

func ExampleSubresource() {
	store := &corshttp.MemoryStore{}
	subresource := corshttp.Subresource{
		Store: store,
		Authorize: func(r *http.Request, _ corshttp.Address) *s3cors.Error {
			if r.Header.Get("Authorization") == "" {
				return corshttp.AccessDenied()
			}
			return nil
		},
	}
	handler := subresource.Handler(http.NotFoundHandler())
	for _, authorization := range []string{"", "AWS4-HMAC-SHA256 …"} {
		r := httptest.NewRequest("DELETE", "/photos?cors", nil)
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		fmt.Println(w.Code)
	}
	// Output:
	// 403
	// 204
}

func ExampleCache() {
	cache := &corshttp.Cache{Store: &corshttp.MemoryStore{}}
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
	store := &corshttp.MemoryStore{
		Exists: func(_ context.Context, bucket string) (bool, error) { return bucket == "photos", nil },
	}
	ctx := context.Background()
	fmt.Println(store.PutCORS(ctx, "photos", []byte("a document")))
	fmt.Println(store.PutCORS(ctx, "videos", []byte("a document")))
	// Output:
	// <nil>
	// corshttp: no such bucket
}

func ExampleOneBucket() {
	address := corshttp.OneBucket("photos")(httptest.NewRequest("GET", "/2026/cat.jpg", nil))
	fmt.Println(address.Bucket, address.Key)
	// Output: photos 2026/cat.jpg
}

func ExampleWriteError() {
	w := httptest.NewRecorder()
	corshttp.WriteError(w, corshttp.AccessDenied(), corshttp.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host-id"})
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Body)
	// Output:
	// 403 application/xml
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>4442587FB7D0A2F9</RequestId><HostId>host-id</HostId></Error>
}
