package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/printable"
)

// standardInput is the name of standard input among files.
const standardInput = "-"

// maxDocumentBytes is how much of a document is read: a byte more than any that
// is accepted has (10/json-input-size), so that its size is judged like the rest.
const maxDocumentBytes = 1<<20 + 1

// document reads the document in a file, which may be one that S3 would refuse.
func (t *tool) document(name string, dialect s3cors.Dialect) (*s3cors.Document, error) {
	data, err := t.read(name, maxDocumentBytes)
	if err != nil {
		return nil, err
	}
	return s3cors.ParseDocument(data, s3cors.WithDialect(dialect)), nil
}

// read returns the first bytes of a file, limit at most: a byte more than may be there
// tells that there are too many.
func (t *tool) read(name string, limit int64) ([]byte, error) {
	if name == standardInput {
		return io.ReadAll(io.LimitReader(t.stdin, limit))
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, limit))
}

// dialectVar defines the flag that names the kind of server.
func dialectVar(flags *flag.FlagSet, dialect *s3cors.Dialect) {
	flags.TextVar(dialect, "dialect", s3cors.Amazon, "`NAME` of the kind of server that answers: aws, ceph, or ceph-main,\nwhich is Ceph's main branch")
}

// printProblems prints a line for each cause of the problems of the document in a
// file, and one that counts the problems beyond the first hundred. What S3 says stands
// behind its cause: its code always, and its text where it is told first.
func printProblems(w io.Writer, name string, document *s3cors.Document) {
	name = printable.String(name)
	problems := document.Problems()
	told := make(map[string]bool)
	for _, cause := range document.Causes() {
		s3 := problems[cause.Problems[0]].S3
		said := s3.Code
		if !told[s3.Message] {
			told[s3.Message] = true
			said = s3.Error()
		}
		place := cause.Place
		if place != "" {
			place += ": "
		}
		fmt.Fprintf(w, "%s:%d:%d: %s%s (%s)\n", name, cause.Start.Line, cause.Start.Column,
			printable.String(place), printable.String(cause.Detail), printable.String(said))
	}
	if more := document.More(); more > 0 {
		fmt.Fprintf(w, "%s: and %d more\n", name, more)
	}
}
