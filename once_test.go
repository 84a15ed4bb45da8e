package s3cors

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// requireAtOnce holds what is decided at once to what is decided step by step.
func requireAtOnce(t *testing.T, c *Configuration, r Request) {
	t.Helper()
	atOnce, steps := compile(c, newSettings(nil)), compile(c, newSettings(nil))
	require.True(t, atOnce.atOnce)
	steps.atOnce = false
	got, want := atOnce.Evaluate(r), steps.Evaluate(r)
	require.Equal(t, want.FieldValues(), got.FieldValues(), "%+v", r)
	require.Equal(t, want.Refusal(), got.Refusal(), "%+v", r)
	require.Equal(t, want.Rule(), got.Rule(), "%+v", r)
	// What is left are the addresses of the policies and of their answers.
	got.policy, got.answer, want.policy, want.answer = nil, nil, nil, nil
	require.Equal(t, want, got, "%+v", r)
}

// rulesOf returns a configuration of which each part of the texts between "|" is a list of
// a rule, whose lines are its values.
func rulesOf(origins, headers string) *Configuration {
	c := new(Configuration)
	lists := strings.Split(headers, "|")
	for i, list := range strings.Split(origins, "|") {
		c.CORSRules = append(c.CORSRules, Rule{
			AllowedOrigins: strings.Split(list, "\n"),
			AllowedMethods: listable[i%len(listable):],
			AllowedHeaders: strings.Split(lists[i%len(lists)], "\n"),
		})
	}
	return c
}

func FuzzAtOnce(f *testing.F) {
	const app = "https://app.example.com"
	for _, names := range []string{"", "authorization,content-type", "x-evil", "a b", "X-Amz-Date", "Range, x y"} {
		f.Add(app+"|https://*.example.com", "*|authorization\ncontent-type", "OPTIONS", app, "PUT", names, uint8(0))
		f.Add(app+"|*", "|x-amz-*\nrange", "GET", app, "", names, uint8(1))
	}
	f.Add("null|https://a", "*", "OPTIONS", "null", "", "", uint8(2))
	f.Add("https://a", "*", "OPTIONS", "https://a", "PATCH", "", uint8(0))
	f.Add("https://a", "*", "COPY", "https://a", "", "x y", uint8(0))
	f.Add("https://a", "*", "OPTIONS", "https://a", "COPY", "x", uint8(0))
	f.Add("https://a", "*", "OPTIONS", "", "GET", "x", uint8(0))
	f.Fuzz(func(t *testing.T, origins, headers, method, origin, asked, names string, target uint8) {
		c := rulesOf(origins, headers)
		if len(c.CORSRules) > mostRules {
			return
		}
		r := Request{Method: method, Origin: origin, RequestMethod: asked, RequestHeaders: names, Target: Target(target % 3)}
		requireAtOnce(t, c, r)
		// Requests that are granted more often, one for each rule.
		for i := range min(len(c.CORSRules), 4) {
			rule := &c.CORSRules[i]
			r.Method, r.Target = "OPTIONS", TargetObject
			r.RequestMethod = rule.AllowedMethods[0]
			r.Origin = strings.Replace(rule.AllowedOrigins[0], "*", origin, 1)
			r.RequestHeaders = strings.Join(append(slices.Clone(rule.AllowedHeaders), names), ",")
			requireAtOnce(t, c, r)
			r.RequestHeaders = strings.ToLower(strings.Repeat(r.RequestHeaders+",", 64))
			requireAtOnce(t, c, r)
		}
	})
}

// BenchmarkAtOnce is a decision at once, and step by step.
func BenchmarkAtOnce(b *testing.B) {
	const app = "https://app.example.com"
	steps := compile(rulesOf(app, "*"), newSettings(nil))
	atOnce := compile(rulesOf(app, "*"), newSettings(nil))
	steps.atOnce = false
	for name, r := range map[string]Request{
		"actual":     {Method: "GET", Origin: strings.Clone(app)},
		"preflight":  {Method: "OPTIONS", Origin: strings.Clone(app), RequestMethod: "PUT"},
		"five names": {Method: "OPTIONS", Origin: strings.Clone(app), RequestMethod: "PUT", RequestHeaders: "authorization,content-type,x-amz-content-sha256,x-amz-date,x-amz-security-token"},
	} {
		for how, p := range map[string]*Policy{"at once": atOnce, "step by step": steps} {
			b.Run(name+"/"+how, func(b *testing.B) {
				granted := 0
				for range b.N {
					if p.Evaluate(r).Outcome() == Granted {
						granted++
					}
				}
				require.Equal(b, b.N, granted)
			})
		}
	}
}
