package s3cors_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// malformedText is S3's text for every defect of structure (1.3/malformed-xml).
const malformedText = "The XML you provided was not well-formed or did not validate against our published schema"

func TestTheBodyOfAnError(t *testing.T) {
	for _, row := range []struct {
		name string
		err  s3cors.Error
		want string
	}{
		{"has code, message and ids", s3cors.Error{Code: "C", Message: "M"},
			"<Error><Code>C</Code><Message>M</Message><RequestId>R1</RequestId><HostId>H/+=</HostId></Error>"},
		{"has further elements behind the message, in their order",
			s3cors.Error{Code: "C", Message: "M", Elements: []s3cors.Element{{Name: "Z", Value: "1"}, {Name: "A", Value: "2"}}},
			"<Error><Code>C</Code><Message>M</Message><Z>1</Z><A>2</A><RequestId>R1</RequestId><HostId>H/+=</HostId></Error>"},
		{"escapes three characters and no quotes", s3cors.Error{Code: "C", Message: `<a href="b">&'c'</a>` + "\t\r\n"},
			`<Error><Code>C</Code><Message>&lt;a href="b"&gt;&amp;'c'&lt;/a&gt;` + "\t\r\n" +
				`</Message><RequestId>R1</RequestId><HostId>H/+=</HostId></Error>`},
		{"writes U+FFFD for what XML cannot hold", s3cors.Error{Code: "C", Message: "\x00\x1f\uffff\xff\xed\xa0\x80é😀\ufffd"},
			"<Error><Code>C</Code><Message>\ufffd\ufffd\ufffd\ufffd\ufffd\ufffd\ufffdé😀\ufffd</Message><RequestId>R1</RequestId><HostId>H/+=</HostId></Error>"},
		{"escapes elements as it does the message", s3cors.Error{Code: "C", Message: "M", Elements: []s3cors.Element{{Name: "Method", Value: "<\x01>"}}},
			"<Error><Code>C</Code><Message>M</Message><Method>&lt;\ufffd&gt;</Method><RequestId>R1</RequestId><HostId>H/+=</HostId></Error>"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := row.err.AppendXML([]byte("before "), s3cors.IDs{RequestID: "R1", HostID: "H/+="})
			require.Equal(t, "before "+`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+row.want, string(got))
		})
	}
}

func TestTheIDsOfAnErrorAreEscaped(t *testing.T) {
	got := (&s3cors.Error{Code: "C", Message: "M"}).AppendXML(nil, s3cors.IDs{RequestID: "<", HostID: "&"})
	require.Contains(t, string(got), "<RequestId>&lt;</RequestId><HostId>&amp;</HostId></Error>")
}

func TestAnErrorReadsAsCodeAndMessage(t *testing.T) {
	require.EqualError(t, &s3cors.Error{Status: 403, Code: "AccessForbidden", Message: "No."}, "AccessForbidden: No.")
}

func TestAProblemReadsAsOneLine(t *testing.T) {
	s3 := &s3cors.Error{Status: 400, Code: "InvalidRequest", Message: "No."}
	for _, row := range []struct {
		name    string
		problem s3cors.Problem
		want    string
	}{
		{"with its position in a document", s3cors.Problem{S3: s3, Path: "CORSRules[0]", Start: s3cors.Position{Line: 3, Column: 7}, Detail: "why"},
			"3:7: CORSRules[0]: InvalidRequest: No. (why)"},
		{"on the first line as on any other", s3cors.Problem{S3: s3, Path: "CORSRules[0]", Start: s3cors.Position{Line: 1, Column: 2}, Detail: "why"},
			"1:2: CORSRules[0]: InvalidRequest: No. (why)"},
		{"that says nothing if there is nothing to say", s3cors.Problem{}, ": : " + " ()"},
		{"without a position where there is no document", s3cors.Problem{S3: s3, Path: "CORSRules[0]", Detail: "why"},
			"CORSRules[0]: InvalidRequest: No. (why)"},
		{"with line feeds and control characters escaped", s3cors.Problem{S3: s3, Path: "a\nb", Detail: "\x1b[31m\u202e"},
			`a\nb: InvalidRequest: No. (\x1b[31m\u202e)`},
		{"with bytes that are no UTF-8 escaped", s3cors.Problem{S3: s3, Path: "a\xffb", Detail: "\ufffd"},
			`a\xffb: InvalidRequest: No. (�)`},
		{"with quotes, backslashes and letters as they are", s3cors.Problem{S3: s3, Path: `"\é😀`, Detail: "'"},
			`"\é😀: InvalidRequest: No. (')`},
	} {
		t.Run(row.name, func(t *testing.T) { require.EqualError(t, &row.problem, row.want) })
	}
}

func TestAProblemWithoutAnErrorOfS3UnwrapsToNone(t *testing.T) {
	require.NoError(t, new(s3cors.Problem).Unwrap())
	var s3 *s3cors.Error
	require.False(t, errors.As(s3cors.Problems{{}}, &s3))
}

func TestProblemsAreErrorsAndUnwrapInOrder(t *testing.T) {
	first := &s3cors.Problem{S3: &s3cors.Error{Code: "First"}, Path: "a", Detail: "x"}
	second := &s3cors.Problem{S3: &s3cors.Error{Code: "Second"}, Path: "b", Detail: "y"}
	var err error = s3cors.Problems{first, second}

	require.EqualError(t, err, "a: First:  (x)\nb: Second:  (y)")
	var s3 *s3cors.Error
	require.True(t, errors.As(err, &s3))
	require.Same(t, first.S3, s3)
	var problem *s3cors.Problem
	require.True(t, errors.As(err, &problem))
	require.Same(t, first, problem)
	require.ErrorIs(t, err, second)
	require.ErrorIs(t, err, second.S3)
}

func TestTheCatalogueOfRefusedConfigurations(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(*s3cors.Rule)
		want   s3cors.Error
	}{
		{"no origin", func(r *s3cors.Rule) { r.AllowedOrigins = nil },
			s3cors.Error{Code: "MalformedXML", Message: malformedText}},
		{"a method that is none", func(r *s3cors.Rule) { r.AllowedMethods = []string{"PATCH"} },
			s3cors.Error{Code: "InvalidRequest", Message: "Found unsupported HTTP method in CORS config. Unsupported method is PATCH"}},
		{"an empty method", func(r *s3cors.Rule) { r.AllowedMethods = []string{""} },
			s3cors.Error{Code: "InvalidRequest", Message: "Found unsupported HTTP method in CORS config. Unsupported method is "}},
		{"an origin with two stars", func(r *s3cors.Rule) { r.AllowedOrigins = []string{"*a*"} },
			s3cors.Error{Code: "InvalidRequest", Message: `AllowedOrigin "*a*" can not have more than one wildcard.`}},
		{"a header with two stars", func(r *s3cors.Rule) { r.AllowedHeaders = []string{"**"} },
			s3cors.Error{Code: "InvalidRequest", Message: `AllowedHeader "**" can not have more than one wildcard.`}},
		{"a header with a blank", func(r *s3cors.Rule) { r.AllowedHeaders = []string{"not a header"} },
			s3cors.Error{Code: "InvalidRequest", Message: `AllowedHeader "not a header" contains invalid character.`}},
		{"a star to expose", func(r *s3cors.Rule) { r.ExposeHeaders = []string{"x-amz-*"} },
			s3cors.Error{Code: "InvalidRequest", Message: `ExposeHeader "x-amz-*" contains wildcard. We currently do not support wildcard for ExposeHeader.`}},
		{"a blank to expose, for which S3 names the wrong element", func(r *s3cors.Rule) { r.ExposeHeaders = []string{"a b"} },
			s3cors.Error{Code: "InvalidRequest", Message: `AllowedHeader "a b" contains invalid character.`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			c := &s3cors.Configuration{CORSRules: []s3cors.Rule{{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}}}
			row.change(&c.CORSRules[0])
			row.want.Status = 400
			problems := asProblems(c.Validate())
			require.Len(t, problems, 1)
			require.Empty(t, cmp.Diff(&row.want, problems[0].S3))
		})
	}
}

func TestWhateverFailedClientsAreToldAnErrorOfS3(t *testing.T) {
	internal := &s3cors.Error{Status: 500, Code: "InternalError", Message: "We encountered an internal error. Please try again."}
	own := &s3cors.Error{Status: 403, Code: "AccessDenied", Message: "Access Denied"}
	_, refused := s3cors.ParseXML([]byte("<"))
	var typed *s3cors.Error
	for _, row := range []struct {
		name string
		err  error
		want *s3cors.Error
	}{
		{"nothing for no error", nil, nil},
		{"the error itself", own, own},
		{"the one that is wrapped", fmt.Errorf("while trying: %w", own), own},
		{"the first of several problems", refused, &s3cors.Error{Status: 400, Code: "MalformedXML", Message: malformedText}},
		{"an internal one for any other error", errors.New("secret"), internal},
		{"an internal one for a nil *Error that is an error", typed, internal},
		{"an internal one for problems that hold none", s3cors.Problems{{}}, internal},
		{"an internal one for no problems that are an error", s3cors.Problems{}, internal},
	} {
		t.Run(row.name, func(t *testing.T) { require.Empty(t, cmp.Diff(row.want, s3cors.AsError(row.err))) })
	}
}

func TestTheElementsOfAnErrorAreFoundByName(t *testing.T) {
	err := &s3cors.Error{Elements: []s3cors.Element{{Name: "A", Value: ""}, {Name: "B", Value: "1"}, {Name: "B", Value: "2"}}}
	for _, row := range []struct {
		name, value string
		ok          bool
	}{{"A", "", true}, {"B", "1", true}, {"C", "", false}, {"b", "", false}} {
		value, ok := err.Element(row.name)
		require.Equal(t, []any{row.value, row.ok}, []any{value, ok}, row.name)
	}
}

func TestEachRefusalIsAnErrorOfItsOwn(t *testing.T) {
	var p *s3cors.Policy
	d := p.Evaluate(s3cors.Request{Method: "OPTIONS", Origin: "o", RequestMethod: "GET"})
	first := d.Refusal()
	first.Code = "changed"
	first.Elements[0].Value = "changed"
	require.Empty(t, cmp.Diff(&s3cors.Error{
		Status: 403, Code: "AccessForbidden", Message: "CORSResponse: CORS is not enabled for this bucket.",
		Elements: []s3cors.Element{{Name: "Method", Value: "GET"}, {Name: "ResourceType", Value: "BUCKET"}},
	}, d.Refusal()))
}
