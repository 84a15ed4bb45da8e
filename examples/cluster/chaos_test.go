package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var seedOfTheDay = flag.Uint64("seed", 0, "`SEED` of what is sent to the cluster (default: another one each time)")

const (
	workers  = 16
	buckets  = 1000
	stages   = 5
	requests = 10_000
)

// stranger is an origin that no configuration ever has.
const stranger = "https://stranger.example"

// A history is what may be known of a bucket by its only writer. Versions count from 1; 0
// is that there is no configuration.
type history struct {
	bucket   string
	last     int          // the last version that was put
	possible map[int]bool // what the store may have now
	before   map[int]bool // what it may have had at any time
}

func newHistory(i int) *history {
	return &history{bucket: fmt.Sprint("bucket-", i), possible: map[int]bool{0: true}, before: map[int]bool{0: true}}
}

func (h *history) origin(version int) string {
	return fmt.Sprintf("https://v%d.%s.example", version, h.bucket)
}

// versionIn returns the version that the configuration in an answer has.
func (h *history) versionIn(document string) (version int, ok bool) {
	_, after, _ := strings.Cut(document, "<AllowedOrigin>")
	origin, _, _ := strings.Cut(after, "</AllowedOrigin>")
	n, _ := fmt.Sscanf(origin, "https://v%d.", &version)
	return version, n == 1 && origin == h.origin(version)
}

// made notes a change that was acknowledged; then the bucket has this version and no other.
func (h *history) made(version int) {
	h.possible = map[int]bool{version: true}
	h.before[version] = true
}

// mayBeMade notes a change that was neither acknowledged nor refused.
func (h *history) mayBeMade(version int) {
	h.possible[version] = true
	h.before[version] = true
}

// A worker is the only one that changes its buckets, and judges all answers about them.
type worker struct {
	c         *cluster
	random    *rand.Rand
	histories []*history
	cut       int // the gateway whose server is cut off, or may be behind since it was; -1: none
	sent      int // requests, in this stage
	statuses  map[string]int
	wrong     []string
}

func (w *worker) expect(holds bool, format string, args ...any) {
	if !holds {
		w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
	}
}

// status counts a status, which must be one of those that are documented.
func (w *worker) status(what string, status int, documented ...int) {
	w.sent++
	w.statuses[fmt.Sprint(what, " ", status)]++
	w.expect(slices.Contains(documented, status), "%s was answered with %d", what, status)
}

// step sends one or two requests about a bucket through a gateway.
func (w *worker) step() {
	h, node := w.histories[w.random.IntN(len(w.histories))], w.random.IntN(nodes)
	switch roll := w.random.IntN(10); {
	case roll < 3:
		w.put(h, node)
	case roll < 4:
		w.remove(h, node)
	case roll < 6:
		w.read(h, node)
	default:
		w.ask(h, node)
	}
}

func (w *worker) put(h *history, node int) {
	h.last++
	status := put(w.c.nodes[node], h.bucket, h.origin(h.last)).Code
	w.status("PUT", status, 200, 409, 500)
	switch status {
	case 200:
		h.made(h.last)
		w.inForce(h, node, h.last, 200)
	case 500:
		h.mayBeMade(h.last)
	}
}

func (w *worker) remove(h *history, node int) {
	status := remove(w.c.nodes[node], h.bucket).Code
	w.status("DELETE", status, 204, 409, 500)
	switch status {
	case 204:
		h.made(0)
		w.inForce(h, node, h.last, 403)
	case 500:
		h.mayBeMade(0)
	}
}

// inForce asks the gateway through which a bucket was changed, where the change is in force
// at once.
func (w *worker) inForce(h *history, node, version, expected int) {
	status := preflight(w.c.nodes[node], h.bucket, h.origin(version))
	w.status("a preflight after a change", status, expected, 500)
}

// read asks for a configuration. The answer comes from the leader of the stream. One that was
// cut off takes itself for the leader for some seconds yet, so that the gateway there can
// be told what was before.
func (w *worker) read(h *history, node int) {
	answer := get(w.c.nodes[node], h.bucket)
	w.status("GET", answer.Code, 200, 404, 500)
	possible := h.possible
	if node == w.cut {
		possible = h.before
	}
	switch answer.Code {
	case 200:
		version, ok := h.versionIn(answer.Body.String())
		w.expect(ok && version > 0 && possible[version], "%s is %s, which is none of %v", h.bucket, answer.Body, possible)
	case 404:
		w.expect(possible[0], "%s has no configuration, where it should have one of %v", h.bucket, possible)
	}
}

