package diff_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/diff"
)

func configuration(t *testing.T, text string) *s3cors.Configuration {
	t.Helper()
	if text == "" {
		return nil
	}
	c, err := s3cors.ParseJSON([]byte(text))
	require.NoError(t, err, text)
	return c
}

func rule(origins, methods, rest string) string {
	list := func(words string) string {
		data, _ := json.Marshal(strings.Fields(words))
		return string(data)
	}
	return fmt.Sprintf(`{"AllowedOrigins":%s,"AllowedMethods":%s%s}`, list(origins), list(methods), rest)
}

func rules(all ...string) string { return "[" + strings.Join(all, ",") + "]" }

func TestChanges(t *testing.T) {
	for _, tt := range []struct {
		name, first, second string
		want                []string
	}{
		{"nothing", rules(rule("https://a", "GET", "")), rules(rule("https://a", "GET", "")), nil},
		{"the order of entries", rules(rule("https://a https://b", "GET PUT", `,"AllowedHeaders":["x-a","x-b"]`)), rules(rule("https://b https://a", "PUT GET", `,"AllowedHeaders":["X-B","x-a"]`)), nil},
		{"an entry without effect", rules(rule("* https://a", "GET", "")), rules(rule("*", "GET", "")), nil},
		{"a rule that is split", rules(rule("https://a", "GET PUT", "")), rules(rule("https://a", "GET", ""), rule("https://a", "PUT", "")), nil},
		{"an ID", rules(rule("https://a", "GET", `,"ID":"a"`)), rules(rule("https://a", "GET", `,"ID":"b"`)), nil},
		{"a method more", rules(rule("https://a", "GET", "")), rules(rule("https://a", "GET PUT", "")), []string{"now also grants PUT to https://a"}},
		{"an origin less", rules(rule("https://a https://b", "GET", "")), rules(rule("https://a", "GET", "")), []string{"no longer grants GET to https://b"}},
		{"a pattern more", rules(rule("https://a.example.com", "PUT", "")), rules(rule("https://*.example.com", "PUT", "")), []string{"now also grants PUT to https://*.example.com"}},
		{"all origins", rules(rule("https://a", "PUT", "")), rules(rule("https://a", "PUT", ""), rule("*", "PUT", "")), []string{"now also grants PUT to every other origin"}},
		{"a star in the place of an origin", rules(rule("https://a", "GET", "")), rules(rule("*", "GET", "")),
			[]string{"no longer admits credentials of https://a for GET", "now also grants GET to every other origin"}},
		{"a bucket without a configuration", "", rules(rule("*", "GET", "")), []string{"now also grants GET to every origin"}},
		{"headers", rules(rule("https://a", "PUT", `,"AllowedHeaders":["x-a"]`)), rules(rule("https://a", "PUT", `,"AllowedHeaders":["x-a","x-amz-*"]`)),
			[]string{"now also grants PUT to https://a with x-amz-*"}},
		{"headers that are taken back", rules(rule("https://a", "PUT", `,"AllowedHeaders":["*"]`)), rules(rule("https://a", "PUT", `,"AllowedHeaders":["content-type"]`)),
			[]string{"no longer grants PUT to https://a with other headers"}},
		{"headers that two rules shared", rules(rule("https://a", "PUT", `,"AllowedHeaders":["x-a","x-b"]`)),
			rules(rule("https://a", "PUT", `,"AllowedHeaders":["x-a"]`), rule("https://a", "PUT", `,"AllowedHeaders":["x-b"]`)),
			[]string{"no longer grants PUT to https://a with x-a, x-b"}},
		{"exposed headers", rules(rule("https://a", "GET", `,"ExposeHeaders":["ETag","x-a"]`)), rules(rule("https://a", "GET", `,"ExposeHeaders":["x-A","x-b"]`)),
			[]string{"now exposes x-b to https://a for GET", "no longer exposes ETag to https://a for GET"}},
		{"an age", rules(rule("https://a", "GET", `,"MaxAgeSeconds":1`)), rules(rule("https://a", "GET", ``)),
			[]string{"browsers keep the preflight of https://a for GET as long as they please, and kept it for 1 s"}},
		{"an earlier rule that hides one", rules(rule("https://a", "GET", `,"ExposeHeaders":["ETag"]`)), rules(rule("https://*", "GET", ""), rule("https://a", "GET", `,"ExposeHeaders":["ETag"]`)),
			[]string{"no longer exposes ETag to https://a for GET", "now also grants GET to https://*"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			report, err := diff.Compare(configuration(t, tt.first), configuration(t, tt.second))
			require.NoError(t, err)
			var got []string
			for _, change := range report.Changes {
				got = append(got, change.Text)
			}
			require.Empty(t, cmp.Diff(tt.want, got))
			require.Empty(t, report.NotCompared)
			require.NotNil(t, report.Equal)
			require.Equal(t, len(tt.want) == 0, *report.Equal)
		})
	}
}

