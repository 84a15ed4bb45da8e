package fetch

import (
	"slices"
	"strings"
)

const (
	// maxSafeValue is how many bytes a safelisted header may have (Fetch,
	// "CORS-safelisted request-header").
	maxSafeValue = 128
	// maxSafeValues is how many bytes all safelisted headers of a request may
	// have together (Fetch, "CORS-unsafe request-header names").
	maxSafeValues = 1024
)

// IsForbiddenHeader tells whether the browser keeps a header field to itself,
// and drops that of a script without a word (Fetch, "forbidden request-header").
func IsForbiddenHeader(name, value string) bool {
	name = strings.ToLower(name)
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers",
		"access-control-request-method", "connection", "content-length", "cookie",
		"cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin", "referer",
		"set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	case "x-http-method", "x-http-method-override", "x-method-override":
		return slices.ContainsFunc(strings.Split(value, ","), func(method string) bool {
			return isForbiddenMethod(strings.Trim(method, " \t"))
		})
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

// isSafelisted tells whether a script may send a header field without asking
// (Fetch, "CORS-safelisted request-header").
func isSafelisted(name, value string) bool {
	if len(value) > maxSafeValue {
		return false
	}
	switch strings.ToLower(name) {
	case "accept":
		return !hasUnsafeByte(value)
	case "accept-language", "content-language":
		return isLanguageList(value)
	case "content-type":
		return !hasUnsafeByte(value) && isFormType(value)
	case "range":
		return isSimpleRange(value)
	}
	return false
}

// hasUnsafeByte looks for a byte that could mean something to a parser (Fetch,
// "CORS-unsafe request-header byte").
func hasUnsafeByte(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool {
		return r < 0x20 && r != '\t' || strings.ContainsRune("\"():<>?@[\\]{}\x7f", r)
	})
}

// isLanguageList tells whether a value has only what lists of languages need.
func isLanguageList(value string) bool {
	return !strings.ContainsFunc(value, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune(" *,-.;=", r)
	})
}

// isFormType tells whether a Content-Type is one that a form can send, whatever
// its parameters ("MIME Sniffing", "parse a MIME type").
func isFormType(value string) bool {
	essence, _, _ := strings.Cut(value, ";")
	switch strings.ToLower(strings.Trim(essence, " \t")) {
	case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
		return true
	}
	return false
}

// isSimpleRange tells whether a Range is one that a media element could send:
// "bytes=", the first byte, "-", and perhaps the last one. A suffix such as
// "bytes=-500" is not (Fetch, "parse a single range header value").
func isSimpleRange(value string) bool {
	limits, ok := strings.CutPrefix(value, "bytes=")
	if !ok {
		return false
	}
	first, last, ok := strings.Cut(limits, "-")
	if !ok || first == "" || !isDigits(first) || !isDigits(last) {
		return false
	}
	return last == "" || !isGreater(first, last)
}

// isGreater compares two numbers of whatever length.
func isGreater(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

// UnsafeNames returns the names of the header fields that have to be asked for,
// in lower case, sorted, each once (Fetch, "CORS-unsafe request-header names").
func UnsafeNames(header Header) []string {
	var unsafe, safe []string
	size := 0
	for name, values := range header {
		for _, value := range values {
			if !isSafelisted(name, value) {
				unsafe = append(unsafe, strings.ToLower(name))
				continue
			}
			safe = append(safe, strings.ToLower(name))
			size += len(value)
		}
	}
	if size > maxSafeValues {
		unsafe = append(unsafe, safe...)
	}
	slices.Sort(unsafe)
	return slices.Compact(unsafe)
}

// isNonWildcard tells whether a "*" in Access-Control-Allow-Headers does not
// cover a name (Fetch, "CORS non-wildcard request-header name").
func isNonWildcard(name string) bool { return name == "authorization" }

// SafelistedResponses are the names of the response's header fields that a script may
// read without their being exposed (Fetch, "CORS-safelisted response-header name").
var SafelistedResponses = []string{
	"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
}

// IsSafelistedResponse tells whether a name, in lower case, is one of these.
func IsSafelistedResponse(name string) bool { return slices.Contains(SafelistedResponses, name) }

// IsForbiddenResponse tells whether no script may read a response's header
// field (Fetch, "forbidden response-header name").
func IsForbiddenResponse(name string) bool {
	return name == "set-cookie" || name == "set-cookie2"
}

// listOf returns the elements of all lines of a field that holds a list of
// tokens; false if one is none (Fetch, "extract header list values").
func listOf(lines []string) ([]string, bool) {
	var list []string
	for _, element := range strings.Split(strings.Join(lines, ","), ",") {
		element = strings.Trim(element, " \t")
		if element == "" { // RFC 9110 section 5.6.1.2: to be ignored
			continue
		}
		if !isToken(element) {
			return nil, false
		}
		list = append(list, element)
	}
	return list, true
}

// isToken is RFC 9110 section 5.6.2.
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

func isDigits(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || '9' < r })
}
