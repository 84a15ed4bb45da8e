package suite

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheLargestDocumentFillsWhatS3Takes(t *testing.T) {
	documents := documents()
	size := len(documents[len(documents)-1].xml())
	require.Greater(t, size, 64_000)
	require.LessOrEqual(t, size, 65_536)
}

// TestAPolicyHoldsLittleMoreThanItsDocument judges bytes of heap, which are the
// same in every run but for what the runtime keeps itself.
func TestAPolicyHoldsLittleMoreThanItsDocument(t *testing.T) {
	holdings := Holdings()
	require.Len(t, holdings, 3)
	for _, h := range holdings {
		t.Run(h.Document, func(t *testing.T) {
			require.Less(t, h.Policy, max(4096, 8*h.Size), "a document of %d bytes", h.Size)
			require.NotZero(t, h.Configuration)
			require.NotZero(t, h.Versity)
		})
	}
}
