package explain_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/explain"
)

func rules(rules ...s3cors.Rule) *s3cors.Configuration {
	return &s3cors.Configuration{CORSRules: rules}
}

// upload is a subject whose first rule has an origin with a slash.
func upload() explain.Subject {
	id := "up"
	return explain.Subject{
		Configuration: rules(s3cors.Rule{ID: &id, AllowedOrigins: []string{"https://app.example.com/"}, AllowedMethods: []string{"PUT"}}),
		Request:       s3cors.Request{Method: "OPTIONS", Origin: "https://app.example.com", RequestMethod: "PUT", RequestHeaders: "content-type"},
	}
}

func TestTheJSONOfARefusal(t *testing.T) {
	printed, err := json.Marshal(explain.Explain(upload()))
	require.NoError(t, err)
	const want = `{"schema":1,"kind":"preflight","outcome":"no-match","rule":null,"granted":false,"status":403,"headers":[],` +
		`"error":{"Code":"AccessForbidden","Message":"CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.","Method":"PUT","ResourceType":"OBJECT"},` +
		`"summary":"S3 refuses the preflight with status 403. \"https://app.example.com/\" ends in a slash, which no Origin does, so it matches nothing: remove the slash. Rule 0 has no AllowedHeaders, so it matches no request that asks for headers; this one asks for content-type. Fix: replace \"https://app.example.com/\" by \"https://app.example.com\" in AllowedOrigins of rule 0 and add \"content-type\" to AllowedHeaders of rule 0.",` +
		`"rules":[{"rule":0,"id":"up","origin":{"ok":false,"nearest":{"value":"https://app.example.com/","path":"CORSRules[0].AllowedOrigins[0]","differs":["origin-trailing-slash"]}},"method":{"ok":true},"headers":{"ok":false,"missing":["content-type"]}}],` +
		`"reasons":[{"code":"origin-trailing-slash","rule":0,"path":"CORSRules[0].AllowedOrigins[0]","value":"https://app.example.com/","text":"\"https://app.example.com/\" ends in a slash, which no Origin does, so it matches nothing: remove the slash."},` +
		`{"code":"no-allowed-headers","rule":0,"path":"CORSRules[0].AllowedHeaders","value":"content-type","text":"Rule 0 has no AllowedHeaders, so it matches no request that asks for headers; this one asks for content-type."}],` +
		`"fixes":[{"rule":0,"edits":2,"patch":[{"op":"replace","path":"/CORSRules/0/AllowedOrigins/0","value":"https://app.example.com"},{"op":"add","path":"/CORSRules/0/AllowedHeaders","value":["content-type"]}],` +
		`"config":{"CORSRules":[{"ID":"up","AllowedOrigins":["https://app.example.com"],"AllowedMethods":["PUT"],"AllowedHeaders":["content-type"]}]},` +
		`"xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><ID>up</ID><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod><AllowedHeader>content-type</AllowedHeader></CORSRule></CORSConfiguration>",` +
		`"text":"Replace \"https://app.example.com/\" by \"https://app.example.com\" in AllowedOrigins of rule 0 and add \"content-type\" to AllowedHeaders of rule 0."}],` +
		`"browser":null,"elsewhere":[],"notJudged":[`
	var b bytes.Buffer // json.Marshal escapes < and >, whatever MarshalJSON returns
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode(explain.Explain(upload())))
	require.Empty(t, cmp.Diff(want, b.String()[:min(len(want), b.Len())]))
	require.JSONEq(t, b.String(), string(printed))
}

