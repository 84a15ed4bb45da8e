package s3cors_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/oracle"
)

// allOptions are lists of options that differ in what policies answer.
var allOptions = map[string][]s3cors.Option{
	"S3":              nil,
	"VaryAlways":      {s3cors.VaryAlways()},
	"VaryConfigured":  {s3cors.VaryConfigured()},
	"PassInvalid":     {s3cors.PassInvalid()},
	"UniformRefusals": {s3cors.UniformRefusals()},
	"ExposeAlso":      {s3cors.ExposeAlso("ETag")},
	"all":             {s3cors.VaryConfigured(), s3cors.PassInvalid(), s3cors.UniformRefusals(), s3cors.ExposeAlso("ETag")},
}

func preflightTo(target s3cors.Target) s3cors.Request {
	return s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "GET", Target: target}
}

func TestAPolicyTellsTheStateOfItsBucket(t *testing.T) {
	valid := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}}
	compiled, err := s3cors.Compile(valid)
	require.NoError(t, err)
	none, err := s3cors.Compile(nil)
	require.NoError(t, err)
	stored, _ := s3cors.CompileStored(nil)
	for _, row := range []struct {
		policy *s3cors.Policy
		state  s3cors.State
		name   string
	}{
		{compiled, s3cors.StateConfigured, "configured"},
		{none, s3cors.StateUnconfigured, "unconfigured"},
		{stored, s3cors.StateUnconfigured, "unconfigured"},
		{nil, s3cors.StateUnconfigured, "unconfigured"},
		{new(s3cors.Policy), s3cors.StateUnconfigured, "unconfigured"},
		{s3cors.NoConfiguration(), s3cors.StateUnconfigured, "unconfigured"},
		{s3cors.NoSuchBucket(), s3cors.StateMissing, "missing"},
		{s3cors.Unavailable(), s3cors.StateUnavailable, "unavailable"},
	} {
		require.Equal(t, row.state, row.policy.State())
		require.Equal(t, row.name, row.policy.State().String())
	}
	require.Equal(t, "State(4)", s3cors.State(4).String())
}

func TestTargetsHaveNames(t *testing.T) {
	require.Equal(t, "object bucket service Target(3)", fmt.Sprint(s3cors.TargetObject, " ", s3cors.TargetBucket, " ", s3cors.TargetService, " ", s3cors.Target(3)))
}

func TestAnUnavailablePolicyGrantsNothing(t *testing.T) {
	internal := &s3cors.Error{Status: 500, Code: "InternalError", Message: "We encountered an internal error. Please try again."}
	p := s3cors.Unavailable()
	require.Empty(t, cmp.Diff(oracle.Answer{Outcome: "unavailable", Rule: -1, Status: 500, Error: internal}, answerOf(p.Evaluate(preflightTo(s3cors.TargetObject)))))
	require.Empty(t, cmp.Diff(oracle.Answer{Outcome: "unavailable", Rule: -1}, answerOf(p.Evaluate(getFrom("https://a")))))
	require.Empty(t, cmp.Diff(oracle.Answer{Outcome: "not-cors", Rule: -1}, answerOf(p.Evaluate(getFrom("")))))
	require.Equal(t, s3cors.InvalidMethod, p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "get"}).Outcome())
	require.Equal(t, s3cors.NoBucket, p.Evaluate(preflightTo(s3cors.TargetService)).Outcome())
	require.Equal(t, fullVary, s3cors.Unavailable(s3cors.VaryAlways()).Evaluate(getFrom("https://a")).Vary())
	require.Empty(t, s3cors.Unavailable(s3cors.VaryConfigured()).Evaluate(getFrom("https://a")).Vary())
}

// policies are of all states, with the same options.
func policies(t testing.TB, opts []s3cors.Option) map[string]*s3cors.Policy {
	t.Helper()
	return map[string]*s3cors.Policy{
		"configured": generous(t, opts...), "unconfigured": s3cors.NoConfiguration(opts...),
		"missing": s3cors.NoSuchBucket(opts...), "unavailable": s3cors.Unavailable(opts...),
	}
}

