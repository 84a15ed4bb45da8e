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

// configWith is a configuration of one rule, which change makes different.
func configWith(change func(*s3cors.Rule)) *s3cors.Configuration {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}}
	change(&c.CORSRules[0])
	return c
}

// manyRules is a configuration of n rules, each of which admits the origin of
// its number.
func manyRules(n int) *s3cors.Configuration {
	c := new(s3cors.Configuration)
	for i := range n {
		c.CORSRules = append(c.CORSRules, s3cors.Rule{AllowedOrigins: []string{fmt.Sprint("http://", i)}, AllowedMethods: []string{"GET"}})
	}
	return c
}

// inMemory is a problem without a position.
func inMemory(path, code, detail, message string) told {
	return told{Path: path, Code: code, Detail: detail, Message: message}
}

const (
	twoStars    = oneStar + ": write <AllowedOrigin>*</AllowedOrigin>"
	oneStar     = `one "*" is allowed in a value, and no more`
	fullNames   = "there is no wildcard here: list each header to expose by its full name, such as ETag"
	unsupported = "Found unsupported HTTP method in CORS config. Unsupported method is "
)

func TestValuesThatS3Accepts(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*s3cors.Rule)
	}{
		{"origins that are no origins", func(r *s3cors.Rule) {
			r.AllowedOrigins = []string{"", "null", "https", "localhost", "not an origin", "HTTP://A:80/", "é", "\t"}
		}},
		{"one star anywhere in an origin", func(r *s3cors.Rule) { r.AllowedOrigins = []string{"*", "*a", "a*", "a*b"} }},
		{"every method, in any order, more than once", func(r *s3cors.Rule) {
			r.AllowedMethods = []string{"HEAD", "DELETE", "POST", "PUT", "GET", "GET"}
		}},
		{"all characters of a token in a header", func(r *s3cors.Rule) {
			r.AllowedHeaders = []string{"", "*", "a*b", "!#$%&'+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
		}},
		{"all characters of a token but the star to expose", func(r *s3cors.Rule) {
			r.ExposeHeaders = []string{"", "!#$%&'+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
		}},
		{"an empty ID, and one of any length", func(r *s3cors.Rule) { r.ID = new(strings.Repeat("é", 1025)) }},
		{"the least of ages", func(r *s3cors.Rule) { r.MaxAgeSeconds = new(int64(-1 << 63)) }},
		{"the greatest of ages", func(r *s3cors.Rule) { r.MaxAgeSeconds = new(int64(1<<63 - 1)) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := configWith(row.change)
			require.NoError(t, c.Validate())
			requireRoundTrip(t, c)
		})
	}
}

func TestValuesThatS3Refuses(t *testing.T) {
	header := func(value string) string { return `AllowedHeader "` + value + `" contains invalid character.` }
	for _, row := range []struct {
		name   string
		change func(*s3cors.Rule)
		want   []told
	}{
		{"two stars in the second origin", func(r *s3cors.Rule) { r.AllowedOrigins = []string{"a", "http://*.*"} },
			[]told{inMemory("CORSRules[0].AllowedOrigins[1]", "InvalidRequest", oneStar+`: write "http://*"`, `AllowedOrigin "http://*.*" can not have more than one wildcard.`)}},
		{"three stars", func(r *s3cors.Rule) { r.AllowedOrigins = []string{"***"} },
			[]told{inMemory("CORSRules[0].AllowedOrigins[0]", "InvalidRequest", oneStar+`: write "*"`, `AllowedOrigin "***" can not have more than one wildcard.`)}},
		{"two stars in a header", func(r *s3cors.Rule) { r.AllowedHeaders = []string{"x-*-*"} },
			[]told{inMemory("CORSRules[0].AllowedHeaders[0]", "InvalidRequest", oneStar+": list the values that are meant", `AllowedHeader "x-*-*" can not have more than one wildcard.`)}},
		{"two stars and a blank in a header, stars first", func(r *s3cors.Rule) { r.AllowedHeaders = []string{"* *"} },
			[]told{inMemory("CORSRules[0].AllowedHeaders[0]", "InvalidRequest", `several values stand in one: split it into two, "*", "*"`, `AllowedHeader "* *" can not have more than one wildcard.`),
				inMemory("CORSRules[0].AllowedHeaders[0]", "InvalidRequest", `several values stand in one: split it into two, "*", "*"`, header("* *"))}},
		{"a star and a blank to expose, the star first", func(r *s3cors.Rule) { r.ExposeHeaders = []string{"* x"} },
			[]told{inMemory("CORSRules[0].ExposeHeaders[0]", "InvalidRequest", fullNames, `ExposeHeader "* x" contains wildcard. We currently do not support wildcard for ExposeHeader.`),
				inMemory("CORSRules[0].ExposeHeaders[0]", "InvalidRequest", `several values stand in one: split it into two, "*", "x"`, header("* x"))}},
		{"a letter beyond ASCII in a header", func(r *s3cors.Rule) { r.AllowedHeaders = []string{"é"} },
			[]told{inMemory("CORSRules[0].AllowedHeaders[0]", "InvalidRequest", `"é" is not the name of a header: it holds the character é (U+00E9), write letters, digits and hyphens alone`, header("é"))}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(row.want, tell(configWith(row.change).Validate())))
		})
	}
}

