//go:build go1.26

package vectors

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// recordings returns the exchanges that were recorded from S3, each with the ids of
// the vectors that repeat it; "- reason" is no id.
func recordings(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/recordings.txt")
	require.NoError(t, err)
	all := make(map[string][]string)
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		recording, id, ok := strings.Cut(strings.TrimSpace(line), "\t")
		require.True(t, ok, line)
		all[recording] = append(all[recording], id)
	}
	return all
}

func TestEveryRecordingIsAVector(t *testing.T) {
	all := allVectors(t)
	sources := make(map[string]string)
	for _, v := range all {
		sources[v.ID] = v.Source
	}
	left := 0
	for recording, ids := range recordings(t) {
		for _, id := range ids {
			if reason, ok := strings.CutPrefix(id, "- "); ok {
				left++
				require.NotEmpty(t, reason)
				continue
			}
			require.Equal(t, recording, sources[id], id)
		}
	}
	require.Equal(t, 1, left)
}

func TestEveryVectorOfARecordingSaysWhich(t *testing.T) {
	all := allVectors(t)
	listed := recordings(t)
	for _, v := range all {
		if strings.HasPrefix(v.File, "recorded") {
			require.Contains(t, listed[v.Source], v.ID)
			require.True(t, strings.HasPrefix(v.Grade, "A"), "%s: what was recorded has the grade A", v.ID)
		}
	}
}

func TestTheNumberOfRecordings(t *testing.T) {
	got := make(map[string]int)
	for recording := range recordings(t) {
		source, _, _ := strings.Cut(recording, " ")
		got[source]++
	}
	require.Equal(t, map[string]int{"LS": 47, "SD": 117, "VGI": 5, "gist": 1, "other": 3}, got)
}
