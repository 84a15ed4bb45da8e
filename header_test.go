package s3cors

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// tokens is the definition of 4.3/one-rule, as a regular expression.
func tokens(value string) []string {
	all := separators.Split(value, -1)
	for len(all) > 0 && all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

var (
	separators      = regexp.MustCompile(`,[, \t]*`)
	tokenCharacters = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]*$")
)

// listNames walks over all names in a value.
func listNames(value string) []string {
	var all []string
	for n, ok := nameAt(value, 0); ok; n, ok = nameAt(value, n.next) {
		all = append(all, value[n.start:n.end])
	}
	return all
}

func TestNamesInAValue(t *testing.T) {
	for _, row := range []struct {
		name, value string
		want        []string
	}{
		{"nothing holds none", "", nil},
		{"a comma holds none", ",", nil},
		{"commas and blanks hold none", ",, ,\t,", nil},
		{"a name", "a", []string{"a"}},
		{"names with and without a blank between", "a,b, c", []string{"a", "b", "c"}},
		{"a leading empty name stays", ", X-Probe-A,,", []string{"", "X-Probe-A"}},
		{"a leading empty name before several commas stays one", ",, ,a", []string{"", "a"}},
		{"empty names between vanish", "content-type,,expires", []string{"content-type", "expires"}},
		{"blanks and commas between vanish", "a, ,\t ,b", []string{"a", "b"}},
		{"empty names at the end vanish", "a,,", []string{"a"}},
		{"blanks behind the last comma vanish", "a, \t", []string{"a"}},
		{"a blank before a comma stays", "a ,b", []string{"a ", "b"}},
		{"a blank at the start stays", " a", []string{" a"}},
		{"blanks alone are a name", "  ", []string{"  "}},
		{"a blank before the first comma is a name", " ,", []string{" "}},
		{"a line feed is no blank", "a,\nb", []string{"a", "\nb"}},
		{"duplicates stay", "a,a", []string{"a", "a"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, listNames(row.value))
			requireNames(t, row.value)
		})
	}
}

// requireNames holds all that is done to a value to the definitions.
func requireNames(t *testing.T, value string) {
	t.Helper()
	want := tokens(value)
	require.Equal(t, len(want), len(listNames(value)), "%q", value)
	for i, n := range listNames(value) {
		require.Equal(t, want[i], n, "%q", value)
	}
	requireFirstInvalid(t, value, want)
	for i := range want {
		want[i] = lowerByDefinition(want[i])
	}
	joined := strings.Join(want, ", ")
	require.Equal(t, joined, joinNames(value), "%q", value)
	require.Equal(t, "Before"+joined, string(appendNames([]byte("Before"), value)), "%q", value)
	if isJoined(value) {
		require.Equal(t, joined, value)
	}
}

func requireFirstInvalid(t *testing.T, value string, names []string) {
	t.Helper()
	for _, n := range names {
		require.Equal(t, tokenCharacters.MatchString(n), isToken(n), "%q", n)
	}
	for _, n := range names {
		if !tokenCharacters.MatchString(n) {
			require.Equal(t, strings.Trim(n, " \t"), firstInvalid(value), "%q", value)
			return
		}
	}
	require.Empty(t, firstInvalid(value))
}

// lowerByDefinition turns A to Z into a to z, and leaves every other byte.
func lowerByDefinition(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c - 'A' + 'a'
		}
	}
	return string(b)
}

func TestEveryByteIsOfItsClass(t *testing.T) {
	for b := range 256 {
		s := string([]byte{byte(b)})
		token := tokenCharacters.MatchString(s)
		require.Equal(t, token, isToken(s), "%q", s)
		const letters = "abcdefghijklmnopqrs" // two words of eight bytes, and three bytes more
		for place := range len(letters) + 1 {
			padded := letters[:place] + s + letters[place:]
			require.Equal(t, token, isToken(padded), "%q", padded)
			class := classOf(padded)
			require.Equal(t, 'A' <= b && b <= 'Z', class&upperCase != 0, "%q", padded)
			require.Equal(t, b == ' ' || b == '\t', class&blank != 0, "%q", padded)
			require.Equal(t, !token && b != ' ' && b != '\t' && b != ',', class&illegal != 0, "%q", padded)
		}
	}
	require.True(t, isToken(""))
}

