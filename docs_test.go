package s3cors_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// A docRow is a row of docs/s3-cors.md.
type docRow struct {
	id       string
	noVector bool     // it says that no vector shows it,
	reason   string   // and why
	see      []string // the rows that state what it once stated; nil if it states a fact
}

var (
	tableRow = regexp.MustCompile("^\\| (?:<a id=\"([^\"]*)\"></a>)?`([^`]+)` \\| ([^|]*)")
	rowID    = regexp.MustCompile(`^(ceph-)?\d+(\.\d+)?/[a-z0-9]+(-[a-z0-9]+)*$`)
	quotedID = regexp.MustCompile("`((?:ceph-)?\\d+(?:\\.\\d+)?/[a-z][a-z0-9-]*)`")
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
		row := docRow{id: cells[2]}
		if strings.HasPrefix(cells[3], "See ") {
			for _, id := range quotedID.FindAllStringSubmatch(cells[3], -1) {
				row.see = append(row.see, id[1])
			}
		}
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

// facts returns the ids of the rows that state a fact: those to be cited.
func facts(t *testing.T) map[string]bool {
	t.Helper()
	ids := make(map[string]bool)
	for _, row := range docRows(t) {
		if row.see == nil {
			ids[row.id] = true
		}
	}
	return ids
}

// anchorOf is the anchor of the row with that id, as the page says.
func anchorOf(id string) string { return strings.Replace(id, "/", "-", 1) }

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
			require.True(t, strings.HasPrefix(cells[2], section+"/"), "%s stands in section %s", cells[2], section)
		}
	}
	require.NotEmpty(t, section)
}

func TestEveryRowHasOneAnchorMadeOfItsID(t *testing.T) {
	anchor := regexp.MustCompile(`\b(?:id|name)="`)
	linked := regexp.MustCompile(`\(#([^)]*)\)`)
	anchors := make(map[string]bool)
	for i, line := range docLines(t) {
		cells := tableRow.FindStringSubmatch(line)
		if cells == nil {
			require.NotRegexp(t, anchor, line, "line %d has an anchor and is no row", i+1)
			continue
		}
		require.Equal(t, anchorOf(cells[2]), cells[1], "line %d: a row begins with | <a id=\"…\"></a>`…` |", i+1)
		require.Len(t, anchor.FindAllString(line, -1), 1, "line %d", i+1)
		require.False(t, anchors[cells[1]], "the anchor %s stands twice", cells[1])
		anchors[cells[1]] = true
	}
	found := linked.FindAllStringSubmatch(strings.Join(docLines(t), "\n"), -1)
	require.NotEmpty(t, found, "the page does not say how a row is linked to")
	for _, link := range found {
		require.True(t, anchors[link[1]], "there is no anchor %s", link[1])
	}
}

func TestARowThatStatesNoFactNamesThoseThatDo(t *testing.T) {
	known, found := facts(t), 0
	whole := regexp.MustCompile("\\| See `[^`]+`((, `[^`]+`)* and `[^`]+`)? \\| – \\| – \\|$")
	for _, line := range docLines(t) {
		if strings.Contains(line, "| See ") {
			require.Regexp(t, whole, line)
		}
	}
	for _, row := range docRows(t) {
		for _, id := range row.see {
			found++
			require.True(t, known[id], "%s names %s, which states no fact", row.id, id)
		}
	}
	require.NotZero(t, found)
}

// Programs go by Problem.Row, and so may link to it.
func TestEveryRowThatAProblemNamesStatesAFact(t *testing.T) {
	known, found := facts(t), make(map[string]bool)
	for _, file := range sources(t) {
		if strings.Contains(file, "/") {
			continue // the root package alone makes problems
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			literal, ok := n.(*ast.BasicLit)
			if !ok || literal.Kind != token.STRING {
				return true
			}
			text, err := strconv.Unquote(literal.Value)
			require.NoError(t, err)
			if rowID.MatchString(text) {
				require.True(t, known[text], "%s: %s is no row that states a fact", file, text)
				found[text] = true
			}
			return true
		})
	}
	for _, v := range documentVectors(t) {
		for _, p := range s3cors.ParseDocument(v.Document).Problems() {
			require.True(t, found[p.Row], "%s: %q", v.ID, p.Row)
		}
	}
	require.Greater(t, len(found), 20)
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
		case row.see != nil && shown[row.id]:
			t.Errorf("%s states no fact, and a vector cites it: cite %v", row.id, row.see)
		case row.see != nil:
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
	for i, line := range docLines(t) {
		for _, match := range quotedID.FindAllStringSubmatch(line, -1) {
			found++
			if !ids[match[1]] {
				t.Errorf("line %d: there is no row %s", i+1, match[1])
			}
		}
	}
	require.Greater(t, found, len(ids), "the page does not refer to its rows")
}

func TestEveryRowThatACommentCitesStatesAFact(t *testing.T) {
	ids, found := facts(t), 0
	for _, file := range sources(t) {
		for _, c := range comments(t, file) {
			for _, id := range citation.FindAllString(c.text, -1) {
				found++
				if !ids[id] {
					t.Errorf("%s:%d: no row %s states a fact", file, c.line, id)
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

// Ids of rows are for who reads the code: exported documentation says the fact.
func TestExportedDocumentationSaysFactsAndNotTheirIDs(t *testing.T) {
	quoted := regexp.MustCompile(`"[^"]*"`) // an example of Problem.Row is none
	found := 0
	for _, file := range sources(t) {
		if dir := filepath.Dir(file); !slices.Contains([]string{".", "corshttp", "corsserver", "corsfasthttp"}, dir) {
			continue
		}
		for _, text := range exportedDocs(t, file) {
			found++
			if id := citation.FindString(quoted.ReplaceAllString(text, "")); id != "" {
				t.Errorf("%s: exported documentation cites %s: %s", file, id, text)
			}
		}
	}
	require.Greater(t, found, 150)
}

// exportedDocs returns what "go doc" shows of a file.
func exportedDocs(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	require.NoError(t, err)
	var texts []string
	show := func(groups ...*ast.CommentGroup) {
		for _, group := range groups {
			if group != nil {
				texts = append(texts, group.Text())
			}
		}
	}
	show(parsed.Doc)
	ast.FileExports(parsed)
	for _, declaration := range parsed.Decls {
		ast.Inspect(declaration, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				show(n.Doc)
			case *ast.GenDecl:
				show(n.Doc)
			case *ast.TypeSpec:
				show(n.Doc, n.Comment)
			case *ast.ValueSpec:
				show(n.Doc, n.Comment)
			case *ast.Field:
				show(n.Doc, n.Comment)
			}
			return true
		})
	}
	return texts
}
