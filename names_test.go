package s3cors

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// takes returns what is left of value, and the rules, after all names that a rule set of
// these AllowedHeaders takes, one rule a list.
func takes(t *testing.T, value string, lists ...[]string) (rest string, rules []int) {
	t.Helper()
	p := policyOfNames(lists...)
	require.True(t, p.foresees)
	want := ruleset{}
	for i := range lists {
		want = want.or(only(i))
	}
	rest, left := p.headers.takeListed(value, want)
	for i := range lists {
		if !left.and(only(i)).empty() {
			rules = append(rules, i)
		}
	}
	return rest, rules
}

// policyOfNames returns a policy with a rule for each list of AllowedHeaders.
func policyOfNames(lists ...[]string) *Policy {
	c := new(Configuration)
	for _, list := range lists {
		c.CORSRules = append(c.CORSRules, Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}, AllowedHeaders: list})
	}
	return compile(c, newSettings(nil))
}

func TestListedNamesAreTakenOffTheFront(t *testing.T) {
	five := []string{"authorization", "content-type", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}
	for _, row := range []struct {
		name, value, rest string
		lists             [][]string
		rules             []int
	}{
		{"all in their order", strings.Join(five, ","), "", [][]string{five}, []int{0}},
		{"some of them", "content-type,x-amz-date", "", [][]string{five}, []int{0}},
		{"in another order", "x-amz-date,authorization", "", [][]string{five}, []int{0}},
		{"the same twice", "x-amz-date,x-amz-date", "", [][]string{five}, []int{0}},
		{"in mixed case and with blanks between", "Authorization, \tX-AMZ-Date", "", [][]string{five}, []int{0}},
		{"short names in capitals", "ETAG,Te", "", [][]string{{"etag", "te"}}, []int{0}},
		{"separators at the end", "te,, ,", "", [][]string{{"te"}}, []int{0}},
		{"up to the first that is not listed", "te,x-evil,te", "x-evil,te", [][]string{{"te"}}, []int{0}},
		{"not a name that goes on", "te-x", "te-x", [][]string{{"te"}}, []int{0}},
		{"not a name with a blank behind it", "te ,te", "te ,te", [][]string{{"te"}}, []int{0}},
		{"not a name with an umlaut in place of a letter", "content-t\u00FFpe", "content-t\u00FFpe", [][]string{{"content-type", "content-tyype"}}, []int{0}},
		{"not what has no bit in common with a name", "BBBBBBBB", "BBBBBBBB", [][]string{{"--------"}}, []int{0}},
		{"not what has none in its first half", "BBBBBBBB--------", "BBBBBBBB--------", [][]string{{strings.Repeat("-", 16)}}, []int{0}},
		{"not what stands where the name before it ended", "aaaaaaaa,bbbbbbbb", "bbbbbbbb", [][]string{{"aaaaaaaa"}}, []int{0}},
		{"not the first half of a name twice", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", [][]string{{"aaaaaaaabbbbbbbb"}}, []int{0}},
		{"not the first third of a name twice", "aaaaaaaaaaaaaaaacccccccc", "aaaaaaaaaaaaaaaacccccccc", [][]string{{"aaaaaaaabbbbbbbbcccccccc"}}, []int{0}},
		{"not an empty name before others", ",te", ",te", [][]string{{"te"}}, []int{0}},
		{"nothing of nothing", "", "", [][]string{{"te"}}, []int{0}},
		{"the rules that admit all names stay", "te,etag", "", [][]string{{"te"}, {"te", "etag"}, {"*"}}, []int{1, 2}},
		{"until no rule is left", "te,etag,te", "te", [][]string{{"te"}, {"etag"}}, nil},
		{"the ninth in turn is not tried", "i", "i", [][]string{{"a", "b", "c", "d", "e", "f", "g", "h", "i"}}, []int{0}},
		{"the ninth is found behind the eighth", "h,i,a", "", [][]string{{"a", "b", "c", "d", "e", "f", "g", "h", "i"}}, []int{0}},
	} {
		t.Run(row.name, func(t *testing.T) {
			rest, rules := takes(t, row.value, row.lists...)
			require.Equal(t, row.rest, rest)
			require.Equal(t, row.rules, rules)
		})
	}
}

// TestEachByteOfAListedNameCounts has names of all lengths around up to five words.
func TestEachByteOfAListedNameCounts(t *testing.T) {
	for n := 1; n <= 42; n++ {
		name := strings.Repeat("x", n)
		for i := range n {
			for _, b := range []string{"y", "\x18", "8", "\xF8", "X"} { // of which all but y differ from x in one bit
				value := name[:i] + b + name[i+1:]
				rest, rules := takes(t, value, []string{name})
				require.Equal(t, []int{0}, rules)
				if b == "X" {
					require.Empty(t, rest, "%q", value)
				} else {
					require.Equal(t, value, rest, "byte %d of %d", i, n)
				}
			}
		}
	}
}

func TestNamesAreForeseenIfAllThatIsListedIsAName(t *testing.T) {
	require.False(t, policyOfNames([]string{"*", "x-*"}).foresees)
	require.False(t, policyOfNames([]string{"te", ""}).foresees)
	require.False(t, policyOfNames([]string{"te", "a b"}).foresees)
	require.True(t, policyOfNames([]string{"te", "x-*"}).foresees)
	require.False(t, compile(&Configuration{CORSRules: []Rule{{AllowedHeaders: []string{"te"}}}},
		newSettings([]Option{WithDialect(Ceph)})).foresees)
}

// requireForesight holds what is decided with foresight to what is decided without.
func requireForesight(t *testing.T, lists [][]string, value string) {
	t.Helper()
	plain, quick := policyOfNames(lists...), policyOfNames(lists...)
	plain.foresees = false
	rules := plain.methods[methodOf("GET")]
	wantRules, wantValid := plain.admit(value, rules)
	gotRules, gotValid := quick.admit(value, rules)
	require.Equal(t, wantValid, gotValid, "%q of %q", value, lists)
	require.Equal(t, wantRules, gotRules, "%q of %q", value, lists)
}

func FuzzForesightChangesNothing(f *testing.F) {
	f.Add("authorization\ncontent-type\nx-amz-date|x-amz-*", "authorization,content-type,x-amz-date")
	f.Add("te|te\netag|*", "Te, ETag,,te")
	f.Add("a\nb\nc\nd\ne\nf\ng\nh\ni", "i,a,h,i,x y")
	f.Add("content-type", "content-type ,content-t\u00FFpe")
	f.Fuzz(func(t *testing.T, listed, value string) {
		var lists [][]string
		for list := range strings.SplitSeq(listed, "|") {
			lists = append(lists, strings.Split(list, "\n"))
		}
		if len(lists) > mostRules || len(value) > mostRequestBytes {
			return
		}
		requireForesight(t, lists, value)
		every := strings.NewReplacer("|", ",", "\n", ",").Replace(listed)
		requireForesight(t, lists, every)
		requireForesight(t, lists, strings.ToUpper(every)+","+value)
	})
}
