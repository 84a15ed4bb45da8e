package corsserver

import (
	"context"

	"github.com/s3cors/s3cors"
)

// A Source returns the policy of a bucket: that of its configuration, that of
// s3cors.NoSuchBucket, or that of s3cors.NoConfiguration, for which nil may stand
// as well. It is called from several goroutines at once. [Cache.Policy] is one.
type Source func(ctx context.Context, bucket string) (*s3cors.Policy, error)

// OnePolicy returns a Source in which every bucket has the policy p.
func OnePolicy(p *s3cors.Policy) Source {
	return func(context.Context, string) (*s3cors.Policy, error) { return p, nil }
}

// A Decider decides on requests to a server, by the policies of its buckets. It
// is plain data, and safe for concurrent use while nobody changes it. Adapters for
// HTTP libraries use it, so that all of them decide alike.
type Decider struct {
	// Policies is asked for the policy of each bucket that a request addresses, if
	// the answer depends on it. It is required. Where it fails, the policy is that
	// of s3cors.Unavailable.
	Policies Source

	// Options are those that the policies were made with. They apply where there is
	// no policy.
	Options []s3cors.Option

	// Fallback, if it is not nil, is the policy of every existing bucket without a
	// configuration. It deviates from S3, which grants nothing there.
	Fallback *s3cors.Policy

	// FallbackForMissing makes Fallback the policy of buckets that do not exist as
	// well: for servers in which names of buckets are secret, or come into being
	// with their first object.
	FallbackForMissing bool
}

// A Verdict is what a Decider decided.
type Verdict struct {
	// Address is what the request addresses.
	Address Address
	// Decision is what was decided. Its outcome is s3cors.PolicyUnavailable if Err
	// is set.
	Decision s3cors.Decision
	// Fallback tells that Decider.Fallback decided.
	Fallback bool
	// Err is what Decider.Policies failed with, nil if it did not.
	Err error
}

// An engine is a Decider with what can be made ready beforehand.
type engine struct {
	Decider
	unconfigured, unavailable *s3cors.Policy
}

// Ready returns a function that decides on requests. Later changes of d have no
// effect on it. It panics if Policies is nil.
func (d Decider) Ready() func(ctx context.Context, a Address, r s3cors.Request) Verdict {
	if d.Policies == nil {
		panic("corsserver: Decider without Policies")
	}
	e := &engine{d, s3cors.NoConfiguration(d.Options...), s3cors.Unavailable(d.Options...)}
	return e.decide
}

func (e *engine) decide(ctx context.Context, a Address, r s3cors.Request) Verdict {
	r.Target = a.Target()
	if d, ok := e.unconfigured.Precheck(r); ok {
		return Verdict{Address: a, Decision: d}
	}
	if a.Bucket == "" { // a request without Origin whose Vary depends on the bucket
		return Verdict{Address: a, Decision: e.unconfigured.Evaluate(r)}
	}
	policy, err := e.Policies(ctx, a.Bucket)
	if err != nil {
		return Verdict{Address: a, Decision: e.unavailable.Evaluate(r), Err: err}
	}
	if policy == nil {
		policy = e.unconfigured
	}
	if e.fallsBack(policy.State()) {
		return Verdict{Address: a, Decision: e.Fallback.Evaluate(r), Fallback: true}
	}
	return Verdict{Address: a, Decision: policy.Evaluate(r)}
}

// fallsBack reports whether Fallback stands for a policy in that state. It never
// does for one that is unavailable: a store that fails must not open a bucket.
func (e *engine) fallsBack(state s3cors.State) bool {
	if e.Fallback == nil {
		return false
	}
	return state == s3cors.StateUnconfigured || state == s3cors.StateMissing && e.FallbackForMissing
}
