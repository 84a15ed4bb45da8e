package ask

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/explain"
)

// told are the requests of a text, a line each, and the notes.
func told(p *Pasted) []string {
	var lines []string
	for _, s := range p.Sent {
		line := s.method + " " + s.url
		for _, h := range s.headers {
			line += " " + h[0] + "=" + h[1]
		}
		if s.credentials != "" {
			line += " credentials:" + string(s.credentials)
		}
		if s.mode != "" {
			line += " mode:" + string(s.mode)
		}
		lines = append(lines, line)
	}
	return append(lines, p.Notes...)
}

func TestWhatBrowsersCopyIsRead(t *testing.T) {
	for _, c := range []struct {
		name, kind, text string
		want             []string
	}{
		{"Chromium, cURL (bash)", "a curl command", "curl 'https://b.example/k?x=1&y=%20' \\\n  -X 'PUT' \\\n  -H 'origin: https://a.example' \\\n  -H 'content-type: image/png' \\\n  --data-raw $'it\\'s'",
			[]string{"PUT https://b.example/k?x=1&y=%20 origin=https://a.example content-type=image/png"}},
		{"a prompt before it", "a curl command", "$ curl https://b.example/k", []string{"GET https://b.example/k"}},
		{"Chromium, cURL (cmd)", "a curl command for Windows", "curl ^\"https://b.example/k?x=1^&y=^%^20^\" ^\r\n  -X ^\"PUT^\" ^\r\n  -H ^\"origin: https://a.example^\" ^\r\n  -H ^\"if-match: ^\\^\"e^\\^\"^\" ^\r\n  --data-raw ^\"a^\r\n\r\nb^\"",
			[]string{`PUT https://b.example/k?x=1&y=%20 origin=https://a.example if-match="e" Content-Type=application/x-www-form-urlencoded`}},
		{"Chromium, cURL (cmd), as it was", "a curl command for Windows", "curl \"https://b.example/k?x=1&y=2\" ^\n  -H \"origin: https://a.example\" ^\n  -H \"x-a: \\\"b\\\"\" ^\n  --compressed",
			[]string{`GET https://b.example/k?x=1&y=2 origin=https://a.example x-a="b"`}},
		{"all as cURL (bash)", "a curl command", "curl 'https://b.example/1' -H 'Origin: https://a.example' ;\ncurl 'https://b.example/2' # the second\necho done",
			[]string{"GET https://b.example/1 Origin=https://a.example", "GET https://b.example/2", `The command "echo", which follows, is passed over.`}},
		{"all as cURL (cmd)", "a curl command for Windows", "curl ^\"https://b.example/1^\" ^\n  -H ^\"a: b^\" &\ncurl ^\"https://b.example/2^\"",
			[]string{"GET https://b.example/1 a=b", "GET https://b.example/2"}},
		{"Chromium, fetch", "a call of fetch", `fetch("https://b.example/k", {
  "headers": {"accept": "*/*", "content-type": "image/png", "sec-fetch-mode": "cors"},
  "referrer": "https://a.example/page?x",
  "body": "{\"a\": [1, 2}",
  "method": "PUT",
  "mode": "cors",
  "credentials": "include"
});`, []string{"PUT https://b.example/k accept=*/* content-type=image/png sec-fetch-mode=cors Origin=https://a.example credentials:include mode:cors"}},
		{"Chromium, fetch (Node.js)", "a call of fetch", "fetch(\"https://b.example/k\", {\n  \"headers\": {\"Referer\": \"https://a.example/\"},\n  \"body\": null,\n  \"method\": \"GET\"\n});",
			[]string{"GET https://b.example/k Referer=https://a.example/"}},
		{"Firefox, fetch", "a call of fetch", "await fetch(\"https://b.example/k\", {\n    \"credentials\": \"omit\",\n    \"headers\": {\"Accept\": \"*/*\"},\n    \"method\": \"DELETE\",\n    \"mode\": \"cors\"\n});",
			[]string{"DELETE https://b.example/k Accept=*/* credentials:omit mode:cors"}},
		{"fetch by hand", "a call of fetch", "const res = await fetch(`https://b.example/k`, { // upload\n  method: 'PUT', body: file, headers: { 'Content-Type': file.type, Authorization: 'Bearer ' + token, ...more },\n})\nif (!res.ok) throw new Error('no')",
			[]string{`PUT https://b.example/k Content-Type=" Authorization="`, "The headers have ...more, which is not read."}},
		{"fetch with Headers", "a call of fetch", `window.fetch('https://b.example/\u006b\x41', {headers: new Headers({"X-A": "b"}), mode: "no-cors"})`,
			[]string{"GET https://b.example/kA X-A=b mode:no-cors"}},
		{"fetch with pairs", "a call of fetch", `fetch('https://b.example/k', {headers: [["X-A", "b"], ["X-B", c]]}).then(r => r.json())`, []string{`GET https://b.example/k X-A=b X-B="`}},
		{"fetch with variables", "a call of fetch", `fetch('https://b.example/k', {headers, method: 'PUT'}); fetch("https://b.example/2", options)`,
			[]string{"PUT https://b.example/k", "GET https://b.example/2", "The headers are headers, which the script fills in: they are not read.",
				"The options of the call are options, which the script fills in: they are not read."}},
		{"a header of the answer in the request", "a call of fetch", `fetch('https://b.example/k', {headers: {'Access-Control-Allow-Origin': '*'}})`, []string{"GET https://b.example/k Access-Control-Allow-Origin=*"}},
		{"Chromium, PowerShell", "a command of PowerShell", "$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession\n$session.UserAgent = \"Mozilla/5.0\"\n$session.Cookies.Add((New-Object System.Net.Cookie(\"a\", \"1\", \"/\", \"b.example\")))\n" +
			"Invoke-WebRequest -UseBasicParsing -Uri \"https://b.example/k?`$x=1\" `\n-Method PUT `\n-WebSession $session `\n-Headers @{\n\"Accept\"=\"*/*\"\n  \"Origin\"=\"https://a.example\"\n  \"If-Match\"=\"`\"e`\"\"\n} `\n-ContentType \"image/png\" `\n-Body ([System.Text.Encoding]::UTF8.GetBytes(\"a}b\"))",
			[]string{"PUT https://b.example/k?$x=1 Cookie=… Accept=*/* Origin=https://a.example If-Match=\"e\" Content-Type=image/png"}},
		{"PowerShell by hand", "a command of PowerShell", `irm 'https://b.example/k' -Headers @{Origin='https://a.example'; 'X-A'=$a}`, []string{`GET https://b.example/k Origin=https://a.example X-A="`}},
		{"HTTP/1", "a request as it goes over the wire", "OPTIONS /k HTTP/1.1\r\nHost: b.example\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n\r\nbody: x",
			[]string{"OPTIONS https://b.example/k Origin=https://a.example Access-Control-Request-Method=PUT"}},
		{"HTTP/2", "a request as it goes over the wire", ":authority: b.example\n:method: GET\n:path: /k\n:scheme: https\norigin: https://a.example", []string{"GET https://b.example/k origin=https://a.example"}},
	} {
		p, err := ReadPasted(c.text)
		require.NoError(t, err, c.name)
		require.Equal(t, c.kind, p.Kind, c.name)
		require.Empty(t, cmp.Diff(c.want, told(p)), c.name)
	}
}

func TestWhatCannotBeReadIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"wget https://b.example":            ErrNoRequest.Error(),
		"axios.put('https://b.example')":    ErrNoRequest.Error(),
		"":                                  ErrNoRequest.Error(),
		"curl":                              "the command has no URL",
		"curl 'https://b.example":           "the command has a single quote that is not closed",
		"curl ^\"https://b.example":         "the command has a double quote that is not closed",
		"fetch(url)":                        "the URL of the call is url, which the script fills in: write it as a string",
		"fetch(`https://b.example/${key}`)": "the URL of the call is `https://b.example/${key}`, which the script fills in: write it as a string",
		"fetch('https://b.example/' + key)": "the URL of the call is 'https://b.example/' + key, which the script fills in: write it as a string",
		"fetch(":                            "the URL of the call is missing, which the script fills in: write it as a string",
		"fetch('https://b.example', {method: verb})":    "the method of the call is verb, which the script fills in: write it as a string",
		"Invoke-WebRequest -Uri $uri":                   "-uri is $uri, which PowerShell fills in: write it out",
		"Invoke-WebRequest -Method PUT":                 "the command has no -Uri that is written out",
		"iwr -Uri 'https://b.example' -Headers @{a b}":  "-Headers is no table of names and values",
		"iwr -Uri 'https://b.example' -Method":          "PowerShell's parameter -method has no value",
		"GET /k HTTP/1.1\nOrigin: https://a.example":    "the request has no Host, so that its URL is not known",
		"GET /k HTTP/1.1\nHost: b.example\nno colon":    `"no colon" is no header: it has the form Name: value`,
		":authority: b.example\n:path: /k\norigin: a:b": "the request has no method",
	} {
		_, err := ReadPasted(text)
		require.EqualError(t, err, want, text)
	}
}

func TestWhatTheBrowserAddsIsToldFromWhatThePageSets(t *testing.T) {
	p, err := ReadPasted(`curl 'https://b.example/k' -X PUT -H 'accept: */*' -H 'accept-encoding: gzip' -H 'cookie: a=1' -H 'origin: https://a.example' -H 'sec-fetch-mode: cors' -H 'user-agent: Mozilla/5.0' -H 'x-a: b'`)
	require.NoError(t, err)
	questions, err := new(Given).Questions(p)
	require.NoError(t, err)
	require.Equal(t, []string{"accept-encoding", "cookie", "sec-fetch-mode", "user-agent"}, questions[0].Left)
	require.Equal(t, explain.Include, questions[0].Fetch.Credentials)
	require.Equal(t, "PUT https://b.example/k from https://a.example", questions[0].Title)
}

// FuzzReadPasted: whatever is pasted, reading ends, with a request or a sentence.
func FuzzReadPasted(f *testing.F) {
	for _, text := range []string{"curl a -H 'b: c'", "curl ^\"a^\" ^\n", "fetch('a', {b: [1, {c}], ...d})", "iwr a -Headers @{b='c'}", "GET / HTTP/1.1\nHost: a", ":method: GET"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ReadPasted(text)
		if err != nil {
			require.NotEmpty(t, strings.TrimSpace(err.Error()))
			return
		}
		require.NotEmpty(t, p.Sent)
		for _, s := range p.Sent {
			require.NotEmpty(t, s.Fetch().Method)
		}
	})
}
