package explain

import (
	"slices"
	"strings"

	"github.com/s3cors/s3cors/internal/suffix"
)

// A nearness tells how close an entry comes to an origin; the smaller, the closer.
type nearness int

const (
	sameHost    nearness = iota
	nextHost             // with www or without, the domain of a pattern, another name of the machine
	sameDomain           // another host of one domain, or a slip of a letter or two
	neverFilled          // a placeholder, or another app
	otherHost
)

// A difference is how an entry differs from an origin that it does not admit.
type difference struct {
	codes    []Code // the telling one first
	nearness nearness
	distance int // letters between the hosts
	// repaired is the entry as it should have been, "" if it is right in itself.
	repaired []string
}

// faults are the codes of what no browser could meet, whatever the page.
var faults = []Code{
	OriginTrailingSlash, OriginPath, OriginNoScheme, OriginDefaultPort, OriginCase, OriginList, OriginPlaceholder, OriginCharacters,
}

func isFault(code Code) bool { return slices.Contains(faults, code) }

// compare tells how an entry differs from an origin that it does not admit.
func (j *judge) compare(entry, sent string) difference {
	wanted := asSent(sent)
	var d difference
	switch parts := splitList(entry); {
	case sent == "null":
		return difference{codes: []Code{OriginNull}, nearness: otherHost, distance: len(entry)}
	case entry != sent && admits(entry, wanted, j.quirks.Overlap):
		return difference{codes: []Code{OriginNotBrowser}}
	case entry == "null":
		return difference{codes: []Code{OriginHost}, nearness: otherHost, distance: len(wanted)}
	case len(parts) > 1 && !isPlaceholder(entry):
		return j.compareList(parts, sent, wanted)
	case isPlaceholder(entry) && lower(parseOrigin(clean(entry)).host) != lower(parseOrigin(wanted).host):
		return difference{codes: []Code{OriginPlaceholder}, nearness: neverFilled, repaired: []string{sent}}
	default:
		d = compareOne(clean(entry), wanted)
	}
	if clean(entry) != entry || !isASCII(entry) || isExpression(entry) {
		d.codes = prepend(OriginCharacters, withoutHost(d.codes))
	}
	if slices.ContainsFunc(d.codes, isFault) && (d.nearness == sameHost || d.codes[0] == OriginCharacters || parseOrigin(entry).host == "") {
		d.repaired = []string{j.repair(entry, sent)}
	}
	return d
}

// compareList compares an entry that holds several origins. It is nearest by the
// nearest of them.
func (j *judge) compareList(parts []string, sent, wanted string) difference {
	best := difference{nearness: otherHost + 1}
	found := false
	var repaired []string
	for _, part := range parts {
		part = clean(part)
		if part == "" || part == "*" { // which would admit everybody
			continue
		}
		repaired = append(repaired, tidy(part))
		if admits(part, wanted, j.quirks.Overlap) {
			found = true
			continue
		}
		if d := compareOne(part, wanted); d.nearer(best) {
			best = d
		}
	}
	if found || len(repaired) == 0 {
		best = difference{}
	} else if best.nearness > sameHost {
		best.codes = nil // of the list, the one origin is as far as any other
	}
	if !slices.ContainsFunc(repaired, func(entry string) bool { return admits(entry, sent, j.quirks.Overlap) }) {
		repaired = append(repaired, sent)
	}
	best.codes = prepend(OriginList, best.codes)
	best.repaired = repaired
	return best
}

// withoutHost drops the code of another host, which is too much said of an entry whose
// host cannot be read for its characters.
func withoutHost(codes []Code) []Code {
	return slices.DeleteFunc(codes, func(code Code) bool { return code == OriginHost })
}

func prepend(code Code, codes []Code) []Code { return append([]Code{code}, codes...) }

// nearer reports whether d is closer than other.
func (d difference) nearer(other difference) bool {
	switch {
	case d.nearness != other.nearness:
		return d.nearness < other.nearness
	case len(d.codes) != len(other.codes):
		return len(d.codes) < len(other.codes)
	}
	return d.distance < other.distance
}

// compareOne compares one origin, or a pattern of origins, with what a browser sends.
func compareOne(entry, wanted string) difference {
	e, w := parseOrigin(entry), parseOrigin(wanted)
	d := difference{distance: distance(lower(e.host), lower(w.host))}
	var host Code
	host, d.nearness = compareHosts(lower(e.host), lower(w.host), d.distance)
	app := w.written && !isWeb(w.scheme) || e.written && !isWeb(e.scheme) && !strings.Contains(e.scheme, "*")
	if app {
		return compareApps(e, w, host, d)
	}
	if d.nearness == otherHost {
		d.codes = []Code{OriginHost}
		if !e.written && e.host == "" || e.host == "*" { // "https", or "https://*" where the page has http
			d.codes = schemeOf(e, w)
			d.nearness = nextHost
		}
		return d
	}
	d.codes = append(d.codes, restOf(e)...)
	d.codes = append(d.codes, schemeOf(e, w)...)
	d.codes = append(d.codes, portOf(e, w)...)
	if e.host != lower(e.host) || e.scheme != lower(e.scheme) {
		d.codes = append(d.codes, OriginCase)
	}
	if host != "" {
		d.codes = append(d.codes, host)
	}
	if len(d.codes) == 0 { // two texts that differ in what no part shows
		d.codes = []Code{OriginHost}
	}
	return d
}

