package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
)

func itoa(i int) string { return strconv.Itoa(i) }

func ruleName(i int) string { return "rule " + itoa(i) }

// textOfOrigin says how an entry differs from the origin.
func (j *judge) textOfOrigin(code Code, entry string) string {
	sent := asSent(j.Request.Origin)
	e, w := parseOrigin(clean(entry)), parseOrigin(sent)
	value, page := strconv.Quote(entry), strconv.Quote(sent)
	switch code {
	case OriginTrailingSlash:
		return value + " ends in a slash, which no Origin does, so it matches nothing: remove the slash."
	case OriginPath:
		return fmt.Sprintf("%s has %q behind the host. An Origin has no path, so it matches nothing: write the origin alone.", value, e.rest)
	case OriginNoScheme:
		return j.textOfNoScheme(entry, e)
	case OriginScheme:
		return fmt.Sprintf("%s says %s, and the page is %s. Each scheme is an origin of its own.", value, e.scheme, page)
	case OriginPort:
		return textOfPort(value, page, e, w)
	case OriginDefaultPort:
		return fmt.Sprintf("%s has the port %s. Browsers leave out the default port, so it matches nothing: remove it.", value, e.port)
	case OriginWWW:
		return fmt.Sprintf("%s and %s differ in \"www.\". They are two origins: list both if both have pages.", value, page)
	case OriginCase:
		return value + " has upper-case letters. Browsers send scheme and host in lower case, and " + j.server() + " compares letter for letter."
	case OriginApex:
		return fmt.Sprintf("%s admits the subdomains of %s, and not %s itself, which has no dot before it: list it, too.", value, w.host, w.host)
	case OriginSubdomain:
		return fmt.Sprintf("%s is another host of the same domain as %s. No entry covers other hosts without a \"*\".", value, page)
	case OriginHost:
		return textOfHost(value, page, e, w)
	case OriginNull:
		return "The page has the opaque origin \"null\": it is a file, a sandboxed frame, or was reached by a redirect from another origin. " +
			"Only \"null\" or \"*\" admits it; better, serve the page from a server."
	case OriginList:
		return value + " holds several origins in one string. Each needs an entry of its own."
	case OriginPlaceholder:
		return textOfPlaceholder(entry)
	case OriginCharacters:
		return value + " holds characters that no Origin has" + whichCharacters(entry) + ", so it matches nothing."
	case OriginAppScheme:
		return textOfApp(value, page, w)
	}
	return ""
}

func (j *judge) textOfNoScheme(entry string, e origin) string {
	value := strconv.Quote(entry)
	if e.host == "" {
		scheme := strings.TrimRight(lower(entry), ":/")
		return fmt.Sprintf("%s admits the text %s alone, whatever the documentation says: write %q for all such origins, or the page's origin.", value, value, scheme+"://*")
	}
	return value + " has no scheme, so it matches nothing: write " + strconv.Quote(j.repair(entry, j.Request.Origin)) + "."
}

func textOfPort(value, page string, e, w origin) string {
	switch {
	case e.port == "":
		return fmt.Sprintf("%s has no port, and the page is %s. Each port is an origin of its own.", value, page)
	case w.port == "":
		return fmt.Sprintf("%s has the port %s, and the page %s has none.", value, e.port, page)
	}
	return fmt.Sprintf("%s has the port %s, and the page is %s.", value, e.port, page)
}

func textOfHost(value, page string, e, w origin) string {
	switch {
	case isLoopback(lower(e.host)) && isLoopback(w.host):
		return fmt.Sprintf("%s and %s lead to one machine, and are two origins: list the one that the page is opened with.", value, page)
	case e.host == "null" || e.host == "":
		return value + " does not admit " + page + "."
	}
	if n := distance(lower(e.host), w.host); n <= 2 && len(w.host) > 6 {
		return fmt.Sprintf("%s differs from %s in a letter or two: is it misspelt?", value, page)
	}
	return fmt.Sprintf("The origin %s is in none of the entries; %s is the nearest.", page, value)
}

