package explain

import "github.com/s3cors/s3cors"

// A Subject is what an explanation is about: one request to one bucket.
type Subject struct {
	// Configuration is that of the bucket. If it is nil, it is that of the Document; and
	// if that is nil, too, the bucket has none.
	Configuration *s3cors.Configuration
	// Document is what the owner of the bucket wrote; nil if it is not known. It is of
	// use where S3 would refuse the document: it tells why, and where. The Configuration
	// beside it is then what the owner meant, such as a document of another product
	// converted.
	Document *s3cors.Document
	// NoBucket tells that the bucket does not exist. Configuration does not count then.
	NoBucket bool
	// Request is the request.
	Request s3cors.Request
	// Fetch is how the page makes its request; nil if that is not known.
	Fetch *Fetch
	// Seen is the code of a Hint that something else points to, such as what the
	// browser printed; "" if nothing does. That hint is then the first.
	Seen Code
}

// A Fetch is a request as a page makes it: what the script hands to fetch(), which is
// known to whoever has the page before him, and not to a server.
type Fetch struct {
	// URL is the URL of the request; "" if it is not known.
	URL string
	// Method is the method as the script writes it. The value "" stands for the
	// method of the Request, or the one that it asks for if it is a preflight.
	Method string
	// Headers are the names and values of the header fields that the script sets. A
	// body that brings a Content-Type along sets that one.
	Headers [][2]string
	// Credentials is the credentials mode; "" is SameOrigin, as for fetch().
	Credentials Credentials
	// Mode is the mode of the request; "" is CORSMode, as for fetch().
	Mode Mode
	// Read are the names of the response headers that the script reads.
	Read []string
}

// Credentials is a credentials mode of the Fetch standard.
type Credentials string

const (
	SameOrigin Credentials = "same-origin"
	Omit       Credentials = "omit"
	Include    Credentials = "include"
)

// A Mode is a request mode of the Fetch standard.
type Mode string

const (
	CORSMode Mode = "cors"
	// NoCORS is the mode of pictures and scripts without the attribute crossorigin.
	// A script can read nothing of the response.
	NoCORS Mode = "no-cors"
)
