package ask

import (
	"cmp"
	"errors"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors/explain"
)

// A printed is what a sentence on the console of a browser tells.
type printed struct {
	origin      string
	url         string
	method      string
	header      string
	preflight   bool // it is the preflight that failed
	credentials bool // the credentials mode is include
	picture     bool // what is fetched is a picture, a font or the like, by GET
	seen        explain.Code
}

// A clue is a part of a sentence, and what it tells. The sentences are those of
// Chromium (cors_error_string.cc; its older ones as well), of Firefox
// (https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors) and of WebKit
// (CrossOriginAccessControl.cpp, CrossOriginPreflightResultCache.cpp).
type clue struct {
	pattern *regexp.Regexp
	tells   func(p *printed, match []string)
}

var clues = []clue{
	// Where from and where to.
	{regexp.MustCompile(`Access to (.+?) at '([^']*)'(?: \(redirected from '([^']*)'\))? from origin '([^']*)'`), (*printed).access},
	{regexp.MustCompile(`Redirect from '([^']*)' to '[^']*'(?: from origin '([^']*)')?`), (*printed).redirect},
	{regexp.MustCompile(`(?:XMLHttpRequest cannot load|Fetch API cannot load|Failed to load) (https?://\S+?)(?:[.:]?\s|[.:]?$)`), (*printed).takeURL},
	{regexp.MustCompile(`Origin '([^']*)' is therefore not allowed access`), (*printed).takeOrigin},
	{regexp.MustCompile(`reading the\s+remote resource at (https?://\S+?)\.?(?:\s|$)`), (*printed).takeURL},
	{regexp.MustCompile(`Origin ([a-z][^\s']*) is not allowed by Access-Control-Allow-Origin`), (*printed).takeOrigin},
	{regexp.MustCompile(`The page at '(https://[^'/]*)[^']*' was loaded over HTTPS, but requested an insecure [^']*'([^']*)'`), (*printed).mixed},

	// What failed.
	{regexp.MustCompile(`Response to preflight request doesn't pass|CORS preflight channel did not succeed|Preflight response is not successful|` +
		`Did not find method in CORS header|invalid token .* in CORS header|in preflight response`), (*printed).takePreflight},
	{regexp.MustCompile(`Method (\S+) is not allowed by Access-Control-Allow-Methods`), (*printed).takeMethod},
	{regexp.MustCompile(`Request header field (\S+) is not allowed by Access-Control-Allow-Headers`), (*printed).takeHeader},
	{regexp.MustCompile(`missing token ['‘"]([^'’"]+)['’"] in CORS header`), (*printed).takeHeader},
	{regexp.MustCompile(`credentials mode is 'include'|Credential is not supported if|(?i:credentials flag is true)|expected ['‘"]true['’"] in CORS header`),
		func(p *printed, _ []string) { p.credentials = true }},
	// The line that browsers print beside the sentence: "PUT https://… net::ERR_FAILED".
	{regexp.MustCompile(`\b(GET|HEAD|PUT|POST|DELETE|PATCH)\s?(https?://\S+)`), (*printed).takeRequest},

	// What else it is.
	{regexp.MustCompile(`contains multiple values|Multiple CORS header|cannot contain more than one origin`), sees(explain.SecondAllowOrigin)},
	{regexp.MustCompile(`Redirect is not allowed for a preflight|disallowed for cross-origin requests that require preflight|external redirect not allowed|PermanentRedirect`), sees(explain.RedirectRegion)},
	{regexp.MustCompile(`address space|(?i:local network|private network)`), sees(explain.LocalNetwork)},
	{regexp.MustCompile(`CORS request did not succeed`), sees(explain.WrongHost)},
}

func sees(code explain.Code) func(*printed, []string) {
	return func(p *printed, _ []string) { p.seen = code }
}

func (p *printed) access(m []string) {
	p.url, p.origin = m[2], m[4]
	if m[3] != "" { // the page asked for that
		p.url, p.seen = m[3], explain.RedirectRegion
	}
	p.picture = m[1] != "fetch" && m[1] != "XMLHttpRequest"
}

