package serve

import (
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// static are the files that stand in the place of others, or beside them, where there is
// no server: the calls go to a program in the browser.
//
//go:embed static
var static embed.FS

// StaticPolicy is the Content-Security-Policy of the page without a server. It lets
// WebAssembly run, and one script be a worker. In the page itself, where it stands in case
// that a host sends no headers, it cannot say who may frame the page.
const StaticPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self'; worker-src 'self'; " +
	"base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types worker"

// WriteStatic writes the files of the page without a server into a folder, but for the
// program and its loader.
func WriteStatic(folder string) error {
	var all []error
	for _, files := range []fs.FS{Assets(), subfolder(static, "static")} {
		all = append(all, fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(files, name)
			if err != nil {
				return err
			}
			if name == "index.html" {
				text = []byte(strings.Replace(string(text), `<meta charset="utf-8">`,
					`<meta charset="utf-8">`+"\n"+`<meta http-equiv="Content-Security-Policy" content="`+StaticPolicy+`">`, 1))
			}
			return os.WriteFile(filepath.Join(folder, name), text, 0o644)
		}))
	}
	return errors.Join(all...)
}

// subfolder is a folder of files that are built in, which is there.
func subfolder(files embed.FS, name string) fs.FS {
	sub, _ := fs.Sub(files, name)
	return sub
}
