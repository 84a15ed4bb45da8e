package fetch

import "strings"

// Normalize returns the method as it is sent: six names in upper case, however
// they were written; any other, "patch" included, as it was written (Fetch,
// "normalize a method").
func Normalize(method string) string {
	switch upper := strings.ToUpper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

// isForbiddenMethod tells whether fetch() throws instead of sending (Fetch,
// "forbidden method").
func isForbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// IsSafelistedMethod tells whether a method, which is normalised, needs no
// preflight (Fetch, "CORS-safelisted method").
func IsSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}
