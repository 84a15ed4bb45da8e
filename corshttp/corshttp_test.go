package corshttp_test

import (
	"context"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// document lets pages of https://app.example read, write and delete.
const document = `<CORSConfiguration><CORSRule>` +
	`<AllowedOrigin>https://app.example</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod>` +
	`<AllowedMethod>PUT</AllowedMethod><AllowedMethod>DELETE</AllowedMethod>` +
	`<MaxAgeSeconds>600</MaxAgeSeconds>` +
	`<ExposeHeader>ETag</ExposeHeader>` +
	`<AllowedHeader>*</AllowedHeader>` +
	`</CORSRule></CORSConfiguration>`

// printed is what GET ?cors makes of document.
var printed = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + strings.Replace(document,
	`<CORSConfiguration>`, `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`, 1)

// open lets every page read.
const open = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`

const (
	origin    = "https://app.example"
	stranger  = "https://evil.example"
	methods   = "GET, HEAD, PUT, DELETE"
	varyValue = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
)

// granted are the fields that document gives to an actual request of origin.
func granted() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":      {origin},
		"Access-Control-Allow-Methods":     {methods},
		"Access-Control-Expose-Headers":    {"ETag"},
		"Access-Control-Max-Age":           {"600"},
		"Access-Control-Allow-Credentials": {"true"},
		"Vary":                             {varyValue},
	}
}

func policyOf(t testing.TB, text string, opts ...s3cors.Option) *s3cors.Policy {
	t.Helper()
	configuration, err := s3cors.Parse([]byte(text))
	require.NoError(t, err)
	policy, err := s3cors.Compile(configuration, opts...)
	require.NoError(t, err)
	return policy
}

// one is a middleware for which every bucket has one policy.
func one(t testing.TB, text string) *corshttp.Server {
	t.Helper()
	return &corshttp.Server{Policies: corshttp.OnePolicy(policyOf(t, text))}
}

// request builds a request; fields are names and values in turn.
func request(method, target string, fields ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(fields); i += 2 {
		r.Header.Add(fields[i], fields[i+1])
	}
	return r
}

// do gives a request to a handler and returns the answer.
func do(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t testing.TB, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return string(body)
}

// corsFields returns the fields that CORS is about.
func corsFields(h http.Header) http.Header {
	fields := http.Header{}
	for key, values := range h {
		if strings.HasPrefix(strings.ToLower(key), "access-control-") || key == "Vary" {
			fields[key] = values
		}
	}
	return fields
}

// errorBody is what S3 writes; elements are names and escaped texts in turn.
func errorBody(elements ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	for i := 0; i < len(elements); i += 2 {
		b.WriteString("<" + elements[i] + ">" + elements[i+1] + "</" + elements[i] + ">")
	}
	return b.String() + "</Error>"
}

var internalErrorBody = errorBody("Code", "InternalError",
	"Message", "We encountered an internal error. Please try again.", "RequestId", "", "HostId", "")

// unreachable is a handler that must not be asked.
func unreachable(t testing.TB) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler was asked")
	})
}

// ok is a handler that answers 200.
var ok = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") })

// allow authorises everybody.
func allow(*http.Request, corsserver.Address) *s3cors.Error { return nil }

// A scripted store counts what it is asked, and answers what it is told to.
type scripted struct {
	corsserver.Store
	mu   sync.Mutex
	gets int
	get  func(ctx context.Context, bucket string) ([]byte, error) // nil: Store's
	put  func() error                                             // before Store's
}

func (s *scripted) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	s.mu.Lock()
	s.gets++
	get := s.get
	s.mu.Unlock()
	if get != nil {
		return get(ctx, bucket)
	}
	return s.Store.GetCORS(ctx, bucket)
}

func (s *scripted) PutCORS(ctx context.Context, bucket string, document []byte) error {
	if s.put != nil {
		if err := s.put(); err != nil {
			return err
		}
	}
	return s.Store.PutCORS(ctx, bucket, document)
}

func (s *scripted) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gets
}

// stored is a store in which each bucket named has the document.
func stored(t testing.TB, document string, buckets ...string) *corsserver.MemoryStore {
	t.Helper()
	store := &corsserver.MemoryStore{}
	for _, bucket := range buckets {
		require.NoError(t, store.PutCORS(t.Context(), bucket, []byte(document)))
	}
	return store
}

func TestOnlyThisModuleAndTheStandardLibraryAreImported(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	seen := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range file.Imports {
			seen++
			path := strings.Trim(spec.Path.Value, `"`)
			if path != "github.com/s3cors/s3cors" && !strings.HasPrefix(path, "github.com/s3cors/s3cors/") {
				require.NotContains(t, path, ".", name)
			}
		}
	}
	require.NotZero(t, seen)
}

// checkGoroutines fails a test after which there are more goroutines than
// before it.
func checkGoroutines(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		after := 0
		for range 500 { // what was told to end takes its time
			if after = runtime.NumGoroutine(); after <= before {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		stacks := make([]byte, 1<<20)
		t.Errorf("%d goroutines, %d before:\n%s", after, before, stacks[:runtime.Stack(stacks, true)])
	})
}
