package ask

import (
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// POSIX, Shell Command Language, section 2.2; $'…' is of its 2024 edition.
func TestACommandIsDividedAsAShellDoes(t *testing.T) {
	for command, words := range map[string][]string{
		`curl a  b`:                         {"curl", "a", "b"},
		"curl \\\n  a \\\r\n\tb":            {"curl", "a", "b"},
		`curl 'a b' "c d" e\ f`:             {"curl", "a b", "c d", "e f"},
		`curl 'a'"b"c$'d'`:                  {"curl", "abcd"},
		`curl "a \"b\" \$c \d"`:             {"curl", `a "b" $c \d`},
		"curl \"a\\\nb\"":                   {"curl", "ab"},
		`curl 'it'\''s'`:                    {"curl", "it's"},
		`curl $'it\'s\n\x41\u00e4\101\q\\'`: {"curl", "it's\nAäA\\q\\"},
		`curl ''`:                           {"curl", ""},
		`curl a | jq .`:                     {"curl", "a"},
		`curl a > out && b`:                 {"curl", "a"},
		"curl a\ncurl b":                    {"curl", "a"},
		`curl a # b`:                        {"curl", "a"},
		``:                                  nil,
	} {
		got, err := ShellCommands(command)
		require.NoError(t, err, command)
		require.Empty(t, cmp.Diff(words, slices.Concat(got[:min(1, len(got))]...)), command)
	}
}

// What curl sends, by its manual.
func TestWhatACommandOfCurlSends(t *testing.T) {
	for command, want := range map[string]string{
		`curl https://a.example/k`:                                         "GET https://a.example/k",
		`curl a.example/k`:                                                 "GET http://a.example/k",
		`curl --url https://a.example/`:                                    "GET https://a.example/",
		`curl -I https://a.example/`:                                       "HEAD https://a.example/",
		`curl --head https://a.example/`:                                   "HEAD https://a.example/",
		`curl -XPUT https://a.example/`:                                    "PUT https://a.example/",
		`curl -X OPTIONS -I https://a.example/`:                            "OPTIONS https://a.example/",
		`curl --request DELETE https://a.example/`:                         "DELETE https://a.example/",
		`curl -d a=1 https://a.example/`:                                   "POST https://a.example/ Content-Type=application/x-www-form-urlencoded",
		`curl --data-raw '{}' -H 'Content-Type: text/x' https://a.example`: "POST https://a.example Content-Type=text/x",
		`curl --data-binary @f --data-urlencode b https://a.example/`:      "POST https://a.example/ Content-Type=application/x-www-form-urlencoded",
		`curl --json '{}' https://a.example/`:                              "POST https://a.example/ Content-Type=application/json",
		`curl -F file=@f https://a.example/`:                               "POST https://a.example/ Content-Type=multipart/form-data",
		`curl -G -d a=1 -d b=2 https://a.example/?c`:                       "GET https://a.example/?c&a=1&b=2",
		`curl -T f https://a.example/k`:                                    "PUT https://a.example/k",
		`curl -sSLkvi --compressed https://a.example/`:                     "GET https://a.example/",
		`curl -so /dev/null -w '%{http_code}' https://a.example/`:          "GET https://a.example/",
		`curl -u a:b https://a.example/`:                                   "GET https://a.example/ Authorization=Basic YTpi",
		`curl -b a=1 -A x -e https://r.example/ https://a.example/`:        "GET https://a.example/ Cookie=a=1 User-Agent=x Referer=https://r.example/",
		`curl -r 0-9 https://a.example/`:                                   "GET https://a.example/ Range=bytes=0-9",
		`curl -H 'a:b' -H 'c;' -H 'd:' --header "e: f" https://a.example/`: "GET https://a.example/ a=b c= e=f",
		`curl --no-progress-meter -- https://a.example/`:                   "GET https://a.example/",
		`/usr/bin/curl https://a.example/`:                                 "GET https://a.example/",
	} {
		commands, err := ShellCommands(command)
		require.NoError(t, err)
		s, err := readCurl(commands[0])
		require.NoError(t, err, command)
		got := s.method + " " + s.url
		for _, h := range s.headers {
			got += " " + h[0] + "=" + h[1]
		}
		require.Equal(t, want, got, command)
	}
}

func TestWhatAPageSentIsToldFromWhatItsBrowserAdded(t *testing.T) {
	s := &Sent{method: "PUT", url: "https://b.example/k", headers: [][2]string{
		{"accept", "*/*"}, {"cache-control", "no-cache"}, {"content-type", "image/png"}, {"cookie", "a=1"},
		{"pragma", "no-cache"}, {"priority", "u=1, i"}, {"sec-fetch-mode", "no-cors"}, {"user-agent", "Mozilla/5.0"}}}
	f := s.Fetch()
	require.Empty(t, cmp.Diff([][2]string{{"accept", "*/*"}, {"content-type", "image/png"}, {"sec-fetch-mode", "no-cors"}}, f.Headers))
	require.Equal(t, "include", string(f.Credentials))
	require.Equal(t, "no-cors", string(f.Mode))

	s = &Sent{method: "PUT", headers: [][2]string{{"Cache-Control", "max-age=60"}}}
	require.Empty(t, cmp.Diff([][2]string{{"Cache-Control", "max-age=60"}}, s.Fetch().Headers), "which a script set")
}

func TestWhatAURLAddresses(t *testing.T) {
	for text, target := range map[string]s3cors.Target{
		"https://b.s3.amazonaws.com/k":                                    s3cors.TargetObject,
		"https://b.s3.amazonaws.com/":                                     s3cors.TargetBucket,
		"https://b.s3.eu-west-1.amazonaws.com":                            s3cors.TargetBucket,
		"https://my.dotted.bucket.s3.dualstack.us-west-2.amazonaws.com/k": s3cors.TargetObject,
		"https://s3.eu-west-1.amazonaws.com/b/k":                          s3cors.TargetObject,
		"https://s3.eu-west-1.amazonaws.com/b":                            s3cors.TargetBucket,
		"https://s3.eu-west-1.amazonaws.com/":                             s3cors.TargetService,
		"https://s3-eu-west-1.amazonaws.com/b/k":                          s3cors.TargetObject,
		"https://b.s3.us-west-004.backblazeb2.com/k":                      s3cors.TargetObject,
		"https://b.s3-website-us-east-1.amazonaws.com/k":                  s3cors.TargetObject,
		"http://localhost:9000/b/k":                                       s3cors.TargetObject,
		"http://localhost:9000/b":                                         s3cors.TargetBucket,
		"http://127.0.0.1/":                                               s3cors.TargetService,
		"https://account.r2.cloudflarestorage.com/b/k":                    s3cors.TargetObject,
		"https://cdn.example.com/k":                                       s3cors.TargetObject,
		"https://cdn.example.com/":                                        s3cors.TargetBucket,
	} {
		u, err := url.Parse(text)
		require.NoError(t, err)
		require.Equal(t, target, targetOf(u), text)
	}
}
