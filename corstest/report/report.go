// Package report shows what came of a run of the conformance kit: as text for a
// terminal, as JSON, as JUnit XML and as Markdown. It also compares a run with a
// baseline, the list of failures that are known.
//
// Every text that a server sent is made printable first. The texts of the same
// results are the same, byte for byte.
package report

import (
	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/diagnosis"
)

// A Report is a run of the kit, with what there is to say of it. The zero value is a
// run without vectors.
type Report struct {
	// Target names what was asked: the endpoint, or a word for an evaluator or a
	// handler.
	Target string
	// Dialect is the kind of server that the answers were held against: "" for
	// Amazon S3, or one of the dialects of package vectors.
	Dialect string
	// Results are those of the vectors that were chosen, in the order of the vectors.
	Results []conformance.Result
	// Diagnoses are the bugs that explain the failures, the likeliest first.
	Diagnoses []diagnosis.Diagnosis
	// Curl says where the requests went.
	Curl Curl
}

// A Tally is how many vectors have each verdict.
type Tally struct {
	Pass  int `json:"pass"`
	Fail  int `json:"fail"`
	Error int `json:"error"`
	Skip  int `json:"skip"`
}

func (t *Tally) add(v conformance.Verdict) {
	switch v {
	case conformance.Pass:
		t.Pass++
	case conformance.Fail:
		t.Fail++
	case conformance.Error:
		t.Error++
	case conformance.Skip:
		t.Skip++
	}
}

// Asked is the number of vectors that were not skipped.
func (t Tally) Asked() int { return t.Pass + t.Fail + t.Error }

// Counts is the tally of each level.
type Counts struct {
	Must   Tally `json:"must"`
	Should Tally `json:"should"`
	May    Tally `json:"may"`
}

// Count counts results by level and verdict.
func Count(results []conformance.Result) Counts {
	var c Counts
	for i := range results {
		c.of(conformance.LevelOf(results[i].Vector)).add(results[i].Verdict)
	}
	return c
}

func (c *Counts) of(l conformance.Level) *Tally {
	switch l {
	case conformance.Must:
		return &c.Must
	case conformance.Should:
		return &c.Should
	}
	return &c.May
}

// All returns the tally of all levels together.
func (c Counts) All() Tally {
	return Tally{
		Pass:  c.Must.Pass + c.Should.Pass + c.May.Pass,
		Fail:  c.Must.Fail + c.Should.Fail + c.May.Fail,
		Error: c.Must.Error + c.Should.Error + c.May.Error,
		Skip:  c.Must.Skip + c.Should.Skip + c.May.Skip,
	}
}

// A Row is what came of one feature.
type Row struct {
	Feature conformance.Feature
	Counts  Counts
}

// Matrix counts results by feature, in the order of conformance.AllFeatures, without
// the features that no result has. A vector counts in each of its features, so that
// the rows add up to more than there are vectors. It fails in those features only
// that a difference belongs to, as conformance.Result.Of says.
func Matrix(results []conformance.Result) []Row {
	var rows []Row
	for _, f := range conformance.AllFeatures() {
		row := Row{Feature: f}
		for i := range results {
			r := &results[i]
			for _, has := range conformance.Features(r.Vector) {
				if has == f {
					row.Counts.of(conformance.LevelOf(r.Vector)).add(r.Of(f))
				}
			}
		}
		if row.Counts != (Counts{}) {
			rows = append(rows, row)
		}
	}
	return rows
}

// levels are all levels, the strictest first.
var levels = []conformance.Level{conformance.Must, conformance.Should, conformance.May}

// server names the kind of server in a sentence.
func (r *Report) server() string {
	switch r.Dialect {
	case "", "aws":
		return "Amazon S3"
	case "ceph":
		return "Ceph"
	case "ceph-main":
		return "the main branch of Ceph"
	}
	return r.Dialect
}
