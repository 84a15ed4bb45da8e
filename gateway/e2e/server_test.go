package e2e

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// gatewayBinary is the gateway that TestMain builds.
var gatewayBinary string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "gateway")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	gatewayBinary = filepath.Join(dir, "gateway")
	if err := build(gatewayBinary); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

func build(binary string) error {
	output, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput()
	if err != nil {
		return fmt.Errorf("building the gateway: %w\n%s", err, output)
	}
	return nil
}

// patience bounds what a test waits for. It is long, for machines that are busy,
// and no test measures it.
const patience = time.Minute

// startGateway starts a gateway on a free port of the loopback interface, with
// further arguments, stops it when the test ends, and returns its base URL,
// which has no slash at its end.
func startGateway(t testing.TB, args ...string) string {
	t.Helper()
	return runGateway(t, args...).base
}

// A process is a gateway that runs.
type process struct {
	cmd    *exec.Cmd
	base   string // URL without a slash at its end
	output *output
	exited chan struct{} // closed when err is there
	err    error         // of cmd.Wait
}

// runGateway is startGateway for tests that are about the process.
func runGateway(t testing.TB, args ...string) *process {
	t.Helper()
	p := &process{output: newOutput(), exited: make(chan struct{})}
	p.cmd = exec.Command(gatewayBinary, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	p.cmd.Stdout = p.output
	p.cmd.Stderr = p.output
	require.NoError(t, p.cmd.Start())
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	t.Cleanup(func() {
		p.stop(t)
		if t.Failed() {
			t.Logf("the gateway printed:\n%s", p.output)
		}
	})
	select {
	case line := <-p.output.first:
		base, ok := strings.CutPrefix(line, "s3cors gateway on ")
		require.True(t, ok, "the gateway began with %q", line)
		p.base = base
	case <-p.exited:
		t.Fatalf("the gateway ended at once: %v\n%s", p.err, p.output)
	case <-time.After(patience):
		t.Fatalf("the gateway says nothing")
	}
	return p
}

// stop asks the gateway to stop, if it runs, and waits until it did.
func (p *process) stop(t testing.TB) {
	t.Helper()
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // fails if it ended before
	p.wait(t)
}

func (p *process) wait(t testing.TB) {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Errorf("the gateway does not stop\n%s", p.output)
	}
}

// output collects what a process prints, and hands out the first line.
type output struct {
	first chan string

	mu   sync.Mutex
	text bytes.Buffer
	sent bool
}

func newOutput() *output { return &output{first: make(chan string, 1)} }

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.text.Write(b)
	if line, _, ok := strings.Cut(o.text.String(), "\n"); ok && !o.sent {
		o.sent = true
		o.first <- line
	}
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// createBucket creates a bucket, which must not exist.
func createBucket(t testing.TB, base, bucket string) {
	t.Helper()
	status, _, body := send(t, "PUT", base+"/"+bucket, nil, nil)
	require.Equal(t, http.StatusOK, status, "%s", body)
}

// putObject stores an object without metadata.
func putObject(t testing.TB, base, bucket, key, content string) {
	t.Helper()
	status, _, body := send(t, "PUT", base+"/"+bucket+"/"+key, nil, []byte(content))
	require.Equal(t, http.StatusOK, status, "%s", body)
}

// putCORS gives a bucket a configuration; a nil one takes the bucket's away.
func putCORS(t testing.TB, base, bucket string, config *s3cors.Configuration) {
	t.Helper()
	if config == nil {
		status, _, body := send(t, "DELETE", base+"/"+bucket+"?cors", nil, nil)
		require.Equal(t, http.StatusNoContent, status, "%s", body)
		return
	}
	document, err := config.AppendXML(nil)
	require.NoError(t, err)
	status, body := putDocument(t, base, bucket, document)
	require.Equal(t, http.StatusOK, status, "%s", body)
}

// putDocument sends a document, valid or not, to a bucket's ?cors.
func putDocument(t testing.TB, base, bucket string, document []byte) (status int, body string) {
	t.Helper()
	sum := md5.Sum(document)
	fields := http.Header{"Content-Md5": {base64.StdEncoding.EncodeToString(sum[:])}}
	status, _, body = send(t, "PUT", base+"/"+bucket+"?cors", fields, document)
	return status, body
}

// send makes a request and returns all of the response.
func send(t testing.TB, method, url string, fields http.Header, content []byte) (status int, header http.Header, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(content))
	require.NoError(t, err)
	for name, values := range fields {
		request.Header[name] = values
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	all, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, response.Header, string(all)
}

