package page

import (
	"fmt"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

// An answer is what a kind of server says to a request.
type answer struct {
	result.Answer
	refusal *s3cors.Error // of the configuration; nil if it would take that
}

// decide answers a line as a kind of server, without saying why: that takes far less time
// than an explanation.
func decide(text []byte, dialect s3cors.Dialect) (*answer, error) {
	q, subject, err := read(text, dialect)
	if err != nil {
		return nil, err
	}
	a := &answer{Answer: result.Answer{Request: q.Request, NoBucket: q.Missing, Dialect: dialect}}
	option := s3cors.WithDialect(dialect)
	policy := s3cors.NoConfiguration(option)
	switch {
	case subject.NoBucket:
		policy = s3cors.NoSuchBucket(option)
	case subject.Document != nil:
		if problems := subject.Document.Problems(); len(problems) > 0 {
			a.refusal = problems[0].S3
			return a, nil
		}
		if policy, err = s3cors.Compile(subject.Document.Configuration(), option); err != nil {
			return nil, err
		}
	}
	a.Decision = policy.Evaluate(q.Request)
	return a, nil
}

// text is the answer as "curl -i" shows it. Of a document that would be refused it is the
// answer to whoever stores it.
func (a *answer) text() string {
	if a.refusal == nil {
		return shown(a.Lines()...)
	}
	body := a.refusal.AppendXML(nil, s3cors.IDs{}, s3cors.WithDialect(a.Dialect))
	return shown(fmt.Sprintf("HTTP/1.1 %d %s", a.refusal.Status, result.StatusText(a.refusal.Status)), "Content-Type: application/xml", "", string(body))
}

// areAlike reports whether two servers decide alike, with the same status and headers.
func areAlike(a, b *answer) bool {
	if a.refusal != nil || b.refusal != nil {
		return a.refusal != nil && b.refusal != nil
	}
	return a.Decision.Outcome() == b.Decision.Outcome() && a.Decision.Status() == b.Decision.Status() && slices.Equal(a.headers(), b.headers())
}

// headers are those that are sent on account of CORS, in no order that would matter.
func (a *answer) headers() []string {
	var headers []string
	if a.Decision.Carries(200) {
		for name, value := range a.Decision.Headers() {
			headers = append(headers, name+": "+value)
		}
	}
	slices.Sort(headers)
	return headers
}
