package convert

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/jsontree"
)

const (
	// MaxBytes is how many bytes a document may have. A template of CloudFormation has
	// one MiB at most; the state of Terraform may be longer.
	MaxBytes = 4 << 20
	// MaxValues is how many values, or elements, a document may have.
	MaxValues = 1 << 17
)

// ReadOptions say how a document is read. The zero value reads a document of any format
// for Amazon S3.
type ReadOptions struct {
	// Format is that of the document. Zero tells it by the content.
	Format Format
	// Resource names the bucket or the resource, or is the path to it, where a document
	// has several. It may be empty where there is one.
	Resource string
	// Dialect is the kind of server whose rules judge what was read.
	Dialect s3cors.Dialect
}

// A Document is what was read.
type Document struct {
	// Format is that of the document.
	Format Format
	// Bucket is the name of the bucket, where the parameters of an SDK or a resource of
	// Terraform say it.
	Bucket string
	// Part tells that the document holds more than the configuration, such as a template
	// with other resources. Write writes the configuration alone.
	Part bool
	// Configuration has the values as they were written. It is nil if something in the
	// document could not be read, which Problems tell of.
	Configuration *s3cors.Configuration
	// Losses are what the document says and S3 cannot, in the order of the document.
	Losses []Remark
	// Notes are what else there is to know.
	Notes []Remark
	// Problems are what S3 would refuse the configuration for. Their places are those in
	// the document. Paths count as the document does.
	Problems s3cors.Problems
	// More is the number of problems beyond these.
	More int

	text  []byte // without a byte order mark
	base  int    // the length of that
	read  *s3cors.Document
	marks map[int]mark // nil if read is the document itself
}

const byteOrderMark = "\uFEFF"

// Read reads a document. The error is for what is no document of any format that Read
// knows, or not of the one that is asked for. It is a *PlaceError if one place is to
// blame, and an *AmbiguousError for a document with several configurations.
func Read(data []byte, o ReadOptions) (*Document, error) {
	if o.Format != 0 && !o.Format.Readable() {
		return nil, fmt.Errorf("%s is written, not read: the formats that are read are %s", o.Format, names(func(t trait) bool { return t.read }))
	}
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("the document has more than %d bytes", MaxBytes)
	}
	d := &Document{text: bytes.TrimPrefix(data, []byte(byteOrderMark))}
	d.base = len(data) - len(d.text)
	if err := d.parse(o); err != nil {
		return nil, err
	}
	return d, nil
}

// parse tells XML and JSON apart.
func (d *Document) parse(o ReadOptions) error {
	start := bytes.TrimLeft(d.text, " \t\r\n")
	switch {
	case len(start) == 0:
		return errors.New("the document is empty")
	case start[0] == '{' || start[0] == '[':
		return d.parseJSON(o)
	case start[0] == '<':
		return d.parseXML(o)
	}
	return d.foreign(errors.New("this is neither JSON nor XML"))
}

func (d *Document) parseJSON(o ReadOptions) error {
	if o.Format == XML || o.Format == GCSXML {
		return fmt.Errorf("this is JSON, not %s", o.Format.trait().words)
	}
	root, err := jsontree.ParseUpTo(d.text, MaxValues)
	var fault *jsontree.Error
	switch {
	case errors.Is(err, jsontree.ErrTooManyValues):
		return fmt.Errorf("the document has more than %d values", MaxValues)
	case errors.As(err, &fault):
		return d.fault(fault.Offset, fault.Message)
	}
	spots, twice := spotsFor(root, o.Format)
	if twice != nil {
		return d.fault(twice.Offset, "the name "+strconv.Quote(twice.Name)+" is there twice in one object")
	}
	one, err := choose(spots, o.Format, o.Resource)
	switch {
	case errors.Is(err, errNoSpot):
		return d.withoutSpot(root, o, err)
	case err != nil:
		return err
	}
	d.Format, d.Bucket = one.format, one.bucket
	if one.format == JSON || one.format == Array {
		return d.take(d.withoutParameters(root), o.Dialect)
	}
	if d.Part = one.part; d.Part {
		d.Notes = append(d.Notes, remark("CORSConfiguration", one.path, "only this was read of the document").at(nodeSpan(one.rules)))
	}
	return d.takeTranslation(translate(one, d.text), o.Dialect)
}

func (d *Document) parseXML(o ReadOptions) error {
	if isGCSXML(d.text) {
		if o.Format != 0 && o.Format != GCSXML {
			return fmt.Errorf("this is %s, not %s", GCSXML.trait().words, o.Format.trait().words)
		}
		rules, err := d.readGCSXML()
		if err != nil {
			return err
		}
		d.Format = GCSXML
		return d.takeTranslation(translate(spot{format: GCS, rules: rules}, d.text), o.Dialect)
	}
	if o.Format != 0 && o.Format != XML {
		return fmt.Errorf("this is XML, not %s", o.Format.trait().words)
	}
	d.Format = XML
	return d.take(d.text, o.Dialect)
}