// missing ends a test that needs a program which is not there: it fails where
// the environment promises them all, and is skipped elsewhere.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI=true", what)
	}
	t.Skipf("%s is missing", what)
}

// program returns the path of a program.
func program(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name)
	}
	return path
}

// signal sends a signal to the gateway and requires that it stops as it should.
func (p *process) signal(t *testing.T, signal os.Signal) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Signal(signal))
	p.wait(t)
	require.NoError(t, p.err, "exit status is not 0")
	_, rest, found := strings.Cut(p.output.String(), "Ctrl-C stops it.\n")
	require.True(t, found)
	require.Empty(t, rest, "it printed something after its banner")
}

func TestGatewayStopsOnSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			p := runGateway(t)
			createBucket(t, p.base, "demo") // which leaves a connection open
			silent, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
			require.NoError(t, err)
			defer silent.Close()
			p.signal(t, signal)
			_, err = net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
			require.ErrorIs(t, err, syscall.ECONNREFUSED)
		})
	}
}

func TestGatewayStopsAlthoughARequestHangs(t *testing.T) {
	p := runGateway(t)
	createBucket(t, p.base, "demo")
	connection, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	require.NoError(t, err)
	defer connection.Close()
	_, err = io.WriteString(connection, "PUT /demo/key HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
	require.NoError(t, err)
	reply := make([]byte, len("HTTP/1.1 100 Continue"))
	_, err = io.ReadFull(connection, reply) // so that it is being served
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 100 Continue", string(reply))
	p.signal(t, os.Interrupt)
}

func TestGatewayKeepsEverythingInItsDirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "directory")
	p := runGateway(t, "-dir", dir)
	for _, bucket := range []string{"demo", "plain", "taken"} {
		createBucket(t, p.base, bucket)
	}
	putObject(t, p.base, "demo", "a/../key", "content")
	all := joined(documents...)
	putCORS(t, p.base, "demo", &all)
	putCORS(t, p.base, "taken", &documents[0].config)
	putCORS(t, p.base, "taken", nil)
	_, _, before := send(t, "GET", p.base+"/demo?cors", nil, nil)
	p.signal(t, os.Interrupt)

	p = runGateway(t, "-dir", dir)
	_, _, after := send(t, "GET", p.base+"/demo?cors", nil, nil)
	require.Equal(t, before, after)
	want, err := all.AppendXML(nil)
	require.NoError(t, err)
	require.Equal(t, string(want), after)
	status, header, body := send(t, "GET", p.base+"/demo/a/../key", http.Header{"Origin": {"http://www.example.com"}}, nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "content", body)
	require.Equal(t, "http://www.example.com", header.Get("Access-Control-Allow-Origin"))
	for _, bucket := range []string{"plain", "taken"} {
		status, _, body = send(t, "GET", p.base+"/"+bucket+"?cors", nil, nil)
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, body, "<Code>NoSuchCORSConfiguration</Code>")
	}
	_, _, body = send(t, "GET", p.base, nil, nil)
	require.Equal(t, 3, strings.Count(body, "<Name>"), body)

	status, _, _ = send(t, "DELETE", p.base+"/demo/a/../key", nil, nil)
	require.Equal(t, http.StatusNoContent, status)
	status, _, body = send(t, "DELETE", p.base+"/demo", nil, nil)
	require.Equal(t, http.StatusNoContent, status, body)
	createBucket(t, p.base, "demo")
	status, _, _ = send(t, "GET", p.base+"/demo?cors", nil, nil)
	require.Equal(t, http.StatusNotFound, status, "the new bucket has the document of the old one")
}

