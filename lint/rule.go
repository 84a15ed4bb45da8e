package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/reach"
)

// configuration looks at all rules.
func (r *reporter) configuration() {
	rules := r.config.CORSRules
	for k := range rules {
		r.lists(k, &rules[k])
		r.reading(k, &rules[k])
		r.writing(k, &rules[k])
		r.age(k, &rules[k])
		r.elsewhere(k, &rules[k])
	}
	r.dead()
	r.whole()
}

// lists looks at each value of a rule.
func (r *reporter) lists(k int, rule *s3cors.Rule) {
	for i, origin := range rule.AllowedOrigins {
		r.origin(k, i, origin)
	}
	for i, header := range rule.AllowedHeaders {
		r.allowedHeader(k, i, header)
	}
	for i, header := range rule.ExposeHeaders {
		r.exposeHeader(k, i, header)
	}
}

// writes returns the methods of a rule that carry an object.
func writes(rule *s3cors.Rule) []string {
	var found []string
	for _, method := range []string{"PUT", "POST"} {
		if slices.Contains(rule.AllowedMethods, method) {
			found = append(found, method)
		}
	}
	return found
}

// allows reports whether an AllowedHeader of the rule admits a name.
func allows(rule *s3cors.Rule, name string) bool {
	for _, entry := range rule.AllowedHeaders {
		if reach.HeaderPatternOf(entry).Admits(name) {
			return true
		}
	}
	return false
}

// exposes reports whether the rule exposes a header, whatever the case of letters.
func exposes(rule *s3cors.Rule, name string) bool {
	return slices.ContainsFunc(rule.ExposeHeaders, func(entry string) bool { return strings.EqualFold(entry, name) })
}

// missing returns those of names that has does not report.
func missing(names []string, has func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(names), has)
}

// writing looks at what a page needs that puts objects.
func (r *reporter) writing(k int, rule *s3cors.Rule) {
	methods := writes(rule)
	changing := methods
	if slices.Contains(rule.AllowedMethods, "DELETE") {
		changing = append(slices.Clone(methods), "DELETE")
	}
	if len(changing) > 0 && slices.Contains(rule.AllowedOrigins, "*") {
		r.find(WritesForAll, inRule(k, "AllowedOrigins[%d]", slices.Index(rule.AllowedOrigins, "*")), fmt.Sprintf("pages of every origin may ask for %s", and(changing)),
			"list the origins; a presigned URL needs no more than the origin of the page")
	}
	if len(methods) == 0 {
		return
	}
	at := inRule(k, "AllowedMethods[%d]", slices.Index(rule.AllowedMethods, methods[0]))
	switch {
	case len(rule.AllowedHeaders) == 0:
		r.find(WritesWithoutHeaders, at, fmt.Sprintf("%s without %s: S3 refuses every preflight that asks for a header, and browsers ask for Content-Type with most uploads", and(methods), r.words.header),
			`add "content-type", or "*", to `+r.words.header, r.add(k, "AllowedHeaders", "content-type")...)
	case !allows(rule, "content-type"):
		r.find(ContentTypeNotAllowed, at, fmt.Sprintf("%s, and %s does not admit Content-Type, which browsers ask for with most uploads", and(methods), r.words.header),
			"add content-type", r.add(k, "AllowedHeaders", "content-type")...)
	}
	if !exposes(rule, "etag") {
		r.find(ETagNotExposed, at, fmt.Sprintf("%s, and ETag is not exposed: a script that uploads in parts cannot finish without it", and(methods)),
			"add ETag to "+r.words.expose, r.add(k, "ExposeHeaders", "ETag")...)
	}
	r.client(k, at, rule)
}

// client looks at the headers that the clients of the profiles send. Without a
// profile, a rule that names some of those of Amazon's SDK should name all.
func (r *reporter) client(k int, at spot, rule *s3cors.Rule) {
	if len(rule.AllowedHeaders) == 0 {
		return
	}
	who, names := "the client", []string{}
	for _, profile := range r.opts.Profiles {
		names = append(names, needed[profile]...)
	}
	if len(names) == 0 && allows(rule, "x-amz-date") {
		who, names = "Amazon's SDK for JavaScript", needed[AWSSDKJS]
	}
	slices.Sort(names)
	lacking := missing(slices.Compact(names), func(name string) bool {
		return allows(rule, name) || name == "content-type" // which has a code of its own
	})
	if len(lacking) > 0 {
		r.find(ClientHeadersNotAllowed, at, fmt.Sprintf("%s sends headers that %s does not admit: %s", who, r.words.header, join(lacking)), "add them, or *")
	}
}

// rangeHeaders are what a reader of ranges has to read in an answer.
var rangeHeaders = []string{"Accept-Ranges", "Content-Length", "Content-Range", "ETag"}

// reading looks at what a page needs that reads objects.
func (r *reporter) reading(k int, rule *s3cors.Rule) {
	i := slices.Index(rule.AllowedMethods, "GET")
	if i < 0 {
		return
	}
	at := inRule(k, "AllowedMethods[%d]", i)
	if !slices.Contains(rule.AllowedMethods, "HEAD") && !r.headElsewhere(k, rule) {
		r.find(HeadMissing, at, "GET without HEAD: S3 takes the two for different methods", "add HEAD", r.add(k, "AllowedMethods", "HEAD")...)
	}
	unread := missing(rangeHeaders, func(name string) bool { return exposes(rule, name) })
	unasked := missing([]string{"range", "if-match"}, func(name string) bool { return allows(rule, name) })
	var lacks []string
	if len(unread) > 0 {
		lacks = append(lacks, "read "+join(unread))
	}
	if len(unasked) > 0 {
		lacks = append(lacks, "ask with "+join(unasked))
	}
	if len(lacks) > 0 {
		r.find(RangeNotReadable, at, "a script that reads parts of objects cannot "+strings.Join(lacks, ", nor "), "expose and allow these headers if pages read ranges")
	}
	if !slices.Contains(rule.AllowedOrigins, "*") {
		r.find(CacheWithoutVary, at, "S3 sends Vary only where a rule matches: what a page loads without CORS, such as <img>, stays in the cache without the headers",
			"write crossorigin on such elements, and have a CDN in front pass Origin on and cache by it")
	}
}

