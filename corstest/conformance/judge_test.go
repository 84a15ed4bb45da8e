//go:build go1.26

package conformance

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/vectors"
)

// star is all of S3's members of Vary.
const star = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"

var granted = []vectors.Pair{
	{"Access-Control-Allow-Origin", "*"},
	{"Access-Control-Allow-Methods", "GET"},
	{"Vary", star},
}

func TestTheHeadersOfAServer(t *testing.T) {
	for _, row := range []struct {
		name      string
		want, got []vectors.Pair
		diffs     []Diff
	}{
		{"may come in any order and case", granted,
			[]vectors.Pair{{"vary", star}, {"access-control-allow-methods", "GET"}, {"ACCESS-CONTROL-ALLOW-ORIGIN", "*"}}, nil},
		{"beside those of its own", granted, append([]vectors.Pair{{"ETag", `"a"`}, {"Server", "s"}}, granted...), nil},
		{"one of which is missing", granted, granted[1:], []Diff{{"Access-Control-Allow-Origin", "*", Absent}}},
		{"with another value", granted, []vectors.Pair{{"Access-Control-Allow-Origin", "https://a"}, granted[1], granted[2]},
			[]Diff{{"Access-Control-Allow-Origin", "*", "https://a"}}},
		{"in two lines that agree", granted, append([]vectors.Pair{granted[0]}, granted...),
			[]Diff{{"lines", "Access-Control-Allow-Origin: 1", "Access-Control-Allow-Origin: 2"}}},
		{"in two lines that do not", granted, append([]vectors.Pair{{"Access-Control-Allow-Origin", "https://a"}}, granted...),
			[]Diff{{"Access-Control-Allow-Origin", "*", "https://a, *"}, {"lines", "Access-Control-Allow-Origin: 1", "Access-Control-Allow-Origin: 2"}}},
		{"with one that is not expected", granted, append([]vectors.Pair{{"access-control-max-age", "5"}}, granted...),
			[]Diff{{"access-control-max-age", Absent, "5"}}},
		{"with an empty one that is not expected", nil, []vectors.Pair{{"Access-Control-Allow-Origin", ""}},
			[]Diff{{"Access-Control-Allow-Origin", Absent, ""}}},
		{"with one that is not expected, twice", nil, []vectors.Pair{{"Access-Control-Allow-Origin", "*"}, {"access-control-allow-origin", "b"}},
			[]Diff{{"Access-Control-Allow-Origin", Absent, "*, b"}}},
		{"with a Vary in another case", granted[2:], []vectors.Pair{{"Vary", "ORIGIN ,access-control-request-headers, Access-Control-Request-Method"}}, nil},
		{"with a Vary in another order", granted[2:], []vectors.Pair{{"Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}},
			[]Diff{{"Vary", star, "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}}},
		{"with a Vary that says a member twice", granted[2:], []vectors.Pair{{"Vary", "Origin"}, {"Vary", star}}, []Diff{{"Vary", star, "Origin, " + star}}},
		{"with a Vary in several lines", granted[2:], []vectors.Pair{{"Vary", "Origin"}, {"Vary", "Access-Control-Request-Headers"}, {"Vary", "Access-Control-Request-Method"}}, nil},
		{"with a Vary of its own beside", granted[2:], []vectors.Pair{{"Vary", "Accept-Encoding"}, {"Vary", star}}, nil},
		{"with a Vary that lacks a member", granted[2:], []vectors.Pair{{"Vary", "Accept-Encoding"}, {"Vary", "Origin"}},
			[]Diff{{"Vary", star, "Accept-Encoding, Origin"}}},
		{"with a Vary that names another request header", granted[2:], []vectors.Pair{{"Vary", star + ", Access-Control-Request-Private-Network"}}, nil},
		{"with a Vary that has a member too many", []vectors.Pair{{"Vary", "Origin"}}, []vectors.Pair{{"Vary", star}}, []Diff{{"Vary", "Origin", star}}},
		{"without Vary", granted[2:], nil, []Diff{{"Vary", star, Absent}}},
		{"with a Vary of its own where S3 sends none", nil, []vectors.Pair{{"Vary", "Accept-Encoding"}}, nil},
		{"with Vary: Origin where S3 sends none", nil, []vectors.Pair{{"Vary", "Accept-Encoding"}, {"vary", "origin"}},
			[]Diff{{"Vary", Absent, "Accept-Encoding, origin"}}},
		{"and others that are expected, joined", []vectors.Pair{{"Allow", "GET, PUT"}}, []vectors.Pair{{"allow", "GET"}, {"Allow", "PUT"}}, nil},
		{"and others that are expected, missing", []vectors.Pair{{"Allow", "GET, PUT"}}, nil, []Diff{{"Allow", "GET, PUT", Absent}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var d differences
			d.headers(row.want, row.got)
			require.Empty(t, cmp.Diff(row.diffs, d.list()))
		})
	}
}

const forbidden = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method><RequestId>r</RequestId><HostId>h</HostId></Error>`

func TestTheErrorOfAServer(t *testing.T) {
	want := vectors.Elements{{"Code", "AccessForbidden"}, {"Message", "No."}, {"Method", "GET"}}
	for _, row := range []struct {
		name, body string
		diffs      []Diff
	}{
		{"is as expected", forbidden, nil},
		{"needs no ids", `<Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method></Error>`, nil},
		{"may be set in lines", "\uFEFF<?xml version='1.0'?>\n<Error>\n <Code>AccessForbidden</Code>\n <Message>No.</Message><!-- c -->\n <Method>GET</Method>\n</Error>\n", nil},
		{"may have a namespace", `<Error xmlns="urn:a"><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method></Error>`, nil},
		{"has another text", `<Error><Code>AccessForbidden</Code><Message>No</Message><Method>GET</Method></Error>`,
			[]Diff{{"error.Message", "No.", "No"}}},
		{"has an element too few", `<Error><Code>AccessForbidden</Code><Message>No.</Message></Error>`,
			[]Diff{{"error", "Code, Message, Method", "Code, Message"}}},
		{"has an element too many", `<Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method><Resource>/</Resource></Error>`,
			[]Diff{{"error", "Code, Message, Method", "Code, Message, Method, Resource"}}},
		{"has its elements in another order", `<Error><Message>No.</Message><Code>AccessDenied</Code><Method>GET</Method></Error>`,
			[]Diff{{"error", "Code, Message, Method", "Message, Code, Method"}, {"error.Code", "AccessForbidden", "AccessDenied"}}},
		{"is not there", " \n", []Diff{{"error", "Code, Message, Method", Absent}}},
		{"is empty", `<Error/>`, []Diff{{"error", "Code, Message, Method", Absent}}},
		{"is JSON", `{"Code":"AccessForbidden"}`, []Diff{{"error", "Code, Message, Method", NotRead}}},
		{"is not well-formed", `<Error><Code>AccessForbidden</Error>`, []Diff{{"error", "Code, Message, Method", NotRead}}},
		{"has something behind it", forbidden + "oops", []Diff{{"error", "Code, Message, Method", NotRead}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var d differences
			d.errorBody("", want, []byte(row.body))
			require.Empty(t, cmp.Diff(row.diffs, d.list()))
		})
	}
}

func TestWhatXMLCannotCarryIsReplaced(t *testing.T) {
	var d differences
	d.errorBody("", vectors.Elements{{"Message", "a\x01\uFFFEb"}}, []byte("<Error><Message>a\uFFFD\uFFFDb</Message></Error>"))
	require.Nil(t, d.list())
}

func TestTheErrorOfCephMayLackItsMessageAndHasItsBucket(t *testing.T) {
	want := vectors.Elements{{"Code", "AccessDenied"}, {"Message", "Access Denied"}}
	for _, row := range []struct {
		name, body string
		diffs      []Diff
	}{
		{"with both", `<Error><Code>AccessDenied</Code><Message>Access Denied</Message><BucketName>b</BucketName><RequestId>r</RequestId></Error>`, nil},
		{"with an empty message", `<Error><Code>AccessDenied</Code><Message></Message><BucketName>b</BucketName></Error>`, nil},
		{"without a message", `<Error><Code>AccessDenied</Code></Error>`, nil},
		{"with another message", `<Error><Code>AccessDenied</Code><Message>No</Message></Error>`, []Diff{{"error.Message", "Access Denied", "No"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var d differences
			d.errorBody("ceph", want, []byte(row.body))
			require.Empty(t, cmp.Diff(row.diffs, d.list()))
		})
	}
}

func TestTheAnswerOfAnEvaluator(t *testing.T) {
	v := &vectors.Vector{Request: &vectors.Request{Method: "OPTIONS"}, Expect: vectors.Expect{
		Status: new(403), Outcome: "no-match", Error: vectors.Elements{{"Code", "c"}}}}
	g := &vectors.Vector{Request: &vectors.Request{Method: "GET"}, Expect: vectors.Expect{
		Outcome: "granted", Rule: new(1), Headers: granted}}
	for _, row := range []struct {
		name   string
		vector *vectors.Vector
		answer Answer
		diffs  []Diff
	}{
		{"is as expected", v, Answer{Status: 403, Error: vectors.Elements{{"Code", "c"}}}, nil},
		{"says more", v, Answer{Status: 403, Error: vectors.Elements{{"Code", "c"}}, Outcome: "no-match", Rule: new(-1)}, nil},
		{"says another cause and rule", v, Answer{Status: 403, Error: vectors.Elements{{"Code", "c"}}, Outcome: "not-enabled", Rule: new(0)},
			[]Diff{{"outcome", "no-match", "not-enabled"}, {"rule", Absent, "0"}}},
		{"goes on", v, Answer{}, []Diff{{"status", "403", GoesOn}, {"error", "Code", Absent}}},
		{"grants", g, Answer{Headers: granted, Rule: new(1)}, nil},
		{"grants by another rule", g, Answer{Headers: granted, Rule: new(0)}, []Diff{{"rule", "1", "0"}}},
		{"is sent although it goes on", g, Answer{Status: 200, Headers: granted, Error: vectors.Elements{{"Code", "c"}}},
			[]Diff{{"status", GoesOn, "200"}, {"error", Absent, "Code"}}},
		{"has its headers in another order", g, Answer{Headers: []vectors.Pair{granted[1], granted[0], granted[2]}},
			[]Diff{{"order", "Access-Control-Allow-Origin, Access-Control-Allow-Methods, Vary", "Access-Control-Allow-Methods, Access-Control-Allow-Origin, Vary"}}},
		{"has a Vary in another order", g, Answer{Headers: []vectors.Pair{granted[0], granted[1], {"Vary", "Origin"}}},
			[]Diff{{"Vary", star, "Origin"}}},
		{"has a header too many", g, Answer{Headers: append([]vectors.Pair{{"Server", "s"}}, granted...)}, []Diff{{"Server", Absent, "s"}}},
		{"has a header twice", g, Answer{Headers: append([]vectors.Pair{granted[0]}, granted...)},
			[]Diff{{"lines", "Access-Control-Allow-Origin: 1", "Access-Control-Allow-Origin: 2"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(row.diffs, judgeAnswer(row.vector, row.answer)))
		})
	}
}

func TestAServersAnswerToADecision(t *testing.T) {
	refused := &vectors.Vector{Request: &vectors.Request{Method: "OPTIONS"}, Expect: vectors.Expect{Status: new(403),
		Error: vectors.Elements{{"Code", "AccessForbidden"}, {"Message", "No."}, {"Method", "GET"}},
		Body:  `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method><RequestId>1</RequestId><HostId>2</HostId></Error>"}}
	head := &vectors.Vector{Request: &vectors.Request{Method: "HEAD"}, Expect: vectors.Expect{Status: new(400), Error: vectors.Elements{{"Code", "BadRequest"}}}}
	goesOn := &vectors.Vector{Request: &vectors.Request{Method: "GET"}}
	for _, row := range []struct {
		name       string
		vector     *vectors.Vector
		res, plain *Response
		diffs      []Diff
	}{
		{"has ids of its own", refused, &Response{Status: 403, Body: []byte(forbidden)}, nil, nil},
		{"lacks the line feed", refused, &Response{Status: 403, Body: []byte(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method></Error>`)}, nil,
			[]Diff{{"body", refused.Expect.Body, `<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessForbidden</Code><Message>No.</Message><Method>GET</Method></Error>`}}},
		{"has no body after HEAD", head, &Response{Status: 400}, nil, nil},
		{"has whatever status without doubt", goesOn, &Response{Status: 404}, nil, nil},
		{"has the status that it has without CORS", goesOn, &Response{Status: 404, Body: []byte("a")}, &Response{Status: 404, Body: []byte("b")}, nil},
		{"has another status than without CORS", goesOn, &Response{Status: 500}, &Response{Status: 404}, []Diff{{"status", "404", "500"}}},
		{"has another body than without CORS", goesOn, &Response{Status: 200}, &Response{Status: 200, Body: []byte("s3cors")}, []Diff{{"body", "s3cors", ""}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(row.diffs, judgeDecision(row.vector, row.res, row.plain)))
		})
	}
}

func TestTheConfigurationThatComesBack(t *testing.T) {
	const wanted = `{"CORSRules":[{"ID":"","AllowedMethods":["GET"],"AllowedOrigins":["<*>"],"MaxAgeSeconds":0}]}`
	v := &vectors.Vector{Document: []byte("<"), Expect: vectors.Expect{
		Config: []byte(`{"CORSRules": [{"AllowedOrigins": ["<*>"], "AllowedMethods": ["GET"], "AllowedHeaders": [], "ID": "", "MaxAgeSeconds": 0}]}`)}}
	const rules = `<AllowedOrigin>&lt;*></AllowedOrigin><AllowedMethod>GET</AllowedMethod>`
	for _, row := range []struct {
		name, body string
		diffs      []Diff
	}{
		{"is the same", `<CORSConfiguration xmlns="a"><CORSRule><ID/><MaxAgeSeconds>0</MaxAgeSeconds>` + rules + `</CORSRule></CORSConfiguration>`, nil},
		{"lacks an empty text", `<CORSConfiguration><CORSRule><MaxAgeSeconds>0</MaxAgeSeconds>` + rules + `</CORSRule></CORSConfiguration>`,
			[]Diff{{"config", wanted, `{"CORSRules":[{"AllowedMethods":["GET"],"AllowedOrigins":["<*>"],"MaxAgeSeconds":0}]}`}}},
		{"has no rule", `<CORSConfiguration/>`, []Diff{{"config", wanted, `{"CORSRules":[]}`}}},
		{"is absent", ``, []Diff{{"config", wanted, Absent}}},
		{"is another document", `<Error/>`, []Diff{{"config", wanted, NotRead}}},
		{"has an age that is none", `<CORSConfiguration><CORSRule><MaxAgeSeconds>a</MaxAgeSeconds></CORSRule></CORSConfiguration>`, []Diff{{"config", wanted, NotRead}}},
		{"has an unknown element", `<CORSConfiguration><CORSRule><Foo/></CORSRule></CORSConfiguration>`, []Diff{{"config", wanted, NotRead}}},
		{"has an element where rules are", `<CORSConfiguration><Rule/></CORSConfiguration>`, []Diff{{"config", wanted, NotRead}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Empty(t, cmp.Diff(row.diffs, judgeGet(v, &Response{Status: 200, Body: []byte(row.body)})))
		})
	}
}

func TestTheNumberOfRulesThatComesBack(t *testing.T) {
	v := &vectors.Vector{Document: []byte("<"), Expect: vectors.Expect{Rules: 2, XML: "<x/>"}}
	require.Empty(t, cmp.Diff([]Diff{{"status", "200", "404"}, {"xml", "<x/>", ""}, {"config", "2 rules", Absent}}, judgeGet(v, &Response{Status: 404})))
	require.Empty(t, cmp.Diff([]Diff{{"xml", "<x/>", "<CORSConfiguration><CORSRule/></CORSConfiguration>"}, {"config", "2 rules", "1 rules"}},
		judgeGet(v, &Response{Status: 200, Body: []byte("<CORSConfiguration><CORSRule/></CORSConfiguration>")})))
}

func TestAStepFillsInWhatTheServerSays(t *testing.T) {
	s := &vectors.Step{Expect: vectors.StepExpect{Status: 404, Absent: []string{"Allow"},
		Error: vectors.Elements{{"BucketName", vectors.Bucket}},
		Body:  new("<Error><BucketName>{bucket}</BucketName><RequestId>{request-id}</RequestId><HostId>{host-id}</HostId></Error>")}}
	const body = "<Error><BucketName>mine</BucketName><RequestId>1</RequestId><HostId>2</HostId></Error>"
	ids := []vectors.Pair{{"X-Amz-Request-Id", "1"}, {"x-amz-id-2", "2"}}
	require.Nil(t, judgeStep("", "mine", s, &Response{Status: 404, Headers: ids, Body: []byte(body)}))
	require.Empty(t, cmp.Diff([]Diff{
		{"status", "404", "200"}, {"Allow", Absent, "GET"}, {"error.BucketName", "other", "mine"},
		{"body", "<Error><BucketName>other</BucketName><RequestId></RequestId><HostId></HostId></Error>", body},
	}, judgeStep("", "other", s, &Response{Status: 200, Headers: []vectors.Pair{{"Allow", "GET"}}, Body: []byte(body)})))
}
