//go:build go1.26

package s3cors_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// asCeph selects Ceph's dialect.
var asCeph = s3cors.WithDialect(s3cors.Ceph)

func TestDialectsHaveNames(t *testing.T) {
	for dialect, name := range map[s3cors.Dialect]string{s3cors.Amazon: "aws", s3cors.Ceph: "ceph", s3cors.CephMain: "ceph-main"} {
		require.Equal(t, name, dialect.String())
		text, err := dialect.MarshalText()
		require.NoError(t, err)
		require.Equal(t, name, string(text))
		var read s3cors.Dialect
		require.NoError(t, read.UnmarshalText(text))
		require.Equal(t, dialect, read)
	}
	require.Equal(t, "Dialect(3)", s3cors.Dialect(3).String())
	read := s3cors.Ceph
	require.EqualError(t, read.UnmarshalText([]byte("AWS")), `s3cors: "AWS" is no dialect: it is aws, ceph or ceph-main`)
	require.Equal(t, s3cors.Ceph, read)
}

func TestTheLastDialectCounts(t *testing.T) {
	require.Equal(t, s3cors.Amazon, s3cors.DialectOf())
	require.Equal(t, s3cors.Ceph, s3cors.DialectOf(s3cors.VaryAlways(), asCeph, nil))
	require.Equal(t, s3cors.Amazon, s3cors.DialectOf(asCeph, s3cors.WithDialect(s3cors.Amazon)))
	require.Equal(t, 65536, s3cors.MaxDocumentBytes(s3cors.WithDialect(99)))
	require.Equal(t, 1048575, s3cors.MaxDocumentBytes(asCeph))
}

func TestAmazonDecidesWithoutWhatOthersLookAt(t *testing.T) {
	for _, v := range decisionVectors(t) {
		if v.Dialect != "" || v.Expect.Outcome == "invalid-configuration" {
			continue
		}
		p, r := policyOf(t, v), requestOf(v)
		want := answerOf(p.Evaluate(r))
		r.Authorization, r.EmptyOrigin, r.EmptyRequestMethod, r.Subresource, r.Bucket = true, r.Origin == "", r.RequestMethod == "", "cors", "bucket"
		d := p.Evaluate(r)
		require.Empty(t, cmp.Diff(want, answerOf(d)), v.ID)
		require.True(t, d.Carries(200), v.ID)
	}
}

func TestRequestsAreReadByTheDialectOfThePolicy(t *testing.T) {
	fields := map[string][]string{
		"Origin":                         {"https://a", " https://b\t"},
		"Access-Control-Request-Method":  {"GET", ""},
		"Access-Control-Request-Headers": {"x-a", "x-b, x-c"},
		"Authorization":                  {""},
	}
	lines := func(name string) []string { return fields[name] }
	require.Equal(t, s3cors.Request{Method: "PUT", Origin: "https://a,https://b", RequestMethod: "GET,", RequestHeaders: "x-a,x-b, x-c", Target: s3cors.TargetBucket},
		(*s3cors.Policy)(nil).ReadRequest("PUT", s3cors.TargetBucket, lines))
	require.Equal(t, s3cors.Request{Method: "PUT", Origin: "https://b", EmptyRequestMethod: true, RequestHeaders: "x-b, x-c", Target: s3cors.TargetBucket, Authorization: true},
		s3cors.NoConfiguration(asCeph).ReadRequest("PUT", s3cors.TargetBucket, lines))
	none := func(string) []string { return nil }
	require.Equal(t, s3cors.Request{Method: "GET"}, s3cors.NoConfiguration(asCeph).ReadRequest("GET", s3cors.TargetObject, none))
}

func TestTheLinesOfAFieldMayBeOverwrittenByTheNext(t *testing.T) {
	room := make([]string, 1)
	lines := func(name string) []string {
		room[0] = name
		return room
	}
	for _, p := range []*s3cors.Policy{nil, s3cors.NoConfiguration(asCeph)} {
		r := p.ReadRequest("GET", s3cors.TargetObject, lines)
		require.Equal(t, []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}, []string{r.Origin, r.RequestMethod, r.RequestHeaders})
	}
}