func TestPrecheckGivesTheAnswersThatNeedNoPolicy(t *testing.T) {
	for _, row := range []struct {
		name    string
		request s3cors.Request
		outcome s3cors.Outcome
		checked string // the names of the options under which the answer needs no policy
	}{
		{"a request without Origin", getFrom(""), s3cors.NotCORS, "but VaryConfigured"},
		{"a preflight without Origin", s3cors.Request{Method: "OPTIONS"}, s3cors.MissingOrigin, "always"},
		{"a preflight with an invalid method", s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "get"}, s3cors.InvalidMethod, "always"},
		{"a request with an invalid method", s3cors.Request{Method: "GET", Origin: "o", RequestMethod: "get"}, s3cors.InvalidMethod, "but both"},
		{"a request with an invalid name", s3cors.Request{Method: "GET", Origin: "o", RequestHeaders: "a b"}, s3cors.InvalidHeaders, "but both"},
		{"a request that is too large", s3cors.Request{Method: "GET", Origin: "o", RequestHeaders: strings.Repeat("a", 8192)}, s3cors.TooLarge, "but both"},
		{"the service root", s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "GET", Target: s3cors.TargetService}, s3cors.NoBucket, "always"},
		{"a preflight", preflightTo(s3cors.TargetObject), 0, "never"},
		{"a request", getFrom("https://a"), 0, "never"},
	} {
		for name, opts := range allOptions {
			t.Run(row.name+" under "+name, func(t *testing.T) {
				want := map[string]bool{
					"always": true, "never": false, "but VaryConfigured": name != "VaryConfigured" && name != "all", "but both": name != "all" && name != "VaryConfigured",
				}[row.checked]
				if row.checked == "but both" && name == "VaryConfigured" {
					want = true // it is refused
				}
				for state, p := range policies(t, opts) {
					d, ok := p.Precheck(row.request)
					require.Equal(t, want, ok, state)
					if ok {
						require.Equal(t, row.outcome, d.Outcome(), state)
					}
					requireEvaluateWith(t, s3cors.NoSuchBucket(opts...), row.request, p)
				}
			})
		}
	}
	d, ok := (*s3cors.Policy)(nil).Precheck(getFrom(""))
	require.True(t, ok)
	require.Equal(t, s3cors.NotCORS, d.Outcome())
}

// requirePrecheck checks that what needs no policy is the answer of every policy.
func requirePrecheck(t testing.TB, r s3cors.Request) {
	t.Helper()
	for name, opts := range allOptions {
		all := policies(t, opts)
		want, ok := all["missing"].Precheck(r)
		for state, p := range all {
			d, same := p.Precheck(r)
			require.Equal(t, ok, same, "%s %s", name, state)
			if ok {
				require.Empty(t, cmp.Diff(answerOf(want), answerOf(d)))
				require.Empty(t, cmp.Diff(answerOf(want), answerOf(p.Evaluate(r))), "%s %s", name, state)
			} else {
				require.Equal(t, s3cors.Decision{}, d)
			}
			requireEvaluateWith(t, all["missing"], r, p)
		}
	}
}

// requireEvaluateWith holds EvaluateWith to Precheck and Evaluate.
func requireEvaluateWith(t testing.TB, first *s3cors.Policy, r s3cors.Request, bucket *s3cors.Policy) {
	t.Helper()
	want, ok := first.Precheck(r)
	if !ok {
		want = bucket.Evaluate(r)
	}
	asked, same := 0, r
	d := generous(t).Evaluate(getFrom("https://a.example")) // whose fields must go
	status := first.EvaluateWith(&d, &r, func() *s3cors.Policy { asked++; return bucket })
	require.True(t, want == d, "%+v: %+v, and not %+v", r, d, want)
	require.Equal(t, want.Status(), status)
	require.Equal(t, ok, asked == 0)
	require.LessOrEqual(t, asked, 1)
	require.Equal(t, same, r)
}

func TestPrecheckAgreesWithEveryPolicyOnTheVectors(t *testing.T) {
	for _, v := range decisionVectors(t) {
		requirePrecheck(t, requestOf(v))
	}
}

func FuzzPrecheckAgreesWithEveryPolicy(f *testing.F) {
	for _, v := range decisionVectors(f) {
		r := requestOf(v)
		f.Add(r.Method, r.Origin, r.RequestMethod, r.RequestHeaders, uint8(r.Target))
	}
	f.Fuzz(func(t *testing.T, method, origin, requestMethod, requestHeaders string, target uint8) {
		requirePrecheck(t, s3cors.Request{Method: method, Origin: origin, RequestMethod: requestMethod, RequestHeaders: requestHeaders, Target: s3cors.Target(target % 3)})
	})
}

func TestVaryHasThreeStrengths(t *testing.T) {
	for _, row := range []struct {
		name string
		opt  []s3cors.Option
		want map[string]string // the states of buckets whose answers vary, by request
	}{
		{"S3's own", nil, map[string]string{"granted": "configured", "not granted": "", "without Origin": ""}},
		{"wherever a configuration exists", []s3cors.Option{s3cors.VaryConfigured()},
			map[string]string{"granted": "configured", "not granted": "configured", "without Origin": "configured"}},
		{"always", []s3cors.Option{s3cors.VaryAlways()}, map[string]string{
			"granted":        "configured missing unavailable unconfigured",
			"not granted":    "configured missing unavailable unconfigured",
			"without Origin": "configured missing unavailable unconfigured"}},
		{"the last one counts", []s3cors.Option{s3cors.VaryAlways(), s3cors.VaryConfigured()},
			map[string]string{"granted": "configured", "not granted": "configured", "without Origin": "configured"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for name, r := range map[string]s3cors.Request{"granted": getFrom("https://a.example"), "not granted": {Method: "PATCH", Origin: "https://a.example"}, "without Origin": getFrom("")} {
				got := ""
				for _, state := range []string{"configured", "missing", "unavailable", "unconfigured"} {
					switch vary := policies(t, row.opt)[state].Evaluate(r).Vary(); vary {
					case "":
					case fullVary:
						got += " " + state
					default:
						t.Fatal(vary)
					}
				}
				require.Equal(t, row.want[name], strings.TrimSpace(got), name)
			}
		})
	}
}

