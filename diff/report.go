package diff

import "strings"

// A Kind is a kind of change.
type Kind string

// The kinds of changes.
const (
	Grants      Kind = "grants"      // the request is admitted now
	Revokes     Kind = "revokes"     // the request is no longer admitted
	Exposes     Kind = "exposes"     // scripts can read a header of the answer now
	Hides       Kind = "hides"       // scripts can no longer read a header
	Credentials Kind = "credentials" // pages may send cookies now, or no longer may
	MaxAge      Kind = "max-age"     // browsers keep the preflight for another time
	Status      Kind = "status"      // the refusal has another status or code
)

// A Change is one thing that the second configuration does otherwise.
type Change struct {
	Kind Kind `json:"kind"`
	// Origin is what it changes for: an origin; a pattern of origins; "*" for every
	// origin that no other entry of the two configurations is about.
	Origin string `json:"origin"`
	// Method is the method of the request.
	Method string `json:"method"`
	// Header is, of what is granted or revoked, the request headers with which alone it
	// is; "" if it is so without any. Of what is exposed or hidden it is the
	// response header.
	Header string `json:"header"`
	// Text says it in a sentence.
	Text string `json:"text"`

	before, after string // what stands in Text around the method
	detail        string // what differs, without the origin
}

// An Omission is something that was not compared.
type Omission struct {
	Code string `json:"code"` // "origins", "headers", "requests" or "changes"
	Text string `json:"text"`
}

// A Report is what came of a comparison.
type Report struct {
	// Equal is true if both do the same, false if Changes says what they do otherwise,
	// and nil if no change was found and not everything was compared.
	Equal *bool `json:"equal"`
	// Changes stand in the order of the entries of the configurations, those of the
	// second behind those of the first; never nil.
	Changes []Change `json:"changes"`
	// NotCompared says why not everything was compared; never nil.
	NotCompared []Omission `json:"notCompared"`
}

// Sentences returns the changes for people: those that differ in the method alone are
// one sentence.
func (r *Report) Sentences() []string {
	type frame struct{ before, after string }
	var frames []frame
	names := make(map[frame][]string)
	for _, change := range r.Changes {
		f := frame{change.before, change.after}
		if names[f] == nil {
			frames = append(frames, f)
		}
		names[f] = append(names[f], change.Method)
	}
	sentences := make([]string, len(frames))
	for i, f := range frames {
		list := names[f]
		last := list[len(list)-1]
		if len(list) > 1 {
			last = strings.Join(list[:len(list)-1], ", ") + " and " + last
		}
		sentences[i] = f.before + last + f.after
	}
	return sentences
}

// conclude fills in Equal.
func (r *Report) conclude() {
	equal := len(r.Changes) == 0
	if equal && len(r.NotCompared) > 0 {
		return
	}
	r.Equal = &equal
}

func (r *Report) omit(code, text string) {
	r.NotCompared = append(r.NotCompared, Omission{code, text})
}
