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

// setFields is SetFields without the copy of a decision. It sets one field after the
// other: a loop over their names took 2 to 3 % more of a whole request.
func setFields(h http.Header, d *s3cors.Decision) {
	values := d.FieldValues()
	switch {
	case values == nil:
		setVary(h, d.Vary())
		return
	case values[0] == "": // ceph-1/empty-origin
		setVary(h, values[5])
		return
	}
	used := len(h) > 0
	if used {
		removeAbsent(h, values)
	}
	h[field.AllowOrigin] = values[0:1:1]
	if values[1] != "" {
		h[field.AllowMethods] = values[1:2:2]
	}
	if values[2] != "" {
		h[field.ExposeHeaders] = values[2:3:3]
	}
	if values[3] != "" {
		h[field.MaxAge] = values[3:4:4]
	}
	if values[4] != "" {
		h[field.AllowCredentials] = values[4:5:5]
	}
	switch vary := values[5:6:6]; {
	case vary[0] == "": // ceph-3/vary
	case used:
		addVary(h, vary)
	default:
		h[field.Vary] = vary
	}
	if len(values) > 6 {
		h[field.AllowHeaders] = values[6:7:7]
	}
}

// optional are the fields that a granting decision may lack, in the order of their values,
// from the second on.
var optional = [...]string{field.AllowMethods, field.ExposeHeaders, field.MaxAge, field.AllowCredentials}

// removeAbsent takes out the fields for which there is no value.
func removeAbsent(h http.Header, values []string) {
	for i, name := range optional {
		if values[i+1] == "" {
			delete(h, name)
		}
	}
	if len(values) == 6 {
		delete(h, field.AllowHeaders)
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
