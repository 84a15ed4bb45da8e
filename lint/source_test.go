package lint_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/lint"
)

// sourceOf is a document of a made-up format: one rule with "from" and "by".
func sourceOf(text string) lint.Source {
	read := func(data []byte) *s3cors.Configuration {
		var d struct{ From, By, With []string }
		if json.Unmarshal(data, &d) != nil {
			return nil
		}
		return &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: d.From, AllowedMethods: d.By, AllowedHeaders: d.With}}}
	}
	return lint.Source{
		Data: []byte(text), Configuration: read([]byte(text)), Read: read,
		NameOf: func(member string) string { return map[string]string{"AllowedHeaders": "with"}[member] },
		Offsets: func(path string) (start, end int, ok bool) {
			value := map[string]string{"CORSRules[0]": text, "CORSRules[0].AllowedOrigins[0]": `"https://a.example/"`}[path]
			start = bytes.Index([]byte(text), []byte(value))
			return start, start + len(value), value != "" && start >= 0
		},
	}
}

// findingsOf are the findings of a code.
func findingsOf(t *testing.T, c *s3cors.Configuration, code lint.Code) []lint.Finding {
	t.Helper()
	var all []lint.Finding
	for _, f := range lint.CheckConfiguration(c, lint.Options{}).Findings {
		if f.Code == code {
			all = append(all, f)
		}
	}
	require.NotEmpty(t, all)
	return all
}

func TestADocumentOfAnotherFormatIsChangedInPlace(t *testing.T) {
	s := sourceOf(`{"from": ["https://a.example/"], "by": ["PUT"]}`)
	slash, headers := findingsOf(t, s.Configuration, lint.OriginPath), findingsOf(t, s.Configuration, lint.WritesWithoutHeaders)
	fixed, err := lint.FixSource(s, append(slash, headers...))
	require.NoError(t, err)
	require.Equal(t, `{"from": ["https://a.example"], "by": ["PUT"], "with": ["content-type"]}`, string(fixed))

	changed := lint.Apply(s.Configuration, append(slash, headers...))
	require.Equal(t, []string{"content-type"}, changed.CORSRules[0].AllowedHeaders)
	require.Equal(t, []string{"https://a.example/"}, s.Configuration.CORSRules[0].AllowedOrigins, "it stays as it is")

	fixed, err = lint.FixSource(s, nil)
	require.NoError(t, err)
	require.Equal(t, s.Data, fixed)
}

func TestWhatDoesNotReadAsItWasMeantIsNotChanged(t *testing.T) {
	s := sourceOf(`{"from": ["https://a.example/"], "by": ["PUT"]}`)
	exposed := findingsOf(t, s.Configuration, lint.ETagNotExposed) // for which the format has no name
	_, err := lint.FixSource(s, exposed)
	require.ErrorIs(t, err, lint.ErrNotInPlace)

	slash := findingsOf(t, s.Configuration, lint.OriginPath)
	s.Read = func([]byte) *s3cors.Configuration { return nil }
	_, err = lint.FixSource(s, slash)
	require.ErrorIs(t, err, lint.ErrNotInPlace)
}
