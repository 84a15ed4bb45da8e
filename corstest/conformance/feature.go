package conformance

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Feature is a part of what a server does. A vector exercises one or several, and each
// difference belongs to one of them, so that a preflight with a wrong
// Access-Control-Max-Age is a working preflight whose headers are not exact.
type Feature string

// The features. Every vector has exactly one of the first four, by the first of these
// that holds:
//
//   - PUTValidation: a document, a decision whose configuration S3 refuses, an operation
//     with a request for ?cors that is no OPTIONS.
//   - EdgeCases: a decision or an operation on a bucket that does not exist; a decision
//     that addresses no bucket, whose request is refused for its form (outcomes
//     missing-origin, missing-method, invalid-method, invalid-headers, too-large), or
//     that is no OPTIONS and has an Access-Control-Request field.
//   - Preflights: a decision whose method is OPTIONS; an operation that has such a step.
//   - ActualRequests: every other.
//
// ExactHeaders belongs to every vector beside, if an answer is to have a CORS header or
// Vary, and ErrorBodies if an answer is to have an error for its body.
const (
	ActualRequests Feature = "actual requests"
	Preflights     Feature = "preflights"
	PUTValidation  Feature = "PUT validation"
	EdgeCases      Feature = "edge cases"
	ExactHeaders   Feature = "exact headers"
	ErrorBodies    Feature = "error bodies"
)

// AllFeatures returns the features in the order in which a report shows them.
func AllFeatures() []Feature {
	return []Feature{ActualRequests, Preflights, ExactHeaders, PUTValidation, ErrorBodies, EdgeCases}
}

// Features returns the features of a vector, in the order of AllFeatures.
func Features(v *vectors.Vector) []Feature {
	has := []Feature{base(v)}
	if expectsHeaders(v) {
		has = append(has, ExactHeaders)
	}
	if expectsError(v) {
		has = append(has, ErrorBodies)
	}
	order := AllFeatures()
	slices.SortFunc(has, func(a, b Feature) int { return slices.Index(order, a) - slices.Index(order, b) })
	return has
}

// FeatureOf returns the feature that a difference of a vector belongs to, one of
// Features(v):
//
//   - ErrorBodies for "error", "error.Code" and so on, and for the "body" of a decision,
//     if the vector has ErrorBodies;
//   - ExactHeaders for "order" and "lines", and for every header but
//     Access-Control-Allow-Origin, if the vector has ExactHeaders;
//   - the first of the four otherwise. So it is for "status", "config", "xml" and the
//     "body" of a step, for Access-Control-Allow-Origin, and for a header where there is
//     to be none.
func FeatureOf(v *vectors.Vector, d Diff) Feature {
	what := d.What
	if _, rest, ok := strings.Cut(what, "]."); ok && strings.HasPrefix(what, "steps[") {
		what = rest
	}
	switch {
	case what == "error", strings.HasPrefix(what, "error."), what == "body" && v.Steps == nil:
		if expectsError(v) {
			return ErrorBodies
		}
	case what == "order", what == "lines", isHeader(what) && !strings.EqualFold(what, allowOrigin):
		if expectsHeaders(v) {
			return ExactHeaders
		}
	}
	return base(v)
}

// Of returns what came of one feature of the vector: the verdict of the result, or Pass
// if the differences belong to other features only.
func (r *Result) Of(f Feature) Verdict {
	if r.Verdict != Fail {
		return r.Verdict
	}
	for _, d := range r.Diffs {
		if FeatureOf(r.Vector, d) == f {
			return Fail
		}
	}
	return Pass
}

const allowOrigin = "Access-Control-Allow-Origin"

// isHeader tells the names of headers from the other words of Diff.What.
func isHeader(what string) bool {
	switch what {
	case "status", "body", "xml", "config", "outcome", "rule":
		return false
	}
	return true
}

func base(v *vectors.Vector) Feature {
	switch {
	case v.Document != nil, v.Expect.Outcome == "invalid-configuration", asksAPI(v):
		return PUTValidation
	case isEdge(v):
		return EdgeCases
	case isPreflight(v):
		return Preflights
	}
	return ActualRequests
}

// asksAPI reports whether an operation has a request for ?cors. A preflight for one is
// no such request.
func asksAPI(v *vectors.Vector) bool {
	return slices.ContainsFunc(v.Steps, func(s vectors.Step) bool {
		return s.Request.Method != "OPTIONS" && hasCORS(s.Request.Query)
	})
}

func isEdge(v *vectors.Vector) bool {
	if v.Bucket != "" {
		return true
	}
	if v.Request == nil {
		return false
	}
	switch v.Expect.Outcome {
	case "missing-origin", "missing-method", "invalid-method", "invalid-headers", "too-large":
		return true
	}
	if v.Request.Target == "service" {
		return true
	}
	return v.Request.Method != "OPTIONS" && slices.ContainsFunc(v.Request.Headers, func(h vectors.Pair) bool {
		return hasPrefixFold(h[0], "Access-Control-Request-")
	})
}

func isPreflight(v *vectors.Vector) bool {
	if v.Request != nil {
		return v.Request.Method == "OPTIONS"
	}
	return slices.ContainsFunc(v.Steps, func(s vectors.Step) bool { return s.Request.Method == "OPTIONS" })
}

func expectsHeaders(v *vectors.Vector) bool {
	return len(v.Expect.Headers) > 0 || slices.ContainsFunc(v.Steps, func(s vectors.Step) bool {
		return slices.ContainsFunc(s.Expect.Headers, func(h vectors.Pair) bool { return isCORS(h[0]) })
	})
}

func expectsError(v *vectors.Vector) bool {
	return v.Expect.Error != nil || slices.ContainsFunc(v.Steps, func(s vectors.Step) bool {
		return s.Expect.Error != nil || s.Expect.Code != ""
	})
}
