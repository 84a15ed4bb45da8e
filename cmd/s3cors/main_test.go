package main

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// A scenario is one use of the command, in the directory testdata. The scenarios
// are meant to be read: they are its manual.
type scenario struct {
	name   string
	args   []string
	stdin  string
	stdout string
	stderr string
	status int
}

func play(t *testing.T, scenarios []scenario) {
	t.Helper()
	require.NotEmpty(t, scenarios)
	t.Chdir("testdata")
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := run(s.args, strings.NewReader(s.stdin), &stdout, &stderr)
			if diff := cmp.Diff(s.stdout, stdout.String()); diff != "" {
				t.Errorf("standard output (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(s.stderr, stderr.String()); diff != "" {
				t.Errorf("standard error (-want +got):\n%s", diff)
			}
			require.Equal(t, s.status, status, "exit status")
		})
	}
}

const evalFlagsText = `  -authorization
    	the request has an Authorization header, which Ceph looks at
  -bucket
    	the URL addresses the bucket, not an object in it
  -config FILE
    	FILE with the bucket's configuration, in XML or JSON; "-" is
    	standard input (default: the bucket has none)
  -dialect NAME
    	NAME of the kind of server that answers: aws, ceph, or ceph-main,
    	which is Ceph's main branch (default aws)
  -host-id ID
    	ID to stand as HostId in an error body
  -jsonl
    	evaluate a stream of JSON lines from standard input; no other flag
    	may stand beside it but -dialect
  -method METHOD
    	METHOD of the request (default "GET")
  -missing-bucket
    	the bucket does not exist; -config is not read
  -origin VALUE
    	VALUE of Origin
  -request-headers VALUE
    	VALUE of Access-Control-Request-Headers
  -request-id ID
    	ID to stand as RequestId in an error body
  -request-method VALUE
    	VALUE of Access-Control-Request-Method
  -service
    	the URL is the root, where no bucket is addressed
  -subresource NAME
    	NAME of the sub-resource in the query, such as cors, which Ceph
    	looks at
`

const checkFlagsText = `  -dialect NAME
    	NAME of the kind of server that answers: aws, ceph, or ceph-main,
    	which is Ceph's main branch (default aws)
  -json
    	print a JSON object for each file, on a line
`

const conformanceFlagsText = `  -access-key ID
    	ID of the access key (default: AWS_ACCESS_KEY_ID, which other
    	users of the machine cannot see)
  -baseline FILE
    	FILE that lists the vectors that are known to fail, an id on a
    	line, with a reason behind a #
  -bucket NAME
    	NAME of an existing bucket to use instead of making some; its
    	configuration is put back in the end
  -dialect NAME
    	NAME of the kind of server that answers: aws, ceph, or ceph-main,
    	which is Ceph's main branch (default aws)
  -endpoint URL
    	URL of the server, such as http://127.0.0.1:9000 (default:
    	AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL)
  -full
    	show every failure in full
  -insecure
    	accept any certificate
  -json
    	print a JSON object instead of a table
  -junit FILE
    	FILE to write as JUnit XML
  -lacks NAMES
    	NAMES, with commas between them, of what the server does not have,
    	such as accounts or PostObject; what needs it is skipped
  -location NAME
    	NAME of the LocationConstraint of buckets that are made (default:
    	they have none)
  -markdown FILE
    	FILE to write as Markdown
  -new-baseline FILE
    	FILE to write as a baseline that lists what failed
  -parallel NUMBER
    	NUMBER of buckets to use at the same time (default 4)
  -put-command COMMAND
    	COMMAND for sh -c in place of PUT and DELETE ?cors, for servers
    	that have neither: it gives the bucket S3CORS_BUCKET the
    	configuration in the file S3CORS_FILE, or takes it away if that is
    	empty
  -region REGION
    	REGION that signatures name (default: AWS_REGION,
    	AWS_DEFAULT_REGION, us-east-1)
  -run REGEXP
    	REGEXP of the ids of the vectors to ask, no others
  -secret-key SECRET
    	SECRET of the access key (default: AWS_SECRET_ACCESS_KEY, which
    	other users of the machine cannot see)
  -settle TIME
    	TIME that a change of a configuration may take to have an effect (default 5s)
  -skip REGEXP
    	REGEXP of the ids of the vectors not to ask
  -style STYLE
    	STYLE of addresses: path (http://host/bucket) or virtual
    	(http://bucket.host; the connection goes to the endpoint) (default "path")
  -timeout TIME
    	TIME in which an answer must be there (default 10s)
`

