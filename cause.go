package s3cors

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/s3cors/s3cors/internal/form"
)

// A Cause is one thing to change in a document that S3 would refuse, in words for
// people. One cause can have several problems: a name that is misspelt is unknown, and
// the member that it should be is missing.
type Cause struct {
	// Path names the member, as Problem.Path does.
	Path string
	// Place is the same in the names of the document, such as CORSRule[1].AllowedMethod[0]
	// for XML. It is "" for the document as a whole.
	Place string
	// Start is where the change is to be made, and End is where that place ends,
	// exclusive. Of several places, which a name can have that is misspelt in several
	// rules, it is the first.
	Start, End Position
	// Detail says in plain words what is wrong, and what to write. It names the members
	// as the document does: by the keys of JSON, or by the elements of XML. It has no
	// full stop.
	Detail string
	// Suggestion is the name that was probably meant, or "" if no name is near.
	Suggestion string
	// Problems are the indexes, from 0 and ascending, of the problems among
	// Document.Problems that the change takes away.
	Problems []int
}

// A diagnosis groups the findings of a document by their causes.
type diagnosis struct {
	*reader
	lines  lines
	told   []bool // of the findings: a cause has it
	causes []Cause
}

// causes returns what to change, in the order of the problems.
func (r *reader) causes() []Cause {
	if len(r.found.kept) == 0 {
		return nil
	}
	d := &diagnosis{reader: r, lines: newLines(r.data, r.text), told: make([]bool, len(r.found.kept))}
	if d.named != form.Unknown {
		d.wholeShape()
	}
	d.parameters()
	d.jsonInXML()
	d.rulesMissing()
	d.torn()
	for _, rule := range d.rulesWithFindings() {
		d.rule(rule)
	}
	for i := range r.found.kept {
		if !d.told[i] {
			d.one(i)
		}
	}
	slices.SortStableFunc(d.causes, func(a, b Cause) int { return a.Problems[0] - b.Problems[0] })
	return alike(d.causes)
}

// alike joins misspelt names that are the same ones, since one search mends them all.
func alike(causes []Cause) []Cause {
	var joined []Cause
	first := make(map[string]int) // indexes in joined
	more := make(map[int]int)
	for _, c := range causes {
		i, ok := first[c.Detail]
		if !ok || c.Suggestion == "" {
			first[c.Detail] = len(joined)
			joined = append(joined, c)
			continue
		}
		joined[i].Problems = slices.Sorted(slices.Values(append(joined[i].Problems, c.Problems...)))
		more[i]++
	}
	for i, n := range more {
		joined[i].Detail += fmt.Sprintf("; %d more like it", n)
	}
	return joined
}

// add notes a cause of the findings with these indexes, at the place of the first of
// them.
func (d *diagnosis) add(detail, suggestion string, indexes ...int) {
	f := &d.found.kept[indexes[0]]
	p := &f.problem
	d.addAt(Cause{Path: p.Path, Place: d.place(f), Start: p.Start, End: p.End, Detail: detail, Suggestion: suggestion}, indexes)
}

// place returns where a finding is in the names of the document.
func (d *diagnosis) place(f *finding) string {
	if f.unknown || f.problem.Row == "1.1/zero-rules" { // which its sentence names
		return d.words.path(f.at.inRule())
	}
	return d.words.path(f.at)
}

func (d *diagnosis) addAt(c Cause, indexes []int) {
	c.Problems = slices.Sorted(slices.Values(indexes))
	for _, i := range indexes {
		d.told[i] = true
	}
	d.causes = append(d.causes, c)
}

// one notes a finding that is a cause of its own.
func (d *diagnosis) one(i int) {
	p := &d.found.kept[i].problem
	d.add(p.Detail, p.Suggestion, i)
}

// whole returns a cause that is about the document.
func (d *diagnosis) whole(detail string) Cause {
	s := d.spans()(documentPlace)
	return Cause{Path: documentPlace.path(), Start: d.lines.position(int(s.start)), End: d.lines.position(int(s.end)), Detail: detail}
}

func (d *diagnosis) spans() func(place) span {
	if d.found.where != nil {
		return d.found.where
	}
	return d.places()
}

