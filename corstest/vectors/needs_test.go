//go:build go1.26

package vectors

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatAServerMustHaveForAStep(t *testing.T) {
	for _, row := range []struct {
		name, method, target, query, header, dialect string
		want                                         []string
	}{
		{"a preflight", "OPTIONS", "object", "X-Amz-Signature=0", "Range", "", nil},
		{"the making of a bucket", "PUT", "bucket", "", "", "", nil},
		{"?cors", "PUT", "bucket", "x&cors", "", "", nil},
		{"?cors, escaped", "DELETE", "bucket", "c%6Frs", "", "", nil},
		{"?cors behind another sub-resource", "GET", "bucket", "location&cors", "", "", nil},
		{"?cors of an object", "GET", "object", "cors", "", "", nil},
		{"?cors of an object on Ceph", "PUT", "object", "cors", "", "ceph", []string{"PutObject"}},
		{"HEAD ?cors on Ceph", "HEAD", "bucket", "cors", "", "ceph", []string{"HeadBucket"}},
		{"?cors with another owner", "GET", "bucket", "cors", "X-Amz-Expected-Bucket-Owner", "", []string{"accounts"}},
		{"a method that S3 does not know", "FOOBAR", "object", "", "", "", nil},
		{"an object", "GET", "object", "x-id=GetObject", "", "", []string{"GetObject"}},
		{"a part of one", "GET", "object", "", "range", "", []string{"GetObject", "ranges"}},
		{"an object under a condition", "GET", "object", "", "If-None-Match", "", []string{"GetObject", "if-none-match"}},
		{"a PUT under a condition", "PUT", "object", "", "if-none-match", "", []string{"PutObject", "conditional-writes"}},
		{"a sub-resource with a value", "PUT", "object", "partNumber=1&uploadId={upload-id}", "", "", []string{"UploadPart"}},
		{"a sub-resource of buckets on an object", "GET", "object", "location", "", "", []string{"GetObject"}},
		{"the list of buckets", "GET", "service", "", "", "", []string{"ListBuckets"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := StepRequest{Request: Request{Method: row.method, Target: row.target, Headers: []Pair{{row.header, ""}}}, Query: row.query}
			needs, err := r.needs(row.dialect)
			require.NoError(t, err)
			require.Equal(t, row.want, needs)
		})
	}
}

func TestAnAnonymousStepNeedsAuthentication(t *testing.T) {
	r := StepRequest{Request: Request{Method: "GET", Target: "bucket"}, Query: "cors", Anonymous: true}
	needs, err := r.needs("")
	require.NoError(t, err)
	require.Equal(t, []string{"authentication"}, needs)
}

func TestEveryNeedIsThatOfAVector(t *testing.T) {
	all := allVectors(t)
	got := make(map[string]bool)
	for _, v := range all {
		for _, need := range v.Needs {
			got[need] = true
		}
	}
	want := map[string]bool{"authentication": true, "conditional-writes": true}
	for _, name := range operations {
		want[name] = true
	}
	for _, ability := range abilities {
		want[ability] = true
	}
	require.Equal(t, want, got)
}
