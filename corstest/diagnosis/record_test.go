//go:build go1.26

package diagnosis

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

var update = flag.Bool("update", false, "record the fingerprints anew")

// all are the vectors about Amazon S3; usual are those of them without long documents,
// which take long and matter to few bugs; evaluated are those that an evaluator can
// fail: decisions, and operations with an Origin or a preflight.
var all, usual, evaluated = func() (all, usual, evaluated []vectors.Vector) {
	read, err := vectors.All()
	if err != nil {
		panic(err)
	}
	for _, v := range read {
		if v.Dialect != "" {
			continue
		}
		all = append(all, v)
		if len(v.Document) <= 4096 {
			usual = append(usual, v)
		}
		if v.Request != nil || slices.ContainsFunc(v.Steps, func(s vectors.Step) bool {
			return s.Request.Method == "OPTIONS" || slices.ContainsFunc(s.Request.Headers, func(h vectors.Pair) bool { return strings.EqualFold(h[0], "Origin") })
		}) {
			evaluated = append(evaluated, v)
		}
	}
	return all, usual, evaluated
}()

// longBugs are the bugs to which long documents matter.
var longBugs = []string{"doc-too-large", "doc-101-rules", "doc-wrong-code"}

// A mutant is one way to write a bug.
type mutant struct {
	bug       string
	evaluator func(*evaluator) // nil for a bug of servers or of documents
	server    func(*server)
}

// mutants returns all ways to write all bugs, in the order of the list.
func mutants() []mutant {
	var list []mutant
	for _, d := range evaluators {
		for _, as := range d.as {
			list = append(list, mutant{d.bug, as, func(s *server) { as(s.evaluator) }})
		}
	}
	for _, d := range slices.Concat(documents, servers) {
		for _, as := range d.as {
			list = append(list, mutant{d.bug, nil, as})
		}
	}
	return list
}

// inProcess asks an evaluator, overWire a server, though over no real wire.
func inProcess(deviations ...func(*evaluator)) []conformance.Result {
	e := amazon(deviations...)
	results, err := conformance.RunEvaluator(func(q conformance.Question) conformance.Answer { return ask(e, q) },
		conformance.Options{Vectors: evaluated})
	if err != nil {
		panic(err)
	}
	return results
}

func ask(e *evaluator, q conformance.Question) conformance.Answer {
	b := bucket{missing: q.NoBucket}
	if document := q.ConfigXML; !q.NoBucket && (document != nil || q.ConfigJSON != nil) {
		if document == nil {
			document = q.ConfigJSON
		}
		rules, err := parsed(document)
		if err != nil {
			return invalid(err)
		}
		b.rules = rules
	}
	a := e.evaluate(*q.Request, q.Request.Subresource, b)
	return conformance.Answer{Status: a.status, Headers: a.headers, Error: a.err}
}

// invalid is what PUT ?cors says of a configuration.
func invalid(err error) conformance.Answer {
	problem := err.(s3cors.Problems)[0].S3
	a := refused(problem.Status, problem.Code, problem.Message)
	for _, e := range problem.Elements {
		a.err = append(a.err, vectors.Pair{e.Name, e.Value})
	}
	return conformance.Answer{Status: a.status, Error: a.err}
}

func overWire(vectors []vectors.Vector, deviations ...func(*server)) []conformance.Result {
	results, err := conformance.Run(context.Background(), newServer(deviations...), conformance.Options{Vectors: vectors, Parallel: 1, Settle: -1})
	if results == nil {
		panic(err)
	}
	for i := range results {
		results[i].Exchange = nil // hundreds of runs are kept
	}
	return results
}

// vague are the bugs of which it depends on the order of the vectors what fails, because
// the run uses a bucket for one configuration after the other.
var vague = []string{"srv-stale-cache", "srv-put-merges"}

