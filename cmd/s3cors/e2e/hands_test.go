package e2e

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// press presses keys, one after the other.
func (p *tab) press(t *testing.T, keys string) {
	t.Helper()
	require.NoError(t, chromedp.Do(p.ctx, chromedp.KeyEvent(keys)))
}

// tabTo presses Tab until an element has the focus.
func (p *tab) tabTo(t *testing.T, selector string) {
	t.Helper()
	for range 80 {
		p.press(t, "\t")
		if value[bool](t, p, fmt.Sprintf("document.activeElement.matches(%s)", quoted(selector))) {
			return
		}
	}
	require.Fail(t, "Tab does not lead there", selector)
}

// testKeyboard types a policy and a request, applies the fix and takes it back, with the
// keyboard alone.
func testKeyboard(t *testing.T, p *tab) {
	p.tabTo(t, "#policy")
	p.press(t, slashed)
	p.tabTo(t, "#undo, #example")
	p.tabTo(t, "#origin")
	p.press(t, "https://app.example.com")
	p.tabTo(t, "#method")
	p.wait(t, `document.querySelector("#verdict strong")?.textContent === "no-match" && document.querySelector("#answer .mend")`)
	p.tabTo(t, "#answer .mend")
	require.NotEqual(t, "none", value[string](t, p, "getComputedStyle(document.activeElement).outlineStyle"), "where the keyboard is must be seen")
	p.press(t, "\r")
	p.wait(t, `document.querySelector("#verdict strong").textContent === "granted"`)
	require.Equal(t, strings.ReplaceAll(slashed, "com/", "com"), value[string](t, p, `document.getElementById("policy").value`))
	p.wait(t, `document.activeElement.id === "answer"`) // the button is gone, and the keyboard is where it was
	p.tabTo(t, "#undo")
	p.press(t, "\r")
	p.wait(t, `document.querySelector("#verdict strong").textContent === "no-match"`)
}

// testLink copies a link, and opens it in another tab.
func testLink(t *testing.T, p *tab, browser context.Context) {
	p.fill(t, "policy", slashed)
	p.fill(t, "origin", "https://app.example.com")
	p.fill(t, "dialect", "ceph")
	p.click(t, "share", "Copy a link to this")
	p.wait(t, `location.hash.startsWith("#1")`)
	link := value[string](t, p, "location.href")
	require.NotContains(t, link, "AllowedOrigins")

	other := open(t, browser, link)
	other.wait(t, `document.querySelector("#verdict strong")?.textContent === "no-match"`)
	require.Equal(t, slashed, value[string](t, other, `document.getElementById("policy").value`))
	require.Equal(t, "ceph", value[string](t, other, `document.getElementById("dialect").value`))
	require.Equal(t, "https://app.example.com", value[string](t, other, `document.getElementById("origin").value`))

	whole := value[string](t, other, "location.hash")
	for hash, says := range map[string]string{
		"#1nonsense":              "The link cannot be read: it is cut short, or was changed; the page is as it was.",
		whole[:len(whole)/2]:      "The link cannot be read: it is cut short, or was changed; the page is as it was.",
		"#2abc":                   "The link is not one of this page; the page is as it was.",
		packed(t, `{"a": 1}`):     "The link is not one of this page; the page is as it was.",
		packed(t, longText(3000)): "The link holds more than 2 MiB, and is not read; the page is as it was.",
	} {
		other.do(t, `document.getElementById("note").textContent = ""; location.hash = `+quoted(hash))
		other.shows(t, "note", says)
		require.Equal(t, slashed, value[string](t, other, `document.getElementById("policy").value`))
	}
	other.do(t, "location.hash = "+quoted(whole))

	p.fill(t, "policy", longText(3000))
	p.click(t, "share", "Copy a link to this")
	p.shows(t, "note", "This is too long for a link: save the policy as a file.")
	require.Equal(t, link, value[string](t, p, "location.href"))
}

// longText is a text of so many KiB.
func longText(kib int) string { return strings.Repeat(strings.Repeat(" ", 1<<10-1)+"\n", kib) }

// packed is a text as a fragment of the page.
func packed(t *testing.T, text string) string {
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.BestCompression)
	require.NoError(t, err)
	_, err = w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return "#1" + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

const markup = `<script>window.hacked=1</script><img src=x onerror=window.hacked=1><svg/onload=window.hacked=1>`

