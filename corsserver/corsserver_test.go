package corsserver_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

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

// open lets every page read.
const open = `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin>` +
	`<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`

const (
	origin    = "https://app.example"
	stranger  = "https://evil.example"
	varyValue = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
)

var errStore = errors.New("the store is on fire")

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

// errorBody is what S3 writes; elements are names and escaped texts in turn.
func errorBody(elements ...string) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error>")
	for i := 0; i < len(elements); i += 2 {
		b.WriteString("<" + elements[i] + ">" + elements[i+1] + "</" + elements[i] + ">")
	}
	return b.String() + "</Error>"
}

// The bucket of a vector that does not exist.
const missing = "missing"

// existing is what the stores of vectors say of buckets.
func existing(_ context.Context, bucket string) (bool, error) { return bucket != missing, nil }
