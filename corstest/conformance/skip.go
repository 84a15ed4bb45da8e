package conformance

import (
	"slices"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// skips returns the reason why a server cannot be asked a vector, "" if it can.
func (o *Options) skips(v *vectors.Vector) string {
	switch {
	case v.Document != nil && isJSON(v.Document):
		return "a server takes XML, and this document is JSON"
	case v.Config != nil && v.ConfigXML == nil, v.Stored != nil && v.StoredXML == nil:
		return "its configuration cannot be written as XML"
	case v.EvaluationOnly:
		return "no server can be asked this, only what evaluates"
	}
	for _, need := range o.needs(v) {
		if need == NeedBuckets && o.Bucket != "" {
			return "it would change the existing bucket itself"
		}
		if o.lacks(need) {
			return "the server lacks " + string(need)
		}
	}
	return ""
}

// lacks reports whether a server behind these options does not have something.
func (o *Options) lacks(n Need) bool {
	return slices.Contains(o.Lacks, n) || n == NeedAPI && o.Put != nil || n == NeedBuckets && o.Bucket != ""
}

// needs returns what a server must have for a vector.
func (o *Options) needs(v *vectors.Vector) []Need {
	var needs []Need
	configured := v.Config != nil || v.Stored != nil
	if v.Document != nil || v.Expect.Outcome == "invalid-configuration" || asksAPI(v) || configured && o.Put == nil {
		needs = append(needs, NeedAPI)
	}
	if v.Bucket == "" && v.Request != nil && changesBucket(v.Request.Method, v.Request.Target, "") || needsOwnBucket(v) {
		needs = append(needs, NeedBuckets)
	}
	for _, need := range v.Needs {
		needs = append(needs, Need(need))
	}
	return needs
}
