package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

const exampleTerraform = `resource "aws_s3_bucket_cors_configuration" "cors" {
  bucket = "photos"

  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["GET"]
    allowed_origins = ["http://www.example.com"]
    max_age_seconds = 3000
  }
}
`

const fontsXML = `<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <CORSRule>
    <AllowedOrigin>*</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
</CORSConfiguration>
`

const photosArray = `[
    {
        "ID": "uploads",
        "AllowedHeaders": [
            "content-type"
        ],
        "AllowedMethods": [
            "PUT"
        ],
        "AllowedOrigins": [
            "https://app.example.com"
        ],
        "ExposeHeaders": [
            "ETag"
        ],
        "MaxAgeSeconds": 3600
    }
]
`

const photosLost = `template.json:10:61: CORSRules[0].AllowedOrigins[1]: lost: CloudFormation finds the value of Ref when it makes the stack: it is not in this document ({"Ref":"Origin"})
template.json:7:24: CORSConfiguration: note: only this was read of the document (Resources.Photos.Properties.CorsConfiguration.CorsRules)
`

// detail is what the root package says of the first problem of a document.
func detail(document string) string {
	return s3cors.ParseDocument([]byte(document)).Problems()[0].Detail
}

// checked is what check prints of a document on standard input.
func checked(document string) string {
	var stdout, stderr bytes.Buffer
	run([]string{"check", "-"}, strings.NewReader(document), &stdout, &stderr)
	return stdout.String()
}

const unknownName = `[{"AllowedOrigins": ["*"], "AllowedMethods": ["GET"], "Expose": 1}]`

