package e2e

import (
	"context"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browserTime bounds everything that is done with the browser.
const browserTime = 3 * time.Minute

// TestBrowser holds the gateway, and the model of the Fetch Standard, against
// Chromium: one browser and one tab a page for all that is below it.
func TestBrowser(t *testing.T) {
	b := startBrowser(t)
	t.Run("the model says what Chromium does", func(t *testing.T) { testModel(t, b) })
	t.Run("combinations", func(t *testing.T) { testCombinations(t, b) })
	t.Run("the first fix that explain tells lets the page read", func(t *testing.T) { testFixes(t, b) })
	t.Run("scenarios", func(t *testing.T) { testScenarios(t, b) })
	t.Run("caches", func(t *testing.T) { testCaches(t, b) })
	t.Run("redirects", func(t *testing.T) { testRedirects(t, b) })
}

// A browser is a Chromium with a tab for each page of the tests.
type browser struct {
	// The pages are named for what is special about their hosts; sandboxed is
	// the frame in the page ip.
	ip, name, subdomain, otherSubdomain, sandboxed *page
}

// pages returns all pages.
func (b *browser) pages() []*page {
	return []*page{b.ip, b.name, b.subdomain, b.otherSubdomain, b.sandboxed}
}

// startBrowser starts Chromium and opens the pages; both end with the test.
func startBrowser(t *testing.T) *browser {
	path := program(t, "chromium")
	bounded, cancel := context.WithTimeout(context.Background(), browserTime)
	t.Cleanup(cancel)
	allocator, cancel := chromedp.NewExecAllocator(bounded, chromiumOptions(path)...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx), "start %s", path)

	one, two := servePages(t), servePages(t)
	ip := openPage(t, ctx, "http://127.0.0.1:"+one)
	sandboxed := *ip
	sandboxed.origin, sandboxed.run = "null", "runInFrame"
	return &browser{
		ip:             ip,
		name:           openPage(t, ctx, "http://localhost:"+two),
		subdomain:      openPage(t, ctx, "http://app.localhost:"+one),
		otherSubdomain: openPage(t, ctx, "http://other.localhost:"+two),
		sandboxed:      &sandboxed,
	}
}

// chromiumOptions are those of a browser that talks to loopback alone and
// remembers nothing: chromedp gives it a new directory and removes it. Local Network Access needs no switch: pages and gateway
// are in the loopback address space alike, where it asks nobody.
func chromiumOptions(path string) []chromedp.ExecAllocatorOption {
	options := slices.Concat(chromedp.DefaultExecAllocatorOptions[:], []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		// As the standard has it, "*" in Access-Control-Allow-Headers does not
		// cover Authorization; Chromium has that behind a switch.
		chromedp.Flag("enable-features", "CorsNonWildcardRequestHeadersSupport"),
	})
	for _, name := range []string{
		"disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-domain-reliability", "disable-sync", "no-pings",
		"no-sandbox", // whose namespaces a container does not have
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	return options
}

// servePages serves the page of the tests on a port of loopback, under all the
// names that lead there, and returns the port.
func servePages(t *testing.T) (port string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(servePage), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	_, port, err = net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	return port
}
