package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/jsontree"
)

// readFetch reads the member fetch: how a page makes its request; nil for null.
func readFetch(data json.RawMessage) (*explain.Fetch, error) {
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

// A sent is a request as a browser sent it, or as a command sends it.
type sent struct {
	method  string
	url     string
	headers [][2]string
}

// values returns the values of a field.
func (s *sent) values(name string) []string {
	var values []string
	for _, header := range s.headers {
		if strings.EqualFold(header[0], name) {
			values = append(values, header[1])
		}
	}
	return values
}

func (s *sent) value(name string) string { return strings.Join(s.values(name), ", ") }

// question is what such a request asks. Flags that were given count more than it does.
func (x *explainFlags) question(s *sent) (question, error) {
	if x.given["origin"] {
		s.set("Origin", x.origin)
	}
	if x.given["request-method"] {
		s.set("Access-Control-Request-Method", x.requestMethod)
	}
	if x.given["request-headers"] {
		s.set("Access-Control-Request-Headers", x.requestHeaders)
	}
	if x.given["method"] {
		s.method = x.method
	}
	policy := s3cors.NoConfiguration(s3cors.WithDialect(x.dialect))
	q := question{request: policy.ReadRequest(s.method, x.request().Target, s.values), method: s.method, url: s.url}
	q.request.Subresource = x.subresource
	q.request.Authorization = q.request.Authorization || x.authorization
	if err := x.address(&q.request, s.url); err != nil {
		return q, err
	}
	q.fetch = s.fetch()
	return q, nil
}

func (s *sent) set(name, value string) {
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

// fetch is how the page made the request, as far as what was sent tells.
func (s *sent) fetch() *explain.Fetch {
	f := &explain.Fetch{URL: s.url, Method: s.method}
	if s.method == http.MethodOptions && s.value("Access-Control-Request-Method") != "" {
		f.Method = s.value("Access-Control-Request-Method")
		f.Headers = asked(s.value("Access-Control-Request-Headers"))
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

// asked are headers that make a browser ask for these names. Their values are not
// known; a quote is in none that needs no asking for.
func asked(names string) [][2]string {
	var headers [][2]string
	for _, name := range strings.Split(names, ",") {
		if name = trimBlanks(name); name != "" {
			headers = append(headers, [2]string{name, `"`})
		}
	}
	return headers
}
