//go:build go1.26

package vectors

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write implies.json anew")

// An expectation is what a vector expects of one answer.
type expectation struct {
	method  string
	ofCORS  bool // the request is one for ?cors
	status  int  // 0 if the request goes on
	headers []Pair
	elem    Elements
	code    string
	config  bool // a configuration is returned
	bytes   bool // it is compared byte for byte
	outcome string
}

func (e expectation) header(name string) string {
	for _, h := range e.headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

func (e expectation) element(name string) string {
	for _, element := range e.elem {
		if element[0] == name {
			return element[1]
		}
	}
	return ""
}

func (e expectation) says(text string) bool { return strings.HasPrefix(e.element("Message"), text) }

// expectations returns what a vector of Amazon S3 expects, answer by answer.
func expectations(v Vector) []expectation {
	status := func(s *int) int {
		if s == nil {
			return 0
		}
		return *s
	}
	switch {
	case v.Document != nil && isJSON(v.Document):
		return nil // which is for tools
	case v.Document != nil:
		put := expectation{method: "PUT", ofCORS: true, status: status(v.Expect.Status), elem: v.Expect.Error}
		if v.Expect.Error != nil {
			return []expectation{put}
		}
		return []expectation{put, {method: "GET", ofCORS: true, status: 200, config: true, bytes: v.Expect.XML != ""}}
	case v.Request != nil:
		e := v.Expect
		return []expectation{{method: v.Request.Method, status: status(e.Status), headers: e.Headers, elem: e.Error, outcome: e.Outcome}}
	}
	var all []expectation
	for _, s := range v.Steps {
		_, ofCORS := s.Request.operation(v.Dialect)
		all = append(all, expectation{
			method: s.Request.Method, ofCORS: ofCORS, status: s.Expect.Status, headers: s.Expect.Headers, elem: s.Expect.Error, code: s.Expect.Code,
			config: s.Expect.Config != nil, bytes: s.Expect.Config != nil && s.Expect.Body != nil,
		})
	}
	return all
}

// basic are rows that other vectors rest upon than those that cite them: all that
// expect what the row says.
var basic = map[string]func(expectation) bool{
	"5.1/allow-origin-echo": func(e expectation) bool { h := e.header("Access-Control-Allow-Origin"); return h != "" && h != "*" },
	"5.1/allow-origin-star": func(e expectation) bool { return e.header("Access-Control-Allow-Origin") == "*" },
	"5.1/allow-methods":     func(e expectation) bool { return e.header("Access-Control-Allow-Methods") != "" },
	"5.1/allow-headers":     func(e expectation) bool { return e.header("Access-Control-Allow-Headers") != "" },
	"5.1/expose-headers":    func(e expectation) bool { return e.header("Access-Control-Expose-Headers") != "" },
	"5.1/max-age":           func(e expectation) bool { return e.header("Access-Control-Max-Age") != "" },
	"5.1/credentials":       func(e expectation) bool { return e.header("Access-Control-Allow-Credentials") != "" },
	"5.1/vary":              func(e expectation) bool { return e.header("Vary") != "" },
	"5.1/alike": func(e expectation) bool {
		return e.method != "OPTIONS" && e.header("Access-Control-Allow-Origin") != ""
	},
	"5.2/no-match": func(e expectation) bool { return e.outcome == "no-match" && e.status == 0 },
	"5.3/granted":  func(e expectation) bool { return e.method == "OPTIONS" && e.status == 200 },
	"5.3/no-match": func(e expectation) bool { return e.says("CORSResponse: This CORS request is not allowed.") },
	"5.3/not-enabled": func(e expectation) bool {
		return e.says("CORSResponse: CORS is not enabled for this bucket.")
	},
	"5.3/no-bucket":      func(e expectation) bool { return e.says("CORSResponse: Bucket not found") },
	"5.3/missing-origin": func(e expectation) bool { return e.says("Insufficient information. Origin request header needed.") },
	"5.3/method-element": func(e expectation) bool { return e.element("Code") == "AccessForbidden" },
	"4.2/invalid-method": func(e expectation) bool { return e.says("Invalid Access-Control-Request-Method: ") },
	"4.2/invalid-header": func(e expectation) bool { return e.says(`Access-Control-Request-Headers "`) },
	"10/too-large-values": func(e expectation) bool {
		return e.element("Code") == "RequestHeaderSectionTooLarge"
	},
	"1.3/malformed-xml":      func(e expectation) bool { return e.element("Code") == "MalformedXML" || e.code == "MalformedXML" },
	"1.3/unsupported-method": func(e expectation) bool { return e.says("Found unsupported HTTP method in CORS config.") },
	"1.6/error-body":         func(e expectation) bool { return e.elem != nil || e.code != "" },
	"1.6/success":            func(e expectation) bool { return e.method == "PUT" && e.ofCORS && e.status == 200 },
	"2/values-verbatim":      func(e expectation) bool { return e.config },
	"2/element-order":        func(e expectation) bool { return e.bytes },
	"2/prologue":             func(e expectation) bool { return e.bytes },
	"2/none-configured":      func(e expectation) bool { return e.element("Code") == "NoSuchCORSConfiguration" },
	"2/delete":               func(e expectation) bool { return e.method == "DELETE" && e.ofCORS && e.status == 204 },
}

// A failure is the set of the vectors, by id, that fail if a row does not hold.
type failure map[string]bool

// failures returns the vectors that show each row, and those that fail with it.
func failures(all []Vector) (shown, fail map[string]failure) {
	shown, fail = make(map[string]failure), make(map[string]failure)
	add := func(sets map[string]failure, row, id string) {
		if sets[row] == nil {
			sets[row] = make(failure)
		}
		sets[row][id] = true
	}
	for _, v := range all {
		for _, row := range v.Rows {
			add(shown, row, v.ID)
			add(fail, row, v.ID)
		}
		if v.Dialect != "" {
			continue
		}
		for _, e := range expectations(v) {
			for row, rests := range basic {
				if rests(e) {
					add(fail, row, v.ID)
				}
			}
		}
	}
	return shown, fail
}

// derive returns what implies.json should say.
func derive(all []Vector) map[string][]string {
	shown, fail := failures(all)
	implies := make(map[string][]string)
	for row, failed := range fail {
		for _, other := range slices.Sorted(maps.Keys(shown)) {
			passes := func(id string) bool { return !failed[id] }
			if other != row && !slices.ContainsFunc(slices.Collect(maps.Keys(shown[other])), passes) {
				implies[row] = append(implies[row], other)
			}
		}
	}
	return implies
}

func TestTheRowsThatFailWithARowAreThoseOfTheVectors(t *testing.T) {
	want := derive(allVectors(t))
	if *update {
		write(t, want)
	}
	text, err := os.ReadFile(implied)
	require.NoError(t, err)
	var got struct{ Implies map[string][]string }
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got.Implies, "write the file anew with go test ./corstest/vectors -run Fail -update")
	if !*update { // which the package was built without
		embedded, err := Implied()
		require.NoError(t, err)
		require.Equal(t, want, embedded)
	}
}

