// Package page is what stands behind a page to paste a policy into: functions from JSON
// to JSON, whose results hold what the commands print. It knows nothing of HTTP, so that
// a server and a program in the browser can both be built on it.
package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/lint"
)

// calls are the functions by their names.
var calls = map[string]func(data []byte) (any, error){
	"options":  call(options),
	"document": call(document),
	"paste":    call(paste),
	"explain":  call(explainForm),
	"mend":     call(mend),
	"apply":    call(apply),
	"convert":  call(convertTo),
	"diff":     call(compare),
}

// ErrNoCall is what Call returns for a name that no function has.
var ErrNoCall = errors.New("there is no such call")

// An InputError says in a sentence for people why there is no result.
type InputError struct{ Text string }

func (e *InputError) Error() string { return e.Text }

// Call calls the function of a name with its input, a JSON object. The error is
// ErrNoCall, or an *InputError if the input is to blame.
func Call(name string, input []byte) ([]byte, error) {
	f, ok := calls[name]
	if !ok {
		return nil, ErrNoCall
	}
	output, err := f(input)
	if err != nil {
		return nil, err
	}
	return result.Encode(output)
}

// call makes a function of JSON of one of values.
func call[In, Out any](f func(In) (Out, error)) func([]byte) (any, error) {
	return func(data []byte) (any, error) {
		var in In
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			return nil, &InputError{"the input of the call cannot be read: " + err.Error()}
		}
		if bounded, ok := any(in).(interface{ bound() error }); ok {
			if err := bounded.bound(); err != nil {
				return nil, err
			}
		}
		return f(in)
	}
}

// A policy is what was pasted, and how it is to be read.
type policy struct {
	Document string         `json:"document"`
	Resource string         `json:"resource"` // which configuration, where there are several
	Dialect  s3cors.Dialect `json:"dialect"`
	Profiles []lint.Profile `json:"profiles"` // what it is for
}

// bound returns an error for a document that is too long to be looked at: some calls read
// it many times.
func (p policy) bound() error { return boundOf(p.Document) }

func boundOf(documents ...string) error {
	for _, document := range documents {
		if len(document) > convert.MaxBytes {
			return &InputError{fmt.Sprintf("the document has more than %d MiB, and is not read: S3 takes 64 KiB", convert.MaxBytes>>20)}
		}
	}
	return nil
}

func (p *policy) lintOptions() lint.Options {
	return lint.Options{Dialect: p.Dialect, Profiles: p.Profiles}
}

// read reads the document in any format.
func (p *policy) read() (*convert.Document, error) {
	return convert.Read([]byte(p.Document), convert.ReadOptions{Resource: p.Resource, Dialect: p.Dialect})
}

// isNone reports whether nothing was pasted: the bucket has no configuration.
func (p *policy) isNone() bool { return strings.TrimSpace(p.Document) == "" }

// foreign returns the document if it is of another product, or of a tool, and nil if it
// is in a format of S3's own or in none.
func (p *policy) foreign() *convert.Document {
	d, err := p.read()
	if err != nil || !isForeign(d) {
		return nil
	}
	return d
}

// isForeign reports whether the document is of another product, or of a tool, or has more
// around what S3 would take, as the parameters of an SDK do. What S3 refuses in those is
// told as of a document of its own, of which more is known.
func isForeign(d *convert.Document) bool { return d.Own() == nil || d.Part && len(d.Problems) == 0 }

// configuration returns what S3 would make of the document; nil if it is none. The
// error is an *InputError.
func (p *policy) configuration() (*s3cors.Configuration, error) {
	if p.isNone() {
		return nil, nil
	}
	d, err := p.read()
	if err != nil {
		return nil, &InputError{err.Error()}
	}
	if len(d.Problems) > 0 {
		problem := d.Problems[0]
		return nil, &InputError{fmt.Sprintf("S3 would refuse the configuration: %s (%s)", problem.Detail, problem.S3.Code)}
	}
	return d.Configuration, nil
}

// choices is what can be chosen on the page.
type choices struct {
	Formats  []choice       `json:"formats"` // those that can be written
	Dialects []choice       `json:"dialects"`
	Profiles []lint.Profile `json:"profiles"`
}

type choice struct {
	Name  string `json:"name"`
	Title string `json:"title"`
}

// dialects are the kinds of servers, the usual one first.
var dialects = []struct {
	dialect s3cors.Dialect
	title   string
}{{s3cors.Amazon, "Amazon S3"}, {s3cors.Ceph, "Ceph"}, {s3cors.CephMain, "Ceph, main branch"}}

func options(struct{}) (*choices, error) {
	c := &choices{Profiles: []lint.Profile{lint.BrowserUpload, lint.Multipart, lint.RangeReader, lint.AWSSDKJS, lint.Portable, lint.Strict}}
	for _, f := range convert.Formats() {
		if f.Writable() {
			c.Formats = append(c.Formats, choice{f.String(), f.Title()})
		}
	}
	for _, d := range dialects {
		c.Dialects = append(c.Dialects, choice{d.dialect.String(), d.title})
	}
	return c, nil
}
