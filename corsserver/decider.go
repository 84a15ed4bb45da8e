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

// Ready returns a function that decides on the request r for a, and fills in v,
// which spares a copy. Later changes of d have no effect on it. It panics if
// Policies is nil.
func (d Decider) Ready() func(ctx context.Context, a Address, r s3cors.Request, v *Verdict) {
	if d.Policies == nil {
		panic("corsserver: Decider without Policies")
	}
	e := &engine{d, s3cors.NoConfiguration(d.Options...), s3cors.Unavailable(d.Options...)}
	return e.decide
}

func (e *engine) decide(ctx context.Context, a Address, r s3cors.Request, v *Verdict) {
	v.Address, r.Target = a, a.Target()
	if d, ok := e.unconfigured.Precheck(r); ok {
		v.Decision = d
		return
	}
	policy := e.unconfigured // for a request without Origin at the service root
	if a.Bucket != "" {
		policy, v.Err = e.Policies(ctx, a.Bucket)
	}
	switch {
	case v.Err != nil:
		policy = e.unavailable
	case policy == nil:
		policy = e.unconfigured
	}
	if v.Fallback = e.fallsBack(policy.State()); v.Fallback {
		policy = e.Fallback
	}
	v.Decision = policy.Evaluate(r)
}

// fallsBack reports whether Fallback stands for a policy in that state. It never
// does for one that is unavailable: a store that fails must not open a bucket.
func (e *engine) fallsBack(state s3cors.State) bool {
	if e.Fallback == nil {
		return false
	}
	return state == s3cors.StateUnconfigured || state == s3cors.StateMissing && e.FallbackForMissing
}
