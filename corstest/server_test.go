package corstest_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
	"github.com/s3cors/s3cors/corstest"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/internal/backend"
)

// A storage is a server of this repository in front of a small storage.
type storage struct {
	buckets *backend.Server
	cache   *corsserver.Cache
	handler http.Handler

	bites bool // whether a bucket is deleted that holds something

	mu    sync.Mutex
	paths map[string]bool // of the buckets and objects that there are
}

// owner signs a request as the storage wants it.
func owner(r *http.Request) {
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "AWS owner:signature")
	}
}

// target makes a target of a handler behind which a storage stands.
func target(h http.Handler) conformance.Target {
	return corstest.NewTarget(h, corstest.Options{Sign: owner})
}

// newStorage is a storage that answers as the dialect does. What is in front of its
// policies is the identity, or a cache.
func newStorage(dialect s3cors.Dialect, front func(corsserver.Source) corsserver.Source) *storage {
	opts := []s3cors.Option{s3cors.WithDialect(dialect)}
	s := &storage{buckets: &backend.Server{Open: dialect != s3cors.Amazon}, paths: make(map[string]bool)}
	s.cache = &corsserver.Cache{Store: &corsserver.MemoryStore{Exists: s.buckets.Exists}, Options: opts}
	s.buckets.Deleted = func(ctx context.Context, bucket string) { _ = s.cache.Forget(ctx, bucket) } // which a MemoryStore never fails at
	ids := func(r *http.Request) s3cors.IDs {
		return s3cors.IDs{RequestID: "4442587FB7D0A2F9", HostID: "host/" + r.Method}
	}
	sub := &corshttp.Server{Store: s.cache, IDs: ids, Options: opts,
		Authorize: func(r *http.Request, _ corsserver.Address) *s3cors.Error {
			status, _ := backend.Refusal(r.Header.Get("Authorization"), r.URL.RawQuery)
			if !s.buckets.Open && status != 0 || r.Header.Get("x-amz-expected-bucket-owner") == "999999999999" {
				return corsserver.AccessDenied()
			}
			return nil
		}}
	middleware := &corshttp.Server{Policies: front(s.cache.Policy), IDs: ids, Options: opts}
	s.handler = middleware.CORS(sub.Subresource(http.HandlerFunc(s.serve)))
	return s
}

func plain(policies corsserver.Source) corsserver.Source { return policies }

// newServer is the handler of a new storage of Amazon S3.
func newServer() http.Handler { return newStorage(s3cors.Amazon, plain).handler }

// serve keeps account of what there is, and lets nobody delete a bucket that holds
// something.
func (s *storage) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	isBucket := strings.Count(r.URL.Path, "/") == 1
	if r.Method == "DELETE" && isBucket && s.holds(r.URL.Path) && !s.bites {
		w.WriteHeader(http.StatusConflict)
		return
	}
	s.buckets.ServeHTTP(w, r)
	switch {
	case r.Method == "PUT" && r.URL.RawQuery == "", r.Method == "POST" && r.URL.Query().Has("uploadId"):
		s.paths[r.URL.Path] = true
	case r.Method == "DELETE" && r.URL.RawQuery == "":
		maps.DeleteFunc(s.paths, func(path string, _ bool) bool {
			return path == r.URL.Path || isBucket && strings.HasPrefix(path, r.URL.Path+"/")
		})
	}
}

func (s *storage) holds(bucket string) bool {
	for path := range s.paths {
		if strings.HasPrefix(path, bucket+"/") {
			return true
		}
	}
	return false
}

// left are the paths of all that there is.
func (s *storage) left() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.paths))
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
