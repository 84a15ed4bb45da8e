package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// served runs "serve -open" with one folder to look for commands in, and returns the URL
// that it prints and the first line on standard error.
func served(t *testing.T, binary, path string, message bool) (url, complaint string) {
	command := exec.Command(binary, "serve", "-open")
	command.Env = append(os.Environ(), "PATH="+path)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	stderr, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	killer := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer killer.Stop()
	url, err = bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	if message {
		complaint, err = bufio.NewReader(stderr).ReadString('\n')
		require.NoError(t, err)
	}
	response, err := http.Get(strings.TrimSpace(url)) // it serves, whatever became of the browser
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, 200, response.StatusCode)
	if !message {
		require.Eventually(t, func() bool {
			_, err := os.Stat(filepath.Join(path, "opened"))
			return err == nil
		}, time.Minute, 10*time.Millisecond)
	}
	require.NoError(t, command.Process.Signal(os.Interrupt))
	require.NoError(t, command.Wait())
	return url, complaint
}

func TestServeOpensTheBrowser(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the command that opens a browser has another name")
	}
	binary := build(t)
	opener := func(script string) string {
		folder := t.TempDir()
		require.NoError(t, os.WriteFile(filepath.Join(folder, "xdg-open"), []byte("#!/bin/sh\n"+script), 0o700))
		return folder
	}
	// It is written under another name first, so that it is there as a whole.
	folder := opener(`echo "$#" "$1" > "${0%/*}/opening" && PATH=/bin:/usr/bin mv "${0%/*}/opening" "${0%/*}/opened"`)
	url, _ := served(t, binary, folder, false)
	got, err := os.ReadFile(filepath.Join(folder, "opened"))
	require.NoError(t, err)
	require.Equal(t, "1 "+url, string(got))

	url, complaint := served(t, binary, opener("exit 3"), true)
	require.Regexp(t, `^http://127\.0\.0\.1:[1-9][0-9]*/\n$`, url)
	require.Equal(t, "s3cors: serve: the browser was not opened: xdg-open: exit status 3: open the URL yourself\n", complaint)

	url, complaint = served(t, binary, t.TempDir(), true)
	require.Regexp(t, `^http://127\.0\.0\.1:[1-9][0-9]*/\n$`, url)
	require.Equal(t, "s3cors: serve: the browser was not opened: exec: \"xdg-open\": executable file not found in $PATH: open the URL yourself\n", complaint)
}

// Without a checkout there is nothing to build, and no half of a page is left.
func TestExportTellsWhatItNeeds(t *testing.T) {
	binary, folder := build(t), t.TempDir()
	command := exec.Command(binary, "serve", "-export", filepath.Join(folder, "page"))
	command.Dir = folder
	output, err := command.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, exitFailed, command.ProcessState.ExitCode())
	require.Equal(t, "s3cors: serve: the program for the browser was not built, for which Go and a checkout are needed: exit status 1: no required module provides package "+
		"github.com/s3cors/s3cors/cmd/s3cors/internal/wasm: go.mod file not found in current directory or any parent directory; see 'go help modules'\n", string(output))
	left, err := os.ReadDir(filepath.Join(folder, "page"))
	require.NoError(t, err)
	require.Empty(t, left)
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
