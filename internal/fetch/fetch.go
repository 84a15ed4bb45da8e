package fetch

import (
	"fmt"
	"strings"
)

// A Request is what a script asks for with fetch(). Fetch does not change it.
type Request struct {
	// Origin is the page's: "https://www.example.com", or "null" for an opaque
	// one such as a sandboxed frame's.
	Origin string
	// URL is absolute.
	URL string
	// Method is as the script writes it, "get" for example.
	Method string
	// Header is what the script sets, one value a call of append(), with the
	// Content-Type that a body brings along. Nil is none.
	Header Header
	// Credentials is the credentials mode; "" is SameOrigin.
	Credentials Credentials
}

// A Sent is a request as it leaves the browser.
type Sent struct {
	// Method is "OPTIONS" for a preflight.
	Method string
	// URL is absolute.
	URL string
	// Header has what the model knows of: Origin, Access-Control-Request-Method
	// and Access-Control-Request-Headers, and what the script has set.
	Header Header
}

// A Response is what a server answers.
type Response struct {
	Status int
	// Header is nil where there is none.
	Header Header
}

// A Server answers requests. Fetch calls it once for everything that is sent, in
// order.
type Server func(Sent) Response

// A Verdict is what becomes of a request.
type Verdict struct {
	// Error is nil if the script gets the response, else it says why there is a
	// network error. It is a *Failure, but for a URL that is none.
	Error error
	// Preflight tells that the browser asked first.
	Preflight bool
	// Status is that of the response, 0 after a network error.
	Status int
	// Readable are the names of the header fields that the script can read, in
	// lower case, sorted; nil after a network error.
	Readable []string
	// Sent is all that was sent, preflights and redirected requests included.
	Sent []Sent
}

// maxRedirects is from Fetch, "HTTP-redirect fetch".
const maxRedirects = 20

// Fetch tells what becomes of a request whose answers are those of a server.
func (r Request) Fetch(server Server) Verdict {
	f := fetcher{Request: r, server: server, method: Normalize(r.Method), header: Header{}}
	if isForbiddenMethod(r.Method) || !isToken(r.Method) {
		return Verdict{Error: &Failure{Reason: Unsendable, text: fmt.Sprintf("fetch() refuses the method %q", r.Method)}}
	}
	f.header = Allowed(r.Header)
	response, err := f.fetch()
	if err != nil {
		return Verdict{Error: err, Preflight: f.asked, Sent: f.sent}
	}
	names := namesOf(response.Header, func(string) bool { return true })
	if f.cors {
		names = readable(r.Credentials, response.Header)
	}
	return Verdict{Status: response.Status, Preflight: f.asked, Readable: names, Sent: f.sent}
}

// Allowed returns what a browser sends of the fields that a script sets: all but those
// that it keeps to itself.
func Allowed(header Header) Header {
	allowed := Header{}
	for name, values := range header {
		for _, value := range values {
			if !IsForbiddenHeader(name, value) {
				allowed.Add(name, value)
			}
		}
	}
	return allowed
}

// A fetcher is a request on its way.
type fetcher struct {
	Request
	server Server
	method string   // normalised, and what redirects make of it
	header Header   // less what the browser keeps to itself
	url    location // the current one

	asked   bool // there was a preflight
	cors    bool // response tainting is "cors", and stays so
	tainted bool // a redirect has led from one foreign origin to another
	sent    []Sent
}

// fetch sends the request, and again wherever it is redirected to.
func (f *fetcher) fetch() (Response, error) {
	var err error
	if f.url, err = parseLocation(f.URL); err != nil {
		return Response{}, err
	}
	for range maxRedirects + 1 {
		response, err := f.hop()
		if err != nil || !isRedirect(response.Status) || response.Header.Get("Location") == "" {
			return response, err
		}
		if err := f.redirect(response); err != nil {
			return Response{}, err
		}
	}
	return Response{}, badRedirect("too many redirects")
}

// hop sends the request to the current URL, after a preflight where it needs
// one (Fetch, "Main fetch" and "HTTP fetch").
func (f *fetcher) hop() (Response, error) {
	if f.url.origin() != f.Origin {
		f.cors = true
	}
	if !f.cors {
		return f.send(f.method, f.sameOriginHeader()), nil
	}
	if !IsSafelistedMethod(f.method) || len(UnsafeNames(f.header)) > 0 {
		if err := f.preflight(); err != nil {
			return Response{}, err
		}
	}
	header := f.header.Clone()
	header.Set("Origin", f.origin())
	response := f.send(f.method, header)
	return response, checkCORS(f.origin(), f.Credentials, response.Header)
}

// sameOriginHeader adds Origin where it goes to the page's own origin too
// (Fetch, "append a request `Origin` header").
func (f *fetcher) sameOriginHeader() Header {
	header := f.header.Clone()
	if f.method != "GET" && f.method != "HEAD" {
		header.Set("Origin", f.origin())
	}
	return header
}

// preflight asks, and tells why the answer is no.
func (f *fetcher) preflight() error {
	header := Header{}
	header.Set("Origin", f.origin())
	header.Set("Access-Control-Request-Method", f.method)
	if names := UnsafeNames(f.header); len(names) > 0 {
		// No blank after the comma, says the standard.
		header.Set("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	f.asked = true
	err := checkPreflight(f.origin(), f.method, &f.Request, f.header, f.send("OPTIONS", header))
	if failure, ok := err.(*Failure); ok {
		failure.Preflight = true
	}
	return err
}

func (f *fetcher) send(method string, header Header) Response {
	sent := Sent{Method: method, URL: f.url.String(), Header: header}
	f.sent = append(f.sent, sent)
	return f.server(sent)
}

// origin is what the request says where it comes from (Fetch, "serializing a
// request origin").
func (f *fetcher) origin() string {
	if f.tainted {
		return "null"
	}
	return f.Origin
}

// redirect goes where a response points to (Fetch, "HTTP-redirect fetch").
func (f *fetcher) redirect(response Response) error {
	location, err := f.url.resolve(response.Header.Get("Location"))
	switch {
	case err != nil:
		return err
	case location.scheme != "http" && location.scheme != "https":
		return badRedirect(fmt.Sprintf("redirect to the scheme %q", location.scheme))
	case location.user && (f.cors || location.origin() != f.Origin):
		return badRedirect("redirect to a URL with credentials")
	}
	post := f.method == "POST" && (response.Status == 301 || response.Status == 302)
	other := f.method != "GET" && f.method != "HEAD" && response.Status == 303
	if post || other {
		f.method = "GET"
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"} {
			f.header.Del(name)
		}
	}
	if location.origin() != f.url.origin() {
		f.header.Del("Authorization")
		f.tainted = f.tainted || f.url.origin() != f.Origin
	}
	f.url = location
	return nil
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

func badRedirect(text string) error { return &Failure{Reason: BadRedirect, text: text} }