func TestEveryOtherCharacterOfASCIIIsInvalidInAHeader(t *testing.T) {
	const legal = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	for b := byte(0x20); b <= 0x7f; b++ {
		value := "a" + string(rune(b))
		err := configWith(func(r *s3cors.Rule) { r.AllowedHeaders = []string{value} }).Validate()
		if strings.IndexByte(legal, b) >= 0 {
			require.NoError(t, err)
			continue
		}
		require.Equal(t, `AllowedHeader "`+value+`" contains invalid character.`, firstError(t, err).Message)
	}
}

func TestMethodsThatS3Refuses(t *testing.T) {
	const list = "the methods to list are GET, PUT, POST, DELETE and HEAD"
	const options = "remove OPTIONS: preflights are answered without it, " + list
	for _, row := range []struct{ method, detail string }{
		{"", "the method is empty: remove it, " + list}, {"  ", "the method is empty: remove it, " + list},
		{"PATCH", "remove PATCH: " + list}, {"trace", "remove TRACE: " + list},
		{"FOO", `"FOO" is no method of S3: ` + list}, {"É", `"É" is no method of S3: ` + list},
		{"DELET", `"DELET" is probably DELETE: ` + list}, {"HEADS", `"HEADS" is probably HEAD: ` + list},
		{"GET,PUT", `several values stand in one: split it into two, "GET", "PUT"`},
		{"GET, 'PUT' ; HEAD", `several values stand in one: split it into three, "GET", "PUT", "HEAD"`},
		{"get", "methods are compared letter for letter: write GET"},
		{" GET", `" GET" begins with a space: write GET`},
		{"Delete\n", `"Delete\n" ends with a line feed: write DELETE`},
		{"\u00a0PUT\u200b", `"\u00a0PUT\u200b" begins with a no-break space (U+00A0) and ends with a zero-width space (U+200B): write PUT`},
		{"\tHEAD\t", `"\tHEAD\t" begins and ends with a tab: write HEAD`},
		{"HttpMethods.GET", "methods are compared letter for letter: write GET"}, {"'PUT'", "methods are compared letter for letter: write PUT"},
		{"OPTIONS", options}, {"options", options},
		{"*", `there is no wildcard for methods: write "GET", "PUT", "POST", "DELETE", "HEAD"`},
	} {
		t.Run(row.method, func(t *testing.T) {
			c := configWith(func(r *s3cors.Rule) { r.AllowedMethods = []string{"GET", row.method} })
			want := []told{inMemory("CORSRules[0].AllowedMethods[1]", "InvalidRequest", row.detail, unsupported+row.method)}
			require.Empty(t, cmp.Diff(want, tell(c.Validate())))
		})
	}
}

