package lint_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/lint"
)

// FuzzCheck looks at documents of all kinds: whatever they hold, findings stand in the
// document, all problems are told, and a fix is the document or one that reads as well.
func FuzzCheck(f *testing.F) {
	all, err := vectors.All()
	require.NoError(f, err)
	for _, v := range all {
		switch {
		case len(v.Document) > 0 && len(v.Document) < 4096:
			f.Add(v.Document)
		case len(v.Config) > 0 && len(v.Config) < 1024:
			f.Add(v.Config)
		}
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		if len(document) > 1<<16 {
			return // what is longer is refused for that
		}
		for _, dialect := range dialects {
			opts := lint.Options{Dialect: dialect, Profiles: []lint.Profile{lint.Strict, lint.Portable}}
			report := lint.Check(document, opts)
			refused := false
			for _, finding := range report.Findings {
				refused = refused || finding.Row != ""
				require.NotEmpty(t, finding.Code.Title())
				require.NotEmpty(t, finding.Message)
				require.LessOrEqual(t, finding.Start.Offset, finding.End.Offset)
				require.LessOrEqual(t, finding.End.Offset, len(document))
			}
			require.Equal(t, len(report.Problems) > 0, refused || report.More > 0 && len(report.Problems) > 0)
			fixed, err := lint.Fix(document, report.Findings, opts)
			if errors.Is(err, lint.ErrNotInPlace) {
				continue
			}
			require.NoError(t, err)
			if len(report.Problems) == 0 {
				_, err := s3cors.Parse(fixed, s3cors.WithDialect(dialect))
				require.NoError(t, err, "%q", fixed)
			}
		}
	})
}
