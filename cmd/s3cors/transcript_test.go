package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the commands print into testdata/manual")

// TestManual plays the files of testdata/manual: each is a page of text with files,
// which stand between "-- name --" and a line of "--", and with commands, each behind
// "$ ", with what it prints, on standard output and then on standard error, and its
// exit status where that is not 0, behind "exit ". The pages are read as a manual.
func TestManual(t *testing.T) {
	pages, err := filepath.Glob("testdata/manual/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, pages)
	for _, name := range pages {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			name, err := filepath.Abs(name)
			require.NoError(t, err)
			t.Chdir(t.TempDir())
			now, commands := replay(t, string(text))
			require.NotZero(t, commands)
			if *update {
				require.NoError(t, os.WriteFile(name, []byte(now), 0o644))
			}
			require.Empty(t, cmp.Diff(string(text), now))
		})
	}
}

// replay returns a page as its commands print it now, and their number.
func replay(t *testing.T, page string) (text string, commands int) {
	t.Helper()
	var b strings.Builder
	lines := strings.SplitAfter(page, "\n")
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSuffix(lines[i], "\n")
		b.WriteString(lines[i])
		switch {
		case strings.HasPrefix(line, "-- ") && strings.HasSuffix(line, " --"):
			var content strings.Builder
			for i++; i < len(lines) && lines[i] != "--\n"; i++ {
				content.WriteString(lines[i])
			}
			file := strings.TrimSuffix(strings.TrimPrefix(line, "-- "), " --")
			require.NoError(t, os.WriteFile(file, []byte(content.String()), 0o644))
			b.WriteString(content.String() + "--\n")
		case strings.HasPrefix(line, "$ "):
			commands++
			b.WriteString(played(t, line[len("$ "):]))
			for i+1 < len(lines) && strings.TrimSpace(lines[i+1]) != "" {
				i++ // what it printed before
			}
		}
	}
	return b.String(), commands
}

// played runs a command, which may read a file behind "<", and returns what it prints.
func played(t *testing.T, command string) string {
	t.Helper()
	command, input, _ := strings.Cut(command, " < ")
	args := words(command)
	if args[0] == "cat" {
		content, err := os.ReadFile(args[1])
		require.NoError(t, err)
		return string(content)
	}
	require.Equal(t, "s3cors", args[0])
	var stdin []byte
	if input != "" {
		var err error
		stdin, err = os.ReadFile(input)
		require.NoError(t, err)
	}
	var stdout, stderr bytes.Buffer
	status := run(args[1:], bytes.NewReader(stdin), &stdout, &stderr)
	text := stdout.String() + stderr.String()
	require.NotContains(t, text, "\n\n", "an empty line ends what a command prints")
	if status != 0 {
		text += fmt.Sprintf("exit %d\n", status)
	}
	return text
}

// words splits a command at spaces; single quotes hold words together.
func words(command string) []string {
	var all []string
	for i, part := range strings.Split(command, "'") {
		if i%2 == 1 {
			all = append(all, part)
		} else {
			all = append(all, strings.Fields(part)...)
		}
	}
	return all
}
