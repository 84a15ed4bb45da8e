package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/internal/printable"
)

// writable returns the text that may be written, nil if there is none: what is lost must
// be asked for.
func writable(r *result.Conversion, lossy bool) []byte {
	if r.Written == nil || len(r.Losses) > 0 && !lossy {
		return nil
	}
	return r.Written.Text
}

// why says why there is no output.
func why(r *result.Conversion, lossy bool) string {
	switch {
	case r.Written == nil:
		return "the configuration could not be read whole"
	case r.Written.Text == nil:
		return "no rule is left"
	case len(r.Losses) == 1:
		return "something is lost (-lossy writes the rest)"
	}
	return fmt.Sprintf("%d things are lost (-lossy writes the rest)", len(r.Losses))
}

// finishConversion writes the output and tells what there is to tell.
func (t *tool) finishConversion(c *convertFlags, r *result.Conversion) (int, error) {
	text := writable(r, c.lossy)
	if text != nil && c.output != "" {
		if err := writeWhole(c.output, text); err != nil {
			return 0, err
		}
	}
	var err error
	if c.asJSON {
		err = t.printJSON(r.JSON())
	} else {
		printConversion(t.stderr, r, text == nil, c.lossy)
		if c.output == "" {
			_, err = t.stdout.Write(text)
		}
	}
	if text == nil || r.HasProblems() || len(r.Losses) > 0 && !c.lossy {
		return exitRefused, err
	}
	return exitFine, err
}

// printConversion prints a line for each thing that there is to know.
func printConversion(w io.Writer, r *result.Conversion, withheld, lossy bool) {
	for _, d := range r.Documents {
		printAny(w, d)
	}
	printForeign(w, r.File, r.Limits)
	for _, l := range r.Losses {
		printRemark(w, l, "lost")
	}
	for _, n := range r.Notes {
		printRemark(w, n, "note")
	}
	if withheld {
		fmt.Fprintln(w, "s3cors: nothing is written: "+why(r, lossy))
	}
}

// printAny prints the problems of a document: of S3's own as check does.
func printAny(w io.Writer, d result.FileDocument) {
	if own := d.Own(); own != nil {
		printProblems(w, d.File, own)
		return
	}
	printForeign(w, d.File, d.Problems)
	if d.More > 0 {
		fmt.Fprintf(w, "%s: and %d more\n", printable.String(d.File), d.More)
	}
}

// printForeign prints a line for each problem of a document that is none of S3's own.
// S3's text is told once.
func printForeign(w io.Writer, name string, problems s3cors.Problems) {
	told := make(map[string]bool)
	for _, p := range problems {
		said := p.S3.Error()
		if told[said] {
			said = p.S3.Code
		}
		told[p.S3.Error()] = true
		fmt.Fprintf(w, "%s%s: %s (%s)\n", placed(name, p.Start), printable.String(p.Path), printable.String(p.Detail), printable.String(said))
	}
}

// placed begins a line about a place in a file.
func placed(name string, at s3cors.Position) string {
	if at.Line == 0 {
		return printable.String(name) + ": "
	}
	return fmt.Sprintf("%s:%d:%d: ", printable.String(name), at.Line, at.Column)
}

func printRemark(w io.Writer, r result.FileRemark, word string) {
	fmt.Fprintf(w, "%s%s: %s: %s", placed(r.File, r.Start), printable.String(r.Path), word, printable.String(r.Text))
	if r.Value != "" {
		fmt.Fprintf(w, " (%s)", printable.String(shortened(r.Value)))
	}
	fmt.Fprintln(w)
}

// shortened returns a value with what would make a line long left out.
func shortened(value string) string {
	const most = 100
	runes := []rune(value)
	if len(runes) <= most {
		return value
	}
	return string(runes[:most]) + "…"
}

// writeWhole writes a file in one step: whoever reads it sees the old text or the new
// one. What is no file, such as a pipe, is written to as it is.
func writeWhole(name string, text []byte) error {
	mode := fs.FileMode(0o644)
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return os.WriteFile(name, text, mode)
	case err == nil:
		mode = info.Mode().Perm()
		if name, err = filepath.EvalSymlinks(name); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return replace(name, text, mode)
}

// replace puts a new file in the place of another.
func replace(name string, text []byte, mode fs.FileMode) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".s3cors-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	_, err = file.Write(text)
	if err == nil {
		err = file.Chmod(mode)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}