func TestGatewaySaysWhyItDoesNotStart(t *testing.T) {
	dir := t.TempDir()
	p := runGateway(t, "-dir", dir)
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, []byte("not a database, and long enough to be read as one"), 0o600))
	damaged := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(damaged, "gateway.db"), bytes.Repeat([]byte("no database "), 5000), 0o600))
	rows := []struct {
		name   string
		args   []string
		status int
		stderr string // contained in what it prints
	}{
		{"an argument too many", []string{"9000"}, 2, `gateway: unexpected argument "9000"` + "\n"},
		{"an unknown flag", []string{"-port", "9000"}, 2, "flag provided but not defined: -port\n"},
		{"an address that is taken", []string{"-addr", strings.TrimPrefix(p.base, "http://")}, 1, "address already in use\n"},
		{"no address", []string{"-addr", "nonsense"}, 1, "gateway: listen tcp: address nonsense: missing port in address\n"},
		{"a directory that another gateway uses", []string{"-addr", "127.0.0.1:0", "-dir", dir}, 1, "is in use by another gateway\n"},
		{"a database that is damaged", []string{"-addr", "127.0.0.1:0", "-dir", damaged}, 1, "gateway: " + damaged + "/gateway.db: invalid database\n"},
		{"a directory that is a file", []string{"-addr", "127.0.0.1:0", "-dir", file}, 1, "not a directory\n"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := run(t, "", gatewayBinary, row.args...)
			require.Equal(t, row.status, r.status)
			require.Empty(t, r.stdout)
			require.Contains(t, r.stderr, row.stderr)
		})
	}
	r := run(t, "", gatewayBinary, "-h")
	require.Equal(t, 0, r.status)
	require.Contains(t, r.stderr, "-addr address")
}

// The commands that the gateway prints are part of it.
func TestGatewayPrintsCommandsThatWork(t *testing.T) {
	program(t, "aws")
	program(t, "curl")
	p := runGateway(t)
	_, commands, found := strings.Cut(p.output.String(), "Try, in another terminal:\n")
	require.True(t, found)
	commands, _, found = strings.Cut(commands, "Ctrl-C stops it.")
	require.True(t, found)
	require.Contains(t, commands, p.base)
	r := run(t, "", "sh", "-euc", commands)
	require.Equal(t, 0, r.status, r.stderr)
	want, err := documents[0].config.AppendJSON(nil)
	require.NoError(t, err)
	require.Contains(t, r.stdout, string(want)+"HTTP/1.1 200 OK\r\n")
	require.Contains(t, r.stdout, "\r\nAccess-Control-Allow-Origin: http://www.example.com\r\n")
}

// A person starts it so, and the signal reaches both processes.
func TestGatewayRunsUnderGoRun(t *testing.T) {
	cmd := exec.Command("go", "run", "-C", "..", ".", "-addr", "127.0.0.1:0")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output := newOutput()
	cmd.Stdout, cmd.Stderr = output, output
	require.NoError(t, cmd.Start())
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()
	select {
	case line := <-output.first:
		require.Regexp(t, `^s3cors gateway on http://127\.0\.0\.1:[0-9]+$`, line)
	case <-time.After(patience):
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		t.Fatalf("the gateway says nothing: %s", output)
	}
	require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGINT))
	select {
	case <-exited: // with a status of go's own
	case <-time.After(patience):
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		t.Fatalf("the gateway does not stop: %s", output)
	}
	require.True(t, strings.HasSuffix(output.String(), "Ctrl-C stops it.\n"), "%s", output)
}

// The commands of the README are tried as a person does: one after the other, in
// one shell and an empty directory.
func TestTheCommandsOfTheREADMEWork(t *testing.T) {
	for _, name := range []string{"aws", "curl", "openssl", "s3cmd", "rclone"} {
		program(t, name)
	}
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, section, found := strings.Cut(string(readme), "\n## Try\n")
	require.True(t, found)
	section, _, found = strings.Cut(section, "\n## ")
	require.True(t, found)
	p := runGateway(t)
	script := "cd " + t.TempDir() + "\n"
	for line := range strings.Lines(section) {
		if command, ok := strings.CutPrefix(line, "    "); ok {
			script += command
		}
	}
	const url = "URL=http://127.0.0.1:9000\n"
	require.Contains(t, script, url)
	r := run(t, "", "bash", "-euo", "pipefail", "-c", strings.Replace(script, url, "URL="+p.base+"\n", 1))
	require.Equal(t, 0, r.status, "%s%s", r.stdout, r.stderr)
	require.NotContains(t, r.stdout, "<Error>")
	require.Contains(t, r.stdout, "HTTP/1.1 200 OK\r\n")
	require.Contains(t, r.stdout, "\r\nAccess-Control-Allow-Origin: http://www.example.com\r\n")
	require.Contains(t, r.stdout, `"AllowedMethods": [`+"\n                \"GET\",\n                \"PUT\",\n                \"POST\"\n")
	require.Contains(t, r.stdout, "s3://demo/: CORS deleted\n")
	require.Contains(t, r.stdout, " dir/cors.xml\n")
	status, _, _ := send(t, "GET", p.base+"/demo", nil, nil)
	require.Equal(t, http.StatusNotFound, status, "the last command purges the bucket")
}
