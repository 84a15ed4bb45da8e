package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
)

// A section of a manual has files, and commands with what they print.
type section struct {
	title    string
	files    map[string]string
	commands []command
}

type command struct {
	args   []string
	stdout string
	status int
}

var (
	heading = regexp.MustCompile(`(?m)^## `)
	block   = regexp.MustCompile(`(?ms)^~~~ (\w+)(?: (\S+))?( escapes)?\n(.*?)^~~~$`)
	exit    = regexp.MustCompile(`(?m)^exit status ([0-9])\n`)
)

// sections reads a manual, which is a page that shows files, and what a command prints
// for them. In a block with "escapes", escapes of Go stand for
// characters that a reader could not see.
func sections(t *testing.T, manual string) []section {
	t.Helper()
	page, err := os.ReadFile(manual)
	require.NoError(t, err)
	var all []section
	for _, text := range heading.Split(string(page), -1)[1:] {
		title, _, _ := strings.Cut(text, "\n")
		s := section{title: title, files: make(map[string]string)}
		for _, b := range block.FindAllStringSubmatch(text, -1) {
			kind, name, content := b[1], b[2], b[4]
			if b[3] != "" {
				content, err = strconv.Unquote("\"" + strings.NewReplacer("\"", `\"`, "\n", `\n`).Replace(content) + "\"")
				require.NoError(t, err, title)
			}
			if kind == "console" {
				s.commands = append(s.commands, commands(t, content)...)
				continue
			}
			s.files[name] = content
		}
		all = append(all, s)
	}
	return all
}

// commands reads a block of the terminal.
func commands(t *testing.T, text string) []command {
	t.Helper()
	var all []command
	for _, part := range strings.Split(text, "$ s3cors ")[1:] {
		line, stdout, _ := strings.Cut(part, "\n")
		lines, err := ask.ShellCommands("s3cors " + line)
		require.NoError(t, err)
		c := command{args: lines[0][1:], stdout: stdout}
		if status := exit.FindStringSubmatch(stdout); status != nil {
			c.stdout = strings.Replace(stdout, status[0], "", 1)
			c.status, _ = strconv.Atoi(status[1])
		}
		all = append(all, c)
	}
	return all
}

func TestTheManualOfCheck(t *testing.T) { playManual(t, "testdata/check.md", 60) }

func TestTheManualOfExplain(t *testing.T) { playManual(t, "testdata/explain.md", 20) }

// playManual runs the commands of a page of more than so many sections.
func playManual(t *testing.T, manual string, sectionsAtLeast int) {
	t.Helper()
	all := sections(t, manual)
	require.Greater(t, len(all), sectionsAtLeast)
	for _, s := range all {
		t.Run(s.title, func(t *testing.T) {
			require.NotEmpty(t, s.commands)
			t.Chdir(t.TempDir())
			for name, content := range s.files {
				require.Equal(t, filepath.Base(name), name)
				require.NoError(t, os.WriteFile(name, []byte(content), 0o600))
			}
			for _, c := range s.commands {
				var stdout, stderr bytes.Buffer
				status := run(c.args, strings.NewReader(""), &stdout, &stderr)
				require.Empty(t, stderr.String())
				require.Empty(t, cmp.Diff(c.stdout, stdout.String()), fmt.Sprint(c.args))
				require.Equal(t, c.status, status)
			}
		})
	}
}
