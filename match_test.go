package s3cors

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// everyRule is the set of all rules that S3 allows.
var everyRule = func() (all ruleset) {
	for i := range mostRules {
		all = all.or(only(i))
	}
	return all
}()

func TestARulesetHoldsAsManyRulesAsS3Allows(t *testing.T) {
	require.GreaterOrEqual(t, rulesetSize, mostRules)
	var all ruleset
	for i := range rulesetSize {
		one := only(i)
		require.False(t, one.empty())
		require.Equal(t, i, one.first())
		require.True(t, all.and(one).empty(), "rule %d has no bit of its own", i)
		require.False(t, one.within(all))
		all = all.or(one)
		require.True(t, one.within(all))
		require.Equal(t, one, all.and(one))
		require.Equal(t, 0, all.first())
	}
	require.Equal(t, ruleset{^uint64(0), ^uint64(0)}, all)
}

func TestTheEmptyRuleset(t *testing.T) {
	var none ruleset
	require.True(t, none.empty())
	require.True(t, none.within(none))
	require.True(t, none.within(only(99)))
	require.False(t, only(99).within(none))
	require.Equal(t, only(99), none.or(only(99)))
}

func TestFirstIsTheLowestRule(t *testing.T) {
	require.Equal(t, 63, only(64).or(only(63)).first())
	require.Equal(t, 64, only(64).or(only(99)).first())
	require.Equal(t, 0, only(64).or(only(0)).first())
}

// A listing is a text that a rule lists.
type listing struct {
	text string
	rule int
}

// admits is the definition that a matcher is held to.
func (l listing) admits(value string) bool {
	head, tail, star := strings.Cut(l.text, "*")
	if !star {
		return l.text == value
	}
	return len(value) >= len(head)+len(tail) && strings.HasPrefix(value, head) && strings.HasSuffix(value, tail)
}

// admitting returns the rules of want that admit value, by definition.
func admitting(listings []listing, value string, want ruleset) ruleset {
	var rules ruleset
	for _, l := range listings {
		if l.admits(value) {
			rules = rules.or(only(l.rule))
		}
	}
	return rules.and(want)
}

func build(listings []listing) matcher {
	var b matcherBuilder
	for _, l := range listings {
		b.add(l.text, l.rule)
	}
	return b.build(false)
}

// asMany returns the matcher that looks up whatever is listed in an index and in trees,
// however little it is.
func asMany(listings []listing) matcher {
	m := build(listings)
	var patterns []pattern
	for _, l := range listings {
		if prefix, suffix, star := strings.Cut(l.text, "*"); star && l.text != "*" {
			patterns = append(patterns, pattern{prefix, suffix, only(l.rule)})
		}
	}
	m.shapes, m.patterns, m.index, m.many = nil, fromFront.tree(patterns), newIndex(m.listed), true
	return m
}

// requireMatches holds matchers to the definition by the listings and values as they are, and
// with each byte of them written five times, since what has eight bytes or more is matched
// in another way.
func requireMatches(t *testing.T, listings []listing, values ...string) {
	t.Helper()
	requireMatch(t, listings, values)
	var long []listing
	for _, l := range listings {
		long = append(long, listing{stretch(l.text), l.rule})
	}
	var asked []string
	for _, value := range values {
		asked = append(asked, stretch(value))
	}
	requireMatch(t, long, asked)
}

// stretch writes each byte of a text but the stars five times.
func stretch(text string) string {
	var b strings.Builder
	for i := range len(text) {
		n := 5
		if text[i] == '*' {
			n = 1
		}
		b.WriteString(strings.Repeat(text[i:i+1], n))
	}
	return b.String()
}

// requireMatch holds the matcher of the listings, and the one that takes them for many,
// to the definition, for each value and each set of rules that are still in question.
func requireMatch(t *testing.T, listings []listing, values []string) {
	t.Helper()
	m, many := build(listings), asMany(listings)
	wants := []ruleset{{}, everyRule, only(0), only(99), {lo: 0x5555555555555555, hi: 0x2aaaaaaaaa}}
	for _, l := range listings[:min(len(listings), 16)] {
		wants = append(wants, only(l.rule))
	}
	for _, value := range values {
		for _, want := range wants {
			if got := m.match(value, want); got != admitting(listings, value, want) {
				t.Fatalf("%q among %v: %v, and not %v", value, listings, got, admitting(listings, value, want))
			}
			if got := many.match(value, want); got != admitting(listings, value, want) {
				t.Fatalf("%q among many, %v: %v, and not %v", value, listings, got, admitting(listings, value, want))
			}
		}
	}
}

