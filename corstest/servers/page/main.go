// The page command puts what runs of the conformance kit found into docs/servers.md:
//
//	page -date 2026-11-26 DIRECTORY
//
// For each server NAME the directory has NAME.json, which "s3cors conformance -json"
// wrote, and NAME.version, or NAME.error with the reason why there is none. With -print
// the command prints what it found and leaves the page alone.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
)

const path = "docs/servers.md"

func main() {
	date := flag.String("date", "", "the day of the runs")
	onlyPrint := flag.Bool("print", false, "print, and leave the page alone")
	flag.Parse()
	if err := run(flag.Arg(0), *date, *onlyPrint); err != nil {
		fmt.Fprintln(os.Stderr, "page:", err)
		os.Exit(1)
	}
}

func run(directory, date string, onlyPrint bool) error {
	found, err := read(os.DirFS(directory))
	if err != nil {
		return err
	}
	text := []byte(markdown(found, date))
	if onlyPrint {
		_, err := os.Stdout.Write(text)
		return err
	}
	page, err := os.ReadFile(path)
	if err == nil {
		page, err = between(page, text)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(path, page, 0o644)
}

// What is generated stands between these lines of the page.
const (
	begin = "<!-- servers -->\n"
	end   = "<!-- /servers -->\n"
)

// between replaces what stands between the markers of a page.
func between(page, text []byte) ([]byte, error) {
	before, rest, ok := bytes.Cut(page, []byte(begin))
	_, after, closed := bytes.Cut(rest, []byte(end))
	if !ok || !closed {
		return nil, errors.New(path + " has no markers")
	}
	return bytes.Join([][]byte{before, []byte(begin), text, []byte(end), after}, nil), nil
}
