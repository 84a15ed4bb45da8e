//go:build go1.26

package diagnosis

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// unrecorded are the classes that no `must` vector can kill, since nobody has recorded
// what S3 does there, with the row that says so.
var unrecorded = map[string]string{
	"overlap":                  "4.4/no-overlap is inferred",
	"star-by-list-order":       "9/star-beside-origin is documented, and implementers contradict each other",
	"split-each-comma":         "4.3/interior-empty rests on a test suite of 2017 where it differs from a split at each comma",
	"first-line-only":          "10/field-lines is a choice",
	"last-line-only":           "10/field-lines is a choice",
	"private-network-granted":  "S3 was never asked with Access-Control-Request-Private-Network",
	"srv-rules-outlive-bucket": "7/rules-end-with-the-bucket is a choice",
}

// coincide are the classes that no vector tells from another, which the first diagnosis
// names in their place; its title names them.
var coincide = map[string]string{
	"srv-noncanonical-key": "srv-two-layers", // names of headers have no case
	"srv-comma-dos":        "no-size-limit",  // how much memory it takes cannot be seen from outside
}

// failures are the failures of a run: all of them, and those at must.
func failures(results []conformance.Result) (all, must int) {
	for i := range results {
		if results[i].Verdict != conformance.Fail {
			continue
		}
		all++
		if conformance.LevelOf(results[i].Vector) == conformance.Must {
			must++
		}
	}
	return all, must
}

// TestTheKit shows that every class is noticed and named. It prints the counts.
func TestTheKit(t *testing.T) {
	if underRace {
		t.Skip("hundreds of runs, held without the race detector")
	}
	classes, killed := make(map[string]bool), make(map[string]bool)
	ways := mutants()
	for i, m := range ways {
		classes[m.bug] = true
		for _, results := range runs()[i] {
			fails, must := failures(results)
			killed[m.bug] = killed[m.bug] || must > 0
			require.NotZero(t, fails, m.bug)
			first := Diagnose(results)[0]
			require.Contains(t, []string{m.bug, coincide[m.bug]}, first.Bug, m.bug)
			require.Contains(t, namesIn([]Diagnosis{first}), m.bug)
		}
	}
	for bug := range classes {
		require.NotEqual(t, killed[bug], unrecorded[bug] != "", bug)
	}
	byKind := map[string]int{}
	for _, b := range bugs {
		require.NotEqual(t, classes[b.Name], unseen[b.Name] != "", b.Name)
		byKind[strings.SplitN(b.Name, "-", 2)[0]]++
	}
	t.Logf("%d classes of bugs: %d of evaluators, %d of documents, %d of servers", len(bugs),
		len(bugs)-byKind["doc"]-byKind["srv"], byKind["doc"], byKind["srv"])
	t.Logf("%d of them as mutants, written in %d ways; %d cannot be seen over HTTP", len(classes), len(ways), len(unseen))
	t.Logf("%d noticed, %d of them by a vector that must hold; of the other %d nobody recorded what S3 does", len(classes), len(classes)-len(unrecorded), len(unrecorded))
	t.Logf("%d named by the first diagnosis; %d coincide with one that is named", len(classes)-len(coincide), len(coincide))
	for _, list := range []map[string]string{unseen, unrecorded, coincide} {
		for _, bug := range slices.Sorted(maps.Keys(list)) {
			t.Logf("  %s: %s", bug, list[bug])
		}
	}
}

// TestTheListIsWhole counts the classes, whose names are published.
func TestTheListIsWhole(t *testing.T) {
	require.Len(t, bugs, 191)
	seen := make(map[string]bool)
	for _, b := range bugs {
		require.False(t, seen[b.Name], b.Name)
		seen[b.Name] = true
		require.Regexp(t, "^(you|two layers of yours|the outer) ", b.Title)
		require.NotContains(t, b.Title, "(")
	}
	require.Len(t, evaluators, 134)
	require.Len(t, documents, 19)
	require.Len(t, servers, 38-len(unseen))
}

// namesIn returns the bugs that diagnoses name, also as others that fit as well.
func namesIn(diagnoses []Diagnosis) []string {
	var names []string
	for _, d := range diagnoses {
		names = append(names, d.Bug)
		if _, others, ok := strings.Cut(d.Title, " (or "); ok {
			others, _, _ = strings.Cut(others, ", which")
			names = append(names, strings.Split(others, " or ")...)
		}
	}
	return names
}

// drawn runs the kit against some mutants at once, drawn at random, and returns how many
// of them are named.
func drawn(random *rand.Rand, times, together int, from []mutant, run func(m []mutant) []conformance.Result) (all, first, none int) {
	drawn := make([][]mutant, times)
	for i := range drawn {
		for _, at := range random.Perm(len(from))[:together] {
			drawn[i] = append(drawn[i], from[at])
		}
	}
	counts := make([]int, times)
	inParallel(times, func(i int) {
		names := namesIn(Diagnose(run(drawn[i])))
		for _, m := range drawn[i] {
			if slices.Contains(names, m.bug) {
				counts[i]++
			}
		}
	})
	for _, count := range counts {
		switch count {
		case together:
			all++
		case 0:
			none++
		}
	}
	return all, times - all - none, none
}

