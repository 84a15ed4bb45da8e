//go:build go1.26

package s3cors_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/internal/oracle"
)

// A draw makes choices from the bytes that the fuzzer hands over. Where these
// end, it chooses the first of everything.
type draw struct{ data []byte }

func (d *draw) below(n int) int {
	if len(d.data) == 0 {
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return int(b) % n
}

func (d *draw) of(choices ...string) string { return choices[d.below(len(choices))] }

// text joins up to most pieces.
func (d *draw) text(most int, pieces ...string) string {
	var b strings.Builder
	for range d.below(most + 1) {
		b.WriteString(d.of(pieces...))
	}
	return b.String()
}

// pattern is a text with a star in it, or without.
func (d *draw) pattern(pieces ...string) string {
	return d.text(3, pieces...) + d.of("", "*", "*") + d.text(3, pieces...)
}

func (d *draw) list(least, most int, one func() string) []string {
	var all []string
	for range least + d.below(most-least+1) {
		all = append(all, one())
	}
	return all
}

func (d *draw) rule() s3cors.Rule {
	rule := s3cors.Rule{
		AllowedOrigins: d.list(1, 4, func() string { return d.pattern("a", "b", "/", "ab") }),
		AllowedMethods: d.list(1, 2, func() string { return d.of("GET", "PUT", "HEAD", "POST", "DELETE") }),
		AllowedHeaders: d.list(0, 4, func() string { return d.pattern("a", "B", "x-", "aB") }),
		ExposeHeaders:  d.list(0, 2, func() string { return d.of("", "ETag") }),
	}
	if d.below(2) == 1 {
		rule.MaxAgeSeconds = new(int64(d.below(3) - 1))
	}
	return rule
}

// config is a configuration that S3 accepts, of few rules or, at times, of as
// many as it accepts, which then differ from these few in their origins.
func (d *draw) config() *s3cors.Configuration {
	c := new(s3cors.Configuration)
	for range 1 + d.below(6) {
		c.CORSRules = append(c.CORSRules, d.rule())
	}
	if d.below(4) != 3 {
		return c
	}
	few, many := len(c.CORSRules), 100-d.below(50)
	for i := few; i < many; i++ {
		rule := c.CORSRules[d.below(few)]
		rule.AllowedOrigins = []string{fmt.Sprintf(d.of("%d", "%d*", "*%d", "o*%d"), i)}
		c.CORSRules = append(c.CORSRules, rule)
	}
	return c
}

// request is one that the rules of c match often: it takes an origin and header
// names from what they list.
func (d *draw) request(c *s3cors.Configuration) s3cors.Request {
	rule := c.CORSRules[d.below(len(c.CORSRules))]
	filling := func() string { return d.text(2, "a", "b", "/", "B") }
	listed := func(from []string) string {
		if len(from) == 0 || d.below(4) == 3 {
			return filling()
		}
		return strings.Replace(from[d.below(len(from))], "*", filling(), 1)
	}
	r := s3cors.Request{
		Method:        d.of("OPTIONS", "GET", "PUT", "HEAD", "options", ""),
		Origin:        listed(rule.AllowedOrigins),
		RequestMethod: rule.AllowedMethods[0],
		Target:        s3cors.Target(d.below(2)),
	}
	if d.below(4) == 3 {
		r.RequestMethod = d.of("", "GET", "HEAD", "PATCH", "OPTIONS", "TRACE", "get")
	}
	if d.below(16) == 15 {
		r.Target = s3cors.TargetService
	}
	for range d.below(4) {
		r.RequestHeaders += listed(rule.AllowedHeaders) + d.of(",", ", ", ",,", ", ,\t", ",\t")
	}
	if d.below(8) == 7 {
		r.RequestHeaders += d.of(" ", "?", " ,", "é", "a b")
	}
	if d.below(32) == 31 {
		r.RequestHeaders += strings.Repeat("a", 8192-len(r.Origin+r.RequestMethod+r.RequestHeaders)+d.below(2))
	}
	return r
}

// requireOracle holds a decision to the oracle and to the laws.
func requireOracle(t *testing.T, c *s3cors.Configuration, missing bool, r s3cors.Request) {
	t.Helper()
	p, err := s3cors.Compile(c)
	require.NoError(t, err)
	if missing {
		p = s3cors.NoSuchBucket()
	}
	d := p.Evaluate(r)
	if diff := cmp.Diff(oracle.Evaluate(c, missing, r), answerOf(d)); diff != "" {
		t.Fatalf("%+v\n%+v\n%s", c, r, diff)
	}
	require.Equal(t, d.AllowHeaders(), string(d.AppendAllowHeaders(nil)))
	requireLaws(t, d)
}

func FuzzEvaluateAgreesWithOracle(f *testing.F) {
	for seed := range 64 {
		data := make([]byte, 40+seed*3)
		for i := range data {
			data[i] = byte(i*i*(seed+3) + seed*31 + i>>2)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &draw{data}
		missing, none := d.below(16) == 15, d.below(16) == 15
		c := d.config()
		for range 4 {
			r := d.request(c)
			if none {
				requireOracle(t, nil, missing, r)
			} else {
				requireOracle(t, c, missing, r)
			}
		}
	})
}

func FuzzEvaluateOnDocuments(f *testing.F) {
	for _, v := range decisionVectors(f) {
		if v.Dialect != "" {
			continue // FuzzEvaluateOfCephOnDocuments has these
		}
		r := requestOf(v)
		f.Add(v.Config, r.Method, r.Origin, r.RequestMethod, r.RequestHeaders, uint8(r.Target), v.Bucket != "")
	}
	f.Fuzz(func(t *testing.T, document []byte, method, origin, requestMethod, requestHeaders string, target uint8, missing bool) {
		c, err := s3cors.Parse(document)
		if err != nil {
			c = nil
		}
		requireOracle(t, c, missing, s3cors.Request{Method: method, Origin: origin, RequestMethod: requestMethod,
			RequestHeaders: requestHeaders, Target: s3cors.Target(target % 3)})
	})
}

// addDocuments seeds a parser with the documents of the vectors of Amazon S3, or of the
// others.
func addDocuments(f *testing.F, amazon bool) {
	f.Helper()
	for _, v := range allVectors(f) {
		if (v.Dialect == "") != amazon {
			continue
		}
		for _, document := range [][]byte{v.Config, v.Document, []byte(v.Expect.XML), v.Expect.Config} {
			if len(document) < 4096 { // the long ones teach nothing more
				f.Add(document)
			}
		}
	}
}

func FuzzParseXML(f *testing.F) {
	if underRace {
		f.Skip("it has one goroutine, and is held without the race detector")
	}
	addDocuments(f, true)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := s3cors.ParseXML(data)
		requireParsing(t, data, c, err)
		if err == nil {
			require.Empty(t, cmp.Diff(unmarshalXML(t, data), c, equateEmpty))
		}
	})
}

