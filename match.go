package s3cors

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A matcher maps a value to the set of rules that admit it. It is built once
// and read without locks or allocation.
type matcher struct {
	few
	// index finds the listed strings if there are more than maxFew; it is nil if there
	// are not, since they need no hash.
	index index
	// patterns holds what has a star and something beside it if there are more than
	// maxFewPatterns of them; nil if there are not, since they are shapes then.
	patterns *node
}

// match returns the rules of want that admit value.
func (m *matcher) match(value string, want ruleset) ruleset {
	switch {
	case want.within(m.every):
		return want
	case m.isFew(value):
		return want.and(m.find(value))
	}
	return m.search(value, want)
}

// search is match by whatever is listed, for every value.
func (m *matcher) search(value string, want ruleset) ruleset {
	if m.index != nil {
		if e := m.index.find(value, m.listed); e != nil {
			return e.rules.and(want)
		}
	} else {
		for i := range m.listed {
			if e := &m.listed[i]; e.text == value {
				return e.rules.and(want)
			}
		}
	}
	if m.patterns != nil {
		return want.without(m.patterns.heads(value, want.without(m.every), m.overlap))
	}
	found := m.every
	for i := range m.shapes {
		if s := &m.shapes[i]; s.admits(value) {
			found = found.or(s.rules)
		}
	}
	return found.and(want)
}

// A node is part of a radix tree. The texts before the stars form one, read
// from the front of a value; under each of these heads stand its tails, the
// texts behind the star, in a tree of their own that is read from the value's
// end. A lookup therefore visits just those patterns whose head begins the
// value, and of their tails just those that share its end, however many
// patterns there are. It turns back where none of the rules that it still asks
// for is below, so that the patterns of other rules cost it next to nothing
// however they nest.
//
// A map of patterns by their heads would be shorter code. It was not taken: a
// lookup in it tries a head of every length that some pattern has, and hashes the
// beginning of the value anew for each, which is quadratic in the bytes of the
// value. And patterns such as https://*.a.example and https://*.b.example all have
// one head, so each entry would need a second such map, by tails. The trees turn
// back at the first byte that no pattern shares.
type node struct {
	// label is the text between the parent and this node.
	label string
	// rules are those of the patterns that are complete here: of a head, the
	// patterns that end with their star.
	rules ruleset
	// tails are the texts that may follow a star that stands here; nil if none.
	tails *node
	// index holds, for each kid in order, the byte that its label begins with,
	// in the direction of reading; no two kids share one.
	index string
	kids  []node
	// below are the rules of all patterns below the kids.
	below ruleset
}

// heads returns the rules of open that have no pattern here that fits value. The
// tails may end what the head left over, or all of value if the two may overlap.
func (n *node) heads(value string, open ruleset, overlap bool) ruleset {
	at := 0
	for strings.HasPrefix(value[at:], n.label) {
		at += len(n.label)
		open = open.without(n.rules)
		if n.tails != nil {
			from := at
			if overlap {
				from = 0
			}
			open = n.tails.ends(value[from:], open)
		}
		if n.below.and(open).empty() || at == len(value) {
			return open
		}
		k := strings.IndexByte(n.index, value[at])
		if k < 0 {
			return open
		}
		n = &n.kids[k]
	}
	return open
}

// ends returns the rules of open that have no tail here that ends value.
func (n *node) ends(value string, open ruleset) ruleset {
	for strings.HasSuffix(value, n.label) {
		value = value[:len(value)-len(n.label)]
		open = open.without(n.rules)
		if n.below.and(open).empty() || value == "" {
			return open
		}
		k := strings.IndexByte(n.index, value[len(value)-1])
		if k < 0 {
			return open
		}
		n = &n.kids[k]
	}
	return open
}

// A matcherBuilder collects what the rules of a configuration list.
type matcherBuilder struct {
	every    ruleset
	exact    map[string]ruleset
	patterns []pattern
}

// add says that rule i lists the text, an exact string or one with a "*"; one with
// several, which S3 refuses, is an exact string.
func (b *matcherBuilder) add(text string, i int) {
	prefix, suffix, star := strings.Cut(text, "*")
	switch {
	case !star, strings.Contains(suffix, "*"):
		if b.exact == nil {
			b.exact = make(map[string]ruleset)
		}
		b.exact[text] = b.exact[text].or(only(i))
	case prefix == "" && suffix == "":
		b.every = b.every.or(only(i))
	default:
		b.patterns = append(b.patterns, pattern{prefix, suffix, only(i)})
	}
}

