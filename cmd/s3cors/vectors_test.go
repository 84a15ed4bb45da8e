package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/printable"
)

const vectorsDirectory = "../../corstest/vectors"

// A vector is a case of the conformance kit, as far as the command can show it.
type vector struct {
	ID       string          `json:"id"`
	Config   json.RawMessage `json:"config"`
	Bucket   string          `json:"bucket"`
	Dialect  string          `json:"dialect"`
	Request  *vectorRequest  `json:"request"`
	Document json.RawMessage `json:"document"`
	IDs      struct {
		Request string `json:"request"`
		Host    string `json:"host"`
	} `json:"ids"`
	Expect json.RawMessage `json:"expect"`

	line []byte // the whole vector, on a line
}

type vectorRequest struct {
	Method  string      `json:"method"`
	Target  string      `json:"target"`
	Headers [][2]string `json:"headers"`

	Subresource string `json:"subresource"`
}

// vectorsWith returns the vectors that want takes; there must be some.
func vectorsWith(t *testing.T, want func(vector) bool) []vector {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(vectorsDirectory, "*.json"))
	require.NoError(t, err)
	var vectors []vector
	for _, name := range names {
		if base := filepath.Base(name); base == "schema.json" || base == "implies.json" {
			continue // which hold no vectors
		}
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		var file struct {
			Vectors []json.RawMessage `json:"vectors"`
		}
		require.NoError(t, json.Unmarshal(data, &file), name)
		for _, raw := range file.Vectors {
			var v vector
			require.NoError(t, json.Unmarshal(raw, &v), name)
			var line bytes.Buffer
			require.NoError(t, json.Compact(&line, raw))
			v.line = line.Bytes()
			if want(v) {
				vectors = append(vectors, v)
			}
		}
	}
	require.NotEmpty(t, vectors)
	return vectors
}

// An s3Answer is S3's error with the order of its elements.
type s3Answer [][2]string

func (a *s3Answer) UnmarshalJSON(data []byte) error {
	return eachMember(data, func(name string, raw json.RawMessage) error {
		var value string
		err := json.Unmarshal(raw, &value)
		*a = append(*a, [2]string{name, value})
		return err
	})
}

// A decision is what a vector expects of a request, and what eval -jsonl prints.
type decision struct {
	Outcome string      `json:"outcome"`
	Rule    *int        `json:"rule"`
	Status  *int        `json:"status"`
	Headers [][2]string `json:"headers"`
	Error   s3Answer    `json:"error"`
	Body    string      `json:"body"` // of vectors alone
}

func TestEvalOfLinesAgreesWithTheVectorsFedAsTheyAre(t *testing.T) {
	vectors := vectorsWith(t, func(v vector) bool { return v.Request != nil })
	var input bytes.Buffer
	for _, v := range vectors {
		input.Write(append(v.line, '\n'))
	}
	lines := strings.Split(strings.TrimSuffix(evalLines(t, &input), "\n"), "\n")
	require.Len(t, lines, len(vectors))
	for i, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			var got, want decision
			require.NoError(t, json.Unmarshal([]byte(lines[i]), &got))
			require.NoError(t, json.Unmarshal(v.Expect, &want))
			want.Body = ""
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestEvalPrintsTheBodiesOfTheVectors(t *testing.T) {
	vectors := vectorsWith(t, func(v vector) bool {
		var want decision
		return json.Unmarshal(v.Expect, &want) == nil && want.Body != "" && canBeSent(v)
	})
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			var want decision
			require.NoError(t, json.Unmarshal(v.Expect, &want))
			var stdout, stderr bytes.Buffer
			status := run(evalArgs(t, v), bytes.NewReader(v.Config), &stdout, &stderr)
			require.Empty(t, stderr.String())
			require.Equal(t, exitRefused, status)
			_, body, found := strings.Cut(stdout.String(), "\n\n")
			require.True(t, found)
			declaration, rest, feeds := strings.Cut(want.Body, "\n")
			if feeds {
				declaration += "\n"
			}
			require.Equal(t, declaration+printable.String(rest)+"\n", body)
		})
	}
}

// canBeSent reports whether HTTP has a way to send the request of a vector.
func canBeSent(v vector) bool {
	for _, field := range v.Request.Headers {
		if strings.ContainsAny(field[1], "\r\n\x00") {
			return false
		}
	}
	return true
}

