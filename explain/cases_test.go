package explain_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

var update = flag.Bool("update", false, "write testdata/cases.json and testdata/cases.txt anew, for review")

// A testCase is somebody in trouble: a document and a request, and what he has to be told.
// The codes have their paths behind them, and fix tells which rule the first fix changes.
type testCase struct {
	Title    string         `json:"title"`
	Dialect  string         `json:"dialect,omitempty"`
	Document string         `json:"document"`
	Request  [4]string      `json:"request"` // method, origin, method and headers that are requested
	Target   string         `json:"target"`
	Fetch    *explain.Fetch `json:"fetch,omitempty"`

	Outcome string   `json:"outcome"`
	Reasons []string `json:"reasons"`
	Fix     string   `json:"fix,omitempty"`
	First   string   `json:"first,omitempty"` // what to look at elsewhere first
}

func (c *testCase) subject(t *testing.T) (explain.Subject, s3cors.Option) {
	t.Helper()
	var dialect s3cors.Dialect
	if c.Dialect != "" {
		require.NoError(t, dialect.UnmarshalText([]byte(c.Dialect)))
	}
	option := s3cors.WithDialect(dialect)
	s := explain.Subject{Fetch: c.Fetch, Request: s3cors.Request{Method: c.Request[0], Origin: c.Request[1],
		RequestMethod: c.Request[2], RequestHeaders: c.Request[3], Target: targets[c.Target]}}
	if c.Document != "" {
		s.Document = s3cors.ParseDocument([]byte(c.Document), option)
		if s.Document.Problems() == nil { // the laws are about configurations
			s.Configuration = s.Document.Configuration()
		}
	}
	return s, option
}

func readCases(t *testing.T) []testCase {
	t.Helper()
	data, err := os.ReadFile("testdata/cases.json")
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	var cases []testCase
	require.NoError(t, decoder.Decode(&cases))
	require.NotEmpty(t, cases)
	return cases
}

// TestPeopleInTroubleAreToldWhy holds what is told to the codes and places of each case,
// and the first fix to what it promises; requireLaws applies it.
func TestPeopleInTroubleAreToldWhy(t *testing.T) {
	cases := readCases(t)
	for i := range cases {
		c := &cases[i]
		t.Run(c.Title, func(t *testing.T) {
			s, option := c.subject(t)
			e := explain.Explain(s, option)
			if s.Configuration != nil || s.Document == nil {
				requireLaws(t, s, option)
			}
			told := *c
			told.Outcome, told.Reasons, told.Fix, told.First = e.Outcome, []string{}, "", ""
			for _, r := range e.Reasons {
				if r.Code == explain.DocumentRefused { // whose words are those of the root package
					told.Reasons = slices.Compact(append(told.Reasons, string(r.Code)))
					continue
				}
				told.Reasons = append(told.Reasons, strings.TrimSpace(string(r.Code)+" "+r.Path))
			}
			if len(e.Fixes) > 0 {
				told.Fix = e.Fixes[0].Text
			}
			if len(e.Elsewhere) > 0 {
				told.First = string(e.Elsewhere[0].Code)
			}
			if *update {
				*c = told
				return
			}
			require.Empty(t, cmp.Diff(*c, told))
		})
	}
	if *update {
		write(t, "testdata/cases.json", encodeCases(t, cases))
	}
}

// TestTheTextOfAllCases compares the texts with a transcript, which is there to be read.
func TestTheTextOfAllCases(t *testing.T) {
	var b strings.Builder
	for _, c := range readCases(t) {
		s, option := c.subject(t)
		if s.Document != nil && s.Configuration == nil {
			continue
		}
		text, _, _ := strings.Cut(explain.Explain(s, option).Text(false), "\nlook elsewhere\n")
		text, _, _ = strings.Cut(text, "\nnot judged\n") // which are the same for many
		fmt.Fprintf(&b, "### %s\n%s\n%s\n\n%s\n", c.Title, strings.TrimSpace(strings.Join(c.Request[:], " ")), c.Document, text)
	}
	if *update {
		write(t, "testdata/cases.txt", []byte(b.String()))
		return
	}
	golden, err := os.ReadFile("testdata/cases.txt")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(golden), b.String()))
}

func encodeCases(t *testing.T, cases []testCase) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("[\n")
	for i := range cases {
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		require.NoError(t, encoder.Encode(cases[i]))
		if i < len(cases)-1 {
			b.Truncate(b.Len() - 1)
			b.WriteString(",\n")
		}
	}
	b.WriteString("]\n")
	return b.Bytes()
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(name, data, 0o644))
}
