package page_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/page"
	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
	"github.com/s3cors/s3cors/lint"
)

// object is an object of JSON.
type object = map[string]any

// called is what a call gives.
func called[T any](t *testing.T, name string, input any) T {
	t.Helper()
	var out T
	require.NoError(t, json.Unmarshal(raw(t, name, input), &out))
	return out
}

func raw(t *testing.T, name string, input any) []byte {
	t.Helper()
	data, err := json.Marshal(input)
	require.NoError(t, err)
	output, err := page.Call(name, data)
	require.NoError(t, err)
	return output
}

// refused is why a call gives nothing.
func refused(t *testing.T, name string, input any) string {
	t.Helper()
	data, err := json.Marshal(input)
	require.NoError(t, err)
	_, err = page.Call(name, data)
	var wrong *page.InputError
	require.ErrorAs(t, err, &wrong)
	return wrong.Text
}

const slashed = `[{"AllowedOrigins": ["https://app.example.com/"], "AllowedMethods": ["GET"], "MaxAgeSeconds": 600}]`

type view struct {
	Format string
	Own    bool
	Names  []string
	Error  string
	Check  json.RawMessage
	Lint   json.RawMessage
	Marks  []mark
	Rules  []struct {
		From, To, Line, Column int
		Rule                   s3cors.Rule
	}
	Takes []struct {
		Name, Title, Text string
		Takes             bool
	}
}

type mark struct {
	From, To, Line, Column, Finding                int
	Severity, Code, Row, Path, Message, Suggestion string
	Stuck                                          string
}

func TestADocumentIsShownAsTheCommandsTellIt(t *testing.T) {
	for _, document := range []string{slashed, "<CORSConfiguration/>", "[", `{"CORSRules":[{"AllowedOrigins":["*"],"AllowedMethods":["PATCH"]}]}`, "nonsense"} {
		v := called[view](t, "document", object{"document": document})
		parsed := s3cors.ParseDocument([]byte(document))
		check, err := result.Check(parsed, s3cors.Amazon)
		require.NoError(t, err)
		want, err := result.Encode(check)
		require.NoError(t, err)
		require.Equal(t, string(want), string(v.Check))
		want, err = result.Encode(result.Lint("-", lint.Check([]byte(document), lint.Options{})))
		require.NoError(t, err)
		require.Equal(t, string(want), string(v.Lint))
	}
}

func TestMarksStandWhereScriptsCount(t *testing.T) {
	// The key before has a letter of two code units, and one of two bytes.
	document := "[{\"ID\": \"\U0001F600ä\",\n \"AllowedOrigins\": [\"https://app.example.com/\"], \"AllowedMethods\": [\"GET\"]}]"
	v := called[view](t, "document", object{"document": document})
	units := utf16.Encode([]rune(document))
	first := v.Marks[0]
	require.Equal(t, "S3C101", first.Code)
	require.Equal(t, `"https://app.example.com/"`, string(utf16.Decode(units[first.From:first.To])))
	require.Equal(t, 2, first.Line)
	require.Equal(t, 21, first.Column)
	require.Len(t, v.Rules, 1)
	require.Equal(t, document[1:len(document)-1], string(utf16.Decode(units[v.Rules[0].From:v.Rules[0].To])))
}

func TestTheGravestStandsFirst(t *testing.T) {
	v := called[view](t, "document", object{"document": slashed})
	var severities []string
	for _, m := range v.Marks {
		severities = append(severities, m.Severity)
	}
	require.Equal(t, []string{"error", "info", "info", "info"}, severities)
	require.Equal(t, "array", v.Format)
	require.True(t, v.Own)
}

func TestADocumentOfAnotherStoreIsReadAsWhatItMeans(t *testing.T) {
	document := `[{"origin":["https://a.example/"],"method":["GET"],"maxAgeSeconds":60}]`
	v := called[view](t, "document", object{"document": document})
	require.Equal(t, "gcs", v.Format)
	require.False(t, v.Own)
	require.Equal(t, []string{"https://a.example/"}, v.Rules[0].Rule.AllowedOrigins)
	require.Equal(t, mark{From: 12, To: 32, Line: 1, Column: 13, Finding: 0, Severity: "error", Code: "S3C101", Path: "CORSRules[0].AllowedOrigins[0]",
		Message: `"https://a.example/" has a slash at its end; browsers send an origin without`, Suggestion: `write "https://a.example"`}, v.Marks[0])
}