// testHostile shows policies that want to be more than text.
func testHostile(t *testing.T, p *tab) {
	p.do(t, `window.violations = 0; document.addEventListener("securitypolicyviolation", () => { window.violations++ })`)
	rule := func(origin, id string) string {
		return fmt.Sprintf(`[{"ID":%s,"AllowedOrigins":[%s],"AllowedMethods":["GET"],"AllowedHeaders":[%s]}]`, quoted(id), quoted(origin), quoted(origin))
	}
	for _, c := range []struct{ name, document, shows string }{
		{"markup in values", rule(markup, markup), markup},
		{"markup in place of JSON", markup, ""},
		{"markup in XML", "<CORSConfiguration><CORSRule><AllowedOrigin><![CDATA[" + markup + "]]></AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", markup},
		{"marks that turn text around", rule("https://\u202emoc.elpmaxe\u2066.example", "\u200f"), `https://\u{202e}moc.elpmaxe\u{2066}.example`},
		{"controls", rule("https://a\u0000\u001b[31m.example", "\u0085"), `https://a\u{0}\u{1b}[31m.example`},
		{"combining characters", rule("https://a"+strings.Repeat("\u0301", 12<<10), "a"), "https://a\u0301\u0301\u0301…"},
		{"64 KiB of combining characters", strings.Repeat("\u0301", 32<<10), ""},
		{"half a surrogate pair", `[{"AllowedOrigins":["\ud800"],"AllowedMethods":["GET"]}]`, ""},
		{"names of what every object has", `[{"__proto__":{"a":1},"constructor":1,"AllowedOrigins":["toString"],"AllowedMethods":["GET"]}]`, "toString"},
	} {
		p.do(t, `for (const id of ["policy-state", "findings", "rules"]) document.getElementById(id).textContent = ""; `+
			filling("policy", c.document)+filling("origin", "https://\u202e"+markup)+filling("headers", "x-"+markup+": "+markup))
		p.wait(t, `document.getElementById("policy-state").textContent !== ""`)
		p.wait(t, `document.getElementById("rules").textContent.includes(`+quoted(c.shows)+`)`)
		p.wait(t, `document.getElementById("verdict").textContent !== ""`)
		require.False(t, value[bool](t, p, `"hacked" in window`), c.name)
		require.Zero(t, value[int](t, p, `document.querySelectorAll("main script, main img, main svg, main iframe").length`), c.name)
		require.Zero(t, value[int](t, p, `window.violations`), c.name)
		require.Empty(t, value[[]string](t, p, `[...document.querySelectorAll("section > :not(.editor)")].flatMap(e => e.innerText.split("\n")).filter(line => /[\u202a-\u202e\u2066-\u2069]/.test(line))`), c.name)
		require.LessOrEqual(t, value[int](t, p, "document.documentElement.scrollWidth"), 1280, c.name)
	}
	p.fill(t, "paste", `curl -H 'Origin: `+markup+`' https://b.example/k`)
	p.click(t, "read", "Read it")
	p.wait(t, `document.getElementById("paste-state").textContent.startsWith("Read as a curl command: GET https://b.example/k from <script>")`)
	require.False(t, value[bool](t, p, `"hacked" in window`))
}

// longPolicy is a policy of 100 rules and almost 64 KiB.
func longPolicy() string {
	var rules []string
	for i := range 100 {
		rules = append(rules, fmt.Sprintf(`  {"ID": "rule %d", "AllowedOrigins": ["https://a-%03d.customers.example.com/", "%s"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["content-type"]}`,
			i, i, "https://"+strings.Repeat("b", 360)+".example.com"))
	}
	return "[\n" + strings.Join(rules, ",\n") + "\n]\n"
}

// testLong types into a long policy: each key shows at once, and what was asked for a text
// that has changed since never shows.
func testLong(t *testing.T, p *tab) {
	document := longPolicy()
	p.fill(t, "policy", document)
	p.fill(t, "origin", "https://a-050.customers.example.com")
	p.wait(t, `document.querySelectorAll("#rules tbody tr").length === 100`)
	p.wait(t, `document.querySelectorAll("#answer tbody tr").length === 100`)

	p.do(t, `
		window.waits = [];
		const area = document.getElementById("policy");
		area.focus();
		area.setSelectionRange(0, 0);
		area.addEventListener("keydown", () => { const start = performance.now(); requestAnimationFrame(() => setTimeout(() => waits.push(performance.now() - start))) });
		performance.clearResourceTimings();`)
	const typed = "       "
	for range 8 { // 56 keys, with pauses between that the page may use
		p.press(t, typed)
	}
	p.wait(t, `window.waits.length === 56`)
	worst := value[float64](t, p, "Math.max(...window.waits)")
	middle := value[float64](t, p, "window.waits.toSorted((a, b) => a - b)[28]")
	t.Logf("%d KiB: of 56 keys the middle one was on the screen after %.0f ms, the slowest after %.0f ms", len(document)>>10, middle, worst)
	require.Less(t, worst, 2000.0)
	calls := value[int](t, p, `performance.getEntriesByType("resource").filter(e => e.name.endsWith("/call/document")).length`)
	require.Less(t, calls, 56) // of the page without a server there are none

	p.do(t, `window.asked = 0; document.getElementById("policy-state").textContent = ""; const start = performance.now();
		const seen = new MutationObserver(() => { window.asked = performance.now() - start; seen.disconnect() });
		seen.observe(document.getElementById("rules"), {childList: true, subtree: true});`+filling("policy", document+" "))
	p.wait(t, "window.asked > 0")
	t.Logf("what is wrong with it, and its rules, were on the screen %.0f ms after it was pasted", value[float64](t, p, "window.asked"))

	p.do(t, `document.getElementById("policy-state").textContent = ""`)
	_, err := chromedp.Call(p.ctx, input.InsertText, input.InsertTextParams{Text: " "})
	require.NoError(t, err)
	p.fill(t, "policy", slashed)
	p.shows(t, "policy-state", "1 rule")
	require.Equal(t, 1, value[int](t, p, `document.querySelectorAll("#rules tbody tr").length`))
}
