package charname

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNamesOfCharacters(t *testing.T) {
	for _, row := range []struct {
		r    rune
		want string
	}{
		{' ', "a space"}, {'\n', "a line feed"}, {'\t', "a tab"},
		{'\u00a0', "a no-break space (U+00A0)"}, {'\u200b', "a zero-width space (U+200B)"}, {'\ufeff', "a byte order mark (U+FEFF)"},
		{'“', "a curly quote “ (U+201C)"}, {'–', "an en dash – (U+2013)"}, {'\'', "a single quote (')"},
		{'a', `"a"`}, {'é', "the character é (U+00E9)"}, {'\u2004', "a space of another width (U+2004)"},
		{0, "a NUL (U+0000)"}, {1, "a control character (U+0001)"}, {'\u2063', "an invisible character (U+2063)"},
	} {
		require.Equal(t, row.want, Of(row.r))
	}
}

func TestBlanksAreWhatNobodySees(t *testing.T) {
	for _, r := range " \t\n\u00a0\u200b\ufeff\u2028\u3000" {
		require.True(t, IsBlank(r), "%q", r)
	}
	for _, r := range "a0*\u00e9“" {
		require.False(t, IsBlank(r), "%q", r)
	}
}
