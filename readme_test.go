//go:build go1.26

package s3cors_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever copies Go from a page has to get what compiles: a program, or functions.

// A goBlock is a block of Go on a page.
type goBlock struct {
	page string
	line int // of the page, where the block begins
	text string
}

// goBlocks returns the blocks of a page.
func goBlocks(t *testing.T, page string) []goBlock {
	t.Helper()
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	var blocks []goBlock
	inside := false
	for i, line := range strings.SplitAfter(string(text), "\n") {
		switch {
		case !inside && line == "```go\n":
			inside = true
			blocks = append(blocks, goBlock{page: page, line: i + 2})
		case inside && line == "```\n":
			inside = false
		case inside:
			blocks[len(blocks)-1].text += line
		}
	}
	require.False(t, inside, "%s: a block does not end", page)
	return blocks
}

// fragmentImports are the packages that functions on a page may use.
var fragmentImports = map[string]string{"s3cors": module, "http": "net/http"}

// source returns the block as a file whose errors name the page.
func (b *goBlock) source() string {
	at := fmt.Sprintf("//line %s:%d\n%s", b.page, b.line, b.text)
	if strings.HasPrefix(b.text, "package ") {
		return at
	}
	head := "package fragment\n"
	for name, path := range fragmentImports {
		if regexp.MustCompile(`\b` + name + `\.`).MatchString(b.text) {
			head += fmt.Sprintf("import %s %q\n", name, path)
		}
	}
	return head + at
}

// compileBlocks compiles blocks in the module that dir is.
func compileBlocks(t *testing.T, dir string, blocks []goBlock) {
	t.Helper()
	for i := range blocks {
		sub := filepath.Join(dir, fmt.Sprint("block", i))
		require.NoError(t, os.Mkdir(sub, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(sub, "block.go"), []byte(blocks[i].source()), 0o600))
	}
	for _, args := range [][]string{{"vet", "./..."}, {"build", "-o", os.DevNull, "./..."}} {
		out, err := run(dir, "go", args...)
		require.NoError(t, err, out)
	}
}

// run runs a command in a directory, where the network is of no use to it.
func run(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// goLine is the line of go.mod with the oldest Go.
func goLine(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("go.mod")
	require.NoError(t, err)
	line := regexp.MustCompile(`(?m)^go \d.*$`).FindString(string(text))
	require.NotEmpty(t, line)
	return line
}

func TestTheGoOnThePagesCompiles(t *testing.T) {
	if underRace {
		t.Skip("it has one goroutine, and is held without the race detector")
	}
	root, err := os.Getwd()
	require.NoError(t, err)
	for page, count := range map[string]int{"README.md": 3, "docs/embedding-nethttp.md": 1, "docs/embedding-your-own.md": 1, "docs/scale.md": 4} {
		t.Run(page, func(t *testing.T) {
			blocks := goBlocks(t, page)
			require.Len(t, blocks, count)
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), fmt.Appendf(nil,
				"module example.com/page\n\n%s\n\nrequire %s v0.0.0\n\nreplace %[2]s => %s\n", goLine(t), module, root), 0o600))
			compileBlocks(t, dir, blocks)
		})
	}
}

// The page on fasthttp needs the module of its adapter, and what that needs.
func TestTheGoOnThePageOnFasthttpCompiles(t *testing.T) {
	const page, adapter = "docs/embedding-fasthttp.md", "corsfasthttp"
	if out, err := exec.Command("go", "mod", "download", "-C", adapter).CombinedOutput(); err != nil {
		require.Empty(t, os.Getenv("CI"), "%s", out)
		t.Skipf("its modules cannot be had: %s", out)
	}
	root, err := os.Getwd()
	require.NoError(t, err)
	blocks := goBlocks(t, page)
	require.Len(t, blocks, 1)
	dir := t.TempDir()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(adapter, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	out, err := run(dir, "go", "mod", "edit", "-module=example.com/page", "-replace="+module+"="+root,
		"-require="+module+"/"+adapter+"@v0.0.0", "-replace="+module+"/"+adapter+"="+filepath.Join(root, adapter))
	require.NoError(t, err, out)
	compileBlocks(t, dir, blocks)
}