// ask sends preflights: for an origin that was listed at some time, whose turn may be over
// or not, and for origins that never were.
func (w *worker) ask(h *history, node int) {
	n := w.c.nodes[node]
	version := w.random.IntN(h.last + 1)
	status := preflight(n, h.bucket, h.origin(version))
	w.status("a preflight", status, 200, 403, 500)
	w.expect(status != 200 || version > 0 && h.before[version], "%s is granted, and never was in force", h.origin(version))
	w.status("a preflight of a stranger", preflight(n, h.bucket, stranger), 403, 500)
}

// during has all workers send their share of requests, and more until something has happened
// amid these.
func during(t *testing.T, stage string, all []*worker, happens func() error) {
	t.Helper()
	const share = requests / stages / workers
	began, amid := time.Now(), make(chan struct{})
	reach := sync.OnceFunc(func() { close(amid) })
	var happened atomic.Bool
	var working sync.WaitGroup
	for _, w := range all {
		working.Go(func() {
			for w.sent = 0; w.sent < share || !happened.Load(); w.step() {
				if w.sent >= share/4 {
					reach()
				}
			}
		})
	}
	<-amid
	err := happens()
	happened.Store(true)
	working.Wait()
	require.NoError(t, err)
	statuses := make(map[string]int)
	for _, w := range all {
		for status, n := range w.statuses {
			statuses[status] += n
		}
		clear(w.statuses)
		require.Empty(t, w.wrong, stage)
	}
	t.Logf("%s: %v, %v", stage, time.Since(began).Round(time.Second/10), statuses)
}

// leader returns the server that leads the stream.
func (c *cluster) leader(t *testing.T) int {
	t.Helper()
	leader := -1
	eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		info, err := c.nodes[0].store.stream.Info(ctx)
		if err != nil || info.Cluster == nil {
			return false
		}
		n, _ := fmt.Sscanf(info.Cluster.Leader, "store-%d", &leader)
		leader--
		return n == 1
	})
	return leader
}

// works waits until a change through a gateway is acknowledged.
func (c *cluster) works(node int) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if put(c.nodes[node], "settled", "https://works.example").Code == 200 {
			return nil
		}
	}
	return fmt.Errorf("no change is made through gateway %d", node)
}

// TestNothingIsLostAmidFaults sends 10,000 operations to 1,000 buckets through three gateways.
// A server of the store is killed and started again meanwhile, and the leader of the stream
// is cut off and joined again.
func TestNothingIsLostAmidFaults(t *testing.T) {
	seed := *seedOfTheDay
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Log("-seed ", seed)
	c := newCluster(t)
	all := make([]*worker, workers)
	for i := range all {
		all[i] = &worker{c: c, random: rand.New(rand.NewPCG(seed, uint64(i))), cut: -1, statuses: make(map[string]int)}
	}
	for i := range buckets {
		w := all[i%workers]
		w.histories = append(w.histories, newHistory(i))
	}

	killed := int(seed % nodes)
	during(t, "nothing happens", all, func() error { return nil })
	during(t, "one is killed", all, func() error {
		c.servers.Kill(killed)
		return c.works((killed + 1) % nodes)
	})
	during(t, "it is started again", all, func() error {
		return errors.Join(c.servers.Start(killed), c.works(killed))
	})
	cut := c.leader(t)
	for _, w := range all {
		w.cut = cut
	}
	during(t, "the leader is cut off", all, func() error {
		c.isolate(cut, true)
		return c.works((cut + 1) % nodes)
	})
	during(t, "it is joined again", all, func() error {
		c.isolate(cut, false)
		return c.works(cut)
	})

	c.settle(t)
	for _, w := range all {
		for _, h := range w.histories {
			converged(t, c, h)
		}
	}
}

// converged holds that all gateways tell the same of a bucket, and serve by it.
func converged(t *testing.T, c *cluster, h *history) {
	t.Helper()
	answer := get(c.nodes[0], h.bucket)
	version, ok := 0, answer.Code == 404
	if answer.Code == 200 {
		version, ok = h.versionIn(answer.Body.String())
	}
	require.True(t, ok && h.possible[version], "%s: %d %s, which is none of %v", h.bucket, answer.Code, answer.Body, slices.Collect(maps.Keys(h.possible)))
	for _, n := range c.nodes {
		other := get(n, h.bucket)
		require.Equal(t, answer.Code, other.Code)
		if answer.Code == 200 {
			require.Equal(t, answer.Body.String(), other.Body.String())
			require.Equal(t, 200, preflight(n, h.bucket, h.origin(version)))
		}
		for old := range h.before {
			if old != version {
				require.Equal(t, 403, preflight(n, h.bucket, h.origin(old)))
			}
		}
		require.Equal(t, 403, preflight(n, h.bucket, stranger))
	}
}
