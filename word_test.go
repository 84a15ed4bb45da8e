package s3cors

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var plainCharacters = regexp.MustCompile(`^[a-z0-9,-]{8,}\z`)

// requireWords holds what is done to eight bytes at a time to what is done to one.
func requireWords(t *testing.T, s, other string) {
	t.Helper()
	require.Equal(t, plainCharacters.MatchString(s), isPlain(s), "%q", s)
	var class uint8
	for i := range len(s) {
		class |= classes[s[i]]
	}
	require.Equal(t, class, classOf(s), "%q", s)
	require.Equal(t, lowerByDefinition(s), string(appendLower(nil, s)), "%q", s)
	if len(s) >= 8 {
		comma := strings.IndexByte(s[:8]+",", ',')
		require.Equal(t, comma, firstComma(word(s)), "%q", s)
		require.Equal(t, lowerWord(word(s)), lowerNames(word(s)), "%q", s)
	}
	name := lowerByDefinition(other)
	if len(name) == len(s) {
		require.Equal(t, lowerByDefinition(s) == name, isNamed(s, name), "%q, %q", s, name)
	}
	require.True(t, isNamed(s, lowerByDefinition(s)), "%q", s)
}

// TestWordsOfEveryByteAtEveryPlace has texts of all lengths around up to six words.
func TestWordsOfEveryByteAtEveryPlace(t *testing.T) {
	const text = "x-amz-content-sha256,te,x-amz-security-token,et,a"
	for b := range 256 {
		for place := range len(text) {
			s := text[:place] + string([]byte{byte(b)}) + text[place+1:]
			for n := place/8*8 + 7; n <= len(text); n++ {
				if plainCharacters.MatchString(s[:n]) != isPlain(s[:n]) {
					t.Fatalf("%q", s[:n])
				}
			}
			requireWords(t, s, text)
			requireWords(t, s[:8], text[:8])
			requireWords(t, s[:7], text[:7])
			requireWords(t, strings.ToUpper(text[:place])+s[place:], text)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add("authorization,content-type", "Authorization,Content-Type")
	f.Add("@[`{/:~\x7F\x80\xC1\xE1\xFF", "@[`{/:~\x7F\x80\xE1\xE1\xFF")
	f.Fuzz(requireWords)
}
