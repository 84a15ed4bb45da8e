package result

import "github.com/s3cors/s3cors/diff"

// A Compared is what diff -json prints.
type Compared struct {
	Schema int `json:"schema"`
	*diff.Report
}

// Diff returns what came of a comparison.
func Diff(report *diff.Report) *Compared { return &Compared{Schema, report} }