func FuzzParseJSON(f *testing.F) {
	if underRace {
		f.Skip("it has one goroutine, and is held without the race detector")
	}
	addDocuments(f, true)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := s3cors.ParseJSON(data)
		requireParsing(t, data, c, err)
		if err == nil {
			require.Empty(t, cmp.Diff(unmarshalJSON(t, data), c, equateEmpty))
		}
	})
}

// requireParsing checks what holds for every document whatever.
func requireParsing(t *testing.T, data []byte, c *s3cors.Configuration, err error) {
	t.Helper()
	requireCauses(t, data)
	requireCauses(t, data, s3cors.WithDialect(s3cors.Ceph))
	whole, wholeErr := s3cors.Parse(data)
	requireAgreement(t, data, whole, wholeErr)
	if err == nil {
		require.NoError(t, c.Validate())
		_, err := s3cors.Compile(c)
		require.NoError(t, err)
		requireRoundTrip(t, c)
		return
	}
	require.Nil(t, c)
	problems := asProblems(err)
	require.NotEmpty(t, problems)
	require.Same(t, problems[0].S3, firstError(t, err))
	for _, p := range problems {
		require.Equal(t, 400, p.S3.Status)
		require.NotEmpty(t, p.S3.Code)
		require.NotEmpty(t, p.S3.Message)
		require.NotEmpty(t, p.Detail)
		require.NotEmpty(t, p.Path)
		require.NotContains(t, p.Error(), "\n")
		requireInside(t, data, p.Start)
		requireInside(t, data, p.End)
		require.LessOrEqual(t, p.Start.Offset, p.End.Offset)
	}
}

// requireCauses checks that each problem of a document has one cause, and what holds
// for every cause.
func requireCauses(t *testing.T, data []byte, opts ...s3cors.Option) {
	t.Helper()
	d := s3cors.ParseDocument(data, opts...)
	require.Empty(t, cmp.Diff(d.Causes(), s3cors.ParseDocument(data, opts...).Causes()))
	has := make([]int, len(d.Problems()))
	first := -1
	for _, c := range d.Causes() {
		require.NotEmpty(t, c.Problems)
		require.True(t, slices.IsSorted(c.Problems))
		require.Less(t, first, c.Problems[0])
		first = c.Problems[0]
		for _, i := range c.Problems {
			has[i]++
		}
		require.NotEmpty(t, c.Detail)
		require.Less(t, len(c.Detail), 4096)
		require.True(t, utf8.ValidString(c.Detail))
		require.NotEmpty(t, c.Path)
		requireInside(t, data, c.Start)
		requireInside(t, data, c.End)
		require.LessOrEqual(t, c.Start.Offset, c.End.Offset)
	}
	for i := range has {
		require.Equal(t, 1, has[i], "problem %d", i)
	}
}

// requireInside checks that a position is one of a document, its end included.
func requireInside(t *testing.T, data []byte, p s3cors.Position) {
	t.Helper()
	lines := bytes.Split(bytes.TrimPrefix(data, []byte("\ufeff")), []byte("\n"))
	require.True(t, 1 <= p.Line && p.Line <= len(lines), "line %d of %d", p.Line, len(lines))
	width := utf8.RuneCount(lines[p.Line-1]) + 1
	require.True(t, 1 <= p.Column && p.Column <= width, "column %d of %d", p.Column, width)
	require.LessOrEqual(t, p.Offset, len(data))
	before := bytes.TrimPrefix(data[:p.Offset], []byte("\ufeff"))
	require.Equal(t, p.Line, bytes.Count(before, []byte("\n"))+1)
	require.Equal(t, p.Column, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])+1)
}

