package e2e

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/serve"
)

// browserTime bounds everything that is done with the browser.
const browserTime = 4 * time.Minute

// TestPage opens the page that the command serves.
func TestPage(t *testing.T) { testPage(t, servePage(t), 3) }

// TestStaticPage opens the page that asks no server, but runs the program itself: the same
// view model, so that few of the scenarios are enough.
func TestStaticPage(t *testing.T) { testPage(t, serveStatic(t), 9) }

// TestMain builds the page without a server while the other one is tested, which mostly
// waits, unless some tests alone are to run.
func TestMain(m *testing.M) {
	flag.Parse()
	var err error
	if exportFolder, err = os.MkdirTemp("", "page"); err != nil {
		panic(err)
	}
	if flag.Lookup("test.run").Value.String() == "" {
		go exported()
	}
	code := m.Run()
	os.RemoveAll(exportFolder)
	os.Exit(code)
}

// exportFolder is where exported puts what it makes.
var exportFolder string

// exported builds the command and exports the page with it, once. It returns the folder
// with the page.
var exported = sync.OnceValues(func() (string, error) {
	binary, folder := filepath.Join(exportFolder, "s3cors.exe"), filepath.Join(exportFolder, "page")
	for _, args := range [][]string{{"go", "build", "-o", binary, "./cmd/s3cors"}, {binary, "serve", "-export", folder}} {
		command := exec.Command(args[0], args[1:]...)
		command.Dir = filepath.Join("..", "..", "..")
		if output, err := command.CombinedOutput(); err != nil {
			return "", fmt.Errorf("%v: %w\n%s", args, err, output)
		}
	}
	return folder, nil
})

// testPage opens the page with a URL in one Chromium for all that is below it, with one of
// so many scenarios: each takes the pause after which the page asks, and package page types
// them all.
func testPage(t *testing.T, url string, one int) {
	b := startBrowser(t)
	p := open(t, b, url) // in which one after the other is typed, as people do
	t.Run("scenarios", func(t *testing.T) { testScenarios(t, p, one) })
	t.Run("pasted requests", func(t *testing.T) { testPasted(t, p) })
	t.Run("documents of others", func(t *testing.T) { testForeign(t, p) })
	t.Run("one of several buckets is chosen", func(t *testing.T) { testSeveral(t, p, b) })
	t.Run("the server can be switched", func(t *testing.T) { testServers(t, p) })
	t.Run("converting and comparing", func(t *testing.T) { testConverting(t, p) })
	t.Run("a link holds all of it", func(t *testing.T) { testLink(t, open(t, b, url), b) })
	t.Run("the keyboard is enough", func(t *testing.T) { testKeyboard(t, open(t, b, url)) })
	t.Run("hostile policies are text", func(t *testing.T) { testHostile(t, open(t, b, url)) })
	t.Run("long policies", func(t *testing.T) { testLong(t, open(t, b, url)) })
	t.Run("looks", func(t *testing.T) { testLooks(t, open(t, b, url)) })
}

// serveStatic exports the page and serves its files, as any host would, with the
// policy in the headers too.
func serveStatic(t *testing.T) string {
	folder, err := exported()
	require.NoError(t, err)
	files := http.FileServer(http.Dir(folder))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", serve.StaticPolicy)
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// servePage serves the page on loopback, and returns its URL.
func servePage(t *testing.T) string {
	listener, err := serve.Listen("127.0.0.1:0")
	require.NoError(t, err)
	server := serve.New(listener)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		require.NoError(t, server.Close())
		require.ErrorIs(t, <-ended, http.ErrServerClosed)
	})
	return "http://" + listener.Addr().String() + "/"
}

// startBrowser starts Chromium, which ends with the test.
func startBrowser(t *testing.T) context.Context {
	bounded, cancel := context.WithTimeout(context.Background(), browserTime)
	t.Cleanup(cancel)
	options := slices.Concat(chromedp.DefaultExecAllocatorOptions[:], []chromedp.ExecAllocatorOption{chromedp.ExecPath(program(t, "chromium"))})
	for _, name := range []string{
		"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-domain-reliability", "disable-sync", "no-pings",
		"no-sandbox", // whose namespaces a container does not have
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	allocator, cancel := chromedp.NewExecAllocator(bounded, options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx))
	return ctx
}

// program returns the path of a program that the tests need.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name)
	}
	return path
}

func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI=true", what)
	}
	t.Skipf("%s is missing", what)
}

// A tab is a tab of the browser with the page in it.
type tab struct{ ctx context.Context }

// open opens a URL in a tab of its own, and waits until the page is ready.
func open(t *testing.T, browser context.Context, url string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	p := &tab{ctx}
	p.look(t, 1280, 900, "light")
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(url)))
	p.wait(t, `document.documentElement.dataset.ready === "true"`)
	return p
}

// look sets the size and the colours of the tab.
func (p *tab) look(t *testing.T, width, height int64, scheme string) {
	t.Helper()
	require.NoError(t, chromedp.Do(p.ctx, chromedp.EmulateViewport(width, height)))
	p.prefer(t, "prefers-color-scheme", scheme)
}

// prefer makes the browser tell of one preference of its user.
func (p *tab) prefer(t *testing.T, name, value string) {
	t.Helper()
	_, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
	require.NoError(t, err)
}

// value is the value of an expression of JavaScript.
func value[T any](t *testing.T, p *tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	require.NoError(t, err, expression)
	return v
}

// do runs statements.
func (p *tab) do(t *testing.T, statements string) {
	t.Helper()
	value[bool](t, p, "(() => {"+statements+"; return true})()")
}

// wait waits until a condition holds.
func (p *tab) wait(t *testing.T, condition string) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if value[bool](t, p, "Boolean("+condition+")") {
			return
		}
	}
	require.Fail(t, "it does not come true", "%s\n%s", condition, value[string](t, p, "document.body.innerText"))
}

// fill puts text into a field, as if it had been pasted.
func (p *tab) fill(t *testing.T, id, text string) {
	t.Helper()
	p.do(t, filling(id, text))
}

// filling is the script that fills a field.
func filling(id, text string) string {
	return fmt.Sprintf(`{const field = document.getElementById(%s); field.value = %s; field.dispatchEvent(new Event(field.tagName === "SELECT" ? "change" : "input", {bubbles: true}))};`, quoted(id), quoted(text))
}

// click clicks on the button with a text, in the part of the page with an id.
func (p *tab) click(t *testing.T, id, text string) {
	t.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll("#%s button, button#%s")].find(b => b.textContent === %s)`, id, id, quoted(text))
	p.wait(t, button+"?.disabled === false")
	p.do(t, button+".click()")
}

// shows waits until a part of the page shows a text.
func (p *tab) shows(t *testing.T, id, text string) {
	t.Helper()
	p.wait(t, fmt.Sprintf(`document.getElementById(%s).innerText.includes(%s)`, quoted(id), quoted(text)))
}

// quoted is a text as a string of JavaScript.
func quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}
