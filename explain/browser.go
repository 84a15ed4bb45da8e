package explain

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/fetch"
	"github.com/s3cors/s3cors/internal/field"
)

// A Browser is what a browser makes of S3's answers, by the Fetch standard.
type Browser struct {
	// Preflight tells whether the browser asks first, with an OPTIONS request.
	Preflight bool
	// Passes tells whether the request itself is sent: no preflight is needed, or the
	// preflight passes.
	Passes bool
	// Readable tells whether the script gets the response, rather than a network error
	// or a response that it cannot look into.
	Readable bool
	// Headers are the names of the response headers that the script can read where the
	// response has them, in lower case, sorted. It is empty unless Readable.
	Headers []string
	// Why says what decides.
	Why Why
	// Console is what Chromium prints on the console; "" if it prints nothing about
	// CORS.
	Console string
}

// A Why names what decides on a page's request.
type Why string

const (
	// WhyOK means that the script can read all that it reads.
	WhyOK Why = "ok"
	// WhyNoPreflight means that the browser asks nobody, because the mode is NoCORS,
	// and shows the script nothing.
	WhyNoPreflight Why = "no-preflight"
	// WhyPreflightFailed means that the request is not sent.
	WhyPreflightFailed Why = "preflight-failed"
	// WhyOrigin means that the response is not for this origin.
	WhyOrigin Why = "origin"
	// WhyCredentials means that the answer allows no credentials, and the page sends
	// some: the answer is "*", or Ceph's, which never allows them.
	WhyCredentials Why = "credentials-star"
	// WhyNotExposed means that the script can read the response, and not all headers
	// that it reads.
	WhyNotExposed Why = "not-exposed"
)

// A browserView is a Browser with what reasons are made of.
type browserView struct {
	Browser
	failure *fetch.Failure // nil if there is none
	hidden  []string       // the names of Fetch.Read that the script cannot read
	last    *fetch.Sent    // what was sent last; nil if nothing was
}

func (v *browserView) public() *Browser {
	if v == nil {
		return nil
	}
	public := v.Browser
	return &public
}

// blank stands for a URL that is not known: its origin is that of no page.
const blank = "https://bucket.invalid/key"

// view asks the model of the Fetch standard.
func (j *judge) view() *browserView {
	if j.Fetch == nil || j.Request.Origin == "" {
		return nil
	}
	if j.Fetch.Mode == NoCORS { // Fetch, "HTTP fetch": the response is opaque
		return &browserView{Browser: Browser{Passes: true, Headers: []string{}, Why: WhyNoPreflight}}
	}
	request := j.fetchRequest()
	verdict := request.Fetch(j.answer)
	v := &browserView{Browser: Browser{Preflight: verdict.Preflight, Passes: true, Readable: verdict.Error == nil}}
	v.Headers = j.named(verdict.Readable)
	if n := len(verdict.Sent); n > 0 {
		v.last = &verdict.Sent[n-1]
	}
	if errors.As(verdict.Error, &v.failure) {
		v.Passes = !v.failure.Preflight && v.failure.Reason != fetch.Unsendable
		request.URL = cmp.Or(j.Fetch.URL, "URL")
		v.Console = request.Console(v.failure)
	}
	for _, name := range j.Fetch.Read {
		if v.Readable && !slices.Contains(v.Headers, lower(name)) && !containsFold(v.hidden, name) {
			v.hidden = append(v.hidden, name)
		}
	}
	v.Why = v.why()
	return v
}

// fetchRequest is the request as the model takes it.
func (j *judge) fetchRequest() fetch.Request {
	r := fetch.Request{Origin: j.Request.Origin, URL: j.Fetch.URL, Method: j.Fetch.Method,
		Credentials: fetch.Credentials(j.Fetch.Credentials), Header: fetch.Header{}}
	if _, ok := fetch.OriginOf(r.URL); !ok {
		r.URL = blank
	}
	switch {
	case r.Method != "":
	case j.Request.Method == "OPTIONS":
		r.Method = j.Request.RequestMethod
	default:
		r.Method = j.Request.Method
	}
	for _, header := range j.Fetch.Headers {
		r.Header.Add(header[0], header[1])
	}
	return r
}

// answer is what S3 answers, as far as CORS goes: a request that goes on is answered
// with 200, and has every header that somebody could read.
func (j *judge) answer(sent fetch.Sent) fetch.Response {
	decision := j.policy.Evaluate(j.requestOf(sent))
	header := fetch.Header{}
	status := decision.Status()
	if status == 0 {
		status = 200
		for _, name := range slices.Concat(fetch.SafelistedResponses, j.Fetch.Read, strings.Split(decision.ExposeHeaders(), ",")) {
			header.Set(strings.TrimSpace(name), "")
		}
	}
	if j.isRefused() { // the bucket has another configuration, or none
		return fetch.Response{Status: status, Header: header}
	}
	if decision.Carries(status) {
		for name, value := range decision.Headers() {
			header.Set(name, value)
		}
	}
	return fetch.Response{Status: status, Header: header}
}

