package fetch

import (
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
func checkCORS(origin string, mode Credentials, header Header) error {
	lines := header.Values("Access-Control-Allow-Origin")
	allowed := strings.Join(lines, ", ")
	switch {
	case len(lines) == 0:
		return &Failure{Reason: NoAllowOrigin}
	case allowed == "*" && mode != Include:
		return nil
	case allowed == "*":
		return &Failure{Reason: StarWithCredentials, Value: allowed, origin: origin, mode: mode}
	case allowed != origin:
		return &Failure{Reason: OtherOrigin, Value: allowed, origin: origin, mode: mode}
	case mode != Include:
		return nil
	}
	credentials := strings.Join(header.Values("Access-Control-Allow-Credentials"), ", ")
	if credentials != "true" {
		return &Failure{Reason: NoCredentials, Value: credentials}
	}
	return nil
}

// checkPreflight tells why the answer to a preflight forbids the request, nil if
// it does not (Fetch, "CORS-preflight fetch"). The method is normalised.
func checkPreflight(origin, method string, r *Request, header Header, answer Response) error {
	if err := checkCORS(origin, r.Credentials, answer.Header); err != nil {
		return err
	}
	if answer.Status < 200 || answer.Status > 299 {
		return &Failure{Reason: BadStatus, status: answer.Status}
	}
	methods, ok := listOf(answer.Header.Values("Access-Control-Allow-Methods"))
	if !ok {
		return &Failure{Reason: NoListOfMethods}
	}
	names, ok := listOf(answer.Header.Values("Access-Control-Allow-Headers"))
	if !ok {
		return &Failure{Reason: NoListOfHeaders}
	}
	// With credentials "*" is a name like any other.
	star := r.Credentials != Include
	if !IsSafelistedMethod(method) && !slices.Contains(methods, method) && !(star && slices.Contains(methods, "*")) {
		return &Failure{Reason: OtherMethod, Value: method}
	}
	anyName := star && slices.Contains(names, "*")
	for _, name := range UnsafeNames(header) {
		if containsFold(names, name) || anyName && !isNonWildcard(name) {
			continue
		}
		return &Failure{Reason: OtherHeader, Value: name}
	}
	return nil
}

// readable returns the names of the response's header fields that a script of
// another origin sees, in lower case, sorted (Fetch, "CORS filtered response").
func readable(mode Credentials, header Header) []string {
	exposed, _ := listOf(header.Values("Access-Control-Expose-Headers"))
	every := mode != Include && slices.Contains(exposed, "*")
	return namesOf(header, func(name string) bool {
		return IsSafelistedResponse(name) || every || containsFold(exposed, name)
	})
}

// namesOf returns the names that a script may see at all and that keep admits,
// in lower case, sorted.
func namesOf(header Header, keep func(name string) bool) []string {
	names := []string{}
	for name := range header {
		name = strings.ToLower(name)
		if !IsForbiddenResponse(name) && keep(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return strings.EqualFold(s, name) })
}
