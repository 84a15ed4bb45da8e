package schema_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/lint"
)

// documents have findings of all severities, problems, names that a URL escapes, and
// characters beyond ASCII.
var documents = map[string]string{
	"cors.json":      `[{"AllowedOrigins":["https://a.b.c/","https://*b.example","*"],"AllowedMethods":["GET","PUT"],"MaxAgeSeconds":-1}]`,
	"dir/ü & x.json": `[{"AllowedOrigins":["https://bücher.example"],"AllowedMethods":["PATCH"]}]`,
	"none.xml":       ``,
	"silent.json":    `[{"AllowedOrigins":["*"],"AllowedMethods":["HEAD"],"MaxAgeSeconds":1}]`,
}

func TestTheLogIsSARIF(t *testing.T) {
	var files []lint.File
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		files = append(files, lint.File{Name: name, Report: lint.Check([]byte(documents[name]), lint.Options{})})
	}
	log, err := lint.SARIF(files)
	require.NoError(t, err)

	require.NoError(t, schema(t).Validate(decode(t, log)))

	for _, harm := range []struct{ from, to string }{
		{`"columnKind"`, `"columnkind"`}, {`"level":"error"`, `"level":"security"`}, {`"startLine":1`, `"startLine":0`}, {`"version":"2.1.0"`, `"version":"2.1"`},
	} {
		harmed := strings.Replace(string(log), harm.from, harm.to, 1)
		require.NotEqual(t, string(log), harmed)
		require.Error(t, schema(t).Validate(decode(t, []byte(harmed))), "%v", harm)
	}
}

// schema returns the schema of OASIS, which the package sarif has in its source, and
// does not export. What that package itself validates is what it makes of a log.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", reflect.TypeFor[sarif.Report]().PkgPath()).Output()
	require.NoError(t, err)
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	require.NoError(t, err)
	literal := file.Scope.Lookup("schema").Decl.(*ast.ValueSpec).Values[0].(*ast.BasicLit)
	text, err := strconv.Unquote(literal.Value)
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("sarif.json", decode(t, []byte(text))))
	compiled, err := compiler.Compile("sarif.json")
	require.NoError(t, err)
	return compiled
}

func decode(t *testing.T, data []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	require.NoError(t, err)
	return v
}

func TestColumnsCountCodePoints(t *testing.T) {
	log, err := lint.SARIF([]lint.File{{Name: "a.json", Report: lint.Check([]byte(`[{"AllowedOrigins":["https://ä.example", "https://a.b.c/"],"AllowedMethods":["HEAD"]}]`), lint.Options{})}})
	require.NoError(t, err)
	require.Contains(t, string(log), `"columnKind":"unicodeCodePoints"`)
	require.Contains(t, string(log), `"region":{"startLine":1,"startColumn":42,"endLine":1,"endColumn":58}`)
}
