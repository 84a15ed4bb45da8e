package lint

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/internal/reach"
)

// originPattern looks at an origin with a star that a browser can meet.
func (r *reporter) originPattern(at spot, value string) {
	p := reach.PatternOf(value)
	if p.Admits("null") {
		r.find(NullOrigin, at, quote(value)+" admits the origin null, which every sandboxed frame has", "write the scheme before the star")
	}
	r.hosts(at, value, p)
	a, hasScheme := split(strings.TrimSuffix(p.Head, ":") + " ") // a star may stand behind the scheme
	if hasScheme && a.scheme == "http" && !isLocalPattern(p) {
		r.find(PlainHTTP, at, quote(value)+" is without TLS: whoever is on the way to such a page can act as it", "write https:// if the pages are served so")
	}
	if isPortStar(p) {
		r.find(WildcardPort, at, quote(value)+" has a star for the port, which Cloudflare R2 refuses and SeaweedFS never matches", "")
		return
	}
	r.find(PartialWildcard, at, quote(value)+" has a star within an origin, which Garage and Google Cloud Storage do not know", "")
}

// isPortStar reports whether the star of a pattern stands for the port alone.
func isPortStar(p reach.Pattern) bool {
	a, ok := split(p.Head + "0")
	return ok && p.Tail == "" && a.port != "" && isHost(a.host)
}

// isLocalPattern reports whether all that a pattern admits is of this machine or of a
// private network.
func isLocalPattern(p reach.Pattern) bool {
	if isPortStar(p) {
		a, _ := split(p.Head + "0")
		return isLocal(a.host)
	}
	return isLocal(enclosing(p))
}

// enclosing returns the domain that every host of a pattern is in: what stands behind
// the first dot behind the star. It is "" if the star reaches to the end.
func enclosing(p reach.Pattern) string {
	host := p.Tail
	if i := strings.LastIndex(host, "://"); i >= 0 {
		host = host[i+len("://"):] // the star is in the scheme
		if i := strings.LastIndexByte(host, ':'); i >= 0 {
			host = host[:i]
		}
		return host
	}
	if i := strings.LastIndexByte(host, ':'); i >= 0 {
		host = host[:i]
	}
	_, domain, _ := strings.Cut(host, ".")
	return domain
}

// hosts tells whether a pattern admits hosts of others: whoever can register a name
// that the star stands for gets what the rule grants.
func (r *reporter) hosts(at spot, value string, p reach.Pattern) {
	_, schemeGiven, _ := cutScheme(p)
	domain := enclosing(p)
	pinned := domain != "" && !r.isPublic(domain) || schemeInTail(p) && domain != ""
	switch {
	case isPortStar(p):
		return
	case pinned && !schemeGiven:
		r.find(AnyScheme, at, quote(value)+" has a star in the place of the scheme, and so admits http as well as https",
			"write https:// before the star, and a second value where http is meant")
	case pinned:
		r.apexOf(at, p)
	case strings.HasPrefix(p.Tail, ".") && domain != "":
		r.find(SharedSuffix, at, fmt.Sprintf("%s admits every host under %s, where others have hosts, too", quote(value), domain),
			"list the hosts that are yours")
	case domain != "" && strings.Contains(domain, "."):
		r.find(SharedSuffix, at, fmt.Sprintf("%s admits hosts of others under %s, which only have to end in the same letters", quote(value), domain),
			"list the hosts that are yours")
	default:
		r.find(ForeignHosts, at, foreign(value, p), "put a dot behind the star and the whole domain behind the dot, as in https://*.example.com, or list the origins")
	}
}

// foreign gives an origin of a stranger that a pattern admits.
func foreign(value string, p reach.Pattern) string {
	example := p.Head + "evil" + p.Tail
	switch scheme, given, host := cutScheme(p); {
	case !given && !schemeInTail(p):
		example = scheme + "evil.example" + p.Tail
		if p.Tail != "" {
			example = scheme + "evil" + p.Tail
		}
	case p.Tail == "" && host != "":
		example = p.Head + ".evil.example"
	case p.Tail == "" || strings.HasPrefix(p.Tail, ":"):
		example = p.Head + "evil.example" + p.Tail
	}
	return fmt.Sprintf("%s admits hosts of anybody, such as %s", quote(value), quote(strings.Replace(example, "..", ".", 1)))
}

// cutScheme returns the scheme of what a pattern admits, "://" included, whether its
// head gives it whole, and what the head has of the host.
func cutScheme(p reach.Pattern) (scheme string, given bool, host string) {
	if before, after, ok := strings.Cut(p.Head, "://"); ok {
		return before + "://", true, after
	}
	return "https://", false, ""
}

// schemeInTail reports whether the star stands in the scheme alone.
func schemeInTail(p reach.Pattern) bool {
	before, _, ok := strings.Cut(p.Tail, "//")
	return ok && (before == "" || before == ":" || before == "s:" || strings.HasSuffix(before, ":"))
}

// apexOf notes that a pattern of subdomains is alone: it does not admit the domain
// itself.
func (r *reporter) apexOf(at spot, p reach.Pattern) {
	scheme, _, host := cutScheme(p)
	apex := scheme + strings.TrimPrefix(p.Tail, ".")
	if host != "" || !strings.HasPrefix(p.Tail, ".") {
		return
	}
	if _, ok := r.allOrigins().Of(reach.PatternOf(apex)); ok {
		return
	}
	r.find(ApexNotListed, at, fmt.Sprintf("%s does not admit %s itself", quote(p.Head+"*"+p.Tail), apex), "list "+apex+" as well if it is meant")
}

// allOrigins returns what all rules together admit.
func (r *reporter) allOrigins() *reach.Cover {
	if r.everything == nil {
		var all []reach.Pattern
		for k := range r.config.CORSRules {
			all = append(all, origins(&r.config.CORSRules[k])...)
		}
		r.everything = reach.CoverOf(all)
	}
	return r.everything
}
