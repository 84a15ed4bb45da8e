package convert

import (
	"errors"
	"fmt"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/form"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// withoutSpot is for JSON in which no configuration was found. One that is meant for S3
// is left to the root package, which knows the slips that people make there.
func (d *Document) withoutSpot(root jsontree.Node, o ReadOptions, otherwise error) error {
	format := JSON
	if root.Kind == jsontree.Array {
		format = Array
	}
	f := form.Of(d.text)
	meant := f == form.CLI || f == form.Nested || f == form.Console || f == form.Unknown && hasRulesOfS3(root)
	if meant && (o.Format == 0 || o.Format == format) {
		d.Format = format
		return d.take(d.text, o.Dialect)
	}
	if rulesFormat(jsontree.Node{Kind: jsontree.Array, Items: []jsontree.Node{root}}) != 0 {
		return errors.New("this is a single rule: put it into an array")
	}
	return d.foreign(otherwise)
}

// hasRulesOfS3 reports whether a member of an object holds rules in S3's words, under
// whatever name.
func hasRulesOfS3(root jsontree.Node) bool {
	return slices.ContainsFunc(root.Members, func(m jsontree.Member) bool { return rulesFormat(m.Value) == Array })
}

// foreign returns the error for a document of no format that is read; otherwise is
// that for a document of an unknown form.
func (d *Document) foreign(otherwise error) error {
	switch f := form.Of(d.text); f {
	case form.YAML:
		return fmt.Errorf("this is %s, which is not read: write it as JSON first", f)
	case form.CloudFormationYAML:
		return fmt.Errorf(`this is %s, which is not read: write it as JSON first, or take what "aws cloudformation get-template" prints of it`, f)
	case form.HCL:
		return fmt.Errorf(`this is %s, which is not read: take what "terraform show -json" prints of its state or its plan`, f)
	case form.Template:
		return fmt.Errorf("this is %s, and no bucket in it has a CorsConfiguration with CorsRules", f)
	case form.Unknown:
		return otherwise
	default:
		if f.Converts() {
			return otherwise
		}
		return errors.New("this is " + f.String() + colon(f.Advice()))
	}
}

func colon(advice string) string {
	if advice == "" {
		return ""
	}
	return ": " + advice
}

// A PlaceError tells what is wrong with a document at one place, so that nothing of it
// can be read.
type PlaceError struct {
	At   s3cors.Position
	Text string // without the place
}

// Error returns the line, the column and the text.
func (e *PlaceError) Error() string { return fmt.Sprintf("%d:%d: %s", e.At.Line, e.At.Column, e.Text) }

// fault returns an error with its place.
func (d *Document) fault(offset int, message string) error {
	err := &PlaceError{Text: message}
	locate(d.text, d.base, []pin{{offset, &err.At}})
	return err
}
