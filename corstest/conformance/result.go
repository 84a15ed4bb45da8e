// Package conformance asks a server, or an evaluator, the questions of package
// vectors, and judges its answers.
//
// It knows no transport: a [Target] sends a request and returns the answer. The
// package corstest has one for handlers of net/http, package wire one for servers
// behind an address. It imports nothing of s3cors but the vectors, so that what it
// finds is independent of what s3cors does.
package conformance

import (
	"github.com/s3cors/s3cors/corstest/vectors"
)

// A Verdict is what came of a vector.
type Verdict string

// The verdicts.
const (
	Pass  Verdict = "pass"  // every answer is as expected
	Fail  Verdict = "fail"  // an answer differs; Result.Diffs says where
	Error Verdict = "error" // there was no answer to judge; Result.Reason says why
	Skip  Verdict = "skip"  // it was not asked; Result.Reason says why
)

// A Level is how much a vector binds a server.
type Level string

// The levels.
const (
	Must   Level = "must"   // recorded from the server that the vector is about
	Should Level = "should" // documented, or tested by others
	May    Level = "may"    // read in the code of others, or a choice
)

// LevelOf returns the level of a vector by its grade: A, A-q and A-m must hold, B,
// C+ and C should, D and E may.
func LevelOf(v *vectors.Vector) Level {
	switch v.Grade {
	case "A", "A-q", "A-m":
		return Must
	case "B", "C+", "C":
		return Should
	}
	return May
}

// What stands in a Diff for what has no text.
const (
	// Absent stands for a header, an element or a body that is not there.
	Absent = "(absent)"
	// GoesOn stands for the status of a request that goes on to the answer that it
	// would get without CORS.
	GoesOn = "(goes on)"
	// NotRead stands for a body that is not the XML that it should be.
	NotRead = "(not readable)"
)

// A Diff is one difference between an answer and what is expected of it.
type Diff struct {
	// What is compared: "status"; the name of a header as the vector spells it, or
	// as the answer does if the vector has none;
	// "error" for the names of an error's elements, joined with ", ";
	// "error.Code", "error.Message" and so on for their texts; "body" and "xml" for
	// bytes; "config" for a configuration, as compact JSON, or its number of rules;
	// "outcome" and "rule" of an evaluator that says them; "order" for the names of
	// the headers in their order, joined with ", "; "lines" for a header that has
	// more than one line, as "Name: count". In an operation "steps[2]." stands
	// before it.
	What string `json:"what"`
	// Want and Got are the texts that differ, or one of the constants above.
	Want string `json:"want"`
	Got  string `json:"got"`
}

// A Result is what came of one vector.
type Result struct {
	Vector  *vectors.Vector
	Verdict Verdict
	// Reason says why there was nothing to judge; "" if there was.
	Reason string
	// Diffs are the differences, in the order of Diff.What's list; nil unless the
	// verdict is Fail. In an operation they are those of the first step that
	// differs: what follows it may differ because of it.
	Diffs []Diff
	// Exchange is what was sent and what came back last: the exchange that failed.
	// Nil for an evaluator, and for what was not asked.
	Exchange *Exchange
}

// An Exchange is a request with the answer to it.
type Exchange struct {
	Request  *Request
	Response *Response // nil if none came
}
