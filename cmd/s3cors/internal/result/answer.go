package result

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
)

// An Answer is what a server says to a request, as far as CORS goes.
type Answer struct {
	Decision s3cors.Decision
	Request  s3cors.Request // what was decided
	NoBucket bool           // the bucket does not exist
	Dialect  s3cors.Dialect
	IDs      s3cors.IDs
}

// Lines returns the answer as "curl -i" shows it, or a sentence about a request that
// goes on and to whose answer nothing is added. What they hold of the request is not
// escaped.
func (a *Answer) Lines() []string {
	var lines []string
	status := a.Decision.Status()
	if status != 0 {
		lines = append(lines, fmt.Sprintf("HTTP/1.1 %d %s", status, statusText[status]))
	}
	added := 0
	for name, value := range a.Decision.Headers() {
		if a.Decision.Carries(200) {
			lines = append(lines, name+": "+value)
			added++
		}
	}
	switch {
	case a.Decision.Refusal() != nil:
		lines = append(lines, a.refusal()...)
	case status != 0: // 5.3/granted-framing
		lines = append(lines, "Content-Length: 0", "")
	case added == 0:
		lines = append(lines, fmt.Sprintf("%s adds no CORS headers: %s (%s)", a.server(), a.reason(), a.Decision.Outcome()))
	}
	return lines
}

// statusText are the reason phrases of RFC 9110 section 15. Package net/http has them,
// and is a megabyte that a page in a browser can do without.
var statusText = map[int]string{
	200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	416: "Requested Range Not Satisfiable", 500: "Internal Server Error",
}

// server is what to call the kind of server that the dialect is of.
func (a *Answer) server() string {
	if a.Dialect == s3cors.Amazon {
		return "S3"
	}
	return "Ceph"
}

// refusal returns the lines that follow the status line.
func (a *Answer) refusal() []string {
	body := a.Decision.Refusal().AppendXML(nil, a.IDs, s3cors.WithDialect(a.Dialect))
	lines := append(framing(a.Decision.Outcome(), len(body), a.Dialect), "")
	if a.Request.Method == "HEAD" {
		return lines // HTTP has no body there (RFC 9110 section 9.3.2)
	}
	return append(lines, strings.Split(string(body), "\n")...)
}

// framing returns the header lines of a refusal whose body has so many bytes
// (5.3/refusal-framing, 5.3/connection-close, ceph-4/framing).
func framing(outcome s3cors.Outcome, length int, dialect s3cors.Dialect) []string {
	switch {
	case dialect != s3cors.Amazon:
		return []string{fmt.Sprintf("Content-Length: %d", length), "Accept-Ranges: bytes", "Content-Type: application/xml"}
	case outcome == s3cors.MissingOrigin:
		return []string{"Content-Type: application/xml", "Transfer-Encoding: chunked", "Connection: close"}
	}
	return []string{"Content-Type: application/xml", "Transfer-Encoding: chunked"}
}

// reason says why nothing is added to the answer to a request that goes on.
func (a *Answer) reason() string {
	switch a.Decision.Outcome() {
	case s3cors.Granted:
		if a.Request.Subresource == "cors" {
			return "it answers ?cors itself, and only its 403 has them"
		}
		return "it would have to send an empty origin"
	case s3cors.NotCORS:
		return "the request has no Origin"
	case s3cors.NotEnabled:
		return "the bucket has no CORS configuration"
	case s3cors.NoBucket:
		switch {
		case a.Request.Target == s3cors.TargetService:
			return "no bucket is addressed"
		case a.NoBucket:
			return "the bucket does not exist"
		}
		return "the request makes the bucket"
	default:
		return "no rule matches"
	}
}

// StatusText is the reason phrase of a status that this module answers with.
func StatusText(status int) string { return statusText[status] }
