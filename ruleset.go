package s3cors

import "math/bits"

// A ruleset is a set of rules, one bit a rule; S3 allows 100 of them
// (1.1/number-of-rules). It is a struct rather than an array because the compiler
// keeps a struct of two words in registers.
type ruleset struct{ lo, hi uint64 }

// rulesetSize is how many rules a ruleset can hold.
const rulesetSize = 128

// only returns the set that holds rule i alone.
func only(i int) ruleset {
	if i < 64 {
		return ruleset{lo: 1 << i}
	}
	return ruleset{hi: 1 << (i - 64)}
}

func (s ruleset) and(t ruleset) ruleset { return ruleset{s.lo & t.lo, s.hi & t.hi} }
func (s ruleset) or(t ruleset) ruleset  { return ruleset{s.lo | t.lo, s.hi | t.hi} }
func (s ruleset) empty() bool           { return s.lo|s.hi == 0 }

// fullSet holds all rules that there can be.
var fullSet = ruleset{^uint64(0), ^uint64(0)}

// without returns the rules of s that are not in t.
func (s ruleset) without(t ruleset) ruleset { return ruleset{s.lo &^ t.lo, s.hi &^ t.hi} }

// within reports whether every rule of s is in t.
func (s ruleset) within(t ruleset) bool { return s.without(t).empty() }

// first returns the lowest rule of s, which must not be empty.
func (s ruleset) first() int {
	if s.lo != 0 {
		return bits.TrailingZeros64(s.lo)
	}
	return 64 + bits.TrailingZeros64(s.hi)
}
