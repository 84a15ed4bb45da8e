// Package vectors holds what is known of the CORS of Amazon S3, and of Ceph, as
// data: requests with the answers they get, documents with what PUT ?cors says of them and GET ?cors
// then returns, and exchanges with a server. It is for every implementation, in
// any language; this package reads it for those in Go, and imports none of them.
//
// # Format
//
// The data are the files *.json of this directory but schema.json and
// implies.json, in UTF-8, each an object with the members "about", a sentence, and
// "vectors", an array.
// README.md states the format in full, and schema.json as JSON Schema. In short,
// every vector has
//
//	id      unique over all files
//	title   a sentence that can name a test
//	rows    the facts it shows: ids of docs/s3-cors.md and docs/ceph-cors.md
//	grade   how well the fact is known, from A (recorded from S3) to E (a choice)
//	source  who saw it
//	seen    optional: the address of an issue where an implementation got it wrong
//	dialect optional: the kind of server, if it is not Amazon S3
//
// and is one of three kinds. A decision has "config", "configXML", "request",
// "expect", and maybe "bucket", "evaluationOnly" and "ids": how does a bucket with that configuration
// answer the request, as far as CORS goes? A document has "document" and "expect":
// does PUT ?cors accept it, and if so, what does GET ?cors return? An operation has
// "stored", "storedXML", "steps", and maybe "bucket" and "needs": what does an HTTP
// server answer to these requests in turn, each with an "expect" of its own?
//
// Names of members are compared letter for letter. A member that this
// description does not know makes a vector invalid, so that a misspelt
// expectation is an error and not one less check.
package vectors

import (
	"bytes"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
)

//go:embed *.json
var files embed.FS

// schema is the name of the file that says what the others may hold.
const schema = "schema.json"

// A Vector is a decision, which has Request, a document, which has Document, or an
// operation, which has Steps, with what must come of it.
type Vector struct {
	ID     string   `json:"id"`
	Title  string   `json:"title"`
	Rows   []string `json:"rows"`
	Grade  string   `json:"grade"`
	Source string   `json:"source"`
	Seen   string   `json:"seen"` // "" if absent
	// Dialect is the kind of server that the vector is about: "" for Amazon S3, or
	// "ceph", or "ceph-main". README.md says which vectors of "ceph" hold for the
	// last, too.
	Dialect string `json:"dialect"`

	// Config is the configuration of a decision's bucket, a document in JSON or
	// XML; nil if the bucket has none.
	Config []byte `json:"-"`
	// ConfigXML is the configuration of Config as XML, for servers, which take
	// nothing else: Config itself where that is XML. It is nil if the bucket has no
	// configuration, or one that XML has no form for.
	ConfigXML []byte `json:"-"`
	// Bucket is "missing" if the bucket of a decision or of an operation does not
	// exist, else "".
	Bucket string `json:"bucket"`
	// Request is that of a decision, nil for the other kinds.
	Request *Request `json:"request"`
	// EvaluationOnly is true for a decision whose request is answered by a server
	// before it evaluates anything, or that HTTP has no way to send: only a library
	// can be asked for it.
	EvaluationOnly bool `json:"evaluationOnly"`
	// IDs are what an error body is to carry, nil if Expect.Body is "".
	IDs *IDs `json:"ids"`

	// Document is the body of PUT ?cors, or what a tool was given in JSON; nil
	// for the other kinds.
	Document []byte `json:"-"`

	// Stored is the configuration that the bucket of an operation has at first,
	// a document in JSON or XML; nil if it has none.
	Stored []byte `json:"-"`
	// StoredXML is to Stored what ConfigXML is to Config.
	StoredXML []byte `json:"-"`
	// Needs are what a server must have for the steps of an operation, beside
	// CreateBucket, preflights, and GET, PUT and DELETE of ?cors: names of S3's
	// operations, and the words "accounts", "authentication",
	// "conditional-writes", "if-match", "if-none-match" and "ranges", sorted;
	// nil if that is all.
	Needs []string `json:"needs"`
	// Steps are the requests of an operation, in turn; nil for the other kinds.
	Steps []Step `json:"-"`

	// Expect is what must come of a decision or of a document; that of an
	// operation is with its steps.
	Expect Expect `json:"expect"`

	// File is the name of the file that the vector is from.
	File string `json:"-"`
}

