//go:build go1.26

package diagnosis

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
)

// TestWithoutADeviationNothingFails holds what the mutants are made of to the vectors.
func TestWithoutADeviationNothingFails(t *testing.T) {
	for name, results := range map[string][]conformance.Result{"the evaluator": inProcess(), "the server": overWire(all)} {
		require.NotEmpty(t, results)
		passed := 0
		for _, r := range results {
			switch r.Verdict {
			case conformance.Pass:
				passed++
			case conformance.Skip:
			default:
				t.Errorf("%s: %s: %s %s %q", name, r.Vector.ID, r.Verdict, r.Reason, r.Diffs)
			}
		}
		require.Greater(t, passed, 400, name)
		require.Empty(t, Diagnose(results), name)
	}
}
