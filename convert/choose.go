package convert

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// fits reports whether a spot may be read as of a format. An array of rules with no
// name that tells CloudFormation from S3 may be of either, an empty one of anybody.
func (s spot) fits(format Format) bool {
	return s.format == format || s.format == Array && (format == CloudFormation || isEmpty(s.rules) && format != JSON)
}

// choose returns the one spot that is wanted, of those of a format if one is given.
func choose(spots []spot, format Format, resource string) (spot, error) {
	if format != 0 {
		all := spots
		spots = nil
		for _, s := range all {
			if s.fits(format) {
				s.format = format
				spots = append(spots, s)
			}
		}
		if len(spots) == 0 && len(all) > 0 {
			return spot{}, fmt.Errorf("this is %s, not %s", all[0].format.trait().words, format.trait().words)
		}
	}
	if resource != "" {
		all := spots
		spots = slices.DeleteFunc(slices.Clone(spots), func(s spot) bool {
			return s.name != resource && s.path != resource && s.owner != resource
		})
		if len(spots) == 0 && len(all) > 0 {
			return spot{}, fmt.Errorf("there is no CORS configuration of %q: there is one of %s", resource, list(all))
		}
	}
	switch len(spots) {
	case 0:
		return spot{}, errNoSpot
	case 1:
		return spots[0], nil
	}
	return spot{}, &AmbiguousError{namesOf(spots)}
}

var errNoSpot = errors.New("there is no CORS configuration in it")

// An AmbiguousError tells that a document has several configurations, and that
// ReadOptions.Resource must say which one is meant.
type AmbiguousError struct {
	// Names are the names to choose from, in the order of the document.
	Names []string
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("there are %d CORS configurations in it, and one must be chosen: %s", len(e.Names), shortList(e.Names))
}

func list(spots []spot) string { return shortList(namesOf(spots)) }

// shortList joins names for a line, the first ten of them.
func shortList(names []string) string {
	const most = 10
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// namesOf returns the names of spots. Where two have the same name, or one has none,
// it is their paths.
func namesOf(spots []spot) []string {
	count := make(map[string]int)
	for _, s := range spots {
		count[s.name]++
	}
	var names []string
	for _, s := range spots {
		if s.name == "" || count[s.name] > 1 {
			s.name = s.path
		}
		names = append(names, s.name)
	}
	return names
}
