package corsserver

import (
	"context"
	"sync"

	"github.com/s3cors/s3cors"
)

// A Source returns the policy of a bucket: that of its configuration, that of
// s3cors.NoConfiguration, for which nil may stand, or that of s3cors.NoSuchBucket.
// Several goroutines call it at once. [Cache.Policy] is a Source.
type Source func(ctx context.Context, bucket string) (*s3cors.Policy, error)

// OnePolicy returns a Source that returns the policy p for every bucket.
func OnePolicy(p *s3cors.Policy) Source {
	return func(context.Context, string) (*s3cors.Policy, error) { return p, nil }
}

// A Decider decides on the requests to a server by the policies of its buckets. It is
// safe for concurrent use. Its fields are set before it is used, and it must not be
// copied after that. Adapters for HTTP libraries use it, so that all of them decide
// alike.
type Decider struct {
	// Policies returns the policy of the bucket that a request addresses. It is
	// required, and it is called only if the answer depends on the policy. If it
	// fails, the policy is that of s3cors.Unavailable.
	Policies Source

	// Options are the options that the policies were made with. They apply to
	// requests for which there is no policy.
	Options []s3cors.Option

	// Fallback, if it is not nil, is the policy of every bucket that exists and has
	// no configuration. S3 grants nothing there.
	Fallback *s3cors.Policy

	// FallbackForMissing makes Fallback the policy of buckets that do not exist as
	// well. It is for servers in which the names of buckets are secret, or in which
	// a bucket comes into being with its first object.
	FallbackForMissing bool

	once                      sync.Once
	unconfigured, unavailable *s3cors.Policy
}

// A Verdict is a decision of a Decider, and how it came about.
type Verdict struct {
	// Address is the bucket and the key that the request addresses.
	Address Address
	// Decision is the decision. If Err is not nil, its policy is that of
	// s3cors.Unavailable.
	Decision s3cors.Decision
	// Fallback reports whether Decider.Fallback decided.
	Fallback bool
	// Err is the error of Decider.Policies, or nil.
	Err error
}

// prepare makes ready what does not depend on requests.
func (d *Decider) prepare() {
	if d.Policies == nil {
		panic("corsserver: Decider without Policies")
	}
	d.unconfigured, d.unavailable = s3cors.NoConfiguration(d.Options...), s3cors.Unavailable(d.Options...)
}

// Decide decides on the request r, which addresses a. It sets the Target and the
// Bucket of r, stores the result in v, and returns the Status of the decision. It panics if
// Policies is nil.
func (d *Decider) Decide(ctx context.Context, a Address, r *s3cors.Request, v *Verdict) (status int) {
	d.once.Do(d.prepare)
	v.Address, v.Fallback, v.Err = a, false, nil
	r.Target, r.Bucket = a.Target(), a.Bucket
	return d.unconfigured.EvaluateWith(&v.Decision, r, func() *s3cors.Policy { return d.policy(ctx, v) })
}

// policy returns the policy of the bucket in the address of v, and stores in v how it came
// about.
func (d *Decider) policy(ctx context.Context, v *Verdict) *s3cors.Policy {
	policy := d.unconfigured // for a request without Origin at the service root
	if v.Address.Bucket != "" {
		policy, v.Err = d.Policies(ctx, v.Address.Bucket)
	}
	switch {
	case v.Err != nil:
		policy = d.unavailable
	case policy == nil:
		policy = d.unconfigured
	}
	if d.Fallback != nil && d.fallsBack(policy.State()) {
		policy, v.Fallback = d.Fallback, true
	}
	return policy
}

// fallsBack reports whether a Fallback stands for a policy in that state. It never
// does for one that is unavailable: a store that fails must not open a bucket.
func (d *Decider) fallsBack(state s3cors.State) bool {
	return state == s3cors.StateUnconfigured || state == s3cors.StateMissing && d.FallbackForMissing
}
