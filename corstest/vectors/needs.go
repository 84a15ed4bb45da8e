package vectors

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// operations are the names of S3's operations, by what is addressed, the method and
// the sub-resource.
var operations = map[string]string{
	"service GET": "ListBuckets",

	"bucket DELETE":         "DeleteBucket",
	"bucket GET":            "ListObjects",
	"bucket HEAD":           "HeadBucket",
	"bucket POST":           "PostObject",
	"bucket GET acl":        "GetBucketAcl",
	"bucket GET location":   "GetBucketLocation",
	"bucket GET uploads":    "ListMultipartUploads",
	"bucket GET versioning": "GetBucketVersioning",
	"bucket PUT versioning": "PutBucketVersioning",

	"object DELETE":          "DeleteObject",
	"object GET":             "GetObject",
	"object HEAD":            "HeadObject",
	"object PUT":             "PutObject",
	"object GET acl":         "GetObjectAcl",
	"object GET tagging":     "GetObjectTagging",
	"object POST uploads":    "CreateMultipartUpload",
	"object DELETE uploadId": "AbortMultipartUpload",
	"object GET uploadId":    "ListParts",
	"object POST uploadId":   "CompleteMultipartUpload",
	"object PUT uploadId":    "UploadPart",
}

// always are what every server has that has CORS of buckets.
var always = []string{"bucket PUT"} // CreateBucket

// abilities are what a request needs beside the name of its operation, by the
// header that asks for it.
var abilities = map[string]string{
	"if-match":                    "if-match",
	"if-none-match":               "if-none-match",
	"range":                       "ranges",
	"x-amz-expected-bucket-owner": "accounts",
}

// checkNeeds checks that Needs are those of the steps.
func (v *Vector) checkNeeds() error {
	needs := make(map[string]bool)
	for i := range v.Steps {
		some, err := v.Steps[i].Request.needs(v.Dialect)
		if err != nil {
			return fmt.Errorf("steps[%d]: %w", i, err)
		}
		for _, need := range some {
			needs[need] = true
		}
	}
	if want := slices.Sorted(maps.Keys(needs)); !slices.Equal(want, v.Needs) {
		return fmt.Errorf("it needs %q and says %q", want, v.Needs)
	}
	return nil
}

// needs returns what a server must have to serve a request.
func (r *StepRequest) needs(dialect string) ([]string, error) {
	var needs []string
	key, ofCORS := r.operation(dialect)
	switch name := operations[key]; {
	case r.Method == "OPTIONS":
		return nil, nil
	case ofCORS, slices.Contains(always, key), !slices.Contains([]string{"DELETE", "GET", "HEAD", "POST", "PUT"}, r.Method):
	case name == "":
		return nil, fmt.Errorf("there is no operation %q", key)
	default:
		needs = append(needs, name)
	}
	for _, h := range r.Headers {
		ability := abilities[strings.ToLower(h[0])]
		if r.Method == "PUT" && strings.HasPrefix(ability, "if-") {
			ability = "conditional-writes"
		}
		if ability != "" {
			needs = append(needs, ability)
		}
	}
	if r.Anonymous {
		needs = append(needs, "authentication")
	}
	return needs, nil
}

// operation returns the key of a request in operations, and whether it is one for
// ?cors. Ceph has that on the path of a bucket alone, and its HEAD is the bucket's.
func (r *StepRequest) operation(dialect string) (key string, ofCORS bool) {
	key = r.Target + " " + r.Method
	var names []string
	for name := range strings.SplitSeq(r.Query, "&") {
		name, _, _ = strings.Cut(name, "=")
		name, _ = url.QueryUnescape(name)
		names = append(names, name)
	}
	elsewhere := dialect != "" && (r.Target == "object" || r.Method == "HEAD")
	if slices.Contains(names, "cors") && !elsewhere {
		return key, true
	}
	for _, name := range names {
		if operations[key+" "+name] != "" {
			return key + " " + name, false
		}
	}
	return key, false
}
