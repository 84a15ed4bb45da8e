package result

import (
	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
)

// A Conversion is what came of one run of convert.
type Conversion struct {
	File      string
	From, To  convert.Format
	Documents []FileDocument
	Limits    s3cors.Problems // of both documents together
	Written   *convert.Output // nil if the configuration could not be read whole
	Losses    []FileRemark
	Notes     []FileRemark
}

// A FileDocument is the document in a file.
type FileDocument struct {
	File string
	*convert.Document
}

// A FileRemark is a remark about the document in a file.
type FileRemark struct {
	File string
	convert.Remark
}

// Add takes over what was found while a document was read.
func (r *Conversion) Add(file string, document *convert.Document) {
	r.Documents = append(r.Documents, FileDocument{file, document})
	r.Remark(file, document.Losses, document.Notes)
}

// HasProblems reports whether S3 would refuse something.
func (r *Conversion) HasProblems() bool {
	for _, d := range r.Documents {
		if len(d.Problems) > 0 {
			return true
		}
	}
	return len(r.Limits) > 0
}

// Remark adds remarks about the document in a file.
func (r *Conversion) Remark(file string, losses, notes []convert.Remark) {
	for _, l := range losses {
		r.Losses = append(r.Losses, FileRemark{file, l})
	}
	for _, n := range notes {
		r.Notes = append(r.Notes, FileRemark{file, n})
	}
}

// Write writes the configuration that the document of the file, which is the first of
// Documents, and those that were merged with it come to.
func (r *Conversion) Write(config *s3cors.Configuration, o convert.WriteOptions) (err error) {
	r.To = o.Format
	if config == nil {
		return nil
	}
	document := r.Documents[0]
	if o.Bucket == "" {
		o.Bucket = document.Bucket
	}
	if r.Written, err = convert.Write(config, o); err != nil {
		return err
	}
	document.Locate(r.Written.Losses)
	document.Locate(r.Written.Notes)
	r.Remark(r.File, r.Written.Losses, r.Written.Notes)
	return nil
}

// A Converted is what convert -json prints.
type Converted struct {
	Schema   int                `json:"schema"`
	File     string             `json:"file"`
	From     string             `json:"from"`
	To       string             `json:"to"`
	Output   *string            `json:"output"`
	Losses   []ConvertedRemark  `json:"losses"`
	Notes    []ConvertedRemark  `json:"notes"`
	Problems []ConvertedProblem `json:"problems"`
	More     int                `json:"more"`
}

// A ConvertedRemark is a loss or a note.
type ConvertedRemark struct {
	Path   string `json:"path"`
	Value  string `json:"value"`
	Text   string `json:"text"`
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// A ConvertedProblem is a problem of the file, or of another that is named.
type ConvertedProblem struct {
	Problem
	File string `json:"file,omitempty"`
}

// JSON returns what convert -json prints.
func (r *Conversion) JSON() *Converted {
	v := &Converted{Schema: Schema, File: r.File, From: r.From.String(), To: r.To.String(), Problems: []ConvertedProblem{}}
	if r.Written != nil && r.Written.Text != nil {
		text := string(r.Written.Text)
		v.Output = &text
	}
	v.Losses, v.Notes = r.remarks(r.Losses), r.remarks(r.Notes)
	for _, d := range r.Documents {
		v.Problems = append(v.Problems, r.convertedProblems(d.File, d.Problems)...)
		v.More += d.More
	}
	v.Problems = append(v.Problems, r.convertedProblems(r.File, r.Limits)...)
	return v
}

// convertedProblems returns the problems of a file for JSON.
func (r *Conversion) convertedProblems(file string, problems s3cors.Problems) []ConvertedProblem {
	var told []ConvertedProblem
	for _, p := range problems {
		one := ConvertedProblem{Problem: ProblemOf(p)}
		if file != r.File {
			one.File = file
		}
		told = append(told, one)
	}
	return told
}

// remarks returns remarks for JSON. Those of another file than the one that is
// converted have its name.
func (r *Conversion) remarks(list []FileRemark) []ConvertedRemark {
	told := []ConvertedRemark{}
	for _, l := range list {
		one := ConvertedRemark{Path: l.Path, Value: l.Value, Text: l.Text, Line: l.Start.Line, Column: l.Start.Column}
		if l.File != r.File {
			one.File = l.File
		}
		told = append(told, one)
	}
	return told
}
