// Command chi puts CORS in front of a chi router.
package main

import (
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(http.ListenAndServe("127.0.0.1:8080", newHandler())) }

func newHandler() http.Handler {
	r := chi.NewRouter()
	// On the outermost router, chi runs middleware before it looks for a route,
	// so that preflights need none. With r.With or in an r.Group they would.
	cors := &corshttp.Server{Policies: store.Policy}
	r.Use(cors.CORS)
	r.Get("/{bucket}/*", object)
	return r
}

func object(w http.ResponseWriter, r *http.Request) {
	status, contentType, body := store.Object(chi.URLParam(r, "bucket"), chi.URLParam(r, "*"))
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(body)
}
