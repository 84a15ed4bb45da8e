package conformance

import (
	"strings"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// judgeStep compares an answer with what a step of an operation expects of it.
func judgeStep(dialect, bucket string, s *vectors.Step, res *Response) []Diff {
	var d differences
	filled := strings.NewReplacer(vectors.Bucket, bucket,
		vectors.RequestID, strings.Join(lines(res.Headers, "x-amz-request-id"), ", "),
		vectors.HostID, strings.Join(lines(res.Headers, "x-amz-id-2"), ", ")).Replace
	e := &s.Expect
	d.texts(rankStatus, "status", status(e.Status), status(res.Status))
	d.headers(e.Headers, res.Headers)
	for _, name := range e.Absent {
		d.texts(rankHeader, name, Absent, joined(lines(res.Headers, name)))
	}
	if e.Error != nil {
		want := make(vectors.Elements, len(e.Error))
		for i, p := range e.Error {
			want[i] = vectors.Pair{p[0], filled(p[1])}
		}
		d.errorBody(dialect, want, res.Body)
	}
	if e.Code != "" {
		d.errorCode(e.Code, res.Body)
	}
	if e.Body != nil {
		d.texts(rankBytes, "body", filled(*e.Body), string(res.Body))
	}
	if e.Config != nil {
		d.config(e.Config, res.Body)
	}
	return d.list()
}
