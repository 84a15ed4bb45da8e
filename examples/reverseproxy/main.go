// Command reverseproxy puts CORS in front of another S3, whose own CORS fields
// are replaced. The URL of that S3 is its argument.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: reverseproxy URL")
	}
	upstream, err := url.Parse(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe("127.0.0.1:8081", newHandler(upstream)))
}

func newHandler(upstream *url.URL) http.Handler {
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(upstream)
		r.Out.Host = r.In.Host // which clients sign
	}}
	// A proxy adds its upstream's fields to those that are there, so that two
	// Allow-Origins would leave. Override takes out all but ours, whatever we
	// decide.
	return (&corshttp.Server{Policies: store.Policy, Override: true}).CORS(proxy)
}
