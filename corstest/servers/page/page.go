package main

import (
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/report"
)

// markdown returns what stands between the markers of the page.
func markdown(found []finding, date string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nAsked on %s. A cell is passed/asked, of the vectors at `must`; a dash says that nothing could be asked.\n\n", date)
	b.WriteString(matrix(found))
	for _, f := range found {
		if f.report != nil {
			b.WriteString(section(f))
		}
	}
	b.WriteString(absent(found))
	return b.String() + "\n"
}

// matrix returns the table feature × server.
func matrix(found []finding) string {
	rows := []string{"| |", "|---|", "| version |"}
	for _, f := range conformance.AllFeatures() {
		rows = append(rows, "| "+string(f)+" |")
	}
	rows = append(rows, "| **all at must** |", "| all at should |", "| all at may |")
	add := func(i int, cell string) { rows[i] += " " + cell + " |" }
	for _, f := range found {
		if f.report == nil {
			continue
		}
		add(0, "["+f.title+"](#"+anchor(f.title)+")")
		rows[1] += "--:|"
		add(2, f.version)
		counts := make(map[conformance.Feature]report.Counts)
		for _, row := range report.Matrix(f.report.Results) {
			counts[row.Feature] = row.Counts
		}
		for i, feature := range conformance.AllFeatures() {
			add(3+i, share(counts[feature].Must))
		}
		all := report.Count(f.report.Results)
		last := len(rows)
		add(last-3, "**"+share(all.Must)+"**")
		add(last-2, share(all.Should))
		add(last-1, share(all.May))
	}
	return strings.Join(rows, "\n") + "\n"
}

func share(t report.Tally) string {
	if t.Asked() == 0 {
		return "–"
	}
	return fmt.Sprintf("%d/%d", t.Pass, t.Asked())
}

// anchor is that of a heading, as GitHub makes it.
func anchor(title string) string { return strings.ReplaceAll(strings.ToLower(title), " ", "-") }

// section says what came of one server.
func section(f finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\n", f.title)
	fmt.Fprintf(&b, "[%s](%s) %s. %s\n", f.title, f.home, f.version, strings.TrimSpace(f.setup+" "+f.claims))
	all := report.Count(f.report.Results).All()
	noun := "vectors"
	if len(f.report.Results) == 1 {
		noun = "vector"
	}
	fmt.Fprintf(&b, "Of %d %s %d passed, %d failed, %d had no answer, %d were not asked.\n", len(f.report.Results), noun, all.Pass,
		all.Fail, all.Error, all.Skip)
	if f.own != nil {
		must := report.Count(f.own.Results).Must
		fmt.Fprintf(&b, "Held against [%s](%s), with `-dialect %s`, %d of %d at `must` passed.\n", f.facts, f.facts, f.dialect,
			must.Pass, must.Asked())
	}
	b.WriteString(diagnoses(f))
	if len(f.known) > 0 {
		links := make([]string, len(f.known))
		for i, k := range f.known {
			links[i] = "[" + k.title + "](" + k.address + ")"
		}
		b.WriteString("\nKnown: " + strings.Join(links, "; ") + ".\n")
	}
	return b.String()
}

// The confidence from which a diagnosis is shown, and that for a server without rules.
const (
	sure     = 0.5
	verySure = 0.8
)

// diagnoses returns what the failures look like.
func diagnoses(f finding) string {
	least := sure
	if f.unruly {
		least = verySure
	}
	likely := *f.report
	likely.Diagnoses = nil
	var doubted, others []string
	for _, d := range f.report.Diagnoses {
		what, doubt := f.doubts[d.Bug]
		if !doubt {
			what, doubt = unmeasured[d.Bug]
		}
		switch {
		case doubt:
			doubted = append(doubted, "`"+d.Bug+"` ("+what+")")
		case d.Confidence < least:
			others = append(others, "`"+d.Bug+"`")
		default:
			likely.Diagnoses = append(likely.Diagnoses, d)
		}
	}
	text := ""
	if list := likely.MarkdownDiagnoses(); list != "" {
		text = "\nWhat the failures look like, the likeliest first:\n\n" + list
	}
	if doubted != nil {
		text += "\nLooked at, and not so: " + strings.Join(doubted, ", ") + ".\n"
	}
	if others != nil {
		text += fmt.Sprintf("\nLess sure than %v: %s.\n", least, strings.Join(others, ", "))
	}
	return text
}

// absent names the servers that could not be asked.
func absent(found []finding) string {
	var b strings.Builder
	for _, f := range found {
		if f.report == nil {
			fmt.Fprintf(&b, "- [%s](%s): %s\n", f.title, f.home, strings.TrimSpace(f.failure))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n### Not asked\n\n" + b.String()
}
