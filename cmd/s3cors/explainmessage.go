package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/s3cors/s3cors"
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

// fromMessage is the request that a browser's sentence is about, as far as it tells,
// with what flags say of the rest.
func (x *explainFlags) fromMessage() (question, error) {
	p, known := readMessage(x.message)
	if !known {
		return question{}, errors.New("-message: this is no sentence about CORS of Chromium, Firefox or Safari that is known here: " +
			"describe the request with -origin, -method and the other flags")
	}
	p.fill(x)
	if err := p.ask(); err != nil {
		return question{}, err
	}
	q := question{request: x.request(), seen: p.seen}
	q.request.Method, q.request.Origin, q.request.RequestMethod, q.request.RequestHeaders = p.method, p.origin, "", ""
	if p.preflight {
		q.request.Method, q.request.RequestMethod, q.request.RequestHeaders = http.MethodOptions, p.method, p.header
	}
	q.fetch = &explain.Fetch{URL: p.url, Method: p.method, Headers: asked(p.header)}
	if p.credentials {
		q.fetch.Credentials = explain.Include
	}
	if p.preflight && !x.given["request-headers"] {
		q.notes = []explain.Hint{{Code: explain.HeaderNames,
			Text: "Which request headers the page sends: the message does not tell all of them. Give them with -request-headers."}}
	}
	if p.url == "" {
		return q, nil
	}
	return q, x.addressOf(&q.request, p.url)
}

// addressOf is address for a URL that a browser may have cut short.
func (x *explainFlags) addressOf(r *s3cors.Request, url string) error {
	if err := x.address(r, url); err != nil {
		return fmt.Errorf("-message: %w", err)
	}
	return nil
}

// fill fills in what flags say. The method of -method or -request-method is that of
// the page's request.
func (p *printed) fill(x *explainFlags) {
	if x.given["origin"] {
		p.origin = x.origin
	}
	if x.given["request-headers"] {
		p.header = x.requestHeaders
	}
	switch {
	case x.given["request-method"]:
		p.method, p.preflight = x.requestMethod, true
	case x.given["method"] && x.method != http.MethodOptions:
		p.method = x.method
	case p.method == "" && (p.picture || p.seen == explain.MixedContent):
		p.method = http.MethodGet
	}
}

// ask returns an error that asks for what the sentence does not tell; nil if it tells
// all that is needed.
func (p *printed) ask() error {
	var things, flags []string
	if p.origin == "" {
		things, flags = append(things, "the origin of the page"), append(flags, "-origin https://…")
	}
	if p.method == "" {
		things, flags = append(things, "the method of the request"), append(flags, "-method GET (or PUT, …)")
	}
	if len(things) == 0 {
		return nil
	}
	return fmt.Errorf("-message: the message does not tell %s: add %s", strings.Join(things, " and "), strings.Join(flags, " and "))
}
