package corsfasthttp

import (
	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
)

// WriteError answers with an error of S3: its status, Content-Type
// application/xml, and the body that err.AppendXML makes. Fields that are set already
// stay, the CORS fields among them. err.Status must be a valid HTTP status. If the
// body of the request was not read, call LeaveBody, too.
func WriteError(ctx *fasthttp.RequestCtx, err *s3cors.Error, ids s3cors.IDs, opts ...s3cors.Option) {
	writeError(ctx, err.Status, ids, func(dst []byte) []byte { return err.AppendXML(dst, ids, opts...) })
}

// writeError answers with an error whose body appendBody appends to a buffer.
func writeError(ctx *fasthttp.RequestCtx, status int, ids s3cors.IDs, appendBody func(dst []byte) []byte) {
	r := &ctx.Response
	empty(r)
	r.Header.SetContentType("application/xml") // 1.6/error-content-type
	setIDs(&r.Header, ids)
	r.SetStatusCode(status)
	// SwapBody lends the body's own buffer, which fasthttp uses again.
	r.SwapBody(appendBody(r.SwapBody(nil)[:0]))
}

// empty takes what others may have put there out of an answer, so that nothing has
// to do with a body: fasthttp then sends Content-Length: 0, but for status 204, and
// no Content-Type.
func empty(r *fasthttp.Response) {
	r.ResetBody()
	r.Header.SetNoDefaultContentType(true) // fasthttp's own would be text/plain
	r.Header.Del(fasthttp.HeaderContentType)
	r.Header.Del(fasthttp.HeaderContentLength)
	r.Header.Del(fasthttp.HeaderContentEncoding)
}

// setIDs sets the header fields with the names of a request, but for empty ones.
func setIDs(h *fasthttp.ResponseHeader, ids s3cors.IDs) {
	set(h, "X-Amz-Request-Id", ids.RequestID)
	set(h, "X-Amz-Id-2", ids.HostID)
}
