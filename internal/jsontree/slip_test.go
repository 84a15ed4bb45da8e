package jsontree

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestTheWordsSayWhatToChangeAndWhere(t *testing.T) {
	for _, row := range []struct {
		name, text string
		offset     int
		message    string
	}{
		{"a comma behind the last item", `["a",]`, 4, "a comma stands before the closing ]: remove this comma"},
		{"a comma behind the last member", "{\"a\": 1 ,\n}", 8, "a comma stands before the closing }: remove this comma"},
		{"several of them", `[{"a": [1,],},]`, 9, "a comma stands before the closing ]: remove this comma; 2 more like it"},
		{"two commas", `[1,,2]`, 3, "one comma too many: remove it"},
		{"a comma before the first item", `[,1]`, 1, "one comma too many: remove it"},
		{"a comma too few, at the end of the line", "[{\"a\": [1]\n  \"b\": 2}]", 10, `a comma is missing before "b" in line 2`},
		{"a comma too few between strings", `["a" "b"]`, 4, `a comma is missing before "b"`},
		{"a comma too few between objects", "[{}\n{}]", 3, "a comma is missing before this { in line 2"},
		{"a semicolon", `{"a": 1; "b": 2}`, 7, "a semicolon stands here: write a comma (,)"},
		{"a wide comma", `[1，2]`, 2, "a wide comma ， (U+FF0C) stands here: write a plain comma (,)"},
		{"a colon too few", `{"a" [1]}`, 4, `a colon is missing behind "a"`},
		{"an equals sign", `{"a" = 1}`, 5, "= stands between a name and its value: write a colon (:)"},
		{"an arrow", `{"a" => 1, "b" => 2}`, 5, "=> stands between a name and its value: write a colon (:); 1 more like it"},
		{"a wide colon", `{"a"：1}`, 4, "： stands between a name and its value: write a colon (:)"},
		{"two colons", `{"a":: 1}`, 5, "one colon too many: remove it"},
		{"a name without a value", `{"a":, "b": 1}`, 1, `"a" has no value`},
		{"a name alone", `{"a"}`, 1, `"a" has no value: a colon and a value must follow`},
		{"a list between braces", `{"a", "b"}`, 1, `"a" has no value: a colon and a value must follow; a list of values stands between [ and ]`},
		{"a value without a name", `{"a": 1, [2]}`, 9, "this [ has no name before it: in { and } each value has one"},
		{"a name in an array", `["a": [1]]`, 1, `a name with its value stands in an array: put { before "a", and } behind the last value`},

		{"single quotes", `{'a': ['b']}`, 1, `a single quote (') stands for a double quote: write "a"; 1 more like it`},
		{"curly quotes around a name", "[{“a”: 1}]", 2, "a curly quote “ (U+201C) stands for a double quote: write \"a\""},
		{"curly quotes around a value", "[“a”, “b”]", 1, "a curly quote “ (U+201C) stands for a double quote: write \"a\"; 1 more like it"},
		{"backticks", "[`a`]", 1, "a backtick (`) stands for a double quote: write \"a\""},
		{"angle quotes", "[«a»]", 1, "an angle quote « (U+00AB) stands for a double quote: write \"a\""},
		{"a string closed by a single quote", `["a", "b']`, 8, `the string "b" is closed by a single quote ('): write "b"`},
		{"a string closed by a curly quote", "[\"b”]", 3, "the string \"b\" is closed by a curly quote ” (U+201D): write \"b\""},
		{"a string closed by a curly quote, behind which others come", "[\"b”, \"c\"]", 3, "the string \"b\" is closed by a curly quote ” (U+201D): write \"b\""},
		{"a string that never ends", "[\"a,\n\"b\"]", 1, `the string that begins here is never closed: a double quote (") is missing in its line`},
		{"a string that takes in the next comma", `["a, "b"]`, 1, `the string that begins here is never closed: a double quote (") is missing behind a`},
		{"a string that takes in the bracket, too", `{"a": ["*], "b": 1}`, 7, `the string that begins here is never closed: a double quote (") is missing behind *`},
		{"a name that takes in the colon", `{"a: ["b"]}`, 1, `the string that begins here is never closed: a double quote (") is missing behind a`},
		{"a single quote that never ends", "['a]", 1, `a single quote (') begins a string that is never closed: write double quotes (") around it`},
		{"a string without its first quote", `[a", "b"]`, 1, `a double quote (") is missing before a: write "a"`},
		{"a name without its first quote", `{a": 1}`, 1, `a double quote (") is missing before a: write "a"`},
		{"a tab in a string", "[\"a\tb\"]", 3, `a tab stands in a string: write \t, or a space`},
		{"NUL in a string", "[\"a\x00b\"]", 3, "a NUL (U+0000) stands in a string: remove it"},
		{"an escape that is none", `["\*"]`, 2, `\* means nothing in JSON: write * alone, or \\ for a backslash`},

		{"a name without quotes", `[{a: 1, b: 2}]`, 2, `a name must stand in double quotes: write "a"; 1 more like it`},
		{"a star", "[\n*\n]", 2, `* must stand in double quotes: write "*"`},
		{"a word", `["GET", PUT]`, 8, `PUT must stand in double quotes: write "PUT"`},
		{"an address", `[https://a.example]`, 1, `https://a.example must stand in double quotes: write "https://a.example"`},
		{"a placeholder", `[${ORIGIN}]`, 1, `${ORIGIN} must stand in double quotes: write "${ORIGIN}"`},
		{"a word of Python", `[True, None]`, 1, "JSON does not know True: it writes true; 1 more like it"},
		{"NaN", `[NaN]`, 1, "JSON does not know NaN: write a number"},
		{"a number with a zero", `[007]`, 1, "007 is no number of JSON: write 7"},
		{"a number with a unit", `[3600s]`, 1, "3600s is no number of JSON: write digits alone, such as 3000, or put it in double quotes"},
		{"a number with a space", `[3 600]`, 2, "white space stands in a number: write it in one"},
		{"two quotes before a string", `[""a""]`, 1, "two double quotes stand side by side: remove one"},
		{"parentheses", `[("a")]`, 1, "a parenthesis stands here: write { and } around an object, [ and ] around a list"},
		{"dots", `["a", ...]`, 6, "... stands for something that was left out: write it, or remove the dots"},
		{"XML", `{<a/>}`, 1, "XML stands inside of JSON: write one of them alone"},

		{"a no-break space", "[\u00a01]", 1, "a no-break space (U+00A0) stands here: write a plain space"},
		{"a zero-width space", "[\u200b1]", 1, "a zero-width space (U+200B) stands here: remove it"},
		{"a byte order mark behind the value", "[1]\ufeff", 3, "a byte order mark (U+FEFF) stands here: remove it"},
		{"a comment to the end of the line", "[1 // one\n]", 3, "JSON has no comments: remove it"},
		{"a comment between signs", "[1, /* one */ 2]", 4, "JSON has no comments: remove it"},
		{"a comment of a shell", "[1 # one\n]", 3, "JSON has no comments: remove it"},
		{"a comment of XML", "[1 <!-- one -->]", 3, "JSON has no comments: remove it"},
		{"a comment that never ends", "[1 /* one]", 3, "the comment that begins here never ends; JSON has no comments: remove it"},

		{"an array that is open at the end", "{\"a\": [\n1", 9, "the document ends too early: the [ of line 1 and the { of line 1 are never closed, add ]} at the end"},
		{"an array that is not closed", `[{"a": [1}]`, 9, "a ] is missing here: the [ of line 1 is not closed before the } of line 1"},
		{"an array that is not closed before the next name", `{"a": ["b", "c": 1}`, 10, `a ] is missing before this comma: the [ of line 1 is not closed before "c"`},
		{"an array closed by a brace", `[{"a": [1}, "b": [2]}]`, 9, "a } stands where a ] must, which closes the [ of line 1"},
		{"an object that is not closed", `{"a": [{"b": 1]}`, 14, "a } is missing here: the { of line 1 is not closed before the ] of line 1"},
		{"a bracket too many", `[1]]`, 3, "one ] too many: nothing is open here, remove it"},
		{"a brace too many inside", `[{"a": 1}}]`, 9, "one } too many: remove it, or write ], which closes the [ of line 1"},
		{"a brace too many", `{"a": 1}}`, 8, "one } too many: nothing is open here, remove it"},
		{"a second document", `{"a": 1} {"b": 2}`, 9, "a second document begins here: put both into one array"},
		{"several documents", "{\"a\": 1},\n{\"b\": 2}", 0, "several objects stand side by side: put [ before the first one, and ] behind the last one"},
		{"a semicolon at the end", `[1];`, 3, "a semicolon stands behind the end of the document: remove it"},

		{"slips of several kinds", "{\n  CORSRules: [{'AllowedOrigins': ['*'], // all\n  }],\n}", 4,
			`a name must stand in double quotes: write "CORSRules"; also single quotes in line 2, a comment in line 2, a trailing comma in line 2`},
		{"a slip before the end comes too early", "[*", 1, `* must stand in double quotes: write "*"; also the document ends too early: the [ of line 1 is never closed, add ] at the end`},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, err := Parse([]byte(row.text))
			require.Equal(t, Node{}, n)
			require.Equal(t, &Error{Syntax, row.offset, row.message}, err)
		})
	}
}

