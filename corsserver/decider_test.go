//go:build go1.26

package corsserver_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// A judged request is what a test sees of a Verdict.
type judged struct {
	Outcome  s3cors.Outcome
	Status   int
	Rule     int
	Vary     string
	Fallback bool
	Asked    []string // the buckets whose policies were asked for
}

// The buckets of a Decider under test.
const (
	configured   = "configured"
	unconfigured = "unconfigured"
	nilled       = "nil" // unconfigured as well
	unavailable  = "unavailable"
	unreadably   = "unreadable" // the source has a policy that says so itself
)

// judge puts a request to a Decider like that over such buckets.
func judge(t *testing.T, like *corsserver.Decider, a corsserver.Address, r s3cors.Request) judged {
	t.Helper()
	d := &corsserver.Decider{Options: like.Options, Fallback: like.Fallback, FallbackForMissing: like.FallbackForMissing}
	var asked []string
	own, err := s3cors.Compile(grants(origin), d.Options...)
	require.NoError(t, err)
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "the caller's")
	d.Policies = func(ctx context.Context, bucket string) (*s3cors.Policy, error) {
		require.Equal(t, "the caller's", ctx.Value(key{}))
		asked = append(asked, bucket)
		switch bucket {
		case configured:
			return own, nil
		case unconfigured:
			return s3cors.NoConfiguration(d.Options...), nil
		case nilled:
			return nil, nil
		case missing:
			return s3cors.NoSuchBucket(d.Options...), nil
		case unreadably:
			return s3cors.ParseDocument(nil).CompileStored(d.Options...), nil
		}
		return own, errStore // whose policy does not count
	}
	var v corsserver.Verdict
	d.Decide(ctx, a, &r, &v)
	require.Equal(t, a, v.Address)
	require.Equal(t, a.Target(), r.Target)
	if a.Bucket == unavailable && asked != nil {
		require.Equal(t, errStore, v.Err)
	} else {
		require.NoError(t, v.Err)
	}
	return judged{v.Decision.Outcome(), v.Decision.Status(), v.Decision.Rule(), v.Decision.Vary(), v.Fallback, asked}
}

func TestWhoseRulesDecide(t *testing.T) {
	fallback := func(t *testing.T, opts ...s3cors.Option) *s3cors.Policy {
		p, err := s3cors.Compile(&s3cors.Configuration{CORSRules: append(grants("https://nobody.example").CORSRules, grants("*").CORSRules...)}, opts...)
		require.NoError(t, err)
		return p
	}
	get := s3cors.Request{Method: "GET", Origin: origin}
	preflight := s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "GET"}
	put := s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "PUT"}
	for _, tt := range []struct {
		name                 string
		bucket               string
		request              s3cors.Request
		fallback, forMissing bool
		want                 judged
	}{
		{"the bucket's own", configured, get, false, false, judged{s3cors.Granted, 0, 0, varyValue, false, []string{configured}}},
		{"the bucket's own, for a preflight", configured, preflight, false, false, judged{s3cors.Granted, 200, 0, varyValue, false, []string{configured}}},
		{"the bucket's own, that do not match", configured, put, false, false, judged{s3cors.NoMatch, 403, -1, "", false, []string{configured}}},
		{"none without a configuration", unconfigured, get, false, false, judged{s3cors.NotEnabled, 0, -1, "", false, []string{unconfigured}}},
		{"none without a configuration, for a preflight", unconfigured, preflight, false, false, judged{s3cors.NotEnabled, 403, -1, "", false, []string{unconfigured}}},
		{"none with a nil policy", nilled, preflight, false, false, judged{s3cors.NotEnabled, 403, -1, "", false, []string{nilled}}},
		{"none of a missing bucket", missing, preflight, false, false, judged{s3cors.NoBucket, 403, -1, "", false, []string{missing}}},
		{"none where the source fails", unavailable, get, false, false, judged{s3cors.PolicyUnavailable, 0, -1, "", false, []string{unavailable}}},
		{"none where the source fails, for a preflight", unavailable, preflight, false, false, judged{s3cors.PolicyUnavailable, 500, -1, "", false, []string{unavailable}}},

		{"with a fallback, the bucket's own", configured, get, true, false, judged{s3cors.Granted, 0, 0, varyValue, false, []string{configured}}},
		{"with a fallback, the bucket's own, also if they do not match", configured, put, true, true, judged{s3cors.NoMatch, 403, -1, "", false, []string{configured}}},
		{"the fallback's without a configuration", unconfigured, get, true, false, judged{s3cors.Granted, 0, 1, varyValue, true, []string{unconfigured}}},
		{"the fallback's without a configuration, for a preflight", unconfigured, preflight, true, false, judged{s3cors.Granted, 200, 1, varyValue, true, []string{unconfigured}}},
		{"the fallback's without a configuration, also if they do not match", unconfigured, put, true, false, judged{s3cors.NoMatch, 403, -1, "", true, []string{unconfigured}}},
		{"the fallback's with a nil policy", nilled, get, true, false, judged{s3cors.Granted, 0, 1, varyValue, true, []string{nilled}}},
		{"with a fallback, none of a missing bucket", missing, get, true, false, judged{s3cors.NoBucket, 0, -1, "", false, []string{missing}}},
		{"the fallback's for a missing bucket, if so chosen", missing, get, true, true, judged{s3cors.Granted, 0, 1, varyValue, true, []string{missing}}},
		{"the fallback's without a configuration, if missing buckets have it too", unconfigured, get, true, true, judged{s3cors.Granted, 0, 1, varyValue, true, []string{unconfigured}}},
		{"without a fallback, none of a missing bucket", missing, get, false, true, judged{s3cors.NoBucket, 0, -1, "", false, []string{missing}}},
		{"never the fallback's where the source fails", unavailable, get, true, true, judged{s3cors.PolicyUnavailable, 0, -1, "", false, []string{unavailable}}},
		{"never the fallback's where the source fails, for a preflight", unavailable, preflight, true, true, judged{s3cors.PolicyUnavailable, 500, -1, "", false, []string{unavailable}}},
		{"never the fallback's where a document is unreadable", unreadably, get, true, true, judged{s3cors.PolicyUnavailable, 0, -1, "", false, []string{unreadably}}},
		{"never the fallback's where a document is unreadable, for a preflight", unreadably, preflight, true, true, judged{s3cors.PolicyUnavailable, 500, -1, "", false, []string{unreadably}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := &corsserver.Decider{FallbackForMissing: tt.forMissing}
			if tt.fallback {
				d.Fallback = fallback(t)
			}
			for _, key := range []string{"", "some/key"} {
				require.Empty(t, cmp.Diff(tt.want, judge(t, d, corsserver.Address{Bucket: tt.bucket, Key: key}, tt.request)))
			}
		})
	}
}

