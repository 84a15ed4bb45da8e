package main

import (
	"bufio"
	"errors"
	"io"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// explainLines answers each line of standard input with one of standard output.
func (t *tool) explainLines(dialect s3cors.Dialect) error {
	lines := lineReader{input: bufio.NewReaderSize(flushingReader{t.stdin, t.stdout}, 1<<16)}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return err
		}
		output, err := explainLine(line, err, dialect)
		if err != nil {
			return err
		}
		if _, err := t.stdout.Write(append(output, '\n')); err != nil {
			return err
		}
	}
}

// explainLine answers a line, or tells why there is no answer. The error is one of
// encoding.
func explainLine(line []byte, err error, usual s3cors.Dialect) ([]byte, error) {
	if err != nil {
		return encode(notExplained(err))
	}
	q, err := readQuery(line, usual)
	if err != nil {
		return encode(notExplained(err))
	}
	s, err := q.subject(line)
	if err != nil {
		return encode(notExplained(err))
	}
	return encode(explain.Explain(s, s3cors.WithDialect(q.dialect)))
}

// subject is what a line asks about.
func (q *query) subject(line []byte) (explain.Subject, error) {
	members, err := readMembers("the line", line, "fetch")
	if err != nil {
		return explain.Subject{}, err
	}
	s := explain.Subject{NoBucket: q.missing}
	if q.config != nil && !q.missing {
		document := []byte(q.config)
		switch k := kind(q.config); k {
		case jsontree.Object, jsontree.Array:
		case jsontree.String:
			decoded, err := text("config", q.config)
			if err != nil {
				return s, err
			}
			document = []byte(decoded)
		default:
			return s, errors.New("config is " + k.String() + ", not an object, an array or a string")
		}
		s = subjectOf(document, q.dialect)
	}
	s.Request = q.request
	if members["fetch"] != nil {
		s.Fetch, err = readFetch(members["fetch"])
	}
	return s, err
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
	Error     *s3Error    `json:"error"`
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
	return unexplained{Schema: schema, Outcome: invalidInput, Headers: [][2]string{}, Summary: err.Error(),
		Rules: none, Reasons: none, Fixes: none, Elsewhere: none, NotJudged: none, Detail: err.Error()}
}
