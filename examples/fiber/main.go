// Command fiber puts CORS in front of a fiber application. Nothing in it is of
// net/http: package corsfasthttp reads what fasthttp has read.
package main

import (
	"log"

	"github.com/gofiber/fiber/v3"
	"github.com/s3cors/s3cors/corsfasthttp"
	"github.com/s3cors/s3cors/examples/internal/store"
	"github.com/valyala/fasthttp"
)

func main() {
	cors := &corsfasthttp.Server{Policies: store.Policy}
	log.Fatal(newApp(cors).Listen("127.0.0.1:8080"))
}

// config bounds the header of a request: fiber's own bound is 4 KiB, S3's is 8.
var config = fiber.Config{ReadBufferSize: 16 << 10}

// newApp has CORS in front of the whole application.
func newApp(cors *corsfasthttp.Server) *fiber.App {
	app := fiber.New(config)
	route(app)
	app.Server().Handler = cors.CORS(app.Handler())
	return app
}

// use is CORS for a part of an application, as in app.Use("/photos", use(cors)). It
// sees neither OPTIONS * nor methods that fiber does not know, which fiber answers.
func use(cors *corsfasthttp.Server) fiber.Handler {
	return func(c fiber.Ctx) (err error) {
		cors.CORS(func(*fasthttp.RequestCtx) { err = c.Next() })(c.RequestCtx())
		return err
	}
}

func route(r fiber.Router) { r.Get("/:bucket/*", object) }

func object(c fiber.Ctx) error {
	status, contentType, body := store.Object(c.Params("bucket"), c.Params("*"))
	c.Set(fiber.HeaderContentType, contentType)
	return c.Status(status).Send(body)
}
