package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEvalOfCeph(t *testing.T) {
	guide := []string{"eval", "-dialect", "ceph", "-config", "example.xml", "-method", "OPTIONS"}
	with := func(args ...string) []string { return append(guide[:len(guide):len(guide)], args...) }
	play(t, []scenario{
		{
			name: "the answer that the guide of a provider prints",
			args: with("-origin", "http://www.example.com", "-request-method", "GET"),
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: http://www.example.com
Vary: Origin
Access-Control-Allow-Methods: GET
Access-Control-Max-Age: 3000
Content-Length: 0

`,
		},
		{
			name: "a refusal, with a message",
			args: with("-origin", "http://www.example.com", "-request-method", "PUT", "-request-id", "r", "-host-id", "h"),
			stdout: `HTTP/1.1 403 Forbidden
Content-Length: 152
Accept-Ranges: bytes
Content-Type: application/xml

<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>r</RequestId><HostId>h</HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "an empty method that was given is one",
			args: with("-origin", "http://www.example.com", "-request-method", " "),
			stdout: `HTTP/1.1 403 Forbidden
Content-Length: 150
Accept-Ranges: bytes
Content-Type: application/xml

<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name: "a method that was not is missing",
			args: with("-origin", "http://www.example.com"),
			stdout: `HTTP/1.1 400 Bad Request
Content-Length: 156
Accept-Ranges: bytes
Content-Type: application/xml

<?xml version="1.0" encoding="UTF-8"?><Error><Code>InvalidArgument</Code><Message>Invalid Argument</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name:   "a star is sent without Authorization",
			args:   []string{"eval", "-dialect", "ceph", "-config", "console.json", "-origin", "https://a.example"},
			stdout: "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: GET\n",
		},
		{
			name:   "and an origin with it",
			args:   []string{"eval", "-dialect", "ceph", "-config", "console.json", "-origin", "https://a.example", "-authorization"},
			stdout: "Access-Control-Allow-Origin: https://a.example\nVary: Origin\nAccess-Control-Allow-Methods: GET\n",
		},
		{
			name:   "but not an empty one",
			args:   []string{"eval", "-dialect", "ceph", "-config", "console.json", "-origin", "", "-authorization"},
			stdout: "Ceph adds no CORS headers: it would have to send an empty origin (granted)\n",
		},
		{
			name:   "the answer to ?cors has none",
			args:   []string{"eval", "-dialect", "ceph", "-config", "console.json", "-origin", "https://a.example", "-bucket", "-subresource", "cors"},
			stdout: "Ceph adds no CORS headers: it answers ?cors itself, and only its 403 has them (granted)\n",
		},
		{
			name:   "the PUT of a bucket makes it",
			args:   []string{"eval", "-dialect", "ceph", "-config", "console.json", "-origin", "https://a.example", "-bucket", "-method", "PUT"},
			stdout: "Ceph adds no CORS headers: the request makes the bucket (no-bucket)\n",
			status: exitRefused,
		},
		{
			name:   "a dialect that is none is wrong usage",
			args:   []string{"eval", "-dialect", "minio"},
			stderr: "s3cors: eval: invalid value \"minio\" for flag -dialect: s3cors: \"minio\" is no dialect: it is aws, ceph or ceph-main\n",
			status: exitFailed,
		},
	})
}

