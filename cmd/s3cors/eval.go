package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"strings"

	"github.com/s3cors/s3cors"
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
	config          string
	method          string
	origin          string
	requestMethod   string
	requestHeaders  string
	requestID       string
	hostID          string
	bucket          bool
	service         bool
	missingBucket   bool
	jsonl           bool
	subresource     string
	authorization   bool
	dialect         s3cors.Dialect
	configIsPresent bool
	emptyOrigin     bool // it was given, and is empty
	emptyMethod     bool // so was the method that is requested
}

func (e *evalFlags) flagSet() *flag.FlagSet {
	flags := flag.NewFlagSet("eval", flag.ContinueOnError)
	flags.StringVar(&e.config, "config", "", "`FILE` with the bucket's configuration, in XML or JSON; \"-\" is\nstandard input (default: the bucket has none)")
	flags.StringVar(&e.method, "method", "GET", "`METHOD` of the request")
	flags.StringVar(&e.origin, "origin", "", "`VALUE` of Origin")
	flags.StringVar(&e.requestMethod, "request-method", "", "`VALUE` of Access-Control-Request-Method")
	flags.StringVar(&e.requestHeaders, "request-headers", "", "`VALUE` of Access-Control-Request-Headers")
	flags.BoolVar(&e.bucket, "bucket", false, "the URL addresses the bucket, not an object in it")
	flags.BoolVar(&e.service, "service", false, "the URL is the root, where no bucket is addressed")
	flags.BoolVar(&e.missingBucket, "missing-bucket", false, "the bucket does not exist; -config is not read")
	flags.StringVar(&e.requestID, "request-id", "", "`ID` to stand as RequestId in an error body")
	flags.StringVar(&e.hostID, "host-id", "", "`ID` to stand as HostId in an error body")
	flags.BoolVar(&e.jsonl, "jsonl", false, "evaluate a stream of JSON lines from standard input; no other flag\nmay stand beside it but -dialect")
	dialectVar(flags, &e.dialect)
	flags.BoolVar(&e.authorization, "authorization", false, "the request has an Authorization header, which Ceph looks at")
	flags.StringVar(&e.subresource, "subresource", "", "`NAME` of the sub-resource in the query, such as cors, which Ceph\nlooks at")
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
		return exitFine, t.evalLines(e.dialect)
	}
	if err := e.normalize(); err != nil {
		return 0, fmt.Errorf("eval: %w", err)
	}
	e.emptyOrigin, e.emptyMethod = names["origin"] && e.origin == "", names["request-method"] && e.requestMethod == ""
	return t.evalOne(&e)
}

// normalize makes of the flags' values what they are on the wire, and refuses
// what cannot be sent.
func (e *evalFlags) normalize() error {
	if e.bucket && e.service {
		return errors.New("-bucket and -service exclude each other")
	}
	fields := []struct {
		name  string
		value *string
	}{
		{"method", &e.method},
		{"origin", &e.origin},
		{"request-method", &e.requestMethod},
		{"request-headers", &e.requestHeaders},
		{"request-id", &e.requestID},
		{"host-id", &e.hostID},
	}
	for _, field := range fields {
		*field.value = trimBlanks(*field.value)
		if strings.ContainsAny(*field.value, "\r\n\x00") { // RFC 9110 section 5.5
			return fmt.Errorf("-%s: %q holds a character that HTTP cannot send", field.name, *field.value)
		}
	}
	if e.method == "" {
		return errors.New("-method must not be empty")
	}
	return nil
}

// trimBlanks removes what the transport does not deliver
// (10/transport-blanks).
func trimBlanks(value string) string { return strings.Trim(value, " \t") }

func (e *evalFlags) request() s3cors.Request {
	r := s3cors.Request{
		Method:         e.method,
		Origin:         e.origin,
		RequestMethod:  e.requestMethod,
		RequestHeaders: e.requestHeaders,

		Authorization:      e.authorization,
		EmptyOrigin:        e.emptyOrigin,
		EmptyRequestMethod: e.emptyMethod,
		Subresource:        e.subresource,
	}
	switch {
	case e.bucket:
		r.Target = s3cors.TargetBucket
	case e.service:
		r.Target = s3cors.TargetService
	}
	return r
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
	d := policy.Evaluate(e.request())
	t.printAnswer(d, e)
	if d.Outcome() != s3cors.Granted {
		return exitRefused, nil
	}
	return exitFine, nil
}

