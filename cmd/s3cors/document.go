package main

import (
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
func (t *tool) document(name string) (*s3cors.Document, error) {
	if name == standardInput {
		return readDocument(t.stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readDocument(file)
}

func readDocument(r io.Reader) (*s3cors.Document, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDocumentBytes))
	if err != nil {
		return nil, err
	}
	return s3cors.ReadDocument(data), nil
}

// printProblems prints a line for each problem of the document in a file.
func printProblems(w io.Writer, name string, problems s3cors.Problems) {
	for _, p := range problems {
		fmt.Fprintf(w, "%s:%s\n", printable.String(name), p.Error())
	}
}
