//go:build go1.26

package s3cors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// causesOf returns the causes of a document, each on a line: where it is, the problems
// that it has, and the first words of what it says.
func causesOf(document string, opts ...s3cors.Option) []string {
	d := s3cors.ParseDocument([]byte(document), opts...)
	var all []string
	for _, c := range d.Causes() {
		words := strings.Fields(c.Detail)
		all = append(all, fmt.Sprintf("%d:%d %q %v %s", c.Start.Line, c.Start.Column, c.Place, c.Problems, strings.Join(words[:min(4, len(words))], " ")))
	}
	return all
}

// TestProblemsThatOneChangeTakesAwayHaveOneCause looks at the grouping alone:
// cmd/s3cors/testdata/check.md has the sentences.
func TestProblemsThatOneChangeTakesAwayHaveOneCause(t *testing.T) {
	const get = `"AllowedMethods":["GET"]`
	for _, row := range []struct {
		name, document string
		want           []string
	}{
		{"a document that S3 takes", smallestJSON, nil},
		{"a misspelt key and what it should be", `[{"allowedOrigins":["*"],` + get + `}]`, []string{`1:3 "CORSRules[0]" [0 1] "allowedOrigins" is probably AllowedOrigins,`}},
		{"two misspelt keys", `[{"AllowedOrigin":["*"],"AllowedMethod":["GET"]}]`, []string{
			`1:3 "CORSRules[0]" [0 2] "AllowedOrigin" is probably AllowedOrigins,`,
			`1:25 "CORSRules[0]" [1 3] "AllowedMethod" is probably AllowedMethods,`}},
		{"the same key, misspelt in three rules", "[" + strings.Repeat(`{"AllowedOrigins":["*"],"ExposedHeaders":[],`+get+"},", 3) + `{"ExposedHeader":[]}]`, []string{
			`1:26 "CORSRules[0]" [0 1 2] "ExposedHeaders" is probably ExposeHeaders;`,
			`1:212 "CORSRules[3]" [3 4] the rule has neither`, `1:213 "CORSRules[3]" [5] "ExposedHeader" is probably ExposeHeaders`}},
		{"a misspelt key beside the right one", `[{"AllowedOrigins":["*"],"AllowedOrigin":["*"],` + get + `}]`, []string{
			`1:26 "CORSRules[0]" [0] "AllowedOrigin" is probably AllowedOrigins,`}},
		{"a misspelt key in one rule, and a lack in another", `[{"allowedOrigins":["*"],` + get + `},{` + get + `}]`, []string{
			`1:3 "CORSRules[0]" [0 1] "allowedOrigins" is probably AllowedOrigins,`,
			`1:52 "CORSRules[1].AllowedOrigins" [2] the rule has no`}},
		{"a rule without origins and methods", `[{"ID":"a"}]`, []string{`1:2 "CORSRules[0]" [0 1] the rule has neither`}},
		{"empty lists", `[{"AllowedOrigins":[],"AllowedMethods":[]}]`, []string{
			`1:20 "CORSRules[0].AllowedOrigins" [0] AllowedOrigins is empty: write`,
			`1:40 "CORSRules[0].AllowedMethods" [1] AllowedMethods is empty: write`}},
		{"a rule torn into three", `[{"AllowedOrigins":["*"]},{"AllowedMethods":["GET"]},{"MaxAgeSeconds":1}]`, []string{`1:2 "CORSRules[0]" [0 1 2 3] these three objects are`}},
		{"a torn rule beside a whole one", `[{"AllowedOrigins":["*"],` + get + `},{"AllowedOrigins":["*"]},{"AllowedMethods":["GET"]}]`, []string{
			`1:52 "CORSRules[1]" [0 1] these two objects are`}},
		{"two rules torn into two each", `[{"AllowedOrigins":["a"]},{"AllowedMethods":["GET"]},{"AllowedOrigins":["b"]},{"AllowedMethods":["PUT"]}]`, []string{
			`1:2 "CORSRules[0]" [0 1] these two objects are`, `1:54 "CORSRules[2]" [2 3] these two objects are`}},
		{"rules that lack the same are not one", `[{"AllowedOrigins":["a"]},{"AllowedOrigins":["b"]}]`, []string{
			`1:2 "CORSRules[0].AllowedMethods" [0] the rule has no`, `1:27 "CORSRules[1].AllowedMethods" [1] the rule has no`}},
		{"a single rule", `{"AllowedOrigins":["*"],` + get + `}`, []string{`1:1 "" [0 1 2] this is a single`}},
		{"a single rule with a misspelt key", `{"AllowedOrigins":["*"],"allowedMethods":["GET"]}`, []string{
			`1:1 "" [0 1] this is a single`, `1:25 "" [2] "allowedMethods" is probably AllowedMethods`}},
		{"a configuration in an array", `[{"CORSRules":` + smallestJSON + `}]`, []string{`1:3 "CORSRules[0]" [0 1 2] a whole configuration stands`}},
		{"a configuration in a configuration", `{"CORSConfiguration":{"CORSConfiguration":{}}}`, []string{`1:23 "" [0 1] "CORSConfiguration" stands in another`}},
		{"a rule in a rule", "<CORSConfiguration><CORSRule><CORSRule/></CORSRule></CORSConfiguration>", []string{`1:30 "CORSRule[0]" [0 1 2] <CORSRule> stands inside of`}},
		{"the rules under another name", `{"rules":` + smallestJSON + `}`, []string{`1:2 "" [0 1] "rules" is probably CORSRules`}},
		{"members beside the rules", `{"CORSRules":` + smallestJSON + `,"ID":"a","MaxAgeSeconds":1}`, []string{`1:66 "" [0 1] "ID" stands beside the`}},
		{"an object of something else", `{"a":1,"b":2}`, []string{`1:1 "" [0 1 2] this is no CORS`}},
		{"an array of something else", `[{"a":1,"b":2}]`, []string{`1:2 "CORSRules[0]" [0 1 2 3] this is no rule:`}},
		{"a document of another service", `[{"origin":["*"],"method":["GET"],"responseHeader":[]}]`, []string{`1:1 "" [0 1 2 3 4] this is a Google`}},
		{"a document of another service whose values S3 refuses", `[{"Id":"a","MaxAge":1,"AllowedOrigins":["*"],"AllowedMethods":["PATCH"]}]`, []string{
			`1:1 "" [0 1] this is a CloudFormation`, `1:64 "CORSRules[0].AllowedMethods[0]" [2] remove PATCH: the methods`}},
		{"the parameters of a call", `{"Bucket":"b","X":1,"CORSConfiguration":{"CORSRules":[{` + get + `}]}}`, []string{
			`1:2 "" [0 1] this is the parameter`, `1:55 "CORSRules[0].AllowedOrigins" [2] the rule has no`}},
		{"a text that is no JSON", `[{,}]`, []string{`1:3 "" [0] one comma too many:`}},

		{"a misspelt element", inRule("<AllowedOrigins/><Foo/>"), []string{
			`3:1 "CORSRule[0]" [0] <AllowedOrigins> is probably AllowedOrigin`, `3:18 "CORSRule[0]" [1] a rule has no`}},
		{"a misspelt element and what it should be", "<CORSConfiguration><CORSRule><allowedorigin/><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", []string{
			`1:30 "CORSRule[0]" [0 1] <allowedorigin> is probably AllowedOrigin,`}},
		{"a misspelt rule", "<CORSConfiguration><CorsRule/></CORSConfiguration>", []string{`1:20 "" [0 1] <CorsRule> is probably CORSRule`}},
		{"elements outside of a rule", "<CORSConfiguration><AllowedOrigin/><AllowedMethod/></CORSConfiguration>", []string{`1:20 "" [0 1 2] <AllowedOrigin> stands outside of`}},
		{"an element around the rules", "<CORSConfiguration><Rules><CORSRule/></Rules></CORSConfiguration>", []string{`1:20 "" [0 1] <Rules> stands around the`}},
		{"JSON in the place of rules", "<CORSConfiguration>[{}]</CORSConfiguration>", []string{`1:20 "" [0 1] JSON stands inside of`}},
		{"JSON in the place of elements", "<CORSConfiguration><CORSRule>{}</CORSRule></CORSConfiguration>", []string{`1:30 "CORSRule[0]" [0 1 2] JSON stands inside of`}},
		{"a torn rule in XML", "<CORSConfiguration><CORSRule><AllowedOrigin/></CORSRule><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>", []string{
			`1:20 "CORSRule[0]" [0 1] these two CORSRule elements`}},
		{"values, by the names of XML", inRule("<AllowedMethod>put</AllowedMethod><ExposeHeader>*</ExposeHeader>"), []string{
			`3:16 "CORSRule[0].AllowedMethod[0]" [0] methods are compared letter`, `3:49 "CORSRule[0].ExposeHeader[0]" [1] there is no wildcard`}},
	} {
		t.Run(row.name, func(t *testing.T) { require.Empty(t, cmp.Diff(row.want, causesOf(row.document))) })
	}
}

