package convert

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/form"
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
	if one.part {
		d.Notes = append(d.Notes, remark("CORSConfiguration", one.path, "only this was read of the document").at(nodeSpan(one.rules)))
	}
	return d.takeTranslation(translate(one, d.text), o.Dialect)
}

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

// take reads a document of S3's own.
func (d *Document) take(text []byte, dialect s3cors.Dialect) error {
	d.read = s3cors.ParseDocument(text, s3cors.WithDialect(dialect))
	problems := d.read.Problems()
	if d.read.Unreadable() {
		cause := d.read.Causes()[0]
		err := &PlaceError{cause.Start, cause.Detail}
		if form.Of(d.text) == form.S3XML {
			return err
		}
		return d.foreign(err)
	}
	for _, p := range problems {
		p.Start.Offset += d.base
		p.End.Offset += d.base
	}
	d.finish(problems, d.isWhole(problems, dialect))
	return nil
}

// takeTranslation reads a translated document.
func (d *Document) takeTranslation(t *translation, dialect s3cors.Dialect) error {
	d.Losses, d.Notes = append(d.Losses, t.losses...), append(d.Notes, t.notes...)
	d.read, d.marks = s3cors.ParseDocument(t.out, s3cors.WithDialect(dialect)), t.marks
	problems := d.read.Problems()
	if d.read.Unreadable() {
		return d.fault(d.marks[0].span.start, problems[0].Detail)
	}
	whole := d.isWhole(problems, dialect) // which compares paths
	var pins []pin
	for _, p := range problems {
		m := d.markOf(p)
		p.Path, p.Rule = m.path, m.rule
		d.reword(p, m)
		pins = append(pins, pin{m.span.start, &p.Start}, pin{m.span.end, &p.End})
	}
	locate(d.text, d.base, pins)
	d.finish(problems, whole)
	return nil
}

// reword says in the words of the document what the root package says of a name that is
// the translation's.
func (d *Document) reword(p *s3cors.Problem, m mark) {
	words := vocabularies[d.Format]
	if d.Format == GCSXML {
		words = wordsOfGCSXML
	}
	switch p.Row {
	case "10/json-duplicate-names":
		p.Detail = string(d.text[m.span.start:m.span.end]) + " says the same for the second time"
	case "1.1/no-allowed-origin":
		p.Detail = "the rule is left without " + words.nameOf(memberAllowedOrigins) + ", and needs at least one"
	case "1.1/no-allowed-method":
		p.Detail = "the rule is left without " + words.nameOf(memberAllowedMethods) + " that S3 has, and needs at least one"
	}
}

// Own returns the document as the root package read it, with more to say about its
// problems, if it is one of S3's own: in XML, the CLI's JSON or the console's. It
// returns nil for a document of another format.
func (d *Document) Own() *s3cors.Document {
	if d.marks != nil {
		return nil
	}
	return d.read
}

func (d *Document) finish(problems s3cors.Problems, whole bool) {
	d.Problems, d.More = problems, d.read.More()
	if whole {
		d.Configuration = d.read.Configuration()
	}
	d.place()
}

// place puts the remarks in the order of the document, and fills in where they stand.
func (d *Document) place() {
	for _, list := range [][]Remark{d.Losses, d.Notes} {
		slices.SortStableFunc(list, func(a, b Remark) int { return a.span.start - b.span.start })
	}
	locate(d.text, d.base, append(pinRemarks(d.Losses), pinRemarks(d.Notes)...))
}

// markOf returns what a problem's place in the translation is in the document. Its path
// keeps what the mark has not: a name that is missing.
func (d *Document) markOf(p *s3cors.Problem) mark {
	m, ok := d.marks[p.Start.Offset]
	if !ok {
		m = d.marks[0]
	}
	if p.Rule >= 0 && m.rule >= 0 && m.path == rulePath(m.rule) {
		m.path += p.Path[len(rulePath(p.Rule)):] // a member that is missing
	} else if m.rule < 0 {
		m.path = p.Path
	}
	return m
}

// isWhole reports whether everything in the document was read: all that is wrong with
// it is wrong with the configuration as well.
func (d *Document) isWhole(problems s3cors.Problems, dialect s3cors.Dialect) bool {
	if len(problems) == 0 {
		return true
	}
	if d.read.More() > 0 {
		return false // not all of them are known
	}
	type defect struct{ path, row string }
	known := make(map[defect]bool)
	var judged s3cors.Problems
	errors.As(d.read.Configuration().Validate(s3cors.WithDialect(dialect)), &judged)
	for _, p := range judged {
		known[defect{p.Path, p.Row}] = true
	}
	for _, p := range problems {
		if !known[defect{p.Path, p.Row}] {
			return false
		}
	}
	return true
}

// Locate fills in the places of remarks about the configuration that was read, such as
// those of Write: they stand where the member stands in the document.
func (d *Document) Locate(remarks []Remark) {
	for i := range remarks {
		if remarks[i].span == (span{}) {
			remarks[i].span = d.spanOf(remarks[i].Path)
		}
	}
	locate(d.text, d.base, pinRemarks(remarks))
}

// spanOf returns where a member stands, or its rule if it is missing.
func (d *Document) spanOf(path string) span {
	start, end, ok := d.read.Position(path)
	if !ok {
		var i int
		if _, err := fmt.Sscanf(path, "CORSRules[%d]", &i); err != nil {
			return span{}
		}
		if start, end, ok = d.read.Position(rulePath(i)); !ok {
			return span{}
		}
	}
	if d.marks != nil {
		return d.marks[start.Offset].span
	}
	return span{start.Offset, end.Offset}
}
