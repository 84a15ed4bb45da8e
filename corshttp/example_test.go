package corshttp_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
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
				corshttp.WriteError(w, corsserver.AccessDenied(), s3cors.IDs{})
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	everybody := func(*http.Request, corsserver.Address) *s3cors.Error { return nil }
	s3 := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "object") })

	cache := &corsserver.Cache{Store: &corsserver.MemoryStore{}}
	cors := &corshttp.Server{Policies: cache.Policy}
	sub := &corshttp.Server{Store: cache, Authorize: everybody}
	handler := cors.CORS(authenticate(sub.Subresource(s3)))

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
	handler := (&corshttp.Server{
		Address:  corshttp.OneBucket("assets"),
		Policies: corshttp.OnePolicy(policy),
	}).CORS(files)

	show(handler, "GET", "/logo.svg", "", "Origin", "https://www.example")
	// Output:
	// GET /logo.svg 200 [https://www.example] file
}

// Buckets as names of hosts, where the policies are kept in a map.
func ExampleVirtualHosted() {
	policies := map[string]*s3cors.Policy{"photos": openPolicy()}
	handler := (&corshttp.Server{
		Address: corshttp.VirtualHosted("s3.example"),
		Policies: func(_ context.Context, bucket string) (*s3cors.Policy, error) {
			policy, ok := policies[bucket]
			if !ok {
				return s3cors.NoSuchBucket(), nil
			}
			return policy, nil
		},
	}).CORS(http.NotFoundHandler())

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
func ExampleServer_override() {
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
	handler := (&corshttp.Server{Policies: corshttp.OnePolicy(policy), Override: true}).CORS(upstream)

	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example")
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://evil.example")
	// Output:
	// GET /photos/cat.jpg 200 [https://app.example] object
	// GET /photos/cat.jpg 200 [] object
}

// Decisions are counted by outcome.
func ExampleServer_observe() {
	counts := make(map[s3cors.Outcome]int)
	handler := (&corshttp.Server{
		Policies: corshttp.OnePolicy(openPolicy()),
		Observe:  func(_ *http.Request, e corsserver.Verdict) { counts[e.Decision.Outcome()]++ },
	}).CORS(http.NotFoundHandler())
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
func ExampleServer_Withdraw() {
	cors := &corshttp.Server{Policies: corshttp.OnePolicy(openPolicy())}
	handler := cors.CORS(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		cors.Withdraw(w)
		http.Error(w, "who are you?", http.StatusForbidden)
	}))
	show(handler, "GET", "/photos/cat.jpg", "", "Origin", "https://app.example")
	// Output:
	// GET /photos/cat.jpg 403 [] who are you?
}

func ExampleServer_Subresource() {
	store := &corsserver.MemoryStore{}
	subresource := &corshttp.Server{
		Store: store,
		Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
			if r.Header.Get("Authorization") == "" {
				return corsserver.AccessDenied()
			}
			return nil
		},
	}
	handler := subresource.Subresource(http.NotFoundHandler())
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

func ExampleOneBucket() {
	address := corshttp.OneBucket("photos")(httptest.NewRequest("GET", "/2026/cat.jpg", nil))
	fmt.Println(address.Bucket, address.Key)
	// Output: photos 2026/cat.jpg
}

func ExampleWriteError() {
	w := httptest.NewRecorder()
	corshttp.WriteError(w, corsserver.AccessDenied(), s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host-id"})
	fmt.Println(w.Code, w.Header().Get("Content-Type"))
	fmt.Println(w.Body)
	// Output:
	// 403 application/xml
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>4442587FB7D0A2F9</RequestId><HostId>host-id</HostId></Error>
}
