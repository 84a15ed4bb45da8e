package page

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/ask"
)

// A pasted is a text that describes a request.
type pasted struct {
	Text    string         `json:"text"`
	Dialect s3cors.Dialect `json:"dialect"`
}

// A filled is what a text makes of the form.
type filled struct {
	Kind  string   `json:"kind"` // what the text is: "a curl command"
	Forms []titled `json:"forms"`
	// Notes are sentences about what was not read.
	Notes []string `json:"notes"`
}

type titled struct {
	Title string   `json:"title"`
	Form  form     `json:"form"`
	Notes []string `json:"notes"` // about this one
}

// mostForms bounds how many requests of an archive are shown.
const mostForms = 200

// paste reads a command of curl or what else browsers copy, an HTTP archive or an entry of
// one, or what a browser printed on its console.
func paste(in pasted) (*filled, error) {
	given := &ask.Given{Dialect: in.Dialect}
	text := strings.TrimSpace(in.Text)
	if text == "" {
		return nil, &InputError{"there is nothing to read"}
	}
	f, questions, err := readText(given, text)
	var missing *ask.MissingError
	if err != nil && !errors.As(err, &missing) {
		return nil, &InputError{err.Error()}
	}
	for i := range questions {
		if i == mostForms {
			f.Notes = append(f.Notes, fmt.Sprintf("There are more than %d requests; these are the first.", mostForms))
			break
		}
		q := &questions[i]
		f.Forms = append(f.Forms, titled{q.Title, formOf(q), notesOn(q)})
	}
	return f, nil
}

// readText tells what a text is, and reads it.
func readText(given *ask.Given, text string) (f *filled, questions []ask.Question, err error) {
	f = &filled{Kind: "what a browser printed", Notes: []string{}}
	if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		f.Kind = "an HTTP archive"
		questions, err = given.HAR("the text", []byte(text))
		return f, questions, err
	}
	sent, err := ask.ReadPasted(text)
	if errors.Is(err, ask.ErrNoRequest) {
		q, err := given.Message(text)
		if errors.Is(err, ask.ErrNoMessage) {
			return f, nil, errors.New(ask.ErrNoRequest.Error() + ", an HTTP archive or an entry of one, or what a browser printed about CORS")
		}
		return f, []ask.Question{q}, err
	}
	if err != nil {
		return f, nil, err
	}
	f.Kind, f.Notes = sent.Kind, append(f.Notes, sent.Notes...)
	questions, err = given.Questions(&ask.Pasted{Sent: sent.Sent})
	return f, questions, err
}

// notesOn are sentences about what the text does not tell of a request, and what of it was
// left out.
func notesOn(q *ask.Question) []string {
	notes := []string{}
	if missing := (ask.MissingError{Origin: q.Request.Origin == "", Method: q.Fetch.Method == ""}); missing.Origin || missing.Method {
		notes = append(notes, strings.Replace(missing.Error(), "the message", "The text", 1)+": fill it in.")
	}
	if q.Seen != "" {
		notes = append(notes, fmt.Sprintf("It points to something else than the policy (%s); the answer tells.", q.Seen))
	}
	if len(q.Left) > 0 {
		notes = append(notes, "Left out, since the browser adds it by itself: "+strings.Join(q.Left, ", ")+".")
	}
	for _, n := range q.Notes {
		notes = append(notes, strings.Replace(n.Text, " Give them with -request-headers.", " Add them.", 1))
	}
	return notes
}
