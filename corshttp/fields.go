package corshttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// The fields that the middleware writes, in canonical form: a header's keys are
// assigned directly, which costs a third of http.Header.Set.
const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maxAge           = "Access-Control-Max-Age"
	allowCredentials = "Access-Control-Allow-Credentials"
	vary             = "Vary"
)

// corsPrefix is what the names of all CORS fields of a response begin with.
const corsPrefix = "Access-Control-"

// field returns the value of a request's field, "" if it is absent: several
// lines, each without the blanks around it (10/transport-blanks), which HTTP/2
// lets through, joined with "," (10/field-lines).
func field(h http.Header, key string) string {
	lines := h[key]
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return trim(lines[0])
	}
	trimmed := make([]string, len(lines))
	for i := range lines {
		trimmed[i] = trim(lines[i])
	}
	return strings.Join(trimmed, ",")
}

func trim(s string) string {
	for s != "" && isBlank(s[0]) {
		s = s[1:]
	}
	for s != "" && isBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

// setDecision writes the fields of a decision. Those that the decision has not
// are taken out if it grants, so that no mix of two answers leaves; if it does
// not, what is there stays.
//
// All values are cut from one array that belongs to this response alone, each
// with no room to append to: a handler that changes a value, or appends to it,
// reaches neither its neighbour nor another request.
func setDecision(h http.Header, d s3cors.Decision) {
	origin := d.AllowOrigin()
	if origin == "" {
		if value := d.Vary(); value != "" {
			addVary(h, []string{value})
		}
		return
	}
	used := len(h) > 0
	values := new([7]string)
	set := func(i int, key, value string) {
		switch {
		case value != "":
			values[i] = value
			h[key] = values[i : i+1 : i+1]
		case used:
			delete(h, key)
		}
	}
	set(0, allowOrigin, origin)
	set(1, allowMethods, d.AllowMethods())
	set(2, allowHeaders, d.AllowHeaders())
	set(3, exposeHeaders, d.ExposeHeaders())
	set(4, maxAge, d.MaxAge())
	set(5, allowCredentials, d.AllowCredentials())
	values[6] = d.Vary()
	if used {
		addVary(h, values[6:])
	} else {
		h[vary] = values[6:]
	}
}

// addVary adds a line to Vary unless it is there.
func addVary(h http.Header, line []string) {
	lines := h[vary]
	switch {
	case len(lines) == 0:
		h[vary] = line
	case !slices.Contains(lines, line[0]):
		// Into a copy: the array may be another's.
		h[vary] = append(slices.Clip(lines), line[0])
	}
}

// removeVary takes out what addVary added.
func removeVary(h http.Header, line string) {
	lines := slices.Clone(h[vary])
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == line })
	if len(lines) == 0 {
		delete(h, vary)
		return
	}
	h[vary] = lines
}

// removeCORS takes all CORS fields out, however their keys are written.
func removeCORS(h http.Header) {
	for key := range h {
		if len(key) > len(corsPrefix) && strings.EqualFold(key[:len(corsPrefix)], corsPrefix) {
			delete(h, key)
		}
	}
}