// A Request is what matters of an HTTP request.
type Request struct {
	Method string `json:"method"`
	// Target is what the URL addresses: "object", "bucket" or "service".
	Target string `json:"target"`
	// Headers are the field lines as they are sent; a name may occur twice.
	Headers []Pair `json:"headers"`
	// Subresource is the sub-resource that the query names; "" if it names none, or
	// if it does not matter.
	Subresource string `json:"subresource"`
	// Raw is true for a request that common clients of HTTP change or refuse, so
	// that it has to be written to the connection as it stands.
	Raw bool `json:"raw"`
}

// A Step is a request of an operation with the answer to it.
type Step struct {
	Request StepRequest
	Expect  StepExpect
}

// A StepRequest is a request as a client sends it. In Query, the values of Headers
// and Body, ETag and UploadID stand for what the server said before.
type StepRequest struct {
	Request
	// Query is what stands behind the question mark of the URL; "" for a URL
	// without one.
	Query string `json:"query"`
	// Anonymous is true for a request that is sent without credentials. Those with
	// the method OPTIONS are sent so in any case.
	Anonymous bool `json:"anonymous"`
	// Body is the body; nil if there is none.
	Body []byte `json:"-"`
}

// A StepExpect is what must come of a step. In Error and Body, Bucket, RequestID
// and HostID stand for what the server says.
type StepExpect struct {
	Status int `json:"status"`
	// Headers are all the CORS headers and Vary, and whatever other headers
	// matter; several lines of one name are joined with ", ".
	Headers []Pair `json:"headers"`
	// Absent are the names of other headers that must not be there.
	Absent []string `json:"absent"`
	// Error holds the elements of S3's error, in their order, without RequestId
	// and HostId; nil if the body is not to be an error, or not given.
	Error Elements `json:"error"`
	// Code is the Code of S3's error where the rest of it was not recorded; "" if
	// the body is not to be an error, or Error is given.
	Code string `json:"code"`
	// Body is the body, byte for byte; nil if not given.
	Body *string `json:"body"`
	// Config is the configuration, in JSON, that the body holds in XML; nil if
	// not given.
	Config json.RawMessage `json:"config"`
}

// What stands in an operation for what only the server knows.
const (
	// Bucket is the name of the bucket.
	Bucket = "{bucket}"
	// RequestID is the answer's x-amz-request-id.
	RequestID = "{request-id}"
	// HostID is the answer's x-amz-id-2.
	HostID = "{host-id}"
	// ETag is the ETag, quotation marks included, of the last answer before that
	// had one.
	ETag = "{etag}"
	// UploadID is the UploadId of the last answer before that had one in its XML.
	UploadID = "{upload-id}"
)

// IDs are the request id and the host id of an answer.
type IDs struct {
	Request string `json:"request"`
	Host    string `json:"host"`
}

// Expect is what must come of a vector.
type Expect struct {
	// Status of a decision is nil if the request goes on to the answer it would
	// get without CORS. That of a document is 200, or 400, or Ceph's 416.
	Status *int `json:"status"`
	// Error holds the elements of S3's error, in their order; nil if there is
	// none.
	Error Elements `json:"error"`

	// Outcome of a decision.
	Outcome string `json:"outcome"`
	// Rule is the index, from 0, of the rule that matched; nil if none did.
	Rule *int `json:"rule"`
	// Headers are all the CORS headers and Vary, in S3's order.
	Headers []Pair `json:"headers"`
	// Body is the error body of a decision, byte for byte; "" if not given.
	Body string `json:"body"`

	// Config is the configuration of an accepted document in JSON; nil if not
	// given.
	Config json.RawMessage `json:"config"`
	// Rules is the number of rules of an accepted document; 0 if not given.
	Rules int `json:"rules"`
	// XML is what GET ?cors returns, byte for byte; "" if not given.
	XML string `json:"xml"`
	// Problems are all that a refused document is refused for, in the order in
	// which S3 finds them; nil if not given.
	Problems []Problem `json:"problems"`
}

// A Problem is one defect of a document.
type Problem struct {
	Code string `json:"code"`
	// Path is that of the member, such as CORSRules[0].AllowedMethods[1].
	Path string `json:"path"`
	// Line and Column count from 1, columns in code points; both are 0 if not
	// given.
	Line   int `json:"line"`
	Column int `json:"column"`
}

// A Pair is a name and a value: in JSON an array of two strings.
type Pair [2]string

// UnmarshalJSON reads an array of exactly two strings.
func (p *Pair) UnmarshalJSON(data []byte) error {
	var texts []string
	if err := json.Unmarshal(data, &texts); err != nil {
		return err
	}
	if len(texts) != len(p) {
		return fmt.Errorf("%s is not a name and a value", data)
	}
	*p = Pair(texts)
	return nil
}

