// Package examples holds nothing but this check on the examples below it.
package examples

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Glue that takes more than a screen is a program, and no example.
func TestNoFunctionOfAnExampleHasThirtyLines(t *testing.T) {
	checked := map[string]bool{} // directories
	err := filepath.WalkDir(".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") ||
			strings.HasPrefix(path, "internal") {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, 0)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				checked[filepath.ToSlash(filepath.Dir(path))] = true
				lines := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1
				require.Less(t, lines, 30, "%s: %s", path, f.Name.Name)
			}
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{
		"chi": true, "cluster": true, "convert/awssdk": true, "convert/miniogo": true, "echo": true, "fiber": true, "gin": true,
		"reverseproxy": true, "servemux": true, "servemux-wrong": true,
	}, checked)
}
