package lint_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/lint"
)

var dialects = []s3cors.Dialect{s3cors.Amazon, s3cors.Ceph, s3cors.CephMain}

// dead are the codes whose findings no request can show.
var dead = []lint.Code{lint.DeadEntry, lint.DeadRule, lint.DuplicateEntry}

// A draw makes configurations and requests of few words, so that they often meet.
type draw struct{ *rand.Rand }

func (d draw) of(words ...string) string { return words[d.IntN(len(words))] }

func (d draw) some(most int, words ...string) []string {
	var list []string
	for range d.IntN(most + 1) {
		list = append(list, d.of(words...))
	}
	return list
}

var (
	origins = []string{"*", "http://a", "https://a", "https://a.b", "https://*.b", "https://*b", "https://a*", "http*", "*a", "https://a.b.b", "null", "a*a", "aa", "a"}
	methods = []string{"GET", "PUT", "HEAD", "POST", "DELETE"}
	headers = []string{"*", "x-a", "X-A", "x-*", "x-*-b", "*b", "x-a-b", "x-b", "aba*aba", "aba"}
	exposed = []string{"ETag", "x-a", "etag"}
)

func (d draw) configuration() *s3cors.Configuration {
	c := &s3cors.Configuration{}
	for range 1 + d.IntN(4) {
		rule := s3cors.Rule{
			AllowedOrigins: append(d.some(3, origins...), d.of(origins...)),
			AllowedMethods: append(d.some(2, methods...), d.of(methods...)),
			AllowedHeaders: d.some(4, headers...),
			ExposeHeaders:  d.some(2, exposed...),
		}
		if d.IntN(2) == 0 {
			age := d.Int64N(3)
			rule.MaxAgeSeconds = &age
		}
		c.CORSRules = append(c.CORSRules, rule)
	}
	return c
}

func (d draw) request() s3cors.Request {
	r := s3cors.Request{
		Method:         d.of("OPTIONS", "OPTIONS", "GET", "PUT", "HEAD"),
		Origin:         strings.ReplaceAll(d.of(origins...), "*", d.of("", "a", "b", ".", "xyz", "evil.b")),
		RequestMethod:  d.of("", "GET", "PUT", "HEAD", "POST", "DELETE"),
		RequestHeaders: strings.ReplaceAll(strings.Join(d.some(3, headers...), ","), "*", d.of("", "q", "x-a")),
		Authorization:  d.IntN(2) == 0,
	}
	return r
}

// answer is all that a client sees.
func answer(p *s3cors.Policy, r s3cors.Request) string {
	decision := p.Evaluate(r)
	var b strings.Builder
	fmt.Fprintf(&b, "%d", decision.Status())
	for name, value := range decision.Headers() {
		fmt.Fprintf(&b, "\n%s: %s", name, value)
	}
	if refusal := decision.Refusal(); refusal != nil {
		b.Write(refusal.AppendXML(nil, s3cors.IDs{}))
	}
	return b.String()
}

// without returns the configuration without what findings say is dead.
func without(c *s3cors.Configuration, findings ...lint.Finding) *s3cors.Configuration {
	gone := make(map[string]bool)
	for _, f := range findings {
		gone[f.Path] = true
	}
	changed := &s3cors.Configuration{}
	for k, rule := range c.CORSRules {
		if gone[fmt.Sprintf("CORSRules[%d]", k)] {
			continue
		}
		rule.AllowedOrigins = left(rule.AllowedOrigins, gone, fmt.Sprintf("CORSRules[%d].AllowedOrigins", k))
		rule.AllowedHeaders = left(rule.AllowedHeaders, gone, fmt.Sprintf("CORSRules[%d].AllowedHeaders", k))
		changed.CORSRules = append(changed.CORSRules, rule)
	}
	return changed
}

// left returns the values of a list that are not gone.
func left(values []string, gone map[string]bool, path string) []string {
	var kept []string
	for i, value := range values {
		if !gone[fmt.Sprintf("%s[%d]", path, i)] {
			kept = append(kept, value)
		}
	}
	return kept
}

func isDead(f lint.Finding) bool { return slices.Contains(dead, f.Code) }

// FuzzWhatIsDeadCanGo holds lint to its word: no request shows what it calls dead, be
// it taken out alone or with all the rest.
func FuzzWhatIsDeadCanGo(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		d := draw{rand.New(rand.NewPCG(seed, 1))}
		c := d.configuration()
		for _, dialect := range dialects {
			option := s3cors.WithDialect(dialect)
			policy, err := s3cors.Compile(c, option)
			if err != nil {
				continue
			}
			var found []lint.Finding
			for _, finding := range lint.CheckConfiguration(c, lint.Options{Dialect: dialect}).Findings {
				if isDead(finding) {
					found = append(found, finding)
				}
			}
			if len(found) == 0 {
				continue
			}
			sets := [][]lint.Finding{found}
			for i := range found {
				sets = append(sets, found[i:i+1])
			}
			for _, set := range sets {
				changed := without(c, set...)
				require.NotEmpty(t, cmp.Diff(c, changed), "%v changes nothing", set)
				other, err := s3cors.Compile(changed, option)
				require.NoError(t, err)
				for range 60 {
					r := d.request()
					require.Equal(t, answer(policy, r), answer(other, r), "%v\n%+v\n%+v\n%+v", dialect, c, set, r)
				}
			}
		}
	})
}

