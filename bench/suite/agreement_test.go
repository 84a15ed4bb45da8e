package suite_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/bench/suite"
)

// TestEveryEngineGivesTheVerdictOfS3OrIsKnownNotTo compares what all engines say
// of all workloads before anybody looks at a time.
func TestEveryEngineGivesTheVerdictOfS3OrIsKnownNotTo(t *testing.T) {
	seen := make(map[string]bool)
	for _, f := range suite.Families() {
		for _, c := range f.Cases {
			t.Run(c.Key(), func(t *testing.T) {
				known := suite.Differs(&c)
				want := 0
				if c.Granted == (known == nil) {
					want = 1
				}
				require.Equal(t, want, c.Prepare()(1), "granted requests out of one")
				if known == nil {
					return
				}
				require.Equal(t, map[bool]string{true: "refuses", false: "grants"}[c.Granted], known.Does)
				seen[c.Key()] = true
			})
		}
	}
	require.NotEmpty(t, seen, "no difference was seen at all")
	for _, d := range suite.Differences() {
		for _, workload := range d.Workloads {
			c := suite.Case{Family: d.Family, Workload: workload, Engine: d.Engine}
			require.True(t, seen[c.Key()], "a difference is listed for %s, which is no case", c.Key())
		}
	}
}

// TestEveryCaseHasANameOfItsOwn guards the report, which finds times by name.
func TestEveryCaseHasANameOfItsOwn(t *testing.T) {
	var keys []string
	for _, f := range suite.Families() {
		for _, c := range f.Cases {
			keys = append(keys, c.Key())
		}
	}
	require.NotEmpty(t, keys)
	slices.Sort(keys)
	require.Equal(t, slices.Compact(slices.Clone(keys)), keys)
}