func TestStringAndLogAreOneLine(t *testing.T) {
	s := upload()
	s.Configuration.CORSRules[0].AllowedOrigins = []string{"*"}
	s.Request.RequestHeaders = ""
	s.Request.Origin = "https://app.example.com\n"
	e := explain.Explain(s)
	require.NotContains(t, e.String(), "\n")
	require.True(t, strings.HasPrefix(e.String(), "granted: S3 grants the request by rule 0 (*)."), e.String())

	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("cors", "explain", explain.Explain(upload()))
	var line struct {
		Explain struct {
			Kind, Outcome string
			Rule          int
			Reasons       []string
		}
	}
	require.NoError(t, json.Unmarshal(b.Bytes(), &line))
	require.Equal(t, "preflight", line.Explain.Kind)
	require.Equal(t, "no-match", line.Explain.Outcome)
	require.Equal(t, -1, line.Explain.Rule)
	require.Equal(t, []string{"origin-trailing-slash", "no-allowed-headers"}, line.Explain.Reasons)
}

func TestTextHasColourIfItIsAskedFor(t *testing.T) {
	e := explain.Explain(upload())
	coloured := e.Text(true)
	require.Contains(t, coloured, "\x1b[31m✗\x1b[0m \x1b[1mno-match\x1b[0m")
	plain := strings.NewReplacer("\x1b[31m", "", "\x1b[32m", "", "\x1b[1m", "", "\x1b[0m", "").Replace(coloured)
	require.Equal(t, e.Text(false), plain)
}

func TestControlCharactersDoNotReachATerminal(t *testing.T) {
	s := upload()
	id := "a\x1b[31mb"
	s.Configuration.CORSRules[0].ID = &id
	s.Configuration.CORSRules[0].AllowedOrigins = []string{"https://\x1b[2Japp"}
	s.Request.Origin = "https://app\x1b[2J"
	require.NotContains(t, explain.Explain(s).Text(false), "\x1b")
}

func TestAnExplanationSharesNothingWithItsSubject(t *testing.T) {
	s := upload()
	e := explain.Explain(s)
	before, err := json.Marshal(e)
	require.NoError(t, err)
	*s.Configuration.CORSRules[0].ID = "changed"
	s.Configuration.CORSRules[0].AllowedOrigins[0] = "changed"
	s.Configuration.CORSRules[0].AllowedMethods[0] = "changed"
	after, err := json.Marshal(e)
	require.NoError(t, err)
	require.Equal(t, string(before), string(after))
}

