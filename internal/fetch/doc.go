// Package fetch says what a browser makes of a server's answers to a
// request that a script sends to another origin: a small model of the CORS
// protocol of the Fetch Standard (https://fetch.spec.whatwg.org/).
//
// [Request.Fetch] follows the standard's sections "Main fetch", "HTTP fetch",
// "HTTP-redirect fetch", "CORS-preflight fetch" and "CORS check" for requests
// of mode "cors" and redirect mode "follow", which is what fetch() and the SDKs
// for browsers send. Package explain tells by it what a page reads, and
// [Request.Console] what Chromium prints. The end-to-end tests of the gateway hold all
// of it against Chromium.
//
// # Terminology
//
// Words are those of the standard. A page has an origin; its script makes a
// request with a method, author headers and a credentials mode; the browser
// sends it, a preflight first where it needs one, and hands the script a
// response or a network error. A script cannot tell one network error from
// another; [Verdict.Error] can.
//
// # Out of the model
//
// Caches of any kind, that of preflights included: every fetch is the first of
// its URL. Cookies and HTTP authentication, since nothing of them is part of the
// checks but the credentials mode. Service workers, Local Network Access, mixed
// content, and bodies: a body that gives the request a Content-Type is a request
// with that author header.
//
// # Where Chromium differs
//
// Chromium (version 156) joins the values of a name that a script sets twice
// before it measures them; it asks neither for some client hints (DPR,
// Save-Data) nor for User-Agent; and it lets "*" cover Authorization unless its
// feature CorsNonWildcardRequestHeadersSupport is on. The model follows the
// standard; its tests against Chromium turn that feature on, and leave the
// others out.
package fetch
