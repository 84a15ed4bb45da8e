package report_test

import (
	"bytes"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/report"
	"github.com/s3cors/s3cors/corstest/vectors"
)

func TestALineOfCurl(t *testing.T) {
	signed := report.Curl{Endpoint: "http://127.0.0.1:9000", Region: "us-east-1"}
	for _, row := range []struct {
		name    string
		curl    report.Curl
		request conformance.Request
		want    string
	}{
		{
			"a preflight is not signed", signed,
			conformance.Request{
				Method: "OPTIONS", Bucket: "b", Key: "dir/my key", Anonymous: true,
				Headers: []vectors.Pair{{"Origin", "https://app.example.com"}, {"Access-Control-Request-Method", "PUT"}},
			},
			`curl -i -X OPTIONS -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' http://127.0.0.1:9000/b/dir/my%20key`,
		},
		{
			"another request is", signed,
			conformance.Request{Method: "GET", Bucket: "b", Query: "cors"},
			`curl -i --aws-sigv4 aws:amz:us-east-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"` +
				` -H 'x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' 'http://127.0.0.1:9000/b?cors='`,
		},
		{
			"a signed body has a type, and every parameter its sign", signed,
			conformance.Request{Method: "PUT", Bucket: "b", Query: "cors&x=y&z", Body: []byte("x")},
			`curl -i -X PUT --aws-sigv4 aws:amz:us-east-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"` +
				` -H 'x-amz-content-sha256: 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'` +
				` -H 'Content-Type: application/octet-stream' --data-binary x 'http://127.0.0.1:9000/b?cors=&x=y&z='`,
		},
		{
			"a signed header that is repeated is doubtful", signed,
			conformance.Request{
				Method: "GET", Bucket: "b",
				Headers: []vectors.Pair{{"Origin", "a"}, {"origin", "b"}, {"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}},
			},
			`curl -i --aws-sigv4 aws:amz:us-east-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H 'Origin: a' -H 'origin: b'` +
				` -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' http://127.0.0.1:9000/b # curl may sign wrongly what is repeated, empty or not sorted`,
		},
		{
			"parameters that are not sorted are doubtful, too", signed,
			conformance.Request{Method: "GET", Bucket: "b", Query: "cors&acl", Headers: []vectors.Pair{{"x-amz-content-sha256", "UNSIGNED-PAYLOAD"}}},
			`curl -i --aws-sigv4 aws:amz:us-east-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"` +
				` -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD' 'http://127.0.0.1:9000/b?cors=&acl=' # curl may sign wrongly what is repeated, empty or not sorted`,
		},
		{
			"a session token is a header", report.Curl{Endpoint: "https://s3.example.com/", Region: "eu-1", SessionToken: true},
			conformance.Request{Method: "HEAD", Bucket: "b", Key: "k", Headers: []vectors.Pair{{"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD"}}},
			`curl -i --head --aws-sigv4 aws:amz:eu-1:s3 --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"` +
				` -H "x-amz-security-token: $AWS_SESSION_TOKEN" -H 'X-Amz-Content-Sha256: UNSIGNED-PAYLOAD' https://s3.example.com/b/k`,
		},
		{
			"nothing is signed without a region", report.Curl{Endpoint: "http://localhost"},
			conformance.Request{Method: "DELETE", Bucket: "b", Query: "cors"},
			`curl -i -X DELETE 'http://localhost/b?cors'`,
		},
		{
			"the name of a bucket is a host whose address is that of the endpoint",
			report.Curl{Endpoint: "https://s3.example.com/base", VirtualHosted: true},
			conformance.Request{Method: "GET", Bucket: "b", Key: "k"},
			`curl -i --connect-to ::s3.example.com:443 https://b.s3.example.com/base/k`,
		},
		{
			"a port stays", report.Curl{Endpoint: "http://[::1]:9000", VirtualHosted: true},
			conformance.Request{Method: "GET", Bucket: "b"},
			`curl -i --connect-to '::[::1]:9000' --globoff 'http://b.[::1]:9000/'`,
		},
		{
			"the service is the root", report.Curl{},
			conformance.Request{Method: "GET"},
			`curl -i http://localhost/`,
		},
		{
			"dots in a path stay", report.Curl{},
			conformance.Request{Method: "GET", Bucket: "b", Key: "../x"},
			`curl -i --path-as-is http://localhost/b/../x`,
		},
		{
			"a body is no form", report.Curl{},
			conformance.Request{Method: "PUT", Bucket: "b", Query: "cors", Body: []byte("<it's/>")},
			`curl -i -X PUT -H Content-Type: --data-binary '<it'\''s/>' 'http://localhost/b?cors'`,
		},
		{
			"a body that is a form is one", report.Curl{},
			conformance.Request{Method: "POST", Bucket: "b", Headers: []vectors.Pair{{"content-type", "text/plain"}}, Body: []byte("a=b")},
			`curl -i -X POST -H 'content-type: text/plain' --data-binary 'a=b' http://localhost/b`,
		},
		{
			"a PUT without a body has its length", report.Curl{},
			conformance.Request{Method: "PUT", Bucket: "b"},
			`curl -i -X PUT -H Content-Type: --data-binary '' http://localhost/b`,
		},
		{
			"a body that curl would take for a file's name is fed to it", report.Curl{},
			conformance.Request{Method: "PUT", Bucket: "b", Body: []byte("@etc")},
			`printf '@etc' | curl -i -X PUT -H Content-Type: --data-binary @- http://localhost/b`,
		},
		{
			"a body of several lines, with a NUL, is on one", report.Curl{},
			conformance.Request{Method: "PUT", Bucket: "b", Body: []byte("-a\n\t\x00%\\'!\xff")},
			`printf '\055a\n\t\000%%\\'\''\041\377' | curl -i -X PUT -H Content-Type: --data-binary @- http://localhost/b`,
		},
		{
			"a header without a value is sent", report.Curl{},
			conformance.Request{Method: "GET", Bucket: "b", Headers: []vectors.Pair{{"Origin", ""}}},
			`curl -i -H 'Origin;' http://localhost/b`,
		},
		{
			"what a terminal would obey is escaped", report.Curl{},
			conformance.Request{Method: "GET", Bucket: "b", Headers: []vectors.Pair{{"Origin", "\x1b[2J\u202e'"}}},
			`curl -i -H "$(printf 'Origin: \033[2J\342\200\256'\''')" http://localhost/b`,
		},
		{
			"a NUL in a header cannot be", report.Curl{},
			conformance.Request{Method: "GET", Bucket: "b", Headers: []vectors.Pair{{"Origin", "a\x00"}}},
			`curl -i -H "$(printf 'Origin: a\000')" http://localhost/b # without the NUL in a header: no argument of a command can have one`,
		},
		{
			"a header of two lines is doubtful", report.Curl{},
			conformance.Request{Method: "GET", Bucket: "b", Headers: []vectors.Pair{{"Origin", "a\nb"}}},
			`curl -i -H "$(printf 'Origin: a\nb')" http://localhost/b # a header has more than one line: curl may refuse it`,
		},
		{
			"a HEAD with a body waits for none", report.Curl{},
			conformance.Request{Method: "HEAD", Bucket: "b", Body: []byte("x")},
			`curl -i --max-time 10 -X HEAD -H Content-Type: --data-binary x http://localhost/b`,
		},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.want, row.curl.Line(&row.request)) })
	}
}