func TestConvert(t *testing.T) {
	unclosed, err := os.ReadFile("testdata/unclosed.xml")
	require.NoError(t, err)
	play(t, []scenario{
		{
			name:   "XML becomes Terraform",
			args:   []string{"convert", "-to", "terraform", "-bucket", "photos", "example.xml"},
			stdout: exampleTerraform,
		},
		{
			name: "a target that needs more than there is gets it, and a note tells",
			args: []string{"convert", "-to", "b2", "example.xml"},
			stdout: `[
    {
        "corsRuleName": "s3cors-rule-1",
        "allowedOrigins": [
            "http://www.example.com"
        ],
        "allowedHeaders": [
            "*"
        ],
        "allowedOperations": [
            "s3_get"
        ],
        "maxAgeSeconds": 3000
    }
]
`,
			stderr: "example.xml:3:3: CORSRules[0].ID: note: B2 must be told a name for each rule: it is s3cors-rule-1\n",
		},
		{
			name: "strings of YAML are quoted",
			args: []string{"convert", "-to", "cloudformation-yaml", "console.json"},
			stdout: `CorsConfiguration:
  CorsRules:
    - Id: "app"
      AllowedHeaders:
        - "content-type"
        - "x-amz-*"
      AllowedMethods:
        - "GET"
        - "PUT"
      AllowedOrigins:
        - "https://*.example.com"
      ExposedHeaders:
        - "ETag"
        - "x-amz-request-id"
      MaxAge: 600
    - AllowedMethods:
        - "GET"
      AllowedOrigins:
        - "*"
`,
			stderr: "console.json:10:3: CORSRules[1].MaxAgeSeconds: note: where MaxAge is missing, CloudFormation has been seen to send 0, with which browsers keep no preflight\n",
		},
		{
			name:   "a template with several buckets wants to know which",
			args:   []string{"convert", "-to", "xml", "template.json"},
			stderr: "s3cors: template.json: there are 2 CORS configurations in it, and one must be chosen: Photos, Fonts (by -resource NAME)\n",
			status: exitFailed,
		},
		{
			name:   "and is told",
			args:   []string{"convert", "-to", "xml", "-resource", "Fonts", "template.json"},
			stdout: fontsXML,
			stderr: "template.json:24:24: CORSConfiguration: note: only this was read of the document (Resources.Fonts.Properties.CorsConfiguration.CorsRules)\n",
		},
		{
			name:   "by a name that is in it",
			args:   []string{"convert", "-to", "xml", "-resource", "Videos", "template.json"},
			stderr: "s3cors: template.json: there is no CORS configuration of \"Videos\": there is one of Photos, Fonts\n",
			status: exitFailed,
		},
		{
			name:   "nothing is written where something is lost",
			args:   []string{"convert", "-to", "array", "-resource", "Photos", "template.json"},
			stderr: photosLost + "s3cors: nothing is written: something is lost (-lossy writes the rest)\n",
			status: exitRefused,
		},
		{
			name:   "unless it may be",
			args:   []string{"convert", "-to", "array", "-resource", "Photos", "-lossy", "template.json"},
			stdout: photosArray,
			stderr: photosLost,
		},
		{
			name:   "standard input goes by the name of -",
			args:   []string{"convert", "-to", "xml", "-"},
			stdin:  `{"rules":[{"allowed":{"origins":["*"],"methods":["GET"]}}]}`,
			stdout: fontsXML,
		},
		{
			name:   "what S3 refuses is told, and written, if all of it could be read",
			args:   []string{"convert", "-to", "xml", "-"},
			stdin:  `{"rules":[{"allowed":{"origins":["*"],"methods":["PATCH"]}}]}`,
			stdout: strings.Replace(fontsXML, "GET", "PATCH", 1),
			stderr: "-:1:50: CORSRules[0].AllowedMethods[0]: " + detail(`[{"AllowedOrigins":["*"],"AllowedMethods":["PATCH"]}]`) + " (InvalidRequest: Found unsupported HTTP method in CORS config. Unsupported method is PATCH)\n",
			status: exitRefused,
		},
		{
			name:   "a document that could not be read whole is not converted",
			args:   []string{"convert", "-to", "r2", "-lossy", "-"},
			stdin:  unknownName,
			stderr: checked(unknownName) + "s3cors: nothing is written: the configuration could not be read whole\n",
			status: exitRefused,
		},
		{
			name:  "nothing is left",
			args:  []string{"convert", "-to", "gcs", "-lossy", "-"},
			stdin: `[{"AllowedOrigins": ["https://*.example.com"], "AllowedMethods": ["GET"]}]`,
			stderr: `-:1:22: CORSRules[0].AllowedOrigins[0]: lost: Google Cloud Storage compares origins as a whole: its only wildcard is * alone (https://*.example.com)
-:1:2: CORSRules[0]: lost: no origin, or no method, is left of this rule: it is left out
s3cors: nothing is written: no rule is left
`,
			status: exitRefused,
		},
		{
			name:   "YAML is named, not read",
			args:   []string{"convert", "-to", "json", "fonts.yaml"},
			stderr: "s3cors: fonts.yaml: this is a CloudFormation template in YAML, which is not read: write it as JSON first, or take what \"aws cloudformation get-template\" prints of it\n",
			status: exitFailed,
		},
		{
			name:   "a text that breaks off",
			args:   []string{"convert", "-to", "json", "unclosed.xml"},
			stderr: "s3cors: unclosed.xml:3:1: " + detail(string(unclosed)) + "\n",
			status: exitFailed,
		},
		{
			name:   "a file that is none",
			args:   []string{"convert", "-to", "json", "no-such-file.xml"},
			stderr: "s3cors: open no-such-file.xml: no such file or directory\n",
			status: exitFailed,
		},
		{
			name:   "a document of another format than was said",
			args:   []string{"convert", "-from", "r2", "-to", "json", "console.json"},
			stderr: "s3cors: console.json: this is the array of S3's console, not the JSON of Cloudflare R2\n",
			status: exitFailed,
		},
		{
			name:   "control characters do not reach the terminal",
			args:   []string{"convert", "-to", "terraform", "-bucket", "b", "-lossy", "-"},
			stdin:  `{"rules":[{"allowed":{"origins":["*"],"methods":["GET"]},"maxAgeSeconds":1,"\u001b[2J":"\u009b"}]}`,
			stdout: strings.NewReplacer(`"photos"`, `"b"`, "    allowed_headers = [\"*\"]\n", "", "http://www.example.com", "*", "3000", "1").Replace(exampleTerraform),
			stderr: "-:1:76: CORSRules[0].\\x1b[2J: lost: S3 has no counterpart of \\x1b[2J (\\u009b)\n",
		},
		{
			name:   "Ceph takes what S3 does not",
			args:   []string{"convert", "-to", "array", "-dialect", "ceph", "-"},
			stdin:  `<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>COPY</AllowedMethod></CORSRule></CORSConfiguration>`,
			stdout: "[\n    {\n        \"AllowedMethods\": [\n            \"COPY\"\n        ],\n        \"AllowedOrigins\": [\n            \"*\"\n        ]\n    }\n]\n",
		},
	})
}

