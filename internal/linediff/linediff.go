// Package linediff shows the lines in which two short texts differ.
package linediff

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/internal/printable"
)

// context is the number of equal lines that are shown around a change.
const context = 3

// most bounds the comparisons. Texts of more lines are shown as one change.
const most = 1 << 24

// A line is one of the old text, of the new one, or of both.
type line struct {
	sign byte // '-', '+' or ' '
	text string
}

// Unified returns the change from one text to another in the unified format, with
// name for both; "" if they are equal. Characters that do not print are escaped.
func Unified(name, from, to string) string {
	if from == to {
		return ""
	}
	var b strings.Builder
	name = printable.String(name)
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", name, name)
	lines := compare(split(from), split(to))
	for start := 0; start < len(lines); {
		if start = nextChange(lines, start); start == len(lines) {
			break
		}
		first := max(0, start-context)
		end := endOfHunk(lines, start)
		hunk(&b, lines, first, end)
		start = end
	}
	return b.String()
}

func split(text string) []string {
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func nextChange(lines []line, at int) int {
	for at < len(lines) && lines[at].sign == ' ' {
		at++
	}
	return at
}

// endOfHunk returns where the hunk ends whose first change is at start: behind its
// last change and some equal lines, where no further change comes soon.
func endOfHunk(lines []line, start int) int {
	for {
		for start < len(lines) && lines[start].sign != ' ' {
			start++
		}
		next := nextChange(lines, start)
		if next == len(lines) || next-start > 2*context {
			return min(len(lines), start+context)
		}
		start = next
	}
}

func hunk(b *strings.Builder, lines []line, first, end int) {
	oldLine, newLine := 1, 1
	for _, l := range lines[:first] {
		oldLine += count(l, '-')
		newLine += count(l, '+')
	}
	oldCount, newCount := 0, 0
	for _, l := range lines[first:end] {
		oldCount += count(l, '-')
		newCount += count(l, '+')
	}
	fmt.Fprintf(b, "@@ -%d,%d +%d,%d @@\n", oldLine, oldCount, newLine, newCount)
	for _, l := range lines[first:end] {
		fmt.Fprintf(b, "%c%s\n", l.sign, strings.ReplaceAll(printable.String(strings.ReplaceAll(l.text, "\t", "\x00")), `\x00`, "\t"))
	}
}

// count returns 1 for a line that is in the text of that sign.
func count(l line, sign byte) int {
	if l.sign == ' ' || l.sign == sign {
		return 1
	}
	return 0
}

// compare returns the lines of both texts, those of the longest common subsequence
// once.
func compare(from, to []string) []line {
	var head, tail []line
	for len(from) > 0 && len(to) > 0 && from[0] == to[0] {
		head = append(head, line{' ', from[0]})
		from, to = from[1:], to[1:]
	}
	for len(from) > 0 && len(to) > 0 && from[len(from)-1] == to[len(to)-1] {
		tail = append([]line{{' ', from[len(from)-1]}}, tail...)
		from, to = from[:len(from)-1], to[:len(to)-1]
	}
	return append(append(head, middle(from, to)...), tail...)
}

func middle(from, to []string) []line {
	if len(to) > 0 && len(from) > most/len(to) {
		return all(from, to)
	}
	width := len(to) + 1
	longest := make([]int32, (len(from)+1)*width) // of from[i:] and to[j:]
	for i := len(from) - 1; i >= 0; i-- {
		for j := len(to) - 1; j >= 0; j-- {
			if from[i] == to[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	var lines []line
	i, j := 0, 0
	for i < len(from) && j < len(to) {
		switch {
		case from[i] == to[j]:
			lines = append(lines, line{' ', from[i]})
			i, j = i+1, j+1
		case longest[(i+1)*width+j] >= longest[i*width+j+1]:
			lines = append(lines, line{'-', from[i]})
			i++
		default:
			lines = append(lines, line{'+', to[j]})
			j++
		}
	}
	return append(lines, all(from[i:], to[j:])...)
}

func all(from, to []string) []line {
	var lines []line
	for _, text := range from {
		lines = append(lines, line{'-', text})
	}
	for _, text := range to {
		lines = append(lines, line{'+', text})
	}
	return lines
}
