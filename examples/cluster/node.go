package main

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/corsserver"
)

// A Node is a gateway: the middleware and ?cors, in front of a server of objects, with a
// cache in front of the store that all gateways share.
type Node struct {
	http.Handler
	Cache *corsserver.Cache

	store *Store

	mu    sync.Mutex
	heard uint64     // the revision up to which the cache knows of every change
	more  *sync.Cond // broadcasts when heard grows
}

// NewNode returns a gateway over a store. Its cache learns of every change by Watch. While
// the watch is broken, a policy is at most TTL old; while the store is away, a bucket
// whose TTL is over grants nothing.
func NewNode(store *Store) *Node {
	n := &Node{store: store, Cache: &corsserver.Cache{Store: store, TTL: 10 * time.Second}}
	n.more = sync.NewCond(&n.mu)
	store.Changed = n.Cache.Supersede
	cors := &corshttp.Server{
		Store: n.Cache,
		// Everybody may change the configuration of every bucket here. A gateway asks
		// its own authorisation.
		Authorize: func(*http.Request, corsserver.Address) *s3cors.Error { return nil },
		Failed:    func(_ *http.Request, err error) { log.Print(err) },
	}
	n.Handler = cors.CORS(cors.Subresource(http.HandlerFunc(object)))
	return n
}

// object stands for the server of objects.
func object(w http.ResponseWriter, r *http.Request) {
	_, _ = io.WriteString(w, "the object at "+r.URL.Path+"\n") // to a client that may have gone
}

// Watch tells the cache of every change in the store, until ctx ends. A watch that broke is
// taken up where it ended, so that it catches up with what has changed meanwhile.
func (n *Node) Watch(ctx context.Context) {
	for ctx.Err() == nil {
		if n.watch(ctx) != nil {
			sleep(ctx, 100*time.Millisecond)
		}
	}
}

// watch tells the cache of changes until the watch ends.
func (n *Node) watch(ctx context.Context) error {
	if err := n.store.open(ctx); err != nil {
		return err
	}
	if n.Heard() == 0 {
		last, err := n.store.last(ctx)
		if err != nil {
			return err
		}
		n.hear(last)
		n.Cache.InvalidateAll() // what it has learnt before may be older
	}
	watcher, err := n.store.kv.WatchAll(ctx, jetstream.ResumeFromRevision(n.Heard()+1), jetstream.MetaOnly())
	if err != nil {
		return err
	}
	defer func() { _ = watcher.Stop() }() // which fails where it has ended
	return n.follow(ctx, watcher)
}

// checkEvery is the time between two looks at whether the watch still tells of changes. One
// whose server fell over, or was cut off, can go silent without an end.
const checkEvery = 5 * time.Second

// follow tells the cache of changes until the watch ends, or goes silent.
func (n *Node) follow(ctx context.Context, watcher jetstream.KeyWatcher) error {
	check := time.NewTicker(checkEvery)
	defer check.Stop()
	var last uint64 // in the store, at the check before
	for {
		select {
		case entry, ok := <-watcher.Updates():
			if !ok {
				return ctx.Err()
			}
			if entry != nil { // nil: it has caught up
				n.Cache.Supersede(entry.Key(), entry.Revision())
				n.hear(entry.Revision())
			}
		case <-check.C:
			if n.Heard() < last {
				log.Print(errSilent)
				return errSilent
			}
			if now, err := n.store.last(ctx); err == nil {
				last = now
			}
		}
	}
}

var errSilent = errors.New("the watch of the store has gone silent")

func (n *Node) hear(revision uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.heard = max(n.heard, revision)
	n.more.Broadcast()
}

// Heard returns the revision up to which the cache knows of every change.
func (n *Node) Heard() uint64 {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.heard
}

// WaitFor waits until the cache knows of every change up to a revision, or ctx ends.
func (n *Node) WaitFor(ctx context.Context, revision uint64) error {
	defer context.AfterFunc(ctx, n.more.Broadcast)()
	n.mu.Lock()
	defer n.mu.Unlock()
	for n.heard < revision && ctx.Err() == nil {
		n.more.Wait()
	}
	return ctx.Err()
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