func TestWhatNeedsNoPolicyAsksForNone(t *testing.T) {
	long := string(make([]byte, 8193))
	const vary, always = "", varyValue
	for _, tt := range []struct {
		name    string
		bucket  string
		request s3cors.Request
		options []s3cors.Option
		want    judged
	}{
		{"no Origin", configured, s3cors.Request{Method: "GET"}, nil, judged{s3cors.NotCORS, 0, -1, vary, false, nil}},
		{"no Origin, with Vary always", configured, s3cors.Request{Method: "GET"}, []s3cors.Option{s3cors.VaryAlways()}, judged{s3cors.NotCORS, 0, -1, always, false, nil}},
		{"no Origin where the source fails", unavailable, s3cors.Request{Method: "PUT"}, nil, judged{s3cors.NotCORS, 0, -1, vary, false, nil}},
		{"a preflight without Origin", configured, s3cors.Request{Method: "OPTIONS", RequestMethod: "GET"}, nil, judged{s3cors.MissingOrigin, 400, -1, vary, false, nil}},
		{"an unknown method", unavailable, s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "FOO"}, nil, judged{s3cors.InvalidMethod, 400, -1, vary, false, nil}},
		{"a header that is no token", configured, s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "GET", RequestHeaders: "a b"}, nil,
			judged{s3cors.InvalidHeaders, 400, -1, vary, false, nil}},
		{"an actual request with such a header, that goes on", configured, s3cors.Request{Method: "GET", Origin: origin, RequestHeaders: "a b"}, []s3cors.Option{s3cors.PassInvalid()},
			judged{s3cors.InvalidHeaders, 0, -1, vary, false, nil}},
		{"fields that are too large", missing, s3cors.Request{Method: "GET", Origin: long}, nil, judged{s3cors.TooLarge, 400, -1, vary, false, nil}},
		{"no bucket", "", s3cors.Request{Method: "GET", Origin: origin}, nil, judged{s3cors.NoBucket, 0, -1, vary, false, nil}},
		{"no bucket, for a preflight", "", s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "GET"}, nil, judged{s3cors.NoBucket, 403, -1, vary, false, nil}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			open, err := s3cors.Compile(grants("*"), tt.options...)
			require.NoError(t, err)
			for _, d := range []*corsserver.Decider{{Options: tt.options}, {Options: tt.options, Fallback: open, FallbackForMissing: true}} {
				require.Empty(t, cmp.Diff(tt.want, judge(t, d, corsserver.Address{Bucket: tt.bucket}, tt.request)))
			}
		})
	}
}

