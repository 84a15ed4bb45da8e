package suite

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v3"
	fibercors "github.com/gofiber/fiber/v3/middleware/cors"
	"github.com/valyala/fasthttp"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend"
	"github.com/versity/versitygw/s3api/middlewares"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/bench/work"
)

// Fiber is the same through fiber, where no net/http request exists. Refusals are
// answered with their status alone.
func Fiber() Family {
	workloads := slices.DeleteFunc(work.Of(work.Everyday), func(w Workload) bool { return w.Request.Origin == "" })
	return family("Fiber", "Through fiber (fasthttp)", workloads, []Engine{
		{Name: "s3cors", About: "Policy.Evaluate in a handler", Prepare: prepareFiber},
		{Name: "versitygw", About: "middlewares.ApplyBucketCORS; for OPTIONS the calls of its CORSOptions", Prepare: prepareFiberVersity},
		{Name: "fiber cors", About: "fiber's own middleware/cors", Fits: oneOnly, Prepare: prepareFiberCORS},
	})
}

// serveFiber runs an app on a request, again and again.
func serveFiber(r *s3cors.Request, handlers ...any) Run {
	app := fiber.New()
	app.All("/:bucket/*", handlers[0], handlers[1:]...)
	serve, request := app.Handler(), *r
	return func(n int) int {
		var ctx fasthttp.RequestCtx
		ctx.Request.Header.SetMethod(request.Method)
		ctx.Request.SetRequestURI("/bucket/key")
		for name, value := range map[string]string{
			fiber.HeaderOrigin:                      request.Origin,
			fiber.HeaderAccessControlRequestMethod:  request.RequestMethod,
			fiber.HeaderAccessControlRequestHeaders: request.RequestHeaders,
		} {
			if value != "" {
				ctx.Request.Header.Set(name, value)
			}
		}
		for range n {
			ctx.Response.Reset()
			serve(&ctx)
		}
		return work.AllOrNone(allowsFiber(&ctx.Response.Header, &request), n)
	}
}

// allowsFiber is work.Allows for fasthttp.
func allowsFiber(header *fasthttp.ResponseHeader, request *s3cors.Request) bool {
	answer := make(http.Header)
	for name, value := range header.All() {
		answer.Set(string(name), string(value))
	}
	return work.Allows(answer, work.HTTPRequest(request))
}

func fiberNothing(c fiber.Ctx) error { return nil }

func prepareFiber(w *Workload) Run {
	policy := work.Compiled(w.Rules)
	return serveFiber(&w.Request, func(c fiber.Ctx) error {
		d := policy.Evaluate(s3cors.Request{
			Method:         c.Method(),
			Origin:         c.Get(fiber.HeaderOrigin),
			RequestMethod:  c.Get(fiber.HeaderAccessControlRequestMethod),
			RequestHeaders: c.Get(fiber.HeaderAccessControlRequestHeaders),
		})
		for name, value := range d.Headers() {
			c.Set(name, value)
		}
		if status := d.Status(); status != 0 {
			c.Status(status)
			return nil
		}
		return c.Next()
	}, fiberNothing)
}

// A bucket is as much of versitygw's backend as CORS needs.
type bucket struct {
	backend.BackendUnsupported
	document []byte
}

func (b bucket) GetBucketCors(context.Context, string) ([]byte, error) { return b.document, nil }

func prepareFiberVersity(w *Workload) Run {
	b := bucket{document: versityDocument(w.Rules)}
	apply := middlewares.ApplyBucketCORS(b, middlewares.BucketFromPath, "")
	return serveFiber(&w.Request, func(c fiber.Ctx) error {
		if c.Method() == fiber.MethodOptions {
			return versityOptions(c, b)
		}
		if err := apply(c); err != nil {
			return err
		}
		return c.Next()
	}, fiberNothing)
}

// versityOptions makes the calls of S3ApiController.CORSOptions.
func versityOptions(c fiber.Ctx, b bucket) error {
	request := s3cors.Request{
		Method:         c.Method(),
		Origin:         c.Get(fiber.HeaderOrigin),
		RequestMethod:  c.Get(fiber.HeaderAccessControlRequestMethod),
		RequestHeaders: c.Get(fiber.HeaderAccessControlRequestHeaders),
	}
	answer := versityAnswer(&request, func() (*auth.CORSConfiguration, error) {
		document, err := b.GetBucketCors(c.RequestCtx(), c.Params("bucket"))
		if err != nil {
			return nil, err
		}
		return auth.ParseCORSOutput(document)
	})
	if answer == nil {
		c.Status(http.StatusForbidden)
		return nil
	}
	for name, value := range map[string]string{
		fiber.HeaderAccessControlAllowOrigin:      answer.Origin,
		fiber.HeaderAccessControlAllowMethods:     answer.Methods,
		fiber.HeaderAccessControlExposeHeaders:    answer.ExposedHeaders,
		fiber.HeaderAccessControlAllowCredentials: answer.AllowCredentials,
		fiber.HeaderAccessControlAllowHeaders:     answer.AllowHeaders,
		fiber.HeaderAccessControlMaxAge:           fmt.Sprint(*answer.MaxAge),
		fiber.HeaderVary:                          middlewares.VaryHdr,
	} {
		if value != "" {
			c.Response().Header.Set(name, value)
		}
	}
	return nil
}

// prepareFiberCORS leaves out the "*" for names, which fiber's middleware writes
// by saying nothing.
func prepareFiberCORS(w *Workload) Run {
	rule := w.Rules[0]
	headers := slices.DeleteFunc(slices.Clone(rule.AllowedHeaders), func(name string) bool { return name == "*" })
	return serveFiber(&w.Request, fibercors.New(fibercors.Config{
		AllowOrigins:     rule.AllowedOrigins,
		AllowMethods:     rule.AllowedMethods,
		AllowHeaders:     headers,
		ExposeHeaders:    rule.ExposeHeaders,
		MaxAge:           int(*rule.MaxAgeSeconds),
		AllowCredentials: !slices.Contains(rule.AllowedOrigins, "*"),
	}), fiberNothing)
}