func TestMessagesAreShort(t *testing.T) {
	long := strings.Repeat("n", 10_000)
	for _, text := range []string{"[" + long, "{" + long, `["` + long, "['" + long + "']", `{"` + long + `"}`, `["` + long + `" 1]`,
		strings.Repeat("[", 5000), strings.Repeat("[{", 5000) + "]", strings.Repeat("// x\n", 5000), strings.Repeat("[*,", 5000)} {
		_, err := Parse([]byte(text))
		var fault *Error
		require.True(t, errors.As(err, &fault))
		require.Less(t, len(fault.Message), 400)
	}
}

// FuzzSyntax checks that whatever encoding/json refuses has a place inside of the text,
// and words that are text.
func FuzzSyntax(f *testing.F) {
	for _, seed := range []string{"[“a”, 'b', /* c */ *, {d: 1,},]", `{"a: ["b"]}`, "[\"\\", "{\"\\u12", "#", "[${", "'\\", "\xa0", "]", "[}", "[[}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := check([]byte(text))
		var fault *Error
		if !errors.As(err, &fault) {
			require.NoError(t, err)
			return
		}
		require.True(t, 0 <= fault.Offset && fault.Offset <= len(text), "%d of %d", fault.Offset, len(text))
		require.NotEmpty(t, fault.Message)
		require.True(t, utf8.ValidString(fault.Message), "%q", fault.Message)
		require.Equal(t, err, check([]byte(text)))
	})
}