func TestElementsThatCephPassesOverAreTheCauseOfWhatIsMissing(t *testing.T) {
	ceph := s3cors.WithDialect(s3cors.Ceph)
	require.Equal(t, []string{`1:30 "CORSRule[0]" [0] <AllowedOrigins> is probably AllowedOrigin,`},
		causesOf("<CORSConfiguration><CORSRule><AllowedOrigins>*</AllowedOrigins></CORSRule></CORSConfiguration>", ceph))
	require.Equal(t, []string{`1:20 "" [0] <CorsRule> is probably CORSRule,`},
		causesOf("<CORSConfiguration><CorsRule/></CORSConfiguration>", ceph))
	require.Equal(t, []string{`1:20 "CORSRule[0].AllowedOrigin" [0] the rule has no`},
		causesOf("<CORSConfiguration><CORSRule><Foo/></CORSRule></CORSConfiguration>", ceph))
	require.Empty(t, causesOf(inRule("<AllowedHeaders>*</AllowedHeaders>"), ceph)) // which is lint's to tell
}

func TestCausesAreCopies(t *testing.T) {
	d := s3cors.ParseDocument([]byte(`[{"allowedOrigins":["*"],"AllowedMethods":["GET"]}]`))
	want := d.Causes()
	got := d.Causes()
	got[0].Detail, got[0].Problems[0] = "scribbled", 666
	require.Empty(t, cmp.Diff(want, d.Causes()))
}

func TestOfManyProblemsTheFirstHundredHaveCauses(t *testing.T) {
	d := s3cors.ParseDocument([]byte("<CORSConfiguration>" + strings.Repeat("<CORSRule/>", 5000) + "</CORSConfiguration>"))
	require.Len(t, d.Problems(), 100)
	require.Len(t, d.Causes(), 50)
	require.Equal(t, 9901, d.More()) // that there are too many rules is one
}
