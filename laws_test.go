//go:build go1.26

package s3cors_test

import (
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/oracle"
)

// The laws that everything else relies on, each held by a test.

const module = "github.com/s3cors/s3cors"

// dependencies lists the packages that go into a build of a package, those of
// the standard library apart.
func dependencies(t *testing.T, pkg string) (standard, others []string) {
	t.Helper()
	out, err := exec.Command("go", "list", "-deps", "-f", "{{.Standard}} {{.ImportPath}}", pkg).Output()
	require.NoError(t, err)
	for line := range strings.Lines(string(out)) {
		kind, path, _ := strings.Cut(strings.TrimSpace(line), " ")
		if kind == "true" {
			standard = append(standard, path)
		} else {
			others = append(others, path)
		}
	}
	require.Contains(t, standard, "strings")
	return standard, others
}

func TestTheCoreIsPure(t *testing.T) {
	standard, others := dependencies(t, ".")
	for _, path := range others {
		require.True(t, path == module || strings.HasPrefix(path, module+"/internal/"), "it imports %s", path)
		require.NotEqual(t, module+"/internal/oracle", path)
	}
	for _, path := range standard {
		require.False(t, path == "net" || strings.HasPrefix(path, "net/"), "it imports %s", path)
		require.NotContains(t, []string{"log", "os/exec", "os/signal"}, path)
	}
}

func TestTheVectorsImportNothingOfOurs(t *testing.T) {
	_, others := dependencies(t, "./corstest/vectors")
	require.Equal(t, []string{module + "/corstest/vectors"}, others)
}

// A trial is a request with the policy that it is put to.
type trial struct {
	name    string
	policy  *s3cors.Policy
	request s3cors.Request
	dialect s3cors.Dialect
}

// trials are all decision vectors, under options.
func trials(t testing.TB, opts ...s3cors.Option) []trial {
	t.Helper()
	var all []trial
	for _, v := range decisionVectors(t) {
		if v.Expect.Outcome != "invalid-configuration" {
			all = append(all, trial{v.ID, policyOf(t, v, opts...), requestOf(v), s3cors.DialectOf(dialectOf(t, v)...)})
		}
	}
	return all
}

func TestTheTrialsHaveEveryOutcome(t *testing.T) {
	seen := make(map[s3cors.Outcome]bool)
	for _, c := range trials(t) {
		seen[c.policy.Evaluate(c.request).Outcome()] = true
	}
	for outcome := s3cors.NotCORS; outcome <= s3cors.MissingMethod; outcome++ {
		require.Equal(t, outcome != s3cors.PolicyUnavailable, seen[outcome], outcome)
	}
}

// allocations is what f allocates in a run.
func allocations(f func()) float64 { return testing.AllocsPerRun(5, f) }

func TestEvaluateNeverAllocates(t *testing.T) {
	for _, c := range trials(t) {
		require.Zero(t, allocations(func() { c.policy.Evaluate(c.request) }), c.name)
	}
}

func TestReadingADecisionAllocatesForRewrittenNamesAlone(t *testing.T) {
	buffer := make([]byte, 0, 32<<10)
	for _, c := range trials(t) {
		d := c.policy.Evaluate(c.request)
		once := 0.0 // what AllowHeaders may cost
		if names := d.AllowHeaders(); names != c.request.RequestHeaders && d.Outcome() == s3cors.Granted {
			once = 1
		}
		require.Zero(t, allocations(func() {
			_, _, _ = d.Outcome(), d.Status(), d.Rule()
			_, _, _, _ = d.AllowOrigin(), d.AllowMethods(), d.ExposeHeaders(), d.MaxAge()
			_, _ = d.AllowCredentials(), d.Vary()
		}), c.name)
		require.LessOrEqual(t, allocations(func() { d.AllowHeaders() }), once, c.name)
		require.Zero(t, allocations(func() { d.AppendAllowHeaders(buffer) }), c.name)
		require.LessOrEqual(t, allocations(func() {
			for name, value := range d.Headers() {
				_, _ = name, value
			}
		}), once, c.name)
		require.LessOrEqual(t, allocations(func() {
			d.EachHeader(func(name, value string) bool { return name != value })
		}), once, c.name)
		if len(c.request.RequestHeaders) <= 80 {
			once = 0 // the names lie beside the values
		}
		if c.dialect == s3cors.Amazon {
			require.LessOrEqual(t, allocations(func() { d.FieldValues() }), 1+once, c.name)
		}
	}
}

// answers are those of a policy to what all vectors ask.
func answers(t *testing.T, p *s3cors.Policy) []oracle.Answer {
	t.Helper()
	var all []oracle.Answer
	for _, v := range decisionVectors(t) {
		all = append(all, answerOf(p.Evaluate(requestOf(v))))
	}
	return all
}

func TestAPolicyDoesNotChangeWithItsConfiguration(t *testing.T) {
	changed := 0
	for _, v := range decisionVectors(t) {
		c, err := configOf(v, dialectOf(t, v)...)
		if c == nil || err != nil {
			continue
		}
		p, err := s3cors.Compile(c, dialectOf(t, v)...)
		require.NoError(t, err)
		before := answerOf(p.Evaluate(requestOf(v)))
		scribble(c)
		require.Empty(t, cmp.Diff(before, answerOf(p.Evaluate(requestOf(v)))), v.ID)
		changed++
	}
	require.NotZero(t, changed)
}

