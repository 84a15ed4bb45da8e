package page

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/convert"
	"github.com/s3cors/s3cors/explain"
	"github.com/s3cors/s3cors/internal/fetch"
	"github.com/s3cors/s3cors/internal/printable"
)

// A formed question is a form, and the policy that it is put to.
type formed struct {
	policy
	Form form `json:"form"`
}

// An asked is what came of a form.
type asked struct {
	// Exchanges are the requests that go over the wire, with their answers, in order.
	Exchanges []exchange `json:"exchanges"`
	// Focus is the index of the exchange that decides: the preflight unless it is granted.
	Focus int `json:"focus"`
	// Notes are sentences about what was left out of the form.
	Notes []string `json:"notes"`
}

// An exchange is a request and its answer.
type exchange struct {
	Title   string          `json:"title"`
	Request string          `json:"request"` // as it goes over the wire
	Curl    string          `json:"curl"`    // a command that sends it
	Line    json.RawMessage `json:"line"`    // the same as a line for explain -jsonl
	Explain json.RawMessage `json:"explain"` // what explain -jsonl prints, but for what a sentence tells
	HTTP    string          `json:"http"`    // the answer as "curl -i" shows it
	Others  []other         `json:"others"`  // the answers of other kinds of servers

	granted bool
}

// An other is the answer of another kind of server.
type other struct {
	choice
	HTTP string `json:"http"`
	// Same tells that it grants or refuses alike, with the same headers. The bodies of
	// refusals differ.
	Same bool `json:"same"`
}

// explainForm explains the requests of a form.
func explainForm(in formed) (*asked, error) {
	headers, err := in.Form.headers()
	if err != nil {
		return nil, err
	}
	if ask.TrimBlanks(in.Form.Method) == "" {
		return nil, &InputError{"the request has no method"}
	}
	whole, err := in.line(headers)
	if err != nil {
		return nil, err
	}
	out := &asked{Exchanges: []exchange{}, Notes: in.Form.notes(headers)}
	for _, m := range in.Form.messages(headers) {
		whole.Request.Method, whole.Request.Headers = m.method, append([][2]string{}, m.headers...)
		e, err := in.exchange(&m, whole)
		if err != nil {
			return nil, err
		}
		out.Exchanges = append(out.Exchanges, *e)
	}
	if out.Exchanges[0].granted {
		out.Focus = len(out.Exchanges) - 1
	}
	return out, nil
}

// notes tell which headers browsers do not let a page set.
func (f *form) notes(headers [][2]string) []string {
	notes := []string{}
	if strings.EqualFold(f.Method, "OPTIONS") {
		return notes
	}
	for _, h := range headers {
		if fetch.IsForbiddenHeader(h[0], h[1]) {
			notes = append(notes, fmt.Sprintf("Browsers keep the header %s to themselves: a script cannot set it, so it is left out.", h[0]))
		}
	}
	return notes
}

// line is the line of explain -jsonl, but for the request itself.
func (in *formed) line(headers [][2]string) (*line, error) {
	target, err := in.Form.target()
	if err != nil {
		return nil, err
	}
	addressed, err := in.Form.addressed()
	if err != nil {
		return nil, err
	}
	config, err := in.config()
	return &line{Config: config, Bucket: in.Form.Bucket, Dialect: in.Dialect.String(), Fetch: in.Form.fetch(headers),
		Request: lineRequest{Target: targetNames[target], Subresource: addressed.Subresource}}, err
}

// config is the member config: the text of a document, or what a document of another
// product means to S3; nil if nothing was pasted.
func (in *formed) config() (any, error) {
	if in.isNone() {
		return nil, nil
	}
	d, err := in.read()
	var several *convert.AmbiguousError
	switch {
	case errors.As(err, &several):
		return nil, &InputError{err.Error()}
	case err != nil || !isForeign(d) || d.Configuration == nil || len(d.Problems) > 0:
		return in.Document, nil
	}
	return d.Configuration, nil
}

// exchange asks one request.
func (in *formed) exchange(m *message, l *line) (*exchange, error) {
	text, err := result.Encode(l)
	if err != nil {
		return nil, err
	}
	e := &exchange{Title: m.title, Request: wire(m.method, in.Form.url(), known(m.headers)), Curl: ask.CurlLine(m.method, in.Form.url(), known(m.headers)), Line: text, Others: []other{}}
	explained, said, err := in.answer(text)
	if err != nil {
		return nil, err
	}
	e.granted, e.HTTP = explained.Granted(), said.text()
	if e.Explain, err = result.Encode(explained); err != nil {
		return nil, err
	}
	for _, d := range dialects {
		if d.dialect == in.Dialect {
			continue
		}
		theirs, err := decide(text, d.dialect)
		if err != nil {
			return nil, err
		}
		e.Others = append(e.Others, other{choice{d.dialect.String(), d.title}, theirs.text(), areAlike(said, theirs)})
	}
	return e, nil
}

// answer explains a line, and says what is answered.
func (in *formed) answer(text []byte) (*explain.Explanation, *answer, error) {
	q, subject, err := read(text, in.Dialect)
	if err != nil {
		return nil, nil, err
	}
	subject.Seen = in.Form.Seen
	e := explain.Explain(*subject, s3cors.WithDialect(in.Dialect))
	return e, &answer{result.Answer{Decision: e.Decision, Request: q.Request, NoBucket: q.Missing, Dialect: q.Dialect}, e.Refusal}, nil
}

// read reads a line as a question to a kind of server, whatever the line says of that.
func read(text []byte, dialect s3cors.Dialect) (*ask.Query, *explain.Subject, error) {
	q, err := ask.ReadQuery(text, dialect)
	if err != nil {
		return nil, nil, &InputError{err.Error()}
	}
	q.Dialect = dialect
	subject, err := q.Subject(text)
	if err != nil {
		return nil, nil, &InputError{err.Error()}
	}
	return &q, &subject, nil
}

// shown joins lines, with what does not print escaped as the commands do it.
func shown(lines ...string) string {
	var b strings.Builder
	for _, text := range lines {
		for part := range strings.SplitSeq(text, "\n") {
			b.WriteString(printable.String(part))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// exampleURL stands where the form has none.
const exampleURL = "https://bucket.s3.amazonaws.com/key"

func (f *form) url() string {
	if f.URL == "" {
		return exampleURL
	}
	return f.URL
}

// known returns the headers with something readable in the place of values that are not
// known.
func known(headers [][2]string) [][2]string {
	all := slices.Clone(headers)
	for i := range all {
		if all[i][1] == unknownValue {
			all[i][1] = "VALUE"
		}
	}
	return all
}

// wire is a request as it goes over the wire, less what does not matter to CORS.
func wire(method, url string, headers [][2]string) string {
	lines := []string{method + " " + url}
	for _, h := range headers {
		lines = append(lines, h[0]+": "+h[1])
	}
	return shown(lines...)
}
