package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/cmd/s3cors/internal/result"
)

const malformedMessage = "The XML you provided was not well-formed or did not validate against our published schema"

func TestCheck(t *testing.T) {
	play(t, []scenario{
		{
			name: "a valid document is worth no words",
			args: []string{"check", "example.xml"},
		},
		{
			name: "nor are several, in XML and JSON",
			args: []string{"check", "example.xml", "console.json", "markup.json"},
		},
		{
			name:   "every problem has a line",
			args:   []string{"check", "refused.xml"},
			stdout: refusedLines,
			status: exitRefused,
		},
		{
			name: "in the order in which S3 finds them",
			args: []string{"check", "misspelt.json"},
			stdout: `misspelt.json:6:7: CORSRules[0]: "ExposedHeaders" is probably ExposeHeaders (MalformedXML: ` + malformedMessage + `)
misspelt.json:4:26: CORSRules[0].AllowedOrigins[0]: one "*" is allowed in a value, and no more: write "https://*.example.com" (InvalidRequest: AllowedOrigin "https://*.*.example.com" can not have more than one wildcard.)
misspelt.json:5:33: CORSRules[0].AllowedMethods[1]: remove OPTIONS: preflights are answered without it, the methods to list are GET, PUT, POST, DELETE and HEAD (InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is options)
`,
			status: exitRefused,
		},
		{
			name:   "standard input goes by the name of -",
			args:   []string{"check", "-"},
			stdin:  "[]",
			stdout: "-:1:1: a configuration needs at least one rule (MalformedXML: " + malformedMessage + ")\n",
			status: exitRefused,
		},
		{
			name:   "one of several is refused",
			args:   []string{"check", "example.xml", "unclosed.xml", "console.json"},
			stdout: "unclosed.xml:3:1: the document ends too early: <CORSRule> of line 2 and <CORSConfiguration> of line 1 are never closed, add </CORSRule></CORSConfiguration> (MalformedXML: " + malformedMessage + ")\n",
			status: exitRefused,
		},
		{
			name:   "what cannot be read does not stop the others",
			args:   []string{"check", "no-such-file.xml", "unclosed.xml", ".", "example.xml"},
			stdout: "unclosed.xml:3:1: the document ends too early: <CORSRule> of line 2 and <CORSConfiguration> of line 1 are never closed, add </CORSRule></CORSConfiguration> (MalformedXML: " + malformedMessage + ")\n",
			stderr: "s3cors: open no-such-file.xml: no such file or directory\ns3cors: read .: is a directory\n",
			status: exitFailed,
		},
		{
			name:   "problems behind the first hundred are counted",
			args:   []string{"check", "-"},
			stdin:  "<CORSConfiguration>" + strings.Repeat("<b/>\n", 103) + "</CORSConfiguration>",
			stdout: hundredProblems() + "-: and 4 more\n",
			status: exitRefused,
		},
		{
			name:   "what is not text at all",
			args:   []string{"check", "binary.dat"},
			stdout: "binary.dat:1:1: this is a binary file: give the text of a configuration (MalformedXML: " + malformedMessage + ")\n",
			status: exitRefused,
		},
		{
			name:   "control characters do not reach the terminal",
			args:   []string{"check", "controls.json"},
			stdout: `controls.json:4:24: CORSRules[0].AllowedMethods[0]: "\tGET\u009b2J\u202e" is no method of S3: the methods to list are GET, PUT, POST, DELETE and HEAD (InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is \tGET\u009b2J\u202e)` + "\n",
			status: exitRefused,
		},
		{
			name:   "nor do those in the name of a file",
			args:   []string{"check", "\x1b[2J"},
			stderr: "s3cors: open \\x1b[2J: no such file or directory\n",
			status: exitFailed,
		},
	})
}

// hundredProblems are the first of a document that has an unknown element on each
// line, and no rule.
func hundredProblems() string {
	var b strings.Builder
	fmt.Fprintf(&b, "-:1:1: a configuration needs at least one rule (MalformedXML: %s)\n", malformedMessage)
	for i := range 99 {
		column := 1
		if i == 0 {
			column = 20
		}
		fmt.Fprintf(&b, "-:%d:%d: a configuration has no <b>: remove it (MalformedXML)\n", i+1, column)
	}
	return b.String()
}

