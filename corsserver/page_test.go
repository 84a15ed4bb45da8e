package corsserver_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unindented returns the lines of a text without the tabs before them.
func unindented(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimLeft(line, "\t"))
	}
	return strings.Join(lines, "")
}

func TestTheGoOfThePageOnMigratingIsThatOfTheExamples(t *testing.T) {
	page, err := os.ReadFile("../docs/migrating.md")
	require.NoError(t, err)
	examples, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(string(page), -1)
	require.Len(t, blocks, 2)
	for _, block := range blocks {
		require.Contains(t, unindented(string(examples)), unindented(block[1]))
	}
}

func TestTheRowsOfThePageOnMigratingExist(t *testing.T) {
	page, err := os.ReadFile("../docs/migrating.md")
	require.NoError(t, err)
	facts, err := os.ReadFile("../docs/s3-cors.md")
	require.NoError(t, err)
	rows := regexp.MustCompile("`(\\d+(\\.\\d+)?/[a-z0-9-]+)`").FindAllStringSubmatch(string(page), -1)
	require.NotEmpty(t, rows)
	for _, row := range rows {
		require.True(t, strings.Contains(string(facts), "`"+row[1]+"` |"), row[1])
	}
}