// listedOnce gives each text to a rule of its own.
func listedOnce(texts ...string) []listing {
	var listings []listing
	for i, text := range texts {
		listings = append(listings, listing{text, i % mostRules})
	}
	return listings
}

func TestMatcherAgreesWithTheDefinition(t *testing.T) {
	for _, row := range []struct {
		name     string
		listings []listing
		values   []string
	}{
		{"nothing is listed", nil, []string{"", "a"}},
		{"a star alone", listedOnce("*"), []string{"", "a", "*"}},
		{"one text", listedOnce("ab"), []string{"", "a", "ab", "abc", "b"}},
		{"an empty text", listedOnce(""), []string{"", "a"}},
		{"an empty text and patterns", listedOnce("", "*a", "a*", "*"), []string{"", "a", "aa", "b"}},
		{"a text in two rules", []listing{{"a", 3}, {"a", 70}, {"b", 3}}, []string{"a", "b"}},
		{"a text that patterns of other rules admit", listedOnce("abc", "a*", "*c", "ab*c", "*", "x*"), []string{"abc", "ac", "ab", "xc"}},
		{"a head that is part of another", listedOnce("a*", "ab*", "abc*", "b*"), []string{"", "a", "ab", "abc", "abcd", "ac", "b"}},
		{"a tail that is part of another", listedOnce("*a", "*ba", "*cba", "*b"), []string{"", "a", "ba", "cba", "dcba", "ca", "b"}},
		{"one head with many tails", listedOnce("x*a", "x*ba", "x*c", "x*", "x*xa"), []string{"x", "xa", "xba", "xc", "xxa", "a", "xab"}},
		{"heads and tails that could overlap", listedOnce("ab*ba", "a*ba", "ab*a", "aba*aba"), []string{"aba", "abba", "ababa", "abaaba", "ab", "ba"}},
		{"tails that begin as the head ends", listedOnce("aa*aa", "a*a", "*aa", "aa*"), []string{"", "a", "aa", "aaa", "aaaa", "aaaaa"}},
		{"characters beyond ASCII that share their first byte", listedOnce("é*", "è*", "*é", "*è"), []string{"é", "è", "éè", "\xc3", ""}},
		{"bytes that are no UTF-8", listedOnce("\xff*", "*\x00"), []string{"\xff", "\x00", "\xff\x00", ""}},
		{"as many texts as are compared one by one", listedOnce(count("a%d", maxFew)...), count("a%d", maxFew+2)},
		{"one text more", listedOnce(count("a%d", maxFew+1)...), count("a%d", maxFew+2)},
		{"many texts with patterns that admit some", listedOnce(append(count("a%d", 50), "a1*", "*9")...), count("a%d", 120)},
		{"patterns that branch into every digit", listedOnce(append(count("a%d*", 60), count("*%dz", 39)...)...), count("a%dz", 70)},
		{"one rule with all of it", []listing{{"a", 99}, {"b*", 99}, {"*c", 99}, {"d*e", 99}}, []string{"a", "b", "c", "de", "d", "e", "dxe"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.NotEmpty(t, row.values)
			requireMatches(t, row.listings, row.values...)
		})
	}
}

func count(format string, n int) []string {
	var texts []string
	for i := range n {
		texts = append(texts, fmt.Sprintf(format, i))
	}
	return texts
}

func TestTextsWithoutAStarAreHashedOnceTheyAreMany(t *testing.T) {
	few := build(listedOnce(count("a%d", maxFew)...))
	require.Len(t, few.listed, maxFew)
	require.Nil(t, few.index)
	require.False(t, few.many)
	many := build(listedOnce(count("a%d", maxFew+1)...))
	require.Len(t, many.listed, maxFew+1)
	require.Len(t, many.index, 16)
	require.True(t, many.many)
}