func TestCheckOfCeph(t *testing.T) {
	document := `<CORSConfiguration><CORSRule><Foo/><AllowedMethod>put</AllowedMethod><AllowedMethod>GET</AllowedMethod><AllowedOrigin>b</AllowedOrigin><AllowedOrigin>a</AllowedOrigin></CORSRule></CORSConfiguration>`
	play(t, []scenario{
		{
			name:  "what S3 refuses may be fine",
			args:  []string{"check", "-dialect", "ceph", "-"},
			stdin: document,
		},
		{
			name:  "what comes back is what Ceph keeps",
			args:  []string{"check", "-json", "-dialect", "ceph", "-"},
			stdin: document,
			stdout: `{"schema":1,"status":200,"error":null,"problems":[],"more":0,"config":{"CORSRules":[{"AllowedOrigins":["a","b"],"AllowedMethods":["GET","PUT"]}]},` +
				`"xml":"<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>` +
				`<AllowedOrigin>a</AllowedOrigin><AllowedOrigin>b</AllowedOrigin></CORSRule></CORSConfiguration>","causes":[]}` + "\n",
		},
		{
			name:  "a bad value is a defect of structure",
			args:  []string{"check", "-dialect", "ceph", "-"},
			stdin: `[{"AllowedOrigins":["*","http://*.*"],"AllowedMethods":["PATCH"]}]`,
			stdout: `-:1:25: CORSRules[0].AllowedOrigins[1]: one "*" is allowed in a value, and no more: write "http://*" (MalformedXML: ` + malformedMessage + `)
-:1:57: CORSRules[0].AllowedMethods[0]: remove PATCH: the methods to list are GET, PUT, POST, DELETE and HEAD (MalformedXML)
`,
			status: exitRefused,
		},
	})
}

func TestALineNamesItsDialect(t *testing.T) {
	const line = `{"config":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}],"dialect":%,"request":{"method":"GET","headers":[["Origin","a"],["Origin","b"],["Authorization","x"]]}}` + "\n"
	const (
		amazon = `{"outcome":"granted","rule":0,"status":null,"headers":[["Access-Control-Allow-Origin","*"],["Access-Control-Allow-Methods","GET"],["Vary","Origin, Access-Control-Request-Headers, Access-Control-Request-Method"]],"error":null}` + "\n"
		ceph   = `{"outcome":"granted","rule":0,"status":null,"headers":[["Access-Control-Allow-Origin","b"],["Vary","Origin"],["Access-Control-Allow-Methods","GET"]],"error":null}` + "\n"
		wrong  = `{"outcome":"invalid-input","rule":null,"status":null,"headers":[],"error":null,"detail":"dialect is \"Ceph\", not aws, ceph or ceph-main"}` + "\n"
	)
	var input strings.Builder
	for _, dialect := range []string{"null", `"ceph"`, `"aws"`, `"ceph-main"`, `"Ceph"`} {
		input.WriteString(strings.Replace(line, "%", dialect, 1))
	}
	for flag, usual := range map[string]string{"aws": amazon, "ceph": ceph} {
		var stdout, stderr strings.Builder
		require.Equal(t, exitFine, run([]string{"eval", "-dialect", flag, "-jsonl"}, strings.NewReader(input.String()), &stdout, &stderr))
		require.Empty(t, stderr.String())
		require.Equal(t, usual+ceph+amazon+ceph+wrong, stdout.String())
	}
}

func TestALineOfASubresourceHasTheHeadersOfSuccess(t *testing.T) {
	const line = `{"config":[{"AllowedOrigins":["a"],"AllowedMethods":["GET"]}],"request":{"method":"GET","target":"bucket","subresource":%,"headers":{"Origin":"a"}}}` + "\n"
	input := strings.Replace(line, "%", `"cors"`, 1) + strings.Replace(line, "%", `"acl"`, 1) + strings.Replace(line, "%", `1`, 1)
	var stdout, stderr strings.Builder
	require.Equal(t, exitFine, run([]string{"eval", "-jsonl", "-dialect", "ceph"}, strings.NewReader(input), &stdout, &stderr))
	require.Equal(t, `{"outcome":"granted","rule":0,"status":null,"headers":[],"error":null}
{"outcome":"granted","rule":0,"status":null,"headers":[["Access-Control-Allow-Origin","a"],["Vary","Origin"],["Access-Control-Allow-Methods","GET"]],"error":null}
{"outcome":"invalid-input","rule":null,"status":null,"headers":[],"error":null,"detail":"request.subresource is a number, not a string"}
`, stdout.String())
}
