package s3cors_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/oracle"
)

// equateEmpty makes nil and empty lists one, as the rules of a configuration do.
var equateEmpty = cmpopts.EquateEmpty()

// readVectors reads the vectors once; no test changes them.
var readVectors = sync.OnceValues(vectors.All)

func allVectors(t testing.TB) []vectors.Vector {
	t.Helper()
	all, err := readVectors()
	require.NoError(t, err)
	return all
}

// decisionVectors returns the vectors that are requests, documentVectors those
// that are documents. Operations take a server: corshttp's tests have them.
func decisionVectors(t testing.TB) []vectors.Vector { return kind(t, true) }
func documentVectors(t testing.TB) []vectors.Vector { return kind(t, false) }

func kind(t testing.TB, decision bool) []vectors.Vector {
	t.Helper()
	var some []vectors.Vector
	for _, v := range allVectors(t) {
		if v.Steps == nil && (v.Request != nil) == decision {
			some = append(some, v)
		}
	}
	require.NotEmpty(t, some, "the suite lacks a kind of vectors")
	return some
}

// requestOf returns the request of a vector as an HTTP layer hands it over.
func requestOf(v vectors.Vector) s3cors.Request {
	r := s3cors.Request{
		Method:         v.Request.Method,
		Origin:         field(v, "Origin"),
		RequestMethod:  field(v, "Access-Control-Request-Method"),
		RequestHeaders: field(v, "Access-Control-Request-Headers"),
		Target: map[string]s3cors.Target{
			"object": s3cors.TargetObject, "bucket": s3cors.TargetBucket, "service": s3cors.TargetService,
		}[v.Request.Target],
		Subresource: v.Request.Subresource,
	}
	if v.Dialect != "" {
		r.Authorization = fieldLines(v, "Authorization") != nil
		r.EmptyOrigin = r.Origin == "" && fieldLines(v, "Origin") != nil
		r.EmptyRequestMethod = r.RequestMethod == "" && fieldLines(v, "Access-Control-Request-Method") != nil
	}
	return r
}

// field joins the lines of a field (RFC 9110 section 5.3), or is the last one for a
// dialect in which that one counts.
func field(v vectors.Vector, name string) string {
	lines := fieldLines(v, name)
	if v.Dialect != "" && len(lines) > 0 {
		return lines[len(lines)-1]
	}
	return strings.Join(lines, ",")
}

func fieldLines(v vectors.Vector, name string) []string {
	var lines []string
	for _, h := range v.Request.Headers {
		if strings.EqualFold(h[0], name) {
			lines = append(lines, h[1])
		}
	}
	return lines
}

// dialectOf returns the options that a vector is to be run with.
func dialectOf(t testing.TB, v vectors.Vector) []s3cors.Option {
	t.Helper()
	var d s3cors.Dialect
	if v.Dialect != "" {
		require.NoError(t, d.UnmarshalText([]byte(v.Dialect)))
	}
	return []s3cors.Option{s3cors.WithDialect(d)}
}

// configOf returns the configuration of a decision's bucket, nil if it has none.
func configOf(v vectors.Vector, opts ...s3cors.Option) (*s3cors.Configuration, error) {
	if v.Config == nil {
		return nil, nil
	}
	return s3cors.Parse(v.Config, opts...)
}

// policyOf returns the policy of a decision's bucket.
func policyOf(t testing.TB, v vectors.Vector, opts ...s3cors.Option) *s3cors.Policy {
	t.Helper()
	opts = append(dialectOf(t, v), opts...)
	if v.Bucket == "missing" {
		return s3cors.NoSuchBucket(opts...)
	}
	c, err := configOf(v, opts...)
	require.NoError(t, err)
	p, err := s3cors.Compile(c, opts...)
	require.NoError(t, err)
	return p
}

// answerOf writes a decision out in the oracle's terms.
func answerOf(d s3cors.Decision) oracle.Answer {
	a := oracle.Answer{Outcome: d.Outcome().String(), Rule: d.Rule(), Status: d.Status(), Error: d.Refusal()}
	for name, value := range d.Headers() {
		a.Headers = append(a.Headers, [2]string{name, value})
	}
	return a
}

// expected is the answer that a decision vector states.
func expected(v vectors.Vector) oracle.Answer {
	a := oracle.Answer{Outcome: v.Expect.Outcome, Rule: -1, Error: errorOf(v.Expect)}
	if v.Expect.Rule != nil {
		a.Rule = *v.Expect.Rule
	}
	if v.Expect.Status != nil {
		a.Status = *v.Expect.Status
	}
	for _, h := range v.Expect.Headers {
		a.Headers = append(a.Headers, h)
	}
	return a
}