func textOfPlaceholder(entry string) string {
	if strings.TrimSpace(entry) == "" {
		return "The entry is empty, so it matches nothing: write the origin of the page there. (A comment in its place does not count.)"
	}
	return strconv.Quote(entry) + " is a placeholder that was never filled in: write the origin of the page there."
}

// whichCharacters names the kind of characters that an entry should not hold.
func whichCharacters(entry string) string {
	switch {
	case strings.TrimSpace(entry) != entry:
		return " (white space around it)"
	case isExpression(entry):
		return " (an entry is no regular expression: it may hold one \"*\")"
	case !isASCII(clean(entry)):
		return " (browsers send names of hosts in ASCII, as xn--…)"
	case strings.ContainsAny(entry, "\"'`\u2018\u2019\u201c\u201d"):
		return " (quotes are part of the value)"
	}
	return ""
}

func textOfApp(value, page string, w origin) string {
	switch w.scheme {
	case "moz-extension":
		return fmt.Sprintf("%s does not admit %s. Firefox gives an extension another id at each installation: list %q, or \"*\".", value, page, "moz-extension://*")
	case "chrome-extension", "safari-web-extension":
		return fmt.Sprintf("%s does not admit %s, the origin of a browser extension: list it as it is.", value, page)
	case "file":
		return fmt.Sprintf("%s does not admit %s, the origin of an app's own page or a file: list %s, or \"*\".", value, page, page)
	case "http", "https":
		return fmt.Sprintf("%s is the origin of an app on another system; here the page is %s: list both.", value, page)
	}
	return fmt.Sprintf("%s does not admit %s, the origin of an app: list it as it is, or \"*\".", value, page)
}

// textOfMethod says that a rule does not list a method that it could.
func (j *judge) textOfMethod(t *ruleTrace) string {
	text := "Rule " + itoa(t.index) + " does not list " + j.method + ": it has " + cmp.Or(joinAnd(t.rule.AllowedMethods), "none") + "."
	if j.method == "HEAD" && slices.Contains(t.rule.AllowedMethods, "GET") {
		text += " GET does not stand for HEAD."
	}
	if t.by >= 0 {
		text = strings.Replace(text, "does not list", "admits the origin, and does not list", 1)
	}
	if j.Request.Method != "OPTIONS" && j.Request.Method != j.method {
		text += " The request is a " + j.Request.Method + ", and has Access-Control-Request-Method, which browsers send with preflights alone; " + j.server() + " heeds it."
	}
	return text
}

// reasonsOfHeaders tells which names a rule does not admit.
func (j *judge) reasonsOfHeaders(t *ruleTrace) []Reason {
	if len(t.missing) == 0 {
		return nil
	}
	names := joinAnd(t.missing)
	code, text := HeadersNotListed, "Rule "+itoa(t.index)+" does not admit the request "+plural("header", len(t.missing))+" "+names+"."
	if len(t.rule.AllowedHeaders) == 0 {
		code, text = NoAllowedHeaders, "Rule "+itoa(t.index)+" has no AllowedHeaders, so it matches no request that asks for headers; this one asks for "+names+"."
	}
	if t.by >= 0 && t.lists {
		text = strings.Replace(text, "Rule "+itoa(t.index)+" ", "Rule "+itoa(t.index)+" admits the origin and "+j.method+". It ", 1)
	}
	text += adviceOnNames(t.missing)
	all := []Reason{{code, t.index, t.path("AllowedHeaders", -1), strings.Join(t.missing, ", "), text}}
	if slices.ContainsFunc(t.missing, func(name string) bool { return !isToken(name) }) {
		all = append(all, Reason{HeadersNotNames, -1, "", j.Request.RequestHeaders, notNames(t.missing)})
	}
	return all
}

func plural(noun string, n int) string {
	if n == 1 {
		return noun
	}
	return noun + "s"
}

