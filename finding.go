package s3cors

import "fmt"

// A finding is a problem before its place is a position.
type finding struct {
	problem Problem
	at      place
	span    span
	// unknown says that a name does not belong where it stands; name is that name.
	unknown bool
	name    string
	// wraps says that the element with this name stands around a rule.
	wraps bool
}

// A span is a part of a text: from start to before end, in bytes.
type span struct{ start, end int32 }

func newSpan(start, end int) span { return span{int32(start), int32(end)} }

// findings collects what is wrong with a configuration: of any number, the first
// MaxProblems in S3's order are kept, and the others counted (10/first-hundred).
// What is dropped is never made, so that a document of nothing but defects costs
// little.
type findings struct {
	kept []finding
	more int
	// where finds a place in the document; nil if there is none.
	where func(place) span
}

// structural notes a defect that S3's schema finds. These defects come in the order of
// the document (10/all-structural-defects), those of one place in the order in which
// they were noted, and none of them may be noted after a refused value.
func (f *findings) structural(at place, row string, detail func() string) {
	f.structuralAt(at, f.spanOf(at), row, detail)
}

func (f *findings) structuralAt(at place, s span, row string, detail func() string) {
	if f.drops(s) {
		return
	}
	f.insert(finding{problem: newProblem(malformedXML(), row, at, detail()), at: at, span: s})
}

// says returns a function that returns text.
func says(text string) func() string { return func() string { return text } }

func newProblem(s3 *Error, row string, at place, detail string) Problem {
	return Problem{S3: s3, Row: row, Path: at.path(), Rule: int(at.rule), Detail: detail}
}

// unknown notes a key or an element that does not belong in parent; at is the rule
// that it is in, or the document. meant returns the name that was probably meant, ""
// if none is near.
func (f *findings) unknown(at place, s span, row string, w words, parent, name string, meant func() string) {
	if f.drops(s) {
		return
	}
	p := Problem{S3: malformedXML(), Row: row, Path: name, Rule: int(at.rule), Suggestion: meant()}
	switch {
	case parent != "":
		p.Path = parent + "." + name
	case name == "":
		p.Path = documentPlace.path()
	}
	p.Detail = w.unknown(at, name, p.Suggestion)
	f.insert(finding{problem: p, at: at, span: s, name: clip(name), unknown: true})
}

// isLack reports whether a rule has no value of a list that it needs.
func (f *finding) isLack() bool {
	return f.problem.Row == "1.1/no-allowed-origin" || f.problem.Row == "1.1/no-allowed-method"
}

// join lets what is missing tell of the misspelt name that stands for it. Who sees
// the first problem alone sees its cause then.
func (f *findings) join(w words) {
	for i := range f.kept {
		missing := &f.kept[i]
		if !missing.isLack() && missing.problem.Row != "1.1/zero-rules" {
			continue
		}
		for j := range f.kept {
			n := &f.kept[j]
			if n.unknown && n.at.inRule() == missing.at.inRule() && n.problem.Suggestion == w.name(missing.at.member) {
				missing.problem.Detail = fmt.Sprintf("%s in line %d is probably %s, which is missing", w.tag(n.name), n.problem.Start.Line, n.problem.Suggestion)
			}
		}
	}
}

// wraps notes that the unknown element with that start tag stands around a rule.
func (f *findings) wraps(tag span) {
	for i := range f.kept {
		if n := &f.kept[i]; n.unknown && n.span == tag {
			n.problem.Suggestion, n.wraps = "", true
			n.problem.Detail = words{xml: true}.tag(n.name) + " stands around the rules: remove it, and its end tag"
		}
	}
}

// refused notes a value that S3 refuses. These come behind the structural
// defects, in the order of S3's checks (10/all-value-defects).
func (f *findings) refused(at place, row string, s3 func() *Error, detail func() string) {
	if len(f.kept) == MaxProblems {
		f.more++
		return
	}
	f.kept = append(f.kept, finding{problem: newProblem(s3(), row, at, detail()), at: at, span: f.spanOf(at)})
}

// shape returns the indexes of the findings that tell of the shape of a document, and
// not of one of its values.
func (f *findings) shape() []int {
	var indexes []int
	for i := range f.kept {
		if n := &f.kept[i]; n.problem.S3.Code == "MalformedXML" && n.at.index == none {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

func (f *findings) spanOf(at place) span {
	if f.where == nil {
		return span{}
	}
	return f.where(at)
}

// drops reports whether a structural defect comes behind as many others as are
// kept, and counts it then.
func (f *findings) drops(s span) bool {
	if len(f.kept) < MaxProblems || s.start < f.kept[MaxProblems-1].span.start {
		return false
	}
	f.more++
	return true
}

// insert keeps a structural defect, in the place of the last one if need be.
func (f *findings) insert(n finding) {
	if len(f.kept) == MaxProblems {
		f.kept = f.kept[:MaxProblems-1]
		f.more++
	}
	i := len(f.kept)
	for i > 0 && f.kept[i-1].span.start > n.span.start {
		i--
	}
	f.kept = append(f.kept, n)
	copy(f.kept[i+1:], f.kept[i:])
	f.kept[i] = n
}

// problems returns what was found, nil if nothing.
func (f *findings) problems() Problems {
	var problems Problems
	for i := range f.kept {
		problems = append(problems, &f.kept[i].problem)
	}
	return problems
}
