package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

const emptyLine = `{"outcome":"invalid-input","rule":null,"status":null,"headers":[],"error":null,"detail":"the line is empty"}` + "\n"

// A lineCase is a line of input with its line of output.
type lineCase struct{ name, in, out string }

const (
	varyPair = `["Vary","Origin, Access-Control-Request-Headers, Access-Control-Request-Method"]`

	goesOn     = `{"outcome":"not-cors","rule":null,"status":null,"headers":[],"error":null}`
	notEnabled = `{"outcome":"not-enabled","rule":null,"status":null,"headers":[],"error":null}`
	starred    = `{"outcome":"granted","rule":0,"status":null,"headers":[["Access-Control-Allow-Origin","*"],["Access-Control-Allow-Methods","GET"],` + varyPair + `],"error":null}`
	malformed  = `{"outcome":"invalid-configuration","rule":null,"status":400,"headers":[],"error":{"Code":"MalformedXML","Message":"` + malformedMessage + `"}}`

	anyOrigin = `[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`
)

// echoed is the answer to a GET under patternRule that has that origin.
func echoed(origin string) string {
	return `{"outcome":"granted","rule":0,"status":null,"headers":[["Access-Control-Allow-Origin","` + origin + `"],["Access-Control-Allow-Methods","GET"],["Access-Control-Allow-Credentials","true"],` + varyPair + `],"error":null}`
}

const patternRule = `[{"AllowedOrigins":["h*"],"AllowedMethods":["GET"]}]`

// get is a line with a GET under patternRule, its headers given in JSON.
func get(headers string) string {
	return `{"config":` + patternRule + `,"request":{"method":"GET","headers":` + headers + `}}`
}

func invalidLine(detail string) string {
	quoted, err := result.Encode(detail)
	if err != nil {
		panic(err)
	}
	return `{"outcome":"invalid-input","rule":null,"status":null,"headers":[],"error":null,"detail":` + string(quoted) + `}`
}

