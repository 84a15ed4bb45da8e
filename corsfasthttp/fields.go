package corsfasthttp

import (
	"strings"

	"github.com/valyala/fasthttp"

	"github.com/s3cors/s3cors"
)

// fields are those that a decision that grants sets or takes out, but for Vary.
var fields = [...]string{
	fasthttp.HeaderAccessControlAllowOrigin,
	fasthttp.HeaderAccessControlAllowMethods,
	fasthttp.HeaderAccessControlAllowHeaders,
	fasthttp.HeaderAccessControlExposeHeaders,
	fasthttp.HeaderAccessControlMaxAge,
	fasthttp.HeaderAccessControlAllowCredentials,
}

// SetFields writes the fields of a decision that is no refusal into the header of a
// response, in S3's order, in which fasthttp sends them. Those that the decision has
// not are taken out if it grants, so that no mix of two answers leaves; if it does
// not, what is there stays.
//
// The header holds copies.
func SetFields(h *fasthttp.ResponseHeader, d s3cors.Decision) {
	if disabled := h.DisableNormalizing(); !disabled { // a third of the cost, and our names are in that form
		defer h.EnableNormalizing()
	}
	if d.AllowOrigin() != "" {
		// All are taken out first: Set would leave one that is there in its place,
		// and a second of its name where it is.
		for _, name := range fields {
			h.Del(name)
		}
		set(h, fasthttp.HeaderAccessControlAllowOrigin, d.AllowOrigin())
		if variesSecond(&d) { // ceph-3/order
			addVary(h, d.Vary())
		}
		set(h, fasthttp.HeaderAccessControlAllowMethods, d.AllowMethods())
		var room [512]byte // which spares the string that AllowHeaders makes
		if names := d.AppendAllowHeaders(room[:0]); len(names) > 0 {
			h.SetBytesV(fasthttp.HeaderAccessControlAllowHeaders, names)
		}
		set(h, fasthttp.HeaderAccessControlExposeHeaders, d.ExposeHeaders())
		set(h, fasthttp.HeaderAccessControlMaxAge, d.MaxAge())
		set(h, fasthttp.HeaderAccessControlAllowCredentials, d.AllowCredentials())
	}
	if value := d.Vary(); value != "" {
		addVary(h, value)
	}
}

// variesSecond reports whether Vary is the second of a decision's fields.
func variesSecond(d *s3cors.Decision) bool {
	number, second := 0, ""
	d.EachHeader(func(name, _ string) bool {
		number, second = number+1, name
		return number < 2
	})
	return number == 2 && second == fasthttp.HeaderVary
}

// set sets a field unless its value is "".
func set(h *fasthttp.ResponseHeader, name, value string) {
	if value != "" {
		h.Set(name, value)
	}
}

// complete puts back what a handler has lost, as all do that use RequestCtx.Error,
// NotFound or NotModified: these empty the response. A handler that has set an
// Allow-Origin of its own has meant to.
func complete(h *fasthttp.ResponseHeader, d s3cors.Decision) {
	if d.AllowOrigin() != "" && len(h.Peek(fasthttp.HeaderAccessControlAllowOrigin)) == 0 {
		SetFields(h, d)
		return
	}
	if value := d.Vary(); value != "" {
		addVary(h, value)
	}
}

// addVary adds a line to Vary unless one holds it already: there are those that add
// their own names to the line they find, such as fasthttp.CompressHandler.
func addVary(h *fasthttp.ResponseHeader, value string) {
	for _, line := range h.PeekAll(fasthttp.HeaderVary) {
		if strings.Contains(view(line), value) {
			return
		}
	}
	h.Add(fasthttp.HeaderVary, value)
}

// removeVary takes out the value that SetFields added, also where others have added to
// it.
func removeVary(h *fasthttp.ResponseHeader, value string) {
	var others []string
	for _, line := range h.PeekAll(fasthttp.HeaderVary) {
		rest := strings.Replace(string(line), value, "", 1)
		if rest = strings.Trim(rest, ", "); rest != "" {
			others = append(others, rest)
		}
	}
	h.Del(fasthttp.HeaderVary)
	for _, line := range others {
		h.Add(fasthttp.HeaderVary, line)
	}
}

// removeCORS takes all CORS fields out, however their names are written.
func removeCORS(h *fasthttp.ResponseHeader) {
	const prefix = "Access-Control-"
	var names []string
	for name := range h.All() {
		if len(name) > len(prefix) && strings.EqualFold(view(name[:len(prefix)]), prefix) {
			names = append(names, string(name))
		}
	}
	if len(names) == 0 {
		return
	}
	if disabled := h.DisableNormalizing(); !disabled { // or a name in another form is not found
		defer h.EnableNormalizing()
	}
	for _, name := range names {
		h.Del(name)
	}
}
