package explain

// A Code names a reason, a hint, or what was not judged. Codes never change their
// meaning; new ones may come.
type Code string

// The reasons. Those that begin with "origin" are about the Origin of the request, or
// about an entry of AllowedOrigins that does not admit it.
const (
	// OriginMissing is a request without Origin.
	OriginMissing Code = "origin-missing"
	// OriginTrailingSlash is an entry that ends in a slash, which no origin does.
	OriginTrailingSlash Code = "origin-trailing-slash"
	// OriginPath is an entry with a path or a query, which no origin has.
	OriginPath Code = "origin-path"
	// OriginNoScheme is an entry without "https://" or another scheme.
	OriginNoScheme Code = "origin-no-scheme"
	// OriginScheme is an entry with https where the page has http, or the reverse.
	OriginScheme Code = "origin-scheme"
	// OriginPort is an entry with another port, or with none.
	OriginPort Code = "origin-port"
	// OriginDefaultPort is an entry with the port that browsers leave out.
	OriginDefaultPort Code = "origin-default-port"
	// OriginWWW is an entry that has "www." where the page has not, or the reverse.
	OriginWWW Code = "origin-www"
	// OriginCase is an entry with upper-case letters, which no origin has.
	OriginCase Code = "origin-case"
	// OriginApex is an entry such as https://*.example.com, which does not admit
	// https://example.com.
	OriginApex Code = "origin-apex"
	// OriginSubdomain is an entry with another host of the same domain.
	OriginSubdomain Code = "origin-subdomain"
	// OriginHost is an entry with another host.
	OriginHost Code = "origin-host"
	// OriginNull is the origin "null" of sandboxed frames, files and redirects.
	OriginNull Code = "origin-null"
	// OriginList is an entry with several origins in one string.
	OriginList Code = "origin-list"
	// OriginPlaceholder is an entry that was never filled in.
	OriginPlaceholder Code = "origin-placeholder"
	// OriginCharacters is an entry with characters around or in it that no origin has,
	// such as spaces, quotes, or letters that are not ASCII.
	OriginCharacters Code = "origin-characters"
	// OriginAppScheme is an origin of an app or a browser extension.
	OriginAppScheme Code = "origin-app-scheme"
	// OriginNotBrowser is an Origin that no browser sends.
	OriginNotBrowser Code = "origin-not-browser"

	// MethodNotListed is a method that a rule does not list, and could.
	MethodNotListed Code = "method-not-listed"
	// MethodCase is a method in lower case.
	MethodCase Code = "method-case"
	// MethodMissing is an OPTIONS request that does not say which method it is about.
	MethodMissing Code = "method-missing"
	// MethodInvalid is a method that S3 refuses with status 400.
	MethodInvalid Code = "method-invalid"
	// MethodNotListable is a method that no rule can list, such as PATCH.
	MethodNotListable Code = "method-not-listable"

	// HeadersNotListed are header names that a rule does not admit.
	HeadersNotListed Code = "headers-not-listed"
	// NoAllowedHeaders is a rule that admits no header names at all.
	NoAllowedHeaders Code = "no-allowed-headers"
	// HeadersNotNames are elements of Access-Control-Request-Headers that are no names.
	HeadersNotNames Code = "headers-not-names"

	// NotExposed are response headers that a script cannot read.
	NotExposed Code = "not-exposed"
	// CredentialsStar is the answer "*" to a request with credentials.
	CredentialsStar Code = "credentials-star"

	// NoConfigurationStored is a bucket without a configuration.
	NoConfigurationStored Code = "no-configuration"
	// NoBucket is a bucket that does not exist.
	NoBucket Code = "no-bucket"
	// ServiceRoot is a request that addresses no bucket.
	ServiceRoot Code = "service-root"
	// DocumentRefused is a configuration that S3 would not accept.
	DocumentRefused Code = "document-refused"
	// TooLarge are fields that are too long together.
	TooLarge Code = "too-large"
	// Shadowed is a rule that would give a better answer, behind one that decides.
	Shadowed Code = "shadowed"
	// NotCORS is a request that has nothing to do with CORS.
	NotCORS Code = "not-cors"
	// GrantedLookElsewhere is a request that CORS allows.
	GrantedLookElsewhere Code = "granted-look-elsewhere"
)

// The hints: what looks like a fault of CORS, and is none.
const (
	// RedirectRegion is a redirect to the bucket's region, without CORS headers.
	RedirectRegion Code = "redirect-region"
	// CachedWithoutCORS is a copy in the browser's cache, fetched without Origin.
	CachedWithoutCORS Code = "cached-without-cors"
	// CDN is a cache in front of the bucket that does not keep origins apart.
	CDN Code = "cdn"
	// Signature is a refusal for a signature or a policy, which a page can read.
	Signature Code = "signature"
	// UnsignedHeader is a header that the signature does not cover, which some releases
	// of Ceph refuse without CORS headers.
	UnsignedHeader Code = "unsigned-header"
	// WrongHost is a URL of another server or bucket.
	WrongHost Code = "wrong-host"
	// NoCORSMode is a request in the mode no-cors.
	NoCORSMode Code = "no-cors-mode"
	// MixedContent is a page of https that asks a server of http.
	MixedContent Code = "mixed-content"
	// SecondAllowOrigin is a proxy that adds an Access-Control-Allow-Origin.
	SecondAllowOrigin Code = "second-allow-origin"
	// LocalNetwork is a public page that asks a server in the local network.
	LocalNetwork Code = "local-network"
	// VersionID is a preflight whose URL has versionId, which S3 refuses.
	VersionID Code = "version-id"
	// PostToKey is a form that is sent to the URL of an object.
	PostToKey Code = "post-to-key"
)

// What was not judged.
const (
	// Authorization is whether the request is allowed, CORS apart.
	Authorization Code = "authorization"
	// StoredNow is whether the bucket has this configuration.
	StoredNow Code = "stored-configuration"
	// Between is what stands between page and bucket.
	Between Code = "between"
	// BrowserView is what the browser makes of the answers.
	BrowserView Code = "browser"
	// OtherServers is what other kinds of servers answer.
	OtherServers Code = "other-servers"
	// HeaderNames are the request headers of the page, where a message does not tell all.
	HeaderNames Code = "header-names"
)