// All returns every vector, by file and in the order of the files. The error
// names the first vector that is not of the format.
func All() ([]Vector, error) { return read(files) }

func read(files fs.FS) ([]Vector, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var all []Vector
	seen := make(map[string]string)
	for _, name := range names {
		if name == schema || name == implied {
			continue
		}
		vectors, err := readFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, v := range vectors {
			if other, ok := seen[v.ID]; ok {
				return nil, fmt.Errorf("%s: the id %s stands in %s already", name, v.ID, other)
			}
			seen[v.ID] = name
		}
		all = append(all, vectors...)
	}
	return all, nil
}

func readFile(files fs.FS, name string) ([]Vector, error) {
	data, err := fs.ReadFile(files, name)
	if err != nil {
		return nil, err
	}
	if err := members(data, []string{"about", "vectors"}, nil); err != nil {
		return nil, err
	}
	var content struct {
		About   string            `json:"about"`
		Vectors []json.RawMessage `json:"vectors"`
	}
	if err := strict(data, &content); err != nil {
		return nil, err
	}
	vectors := make([]Vector, len(content.Vectors))
	for i, raw := range content.Vectors {
		if vectors[i], err = decode(raw); err != nil {
			return nil, fmt.Errorf("vectors[%d] (%s): %w", i, vectors[i].ID, err)
		}
		vectors[i].File = name
	}
	return vectors, nil
}

// decode reads one vector and checks that it has the shape of its kind.
func decode(raw json.RawMessage) (Vector, error) {
	var wire struct {
		Vector
		Config    json.RawMessage   `json:"config"`
		ConfigXML *string           `json:"configXML"`
		Document  json.RawMessage   `json:"document"`
		Stored    json.RawMessage   `json:"stored"`
		StoredXML *string           `json:"storedXML"`
		Steps     []json.RawMessage `json:"steps"`
	}
	if err := strict(raw, &wire); err != nil {
		return wire.Vector, err
	}
	v := wire.Vector
	kind := documentShape
	switch {
	case wire.Steps != nil:
		kind = operationShape
	case v.Request != nil:
		kind = decisionShape
	}
	if err := kind.check(raw); err != nil {
		return v, err
	}
	var err error
	switch {
	case wire.Steps != nil:
		if v.Stored, v.StoredXML, err = config(wire.Stored, wire.StoredXML); err == nil {
			v.Steps, err = steps(wire.Steps)
		}
	case v.Request != nil:
		v.Config, v.ConfigXML, err = config(wire.Config, wire.ConfigXML)
	default:
		v.Document, err = document(wire.Document)
	}
	if err != nil {
		return v, err
	}
	return v, v.check()
}

func steps(raw []json.RawMessage) ([]Step, error) {
	all := make([]Step, len(raw))
	for i := range raw {
		var err error
		if all[i], err = step(raw[i]); err != nil {
			return nil, fmt.Errorf("steps[%d]: %w", i, err)
		}
	}
	return all, nil
}

// stepMembers and expectedMembers are optional in a step's request, and in what is
// expected of it.
var (
	stepMembers     = []string{"query", "anonymous", "body", "raw"}
	expectedMembers = []string{"absent", "error", "code", "body", "config"}
)

