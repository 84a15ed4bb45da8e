//go:build go1.26

package vectors

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// section returns the text of the page under a heading, up to the next one.
func section(t *testing.T, heading string) string {
	t.Helper()
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	_, text, ok := strings.Cut(string(page), "\n"+heading+"\n")
	require.True(t, ok, "the page has no %s", heading)
	text, _, _ = strings.Cut(text, "\n#")
	return text
}

// quoted returns what stands between backquotes and matches, sorted and once each.
func quoted(text, pattern string) []string {
	found := make(map[string]bool)
	for _, match := range regexp.MustCompile("`("+pattern+")`").FindAllStringSubmatch(text, -1) {
		found[match[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestThePageNamesTheRowsThatOthersRestUpon(t *testing.T) {
	require.Equal(t, slices.Sorted(maps.Keys(basic)), quoted(section(t, "## Where to look first"), `\d+(?:\.\d+)?/[a-z-]+`))
}

func TestThePageNamesEveryNeed(t *testing.T) {
	want := make(map[string]bool)
	for _, v := range allVectors(t) {
		for _, need := range v.Needs {
			want[need] = true
		}
	}
	_, list, ok := strings.Cut(section(t, "### Needs"), "| word |")
	require.True(t, ok)
	words, operations, ok := strings.Cut(list, "The operations are")
	require.True(t, ok)
	got := quoted(operations, "[A-Z][A-Za-z]+")
	for line := range strings.Lines(words) {
		if word, ok := strings.CutPrefix(line, "| `"); ok {
			got = append(got, word[:strings.IndexByte(word, '`')])
		}
	}
	require.Equal(t, slices.Sorted(maps.Keys(want)), got)
}

func TestThePageCountsTheRecordings(t *testing.T) {
	counts := make(map[string]int)
	for recording := range recordings(t) {
		source, _, _ := strings.Cut(recording, " ")
		counts[source]++
	}
	pasted := 0
	for source, n := range counts {
		if source != "LS" && source != "SD" {
			pasted += n
		}
	}
	require.Contains(t, section(t, "## What was recorded"), fmt.Sprintf("%d of LS, %d of SD and\n%d that people pasted", counts["LS"], counts["SD"], pasted))
}

// Every member that the reader knows is on the page, and in the schema.
func TestThePageHasEveryMember(t *testing.T) {
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	published, err := os.ReadFile(schema)
	require.NoError(t, err)
	members := slices.Concat(stepMembers, expectedMembers)
	for _, s := range []shape{decisionShape, documentShape, operationShape} {
		members = slices.Concat(members, s.required, s.optional, s.expected, s.maybe)
	}
	require.Greater(t, len(members), 50)
	for _, member := range members {
		require.True(t, strings.Contains(string(page), "| `"+member+"` |"), member)
		require.True(t, strings.Contains(string(published), `"`+member+`": `), member)
	}
}
