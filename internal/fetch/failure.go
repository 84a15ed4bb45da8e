package fetch

import "fmt"

// A Reason tells kinds of failures apart.
type Reason uint8

const (
	// Unsendable is a request that fetch() refuses to make.
	Unsendable Reason = iota
	// BadRedirect is a redirect that browsers do not follow.
	BadRedirect
	// NoAllowOrigin is a response without Access-Control-Allow-Origin.
	NoAllowOrigin
	// OtherOrigin is an Access-Control-Allow-Origin that is not the page's origin.
	OtherOrigin
	// StarWithCredentials is an Access-Control-Allow-Origin of "*" for a request
	// with the credentials mode "include".
	StarWithCredentials
	// NoCredentials is an Access-Control-Allow-Credentials other than "true" where
	// that is needed.
	NoCredentials
	// BadStatus is a preflight that was not answered with a status of success.
	BadStatus
	// NoListOfMethods and NoListOfHeaders are fields of a preflight's answer that hold
	// something else than tokens.
	NoListOfMethods
	NoListOfHeaders
	// OtherMethod and OtherHeader are what a preflight's answer does not allow.
	OtherMethod
	OtherHeader
)

// A Failure is why a script gets a network error instead of a response.
type Failure struct {
	Reason Reason
	// Preflight tells that the preflight failed, and the request was not sent.
	Preflight bool
	// Value is the origin, the credentials, the method or the name of the header
	// that the failure is about; "" if it is about something else.
	Value string

	origin string
	mode   Credentials
	status int
	text   string
}

// Error says in a few words why.
func (f *Failure) Error() string {
	if f.Preflight {
		return "preflight: " + f.why()
	}
	return f.why()
}

func (f *Failure) why() string {
	switch f.Reason {
	case NoAllowOrigin:
		return "no Access-Control-Allow-Origin"
	case OtherOrigin, StarWithCredentials:
		return fmt.Sprintf("Access-Control-Allow-Origin %q is not for %q with credentials mode %q", f.Value, f.origin, f.mode)
	case NoCredentials:
		return fmt.Sprintf("Access-Control-Allow-Credentials is %q", f.Value)
	case BadStatus:
		return fmt.Sprintf("status %d", f.status)
	case NoListOfMethods:
		return "Access-Control-Allow-Methods is no list of tokens"
	case NoListOfHeaders:
		return "Access-Control-Allow-Headers is no list of tokens"
	case OtherMethod:
		return fmt.Sprintf("method %s is not in Access-Control-Allow-Methods", f.Value)
	case OtherHeader:
		return fmt.Sprintf("header %s is not in Access-Control-Allow-Headers", f.Value)
	}
	return f.text
}
