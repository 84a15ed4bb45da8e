package explain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/explain"
)

// FuzzExplainAgrees holds explanations of any request to any configuration to the laws.
// The configuration is a document; request are the lines of its fields and of Fetch.
func FuzzExplainAgrees(f *testing.F) {
	documents := []string{
		``,
		`[{"AllowedOrigins":["https://app.example.com/"],"AllowedMethods":["GET"]}]`,
		`[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]},{"AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"],"AllowedHeaders":["x-amz-*"]}]`,
		`[{"AllowedOrigins":["https://*.example.com","https://a.example, https://b.example","${X}",""],"AllowedMethods":["HEAD","POST"],"AllowedHeaders":["Content-*",""]}]`,
		`[{"ID":"up","AllowedOrigins":["http://localhost:*","null"],"AllowedMethods":["DELETE"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":0}]`,
	}
	requests := []string{
		"GET\nhttps://app.example.com",
		"OPTIONS\nhttps://a.example\nPUT\ncontent-type,x-amz-a,x-amz-b,x-amz-c",
		"OPTIONS\nhttps://a*b*c.example\nPOST\n, x",
		"PUT\nnull\nDELETE\na**b",
		"OPTIONS\nhttp://localhost:3000\nPATCH\nrange",
		"OPTIONS\nHTTPS://App.Example.COM/x\nget\nx y",
		"HEAD\n\x00\xff https://a.example", "\n**\nPOST", "GET\n**", "\n\xa4**\nPOST", "GET\na*\xff*",
		"OPTIONS", "POST",
	}
	for _, d := range documents {
		for _, r := range requests {
			for kind := range uint8(6) {
				f.Add(d, r, kind, kind*3)
			}
		}
	}
	f.Fuzz(func(t *testing.T, document, request string, kind, choices uint8) {
		dialect := s3cors.Dialect(kind % 3)
		option := s3cors.WithDialect(dialect)
		s := explain.Subject{Request: requestOf(request)}
		s.Request.EmptyOrigin = s.Request.Origin == "" && kind&64 != 0
		s.Request.Authorization = kind&128 != 0
		if document != "" {
			s.Configuration = s3cors.ParseDocument([]byte(document), option).Configuration()
		}
		if kind&8 != 0 {
			s.Fetch = fetchOf(kind, s.Request)
		}
		s.Request.Target = []s3cors.Target{s3cors.TargetObject, s3cors.TargetObject, s3cors.TargetBucket, s3cors.TargetService}[kind/16%4]
		e := requireLaws(t, s, optionsOf(dialect, choices)...)
		require.NotContains(t, e.Text(false), "\x1b")
	})
}

// optionsOf are a dialect and some of the options that change answers.
func optionsOf(dialect s3cors.Dialect, choices uint8) []s3cors.Option {
	opts := []s3cors.Option{s3cors.WithDialect(dialect)}
	for i, option := range []s3cors.Option{
		s3cors.VaryAlways(), s3cors.VaryConfigured(), s3cors.UniformRefusals(), s3cors.PassInvalid(), s3cors.ExposeAlso("ETag", "x-a"),
	} {
		if choices>>i&1 != 0 {
			opts = append(opts, option)
		}
	}
	return opts
}

// requestOf reads the lines of a request: the method, and the three fields.
func requestOf(text string) s3cors.Request {
	lines := append(strings.Split(text, "\n"), "", "", "", "")
	return s3cors.Request{Method: lines[0], Origin: lines[1], RequestMethod: lines[2], RequestHeaders: lines[3]}
}

// fetchOf is a page's request for the same thing.
func fetchOf(kind uint8, r s3cors.Request) *explain.Fetch {
	f := &explain.Fetch{Method: r.RequestMethod, Read: []string{"ETag"}}
	for name := range strings.SplitSeq(r.RequestHeaders, ",") {
		f.Headers = append(f.Headers, [2]string{name, "1"})
	}
	if kind&4 != 0 {
		f.Credentials = explain.Include
	}
	return f
}

func TestTheLawsHoldForAllVectors(t *testing.T) {
	all, err := vectors.All()
	require.NoError(t, err)
	explained := 0
	for _, v := range all {
		if v.Request == nil || v.Expect.Outcome == "invalid-configuration" {
			continue
		}
		t.Run(v.ID, func(t *testing.T) {
			var dialect s3cors.Dialect
			if v.Dialect != "" {
				require.NoError(t, dialect.UnmarshalText([]byte(v.Dialect)))
			}
			option := s3cors.WithDialect(dialect)
			s := explain.Subject{NoBucket: v.Bucket == "missing"}
			if v.Config != nil {
				s.Configuration, err = s3cors.Parse(v.Config, option)
				require.NoError(t, err)
			}
			s.Request = s3cors.NoConfiguration(option).ReadRequest(v.Request.Method, targets[v.Request.Target], func(name string) []string {
				return linesOf(v.Request.Headers, name)
			})
			s.Request.Subresource = v.Request.Subresource
			e := requireLaws(t, s, option)
			require.Equal(t, v.Expect.Outcome, e.Outcome)
		})
		explained++
	}
	require.Positive(t, explained)
}

var targets = map[string]s3cors.Target{"object": s3cors.TargetObject, "bucket": s3cors.TargetBucket, "service": s3cors.TargetService}

func linesOf(headers []vectors.Pair, name string) []string {
	var lines []string
	for _, h := range headers {
		if strings.EqualFold(h[0], name) {
			lines = append(lines, h[1])
		}
	}
	return lines
}
