package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/fetch"
)

// A suspect is something that looks like a fault of CORS, and how likely it is for a
// request; 0 if it cannot be.
type suspect struct {
	hint       Hint
	likelihood func(*judge) int
}

// The steps of likelihood. What nothing speaks for is possible.
const (
	never = iota
	possible
	usual
	likely
	told // by what is known of the request
	sure
	seen // by somebody
)

// suspects are in the order in which they are listed where they are equally likely.
var suspects = []suspect{
	{Hint{NoCORSMode, "The request is in the mode no-cors, in which a script can read nothing of the response, whatever S3 answers. " +
		"To tell: the response has the type \"opaque\". Leave out mode: \"no-cors\", and set crossorigin on <img>, <script> and <link>."},
		(*judge).likelihoodOfNoCORS},
	{Hint{MixedContent, "A page of https may not fetch from http: the browser blocks or rewrites the request before it leaves. " +
		"To tell: the console says \"Mixed Content\". Use https in the URL."},
		(*judge).likelihoodOfMixedContent},
	{Hint{LocalNetwork, "A page of the public web needs the user's permission to reach a server in the local network. " +
		"To tell: the console speaks of the local (or private) network, and the request never leaves."},
		(*judge).likelihoodOfLocalNetwork},
	{Hint{UnsignedHeader, "Ceph 19.2.6 and 20.2.4 refuse a signed or presigned request whose Content-Type or x-amz-* header is not signed, with 403 and without CORS headers, " +
		"after a preflight that passed. To tell: the same request with curl gives AccessDenied without BucketName. Sign the header, or send none; a Blob with a type or a string as the body adds Content-Type."},
		(*judge).likelihoodOfUnsignedHeader},
	{Hint{PostToKey, "A form is posted to the URL of the bucket, and not to that of an object, which S3 answers with 405. To tell: the status of the response."},
		(*judge).likelihoodOfPostToKey},
	{Hint{RedirectRegion, "The bucket is in another region, or was made just now: S3 answers 301 or 307 before it looks at CORS, without CORS headers, and a preflight may not be redirected. " +
		"To tell: the status in the network panel. Use the endpoint of the bucket's region, which the answer names."},
		(*judge).likelihoodOfRedirect},
	{Hint{CachedWithoutCORS, "The browser kept a copy that it fetched without Origin, as an <img> or <link> without crossorigin does, and S3 sends no Vary with that copy. " +
		"To tell: it works with the cache disabled, or with another query in the URL. Set crossorigin wherever the page loads the same URL."},
		(*judge).likelihoodOfCache},
	{Hint{Signature, "A 403 of S3 for a signature, an expired URL or a policy has CORS headers here, so the page can read it. " +
		"To tell: read Code in its body, such as SignatureDoesNotMatch, AccessDenied or ExpiredToken."},
		(*judge).likelihoodOfSignature},
	{Hint{CDN, "A CDN in front of the bucket does not forward Origin, or does not keep copies apart by it. " +
		"To tell: the response has the CDN's headers, such as X-Cache or CF-Cache-Status, and comes right from the bucket's own URL. Forward Origin and the two Access-Control-Request headers, and make them part of the cache key."},
		(*judge).likelihoodOfCDN},
	{Hint{WrongHost, "The request goes to another server or bucket than the one with this configuration: another account, an API in front, the website endpoint. " +
		"To tell: compare host and bucket in the URL of the browser's message, and look for x-amz-request-id in the response."},
		(*judge).likelihoodOfWrongHost},
	{Hint{SecondAllowOrigin, "A proxy adds an Access-Control-Allow-Origin of its own, and a response may have it once only. " +
		"To tell: the browser says that the header contains multiple values."},
		func(*judge) int { return possible }},
}

// elsewhere returns what to look at where CORS allows the request.
func (j *judge) elsewhere() []Hint {
	if j.isRefused() || !j.isInnocent() {
		return nil
	}
	type ranked struct {
		hint       Hint
		likelihood int
	}
	var all []ranked
	for _, s := range suspects {
		n := s.likelihood(j)
		if s.hint.Code == j.Seen {
			n = seen
		}
		if n > never {
			all = append(all, ranked{s.hint, n})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return cmp.Compare(b.likelihood, a.likelihood) })
	hints := make([]Hint, len(all))
	for i := range all {
		hints[i] = all[i].hint
	}
	return hints
}

