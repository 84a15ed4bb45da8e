package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// An output is a file that is to be written whole, or not at all. That it can be
// written shows before there is anything to write.
type output struct {
	name string // of the file
	file *os.File
	// draft is the name of the file that takes the place of the other in the end; ""
	// where that is no ordinary file, and is written itself.
	draft string
}

// openOutput prepares a file to be written. What is there already stays until then.
func openOutput(name string) (*output, error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target // or the link would be replaced
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return openDraft(name, 0o666)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s is a directory", name)
	}
	file, err := os.OpenFile(name, os.O_WRONLY, 0) // a file that must not be changed is not replaced either
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return &output{name: name, file: file}, nil
	}
	file.Close()
	return openDraft(name, info.Mode().Perm())
}

// openDraft makes the file that will take the place of another.
func openDraft(name string, mode fs.FileMode) (*output, error) {
	draft := fmt.Sprintf("%s.%08x.tmp", name, rand.Uint32())
	file, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	var failed *fs.PathError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("%s cannot be written: %w", name, failed.Err) // of the draft nobody has heard
	}
	return &output{name: name, file: file, draft: draft}, err
}

// write gives the file its content.
func (o *output) write(content []byte) error {
	_, err := o.file.Write(content)
	err = errors.Join(err, o.file.Close())
	o.file = nil
	if err == nil && o.draft != "" {
		err = os.Rename(o.draft, o.name)
	}
	if err != nil {
		return fmt.Errorf("%s was not written: %w", o.name, err)
	}
	o.draft = ""
	return nil
}

// discard takes away what was not written.
func (o *output) discard() {
	if o.file != nil {
		o.file.Close()
	}
	if o.draft != "" {
		os.Remove(o.draft)
	}
}
