package corsserver

import (
	"context"
	"sync"

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

// A Decider decides on requests to a server, by the policies of its buckets. Its
// fields are set before it is used, and it must not be copied after that; it is
// safe for concurrent use. Adapters for HTTP libraries use it, so that all of them
// decide alike.
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

	once                      sync.Once
	unconfigured, unavailable *s3cors.Policy
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

// prepare makes ready what does not depend on requests.
func (d *Decider) prepare() {
	if d.Policies == nil {
		panic("corsserver: Decider without Policies")
	}
	d.unconfigured, d.unavailable = s3cors.NoConfiguration(d.Options...), s3cors.Unavailable(d.Options...)
}

// Decide decides on the request r for a. It sets the Target of r, and fills in v. It
// panics if Policies is nil.
func (d *Decider) Decide(ctx context.Context, a Address, r *s3cors.Request, v *Verdict) {
	d.once.Do(d.prepare)
	v.Address, r.Target = a, a.Target()
	if answer, ok := d.unconfigured.Precheck(*r); ok {
		v.Decision = answer
		return
	}
	policy := d.unconfigured // for a request without Origin at the service root
	if a.Bucket != "" {
		policy, v.Err = d.Policies(ctx, a.Bucket)
	}
	switch {
	case v.Err != nil:
		policy = d.unavailable
	case policy == nil:
		policy = d.unconfigured
	}
	if v.Fallback = d.fallsBack(policy.State()); v.Fallback {
		policy = d.Fallback
	}
	v.Decision = policy.Evaluate(*r)
}

// fallsBack reports whether Fallback stands for a policy in that state. It never
// does for one that is unavailable: a store that fails must not open a bucket.
func (d *Decider) fallsBack(state s3cors.State) bool {
	if d.Fallback == nil {
		return false
	}
	return state == s3cors.StateUnconfigured || state == s3cors.StateMissing && d.FallbackForMissing
}
