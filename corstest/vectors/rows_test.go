//go:build go1.26

package vectors

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheLinkOfARow(t *testing.T) {
	require.Equal(t, "https://github.com/s3cors/s3cors/blob/main/docs/s3-cors.md#1.1-no-allowed-method", Link("1.1/no-allowed-method"))
	require.Equal(t, "https://github.com/s3cors/s3cors/blob/main/docs/ceph-cors.md#ceph-2-overlap", Link("ceph-2/overlap"))
}

func TestEveryRowThatAVectorCitesIsLinkedToItsAnchor(t *testing.T) {
	page := func(name string) string {
		text, err := os.ReadFile("../../docs/" + name)
		require.NoError(t, err)
		return string(text)
	}
	anchors := map[string]string{"s3-cors.md": page("s3-cors.md"), "ceph-cors.md": page("ceph-cors.md")}
	all := allVectors(t)
	for _, v := range all {
		for _, row := range v.Rows {
			name, anchor, _ := strings.Cut(strings.TrimPrefix(Link(row), pages), "#")
			require.Contains(t, anchors[name], `<a id="`+anchor+`"></a>`+"`"+row+"`", "%s: %s", v.ID, row)
		}
	}
}