func TestStructureOfAConfigurationInMemory(t *testing.T) {
	const cannot, notUTF8 = ", which XML cannot carry: remove it", "the value is not UTF-8"
	for _, row := range []struct {
		name   string
		config *s3cors.Configuration
		want   []told
	}{
		{"nil", nil, []told{inMemory("CORSRules", "MalformedXML", needsRule, "")}},
		{"no rules", &s3cors.Configuration{}, []told{inMemory("CORSRules", "MalformedXML", needsRule, "")}},
		{"an empty rule", &s3cors.Configuration{CORSRules: []s3cors.Rule{{}}}, []told{
			inMemory("CORSRules[0].AllowedOrigins", "MalformedXML", needsOrigins, ""),
			inMemory("CORSRules[0].AllowedMethods", "MalformedXML", needsMethods, "")}},
		{"a rule with methods alone", &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedMethods: []string{"GET"}}}}, []told{
			inMemory("CORSRules[0].AllowedOrigins", "MalformedXML", needsOrigins, "")}},
		{"a rule with origins alone", &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}}}}, []told{
			inMemory("CORSRules[0].AllowedMethods", "MalformedXML", needsMethods, "")}},
		{"characters that XML cannot carry, in every string", &s3cors.Configuration{CORSRules: []s3cors.Rule{{
			ID: new("\x00"), AllowedOrigins: []string{"\ufffe"}, AllowedMethods: []string{"GET"},
			AllowedHeaders: []string{"a", "\xff"}, ExposeHeaders: []string{"\xed\xa0\x80"}}}}, []told{
			inMemory("CORSRules[0].ID", "MalformedXML", "the value holds a NUL (U+0000)"+cannot, ""),
			inMemory("CORSRules[0].AllowedOrigins[0]", "MalformedXML", "the value holds an invisible character (U+FFFE)"+cannot, ""),
			inMemory("CORSRules[0].AllowedHeaders[1]", "MalformedXML", notUTF8, ""),
			inMemory("CORSRules[0].ExposeHeaders[0]", "MalformedXML", notUTF8, ""),
			inMemory("CORSRules[0].AllowedHeaders[1]", "InvalidRequest", notUTF8, "AllowedHeader \"\xff\" contains invalid character."),
			inMemory("CORSRules[0].ExposeHeaders[0]", "InvalidRequest", notUTF8, "AllowedHeader \"\xed\xa0\x80\" contains invalid character.")}},
	} {
		t.Run(row.name, func(t *testing.T) { require.Empty(t, cmp.Diff(row.want, tell(row.config.Validate()))) })
	}
}

func TestTheNumberOfRules(t *testing.T) {
	require.NoError(t, manyRules(100).Validate())
	want := inMemory("CORSRules", "InvalidRequest", "there are 101 rules, and 100 are allowed: join rules that differ in their origins alone", "The number of CORS rules should not exceed allowed limit of 100 rules.")
	require.Empty(t, cmp.Diff([]told{want}, tell(manyRules(101).Validate())))

	c := manyRules(101)
	c.CORSRules[0].AllowedMethods[0] = "x"
	require.Empty(t, cmp.Diff([]told{want, inMemory("CORSRules[0].AllowedMethods[0]", "InvalidRequest",
		`"x" is no method of S3: the methods to list are GET, PUT, POST, DELETE and HEAD`, unsupported+"x")}, tell(c.Validate())))
}

func TestTheOrderOfProblems(t *testing.T) {
	c := &s3cors.Configuration{CORSRules: []s3cors.Rule{
		{
			ExposeHeaders: []string{"*", "b "}, AllowedHeaders: []string{"a ", "* *"},
			AllowedMethods: []string{"x", "y"}, AllowedOrigins: []string{"**", "***"},
		},
		{AllowedOrigins: []string{"****"}},
		{ID: new("\x01"), AllowedMethods: []string{"z"}},
	}}
	var order []string
	for _, p := range asProblems(c.Validate()) {
		order = append(order, p.S3.Code+" "+p.Path)
	}
	require.Equal(t, []string{
		"MalformedXML CORSRules[1].AllowedMethods",
		"MalformedXML CORSRules[2].AllowedOrigins",
		"MalformedXML CORSRules[2].ID",
		"InvalidRequest CORSRules[0].AllowedOrigins[0]",
		"InvalidRequest CORSRules[0].AllowedOrigins[1]",
		"InvalidRequest CORSRules[0].AllowedMethods[0]",
		"InvalidRequest CORSRules[0].AllowedMethods[1]",
		"InvalidRequest CORSRules[0].AllowedHeaders[0]",
		"InvalidRequest CORSRules[0].AllowedHeaders[1]",
		"InvalidRequest CORSRules[0].AllowedHeaders[1]",
		"InvalidRequest CORSRules[0].ExposeHeaders[0]",
		"InvalidRequest CORSRules[0].ExposeHeaders[1]",
		"InvalidRequest CORSRules[1].AllowedOrigins[0]",
		"InvalidRequest CORSRules[2].AllowedMethods[0]",
	}, order)
}

func TestAConfigurationInMemoryMayBeOfAnySize(t *testing.T) {
	c := configWith(func(r *s3cors.Rule) { r.AllowedOrigins = []string{strings.Repeat("a", 1<<20)} })
	require.NoError(t, c.Validate())
	_, err := s3cors.Compile(c)
	require.NoError(t, err)
	requireRoundTrip(t, c)
}

func TestADocumentOfFullSizeStaysValidThoughItPrintsLonger(t *testing.T) {
	const cdata = "<![CDATA[]]>"
	value := strings.Repeat("&", maxDocument-len(smallest)-len(cdata)+1)
	document := inOrigin("<![CDATA[" + value + "]]>")
	require.Len(t, document, maxDocument)
	c, err := s3cors.ParseXML([]byte(document))
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	requireRoundTrip(t, c)
}