// adviceOnNames says what is odd about names that are asked for.
func adviceOnNames(names []string) string {
	if response := responseNames(names); len(response) > 0 {
		return " " + upperFirst(joinAnd(response)) + " is a header of responses: the script should not send it."
	}
	if slices.Contains(names, "range") {
		return " A page that reads parts of objects mostly needs Content-Range in ExposeHeaders, too."
	}
	var own []string
	for _, name := range names {
		if name == "origin" || name == "accept" || name == "referer" || name == "user-agent" || name == "accept-encoding" {
			own = append(own, name)
		}
	}
	if len(own) > 0 {
		return " Browsers of today do not ask for " + joinAnd(own) + "; old ones and apps do: \"*\" admits whatever they ask for."
	}
	return ""
}

// reasonsOfMethod tells of a method that no rule can list.
func (j *judge) reasonsOfMethod() []Reason {
	switch {
	case slices.Contains(listable, j.method):
		return nil
	case j.Request.Method == "OPTIONS" && j.Request.RequestMethod == "":
		return []Reason{
			{MethodMissing, -1, "", "", "The OPTIONS request has no Access-Control-Request-Method, so S3 takes OPTIONS itself for the method. A browser always sends the field; add it to tests with curl."},
			{MethodNotListable, -1, "", "OPTIONS", "No rule can list OPTIONS: preflights are answered without being listed."},
		}
	}
	all := j.reasonsOfCase()
	text := fmt.Sprintf("No rule can list %s: the methods are GET, PUT, POST, DELETE and HEAD.", j.method)
	if j.method == "OPTIONS" {
		text = "No rule can list OPTIONS: preflights are answered without being listed."
	}
	return append(all, Reason{MethodNotListable, -1, "", j.method, text})
}

// reasonsOfCase tells of a method that is not in upper case.
func (j *judge) reasonsOfCase() []Reason {
	upper := strings.ToUpper(j.method)
	if upper == j.method {
		return nil
	}
	text := fmt.Sprintf("%q is not %q: methods are compared letter for letter.", j.method, upper)
	if upper == "PATCH" {
		text += " Browsers send patch as the script writes it, unlike get or put."
	}
	return []Reason{{MethodCase, -1, "", j.method, text}}
}

func (j *judge) reasonsOfInvalidMethod() []Reason {
	text := fmt.Sprintf("Access-Control-Request-Method is %q, which is none of the methods that %s knows.", j.method, j.server())
	all := append(j.reasonsOfCase(), Reason{MethodInvalid, -1, "", j.method, text})
	if upper := strings.ToUpper(j.method); !slices.Contains(listable, upper) {
		all = append(all, Reason{MethodNotListable, -1, "", j.method, "No rule can list it: the methods are GET, PUT, POST, DELETE and HEAD."})
	}
	return all
}

// reasonsOfOrigin tells of an Origin that no browser sends.
func (j *judge) reasonsOfOrigin() []Reason {
	sent := j.Request.Origin
	meant := asSent(sent)
	if sent == "" || meant == sent {
		return nil
	}
	text := fmt.Sprintf("No browser sends the Origin %q, %s. For that page it sends %q", sent, oddInOrigin(sent), meant)
	r := j.Request
	r.Origin = meant
	if d := j.policy.Evaluate(r); d.Outcome() == s3cors.Granted && j.decision.Outcome() != s3cors.Granted {
		text += ", which " + ruleName(d.Rule()) + " admits"
	}
	return []Reason{{OriginNotBrowser, -1, "", sent, text + "."}}
}

// oddInOrigin says what in an Origin no browser sends.
func oddInOrigin(sent string) string {
	o := parseOrigin(sent)
	switch {
	case len(splitList(sent)) > 1:
		return "which is several origins"
	case !o.written:
		return "which has no scheme"
	case strings.Trim(o.rest, `/\`) != "":
		return "which has a path, as a URL in an address bar has"
	case o.rest != "":
		return "which ends in a slash, as a URL in an address bar does"
	case sent != lower(sent):
		return "which has upper-case letters"
	case o.port != "" && o.port == defaultPorts[o.scheme]:
		return "which has the default port"
	}
	return "which has characters that no origin has"
}
