package convert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
)

// day is the longest that R2 and B2 let a browser keep a preflight.
const day = 86400

// forR2 goes by Cloudflare's API, which lists the methods and the greatest age.
func (a *adapter) forR2() {
	const system = "R2"
	a.each(func(i int, rule *s3cors.Rule) {
		a.listable(i, rule, system)
		a.age(i, rule, system, 0, day)
		a.keep(i, memberAllowedOrigins, &rule.AllowedOrigins, whyNotOriginOfR2)
	})
}

// whyNotOriginOfR2 says why R2 does not take an origin, or does not match it: it wants
// a scheme, a host and perhaps a port (its page on CORS, Common Issues), and has no
// wildcard in the port (https://github.com/cloudflare/cloudflare-docs/pull/32888).
func whyNotOriginOfR2(origin string) string {
	if origin == "*" {
		return ""
	}
	scheme, host, ok := strings.Cut(origin, "://")
	if !ok || scheme == "" || host == "" || strings.ContainsAny(host, "/?# \t\r\n") {
		return "R2 takes scheme://host and scheme://host:port, without a path"
	}
	if _, port, ok := strings.Cut(host, ":"); ok && strings.Contains(port, "*") {
		return "R2 has no wildcard in the port"
	}
	return ""
}

func (a *adapter) forGCSXML() {
	a.forXML()
	a.forGCS()
}

// forGCS goes by Google's XML API, PUT Bucket cors, and by its discovery document: an
// age is an int32, and a rule is chosen by origin and method.
func (a *adapter) forGCS() {
	const system = "Google Cloud Storage"
	a.each(func(i int, rule *s3cors.Rule) {
		if rule.ID != nil {
			a.lose(memberPath(i, memberID), *rule.ID, "%s has no names for rules", system)
			rule.ID = nil
		}
		a.age(i, rule, system, 0, most32)
		a.keep(i, memberAllowedOrigins, &rule.AllowedOrigins, func(origin string) string {
			if origin != "*" && strings.Contains(origin, "*") {
				return system + " compares origins as a whole: its only wildcard is * alone"
			}
			return ""
		})
		a.keep(i, memberAllowedHeaders, &rule.AllowedHeaders, func(name string) string {
			if name != "*" && strings.Contains(name, "*") {
				return system + " compares names as a whole: its only wildcard is * alone"
			}
			return ""
		})
		a.keep(i, memberAllowedMethods, &rule.AllowedMethods, func(method string) string {
			if !slices.Contains(methods, method) {
				return "S3 does not list it, and reads " + system + " without it"
			}
			return ""
		})
		a.keep(i, memberExposeHeaders, &rule.ExposeHeaders, func(name string) string {
			if strings.Contains(name, "*") {
				return "S3 does not expose it, and reads " + system + " without it"
			}
			return ""
		})
		a.union(i, rule)
	})
	if a.shareMethod() {
		a.note("CORSRules", "", "%s takes the first rule that lists the origin and the method, whatever headers a request asks for", system)
	}
}

// union makes one list of headers of both, which is what Google has. Names that stand
// in one of them only are then in both.
func (a *adapter) union(i int, rule *s3cors.Rule) {
	before, exposed := rule.AllowedHeaders, rule.ExposeHeaders
	all := slices.Clone(before)
	have := nameSet(before)
	tell := a.lose
	if have["*"] { // which admits all of them
		tell = a.note
	}
	for _, name := range exposed {
		if !have[strings.ToLower(name)] {
			tell(memberPath(i, memberAllowedHeaders), name, "there is one list of headers for requests and responses: requests may have this one, too")
			all = append(all, name)
			have[strings.ToLower(name)] = true
		}
	}
	have = nameSet(exposed)
	for _, name := range before {
		if !have[strings.ToLower(name)] {
			a.lose(memberPath(i, memberExposeHeaders), name, "there is one list of headers for requests and responses: scripts may read %s, too", whichOf(name))
		}
	}
	rule.AllowedHeaders = all
	rule.ExposeHeaders = slices.DeleteFunc(slices.Clone(all), func(name string) bool { return strings.Contains(name, "*") })
	if !slices.Equal(exposed, rule.ExposeHeaders) && !a.tells(i, memberExposeHeaders) {
		a.note(memberPath(i, memberExposeHeaders), "", "the names stand in the order, and in the letters, of AllowedHeaders")
	}
}

func whichOf(name string) string {
	if name == "*" {
		return "all of them"
	}
	return "this one"
}

