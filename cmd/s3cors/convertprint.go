package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/printable"
)

// output returns the text that may be written, nil if there is none: what is lost must
// be asked for.
func (r *conversion) output(lossy bool) []byte {
	if r.written == nil || len(r.losses) > 0 && !lossy {
		return nil
	}
	return r.written.Text
}

// finishConversion writes the output and tells what there is to tell.
func (t *tool) finishConversion(c *convertFlags, r *conversion) (int, error) {
	output := r.output(c.lossy)
	if output != nil && c.output != "" {
		if err := writeWhole(c.output, output); err != nil {
			return 0, err
		}
	}
	var err error
	if c.asJSON {
		err = t.printConversion(c, r)
	} else {
		r.print(t.stderr, output == nil, c.lossy)
		if c.output == "" {
			_, err = t.stdout.Write(output)
		}
	}
	if output == nil || r.hasProblems() || len(r.losses) > 0 && !c.lossy {
		return exitRefused, err
	}
	return exitFine, err
}

// print prints a line for each thing that there is to know.
func (r *conversion) print(w io.Writer, withheld, lossy bool) {
	for _, d := range r.documents {
		d.printProblems(w)
	}
	printForeign(w, r.file, r.limits)
	for _, l := range r.losses {
		l.print(w, "lost")
	}
	for _, n := range r.notes {
		n.print(w, "note")
	}
	if withheld {
		fmt.Fprintln(w, "s3cors: nothing is written: "+r.why(lossy))
	}
}

// printProblems prints the problems of a document: of S3's own as check does.
func (d fileDocument) printProblems(w io.Writer) {
	if own := d.Own(); own != nil {
		printProblems(w, d.file, own)
		return
	}
	printForeign(w, d.file, d.Problems)
	if d.More > 0 {
		fmt.Fprintf(w, "%s: and %d more\n", printable.String(d.file), d.More)
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

// why says why there is no output.
func (r *conversion) why(lossy bool) string {
	switch {
	case r.written == nil:
		return "the configuration could not be read whole"
	case r.written.Text == nil:
		return "no rule is left"
	case len(r.losses) == 1:
		return "something is lost (-lossy writes the rest)"
	}
	return fmt.Sprintf("%d things are lost (-lossy writes the rest)", len(r.losses))
}

func (r fileRemark) print(w io.Writer, word string) {
	fmt.Fprintf(w, "%s%s: %s: %s", placed(r.file, r.Start), printable.String(r.Path), word, printable.String(r.Text))
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

// A converted is what convert -json prints.
type converted struct {
	Schema   int                `json:"schema"`
	File     string             `json:"file"`
	From     string             `json:"from"`
	To       string             `json:"to"`
	Output   *string            `json:"output"`
	Losses   []convertedRemark  `json:"losses"`
	Notes    []convertedRemark  `json:"notes"`
	Problems []convertedProblem `json:"problems"`
	More     int                `json:"more"`
}

type convertedRemark struct {
	Path   string `json:"path"`
	Value  string `json:"value"`
	Text   string `json:"text"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

type convertedProblem struct {
	problem
	File string `json:"file,omitempty"`
}

func (t *tool) printConversion(c *convertFlags, r *conversion) error {
	v := converted{Schema: schema, File: r.file, From: r.from.String(), To: c.to.String(), Problems: []convertedProblem{}}
	if r.written != nil && r.written.Text != nil {
		text := string(r.written.Text)
		v.Output = &text
	}
	v.Losses, v.Notes = r.remarks(r.losses), r.remarks(r.notes)
	for _, d := range r.documents {
		v.Problems = append(v.Problems, r.convertedProblems(d.file, d.Problems)...)
		v.More += d.More
	}
	v.Problems = append(v.Problems, r.convertedProblems(r.file, r.limits)...)
	line, err := encode(v)
	if err != nil {
		return err
	}
	_, err = t.stdout.Write(append(line, '\n'))
	return err
}

// convertedProblems returns the problems of a file for JSON.
func (r *conversion) convertedProblems(file string, problems s3cors.Problems) []convertedProblem {
	var told []convertedProblem
	for _, p := range problems {
		one := convertedProblem{problem: problemOf(p)}
		if file != r.file {
			one.File = file
		}
		told = append(told, one)
	}
	return told
}

// remarks returns remarks for JSON. Those of another file than the one that is
// converted have its name.
func (r *conversion) remarks(list []fileRemark) []convertedRemark {
	told := []convertedRemark{}
	for _, l := range list {
		one := convertedRemark{Path: l.Path, Value: l.Value, Text: l.Text, Line: l.Start.Line, Column: l.Start.Column}
		if l.file != r.file {
			one.File = l.file
		}
		told = append(told, one)
	}
	return told
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
