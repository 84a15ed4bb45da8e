package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestServePrintsItsAddressAnswersAndEndsWithASignal(t *testing.T) {
	binary := build(t)
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		command := exec.Command(binary, "serve")
		var stderr bytes.Buffer
		command.Stderr = &stderr
		stdout, err := command.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, command.Start())
		killer := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
		output := bufio.NewReader(stdout)
		url, err := output.ReadString('\n')
		require.NoError(t, err)
		require.Regexp(t, `^http://127\.0\.0\.1:[1-9][0-9]*/\n$`, url)

		response, err := http.Get(strings.TrimSpace(url))
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Contains(t, string(body), `<script type="module" src="main.js"></script>`)

		require.NoError(t, command.Process.Signal(signal))
		rest, err := io.ReadAll(output)
		require.NoError(t, err)
		require.NoError(t, command.Wait())
		require.Empty(t, string(rest)+stderr.String())
		killer.Stop()
	}
}

func TestWrongUsageOfServe(t *testing.T) {
	for want, args := range map[string][]string{
		"s3cors: serve: stray argument \"x\"\n": {"serve", "x"},
		"s3cors: serve: the page is for this machine alone: give an address of loopback, such as 127.0.0.1:0\n": {"serve", "-addr", "0.0.0.0:0"},
		"s3cors: serve: flag provided but not defined: -port\n":                                                 {"serve", "-port", "1"},
		"s3cors: serve: -export stands alone\n":                                                                 {"serve", "-export", "x", "-open"},
	} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, exitFailed, run(args, strings.NewReader(""), &stdout, &stderr))
		require.Equal(t, want, stderr.String())
		require.Empty(t, stdout.String())
	}
}
