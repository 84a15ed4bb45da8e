package corsserver

import (
	"math"
	"sync"

	"github.com/s3cors/s3cors"
)

// A ContentCache finds the policy of a document by its text. It is for servers that
// have the document of a bucket at hand with every request anyway, and spares them
// all but a look at the text. It asks no store, nothing in it gets out of date, and
// nobody has to tell it of a change: a changed document is another text. Buckets
// with the same document share one policy.
//
// It is safe for concurrent use. Its fields must not be changed once it is in use.
//
// Documents that cannot be read are kept as such. However many requests come with
// one new text at a moment, it is read and compiled once, by one of them, and the
// others wait for that; different texts are read at the same time. A text that no
// bucket has any more stays until its room is needed, and those that were not used
// of late go first. Where MaxBytes is too small for the documents in use, many are
// read anew with each request.
type ContentCache struct {
	// MaxBytes bounds the memory that is kept, as that of a Cache does; 0 is
	// DefaultMaxBytes, and if it is negative, nothing is kept. A text counts by its
	// length and a quarter, and its policy by what a bucket counts in a Cache.
	MaxBytes int

	// Lenient makes a document that S3 would refuse count as far as it can be
	// understood, as s3cors.CompileStored does. Without it such a document cannot be
	// read, and grants nothing.
	Lenient bool

	// Options are those to read and to compile with.
	Options []s3cors.Option

	once sync.Once
	none *s3cors.Policy // that of no document

	mu sync.RWMutex
	shelf
	tasks map[string]*task // by text
}

// longestText is the length of the longest text to keep. Nothing that is longer can
// be read (10/json-input-size), and to find that out costs less than to hash it.
const longestText = 1 << 20

// Policy returns the policy of a bucket with that document: s3cors.NoConfiguration
// if it is nil. It fails if the document cannot be read, as one of no bytes cannot.
//
// The document must not change before Policy returns. It is not kept.
//
// A bucket that does not exist has no document, and is no concern of this cache:
// its policy is s3cors.NoSuchBucket.
func (c *ContentCache) Policy(document []byte) (*s3cors.Policy, error) {
	switch {
	case document == nil:
		c.once.Do(func() { c.none = s3cors.NoConfiguration(c.Options...) })
		return c.none, nil
	case len(document) > longestText:
		e := c.read("", document)
		return e.policy, e.err
	}
	c.mu.RLock()
	e := c.entries[string(document)] // the compiler makes no copy for this
	c.mu.RUnlock()
	if e == nil {
		return c.wait(document)
	}
	e.use()
	return e.policy, e.err
}

// wait reads a document that is not kept, or waits for another goroutine that does.
func (c *ContentCache) wait(document []byte) (*s3cors.Policy, error) {
	for {
		t, text, begun := c.join(document)
		if begun {
			e := c.run(t, text, document)
			return e.policy, e.err
		}
		<-t.done
		if e := t.entry; e != nil {
			return e.policy, e.err
		}
	}
}

// join returns the task to wait for, or else, with the text that it is for, one
// that the caller has to run.
func (c *ContentCache) join(document []byte) (t *task, text string, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.entries[string(document)]; e != nil { // it was made since Policy looked
		return finished(e), "", false
	}
	if t := c.tasks[string(document)]; t != nil {
		return t, "", false
	}
	t, text = newTask(), string(document)
	if c.tasks == nil {
		c.tasks = make(map[string]*task)
	}
	c.tasks[text] = t
	return t, text, true
}

// run reads a document for all that wait for it. It lets them go in any case, also
// if an option panics.
func (c *ContentCache) run(t *task, text string, document []byte) *entry {
	defer c.finish(t, text)
	t.entry = c.read(text, document)
	return t.entry
}

func (c *ContentCache) finish(t *task, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tasks, text)
	if t.entry != nil {
		c.put(text, t.entry, math.MaxInt, orDefaultBytes(c.MaxBytes))
	}
	close(t.done)
}

// read makes the entry of a document, to be kept under its text.
func (c *ContentCache) read(text string, document []byte) *entry {
	configuration, err := readStored(document, c.Lenient, c.Options)
	return newEntry(text, newReading(configuration, err, c.Lenient, c.Options))
}
