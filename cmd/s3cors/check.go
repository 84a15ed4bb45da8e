package main

import (
	"errors"
	"flag"

	"github.com/s3cors/s3cors"
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
		err = t.printVerdict(document, problems, dialect)
	} else {
		printProblems(t.stdout, name, document) // if it fails, run sees it
	}
	if len(problems) > 0 {
		return exitRefused, err
	}
	return exitFine, err
}

// schema is the version of the JSON that check prints. It changes when a member
// goes, or changes its meaning; new members do not change it.
const schema = 1

// A verdict is what check -json prints.
type verdict struct {
	Schema   int                   `json:"schema"`
	Status   int                   `json:"status"`
	Error    *s3Error              `json:"error"`
	Problems []problem             `json:"problems"`
	More     int                   `json:"more"`
	Config   *s3cors.Configuration `json:"config"`
	XML      *string               `json:"xml"`
	Causes   []cause               `json:"causes"`
}

type problem struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Row        string `json:"row"`
	Detail     string `json:"detail"`
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	EndLine    int    `json:"endLine"`
	EndColumn  int    `json:"endColumn"`
	Suggestion string `json:"suggestion,omitempty"`
}

type cause struct {
	Detail     string `json:"detail"`
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	EndLine    int    `json:"endLine"`
	EndColumn  int    `json:"endColumn"`
	Suggestion string `json:"suggestion,omitempty"`
	Problems   []int  `json:"problems"`
}

func (t *tool) printVerdict(document *s3cors.Document, problems s3cors.Problems, dialect s3cors.Dialect) error {
	v, err := judge(document, problems, dialect)
	if err != nil {
		return err
	}
	line, err := encode(v)
	if err != nil {
		return err
	}
	_, err = t.stdout.Write(append(line, '\n'))
	return err
}

func judge(document *s3cors.Document, problems s3cors.Problems, dialect s3cors.Dialect) (*verdict, error) {
	if len(problems) > 0 {
		return refused(problems, document), nil
	}
	option := s3cors.WithDialect(dialect)
	config := document.Configuration()
	printed, err := config.AppendXML(nil, option)
	if err == nil && dialect != s3cors.Amazon { // which gives back what it is given
		config, err = s3cors.ParseXML(printed, option)
	}
	text := string(printed)
	return &verdict{Schema: schema, Status: 200, Problems: []problem{}, Config: config, XML: &text, Causes: []cause{}}, err
}

// refused is the verdict on a document with these problems; the first is the one that
// S3 answers with.
func refused(problems s3cors.Problems, document *s3cors.Document) *verdict {
	first := problems[0].S3
	v := &verdict{Schema: schema, Status: first.Status, Error: (*s3Error)(first), More: document.More()}
	for _, p := range problems {
		v.Problems = append(v.Problems, problemOf(p))
	}
	for _, c := range document.Causes() {
		v.Causes = append(v.Causes, cause{
			Detail: c.Detail, Path: c.Path,
			Line: c.Start.Line, Column: c.Start.Column, EndLine: c.End.Line, EndColumn: c.End.Column,
			Suggestion: c.Suggestion, Problems: c.Problems,
		})
	}
	return v
}

func problemOf(p *s3cors.Problem) problem {
	return problem{
		Code: p.S3.Code, Message: p.S3.Message, Row: p.Row, Detail: p.Detail, Path: p.Path,
		Line: p.Start.Line, Column: p.Start.Column, EndLine: p.End.Line, EndColumn: p.End.Column,
		Suggestion: p.Suggestion,
	}
}
