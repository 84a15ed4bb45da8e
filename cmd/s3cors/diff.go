package main

import (
	"errors"
	"flag"
	"fmt"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/diff"
	"github.com/s3cors/s3cors/internal/printable"
)

const diffUsage = `Usage: s3cors diff [-json] [-dialect NAME] OLD NEW

diff tells what a bucket does otherwise with the configuration in the file NEW than with
that in the file OLD: what is granted and to whom, what scripts can read, whether
pages may use credentials, how long browsers keep a preflight. How the documents are
written does not matter. "-" is standard input, "none" a bucket without a
configuration.

An example:

  echo '[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET"]}]' |
      s3cors diff none -

Exit status: 0 both do the same, 1 they do not, or not everything could be compared,
2 wrong usage, or a file that S3 would refuse or nobody can read.

Flags:

`

// noConfiguration names a bucket without one among files.
const noConfiguration = "none"

// diff compares the two documents that args name.
func (t *tool) diff(args []string) (int, error) {
	flags := flag.NewFlagSet("diff", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print a JSON object on a line")
	var dialect s3cors.Dialect
	dialectVar(flags, &dialect)
	err := t.parse(flags, diffUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() != 2:
		return 0, fmt.Errorf(`diff: it takes two files, and %d were given; "none" is a bucket without a configuration`, flags.NArg())
	case flags.Arg(0) == standardInput && flags.Arg(1) == standardInput:
		return 0, errors.New("diff: standard input cannot be both files")
	}
	var both [2]*s3cors.Configuration
	for i, name := range flags.Args() {
		if both[i], err = t.configuration(name, dialect); err != nil {
			return 0, err
		}
	}
	report, err := diff.Compare(both[0], both[1], s3cors.WithDialect(dialect))
	if err != nil {
		return 0, err
	}
	if err := t.printReport(report, *asJSON); err != nil {
		return 0, err
	}
	if report.Equal != nil && *report.Equal {
		return exitFine, nil
	}
	return exitRefused, nil
}

// configuration reads a file; nil for "none". The error tells of the first thing that
// S3 would refuse.
func (t *tool) configuration(name string, dialect s3cors.Dialect) (*s3cors.Configuration, error) {
	if name == noConfiguration {
		return nil, nil
	}
	document, err := t.document(name, dialect)
	if err != nil {
		return nil, err
	}
	if problems := document.Problems(); len(problems) > 0 {
		return nil, fmt.Errorf("%s:%w; s3cors check tells all", name, problems[0])
	}
	return document.Configuration(), nil
}

func (t *tool) printReport(report *diff.Report, asJSON bool) error {
	if asJSON {
		return t.printJSON(result.Diff(report))
	}
	for _, sentence := range report.Sentences() {
		fmt.Fprintln(t.stdout, printable.String(sentence))
	}
	for _, omission := range report.NotCompared {
		fmt.Fprintln(t.stdout, "not compared: "+omission.Text)
	}
	return nil // a failure to write is seen at the end
}
