// Command echo puts CORS in front of an echo server.
package main

import (
	"log"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(http.ListenAndServe("127.0.0.1:8080", newHandler())) }

func newHandler() http.Handler {
	e := echo.New()
	e.GET("/:bucket/*", object)
	// Around the server, which is an http.Handler: preflights need no route.
	// e.Pre(echo.WrapMiddleware(cors.CORS)) gives the same answers, but builds
	// the middleware anew for every request.
	return (&corshttp.Server{Policies: store.Policy}).CORS(e)
}

func object(c *echo.Context) error {
	return c.Blob(store.Object(c.Param("bucket"), c.Param("*")))
}