func (p *printed) redirect(m []string) {
	p.url, p.seen = m[1], explain.RedirectRegion
	if m[2] != "" {
		p.origin = m[2]
	}
}

func (p *printed) mixed(m []string) { p.origin, p.url, p.seen = m[1], m[2], explain.MixedContent }

func (p *printed) takeURL(m []string)       { p.url = m[1] }
func (p *printed) takeOrigin(m []string)    { p.origin = m[1] }
func (p *printed) takePreflight(_ []string) { p.preflight = true }

func (p *printed) takeRequest(m []string) {
	p.method, p.url = cmp.Or(p.method, m[1]), cmp.Or(p.url, m[2])
}

// takeMethod and takeHeader take what the answer to a preflight does not list. S3
// refuses such a preflight whole, without Access-Control-Allow-Origin, so that browsers
// never get as far: it was another server that answered.
func (p *printed) takeMethod(m []string) {
	p.method, p.preflight, p.seen = m[1], true, explain.WrongHost
}
func (p *printed) takeHeader(m []string) {
	p.header, p.preflight, p.seen = m[1], true, explain.WrongHost
}

// readMessage reads what a browser printed; false if nothing of it is known.
func readMessage(text string) (printed, bool) {
	var p printed
	known := false
	for _, c := range clues {
		if match := c.pattern.FindStringSubmatch(text); match != nil {
			c.tells(&p, match)
			known = true
		}
	}
	return p, known || strings.Contains(text, "'Access-Control-Allow-Origin'") || strings.Contains(text, "‘Access-Control-Allow-Origin’")
}

// ErrNoMessage is what Message returns for any other text.
var ErrNoMessage = errors.New("this is no sentence about CORS of Chromium, Firefox or Safari that is known here")

// Message is the request that a browser's sentence is about, as far as it tells, with
// what was given of the rest. The error is a *MissingError if that is not enough; the
// Question has what is known then.
func (g *Given) Message(text string) (Question, error) {
	p, known := readMessage(text)
	if !known {
		return Question{}, ErrNoMessage
	}
	p.fill(g)
	q := Question{Request: g.Request(), Seen: p.seen}
	q.Request.Method, q.Request.Origin, q.Request.RequestMethod, q.Request.RequestHeaders = p.method, p.origin, "", ""
	if p.preflight {
		q.Request.Method, q.Request.RequestMethod, q.Request.RequestHeaders = "OPTIONS", p.method, p.header
	}
	q.Fetch = &explain.Fetch{URL: p.url, Method: p.method, Headers: Asked(p.header)}
	if p.credentials {
		q.Fetch.Credentials = explain.Include
	}
	if p.preflight && !g.Names["request-headers"] {
		q.Notes = []explain.Hint{{Code: explain.HeaderNames,
			Text: "Which request headers the page sends: the message does not tell all of them. Give them with -request-headers."}}
	}
	if err := p.missing(); err != nil || p.url == "" {
		return q, err
	}
	return q, g.Address(&q.Request, p.url)
}

// fill fills in what was given. The method of -method or -request-method is that of
// the page's request.
func (p *printed) fill(g *Given) {
	if g.Names["origin"] {
		p.origin = g.Origin
	}
	if g.Names["request-headers"] {
		p.header = g.RequestHeaders
	}
	switch {
	case g.Names["request-method"]:
		p.method, p.preflight = g.RequestMethod, true
	case g.Names["method"] && g.Method != "OPTIONS":
		p.method = g.Method
	case p.method == "" && (p.picture || p.seen == explain.MixedContent):
		p.method = "GET"
	}
}

// A MissingError tells what a sentence does not tell, and has to be given.
type MissingError struct{ Origin, Method bool }

func (e *MissingError) Error() string {
	var things []string
	if e.Origin {
		things = append(things, "the origin of the page")
	}
	if e.Method {
		things = append(things, "the method of the request")
	}
	return "the message does not tell " + strings.Join(things, " and ")
}

// missing returns a *MissingError; nil if the sentence tells all that is needed.
func (p *printed) missing() error {
	if p.origin != "" && p.method != "" {
		return nil
	}
	return &MissingError{Origin: p.origin == "", Method: p.method == ""}
}
