package lint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/reach"
)

// origin looks at an entry of AllowedOrigins, the i-th of rule k. What can never be
// sent is told once, for what is wrong with it first.
func (r *reporter) origin(k, i int, value string) {
	at := inRule(k, "AllowedOrigins[%d]", i)
	if r.malformedOrigin(k, i, at, value) || value == "*" {
		return
	}
	if value == "null" {
		r.find(NullOrigin, at, "the origin null is that of every sandboxed frame and local file, on whoever's page",
			"take it out, and serve the page from an origin of its own", r.remove(k, "AllowedOrigins", i)...)
		return
	}
	if reach.PatternOf(value).Star {
		r.originPattern(at, value)
	} else if a, ok := split(value); ok {
		r.plainOrigin(at, a)
	}
}

// malformedOrigin tells what no browser sends as an origin, and reports whether the
// entry is of that kind.
func (r *reporter) malformedOrigin(k, i int, at spot, value string) bool {
	replace := func(text string) []Operation { return r.replace(k, "AllowedOrigins", i, text) }
	trimmed := strings.TrimSpace(value)
	switch {
	case value == "":
		patch := r.remove(k, "AllowedOrigins", i)
		advice := "take it out"
		if patch == nil { // it is the only one
			advice = "write the origin of the page; a comment in its place does not count"
		}
		r.find(EmptyOrigin, at, "an empty origin admits nothing: an empty Origin is none", advice, patch...)
	case several(trimmed) != nil:
		parts := several(trimmed)
		r.find(SeveralInOne, at, fmt.Sprintf("%s holds %d origins, and S3 takes it for one", quote(value), len(parts)),
			"write each origin as a value of its own", r.splitUp(k, "AllowedOrigins", i, parts)...)
	case trimmed != value:
		r.find(OriginBlanks, at, quote(value)+" has white space around it, which S3 compares as well", "write "+quote(trimmed), replace(trimmed)...)
	case placeholder(value) != "":
		r.find(Placeholder, at, fmt.Sprintf("%s is a placeholder (%s) that nobody filled in", quote(value), placeholder(value)), "write the origin of the page")
	case sendable(value):
		return false
	case !r.explained(at, value, replace):
		r.find(NoOrigin, at, quote(value)+" is not the origin of any page: an origin is scheme://host, and maybe :port", suggestionFor(value))
	}
	return true
}

// explained tells what is wrong with an origin that no browser sends, if that is one
// of the slips that people make.
func (r *reporter) explained(at spot, value string, replace func(string) []Operation) bool {
	a, ok := split(value)
	switch {
	case !ok:
		return false
	case !isASCII(value):
		r.find(OriginNotASCII, at, quote(value)+" has letters beyond ASCII; browsers send such a host in Punycode, which begins with xn--",
			"write the host as the browser's address bar copies it")
		return true
	case value != strings.ToLower(value):
		lower := strings.ToLower(a.scheme+"://"+a.host) + strings.TrimPrefix(value, a.scheme+"://"+a.host)
		if strings.Contains(a.rest, "*") || !sendable(withoutRest(lower)) {
			return false
		}
		r.find(OriginCase, at, quote(value)+" has capital letters; browsers send origins in lower case, and S3 compares letter for letter",
			"write "+quote(withoutRest(lower)), replace(withoutRest(lower))...)
		return true
	case a.rest != "" && sendable(withoutRest(value)):
		what := "a path"
		if a.rest == "/" {
			what = "a slash at its end"
		}
		r.find(OriginPath, at, fmt.Sprintf("%s has %s; browsers send an origin without", quote(value), what),
			"write "+quote(withoutRest(value)), replace(withoutRest(value))...)
		return true
	case a.rest == "" && a.port != "" && a.port == defaultPort(a.scheme):
		short := a.scheme + "://" + a.host
		r.find(DefaultPort, at, fmt.Sprintf("%s names the port that browsers leave out of an origin", quote(value)), "write "+quote(short), replace(short)...)
		return true
	}
	return false
}

// withoutRest returns an origin without what stands behind its host and port.
func withoutRest(value string) string {
	a, _ := split(value)
	a.rest = ""
	if a.port == defaultPort(a.scheme) {
		a.port = ""
	}
	return a.String()
}

