package ask

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// ReadFetch reads the member fetch: how a page makes its request; nil for null.
func ReadFetch(data json.RawMessage) (*explain.Fetch, error) {
	if kind(data) == jsontree.Null {
		return nil, nil
	}
	members, err := readMembers("fetch", data, "url", "method", "headers", "credentials", "mode", "read")
	if err != nil {
		return nil, err
	}
	f := new(explain.Fetch)
	if f.URL, err = text("fetch.url", members["url"]); err != nil {
		return nil, err
	}
	if f.Method, err = text("fetch.method", members["method"]); err != nil {
		return nil, err
	}
	if f.Headers, err = readFetchHeaders(members["headers"]); err != nil {
		return nil, err
	}
	credentials, err := readChoice("fetch.credentials", members["credentials"], "omit", "same-origin", "include")
	if err != nil {
		return nil, err
	}
	mode, err := readChoice("fetch.mode", members["mode"], "cors", "no-cors")
	if err != nil {
		return nil, err
	}
	f.Credentials, f.Mode = explain.Credentials(credentials), explain.Mode(mode)
	f.Read, err = readNames(members["read"])
	return f, err
}

// readFetchHeaders reads headers as those of a request, and keeps the order of names.
func readFetchHeaders(data json.RawMessage) ([][2]string, error) {
	lines, err := readHeaders(data)
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	var headers [][2]string
	for _, name := range sortedNames(lines) {
		for _, value := range lines[name] {
			headers = append(headers, [2]string{name, value})
		}
	}
	return headers, nil
}

// readChoice reads a string that is one of some; "" if there is none.
func readChoice(path string, data json.RawMessage, choices ...string) (string, error) {
	value, err := text(path, data)
	if err != nil || value == "" {
		return "", err
	}
	for _, choice := range choices {
		if value == choice {
			return value, nil
		}
	}
	return "", fmt.Errorf("%s is %q, not %s", path, value, strings.Join(choices, ", "))
}

// readNames reads an array of strings.
func readNames(data json.RawMessage) ([]string, error) {
	switch k := kind(data); k {
	case jsontree.Null:
		return nil, nil
	case jsontree.Array:
	default:
		return nil, fmt.Errorf("fetch.read is %s, not an array", k)
	}
	var names []string
	err := each(data, func(_ string, item json.RawMessage) error {
		name, err := text("an item of fetch.read", item)
		if err == nil && name != "" {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// A Sent is a request as a browser sent it, or as a command sends it.
type Sent struct {
	method  string
	url     string
	headers [][2]string

	credentials explain.Credentials // "" if it is not told
	mode        explain.Mode
}

// NewSent returns a request with these header lines.
func NewSent(method, url string, headers [][2]string) *Sent {
	return &Sent{method: method, url: url, headers: headers}
}

// values returns the values of a field.
func (s *Sent) values(name string) []string {
	var values []string
	for _, header := range s.headers {
		if strings.EqualFold(header[0], name) {
			values = append(values, header[1])
		}
	}
	return values
}

func (s *Sent) value(name string) string { return strings.Join(s.values(name), ", ") }

// Question is what such a request asks. What was given counts more than it does.
func (g *Given) Question(s *Sent) (Question, error) {
	if g.Names["origin"] {
		s.set("Origin", g.Origin)
	}
	if g.Names["request-method"] {
		s.set("Access-Control-Request-Method", g.RequestMethod)
	}
	if g.Names["request-headers"] {
		s.set("Access-Control-Request-Headers", g.RequestHeaders)
	}
	if g.Names["method"] {
		s.method = g.Method
	}
	policy := s3cors.NoConfiguration(s3cors.WithDialect(g.Dialect))
	q := Question{Request: policy.ReadRequest(s.method, g.Request().Target, s.values), Method: s.method, URL: s.url}
	q.Request.Subresource = g.Subresource
	q.Request.Authorization = q.Request.Authorization || g.Authorization
	if err := g.Address(&q.Request, s.url); err != nil {
		return q, err
	}
	q.Fetch, q.Left = s.Fetch(), s.left()
	return q, nil
}

// Questions are what the requests of a text ask.
func (g *Given) Questions(p *Pasted) ([]Question, error) {
	var all []Question
	for _, s := range p.Sent {
		q, err := g.Question(s)
		if err != nil {
			return nil, err
		}
		q.Title = strings.TrimSpace(q.Method + " " + q.URL)
		if q.Request.Origin != "" {
			q.Title += " from " + q.Request.Origin
		}
		for _, text := range p.Notes {
			q.Notes = append(q.Notes, explain.Hint{Code: explain.HeaderNames, Text: text})
		}
		all = append(all, q)
	}
	return all, nil
}

func (s *Sent) set(name, value string) {
	var kept [][2]string
	for _, header := range s.headers {
		if !strings.EqualFold(header[0], name) {
			kept = append(kept, header)
		}
	}
	s.headers = append(kept, [2]string{name, value})
}

// browserFields are what browsers add to requests, beside those that scripts may not
// set. A script could set most of them, too, and hardly ever does.
var browserFields = map[string]bool{
	"user-agent": true, "priority": true, "save-data": true, "dpr": true, "upgrade-insecure-requests": true,
	"purpose": true, "alt-used": true, "pragma": true, "x-client-data": true,
}

// Fetch is how the page made the request, as far as what was sent tells.
func (s *Sent) Fetch() *explain.Fetch {
	f := &explain.Fetch{URL: s.url, Method: s.method, Credentials: s.credentials, Mode: s.mode}
	if s.method == "OPTIONS" && s.value("Access-Control-Request-Method") != "" {
		f.Method = s.value("Access-Control-Request-Method")
		f.Headers = Asked(s.value("Access-Control-Request-Headers"))
		return f
	}
	devtools := strings.EqualFold(s.value("Pragma"), "no-cache") // which "Disable cache" adds with the other
	for _, header := range s.headers {
		name := strings.ToLower(header[0])
		switch {
		case browserFields[name], devtools && name == "cache-control":
		case name == "cookie":
			f.Credentials = explain.Include
		default:
			f.Headers = append(f.Headers, header)
		}
	}
	if s.value("Sec-Fetch-Mode") == string(explain.NoCORS) {
		f.Mode = explain.NoCORS
	}
	return f
}

// left are the names of what was sent and a page does not set: the browser adds it.
func (s *Sent) left() []string {
	var names []string
	isPreflight := s.method == "OPTIONS" && s.value("Access-Control-Request-Method") != ""
	kept := s.Fetch().Headers
	for _, header := range s.headers {
		isKept := slices.ContainsFunc(kept, func(k [2]string) bool { return k[0] == header[0] }) && !fetch.IsForbiddenHeader(header[0], header[1])
		if name := strings.ToLower(header[0]); !isPreflight && !isKept && name != "origin" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Asked are headers that make a browser ask for these names. Their values are not known.
func Asked(names string) [][2]string {
	var headers [][2]string
	for _, name := range strings.Split(names, ",") {
		if name = TrimBlanks(name); name != "" {
			headers = append(headers, [2]string{name, unknownHeader})
		}
	}
	return headers
}
