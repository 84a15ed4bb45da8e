package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corsserver"
)

// A counter is a store in which every bucket has a document, and which counts. Nothing but
// the questions of one cache reaches it, one after another.
type counter struct {
	corsserver.MemoryStore // for what is not asked here
	questions              int
	documents              int // that were handed over
	revisions              map[string]uint64
}

func (c *counter) GetCORS(_ context.Context, bucket string) ([]byte, error) {
	c.questions++
	c.documents++
	return []byte(configuration("https://app." + bucket + ".example")), nil
}

// A counterOfRevisions is a counter that knows what is unchanged.
type counterOfRevisions struct{ *counter }

func (c counterOfRevisions) GetCORSSince(ctx context.Context, bucket string, known uint64) ([]byte, uint64, error) {
	revision := c.revisions[bucket] + 1
	if revision == known {
		c.questions++
		return nil, 0, corsserver.ErrUnchanged
	}
	document, err := c.GetCORS(ctx, bucket)
	return document, revision, err
}

var bucketsInUse = flag.Int("in-use", 1000, "how many buckets are in `USE` when questions to the store are counted")

// TestQuestionsToTheStore counts what one gateway asks of the store if every bucket in use
// gets a request each second. It measures for half a minute of a clock that is not the
// machine's, once all buckets are known.
func TestQuestionsToTheStore(t *testing.T) {
	const seconds, changes = 30, 10 // changes each second
	inUse := *bucketsInUse
	require.GreaterOrEqual(t, inUse, seconds*changes)
	for name, tt := range map[string]struct {
		ttl       time.Duration
		counts    bool // its revisions
		announces bool // its changes
		questions int  // in all
		documents int  // at most
	}{
		"TTL of 10 seconds":                           {10 * time.Second, false, false, inUse * seconds / 10, inUse * seconds / 10},
		"TTL of 10 seconds, revisions":                {10 * time.Second, true, false, inUse * seconds / 10, changes * seconds},
		"TTL of 10 minutes, revisions, announcements": {10 * time.Minute, true, true, changes * seconds, changes * seconds},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				count := &counter{revisions: make(map[string]uint64)}
				cache := &corsserver.Cache{Store: count, TTL: tt.ttl, MaxEntries: inUse, MaxBytes: inUse << 11}
				if tt.counts {
					cache.Store = counterOfRevisions{count}
				}
				names := make([]string, inUse)
				for i := range names {
					names[i] = fmt.Sprint("bucket-", i)
				}
				before := heap()
				requestEach(t, cache, names, 1)
				t.Logf("%d bytes for a bucket", (heap()-before)/inUse)
				requestEach(t, cache, names, 9)
				count.questions, count.documents = 0, 0
				for i := range seconds * changes {
					bucket := names[i*(inUse/(seconds*changes))]
					count.revisions[bucket]++
					if tt.announces {
						cache.Supersede(bucket, count.revisions[bucket]+1)
					}
					if i%changes == changes-1 {
						requestEach(t, cache, names, 1)
					}
				}
				t.Logf("%d questions a second, %d documents a second", count.questions/seconds, count.documents/seconds)
				require.Equal(t, tt.questions, count.questions)
				require.LessOrEqual(t, count.documents, tt.documents)
			})
		})
	}
}

// requestEach asks a cache for each bucket once a second, for some seconds.
func requestEach(t *testing.T, cache *corsserver.Cache, names []string, seconds int) {
	t.Helper()
	const ticks = 100
	for range seconds {
		for tick := range ticks {
			for i := tick; i < len(names); i += ticks {
				_, err := cache.Policy(t.Context(), names[i])
				require.NoError(t, err)
			}
			time.Sleep(time.Second / ticks)
		}
	}
}

func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}
