package lint

import (
	"strconv"
	"strings"

	"github.com/s3cors/s3cors/internal/reach"
)

// An address is what the text of an origin is made of: scheme://host:port, as browsers
// serialise it (HTML, "ASCII serialisation of an origin"), and what people write
// behind it.
type address struct {
	scheme string // without "://"
	host   string
	port   string // without ":"; "" if there is none
	rest   string // a path, a query or a fragment
}

// split cuts a text with a scheme; false if it has none.
func split(text string) (a address, ok bool) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return address{}, false
	}
	a.scheme = scheme
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority, a.rest = rest[:i], rest[i:]
	}
	a.host = authority
	if i := strings.LastIndexByte(authority, ':'); i > strings.LastIndexByte(authority, ']') {
		a.host, a.port = authority[:i], authority[i+1:]
	}
	return a, true
}

func (a address) String() string {
	s := a.scheme + "://" + a.host
	if a.port != "" {
		s += ":" + a.port
	}
	return s + a.rest
}

// appSchemes are those of apps and extensions whose pages have origins. The host of
// an extension's origin is its id.
var appSchemes = []string{"app", "capacitor", "chrome-extension", "electron", "extension", "file", "ionic", "moz-extension",
	"ms-browser-extension", "safari-extension", "safari-web-extension", "tauri", "vscode-webview"}

func isWebScheme(scheme string) bool { return scheme == "http" || scheme == "https" }

// sendable reports whether some browser or app can send an Origin that the entry
// admits: "null", or a scheme in lower case, "://", a host, and maybe a port that is
// not the scheme's own. Of schemes other than http and https the host can be
// anything.
func sendable(entry string) bool {
	p := reach.PatternOf(entry)
	if p.Admits("null") {
		return true
	}
	if !p.Star {
		a, ok := split(entry)
		return ok && a.sendable()
	}
	if head, ok := split(p.Head); ok {
		return head.canGrow(p.Tail)
	}
	return headIsOfAScheme(p) && tailIsOfAnOrigin(p)
}

// sendable reports whether an origin without a star can be sent.
func (a address) sendable() bool {
	if !isScheme(a.scheme) {
		return false
	}
	if !isWebScheme(a.scheme) {
		return a.rest == "" || a.scheme == "file" && a.rest == "/"
	}
	return a.rest == "" && isHost(a.host) && (a.port == "" || isPort(a.port)) && a.port != defaultPort(a.scheme) && !strings.HasSuffix(a.String(), ":")
}

// canGrow reports whether an origin can begin with a and end with tail.
func (a address) canGrow(tail string) bool {
	if !isScheme(a.scheme) || a.rest != "" || strings.ContainsAny(tail, "/?#") {
		return false
	}
	if !isWebScheme(a.scheme) {
		return true
	}
	return onlyHostCharacters(a.host) && strings.Trim(a.port, "0123456789") == "" && onlyHostCharacters(tail) && portCanEnd(tail)
}

// portCanEnd reports whether what stands behind the last colon of a text can be the
// end of an origin: a port.
func portCanEnd(tail string) bool {
	i := strings.LastIndexByte(tail, ':')
	if i < 0 || strings.Contains(tail[i:], "]") {
		return true
	}
	return isPort(tail[i+1:])
}

// headIsOfAScheme reports whether the text before the star can begin an origin in
// which the star stands for at least the end of "://".
func headIsOfAScheme(p reach.Pattern) bool {
	for _, scheme := range append([]string{"http", "https"}, appSchemes...) {
		if strings.HasPrefix(scheme+"://", p.Head) {
			return true
		}
	}
	return false
}

// tailIsOfAnOrigin reports whether the text behind the star can end an origin: a part
// of "scheme://", and then a host or the end of one.
func tailIsOfAnOrigin(p reach.Pattern) bool {
	tail := p.Tail
	if i := strings.LastIndexByte(tail, '/'); i >= 0 {
		before := tail[:i+1]
		scheme, slashes, _ := strings.Cut(before, ":")
		if slashes == "" { // without a colon
			scheme, slashes = "", ":"+before
			if before == "//" || before == "/" {
				slashes = "://"
			}
		}
		if slashes != "://" && slashes != "//" || scheme != "" && strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+-.") != "" {
			return false
		}
		tail = tail[i+1:]
	}
	return onlyHostCharacters(tail) && portCanEnd(tail)
}

// isScheme reports whether a text is a scheme in lower case (RFC 3986 section 3.1).
func isScheme(s string) bool {
	return s != "" && 'a' <= s[0] && s[0] <= 'z' && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
}

// isHost reports whether a text is a host as browsers print it.
func isHost(s string) bool {
	return s != "" && onlyHostCharacters(s) && (!strings.Contains(s, ":") || strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]"))
}

// onlyHostCharacters reports whether a text is of characters that hosts and ports
// have in a serialised origin: the URL Standard forbids the others, and lowers
// letters.
func onlyHostCharacters(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c <= ' ', c >= 0x7f, 'A' <= c && c <= 'Z', strings.IndexByte(`#%/<>?@\^|"`+"`{}", c) >= 0:
			return false
		}
	}
	return true
}

// isPort reports whether a text is a port as browsers print it: from 0 to 65535,
// without zeros before it.
func isPort(s string) bool {
	n, err := strconv.ParseUint(s, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == s
}

// defaultPort returns the port that browsers leave out.
func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return "none"
}
