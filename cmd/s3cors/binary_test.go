package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBinary runs what go build makes, since go run has but one status for every
// failure. It stands at the root of the module, as the README's commands do.
func TestBinary(t *testing.T) {
	binary := build(t)
	t.Chdir("../..")
	for _, s := range []scenario{
		{
			name: "the README's preflight is granted",
			args: []string{"eval", "-config", "testdata/example.xml", "-method", "OPTIONS", "-origin", "http://www.example.com", "-request-method", "GET"},
			stdout: `HTTP/1.1 200 OK
Access-Control-Allow-Origin: http://www.example.com
Access-Control-Allow-Methods: GET
Access-Control-Max-Age: 3000
Access-Control-Allow-Credentials: true
` + varyLine + `Content-Length: 0

`,
			status: exitFine,
		},
		{
			name: "a refused preflight is status 1",
			args: []string{"eval", "-config", "testdata/example.xml", "-method", "OPTIONS", "-origin", "http://www.example.com", "-request-method", "FOO"},
			stdout: `HTTP/1.1 400 Bad Request
Content-Type: application/xml
Transfer-Encoding: chunked

<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>BadRequest</Code><Message>Invalid Access-Control-Request-Method: FOO</Message><RequestId></RequestId><HostId></HostId></Error>
`,
			status: exitRefused,
		},
		{
			name:   "an unreadable file is status 2",
			args:   []string{"check", "testdata/no-such-file.xml"},
			stderr: "s3cors: open testdata/no-such-file.xml: no such file or directory\n",
			status: exitFailed,
		},
		{
			name:   "lines come from standard input",
			args:   []string{"eval", "-jsonl"},
			stdin:  "\n",
			stdout: emptyLine,
			status: exitFine,
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			command := exec.Command(binary, s.args...)
			command.Stdin, command.Stdout, command.Stderr = strings.NewReader(s.stdin), &stdout, &stderr
			err := command.Run()
			var failed *exec.ExitError
			if err != nil && !errors.As(err, &failed) {
				t.Fatal(err)
			}
			require.Equal(t, s.stdout, stdout.String())
			require.Equal(t, s.stderr, stderr.String())
			require.Equal(t, s.status, command.ProcessState.ExitCode())
		})
	}
}

// build builds the command, and returns the name of the binary.
func build(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "s3cors.exe")
	built, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, "%s", built)
	return binary
}

func TestTheExampleIsTheREADMEs(t *testing.T) {
	want, err := os.ReadFile("../../testdata/example.xml")
	require.NoError(t, err)
	got, err := os.ReadFile("testdata/example.xml")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}
