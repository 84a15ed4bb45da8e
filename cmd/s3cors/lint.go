package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/internal/printable"
	"github.com/s3cors/s3cors/lint"
)

const lintUsage = `Usage: s3cors lint [flags] FILE…

lint finds what S3 accepts in a CORS configuration and nobody meant: origins that no
browser sends, rules that no request reaches, patterns that admit foreign hosts,
headers that scripts need. What S3 refuses is found, too. "-" is standard input.

An example:

  echo '[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"]}]' |
      s3cors lint -

Findings below -severity are counted, and not printed. With -fix, those from
-severity on that have one remedy are mended in the file, which is rewritten in
one step, and the change is printed; nothing else in the file changes.

Exit status: 0 nothing reaches -severity, 1 something does (with -fix: still does),
2 wrong usage or unreadable file.

Flags:

`

// A linter is one run of lint.
type linter struct {
	*tool
	opts     lint.Options
	severity lint.Severity
	fix      bool
}

// lint looks at the documents that args name.
func (t *tool) lint(args []string) (int, error) {
	l := &linter{tool: t, severity: lint.Warning}
	flags := flag.NewFlagSet("lint", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print a JSON object for each file, on a line")
	asSARIF := flags.Bool("sarif", false, "print a log in SARIF 2.1.0 for all files")
	flags.TextVar(&l.severity, "severity", lint.Warning, "the `LEVEL` that fails and is printed: info, portability, warning,\nsecurity or error")
	flags.BoolVar(&l.fix, "fix", false, "mend the files in place, and print what changed")
	flags.BoolVar(&l.opts.RequireCredentials, "credentials", false, `the pages send cookies, which "*" does not admit`)
	flags.Func("profile", "what the configuration is for, a comma-separated `LIST` of aws,\nbrowser-upload, multipart, range-reader, aws-sdk-js-v3, portable\nand strict", func(list string) (err error) {
		l.opts.Profiles, err = lint.ParseProfiles(list)
		return err
	})
	flags.Func("ignore", "a comma-separated `LIST` of codes not to report, such as S3C130", l.ignore)
	dialectVar(flags, &l.opts.Dialect)
	err := t.parse(flags, lintUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() == 0:
		return 0, errors.New(`lint: which file? "-" is standard input`)
	case *asJSON && *asSARIF:
		return 0, errors.New("lint: -json and -sarif cannot stand together")
	case l.fix && (*asJSON || *asSARIF):
		return 0, errors.New("lint: -fix prints the change, and neither -json nor -sarif")
	}
	print := l.text
	var files []lint.File
	switch {
	case *asJSON:
		print = l.json
	case *asSARIF:
		print = func(name string, _ []byte, r *lint.Report) error {
			files = append(files, lint.File{Name: name, Report: r})
			return nil
		}
	case l.fix:
		print = l.mend
	}
	status := l.files(flags.Args(), print)
	if !*asSARIF {
		return status, nil
	}
	log, err := lint.SARIF(files)
	if err != nil {
		return 0, err
	}
	_, err = t.stdout.Write(append(log, '\n'))
	return status, err
}

// ignore reads the flag of that name.
func (l *linter) ignore(list string) error {
	for code := range strings.SplitSeq(list, ",") {
		code := lint.Code(strings.TrimSpace(code))
		if code.Title() == "" {
			return fmt.Errorf("there is no code %q", code)
		}
		l.opts.Ignore = append(l.opts.Ignore, code)
	}
	return nil
}

// files looks at each file, and goes on behind one that cannot be read.
func (l *linter) files(names []string, print func(string, []byte, *lint.Report) error) int {
	status := exitFine
	for _, name := range names {
		found, err := l.file(name, print)
		if err != nil {
			l.report(err)
			found = exitFailed
		}
		status = max(status, found)
	}
	return status
}

func (l *linter) file(name string, print func(string, []byte, *lint.Report) error) (int, error) {
	data, err := l.read(name, maxDocumentBytes)
	if err != nil {
		return 0, err
	}
	report := lint.Check(data, l.opts)
	if err := print(name, data, report); err != nil {
		return 0, err
	}
	if l.fix {
		if data, err = l.mended(data, report); err != nil {
			return exitRefused, nil // which mend has told
		}
		report = lint.Check(data, l.opts)
	}
	for _, f := range report.Findings {
		if f.Severity >= l.severity {
			return exitRefused, nil
		}
	}
	return exitFine, nil
}

// text prints the findings from -severity on, each with its line of the document.
func (l *linter) text(name string, data []byte, report *lint.Report) error {
	lines := strings.Split(string(data), "\n")
	below := 0
	for _, f := range report.Findings {
		if f.Severity < l.severity {
			below++
			continue
		}
		l.finding(name, f)
		if f.Start.Line > 0 && f.Start.Line <= len(lines) {
			l.snippet(lines[f.Start.Line-1], f)
		}
	}
	return l.remainder(name, below, report)
}

// remainder tells how much was not printed.
func (l *linter) remainder(name string, below int, report *lint.Report) error {
	name = printable.String(name)
	if report.More > 0 {
		fmt.Fprintf(l.stdout, "%s: and %d more\n", name, report.More)
	}
	if below > 0 {
		fmt.Fprintf(l.stdout, "%s: %d below %v; -severity info prints them\n", name, below, l.severity)
	}
	return nil // a failure to write is seen at the end
}

func (l *linter) finding(name string, f lint.Finding) {
	place := printable.String(name)
	if f.Start.Line > 0 {
		place += fmt.Sprintf(":%d:%d", f.Start.Line, f.Start.Column)
	}
	fmt.Fprintf(l.stdout, "%s: %s: %s (%s)\n", place, l.paint(f.Severity), printable.String(f.Message), f.Code)
	if f.Suggestion != "" {
		fmt.Fprintf(l.stdout, "    %s\n", printable.String(f.Suggestion))
	}
}

// paint colours the name of a severity on a terminal.
func (l *linter) paint(s lint.Severity) string {
	colors := map[lint.Severity]string{lint.Error: "31", lint.Security: "35", lint.Warning: "33", lint.Portability: "36", lint.Info: "34"}
	if !l.colour {
		return s.String()
	}
	return "\x1b[" + colors[s] + "m" + s.String() + "\x1b[0m"
}

// snippet prints a line of the document with a caret below the finding. Long lines
// are cut around it.
func (l *linter) snippet(line string, f lint.Finding) {
	const before, width = 40, 100
	runes := []rune(strings.TrimRight(line, "\r"))
	at := min(f.Start.Column-1, len(runes))
	from := max(0, at-before)
	if at < width {
		from = 0
	}
	to := min(len(runes), from+width)
	end := to
	if f.End.Line == f.Start.Line {
		end = min(end, f.End.Column-1)
	}
	shown := func(runes []rune) string { return printable.String(strings.ReplaceAll(string(runes), "\t", " ")) }
	pad := len([]rune(shown(runes[from:at])))
	mark := max(1, len([]rune(shown(runes[at:max(at, end)]))))
	fmt.Fprintf(l.stdout, "    %s\n    %s%s\n", shown(runes[from:to]), strings.Repeat(" ", pad), strings.Repeat("^", mark))
}

func (l *linter) json(name string, _ []byte, report *lint.Report) error {
	return l.printJSON(result.Lint(name, report))
}
