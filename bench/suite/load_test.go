package suite

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestManyBucketsAreMeasured judges what does not depend on the machine: the order of what
// fleets hold, and that everything asked for was done.
func TestManyBucketsAreMeasured(t *testing.T) {
	r, err := MeasureLoad(Load{Buckets: 2000, Replaced: 500, Paced: 50 * time.Millisecond})
	require.NoError(t, err)
	var names []string
	var buckets []int
	each := make(map[string]int)
	for _, f := range r.Fleets {
		buckets = append(buckets, f.Buckets)
		names = append(names, f.Name)
		each[f.Name] = f.Bytes / f.Buckets
	}
	require.Equal(t, []string{"no configuration", "the same small document everywhere", "a small document of its own", "the mix"}, names)
	require.Equal(t, []int{400, 400, 400, 2000}, buckets)
	require.Greater(t, each["no configuration"], 100)
	require.Greater(t, each["a small document of its own"], each["no configuration"])
	require.Greater(t, each["the mix"], each["a small document of its own"])
	require.Less(t, each["the mix"], 4096)
	require.Greater(t, r.Change.Allocated, 1000)
	require.Positive(t, r.Change.Processor)
	require.Positive(t, r.Collection)
	require.Positive(t, r.Pause)
	require.NotEmpty(t, r.Lookups)
	require.IsNonDecreasing(t, r.Lookups)
}

func TestAChangeIsAnotherConfigurationOfTheSameBucket(t *testing.T) {
	for _, f := range fleets() {
		if f.name == "the mix" {
			require.NotEqual(t, f.rules(7, 0), f.rules(7, 1))
			require.NotEqual(t, f.rules(7, 0), f.rules(8, 0))
			require.Equal(t, f.rules(7, 0), f.rules(7, 0))
		}
	}
}