func TestHelp(t *testing.T) {
	play(t, []scenario{
		{
			name:   "help tells of the commands",
			args:   []string{"help"},
			stdout: usage,
		},
		{
			name:   "so does -h",
			args:   []string{"-h"},
			stdout: usage,
		},
		{
			name:   "so does -help",
			args:   []string{"-help"},
			stdout: usage,
		},
		{
			name:   "so does --help",
			args:   []string{"--help"},
			stdout: usage,
		},
		{
			name:   "help eval lists its flags",
			args:   []string{"help", "eval"},
			stdout: evalUsage + evalFlagsText,
		},
		{
			name:   "so does eval -h",
			args:   []string{"eval", "-h"},
			stdout: evalUsage + evalFlagsText,
		},
		{
			name:   "so does eval --help, whatever stands before it",
			args:   []string{"eval", "-origin", "https://a.example", "--help"},
			stdout: evalUsage + evalFlagsText,
		},
		{
			name:   "help check lists its flag",
			args:   []string{"help", "check"},
			stdout: checkUsage + checkFlagsText,
		},
		{
			name:   "so does check -h",
			args:   []string{"check", "-h"},
			stdout: checkUsage + checkFlagsText,
		},
		{
			name:   "help conformance lists its flags",
			args:   []string{"help", "conformance"},
			stdout: conformanceUsage + conformanceFlagsText,
		},
		{
			name:   "so does conformance -h",
			args:   []string{"conformance", "-h"},
			stdout: conformanceUsage + conformanceFlagsText,
		},
	})
}

func TestWrongUsageIsOneLineAndStatusTwo(t *testing.T) {
	play(t, []scenario{
		{
			name:   "no command",
			stderr: "s3cors: which command? \"s3cors help\" lists them\n",
			status: exitFailed,
		},
		{
			name:   "an unknown command",
			args:   []string{"evaluate"},
			stderr: "s3cors: unknown command \"evaluate\"; \"s3cors help\" lists them\n",
			status: exitFailed,
		},
		{
			name:   "help for an unknown command",
			args:   []string{"help", "evaluate"},
			stderr: "s3cors: unknown command \"evaluate\"; \"s3cors help\" lists them\n",
			status: exitFailed,
		},
		{
			name:   "help for two commands",
			args:   []string{"help", "eval", "check"},
			stderr: "s3cors: help: stray argument \"check\"\n",
			status: exitFailed,
		},
		{
			name:   "an unknown flag of eval",
			args:   []string{"eval", "-verbose"},
			stderr: "s3cors: eval: flag provided but not defined: -verbose\n",
			status: exitFailed,
		},
		{
			name:   "an unknown flag of check",
			args:   []string{"check", "-verbose", "example.xml"},
			stderr: "s3cors: check: flag provided but not defined: -verbose\n",
			status: exitFailed,
		},
		{
			name:   "a flag without its value",
			args:   []string{"eval", "-origin"},
			stderr: "s3cors: eval: flag needs an argument: -origin\n",
			status: exitFailed,
		},
		{
			name:   "a value that is none for its flag",
			args:   []string{"eval", "-bucket=photos"},
			stderr: "s3cors: eval: invalid boolean value \"photos\" for -bucket: parse error\n",
			status: exitFailed,
		},
		{
			name:   "a file for eval without -config",
			args:   []string{"eval", "example.xml"},
			stderr: "s3cors: eval: stray argument \"example.xml\"\n",
			status: exitFailed,
		},
		{
			name:   "check without a file",
			args:   []string{"check", "-json"},
			stderr: "s3cors: check: which file? \"-\" is standard input\n",
			status: exitFailed,
		},
		{
			name:   "both -bucket and -service",
			args:   []string{"eval", "-bucket", "-service"},
			stderr: "s3cors: eval: -bucket and -service exclude each other\n",
			status: exitFailed,
		},
		{
			name:   "an empty method",
			args:   []string{"eval", "-method", " "},
			stderr: "s3cors: eval: -method must not be empty\n",
			status: exitFailed,
		},
		{
			name:   "a flag beside -jsonl",
			args:   []string{"eval", "-jsonl", "-config", "example.xml"},
			stderr: "s3cors: eval: no other flag may stand beside -jsonl, but for -dialect\n",
			status: exitFailed,
		},
		{
			name:   "a line break in a header",
			args:   []string{"eval", "-origin", "https://a.example\r\nX-Injected: 1"},
			stderr: "s3cors: eval: -origin: \"https://a.example\\r\\nX-Injected: 1\" holds a character that HTTP cannot send\n",
			status: exitFailed,
		},
		{
			name:   "control characters come out escaped",
			args:   []string{"eval", "-\x1b[2J\nfoo\xff"},
			stderr: "s3cors: eval: flag provided but not defined: -\\x1b[2J\\nfoo\\xff\n",
			status: exitFailed,
		},
	})
}

