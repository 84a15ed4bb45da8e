package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/serve"
)

// wasmProgram is the package of the program that runs in the browser.
const wasmProgram = "github.com/s3cors/s3cors/cmd/s3cors/internal/wasm"

// export writes the page as files that any host can serve, with the program as
// WebAssembly. It builds that, which takes a checkout and Go.
func (t *tool) export(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	program := filepath.Join(folder, "s3cors.wasm")
	build := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", program, wasmProgram)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("the program for the browser was not built, for which Go and a checkout are needed: %w: %s", err, strings.ReplaceAll(strings.TrimSpace(string(output)), "\n", "; "))
	}
	if err := errors.Join(copyLoader(folder), serve.WriteStatic(folder)); err != nil {
		return err
	}
	text, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	packed, err := compressed(text)
	if err != nil {
		return err
	}
	t.println(fmt.Sprintf("%s: s3cors.wasm has %.1f MB, compressed by gzip %.1f MB", folder, float64(len(text))/1e6, float64(packed)/1e6))
	return nil
}

// copyLoader copies what Go has to load its programs in a browser.
func copyLoader(folder string) error {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	for _, place := range []string{"lib", "misc"} { // where it stands since Go 1.24, and where it stood before
		loader, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), place, "wasm", "wasm_exec.js"))
		if err == nil {
			return os.WriteFile(filepath.Join(folder, "wasm_exec.js"), loader, 0o644)
		}
	}
	return errors.New("wasm_exec.js, which comes with Go, is not where it should be")
}

// compressed returns how many bytes gzip makes of data.
func compressed(data []byte) (int, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	if _, err := w.Write(data); err != nil {
		return 0, err
	}
	err = w.Close()
	return b.Len(), err
}
