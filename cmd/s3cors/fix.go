package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/s3cors/s3cors/internal/linediff"
	"github.com/s3cors/s3cors/internal/printable"
	"github.com/s3cors/s3cors/lint"
)

// mostRounds bounds how often a document is mended: a remedy can uncover a finding,
// and what is mended never comes back.
const mostRounds = 10

// mended returns the document with the findings from -severity on mended that have
// one remedy.
func (l *linter) mended(data []byte, report *lint.Report) ([]byte, error) {
	for range mostRounds {
		var grave []lint.Finding
		for _, f := range report.Findings {
			if f.Severity >= l.severity && f.Patch != nil {
				grave = append(grave, f)
			}
		}
		fixed, err := lint.Fix(data, grave, l.opts)
		if err != nil || bytes.Equal(fixed, data) {
			return data, err
		}
		data = fixed
		report = lint.Check(data, l.opts)
	}
	return data, nil
}

// mend mends a file, and prints what changed and what is left. Of standard input the
// mended text is printed in place of the change.
func (l *linter) mend(name string, data []byte, report *lint.Report) error {
	fixed, err := l.mended(data, report)
	switch {
	case errors.Is(err, lint.ErrNotInPlace):
		fmt.Fprintf(l.stderr, "s3cors: %s: %v; nothing was changed\n", printable.String(name), err)
		return l.text(name, data, report)
	case err != nil:
		return err
	case name == standardInput:
		_, err := l.stdout.Write(fixed)
		return err
	case !bytes.Equal(fixed, data):
		if err := writeWhole(name, fixed); err != nil {
			return err
		}
		fmt.Fprint(l.stdout, linediff.Unified(name, string(data), string(fixed)))
	}
	return l.text(name, fixed, lint.Check(fixed, l.opts))
}
