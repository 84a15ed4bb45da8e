package explain

import (
	"cmp"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/fetch"
)

// A suspect is something that looks like a fault of CORS, and how likely it is for a
// request; never if it cannot be.
type suspect struct {
	code       Code
	text       string
	ceph       string // the text for Ceph, if that is another
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
	{code: NoCORSMode, likelihood: (*judge).likelihoodOfNoCORS,
		text: "The request is in the mode no-cors, in which a script can read nothing of the response, whatever the server answers. " +
			"To tell: the response has the type \"opaque\". Leave out mode: \"no-cors\", and set crossorigin on <img>, <script> and <link>."},
	{code: MixedContent, likelihood: (*judge).likelihoodOfMixedContent,
		text: "A page of https may not fetch from http: the browser blocks or rewrites the request before it leaves. " +
			"To tell: the console says \"Mixed Content\". Use https in the URL."},
	{code: LocalNetwork, likelihood: (*judge).likelihoodOfLocalNetwork,
		text: "A page of the public web needs the user's permission to reach a server in the local network. " +
			"To tell: the console speaks of the local (or private) network, and the request never leaves."},
	{code: UnsignedHeader, likelihood: (*judge).likelihoodOfUnsignedHeader, // ceph-1/unsigned-headers
		text: "Ceph 19.2.6 and 20.2.4 refuse a signed or presigned request whose Content-Type or x-amz-* header is not signed, with 403 and without CORS headers, " +
			"after a preflight that passed. To tell: the same request with curl gives AccessDenied without BucketName. Sign the header, or send none; a Blob with a type or a string as the body adds Content-Type."},
	{code: VersionID, likelihood: (*judge).likelihoodOfVersionID, // 4.2/version-id
		text: "S3 answers a preflight whose URL has versionId with 400, whatever the rules. To tell: the same OPTIONS request with curl gives InvalidArgument."},
	{code: PostToKey, likelihood: (*judge).likelihoodOfPostToKey,
		text: "A form is posted to the URL of the bucket, and not to that of an object, which S3 answers with 405. To tell: the status of the response."},
	{code: RedirectRegion, likelihood: (*judge).likelihoodOfRedirect,
		text: "The bucket is in another region, or was made just now: S3 answers 301 or 307 before it looks at CORS, without CORS headers, and a preflight may not be redirected. " +
			"To tell: the status in the network panel. Use the endpoint of the bucket's region, which the answer names."},
	{code: CachedWithoutCORS, likelihood: (*judge).likelihoodOfCache,
		text: "The browser kept a copy that it fetched without Origin, as an <img> or <link> without crossorigin does, and no Vary came with that copy. " +
			"To tell: it works with the cache disabled, or with another query in the URL. Set crossorigin wherever the page loads the same URL."},
	{code: Signature, likelihood: (*judge).likelihoodOfSignature,
		text: "A 403 of S3 for a signature, an expired URL or a policy has CORS headers here, so the page can read it. " +
			"To tell: read Code in its body, such as SignatureDoesNotMatch, AccessDenied or ExpiredToken.",
		// ceph-1/failed-authentication
		ceph: "Ceph answers a bad signature, an expired URL or an unknown key with 403 and without CORS headers, so the browser calls it a fault of CORS. " +
			"To tell: send the same request with curl, and read Code in the body, such as SignatureDoesNotMatch or InvalidAccessKeyId."},
	{code: CDN, likelihood: (*judge).likelihoodOfCDN,
		text: "A CDN in front of the bucket does not forward Origin, or does not keep copies apart by it. " +
			"To tell: the response has the CDN's headers, such as X-Cache or CF-Cache-Status, and comes right from the bucket's own URL. Forward Origin and the two Access-Control-Request headers, and make them part of the cache key."},
	{code: WrongHost, likelihood: (*judge).likelihoodOfWrongHost,
		text: "The request goes to another server or bucket than the one with this configuration: another account, an API in front, the website endpoint, a directory bucket, which has no CORS. " +
			"To tell: compare host and bucket in the URL of the browser's message, and look for x-amz-request-id in the response."},
	{code: SecondAllowOrigin, likelihood: func(*judge) int { return possible },
		text: "A proxy adds an Access-Control-Allow-Origin of its own, and a response may have it once only. " +
			"To tell: the browser says that the header contains multiple values."},
}

// hint is what to say of a suspect.
func (s *suspect) hint(j *judge) Hint {
	if s.ceph != "" && j.quirks.PlainRefusals {
		return Hint{s.code, s.ceph}
	}
	return Hint{s.code, s.text}
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
	for i := range suspects {
		s := &suspects[i]
		n := s.likelihood(j)
		if s.code == j.Seen {
			n = seen
		}
		if n > never {
			all = append(all, ranked{s.hint(j), n})
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
	case j.isPreflight() || j.Fetch != nil:
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

func (j *judge) likelihoodOfVersionID() int {
	if j.isPreflight() && strings.Contains(j.url(), "versionId=") && !j.quirks.PlainRefusals {
		return told
	}
	return never
}

func (j *judge) likelihoodOfPostToKey() int {
	if !j.quirks.PlainRefusals && j.method == "POST" && j.Request.Target == s3cors.TargetObject {
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
	case j.method != "GET" && !j.isPreflight(), j.quirks.PlainRefusals && !j.isPreflight():
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
	case known && (strings.Contains(target.host, ".execute-api.") || strings.Contains(target.host, ".s3-website") ||
		strings.Contains(target.host, ".s3express-")):
		return sure
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
