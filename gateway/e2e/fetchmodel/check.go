package fetchmodel

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// A Credentials is a request's credentials mode.
type Credentials string

const (
	// SameOrigin is the default of fetch(): none to another origin.
	SameOrigin Credentials = "same-origin"
	// Omit is none at all.
	Omit Credentials = "omit"
	// Include is cookies and the like to whatever origin, to which "*" is no
	// answer.
	Include Credentials = "include"
)

// checkCORS tells why a response is not for scripts of an origin, nil if it is
// (Fetch, "CORS check").
func checkCORS(origin string, mode Credentials, header http.Header) error {
	lines := header.Values("Access-Control-Allow-Origin")
	allowed := strings.Join(lines, ", ")
	switch {
	case len(lines) == 0:
		return errors.New("no Access-Control-Allow-Origin")
	case allowed == "*" && mode != Include:
		return nil
	case allowed != origin:
		return fmt.Errorf("Access-Control-Allow-Origin %q is not for %q with credentials mode %q", allowed, origin, mode)
	case mode != Include:
		return nil
	}
	credentials := strings.Join(header.Values("Access-Control-Allow-Credentials"), ", ")
	if credentials != "true" {
		return fmt.Errorf("Access-Control-Allow-Credentials is %q", credentials)
	}
	return nil
}

// checkPreflight tells why the answer to a preflight forbids the request, nil if
// it does not (Fetch, "CORS-preflight fetch"). The method is normalised.
func checkPreflight(origin, method string, r *Request, header http.Header, answer Response) error {
	if err := checkCORS(origin, r.Credentials, answer.Header); err != nil {
		return err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return fmt.Errorf("status %d", answer.Status)
	}
	methods, ok := listOf(answer.Header.Values("Access-Control-Allow-Methods"))
	if !ok {
		return errors.New("Access-Control-Allow-Methods is no list of tokens")
	}
	names, ok := listOf(answer.Header.Values("Access-Control-Allow-Headers"))
	if !ok {
		return errors.New("Access-Control-Allow-Headers is no list of tokens")
	}
	// With credentials "*" is a name like any other.
	star := r.Credentials != Include
	if !isSafelistedMethod(method) && !slices.Contains(methods, method) && !(star && slices.Contains(methods, "*")) {
		return fmt.Errorf("method %s is not in Access-Control-Allow-Methods", method)
	}
	anyName := star && slices.Contains(names, "*")
	for _, name := range unsafeNames(header) {
		if containsFold(names, name) || anyName && !isNonWildcard(name) {
			continue
		}
		return fmt.Errorf("header %s is not in Access-Control-Allow-Headers", name)
	}
	return nil
}

// readable returns the names of the response's header fields that a script of
// another origin sees, in lower case, sorted (Fetch, "CORS filtered response").
func readable(mode Credentials, header http.Header) []string {
	exposed, _ := listOf(header.Values("Access-Control-Expose-Headers"))
	every := mode != Include && slices.Contains(exposed, "*")
	return namesOf(header, func(name string) bool {
		return isSafelistedResponse(name) || every || containsFold(exposed, name)
	})
}

// namesOf returns the names that a script may see at all and that keep admits,
// in lower case, sorted.
func namesOf(header http.Header, keep func(name string) bool) []string {
	names := []string{}
	for name := range header {
		name = strings.ToLower(name)
		if !isForbiddenResponse(name) && keep(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}
