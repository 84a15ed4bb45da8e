package fetch

import "strings"

// Console returns what Chromium prints on the console of the page for a failure of a
// call of fetch(); "" if it prints nothing about CORS. The end-to-end tests of the
// gateway compare every sentence with Chromium's own. Of several header names that are
// not allowed, Chromium (version 156) names any one; Console names the first.
func (r Request) Console(err error) string {
	failure, ok := err.(*Failure)
	if !ok || failure.Reason < NoAllowOrigin {
		return ""
	}
	text := "Access to fetch at '" + r.URL + "' from origin '" + r.Origin + "' has been blocked by CORS policy: "
	if failure.Preflight && failure.Reason <= BadStatus {
		text += "Response to preflight request doesn't pass access control check: "
	}
	return text + failure.sentence()
}

// sentence is what Chromium says of a failure.
func (f *Failure) sentence() string {
	const (
		origin = "The 'Access-Control-Allow-Origin' header "
		advice = " Have the server send the header with a valid value."
	)
	switch f.Reason {
	case NoAllowOrigin:
		return "No 'Access-Control-Allow-Origin' header is present on the requested resource."
	case OtherOrigin:
		if strings.ContainsAny(f.Value, ",") {
			return origin + "contains multiple values '" + f.Value + "', but only one is allowed." + advice
		}
		return origin + "has a value '" + f.Value + "' that is not equal to the supplied origin." + advice
	case StarWithCredentials:
		return "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' " +
			"when the request's credentials mode is 'include'."
	case NoCredentials:
		return "The value of the 'Access-Control-Allow-Credentials' header in the response is '" + f.Value +
			"' which must be 'true' when the request's credentials mode is 'include'."
	case BadStatus:
		if isRedirect(f.status) {
			return "Redirect is not allowed for a preflight request."
		}
		return "It does not have HTTP ok status."
	case NoListOfMethods:
		return "Cannot parse Access-Control-Allow-Methods response header field in preflight response."
	case NoListOfHeaders:
		return "Cannot parse Access-Control-Allow-Headers response header field in preflight response."
	case OtherMethod:
		return "Method " + f.Value + " is not allowed by Access-Control-Allow-Methods in preflight response."
	default: // OtherHeader
		return "Request header field " + f.Value + " is not allowed by Access-Control-Allow-Headers in preflight response."
	}
}