// firstWays are the mutants in the first way to write each.
func firstWays(evaluators bool) []mutant {
	var list []mutant
	for _, m := range mutants() {
		if (m.evaluator != nil) == evaluators && (len(list) == 0 || list[len(list)-1].bug != m.bug) {
			list = append(list, m)
		}
	}
	return list
}

func together(m []mutant) []conformance.Result {
	var deviations []func(*evaluator)
	for i := range m {
		deviations = append(deviations, m[i].evaluator)
	}
	return inProcess(deviations...)
}

func togetherOverWire(m []mutant) []conformance.Result {
	var deviations []func(*server)
	for i := range m {
		deviations = append(deviations, m[i].server)
	}
	return overWire(usual, deviations...)
}

// TestPairsAreToldApart puts two bugs, and three, into one evaluator or server.
func TestPairsAreToldApart(t *testing.T) {
	random := rand.New(rand.NewPCG(191, 0))
	for _, row := range []struct {
		what            string
		times, together int
		from            []mutant
		run             func(m []mutant) []conformance.Result
		floor           float64 // of those that are all named
	}{
		{"pairs of evaluators, in process", 300, 2, firstWays(true), together, 0.9},
		{"pairs of all, over the wire", 40, 2, slices.Concat(firstWays(true), firstWays(false)), togetherOverWire, 0.85},
		{"pairs of servers, over the wire", 20, 2, firstWays(false), togetherOverWire, 0.7},
		{"threes of evaluators, in process", 60, 3, firstWays(true), together, 0.75},
	} {
		times := row.times
		if underRace {
			times = 3 // more would show nothing more about races
		}
		all, some, none := drawn(random, times, row.together, row.from, row.run)
		t.Logf("%d %s: all are named in %d, some in %d, none in %d", times, row.what, all, some, none)
		if !underRace {
			require.GreaterOrEqual(t, float64(all), row.floor*float64(times), row.what)
		}
	}
}

// TestAPartOfARunIsDiagnosed leaves out half of the vectors, as who runs only some, or
// whose server lacks much.
func TestAPartOfARunIsDiagnosed(t *testing.T) {
	if underRace {
		t.Skip("hundreds of runs, held without the race detector")
	}
	random := rand.New(rand.NewPCG(191, 1))
	right, seen := 0, 0
	for i, m := range mutants() {
		if slices.Contains(vague, m.bug) {
			continue
		}
		half := slices.Clone(runs()[i][0])
		for j := range half {
			if random.IntN(2) == 0 {
				half[j].Verdict, half[j].Diffs = []conformance.Verdict{conformance.Skip, conformance.Error}[random.IntN(2)], nil
			}
		}
		if fails, _ := failures(half); fails < 3 {
			continue // too few to say anything
		}
		seen++
		if slices.Contains(namesIn(Diagnose(half)), m.bug) {
			right++
		}
	}
	t.Logf("%d of %d are named by half of the vectors", right, seen)
	require.GreaterOrEqual(t, float64(right), 0.95*float64(seen))
}

// TestFailuresOfOtherKindsDoNotHide adds failures that no class explains.
func TestFailuresOfOtherKindsDoNotHide(t *testing.T) {
	if underRace {
		t.Skip("hundreds of runs, held without the race detector")
	}
	random := rand.New(rand.NewPCG(191, 2))
	right, seen := 0, 0
	for i, m := range mutants() {
		if slices.Contains(vague, m.bug) {
			continue
		}
		noisy := slices.Clone(runs()[i][0])
		if fails, _ := failures(noisy); fails == 0 {
			continue
		}
		for j := range noisy {
			if noisy[j].Verdict == conformance.Pass && random.IntN(10) == 0 {
				noisy[j].Verdict, noisy[j].Diffs = conformance.Fail, []conformance.Diff{{What: "status", Want: "200", Got: "503"}}
			}
		}
		seen++
		if d := Diagnose(noisy); len(d) > 0 && (d[0].Bug == m.bug || d[0].Bug == coincide[m.bug]) {
			right++
		}
	}
	t.Logf("%d of %d are named first though a tenth of all fails otherwise", right, seen)
	require.GreaterOrEqual(t, float64(right), 0.95*float64(seen))
}

