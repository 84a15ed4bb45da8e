package corstest_test

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// A backend is a small storage server: buckets and their objects.
type backend struct {
	cache *corsserver.Cache

	mu      sync.Mutex
	buckets map[string]map[string][]byte
}

func (b *backend) exists(_ context.Context, bucket string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buckets[bucket] != nil, nil
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	a := corshttp.PathStyle(r)
	if a.Bucket != "" && a.Key == "" {
		b.serveBucket(w, r, a.Bucket)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	objects := b.buckets[a.Bucket]
	object, ok := objects[a.Key]
	switch {
	case objects == nil, r.Method != http.MethodPut && !ok:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodPut:
		objects[a.Key] = body
	case r.Method == http.MethodDelete:
		delete(objects, a.Key)
		w.WriteHeader(http.StatusNoContent)
	default:
		_, _ = w.Write(object)
	}
}

func (b *backend) serveBucket(w http.ResponseWriter, r *http.Request, bucket string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	objects := b.buckets[bucket]
	switch {
	case r.Method == http.MethodPut:
		if objects == nil {
			b.buckets[bucket] = make(map[string][]byte)
			_ = b.cache.Forget(r.Context(), bucket) // which a MemoryStore never fails at
		}
	case objects == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Method != http.MethodDelete:
	case len(objects) > 0:
		w.WriteHeader(http.StatusConflict)
	default:
		delete(b.buckets, bucket)
		_ = b.cache.Forget(r.Context(), bucket)
		w.WriteHeader(http.StatusNoContent)
	}
}

// names are the buckets that there are.
func (b *backend) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Sorted(maps.Keys(b.buckets))
}

// newServer is a storage server that answers as the dialect does.
func newServer(dialect s3cors.Dialect) http.Handler {
	h, _ := newStorage(dialect)
	return h
}

// newStorage is newServer, with the backend to look at.
func newStorage(dialect s3cors.Dialect) (http.Handler, *backend) {
	return newCachingStorage(dialect, func(policies corsserver.Source) corsserver.Source { return policies })
}

// newCachingStorage is newStorage with something in front of its policies.
func newCachingStorage(dialect s3cors.Dialect, caching func(corsserver.Source) corsserver.Source) (http.Handler, *backend) {
	opts := []s3cors.Option{s3cors.WithDialect(dialect)}
	b := &backend{buckets: make(map[string]map[string][]byte)}
	b.cache = &corsserver.Cache{Store: &corsserver.MemoryStore{Exists: b.exists}, Options: opts}
	ids := func(r *http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + r.Method}
	}
	sub := &corshttp.Server{Store: b.cache, IDs: ids, Options: opts,
		Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
			if r.Header.Get("x-amz-expected-bucket-owner") == "999999999999" {
				return corsserver.AccessDenied()
			}
			return nil
		}}
	middleware := &corshttp.Server{Policies: caching(b.cache.Policy), IDs: ids, Options: opts}
	return middleware.CORS(sub.Subresource(b)), b
}

// evaluate is the library itself as an evaluator.
func evaluate(dialect s3cors.Dialect) func(q question) answer {
	opts := []s3cors.Option{s3cors.WithDialect(dialect)}
	return func(q question) answer {
		if q.NoBucket {
			return answerOf(s3cors.NoSuchBucket(opts...).Evaluate(requestOf(q, dialect)))
		}
		policy, err := policyOf(q, opts...)
		if err != nil {
			return refused(err)
		}
		return answerOf(policy.Evaluate(requestOf(q, dialect)))
	}
}

func policyOf(q question, opts ...s3cors.Option) (*s3cors.Policy, error) {
	if q.ConfigXML == nil {
		return s3cors.Compile(nil, opts...)
	}
	c, err := s3cors.ParseXML(q.ConfigXML, opts...)
	if err != nil {
		return nil, err
	}
	return s3cors.Compile(c, opts...)
}

func requestOf(q question, dialect s3cors.Dialect) s3cors.Request {
	field := func(name string) (string, bool) {
		var values []string
		for _, h := range q.Request.Headers {
			if strings.EqualFold(h[0], name) {
				values = append(values, h[1])
			}
		}
		if dialect != s3cors.Amazon && values != nil {
			return values[len(values)-1], true
		}
		return strings.Join(values, ","), values != nil
	}
	r := s3cors.Request{Method: q.Request.Method, Subresource: q.Request.Subresource,
		Target: map[string]s3cors.Target{"object": s3cors.TargetObject, "bucket": s3cors.TargetBucket, "service": s3cors.TargetService}[q.Request.Target]}
	var has bool
	r.Origin, has = field("Origin")
	r.EmptyOrigin = dialect != s3cors.Amazon && has && r.Origin == ""
	r.RequestMethod, has = field("Access-Control-Request-Method")
	r.EmptyRequestMethod = dialect != s3cors.Amazon && has && r.RequestMethod == ""
	r.RequestHeaders, _ = field("Access-Control-Request-Headers")
	_, has = field("Authorization")
	r.Authorization = dialect != s3cors.Amazon && has
	return r
}
