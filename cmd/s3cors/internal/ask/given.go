// Package ask reads requests as people have them: as the lines of eval -jsonl and
// explain -jsonl, as a command of curl, as an HTTP archive, and as the sentence that a
// browser printed.
package ask

import (
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

// Given is what is known of a request besides the text that it is read from. The zero
// value is nothing.
type Given struct {
	Method         string
	Origin         string
	RequestMethod  string
	RequestHeaders string
	Bucket         bool // the URL addresses the bucket, not an object
	Service        bool // the URL addresses no bucket
	Subresource    string
	Authorization  bool
	Dialect        s3cors.Dialect

	EmptyOrigin        bool // it was given, and is empty
	EmptyRequestMethod bool

	// Names are the names of the flags that were given, such as "request-method".
	// What they say counts more than the text does.
	Names map[string]bool
}

// Request is the request that is known without any text.
func (g *Given) Request() s3cors.Request {
	r := s3cors.Request{
		Method:         g.Method,
		Origin:         g.Origin,
		RequestMethod:  g.RequestMethod,
		RequestHeaders: g.RequestHeaders,

		Authorization:      g.Authorization,
		EmptyOrigin:        g.EmptyOrigin,
		EmptyRequestMethod: g.EmptyRequestMethod,
		Subresource:        g.Subresource,
	}
	switch {
	case g.Bucket:
		r.Target = s3cors.TargetBucket
	case g.Service:
		r.Target = s3cors.TargetService
	}
	return r
}

// A Question is a request that is to be explained, and what to call it.
type Question struct {
	Request s3cors.Request
	Fetch   *explain.Fetch
	Seen    explain.Code
	Notes   []explain.Hint // what is not known of the request
	Title   string         // "" if there is one question only
	Method  string         // those of what was sent
	URL     string
	Left    []string // the names of headers that were sent, and that browsers add by themselves
}

// TrimBlanks removes what the transport does not deliver
// (10/transport-blanks).
func TrimBlanks(value string) string { return strings.Trim(value, " \t") }