// find returns the indexes of the findings that are not told yet and that is accepts.
func (d *diagnosis) find(is func(f *finding) bool) []int {
	var indexes []int
	for i := range d.found.kept {
		if !d.told[i] && is(&d.found.kept[i]) {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// wholeShape tells of a document that is none of S3's.
func (d *diagnosis) wholeShape() {
	indexes := d.found.shape()
	if len(indexes) == 0 {
		return
	}
	d.addAt(d.whole(d.found.kept[indexes[0]].problem.Detail), indexes)
}

// parameters tells of what stands beside the configuration in the parameters or the
// response of a call.
func (d *diagnosis) parameters() {
	if d.words.xml {
		return
	}
	f := d.form()
	if f != form.Parameters && f != form.Response {
		return
	}
	indexes := d.find(func(f *finding) bool { return f.unknown && f.at == documentPlace && f.problem.Suggestion == "" })
	if len(indexes) > 0 {
		name := strconv.Quote(d.found.kept[indexes[0]].name)
		d.add("this is "+f.String()+`: "s3cors convert" reads it; remove `+name+" and what else stands beside the configuration", "", indexes...)
	}
}

// jsonInXML tells of JSON in the place of elements, together with what is missing for
// it.
func (d *diagnosis) jsonInXML() {
	for _, i := range d.find(func(f *finding) bool { return f.problem.Detail == jsonInXML }) {
		rule := d.found.kept[i].at.rule
		missing := d.find(func(f *finding) bool { return f.at.rule == rule && (f.isLack() || f.at == rulesPlace) })
		d.add(jsonInXML, "", append([]int{i}, missing...)...)
	}
}

// rulesMissing tells of a document that lacks its rules because they stand where they
// do not belong, or under another name.
func (d *diagnosis) rulesMissing() {
	missing := d.find(func(f *finding) bool { return f.at == rulesPlace && !f.unknown })
	misspelt := d.find(func(f *finding) bool {
		return f.unknown && f.at == documentPlace && (f.problem.Suggestion != "" || f.wraps)
	})
	members := d.find(func(f *finding) bool {
		return f.unknown && !f.wraps && f.at == documentPlace && nearest(f.name, d.ruleNames()) != ""
	})
	switch {
	case len(missing) > 0 && len(misspelt) > 0:
		p := &d.found.kept[misspelt[0]].problem
		d.add(p.Detail, p.Suggestion, misspelt[0], missing[0])
	case len(missing) > 0 && d.ignoredFor(rulesPlace) != nil:
		d.mended(missing[0], d.ignoredFor(rulesPlace))
	case len(missing) > 0 && len(members) > 0 && d.words.xml:
		name := d.words.tag(d.found.kept[members[0]].name)
		d.add(name+" stands outside of a rule: put <CORSRule> before the rule's elements, and </CORSRule> behind them", "", append(members, missing...)...)
	case len(missing) > 0 && len(members) > 0:
		d.singleRule(members, missing)
	case len(missing) > 0 && !d.words.xml:
		d.noConfiguration(missing)
	case len(members) > 0 && d.words.xml:
		d.add(d.words.tag(d.found.kept[members[0]].name)+" stands outside of a rule: move it between <CORSRule> and </CORSRule>", "", members...)
	case len(members) > 0:
		d.add(d.words.tag(d.found.kept[members[0]].name)+" stands beside the rules: move it between the { and } of a rule", "", members...)
	}
}

// noConfiguration tells of an object that has other keys in the place of the rules.
func (d *diagnosis) noConfiguration(missing []int) {
	unknown := d.find(func(f *finding) bool { return f.unknown && f.at == documentPlace })
	if len(unknown) == 0 {
		return
	}
	name := d.words.tag(d.found.kept[unknown[0]].name)
	if d.found.kept[unknown[0]].name == nestedKey {
		d.add(name+" stands in another one: remove one of them", "", append(unknown, missing...)...)
		return
	}
	d.addAt(d.whole("this is no CORS configuration: it has "+name+` and no CORSRules; write {"CORSRules": […]} or an array of rules`), append(missing, unknown...))
}

// ruleNames are the names of a rule's members in the document.
func (d *diagnosis) ruleNames() []string {
	if d.words.xml {
		return elementNames[memberID:]
	}
	return memberNames[memberID:]
}

// singleRule tells of a rule that stands in the place of a configuration; its members
// are unknown there. Those that are misspelt as well remain.
func (d *diagnosis) singleRule(members, missing []int) {
	indexes := missing
	for _, i := range members {
		f := &d.found.kept[i]
		if meant := nearest(f.name, d.ruleNames()); meant != f.name {
			d.add(d.words.unknown(ruleAt(0), f.name, meant), meant, i)
			continue
		}
		indexes = append(indexes, i)
	}
	d.addAt(d.whole(singleRule), indexes)
}

// rulesWithFindings are the indexes of the rules that have findings.
func (d *diagnosis) rulesWithFindings() []int32 {
	var rules []int32
	for i := range d.found.kept {
		if rule := d.found.kept[i].at.rule; rule != none && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	return rules
}

// inRule returns the findings about a rule that lacks a list, and those about unknown
// names in it.
func (d *diagnosis) inRule(rule int32) (lacks, unknown []int) {
	for i := range d.found.kept {
		f := &d.found.kept[i]
		switch {
		case d.told[i] || f.at.rule != rule:
		case f.unknown:
			unknown = append(unknown, i)
		case f.isLack():
			lacks = append(lacks, i)
		}
	}
	return lacks, unknown
}

// rule tells of a rule: of its misspelt names together with what is missing for them,
// and of what else is missing.
func (d *diagnosis) rule(rule int32) {
	lacks, unknown := d.inRule(rule)
	if d.nested(lacks, unknown) {
		return
	}
	if len(lacks) == 2 && d.allStrange(unknown) {
		d.lackBoth(d.words.noRule(d.found.kept[unknown[0]].name), append(lacks, unknown...))
		return
	}
	for _, i := range unknown {
		lacks = d.slip(i, lacks)
	}
	if len(lacks) == 2 && d.isPlain(lacks[0]) && d.isPlain(lacks[1]) {
		d.lackBoth(d.words.lacksBoth(), lacks)
		return
	}
	for _, i := range lacks {
		d.lack(i)
	}
}

// lackBoth tells of a rule that has neither origins nor methods, at the rule.
func (d *diagnosis) lackBoth(detail string, indexes []int) {
	f := &d.found.kept[indexes[0]]
	at := f.at.inRule()
	d.addAt(Cause{Path: at.path(), Place: d.words.path(at), Start: f.problem.Start, End: f.problem.End, Detail: detail}, indexes)
}

// allStrange reports whether there are unknown names, and none is like one of a rule.
func (d *diagnosis) allStrange(unknown []int) bool {
	for _, i := range unknown {
		if d.found.kept[i].problem.Suggestion != "" {
			return false
		}
	}
	return len(unknown) > 0
}

// slip tells of an unknown name together with the one of lacks for which it stands,
// and returns the other ones.
func (d *diagnosis) slip(i int, lacks []int) []int {
	p := &d.found.kept[i].problem
	meant := d.words.member(p.Suggestion)
	for n, lack := range lacks {
		if d.found.kept[lack].at.member == meant && meant != memberNone {
			d.add(p.Detail+", which the rule lacks", p.Suggestion, i, lack)
			return slices.Delete(slices.Clone(lacks), n, n+1)
		}
	}
	detail := p.Detail
	if meant != memberNone && d.has(d.found.kept[i].at.rule, meant) {
		detail += ", which the rule has already"
	}
	d.add(detail, p.Suggestion, i)
	return lacks
}

// has reports whether a rule has the member.
func (d *diagnosis) has(rule int32, m member) bool {
	r := &d.config.CORSRules[rule]
	switch m {
	case memberID:
		return r.ID != nil
	case memberMaxAgeSeconds:
		return r.MaxAgeSeconds != nil
	}
	return !d.words.xml && len(*r.list(m)) > 0
}

// isEmpty reports whether a list that a rule lacks is there, and empty, which only
// JSON has.
func (d *diagnosis) isEmpty(i int) bool {
	at := d.found.kept[i].at.at(0)
	return slices.ContainsFunc(d.marks, func(m mark) bool { return m.place == at })
}

// isPlain reports whether nothing in the document stands for what a rule lacks.
func (d *diagnosis) isPlain(i int) bool {
	return !d.isEmpty(i) && d.ignoredFor(d.found.kept[i].at) == nil
}

// ignoredFor returns the element that was passed over and is probably the member at
// that place, or a rule; nil if there is none.
func (d *diagnosis) ignoredFor(at place) *ignored {
	for i := range d.ignored {
		if d.ignored[i].meant == at {
			return &d.ignored[i]
		}
	}
	return nil
}

// mended tells of what is missing because its element has another name.
func (d *diagnosis) mended(i int, slip *ignored) {
	f := &d.found.kept[i]
	d.addAt(Cause{Path: f.problem.Path, Place: d.words.path(f.at.inRule()), Suggestion: f.at.member.element(),
		Start: d.lines.position(int(slip.span.start)), End: d.lines.position(int(slip.span.end)),
		Detail: d.words.tag(slip.name) + " is probably " + f.at.member.element() + ", which is missing: elements of other names are passed over"}, []int{i})
}

// lack tells of a list that a rule lacks, at its brackets if it is there.
func (d *diagnosis) lack(i int) {
	f := &d.found.kept[i]
	if slip := d.ignoredFor(f.at); slip != nil {
		d.mended(i, slip)
		return
	}
	if !d.isEmpty(i) {
		d.one(i)
		return
	}
	s := d.spans()(f.at.at(0))
	m := f.at.member
	d.addAt(Cause{Path: f.problem.Path, Place: d.place(f), Start: d.lines.position(int(s.start)), End: d.lines.position(int(s.end)),
		Detail: d.words.name(m) + " is empty: write " + d.words.whole(m, samples[m]...)}, []int{i})
}

// nested tells of a whole configuration, or of a rule, that stands inside of a rule.
func (d *diagnosis) nested(lacks, unknown []int) bool {
	if len(unknown) == 0 || len(lacks) != 2 {
		return false
	}
	said := ""
	switch name := d.found.kept[unknown[0]].name; {
	case d.words.xml && name == memberRules.element():
		said = "<CORSRule> stands inside of another <CORSRule>: remove one of them, and its end tag"
	case !d.words.xml && len(unknown) == 1 && (name == rulesKey || name == nestedKey):
		said = "a whole configuration stands in an array: remove the [ before it, and the ] behind it"
	default:
		return false
	}
	d.add(said, "", append(unknown, lacks...)...)
	return true
}

// torn tells of rules that are one rule, torn apart: each lacks what others have, and
// no member is there twice.
func (d *diagnosis) torn() {
	for first := int32(0); int(first) < len(d.config.CORSRules); {
		end, indexes := d.tornFrom(first)
		if end-first >= 2 && len(indexes) > 0 {
			d.tellTorn(first, end, indexes)
		}
		first = max(end, first+1)
	}
}

// tornFrom returns the rule behind those that are one with the rule first, and the
// findings about what they lack; no findings if together they lack something, too.
func (d *diagnosis) tornFrom(first int32) (end int32, indexes []int) {
	var have [len(memberNames)]bool
	for end = first; int(end) < len(d.config.CORSRules); end++ {
		lacks, unknown := d.inRule(end)
		members := d.members(end, unknown)
		if len(lacks) == 0 || len(members) == 0 || slices.ContainsFunc(members, func(m member) bool { return have[m] }) {
			break
		}
		for _, m := range members {
			have[m] = true
		}
		indexes = append(indexes, lacks...)
	}
	if !have[memberAllowedOrigins] || !have[memberAllowedMethods] {
		return end, nil
	}
	return end, indexes
}

// members returns what a rule has, the members whose names are misspelt among it.
func (d *diagnosis) members(rule int32, unknown []int) []member {
	var all []member
	r := &d.config.CORSRules[rule]
	if r.ID != nil {
		all = append(all, memberID)
	}
	for m := memberAllowedOrigins; m <= memberExposeHeaders; m++ {
		if len(*r.list(m)) > 0 {
			all = append(all, m)
		}
	}
	if r.MaxAgeSeconds != nil {
		all = append(all, memberMaxAgeSeconds)
	}
	for _, i := range unknown {
		if m := d.words.member(d.found.kept[i].problem.Suggestion); m >= memberID {
			all = append(all, m)
		}
	}
	return all
}

func (d *diagnosis) tellTorn(first, end int32, indexes []int) {
	at := d.spans()
	start, stop := at(ruleAt(int(first))), at(ruleAt(int(end-1)))
	n := strconv.Itoa(int(end - first))
	if int(end-first) < len(numbers) {
		n = numbers[end-first]
	}
	things, cure := "objects", "put all their members between one { and one }"
	if d.words.xml {
		things, cure = "CORSRule elements", "put all their elements into one CORSRule"
	}
	rule := ruleAt(int(first))
	d.addAt(Cause{Path: rule.path(), Place: d.words.path(rule), Start: d.lines.position(int(start.start)), End: d.lines.position(int(stop.end)),
		Detail: "these " + n + " " + things + " are one rule, torn apart: " + cure}, indexes)
}