// compareApps compares where one of the two is of an app.
func compareApps(e, w origin, host Code, d difference) difference {
	switch {
	case lower(e.scheme) == w.scheme && host == "":
		d.codes = append(restOf(e), portOf(e, w)...)
		if len(d.codes) == 0 {
			d.codes = []Code{OriginCase}
		}
		return d
	case d.nearness == otherHost && isWeb(w.scheme): // a page of a server, and an app listed
		d.codes = []Code{OriginHost}
		return d
	}
	d.codes = []Code{OriginAppScheme}
	if lower(e.scheme) == w.scheme {
		d.nearness = sameDomain
	}
	d.nearness = max(min(d.nearness, neverFilled), nextHost)
	return d
}

// restOf is what stands behind an origin and belongs to no origin.
func restOf(e origin) []Code {
	switch {
	case e.rest == "":
		return nil
	case strings.Trim(e.rest, `/\`) == "":
		return []Code{OriginTrailingSlash}
	}
	return []Code{OriginPath}
}

func schemeOf(e, w origin) []Code {
	switch {
	case !e.written && strings.HasPrefix(e.host, "*"): // the star stands for the scheme, too
		return nil
	case !e.written:
		return []Code{OriginNoScheme}
	case admits(lower(e.scheme), w.scheme, false):
		return nil
	}
	return []Code{OriginScheme}
}

func portOf(e, w origin) []Code {
	scheme := lower(e.scheme)
	if !isWeb(scheme) {
		scheme = w.scheme
	}
	switch {
	case e.port == w.port, w.port != "" && admits(e.port, w.port, false):
		return nil
	case w.port == "" && e.port == defaultPorts[scheme]:
		return []Code{OriginDefaultPort}
	}
	return []Code{OriginPort}
}

// compareHosts tells how a host, or a pattern of hosts, differs from another, and how
// near it comes; "" if it does not.
func compareHosts(entry, wanted string, letters int) (Code, nearness) {
	domain := strings.TrimLeft(entry, "*.")
	switch {
	case entry == wanted, entry != "*" && wanted != "" && admits(entry, wanted, false):
		return "", sameHost
	case entry == "" || entry == "*":
		return OriginHost, otherHost
	case domain == wanted && entry != wanted:
		return OriginApex, nextHost
	case entry == "www."+wanted, "www."+entry == wanted:
		return OriginWWW, nextHost
	case isLoopback(entry) && isLoopback(wanted):
		return OriginHost, nextHost
	case !isASCII(entry) && strings.Contains(wanted, "xn--"):
		return OriginHost, sameHost
	case isAddress(entry) || isAddress(wanted):
		return OriginHost, otherHost
	case suffix.Registrable(domain) == suffix.Registrable(wanted) && strings.Contains(suffix.Registrable(wanted), "."):
		return OriginSubdomain, sameDomain
	case letters <= 2 && len(wanted) > 6:
		return OriginHost, sameDomain
	}
	return OriginHost, otherHost
}

// isAddress reports whether a host is an IP address.
func isAddress(host string) bool {
	return strings.HasPrefix(host, "[") || host != "" && strings.Trim(host, "0123456789.*") == ""
}

// repair returns an entry as it should have been to admit an origin: with the star that
// it has, unless that would not do.
func (j *judge) repair(entry, sent string) string {
	e, w := parseOrigin(clean(entry)), parseOrigin(asSent(sent))
	e.rest = ""
	if schemeOf(e, w) != nil {
		e.scheme = w.scheme
	}
	if portOf(e, w) != nil {
		e.port = w.port
	}
	if repaired := e.String(); e.host != "" && e.host != "*" && strings.Count(repaired, "*") < 2 && admits(repaired, sent, j.quirks.Overlap) {
		return repaired
	}
	return sent
}

// tidy removes what no origin has from an entry with a scheme.
func tidy(entry string) string {
	o := parseOrigin(entry)
	if !o.written || o.host == "" {
		return entry
	}
	return o.String()
}

// isExpression reports whether an entry is written as a regular expression.
func isExpression(entry string) bool { return strings.ContainsAny(entry, `^$()|?+\`) }

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}
