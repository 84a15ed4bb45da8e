package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// putTime is how long a command of -put-command may take.
const putTime = time.Minute

// shownOutput is how many bytes of its output are shown when it fails: the last.
const shownOutput = 1000

// putBy returns what gives a bucket a configuration, or takes it away, by a command of
// the shell, which may take so long.
func putBy(command string, limit time.Duration) func(ctx context.Context, bucket string, xml []byte) error {
	return func(ctx context.Context, bucket string, xml []byte) error {
		name := ""
		if xml != nil {
			var err error
			if name, err = temporary(xml); err != nil {
				return err
			}
			defer os.Remove(name)
		}
		cause := fmt.Errorf("it was not done after %v", limit)
		ctx, cancel := context.WithTimeoutCause(ctx, limit, cause)
		defer cancel()
		return runShell(ctx, command, "S3CORS_BUCKET="+bucket, "S3CORS_FILE="+name)
	}
}

// temporary writes a file of its own.
func temporary(content []byte) (name string, err error) {
	f, err := os.CreateTemp("", "s3cors-*.xml")
	if err != nil {
		return "", err
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(f.Name())
		return "", err
	}
	return f.Name(), nil
}

// runShell runs a command with further variables. The error of one that fails has what
// it printed.
func runShell(ctx context.Context, command string, variables ...string) error {
	var output tail
	c := exec.CommandContext(ctx, "sh", "-c", command)
	c.Env = append(os.Environ(), variables...)
	c.Stdout, c.Stderr = &output, &output
	c.WaitDelay = time.Second // for what it started and left behind
	err := c.Run()
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // it is done, and something that it started goes on
		return nil
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	if printed := output.String(); printed != "" {
		return fmt.Errorf("-put-command: %w: %s", err, printed)
	}
	return fmt.Errorf("-put-command: %w", err)
}

// A tail keeps the end of what is written to it.
type tail struct{ end []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.end = append(t.end, p...)
	if extra := len(t.end) - shownOutput; extra > 0 {
		t.end = append(t.end[:0], t.end[extra:]...)
	}
	return len(p), nil
}

// String returns what was kept, without spaces around it.
func (t *tail) String() string { return strings.TrimSpace(string(bytes.ToValidUTF8(t.end, nil))) }
