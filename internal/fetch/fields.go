package fetch

import (
	"maps"
	"slices"
	"strings"
)

// A Header holds the values of header fields by their names, whose case does not
// count. An http.Header can be converted to it.
type Header map[string][]string

// Values returns the values of a field, a value for each of its lines.
func (h Header) Values(name string) []string {
	var values []string
	for _, written := range slices.Sorted(maps.Keys(h)) {
		if strings.EqualFold(written, name) {
			values = append(values, h[written]...)
		}
	}
	return values
}

// Get returns the first value of a field, "" if there is none.
func (h Header) Get(name string) string {
	if values := h.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Add adds a line to a field.
func (h Header) Add(name, value string) { h[name] = append(h[name], value) }

// Set makes a field have one line.
func (h Header) Set(name, value string) {
	h.Del(name)
	h[name] = []string{value}
}

// Del removes a field.
func (h Header) Del(name string) {
	maps.DeleteFunc(h, func(written string, _ []string) bool { return strings.EqualFold(written, name) })
}

// Clone returns a header that shares nothing with h; it is never nil.
func (h Header) Clone() Header {
	clone := make(Header, len(h))
	for name, values := range h {
		clone[name] = slices.Clone(values)
	}
	return clone
}
