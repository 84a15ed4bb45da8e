package corshttp

import (
	"net/http"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/field"
)

// SetFields writes the fields of a decision into the header of a response. The decision
// must not be a refusal. If a rule matched, the CORS fields that the decision does not
// have are removed, so that the response never has a mixture of two answers. If no rule
// matched, the fields that are in the header stay.
//
// All values are parts of one array that belongs to this response alone, and none has
// room to append to. A handler that changes a value, or appends to it, changes neither
// another field nor another response.
func SetFields(h http.Header, d s3cors.Decision) {
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
	set(0, field.AllowOrigin, origin)
	set(1, field.AllowMethods, d.AllowMethods())
	set(2, field.AllowHeaders, d.AllowHeaders())
	set(3, field.ExposeHeaders, d.ExposeHeaders())
	set(4, field.MaxAge, d.MaxAge())
	set(5, field.AllowCredentials, d.AllowCredentials())
	values[6] = d.Vary()
	switch {
	case values[6] == "": // ceph-3/vary
	case used:
		addVary(h, values[6:])
	default:
		h[field.Vary] = values[6:]
	}
}

// addVary adds a line to Vary unless it is there.
func addVary(h http.Header, line []string) {
	lines := h[field.Vary]
	switch {
	case len(lines) == 0:
		h[field.Vary] = line
	case !slices.Contains(lines, line[0]):
		// Into a copy: the array may be another's.
		h[field.Vary] = append(slices.Clip(lines), line[0])
	}
}

// removeVary takes out what SetFields added.
func removeVary(h http.Header, value string) {
	lines := slices.Clone(h[field.Vary])
	lines = slices.DeleteFunc(lines, func(s string) bool { return s == value })
	if len(lines) == 0 {
		delete(h, field.Vary)
		return
	}
	h[field.Vary] = lines
}

// removeCORS takes all CORS fields out, however their keys are written.
func removeCORS(h http.Header) {
	for key := range h {
		if len(key) > len(field.Prefix) && strings.EqualFold(key[:len(field.Prefix)], field.Prefix) {
			delete(h, key)
		}
	}
}
