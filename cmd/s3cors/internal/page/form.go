package page

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
)

// A form describes a request as people fill it in: what a page asks for. A preflight
// that is to be taken as it is has the method OPTIONS.
type form struct {
	URL         string              `json:"url"`
	Origin      string              `json:"origin"`
	Method      string              `json:"method"`
	Headers     string              `json:"headers"` // "Name: value" or a name alone on each line
	Credentials explain.Credentials `json:"credentials"`
	Mode        explain.Mode        `json:"mode"`
	Read        string              `json:"read"`   // names of response headers
	Target      string              `json:"target"` // "" is what the URL addresses
	// Bucket is "missing" if there is no bucket.
	Bucket string `json:"bucket"`
	// Seen is the code of what a browser's sentence points to.
	Seen explain.Code `json:"seen"`
}

// unknownValue stands for the value of a header of which the name alone is known. It
// makes browsers ask for the name, whichever it is.
const unknownValue = `"`

// headers reads the lines of headers.
func (f *form) headers() ([][2]string, error) {
	var headers [][2]string
	for line := range strings.Lines(f.Headers) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if name = ask.TrimBlanks(name); name == "" {
			return nil, &InputError{fmt.Sprintf("%q is no header: write it as Name: value", line)}
		}
		if !ok {
			value = unknownValue
		}
		headers = append(headers, [2]string{name, ask.TrimBlanks(value)})
	}
	return headers, nil
}

// A message is a request as it goes over the wire.
type message struct {
	title   string
	method  string
	headers [][2]string
}

// messages are the requests that a browser makes of the form: a preflight where it needs
// one, and the request itself.
func (f *form) messages(headers [][2]string) []message {
	var origin [][2]string
	if f.Origin != "" {
		origin = [][2]string{{"Origin", f.Origin}}
	}
	if strings.EqualFold(f.Method, "OPTIONS") {
		return []message{{"The request as it is", "OPTIONS", append(origin, headers...)}}
	}
	set := fetch.Header{}
	var kept [][2]string
	for _, h := range headers {
		if fetch.IsForbiddenHeader(h[0], h[1]) {
			continue
		}
		set.Add(h[0], h[1])
		kept = append(kept, h)
	}
	method := fetch.Normalize(f.Method)
	request := message{"The request itself", method, append(origin, kept...)}
	names := fetch.UnsafeNames(set)
	switch {
	case f.Mode == explain.NoCORS && fetch.IsSafelistedMethod(method) && method != "POST": // which has no Origin then
		return []message{{request.title, method, kept}}
	case f.Origin == "", f.Mode == explain.NoCORS, fetch.IsSafelistedMethod(method) && len(names) == 0:
		return []message{request}
	}
	preflight := message{"The preflight, by which the browser asks first", "OPTIONS", append(origin, [2]string{"Access-Control-Request-Method", method})}
	if len(names) > 0 {
		preflight.headers = append(preflight.headers, [2]string{"Access-Control-Request-Headers", strings.Join(names, ",")})
	}
	return []message{preflight, request}
}

// target is what the request addresses.
func (f *form) target() (s3cors.Target, error) {
	switch f.Target {
	case "bucket":
		return s3cors.TargetBucket, nil
	case "service":
		return s3cors.TargetService, nil
	case "object":
		return s3cors.TargetObject, nil
	case "":
		r, err := f.addressed()
		return r.Target, err
	}
	return 0, &InputError{fmt.Sprintf("the target is %q, not object, bucket or service", f.Target)}
}

// addressed is what the URL alone tells.
func (f *form) addressed() (s3cors.Request, error) {
	var r s3cors.Request
	if f.URL == "" {
		return r, nil
	}
	if err := new(ask.Given).Address(&r, f.URL); err != nil {
		return r, &InputError{err.Error()}
	}
	return r, nil
}

// A line is one of explain -jsonl.
type line struct {
	Config  any         `json:"config,omitempty"`
	Bucket  string      `json:"bucket,omitempty"`
	Dialect string      `json:"dialect"`
	Request lineRequest `json:"request"`
	Fetch   *lineFetch  `json:"fetch,omitempty"`
}

type lineRequest struct {
	Method      string      `json:"method"`
	Target      string      `json:"target"`
	Headers     [][2]string `json:"headers"`
	Subresource string      `json:"subresource,omitempty"`
}

type lineFetch struct {
	URL         string              `json:"url,omitempty"`
	Method      string              `json:"method"`
	Headers     [][2]string         `json:"headers"`
	Credentials explain.Credentials `json:"credentials,omitempty"`
	Mode        explain.Mode        `json:"mode,omitempty"`
	Read        []string            `json:"read,omitempty"`
}

// fetch is how the page makes its request; nil if that is not a page's.
func (f *form) fetch(headers [][2]string) *lineFetch {
	if f.Origin == "" || strings.EqualFold(f.Method, "OPTIONS") {
		return nil
	}
	return &lineFetch{URL: f.URL, Method: f.Method, Headers: append([][2]string{}, headers...), Credentials: f.Credentials, Mode: f.Mode,
		Read: strings.FieldsFunc(f.Read, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' })}
}

// targetNames are the targets as lines have them.
var targetNames = map[s3cors.Target]string{s3cors.TargetObject: "object", s3cors.TargetBucket: "bucket", s3cors.TargetService: "service"}

// formOf is the form that describes what was pasted.
func formOf(q *ask.Question) form {
	f := form{Origin: q.Request.Origin, Target: targetNames[q.Request.Target], Seen: q.Seen}
	if q.Fetch == nil {
		return f
	}
	f.URL, f.Method, f.Credentials, f.Mode = q.Fetch.URL, q.Fetch.Method, q.Fetch.Credentials, q.Fetch.Mode
	if f.URL != "" {
		f.Target = "" // which the URL tells
	}
	var lines []string
	for _, h := range q.Fetch.Headers {
		switch {
		case fetch.IsForbiddenHeader(h[0], h[1]): // what browsers add by themselves
		case h[1] == unknownValue:
			lines = append(lines, h[0])
		default:
			lines = append(lines, h[0]+": "+h[1])
		}
	}
	f.Headers = strings.Join(lines, "\n")
	return f
}
