package work

import (
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/s3cors/s3cors"
)

// A writer is a ResponseWriter that forgets.
type writer struct {
	header http.Header
	status int
}

func (w *writer) Header() http.Header               { return w.header }
func (w *writer) Write(b []byte) (int, error)       { return len(b), nil }
func (w *writer) WriteString(s string) (int, error) { return len(s), nil } // as net/http's has it
func (w *writer) WriteHeader(status int)            { w.status = status }

// HTTPRequest returns r as net/http hands it to a handler.
func HTTPRequest(r *s3cors.Request) *http.Request {
	request := httptest.NewRequest(r.Method, "/bucket/key", nil)
	for name, value := range map[string]string{
		"Origin":                         r.Origin,
		"Access-Control-Request-Method":  r.RequestMethod,
		"Access-Control-Request-Headers": r.RequestHeaders,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	return request
}

// Serve runs a handler on a request, again and again.
func Serve(handler http.Handler, r *s3cors.Request) Run {
	request := HTTPRequest(r)
	return func(n int) int {
		w := &writer{header: make(http.Header)}
		for range n {
			clear(w.header)
			handler.ServeHTTP(w, request)
		}
		return AllOrNone(Allows(w.header, request), n)
	}
}

// Allows reports whether a browser would go on: some middleware always answers,
// and leaves the verdict to the browser (Fetch, CORS check and CORS-preflight
// fetch; the methods and names that need no leave play no part here).
func Allows(answer http.Header, request *http.Request) bool {
	origin := answer.Get("Access-Control-Allow-Origin")
	if origin == "" || origin != "*" && origin != request.Header.Get("Origin") {
		return false
	}
	return request.Method != http.MethodOptions ||
		lists(answer.Get("Access-Control-Allow-Methods"), request.Header.Get("Access-Control-Request-Method")) &&
			lists(answer.Get("Access-Control-Allow-Headers"), request.Header.Get("Access-Control-Request-Headers"))
}

// lists reports whether every name that is asked for is in the list.
func lists(list, asked string) bool {
	listed := make(map[string]bool)
	for name := range strings.SplitSeq(strings.ToLower(list), ",") {
		listed[strings.Trim(name, " \t")] = true
	}
	for name := range strings.SplitSeq(strings.ToLower(asked), ",") {
		name = strings.Trim(name, " \t")
		if name != "" && !listed[name] {
			return false
		}
	}
	return true
}

// Nothing is a handler that does nothing.
var Nothing = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
