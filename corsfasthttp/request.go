package corsfasthttp

import (
	"bytes"
	"strings"
	"sync"
	"unsafe"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

// view returns b as a string, without a copy. fasthttp reads the next request into
// the same memory, and writes over it where a handler changes this one, so a view
// must not outlive the call of the next handler.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// readRequest returns what S3 looks at, in views.
func (s *Server) readRequest(ctx *fasthttp.RequestCtx) s3cors.Request {
	h := &ctx.Request.Header
	line := linePool.Get().(*[1]string)
	defer linePool.Put(line)
	r := s.ready.nowhere.ReadRequest(view(ctx.Method()), s3cors.TargetObject, func(name string) []string {
		return appendLines(line[:0], h, name)
	})
	if s.ready.quirks.SeesMore {
		r.Subresource = corsserver.SubresourceIn(view(ctx.URI().QueryString()))
	}
	return r
}

// linePool has room for the one line that a field has, which would be on the heap
// otherwise, for each request.
var linePool = sync.Pool{New: func() any { return new([1]string) }}

// copyRequest returns r with strings of its own, all in one allocation.
func copyRequest(r s3cors.Request) s3cors.Request {
	var b strings.Builder
	b.Grow(len(r.Method) + len(r.Origin) + len(r.RequestMethod) + len(r.RequestHeaders) + len(r.Subresource))
	move := func(s *string) {
		start := b.Len()
		b.WriteString(*s)
		*s = b.String()[start:] // which stays, since b has room for all
	}
	move(&r.Method)
	move(&r.Origin)
	move(&r.RequestMethod)
	move(&r.RequestHeaders)
	move(&r.Subresource)
	return r
}

func copyAddress(a corsserver.Address) corsserver.Address {
	return corsserver.Address{Bucket: strings.Clone(a.Bucket), Key: strings.Clone(a.Key)}
}

// appendLines appends the lines of a field to dst, as views.
func appendLines(dst []string, h *fasthttp.RequestHeader, name string) []string {
	for _, value := range peekAll(h, name) {
		dst = append(dst, view(value))
	}
	return dst
}

// peekAll returns the lines of a field, whatever the case of its name. With
// fasthttp.Server.DisableHeaderNamesNormalizing PeekAll finds "Origin" under that
// very name alone, while there are proxies that write all names in lower case.
func peekAll(h *fasthttp.RequestHeader, name string) [][]byte {
	if disabled := h.DisableNormalizing(); !disabled { // there is no other way to ask
		defer h.EnableNormalizing()
		return h.PeekAll(name) // which need not normalize a name of ours, a costly thing
	}
	var lines [][]byte
	for key, value := range h.All() {
		if strings.EqualFold(view(key), name) {
			lines = append(lines, bytes.Clone(value)) // which All does not leave to us
		}
	}
	return lines
}
