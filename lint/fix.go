package lint

import (
	"errors"
	"reflect"

	"github.com/s3cors/s3cors"
)

// ErrNotInPlace is what Fix returns for a document in which it cannot change what the
// patches change, and keep everything else as it stands.
var ErrNotInPlace = errors.New("the document cannot be changed in place")

// Fix applies the patches of findings to the document that they were found in, and
// returns the new text. What no patch touches stays as it is, byte for byte: order,
// white space, comments. It returns data itself if there is nothing to do. The error
// is ErrNotInPlace; nothing is changed then.
//
// A patch can uncover another finding: call Check and Fix again until nothing
// changes.
func Fix(data []byte, findings []Finding, opts Options) ([]byte, error) {
	document := s3cors.ParseDocument(data, s3cors.WithDialect(opts.Dialect))
	config := document.Configuration()
	p := planOf(config, findings)
	if p.isEmpty() {
		return data, nil
	}
	s := Source{
		Data: data, Configuration: config, NameOf: func(member string) string { return member },
		Offsets: func(path string) (start, end int, ok bool) {
			from, to, ok := document.Position(path)
			return from.Offset, to.Offset, ok
		},
		Read: func(data []byte) *s3cors.Configuration {
			return s3cors.ParseDocument(data, s3cors.WithDialect(opts.Dialect)).Configuration()
		},
	}
	return s.carryOut(p)
}

// A Source is a document in a format that this package does not read, in JSON or in XML,
// as somebody else has read it.
type Source struct {
	// Data is the text.
	Data []byte
	// Configuration is what it says.
	Configuration *s3cors.Configuration
	// Offsets returns where a member of Configuration begins in Data and where it ends, in
	// bytes, by its path, such as CORSRules[0].AllowedOrigins[1]. It returns false for what
	// has no place.
	Offsets func(path string) (start, end int, ok bool)
	// NameOf returns what a list of a rule, such as AllowedHeaders, is called in Data; ""
	// if it has no name there.
	NameOf func(member string) string
	// Read returns what a text of that format says; nil if it cannot be read.
	Read func(data []byte) *s3cors.Configuration
}

// FixSource is Fix for a document of another format. The findings are those of
// CheckConfiguration for what the document says.
func FixSource(s Source, findings []Finding) ([]byte, error) {
	p := planOf(s.Configuration, findings)
	if p.isEmpty() {
		return s.Data, nil
	}
	return s.carryOut(p)
}

// Apply returns the configuration as the patches of findings make it. c stays as it is.
// A patch that would leave a rule without an origin or a method is left out.
func Apply(c *s3cors.Configuration, findings []Finding) *s3cors.Configuration {
	return planOf(c, findings).apply(c)
}

// carryOut changes the text as a plan says.
func (s *Source) carryOut(p *plan) ([]byte, error) {
	e := &editor{Source: *s, xml: wordsOf(s.Data).xml}
	if !e.carryOut(p) {
		return nil, ErrNotInPlace
	}
	fixed := e.text()
	// The proof that the text was understood is that it reads as what was meant.
	got := s.Read(fixed)
	if got == nil || !reflect.DeepEqual(plain(got), plain(p.apply(s.Configuration))) {
		return nil, ErrNotInPlace
	}
	return fixed, nil
}

// plain returns a copy in which an empty list is nil, so that both compare equal.
func plain(c *s3cors.Configuration) *s3cors.Configuration {
	copied := &s3cors.Configuration{}
	for _, rule := range c.CORSRules {
		for _, l := range []*[]string{&rule.AllowedOrigins, &rule.AllowedMethods, &rule.AllowedHeaders, &rule.ExposeHeaders} {
			if len(*l) == 0 {
				*l = nil
			}
		}
		copied.CORSRules = append(copied.CORSRules, rule)
	}
	return copied
}
