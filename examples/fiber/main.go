// Command fiber puts CORS in front of a fiber application. Nothing in it is of
// net/http: what fasthttp has read goes to Policy.Evaluate.
package main

import (
	"log"

	"github.com/gofiber/fiber/v3"

	"github.com/s3cors/s3cors/examples/internal/store"
)

func main() { log.Fatal(newApp(store.Policy).Listen("127.0.0.1:8080")) }

func newApp(p policies) *fiber.App {
	app := fiber.New(fiber.Config{
		DisableDefaultContentType: true,     // S3 sends none with a grant
		ReadBufferSize:            16 << 10, // bounds the header; S3's bound is 8 KiB, fiber's 4
	})
	app.Use(p.handle)
	app.Get("/:bucket/*", object)
	return app
}

func object(c fiber.Ctx) error {
	status, contentType, body := store.Object(c.Params("bucket"), c.Params("*"))
	c.Set(fiber.HeaderContentType, contentType)
	return c.Status(status).Send(body)
}
