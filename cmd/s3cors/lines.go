package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// maxLineBytes bounds a line of eval -jsonl, without its line feed.
const maxLineBytes = 16 << 20

// errLongLine is what a line gets that is longer.
var errLongLine = errors.New("the line is longer than 16 MiB")

// A lineReader reads lines of a bounded length, and skips longer ones without
// holding them.
type lineReader struct {
	input *bufio.Reader
	line  []byte
}

// next returns the next line without its line feed, valid until the call after;
// errLongLine instead of a line that is too long; io.EOF behind the last one, for
// which a line feed is optional; or why reading failed.
func (l *lineReader) next() ([]byte, error) {
	l.line = l.line[:0]
	long := false
	for {
		part, err := l.input.ReadSlice('\n')
		text := bytes.TrimSuffix(part, []byte("\n"))
		long = long || len(l.line)+len(text) > maxLineBytes
		if !long {
			l.line = append(l.line, text...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(part) == 0 && len(l.line) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case long:
			return nil, errLongLine
		}
		return l.line, nil
	}
}

// A flushingReader flushes what was written before it waits for more to read, so
// that who feeds the command line by line gets an answer to each.
type flushingReader struct {
	io.Reader
	output *bufio.Writer
}

func (f flushingReader) Read(p []byte) (int, error) {
	if err := f.output.Flush(); err != nil {
		return 0, err
	}
	return f.Reader.Read(p)
}