func errorOf(e vectors.Expect) *s3cors.Error {
	if e.Error == nil {
		return nil
	}
	err := &s3cors.Error{Status: *e.Status, Code: e.Error[0][1], Message: e.Error[1][1]}
	for _, element := range e.Error[2:] {
		err.Elements = append(err.Elements, s3cors.Element{Name: element[0], Value: element[1]})
	}
	return err
}

// firstError is S3's answer to a configuration that was refused.
func firstError(t testing.TB, err error) *s3cors.Error {
	t.Helper()
	var first *s3cors.Error
	require.ErrorAs(t, err, &first)
	return first
}

func TestThereAreVectorsEnough(t *testing.T) {
	require.GreaterOrEqual(t, len(allVectors(t)), 250)
}

// Servers take XML, so vectors say in XML what they say in JSON.
func TestAConfigurationInXMLIsTheOneInJSON(t *testing.T) {
	compared := 0
	for _, v := range allVectors(t) {
		config, inXML := v.Config, v.ConfigXML
		if v.Steps != nil {
			config, inXML = v.Stored, v.StoredXML
		}
		if config == nil {
			require.Nil(t, inXML, v.ID)
			continue
		}
		require.NotNil(t, inXML, "%s: XML has a form for all that is there", v.ID)
		if bytes.Equal(config, inXML) {
			continue
		}
		compared++
		t.Run(v.ID, func(t *testing.T) {
			opts := dialectOf(t, v)
			want, err := s3cors.ParseJSON(config, opts...)
			got, errXML := s3cors.ParseXML(inXML, opts...)
			if err != nil {
				require.Empty(t, cmp.Diff(firstError(t, err), firstError(t, errXML)))
				return
			}
			require.NoError(t, errXML)
			require.Empty(t, cmp.Diff(want, got, equateEmpty))
		})
	}
	require.Greater(t, compared, 700)
}

func TestDecisionVectors(t *testing.T) {
	for _, v := range decisionVectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			if v.Expect.Outcome == "invalid-configuration" {
				_, err := configOf(v, dialectOf(t, v)...)
				require.Empty(t, cmp.Diff(errorOf(v.Expect), firstError(t, err)))
				return
			}
			d := policyOf(t, v).Evaluate(requestOf(v))
			require.Empty(t, cmp.Diff(expected(v), answerOf(d)))
			if v.IDs != nil {
				require.Equal(t, v.Expect.Body, string(d.Refusal().AppendXML(nil, s3cors.IDs{RequestID: v.IDs.Request, HostID: v.IDs.Host}, dialectOf(t, v)...)))
			}
		})
	}
}

func TestDecisionVectorsByTheOracle(t *testing.T) {
	for _, v := range decisionVectors(t) {
		c, err := configOf(v, dialectOf(t, v)...)
		if err != nil {
			continue // an invalid configuration, as TestDecisionVectors checks
		}
		t.Run(v.ID, func(t *testing.T) {
			require.Empty(t, cmp.Diff(expected(v), byOracle(s3cors.DialectOf(dialectOf(t, v)...), c, v.Bucket == "missing", requestOf(v))))
		})
	}
}

// byOracle is the answer of the oracle for a dialect.
func byOracle(d s3cors.Dialect, c *s3cors.Configuration, missing bool, r s3cors.Request) oracle.Answer {
	if d == s3cors.Amazon {
		return oracle.Evaluate(c, missing, r)
	}
	return oracle.EvaluateCeph(c, missing, d == s3cors.CephMain, r)
}

func TestDocumentVectors(t *testing.T) {
	for _, v := range documentVectors(t) {
		t.Run(v.ID, func(t *testing.T) {
			c, err := s3cors.Parse(v.Document, dialectOf(t, v)...)
			requireAgreement(t, v.Document, c, err, dialectOf(t, v)...)
			if v.Expect.Error != nil {
				requireRefused(t, v, err)
				return
			}
			require.NoError(t, err)
			requireAccepted(t, v, c)
		})
	}
}

// requireAgreement checks that ParseDocument says what Parse said.
func requireAgreement(t testing.TB, document []byte, c *s3cors.Configuration, err error, opts ...s3cors.Option) {
	t.Helper()
	d := s3cors.ParseDocument(document, opts...)
	if err == nil {
		require.Empty(t, d.Problems())
		if s3cors.DialectOf(opts...) == s3cors.Amazon {
			require.Empty(t, cmp.Diff(c, d.Configuration(), equateEmpty))
			return
		}
		// The document's is as it was written; both print alike.
		parsed, err := c.AppendXML(nil, opts...)
		require.NoError(t, err)
		written, err := d.Configuration().AppendXML(nil, opts...)
		require.NoError(t, err)
		require.Equal(t, string(parsed), string(written))
		return
	}
	require.Nil(t, c)
	var problems s3cors.Problems
	require.ErrorAs(t, err, &problems)
	require.Empty(t, cmp.Diff(problems, d.Problems()))
}

