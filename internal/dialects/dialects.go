// Package dialects shows, row by row, how Ceph differs from Amazon S3: it asks both
// the same questions, those of the test vectors, and writes down both answers.
package dialects

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/printable"
)

// mostExamples is how many examples a row shows.
const mostExamples = 4

var intro = `# Amazon S3 and Ceph, side by side

This page is made from the vectors of [corstest/vectors](../corstest/vectors) by ` + "`go run ./internal/dialects/page`" + `. For each row of
[ceph-cors.md](ceph-cors.md) it shows requests and documents to which the two give different answers, ` + fmt.Sprint(mostExamples) + ` at most. What Ceph does
is recorded where the row says so; what Amazon S3 does is what this library answers for it. The cells show CORS headers
without their prefix ` + "`Access-Control-`" + `.
`

// Page returns the page.
func Page() (string, error) {
	all, err := vectors.All()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(intro)
	examples := make(map[string][]string) // by row
	for _, v := range all {
		line, differs := example(v)
		for _, row := range v.Rows {
			if differs && len(examples[row]) < mostExamples {
				examples[row] = append(examples[row], line)
			}
		}
	}
	for _, row := range slices.Sorted(maps.Keys(examples)) {
		lines := examples[row]
		if !strings.HasPrefix(row, "ceph-") {
			continue // a row of both, which a vector shows beside one of Ceph
		}
		fmt.Fprintf(&b, "\n## [%s](ceph-cors.md#%s)\n\n| example | Amazon S3 | Ceph |\n|---|---|---|\n%s\n",
			row, strings.Replace(row, "/", "-", 1), strings.Join(lines, "\n"))
	}
	return b.String(), nil
}

// example returns the line of a vector, and whether the two differ on it. Operations
// are no example: they take a server.
func example(v vectors.Vector) (line string, differs bool) {
	var of func(vectors.Vector, s3cors.Dialect) string
	switch {
	case v.Dialect == "", v.Steps != nil:
		return "", false
	case v.Request != nil:
		of = decided
	default:
		of = stored
	}
	var dialect s3cors.Dialect
	if err := dialect.UnmarshalText([]byte(v.Dialect)); err != nil {
		return "", false // which vectors.All does not let through
	}
	amazon, ceph := of(v, s3cors.Amazon), of(v, dialect)
	return fmt.Sprintf("| %s | %s | %s |", cell(question(v)), amazon, ceph), amazon != ceph
}

// question describes a vector: what it shows, and how.
func question(v vectors.Vector) string {
	if v.Request == nil {
		return "`" + v.ID + "`: " + v.Title
	}
	text := "`" + v.ID + "`: " + v.Title + ": " + v.Request.Method
	for _, h := range v.Request.Headers {
		text += " " + strings.TrimPrefix(h[0], "Access-Control-") + ": " + h[1]
	}
	return text
}

// decided says how a request is answered.
func decided(v vectors.Vector, dialect s3cors.Dialect) string {
	policy, err := policyOf(v, s3cors.WithDialect(dialect))
	if err != nil {
		return "refuses the configuration, " + code(s3cors.AsError(err).Code)
	}
	target := map[string]s3cors.Target{"object": s3cors.TargetObject, "bucket": s3cors.TargetBucket, "service": s3cors.TargetService}
	r := policy.ReadRequest(v.Request.Method, target[v.Request.Target], func(name string) []string {
		var lines []string
		for _, h := range v.Request.Headers {
			if strings.EqualFold(h[0], name) {
				lines = append(lines, h[1])
			}
		}
		return lines
	})
	r.Subresource = v.Request.Subresource
	d := policy.Evaluate(r)
	if refusal := d.Refusal(); refusal != nil {
		return strconv.Itoa(refusal.Status) + " " + code(refusal.Code)
	}
	answer := "goes on"
	if d.Status() != 0 {
		answer = strconv.Itoa(d.Status())
	}
	fields := 0
	for name, value := range d.Headers() {
		answer += ", " + code(strings.TrimPrefix(name, "Access-Control-")+": "+value)
		fields++
	}
	if fields == 0 {
		answer += " without CORS headers"
	}
	return answer
}

func policyOf(v vectors.Vector, opt s3cors.Option) (*s3cors.Policy, error) {
	switch {
	case v.Bucket == "missing":
		return s3cors.NoSuchBucket(opt), nil
	case v.Config == nil:
		return s3cors.NoConfiguration(opt), nil
	}
	c, err := s3cors.Parse(v.Config, opt)
	if err != nil {
		return nil, err
	}
	return s3cors.Compile(c, opt)
}

// stored says what becomes of a document.
func stored(v vectors.Vector, dialect s3cors.Dialect) string {
	opt := s3cors.WithDialect(dialect)
	c, err := s3cors.Parse(v.Document, opt)
	if err != nil {
		refusal := s3cors.AsError(err)
		return strconv.Itoa(refusal.Status) + " " + code(refusal.Code)
	}
	printed, err := c.AppendXML(nil, opt)
	if err != nil {
		return "200"
	}
	_, rules, _ := strings.Cut(string(printed), "<CORSRule>")
	rules, _ = strings.CutSuffix(rules, "</CORSRule></CORSConfiguration>")
	return "200, " + code(rules)
}

// longest is how many bytes of a text are shown.
const longest = 240

// code writes a text as code in a cell of a table.
func code(text string) string { return "`` " + cell(text) + " ``" }

// cell makes a text fit into a cell of a table.
func cell(text string) string {
	text = strings.NewReplacer("|", `\|`, "\n", "␊", "\t", "␉").Replace(text)
	text = printable.String(text)
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + "…"
	}
	return text
}
