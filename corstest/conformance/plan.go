package conformance

import (
	"context"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A job is what a worker does at a time.
type job struct {
	vectors []*vectors.Vector
	// do asks the vectors. Its error is the reason of those that it did not come to.
	do func(context.Context, *worker) error
}

// plan makes jobs of the vectors, and skips what the server cannot be asked. The
// decisions come first: they show how late a server applies a configuration.
func (r *run) plan(chosen []*vectors.Vector) []job {
	var groups []*group
	var others []job
	byConfig := make(map[string]*group)
	for _, v := range chosen {
		switch reason := r.opts.skips(v); {
		case reason != "":
			r.ledger.enter(Result{Vector: v, Verdict: Skip, Reason: reason})
		case isGrouped(v):
			config := v.ConfigXML
			g, ok := byConfig[name(config)]
			if !ok {
				g = &group{config: config}
				byConfig[name(config)], groups = g, append(groups, g)
			}
			g.all = append(g.all, v)
		default:
			others = append(others, single(v))
		}
	}
	jobs := make([]job, 0, len(groups)+len(others))
	for _, g := range groups {
		jobs = append(jobs, job{g.all, func(ctx context.Context, w *worker) error { return w.decisions(ctx, g) }})
	}
	return append(jobs, others...)
}

// isGrouped reports whether a vector is asked together with those of the same
// configuration.
func isGrouped(v *vectors.Vector) bool {
	return v.Request != nil && v.Bucket == "" && v.Expect.Outcome != "invalid-configuration"
}

// name tells configurations apart, also none from an empty one.
func name(config []byte) string {
	if config == nil {
		return ""
	}
	return "=" + string(config)
}

// single is the job of a vector that is asked alone.
func single(v *vectors.Vector) job {
	return job{[]*vectors.Vector{v}, func(ctx context.Context, w *worker) error {
		switch {
		case v.Steps != nil:
			return w.operation(ctx, v)
		case v.Document != nil:
			w.document(ctx, v)
		case v.Bucket != "":
			w.elsewhere(ctx, v)
		default:
			w.refused(ctx, v)
		}
		return nil
	}}
}