// unmarshalXML reads a document as encoding/xml does, which accepts more, and
// must read what we accept in the same way.
func unmarshalXML(t *testing.T, data []byte) *s3cors.Configuration {
	t.Helper()
	var document struct {
		CORSRule []struct {
			ID            *string
			AllowedOrigin []string
			AllowedMethod []string
			AllowedHeader []string
			ExposeHeader  []string
			MaxAgeSeconds *int64
		}
	}
	dec := xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	dec.CharsetReader = func(_ string, text io.Reader) (io.Reader, error) { return text, nil }
	require.NoError(t, dec.Decode(&document))
	c := new(s3cors.Configuration)
	for _, r := range document.CORSRule {
		c.CORSRules = append(c.CORSRules, s3cors.Rule{ID: r.ID, AllowedOrigins: r.AllowedOrigin, AllowedMethods: r.AllowedMethod,
			AllowedHeaders: r.AllowedHeader, ExposeHeaders: r.ExposeHeader, MaxAgeSeconds: r.MaxAgeSeconds})
	}
	return c
}

// unmarshalJSON does so with encoding/json.
func unmarshalJSON(t *testing.T, data []byte) *s3cors.Configuration {
	t.Helper()
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	var document struct {
		s3cors.Configuration
		CORSConfiguration s3cors.Configuration
	}
	if text[0] == '[' {
		require.NoError(t, json.Unmarshal(text, &document.CORSRules))
	} else {
		require.NoError(t, json.Unmarshal(text, &document))
	}
	if document.CORSRules == nil {
		return &document.CORSConfiguration
	}
	return &document.Configuration
}

// anyConfig is a configuration that S3 may refuse, with texts that are hard to
// print.
func (d *draw) anyConfig() *s3cors.Configuration {
	text := func() string {
		return d.text(4, "a", "*", "&", "<", ">", `"`, "\\", "'", "\r", "\n", "\t", " ", "]]>", "é", "😀", "\ufffd", "\u2028", "\ufeff", "\x7f", "&amp;", "\x00", "\xff")
	}
	name := func() string { return d.text(3, "a", "B", "-", "*", " ", "x") }
	c := new(s3cors.Configuration)
	for range d.below(4) {
		rule := s3cors.Rule{
			AllowedOrigins: d.list(0, 3, text),
			AllowedMethods: d.list(0, 2, func() string { return d.of("GET", "PUT", "DELETE", "HEAD", "POST", "GET", "x") }),
			AllowedHeaders: d.list(0, 2, name),
			ExposeHeaders:  d.list(0, 2, name),
		}
		if d.below(2) == 1 {
			rule.ID = new(text())
		}
		if d.below(2) == 1 {
			rule.MaxAgeSeconds = new(int64(d.below(256)-128) << (d.below(8) * 8))
		}
		c.CORSRules = append(c.CORSRules, rule)
	}
	return c
}

func FuzzRoundTrip(f *testing.F) {
	for seed := range 64 {
		data := make([]byte, 20+seed*2)
		for i := range data {
			data[i] = byte(i*(seed+7) + seed*13)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d := &draw{data}
		c := d.anyConfig()
		if err := c.Validate(); err != nil {
			printed, printErr := c.AppendXML(nil)
			require.Nil(t, printed)
			require.Empty(t, cmp.Diff(tell(err), tell(printErr)))
			return
		}
		requireRoundTrip(t, c)
		first, err := c.AppendXML(nil)
		require.NoError(t, err)
		second, err := c.AppendXML(nil)
		require.NoError(t, err)
		require.Equal(t, string(first), string(second))
	})
}

// TestDrawnRequestsReachEveryOutcome shows that what the fuzzer draws is worth
// its time: many requests match, and not always in the first rule.
func TestDrawnRequestsReachEveryOutcome(t *testing.T) {
	outcomes, rules := make(map[s3cors.Outcome]int), make(map[int]int)
	random := rand.NewChaCha8([32]byte{})
	for range 4000 {
		data := make([]byte, 1000)
		_, _ = random.Read(data)
		d := &draw{data}
		c := d.config()
		p, err := s3cors.Compile(c)
		require.NoError(t, err)
		decision := p.Evaluate(d.request(c))
		outcomes[decision.Outcome()]++
		rules[decision.Rule()]++
	}
	require.Greater(t, outcomes[s3cors.Granted], 800)
	require.Greater(t, outcomes[s3cors.NoMatch], 800)
	require.Greater(t, len(rules), 10)
	for _, outcome := range []s3cors.Outcome{s3cors.NotCORS, s3cors.NoBucket, s3cors.MissingOrigin,
		s3cors.InvalidMethod, s3cors.InvalidHeaders, s3cors.TooLarge} {
		require.NotZero(t, outcomes[outcome], outcome)
	}
}
