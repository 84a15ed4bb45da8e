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
	if name == standardInput {
		return parseDocument(t.stdin, dialect)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return parseDocument(file, dialect)
}

func parseDocument(r io.Reader, dialect s3cors.Dialect) (*s3cors.Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDocumentBytes))
	if err != nil {
		return nil, err
	}
	return s3cors.ParseDocument(data, s3cors.WithDialect(dialect)), nil
}

// dialectVar defines the flag that names the kind of server.
func dialectVar(flags *flag.FlagSet, dialect *s3cors.Dialect) {
	flags.TextVar(dialect, "dialect", s3cors.Amazon, "`NAME` of the kind of server that answers: aws, ceph, or ceph-main,\nwhich is Ceph's main branch")
}

// printProblems prints a line for each problem of the document in a file, and one
// that counts those beyond.
func printProblems(w io.Writer, name string, document *s3cors.Document) {
	name = printable.String(name)
	for _, p := range document.Problems() {
		fmt.Fprintf(w, "%s:%s\n", name, p.Error())
	}
	if more := document.More(); more > 0 {
		fmt.Fprintf(w, "%s: and %d more\n", name, more)
	}
}