func TestLowerChangesTheLettersOfASCIIAlone(t *testing.T) {
	var all []byte
	for b := range 256 {
		all = append(all, byte(b))
	}
	for from := range 17 { // whatever stands at whatever place of a word
		for till := len(all) - 17; till <= len(all); till++ {
			s := string(all[from:till])
			require.Equal(t, lowerByDefinition(s), lower(s))
			require.Equal(t, "X"+lowerByDefinition(s), string(appendLower([]byte("X"), s)))
		}
	}
	require.Equal(t, "already-low", lower("already-low"))
}

// TestLowerChangesNoNeighbour puts each byte beside each other one, in a word of
// eight and behind it.
func TestLowerChangesNoNeighbour(t *testing.T) {
	for a := range 256 {
		for b := range 256 {
			s := strings.Repeat(string([]byte{byte(a), byte(b)}), 5)
			if got := string(appendLower(nil, s)); got != lowerByDefinition(s) {
				t.Fatalf("%q: %q, and not %q", s, got, lowerByDefinition(s))
			}
		}
	}
}

func TestLowerCopiesNothingThatIsLow(t *testing.T) {
	var low []byte
	for b := range 256 {
		if b < 'A' || b > 'Z' {
			low = append(low, byte(b))
		}
	}
	require.Equal(t, string(low), lower(string(low)))
	text := string(low)
	require.Zero(t, testing.AllocsPerRun(100, func() { lower(text) }))
}

func TestWhatIsJoinedAlreadyIsNotJoinedAgain(t *testing.T) {
	for _, value := range []string{"a", "a, b", "a, b, c-d", "a, a"} {
		require.True(t, isJoined(value), value)
	}
	for _, value := range []string{"", ",", ", a", "a,b", "a,  b", "a,\tb", "a, B", "A", "a,", "a, ", "a, b,", "a,, b", "a, , b"} {
		require.False(t, isJoined(value), value)
	}
}

// TestNamesOfEveryLengthAroundAWord has each end of a name at each place of eight bytes.
func TestNamesOfEveryLengthAroundAWord(t *testing.T) {
	const letters = "aBcdefghijklmnopqrstuvwxYz"
	for first := range 18 {
		for blanks := range 18 {
			for last := range 18 {
				requireNames(t, letters[:first]+","+strings.Repeat(" ", blanks)+letters[:last])
			}
		}
		requireNames(t, letters[:first])
	}
}

func TestJoiningAllocatesOnce(t *testing.T) {
	for _, value := range []string{"A", "a,b", ",a,,B", strings.Repeat("Ab,", 1000)} {
		require.Equal(t, 1.0, testing.AllocsPerRun(100, func() { joinNames(value) }), value)
	}
}

func TestJoiningNothingAllocatesNothing(t *testing.T) {
	for _, value := range []string{",", ", ,\t", strings.Repeat(",", 8000)} {
		require.Empty(t, joinNames(value))
		require.Zero(t, testing.AllocsPerRun(100, func() { joinNames(value) }))
	}
}

// TestNamesOnAllSmallValues holds the walk to the definition on all values of up
// to five characters that matter.
func TestNamesOnAllSmallValues(t *testing.T) {
	values := wordsOf("aB, ?", 5)
	for _, value := range values {
		want := tokens(value)
		if got := listNames(value); strings.Join(got, "|") != strings.Join(want, "|") || len(got) != len(want) {
			t.Fatalf("%q: %q, and not %q", value, got, want)
		}
	}
	for _, value := range wordsOf("aB, ?", 4) {
		requireNames(t, value)
	}
}

func FuzzNames(f *testing.F) {
	for _, seed := range []string{"", ",", "a", "a,b", "a, B ,c", ", X-Probe-A,,", "content-type,,expires", " a", "a\t,\tb", "é,\xff", "Bad Header",
		"x-amz-date, X-Amz-Content-Sha256,,authorization"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) { requireNames(t, value) })
}
