package explain

import "github.com/s3cors/s3cors"

// A Kind tells what a request has to do with CORS.
type Kind string

const (
	// KindNotCORS is a request without Origin, other than OPTIONS.
	KindNotCORS Kind = "not-cors"
	// KindPreflight is an OPTIONS request.
	KindPreflight Kind = "preflight"
	// KindActual is any other request with Origin.
	KindActual Kind = "actual"
	// KindActualWithFields is such a request with the fields of a preflight, which
	// no browser sends, and which S3 heeds.
	KindActualWithFields Kind = "actual-with-request-fields"
)

func kindOf(r *s3cors.Request) Kind {
	switch {
	case r.Method == "OPTIONS":
		return KindPreflight
	case r.Origin == "" && !r.EmptyOrigin:
		return KindNotCORS
	case r.RequestMethod != "" || r.RequestHeaders != "" || r.EmptyRequestMethod:
		return KindActualWithFields
	}
	return KindActual
}