func write(t *testing.T, implies map[string][]string) {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("{\n  \"about\": \"For each row the rows that fail with it, as the vectors say. README.md says how that is derived.\",\n  \"implies\": {")
	for i, row := range slices.Sorted(maps.Keys(implies)) {
		if i > 0 {
			text.WriteString(",")
		}
		list, err := json.Marshal(implies[row])
		require.NoError(t, err)
		text.WriteString("\n    \"" + row + "\": " + strings.ReplaceAll(string(list), ",", ", "))
	}
	text.WriteString("\n  }\n}\n")
	require.NoError(t, os.WriteFile(implied, text.Bytes(), 0o644))
}

// A server that never sends Vary fails hundreds of rows, of which one is to blame.
func TestWhereToLookFirst(t *testing.T) {
	shown, fail := failures(allVectors(t))
	for row := range basic {
		t.Run(row, func(t *testing.T) {
			var failed []string
			for _, other := range slices.Sorted(maps.Keys(shown)) {
				passes := func(id string) bool { return !fail[row][id] }
				if !slices.ContainsFunc(slices.Collect(maps.Keys(shown[other])), passes) {
					failed = append(failed, other)
				}
			}
			first, err := First(failed)
			require.NoError(t, err)
			require.Contains(t, first, row)
			implied, err := Implied()
			require.NoError(t, err)
			for _, other := range first {
				require.True(t, other == row || slices.Contains(implied[other], row), "%s of %d rows", other, len(failed))
			}
		})
	}
}

func TestRowsThatImplyEachOtherAreAllFirst(t *testing.T) {
	first, err := First([]string{"no/such-row", "5.1/vary-always", "5.1/vary"})
	require.NoError(t, err)
	require.Equal(t, []string{"no/such-row", "5.1/vary"}, first)
	first, err = First(nil)
	require.NoError(t, err)
	require.Empty(t, first)
}
