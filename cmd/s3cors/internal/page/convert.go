package page

import (
	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/diff"
)

// A conversion says which format to write.
type conversion struct {
	policy
	To     convert.Format `json:"to"`
	Bucket string         `json:"bucket"` // its name, for Terraform
}

// convertTo writes the document in another format, and returns what convert -json prints.
func convertTo(in conversion) (*result.Converted, error) {
	if !in.To.Writable() {
		return nil, &InputError{"there is no such format to write"}
	}
	if in.isNone() {
		return nil, &InputError{"there is nothing to convert"}
	}
	d, err := in.read()
	if err != nil {
		return nil, &InputError{err.Error()}
	}
	r := &result.Conversion{File: "-", From: d.Format}
	r.Add("-", d)
	if err := r.Write(d.Configuration, convert.WriteOptions{Format: in.To, Bucket: in.Bucket, Dialect: in.Dialect}); err != nil {
		return nil, &InputError{err.Error()}
	}
	return r.JSON(), nil
}

// A comparison has two documents; one without text is a bucket without a configuration.
type comparison struct {
	Old     side           `json:"old"`
	New     side           `json:"new"`
	Dialect s3cors.Dialect `json:"dialect"`
}

func (c comparison) bound() error { return boundOf(c.Old.Document, c.New.Document) }

// A side of a comparison is a document, and which of its configurations is meant where it
// has several.
type side struct {
	Document string `json:"document"`
	Resource string `json:"resource"`
}

// compare tells what a bucket does otherwise with the new document, and returns what
// diff -json prints.
func compare(in comparison) (*result.Compared, error) {
	var both [2]*s3cors.Configuration
	for i, s := range []side{in.Old, in.New} {
		var err error
		if both[i], err = (&policy{Document: s.Document, Resource: s.Resource, Dialect: in.Dialect}).configuration(); err != nil {
			return nil, &InputError{[]string{"What was kept: ", "The policy: "}[i] + err.Error()}
		}
	}
	report, err := diff.Compare(both[0], both[1], s3cors.WithDialect(in.Dialect))
	if err != nil {
		return nil, &InputError{err.Error()}
	}
	return result.Diff(report), nil
}
