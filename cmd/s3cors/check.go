package main

import (
	"errors"
	"flag"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

const checkUsage = `Usage: s3cors check [-json] [-dialect NAME] FILE…

check reads CORS configurations in XML or JSON ("-" is standard input) and prints
what to change in them so that S3 takes them, nothing for a valid one:

  file:line:column: place: what is wrong, and what to write (what S3 says)
  file: and N more            problems, behind the first 100

An example:

  echo '[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET", "PATCH"]}]' | s3cors check -

Flags:

`

// check tells what is wrong with the documents that args name.
func (t *tool) check(args []string) (int, error) {
	flags := flag.NewFlagSet("check", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print a JSON object for each file, on a line")
	var dialect s3cors.Dialect
	dialectVar(flags, &dialect)
	err := t.parse(flags, checkUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() == 0:
		return 0, errors.New(`check: which file? "-" is standard input`)
	}
	status := exitFine
	for _, name := range flags.Args() {
		checked, err := t.checkFile(name, *asJSON, dialect)
		if err != nil {
			t.report(err)
			checked = exitFailed
		}
		status = max(status, checked)
	}
	return status, nil
}

func (t *tool) checkFile(name string, asJSON bool, dialect s3cors.Dialect) (int, error) {
	document, err := t.document(name, dialect)
	if err != nil {
		return 0, err
	}
	problems := document.Problems()
	if asJSON {
		err = t.printVerdict(document, dialect)
	} else {
		printProblems(t.stdout, name, document) // if it fails, run sees it
	}
	if len(problems) > 0 {
		return exitRefused, err
	}
	return exitFine, err
}

func (t *tool) printVerdict(document *s3cors.Document, dialect s3cors.Dialect) error {
	v, err := result.Check(document, dialect)
	if err != nil {
		return err
	}
	return t.printJSON(v)
}

// printJSON prints a value as JSON on a line.
func (t *tool) printJSON(v any) error {
	line, err := result.Encode(v)
	if err != nil {
		return err
	}
	_, err = t.stdout.Write(append(line, '\n'))
	return err
}
