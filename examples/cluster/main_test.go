package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatIsPrintedIsTrue starts the program, over a cluster of its own and over one that is
// there, runs the commands that it prints, and ends it.
func TestWhatIsPrintedIsTrue(t *testing.T) {
	servers, err := StartServers(nodes, t.TempDir(), direct)
	require.NoError(t, err)
	t.Cleanup(servers.Stop)
	for name, url := range map[string]string{"a cluster of its own": "", "a cluster that is there": servers.URL(0)} {
		t.Run(name, func(t *testing.T) {
			port := freePort(t)
			ctx, end := context.WithCancel(t.Context())
			printed, out := io.Pipe()
			ended := make(chan error, 1)
			go func() {
				ended <- run(ctx, out, url, port)
				out.Close()
			}()
			text := make([]byte, 0, 4096)
			for lines := bufio.NewScanner(printed); lines.Scan() && lines.Text() != "Ctrl-C ends it."; {
				text = append(append(text, lines.Bytes()...), '\n')
			}
			commands := regexp.MustCompile(`(?m)^  curl -i (.*)$`).FindAllSubmatch(bytes.ReplaceAll(text, []byte("\\\n"), nil), -1)
			expected := []int{200, 200, 200, 204, 403}
			require.Len(t, commands, len(expected), "%s", text)
			for i, command := range commands {
				eventually(t, func() bool { return curl(t, string(command[1])) == expected[i] })
			}

			end()
			select {
			case err := <-ended:
				require.NoError(t, err)
			case <-time.After(time.Minute):
				require.Fail(t, "it does not end")
			}
			for i := range nodes {
				_, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port+i))
				require.Error(t, err, "somebody listens still")
			}
		})
	}
}

func TestAPortThatIsTakenIsTold(t *testing.T) {
	port := freePort(t)
	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+1))
	require.NoError(t, err)
	defer taken.Close()
	require.ErrorContains(t, run(t.Context(), io.Discard, "nats://127.0.0.1:1", port), "address already in use")
	_, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	require.Error(t, err, "the first gateway has ended")
}

// freePort returns the first of three ports at which nobody listens.
func freePort(t *testing.T) int {
	t.Helper()
	for range 100 {
		first, err := freeAddresses(1)
		require.NoError(t, err)
		if free(first[0].Port+1) && free(first[0].Port+2) {
			return first[0].Port
		}
	}
	require.Fail(t, "no three ports are free")
	return 0
}

func free(port int) bool {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err == nil {
		listener.Close()
	}
	return err == nil
}

// curl does what curl would with these arguments, and returns the status.
func curl(t *testing.T, arguments string) int {
	t.Helper()
	method, body, url := http.MethodGet, "", ""
	header := make(http.Header)
	words := regexp.MustCompile(`'[^']*'|\S+`).FindAllString(arguments, -1)
	for i := 0; i < len(words); i++ {
		word := strings.Trim(words[i], "'")
		if !strings.HasPrefix(word, "-") {
			url = word
			continue
		}
		i++
		value := strings.Trim(words[i], "'")
		switch word {
		case "-X":
			method = value
		case "-d":
			body = value
		case "-H":
			name, value, _ := strings.Cut(value, ": ")
			header.Set(name, value)
		default:
			require.Fail(t, "curl is not asked for this", word)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header = header
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	res.Body.Close()
	return res.StatusCode
}