func step(raw json.RawMessage) (Step, error) {
	if err := members(raw, []string{"request", "expect"}, nil); err != nil {
		return Step{}, err
	}
	var parts struct{ Request, Expect json.RawMessage }
	if err := json.Unmarshal(raw, &parts); err != nil {
		return Step{}, err
	}
	if err := given(parts.Request, []string{"method", "target", "headers"}, stepMembers); err != nil {
		return Step{}, err
	}
	if err := given(parts.Expect, []string{"status", "headers"}, expectedMembers); err != nil {
		return Step{}, err
	}
	var request struct {
		StepRequest
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(parts.Request, &request); err != nil {
		return Step{}, err
	}
	s := Step{Request: request.StepRequest}
	if err := json.Unmarshal(parts.Expect, &s.Expect); err != nil {
		return s, err
	}
	if request.Body == nil {
		return s, nil
	}
	var err error
	s.Request.Body, err = document(request.Body)
	return s, err
}

// strict decodes JSON, and refuses what the target has no field for.
func strict(data []byte, target any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	return dec.Decode(target)
}

// A shape lists the members of a kind of vectors, and of what it expects.
type shape struct {
	required, optional []string
	expected, maybe    []string
}

var (
	decisionShape = shape{
		required: []string{"id", "title", "rows", "grade", "source", "config", "request", "expect"},
		optional: []string{"seen", "dialect", "configXML", "bucket", "evaluationOnly", "ids"},
		expected: []string{"outcome", "rule", "status", "headers", "error"},
		maybe:    []string{"body"},
	}
	documentShape = shape{
		required: []string{"id", "title", "rows", "grade", "source", "document", "expect"},
		optional: []string{"seen", "dialect"},
		expected: []string{"status", "error"},
		maybe:    []string{"config", "xml", "rules", "problems"},
	}
	operationShape = shape{
		required: []string{"id", "title", "rows", "grade", "source", "stored", "steps"},
		optional: []string{"seen", "dialect", "storedXML", "bucket", "needs"},
	}
)

func (s shape) check(raw json.RawMessage) error {
	if err := members(raw, s.required, s.optional); err != nil || s.expected == nil {
		return err
	}
	var v struct{ Expect json.RawMessage }
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return members(v.Expect, s.expected, s.maybe)
}

// members checks that an object has all members of one list, and beside them
// those of the other only. Unlike a struct's, its names have one spelling.
func members(raw json.RawMessage, required, optional []string) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(raw, &object); err != nil {
		return err
	}
	for _, name := range required {
		if _, ok := object[name]; !ok {
			return fmt.Errorf("there is no %q", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			return fmt.Errorf("%q does not belong there", name)
		}
	}
	return nil
}

// given is members for an object without null: what a step does not say, it
// leaves out.
func given(raw json.RawMessage, required, optional []string) error {
	if err := members(raw, required, optional); err != nil {
		return err
	}
	var object map[string]any
	if err := json.Unmarshal(raw, &object); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if object[name] == nil {
			return fmt.Errorf("%q must not be null", name)
		}
	}
	return nil
}

// config returns a configuration as it is given, a document that a string holds or
// any other value as it stands, and the same as XML; nil for null.
func config(raw json.RawMessage, asXML *string) (given, inXML []byte, err error) {
	switch {
	case string(raw) == "null":
	case raw[0] != '"':
		given = raw
	default:
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, nil, err
		}
		given = []byte(text)
	}
	inJSON := given != nil && isJSON(given)
	switch {
	case asXML != nil && !inJSON:
		return nil, nil, errors.New("only a configuration in JSON is given as XML, too")
	case asXML != nil && isJSON([]byte(*asXML)):
		return nil, nil, errors.New("the configuration that should be XML is JSON")
	case asXML != nil:
		inXML = []byte(*asXML)
	case !inJSON:
		inXML = given
	}
	return given, inXML, nil
}

// isJSON reports whether a document is JSON. Any other is XML.
func isJSON(document []byte) bool {
	document = bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\uFEFF")), " \t\r\n")
	return len(document) > 0 && (document[0] == '{' || document[0] == '[')
}

// document puts the parts of a document together.
func document(raw json.RawMessage) ([]byte, error) {
	parts := []json.RawMessage{raw}
	if raw[0] == '[' {
		if err := json.Unmarshal(raw, &parts); err != nil {
			return nil, err
		}
	}
	text := []byte{}
	for _, raw := range parts {
		more, err := part(raw)
		if err != nil {
			return nil, err
		}
		text = append(text, more...)
	}
	return text, nil
}

// part returns a part of a document: a text, a text that is repeated, or bytes
// in base64.
func part(raw json.RawMessage) ([]byte, error) {
	var text string
	if raw[0] == '"' {
		err := json.Unmarshal(raw, &text)
		return []byte(text), err
	}
	var p struct {
		Repeat string `json:"repeat"`
		Times  int    `json:"times"`
		Base64 string `json:"base64"`
	}
	if err := strict(raw, &p); err != nil {
		return nil, err
	}
	switch {
	case p.Repeat != "" && p.Times > 0 && p.Base64 == "":
		return []byte(strings.Repeat(p.Repeat, p.Times)), nil
	case p.Repeat == "" && p.Times == 0 && p.Base64 != "":
		return base64.StdEncoding.DecodeString(p.Base64)
	}
	return nil, fmt.Errorf("%s is no part of a document", raw)
}

var (
	kebab   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	grades  = []string{"A", "A-q", "A-m", "B", "C+", "C", "D", "E"}
	targets = []string{"object", "bucket", "service"}
	// dialects are those beside Amazon S3's, which is told by its absence.
	dialects = []string{"", "ceph", "ceph-main"}
	// transports are the headers of a request that belong to whoever sends it.
	transports = []string{"host", "content-length", "transfer-encoding", "connection", "expect"}
	outcomes   = []string{"granted", "not-cors", "no-match", "not-enabled", "no-bucket", "missing-origin",
		"missing-method", "invalid-method", "invalid-headers", "too-large", "invalid-configuration"}
)