// A closed is a writer that nobody reads from any more.
type closed struct{}

var errClosed = errors.New("the reader has gone")

func (closed) Write([]byte) (int, error) { return 0, errClosed }

func TestOutputThatCannotBeWrittenIsStatusTwo(t *testing.T) {
	line := `{"request":{"method":"GET"}}` + "\n"
	for _, test := range []struct {
		name  string
		args  []string
		stdin string
	}{
		{name: "help", args: []string{"help"}},
		{name: "help of eval", args: []string{"eval", "-h"}},
		{name: "eval", args: []string{"eval", "-origin", "https://a.example"}},
		{name: "eval of a line", args: []string{"eval", "-jsonl"}, stdin: line},
		{name: "eval of many lines", args: []string{"eval", "-jsonl"}, stdin: strings.Repeat(line, 10_000)},
		{name: "help of conformance", args: []string{"conformance", "-h"}},
		{name: "check", args: []string{"check", "testdata/refused.xml"}},
		{name: "check -json", args: []string{"check", "-json", "testdata/example.xml"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var stderr bytes.Buffer
			status := run(test.args, strings.NewReader(test.stdin), closed{}, &stderr)
			require.Equal(t, "s3cors: the reader has gone\n", stderr.String())
			require.Equal(t, exitFailed, status)
		})
	}
}

func TestInputThatCannotBeReadIsStatusTwo(t *testing.T) {
	for name, test := range map[string]struct {
		args   []string
		stdout string
	}{
		"eval":          {args: []string{"eval", "-config", "-"}},
		"check":         {args: []string{"check", "-"}},
		"check -json":   {args: []string{"check", "-json", "-"}},
		"eval of lines": {args: []string{"eval", "-jsonl"}, stdout: emptyLine},
	} {
		t.Run(name, func(t *testing.T) {
			stdin := io.MultiReader(strings.NewReader("\n[{"), iotest.ErrReader(errors.New("the disk is on fire")))
			var stdout, stderr bytes.Buffer
			status := run(test.args, stdin, &stdout, &stderr)
			require.Equal(t, test.stdout, stdout.String())
			require.Equal(t, "s3cors: the disk is on fire\n", stderr.String())
			require.Equal(t, exitFailed, status)
		})
	}
}
