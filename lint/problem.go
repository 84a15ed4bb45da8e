package lint

import (
	"bytes"
	"slices"
	"strings"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/form"
)

// codeOfRow says which kind of finding a problem is. A row that is not listed is that
// of a document that could not be read.
var codeOfRow = map[string]Code{
	"1.1/zero-rules":      NoRules,
	"1.1/number-of-rules": TooManyRules, "ceph-5/too-many-rules": TooManyRules,
	"1.1/no-allowed-origin": IncompleteRule, "1.1/no-allowed-method": IncompleteRule,
	"1.2/method-names": BadMethod, "1.2/method-case": BadMethod, "ceph-5/method-names": BadMethod,
	"1.2/origin-two-wildcards": OriginStars, "1.2/allowed-header-two-wildcards": HeaderStars,
	"1.2/expose-header-wildcard":    ExposeStar,
	"1.2/allowed-header-characters": NotAHeaderName,
	"1.2/expose-header-characters":  NotAHeaderName,
	"ceph-5/id-length":              BadID,
	"1.2/max-age-not-an-integer":    BadMaxAge,
	"9/max-age-empty":               BadMaxAge,
	"9/max-age-range":               BadMaxAge,
	"10/json-max-age":               BadMaxAge,
	"ceph-5/max-age-forms":          BadMaxAge,
	"1.1/body-size":                 TooLarge,
	"ceph-5/size":                   TooLarge,
	"10/json-input-size":            TooLarge,
	"10/size-of-a-configuration":    TooLarge,
	"1.1/root-element":              ForeignDocument,
	"1.1/unknown-element-in-root":   UnknownMember,
	"1.1/unknown-element-in-rule":   UnknownMember,
	"1.1/two-ids":                   TwiceOrOutOfPlace,
	"1.1/two-max-ages":              TwiceOrOutOfPlace,
	"10/text-between-elements":      TwiceOrOutOfPlace,
	"10/json-duplicate-names":       TwiceOrOutOfPlace,
	"10/json-nested-object":         TwiceOrOutOfPlace,
	"10/json-null":                  WrongType,
	"10/element-in-a-value":         WrongType,
	"ceph-5/empty-values":           ValueOfThisServer,
	"ceph-5/star-with-blank":        ValueOfThisServer,
}

// codeOf returns the code of a problem.
func codeOf(p *s3cors.Problem) Code {
	switch p.Row {
	case "ceph-5/two-stars":
		if strings.Contains(p.Path, ".AllowedHeaders") {
			return HeaderStars
		}
		return OriginStars
	case "10/json-shape":
		if isMember(p.Path) {
			return WrongType
		}
		return UnknownMember
	}
	if code, ok := codeOfRow[p.Row]; ok {
		return code
	}
	return NotReadable
}

// members are the names that a path of S3's schema can end with.
var members = []string{"CORSConfiguration", "CORSRules", "ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders",
	"ExposeHeaders", "MaxAgeSeconds"}

// isMember reports whether a path is one of S3's schema, and not that of an unknown
// key.
func isMember(path string) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	name, _, indexed := strings.Cut(last, "[")
	return indexed || slices.Contains(members, name)
}

// cause notes what S3 refuses, once for all problems that one change takes away. It has the
// code and the row of the first. It is an error whatever its code is otherwise: a
// MaxAgeSeconds that is no number is refused, and a negative one is not.
func (r *reporter) cause(c s3cors.Cause, problems s3cors.Problems) {
	if r.refused == nil {
		r.refused = make(map[string]bool)
	}
	for _, i := range c.Problems {
		r.refused[problems[i].Path] = true
	}
	first := problems[c.Problems[0]]
	code := codeOf(first)
	if slices.Contains(r.opts.Ignore, code) {
		return
	}
	suggestion := ""
	if c.Suggestion != "" {
		suggestion = "write " + c.Suggestion
	}
	r.findings = append(r.findings, Finding{Code: code, Severity: Error, Row: first.Row, Rule: first.Rule, Path: c.Path,
		Start: c.Start, End: c.End, Message: c.Detail, Suggestion: suggestion, Patch: r.patchOf(code, first)})
}

// isForeign reports whether a document that S3 refuses is of another kind altogether,
// so that what S3 says of its members would only mislead.
func isForeign(f form.Form) bool {
	switch f {
	case form.Unknown, form.Empty, form.S3XML, form.CLI, form.Nested, form.Console, form.SingleRule, form.Parameters, form.Response, form.SmallLetters:
		return false
	}
	return true
}

// foreign notes that the document is of another kind.
func (r *reporter) foreign(f form.Form, first *s3cors.Problem) {
	code := ForeignDocument
	if f >= form.JSONFragment {
		code = NotReadable // what holds a document, or a part of one
	}
	if slices.Contains(r.opts.Ignore, code) {
		return
	}
	advice := f.Advice()
	if f.Converts() {
		advice = "s3cors convert reads it"
	}
	start, end := r.placeOf(spot{rule: none})
	if start.Line == 0 {
		start, end = first.Start, first.End
	}
	r.findings = append(r.findings, Finding{Code: code, Severity: Error, Row: first.Row, Rule: none, Path: spot{rule: none}.String(),
		Start: start, End: end, Message: "this is " + f.String() + ", and no CORS configuration of S3", Suggestion: advice})
}

// namespaceURI is that of S3's documents.
const namespaceURI = "http://s3.amazonaws.com/doc/2006-03-01/"

// namespace looks for the namespace of S3 in a document that S3 accepts without.
func (r *reporter) namespace(data []byte) {
	if !r.words.xml || bytes.Contains(data, []byte(namespaceURI)) {
		return
	}
	r.find(TwiceOrOutOfPlace, spot{rule: none}, "the document does not name S3's namespace; S3 takes it all the same, other tools may not",
		`write <CORSConfiguration xmlns="`+namespaceURI+`">`)
}
