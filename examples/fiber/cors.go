package main

import (
	"bytes"
	"context"
	"strings"

	"github.com/gofiber/fiber/v3"

	"github.com/s3cors/s3cors"
)

// policies returns the policy of a bucket. It may keep the name.
type policies func(ctx context.Context, bucket string) (*s3cors.Policy, error)

// handle answers preflights, and sets the CORS fields of all other answers.
func (p policies) handle(c fiber.Ctx) error {
	d, refusal := p.decide(c)
	if refusal != nil {
		if d.Outcome() == s3cors.MissingOrigin {
			c.Set(fiber.HeaderConnection, "close") // as S3 does
		}
		return refuse(c, refusal)
	}
	for name, value := range d.Headers() {
		if name == fiber.HeaderVary {
			c.Append(name, value) // to what others have put there
			continue
		}
		c.Set(name, value)
	}
	if d.Status() != 0 {
		return c.Status(d.Status()).Send(nil)
	}
	return c.Next()
}

// decide evaluates a request. The error is what to answer instead of going on.
//
// The strings that fiber returns lie in buffers that fasthttp uses again. What
// outlives the handler has to be a copy: the name of the bucket, which a cache
// keeps. For the same reason the context is not c itself. The decision holds
// such strings, too, and must not be kept.
func (p policies) decide(c fiber.Ctx) (s3cors.Decision, *s3cors.Error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(c.Path(), "/"), "/")
	r := request(c, key)
	var policy *s3cors.Policy // without an Origin, whose does not matter
	var err error
	if r.Origin != "" {
		policy, err = p(c.Context(), strings.Clone(bucket))
	}
	if err != nil {
		policy = s3cors.NoSuchBucket() // which never grants
	}
	d := policy.Evaluate(r)
	refusal := d.Refusal()
	if err != nil && refusal != nil && d.Outcome() == s3cors.NoBucket {
		refusal = &internalError
	}
	return d, refusal
}

// internalError is what S3 answers to a preflight whose rules cannot be read.
var internalError = s3cors.Error{Status: fiber.StatusInternalServerError, Code: "InternalError",
	Message: "We encountered an internal error. Please try again."}

// refuse answers with an error. In place of the empty strings belong the ids of
// the request and the host.
func refuse(c fiber.Ctx, err *s3cors.Error) error {
	c.Set(fiber.HeaderContentType, "application/xml")
	return c.Status(err.Status).Send(err.AppendXML(nil, s3cors.IDs{}))
}

// request returns what S3 looks at.
func request(c fiber.Ctx, key string) s3cors.Request {
	r := s3cors.Request{
		Method:         c.Method(),
		Origin:         field(c, fiber.HeaderOrigin),
		RequestMethod:  field(c, fiber.HeaderAccessControlRequestMethod),
		RequestHeaders: field(c, fiber.HeaderAccessControlRequestHeaders),
	}
	if key == "" {
		r.Target = s3cors.TargetBucket // at the service root the answers are the same
	}
	return r
}

// field returns the value of a field, several lines joined with ",".
func field(c fiber.Ctx, name string) string {
	lines := c.Request().Header.PeekAll(name)
	if len(lines) > 1 {
		return string(bytes.Join(lines, []byte(",")))
	}
	return c.Get(name) // a view
}