func TestPatternsHaveATreeOnceTheyAreMany(t *testing.T) {
	few := build(listedOnce(count("a%d*", maxFewPatterns)...))
	require.Len(t, few.shapes, maxFewPatterns)
	require.Nil(t, few.patterns)
	require.False(t, few.many)
	many := build(listedOnce(count("a%d*", maxFewPatterns+1)...))
	require.Empty(t, many.shapes)
	require.NotNil(t, many.patterns)
	require.True(t, many.many)
}

func TestFewAndManyPatternsMayOverlap(t *testing.T) {
	for _, others := range []int{0, maxFewPatterns} {
		var b matcherBuilder
		for i, l := range append(listedOnce("https://a*//a.b"), listedOnce(count("x%d*", others)...)...) {
			b.add(l.text, i)
		}
		for value, want := range map[string]ruleset{"https://a.b": only(0), "https://a.a//a.b": only(0), "https://b//a.b": {}, "https://a.c": {}} {
			m := b.build(true)
			require.Equal(t, want, m.match(value, only(0)), "%q beside %d", value, others)
		}
		m := b.build(false)
		require.Equal(t, ruleset{}, m.match("https://a.b", only(0)))
	}
}

func TestAStarAloneIsNoPattern(t *testing.T) {
	require.Equal(t, matcher{few: few{every: only(3)}}, build([]listing{{"*", 3}}))
}

func TestAPatternThatEndsWithItsStarHasNoTail(t *testing.T) {
	m := asMany(listedOnce("a*", "ab*", "b*"))
	nodes := 0
	m.patterns.each(func(n *node) {
		require.Nil(t, n.tails)
		nodes++
	})
	require.Equal(t, 4, nodes, "the root, a, b behind it, and b")
}

// wordsOf returns all strings of up to n letters of an alphabet.
func wordsOf(alphabet string, n int) []string {
	words := []string{""}
	for from := 0; n > 0; n-- {
		till := len(words)
		for ; from < till; from++ {
			for _, letter := range alphabet {
				words = append(words, words[from]+string(letter))
			}
		}
	}
	return words
}

// TestMatcherOnAllSmallPatterns puts all patterns of up to two letters before
// and behind the star into one matcher, and asks it for all values of up to six.
func TestMatcherOnAllSmallPatterns(t *testing.T) {
	var listings []listing
	for _, head := range wordsOf("ab", 2) {
		for _, tail := range wordsOf("ab", 2) {
			listings = append(listings, listing{head + "*" + tail, len(listings)})
		}
	}
	for _, exact := range wordsOf("ab", 3) {
		listings = append(listings, listing{exact, len(listings)})
	}
	require.LessOrEqual(t, len(listings), mostRules)
	requireMatches(t, listings, wordsOf("ab", 6)...)
	slices.Reverse(listings)
	requireMatches(t, listings, wordsOf("ab", 6)...)
}

func TestBuildingDoesNotDependOnTheOrderOfPatterns(t *testing.T) {
	texts := []string{"b*", "a*", "ab*", "*b", "a*b", "abc*cba", "a", "*", "ab", "aab*"}
	values := wordsOf("abc", 4)
	for shift := range texts {
		rotated := append(slices.Clone(texts[shift:]), texts[:shift]...)
		requireMatches(t, listedOnce(rotated...), values...)
	}
}

// steps returns how many nodes a lookup of value visits. It marks one node after
// the other with a rule that no listing has, and sees whether the lookup finds
// that.
func steps(m *matcher, value string, want ruleset) int {
	mark, visited := only(rulesetSize-1), 0
	m.patterns.each(func(n *node) {
		n.rules = n.rules.or(mark)
		if mark.within(m.match(value, want.or(mark))) {
			visited++
		}
		n.rules = n.rules.without(mark)
	})
	return visited
}

// each calls f with all nodes of a tree and of the trees of tails in it.
func (n *node) each(f func(*node)) {
	f(n)
	if n.tails != nil {
		n.tails.each(f)
	}
	for i := range n.kids {
		n.kids[i].each(f)
	}
}