// build returns the matcher of all that was added, whose patterns may overlap or
// not. It reorders b's patterns and keeps b's map.
func (b *matcherBuilder) build(overlap bool) matcher {
	many := len(b.exact) > maxFew || len(b.patterns) > maxFewPatterns
	m := matcher{few: few{every: b.every, many: many, overlap: overlap}}
	if len(b.patterns) > maxFewPatterns {
		m.patterns = fromFront.tree(b.patterns)
	} else {
		for _, p := range b.patterns {
			m.shapes = append(m.shapes, newShape(p, overlap))
		}
		m.shapes = slices.Clip(m.shapes)
	}
	var all []listed
	for _, text := range slices.Sorted(maps.Keys(b.exact)) {
		rules := b.exact[text]
		all = append(all, listed{text, m.match(text, fullSet).or(rules)})
	}
	m.listed = slices.Clip(all)
	if len(m.listed) > maxFew {
		m.index = newIndex(m.listed)
	}
	return m
}

// A direction is how a tree reads its texts.
type direction bool

const (
	fromFront direction = false // prefixes
	fromEnd   direction = true  // suffixes
)

func (d direction) text(p pattern) string {
	if d == fromEnd {
		return p.suffix
	}
	return p.prefix
}

// at returns the i-th byte of text, read in direction d.
func (d direction) at(text string, i int) byte {
	if d == fromEnd {
		return text[len(text)-1-i]
	}
	return text[i]
}

// cut returns the bytes of text from the i-th to before the j-th, read in
// direction d.
func (d direction) cut(text string, i, j int) string {
	if d == fromEnd {
		return text[len(text)-j : len(text)-i]
	}
	return text[i:j]
}

// common returns how many bytes a and b share, read in direction d.
func (d direction) common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && d.at(a, n) == d.at(b, n) {
		n++
	}
	return n
}

func (d direction) compare(a, b string) int {
	n := d.common(a, b)
	if n == len(a) || n == len(b) {
		return cmp.Compare(len(a), len(b))
	}
	return cmp.Compare(d.at(a, n), d.at(b, n))
}

// tree returns the tree of the patterns' texts in direction d, nil if there are
// no patterns. It reorders patterns.
func (d direction) tree(patterns []pattern) *node {
	if len(patterns) == 0 {
		return nil
	}
	slices.SortFunc(patterns, func(p, q pattern) int {
		return d.compare(d.text(p), d.text(q))
	})
	root := new(node)
	d.grow(root, patterns, 0)
	return root
}

// grow fills n from the patterns, one at least, whose texts are sorted and
// share their first depth bytes, which n's ancestors have read.
func (d direction) grow(n *node, patterns []pattern, depth int) {
	first, last := d.text(patterns[0]), d.text(patterns[len(patterns)-1])
	next := d.common(first, last)
	n.label = d.cut(first, depth, next)

	complete := 0
	for complete < len(patterns) && len(d.text(patterns[complete])) == next {
		complete++
	}
	d.finish(n, patterns[:complete])
	d.branch(n, patterns[complete:], next)
}

// finish notes at n the patterns whose text is complete there.
func (d direction) finish(n *node, patterns []pattern) {
	open := patterns[:0]
	for _, p := range patterns {
		if d == fromEnd || p.suffix == "" {
			n.rules = n.rules.or(p.rules)
		} else {
			open = append(open, p)
		}
	}
	n.tails = fromEnd.tree(open)
}

// branch gives n a kid for each byte with which the patterns, sorted, go on.
func (d direction) branch(n *node, patterns []pattern, depth int) {
	for _, p := range patterns {
		n.below = n.below.or(p.rules)
	}
	var runs [][]pattern
	var index []byte
	for len(patterns) > 0 {
		b := d.at(d.text(patterns[0]), depth)
		end := 1
		for end < len(patterns) && d.at(d.text(patterns[end]), depth) == b {
			end++
		}
		runs, index = append(runs, patterns[:end]), append(index, b)
		patterns = patterns[end:]
	}
	if len(runs) == 0 {
		return
	}
	n.index, n.kids = string(index), make([]node, len(runs))
	for i := range runs {
		d.grow(&n.kids[i], runs[i], depth)
	}
}
