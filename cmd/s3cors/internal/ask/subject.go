package ask

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// Document returns the text of the member config of a line; inLine tells that it stands
// there as JSON, and not in a string.
func Document(config json.RawMessage) (document []byte, inLine bool, err error) {
	switch k := kind(config); k {
	case jsontree.Object, jsontree.Array:
		return config, true, nil
	case jsontree.String:
		decoded, err := text("config", config)
		return []byte(decoded), false, err
	default:
		return nil, false, errors.New("config is " + k.String() + ", not an object, an array or a string")
	}
}

// Subject is what a line of explain -jsonl asks about; q is the Query of that line.
func (q *Query) Subject(line []byte) (explain.Subject, error) {
	members, err := readMembers("the line", line, "fetch")
	if err != nil {
		return explain.Subject{}, err
	}
	s := explain.Subject{NoBucket: q.Missing}
	if q.Config != nil && !q.Missing {
		document, _, err := Document(q.Config)
		if err != nil {
			return s, err
		}
		s = SubjectOf(document, q.Dialect)
	}
	s.Request = q.Request
	if members["fetch"] != nil {
		s.Fetch, err = ReadFetch(members["fetch"])
	}
	return s, err
}

// SubjectOf is what is known of a bucket with a document.
func SubjectOf(data []byte, dialect s3cors.Dialect) explain.Subject {
	option := s3cors.WithDialect(dialect)
	s := explain.Subject{Document: s3cors.ParseDocument(data, option)}
	if len(s.Document.Problems()) == 0 {
		return s
	}
	// What is meant can be explained all the same, if it is a document of another
	// product, or was cut out of one.
	converted, err := convert.Read(data, convert.ReadOptions{Dialect: dialect})
	switch {
	case err == nil && converted.Configuration != nil && converted.Format != convert.JSON && converted.Format != convert.Array && converted.Format != convert.XML:
		s.Configuration = converted.Configuration
	case s.Document.Unreadable():
		s.Configuration = whole(data, option)
	}
	return s
}

// whole returns the configuration of which people cut out a part: members of a rule,
// rules, or a member of the document; nil if it is none of these.
func whole(fragment []byte, option s3cors.Option) *s3cors.Configuration {
	text := bytes.TrimRight(bytes.TrimSpace(fragment), ",")
	for _, around := range []struct{ before, behind string }{{"[{", "}]"}, {"[", "]"}, {"{", "}"}} {
		document := s3cors.ParseDocument(slices.Concat([]byte(around.before), text, []byte(around.behind)), option)
		if c := document.Configuration(); !document.Unreadable() && slices.ContainsFunc(c.CORSRules, isRule) {
			return c
		}
	}
	return nil
}

// isRule reports whether something was read of a rule.
func isRule(rule s3cors.Rule) bool {
	return len(rule.AllowedOrigins) > 0 || len(rule.AllowedMethods) > 0 || len(rule.AllowedHeaders) > 0
}