// headElsewhere reports whether other rules let all origins of a rule use HEAD.
func (r *reporter) headElsewhere(k int, rule *s3cors.Rule) bool {
	var heads []reach.Pattern
	for i := range r.config.CORSRules {
		if other := &r.config.CORSRules[i]; i != k && slices.Contains(other.AllowedMethods, "HEAD") {
			heads = append(heads, origins(other)...)
		}
	}
	return len(heads) > 0 && reach.CoverOf(heads).All(origins(rule))
}

func origins(rule *s3cors.Rule) []reach.Pattern {
	patterns := make([]reach.Pattern, len(rule.AllowedOrigins))
	for i, origin := range rule.AllowedOrigins {
		patterns[i] = reach.PatternOf(origin)
	}
	return patterns
}

func headers(rule *s3cors.Rule) []reach.Pattern {
	patterns := make([]reach.Pattern, len(rule.AllowedHeaders))
	for i, header := range rule.AllowedHeaders {
		patterns[i] = reach.HeaderPatternOf(header)
	}
	return patterns
}

// How long browsers keep a preflight at most, in seconds: Chromium and WebKit, and
// Firefox.
const (
	chromiumKeeps = 7200
	firefoxKeeps  = 86400
)

// age looks at MaxAgeSeconds.
func (r *reporter) age(k int, rule *s3cors.Rule) {
	at := inRule(k, "MaxAgeSeconds")
	switch age := rule.MaxAgeSeconds; {
	case age == nil:
		r.find(NoMaxAge, spot{rule: k}, "there is no MaxAgeSeconds: browsers ask again after five seconds", "")
	case *age < 0 || *age > 1<<31-1:
		r.find(BadMaxAge, at, fmt.Sprintf("MaxAgeSeconds is %d, which S3 takes and others refuse", *age), "write a number of seconds from 0 to 86400")
	case *age == 0:
		r.find(MaxAgeZero, at, "MaxAgeSeconds is 0: browsers ask before every request; some tools drop a 0", "")
	case *age > firefoxKeeps:
		r.find(MaxAgeBeyondBrowsers, at, fmt.Sprintf("MaxAgeSeconds is %d, and no browser keeps a preflight for more than %d", *age, firefoxKeeps), "")
	case *age > chromiumKeeps:
		r.find(MaxAgeBeyondBrowsers, at, fmt.Sprintf("MaxAgeSeconds is %d, and Chromium keeps a preflight for %d at most", *age, chromiumKeeps), "")
	}
}

// elsewhere looks at what other servers do not take.
func (r *reporter) elsewhere(k int, rule *s3cors.Rule) {
	if i := slices.IndexFunc(rule.AllowedHeaders, func(name string) bool { return name != reach.Lower(name) }); i >= 0 {
		r.find(HeaderCase, inRule(k, "AllowedHeaders[%d]", i), fmt.Sprintf("%s has capital letters, which Garage compares", quote(rule.AllowedHeaders[i])), "write header names in lower case")
	}
	if rule.ID == nil {
		return
	}
	if n := len(*rule.ID); n > 255 {
		r.find(BadID, inRule(k, "ID"), fmt.Sprintf("the ID has %d bytes, and others than S3 take 255", n), "write a shorter one")
	} else {
		r.find(NoCounterpart, inRule(k, "ID"), "an ID has no counterpart in Google Cloud Storage and Azure", "")
	}
}

// and joins words as a sentence does.
func and(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// whole looks at what all rules together have.
func (r *reporter) whole() {
	rules := r.config.CORSRules
	if len(rules) > 10 && len(rules) <= 100 {
		r.find(ManyRules, inRule(10, ""), fmt.Sprintf("%d rules: Alibaba OSS takes 10, Azure 5", len(rules)), "")
	}
	local, some := true, false
	star := spot{rule: none}
	for k := range rules {
		for i, origin := range rules[k].AllowedOrigins {
			some = true
			local = local && isDevelopment(origin)
			if origin == "*" && star.rule == none {
				star = inRule(k, "AllowedOrigins[%d]", i)
			}
		}
	}
	if some && local {
		r.find(DevelopmentOnly, spot{rule: none, path: "CORSRules"}, "all origins are of this machine or of a private network", "list the origins of the pages in use")
	}
	if r.opts.RequireCredentials && star.rule != none {
		r.find(CredentialsStar, star, `with "*" S3 sends no Access-Control-Allow-Credentials, so that pages cannot use cookies`, "list the origins")
	}
}

// isDevelopment reports whether an origin is of this machine or of a private network.
func isDevelopment(origin string) bool {
	p := reach.PatternOf(origin)
	if p.Star {
		return sendable(origin) && origin != "*" && isLocalPattern(p)
	}
	a, ok := split(origin)
	return ok && isWebScheme(a.scheme) && isLocal(a.host)
}
