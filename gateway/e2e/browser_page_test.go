package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/internal/fetch"
)

// pageScript is what all pages run: many calls of fetch() at once, here or in
// the sandboxed frame, and pictures.
const pageScript = `
async function send(call) {
	const init = {method: call.method, headers: call.headers, credentials: call.credentials};
	if (call.body !== "") init.body = new TextEncoder().encode(call.body); // brings no Content-Type
	try {
		const response = await fetch(call.url, init);
		const headers = [...response.headers];
		return {readable: true, status: response.status, headers, body: await response.text()};
	} catch (error) {
		return {readable: false, error: String(error)};
	}
}
const run = calls => Promise.all(calls.map(send));
const once = type => new Promise(resolve => addEventListener(type, resolve, {once: true}));
async function runInFrame(calls) {
	const answer = once("message");
	document.querySelector("iframe").contentWindow.postMessage(calls, "*");
	return (await answer).data;
}
if (parent !== window) addEventListener("message", async event => parent.postMessage(await run(event.data), "*"));
const show = url => new Promise(resolve => {
	const image = new Image();
	image.onload = () => resolve(true);
	image.onerror = () => resolve(false);
	image.src = url;
});
`

// servePage serves the page at /, the frame in it at /frame, and redirects from
// /redirect to wherever the query says.
func servePage(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, `<!doctype html><script>%s</script><iframe sandbox="allow-scripts" src="/frame"></iframe>`, pageScript)
	case "/frame":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprintf(w, "<!doctype html><script>%s</script>", pageScript)
	case "/redirect":
		w.Header().Set("Access-Control-Allow-Origin", "*")
		http.Redirect(w, r, r.URL.Query().Get("to"), http.StatusTemporaryRedirect)
	default:
		http.NotFound(w, r)
	}
}

// A page is a tab that stays at one page, or the sandboxed frame in it.
type page struct {
	origin string
	ctx    context.Context // the tab's
	run    string          // the function that takes the calls
}

// openPage opens a tab in the browser of ctx.
func openPage(t *testing.T, ctx context.Context, origin string) *page {
	tab, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(tab, chromedp.Navigate(origin+"/")), "open %s", origin)
	return &page{origin: origin, ctx: tab, run: "run"}
}

// A call is one call of fetch() by a page.
type call struct {
	URL         string            `json:"url"`
	Method      string            `json:"method"`
	Headers     [][2]string       `json:"headers"`
	Credentials fetch.Credentials `json:"credentials"`
	Body        string            `json:"body"` // "" is none
}

// A reply is what the script got.
type reply struct {
	Readable bool // else there was a network error
	Status   int
	Headers  [][2]string // all that the script can see, in lower case
	Body     string
	Error    string // what the script is told of a network error: nothing
}

// names returns the names of the readable header fields, sorted; nil after a
// network error.
func (r reply) names() []string {
	if !r.Readable {
		return nil
	}
	names := []string{}
	for _, field := range r.Headers {
		names = append(names, field[0])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// header returns the value of a readable field; false if the script sees null.
func (r reply) header(name string) (string, bool) {
	for _, field := range r.Headers {
		if field[0] == name {
			return field[1], true
		}
	}
	return "", false
}

// fetch makes all calls at once, in one round trip to the browser.
func (p *page) fetch(t *testing.T, calls ...call) []reply {
	t.Helper()
	for i := range calls {
		calls[i] = withDefaults(calls[i])
	}
	argument, err := json.Marshal(calls)
	require.NoError(t, err)
	script := fmt.Sprintf("%s(%s)", p.run, argument)
	replies, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]reply](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	require.Len(t, replies, len(calls))
	return replies
}

// printedAbout finds the URL in what Chromium prints about CORS.
var printedAbout = regexp.MustCompile(`^Access to fetch at '([^']*)'`)

// A printed is what Chromium printed about CORS on the console of a tab.
type printed struct{ about map[string]string } // by URL

// of returns what was printed about a call; "" also where that is not known.
func (p *printed) of(c call) string {
	if p == nil {
		return ""
	}
	return p.about[c.URL]
}

// listen begins to listen to the console. The function that it returns ends that, and
// returns what was printed.
func (p *page) listen() func(*testing.T) *printed {
	const end = "no more calls"
	messages := chromedp.Console(p.ctx)
	return func(t *testing.T) *printed {
		t.Helper()
		_, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](fmt.Sprintf("console.log(%q), true", end)))
		require.NoError(t, err)
		said := &printed{about: map[string]string{}}
		for message, err := range messages {
			require.NoError(t, err)
			if message.Text == end {
				break
			}
			if url := printedAbout.FindStringSubmatch(message.Text); url != nil {
				said.about[url[1]] += message.Text
			}
		}
		return said
	}
}

// withDefaults fills in what fetch() takes for what is left out.
func withDefaults(c call) call {
	if c.Method == "" {
		c.Method = "GET"
	}
	if c.Credentials == "" {
		c.Credentials = fetch.SameOrigin
	}
	if c.Headers == nil {
		c.Headers = [][2]string{}
	}
	return c
}

// show loads a URL as a picture, and tells whether it is one.
func (p *page) show(t *testing.T, url string) bool {
	t.Helper()
	script := fmt.Sprintf("show(%q)", url)
	shown, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return shown
}

// request is the call as the model takes it, made by a page of that origin.
func (c call) request(origin string) fetch.Request {
	c = withDefaults(c)
	header := fetch.Header{}
	for _, field := range c.Headers {
		header.Add(field[0], field[1])
	}
	return fetch.Request{Origin: origin, URL: c.URL, Method: c.Method, Header: header, Credentials: c.Credentials}
}

// agree tells whether the browser did what the model says.
func agree(v fetch.Verdict, r reply) bool {
	return r.Readable == (v.Error == nil) && r.Status == v.Status && slices.Equal(r.names(), v.Readable)
}

// writeVerdicts shows both.
func writeVerdicts(w io.Writer, v fetch.Verdict, r reply) {
	fmt.Fprintf(w, "model:   readable %t, status %d, headers %q, error %v\n", v.Error == nil, v.Status, v.Readable, v.Error)
	fmt.Fprintf(w, "browser: readable %t, status %d, headers %q, error %s\n", r.Readable, r.Status, r.names(), r.Error)
}

// reportDisagreements fails the test if there are any, and shows the first ones.
func reportDisagreements(t *testing.T, all []string) {
	t.Helper()
	const shown = 10
	for _, text := range all[:min(shown, len(all))] {
		t.Error(text)
	}
	if len(all) > shown {
		t.Errorf("%d disagreements; the first %d are above", len(all), shown)
	}
}
