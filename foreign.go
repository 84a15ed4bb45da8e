package s3cors

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/s3cors/s3cors/internal/charname"
	"github.com/s3cors/s3cors/internal/form"
	"github.com/s3cors/s3cors/internal/xmltext"
)

// What follows names documents that are not S3's: those of other services and tools,
// and what else people put into the place of a configuration. They are named and
// never corrected name by name, which would make neither the one nor the other.

// form returns the form of the document.
func (r *reader) form() form.Form { return form.Of(r.data) }

// isForeign reports whether a document of that form is told by its name.
func isForeign(f form.Form) bool {
	switch f {
	case form.Unknown, form.Empty, form.S3XML, form.CLI, form.Nested, form.Console, form.SingleRule,
		form.Parameters, form.Response, form.SmallLetters:
		return false
	}
	return true
}

// foreign says what a document of that form is, and what to do with it.
func (r *reader) foreign(f form.Form) string {
	said := "this is " + f.String()
	inside, _ := form.Inside(r.data)
	switch {
	case inside == form.Unknown:
	case isForeign(inside):
		said += ", with " + inside.String() + " in it"
	case f != form.CommentedJSON && f != form.Preceded:
		said += ", with a CORS configuration in it"
	}
	var do []string
	if f.Converts() {
		do = append(do, `"s3cors convert" reads it`)
	}
	if advice := f.Advice(); advice != "" {
		do = append(do, advice)
	}
	if isForeign(inside) && inside.Converts() {
		do = append(do, `"s3cors convert" reads that`)
	}
	if len(do) > 0 {
		said += ": " + strings.Join(do, "; ")
	}
	return said
}

// nameShape names a document of JSON that has another shape than S3's: its first
// problem says what it is, and none suggests a name of S3's.
func (r *reader) nameShape() {
	first := r.found.shape()
	if len(first) == 0 {
		return
	}
	f := r.form()
	if !isForeign(f) {
		return
	}
	r.named = f
	for _, i := range first {
		r.found.kept[i].problem.Suggestion = ""
	}
	r.found.kept[first[0]].problem.Detail = r.foreign(f)
}

// nameJSON returns what to say of a text that begins as JSON does and is none, and
// where; fault is what is wrong with its syntax. A document that nobody converts is
// named alone: its syntax does not matter.
func (r *reader) nameJSON(offset int, fault string) (int, string) {
	f := r.form()
	switch {
	case bytes.HasPrefix(bytes.TrimLeft(r.text, xmltext.Blanks), []byte("<")):
		return 0, "this is XML where JSON must stand"
	case !isForeign(f):
		return offset, fault
	case f.Converts():
		return offset, fault + "; besides, " + r.foreign(f)
	}
	return 0, r.foreign(f)
}

// nameXML returns what to say of a text that is not JSON, and not XML either, and
// where.
func (r *reader) nameXML(offset int, fault string) (int, string) {
	f := r.form()
	first, _ := utf8.DecodeRune(bytes.TrimLeft(r.text, xmltext.Blanks))
	switch {
	case looksLikeJSON(r.data) && !isForeign(f):
		return 0, "this is JSON where XML must stand"
	case isForeign(f) && f.Converts():
		return offset, fault + "; besides, " + r.foreign(f)
	case isForeign(f) || f == form.Empty:
		return 0, r.foreign(f)
	case charname.IsBlank(first):
		return len(r.text) - len(bytes.TrimLeft(r.text, xmltext.Blanks)), charname.Of(first) + " stands before the document: remove it"
	case f == form.Unknown && !bytes.Contains(r.text, []byte("<")):
		return 0, "this is neither XML nor JSON: a configuration begins with <CORSConfiguration>, { or ["
	}
	return offset, fault
}

// nameRoot returns what to say of a root element that is not CORSConfiguration.
func (r *reader) nameRoot(name string) string {
	f := r.form()
	if isForeign(f) {
		r.named = f
		return r.foreign(f)
	}
	said := "the root element is " + words{xml: true}.tag(name) + ", and must be <CORSConfiguration>"
	if strings.EqualFold(name, "CORSConfiguration") {
		return said + ": letters in another case count as another name"
	}
	return said
}
