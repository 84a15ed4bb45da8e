// Command servemux puts CORS in front of an http.ServeMux whose patterns name
// methods.
package main

import (
	"log"
	"net/http"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(http.ListenAndServe("127.0.0.1:8080", newHandler())) }

func newHandler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{bucket}/{key...}", object)
	// Around the mux, not around its handlers: no pattern has to name OPTIONS.
	return (&corshttp.Server{Policies: store.Policy}).CORS(mux)
}

func object(w http.ResponseWriter, r *http.Request) {
	status, contentType, body := store.Object(r.PathValue("bucket"), r.PathValue("key"))
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	w.Write(body)
}