func lineCases() []lineCase {
	return []lineCase{
		// Outcomes.
		{"a granted preflight",
			`{"config":{"CORSRules":[{"AllowedOrigins":["https://b.example"],"AllowedMethods":["PUT"]},{"AllowedOrigins":["https://a.example"],"AllowedMethods":["PUT"],"AllowedHeaders":["*"],"ExposeHeaders":["ETag"],"MaxAgeSeconds":0}]},"request":{"method":"OPTIONS","target":"object","headers":{"Origin":"https://a.example","Access-Control-Request-Method":"PUT","Access-Control-Request-Headers":"X-A,x-b"}}}`,
			`{"outcome":"granted","rule":1,"status":200,"headers":[["Access-Control-Allow-Origin","https://a.example"],["Access-Control-Allow-Methods","PUT"],["Access-Control-Allow-Headers","x-a, x-b"],["Access-Control-Expose-Headers","ETag"],["Access-Control-Max-Age","0"],["Access-Control-Allow-Credentials","true"],` + varyPair + `],"error":null}`},
		{"a granted actual request",
			`{"config":` + anyOrigin + `,"request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},
		{"no rule matches an actual request",
			`{"config":` + anyOrigin + `,"request":{"method":"HEAD","headers":{"Origin":"o"}}}`,
			`{"outcome":"no-match","rule":null,"status":null,"headers":[],"error":null}`},
		{"no rule matches a preflight",
			`{"config":` + anyOrigin + `,"request":{"method":"OPTIONS","target":"bucket","headers":{"Origin":"o"}}}`,
			`{"outcome":"no-match","rule":null,"status":403,"headers":[],"error":{"Code":"AccessForbidden","Message":"CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.","Method":"OPTIONS","ResourceType":"BUCKET"}}`},
		{"an actual request without an origin",
			`{"request":{"method":"GET"}}`, goesOn},
		{"a preflight without an origin",
			`{"request":{"method":"OPTIONS"}}`,
			`{"outcome":"missing-origin","rule":null,"status":400,"headers":[],"error":{"Code":"BadRequest","Message":"Insufficient information. Origin request header needed."}}`},
		{"an invalid method, with what HTML would escape",
			`{"request":{"method":"GET","headers":{"Origin":"o","Access-Control-Request-Method":"<&>"}}}`,
			`{"outcome":"invalid-method","rule":null,"status":400,"headers":[],"error":{"Code":"BadRequest","Message":"Invalid Access-Control-Request-Method: <&>"}}`},
		{"an invalid header",
			`{"request":{"method":"GET","headers":{"Origin":"o","Access-Control-Request-Headers":"a b"}}}`,
			`{"outcome":"invalid-headers","rule":null,"status":400,"headers":[],"error":{"Code":"BadRequest","Message":"Access-Control-Request-Headers \"a b\" contains invalid character."}}`},
		{"headers that are too large",
			`{"request":{"method":"GET","headers":{"Origin":"` + strings.Repeat("o", 8193) + `"}}}`,
			`{"outcome":"too-large","rule":null,"status":400,"headers":[],"error":{"Code":"RequestHeaderSectionTooLarge","Message":"Your request header section exceeds the maximum allowed size.","MaxSizeAllowed":"8192"}}`},
		{"the root, which has no bucket",
			`{"config":` + anyOrigin + `,"request":{"method":"GET","target":"service","headers":{"Origin":"o"}}}`,
			`{"outcome":"no-bucket","rule":null,"status":null,"headers":[],"error":null}`},

		// The bucket and its configuration.
		{"config is left out",
			`{"request":{"method":"GET","headers":{"Origin":"o"}}}`, notEnabled},
		{"config is null",
			`{"config":null,"request":{"method":"GET","headers":{"Origin":"o"}}}`, notEnabled},
		{"config is the object of the SDKs",
			`{"config":{"CORSRules":` + anyOrigin + `},"request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},
		{"config is the object that the JavaScript SDK nests",
			`{"config":{"CORSConfiguration":{"CORSRules":` + anyOrigin + `}},"request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},
		{"config is a string of XML",
			`{"config":"<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>","request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},
		{"config is a string of JSON",
			`{"config":"\n[{\"AllowedOrigins\":[\"*\"],\"AllowedMethods\":[\"GET\"]}]","request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},
		{"S3 would refuse the object",
			`{"config":{},"request":{"method":"GET"}}`, malformed},
		{"S3 would refuse the same again, of which nothing is forgotten",
			`{"config":{},"request":{"method":"GET"}}`, malformed},
		{"S3 would refuse the string",
			`{"config":"","request":{"method":"GET"}}`, malformed},
		{"S3 would refuse half a surrogate pair in the configuration",
			`{"config":[{"AllowedOrigins":["\ud800"],"AllowedMethods":["GET"]}],"request":{"method":"GET"}}`, malformed},
		{"S3's answer is that to the first problem, with all its elements",
			`{"config":"` + strings.Repeat(" ", 65537) + `","request":{"method":"GET"}}`,
			`{"outcome":"invalid-configuration","rule":null,"status":400,"headers":[],"error":{"Code":"MaxMessageLengthExceeded","Message":"Your request was too big.","MaxMessageLengthBytes":"65536"}}`},
		{"config is a number",
			`{"config":5,"request":{"method":"GET"}}`, invalidLine("config is a number, not an object, an array or a string")},
		{"config is a boolean",
			`{"config":false,"request":{"method":"GET"}}`, invalidLine("config is a boolean, not an object, an array or a string")},
		{"config is a string that is no text",
			`{"config":"\udc00","request":{"method":"GET"}}`, invalidLine("config is not text: the string holds half a surrogate pair")},
		{"the bucket is missing",
			`{"bucket":"missing","request":{"method":"GET","headers":{"Origin":"o"}}}`,
			`{"outcome":"no-bucket","rule":null,"status":null,"headers":[],"error":null}`},
		{"a missing bucket has no configuration, be it what it may",
			`{"config":5,"bucket":"m\u0069ssing","request":{"method":"OPTIONS","headers":{"Origin":"o"}}}`,
			`{"outcome":"no-bucket","rule":null,"status":403,"headers":[],"error":{"Code":"AccessForbidden","Message":"CORSResponse: Bucket not found","Method":"OPTIONS","ResourceType":"BUCKET"}}`},
		{"any other bucket is none of our business",
			`{"config":` + anyOrigin + `,"bucket":{"name":"photos"},"request":{"method":"GET","headers":{"Origin":"o"}}}`, starred},

		{"be it a bucket whose name is no text",
			`{"bucket":"\ud800","request":{"method":"GET"}}`, goesOn},

		// The request.
		{"members that are not known are ignored",
			`{"id":7,"Config":5,"request":{"method":"GET","Method":5,"body":{"a":[1,2]}},"expect":{"rule":1}}`, goesOn},
		{"null is as good as nothing",
			`{"config":null,"bucket":null,"request":{"method":"GET","target":null,"headers":null}}`, goesOn},
		{"blanks and escapes are JSON's business",
			"\t{ \"requ\\u0065st\" : { \"method\" : \"G\\u0045T\" } } ", goesOn},
		{"there is no request",
			`{"config":null}`, invalidLine("there is no request")},
		{"the request is null",
			`{"request":null}`, invalidLine("there is no request")},
		{"the request is a list",
			`{"request":[]}`, invalidLine("request is an array, not an object")},
		{"there is no method",
			`{"request":{}}`, invalidLine("request.method is missing or empty")},
		{"the method is empty",
			`{"request":{"method":""}}`, invalidLine("request.method is missing or empty")},
		{"the method is null",
			`{"request":{"method":null}}`, invalidLine("request.method is missing or empty")},
		{"the method is a number",
			`{"request":{"method":1}}`, invalidLine("request.method is a number, not a string")},
		{"the target is unknown",
			`{"request":{"method":"GET","target":"Object"}}`, invalidLine(`request.target is "Object", not object, bucket or service`)},
		{"the target is empty",
			`{"request":{"method":"GET","target":""}}`, invalidLine(`request.target is "", not object, bucket or service`)},
		{"the target is an object",
			`{"request":{"method":"GET","target":{}}}`, invalidLine("request.target is an object, not a string")},
		{"a member of the line is there twice",
			`{"request":{"method":"GET"},"request":{"method":"GET"}}`, invalidLine(`the line has "request" twice`)},
		{"a member of the request is there twice, be it null",
			`{"request":{"method":null,"method":"GET"}}`, invalidLine(`request has "method" twice`)},
		{"a bad request is bad before its configuration is",
			`{"config":{},"request":{}}`, invalidLine("request.method is missing or empty")},

		// Header fields.
		{"names of headers in any case",
			get(`{"oRIGIN":"https://a.example"}`), echoed("https://a.example")},
		{"pairs of names and values",
			get(`[["X-Other","1"],["Origin","https://a.example"]]`), echoed("https://a.example")},
		{"blanks around a value are not part of it",
			get(`{"Origin":" \thttps://a.example\t "}`), echoed("https://a.example")},
		{"other white space is",
			get(`{"Origin":"https://a.example\n"}`), echoed(`https://a.example\n`)},
		{"several lines in an array",
			get(`{"Origin":[" https://a.example ","https://b.example "]}`), echoed("https://a.example,https://b.example")},
		{"several lines in several members",
			get(`{"Origin":"https://a.example","origin":"b","ORIGIN":"c"}`), echoed("https://a.example,b,c")},
		{"several lines in members of one name",
			get(`{"Origin":"https://a.example","Origin":""}`), echoed("https://a.example,")},
		{"several lines in several pairs",
			get(`[["Origin","https://a.example"],["origin",["b",null,"c"]]]`), echoed("https://a.example,b,c")},
		{"a header that is null is absent",
			get(`{"Origin":null}`), goesOn},
		{"so is one without lines",
			get(`{"Origin":[]}`), goesOn},
		{"so is one of empty value, as S3 sees it",
			get(`[["Origin"," "]]`), goesOn},
		{"a header is a number",
			get(`{"Origin":5}`), invalidLine(`the header "Origin": a value is a number, not a string`)},
		{"a header that nobody looks at is a number",
			get(`{"X-Other":5}`), invalidLine(`the header "X-Other": a value is a number, not a string`)},
		{"a line is a list",
			get(`{"Origin":[["a"]]}`), invalidLine(`the header "Origin": a value is an array, not a string`)},
		{"headers are a string",
			get(`"Origin: a"`), invalidLine("request.headers is a string, neither an object nor an array")},
		{"a pair is none but a string",
			get(`["Origin","a"]`), invalidLine("request.headers holds an item that is not a pair of a name and a value")},
		{"a pair is too short",
			get(`[["Origin"]]`), invalidLine("request.headers holds an item that is not a pair of a name and a value")},
		{"a pair is too long",
			get(`[["Origin","a","b"]]`), invalidLine("request.headers holds an item that is not a pair of a name and a value")},
		{"the name in a pair is null",
			get(`[[null,"a"]]`), invalidLine("request.headers holds an item that is not a pair of a name and a value")},
		{"a name is no text",
			get(`[["\ud800","a"]]`), invalidLine("the name of a header is not text: the string holds half a surrogate pair")},
		{"a value is no text",
			get(`{"Origin":"\ud800"}`), invalidLine(`the header "Origin": a value is not text: the string holds half a surrogate pair`)},
		{"a whole surrogate pair is",
			get(`{"Origin":"h\ud83d\ude00"}`), echoed("h😀")},

		// The line.
		{"an empty line",
			``, invalidLine("the line is empty")},
		{"a blank line",
			" \t\r", invalidLine("the line is empty")},
		{"a line that is not JSON",
			`GET / HTTP/1.1`, invalidLine("the line is not JSON: invalid character 'G' looking for beginning of value")},
		{"half a line",
			`{"request":{"method":"GET"}`, invalidLine("the line is not JSON: unexpected end of JSON input")},
		{"two values on a line",
			`{"request":{"method":"GET"}} {}`, invalidLine("the line is not JSON: invalid character '{' after top-level value")},
		{"a byte order mark",
			"\uFEFF" + `{"request":{"method":"GET"}}`, invalidLine("the line is not JSON: invalid character 'ï' looking for beginning of value")},
		{"a line that is not UTF-8",
			`{"x":"` + "\xff" + `","request":{"method":"GET"}}`, invalidLine("the line is not UTF-8")},
		{"a list",
			`[]`, invalidLine("the line is an array, not an object")},
		{"a line that is null",
			`null`, invalidLine("the line is null, not an object")},
		{"a line of control characters",
			"\x00\x1b[2J", invalidLine(`the line is not JSON: invalid character '\x00' looking for beginning of value`)},
		{"a line that nests too deep",
			strings.Repeat("[", 20_000), invalidLine("the line is not JSON: invalid character '[' exceeded max depth")},
		{"a line that ends as on Windows",
			`{"request":{"method":"GET"}}` + "\r", goesOn},
	}
}

// evalLines runs eval -jsonl, which must succeed, and returns its output.
func evalLines(t *testing.T, stdin io.Reader) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFine, run([]string{"eval", "-jsonl"}, stdin, &stdout, &stderr))
	require.Empty(t, stderr.String())
	return stdout.String()
}

func TestEveryLineIsAnswered(t *testing.T) {
	cases := lineCases()
	require.NotEmpty(t, cases)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.out+"\n", evalLines(t, strings.NewReader(c.in+"\n"))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestOneStreamOfAllLinesIsAnsweredInOrder(t *testing.T) {
	var in, out []string
	for _, c := range lineCases() {
		in, out = append(in, c.in), append(out, c.out)
	}
	got := evalLines(t, strings.NewReader(strings.Join(in, "\n")+"\n"))
	if diff := cmp.Diff(out, strings.Split(strings.TrimSuffix(got, "\n"), "\n")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheEndOfTheStream(t *testing.T) {
	line := `{"request":{"method":"GET"}}`
	for _, test := range []struct{ name, in, out string }{
		{"no line at all", "", ""},
		{"one line feed is one empty line", "\n", emptyLine},
		{"the last line needs no line feed", line, goesOn + "\n"},
		{"nor is there a line behind it", line + "\n", goesOn + "\n"},
		{"an empty line in between is a line", line + "\n\n" + line, goesOn + "\n" + emptyLine + goesOn + "\n"},
		{"carriage returns do no harm", line + "\r\n\r\n" + line + "\r\n", goesOn + "\n" + emptyLine + goesOn + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.out, evalLines(t, strings.NewReader(test.in)))
		})
	}
}

func TestTheLongestLine(t *testing.T) {
	request := `{"request":{"method":"GET"}}`
	fits := strings.Repeat(" ", maxLineBytes-len(request)) + request
	longer := invalidLine("the line is longer than 16 MiB")
	for _, test := range []struct{ name, in, out string }{
		{"is answered", fits + "\n", goesOn},
		{"is one byte shorter than this", fits + " \n", longer},
		{"and this", fits + " ", longer},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, test.out+"\n", evalLines(t, strings.NewReader(test.in)))
		})
	}
}

func TestALineThatIsTooLongIsSkippedAndNotHeld(t *testing.T) {
	long := io.LimitReader(&endless{b: 'x'}, 2*maxLineBytes)
	lines := lineReader{input: bufio.NewReader(io.MultiReader(strings.NewReader("a\n"), long, strings.NewReader("\nb")))}
	for _, want := range []struct {
		line string
		err  error
	}{{"a", nil}, {"", errLongLine}, {"b", nil}, {"", io.EOF}, {"", io.EOF}} {
		line, err := lines.next()
		require.Equal(t, want.line, string(line))
		require.Equal(t, want.err, err)
	}
	require.Less(t, cap(lines.line), 2*maxLineBytes)
}

func TestACoprocessGetsAnAnswerToEachLine(t *testing.T) {
	input, ask := io.Pipe()
	answers, output := io.Pipe()
	status := make(chan int, 1)
	go func() {
		status <- run([]string{"eval", "-jsonl"}, input, output, io.Discard)
		output.Close()
	}()
	answer := bufio.NewReader(answers)
	for i := range 3 {
		// With the beginning of the line to come, which must not hold up the answer.
		_, err := fmt.Fprintf(ask, "%s{\"id\":%d,\"request\":{\"method\":\"GET\"}}\n  ", strings.Repeat(" ", i), i)
		require.NoError(t, err)
		got, err := answer.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, goesOn+"\n", got)
	}
	require.NoError(t, ask.Close())
	rest, err := io.ReadAll(answer)
	require.NoError(t, err)
	require.Equal(t, emptyLine, string(rest))
	require.Equal(t, exitFine, <-status)
}

