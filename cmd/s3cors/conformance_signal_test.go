package main

import (
	"bytes"
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
)

// A process is the command as a process of its own.
type process struct {
	*exec.Cmd
	stdout, stderr bytes.Buffer
}

// start starts the command.
func start(t *testing.T, binary string, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(binary, append([]string{"conformance"}, args...)...)}
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	require.NoError(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() }) // fails if it has ended
	return p
}

// ended waits for the end of the process, and returns its exit status.
func (p *process) ended(t *testing.T) int {
	t.Helper()
	killer := time.AfterFunc(time.Minute, func() { _ = p.Process.Kill() })
	defer killer.Stop()
	_ = p.Wait() // which fails for every status but 0
	return p.ProcessState.ExitCode()
}

// after returns what answers no request, and a channel that it closes when it has seen
// so many of those that count.
func after(n int, counts func(*http.Request) bool) (front func(http.ResponseWriter, *http.Request) bool, seen chan struct{}) {
	var mu sync.Mutex
	seen = make(chan struct{})
	return func(_ http.ResponseWriter, r *http.Request) bool {
		if !counts(r) {
			return false
		}
		mu.Lock()
		defer mu.Unlock()
		if n--; n == 0 {
			close(seen)
		}
		time.Sleep(5 * time.Millisecond) // so that the run is not over before
		return false
	}, seen
}

func isPreflight(r *http.Request) bool { return r.Method == http.MethodOptions }

func isBucketDeletion(r *http.Request) bool {
	return r.Method == http.MethodDelete && r.URL.RawQuery == "" && strings.Count(r.URL.Path, "/") == 1
}

func await(t *testing.T, c chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(time.Minute):
		t.Fatal("it did not come to pass")
	}
}

func TestSignals(t *testing.T) {
	noAWS(t)
	binary := build(t)
	t.Run("a signal ends a run, which tidies up", func(t *testing.T) { testOneSignal(t, binary) })
	t.Run("a second signal ends it at once, and it says what is left", func(t *testing.T) { testTwoSignals(t, binary) })
}

func testOneSignal(t *testing.T, binary string) {
	for _, row := range []struct {
		name   string
		signal os.Signal
		bucket string
		status int
	}{
		{"SIGINT", os.Interrupt, "", 130},
		{"SIGTERM", syscall.SIGTERM, "", 143},
		{"SIGINT with a bucket that was there", os.Interrupt, "mine", 130},
	} {
		t.Run(row.name, func(t *testing.T) {
			front, busy := after(20, isPreflight)
			s := newFakeS3(t, func(s *fakeS3) { s.front = front })
			var args, left []string
			if row.bucket != "" {
				s.makeBucket(t, row.bucket, oneRule)
				args, left = []string{"-bucket", row.bucket}, []string{row.bucket}
			}
			dir := t.TempDir()
			p := start(t, binary, append(args, "-endpoint", s.URL, "-junit", filepath.Join(dir, "junit.xml"))...)
			await(t, busy)
			require.NoError(t, p.Process.Signal(row.signal))
			require.Equal(t, row.status, p.ended(t))
			require.Regexp(t, "^s3cors: conformance: "+row.signal.String()+": tidying up; a second signal ends this at once\n"+
				"s3cors: conformance: "+row.signal.String()+": ended behind [0-9]+ of [0-9]+ vectors\n$", p.stderr.String())
			require.Empty(t, p.stdout.String())
			require.ElementsMatch(t, left, s.content())
			if row.bucket != "" {
				require.Equal(t, oneRule, s.configuration(t, row.bucket))
			}
			entries, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, entries, "a draft was left behind")
		})
	}
}

func testTwoSignals(t *testing.T, binary string) {
	release := make(chan struct{})
	begun, busy := after(20, isPreflight)
	deleting, hung := after(1, isBucketDeletion)
	s := newFakeS3(t, func(s *fakeS3) {
		s.front = func(w http.ResponseWriter, r *http.Request) bool {
			begun(w, r)
			deleting(w, r)
			if isBucketDeletion(r) {
				<-release
			}
			return false
		}
	})
	defer close(release)
	p := start(t, binary, "-endpoint", s.URL, "-parallel", "1", "-run", "^preflight|^star|^method", "-timeout", "1m")
	await(t, busy)
	require.NoError(t, p.Process.Signal(os.Interrupt))
	await(t, hung)
	require.NoError(t, p.Process.Signal(syscall.SIGTERM))
	require.Equal(t, 143, p.ended(t))
	lines := strings.Split(p.stderr.String(), "\n")
	require.Len(t, lines, 3)
	require.Equal(t, "s3cors: conformance: interrupt: tidying up; a second signal ends this at once", lines[0])
	require.Equal(t, "s3cors: conformance: terminated: may be left behind: bucket "+strings.Join(s.content(), ", bucket "), lines[1])
}