// check finds values that the format does not have.
func (v *Vector) check() error {
	switch {
	case !kebab.MatchString(v.ID):
		return fmt.Errorf("the id %q is not in kebab-case", v.ID)
	case v.Title == "" || v.Source == "":
		return errors.New("title and source must not be empty")
	case len(v.Rows) == 0:
		return errors.New("it shows no row")
	case !slices.Contains(grades, v.Grade):
		return fmt.Errorf("there is no grade %q", v.Grade)
	case !slices.Contains(dialects, v.Dialect):
		return fmt.Errorf("there is no dialect %q", v.Dialect)
	case v.Document != nil:
		return v.Expect.checkDocument(v.Dialect)
	case v.Bucket != "" && v.Bucket != "missing":
		return fmt.Errorf("a bucket cannot be %q", v.Bucket)
	case v.Steps != nil:
		return v.checkSteps()
	case !slices.Contains(targets, v.Request.Target):
		return fmt.Errorf("there is no target %q", v.Request.Target)
	case !slices.Contains(outcomes, v.Expect.Outcome):
		return fmt.Errorf("there is no outcome %q", v.Expect.Outcome)
	case (v.IDs != nil) != (v.Expect.Body != ""):
		return errors.New("ids and a body come together")
	case v.EvaluationOnly != v.evaluationOnly():
		return fmt.Errorf("evaluationOnly is %v, and should not be", v.EvaluationOnly)
	}
	return v.Request.checkRaw("", nil)
}

func (e *Expect) checkDocument(dialect string) error {
	accepted := e.Status != nil && *e.Status == 200 && e.Error == nil && e.Problems == nil
	refused := e.Status != nil && (*e.Status == 400 || *e.Status == 416 && dialect != "") && e.Error != nil && e.Config == nil && e.XML == "" && e.Rules == 0
	switch {
	case !accepted && !refused:
		return errors.New("it must be accepted or refused")
	case accepted && e.Config == nil && e.Rules == 0:
		return errors.New("neither config nor rules tell what was accepted")
	case refused && e.Problems != nil && len(e.Problems) == 0:
		return errors.New("a refused document has a problem")
	}
	return nil
}

func (v *Vector) checkSteps() error {
	switch {
	case len(v.Steps) == 0:
		return errors.New("it has no step")
	case v.Bucket != "" && v.Stored != nil:
		return errors.New("a missing bucket has no configuration")
	}
	for i, s := range v.Steps {
		if err := s.check(); err != nil {
			return fmt.Errorf("steps[%d]: %w", i, err)
		}
	}
	return v.checkNeeds()
}

func (s *Step) check() error {
	e := s.Expect
	switch {
	case s.Request.Method == "":
		return errors.New("the method must not be empty")
	case !slices.Contains(targets, s.Request.Target):
		return fmt.Errorf("there is no target %q", s.Request.Target)
	case e.Status < 200 || e.Status > 599:
		return fmt.Errorf("there is no status %d", e.Status)
	case e.Config != nil && (e.Status != 200 || e.Error != nil):
		return errors.New("a configuration comes with status 200")
	case (e.Error != nil || e.Code != "") && e.Status < 400:
		return errors.New("an error comes with a status that is one")
	case e.Error != nil && e.Code != "":
		return errors.New("an error says its code itself")
	case s.Request.Method == "OPTIONS" && s.Request.Anonymous:
		return errors.New("a preflight is anonymous in any case")
	case s.Request.Method == "HEAD" && (e.Error != nil || e.Code != ""):
		return errors.New("the answer to a HEAD has no body")
	}
	for _, h := range s.Request.Headers {
		if slices.Contains(transports, strings.ToLower(h[0])) {
			return fmt.Errorf("the header %s belongs to whoever sends the request", h[0])
		}
	}
	for i, h := range e.Headers {
		same := func(name string) bool { return strings.EqualFold(name, h[0]) }
		again := func(other Pair) bool { return same(other[0]) }
		if slices.ContainsFunc(e.Absent, same) || slices.ContainsFunc(e.Headers[:i], again) {
			return fmt.Errorf("%s is expected twice", h[0])
		}
	}
	return s.Request.checkRaw(s.Request.Query, s.Request.Body)
}