// memberNames returns the names of an object in their order.
func memberNames(t *testing.T, object string) []string {
	t.Helper()
	var names []string
	require.NoError(t, eachMember([]byte(object), func(name string, _ json.RawMessage) error {
		names = append(names, name)
		return nil
	}))
	return names
}

// eachMember calls f with the members of an object in their order; null has none.
func eachMember(object []byte, f func(name string, value json.RawMessage) error) error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return err
		}
		if err := f(name.(string), value); err != nil {
			return err
		}
	}
	return nil
}

// FuzzJSONLines: there are as many lines of output as of input, each is an
// object with the members of the protocol in their order, and a detail is there
// if and only if the input is at fault.
func FuzzJSONLines(f *testing.F) {
	for _, c := range lineCases() {
		if len(c.in) < 4096 {
			f.Add([]byte(c.in))
			f.Add([]byte(c.in + "\r\n\n" + c.in))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		want := bytes.Count(data, []byte("\n"))
		if len(data) > 0 && data[len(data)-1] != '\n' {
			want++
		}
		got := evalLines(t, bytes.NewReader(data))
		require.Equal(t, want, strings.Count(got, "\n"))
		for line := range strings.Lines(got) {
			require.True(t, json.Valid([]byte(line)), line)
			names := []string{"outcome", "rule", "status", "headers", "error"}
			if strings.HasPrefix(line, `{"outcome":"invalid-input",`) {
				names = append(names, "detail")
			}
			require.Equal(t, names, memberNames(t, line))
		}
	})
}
