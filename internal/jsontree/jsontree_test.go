package jsontree

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

func parse(t *testing.T, text string) Node {
	t.Helper()
	n, err := Parse([]byte(text))
	require.NoError(t, err)
	return n
}

func TestTheTreeOfAValue(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       Node
	}{
		{"null", "null", Node{Kind: Null, End: 4}},
		{"a boolean", " true ", Node{Kind: Bool, Offset: 1, End: 5}},
		{"a number keeps its literal", "-1.50e+3", Node{Kind: Number, End: 8, Text: "-1.50e+3"}},
		{"a string is decoded", `"a\n\u00e9\ud83d\ude00"`, Node{Kind: String, End: 23, Text: "a\né😀"}},
		{"an empty array", "[ ]", Node{Kind: Array, End: 3}},
		{"an empty object", "{\n}", Node{Kind: Object, End: 3}},
		{"offsets are those of values, not of what separates them", "[ 1 ,\t\"b\"\r\n, null]", Node{Kind: Array, End: 18, Items: []Node{
			{Kind: Number, Offset: 2, End: 3, Text: "1"},
			{Kind: String, Offset: 6, End: 9, Text: "b"},
			{Kind: Null, Offset: 13, End: 17}}}},
		{"offsets count bytes", `["é", "é"]`, Node{Kind: Array, End: 12, Items: []Node{
			{Kind: String, Offset: 1, End: 5, Text: "é"}, {Kind: String, Offset: 7, End: 11, Text: "é"}}}},
		{"members keep their order, and names may occur twice", `{"b" : 1, "a":[], "\u0062": {"c":2}}`, Node{Kind: Object, End: 36, Members: []Member{
			{"b", 1, 4, Node{Kind: Number, Offset: 7, End: 8, Text: "1"}},
			{"a", 10, 13, Node{Kind: Array, Offset: 14, End: 16}},
			{"b", 18, 26, Node{Kind: Object, Offset: 28, End: 35, Members: []Member{{"c", 29, 32, Node{Kind: Number, Offset: 33, End: 34, Text: "2"}}}}}}}},
		{"the lowest and the highest pair", `"\ud800\udc00\udbff\udfff\ufffd"`, Node{Kind: String, End: 32, Text: "\U00010000\U0010ffff\ufffd"}},
		{"U+FFFD is a character like any other", `"` + "\ufffd" + `\ufffd"`, Node{Kind: String, End: 11, Text: "\ufffd\ufffd"}},
		{"an escaped backslash before what looks like a surrogate", `"\\ud800"`, Node{Kind: String, End: 9, Text: `\ud800`}},
		{"U+FFFD beside a backslash and a pair", `"\ufffd\\ud800\ud83d\ude00"`, Node{Kind: String, End: 27, Text: "\ufffd\\ud800😀"}},
	} {
		t.Run(row.name, func(t *testing.T) { require.Empty(t, cmp.Diff(row.want, parse(t, row.text))) })
	}
}

func TestTextsThatAreRefused(t *testing.T) {
	for _, row := range []struct {
		name, text string
		offset     int
		message    string
		reason     Reason
	}{
		{"nothing", "", 0, "the document is empty", Syntax},
		{"blanks alone", "  ", 2, "the document is empty", Syntax},
		{"an array that is cut off", "[1,", 3, "the document ends too early: the [ of line 1 is never closed, add ] at the end", Syntax},
		{"a second value", "1 2", 2, "text stands behind the end of the document: remove it", Syntax},
		{"a bracket of the other kind", "[}", 1, "one } too many: remove it, or write ], which closes the [ of line 1", Syntax},
		{"a byte that is no UTF-8", "[\"\xff\"]", 2, "the byte 0xFF is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252", NotUTF8},
		{"a byte that is no UTF-8 behind an error of syntax", "[x \xff", 3, "the byte 0xFF is no part of UTF-8: save the document as UTF-8, it is perhaps in Latin-1 or Windows-1252", NotUTF8},
		{"the first half of a pair", `["a\ud83d"]`, 3, "the string holds half a surrogate pair", HalfAPair},
		{"the first half before an escape that is none", `["\ud83d\n"]`, 2, "the string holds half a surrogate pair", HalfAPair},
		{"the first half at the end, cut short", `["\ud83d\ude0"]`, 8, `four hexadecimal digits must follow \u`, Syntax},
		{"the second half of a pair", `{"a": "\ude00"}`, 7, "the string holds half a surrogate pair", HalfAPair},
		{"half a pair in a name", `{"\ude00": 1}`, 2, "the string holds half a surrogate pair", HalfAPair},
		{"half a pair behind a pair", `"\ud83d\ude00\ud83d"`, 13, "the string holds half a surrogate pair", HalfAPair},
		{"two second halves", `"\ude00\ude00"`, 1, "the string holds half a surrogate pair", HalfAPair},
		{"the lowest second half twice", `"\udc00\udc00"`, 1, "the string holds half a surrogate pair", HalfAPair},
		{"the highest first half before what is no surrogate", `"\udbff\ue000"`, 1, "the string holds half a surrogate pair", HalfAPair},
		{"half a pair in a nested array", `[[["\ud800"]]]`, 4, "the string holds half a surrogate pair", HalfAPair},
		{"half a pair in an object's value", `{"a":{"b":"\ud800"}}`, 11, "the string holds half a surrogate pair", HalfAPair},
		{"arrays nested too deep", strings.Repeat("[", 65) + strings.Repeat("]", 65), 64, "arrays and objects are nested deeper than 64", TooComplex},
		{"objects nested too deep", strings.Repeat(`{"":`, 65) + "1" + strings.Repeat("}", 65), 256, "arrays and objects are nested deeper than 64", TooComplex},
	} {
		t.Run(row.name, func(t *testing.T) {
			n, err := Parse([]byte(row.text))
			require.Equal(t, Node{}, n)
			require.Equal(t, &Error{row.reason, row.offset, row.message}, err)
		})
	}
}

