package main

import (
	"fmt"
	"os"
	"strings"
)

// writeFigures puts the first table of a report where the project's README shows it.
func writeFigures(name, report string) error {
	readme, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	changed, err := withFigures(string(readme), report)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return os.WriteFile(name, []byte(changed), 0o644)
}

func withFigures(readme, report string) (string, error) {
	from, to, err := between(report, "readme")
	if err != nil {
		return "", err
	}
	figures := report[from:to]
	if from, to, err = between(readme, "figures"); err != nil {
		return "", err
	}
	return readme[:from] + figures + readme[to:], nil
}

// between returns where the lines between two comments begin and end.
func between(text, mark string) (from, to int, err error) {
	first, last := "<!-- "+mark+" -->\n", "<!-- /"+mark+" -->"
	if begin := strings.Index(text, first); begin >= 0 {
		from = begin + len(first)
		if length := strings.Index(text[from:], last); length >= 0 {
			return from, from + length, nil
		}
	}
	return 0, 0, fmt.Errorf("no place between %s and %s", strings.TrimSpace(first), last)
}
