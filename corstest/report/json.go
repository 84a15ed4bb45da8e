package report

import (
	"bytes"
	"encoding/json"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/diagnosis"
)

// JSON returns the report as one JSON object with a line feed at its end. Its schema
// is 1:
//
//	{
//	  "schema": 1, "target": "…", "dialect": "aws",
//	  "counts": {"must": {"pass": 0, "fail": 0, "error": 0, "skip": 0}, "should": {…}, "may": {…}},
//	  "results": [{"id": "…", "level": "must", "verdict": "fail", "reason": "…",
//	    "diffs": [{"what": "status", "want": "200", "got": "403"}]}],
//	  "diagnoses": [{"bug": "…", "title": "…", "seen": ["…"], "explains": ["…"], "confidence": …}]
//	}
//
// The member "reason" is absent where there is none; every other is always there, and
// no array is null. Results are in the order of the vectors, diagnoses the likeliest
// first. What is not UTF-8 in an answer is U+FFFD.
func (r *Report) JSON() []byte {
	d := document{Schema: 1, Target: r.Target, Dialect: r.Dialect, Counts: Count(r.Results)}
	if d.Dialect == "" {
		d.Dialect = "aws"
	}
	d.Results = make([]result, len(r.Results))
	for i, res := range r.Results {
		d.Results[i] = result{
			ID: res.Vector.ID, Level: conformance.LevelOf(res.Vector), Verdict: res.Verdict, Reason: res.Reason,
			Diffs: append([]conformance.Diff{}, res.Diffs...),
		}
	}
	d.Diagnoses = make([]diagnosis.Diagnosis, len(r.Diagnoses))
	for i, bug := range r.Diagnoses {
		bug.Seen = append([]string{}, bug.Seen...)
		bug.Explains = append([]string{}, bug.Explains...)
		d.Diagnoses[i] = bug
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(d) // it has nothing that JSON cannot have
	return b.Bytes()
}

// A document is the JSON of a report.
type document struct {
	Schema    int                   `json:"schema"`
	Target    string                `json:"target"`
	Dialect   string                `json:"dialect"`
	Counts    Counts                `json:"counts"`
	Results   []result              `json:"results"`
	Diagnoses []diagnosis.Diagnosis `json:"diagnoses"`
}

// A result is the JSON of one vector's.
type result struct {
	ID      string              `json:"id"`
	Level   conformance.Level   `json:"level"`
	Verdict conformance.Verdict `json:"verdict"`
	Reason  string              `json:"reason,omitempty"`
	Diffs   []conformance.Diff  `json:"diffs"`
}
