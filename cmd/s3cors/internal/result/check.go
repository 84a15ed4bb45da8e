package result

import "github.com/s3cors/s3cors"

// Schema is the version of the JSON. It changes when a member goes, or changes its
// meaning; new members do not change it.
const Schema = 1

// A Verdict is what check -json prints.
type Verdict struct {
	Schema   int                   `json:"schema"`
	Status   int                   `json:"status"`
	Error    *Error                `json:"error"`
	Problems []Problem             `json:"problems"`
	More     int                   `json:"more"`
	Config   *s3cors.Configuration `json:"config"`
	XML      *string               `json:"xml"`
	Causes   []Cause               `json:"causes"`
}

// A Problem is one thing that S3 would refuse a document for.
type Problem struct {
	Code       string `json:"code"`
	Message    string `json:"message"`
	Row        string `json:"row"`
	Detail     string `json:"detail"`
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	EndLine    int    `json:"endLine"`
	EndColumn  int    `json:"endColumn"`
	Suggestion string `json:"suggestion,omitempty"`
}

// A Cause is what to change in a document, and which problems that mends.
type Cause struct {
	Detail     string `json:"detail"`
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Column     int    `json:"column"`
	EndLine    int    `json:"endLine"`
	EndColumn  int    `json:"endColumn"`
	Suggestion string `json:"suggestion,omitempty"`
	Problems   []int  `json:"problems"`
}

// Check returns the verdict on a document that was read for a dialect.
func Check(document *s3cors.Document, dialect s3cors.Dialect) (*Verdict, error) {
	if problems := document.Problems(); len(problems) > 0 {
		return refused(problems, document), nil
	}
	option := s3cors.WithDialect(dialect)
	config := document.Configuration()
	printed, err := config.AppendXML(nil, option)
	if err == nil && dialect != s3cors.Amazon { // which gives back what it is given
		config, err = s3cors.ParseXML(printed, option)
	}
	text := string(printed)
	return &Verdict{Schema: Schema, Status: 200, Problems: []Problem{}, Config: config, XML: &text, Causes: []Cause{}}, err
}

// refused is the verdict on a document with these problems; the first is the one that
// S3 answers with.
func refused(problems s3cors.Problems, document *s3cors.Document) *Verdict {
	first := problems[0].S3
	v := &Verdict{Schema: Schema, Status: first.Status, Error: (*Error)(first), More: document.More()}
	for _, p := range problems {
		v.Problems = append(v.Problems, ProblemOf(p))
	}
	for _, c := range document.Causes() {
		v.Causes = append(v.Causes, Cause{
			Detail: c.Detail, Path: c.Path,
			Line: c.Start.Line, Column: c.Start.Column, EndLine: c.End.Line, EndColumn: c.End.Column,
			Suggestion: c.Suggestion, Problems: c.Problems,
		})
	}
	return v
}

// ProblemOf returns a problem for JSON.
func ProblemOf(p *s3cors.Problem) Problem {
	return Problem{
		Code: p.S3.Code, Message: p.S3.Message, Row: p.Row, Detail: p.Detail, Path: p.Path,
		Line: p.Start.Line, Column: p.Start.Column, EndLine: p.End.Line, EndColumn: p.End.Column,
		Suggestion: p.Suggestion,
	}
}