func TestUniformRefusalsTellNoBucketsApart(t *testing.T) {
	for _, target := range []s3cors.Target{s3cors.TargetObject, s3cors.TargetBucket} {
		r := preflightTo(target)
		r.RequestMethod = "PATCH"
		all := policies(t, []s3cors.Option{s3cors.UniformRefusals()})
		want := all["configured"].Evaluate(r)
		require.Equal(t, s3cors.NoMatch, want.Outcome())
		resource, ok := want.Refusal().Element("ResourceType")
		require.True(t, ok)
		require.Equal(t, map[s3cors.Target]string{s3cors.TargetObject: "OBJECT", s3cors.TargetBucket: "BUCKET"}[target], resource)
		for _, state := range []string{"missing", "unconfigured"} {
			d := all[state].Evaluate(r)
			require.Empty(t, cmp.Diff(want.Refusal(), d.Refusal()), state)
			require.NotEqual(t, s3cors.NoMatch, d.Outcome())
		}
		require.Equal(t, 500, all["unavailable"].Evaluate(r).Refusal().Status)
	}
}

func TestExposeAlsoAddsToTheRulesOwn(t *testing.T) {
	for _, row := range []struct {
		name      string
		own, also []string
		want      string
	}{
		{"what the rule lacks", []string{"x-a"}, []string{"ETag", "x-b"}, "x-a, ETag, x-b"},
		{"where the rule exposes nothing", nil, []string{"ETag"}, "ETag"},
		{"not what the rule has, whatever the case", []string{"etag"}, []string{"ETag"}, "etag"},
		{"nothing twice", nil, []string{"ETag", "etag"}, "ETag"},
		{"no star, nothing empty and nothing that is no name", nil, []string{"*", "x-*", "", "a b", "a\r\nb", "a,b", "ETag"}, "ETag"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, ExposeHeaders: row.own}}}
			p, err := s3cors.Compile(c, s3cors.ExposeAlso(row.also...))
			require.NoError(t, err)
			d := p.Evaluate(getFrom("https://a"))
			require.Equal(t, row.want, d.ExposeHeaders())
			require.Equal(t, row.want, maps.Collect(d.Headers())["Access-Control-Expose-Headers"])
			require.Equal(t, strings.Join(row.own, ", "), p.Evaluate(preflightTo(s3cors.TargetObject)).ExposeHeaders(), "a preflight is as it was")
			require.Empty(t, p.Evaluate(s3cors.Request{Method: "PUT", Origin: "https://a"}).ExposeHeaders())
		})
	}
	t.Run("from several options", func(t *testing.T) {
		names := []string{"x-a"}
		opt := s3cors.ExposeAlso(names...)
		names[0] = "changed"
		c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}}
		for range 2 {
			p, err := s3cors.Compile(c, opt, s3cors.ExposeAlso("x-b"))
			require.NoError(t, err)
			require.Equal(t, "x-a, x-b", p.Evaluate(getFrom("https://a")).ExposeHeaders())
		}
	})
}

func TestARequestIsReadFromTheLinesOfItsHeader(t *testing.T) {
	header := map[string][]string{
		"Origin":                         {" \thttps://a "},
		"Access-Control-Request-Method":  {"GET", "\tPUT"},
		"Access-Control-Request-Headers": {"x-a ", "", " x-b, x-c"},
	}
	r := s3cors.NoConfiguration().ReadRequest("OPTIONS", s3cors.TargetBucket, func(name string) []string { return header[name] })
	require.Equal(t, s3cors.Request{Method: "OPTIONS", Origin: "https://a", RequestMethod: "GET,PUT", RequestHeaders: "x-a,,x-b, x-c", Target: s3cors.TargetBucket}, r)
	r = (*s3cors.Policy)(nil).ReadRequest("GET", s3cors.TargetObject, func(string) []string { return nil })
	require.Equal(t, s3cors.Request{Method: "GET"}, r)
	one := map[string][]string{"Origin": {"https://a"}}
	require.Zero(t, testing.AllocsPerRun(100, func() {
		s3cors.NoConfiguration().ReadRequest("GET", s3cors.TargetObject, func(name string) []string { return one[name] })
	})-testing.AllocsPerRun(100, func() { s3cors.NoConfiguration() }))
}

func TestTheLimitOfDocumentsIsKnownBeforeTheyAreRead(t *testing.T) {
	require.Equal(t, 65536, s3cors.MaxDocumentBytes())
	_, err := s3cors.ParseXML(make([]byte, s3cors.MaxDocumentBytes()+1))
	require.Empty(t, cmp.Diff(firstError(t, err), s3cors.DocumentTooLong()))
}
