// Command gin puts CORS in front of a gin engine.
package main

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/s3cors/s3cors/corshttp"
	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(http.ListenAndServe("127.0.0.1:8080", newHandler())) }

func newHandler() http.Handler {
	engine := gin.New()
	engine.GET("/:bucket/*key", object)
	// Around the engine, which is an http.Handler: preflights need no route, and
	// the engine's redirects carry the CORS fields. Inside, with engine.Use, the
	// writer of Server.Override would never reach the handlers.
	return (&corshttp.Server{Policies: store.Policy}).CORS(engine)
}

func object(c *gin.Context) {
	c.Data(store.Object(c.Param("bucket"), c.Param("key")[1:]))
}
