package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/explain"
)

const explainUsage = `Usage: s3cors explain [flags]
       s3cors explain -jsonl [-dialect NAME]

explain says why a request is granted or not: how each rule takes it, which entry
comes nearest, and which change of the configuration would help. The request is
described by the flags of eval, or given as people have it:

  -curl 'curl …'    a command, as "Copy as cURL" of a browser makes it
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
}

func (x *explainFlags) flagSet() *flag.FlagSet {
	flags := x.evalFlags.flagSet()
	flags.Init("explain", flag.ContinueOnError)
	flags.BoolVar(&x.json, "json", false, "print a JSON object for each request, on a line")
	flags.StringVar(&x.url, "url", "", "`URL` of the request, which tells what it addresses")
	flags.StringVar(&x.fetch, "fetch", "", "how the page makes its request: a JSON `OBJECT` with method, headers,\ncredentials, mode and read, as in -jsonl")
	flags.StringVar(&x.curl, "curl", "", "`COMMAND` of curl, or what a browser copies as fetch or as PowerShell; \"-\" is\nstandard input")
	flags.StringVar(&x.har, "har", "", "`FILE` of an HTTP archive; \"-\" is standard input")
	flags.StringVar(&x.message, "message", "", "`TEXT` that Chromium, Firefox or Safari printed; \"-\" is standard input")
	flags.Lookup("request-id").Usage = "`ID`, for eval alone"
	flags.Lookup("host-id").Usage = "`ID`, for eval alone"
	return flags
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
	x.Names = given(flags)
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
	for name := range x.Names {
		if name != "jsonl" && name != "dialect" {
			return errors.New("explain: no other flag may stand beside -jsonl, but for -dialect")
		}
	}
	return t.explainLines(x.Dialect)
}

// explainAll explains the requests of the flags to the bucket of the flags.
func (t *tool) explainAll(x *explainFlags) (int, error) {
	if err := x.exclude(); err != nil {
		return 0, err
	}
	x.configIsPresent = x.Names["config"]
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
		subject.Request, subject.Fetch, subject.Seen = q.Request, q.Fetch, q.Seen
		e := explain.Explain(subject, s3cors.WithDialect(x.Dialect))
		e.NotJudged = append(e.NotJudged, q.Notes...)
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
		if x.Names[name] {
			ways = append(ways, "-"+name)
		}
	}
	switch {
	case len(ways) > 1:
		return fmt.Errorf("%s exclude each other", strings.Join(ways, " and "))
	case len(ways) == 1 && x.Names["fetch"]:
		return fmt.Errorf("%s and -fetch exclude each other", ways[0])
	case x.Names["curl"] && x.Names["url"], x.Names["har"] && x.Names["url"], x.Names["message"] && x.Names["url"]:
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
func (t *tool) questions(x *explainFlags) ([]ask.Question, error) {
	switch {
	case x.Names["har"]:
		return t.fromHAR(x)
	case x.Names["curl"]:
		return t.fromCurl(x)
	case x.Names["message"]:
		return t.fromMessage(x)
	}
	q, err := x.fromFlags()
	return []ask.Question{q}, err
}

// fromFlags is the request that the flags of eval describe.
func (x *explainFlags) fromFlags() (ask.Question, error) {
	x.EmptyOrigin, x.EmptyRequestMethod = x.Names["origin"] && x.Origin == "", x.Names["request-method"] && x.RequestMethod == ""
	q := ask.Question{Request: x.Request()}
	if x.url != "" {
		if err := x.Address(&q.Request, x.url); err != nil {
			return q, err
		}
	}
	if x.fetch != "" {
		if !json.Valid([]byte(x.fetch)) {
			return q, errors.New("-fetch: it is no JSON object")
		}
		fetch, err := ask.ReadFetch([]byte(x.fetch))
		if err != nil {
			return q, fmt.Errorf("-fetch: %w", err)
		}
		q.Fetch = fetch
	}
	switch {
	case x.url == "":
	case q.Fetch == nil:
		q.Fetch = ask.NewSent(x.Method, x.url, [][2]string{{"Access-Control-Request-Method", x.RequestMethod}, {"Access-Control-Request-Headers", x.RequestHeaders}}).Fetch()
	case q.Fetch.URL == "":
		q.Fetch.URL = x.url
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
	return ask.SubjectOf(data, x.Dialect), nil
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

// printExplanation prints an explanation, the i-th.
func (t *tool) printExplanation(e *explain.Explanation, q *ask.Question, i int, asJSON bool) error {
	if !asJSON {
		if i > 0 {
			t.println("")
		}
		if q.Title != "" {
			t.println("# " + q.Title)
		}
		_, err := t.stdout.WriteString(e.Text(t.colour))
		return err
	}
	line, err := result.Encode(e)
	if err != nil {
		return err
	}
	if q.URL != "" {
		line = result.AppendMember(append(line[:len(line)-1], `,"request":{`...), "method", q.Method)
		line = append(result.AppendMember(append(line, ','), "url", q.URL), "}}"...)
	}
	_, err = t.stdout.Write(append(line, '\n'))
	return err
}
