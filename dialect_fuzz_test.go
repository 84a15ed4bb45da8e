//go:build go1.26

package s3cors_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// others are the dialects beside Amazon's.
var others = []s3cors.Dialect{s3cors.Ceph, s3cors.CephMain}

// cephConfig is a configuration that Ceph accepts, and may change.
func (d *draw) cephConfig() *s3cors.Configuration {
	c := new(s3cors.Configuration)
	for range 1 + d.below(5) {
		rule := s3cors.Rule{
			AllowedOrigins: d.list(1, 4, func() string { return d.pattern("a", "b", "ab") + "b" }),
			AllowedMethods: d.list(0, 3, func() string { return d.of("GET", "put", "Head", "COPY", "POST", "DELETE") }),
			AllowedHeaders: d.list(0, 3, func() string { return d.pattern("a", "B", "x-", "é", "@") + "a" }),
			ExposeHeaders:  d.list(0, 3, func() string { return d.of("", "ETag", "x y", "*") }),
		}
		if d.below(4) == 3 {
			rule.AllowedOrigins = append(rule.AllowedOrigins, "*")
		}
		if d.below(4) == 3 {
			rule.AllowedHeaders = append(rule.AllowedHeaders, "*")
		}
		if d.below(2) == 1 {
			rule.MaxAgeSeconds = new(int64(d.below(3)-1) * (1<<32 - 2))
		}
		c.CORSRules = append(c.CORSRules, rule)
	}
	return c
}

// cephRequest is one that the rules of c match often.
func (d *draw) cephRequest(c *s3cors.Configuration) s3cors.Request {
	r := d.request(&s3cors.Configuration{CORSRules: []s3cors.Rule{withMethod(c.CORSRules[d.below(len(c.CORSRules))])}})
	r.RequestHeaders = strings.NewReplacer(",", d.of(",", ";", "=", " "), "?", "@").Replace(r.RequestHeaders)
	r.Authorization = d.below(2) == 1
	r.Subresource = d.of("", "cors", "acl")
	r.Bucket = d.of("", "bucket")
	switch d.below(8) {
	case 6:
		r.Origin, r.EmptyOrigin = "", true
	case 7:
		r.RequestMethod, r.EmptyRequestMethod = "", true
	}
	return r
}

// withMethod returns a rule that has a method to ask for.
func withMethod(rule s3cors.Rule) s3cors.Rule {
	if len(rule.AllowedMethods) == 0 {
		rule.AllowedMethods = []string{"GET"}
	}
	rule.AllowedMethods = []string{strings.ToUpper(rule.AllowedMethods[0])}
	return rule
}

// requireCephOracle holds a decision of a dialect to the oracle and to the laws.
func requireCephOracle(t *testing.T, dialect s3cors.Dialect, c *s3cors.Configuration, missing bool, r s3cors.Request) {
	t.Helper()
	opt := s3cors.WithDialect(dialect)
	p, err := s3cors.Compile(c, opt)
	require.NoError(t, err)
	if missing {
		p = s3cors.NoSuchBucket(opt)
	}
	kept := c
	if c != nil {
		printed, err := c.AppendXML(nil, opt)
		require.NoError(t, err)
		kept, err = s3cors.ParseXML(printed, opt)
		require.NoError(t, err)
	}
	d := p.Evaluate(r)
	if diff := cmp.Diff(byOracle(dialect, kept, missing, r), answerOf(d)); diff != "" {
		t.Fatalf("%s\n%+v\n%+v\n%s", dialect, c, r, diff)
	}
	require.Equal(t, d.AllowHeaders(), string(d.AppendAllowHeaders(nil)))
	if r.Origin != "" {
		requireLaws(t, d, opt)
	}
	requireEvaluateWith(t, s3cors.NoConfiguration(opt), r, p)
	before, ok := s3cors.NoConfiguration(opt).Precheck(r)
	if ok {
		require.Empty(t, cmp.Diff(answerOf(d), answerOf(before)))
	}
}

func FuzzEvaluateOfCephAgreesWithOracle(f *testing.F) {
	for seed := range 64 {
		data := make([]byte, 40+seed*3)
		for i := range data {
			data[i] = byte(i*i*(seed+5) + seed*37 + i>>2)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &draw{data: data}
		c := d.cephConfig()
		none, missing := d.below(16) == 15, d.below(16) == 15
		for range 4 {
			r := d.cephRequest(c)
			for _, dialect := range others {
				if none {
					requireCephOracle(t, dialect, nil, missing, r)
				} else {
					requireCephOracle(t, dialect, c, missing, r)
				}
			}
		}
	})
}

func FuzzEvaluateOfCephOnDocuments(f *testing.F) {
	for _, v := range decisionVectors(f) {
		if v.Dialect == "" {
			continue
		}
		r := requestOf(v)
		f.Add(v.Config, r.Method, r.Origin, r.RequestMethod, r.RequestHeaders, uint8(r.Target), v.Bucket != "", r.Authorization)
	}
	f.Fuzz(func(t *testing.T, document []byte, method, origin, requestMethod, requestHeaders string, target uint8, missing, authorization bool) {
		c, err := s3cors.Parse(document, s3cors.WithDialect(s3cors.Ceph))
		if err != nil {
			c = nil
		}
		if c != nil {
			for _, rule := range c.CORSRules {
				if hasControl(strings.Join(rule.ExposeHeaders, "")) {
					return // which the oracle does not write out
				}
			}
		}
		requireCephOracle(t, s3cors.Ceph, c, missing, s3cors.Request{Method: method, Origin: origin, RequestMethod: requestMethod,
			RequestHeaders: requestHeaders, Target: s3cors.Target(target % 3), Authorization: authorization,
			EmptyOrigin: origin == "", EmptyRequestMethod: requestMethod == "" && authorization})
	})
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7F })
}

// FuzzCephGivesBackWhatItGaveBack checks the law of a server that changes what it is
// given: print∘parse∘print = print, and parse∘print = identity on what was parsed.
func FuzzCephGivesBackWhatItGaveBack(f *testing.F) {
	addDocuments(f, false)
	f.Fuzz(func(t *testing.T, data []byte) {
		opt := s3cors.WithDialect(s3cors.Ceph)
		c, err := s3cors.Parse(data, opt)
		requireAgreement(t, data, c, err, opt)
		if err != nil {
			require.Contains(t, []string{"MalformedXML", "InvalidRequest", "InvalidRange"}, firstError(t, err).Code)
			return
		}
		requireRoundTrip(t, c, opt)
		require.NoError(t, c.Validate(opt))
	})
}
