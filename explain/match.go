package explain

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// What follows is how S3 matches, in the plainest form. A fuzz test holds it to
// Policy.Evaluate, which says only whether a rule matches, and not by which entry.

// admits reports whether an entry admits a value: it equals the value, or holds one
// "*" that stands for what the value has more (4.4/star-any, 4.4/anchored). The texts
// around the star may share characters of the value if overlap is set (ceph-2/overlap).
func admits(entry, value string, overlap bool) bool {
	head, tail, star := strings.Cut(entry, "*")
	if !star || strings.Contains(tail, "*") {
		return entry == value
	}
	return strings.HasPrefix(value, head) && strings.HasSuffix(value, tail) &&
		(overlap || len(value) >= len(head)+len(tail))
}

// admitting returns the index of the entry that decides on a value: "*" before any
// other (9/star-beside-origin), then the first; -1 if none admits it.
func (j *judge) admitting(entries []string, value string) int {
	if i := slices.Index(entries, "*"); i >= 0 {
		return i
	}
	return slices.IndexFunc(entries, func(entry string) bool { return admits(entry, value, j.quirks.Overlap) })
}

// listable are the methods that a rule may list (1.2/method-names).
var listable = []string{"GET", "PUT", "POST", "DELETE", "HEAD"}

// lists reports whether a rule lists the method under test. What is kept in upper
// case may be listed in lower case (ceph-6/methods).
func (j *judge) lists(rule *s3cors.Rule) bool {
	if !slices.Contains(listable, j.method) {
		return false
	}
	return slices.ContainsFunc(rule.AllowedMethods, func(listed string) bool {
		return listed == j.method || j.quirks.Normalises && strings.ToUpper(listed) == j.method
	})
}

// missing returns the names under test that no AllowedHeader of a rule admits, each
// once.
func (j *judge) missing(rule *s3cors.Rule) []string {
	var missing []string
	for _, name := range j.names {
		admitted := slices.ContainsFunc(rule.AllowedHeaders, func(entry string) bool {
			return admits(lower(entry), name, j.quirks.Overlap)
		})
		if !admitted && !slices.Contains(missing, name) {
			missing = append(missing, name)
		}
	}
	return missing
}

// namesOf returns the names in Access-Control-Request-Headers, in lower case, as the
// server divides them (4.3/one-rule, ceph-1/name-separators).
func (j *judge) namesOf(value string) []string {
	if j.quirks.ManySeparators {
		return strings.FieldsFunc(lower(value), func(r rune) bool { return strings.ContainsRune(",;= \t", r) })
	}
	var names []string
	for rest := lower(value); rest != ""; {
		name, behind, more := strings.Cut(rest, ",")
		rest = strings.TrimLeft(behind, ", \t")
		if name != "" || more && rest != "" {
			names = append(names, name)
		}
	}
	return names
}

// lower returns s with its ASCII letters in lower case.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// isToken reports whether s is what RFC 9110 section 5.6.2 calls a token, or empty.
func isToken(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
