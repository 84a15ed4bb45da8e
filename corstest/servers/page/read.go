package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/diagnosis"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A finding is what came of a server.
type finding struct {
	server
	version string
	report  *report.Report // nil if the kit did not run
	own     *report.Report // held against its own dialect; nil if it has none
	failure string         // why it did not run
}

// read returns what a directory has of the servers, in the order of the table. A server
// of which it has nothing is left out.
func read(directory fs.FS) ([]finding, error) {
	all, err := vectors.All()
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*vectors.Vector, len(all))
	for i := range all {
		byID[all[i].ID] = &all[i]
	}
	var found []finding
	for _, s := range servers {
		f := finding{server: s, version: line(directory, s.name+".version"), failure: line(directory, s.name+".error")}
		f.report, err = readReport(directory, s.name+".json", byID)
		switch {
		case f.failure != "":
			f.report = nil
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, fmt.Errorf("%s: %w", s.name, err)
		}
		if s.dialect != "" && f.report != nil {
			if f.own, err = readReport(directory, s.name+"."+s.dialect+".json", byID); err != nil {
				return nil, fmt.Errorf("%s: %w", s.name, err)
			}
		}
		found = append(found, f)
	}
	if found == nil {
		return nil, errors.New("the directory has nothing of any server")
	}
	return found, nil
}

// line returns the first line of a file, "" if there is no such file.
func line(directory fs.FS, name string) string {
	text, _ := fs.ReadFile(directory, name)
	first, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(first)
}

// readReport reads the JSON of a run.
func readReport(directory fs.FS, name string, byID map[string]*vectors.Vector) (*report.Report, error) {
	text, err := fs.ReadFile(directory, name)
	if err != nil {
		return nil, err
	}
	var run struct {
		Schema  int
		Target  string
		Dialect string
		Results []struct {
			ID      string
			Verdict conformance.Verdict
			Reason  string
			Diffs   []conformance.Diff
		}
		Diagnoses []diagnosis.Diagnosis
	}
	if err := json.Unmarshal(text, &run); err != nil {
		return nil, err
	}
	if run.Schema != 1 {
		return nil, fmt.Errorf("the schema is %d, and not 1", run.Schema)
	}
	r := &report.Report{Target: run.Target, Dialect: run.Dialect, Diagnoses: run.Diagnoses}
	for _, res := range run.Results {
		v, ok := byID[res.ID]
		if !ok {
			return nil, fmt.Errorf("there is no vector %s", res.ID)
		}
		r.Results = append(r.Results, conformance.Result{Vector: v, Verdict: res.Verdict, Reason: res.Reason, Diffs: res.Diffs})
	}
	return r, nil
}
