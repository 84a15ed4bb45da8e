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
	if len(p.lists) == 0 && len(p.rules) == 0 {
		return data, nil
	}
	e := &editor{data: data, document: document, config: config, xml: wordsOf(data).xml}
	if !e.carryOut(p) {
		return nil, ErrNotInPlace
	}
	fixed := e.text()
	// The proof that the text was understood is that it reads as what was meant.
	got := s3cors.ParseDocument(fixed, s3cors.WithDialect(opts.Dialect)).Configuration()
	if !reflect.DeepEqual(plain(got), plain(p.apply(config))) {
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