const mergedJSON = `{
    "CORSRules": [
        {
            "AllowedHeaders": [
                "*"
            ],
            "AllowedMethods": [
                "GET"
            ],
            "AllowedOrigins": [
                "http://www.example.com"
            ],
            "MaxAgeSeconds": 3000
        },
        {
            "AllowedMethods": [
                "PUT"
            ],
            "AllowedOrigins": [
                "https://a.example"
            ]
        }
    ]
}
`

func TestConvertMerges(t *testing.T) {
	rule := `{"AllowedOrigins": ["https://a.example"], "AllowedMethods": ["PUT"]}`
	play(t, []scenario{
		{
			name:   "rules are added behind those that are there",
			args:   []string{"convert", "-to", "json", "-merge", "-", "example.xml"},
			stdin:  `{"rules":[{"allowed":{"origins":["https://a.example"],"methods":["PUT"]}}]}`,
			stdout: mergedJSON,
		},
		{
			name:   "once",
			args:   []string{"convert", "-to", "json", "-merge", "-", "example.xml"},
			stdin:  "[" + rule + `, {"ID": "again", "AllowedMethods": ["PUT"], "AllowedOrigins": ["https://a.example"]}]`,
			stdout: mergedJSON,
			stderr: "-:1:72: CORSRules[1]: note: the rule is left out: CORSRules[1] of the result is the same (again)\n",
		},
		{
			name:   "nothing is added by a document that could not be read whole",
			args:   []string{"convert", "-to", "json", "-merge", "misspelt.json", "example.xml"},
			stderr: refusedMisspelt() + "s3cors: nothing is written: the configuration could not be read whole\n",
			status: exitRefused,
		},
		{
			name:   "a template with several buckets is converted alone first",
			args:   []string{"convert", "-to", "json", "-merge", "template.json", "example.xml"},
			stderr: "s3cors: template.json: there are 2 CORS configurations in it, and one must be chosen: Photos, Fonts (by converting it alone first, with -resource NAME)\n",
			status: exitFailed,
		},
		{
			name:   "both cannot be standard input",
			args:   []string{"convert", "-to", "json", "-merge", "-", "-"},
			stderr: "s3cors: convert: one of FILE and -merge can be standard input, not both\n",
			status: exitFailed,
		},
	})
}

func refusedMisspelt() string {
	var stdout, stderr bytes.Buffer
	run([]string{"check", "testdata/misspelt.json"}, nil, &stdout, &stderr)
	return strings.ReplaceAll(stdout.String(), "testdata/", "")
}

func TestConvertMergeTellsOfTheLimits(t *testing.T) {
	t.Chdir(t.TempDir())
	rules := func(name string, n, size int) {
		var list []string
		for i := range n {
			list = append(list, `{"AllowedOrigins":["https://`+name+strings.Repeat("x", size+i)+`"],"AllowedMethods":["GET"]}`)
		}
		require.NoError(t, os.WriteFile(name, []byte("["+strings.Join(list, ",")+"]"), 0o644))
	}
	rules("a", 60, 1)
	rules("b", 41, 1)
	rules("c", 1, 40000)
	rules("d", 1, 30000)
	for _, test := range []struct{ base, added, begins, ends string }{
		{"a", "b", "a: CORSRules: there are 101 rules, and 100 are allowed", " (InvalidRequest: The number of CORS rules should not exceed allowed limit of 100 rules.)\n"},
		{"c", "d", "c: CORSConfiguration: the text has 70316 bytes, and 65536 are allowed", " (MaxMessageLengthExceeded: Your request was too big.)\n"},
	} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, exitRefused, run([]string{"convert", "-to", "xml", "-merge", test.added, test.base}, nil, &stdout, &stderr))
		require.Equal(t, 1, strings.Count(stderr.String(), "\n"))
		require.True(t, strings.HasPrefix(stderr.String(), test.begins), stderr.String())
		require.True(t, strings.HasSuffix(stderr.String(), test.ends), stderr.String())
		require.NotEmpty(t, stdout.String())
	}
}