func TestCheckJSON(t *testing.T) {
	play(t, []scenario{
		{
			name: "a valid document, as S3 would give it back",
			args: []string{"check", "-json", "example.xml"},
			stdout: `{"schema":1,"status":200,"error":null,"problems":[],"more":0,` +
				`"config":{"CORSRules":[{"AllowedOrigins":["http://www.example.com"],"AllowedMethods":["GET"],"AllowedHeaders":["*"],"MaxAgeSeconds":3000}]},` +
				`"xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><AllowedOrigin>http://www.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>3000</MaxAgeSeconds><AllowedHeader>*</AllowedHeader></CORSRule></CORSConfiguration>","causes":[]}` + "\n",
		},
		{
			name: "an empty ID stays, and so do the characters of markup",
			args: []string{"check", "-json", "markup.json"},
			stdout: `{"schema":1,"status":200,"error":null,"problems":[],"more":0,` +
				`"config":{"CORSRules":[{"ID":"","AllowedOrigins":["https://a&b<c>"],"AllowedMethods":["GET"]}]},` +
				`"xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><ID></ID><AllowedOrigin>https://a&amp;b&lt;c&gt;</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>","causes":[]}` + "\n",
		},
		{
			name: "a refused document: S3's answer is that to the first problem",
			args: []string{"check", "-json", "misspelt.json"},
			stdout: `{"schema":1,"status":400,"error":{"Code":"MalformedXML","Message":"` + malformedMessage + `"},"problems":[` +
				`{"code":"MalformedXML","message":"` + malformedMessage + `","row":"10/json-shape","detail":"\"ExposedHeaders\" is probably ExposeHeaders","path":"CORSRules[0].ExposedHeaders","line":6,"column":7,"endLine":6,"endColumn":23,"suggestion":"ExposeHeaders"},` +
				`{"code":"InvalidRequest","message":"AllowedOrigin \"https://*.*.example.com\" can not have more than one wildcard.","row":"1.2/origin-two-wildcards","detail":"one \"*\" is allowed in a value, and no more: write \"https://*.example.com\"","path":"CORSRules[0].AllowedOrigins[0]","line":4,"column":26,"endLine":4,"endColumn":51},` +
				`{"code":"InvalidRequest","message":"Found unsupported HTTP method in CORS config. Unsupported method is options","row":"1.2/method-names","detail":"remove OPTIONS: preflights are answered without it, the methods to list are GET, PUT, POST, DELETE and HEAD","path":"CORSRules[0].AllowedMethods[1]","line":5,"column":33,"endLine":5,"endColumn":42}` +
				`],"more":0,"config":null,"xml":null,"causes":[` +
				`{"detail":"\"ExposedHeaders\" is probably ExposeHeaders","path":"CORSRules[0].ExposedHeaders","line":6,"column":7,"endLine":6,"endColumn":23,"suggestion":"ExposeHeaders","problems":[0]},` +
				`{"detail":"one \"*\" is allowed in a value, and no more: write \"https://*.example.com\"","path":"CORSRules[0].AllowedOrigins[0]","line":4,"column":26,"endLine":4,"endColumn":51,"problems":[1]},` +
				`{"detail":"remove OPTIONS: preflights are answered without it, the methods to list are GET, PUT, POST, DELETE and HEAD","path":"CORSRules[0].AllowedMethods[1]","line":5,"column":33,"endLine":5,"endColumn":42,"problems":[2]}` +
				`]}` + "\n",
			status: exitRefused,
		},
		{
			name:  "a name that is misspelt, and what is missing therefore, have one cause",
			args:  []string{"check", "-json", "-"},
			stdin: `[{"allowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`,
			stdout: `{"schema":1,"status":400,"error":{"Code":"MalformedXML","Message":"` + malformedMessage + `"},"problems":[` +
				`{"code":"MalformedXML","message":"` + malformedMessage + `","row":"1.1/no-allowed-origin","detail":"\"allowedOrigins\" in line 1 is probably AllowedOrigins, which is missing","path":"CORSRules[0].AllowedOrigins","line":1,"column":2,"endLine":1,"endColumn":54},` +
				`{"code":"MalformedXML","message":"` + malformedMessage + `","row":"10/json-shape","detail":"\"allowedOrigins\" is probably AllowedOrigins","path":"CORSRules[0].allowedOrigins","line":1,"column":3,"endLine":1,"endColumn":19,"suggestion":"AllowedOrigins"}` +
				`],"more":0,"config":null,"xml":null,"causes":[` +
				`{"detail":"\"allowedOrigins\" is probably AllowedOrigins, which the rule lacks","path":"CORSRules[0].allowedOrigins","line":1,"column":3,"endLine":1,"endColumn":19,"suggestion":"AllowedOrigins","problems":[0,1]}]}` + "\n",
			status: exitRefused,
		},
		{
			name:  "several files have a line each, those that cannot be read none",
			args:  []string{"check", "-json", "unclosed.xml", "no-such-file.xml", "-"},
			stdin: `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`,
			stdout: `{"schema":1,"status":400,"error":{"Code":"MalformedXML","Message":"` + malformedMessage + `"},"problems":[` +
				`{"code":"MalformedXML","message":"` + malformedMessage + `","row":"1.1/not-well-formed","detail":"the document ends too early: <CORSRule> of line 2 and <CORSConfiguration> of line 1 are never closed, add </CORSRule></CORSConfiguration>","path":"CORSConfiguration","line":3,"column":1,"endLine":3,"endColumn":1}` +
				`],"more":0,"config":null,"xml":null,"causes":[` +
				`{"detail":"the document ends too early: <CORSRule> of line 2 and <CORSConfiguration> of line 1 are never closed, add </CORSRule></CORSConfiguration>","path":"CORSConfiguration","line":3,"column":1,"endLine":3,"endColumn":1,"problems":[0]}]}` + "\n" +
				`{"schema":1,"status":200,"error":null,"problems":[],"more":0,"config":{"CORSRules":[{"AllowedOrigins":["*"],"AllowedMethods":["GET"]}]},` +
				`"xml":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>","causes":[]}` + "\n",
			stderr: "s3cors: open no-such-file.xml: no such file or directory\n",
			status: exitFailed,
		},
	})
}

