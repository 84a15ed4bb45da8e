package conformance

import (
	"net/url"
	"strings"
)

// isCORS reports whether a header is one of those of which the vectors list all: the
// Access-Control fields, and Vary.
func isCORS(name string) bool {
	return hasPrefixFold(name, "Access-Control-") || strings.EqualFold(name, "Vary")
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// hasCORS reports whether a raw query names the sub-resource cors, escaped or not
// (10/cors-in-the-query).
func hasCORS(query string) bool {
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if name, err := url.QueryUnescape(name); err == nil && name == "cors" {
			return true
		}
	}
	return false
}
