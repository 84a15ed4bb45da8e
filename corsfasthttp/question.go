package corsfasthttp

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// contextOf returns the context that what is asked for a request begins with. The
// RequestCtx is one, too, and the wrong one: a question of the cache goes on when
// the request that began it is over, and would read the values of the next one.
func (s *Server) contextOf(ctx *fasthttp.RequestCtx) context.Context {
	if s.Context == nil {
		return context.Background()
	}
	return s.Context(ctx)
}

// look returns a policy out of the Server's own cache. What is in there needs no
// context, so the first look is in one that has ended, in which the cache asks
// nobody: a hit costs no timer. The cache copies the name if it keeps it.
func (s *Server) look(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	policy, err := s.ready.cache.Policy(ended, bucket)
	if err != context.Canceled {
		return policy, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.ready.timeout)
	defer cancel()
	return s.ready.cache.Policy(ctx, bucket)
}

// ask returns a policy of Policies, which gets a copy of the name: one that put
// policies into a map by it would find the next bucket's name on this one's policy.
func (s *Server) ask(ctx context.Context, bucket string) (*s3cors.Policy, error) {
	q := &question{Context: ctx, limit: s.ready.timeout}
	defer q.end()
	return s.Policies(q, strings.Clone(bucket))
}

// A question is a context whose time begins when somebody asks for its end. Who has
// a policy at hand never does, and then there is no timer.
type question struct {
	context.Context // whose values it has
	limit           time.Duration

	once   sync.Once
	timed  context.Context
	cancel context.CancelFunc
}

// ended is a context that is over.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

func (q *question) begin() context.Context {
	q.once.Do(func() { q.timed, q.cancel = context.WithTimeout(q.Context, q.limit) })
	return q.timed
}

// end is for when there is an answer.
func (q *question) end() {
	q.once.Do(func() { q.timed, q.cancel = ended, func() {} })
	q.cancel()
}

func (q *question) Deadline() (time.Time, bool) { return q.begin().Deadline() }
func (q *question) Done() <-chan struct{}       { return q.begin().Done() }
func (q *question) Err() error                  { return q.begin().Err() }

// A bounded store has a limited time for each answer.
type bounded struct {
	corsserver.Store
	limit time.Duration
}

func (b bounded) GetCORS(ctx context.Context, bucket string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, b.limit)
	defer cancel()
	return b.Store.GetCORS(ctx, bucket)
}

func (b bounded) PutCORS(ctx context.Context, bucket string, document []byte) error {
	ctx, cancel := context.WithTimeout(ctx, b.limit)
	defer cancel()
	return b.Store.PutCORS(ctx, bucket, document)
}

func (b bounded) DeleteCORS(ctx context.Context, bucket string) error {
	ctx, cancel := context.WithTimeout(ctx, b.limit)
	defer cancel()
	return b.Store.DeleteCORS(ctx, bucket)
}
