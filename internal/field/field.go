// Package field holds the names of the header fields that CORS on S3 is about, in
// the canonical form of net/http, so that they stand once.
package field

// Of requests.
const (
	Origin         = "Origin"
	RequestMethod  = "Access-Control-Request-Method"
	RequestHeaders = "Access-Control-Request-Headers"
	Authorization  = "Authorization" // which some servers look at
)

// Of responses, in S3's order (5.1/order).
const (
	AllowOrigin      = "Access-Control-Allow-Origin"
	AllowMethods     = "Access-Control-Allow-Methods"
	AllowHeaders     = "Access-Control-Allow-Headers"
	ExposeHeaders    = "Access-Control-Expose-Headers"
	MaxAge           = "Access-Control-Max-Age"
	AllowCredentials = "Access-Control-Allow-Credentials"
	Vary             = "Vary"
)

// Prefix is what the names of all CORS fields begin with but for Vary.
const Prefix = "Access-Control-"
