package fetch

import (
	"errors"
	"strings"
)

// A location is a URL, as far as redirects need it. The standard's own parser of URLs
// forgives much more; what comes here was written by a program.
type location struct {
	scheme    string // in lower case
	user      bool   // there is a name or a password
	authority string // host and port
	path      string // with the query
}

// parseLocation reads an absolute URL.
func parseLocation(text string) (location, error) {
	text, _, _ = strings.Cut(text, "#")
	scheme, rest, ok := strings.Cut(text, ":")
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?") {
		return location{}, errors.New("the URL is not absolute")
	}
	l := location{scheme: strings.ToLower(scheme)}
	rest, ok = strings.CutPrefix(rest, "//")
	if !ok {
		l.path = rest
		return l, nil
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	l.authority, l.path = rest[:end], rest[end:]
	if at := strings.LastIndex(l.authority, "@"); at >= 0 {
		l.authority, l.user = l.authority[at+1:], true
	}
	return l, nil
}

// resolve reads a URL that may be relative to l (RFC 3986 section 5.2, without the
// removal of dots, which no origin depends on).
func (l location) resolve(text string) (location, error) {
	reference, _, _ := strings.Cut(text, "#")
	switch next := l; {
	case strings.HasPrefix(reference, "//"):
		return parseLocation(l.scheme + ":" + reference)
	case strings.HasPrefix(reference, "/"):
		next.path = reference
		return next, nil
	default:
		if absolute, err := parseLocation(reference); err == nil {
			return absolute, nil
		}
		path, _, _ := strings.Cut(l.path, "?")
		if !strings.HasPrefix(reference, "?") {
			path = path[:strings.LastIndex(path, "/")+1]
		}
		next.path = path + reference
		return next, nil
	}
}

func (l location) String() string {
	if l.authority == "" {
		return l.scheme + ":" + l.path
	}
	return l.scheme + "://" + l.authority + l.path
}

// origin serialises the URL's origin (HTML, "serialization of an origin").
func (l location) origin() string {
	host := strings.ToLower(l.authority)
	switch l.scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return l.scheme + "://" + host
}

// OriginOf returns the origin of a page or a request with that URL, as it stands in
// an Origin field; false if the URL is not absolute, or has no host.
func OriginOf(url string) (string, bool) {
	l, err := parseLocation(url)
	if err != nil || l.authority == "" {
		return "", false
	}
	return l.origin(), true
}