// requestOf is what S3 sees of a request that the browser sends.
func (j *judge) requestOf(sent fetch.Sent) s3cors.Request {
	r := j.policy.ReadRequest(sent.Method, j.Request.Target, sent.Header.Values)
	r.Subresource, r.Bucket = j.Request.Subresource, j.Request.Bucket
	return r
}

// named returns those names that are of interest: all but the fields of CORS itself.
func (j *judge) named(readable []string) []string {
	names := []string{}
	for _, name := range readable {
		if name != "" && name != "vary" && !strings.HasPrefix(name, lower(field.Prefix)) {
			names = append(names, name)
		}
	}
	return names
}

func (v *browserView) why() Why {
	switch {
	case v.failure == nil && len(v.hidden) > 0:
		return WhyNotExposed
	case v.failure == nil:
		return WhyOK
	case v.failure.Reason == fetch.StarWithCredentials, v.failure.Reason == fetch.NoCredentials:
		return WhyCredentials
	case v.failure.Preflight || v.failure.Reason == fetch.Unsendable:
		return WhyPreflightFailed
	}
	return WhyOrigin
}

// exposeRead lets a rule expose what the script reads.
func (j *judge) exposeRead(rule *s3cors.Rule) {
	if j.Fetch == nil {
		return
	}
	for _, name := range j.Fetch.Read {
		exposed := slices.ContainsFunc(rule.ExposeHeaders, func(s string) bool { return lower(s) == lower(name) })
		if !exposed && isExposable(name) {
			rule.ExposeHeaders = append(rule.ExposeHeaders, name)
		}
	}
}

// isExposable reports whether a rule can list a name among ExposeHeaders, and it would
// help.
func isExposable(name string) bool {
	return name != "" && isToken(name) && !strings.Contains(name, "*") &&
		!fetch.IsForbiddenResponse(lower(name)) && !fetch.IsSafelistedResponse(lower(name))
}

// draftsForBrowser returns the changes with which a page could read what S3 grants it.
func (j *judge) draftsForBrowser() []*draft {
	asked := j.failing()
	switch {
	case asked != nil && j.browser.Why == WhyCredentials:
		return asked.draftsOfCredentials()
	case asked != nil:
		return asked.drafts()
	case j.browser != nil && j.browser.Why == WhyNotExposed:
		return j.draftsOfExposure()
	}
	return nil
}

// draftsOfCredentials put a rule with the page's origin before the rule that answers
// "*", or before the first that could.
func (j *judge) draftsOfCredentials() []*draft {
	if j.decision.Rule() < 0 || !j.isStarred() {
		return nil
	}
	decides := &j.rules[j.decision.Rule()]
	drafts := []*draft{j.before(decides)}
	for i := range j.rules {
		if t := &j.rules[i]; t.by >= 0 && t.rule.AllowedOrigins[t.by] == "*" && i < decides.index {
			earlier := *decides
			earlier.index = i
			return append(drafts, j.before(&earlier))
		}
	}
	return drafts
}

// draftsOfExposure let the rule that decides expose what the script reads.
func (j *judge) draftsOfExposure() []*draft {
	rule := j.decision.Rule()
	if rule < 0 {
		return nil
	}
	changed := clonedRule(j.config.CORSRules[rule])
	before := len(changed.ExposeHeaders)
	j.exposeRead(&changed)
	added := changed.ExposeHeaders[before:]
	if len(added) == 0 {
		return nil
	}
	d := j.edit(rule)
	d.set("ExposeHeaders", changed.ExposeHeaders)
	d.edits = []string{"add " + quoted(added) + " to ExposeHeaders of " + ruleName(rule)}
	return []*draft{d}
}

// refused returns the judge of the request that the browser sends and S3 does not
// grant, a preflight for the most part, if a rule could allow it; nil otherwise.
func (j *judge) refused() *judge {
	asked := j.failing()
	if asked == nil {
		return nil
	}
	switch asked.decision.Outcome() {
	case s3cors.NoMatch, s3cors.NotEnabled:
		return asked
	}
	return nil
}

// failing returns the judge of what the browser sent last, if the page does not get the
// response for that; nil otherwise.
func (j *judge) failing() *judge {
	if j.browser == nil || j.browser.last == nil || j.browser.failure == nil {
		return nil
	}
	s := j.Subject
	s.Request = j.requestOf(*j.browser.last)
	return newJudge(s, j.opts)
}
