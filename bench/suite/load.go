package suite

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
	"github.com/s3cors/s3cors/corsserver"
)

// A Load is how much MeasureLoad does.
type Load struct {
	Buckets int
	// Replaced is the number of configurations that are replaced as fast as it goes.
	Replaced int
	// Paced is for how long as many as PerSecond are replaced each second.
	Paced time.Duration
}

// PerSecond is how many configurations change in a second, of many buckets.
const PerSecond = 1000

// A LoadReport is what many buckets take.
type LoadReport struct {
	Load   Load
	Fleets []Fleet
	// Change is what one replacement takes: PutCORS, and the request that reads the
	// new document.
	Change Change
	// Collection is the time of processors that one collection of garbage takes, with
	// the fleet of the mix in memory and nothing else to do.
	Collection time.Duration
	// Lookups are those of the paced part, each of a policy in the cache and a decision,
	// while configurations change and one collection of garbage runs.
	Lookups []time.Duration
	// Pause is the longest time for which the collector stopped all goroutines then.
	Pause time.Duration
}

// A Change is the mean of the replacements that were made as fast as it goes.
type Change struct {
	Processor time.Duration // the time of processors, with collections if there were some
	Allocated int           // bytes
}

// A Fleet is the memory of many buckets.
type Fleet struct {
	Name    string
	Buckets int
	Bytes   int
}

// MeasureLoad fills caches with many buckets, and changes them.
func MeasureLoad(load Load) (*LoadReport, error) {
	r := &LoadReport{Load: load}
	for _, f := range fleets() {
		cache, fleet, err := f.fill(load.Buckets / f.part)
		if err != nil {
			return nil, err
		}
		r.Fleets = append(r.Fleets, fleet)
		if f.name == mixName {
			if err := r.replace(cache); err != nil {
				return nil, err
			}
			if err := r.paced(cache); err != nil {
				return nil, err
			}
		}
	}
	return r, nil
}

const mixName = "the mix"

// A fleet is a kind of buckets: rules returns those of bucket i after some changes, nil for
// a bucket without.
type fleet struct {
	name string
	// part is of how many buckets there is one in the fleet: what one takes hardly
	// depends on it.
	part  int
	rules func(i, changes int) []s3cors.Rule
}

func fleets() []fleet {
	return []fleet{
		{"no configuration", 5, func(int, int) []s3cors.Rule { return nil }},
		{"the same small document everywhere", 5, func(int, int) []s3cors.Rule { return work.OneRule(work.App, "*") }},
		{"a small document of its own", 5, func(i, _ int) []s3cors.Rule {
			return work.OneRule(fmt.Sprintf("https://app.bucket-%d.example.com", i), "*")
		}},
		{mixName, 1, bucketRules},
	}
}

// fill asks a new cache for the policies of that many buckets, and measures what it keeps.
func (f *fleet) fill(buckets int) (*corsserver.Cache, Fleet, error) {
	store := &fleetStore{fleet: f, changes: make([]atomic.Int32, buckets)}
	cache := &corsserver.Cache{Store: store, TTL: -1, MaxEntries: buckets, MaxBytes: math.MaxInt}
	before := heap()
	workers := runtime.GOMAXPROCS(0)
	failed := make(chan error, workers)
	for worker := range workers {
		go func() { failed <- askForEach(cache, worker, buckets, workers) }()
	}
	for range workers {
		if err := <-failed; err != nil {
			return nil, Fleet{}, err
		}
	}
	return cache, Fleet{f.name, buckets, heap() - before}, nil
}

// askForEach asks for the policies of every step-th bucket.
func askForEach(cache *corsserver.Cache, first, buckets, step int) error {
	for i := first; i < buckets; i += step {
		if _, err := cache.Policy(context.Background(), bucketName(i)); err != nil {
			return err
		}
	}
	return nil
}

// A fleetStore prints the documents of a fleet when it is asked for them.
type fleetStore struct {
	*fleet
	changes []atomic.Int32 // of each bucket
}

func bucketName(i int) string { return fmt.Sprintf("bucket-%08d", i) }

func bucketIndex(name string) (i int) {
	must(fmt.Sscanf(name, "bucket-%d", &i))
	return i
}

func (s *fleetStore) GetCORS(_ context.Context, bucket string) ([]byte, error) {
	i := bucketIndex(bucket)
	rules := s.rules(i, int(s.changes[i].Load()))
	if rules == nil {
		return nil, nil
	}
	return (&s3cors.Configuration{CORSRules: rules}).AppendXML(nil)
}

func (s *fleetStore) PutCORS(_ context.Context, bucket string, _ []byte) error {
	s.changes[bucketIndex(bucket)].Add(1)
	return nil
}

func (s *fleetStore) DeleteCORS(context.Context, string) error { panic("nobody deletes") }

// change replaces the configuration of a bucket, and asks for the new policy.
func change(cache *corsserver.Cache, i int) error {
	ctx, name := context.Background(), bucketName(i)
	if err := cache.PutCORS(ctx, name, nil); err != nil {
		return err
	}
	_, err := cache.Policy(ctx, name)
	return err
}

// replace changes buckets as fast as it goes, and collects the garbage once.
func (r *LoadReport) replace(cache *corsserver.Cache) error {
	random := rand.New(rand.NewPCG(1, 2))
	before, started := readCollector(), work.ProcessorTime()
	for range r.Load.Replaced {
		if err := change(cache, random.IntN(r.Load.Buckets)); err != nil {
			return err
		}
	}
	changed := work.ProcessorTime()
	r.Change = Change{
		Processor: (changed - started) / time.Duration(r.Load.Replaced),
		Allocated: int(readCollector().allocated-before.allocated) / r.Load.Replaced,
	}
	runtime.GC() // what was under way ends with it
	begun := work.ProcessorTime()
	runtime.GC()
	r.Collection = work.ProcessorTime() - begun
	return nil
}

// paced changes buckets at the pace of PerSecond, has one collection run meanwhile, and
// looks policies up all the time.
func (r *LoadReport) paced(cache *corsserver.Cache) error {
	before := readCollector()
	failed, done := make(chan error, 1), make(chan struct{})
	go func() { failed <- keepChanging(cache, r.Load.Buckets, done) }()
	go func() {
		time.Sleep(r.Load.Paced / 2)
		runtime.GC()
	}()
	random := rand.New(rand.NewPCG(3, 4))
	for end := time.Now().Add(r.Load.Paced); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for range 10 {
			r.Lookups = append(r.Lookups, lookUp(cache, random.IntN(r.Load.Buckets)))
		}
	}
	close(done)
	slices.Sort(r.Lookups)
	r.Pause = readCollector().longestPauseSince(before)
	return <-failed
}

func keepChanging(cache *corsserver.Cache, buckets int, done <-chan struct{}) error {
	random := rand.New(rand.NewPCG(5, 6))
	tick := time.NewTicker(time.Second / PerSecond * 10)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
			for range 10 {
				if err := change(cache, random.IntN(buckets)); err != nil {
					return err
				}
			}
		}
	}
}

// lookUp returns how long a request waits for the decision on a bucket.
func lookUp(cache *corsserver.Cache, i int) time.Duration {
	name := bucketName(i)
	started := time.Now()
	policy, err := cache.Policy(context.Background(), name)
	if err == nil {
		policy.Evaluate(work.Actual(work.App))
	}
	return time.Since(started)
}
