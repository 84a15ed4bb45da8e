package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/diagnosis"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/corstest/wire"
	"github.com/s3cors/s3cors/internal/printable"
)

const conformanceUsage = `Usage: s3cors conformance -endpoint URL [flags]

conformance asks a server the vectors of corstest/vectors over the wire, and prints
what it does otherwise than S3. It makes buckets and objects for that, whose names
begin with "s3cors-", and deletes them in the end, also when interrupted.

Requests are signed with the credentials of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY
and AWS_SESSION_TOKEN, preflights excepted. Without credentials nothing is signed.

An example, with the server of a checkout of this project:

  go run -C gateway . -addr 127.0.0.1:9000 &
  s3cors conformance -endpoint http://127.0.0.1:9000 -lacks accounts,authentication \
      -run '^(rec|max-age)'

Exit status: 0 all that must hold holds (with -baseline: the vectors that must hold
and fail are exactly those listed), 1 it does not, 2 wrong usage, or no vector could
be asked; 128 and the number of the signal if interrupted.

Flags:

`

// conformance asks the server that args name.
func (t *tool) conformance(args []string) (int, error) {
	var f conformanceFlags
	flags := f.flagSet()
	err := t.parse(flags, conformanceUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() > 0:
		return 0, strayArgument("conformance", flags.Arg(0))
	}
	status := exitFine
	if err = f.complete(); err == nil {
		status, err = t.conform(&f)
	}
	if err != nil {
		return 0, fmt.Errorf("conformance: %w", err)
	}
	return status, nil
}

// conform prepares all that a run needs, so that whatever is wrong shows before, and
// then runs.
func (t *tool) conform(f *conformanceFlags) (int, error) {
	endpoint, err := wire.New(f.endpoint, f.wireOptions())
	if err != nil {
		return 0, err
	}
	defer endpoint.Close()
	baseline, err := f.readBaseline()
	if err != nil {
		return 0, err
	}
	opts, total, err := f.options()
	if err != nil {
		return 0, err
	}
	files, err := f.openFiles()
	if err != nil {
		return 0, err
	}
	defer files.discard()
	results, status, err := t.ask(endpoint, opts, total)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s: %w", f.endpoint, err)
	case status != exitFine:
		return status, nil
	}
	r := f.report(results)
	if err := files.write(r); err != nil {
		return 0, err
	}
	return t.conclude(f, r, baseline, opts.Vectors)
}

// conclude prints the report, and says what the exit status is.
func (t *tool) conclude(f *conformanceFlags, r *report.Report, baseline *report.Baseline, all []vectors.Vector) (int, error) {
	if f.json {
		_, _ = t.stdout.Write(r.JSON()) // if it fails, run sees it
	} else {
		_, _ = t.stdout.WriteString(r.Text(f.textOptions(t.colour)))
	}
	if baseline != nil {
		return t.compare(baseline, r.Results, all)
	}
	if must := report.Count(r.Results).Must; must.Fail+must.Error > 0 {
		return exitRefused, nil
	}
	return exitFine, nil
}

// compare prints what is not as the baseline says.
func (t *tool) compare(baseline *report.Baseline, results []conformance.Result, all []vectors.Vector) (int, error) {
	known := func(id string) bool {
		return slices.ContainsFunc(all, func(v vectors.Vector) bool { return v.ID == id })
	}
	lines := baseline.Compare(results, known)
	if lines == nil {
		return exitFine, nil
	}
	if err := t.stdout.Flush(); err != nil {
		return 0, err
	}
	for _, line := range lines {
		fmt.Fprintln(t.stderr, printable.String(line))
	}
	return exitRefused, nil
}

// report is the report of results.
func (f *conformanceFlags) report(results []conformance.Result) *report.Report {
	r := &report.Report{
		Target: f.endpoint, Dialect: f.vectorDialect(), Results: results, Diagnoses: diagnosis.Diagnose(results),
		Curl: report.Curl{Endpoint: f.endpoint, VirtualHosted: f.style == "virtual", SessionToken: f.credentials.SessionToken != ""},
	}
	if f.credentials != (wire.Credentials{}) {
		r.Curl.Region = f.region
	}
	return r
}

// readBaseline returns the baseline, nil if there is none.
func (f *conformanceFlags) readBaseline() (*report.Baseline, error) {
	if f.baseline == "" {
		return nil, nil
	}
	text, err := os.ReadFile(f.baseline)
	if err != nil {
		return nil, err
	}
	return report.ParseBaseline(f.baseline, text)
}

// reportFiles are the files that a report goes to, by what writes it.
type reportFiles []reportFile

type reportFile struct {
	*output
	content func(*report.Report) []byte
}

// openFiles prepares the files that the flags name.
func (f *conformanceFlags) openFiles() (reportFiles, error) {
	var files reportFiles
	for _, wanted := range []struct {
		name    string
		content func(*report.Report) []byte
	}{
		{f.junit, (*report.Report).JUnit},
		{f.markdown, func(r *report.Report) []byte { return []byte(r.Markdown()) }},
		{f.newBaseline, func(r *report.Report) []byte { return report.NewBaseline(r.Results) }},
	} {
		if wanted.name == "" {
			continue
		}
		o, err := openOutput(wanted.name)
		if err == nil && slices.ContainsFunc(files, func(other reportFile) bool { return other.name == o.name }) {
			o.discard()
			err = fmt.Errorf("%s is to hold two reports", o.name)
		}
		if err != nil {
			files.discard()
			return nil, err
		}
		files = append(files, reportFile{o, wanted.content})
	}
	return files, nil
}

func (files reportFiles) write(r *report.Report) error {
	for _, file := range files {
		if err := file.write(file.content(r)); err != nil {
			return err
		}
	}
	return nil
}

func (files reportFiles) discard() {
	for _, file := range files {
		file.discard()
	}
}