// nest returns 100 patterns, each of which begins a value of many "a"s with its
// head and ends it with its tail; they belong to the given rules by turns.
func nest(rules ...int) []listing {
	var listings []listing
	for head := range 10 {
		for tail := range 10 {
			text := strings.Repeat("a", head) + "*" + strings.Repeat("a", tail+1)
			listings = append(listings, listing{text, rules[len(listings)%len(rules)]})
		}
	}
	return listings
}

func TestALookupVisitsEachPatternThatNestsWhereItsRuleIsInQuestion(t *testing.T) {
	var each []int
	for i := range mostRules {
		each = append(each, i)
	}
	m := asMany(nest(each...))
	// A node for each head, and one for each tail of each head.
	require.Equal(t, 10+10*10, steps(&m, strings.Repeat("a", 30), everyRule))
}

func TestALookupDoesNotDependOnRulesThatAreNotInQuestion(t *testing.T) {
	value := strings.Repeat("a", 30)
	for _, row := range []struct {
		name    string
		pattern string // of the rule in question, 0
		steps   int
	}{
		// The heads, the first tail of each, and the further tails of the last. What
		// is visited without need is one node of a tree at most.
		{"one that fits in full", "aaa*aaa", 4 + 4 + 2},
		{"one that fits before the star alone", "aaa*b", 4 + 4 + 1},
		{"one that fits behind the star alone", "b*aaa", 2 + 2},
		{"one that fits nowhere", "b*b", 2 + 2},
		{"a head alone", "aaa*", 4 + 4},
		{"a tail alone", "*aaa", 1 + 3},
	} {
		for _, others := range []int{1, 10, mostRules - 1} {
			t.Run(fmt.Sprint(row.name, ", beside ", others), func(t *testing.T) {
				var rules []int
				for i := range others {
					rules = append(rules, i+1)
				}
				m := asMany(append(nest(rules...), listing{row.pattern, 0}))
				require.Equal(t, row.steps, steps(&m, value, only(0)))
			})
		}
	}
}

func TestARuleThatIsFoundIsNotInQuestionAnyMore(t *testing.T) {
	value := strings.Repeat("a", 30)
	alone := asMany(nest(0))
	require.Equal(t, 1+1, steps(&alone, value, only(0)), "the first head and its first tail")
	// That rule 99 is not found is no reason to look for rule 0 again.
	both := only(0).or(only(99))
	beside := asMany(append(nest(0), listing{"b*", 99}))
	require.Equal(t, 2+2, steps(&beside, value, both), "and one more of each, on the way to rule 99")
	everywhere := asMany(append(nest(0), listing{"*", 0}, listing{"*b", 99}))
	require.Equal(t, 1+2, steps(&everywhere, value, both), "the first head and two tails, on the way to rule 99")
}

// FuzzMatcher reads listings and values, separated by line feeds, the values
// behind an empty line. Each listing begins with a byte for its rule.
func FuzzMatcher(f *testing.F) {
	f.Add("0a*\n1aa*aa\n2*a\n3aa\n4*", "a\naa\naaa\naaaa")
	f.Add("0ab*ba\n1a*\n0*b\nz", "aba\nabba\n")
	f.Add("0http://*.example.com\n1https://*\n2http://a.example.com\n3*", "http://a.example.com\nhttps://x\nnull")
	f.Add("0x-amz-*\n1content-type\n2*-type\n3x-amz-meta-*\n9x-*-b", "x-amz-meta-a\ncontent-type\nx-b")
	f.Add(strings.Join(count("%[1]da%[1]d*", 30), "\n"), "0a0\n2a29")
	f.Fuzz(func(t *testing.T, lines, values string) {
		var listings []listing
		for line := range strings.SplitSeq(lines, "\n") {
			if line == "" || strings.Count(line[1:], "*") > 1 || len(listings) == 64 {
				continue
			}
			listings = append(listings, listing{line[1:], int(line[0]) % mostRules})
		}
		asked := strings.Split(values, "\n")
		for _, l := range listings { // values near the listings match often
			head, tail, _ := strings.Cut(l.text, "*")
			asked = append(asked, l.text, head+tail, head+asked[0]+tail)
		}
		requireMatches(t, listings, asked[:min(len(asked), 64)]...)
	})
}
