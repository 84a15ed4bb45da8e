package main

import (
	"bufio"
	"errors"
	"io"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

// explainLines answers each line of standard input with one of standard output.
func (t *tool) explainLines(dialect s3cors.Dialect) error {
	lines := lineReader{input: bufio.NewReaderSize(flushingReader{t.stdin, t.stdout}, 1<<16)}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return err
		}
		output, err := result.Explain(line, err, dialect)
		if err != nil {
			return err
		}
		if _, err := t.stdout.Write(append(output, '\n')); err != nil {
			return err
		}
	}
}
