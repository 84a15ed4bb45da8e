package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

// invalidConfiguration is what an answer may say beside the outcomes of s3cors and
// result.InvalidInput.
const invalidConfiguration = "invalid-configuration"

// An answer is a line of eval -jsonl's output; the order of its members is part
// of the format.
type answer struct {
	Outcome string        `json:"outcome"`
	Rule    *int          `json:"rule"`
	Status  *int          `json:"status"`
	Headers [][2]string   `json:"headers"` // never nil, which would be null
	Error   *result.Error `json:"error"`
	Detail  string        `json:"detail,omitempty"` // of invalid-input alone
}

// evalLines answers each line of standard input with one of standard output.
func (t *tool) evalLines(dialect s3cors.Dialect) error {
	lines := lineReader{input: bufio.NewReaderSize(flushingReader{t.stdin, t.stdout}, 1<<16)}
	policies := policyCache{usual: dialect}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return err
		}
		output, err := result.Encode(policies.answer(line, err))
		if err != nil {
			return err
		}
		if _, err := t.stdout.Write(append(output, '\n')); err != nil {
			return err
		}
	}
}

// A policyCache holds the policy of the line before, since streams tend to ask
// many things of one configuration. The zero value is empty.
type policyCache struct {
	usual   s3cors.Dialect // of lines that name none
	config  []byte         // nil if empty
	dialect s3cors.Dialect // that config was compiled for
	policy  *s3cors.Policy
	err     error
}

// answer answers a line, or tells why there is none.
func (c *policyCache) answer(line []byte, err error) answer {
	if err != nil {
		return invalid(err)
	}
	q, err := ask.ReadQuery(line, c.usual)
	if err != nil {
		return invalid(err)
	}
	policy, err := c.policyOf(q)
	var refusal *s3cors.Error
	switch {
	case errors.As(err, &refusal):
		return answer{Outcome: invalidConfiguration, Status: &refusal.Status, Headers: [][2]string{}, Error: (*result.Error)(refusal)}
	case err != nil:
		return invalid(err)
	}
	return decided(policy.Evaluate(q.Request))
}

// policyOf returns the policy of the bucket in q. The error holds an *s3cors.Error
// if S3 would refuse the configuration; any other makes the line invalid.
func (c *policyCache) policyOf(q ask.Query) (*s3cors.Policy, error) {
	dialect := s3cors.WithDialect(q.Dialect)
	switch {
	case q.Missing:
		return s3cors.NoSuchBucket(dialect), nil
	case q.Config == nil:
		return s3cors.NoConfiguration(dialect), nil
	}
	if !bytes.Equal(c.config, q.Config) || c.dialect != q.Dialect {
		c.config, c.dialect = q.Config, q.Dialect
		c.policy, c.err = compile(q.Config, dialect)
	}
	return c.policy, c.err
}

// compile makes a policy of the member config.
func compile(config json.RawMessage, dialect s3cors.Option) (*s3cors.Policy, error) {
	document, inLine, err := ask.Document(config)
	if err != nil {
		return nil, err
	}
	parse := s3cors.Parse
	if inLine {
		parse = s3cors.ParseJSON
	}
	c, err := parse(document, dialect)
	if err != nil {
		return nil, err
	}
	return s3cors.Compile(c, dialect)
}

func decided(d s3cors.Decision) answer {
	a := answer{Outcome: d.Outcome().String(), Headers: [][2]string{}, Error: (*result.Error)(d.Refusal())}
	if rule := d.Rule(); rule >= 0 {
		a.Rule = &rule
	}
	if status := d.Status(); status != 0 {
		a.Status = &status
	}
	for name, value := range d.Headers() {
		if !d.Carries(http.StatusOK) {
			break
		}
		a.Headers = append(a.Headers, [2]string{name, value})
	}
	return a
}

// invalid is the answer to a line that asks nothing that can be answered.
func invalid(err error) answer {
	return answer{Outcome: result.InvalidInput, Headers: [][2]string{}, Detail: err.Error()}
}