func TestCheckJSONCountsTheProblemsThatItDoesNotTell(t *testing.T) {
	document := "<CORSConfiguration>" + strings.Repeat("<b/>", 16302) + "</CORSConfiguration>"
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitRefused, run([]string{"check", "-json", "-"}, strings.NewReader(document), &stdout, &stderr))
	require.Less(t, stdout.Len(), len(document))
	var got struct {
		Problems []vectorProblem
		More     int
	}
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	require.Len(t, got.Problems, 100)
	require.Equal(t, 16302+1-100, got.More)
}

// endless yields the same byte for ever, and counts.
type endless struct {
	b    byte
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.b
	}
	e.read += len(p)
	return len(p), nil
}

func TestAnEndlessDocumentIsTooLarge(t *testing.T) {
	for _, row := range []struct {
		b  byte
		id string
	}{{'<', "1.1/body-size"}, {'[', "10/json-input-size"}, {' ', "1.1/body-size"}, {0, "1.1/body-size"}} {
		t.Run(fmt.Sprintf("of %q", row.b), func(t *testing.T) {
			stdin := &endless{b: row.b}
			var stdout, stderr bytes.Buffer
			status := run([]string{"check", "-json", "-"}, stdin, &stdout, &stderr)
			require.Equal(t, `{"schema":1,"status":400,"error":{"Code":"MaxMessageLengthExceeded","Message":"Your request was too big.","MaxMessageLengthBytes":"65536"},`+
				`"problems":[{"code":"MaxMessageLengthExceeded","message":"Your request was too big.","row":"`+row.id+`","detail":"a CORS configuration may have 65536 bytes at most","path":"CORSConfiguration","line":1,"column":1,"endLine":1,"endColumn":1048578}],"more":0,`+
				`"config":null,"xml":null,"causes":[{"detail":"a CORS configuration may have 65536 bytes at most","path":"CORSConfiguration","line":1,"column":1,"endLine":1,"endColumn":1048578,"problems":[0]}]}`+"\n", stdout.String())
			require.Empty(t, stderr.String())
			require.Equal(t, exitRefused, status)
			require.Less(t, stdin.read, 2<<20)
		})
	}
}

func TestTheLargestJSONDocumentIsReadWhole(t *testing.T) {
	rules := `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]}]`
	padding := strings.Repeat(" ", 1<<20-len(rules))
	var stdout bytes.Buffer
	require.Equal(t, exitFine, run([]string{"check", "-"}, strings.NewReader(padding+rules), &stdout, &stdout))
	require.Empty(t, stdout.String())
	require.Equal(t, exitRefused, run([]string{"check", "-"}, strings.NewReader(padding+rules+" "), &stdout, &stdout))
	require.Equal(t, "-:1:1: a CORS configuration may have 65536 bytes at most (MaxMessageLengthExceeded: Your request was too big.)\n", stdout.String())
}

// quoted returns a text as a string of JSON.
func quoted(text string) string {
	b, _ := result.Encode(text) // which never fails at a string
	return string(b)
}