func TestConvertJSON(t *testing.T) {
	play(t, []scenario{
		{
			name: "an object on a line tells all",
			args: []string{"convert", "-json", "-to", "xml", "-resource", "Fonts", "template.json"},
			stdout: `{"schema":1,"file":"template.json","from":"cloudformation","to":"xml",` +
				`"output":"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\n  <CORSRule>\n    <AllowedOrigin>*</AllowedOrigin>\n    <AllowedMethod>GET</AllowedMethod>\n  </CORSRule>\n</CORSConfiguration>\n",` +
				`"losses":[],"notes":[{"path":"CORSConfiguration","value":"Resources.Fonts.Properties.CorsConfiguration.CorsRules","text":"only this was read of the document","line":24,"column":24}],"problems":[],"more":0}` + "\n",
		},
		{
			name:  "the output is there even if something is lost, for the reader to decide",
			args:  []string{"convert", "-json", "-to", "gcs", "-"},
			stdin: `[{"ID":"up","AllowedOrigins":["*"],"AllowedMethods":["GET"]}]`,
			stdout: `{"schema":1,"file":"-","from":"array","to":"gcs","output":"[\n    {\n        \"origin\": [\n            \"*\"\n        ],\n        \"method\": [\n            \"GET\"\n        ]\n    }\n]\n",` +
				`"losses":[{"path":"CORSRules[0].ID","value":"up","text":"Google Cloud Storage has no names for rules","line":1,"column":8}],"notes":[],"problems":[],"more":0}` + "\n",
			status: exitRefused,
		},
		{
			name:  "there is none for what could not be read",
			args:  []string{"convert", "-json", "-to", "gcs", "-"},
			stdin: `[{"origin":5,"method":["GET"]}]`,
			stdout: `{"schema":1,"file":"-","from":"gcs","to":"gcs","output":null,"losses":[],"notes":[],"problems":[` +
				`{"code":"MalformedXML","message":"` + malformedMessage + `","row":"10/json-shape","detail":` + quoted(detail(`[{"AllowedOrigins":5,"AllowedMethods":["GET"]}]`)) + `,"path":"CORSRules[0].AllowedOrigins","line":1,"column":12,"endLine":1,"endColumn":13}],"more":0}` + "\n",
			status: exitRefused,
		},
		{
			name:   "an error is a line of standard error",
			args:   []string{"convert", "-json", "-to", "gcs", "-"},
			stdin:  `[{"AllowedOrigins":["*",]}]`,
			stderr: "s3cors: -:1:24: " + detail(`[{"AllowedOrigins":["*",]}]`) + "\n",
			status: exitFailed,
		},
	})
}

func TestWrongUsageOfConvertIsOneLineAndStatusTwo(t *testing.T) {
	play(t, []scenario{
		{
			name:   "no file",
			args:   []string{"convert", "-to", "xml"},
			stderr: "s3cors: convert: which file? \"-\" is standard input\n",
			status: exitFailed,
		},
		{
			name:   "two files",
			args:   []string{"convert", "-to", "xml", "console.json", "example.xml"},
			stderr: "s3cors: convert: stray argument \"example.xml\"\n",
			status: exitFailed,
		},
		{
			name:   "no format",
			args:   []string{"convert", "console.json"},
			stderr: "s3cors: convert: -to says which format to write\n",
			status: exitFailed,
		},
		{
			name:   "a format that is none",
			args:   []string{"convert", "-to", "hcl", "console.json"},
			stderr: "s3cors: convert: invalid value \"hcl\" for flag -to: \"hcl\" is no format: the formats are xml, json, array, cloudformation, cloudformation-yaml, cdk, terraform, terraform-json, r2, gcs, gcs-xml, b2\n",
			status: exitFailed,
		},
		{
			name:   "a format that is not written",
			args:   []string{"convert", "-to", "cdk", "console.json"},
			stderr: "s3cors: convert: -to: cdk is read, not written\n",
			status: exitFailed,
		},
		{
			name:   "a format that is not read",
			args:   []string{"convert", "-from", "terraform", "-to", "xml", "console.json"},
			stderr: "s3cors: convert: -from: terraform is written, not read\n",
			status: exitFailed,
		},
		{
			name:   "a bucket where none has a place",
			args:   []string{"convert", "-to", "xml", "-bucket", "photos", "console.json"},
			stderr: "s3cors: convert: -bucket: xml names no bucket\n",
			status: exitFailed,
		},
	})
}

