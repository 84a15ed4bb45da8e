package main

import (
	"errors"
	"flag"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/internal/printable"
)

const evalUsage = `Usage: s3cors eval [flags]
       s3cors eval -jsonl [-dialect NAME]

eval prints S3's answer to a preflight (-method OPTIONS), or the header fields that
S3 adds to the answer to any other request. The request addresses an object, unless
-bucket or -service says otherwise.

An example:

  echo '[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]' | s3cors eval -config - \
      -method OPTIONS -origin https://app.example.com -request-method GET

Flags:

`

// evalFlags are the flags of eval.
type evalFlags struct {
	ask.Given
	config          string
	requestID       string
	hostID          string
	missingBucket   bool
	jsonl           bool
	configIsPresent bool
}

func (e *evalFlags) flagSet() *flag.FlagSet {
	flags := flag.NewFlagSet("eval", flag.ContinueOnError)
	flags.StringVar(&e.config, "config", "", "`FILE` with the bucket's configuration, in XML or JSON; \"-\" is\nstandard input (default: the bucket has none)")
	flags.StringVar(&e.Method, "method", "GET", "`METHOD` of the request")
	flags.StringVar(&e.Origin, "origin", "", "`VALUE` of Origin")
	flags.StringVar(&e.RequestMethod, "request-method", "", "`VALUE` of Access-Control-Request-Method")
	flags.StringVar(&e.RequestHeaders, "request-headers", "", "`VALUE` of Access-Control-Request-Headers")
	flags.BoolVar(&e.Bucket, "bucket", false, "the URL addresses the bucket, not an object in it")
	flags.BoolVar(&e.Service, "service", false, "the URL is the root, where no bucket is addressed")
	flags.BoolVar(&e.missingBucket, "missing-bucket", false, "the bucket does not exist; -config is not read")
	flags.StringVar(&e.requestID, "request-id", "", "`ID` to stand as RequestId in an error body")
	flags.StringVar(&e.hostID, "host-id", "", "`ID` to stand as HostId in an error body")
	flags.BoolVar(&e.jsonl, "jsonl", false, "evaluate a stream of JSON lines from standard input; no other flag\nmay stand beside it but -dialect")
	dialectVar(flags, &e.Dialect)
	flags.BoolVar(&e.Authorization, "authorization", false, "the request has an Authorization header, which Ceph looks at")
	flags.StringVar(&e.Subresource, "subresource", "", "`NAME` of the sub-resource in the query, such as cors, which Ceph\nlooks at")
	return flags
}

// eval evaluates the request that args describe, or those of standard input.
func (t *tool) eval(args []string) (int, error) {
	var e evalFlags
	flags := e.flagSet()
	err := t.parse(flags, evalUsage, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitFine, nil
	case err != nil:
		return 0, err
	case flags.NArg() > 0:
		return 0, strayArgument("eval", flags.Arg(0))
	}
	names := given(flags)
	e.configIsPresent = names["config"]
	if e.jsonl {
		delete(names, "dialect")
		if len(names) > 1 {
			return 0, errors.New("eval: no other flag may stand beside -jsonl, but for -dialect")
		}
		return exitFine, t.evalLines(e.Dialect)
	}
	if err := e.normalize(); err != nil {
		return 0, fmt.Errorf("eval: %w", err)
	}
	e.EmptyOrigin, e.EmptyRequestMethod = names["origin"] && e.Origin == "", names["request-method"] && e.RequestMethod == ""
	return t.evalOne(&e)
}

// normalize makes of the flags' values what they are on the wire, and refuses
// what cannot be sent.
func (e *evalFlags) normalize() error {
	if e.Bucket && e.Service {
		return errors.New("-bucket and -service exclude each other")
	}
	fields := []struct {
		name  string
		value *string
	}{
		{"method", &e.Method},
		{"origin", &e.Origin},
		{"request-method", &e.RequestMethod},
		{"request-headers", &e.RequestHeaders},
		{"request-id", &e.requestID},
		{"host-id", &e.hostID},
	}
	for _, field := range fields {
		*field.value = ask.TrimBlanks(*field.value)
		if strings.ContainsAny(*field.value, "\r\n\x00") { // RFC 9110 section 5.5
			return fmt.Errorf("-%s: %q holds a character that HTTP cannot send", field.name, *field.value)
		}
	}
	if e.Method == "" {
		return errors.New("-method must not be empty")
	}
	return nil
}

func (t *tool) evalOne(e *evalFlags) (int, error) {
	policy, refused, err := t.policy(e)
	if err != nil {
		return 0, err
	}
	if refused != nil {
		printProblems(t.stderr, e.config, refused)
		return exitRefused, nil
	}
	d := policy.Evaluate(e.Request())
	answer := result.Answer{Decision: d, Request: e.Request(), NoBucket: e.missingBucket, Dialect: e.Dialect,
		IDs: s3cors.IDs{RequestID: e.requestID, HostID: e.hostID}}
	for _, line := range answer.Lines() {
		t.println(line)
	}
	if d.Outcome() != s3cors.Granted {
		return exitRefused, nil
	}
	return exitFine, nil
}

// policy returns the policy of the bucket, or its document if S3 would refuse
// that.
func (t *tool) policy(e *evalFlags) (policy *s3cors.Policy, refused *s3cors.Document, err error) {
	dialect := s3cors.WithDialect(e.Dialect)
	switch {
	case e.missingBucket:
		return s3cors.NoSuchBucket(dialect), nil, nil
	case !e.configIsPresent:
		return s3cors.NoConfiguration(dialect), nil, nil
	}
	document, err := t.document(e.config, e.Dialect)
	if err != nil {
		return nil, nil, err
	}
	if len(document.Problems()) > 0 {
		return nil, document, nil
	}
	policy, err = s3cors.Compile(document.Configuration(), dialect)
	return policy, nil, err
}

// println prints a line that may hold what a client sent. That it could not be
// written shows in run, which flushes.
func (t *tool) println(line string) { fmt.Fprintln(t.stdout, printable.String(line)) }
