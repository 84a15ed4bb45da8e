package page

import (
	"errors"
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
	Kind  string   `json:"kind"` // "curl", "har" or "message"
	Forms []titled `json:"forms"`
	// Notes are sentences about what the text does not tell.
	Notes []string `json:"notes"`
}

type titled struct {
	Title string `json:"title"`
	Form  form   `json:"form"`
}

// mostForms bounds how many requests of an archive are shown.
const mostForms = 200

// paste reads a command of curl, an HTTP archive or an entry of one, or what a browser
// printed on its console.
func paste(in pasted) (*filled, error) {
	given := &ask.Given{Dialect: in.Dialect}
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(in.Text), "$ "))
	switch {
	case text == "":
		return nil, &InputError{"there is nothing to read"}
	case strings.HasPrefix(text, "{"):
		return pasteHAR(given, text)
	}
	kind, notes := "message", []string{}
	q, err := given.Message(text)
	var missing *ask.MissingError
	switch {
	case errors.Is(err, ask.ErrNoMessage):
		kind = "curl"
		q, err = pasteCurl(given, text)
	case errors.As(err, &missing):
		notes, err = append(notes, missing.Error()+": fill it in"), nil
	}
	if err != nil {
		return nil, &InputError{err.Error()}
	}
	for _, n := range q.Notes {
		notes = append(notes, n.Text)
	}
	return &filled{Kind: kind, Forms: []titled{{q.Title, formOf(&q)}}, Notes: notes}, nil
}

func pasteCurl(given *ask.Given, text string) (ask.Question, error) {
	sent, err := ask.Curl(text)
	if err != nil {
		return ask.Question{}, err
	}
	return given.Question(sent)
}

func pasteHAR(given *ask.Given, text string) (*filled, error) {
	questions, err := given.HAR("the text", []byte(text))
	if err != nil {
		return nil, &InputError{err.Error()}
	}
	f := &filled{Kind: "har", Notes: []string{}}
	for i := range questions {
		if i == mostForms {
			f.Notes = append(f.Notes, "The archive has more requests that CORS touches; these are the first.")
			break
		}
		f.Forms = append(f.Forms, titled{questions[i].Title, formOf(&questions[i])})
	}
	return f, nil
}