func TestOneOfSeveralConfigurationsIsChosen(t *testing.T) {
	const bucket = `{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]}}}`
	document := `{"Resources":{"One":` + bucket + `,"Two":` + bucket + `}}`
	v := called[view](t, "document", object{"document": document})
	require.Equal(t, []string{"One", "Two"}, v.Names)
	require.Empty(t, v.Rules)
	v = called[view](t, "document", object{"document": document, "resource": "Two"})
	require.Equal(t, "cloudformation", v.Format)
	require.Len(t, v.Rules, 1)
}

func TestNothingIsABucketWithoutAConfiguration(t *testing.T) {
	v := called[view](t, "document", object{"document": " \n"})
	require.Empty(t, cmp.Diff(view{Names: []string{}, Check: json.RawMessage("null"), Lint: json.RawMessage("null"), Marks: []mark{}, Rules: v.Rules, Takes: v.Takes}, v))
	a := called[asked](t, "explain", object{"document": "", "form": object{"origin": "https://a.example", "method": "GET"}})
	require.Contains(t, string(a.Exchanges[0].Explain), `"outcome":"not-enabled"`)
}

type asked struct {
	Exchanges []struct {
		Title, Request, Curl, HTTP string
		Line, Explain              json.RawMessage
		Others                     []struct {
			Name, Title, HTTP string
			Same              bool
		}
	}
	Focus int
	Notes []string
}

