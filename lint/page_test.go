package lint_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/lint"
)

func TestThePageListsEveryCode(t *testing.T) {
	page, err := os.ReadFile("../docs/lint.md")
	require.NoError(t, err)
	_, table, _ := strings.Cut(string(page), "<!-- codes -->\n")
	table, _, ok := strings.Cut(table, "<!-- /codes -->")
	require.True(t, ok)
	want := "| code | severity | finding |\n|---|---|---|\n"
	for _, code := range lint.Codes() {
		want += fmt.Sprintf("| `%s` | %v | %s |\n", code, code.Severity(), code.Title())
	}
	require.Empty(t, cmp.Diff(want, table))
}