// policy returns the policy of the bucket, or its document if S3 would refuse
// that.
func (t *tool) policy(e *evalFlags) (policy *s3cors.Policy, refused *s3cors.Document, err error) {
	dialect := s3cors.WithDialect(e.dialect)
	switch {
	case e.missingBucket:
		return s3cors.NoSuchBucket(dialect), nil, nil
	case !e.configIsPresent:
		return s3cors.NoConfiguration(dialect), nil, nil
	}
	document, err := t.document(e.config, e.dialect)
	if err != nil {
		return nil, nil, err
	}
	if len(document.Problems()) > 0 {
		return nil, document, nil
	}
	policy, err = s3cors.Compile(document.Configuration(), dialect)
	return policy, nil, err
}

// printAnswer prints what S3 answers, as far as CORS goes, as curl -i shows it.
func (t *tool) printAnswer(d s3cors.Decision, e *evalFlags) {
	status := d.Status()
	if status != 0 {
		t.println(fmt.Sprintf("HTTP/1.1 %d %s", status, http.StatusText(status)))
	}
	added := 0
	for name, value := range d.Headers() {
		if d.Carries(http.StatusOK) {
			t.println(name + ": " + value)
			added++
		}
	}
	switch refusal := d.Refusal(); {
	case refusal != nil:
		t.printRefusal(d, refusal, e)
	case status != 0: // 5.3/granted-framing
		t.println("Content-Length: 0")
		t.println("")
	case added == 0:
		t.println(fmt.Sprintf("%s adds no CORS headers: %s (%s)", server(e.dialect), reason(d, e), d.Outcome()))
	}
}

// server is what to call the kind of server that a dialect is of.
func server(dialect s3cors.Dialect) string {
	if dialect == s3cors.Amazon {
		return "S3"
	}
	return "Ceph"
}

// printRefusal prints what follows the status line.
func (t *tool) printRefusal(d s3cors.Decision, refusal *s3cors.Error, e *evalFlags) {
	body := refusal.AppendXML(nil, s3cors.IDs{RequestID: e.requestID, HostID: e.hostID}, s3cors.WithDialect(e.dialect))
	for _, line := range framing(d.Outcome(), len(body), e.dialect) {
		t.println(line)
	}
	t.println("")
	if e.method == http.MethodHead {
		return // HTTP has no body there (RFC 9110 section 9.3.2)
	}
	for line := range strings.SplitSeq(string(body), "\n") {
		t.println(line)
	}
}

// framing returns the header lines of a refusal whose body has so many bytes
// (5.3/refusal-framing, 5.3/connection-close, ceph-4/framing).
func framing(outcome s3cors.Outcome, length int, dialect s3cors.Dialect) []string {
	switch {
	case dialect != s3cors.Amazon:
		return []string{fmt.Sprintf("Content-Length: %d", length), "Accept-Ranges: bytes", "Content-Type: application/xml"}
	case outcome == s3cors.MissingOrigin:
		return []string{"Content-Type: application/xml", "Transfer-Encoding: chunked", "Connection: close"}
	}
	return []string{"Content-Type: application/xml", "Transfer-Encoding: chunked"}
}

// println prints a line that may hold what a client sent. That it could not be
// written shows in run, which flushes.
func (t *tool) println(line string) { fmt.Fprintln(t.stdout, printable.String(line)) }

// reason says why nothing is added to the answer to a request that goes on.
func reason(d s3cors.Decision, e *evalFlags) string {
	switch d.Outcome() {
	case s3cors.Granted:
		if e.subresource == "cors" {
			return "it answers ?cors itself, and only its 403 has them"
		}
		return "it would have to send an empty origin"
	case s3cors.NotCORS:
		return "the request has no Origin"
	case s3cors.NotEnabled:
		return "the bucket has no CORS configuration"
	case s3cors.NoBucket:
		switch {
		case e.service:
			return "no bucket is addressed"
		case e.missingBucket:
			return "the bucket does not exist"
		}
		return "the request makes the bucket"
	default:
		return "no rule matches"
	}
}
