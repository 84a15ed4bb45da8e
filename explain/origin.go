package explain

import (
	"strings"
)

// An origin is a text that is an origin, or should have been one, in parts. Each part
// may hold a "*".
type origin struct {
	scheme string
	// written tells that "://" stands behind the scheme.
	written bool
	host    string
	port    string
	rest    string // what no origin has: a path, a query
}

// parseOrigin takes apart whatever people write where an origin belongs.
func parseOrigin(text string) origin {
	var o origin
	rest := text
	if scheme, behind, ok := strings.Cut(text, "://"); ok && !strings.ContainsAny(scheme, "/.?#") {
		o.scheme, o.written, rest = scheme, true, behind
	} else {
		rest = withoutBrokenScheme(text)
	}
	end := strings.IndexAny(rest, `/?#\`)
	if end < 0 {
		end = len(rest)
	}
	authority := rest[:end]
	o.rest = rest[end:]
	authority = authority[strings.LastIndex(authority, "@")+1:]
	o.host = authority
	if colon := strings.LastIndex(authority, ":"); colon > strings.LastIndex(authority, "]") {
		o.host, o.port = authority[:colon], authority[colon+1:]
	}
	return o
}

// withoutBrokenScheme removes "//", "https:" or "https:/", which stand where a scheme
// belongs and are none. What is a scheme alone has no host.
func withoutBrokenScheme(text string) string {
	for _, scheme := range []string{"https", "http"} {
		if rest, ok := strings.CutPrefix(lower(text), scheme); ok && (rest == "" || rest[0] == ':' || strings.HasPrefix(rest, "//")) {
			return strings.TrimLeft(text[len(scheme):], ":/")
		}
	}
	return strings.TrimPrefix(text, "//")
}

// String puts the parts together as an origin, without what no origin has.
func (o origin) String() string {
	text := lower(o.host)
	if o.port != "" && o.port != defaultPorts[lower(o.scheme)] {
		text += ":" + o.port
	}
	if o.scheme == "" {
		return text
	}
	return lower(o.scheme) + "://" + text
}

// defaultPorts are the ports that browsers leave out (HTML, "serialization of an
// origin").
var defaultPorts = map[string]string{"http": "80", "https": "443"}

// isWeb reports whether a scheme is one of pages that come from a server.
func isWeb(scheme string) bool { _, ok := defaultPorts[lower(scheme)]; return ok }

// asSent returns what a browser would send of the origin that was probably meant by
// text, which is text itself if a browser could send it.
func asSent(text string) string {
	if text == "null" || text == "" {
		return text
	}
	parts := splitList(text)
	if len(parts) == 0 {
		return text
	}
	o := parseOrigin(clean(parts[0]))
	switch {
	case o.written && !isWeb(o.scheme):
		return o.String()
	case o.host == "":
		return text
	case !o.written && isLoopback(lower(o.host)):
		o.scheme = "http"
	case !o.written:
		o.scheme = "https"
	}
	return o.String()
}

// splitList returns the values in a text that holds several, or the text itself.
func splitList(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", ;|\t\r\n", r) })
}

// clean removes what people copy along with an origin.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
			return -1 // what nobody sees
		}
		return r
	}, text)
	return strings.Trim(text, " \t\r\n\u00a0\u202f'\"`\u2018\u2019\u201c\u201d\\<>")
}

// isLoopback reports whether a host is the machine itself.
func isLoopback(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasPrefix(host, "127.") ||
		host == "[::1]" || host == "0.0.0.0"
}

// isPrivate reports whether a host is one of a local network (RFC 1918, and names that
// are used there).
func isPrivate(host string) bool {
	for _, prefix := range []string{"10.", "192.168.", "169.254."} {
		if strings.HasPrefix(host, prefix) {
			return true
		}
	}
	if second, ok := strings.CutPrefix(host, "172."); ok {
		octet, _, _ := strings.Cut(second, ".")
		return len(octet) == 2 && "16" <= octet && octet <= "31"
	}
	return strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".lan") || strings.HasSuffix(host, ".internal") ||
		!strings.Contains(host, ".") && !strings.Contains(host, ":")
}

// distance counts the characters to insert, delete or replace to get from a to b. It
// counts no further than what two texts of this length can show.
func distance(a, b string) int {
	const longest = 80 // bounds the work
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	row := make([]int, len(b)+1)
	for k := range row {
		row[k] = k
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for k := range len(b) {
			cost := diagonal
			if a[i] != b[k] {
				cost = 1 + min(diagonal, row[k], row[k+1])
			}
			diagonal, row[k+1] = row[k+1], cost
		}
	}
	return row[len(b)]
}
