package s3cors_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A docRow is a row of docs/s3-cors.md.
type docRow struct {
	id       string
	noVector bool   // it says that no vector shows it,
	reason   string // and why
}

var (
	tableRow = regexp.MustCompile("^\\| (?:<a id=\"[^\"]*\"></a>)?`([^`]+)` \\|")
	rowID    = regexp.MustCompile(`^(ceph-)?\d+(\.\d+)?/[a-z0-9]+(-[a-z0-9]+)*$`)
	noVector = regexp.MustCompile(`\(no vector:([^)]*)\)`)
	legend   = regexp.MustCompile(`^\| (A|A-q|A-m|B|C\+|C|D|E) \|`)
	citation = regexp.MustCompile(`\b(ceph-)?\d+(\.\d+)?/[a-z][a-z0-9-]+\b`)
)

// docLines are the lines of the pages that state what S3 does, and what Ceph does
// otherwise.
func docLines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, name := range []string{"docs/s3-cors.md", "docs/ceph-cors.md"} {
		page, err := os.ReadFile(name)
		require.NoError(t, err)
		lines = append(lines, strings.Split(string(page), "\n")...)
	}
	return lines
}

func docRows(t *testing.T) []docRow {
	t.Helper()
	var rows []docRow
	for _, line := range docLines(t) {
		cells := tableRow.FindStringSubmatch(line)
		if cells == nil {
			continue
		}
		row := docRow{id: cells[1]}
		if reason := noVector.FindStringSubmatch(line); reason != nil {
			row.noVector, row.reason = true, strings.TrimSpace(reason[1])
		}
		rows = append(rows, row)
	}
	require.NotEmpty(t, rows, "the page has no rows")
	return rows
}

// rowIDs returns the ids of all rows as a set.
func rowIDs(t *testing.T) map[string]bool {
	t.Helper()
	ids := make(map[string]bool)
	for _, row := range docRows(t) {
		ids[row.id] = true
	}
	return ids
}

func TestEveryRowHasAnIDOfItsOwn(t *testing.T) {
	seen := make(map[string]bool)
	for _, row := range docRows(t) {
		require.Regexp(t, rowID, row.id)
		require.False(t, seen[row.id], "%s stands twice", row.id)
		seen[row.id] = true
	}
}

func TestEveryRowStandsInItsSection(t *testing.T) {
	heading := regexp.MustCompile(`^###? ((?:ceph-)?\d+(\.\d+)?) `)
	section := ""
	for _, line := range docLines(t) {
		if number := heading.FindStringSubmatch(line); number != nil {
			section = number[1]
		}
		if cells := tableRow.FindStringSubmatch(line); cells != nil {
			require.True(t, strings.HasPrefix(cells[1], section+"/"), "%s stands in section %s", cells[1], section)
		}
	}
	require.NotEmpty(t, section)
}

func TestEveryRowIsShownByAVectorOrSaysWhyNot(t *testing.T) {
	shown := make(map[string]bool)
	for _, v := range allVectors(t) {
		for _, id := range v.Rows {
			shown[id] = true
		}
	}
	for _, row := range docRows(t) {
		switch {
		case row.noVector && shown[row.id]:
			t.Errorf("%s says that no vector shows it, and one does", row.id)
		case row.noVector && row.reason == "":
			t.Errorf("%s does not say why no vector shows it", row.id)
		case !row.noVector && !shown[row.id]:
			t.Errorf("%s is shown by no vector", row.id)
		}
	}
}

func TestEveryVectorCitesRowsThatExist(t *testing.T) {
	ids := rowIDs(t)
	for _, v := range allVectors(t) {
		for i, id := range v.Rows {
			require.True(t, ids[id], "%s: %s: there is no row %s", v.File, v.ID, id)
			require.NotContains(t, v.Rows[:i], id, "%s: %s", v.File, v.ID)
		}
	}
}

func TestEveryVectorHasAGradeOfTheLegend(t *testing.T) {
	var grades []string
	for _, line := range docLines(t) {
		if grade := legend.FindStringSubmatch(line); grade != nil {
			grades = append(grades, grade[1])
		}
	}
	require.Equal(t, []string{"A", "A-q", "A-m", "B", "C+", "C", "D", "E"}, grades)
	for _, v := range allVectors(t) {
		require.Contains(t, grades, v.Grade, v.ID)
	}
}

func TestEveryRowThatThePageRefersToExists(t *testing.T) {
	ids, found := rowIDs(t), 0
	quoted := regexp.MustCompile("`((?:ceph-)?\\d+(\\.\\d+)?/[a-z][a-z0-9-]*)`")
	for i, line := range docLines(t) {
		for _, match := range quoted.FindAllStringSubmatch(line, -1) {
			found++
			if !ids[match[1]] {
				t.Errorf("line %d: there is no row %s", i+1, match[1])
			}
		}
	}
	require.Greater(t, found, len(ids), "the page does not refer to its rows")
}

func TestEveryRowThatACommentCitesExists(t *testing.T) {
	ids, found := rowIDs(t), 0
	for _, file := range sources(t) {
		for _, c := range comments(t, file) {
			for _, id := range citation.FindAllString(c.text, -1) {
				found++
				if !ids[id] {
					t.Errorf("%s:%d: there is no row %s", file, c.line, id)
				}
			}
		}
	}
	require.Greater(t, found, 50, "comments cite no rows")
}

// sources returns the Go files of the repository that are no tests.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(entry.Name(), ".") && path != "."
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (hidden || entry.Name() == "testdata"):
			return fs.SkipDir
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			files = append(files, path)
		}
		return nil
	})
	require.NoError(t, err)
	require.True(t, slices.Contains(files, "cors.go"))
	return files
}

type comment struct {
	line int
	text string
}

func comments(t *testing.T, file string) []comment {
	t.Helper()
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.ParseComments)
	require.NoError(t, err)
	var all []comment
	for _, group := range parsed.Comments {
		for _, c := range group.List {
			all = append(all, comment{set.Position(c.Pos()).Line, c.Text})
		}
	}
	return all
}
