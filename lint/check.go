package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/form"
	"github.com/s3cors/s3cors/internal/reach"
)

// Options say what a configuration is looked at for. The zero value is Amazon S3,
// for whatever purpose.
type Options struct {
	// Dialect is the kind of server that has the bucket.
	Dialect s3cors.Dialect
	// Profiles say what the configuration is for.
	Profiles []Profile
	// Ignore lists codes that are not reported.
	Ignore []Code
	// RequireCredentials says that pages send cookies or HTTP authentication, which
	// browsers do not let them do where the answer is "*".
	RequireCredentials bool
	// PublicSuffix returns the part of a host under which others can register names,
	// such as "co.uk" or "github.io"; golang.org/x/net/publicsuffix has such a
	// function. If it is nil, a short list of this package counts.
	PublicSuffix func(host string) string
}

// MaxFindings is the number of findings that are reported of one document. The
// others are counted.
const MaxFindings = 1000

// A Report is what was found in a document.
type Report struct {
	// Findings stand in the order of the document. Of more than MaxFindings the
	// gravest are there.
	Findings []Finding
	// More is the number of findings beyond these.
	More int
	// Problems are what S3 refuses the document for, each of which is a finding too;
	// nil if S3 accepts it.
	Problems s3cors.Problems
}

// Check reads a document in XML or JSON and returns what it finds. What S3 refuses is
// found as well, and what can be read of such a document is looked at all the same.
func Check(data []byte, opts Options) *Report {
	document := s3cors.ParseDocument(data, s3cors.WithDialect(opts.Dialect))
	r := &reporter{opts: opts, config: document.Configuration(), words: wordsOf(data), position: document.Position}
	problems := document.Problems()
	of := form.Of(data)
	switch {
	case len(problems) == 0:
		r.namespace(data)
	case isForeign(of):
		r.foreign(of, problems[0])
		r.config = &s3cors.Configuration{}
	default:
		for _, c := range document.Causes() {
			r.cause(c, problems)
		}
	}
	r.configuration()
	report := r.report()
	report.Problems = document.Problems()
	report.More += document.More()
	return report
}

// CheckConfiguration returns what it finds in a configuration that was not read from
// a document. Findings have no Start and End.
func CheckConfiguration(c *s3cors.Configuration, opts Options) *Report {
	r := &reporter{opts: opts, config: c, words: jsonWords,
		position: func(string) (start, end s3cors.Position, ok bool) { return }}
	problems := problemsOf(c, opts)
	for i, p := range problems {
		r.cause(s3cors.Cause{Path: p.Path, Detail: p.Detail, Suggestion: p.Suggestion, Problems: []int{i}}, problems)
	}
	r.configuration()
	report := r.report()
	report.Problems = problems
	return report
}

func problemsOf(c *s3cors.Configuration, opts Options) s3cors.Problems {
	problems, _ := c.Validate(s3cors.WithDialect(opts.Dialect)).(s3cors.Problems)
	return problems
}

// A reporter collects findings of one configuration.
type reporter struct {
	opts     Options
	config   *s3cors.Configuration
	words    words
	position func(path string) (start, end s3cors.Position, ok bool)

	findings []Finding
	refused  map[string]bool // the paths that S3 refuses

	everything *reach.Cover // see allOrigins
}

// A spot is where a finding stands.
type spot struct {
	rule int    // the index of the rule, none for the document
	path string // in the rule; "" for the rule itself
}

const none = -1

// inRule returns the spot of a member of a rule.
func inRule(rule int, format string, args ...any) spot {
	return spot{rule, fmt.Sprintf(format, args...)}
}

func (s spot) String() string {
	switch {
	case s.rule == none && s.path == "":
		return "CORSConfiguration"
	case s.rule == none:
		return s.path
	case s.path == "":
		return fmt.Sprintf("CORSRules[%d]", s.rule)
	}
	return fmt.Sprintf("CORSRules[%d].%s", s.rule, s.path)
}

// find notes a finding, unless it is ignored, or S3 refuses what stands there.
func (r *reporter) find(code Code, at spot, message, suggestion string, patch ...Operation) {
	path := at.String()
	if slices.Contains(r.opts.Ignore, code) || r.refused[path] {
		return
	}
	f := Finding{Code: code, Severity: r.severity(code), Rule: at.rule, Path: path,
		Message: message, Suggestion: suggestion, Patch: patch}
	f.Start, f.End = r.placeOf(at)
	r.findings = append(r.findings, f)
}

// severity returns that of a code under the profiles. Rules that share an origin fail
// under Ceph itself, not on other servers.
func (r *reporter) severity(code Code) Severity {
	if code == SplitMethods && r.opts.Dialect == s3cors.Ceph {
		return Error
	}
	return severityOf(code, r.opts.Profiles)
}

// placeOf returns where a member stands; for what is missing, its rule.
func (r *reporter) placeOf(at spot) (start, end s3cors.Position) {
	for _, path := range []string{at.String(), spot{rule: at.rule}.String(), spot{rule: none}.String()} {
		if start, end, ok := r.position(path); ok {
			return start, end
		}
	}
	return s3cors.Position{}, s3cors.Position{}
}

// report puts the findings in order and bounds their number.
func (r *reporter) report() *Report {
	report := &Report{Findings: r.findings}
	if over := len(report.Findings) - MaxFindings; over > 0 {
		slices.SortStableFunc(report.Findings, func(a, b Finding) int { return cmp.Compare(b.Severity, a.Severity) })
		report.Findings, report.More = report.Findings[:MaxFindings], over
	}
	slices.SortStableFunc(report.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Start.Offset, b.Start.Offset), cmp.Compare(b.Severity, a.Severity))
	})
	return report
}