func TestUnderCephTheFirstRuleOfAnOriginCounts(t *testing.T) {
	first := configuration(t, rules(rule("https://a", "GET PUT", "")))
	second := configuration(t, rules(rule("https://a", "GET", ""), rule("https://a", "PUT", "")))
	report, err := diff.Compare(first, second, s3cors.WithDialect(s3cors.Ceph))
	require.NoError(t, err)
	require.Len(t, report.Changes, 1)
	require.Equal(t, diff.Change{Kind: diff.Revokes, Origin: "https://a", Method: "PUT", Text: "no longer grants PUT to https://a"}, plain(report.Changes[0]))
}

func plain(c diff.Change) diff.Change {
	return diff.Change{Kind: c.Kind, Origin: c.Origin, Method: c.Method, Header: c.Header, Text: c.Text}
}

func TestARefusedConfigurationIsAnError(t *testing.T) {
	_, err := diff.Compare(&s3cors.Configuration{}, nil)
	require.ErrorContains(t, err, "MalformedXML")
}

func TestTooManyPatternsAreNotCompared(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedMethods: []string{"GET"}}}}
	for i := range 300 {
		c.CORSRules[0].AllowedOrigins = append(c.CORSRules[0].AllowedOrigins, fmt.Sprintf("https://%d*.%d.example.com", i, i))
	}
	report, err := diff.Compare(c, c)
	require.NoError(t, err)
	require.Nil(t, report.Equal)
	require.Equal(t, "origins", report.NotCompared[0].Code)
	require.Empty(t, report.Changes)
}

var (
	origins = []string{"*", "http://a", "https://a", "https://a.b", "https://*.b", "https://*b", "https://a*", "http*", "a*a", "aa", "null"}
	verbs   = []string{"GET", "PUT", "HEAD"}
	headers = []string{"*", "x-a", "X-A", "x-*", "x-*-b", "x-a-b", "aba*aba"}
)

type draw struct{ *rand.Rand }

func (d draw) of(words ...string) string { return words[d.IntN(len(words))] }

func (d draw) some(most int, words ...string) []string {
	var list []string
	for range d.IntN(most + 1) {
		list = append(list, d.of(words...))
	}
	return list
}

func (d draw) rule() s3cors.Rule {
	r := s3cors.Rule{AllowedOrigins: append(d.some(2, origins...), d.of(origins...)), AllowedMethods: append(d.some(1, verbs...), d.of(verbs...)),
		AllowedHeaders: d.some(3, headers...), ExposeHeaders: d.some(2, "ETag", "etag", "x-a")}
	if d.IntN(3) == 0 {
		age := d.Int64N(2)
		r.MaxAgeSeconds = &age
	}
	return r
}

// changed returns a configuration with a small change that may show or not.
func (d draw) changed(c *s3cors.Configuration) *s3cors.Configuration {
	other := &s3cors.Configuration{CORSRules: slices.Clone(c.CORSRules)}
	rule := &other.CORSRules[d.IntN(len(other.CORSRules))]
	switch d.IntN(5) {
	case 0:
		other.CORSRules = append(other.CORSRules, d.rule())
	case 1:
		other.CORSRules = slices.Insert(other.CORSRules, 0, d.rule())
	case 2:
		rule.AllowedOrigins = append(slices.Clone(rule.AllowedOrigins), d.of(origins...))
	case 3:
		rule.AllowedHeaders = append(slices.Clone(rule.AllowedHeaders), d.of(headers...))
	case 4:
		rule.AllowedMethods = append(slices.Clone(rule.AllowedMethods), d.of(verbs...))
	}
	return other
}

