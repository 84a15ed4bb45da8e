// Command servemux-wrong shows a wiring that does NOT work: the middleware
// stands behind patterns that name methods. It never sees OPTIONS, for which the
// mux has no pattern, and which the mux refuses with 405 Method Not Allowed.
//
// Since the fields of actual requests are there, it looks fine in curl; in
// browsers, whatever needs a preflight fails. The servemux example is right.
package main

import (
	"log"
	"net/http"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(http.ListenAndServe("127.0.0.1:8080", newHandler())) }

func newHandler() http.Handler {
	cors := &corshttp.Server{Policies: store.Policy}
	mux := http.NewServeMux()
	mux.Handle("GET /{bucket}/{key...}", cors.CORS(http.HandlerFunc(object))) // WRONG
	return mux
}

func object(w http.ResponseWriter, r *http.Request) {
	status, contentType, body := store.Object(r.PathValue("bucket"), r.PathValue("key"))
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(body)
}