func requireRefused(t *testing.T, v vectors.Vector, err error) {
	t.Helper()
	var problems s3cors.Problems
	require.ErrorAs(t, err, &problems)
	require.Empty(t, cmp.Diff(errorOf(v.Expect), firstError(t, err)))
	if v.Expect.Problems == nil {
		return
	}
	var got []vectors.Problem
	for i, p := range problems {
		problem := vectors.Problem{Code: p.S3.Code, Path: p.Path, Line: p.Start.Line, Column: p.Start.Column}
		if i < len(v.Expect.Problems) && v.Expect.Problems[i].Line == 0 {
			problem.Line, problem.Column = 0, 0 // the vector does not say
		}
		got = append(got, problem)
	}
	require.Empty(t, cmp.Diff(v.Expect.Problems, got))
}

func requireAccepted(t *testing.T, v vectors.Vector, c *s3cors.Configuration) {
	t.Helper()
	opts := dialectOf(t, v)
	if v.Expect.Config != nil {
		want, err := s3cors.ParseJSON(v.Expect.Config, opts...)
		require.NoError(t, err)
		require.Empty(t, cmp.Diff(want, c, equateEmpty))
	}
	if v.Expect.Rules != 0 {
		require.Len(t, c.CORSRules, v.Expect.Rules)
	}
	if v.Expect.XML != "" {
		got, err := c.AppendXML(nil, opts...)
		require.NoError(t, err)
		require.Equal(t, v.Expect.XML, string(got))
	}
	requireRoundTrip(t, c, opts...)
}

// maxDocument is S3's limit in bytes (1.1/body-size).
const maxDocument = 65536

// requireRoundTrip checks law 7: parsing what was printed gives c back. What is
// printed may be longer than S3 accepts (10/size-of-a-configuration).
func requireRoundTrip(t testing.TB, c *s3cors.Configuration, opts ...s3cors.Option) {
	t.Helper()
	inXML, err := c.AppendXML(nil, opts...)
	require.NoError(t, err)
	if len(inXML) > s3cors.MaxDocumentBytes(opts...) {
		_, err := s3cors.ParseXML(inXML, opts...)
		require.Equal(t, s3cors.DocumentTooLong(opts...).Code, firstError(t, err).Code)
		return
	}
	requireParsed(t, c, s3cors.ParseXML, inXML, opts...)
	requireParsed(t, c, s3cors.Parse, inXML, opts...)
	inJSON, err := c.AppendJSON(nil, opts...)
	require.NoError(t, err)
	requireParsed(t, c, s3cors.ParseJSON, inJSON, opts...)
	requireParsed(t, c, s3cors.Parse, inJSON, opts...)
}

func requireParsed(t testing.TB, want *s3cors.Configuration, parse func([]byte, ...s3cors.Option) (*s3cors.Configuration, error), printed []byte, opts ...s3cors.Option) {
	t.Helper()
	got, err := parse(printed, opts...)
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(want, got, equateEmpty))
	again, err := got.AppendXML(nil, opts...)
	require.NoError(t, err)
	first, err := want.AppendXML(nil, opts...)
	require.NoError(t, err)
	require.True(t, bytes.Equal(first, again), "printing twice gives two documents")
}

// asProblems returns the problems that err holds, nil if none.
func asProblems(err error) s3cors.Problems {
	var problems s3cors.Problems
	errors.As(err, &problems)
	return problems
}

// The main branch of Ceph differs in one fact from the releases.
func TestVectorsOfCephHoldForItsMainBranchButForOneRow(t *testing.T) {
	same, other := 0, 0
	for _, v := range decisionVectors(t) {
		if v.Dialect != "ceph" || v.Expect.Outcome == "invalid-configuration" {
			continue
		}
		main := v
		main.Dialect = "ceph-main"
		got := answerOf(policyOf(t, main).Evaluate(requestOf(main)))
		if slices.Contains(v.Rows, "ceph-2/rule-by-origin") {
			if cmp.Diff(expected(v), got) != "" {
				other++
			}
			continue
		}
		same++
		require.Empty(t, cmp.Diff(expected(v), got), v.ID)
	}
	require.Greater(t, same, 150)
	require.Greater(t, other, 5)
}