func TestDepthIsBoundedAt64(t *testing.T) {
	parse(t, strings.Repeat("[", 64)+strings.Repeat("]", 64))
	parse(t, strings.Repeat("[", 64)+"1"+strings.Repeat("]", 64))
	parse(t, strings.Repeat(`{"":`, 64)+"1"+strings.Repeat("}", 64))
}

func TestTheNumberOfValuesIsBoundedAt16384(t *testing.T) {
	ofValues := func(n int) []byte { return []byte("[" + strings.Repeat("0,", n-2) + "0]") }
	n, err := Parse(ofValues(16384))
	require.NoError(t, err)
	require.Len(t, n.Items, 16383)
	n, err = Parse(ofValues(16385))
	require.Equal(t, ErrTooManyValues, err)
	require.Equal(t, Node{}, n)
	_, err = Parse([]byte(strings.Repeat(`{"a":`, 2) + string(ofValues(16383)) + "}}"))
	require.Equal(t, ErrTooManyValues, err)
}

func TestKindsHaveNames(t *testing.T) {
	for kind, name := range map[Kind]string{Null: "null", Bool: "a boolean", Number: "a number", String: "a string", Array: "an array", Object: "an object"} {
		require.Equal(t, name, kind.String())
	}
}

func TestAnErrorNamesItsByte(t *testing.T) {
	_, err := Parse([]byte("[1 2]"))
	require.EqualError(t, err, "a comma is missing before 2 at byte 2")
}

// plain turns a tree into what encoding/json makes of the same text.
func plain(n Node) any {
	switch n.Kind {
	case Null:
		return nil
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case Array:
		items := make([]any, len(n.Items))
		for i, item := range n.Items {
			items[i] = plain(item)
		}
		return items
	case Object:
		members := make(map[string]any)
		for _, m := range n.Members {
			members[m.Name] = plain(m.Value)
		}
		return members
	}
	return true
}

// requireInside checks that a node's parts lie inside it, in order, and that
// each begins with a character that its kind begins with.
func requireInside(t *testing.T, text string, n Node) {
	t.Helper()
	first := map[Kind]string{Null: "n", Bool: "tf", Number: "-0123456789", String: `"`, Array: "[", Object: "{"}[n.Kind]
	require.Contains(t, first, text[n.Offset:n.Offset+1])
	require.Less(t, n.Offset, n.End)
	at := n.Offset
	for _, m := range n.Members {
		require.Equal(t, byte('"'), text[m.Offset])
		require.Less(t, at, m.Offset)
		require.Less(t, m.Offset, m.Value.Offset)
		at = m.Value.End
		requireInside(t, text, m.Value)
	}
	for _, item := range n.Items {
		require.Less(t, at, item.Offset+1)
		at = item.End
		requireInside(t, text, item)
	}
	require.LessOrEqual(t, at, n.End)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a": [1, "b", null, true, {"c": -1e3}], "a": "\ud83d\ude00"}`, `["\ud800", "\\ud800"]`, "\"\xff\"", "[1,]", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, err := Parse([]byte(text))
		if err != nil {
			if err == ErrTooManyValues {
				require.Greater(t, len(text), 2*maxValues)
				return
			}
			var e *Error
			require.True(t, errors.As(err, &e))
			require.True(t, 0 <= e.Offset && e.Offset <= len(text), "%d of %d", e.Offset, len(text))
			return
		}
		requireInside(t, text, n)
		dec := json.NewDecoder(strings.NewReader(text))
		dec.UseNumber()
		var want any
		require.NoError(t, dec.Decode(&want))
		if diff := cmp.Diff(truth(want), plain(n)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// truth makes every boolean true, since a tree does not keep which one it is.
func truth(v any) any {
	switch v := v.(type) {
	case bool:
		return true
	case []any:
		for i := range v {
			v[i] = truth(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = truth(v[name])
		}
	}
	return v
}