// TestFailuresAtRandomHaveNoName fails vectors at random: with the differences that some
// bug makes in some other vector, and with nonsense.
func TestFailuresAtRandomHaveNoName(t *testing.T) {
	if underRace {
		t.Skip("hundreds of runs, held without the race detector")
	}
	random := rand.New(rand.NewPCG(191, 3))
	passed := overWire(all)
	var plausible [][]conformance.Diff
	for i := range runs() {
		for _, r := range runs()[i][0] {
			if r.Verdict == conformance.Fail && r.Vector.Steps == nil && random.IntN(50) == 0 {
				plausible = append(plausible, r.Diffs)
			}
		}
	}
	named := 0
	const times = 300
	for i := range times {
		results := slices.Clone(passed)
		for _, at := range random.Perm(len(results))[:1+random.IntN(400)] {
			r := &results[at]
			if r.Verdict != conformance.Pass {
				continue
			}
			r.Verdict, r.Diffs = conformance.Fail, plausible[random.IntN(len(plausible))]
			if i%3 == 0 {
				r.Diffs = []conformance.Diff{{What: "status", Want: "200", Got: fmt.Sprint(500 + random.IntN(5))}}
			}
		}
		if Diagnose(results) != nil {
			named++
		}
	}
	t.Logf("%d of %d runs that fail at random have a diagnosis", named, times)
	require.LessOrEqual(t, named, times/100)
}

// TestAServerThatOnlyFailsHasNoSmallBug answers everything with one status, and without a
// header. Every bug that takes headers away fits in there; what is named has to explain
// a great part.
func TestAServerThatOnlyFailsHasNoSmallBug(t *testing.T) {
	for _, status := range []string{"500", "404", "200"} {
		results := overWire(all)
		for i := range results {
			r := &results[i]
			if r.Verdict != conformance.Pass {
				continue
			}
			r.Verdict, r.Diffs = conformance.Fail, []conformance.Diff{{What: "status", Want: "200", Got: status}}
			for _, h := range r.Vector.Expect.Headers {
				r.Diffs = append(r.Diffs, conformance.Diff{What: h[0], Want: h[1], Got: conformance.Absent})
			}
		}
		fails, _ := failures(results)
		for _, d := range Diagnose(results) {
			require.Greater(t, 5*len(d.Explains), fails, d.Bug)
		}
	}
}

// TestDiagnosesAreFastAndTheSame asks twice, in another order.
func TestDiagnosesAreFastAndTheSame(t *testing.T) {
	random := rand.New(rand.NewPCG(191, 4))
	results := together([]mutant{{evaluator: evaluators[0].as[0]}, {evaluator: evaluators[33].as[0]}, {evaluator: evaluators[43].as[0]}})
	_ = fingerprints()
	start := time.Now()
	want := Diagnose(results)
	require.Less(t, time.Since(start), 5*time.Second) // some 20 milliseconds
	require.NotEmpty(t, want)
	random.Shuffle(len(results), func(i, j int) { results[i], results[j] = results[j], results[i] })
	got := Diagnose(results)
	for i := range got {
		slices.Sort(got[i].Explains)
		slices.Sort(want[i].Explains)
	}
	require.Equal(t, want, got)
}

// TestTheEvaluatorAgreesWithThePolicy asks both what the requests of all vectors get
// under the configurations of others.
func TestTheEvaluatorAgreesWithThePolicy(t *testing.T) {
	var decisions []vectors.Vector
	for _, v := range evaluated {
		if v.Request != nil && len(v.Config) < 4096 {
			decisions = append(decisions, v)
		}
	}
	random := rand.New(rand.NewPCG(191, 5))
	e, asked := amazon(), 0
	for range 20_000 {
		v, w := &decisions[random.IntN(len(decisions))], &decisions[random.IntN(len(decisions))]
		if v.Config == nil {
			continue
		}
		rules, err := parsed(v.Config)
		if err != nil {
			continue
		}
		asked++
		got := e.evaluate(*w.Request, "", bucket{rules: rules})
		require.Equal(t, byPolicy(t, rules, w.Request), got, "%s under the configuration of %s", w.ID, v.ID)
	}
	require.Greater(t, asked, 10_000)
}

// byPolicy is the answer of the root package.
func byPolicy(t *testing.T, rules []s3cors.Rule, r *vectors.Request) answer {
	t.Helper()
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: rules})
	require.NoError(t, err)
	q := &query{Request: *r}
	d := policy.Evaluate(s3cors.Request{
		Method: r.Method, Origin: joined(q, "Origin"), RequestMethod: joined(q, "Access-Control-Request-Method"),
		RequestHeaders: joined(q, "Access-Control-Request-Headers"),
		Target: map[string]s3cors.Target{
			"object": s3cors.TargetObject, "bucket": s3cors.TargetBucket, "service": s3cors.TargetService,
		}[r.Target],
	})
	a := answer{status: d.Status()}
	for name, value := range d.Headers() {
		a.headers = append(a.headers, vectors.Pair{name, value})
	}
	if refusal := d.Refusal(); refusal != nil {
		a.err = vectors.Elements{{"Code", refusal.Code}, {"Message", refusal.Message}}
		for _, element := range refusal.Elements {
			a.err = append(a.err, vectors.Pair{element.Name, element.Value})
		}
	}
	return a
}
