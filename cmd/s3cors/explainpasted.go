package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
)

// maxHARBytes bounds an HTTP archive.
const maxHARBytes = 256 << 20

// fromCurl are the requests that a command of curl makes, or what else browsers copy.
func (t *tool) fromCurl(x *explainFlags) ([]ask.Question, error) {
	command, err := t.pasted(x.curl)
	if err != nil {
		return nil, err
	}
	pasted, err := ask.ReadPasted(command)
	if err != nil {
		return nil, fmt.Errorf("-curl: %w", err)
	}
	questions, err := x.Questions(pasted)
	if err != nil || len(questions) > 1 {
		return questions, err
	}
	questions[0].Title = ""
	return questions, nil
}

// fromHAR is what an HTTP archive has of requests that CORS touches.
func (t *tool) fromHAR(x *explainFlags) ([]ask.Question, error) {
	data, err := t.readArchive(x.har)
	if err != nil {
		return nil, err
	}
	questions, err := x.HAR(x.har, data)
	if err != nil {
		return nil, fmt.Errorf("-har: %w", err)
	}
	return questions, nil
}

func (t *tool) readArchive(name string) ([]byte, error) {
	data, err := t.read(name, maxHARBytes+1)
	if len(data) > maxHARBytes {
		return nil, errors.New("-har: the archive has more than 256 MiB")
	}
	return data, err
}

// fromMessage is the request that a browser's sentence is about, with what flags say of
// the rest.
func (t *tool) fromMessage(x *explainFlags) ([]ask.Question, error) {
	message, err := t.pasted(x.message)
	if err != nil {
		return nil, err
	}
	q, err := x.Message(message)
	var missing *ask.MissingError
	switch {
	case errors.Is(err, ask.ErrNoMessage):
		return nil, fmt.Errorf("-message: %w: describe the request with -origin, -method and the other flags", err)
	case errors.As(err, &missing):
		return nil, fmt.Errorf("-message: %w: add %s", err, strings.Join(flagsFor(missing), " and "))
	case err != nil:
		return nil, fmt.Errorf("-message: %w", err)
	}
	return []ask.Question{q}, nil
}

// flagsFor are the flags that give what a sentence does not tell.
func flagsFor(missing *ask.MissingError) []string {
	var flags []string
	if missing.Origin {
		flags = append(flags, "-origin https://…")
	}
	if missing.Method {
		flags = append(flags, "-method GET (or PUT, …)")
	}
	return flags
}