// The tie-breakers of fixes, one a row: of equally many edits, what comes first.
func TestTheCheapestFixComesFirst(t *testing.T) {
	const origin = "https://app.example.com"
	rule := func(origin, method string, headers ...string) s3cors.Rule {
		return s3cors.Rule{AllowedOrigins: []string{origin}, AllowedMethods: []string{method}, AllowedHeaders: headers}
	}
	for _, c := range []struct {
		title   string
		dialect s3cors.Dialect
		config  *s3cors.Configuration
		asked   s3cors.Request
		patch   string
	}{
		{"one edit before two", s3cors.Amazon, rules(rule("https://x.example", "GET"), rule("https://x.example", "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/1/AllowedOrigins/-","value":"https://app.example.com"}]`},
		{"a correction before an addition", s3cors.Amazon, rules(rule(origin, "GET"), rule(origin+"/", "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"replace","path":"/CORSRules/1/AllowedOrigins/0","value":"https://app.example.com"}]`},
		{"a name of a header before a method", s3cors.Amazon, rules(rule(origin, "GET", "*"), rule(origin, "PUT")),
			s3cors.Request{RequestMethod: "PUT", RequestHeaders: "content-type"}, `[{"op":"add","path":"/CORSRules/1/AllowedHeaders","value":["content-type"]}]`},
		{"a method before an origin", s3cors.Amazon, rules(rule("https://x.example", "PUT"), rule(origin, "GET")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/1/AllowedMethods/-","value":"PUT"}]`},
		{"an origin before a method for everybody", s3cors.Amazon, rules(rule("*", "GET"), rule("https://x.example", "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/1/AllowedOrigins/-","value":"https://app.example.com"}]`},
		{"a rule before a method for everybody", s3cors.Amazon, rules(rule("*", "GET")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/-","value":{"AllowedOrigins":["https://app.example.com"],"AllowedMethods":["PUT"]}}]`},
		{"HEAD for everybody who may GET", s3cors.Amazon, rules(rule("*", "GET"), rule("https://x.example", "HEAD")),
			s3cors.Request{RequestMethod: "HEAD"}, `[{"op":"add","path":"/CORSRules/0/AllowedMethods/-","value":"HEAD"}]`},
		{"the nearest of origins that are right in themselves", s3cors.Amazon, rules(rule("https://x.example", "GET"), rule("http://app.example.com", "GET")),
			s3cors.Request{RequestMethod: "GET"}, `[{"op":"add","path":"/CORSRules/1/AllowedOrigins/-","value":"https://app.example.com"}]`},
		{"two names of S3 by themselves", s3cors.Amazon, rules(rule(origin, "PUT", "content-type")),
			s3cors.Request{RequestMethod: "PUT", RequestHeaders: "x-amz-a,x-amz-b"}, `[{"op":"replace","path":"/CORSRules/0/AllowedHeaders","value":["content-type","x-amz-a","x-amz-b"]}]`},
		{"three names of S3 by a pattern", s3cors.Amazon, rules(rule(origin, "PUT", "content-type")),
			s3cors.Request{RequestMethod: "PUT", RequestHeaders: "x-amz-a,x-amz-b,x-amz-c"}, `[{"op":"add","path":"/CORSRules/0/AllowedHeaders/-","value":"x-amz-*"}]`},
		{"of Ceph, the first rule that admits the origin", s3cors.Ceph, rules(rule(origin, "GET"), rule(origin, "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/0/AllowedMethods/-","value":"PUT"}]`},
		{"of Ceph, a rule before that for everybody", s3cors.Ceph, rules(rule("*", "GET"), rule(origin, "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/0","value":{"AllowedOrigins":["https://app.example.com"],"AllowedMethods":["GET","PUT"]}}]`},
		{"of Ceph, any rule if none admits the origin", s3cors.Ceph, rules(rule("https://x.example", "GET"), rule("https://y.example", "PUT")),
			s3cors.Request{RequestMethod: "PUT"}, `[{"op":"add","path":"/CORSRules/1/AllowedOrigins/-","value":"https://app.example.com"}]`},
		{"without a configuration, a rule", s3cors.Amazon, nil,
			s3cors.Request{RequestMethod: "GET"}, `[{"op":"add","path":"/CORSRules/-","value":{"AllowedOrigins":["https://app.example.com"],"AllowedMethods":["GET"]}}]`},
	} {
		t.Run(c.title, func(t *testing.T) {
			c.asked.Method, c.asked.Origin = "OPTIONS", origin
			e := requireLaws(t, explain.Subject{Configuration: c.config, Request: c.asked}, s3cors.WithDialect(c.dialect))
			patch, err := json.Marshal(e.Fixes[0].Patch)
			require.NoError(t, err)
			require.Equal(t, c.patch, string(patch))
		})
	}
}

func TestTheBrowsersView(t *testing.T) {
	const origin = "https://app.example.com"
	star := rules(s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET", "PUT"}, AllowedHeaders: []string{"content-type"}, ExposeHeaders: []string{"ETag"}})
	own := rules(s3cors.Rule{AllowedOrigins: []string{origin}, AllowedMethods: []string{"GET"}, AllowedHeaders: []string{"*"}})
	seven := []string{"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
	eight := append(append([]string{}, seven[:4]...), append([]string{"etag"}, seven[4:]...)...)
	const blocked = "Access to fetch at 'URL' from origin 'https://app.example.com' has been blocked by CORS policy: "
	for _, c := range []struct {
		title  string
		config *s3cors.Configuration
		fetch  explain.Fetch
		want   explain.Browser
	}{
		{"a simple request", star, explain.Fetch{}, explain.Browser{Passes: true, Readable: true, Headers: eight, Why: explain.WhyOK}},
		{"a range that needs no preflight", star, explain.Fetch{Headers: [][2]string{{"Range", "bytes=0-9"}}}, explain.Browser{Passes: true, Readable: true, Headers: eight, Why: explain.WhyOK}},
		{"a range that needs one", star, explain.Fetch{Headers: [][2]string{{"Range", "bytes=-9"}}},
			explain.Browser{Preflight: true, Headers: []string{}, Why: explain.WhyPreflightFailed, Console: blocked + "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource."}},
		{"a form's type", star, explain.Fetch{Method: "POST", Headers: [][2]string{{"Content-Type", "text/plain"}}},
			explain.Browser{Passes: true, Headers: []string{}, Why: explain.WhyOrigin, Console: blocked + "No 'Access-Control-Allow-Origin' header is present on the requested resource."}},
		{"an upload", star, explain.Fetch{Method: "put", Headers: [][2]string{{"Content-Type", "image/png"}}}, explain.Browser{Preflight: true, Passes: true, Readable: true, Headers: eight, Why: explain.WhyOK}},
		{"Authorization, which S3 echoes", own, explain.Fetch{Headers: [][2]string{{"Authorization", "a"}}}, explain.Browser{Preflight: true, Passes: true, Readable: true, Headers: seven, Why: explain.WhyOK}},
		{"credentials and a star", star, explain.Fetch{Credentials: explain.Include},
			explain.Browser{Passes: true, Headers: []string{}, Why: explain.WhyCredentials, Console: blocked + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'."}},
		{"credentials and an origin", own, explain.Fetch{Credentials: explain.Include}, explain.Browser{Passes: true, Readable: true, Headers: seven, Why: explain.WhyOK}},
		{"a header that is not exposed", own, explain.Fetch{Read: []string{"etag"}}, explain.Browser{Passes: true, Readable: true, Headers: seven, Why: explain.WhyNotExposed}},
		{"a header that is exposed", star, explain.Fetch{Read: []string{"ETag", "Content-Type"}}, explain.Browser{Passes: true, Readable: true, Headers: eight, Why: explain.WhyOK}},
		{"no-cors", star, explain.Fetch{Mode: explain.NoCORS}, explain.Browser{Passes: true, Headers: []string{}, Why: explain.WhyNoPreflight}},
		{"a method that is not sent", star, explain.Fetch{Method: "TRACE"}, explain.Browser{Headers: []string{}, Why: explain.WhyPreflightFailed}},
	} {
		t.Run(c.title, func(t *testing.T) {
			s := explain.Subject{Configuration: c.config, Request: s3cors.Request{Method: "GET", Origin: origin}, Fetch: &c.fetch}
			e := requireLaws(t, s)
			require.Empty(t, cmp.Diff(&c.want, e.Browser))
		})
	}
}

// preflight makes the request of a subject a preflight for PUT.
func preflight(s explain.Subject) explain.Subject {
	s.Request.RequestMethod = "PUT"
	return s
}

func TestWhatCephRefusesIsNotReadable(t *testing.T) {
	s := explain.Subject{Configuration: rules(s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET"}}),
		Request: s3cors.Request{Method: "GET", Origin: "https://app.example.com"}}
	texts := func(opts ...s3cors.Option) map[explain.Code]string {
		all := make(map[explain.Code]string)
		for _, hint := range explain.Explain(s, opts...).Elsewhere {
			all[hint.Code] = hint.Text
		}
		return all
	}
	require.Contains(t, texts()[explain.Signature], "has CORS headers here")
	require.Contains(t, texts(s3cors.WithDialect(s3cors.Ceph))[explain.Signature], "without CORS headers")
}

func TestWhatIsLikelyDependsOnWhatIsKnown(t *testing.T) {
	grant := func(method, url string) explain.Subject {
		return explain.Subject{Configuration: rules(s3cors.Rule{AllowedOrigins: []string{"*"}, AllowedMethods: []string{"GET", "PUT", "POST"}, AllowedHeaders: []string{"*"}}),
			Request: s3cors.Request{Method: method, Origin: "https://app.example.com"}, Fetch: &explain.Fetch{URL: url}}
	}
	for _, c := range []struct {
		title   string
		subject explain.Subject
		dialect s3cors.Dialect
		first   explain.Code
		never   explain.Code
	}{
		{"a GET", grant("GET", ""), s3cors.Amazon, explain.CachedWithoutCORS, explain.UnsignedHeader},
		{"a PUT", grant("PUT", ""), s3cors.Amazon, explain.Signature, explain.CachedWithoutCORS},
		{"a PUT to Ceph", grant("PUT", ""), s3cors.Ceph, explain.UnsignedHeader, explain.RedirectRegion},
		{"a POST to a key", grant("POST", "https://b.s3.eu-west-1.amazonaws.com/k"), s3cors.Amazon, explain.PostToKey, explain.CDN},
		{"an endpoint without a region", grant("PUT", "https://b.s3.amazonaws.com/k"), s3cors.Amazon, explain.RedirectRegion, explain.MixedContent},
		{"a presigned URL", grant("GET", "https://b.s3.eu-west-1.amazonaws.com/k?X-Amz-Signature=a"), s3cors.Amazon, explain.Signature, explain.MixedContent},
		{"http", grant("GET", "http://minio.example.com/b/k"), s3cors.Amazon, explain.MixedContent, explain.RedirectRegion},
		{"the local network", grant("GET", "https://192.168.0.9/b/k"), s3cors.Amazon, explain.LocalNetwork, explain.RedirectRegion},
		{"an API", grant("PUT", "https://x.execute-api.us-east-1.amazonaws.com/p"), s3cors.Amazon, explain.WrongHost, explain.MixedContent},
		{"a preflight with a version", preflight(grant("OPTIONS", "https://b.s3.eu-west-1.amazonaws.com/k?versionId=1")), s3cors.Amazon, explain.VersionID, explain.MixedContent},
		{"a signature that Ceph refuses", grant("GET", "https://rgw.example.com/b/k?X-Amz-Signature=a"), s3cors.Ceph, explain.Signature, explain.RedirectRegion},
		{"CloudFront", grant("GET", "https://d1.cloudfront.net/k"), s3cors.Amazon, explain.CDN, explain.RedirectRegion},
	} {
		t.Run(c.title, func(t *testing.T) {
			e := requireLaws(t, c.subject, s3cors.WithDialect(c.dialect))
			require.Equal(t, c.first, e.Elsewhere[0].Code)
			for _, hint := range e.Elsewhere {
				require.NotEqual(t, c.never, hint.Code)
				require.Contains(t, hint.Text, "To tell: ", "a hint says how to tell")
			}
			c.subject.Seen = explain.SecondAllowOrigin
			require.Equal(t, explain.SecondAllowOrigin, explain.Explain(c.subject, s3cors.WithDialect(c.dialect)).Elsewhere[0].Code)
		})
	}
}

func TestARefusedDocumentHasNoFix(t *testing.T) {
	s := upload()
	s.Configuration.CORSRules[0].AllowedMethods = []string{"PUT", "OPTIONS"}
	e := explain.Explain(s)
	require.Equal(t, "invalid-configuration", e.Outcome)
	require.Equal(t, "InvalidRequest", e.Refusal.Code)
	require.Empty(t, e.Fixes)
	require.Contains(t, e.Summary, "correct it first")
	var codes []explain.Code
	for _, r := range e.Reasons {
		codes = append(codes, r.Code)
	}
	require.Equal(t, []explain.Code{explain.DocumentRefused, explain.OriginTrailingSlash, explain.NoAllowedHeaders}, codes)
	require.Equal(t, "OPTIONS", e.Reasons[0].Value)
}

func TestNoRoomIsWhyThereIsNoFix(t *testing.T) {
	s := upload()
	s.Configuration.CORSRules[0].ExposeHeaders = []string{strings.Repeat("a", 65536-250)}
	for len(s.Configuration.AppendStoredXML(nil)) < 65536 {
		s.Configuration.CORSRules[0].ExposeHeaders[0] += "a"
	}
	e := explain.Explain(s)
	require.Equal(t, "no-match", e.Outcome)
	require.Empty(t, e.Fixes)
	require.Contains(t, e.Summary, "no room")
}
