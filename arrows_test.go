package s3cors_test

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// layers are the files of the package from the roof down: each uses what stands in
// files further down, and nothing in those further up or beside it, but for the
// policy and its decision, which use each other. A reader who begins below
// needs to know nothing of what comes above.
var layers = [][]string{
	{"doc.go"},
	{"document.go", "marshal.go"},
	{"cause.go"},
	{"fields.go"},
	{"cors.go decision.go"},
	{"json.go"}, // the size of a document in JSON is that of its XML
	{"xml.go"},
	{"foreign.go"},
	{"reader.go"},
	{"lines.go", "rule.go"},
	{"request.go", "finding.go"},
	{"sentence.go"},
	{"problem.go"},
	{"error.go"},
	{"option.go"},
	{"dialect.go"},
	{"names.go"},
	{"place.go", "spelling.go", "header.go", "method.go", "match.go"},
	{"few.go"},
	{"index.go"},
	{"ruleset.go", "word.go"},
}

// uses returns, for each file of the package, the files whose declarations it
// names.
func uses(t *testing.T) map[string][]string {
	t.Helper()
	files := token.NewFileSet()
	names, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var parsed []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(files, name, nil, 0)
		require.NoError(t, err)
		parsed = append(parsed, file)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	config := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	pkg, err := config.Check(module, files, parsed, info)
	require.NoError(t, err)

	used := make(map[string][]string)
	name := func(p token.Pos) string { return filepath.Base(files.Position(p).Filename) }
	for _, f := range parsed {
		used[name(f.Package)] = nil
	}
	for ident, object := range info.Uses {
		from, to := name(ident.Pos()), ""
		if object.Pkg() == pkg && !isLocal(object) {
			to = name(object.Pos())
		}
		if to != "" && to != from && !slices.Contains(used[from], to) {
			used[from] = append(used[from], to)
		}
	}
	return used
}

// isLocal reports whether an object is declared inside of a function.
func isLocal(object types.Object) bool {
	scope := object.Parent()
	return scope != nil && scope != object.Pkg().Scope()
}

func TestArrowsBetweenFilesPointDownwards(t *testing.T) {
	if underRace {
		t.Skip("it has one goroutine, and is held without the race detector")
	}
	depth := make(map[string]int)
	partner := make(map[string]string)
	for i, layer := range layers {
		for _, group := range layer {
			for _, file := range strings.Fields(group) {
				depth[file], partner[file] = i, group
			}
		}
	}
	used := uses(t)
	require.Empty(t, cmp.Diff(slices.Sorted(maps.Keys(depth)), slices.Sorted(maps.Keys(used))))
	arrows := 0
	var wrong []string
	for from, tos := range used {
		for _, to := range tos {
			arrows++
			if partner[from] != partner[to] && depth[from] >= depth[to] {
				wrong = append(wrong, from+" uses "+to)
			}
		}
	}
	require.Empty(t, wrong)
	require.Greater(t, arrows, len(depth))
}
