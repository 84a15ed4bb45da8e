package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// testLooks looks at the page narrow and wide, light and dark: nothing sticks out, and axe
// finds nothing serious. With -artifacts it leaves screenshots.
func testLooks(t *testing.T, p *tab) {
	axe := axeScript(t)
	p.click(t, "example", "Example")
	p.shows(t, "verdict", "no-match")
	p.shows(t, "findings", "S3C101")
	p.look(t, 360, 900, "light") // both for the README
	p.shoot(t, "readme-360-light")
	p.look(t, 1280, 900, "dark")
	p.shoot(t, "readme-1280-dark")
	p.do(t, `document.getElementById("mild-box").open = true`)
	p.do(t, `document.getElementById("paste-box").open = true`)
	p.do(t, axe)
	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{360, 1280} {
			name := fmt.Sprintf("%d-%s", width, scheme)
			p.look(t, width, 900, scheme)
			require.LessOrEqual(t, value[int64](t, p, "document.documentElement.scrollWidth"), width, name)
			p.shoot(t, name)
			require.Empty(t, violations(t, p), name)
		}
	}
	const moving = `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e); return s.transitionDuration !== "0s" || s.animationName !== "none" }).length`
	require.NotZero(t, value[int](t, p, moving))
	p.prefer(t, "prefers-reduced-motion", "reduce")
	require.Zero(t, value[int](t, p, moving), "somebody who wants no motion")
}

// shoot leaves a screenshot of the whole page.
func (p *tab) shoot(t *testing.T, name string) {
	t.Helper()
	shot, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(t.ArtifactDir(), name+".png"), shot, 0o600))
}

// axeScript installs axe-core, as its lock file has it, and returns its script.
func axeScript(t *testing.T) string {
	npm := program(t, "npm")
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := os.ReadFile(filepath.Join("testdata", "axe", name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), content, 0o600))
	}
	install := exec.CommandContext(t.Context(), npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
	install.Dir = dir
	if output, err := install.CombinedOutput(); err != nil {
		missing(t, fmt.Sprintf("axe-core: %v\n%s", err, output))
	}
	script, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	require.NoError(t, err)
	return string(script)
}

// violations are what axe finds, but for what it calls minor or moderate.
func violations(t *testing.T, p *tab) []string {
	t.Helper()
	const run = `axe.run().then(r => JSON.stringify({
		rules: r.passes.length,
		found: r.violations.filter(v => v.impact === "serious" || v.impact === "critical").flatMap(v => v.nodes.map(n => v.id + ": " + n.html + " " + n.failureSummary)),
	}))`
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](run, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	var result struct {
		Rules int
		Found []string
	}
	require.NoError(t, json.Unmarshal([]byte(text), &result))
	require.Greater(t, result.Rules, 20)
	return result.Found
}
