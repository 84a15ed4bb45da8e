package result

import (
	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/lint"
)

// A Linted is what lint -json prints.
type Linted struct {
	Schema   int            `json:"schema"`
	File     string         `json:"file"`
	Findings []lint.Finding `json:"findings"`
	More     int            `json:"more"`
	Problems []Problem      `json:"problems"`
}

// Lint returns what was found in a file.
func Lint(file string, report *lint.Report) *Linted {
	return &Linted{Schema: Schema, File: file, Findings: append([]lint.Finding{}, report.Findings...), More: report.More,
		Problems: problemsOf(report.Problems)}
}

// problemsOf returns problems as check -json prints them.
func problemsOf(problems s3cors.Problems) []Problem {
	all := []Problem{}
	for _, p := range problems {
		all = append(all, ProblemOf(p))
	}
	return all
}