// recordVaguely runs the kit against a mutant with the vectors in several orders.
func (m mutant) recordVaguely() recordedPrint {
	const orders = 5
	failed := make(map[string]int)
	random := rand.New(rand.NewPCG(1, 1))
	for range orders {
		shuffled := slices.Clone(usual)
		random.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, r := range overWire(shuffled, m.server) {
			if r.Verdict == conformance.Fail {
				failed[r.Vector.ID]++
			}
		}
	}
	byShare := make([]recordedGroup, orders+1)
	for _, v := range usual {
		byShare[failed[v.ID]].IDs = append(byShare[failed[v.ID]].IDs, v.ID)
	}
	for i := range byShare {
		byShare[i].Share = float64(i) / orders
	}
	return slices.DeleteFunc(byShare[1:], func(g recordedGroup) bool { return g.IDs == nil })
}

// runs are what the kit says of each of the mutants: in process, if it is an evaluator,
// and over the wire.
var runs = sync.OnceValue(func() [][][]conformance.Result {
	list := mutants()
	runs := make([][][]conformance.Result, len(list))
	inParallel(len(list), func(i int) {
		switch m := list[i]; {
		case m.evaluator != nil:
			runs[i] = [][]conformance.Result{inProcess(m.evaluator), overWire(evaluated, m.server)}
		case slices.Contains(longBugs, m.bug):
			runs[i] = [][]conformance.Result{overWire(all, m.server)}
		default:
			runs[i] = [][]conformance.Result{overWire(usual, m.server)}
		}
	})
	return runs
})

// A seen is how a vector fails in some runs.
type seen struct {
	runs  int            // that judged it
	times map[string]int // by what differs
	got   map[string][]string
}

// merge makes one fingerprint of several runs: what differs in one of them only may be
// missing. A run that shows nothing of the bug says nothing.
func merge(runs ...[]conformance.Result) recordedPrint {
	byID := make(map[string]*seen)
	var ids []string
	runs = slices.DeleteFunc(slices.Clone(runs), func(run []conformance.Result) bool { all, _ := failures(run); return all == 0 })
	for _, r := range slices.Concat(runs...) {
		if r.Verdict != conformance.Pass && r.Verdict != conformance.Fail {
			continue
		}
		f := byID[r.Vector.ID]
		if f == nil {
			f = &seen{times: make(map[string]int), got: make(map[string][]string)}
			byID[r.Vector.ID] = f
			ids = append(ids, r.Vector.ID)
		}
		f.note(r.Diffs)
	}
	fixed := observe(slices.Concat(runs...)).constants
	fails := make(map[string]map[string][]string)
	for id, f := range byID {
		fails[id] = f.recorded()
		if got := fails[id]["ACAM"]; got != nil && fixed.is("access-control-allow-methods") {
			fails[id]["ACAM"] = append(got, constant)
		}
	}
	return grouped(ids, fails)
}

// grouped puts the vectors that fail alike together.
func grouped(ids []string, fails map[string]map[string][]string) recordedPrint {
	var print recordedPrint
	groups := make(map[string]int)
	for _, id := range ids {
		if len(fails[id]) == 0 {
			continue
		}
		key := string(encoded(fails[id]))
		at, ok := groups[key]
		if !ok {
			at = len(print)
			groups[key] = at
			print = append(print, recordedGroup{Got: fails[id]})
		}
		print[at].IDs = append(print[at].IDs, id)
	}
	return print
}

func (f *seen) note(diffs []conformance.Diff) {
	f.runs++
	for _, d := range diffs {
		what, step, got := normal(d)
		if strings.HasPrefix(d.What, "steps[") {
			what = fmt.Sprintf("steps[%d].%s", step, what)
		}
		f.times[what]++
		f.got[what] = united(f.got[what], []string{got})
	}
}

func (f *seen) recorded() map[string][]string {
	recorded := make(map[string][]string)
	for what, got := range f.got {
		name := abbreviations.Replace(what)
		if f.times[what] < f.runs {
			name += "?"
		}
		recorded[name] = got
	}
	return recorded
}