func TestErrorsOfCephNameTheBucket(t *testing.T) {
	r := s3cors.Request{Method: "OPTIONS", Bucket: "b<"}
	refusal := s3cors.NoSuchBucket(asCeph).Evaluate(r).Refusal()
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message>`+
		`<BucketName>b&lt;</BucketName><RequestId>r</RequestId><HostId>h</HostId></Error>`,
		string(refusal.AppendXML(nil, s3cors.IDs{RequestID: "r", HostID: "h"}, asCeph)))

	plain := &s3cors.Error{Code: "C", Elements: []s3cors.Element{{Name: "E", Value: "e"}}}
	require.Same(t, plain, plain.InBucket("b"))
	require.Same(t, plain, plain.InBucket("", asCeph))
	named := plain.InBucket("b", asCeph)
	require.Equal(t, []s3cors.Element{{Name: "BucketName", Value: "b"}, {Name: "E", Value: "e"}}, named.Elements)
	require.Same(t, named, named.InBucket("other", asCeph))
	require.Len(t, plain.Elements, 1)
}

func TestUniformRefusalsOfCephTellNoBucketsApart(t *testing.T) {
	opts := []s3cors.Option{asCeph, s3cors.UniformRefusals()}
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule([]string{"https://a"}, []string{"GET"})}}, opts...)
	require.NoError(t, err)
	for _, r := range []s3cors.Request{
		{Method: "OPTIONS"}, {Method: "OPTIONS", Origin: "https://b"}, {Method: "OPTIONS", Origin: "https://b", RequestMethod: "GET"},
		{Method: "OPTIONS", Target: s3cors.TargetService}, {Method: "OPTIONS", Origin: "", EmptyOrigin: true, RequestMethod: "GET"},
	} {
		want := policy.Evaluate(r)
		require.GreaterOrEqual(t, want.Status(), 400)
		for _, p := range []*s3cors.Policy{s3cors.NoSuchBucket(opts...), s3cors.NoConfiguration(opts...)} {
			d := p.Evaluate(r)
			require.Equal(t, want.Status(), d.Status())
			require.Empty(t, cmp.Diff(want.Refusal(), d.Refusal()))
		}
	}
	require.Equal(t, 404, s3cors.NoSuchBucket(asCeph).Evaluate(s3cors.Request{Method: "OPTIONS"}).Status())
}

func TestOnlyThe403OfCORSCarriesFields(t *testing.T) {
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{rule([]string{"*"}, []string{"GET", "HEAD", "PUT"})}}, asCeph)
	require.NoError(t, err)
	ask := func(method, subresource string, target s3cors.Target) s3cors.Decision {
		return policy.Evaluate(s3cors.Request{Method: method, Origin: "https://a", Subresource: subresource, Target: target})
	}
	for _, row := range []struct {
		decision s3cors.Decision
		want     []bool // for 200, 400 and 403
	}{
		{ask("GET", "cors", s3cors.TargetBucket), []bool{false, false, true}},
		{ask("PUT", "cors", s3cors.TargetBucket), []bool{false, false, true}},
		{ask("HEAD", "cors", s3cors.TargetBucket), []bool{true, true, true}},
		{ask("GET", "cors", s3cors.TargetObject), []bool{true, true, true}},
		{ask("GET", "acl", s3cors.TargetBucket), []bool{true, true, true}},
	} {
		require.Equal(t, s3cors.Granted, row.decision.Outcome())
		require.Equal(t, row.want, []bool{row.decision.Carries(200), row.decision.Carries(400), row.decision.Carries(403)})
	}
}

func TestCephPrechecksWhatNoBucketChanges(t *testing.T) {
	none := s3cors.NoConfiguration(asCeph)
	for _, row := range []struct {
		name    string
		request s3cors.Request
		ok      bool
		outcome s3cors.Outcome
	}{
		{"a request without an origin", s3cors.Request{Method: "GET"}, true, s3cors.NotCORS},
		{"one with an empty origin", s3cors.Request{Method: "GET", EmptyOrigin: true}, false, 0},
		{"a preflight without an origin", s3cors.Request{Method: "OPTIONS"}, false, 0},
		{"a preflight without a method", s3cors.Request{Method: "OPTIONS", Origin: "o"}, false, 0},
		{"a preflight for the root", s3cors.Request{Method: "OPTIONS", Target: s3cors.TargetService}, true, s3cors.NoBucket},
		{"a request for the root", s3cors.Request{Method: "GET", Origin: "o", Target: s3cors.TargetService}, true, s3cors.NoBucket},
		{"the PUT of a bucket", s3cors.Request{Method: "PUT", Origin: "o", Target: s3cors.TargetBucket}, true, s3cors.NoBucket},
		{"the PUT of its sub-resource", s3cors.Request{Method: "PUT", Origin: "o", Target: s3cors.TargetBucket, Subresource: "cors"}, false, 0},
		{"values that are too long", s3cors.Request{Method: "GET", Origin: strings.Repeat("o", 8193)}, true, s3cors.TooLarge},
	} {
		d, ok := none.Precheck(row.request)
		require.Equal(t, row.ok, ok, row.name)
		require.Equal(t, row.outcome, d.Outcome(), row.name)
	}
}

func TestAnExposedHeaderOfCephCannotEndItsField(t *testing.T) {
	for name, want := range map[string]string{"a\nb": `a\nb`, "a\r\nSet-Cookie: x": `a\r\nSet-Cookie: x`, "a\tb": "a\tb", "a\x7fb": ""} {
		policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{
			AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, ExposeHeaders: []string{name}}}}, asCeph)
		require.NoError(t, err)
		require.Equal(t, want, policy.Evaluate(getFrom("https://a")).ExposeHeaders())
	}
}

func TestAConfigurationInMemoryIsKeptAsCephKeepsIt(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{
		ID: new(""), AllowedOrigins: []string{"b", "a", "b"}, AllowedMethods: []string{"put", "GET"}, MaxAgeSeconds: new(int64(-1))}}}
	printed, err := c.AppendXML(nil, asCeph)
	require.NoError(t, err)
	require.Equal(t, `<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>`+
		`<AllowedOrigin>a</AllowedOrigin><AllowedOrigin>b</AllowedOrigin></CORSRule></CORSConfiguration>`, string(printed))
	inJSON, err := c.AppendJSON(nil, asCeph)
	require.NoError(t, err)
	read, err := s3cors.ParseJSON(inJSON)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(&s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"a", "b"}, AllowedMethods: []string{"GET", "PUT"}}}}, read))
	require.Equal(t, []string{"b", "a", "b"}, c.CORSRules[0].AllowedOrigins, "the configuration is not changed")
	policy, err := s3cors.Compile(c, asCeph)
	require.NoError(t, err)
	d := policy.Evaluate(s3cors.Request{Method: "PUT", Origin: "a"})
	require.Equal(t, "PUT", d.AllowMethods())
	require.Empty(t, d.MaxAge())
}

func TestCephReadsALongDocumentInLittleMemory(t *testing.T) {
	if underRace {
		t.Skip("the race detector takes memory of its own")
	}
	for name, shape := range shapes {
		document := []byte(shape(1<<20 - 100))
		if len(document) > 1<<20-1 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			c, err := s3cors.ParseXML(document, asCeph)
			runtime.ReadMemStats(&after)
			runtime.KeepAlive(c)
			grown := int(after.TotalAlloc - before.TotalAlloc)
			t.Logf("%d bytes, %.1f times the document (%v)", grown, float64(grown)/float64(len(document)), err != nil)
			require.Less(t, grown, 100*len(document))
		})
	}
}

func TestTheFastPathsOfCephDoNotAllocate(t *testing.T) {
	rules := eachRule(100, "https://app-%d.example.com", "content-type", "x-amz-*")
	policy, err := s3cors.Compile(&s3cors.Configuration{CORSRules: rules}, asCeph)
	require.NoError(t, err)
	r := s3cors.Request{Method: "OPTIONS", Origin: "https://app-99.example.com", RequestMethod: "GET", Bucket: "b",
		RequestHeaders: "Content-Type; x-amz-a " + strings.Repeat("X-Amz-B,", 900)}
	require.Equal(t, s3cors.Granted, policy.Evaluate(r).Outcome())
	buffer := make([]byte, 0, 16<<10)
	require.Zero(t, testing.AllocsPerRun(10, func() {
		d := policy.Evaluate(r)
		buffer = d.AppendAllowHeaders(buffer[:0])
	}))
	actual := r
	actual.Method, actual.RequestMethod, actual.RequestHeaders = "GET", "", r.RequestHeaders+fmt.Sprint("y,", "x-amz-c")
	require.Zero(t, testing.AllocsPerRun(10, func() {
		d := policy.Evaluate(actual)
		buffer = d.AppendAllowHeaders(buffer[:0])
	}))
	require.True(t, strings.HasSuffix(string(buffer), ",X-Amz-B,x-amz-c"), string(buffer[len(buffer)-40:]))
}

func TestAPreflightForTheConfigurationItselfCarriesItsFields(t *testing.T) {
	p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}},
		s3cors.WithDialect(s3cors.Ceph))
	require.NoError(t, err)
	for _, row := range []struct {
		method  string
		carries bool
	}{{"OPTIONS", true}, {"HEAD", true}, {"GET", false}} {
		d := p.Evaluate(s3cors.Request{Method: row.method, Origin: "https://a", RequestMethod: "GET", Target: s3cors.TargetBucket, Subresource: "cors"})
		require.Equal(t, s3cors.Granted, d.Outcome(), row.method)
		require.Equal(t, row.carries, d.Carries(200), row.method)
	}
}