func TestConvertHelpShowsAnExampleThatWorks(t *testing.T) {
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFine, run([]string{"help", "convert"}, nil, &stdout, &stderr))
	require.Empty(t, stderr.String())
	require.True(t, strings.HasPrefix(stdout.String(), convertUsage))

	_, line, ok := strings.Cut(stdout.String(), "\n  echo '")
	require.True(t, ok)
	line, _, _ = strings.Cut(line, "\n")
	document, command, ok := strings.Cut(line, "' | s3cors convert ")
	require.True(t, ok)
	require.Equal(t, "-to terraform -", command)
	stdout.Reset()
	require.Equal(t, exitFine, run(append([]string{"convert"}, strings.Fields(command)...), strings.NewReader(document), &stdout, &stderr))
	require.Contains(t, stdout.String(), "cors_rule {")
}

// convertInTemp runs convert in a directory that has example.xml, and returns what is
// beside it afterwards.
func convertInTemp(t *testing.T, setup func(), args ...string) (status int, stderr string, files map[string]string) {
	t.Helper()
	example, err := os.ReadFile("testdata/example.xml")
	require.NoError(t, err)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("example.xml", example, 0o644))
	setup()
	var stdout, errors bytes.Buffer
	status = run(append([]string{"convert"}, args...), strings.NewReader(""), &stdout, &errors)
	require.Empty(t, stdout.String())
	files = make(map[string]string)
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range entries {
		if content, err := os.ReadFile(entry.Name()); err == nil && entry.Name() != "example.xml" {
			files[entry.Name()] = string(content)
		}
	}
	return status, errors.String(), files
}

func TestConvertWritesAFileWhole(t *testing.T) {
	status, stderr, files := convertInTemp(t, func() {}, "-to", "terraform", "-bucket", "photos", "-o", "cors.tf", "example.xml")
	require.Empty(t, stderr)
	require.Equal(t, exitFine, status)
	require.Empty(t, cmp.Diff(map[string]string{"cors.tf": exampleTerraform}, files))
}

func TestConvertReplacesAFileAndKeepsItsMode(t *testing.T) {
	status, _, files := convertInTemp(t, func() {
		require.NoError(t, os.WriteFile("old", []byte("old"), 0o600))
		require.NoError(t, os.Symlink("old", "link"))
	}, "-to", "terraform", "-bucket", "photos", "-o", "link", "example.xml")
	require.Equal(t, exitFine, status)
	require.Equal(t, exampleTerraform, files["old"])
	info, err := os.Lstat("link")
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	info, err = os.Stat("old")
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Len(t, files, 2)
}

func TestConvertLeavesTheFileWhereSomethingIsLost(t *testing.T) {
	status, stderr, files := convertInTemp(t, func() {
		require.NoError(t, os.WriteFile("out", []byte("old"), 0o644))
	}, "-to", "gcs", "-o", "out", "example.xml")
	require.Equal(t, exitRefused, status)
	require.Contains(t, stderr, "lost")
	require.Equal(t, map[string]string{"out": "old"}, files)
}

func TestConvertLeavesNothingWhereAFileCannotBeWritten(t *testing.T) {
	for name, setup := range map[string]func(){
		"into a folder that is not there": func() {},
		"over a folder":                   func() { require.NoError(t, os.MkdirAll(filepath.Join("no", "out"), 0o755)) },
	} {
		t.Run(name, func(t *testing.T) {
			status, stderr, files := convertInTemp(t, setup, "-to", "array", "-o", filepath.Join("no", "out"), "example.xml")
			require.Equal(t, exitFailed, status)
			require.Equal(t, 1, strings.Count(stderr, "\n"))
			require.Empty(t, files)
		})
	}
}

func TestConvertReadsNoMoreThanItTakes(t *testing.T) {
	stdin := &endless{b: '['}
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFailed, run([]string{"convert", "-to", "xml", "-"}, stdin, &stdout, &stderr))
	require.Equal(t, "s3cors: -: the document has more than 4194304 bytes\n", stderr.String())
	require.Less(t, stdin.read, 8<<20)
}
