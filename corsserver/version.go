package corsserver

import (
	"context"
	"math"
	"strings"
	"sync"

	"github.com/s3cors/s3cors"
)

// A VersionCache finds the policy of a bucket by a version of its configuration. It
// is for servers that know that version with every request, as a revision, an ETag
// or a column of what they look up anyway, and read the configuration itself only if
// the version is new. A change is in effect for every request that knows of it.
//
// It is safe for concurrent use. Its fields must not be changed once it is in use.
//
// # Versions
//
// A version is any string. Versions are compared for equality and nothing else, so
// the cache does not know which of two is newer. The empty string is no version: a
// request with it loads the configuration each time, and what is loaded with it is
// not kept.
//
// What is kept of a bucket is what was loaded last, under the version that load
// returned with it. It is found under no other version. After a change in between,
// load returns another version than the request asked for: the request gets what was
// loaded nevertheless. So what a request gets is what the bucket had at some time
// since the request learned of its version, however changes and loads overlap and
// overtake each other. The worst that they cost is a load. Servers that know
// different versions of one bucket at the same time, as from replicas of which one
// lags behind, load whenever the versions take turns.
//
// This holds if load returns a configuration and a version that belong together,
// read at once, and if no version comes back with another configuration. A count of
// changes that begins anew with a new bucket of the same name does come back: put
// something into the version that tells the two buckets apart, or call Forget.
type VersionCache struct {
	// MaxBytes bounds the memory that is kept, as that of a Cache does, names and
	// versions included; 0 is DefaultMaxBytes, and if it is negative, nothing is kept.
	MaxBytes int

	// Lenient makes a configuration that S3 would refuse count as far as it can be
	// understood, as s3cors.CompileStored does. Without it such a bucket cannot be
	// read, and grants nothing.
	Lenient bool

	// Options are those to read and to compile with.
	Options []s3cors.Option

	mu sync.RWMutex
	shelf
	tasks map[revision]*task
}

// A revision is a version of a bucket's configuration.
type revision struct{ bucket, version string }

// Policy returns the policy of a bucket whose configuration has that version. If it
// is not kept, load is called for the configuration, nil if the bucket has none, and
// its version. The configuration is not kept; it must not change before Policy
// returns.
//
// If load fails, so does Policy, and nothing is kept: the error is load's own, but
// for ErrNoSuchBucket, for which the policy is that of s3cors.NoSuchBucket. That S3
// would refuse the configuration is an error that is kept.
//
// load is called in the goroutine of the caller, so it can use whatever the request
// has at hand, its strings and its ctx included. Requests for one version of a bucket
// at the same time share one load, its errors included. If the request that loads
// ends, and load fails for that, another one loads; those who wait return when their
// own ctx ends. So a load should end with ctx.
func (c *VersionCache) Policy(ctx context.Context, bucket, version string,
	load func() (configuration *s3cors.Configuration, version string, err error),
) (*s3cors.Policy, error) {
	if e := c.known(bucket, version); e != nil {
		return e.policy, e.err
	}
	return c.wait(ctx, revision{bucket, version}, func() *entry {
		configuration, version, err := load()
		if err != nil {
			return failedEntry(err, c.Options)
		}
		return c.newEntry(bucket, version, configuration, nil)
	})
}

// PolicyOfDocument is Policy where load returns the document of the configuration;
// nil if there is none, and only then. That a document cannot be read, as one of no
// bytes cannot, is an error that is kept.
func (c *VersionCache) PolicyOfDocument(ctx context.Context, bucket, version string,
	load func() (document []byte, version string, err error),
) (*s3cors.Policy, error) {
	if e := c.known(bucket, version); e != nil {
		return e.policy, e.err
	}
	return c.wait(ctx, revision{bucket, version}, func() *entry {
		document, version, err := load()
		if err != nil {
			return failedEntry(err, c.Options)
		}
		configuration, err := readStored(document, c.Lenient, c.Options)
		return c.newEntry(bucket, version, configuration, err)
	})
}

// newEntry makes the entry of a version, in memory of its own.
func (c *VersionCache) newEntry(bucket, version string, configuration *s3cors.Configuration, err error) *entry {
	e := newEntry(bucket, newReading(configuration, err, c.Lenient, c.Options))
	e.version = strings.Clone(version)
	e.size += textBytes(len(version))
	return e
}

// known returns what is kept of a version, or nil.
func (c *VersionCache) known(bucket, version string) *entry {
	c.mu.RLock()
	e := c.entries[bucket]
	c.mu.RUnlock()
	if e == nil || e.version != version {
		return nil
	}
	e.use()
	return e
}

// wait loads a version that is not kept, or waits for another goroutine that does. A
// load that began before this request can bring back another version, which the
// bucket had before the request learned of its own. Then only the next load is good
// enough, whatever it brings back.
func (c *VersionCache) wait(ctx context.Context, r revision, load func() *entry) (*s3cors.Policy, error) {
	for next := false; ctx.Err() == nil; next = true {
		t, begun := c.join(r)
		if begun {
			e := c.run(ctx, t, r, load)
			return e.policy, e.err
		}
		select {
		case <-t.done:
			if e := t.entry; e != nil && (next || e.version == r.version || e.err != nil) {
				return e.policy, e.err
			}
		case <-ctx.Done():
		}
	}
	return nil, ctx.Err()
}

// join returns the task to wait for, or else one that the caller has to run.
func (c *VersionCache) join(r revision) (t *task, begun bool) {
	if r.version == "" { // what another one loads may be older than this request
		return newTask(), true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[r.bucket]; e != nil && e.version == r.version { // since Policy looked
		return finished(e), false
	}
	if t := c.tasks[r]; t != nil {
		return t, false
	}
	t = newTask()
	if c.tasks == nil {
		c.tasks = make(map[revision]*task)
	}
	c.tasks[r] = t // whose strings last: the caller returns after finish
	return t, true
}

// run loads a version for all that wait for it. It lets them go in any case, also
// if load panics. An error after the end of ctx may be that end, which is not
// theirs.
func (c *VersionCache) run(ctx context.Context, t *task, r revision, load func() *entry) *entry {
	defer c.finish(t, r)
	e := load()
	if e.err == nil || ctx.Err() == nil {
		t.entry = e
	}
	return e
}

// finish keeps what was loaded, unless there is no version of it, or the bucket was
// forgotten since the load began.
func (c *VersionCache) finish(t *task, r revision) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tasks[r] == t {
		delete(c.tasks, r)
		if e := t.entry; e != nil && e.version != "" {
			c.put(strings.Clone(r.bucket), e, math.MaxInt, orDefaultBytes(c.MaxBytes))
		}
	}
	close(t.done)
}

// Forget drops what is kept of a bucket: call it after a bucket was deleted, where
// the next one of that name may have the same versions. A load that is under way
// goes on for the requests that wait for it, and what it brings back is not kept. A
// load that begins later is kept: where it returns what its request had read of the
// old bucket before, only versions that tell the two buckets apart help.
func (c *VersionCache) Forget(bucket string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(bucket)
	for r := range c.tasks { // no more than requests in progress
		if r.bucket == bucket {
			delete(c.tasks, r)
		}
	}
}
