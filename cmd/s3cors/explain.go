package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/explain"
)

const explainUsage = `Usage: s3cors explain [flags]
       s3cors explain -jsonl [-dialect NAME]

explain says why a request is granted or not: how each rule takes it, which entry
comes nearest, and which change of the configuration would help. The request is
described by the flags of eval, or given as people have it:

  -curl 'curl …'    a command, as "Copy as cURL (bash)" of a browser makes it
  -har FILE         what a browser recorded: each request that CORS touches
  -message '…'      what the browser printed on its console

An example:

  echo '[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"]}]' |
      s3cors explain -config - -origin https://app.example.com

Flags:

`

// explainFlags are the flags of explain: those of eval, and what else is known.
type explainFlags struct {
	evalFlags
	json    bool
	url     string
	fetch   string
	curl    string
	har     string
	message string
	given   map[string]bool
}

func (x *explainFlags) flagSet() *flag.FlagSet {
	flags := x.evalFlags.flagSet()
	flags.Init("explain", flag.ContinueOnError)
	flags.BoolVar(&x.json, "json", false, "print a JSON object for each request, on a line")
	flags.StringVar(&x.url, "url", "", "`URL` of the request, which tells what it addresses")
	flags.StringVar(&x.fetch, "fetch", "", "how the page makes its request: a JSON `OBJECT` with method, headers,\ncredentials, mode and read, as in -jsonl")
	flags.StringVar(&x.curl, "curl", "", "`COMMAND` of curl, in the quotes of a POSIX shell; \"-\" is standard input")
	flags.StringVar(&x.har, "har", "", "`FILE` of an HTTP archive; \"-\" is standard input")
	flags.StringVar(&x.message, "message", "", "`TEXT` that Chromium, Firefox or Safari printed; \"-\" is standard input")
	flags.Lookup("request-id").Usage = "`ID`, for eval alone"
	flags.Lookup("host-id").Usage = "`ID`, for eval alone"
	return flags
}

// A question is a request that is to be explained, and what to call it.
type question struct {
	request s3cors.Request
	fetch   *explain.Fetch
	seen    explain.Code
	notes   []explain.Hint // what is not known of the request
	title   string         // "" if there is one question only
	method  string         // those of an entry of an archive
	url     string
}

// explain explains the requests that args describe, or those of standard input.
func (t *tool) explain(args []string) (int, error) {
	var x explainFlags
	flags := x.flagSet()
	err := t.parse(flags, explainUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() > 0:
		return 0, strayArgument("explain", flags.Arg(0))
	}
	x.given = given(flags)
	if x.jsonl {
		return exitFine, t.explainStream(&x)
	}
	status, err := t.explainAll(&x)
	if err != nil {
		return 0, fmt.Errorf("explain: %w", err)
	}
	return status, nil
}

// explainStream is explain -jsonl.
func (t *tool) explainStream(x *explainFlags) error {
	for name := range x.given {
		if name != "jsonl" && name != "dialect" {
			return errors.New("explain: no other flag may stand beside -jsonl, but for -dialect")
		}
	}
	return t.explainLines(x.dialect)
}

// explainAll explains the requests of the flags to the bucket of the flags.
func (t *tool) explainAll(x *explainFlags) (int, error) {
	if err := x.exclude(); err != nil {
		return 0, err
	}
	x.configIsPresent = x.given["config"]
	if err := x.normalize(); err != nil {
		return 0, err
	}
	questions, err := t.questions(x)
	if err != nil {
		return 0, err
	}
	subject, err := t.subject(x)
	if err != nil {
		return 0, err
	}
	status := exitFine
	for i, q := range questions {
		subject.Request, subject.Fetch, subject.Seen = q.request, q.fetch, q.seen
		e := explain.Explain(subject, s3cors.WithDialect(x.dialect))
		e.NotJudged = append(e.NotJudged, q.notes...)
		if !x.configIsPresent && !x.missingBucket {
			e.NotJudged = append(e.NotJudged, explain.Hint{Code: explain.StoredNow,
				Text: "What the bucket's configuration is: -config was not given, so this is the answer of a bucket without one."})
		}
		if !e.Granted() {
			status = exitRefused
		}
		if err := t.printExplanation(e, &q, i, x.json); err != nil {
			return 0, err
		}
	}
	return status, nil
}

// exclude refuses flags that contradict each other.
func (x *explainFlags) exclude() error {
	var ways []string
	for _, name := range []string{"curl", "har", "message"} {
		if x.given[name] {
			ways = append(ways, "-"+name)
		}
	}
	switch {
	case len(ways) > 1:
		return fmt.Errorf("%s exclude each other", strings.Join(ways, " and "))
	case len(ways) == 1 && x.given["fetch"]:
		return fmt.Errorf("%s and -fetch exclude each other", ways[0])
	case x.given["curl"] && x.given["url"], x.given["har"] && x.given["url"], x.given["message"] && x.given["url"]:
		return fmt.Errorf("%s and -url exclude each other", ways[0])
	case len(ways) == 1 && x.config == standardInput && slices.Contains([]string{x.curl, x.har, x.message}, standardInput):
		return fmt.Errorf("-config and %s cannot both be standard input", ways[0])
	}
	return nil
}