// seen is what a browser learns from a decision: in the terms of the report.
func seen(p *s3cors.Policy, r s3cors.Request) string {
	d := p.Evaluate(r)
	exposed := strings.FieldsFunc(strings.ToLower(d.ExposeHeaders()), func(c rune) bool { return c == ',' || c == ' ' })
	slices.Sort(exposed)
	return fmt.Sprint(d.Outcome() == s3cors.Granted, d.Status(), slices.Compact(exposed), d.AllowCredentials(), d.MaxAge())
}

// FuzzCompare holds the report to Evaluate: what is called equal answers every drawn
// request alike, and each change is one that a request shows.
func FuzzCompare(f *testing.F) {
	for seed := range uint64(60) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		d := draw{rand.New(rand.NewPCG(seed, 9))}
		first := &s3cors.Configuration{}
		for range 1 + d.IntN(3) {
			first.CORSRules = append(first.CORSRules, d.rule())
		}
		second := d.changed(first)
		for _, dialect := range []s3cors.Dialect{s3cors.Amazon, s3cors.Ceph, s3cors.CephMain} {
			option := s3cors.WithDialect(dialect)
			report, err := diff.Compare(first, second, option)
			if err != nil {
				continue
			}
			was, is := compile(t, first, option), compile(t, second, option)
			different := false
			for range 150 {
				r := s3cors.Request{Method: d.of("OPTIONS", "OPTIONS", "GET", "PUT", "HEAD"), Origin: d.filled(origins), RequestMethod: d.of("", "GET", "PUT", "HEAD"),
					RequestHeaders: strings.Join(d.some(3, d.filled(headers), d.filled(headers), d.filled(headers)), ","), Authorization: d.IntN(2) == 0}
				different = different || seen(was, r) != seen(is, r)
				if report.Equal != nil && *report.Equal {
					require.Equal(t, seen(was, r), seen(is, r), "%v %+v\n%+v\n%+v", dialect, r, first, second)
				}
			}
			if different {
				require.NotEmpty(t, report.Changes, "%v\n%+v\n%+v", dialect, first, second)
			}
			require.NotNil(t, report.Equal)
			for _, change := range report.Changes {
				requireShown(t, was, is, change)
			}
		}
	})
}

func compile(t *testing.T, c *s3cors.Configuration, option s3cors.Option) *s3cors.Policy {
	t.Helper()
	p, err := s3cors.Compile(c, option)
	require.NoError(t, err)
	return p
}

// filled draws an entry with something in the place of its star.
func (d draw) filled(entries []string) string {
	return strings.ReplaceAll(d.of(entries...), "*", d.of("", "a", "b", "q", ".b", "x-a"))
}

// requireShown looks for a request that shows a change.
func requireShown(t *testing.T, was, is *s3cors.Policy, change diff.Change) {
	t.Helper()
	names := strings.ReplaceAll(strings.ReplaceAll(change.Header, "*", "q"), ", ", ",")
	if change.Kind != diff.Grants && change.Kind != diff.Revokes {
		names = ""
		if _, with, ok := strings.Cut(change.Text, " with "); ok {
			with, _, _ = strings.Cut(with, " as long")
			with, _, _ = strings.Cut(with, " for ")
			names = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(with, "other headers", "q"), "*", "q"), ", ", ",")
		}
	}
	for _, names := range []string{names, "," + names} {
		r := s3cors.Request{Method: "OPTIONS", Origin: strings.ReplaceAll(change.Origin, "*", "q"), RequestMethod: change.Method, RequestHeaders: names}
		actual := s3cors.Request{Method: change.Method, Origin: r.Origin}
		signed := actual
		signed.Authorization = true
		for _, r := range []s3cors.Request{r, actual, signed} {
			if seen(was, r) != seen(is, r) {
				return
			}
		}
	}
	require.Fail(t, "no request shows it", "%+v", change)
}