// several returns the origins that one text holds, nil if it is not more than one.
func several(text string) []string {
	parts := strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(", ;|\t\r\n", c) })
	if len(parts) < 2 {
		return nil
	}
	for _, part := range parts {
		if !strings.ContainsAny(part, ".:*") && part != "localhost" && part != "null" {
			return nil
		}
	}
	return parts
}

var placeholders = []struct {
	is   *regexp.Regexp
	what string
}{
	{regexp.MustCompile(`\$\{[^}]*\}|\$\([^)]*\)|\$[A-Z_]{2,}|%[A-Z_]{2,}%`), "a variable"},
	{regexp.MustCompile(`\{\{.*\}\}|\{%.*%\}|<%.*%>|\{[^}]*\}`), "a template"},
	{regexp.MustCompile(`<[^>]*>|\[(your|my|domain|origin|host|insert)[^\]]*\]`), "to be replaced"},
	{regexp.MustCompile(`(?i)\b(your|my)[-_.]?(own[-_.]?)?(domain|site|website|app|host|origin|frontend|server|company)[-_a-z0-9]*\.(com|org|net|io|dev|app|here|tld)\b`), "an example"},
	{regexp.MustCompile(`(?i)^(https?://)?(change[-_]?me|insert[-_ ].*|todo|xxx+|replace[-_ ].*|__[a-z_]+__)(\.[a-z]+)?$`), "to be replaced"},
	{regexp.MustCompile("[\u201c\u201d\u2018\u2019\"'`\\\\]|^_$|//_$"), "mark-up"},
}

// placeholder says what kind of placeholder a text is; "" if it is none.
func placeholder(value string) string {
	if len(value) > 512 { // longer than the name of a host, and its scheme
		return ""
	}
	for _, p := range placeholders {
		if p.is.MatchString(value) {
			return p.what
		}
	}
	return ""
}

// suggestionFor says what to write instead of a text that is no origin.
func suggestionFor(value string) string {
	switch {
	case value == "https" || value == "http":
		return fmt.Sprintf("%s stands for itself alone, whatever Amazon's page says; list the origins, or every secure one as %s", quote(value), quote(value+"://*"))
	case strings.HasPrefix(value, "//"):
		return "write https:" + value
	case strings.HasPrefix(value, "localhost"):
		return "write http://" + value
	case sendable("https://" + value):
		return "write https://" + value
	case sendable(withoutRest("https://" + value)):
		return "write " + withoutRest("https://"+value)
	}
	return "write the origin as the browser's console names it"
}

// plainOrigin looks at an origin without a star that a browser can send.
func (r *reporter) plainOrigin(at spot, a address) {
	local := isLocal(a.host)
	switch {
	case !isWebScheme(a.scheme):
		r.find(AppScheme, at, fmt.Sprintf("%s is the origin of an app%s", quote(a.String()), ofAnExtension(a.scheme)), "")
	case a.host == "localhost" && a.port == "" && a.scheme == "http":
		r.find(LocalhostWithoutPort, at, "http://localhost is port 80 alone, and servers for development use others", "write http://localhost:* if any port is meant")
	case a.scheme == "https" && a.host == "localhost":
		r.find(LocalhostOverTLS, at, "most servers for development speak http, and "+quote(a.String())+" is https", "")
	case a.scheme == "http" && !local:
		r.find(PlainHTTP, at, quote(a.String())+" is without TLS: whoever is on the way to the page can act as it", "write https:// if the page is served so")
	}
}

// ofAnExtension says more of the schemes of extensions: the id of an extension is not
// the same everywhere.
func ofAnExtension(scheme string) string {
	switch scheme {
	case "moz-extension":
		return "; Firefox gives an extension another id on every installation"
	case "safari-web-extension":
		return "; Safari gives an extension another id on every machine"
	}
	return "; some servers refuse such a scheme (Backblaze B2, SeaweedFS)"
}

// quote returns a text in quotation marks, cut to what a line can hold.
func quote(text string) string {
	const longest = 100
	if utf8.RuneCountInString(text) > longest {
		text = string([]rune(text)[:longest]) + "…"
	}
	return strconv.Quote(text)
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c >= utf8.RuneSelf }) < 0
}