// pasted returns the value of a flag that may name standard input, where text with
// quotes in it is easier to give.
func (t *tool) pasted(value string) (string, error) {
	if value != standardInput {
		return value, nil
	}
	data, err := io.ReadAll(io.LimitReader(t.stdin, maxDocumentBytes))
	return string(data), err
}

// questions returns what is asked.
func (t *tool) questions(x *explainFlags) ([]question, error) {
	ask := x.fromFlags
	var err error
	switch {
	case x.given["har"]:
		return t.fromHAR(x)
	case x.given["curl"]:
		ask = x.fromCurl
		x.curl, err = t.pasted(x.curl)
	case x.given["message"]:
		ask = x.fromMessage
		x.message, err = t.pasted(x.message)
	}
	if err != nil {
		return nil, err
	}
	q, err := ask()
	return []question{q}, err
}

// fromFlags is the request that the flags of eval describe.
func (x *explainFlags) fromFlags() (question, error) {
	x.emptyOrigin, x.emptyMethod = x.given["origin"] && x.origin == "", x.given["request-method"] && x.requestMethod == ""
	q := question{request: x.request()}
	if x.url != "" {
		if err := x.address(&q.request, x.url); err != nil {
			return q, err
		}
	}
	if x.fetch != "" {
		if !json.Valid([]byte(x.fetch)) {
			return q, errors.New("-fetch: it is no JSON object")
		}
		fetch, err := readFetch([]byte(x.fetch))
		if err != nil {
			return q, fmt.Errorf("-fetch: %w", err)
		}
		q.fetch = fetch
	}
	switch {
	case x.url == "":
	case q.fetch == nil:
		q.fetch = (&sent{x.method, x.url, [][2]string{{"Access-Control-Request-Method", x.requestMethod}, {"Access-Control-Request-Headers", x.requestHeaders}}}).fetch()
	case q.fetch.URL == "":
		q.fetch.URL = x.url
	}
	return q, nil
}

// subject returns what is known of the bucket.
func (t *tool) subject(x *explainFlags) (explain.Subject, error) {
	s := explain.Subject{NoBucket: x.missingBucket}
	if x.missingBucket || !x.configIsPresent {
		return s, nil
	}
	data, err := t.configText(x.config)
	if err != nil {
		return s, err
	}
	return subjectOf(data, x.dialect), nil
}

// configText reads a file with a configuration.
func (t *tool) configText(name string) ([]byte, error) {
	input := t.stdin
	if name != standardInput {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		input = file
	}
	return io.ReadAll(io.LimitReader(input, maxDocumentBytes))
}

// subjectOf is what is known of a bucket with a document.
func subjectOf(data []byte, dialect s3cors.Dialect) explain.Subject {
	option := s3cors.WithDialect(dialect)
	s := explain.Subject{Document: s3cors.ParseDocument(data, option)}
	if len(s.Document.Problems()) == 0 {
		return s
	}
	// What is meant can be explained all the same, if it is a document of another
	// product, or was cut out of one.
	converted, err := convert.Read(data, convert.ReadOptions{Dialect: dialect})
	switch {
	case err == nil && converted.Configuration != nil && converted.Format != convert.JSON && converted.Format != convert.Array && converted.Format != convert.XML:
		s.Configuration = converted.Configuration
	case s.Document.Unreadable():
		s.Configuration = whole(data, option)
	}
	return s
}

// whole returns the configuration of which people cut out a part: members of a rule,
// rules, or a member of the document; nil if it is none of these.
func whole(fragment []byte, option s3cors.Option) *s3cors.Configuration {
	text := bytes.TrimRight(bytes.TrimSpace(fragment), ",")
	for _, around := range []struct{ before, behind string }{{"[{", "}]"}, {"[", "]"}, {"{", "}"}} {
		document := s3cors.ParseDocument(slices.Concat([]byte(around.before), text, []byte(around.behind)), option)
		if c := document.Configuration(); !document.Unreadable() && slices.ContainsFunc(c.CORSRules, isRule) {
			return c
		}
	}
	return nil
}

// isRule reports whether something was read of a rule.
func isRule(rule s3cors.Rule) bool {
	return len(rule.AllowedOrigins) > 0 || len(rule.AllowedMethods) > 0 || len(rule.AllowedHeaders) > 0
}

// printExplanation prints an explanation, the i-th.
func (t *tool) printExplanation(e *explain.Explanation, q *question, i int, asJSON bool) error {
	if !asJSON {
		if i > 0 {
			t.println("")
		}
		if q.title != "" {
			t.println("# " + q.title)
		}
		_, err := t.stdout.WriteString(e.Text(t.colour))
		return err
	}
	line, err := encode(e)
	if err != nil {
		return err
	}
	if q.url != "" {
		line = appendMember(append(line[:len(line)-1], `,"request":{`...), "method", q.method)
		line = append(appendMember(append(line, ','), "url", q.url), "}}"...)
	}
	_, err = t.stdout.Write(append(line, '\n'))
	return err
}