func TestARequestIsExplainedAsTheCommandDoes(t *testing.T) {
	var cases []struct {
		Document string
		Request  [4]string
		Target   string
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "explain", "testdata", "cases.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &cases))
	require.Greater(t, len(cases), 100)
	for _, c := range cases {
		a := called[asked](t, "explain", object{"document": c.Document, "form": object{"origin": c.Request[1], "method": c.Request[0], "target": c.Target,
			"headers": "Access-Control-Request-Method: " + c.Request[2] + "\nAccess-Control-Request-Headers: " + c.Request[3], "read": "ETag, x-amz-id-2"}})
		for _, e := range a.Exchanges {
			want, err := result.Explain(e.Line, nil, s3cors.Amazon)
			require.NoError(t, err)
			require.Equal(t, string(want), string(e.Explain))
		}
	}
}

func TestAPageThatNeedsAPreflightMakesTwoRequests(t *testing.T) {
	a := called[asked](t, "explain", object{"document": slashed, "form": object{"origin": "https://app.example.com", "method": "put",
		"headers": "Content-Type: image/png\nX-Amz-Acl\nCookie: a=1", "url": "https://b.s3.amazonaws.com/"}})
	require.Len(t, a.Exchanges, 2)
	require.Equal(t, 0, a.Focus)
	require.Equal(t, "OPTIONS https://b.s3.amazonaws.com/\nOrigin: https://app.example.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: content-type,x-amz-acl\n", a.Exchanges[0].Request)
	require.Equal(t, `curl -i -X 'OPTIONS' -H 'Origin: https://app.example.com' -H 'Access-Control-Request-Method: PUT' -H 'Access-Control-Request-Headers: content-type,x-amz-acl' 'https://b.s3.amazonaws.com/'`, a.Exchanges[0].Curl)
	require.True(t, strings.HasPrefix(a.Exchanges[0].HTTP, "HTTP/1.1 403 Forbidden\nContent-Type: application/xml\n"), a.Exchanges[0].HTTP)
	require.Contains(t, a.Exchanges[0].HTTP, "<ResourceType>BUCKET</ResourceType>")
	require.Equal(t, "PUT https://b.s3.amazonaws.com/\nOrigin: https://app.example.com\nContent-Type: image/png\nX-Amz-Acl: VALUE\n", a.Exchanges[1].Request)
	require.Equal(t, []string{"Browsers keep the header Cookie to themselves: a script cannot set it, so it is left out."}, a.Notes)
}

func TestAGrantedPreflightLeadsToTheRequest(t *testing.T) {
	a := called[asked](t, "explain", object{"document": `[{"AllowedOrigins":["*"],"AllowedMethods":["DELETE"]}]`, "form": object{"origin": "https://a.example", "method": "DELETE"}})
	require.Equal(t, 1, a.Focus)
	require.Equal(t, "HTTP/1.1 200 OK\nAccess-Control-Allow-Origin: *\nAccess-Control-Allow-Methods: DELETE\n"+
		"Vary: Origin, Access-Control-Request-Headers, Access-Control-Request-Method\nContent-Length: 0\n\n", a.Exchanges[0].HTTP)
}

func TestWhatOtherServersDoOtherwiseIsTold(t *testing.T) {
	a := called[asked](t, "explain", object{"document": `[{"AllowedOrigins":["https://a.example"],"AllowedMethods":["GET"]},{"AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"]}]`,
		"form": object{"origin": "https://a.example", "method": "OPTIONS", "headers": "Access-Control-Request-Method: PUT"}})
	got := make(map[string]bool)
	for _, o := range a.Exchanges[0].Others {
		got[o.Name] = strings.HasPrefix(o.HTTP, "HTTP/1.1 200 ")
		require.False(t, o.Same, "Ceph sends other headers")
	}
	require.Equal(t, map[string]bool{"ceph": false, "ceph-main": true}, got)
}

func TestOtherServersAreToldAsIfTheyHadBeenAsked(t *testing.T) {
	compared := 0
	for _, document := range []string{"", slashed, "[", "<CORSConfiguration/>", `[{"AllowedOrigins":["*"],"AllowedMethods":["GET","PUT"],"AllowedHeaders":["*"]}]`} {
		form := object{"origin": "https://app.example.com", "method": "PUT", "headers": "x-a: b"}
		a := called[asked](t, "explain", object{"document": document, "form": form})
		for i, e := range a.Exchanges {
			for _, o := range e.Others {
				theirs := called[asked](t, "explain", object{"document": document, "form": form, "dialect": o.Name})
				require.Equal(t, theirs.Exchanges[i].HTTP, o.HTTP)
				compared++
			}
		}
	}
	require.Equal(t, 20, compared)
}

func TestAFindingIsMendedInTheText(t *testing.T) {
	v := called[view](t, "document", object{"document": slashed})
	got := called[map[string]string](t, "mend", object{"document": slashed, "findings": []int{v.Marks[0].Finding}})
	require.Equal(t, map[string]string{"document": strings.Replace(slashed, "com/", "com", 1), "note": ""}, got)
	require.Equal(t, "the document has no such finding any more", refused(t, "mend", object{"document": slashed, "findings": []int{77}}))
	require.Equal(t, "the document has no such finding any more", refused(t, "mend", object{"document": slashed, "findings": []int{-1}}))
}

func TestAFixIsAppliedInTheTextOrTheTextWrittenAnew(t *testing.T) {
	form := object{"origin": "https://app.example.com", "method": "PUT"}
	for _, c := range []struct{ name, document, want, note string }{
		{"JSON keeps its layout", slashed, `[{"AllowedOrigins": ["https://app.example.com"], "AllowedMethods": ["GET", "PUT"], "MaxAgeSeconds": 600}]`, ""},
		{"XML keeps its comments", "<CORSConfiguration><!-- ours --><CORSRule><AllowedOrigin>https://app.example.com/</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>",
			"<CORSConfiguration><!-- ours --><CORSRule><AllowedOrigin>https://app.example.com</AllowedOrigin><AllowedMethod>PUT</AllowedMethod></CORSRule></CORSConfiguration>", ""},
		{"a bucket without one gets one", "", "[\n    {\n        \"AllowedMethods\": [\n            \"PUT\"\n        ],\n        \"AllowedOrigins\": [\n            \"https://app.example.com\"\n        ]\n    }\n]\n", ""},
		{"a document of another store keeps its layout", `[{"origin":["https://app.example.com"],"method":["GET"],"maxAgeSeconds":60}]`,
			`[{"origin":["https://app.example.com"],"method":["GET", "PUT"],"maxAgeSeconds":60}]`, ""},
	} {
		got := called[map[string]string](t, "apply", object{"document": c.document, "form": form, "exchange": 0, "fix": 0})
		require.Empty(t, cmp.Diff(map[string]string{"document": c.want, "note": c.note}, got), c.name)
		a := called[asked](t, "explain", object{"document": got["document"], "form": form})
		require.Contains(t, string(a.Exchanges[a.Focus].Explain), `"granted":true`, c.name)
	}
	require.Equal(t, "there is no such fix any more", refused(t, "apply", object{"document": slashed, "form": form, "exchange": 0, "fix": 50}))
	require.Equal(t, "there is no such request any more", refused(t, "apply", object{"document": slashed, "form": form, "exchange": 2, "fix": 0}))
}

func TestWhatCannotBeAskedIsSaid(t *testing.T) {
	for want, form := range map[string]object{
		"the request has no method":                                   {"method": " "},
		`": x" is no header: write it as Name: value`:                 {"method": "GET", "headers": ": x"},
		`"b/k" is not a URL that begins with http:// or https://`:     {"method": "GET", "url": "b/k"},
		`the target is "moon", not object, bucket or service`:         {"method": "GET", "target": "moon"},
		`fetch.credentials is "some", not omit, same-origin, include`: {"method": "GET", "origin": "https://a.example", "credentials": "some"},
	} {
		require.Equal(t, want, refused(t, "explain", object{"document": slashed, "form": form}))
	}
	require.Equal(t, "there is nothing to convert", refused(t, "convert", object{"document": "", "to": "xml"}))
	require.Equal(t, "there is no such format to write", refused(t, "convert", object{"document": slashed, "to": "cdk"}))
	require.Equal(t, "there is nothing to read", refused(t, "paste", object{"text": " "}))
	require.Equal(t, "this is none of the texts that are read here: a command of curl, a call of fetch, Invoke-WebRequest of PowerShell, a request as it goes over the wire, "+
		"an HTTP archive or an entry of one, or what a browser printed about CORS", refused(t, "paste", object{"text": "wget x"}))
	require.Equal(t, "the text is no HTTP archive, which is a JSON object with the member log", refused(t, "paste", object{"text": "{}"}))
	require.Contains(t, refused(t, "diff", object{"old": object{}, "new": object{"document": `[{"AllowedOrigins":["*"]}]`}}), "The policy: S3 would refuse the configuration: ")
	_, err := page.Call("nothing", []byte("{}"))
	require.ErrorIs(t, err, page.ErrNoCall)
}

func TestADocumentIsBounded(t *testing.T) {
	document := strings.Repeat("[", 4<<20+1)
	for name, input := range map[string]object{
		"document": {"document": document}, "explain": {"document": document}, "mend": {"document": document}, "apply": {"document": document},
		"convert": {"document": document, "to": "xml"}, "diff": {"old": object{}, "new": object{"document": document}},
	} {
		require.Equal(t, "the document has more than 4 MiB, and is not read: S3 takes 64 KiB", refused(t, name, input), name)
	}
}

func TestPoliciesAreConvertedAndCompared(t *testing.T) {
	converted := called[result.Converted](t, "convert", object{"document": slashed, "to": "gcs"})
	require.Equal(t, "gcs", converted.To)
	require.Equal(t, "array", converted.From)
	require.Contains(t, *converted.Output, `"https://app.example.com/"`)
	require.JSONEq(t, `{"schema":1,"equal":false,"changes":[{"kind":"grants","origin":"*","method":"GET","header":"","text":"now also grants GET to every origin"}],"notCompared":[]}`,
		string(raw(t, "diff", object{"old": object{"document": ""}, "new": object{"document": `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`}})))
}

func TestTwoBucketsOfOneDocumentAreCompared(t *testing.T) {
	bucket := func(origin string) string {
		return `{"Type":"AWS::S3::Bucket","Properties":{"CorsConfiguration":{"CorsRules":[{"AllowedOrigins":["` + origin + `"],"AllowedMethods":["GET"]}]}}}`
	}
	document := `{"Resources":{"One":` + bucket("https://one.example") + `,"Two":` + bucket("https://two.example") + `}}`
	compared := called[struct{ Changes []struct{ Text string } }](t, "diff", object{"old": object{"document": document, "resource": "One"}, "new": object{"document": document, "resource": "Two"}})
	require.Len(t, compared.Changes, 2)
	require.Equal(t, "no longer grants GET to https://one.example", compared.Changes[0].Text)
	require.Equal(t, "now also grants GET to https://two.example", compared.Changes[1].Text)
	require.Equal(t, "What was kept: there are 2 CORS configurations in it, and one must be chosen: One, Two",
		refused(t, "diff", object{"old": object{"document": document}, "new": object{"document": document, "resource": "Two"}}))
}

// FuzzCalls: whatever a page sends, there is an answer in JSON or a sentence.
func FuzzCalls(f *testing.F) {
	for _, document := range []string{"", slashed, "<CORSConfiguration/>", `[{"origin":["*"],"method":["GET"]}]`, `"AllowedOrigins": ["a"],`, "\ufeff[]", `{"Resources":{}}`} {
		f.Add(document, "https://app.example.com", "PUT", "Content-Type: a\nx", "https://b.s3.amazonaws.com/k", 0)
	}
	f.Fuzz(func(t *testing.T, document, origin, method, headers, url string, number int) {
		form := object{"origin": origin, "method": method, "headers": headers, "url": url}
		for name, input := range map[string]object{
			"document": {"document": document}, "explain": {"document": document, "form": form}, "paste": {"text": document},
			"mend": {"document": document, "findings": []int{number}}, "apply": {"document": document, "form": form, "exchange": 0, "fix": number},
			"convert": {"document": document, "to": "terraform"}, "diff": {"old": object{"document": document}, "new": object{"document": slashed}},
		} {
			data, err := json.Marshal(input)
			require.NoError(t, err)
			output, err := page.Call(name, data)
			var wrong *page.InputError
			if err != nil {
				require.ErrorAs(t, err, &wrong, name)
				continue
			}
			require.True(t, json.Valid(output), name)
		}
	})
}