// isInnocent reports whether CORS allows the request, as far as is known. A request
// without Origin is not forbidden either.
func (j *judge) isInnocent() bool {
	switch j.decision.Outcome() {
	case s3cors.Granted:
		return j.browser == nil || j.browser.failure == nil
	case s3cors.NotCORS:
		return true
	}
	return false
}

func (j *judge) isPreflight() bool { return j.Request.Method == "OPTIONS" }

// url returns what is known of the request's URL.
func (j *judge) url() string {
	if j.Fetch == nil {
		return ""
	}
	return j.Fetch.URL
}

// target returns the origin of the URL in parts; false if the URL is not known.
func (j *judge) target() (origin, bool) {
	text, ok := fetch.OriginOf(j.url())
	return parseOrigin(text), ok
}

func (j *judge) likelihoodOfNoCORS() int {
	switch {
	case j.Fetch != nil && j.Fetch.Mode == NoCORS:
		return told
	case j.decision.Outcome() == s3cors.NotCORS:
		return likely
	case j.isPreflight() || j.Fetch != nil && j.Fetch.Mode == CORSMode:
		return never
	}
	return possible
}

func (j *judge) likelihoodOfMixedContent() int {
	target, known := j.target()
	switch {
	case !strings.HasPrefix(j.Request.Origin, "https://"), known && target.scheme == "https":
		return never
	case known && !isLoopback(target.host):
		return told
	}
	return possible
}

func (j *judge) likelihoodOfLocalNetwork() int {
	target, known := j.target()
	page := parseOrigin(j.Request.Origin).host
	private := known && (isLoopback(target.host) || isPrivate(target.host))
	switch {
	case isLoopback(page), known && !private:
		return never
	case private && !isPrivate(page):
		return told
	}
	return possible
}

func (j *judge) likelihoodOfUnsignedHeader() int {
	signs := slices.ContainsFunc(j.names, func(name string) bool { return name == "content-type" || strings.HasPrefix(name, "x-amz-") })
	switch {
	case !j.quirks.PlainRefusals:
		return never
	case j.method == "PUT" || j.method == "POST" || signs:
		return told
	}
	return usual
}

func (j *judge) likelihoodOfPostToKey() int {
	if j.method == "POST" && j.Request.Target == s3cors.TargetObject {
		return likely
	}
	return never
}

func (j *judge) likelihoodOfRedirect() int {
	target, known := j.target()
	switch {
	case known && !isAmazon(target.host) || j.quirks.PlainRefusals:
		return never
	case known && isGlobal(target.host):
		return told
	case j.isPreflight():
		return likely
	}
	return usual
}

func (j *judge) likelihoodOfCache() int {
	switch {
	case j.method == "GET" && !j.isPreflight():
		return likely
	case j.method == "GET" || j.method == "HEAD":
		return possible
	}
	return never
}

func (j *judge) likelihoodOfSignature() int {
	switch {
	case j.Request.Authorization || strings.Contains(j.url(), "X-Amz-Signature="):
		return told
	case j.method != "GET" && !j.isPreflight():
		return likely
	}
	return usual
}

func (j *judge) likelihoodOfCDN() int {
	target, known := j.target()
	switch {
	case known && strings.HasSuffix(target.host, ".cloudfront.net"):
		return told
	case known && isAmazon(target.host):
		return never
	case j.method == "GET" && !j.isPreflight():
		return likely
	case known:
		return usual
	}
	return possible
}

func (j *judge) likelihoodOfWrongHost() int {
	target, known := j.target()
	switch {
	case known && (strings.Contains(target.host, ".execute-api.") || strings.Contains(target.host, ".s3-website")):
		return sure
	case known && !isAmazon(target.host) && !j.quirks.PlainRefusals:
		return usual
	}
	return usual
}

// isAmazon reports whether a host is one of Amazon S3's.
func isAmazon(host string) bool {
	return strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn")
}

// isGlobal reports whether a host of S3 names no region.
func isGlobal(host string) bool {
	return host == "s3.amazonaws.com" || strings.HasSuffix(host, ".s3.amazonaws.com")
}