// Vary for buckets that have a configuration needs their policies for requests
// without Origin as well.
func TestVaryConfiguredAsksForRequestsWithoutOrigin(t *testing.T) {
	d := &corsserver.Decider{Options: []s3cors.Option{s3cors.VaryConfigured()}}
	for _, tt := range []struct {
		name    string
		bucket  string
		request s3cors.Request
		want    judged
	}{
		{"with a configuration", configured, s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, varyValue, false, []string{configured}}},
		{"without a configuration", unconfigured, s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, "", false, []string{unconfigured}}},
		{"with a nil policy", nilled, s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, "", false, []string{nilled}}},
		{"without a bucket of that name", missing, s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, "", false, []string{missing}}},
		{"where the source fails", unavailable, s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, "", false, []string{unavailable}}},
		{"at the service root, where no bucket can be asked for", "", s3cors.Request{Method: "GET"}, judged{s3cors.NotCORS, 0, -1, "", false, nil}},
		{"for a refusal, which has no Vary", configured, s3cors.Request{Method: "OPTIONS"}, judged{s3cors.MissingOrigin, 400, -1, "", false, nil}},
		{"for no match", configured, s3cors.Request{Method: "GET", Origin: stranger}, judged{s3cors.NoMatch, 0, -1, varyValue, false, []string{configured}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(tt.want, judge(t, d, corsserver.Address{Bucket: tt.bucket}, tt.request)))
		})
	}
}

// Options apply where there is no policy; a policy has its own.
func TestOptionsApplyWhereThereIsNoPolicy(t *testing.T) {
	d := &corsserver.Decider{Options: []s3cors.Option{s3cors.VaryAlways()}}
	for _, bucket := range []string{nilled, unavailable, ""} {
		got := judge(t, d, corsserver.Address{Bucket: bucket}, s3cors.Request{Method: "GET", Origin: stranger})
		require.Equal(t, varyValue, got.Vary, bucket)
	}
	plain, err := s3cors.Compile(grants(origin))
	require.NoError(t, err)
	d.Policies = corsserver.OnePolicy(plain)
	var v corsserver.Verdict
	d.Decide(t.Context(), corsserver.Address{Bucket: "bucket"}, &s3cors.Request{Method: "GET", Origin: stranger}, &v)
	require.Equal(t, "", v.Decision.Vary())
}

func TestTheAddressSaysWhatTheTargetIs(t *testing.T) {
	others, err := s3cors.Compile(grants(stranger))
	require.NoError(t, err)
	decider := &corsserver.Decider{Policies: corsserver.OnePolicy(others)}
	for _, tt := range []struct {
		address      corsserver.Address
		outcome      s3cors.Outcome
		resourceType string // in the refusal of a preflight
	}{
		{corsserver.Address{Bucket: "b", Key: "k"}, s3cors.NoMatch, "OBJECT"},
		{corsserver.Address{Bucket: "b"}, s3cors.NoMatch, "BUCKET"},
		{corsserver.Address{}, s3cors.NoBucket, "BUCKET"},
		{corsserver.Address{Key: "k"}, s3cors.NoBucket, "BUCKET"},
	} {
		r := s3cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "GET", Target: s3cors.TargetService} // which does not count
		var v corsserver.Verdict
		decider.Decide(t.Context(), tt.address, &r, &v)
		require.Equal(t, tt.outcome, v.Decision.Outcome())
		refusal := v.Decision.Refusal()
		require.NotNil(t, refusal)
		resourceType, ok := refusal.Element("ResourceType")
		require.True(t, ok)
		require.Equal(t, tt.resourceType, resourceType, tt.address)
	}
}

func TestADeciderWithoutPoliciesPanics(t *testing.T) {
	require.PanicsWithValue(t, "corsserver: Decider without Policies", func() {
		var v corsserver.Verdict
		new(corsserver.Decider).Decide(t.Context(), corsserver.Address{}, &s3cors.Request{Method: "GET"}, &v)
	})
}

func TestADecisionCostsNoAllocation(t *testing.T) {
	cache := &corsserver.Cache{Store: stored(t, document, "bucket")}
	decider := &corsserver.Decider{Policies: cache.Policy}
	ctx := t.Context()
	a, r := corsserver.Address{Bucket: "bucket", Key: "key"}, s3cors.Request{Method: "GET", Origin: origin}
	var v corsserver.Verdict
	decider.Decide(ctx, a, &r, &v)
	require.Equal(t, s3cors.Granted, v.Decision.Outcome())
	require.Zero(t, testing.AllocsPerRun(100, func() {
		var v corsserver.Verdict
		decider.Decide(ctx, a, &r, &v)
	}))
}
