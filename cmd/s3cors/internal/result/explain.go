package result

import (
	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/explain"
)

// InvalidInput is the outcome of a line that asks nothing that can be answered.
const InvalidInput = "invalid-input"

// Explain answers a line of explain -jsonl, or tells why there is no answer. The error is one of
// encoding.
func Explain(line []byte, err error, usual s3cors.Dialect) ([]byte, error) {
	if err != nil {
		return Encode(notExplained(err))
	}
	q, err := ask.ReadQuery(line, usual)
	if err != nil {
		return Encode(notExplained(err))
	}
	s, err := q.Subject(line)
	if err != nil {
		return Encode(notExplained(err))
	}
	return Encode(explain.Explain(s, s3cors.WithDialect(q.Dialect)))
}

// An unexplained is the answer to a line that asks nothing that can be answered, in
// the members of all others.
type unexplained struct {
	Schema    int         `json:"schema"`
	Kind      *string     `json:"kind"`
	Outcome   string      `json:"outcome"`
	Rule      *int        `json:"rule"`
	Granted   bool        `json:"granted"`
	Status    *int        `json:"status"`
	Headers   [][2]string `json:"headers"`
	Error     *Error      `json:"error"`
	Summary   string      `json:"summary"`
	Rules     []string    `json:"rules"`
	Reasons   []string    `json:"reasons"`
	Fixes     []string    `json:"fixes"`
	Browser   *string     `json:"browser"`
	Elsewhere []string    `json:"elsewhere"`
	NotJudged []string    `json:"notJudged"`
	Detail    string      `json:"detail"`
}

func notExplained(err error) unexplained {
	none := []string{}
	return unexplained{Schema: Schema, Outcome: InvalidInput, Headers: [][2]string{}, Summary: err.Error(),
		Rules: none, Reasons: none, Fixes: none, Elsewhere: none, NotJudged: none, Detail: err.Error()}
}