// scribble changes everything that a configuration holds, in place.
func scribble(c *s3cors.Configuration) {
	for i := range c.CORSRules {
		rule := &c.CORSRules[i]
		for _, list := range [][]string{rule.AllowedOrigins, rule.AllowedMethods, rule.AllowedHeaders, rule.ExposeHeaders} {
			for j := range list {
				list[j] = "scribbled"
			}
		}
		if rule.ID != nil {
			*rule.ID = "scribbled"
		}
		if rule.MaxAgeSeconds != nil {
			*rule.MaxAgeSeconds = 666
		}
	}
	slices.Reverse(c.CORSRules)
}

func TestADocumentDoesNotChangeWithWhatItReturns(t *testing.T) {
	for _, v := range documentVectors(t) {
		opts := dialectOf(t, v)
		d, untouched := s3cors.ParseDocument(v.Document, opts...), s3cors.ParseDocument(v.Document, opts...)
		scribble(d.Configuration())
		scribbleProblems(d.Problems())
		require.Empty(t, cmp.Diff(untouched.Configuration(), d.Configuration()), v.ID)
		require.Empty(t, cmp.Diff(untouched.Problems(), d.Problems()), v.ID)
	}
}

func TestParsingTwiceSharesNothing(t *testing.T) {
	for _, v := range documentVectors(t) {
		opts := dialectOf(t, v)
		first, err := s3cors.Parse(v.Document, opts...)
		if err != nil {
			scribbleProblems(asProblems(err))
			_, err := s3cors.Parse(v.Document, opts...)
			require.Empty(t, cmp.Diff(errorOf(v.Expect), firstError(t, err)), v.ID)
			continue
		}
		second, err := s3cors.Parse(v.Document, opts...)
		require.NoError(t, err)
		want, err := s3cors.ParseDocument(v.Document, opts...).Configuration().AppendXML(nil, opts...)
		require.NoError(t, err)
		scribble(first)
		got, err := second.AppendXML(nil, opts...)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), v.ID)
	}
}

func scribbleProblems(problems s3cors.Problems) {
	for _, p := range problems {
		p.Path, p.Start.Line, p.Detail = "scribbled", 666, "scribbled"
		p.S3.Code, p.S3.Message, p.S3.Status = "scribbled", "scribbled", 666
		for i := range p.S3.Elements {
			p.S3.Elements[i].Value = "scribbled"
		}
	}
}

func TestNoConfigurationIsAnAnswerToo(t *testing.T) {
	none, err := s3cors.Compile(nil)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(answers(t, none), answers(t, nil)))
	d := none.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "GET"})
	require.Equal(t, s3cors.NotEnabled, d.Outcome())
	d = s3cors.NoSuchBucket().Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "GET"})
	require.Equal(t, s3cors.NoBucket, d.Outcome())
}

func TestAPolicyIsSafeForConcurrentUse(t *testing.T) {
	cases := trials(t)
	cases = append(cases, trial{"nil", nil, cases[0].request, s3cors.Amazon})
	want := make([]oracle.Answer, len(cases))
	for i, c := range cases {
		want[i] = answerOf(c.policy.Evaluate(c.request))
	}
	var group sync.WaitGroup
	for start := range 4 {
		group.Go(func() {
			for k := range cases {
				i := (start*len(cases)/4 + k) % len(cases)
				if diff := cmp.Diff(want[i], answerOf(cases[i].policy.Evaluate(cases[i].request))); diff != "" {
					t.Errorf("%s: %s", cases[i].name, diff)
				}
			}
		})
	}
	group.Wait()
}

func TestADocumentIsSafeForConcurrentUse(t *testing.T) {
	d := s3cors.ParseDocument([]byte(inRule("<Foo/>")))
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 100 {
				scribble(d.Configuration())
				scribbleProblems(d.Problems())
				d.Position("CORSRules[0].AllowedOrigins[0]")
			}
		})
	}
	group.Wait()
}

// requireLaws checks what holds for every decision whatever, but for that on an
// empty origin, which Ceph knows.
func requireLaws(t testing.TB, d s3cors.Decision, opts ...s3cors.Option) {
	t.Helper()
	requireTwins(t, d, opts...)
	seen := make(map[string]string)
	for name, value := range d.Headers() {
		_, twice := seen[name]
		require.False(t, twice, "%s stands twice", name)
		require.NotEmpty(t, value, name)
		seen[name] = value
	}
	granted := d.Outcome() == s3cors.Granted
	require.Equal(t, granted, seen["Access-Control-Allow-Origin"] != "")
	require.Equal(t, granted, seen["Access-Control-Allow-Methods"] != "")
	require.Equal(t, granted, d.Rule() >= 0)
	amazon := s3cors.DialectOf(opts...) == s3cors.Amazon
	require.Equal(t, granted && amazon && seen["Access-Control-Allow-Origin"] != "*", seen["Access-Control-Allow-Credentials"] == "true")
	require.True(t, amazon || !granted || seen["Vary"] != "" || seen["Access-Control-Allow-Origin"] == "*")
	require.Equal(t, d.Status() >= 400, d.Refusal() != nil)
	if d.Status() >= 400 {
		require.Empty(t, seen)
		require.Equal(t, d.Status(), d.Refusal().Status)
	}
	if !granted {
		delete(seen, "Vary")
		require.Empty(t, seen)
	}
}

