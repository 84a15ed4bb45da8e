package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

type filled struct {
	Kind  string
	Forms []struct {
		Title string
		Form  struct{ URL, Origin, Method, Headers, Credentials, Mode, Read, Target, Bucket, Seen string }
		Notes []string
	}
	Notes []string
}

const harEntry = `{"request":{"method":"PUT","url":"https://b.s3.amazonaws.com/%d","headers":[{"name":"Origin","value":"https://a.example"},{"name":"User-Agent","value":"x"},{"name":"x-a","value":"b"}]},"response":{"status":200}}`

// What people paste, what is made of it, and what is said of the rest.
func TestWhatIsPastedFillsTheForm(t *testing.T) {
	const missing = "The text does not tell the origin of the page: fill it in."
	for _, c := range []struct {
		name, text, kind, title, origin, method, headers string
		notes                                            []string
	}{
		{"curl", "curl 'https://b.s3.amazonaws.com/k' -X PUT -H 'Origin: https://a.example' -H 'User-Agent: x' -H 'x-a: b'", "a curl command",
			"PUT https://b.s3.amazonaws.com/k from https://a.example", "https://a.example", "PUT", "x-a: b", []string{"Left out, since the browser adds it by itself: user-agent."}},
		{"curl without an origin", "curl https://b.s3.amazonaws.com/k", "a curl command", "GET https://b.s3.amazonaws.com/k", "", "GET", "", []string{missing}},
		{"fetch", `fetch("https://b.s3.amazonaws.com/k", {method: "DELETE", headers: {"X-A": token}})`, "a call of fetch",
			"DELETE https://b.s3.amazonaws.com/k", "", "DELETE", "X-A", []string{missing}},
		{"an entry", fmt.Sprintf(harEntry, 1), "an HTTP archive", "PUT https://b.s3.amazonaws.com/1 from https://a.example", "https://a.example", "PUT", "x-a: b",
			[]string{"Left out, since the browser adds it by itself: user-agent."}},
		{"Chromium", "Access to fetch at 'https://b.s3.amazonaws.com/k' from origin 'https://a.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			"what a browser printed", "", "https://a.example", "", "",
			[]string{"The text does not tell the method of the request: fill it in.", "Which request headers the page sends: the message does not tell all of them. Add them."}},
		{"Chromium, of a header", "Access to XMLHttpRequest at 'https://b.s3.amazonaws.com/k' from origin 'https://a.example' has been blocked by CORS policy: Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
			"what a browser printed", "", "https://a.example", "", "x-a",
			[]string{"The text does not tell the method of the request: fill it in.", "It points to something else than the policy (wrong-host); the answer tells.", "Which request headers the page sends: the message does not tell all of them. Add them."}},
		{"Firefox", "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://b.s3.amazonaws.com/k. (Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.",
			"what a browser printed", "", "", "", "", []string{"The text does not tell the origin of the page and the method of the request: fill it in."}},
		{"Safari", "Origin https://a.example is not allowed by Access-Control-Allow-Origin. Status code: 403", "what a browser printed", "", "https://a.example", "", "",
			[]string{"The text does not tell the method of the request: fill it in."}},
	} {
		f := called[filled](t, "paste", object{"text": c.text})
		require.Equal(t, c.kind, f.Kind, c.name)
		require.Len(t, f.Forms, 1)
		one := f.Forms[0]
		require.Empty(t, cmp.Diff([]any{c.title, c.origin, c.method, c.headers, append([]string{}, c.notes...)},
			[]any{one.Title, one.Form.Origin, one.Form.Method, one.Form.Headers, one.Notes}), c.name)
	}
}

func TestOneOfTheRequestsThatWerePastedIsChosen(t *testing.T) {
	var entries []string
	for i := range 250 {
		entries = append(entries, fmt.Sprintf(harEntry, i))
	}
	f := called[filled](t, "paste", object{"text": `{"log":{"entries":[` + strings.Join(entries, ",") + `]}}`})
	require.Len(t, f.Forms, 200)
	require.Equal(t, "PUT https://b.s3.amazonaws.com/199 from https://a.example", f.Forms[199].Title)
	require.Equal(t, []string{"There are more than 200 requests; these are the first."}, f.Notes)

	f = called[filled](t, "paste", object{"text": "curl https://b.example/1 ;\ncurl https://b.example/2 | jq ."})
	require.Len(t, f.Forms, 2)
	require.Equal(t, []string{`The command "jq", which follows, is passed over.`}, f.Notes)
}

func TestARequestInTheModeNoCORSAsksNothingFirst(t *testing.T) {
	f := called[filled](t, "paste", object{"text": `fetch("https://b.s3.amazonaws.com/k", {mode: "no-cors", referrer: "https://a.example/"})`})
	form := f.Forms[0].Form
	require.Equal(t, "no-cors", form.Mode)
	a := called[asked](t, "explain", object{"document": slashed, "form": object{"url": form.URL, "origin": form.Origin, "method": form.Method, "mode": form.Mode}})
	require.Len(t, a.Exchanges, 1)
	require.Equal(t, "GET https://b.s3.amazonaws.com/k\n", a.Exchanges[0].Request)
	require.Contains(t, string(a.Exchanges[0].Explain), `"no-cors-mode"`)
}
