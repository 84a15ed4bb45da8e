package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors/internal/reach"
)

// responseOnly are names that stand in answers and never in a request of a script.
var responseOnly = strings.Fields("accept-ranges age allow content-range date etag last-modified location server vary www-authenticate " +
	"x-amz-delete-marker x-amz-id-2 x-amz-request-id x-amz-version-id x-amz-bucket-region retry-after")

// requestOnly are names that stand in requests and never in an answer of S3.
var requestOnly = strings.Fields("accept accept-charset accept-encoding accept-language amz-sdk-invocation-id amz-sdk-request authorization cookie " +
	"expect host if-match if-modified-since if-none-match if-range if-unmodified-since origin range referer te user-agent " +
	"x-amz-acl x-amz-content-sha256 x-amz-copy-source x-amz-date x-amz-decoded-content-length x-amz-sdk-checksum-algorithm " +
	"x-amz-security-token x-amz-tagging x-amz-user-agent x-requested-with")

// forbidden are names that scripts cannot set (Fetch, "forbidden request-header").
var forbidden = strings.Fields("accept-charset accept-encoding access-control-request-headers access-control-request-method " +
	"access-control-request-private-network connection content-length cookie cookie2 date dnt expect host keep-alive origin referer " +
	"set-cookie te trailer transfer-encoding upgrade via")

// allowedHeader looks at an entry of AllowedHeaders, the i-th of rule k.
func (r *reporter) allowedHeader(k, i int, value string) {
	at := inRule(k, "AllowedHeaders[%d]", i)
	name := reach.Lower(value)
	switch {
	case value == "*":
		return
	case strings.Contains(value, "*"):
		r.find(PartialHeaderWildcard, at, quote(value)+" has a star within a name, which Garage, LocalStack and s3proxy do not know", "")
	case strings.HasPrefix(name, "access-control-") && !strings.HasPrefix(name, "access-control-request-"), slices.Contains(responseOnly, name) && !slices.Contains(forbidden, name):
		r.find(ResponseHeaderAllowed, at, fmt.Sprintf("%s is a header of answers; %s lists those that requests may have", value, r.words.header),
			r.adviceOnResponseHeader(name))
	case slices.Contains(forbidden, name), strings.HasPrefix(name, "sec-"), strings.HasPrefix(name, "proxy-"):
		r.find(ForbiddenHeader, at, value+" is not for scripts to set, so that no browser asks for it", "")
	}
}

// adviceOnResponseHeader says what to do with a response header among the allowed ones.
// Those of CORS itself are for the browser, and no script reads them.
func (r *reporter) adviceOnResponseHeader(name string) string {
	if strings.HasPrefix(name, "access-control-") {
		return "take it out, and do not have the page send it: the server answers with it by itself"
	}
	return fmt.Sprintf("list it under %s if scripts shall read it, and do not have the page send it", r.words.expose)
}

// exposeHeader looks at an entry of ExposeHeaders, the i-th of rule k.
func (r *reporter) exposeHeader(k, i int, value string) {
	at := inRule(k, "ExposeHeaders[%d]", i)
	switch name := reach.Lower(value); {
	case strings.HasPrefix(name, "access-control-"):
		r.find(CORSHeaderExposed, at, value+" is for the browser, and of no use to a script", "take it out", r.remove(k, "ExposeHeaders", i)...)
	case name == "set-cookie" || name == "set-cookie2":
		r.find(CookieExposed, at, value+" is never readable for a script", "take it out", r.remove(k, "ExposeHeaders", i)...)
	case slices.Contains(requestOnly, name), strings.HasPrefix(name, "sec-"):
		r.find(RequestHeaderExposed, at, fmt.Sprintf("%s is a header of requests; %s lists those of answers", value, r.words.expose),
			fmt.Sprintf("list it under %s if pages send it", r.words.header), r.remove(k, "ExposeHeaders", i)...)
	}
}
