package main

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/bench/suite"
)

// measured returns a measurement in which our engines took 10 ns and all others
// 200 ns for everything, in six runs.
func measured() *measurement {
	m := &measurement{
		plan: quick, started: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC), cpu: "A processor", cores: 2, samples: make(samples),
		holdings: []suite.Holding{{Document: "2 rules", Size: 600, Policy: 900, Configuration: 500, Versity: 700}},
	}
	for _, f := range append(suite.Families(), suite.Parallel()) {
		for _, c := range f.Cases {
			ns := 200.0
			if strings.HasPrefix(c.Engine, "s3cors") {
				ns = 10
			}
			m.samples[c.Key()] = &series{nanoseconds: slices.Repeat([]float64{ns}, 6), processor: []float64{ns}}
			m.samples[onProcessors(c.Key(), 2)] = &series{nanoseconds: slices.Repeat([]float64{ns / 2}, 6), processor: []float64{1.5 * ns, 1.25 * ns}}
		}
	}
	return m
}

// report is what such a measurement prints.
func report() string { return (&results{peers: measured()}).markdown() }

func TestTheReportShowsEveryWorkloadOfEveryFamily(t *testing.T) {
	text := report()
	require.NotContains(t, text, "NaN")
	require.NotContains(t, text, "%!")
	for _, f := range suite.Families() {
		if strings.HasPrefix(f.Name, "Scale/") {
			continue
		}
		require.NotEmpty(t, f.Workloads())
		for _, workload := range f.Workloads() {
			require.Contains(t, text, "\n| "+workload+" | 10.0 ns ±0 %")
		}
	}
}

func TestARatioHasTwoDigitsAtMost(t *testing.T) {
	for _, row := range []struct {
		ratio float64
		want  string
	}{
		{0.46, "0.5×"}, {9.44, "9.4×"}, {12.6, "13×"}, {99.4, "99×"}, {100, "100×"}, {758.4, "760×"}, {754.9, "750×"},
		{994, "990×"}, {999.9, "1000×"}, {1000, ">1,000×"}, {56991, ">1,000×"},
	} {
		require.Equal(t, row.want, times(row.ratio), "%v", row.ratio)
	}
}

func TestAFasterEngineMeetsAllGoalsButThoseItCannot(t *testing.T) {
	text := report()
	_, goals, _ := strings.Cut(text, "## Goals")
	goals, _, _ = strings.Cut(goals, "##")
	require.Equal(t, len(aims), strings.Count(goals, "| met |")+strings.Count(goals, "**missed**"))
	require.Equal(t, 1, strings.Count(goals, "**missed**"))
	require.Contains(t, goals, "| … 100 times with 100 rules or 1,000 origins | 20×: 100 rules, last | **missed** |")
}

func TestThroughputIsShownWithWhatTheCoresTakeFromEachOther(t *testing.T) {
	text := report()
	require.Contains(t, text, "\n| exact origin, actual | s3cors | 100 | 200 | 2.00× | 1.25× |\n")
	require.Contains(t, text, "\n| arithmetic, six at once | control | 5.00 | 10.0 | 2.00× | 1.25× |\n")
}

func TestTheTableOfTheReadmeStandsBetweenItsMarks(t *testing.T) {
	text := report()
	_, rest, found := strings.Cut(text, "<!-- readme -->\n")
	require.True(t, found)
	table, _, found := strings.Cut(rest, "<!-- /readme -->\n")
	require.True(t, found)
	require.Equal(t, len(glance)+2, strings.Count(table, "\n|")+1)
	require.Contains(t, table, "| Decide: preflight | 10.0 ns | versitygw 200 ns (20×); versitygw, as deployed 200 ns (20×) |\n")
	require.Contains(t, table, "A processor, 2 cores")
}

func TestTheFiguresOfTheProjectsReadmeAreReplaced(t *testing.T) {
	readme := "# A\n\n<!-- figures -->\nold\n<!-- /figures -->\n\nrest <!-- readme -->\n"
	got, err := withFigures(readme, "x\n<!-- readme -->\n| new |\n\nby me\n<!-- /readme -->\ny\n")
	require.NoError(t, err)
	require.Equal(t, "# A\n\n<!-- figures -->\n| new |\n\nby me\n<!-- /figures -->\n\nrest <!-- readme -->\n", got)
	_, err = withFigures("# A\n", "x\n<!-- readme -->\n<!-- /readme -->\n")
	require.EqualError(t, err, "no place between <!-- figures --> and <!-- /figures -->")
}

// A peer whose verdict differs is marked, so that nobody takes its time for that
// of the same work.
func TestACellWithAnotherVerdictIsMarked(t *testing.T) {
	m := measured()
	require.Equal(t, "200 ns ±0 % (20×) [≠](#other-verdicts)", m.cell("HTTP", "5 headers, mixed case", "rs/cors"))
	require.Equal(t, "200 ns ±0 % (20×)", m.cell("HTTP", "5 headers", "rs/cors"))
	require.Equal(t, "–", m.cell("HTTP", "5 headers, mixed case", "floor"))
}

func TestTimesAreWrittenWithThreeDigits(t *testing.T) {
	require.Equal(t, "9.87 ns", duration(9.871))
	require.Equal(t, "98.7 ns", duration(98.71))
	require.Equal(t, "987 ns", duration(987.1))
	require.Equal(t, "9.87 µs", duration(9871))
	require.Equal(t, "98.7 ms", duration(98710000))
	require.Equal(t, "9.87 s", duration(9871000000))
}

func TestEachScaleIsAPictureThatNamesEachEngine(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, measured().writePlots(dir))
	scales := suite.Scales()
	require.Len(t, scales, 4)
	for _, s := range scales {
		picture, err := os.ReadFile(filepath.Join(dir, s.Name+".svg"))
		require.NoError(t, err)
		require.NotRegexp(t, regexp.MustCompile(`NaN|Inf`), string(picture))
		texts := textsOf(t, picture)
		require.Contains(t, texts, s.Title)
		require.Contains(t, texts, s.Axis)
		require.Contains(t, texts, "10 ns", "a decade of the axis of times")
		for _, e := range s.Family().Engines {
			require.Contains(t, texts, e.Name)
		}
	}
}

// textsOf returns what is written in a picture.
func textsOf(t *testing.T, picture []byte) []string {
	t.Helper()
	var texts struct {
		Text []string `xml:"g>text"`
	}
	require.NoError(t, xml.Unmarshal(picture, &texts))
	require.NotEmpty(t, texts.Text)
	return texts.Text
}