// tells reports whether a loss tells of a member of a rule.
func (a *adapter) tells(i int, member string) bool {
	for k := len(a.losses) - 1; k >= 0 && strings.HasPrefix(a.losses[k].Path, rulePath(i)+"."); k-- {
		if a.losses[k].Path == memberPath(i, member) {
			return true
		}
	}
	return false
}

// nameSet returns the set of some names of headers, in lower case.
func nameSet(list []string) map[string]bool {
	set := make(map[string]bool)
	for _, name := range list {
		set[strings.ToLower(name)] = true
	}
	return set
}

// noAge is what B2, which must be told for how long a preflight may be kept, is told
// where S3 is told nothing: what a browser assumes then (Fetch, CORS-preflight fetch).
const noAge = 5

// forB2 goes by Backblaze's page on CORS rules, which asks for a name and an age in each.
func (a *adapter) forB2() {
	const system = "B2"
	taken := make(map[string]bool)
	a.each(func(i int, rule *s3cors.Rule) {
		a.nameForB2(i, rule, taken)
		a.listable(i, rule, system)
		a.age(i, rule, system, 0, day)
		if rule.MaxAgeSeconds == nil {
			age := int64(noAge)
			rule.MaxAgeSeconds = &age
			a.note(memberPath(i, memberMaxAgeSeconds), "", "%s must be told one: it is %d, what browsers assume where there is none", system, age)
		}
		a.keep(i, memberAllowedOrigins, &rule.AllowedOrigins, whyNotOriginOfB2)
		a.aloneForB2(i, rule)
		a.sizeForB2(i, rule)
	})
}

// nameForB2 gives a rule a name that B2 takes, which no other rule has.
func (a *adapter) nameForB2(i int, rule *s3cors.Rule, taken map[string]bool) {
	if rule.ID != nil && isNameOfB2(*rule.ID) && !taken[*rule.ID] {
		taken[*rule.ID] = true
		return
	}
	name := fmt.Sprintf("s3cors-rule-%d", i+1)
	for taken[name] || a.hasID(name) {
		name += "x"
	}
	taken[name] = true
	path := memberPath(i, memberID)
	if rule.ID == nil {
		a.note(path, "", "B2 must be told a name for each rule: it is %s", name)
	} else {
		a.lose(path, *rule.ID, "B2 takes distinct names of 6 to 50 letters, digits and dashes that do not begin with b2-: it is %s", name)
	}
	rule.ID = &name
}

func (a *adapter) hasID(name string) bool {
	return slices.ContainsFunc(a.rules, func(rule s3cors.Rule) bool { return rule.ID != nil && *rule.ID == name })
}

func isNameOfB2(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	return 6 <= len(s) && len(s) <= 50 && strings.Trim(s, letters) == "" && !strings.HasPrefix(s, "b2-")
}

// whyNotOriginOfB2 says why B2 does not take an origin: it wants http or https, a host
// with one wildcard at most, and perhaps a port.
func whyNotOriginOfB2(origin string) string {
	if origin == "*" {
		return ""
	}
	scheme, host, ok := strings.Cut(origin, "://")
	if !ok || scheme != "http" && scheme != "https" || host == "" || strings.ContainsAny(host, "/?# \t\r\n") {
		return "B2 takes http://host, https://host, either with a port, and *"
	}
	if _, port, ok := strings.Cut(host, ":"); ok && strings.Contains(port, "*") {
		return "B2 has its wildcard in the name of the host only"
	}
	return ""
}

// aloneForB2 leaves out the origins beside "*", beside which B2 takes no other. S3
// admits all of them by "*" as well.
func (a *adapter) aloneForB2(i int, rule *s3cors.Rule) {
	if !slices.Contains(rule.AllowedOrigins, "*") || len(rule.AllowedOrigins) == 1 {
		return
	}
	rule.AllowedOrigins = []string{"*"}
	a.note(memberPath(i, memberAllowedOrigins), "", "B2 takes no origin beside *, which admits all of them")
}

// sizeForB2 tells of a rule that is longer than B2 takes.
func (a *adapter) sizeForB2(i int, rule *s3cors.Rule) {
	const most = 1000
	size := len(*rule.ID) + len("s3_")*len(rule.AllowedMethods)
	for _, l := range lists(rule) {
		for _, value := range *l.values {
			size += len(value)
		}
	}
	if size >= most {
		a.lose(rulePath(i), "", "B2 takes less than %d bytes in a rule, and this has %d: it would be refused", most, size)
	}
}