func TestTheLawsOfDecisions(t *testing.T) {
	for _, opts := range [][]s3cors.Option{nil, {s3cors.VaryAlways()}, {s3cors.PassInvalid()}, {s3cors.VaryAlways(), s3cors.PassInvalid()}} {
		for _, c := range trials(t, opts...) {
			if d := c.policy.Evaluate(c.request); c.request.Origin != "" || c.dialect == s3cors.Amazon {
				requireLaws(t, d, s3cors.WithDialect(c.dialect))
			}
		}
	}
}

func TestOptionsChangeWhatTheySayAndNothingElse(t *testing.T) {
	varied, passed := 0, 0
	for _, v := range decisionVectors(t) {
		if v.Expect.Outcome == "invalid-configuration" {
			continue
		}
		plain := answerOf(policyOf(t, v).Evaluate(requestOf(v)))

		vary := withVary(plain, v)
		require.Empty(t, cmp.Diff(vary, answerUnder(t, v, s3cors.VaryAlways())), v.ID)
		pass := withoutRefusal(plain, v)
		require.Empty(t, cmp.Diff(pass, answerUnder(t, v, s3cors.PassInvalid())), v.ID)
		both := withVary(pass, v)
		require.Empty(t, cmp.Diff(both, answerUnder(t, v, s3cors.VaryAlways(), s3cors.PassInvalid())), v.ID)
		require.Empty(t, cmp.Diff(both, answerUnder(t, v, s3cors.PassInvalid(), s3cors.VaryAlways())), v.ID)

		varied += len(vary.Headers) - len(plain.Headers)
		passed += (plain.Status - pass.Status) / 400
	}
	require.NotZero(t, varied)
	require.NotZero(t, passed)
}

func answerUnder(t *testing.T, v vectors.Vector, opts ...s3cors.Option) oracle.Answer {
	t.Helper()
	return answerOf(policyOf(t, v, opts...).Evaluate(requestOf(v)))
}

// withVary is what VaryAlways makes of an answer.
func withVary(a oracle.Answer, v vectors.Vector) oracle.Answer {
	field, place := [2]string{"Vary", fullVary}, 0
	if v.Dialect != "" {
		field, place = [2]string{"Vary", "Origin"}, min(1, len(a.Headers))
	}
	if a.Status == 0 && !slices.ContainsFunc(a.Headers, func(h [2]string) bool { return h[0] == "Vary" }) {
		a.Headers = slices.Insert(slices.Clone(a.Headers), place, field)
	}
	return a
}

// withoutRefusal is what PassInvalid makes of an answer.
func withoutRefusal(a oracle.Answer, v vectors.Vector) oracle.Answer {
	invalid := slices.Contains([]string{"invalid-method", "invalid-headers", "too-large"}, a.Outcome)
	if invalid && v.Request.Method != "OPTIONS" {
		a.Status, a.Error = 0, nil
	}
	return a
}

func TestOptionsOfPoliciesDoNotChangeParsing(t *testing.T) {
	opts := []s3cors.Option{s3cors.VaryAlways(), s3cors.PassInvalid()}
	for _, v := range documentVectors(t) {
		dialect := dialectOf(t, v)
		plain, plainErr := s3cors.Parse(v.Document, dialect...)
		c, err := s3cors.Parse(v.Document, append(dialect, opts...)...)
		require.Empty(t, cmp.Diff(plain, c), v.ID)
		require.Empty(t, cmp.Diff(tell(plainErr), tell(err)), v.ID)
	}
}

func TestOptionsOfOnePolicyDoNotChangeAnother(t *testing.T) {
	before := answers(t, nil)
	_, err := s3cors.Compile(nil, s3cors.VaryAlways(), s3cors.PassInvalid())
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(before, answers(t, nil)))
}

func TestVetObjectsToAPolicyThatIsReplaced(t *testing.T) {
	out, err := exec.Command("go", "vet", "./testdata/copiedpolicy").CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "copied.go:7:42: assignment copies lock value to *p: github.com/s3cors/s3cors.Policy contains github.com/s3cors/s3cors.noCopy")
}

func TestANilOptionSelectsNothing(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}}
	policy, err := s3cors.Compile(c, nil, s3cors.VaryAlways(), nil)
	require.NoError(t, err)
	require.Equal(t, fullVary, policy.Evaluate(s3cors.Request{Method: "GET"}).Vary())
	require.NoError(t, c.Validate(nil))
	require.Equal(t, "", s3cors.NoSuchBucket(nil).Evaluate(s3cors.Request{Method: "GET"}).Vary())
}
