package report

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/internal/printable"
)

// JUnit returns the report as JUnit XML, as CI systems read it: a test suite for each
// level that has results, a test case for each vector, whose class is the first of its
// features. A failure, an error and a skip are the element of that name, at every
// level: who reads them should know that only those of the suite "must" fail the run.
//
// What XML cannot have is escaped, or U+FFFD. No times are taken, so that all are 0.
func (r *Report) JUnit() []byte {
	all := junitSuites{Name: "s3cors " + printable.String(r.Target), Time: noTime}
	for _, l := range levels {
		suite := r.suite(l)
		if suite.Tests == 0 {
			continue
		}
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Errors += suite.Errors
		all.Skipped += suite.Skipped
		all.Suites = append(all.Suites, suite)
	}
	text, _ := xml.MarshalIndent(all, "", "  ") // it has nothing that cannot be written
	return []byte(xml.Header + string(text) + "\n")
}

func (r *Report) suite(l conformance.Level) junitSuite {
	suite := junitSuite{Name: string(l), Time: noTime}
	for i := range r.Results {
		res := &r.Results[i]
		if conformance.LevelOf(res.Vector) != l {
			continue
		}
		suite.Tests++
		switch res.Verdict {
		case conformance.Fail:
			suite.Failures++
		case conformance.Error:
			suite.Errors++
		case conformance.Skip:
			suite.Skipped++
		}
		suite.Cases = append(suite.Cases, r.testcase(l, res))
	}
	return suite
}

func (r *Report) testcase(l conformance.Level, res *conformance.Result) junitCase {
	feature := conformance.Features(res.Vector)[0]
	c := junitCase{
		Name:  res.Vector.ID,
		Class: fmt.Sprintf("s3cors.%s.%s", l, strings.ReplaceAll(string(feature), " ", "-")),
		Time:  noTime,
	}
	switch res.Verdict {
	case conformance.Fail:
		c.Failure = &junitMessage{Message: summary(res), Type: string(l), Text: r.junitText(res)}
	case conformance.Error:
		c.Error = &junitMessage{Message: summary(res), Type: string(l), Text: r.junitText(res)}
	case conformance.Skip:
		c.Skipped = &junitMessage{Message: cut(res.Reason, 0)}
	}
	return c
}

// junitText is what stands in a failure.
func (r *Report) junitText(res *conformance.Result) string {
	return "\n" + strings.Join(append(r.details(res), facts(res.Vector)...), "\n") + "\n"
}

// summary says in a line what went wrong with a vector.
func summary(res *conformance.Result) string {
	if len(res.Diffs) == 0 {
		return cut(res.Reason, 0)
	}
	d := res.Diffs[0]
	want, got := excerpts(d.Want, d.Got)
	text := fmt.Sprintf("%s: expected %s, got %s", printable.String(d.What), want, got)
	if more := len(res.Diffs) - 1; more > 0 {
		text += fmt.Sprintf("; %d more", more)
	}
	return text
}

// noTime stands where a time must.
const noTime = "0"

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Skipped  int          `xml:"skipped,attr"`
	Time     string       `xml:"time,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Time    string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure"`
	Error   *junitMessage `xml:"error"`
	Skipped *junitMessage `xml:"skipped"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",cdata"`
}