// deadOf returns the paths of what is dead in a configuration, each with its code.
func deadOf(rules ...s3cors.Rule) []string {
	var found []string
	for _, f := range lint.CheckConfiguration(&s3cors.Configuration{CORSRules: rules}, lint.Options{}).Findings {
		if isDead(f) {
			found = append(found, f.Path+" "+string(f.Code))
		}
	}
	return found
}

func TestWhatIsDead(t *testing.T) {
	rule := func(origins, methods, headers string) s3cors.Rule {
		return s3cors.Rule{AllowedOrigins: strings.Fields(origins), AllowedMethods: strings.Fields(methods), AllowedHeaders: strings.Fields(headers)}
	}
	for _, tt := range []struct {
		name  string
		rules []s3cors.Rule
		want  []string
	}{
		{"an origin beside the star", []s3cors.Rule{rule("https://a *", "GET", "")}, []string{"CORSRules[0].AllowedOrigins[0] S3C112"}},
		{"an origin within a pattern", []s3cors.Rule{rule("https://*.b https://a.b", "GET", "")}, []string{"CORSRules[0].AllowedOrigins[1] S3C112"}},
		{"a pattern within a wider one", []s3cors.Rule{rule("https://*.a.b https://*.b", "GET", "")}, []string{"CORSRules[0].AllowedOrigins[0] S3C112"}},
		{"patterns that only overlap", []s3cors.Rule{rule("https://a* https://*b", "GET", "")}, nil},
		{"an origin shorter than the pattern", []s3cors.Rule{rule("aba*aba aba", "GET", "")}, nil},
		{"the second of equals", []s3cors.Rule{rule("https://a https://b https://a", "GET", "")}, []string{"CORSRules[0].AllowedOrigins[2] S3C115"}},
		{"a header in other letters", []s3cors.Rule{rule("*", "PUT", "X-A x-a")}, []string{"CORSRules[0].AllowedHeaders[1] S3C115"}},
		{"a header within a pattern", []s3cors.Rule{rule("*", "PUT", "X-Amz-Date x-amz-*")}, []string{"CORSRules[0].AllowedHeaders[0] S3C112"}},
		{"a method twice is seen in the answer", []s3cors.Rule{rule("*", "GET GET", "")}, nil},
		{"a rule behind an equal one", []s3cors.Rule{rule("https://a", "GET", ""), rule("https://a", "GET", "")}, []string{"CORSRules[1] S3C113"}},
		{"a rule behind a wider one", []s3cors.Rule{rule("*", "GET PUT", "*"), rule("https://a", "PUT", "x-a")}, []string{"CORSRules[1] S3C113"}},
		{"a rule behind two that share it", []s3cors.Rule{rule("https://a", "GET PUT", "*"), rule("https://b", "GET PUT", "*"), rule("https://b https://a", "PUT", "x-a")}, []string{"CORSRules[2] S3C113"}},
		{"methods of two rules", []s3cors.Rule{rule("https://a", "GET", "*"), rule("https://a", "PUT", "*"), rule("https://a", "PUT GET", "x-a")}, []string{"CORSRules[2] S3C113"}},
		{"a rule with a header more", []s3cors.Rule{rule("*", "PUT", "x-a"), rule("https://a", "PUT", "x-a x-b")}, nil},
		{"a rule with a method more", []s3cors.Rule{rule("*", "GET", "*"), rule("https://a", "GET HEAD", "")}, nil},
		{"a rule before a wider one", []s3cors.Rule{rule("https://a", "GET", ""), rule("*", "GET", "")}, nil},
		{"a rule without headers behind one without", []s3cors.Rule{rule("*", "GET", ""), rule("https://a", "GET", "")}, []string{"CORSRules[1] S3C113"}},
		{"two rules whose headers add up", []s3cors.Rule{rule("*", "PUT", "x-a"), rule("*", "PUT", "x-b"), rule("*", "PUT", "x-a x-b")}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(tt.want, deadOf(tt.rules...)))
		})
	}
}

func TestUnderCephTheFirstRuleOfAnOriginHidesTheRest(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{AllowedOrigins: []string{"https://a"}, AllowedMethods: []string{"GET"}},
		{AllowedOrigins: []string{"https://a"}, AllowedMethods: []string{"PUT"}, AllowedHeaders: []string{"*"}},
		{AllowedOrigins: []string{"https://a", "https://b"}, AllowedMethods: []string{"PUT"}, AllowedHeaders: []string{"*"}},
	}}
	codes := func(dialect s3cors.Dialect) []string {
		var found []string
		for _, f := range lint.CheckConfiguration(c, lint.Options{Dialect: dialect}).Findings {
			if f.Code == lint.DeadRule || f.Code == lint.SplitMethods {
				found = append(found, fmt.Sprint(f.Path, " ", f.Code, " ", f.Severity))
			}
		}
		return found
	}
	require.Equal(t, []string{"CORSRules[1].AllowedOrigins[0] S3C401 info", "CORSRules[2].AllowedOrigins[0] S3C401 info"}, codes(s3cors.Amazon))
	require.Equal(t, []string{"CORSRules[1] S3C113 warning", "CORSRules[2].AllowedOrigins[0] S3C401 error"}, codes(s3cors.Ceph))
	require.Equal(t, codes(s3cors.Amazon), codes(s3cors.CephMain))
}