// dialectOf is what -dialect calls the dialect of a vector.
func dialectOf(v vector) string {
	if v.Dialect == "" {
		return "aws"
	}
	return v.Dialect
}

// evalArgs are the arguments for eval of a vector with field lines of distinct
// names, its configuration on standard input.
func evalArgs(t *testing.T, v vector) []string {
	t.Helper()
	args := []string{"eval", "-dialect", dialectOf(v), "-method", v.Request.Method, "-request-id", v.IDs.Request, "-host-id", v.IDs.Host}
	if string(v.Config) != "null" {
		args = append(args, "-config", "-")
	}
	if v.Bucket == "missing" {
		args = append(args, "-missing-bucket")
	}
	if v.Request.Target != "object" {
		args = append(args, "-"+v.Request.Target)
	}
	flags := map[string]string{
		"origin":                         "-origin",
		"access-control-request-method":  "-request-method",
		"access-control-request-headers": "-request-headers",
	}
	for _, field := range v.Request.Headers {
		name := strings.ToLower(field[0])
		require.NotEmpty(t, flags[name], "%s: eval has no further flag for it", name)
		args = append(args, flags[name], field[1])
		delete(flags, name)
	}
	return args
}

// A documentVerdict is what a vector expects of a document, and what check -json
// prints.
type documentVerdict struct {
	Status   int             `json:"status"`
	Error    s3Answer        `json:"error"`
	Problems []vectorProblem `json:"problems"`
	Config   json.RawMessage `json:"config"`
	XML      *string         `json:"xml"`
	Rules    int             `json:"rules"` // of vectors alone
}

type vectorProblem struct {
	Code   string `json:"code"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func TestCheckAgreesWithTheVectors(t *testing.T) {
	vectors := vectorsWith(t, func(v vector) bool { return v.Document != nil })
	for _, v := range vectors {
		t.Run(v.ID, func(t *testing.T) {
			var want, got documentVerdict
			require.NoError(t, json.Unmarshal(v.Expect, &want))
			var stdout, stderr bytes.Buffer
			status := run([]string{"check", "-json", "-dialect", dialectOf(v), "-"}, strings.NewReader(document(t, v.Document)), &stdout, &stderr)
			require.Empty(t, stderr.String())
			require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
			require.Equal(t, want.Status == 200, status == exitFine)
			compareVerdicts(t, want, got)
		})
	}
}

// compareVerdicts compares what want says; vectors leave out what would be long.
func compareVerdicts(t *testing.T, want, got documentVerdict) {
	t.Helper()
	require.Equal(t, want.Status, got.Status)
	require.Equal(t, want.Error, got.Error)
	if want.Problems != nil {
		require.Len(t, got.Problems, len(want.Problems))
		for i, p := range want.Problems {
			if p.Line == 0 {
				got.Problems[i].Line, got.Problems[i].Column = 0, 0
			}
		}
		require.Equal(t, want.Problems, got.Problems)
	}
	if want.Config != nil {
		require.JSONEq(t, string(want.Config), string(got.Config))
	}
	if want.XML != nil {
		require.Equal(t, want.XML, got.XML)
	}
	if want.Rules != 0 {
		var config struct{ CORSRules []json.RawMessage }
		require.NoError(t, json.Unmarshal(got.Config, &config))
		require.Len(t, config.CORSRules, want.Rules)
	}
}

// document puts the parts of a vector's document together.
func document(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var whole string
	if json.Unmarshal(raw, &whole) == nil {
		return whole
	}
	var parts []json.RawMessage
	require.NoError(t, json.Unmarshal(raw, &parts))
	var b strings.Builder
	for _, part := range parts {
		if json.Unmarshal(part, &whole) == nil {
			b.WriteString(whole)
			continue
		}
		var p struct {
			Repeat string
			Times  int
			Base64 string
		}
		require.NoError(t, json.Unmarshal(part, &p))
		b.WriteString(strings.Repeat(p.Repeat, p.Times))
		data, err := base64.StdEncoding.DecodeString(p.Base64)
		require.NoError(t, err)
		b.Write(data)
	}
	return b.String()
}
