package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Of every vector, explain -jsonl says what eval -jsonl says, in the same words.
func TestExplainSaysWhatEvalSays(t *testing.T) {
	var lines []byte
	for _, v := range vectorsWith(t, func(v vector) bool { return v.Request != nil }) {
		lines = append(append(lines, v.line...), '\n')
	}
	evaluated, explained := outputOf(t, "eval", lines), outputOf(t, "explain", lines)
	require.Len(t, explained, len(evaluated))
	for i, line := range evaluated {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "{"), "}")
		outcome, rest, _ := strings.Cut(line, `,"rule":`)
		rule, rest, _ := strings.Cut(rest, ",")
		require.Contains(t, explained[i], outcome+`,"rule":`+rule+`,"granted":`)
		require.Contains(t, explained[i], rest+`,"summary":`)
	}
}

// outputOf returns the lines that a verb answers lines with.
func outputOf(t *testing.T, verb string, lines []byte) []string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFine, run([]string{verb, "-jsonl"}, bytes.NewReader(lines), &stdout, &stderr))
	require.Empty(t, stderr.String())
	answers := strings.Split(strings.TrimSpace(stdout.String()), "\n")
	require.NotEmpty(t, answers)
	return answers
}

func TestALineThatAsksNothingIsNotExplained(t *testing.T) {
	for _, line := range []string{"", "x", `{"request":{}}`, `{"request":{"method":"GET"},"fetch":[]}`, `{"request":{"method":"GET"},"fetch":{"read":"ETag"}}`,
		`{"request":{"method":"GET"},"fetch":{"method":1}}`, `{"request":{"method":"GET"},"fetch":{"headers":7}}`, `{"request":{"method":"GET"},"config":7}`,
		`{"request":{"method":"GET"},"fetch":{},"fetch":{}}`} {
		got := outputOf(t, "explain", []byte(line+"\n"))[0]
		require.True(t, strings.HasPrefix(got, `{"schema":1,"kind":null,"outcome":"invalid-input","rule":null,"granted":false,"status":null,"headers":[],"error":null,"summary":"`), got)
		require.Contains(t, got, `"rules":[],"reasons":[],"fixes":[],"browser":null,"elsewhere":[],"notJudged":[],"detail":"`)
	}
}

func TestTheMemberFetchIsHeeded(t *testing.T) {
	const line = `{"config":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}],"request":{"method":"GET","headers":{"Origin":"https://a.example"}},` +
		`"fetch":{"method":"GET","headers":{"Range":["bytes=0-1"],"x-none":null},"credentials":"include","mode":"cors","read":["ETag"],"url":"https://b.example/k"}}`
	got := outputOf(t, "explain", []byte(line))[0]
	require.Contains(t, got, `"browser":{"preflight":false,"passes":true,"readable":false,"headers":[],"why":"credentials-star","console":"Access to fetch at 'https://b.example/k' from origin`)
	got = outputOf(t, "explain", []byte(strings.Replace(line, `"fetch":{`, `"fetch":null,"x":{`, 1)))[0]
	require.Contains(t, got, `"browser":null`)
}