// pasted runs a line in a shell, and returns the arguments that curl gets and what it
// is fed.
func pasted(t *testing.T, shell, line string) (args []string, fed string) {
	t.Helper()
	const curl = `curl() { for a; do printf '%s\0' "$a"; done; case "$*" in *"--data-binary @- "*) cat;; esac; }` + "\n"
	out, err := exec.Command(shell, "-c", curl+line).Output()
	require.NoError(t, err, line)
	parts := strings.Split(string(out), "\x00")
	const last = "http://localhost/b"
	for i, a := range parts {
		if a == last {
			return parts[:i+1], strings.Join(parts[i+1:], "\x00")
		}
	}
	require.Fail(t, "the URL is not among the arguments", line)
	return nil, ""
}

// hostile returns a text of those bytes that shells, curl and terminals mind.
func hostile(r *rand.Rand, n int, without string) string {
	const chars = "'\"\\$`!%-@#;&|<>(){}[]*?~ \t\n\r\x00\x01\x1b\x7f\xff\xc3ab017"
	var b strings.Builder
	for b.Len() < n {
		c := chars[r.IntN(len(chars))]
		if strings.IndexByte(without, c) < 0 {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func TestAShellPassesOnWhatTheRequestHas(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, shell := range []string{"sh", "bash"} {
		for i := range 60 {
			n := []int{1, 2, 7, 40, 3000}[i%5]
			value, body := "x"+hostile(r, n, "\x00")+"x", hostile(r, n, "")
			request := conformance.Request{
				Method: "PUT", Bucket: "b", Headers: []vectors.Pair{{"X-Value", value}}, Body: []byte(body),
			}
			args, fed := pasted(t, shell, report.Curl{}.Line(&request))
			require.Equal(t, []string{"-i", "-X", "PUT", "-H", "X-Value: " + value, "-H", "Content-Type:", "--data-binary"}, args[:8])
			if args[8] != "@-" {
				fed = args[8]
			}
			require.Equal(t, body, fed)
		}
	}
}

func TestADocumentOf64KBIsAShortLine(t *testing.T) {
	body := "<CORSConfiguration>" + strings.Repeat(" ", 64<<10) + "</CORSConfiguration>\n"
	line := report.Curl{}.Line(&conformance.Request{Method: "PUT", Bucket: "b", Body: []byte(body)})
	require.Less(t, len(line), 600)
	_, fed := pasted(t, "sh", line)
	require.True(t, bytes.Equal([]byte(body), []byte(fed)))
}
