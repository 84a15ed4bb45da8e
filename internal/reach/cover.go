package reach

// A Cover tells which patterns are within an entry of a list.
type Cover struct {
	first    map[Pattern]int // the first index of each
	patterns []Pattern       // those with a star, each once, in the order of the list
}

// most bounds the comparisons for one list, so that a document of nothing but
// patterns costs little. Patterns beyond it cover nothing.
const most = 1 << 22

// CoverOf reads the patterns of a list, in its order.
func CoverOf(list []Pattern) *Cover {
	c := &Cover{first: make(map[Pattern]int)}
	for i, p := range list {
		if _, again := c.first[p]; again {
			continue
		}
		c.first[p] = i
		if p.Star {
			c.patterns = append(c.patterns, p)
		}
	}
	if n := len(list); n > 0 && len(c.patterns) > most/n {
		c.patterns = c.patterns[:most/n]
	}
	return c
}

// Of returns the index of an entry that p is within, and false if there is none.
func (c *Cover) Of(p Pattern) (int, bool) {
	if i, ok := c.first[p]; ok {
		return i, true
	}
	return c.wider(p)
}

// OfEntry returns the index of another entry that the one at index i, which is p, is
// within: an equal one before it, or a wider one. The first of equals is within
// none of the others.
func (c *Cover) OfEntry(i int, p Pattern) (int, bool) {
	if first := c.first[p]; first != i {
		return first, true
	}
	return c.wider(p)
}

// wider returns the index of an entry that p is within and that is not p.
func (c *Cover) wider(p Pattern) (int, bool) {
	for _, q := range c.patterns {
		if q != p && p.Within(q) {
			return c.first[q], true
		}
	}
	return 0, false
}

// Cost returns how many comparisons Of may take.
func (c *Cover) Cost() int { return 1 + len(c.patterns) }

// All reports whether each of list is within an entry.
func (c *Cover) All(list []Pattern) bool {
	for _, p := range list {
		if _, ok := c.Of(p); !ok {
			return false
		}
	}
	return true
}