// join makes one fingerprint of two ways to write a bug, if the same vectors fail. What
// differs in one of them only may be missing.
func join(one, other recordedPrint) (recordedPrint, bool) {
	ids, fails := one.spread()
	_, others := other.spread()
	if !slices.Equal(slices.Sorted(maps.Keys(fails)), slices.Sorted(maps.Keys(others))) {
		return nil, false
	}
	for id := range fails {
		fails[id] = either(fails[id], others[id])
	}
	return grouped(ids, fails), true
}

// either unites what differs in a vector.
func either(one, other map[string][]string) map[string][]string {
	both := make(map[string][]string)
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(one)), slices.Sorted(maps.Keys(other))) {
		what := strings.TrimSuffix(name, "?")
		got := united(slices.Concat(one[what], one[what+"?"]), slices.Concat(other[what], other[what+"?"]))
		if one[what] == nil || other[what] == nil {
			what += "?"
		}
		both[what] = got
	}
	return both
}

// spread is the opposite of grouped.
func (p recordedPrint) spread() (ids []string, fails map[string]map[string][]string) {
	fails = make(map[string]map[string][]string)
	for _, g := range p {
		ids = append(ids, g.IDs...)
		for _, id := range g.IDs {
			fails[id] = maps.Clone(g.Got)
		}
	}
	return ids, fails
}

// encoded writes JSON on one line.
func encoded(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

// prints are the fingerprints of all bugs, recorded now, in the order of the list.
var prints = sync.OnceValue(func() []recordedBug {
	var bugs []recordedBug
	for i, m := range mutants() {
		if len(bugs) == 0 || bugs[len(bugs)-1].Bug != m.bug {
			bugs = append(bugs, recordedBug{Bug: m.bug})
		}
		if b := &bugs[len(bugs)-1]; slices.Contains(vague, m.bug) {
			b.add(m.recordVaguely())
		} else {
			b.add(merge(runs()[i]...))
		}
	}
	return bugs
})

func (b *recordedBug) add(print recordedPrint) {
	for i := range b.Prints {
		if joined, ok := join(b.Prints[i], print); ok {
			b.Prints[i] = joined
			return
		}
	}
	b.Prints = append(b.Prints, print)
}

// inParallel calls a function for all numbers below n, two at a time.
func inParallel(n int, do func(i int)) {
	var group sync.WaitGroup
	for worker := range 2 {
		group.Go(func() {
			for i := worker; i < n; i += 2 {
				do(i)
			}
		})
	}
	group.Wait()
}

// file is fingerprints.json: a group of vectors on a line.
func file() []byte {
	var b bytes.Buffer
	for i, bug := range prints() {
		fmt.Fprintf(&b, "%s\n{\"bug\":%q,\"prints\":[", []string{"[", ","}[min(i, 1)], bug.Bug)
		for j, print := range bug.Prints {
			b.WriteString([]string{"[", ",["}[min(j, 1)])
			for k, group := range print {
				fmt.Fprintf(&b, "%s\n%s", []string{"", ","}[min(k, 1)], encoded(group))
			}
			b.WriteString("\n]")
		}
		b.WriteString("]}")
	}
	b.WriteString("\n]\n")
	return b.Bytes()
}

// TestFingerprints holds what is recorded to what the mutants do.
func TestFingerprints(t *testing.T) {
	if underRace {
		t.Skip("hundreds of runs, held without the race detector")
	}
	got := file()
	if *update {
		require.NoError(t, os.WriteFile("fingerprints.json", got, 0o644))
		return
	}
	require.Less(t, len(recorded), 1<<20)
	require.True(t, bytes.Equal(recorded, got), "the fingerprints are not what the mutants do: go test ./corstest/diagnosis -run TestFingerprints -update")
}
