package dialects

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func TestThePageIsMadeFromTheVectors(t *testing.T) {
	want, err := Page()
	require.NoError(t, err)
	got, err := os.ReadFile("../../docs/dialects.md")
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(want, string(got)), "go run ./internal/dialects/page makes it anew")
}

func TestThePageShowsMostRows(t *testing.T) {
	page, err := Page()
	require.NoError(t, err)
	require.Greater(t, strings.Count(page, "\n## "), 40)
	require.Contains(t, page, "## [ceph-2/rule-by-origin](ceph-cors.md#ceph-2-rule-by-origin)\n")
}
