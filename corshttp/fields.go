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
func SetFields(h http.Header, d s3cors.Decision) { setFields(h, &d) }

// replaced are the fields that a granting decision replaces or takes out, in the order
// of FieldValues.
var replaced = [...]string{field.AllowOrigin, field.AllowMethods, field.AllowHeaders, field.ExposeHeaders, field.MaxAge, field.AllowCredentials}

// setFields is SetFields without the copy of a decision.
func setFields(h http.Header, d *s3cors.Decision) {
	if d.Outcome() != s3cors.Granted {
		setVary(h, d.Vary())
		return
	}
	values := d.FieldValues()
	if values[0] == "" { // ceph-1/empty-origin
		setVary(h, values[6])
		return
	}
	used := len(h) > 0
	for i, name := range &replaced {
		switch {
		case values[i] != "":
			h[name] = values[i : i+1 : i+1]
		case used:
			delete(h, name)
		}
	}
	switch {
	case values[6] == "": // ceph-3/vary
	case used:
		addVary(h, values[6:])
	default:
		h[field.Vary] = values[6:]
	}
}

// setVary adds a value to Vary unless it is "".
func setVary(h http.Header, value string) {
	if value != "" {
		addVary(h, []string{value})
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
