package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors/corstest/conformance"
	"github.com/s3cors/s3cors/corstest/vectors"
	"github.com/s3cors/s3cors/internal/sigv4"
)

// noAWS takes away what the environment says of AWS.
func noAWS(t *testing.T) {
	t.Helper()
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION",
		"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
	} {
		t.Setenv(name, "")
	}
}

// conform runs the command.
func conform(t *testing.T, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(append([]string{"conformance"}, args...), strings.NewReader(""), &out, &err)
	return out.String(), err.String(), status
}

// A verdicts is what a test reads of the JSON.
type verdicts struct {
	Schema  int
	Target  string
	Dialect string
	Counts  map[string]struct{ Pass, Fail, Error, Skip int }
	Results []verdictOf
}

type verdictOf struct {
	ID, Level, Verdict, Reason string
	Diffs                      []struct{ What, Want, Got string }
}

// failed are the results that are not as they should be.
func (v verdicts) failed() []verdictOf {
	var all []verdictOf
	for _, r := range v.Results {
		if r.Verdict == "fail" || r.Verdict == "error" {
			all = append(all, r)
		}
	}
	return all
}

func (v verdicts) passed() int {
	return v.Counts["must"].Pass + v.Counts["should"].Pass + v.Counts["may"].Pass
}

// requireConformance runs the command, which must find nothing wrong.
func requireConformance(t *testing.T, args ...string) verdicts {
	t.Helper()
	stdout, stderr, status := conform(t, append(args, "-json")...)
	require.Empty(t, stderr)
	var v verdicts
	require.NoError(t, json.Unmarshal([]byte(stdout), &v), stdout)
	require.Empty(t, v.failed())
	require.Equal(t, exitFine, status)
	return v
}

const (
	keyID  = "AKIAIOSFODNN7EXAMPLE"
	secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

func TestAServerOfThisRepositoryConforms(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, func(s *fakeS3) {
		s.signer = &sigv4.Signer{AccessKeyID: keyID, SecretAccessKey: secret, SessionToken: "token", Region: "eu-west-1"}
	})
	t.Setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
	t.Setenv("AWS_ENDPOINT_URL_S3", s.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", keyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	t.Setenv("AWS_SESSION_TOKEN", "token")
	t.Setenv("AWS_DEFAULT_REGION", "eu-west-1")
	v := requireConformance(t, "-lacks", fakeLacks)
	require.Equal(t, 1, v.Schema)
	require.Equal(t, s.URL, v.Target)
	require.Equal(t, "aws", v.Dialect)
	require.Greater(t, v.passed(), 900)
	require.Empty(t, s.content())
}

func TestVirtualHostedAddresses(t *testing.T) {
	noAWS(t)
	hosts := make(map[string]bool)
	s := newFakeS3(t, func(s *fakeS3) {
		s.virtual = true
		s.signer = &sigv4.Signer{AccessKeyID: keyID, SecretAccessKey: secret, Region: "us-east-1"}
		s.front = func(_ http.ResponseWriter, r *http.Request) bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			hosts[r.Host] = true
			return false
		}
	})
	v := requireConformance(t, "-endpoint", s.URL, "-style", "virtual", "-access-key", keyID, "-secret-key", secret,
		"-run", "^(preflight|op-get|op-put)", "-lacks", fakeLacks)
	require.Greater(t, v.passed(), 20)
	require.Empty(t, s.content())
	require.Greater(t, len(hosts), 1)
	for host := range hosts {
		require.Regexp(t, `^s3cors-[a-z0-9-]+\.127\.0\.0\.1:[0-9]+$`, host)
	}
}

const oneRule = `<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`

func TestAnExistingBucketIsLeftAsItWasFound(t *testing.T) {
	noAWS(t)
	for name, config := range map[string]string{"with a configuration": oneRule, "without one": ""} {
		t.Run(name, func(t *testing.T) {
			s := newFakeS3(t, nil)
			s.makeBucket(t, "mine", config)
			v := requireConformance(t, "-endpoint", s.URL, "-bucket", "mine", "-run", "^(op-(get|put)|preflight-)", "-lacks", fakeLacks)
			require.Greater(t, v.passed(), 20)
			require.Equal(t, []string{"mine"}, s.content())
			require.Equal(t, config, s.configuration(t, "mine"))
		})
	}
}

func TestACommandCanConfigureTheServer(t *testing.T) {
	noAWS(t)
	dir := dirStore(t.TempDir())
	s := newFakeS3(t, func(s *fakeS3) { s.store, s.always = dir, true })
	t.Setenv("CORS_DIR", string(dir))
	v := requireConformance(t, "-endpoint", s.URL, "-lacks", "accounts,authentication,"+fakeLacks, "-put-command",
		`if [ -n "$S3CORS_FILE" ]; then cp "$S3CORS_FILE" "$CORS_DIR/$S3CORS_BUCKET"; else rm -f "$CORS_DIR/$S3CORS_BUCKET"; fi`)
	require.Greater(t, v.passed(), 300)
	require.Empty(t, s.content())
	require.Empty(t, dir.files(t))
}

func TestWhatACommandPrintsIsShownWhenItFails(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, nil)
	stdout, stderr, status := conform(t, "-endpoint", s.URL, "-json", "-run", "^star", "-put-command", `echo "no such server: $S3CORS_BUCKET" >&2; exit 3`)
	require.Regexp(t, `^s3cors: conformance: http://127\.0\.0\.1:[0-9]+: setting the configuration: -put-command: exit status 3: no such server: s3cors-[a-z0-9-]+\n$`, stderr)
	require.Equal(t, exitFailed, status)
	require.Empty(t, stdout)
	require.Empty(t, s.content())
}

func TestACommandThatIsNotDoneIsEnded(t *testing.T) {
	begin := time.Now()
	err := putBy("echo working; sleep 60", 100*time.Millisecond)(t.Context(), "bucket", []byte("<a/>"))
	require.EqualError(t, err, "-put-command: it was not done after 100ms: working")
	require.Less(t, time.Since(begin), 30*time.Second)
}

func TestACommandMayLeaveSomethingThatGoesOn(t *testing.T) {
	require.NoError(t, putBy("sleep 3 &", time.Minute)(t.Context(), "bucket", nil))
}

func TestTheEndOfWhatACommandPrintsIsKept(t *testing.T) {
	var end tail
	for range 300 {
		_, err := end.Write([]byte("abcdefghi\n"))
		require.NoError(t, err)
	}
	require.Equal(t, strings.Repeat("abcdefghi\n", 99)+"abcdefghi", end.String())
}

func TestAFileIsReplacedAsItWas(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink(file, link))
	o, err := openOutput(link)
	require.NoError(t, err)
	before, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "old", string(before))
	require.NoError(t, o.write([]byte("new")))
	o.discard()
	after, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "new", string(after))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	require.Equal(t, os.ModeSymlink, info.Mode().Type())
	info, err = os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 2)
}

func TestWhatIsNoOrdinaryFileIsWrittenItself(t *testing.T) {
	o, err := openOutput(os.DevNull)
	require.NoError(t, err)
	require.NoError(t, o.write([]byte("gone")))
	info, err := os.Stat(os.DevNull)
	require.NoError(t, err)
	require.NotZero(t, info.Mode()&os.ModeCharDevice)
}

func TestAServerWithAFault(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, func(s *fakeS3) { s.wrap = withoutVary })
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	args := []string{"-endpoint", s.URL, "-lacks", "accounts", "-settle", "1ms", "-run", "preflight|star|op-get"}
	t.Run("fails, and the reports say at what", func(t *testing.T) {
		stdout, stderr, status := conform(t, append(args, "-junit", file("junit.xml"), "-markdown", file("report.md"), "-new-baseline", file("known.txt"))...)
		require.Equal(t, exitRefused, status)
		require.Empty(t, stderr)
		require.True(t, strings.HasPrefix(stdout, s.URL+", held against Amazon S3: "), stdout)
		require.Contains(t, stdout, "curl -i ")
		require.Contains(t, stdout, "vary-absent, confidence ")
		require.Contains(t, stdout, "  Vary\n")
		junit, err := os.ReadFile(file("junit.xml"))
		require.NoError(t, err)
		require.True(t, isXML(junit))
		markdown, err := os.ReadFile(file("report.md"))
		require.NoError(t, err)
		require.Contains(t, string(markdown), "| exact headers ")
	})
	t.Run("conforms with a baseline that says so", func(t *testing.T) {
		_, stderr, status := conform(t, append(args, "-baseline", file("known.txt"))...)
		require.Empty(t, stderr)
		require.Equal(t, exitFine, status)
	})
	t.Run("is in conflict with one that says something else", func(t *testing.T) {
		require.NoError(t, os.WriteFile(file("other.txt"), []byte("no-such-vector # gone\nop-get-none # we have none\n"), 0o666))
		_, stderr, status := conform(t, "-endpoint", s.URL, "-run", "^op-get-none$", "-baseline", file("other.txt"))
		require.Equal(t, "unexpected pass: op-get-none: take it out of line 2 of the baseline\n"+
			"unknown vector: no-such-vector, in line 1 of the baseline\n", stderr)
		require.Equal(t, exitRefused, status)
	})
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 4, "a draft was left behind")
}

func TestWhatIsWrongBeforeARunIsOneLineAndStatusTwo(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, nil)
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.txt")
	require.NoError(t, os.WriteFile(bad, []byte("No Id\n"), 0o666))
	for _, row := range []struct {
		name string
		args []string
		env  string // of the secret
		want string
	}{
		{name: "no endpoint", want: `which server? -endpoint names it`},
		{name: "an endpoint that is no URL", args: []string{"-endpoint", "127.0.0.1:9000"}, want: `"127.0.0.1:9000" is no address of a server: it must begin with http:// or https://`},
		{name: "a style that is none", args: []string{"-endpoint", s.URL, "-style", "dns"}, want: `-style: "dns" is neither path nor virtual`},
		{name: "half a credential", args: []string{"-endpoint", s.URL, "-access-key", "a"}, want: `an access key and its secret belong together, and only one of them is given`},
		{name: "the other half", args: []string{"-endpoint", s.URL}, env: "b", want: `an access key and its secret belong together, and only one of them is given`},
		{name: "a credential of two lines", args: []string{"-endpoint", s.URL, "-access-key", "a\nb", "-secret-key", "c"}, want: `the credentials have more than one line`},
		{name: "no buckets at all", args: []string{"-endpoint", s.URL, "-parallel", "0"}, want: `-parallel: it must be 1 at least, and is 0`},
		{name: "a time that is none", args: []string{"-endpoint", s.URL, "-timeout", "10"}, want: `invalid value "10" for flag -timeout: a time is written as 500ms, 10s or 2m`},
		{name: "no time", args: []string{"-endpoint", s.URL, "-timeout", "0s"}, want: `invalid value "0s" for flag -timeout: it must be more than 0`},
		{name: "a pattern that is none", args: []string{"-endpoint", s.URL, "-run", "("}, want: "invalid value \"(\" for flag -run: error parsing regexp: missing closing ): `(`"},
		{name: "a pattern of nothing", args: []string{"-endpoint", s.URL, "-run", "^$"}, want: `-run and -skip leave no vector`},
		{name: "a name that is empty", args: []string{"-endpoint", s.URL, "-lacks", "a,"}, want: `invalid value "a," for flag -lacks: a name is empty`},
		{name: "a dialect that is none", args: []string{"-endpoint", s.URL, "-dialect", "minio"}, want: `invalid value "minio" for flag -dialect: s3cors: "minio" is no dialect: it is aws, ceph or ceph-main`},
		{name: "an argument", args: []string{"-endpoint", s.URL, "more"}, want: `stray argument "more"`},
		{name: "a baseline that is not there", args: []string{"-endpoint", s.URL, "-baseline", "no-such-file"}, want: `open no-such-file: no such file or directory`},
		{name: "a baseline that is none", args: []string{"-endpoint", s.URL, "-baseline", bad}, want: bad + `:1: "No Id" is no id of a vector; a line is: id  # reason`},
		{name: "a file in a directory that is not there", args: []string{"-endpoint", s.URL, "-junit", dir + "/no/such"}, want: dir + `/no/such cannot be written: no such file or directory`},
		{name: "a directory for a file", args: []string{"-endpoint", s.URL, "-markdown", dir}, want: dir + ` is a directory`},
		{name: "one file for two reports", args: []string{"-endpoint", s.URL, "-markdown", dir + "/x", "-junit", dir + "/x"}, want: dir + `/x is to hold two reports`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Setenv("AWS_SECRET_ACCESS_KEY", row.env)
			stdout, stderr, status := conform(t, row.args...)
			require.Equal(t, "s3cors: conformance: "+row.want+"\n", stderr)
			require.Empty(t, stdout)
			require.Equal(t, exitFailed, status)
		})
	}
	require.Zero(t, s.requests())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)
}

func TestANameThatNothingHasIsToldFromThoseThatThereAre(t *testing.T) {
	noAWS(t)
	stdout, stderr, status := conform(t, "-endpoint", "http://127.0.0.1:1", "-lacks", "ranges,account")
	begin, names, ok := strings.Cut(strings.TrimSuffix(stderr, "\n"), "; what they need is: ")
	require.True(t, ok, stderr)
	require.Equal(t, `s3cors: conformance: -lacks: no vector needs "account"`, begin)
	known := strings.Split(names, ", ")
	require.Subset(t, known, []string{"accounts", "buckets", "cors-api", "PutObject", "ranges"})
	require.True(t, slices.IsSorted(known))
	require.Empty(t, stdout)
	require.Equal(t, exitFailed, status)
}

func TestAServerThatCannotBeAskedIsOneLineAndStatusTwo(t *testing.T) {
	noAWS(t)
	signed := newFakeS3(t, func(s *fakeS3) {
		s.signer = &sigv4.Signer{AccessKeyID: keyID, SecretAccessKey: secret, Region: "us-east-1"}
	})
	secured := httptest.NewUnstartedServer(http.NotFoundHandler())
	secured.Config.ErrorLog = log.New(io.Discard, "", 0)
	secured.StartTLS()
	defer secured.Close()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	silent, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts what comes
	require.NoError(t, err)
	defer silent.Close()
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "<html>\x1b[2J", http.StatusMethodNotAllowed)
	}))
	defer page.Close()
	rows := []struct {
		name string
		args []string
		want string
	}{
		{"no credentials", []string{"-endpoint", signed.URL}, "creating a bucket: the server said 403 AccessDenied: Access Denied"},
		{
			"credentials that nobody has", []string{"-endpoint", signed.URL, "-access-key", "a", "-secret-key", "b"},
			"creating a bucket: the server said 403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.",
		},
		{
			"a wrong secret", []string{"-endpoint", signed.URL, "-access-key", keyID, "-secret-key", "b"},
			"creating a bucket: the server said 403 SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your key and signing method.",
		},
		{
			"a bucket that is not there", []string{"-endpoint", newFakeS3(t, nil).URL, "-bucket", "none"},
			"reading the configuration of bucket none: the server said 404 NoSuchBucket: The specified bucket does not exist",
		},
		{"TLS on the port", []string{"-endpoint", strings.Replace(secured.URL, "https", "http", 1)}, "creating a bucket: it speaks TLS on this port: use https://"},
		{"no TLS on the port", []string{"-endpoint", strings.Replace(page.URL, "http", "https", 1)}, "creating a bucket: it does not speak TLS on this port: use http://"},
		{
			"a certificate of nobody", []string{"-endpoint", secured.URL},
			"creating a bucket: its certificate is not accepted: x509: certificate signed by unknown authority",
		},
		{"another server", []string{"-endpoint", page.URL}, "creating a bucket: the server said 405"},
		{"nobody", []string{"-endpoint", "http://" + closed.Addr().String()}, "creating a bucket: no connection to " + closed.Addr().String() + ": connection refused"},
		{"silence", []string{"-endpoint", "http://" + silent.Addr().String(), "-timeout", "150ms"}, "creating a bucket: it kept silent for 150ms"},
	}
	require.NoError(t, closed.Close()) // now, as nobody else listens from here on
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			stdout, stderr, status := conform(t, row.args...)
			require.Equal(t, "s3cors: conformance: "+row.args[1]+": "+row.want+"\n", stderr)
			require.Empty(t, stdout)
			require.Equal(t, exitFailed, status)
		})
	}
	_, stderr, status := conform(t, "-endpoint", "http://no-such-host.invalid")
	require.Contains(t, stderr, `the host "no-such-host.invalid" does not resolve: `)
	require.Equal(t, 1, strings.Count(stderr, "\n"))
	require.Equal(t, exitFailed, status)
}

func TestAnyCertificateWillDoIfThatIsWanted(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, func(s *fakeS3) { s.secure = true })
	v := requireConformance(t, "-endpoint", s.URL, "-insecure", "-run", "^preflight")
	require.Greater(t, v.passed(), 10)
}

func TestABucketThatCannotBeDeletedIsTold(t *testing.T) {
	noAWS(t)
	s := newFakeS3(t, func(s *fakeS3) {
		s.front = func(w http.ResponseWriter, r *http.Request) bool {
			refused := r.Method == http.MethodDelete && r.URL.RawQuery == "" && strings.Count(r.URL.Path, "/") == 1
			if refused {
				w.WriteHeader(http.StatusForbidden)
			}
			return refused
		}
	})
	stdout, stderr, status := conform(t, "-endpoint", s.URL, "-run", "^op-get-none$")
	require.Regexp(t, `^s3cors: conformance: bucket s3cors-[a-z0-9-]+ was not left as it was found: deleting it: the server said 403\n$`, stderr)
	require.Contains(t, stdout, "all vectors")
	require.Equal(t, exitFine, status)
}

// An answering is a target that answers everything with a status, or not at all.
type answering struct {
	status int
	body   string
}

func (a *answering) Do(context.Context, *conformance.Request) (*conformance.Response, error) {
	if a.status == 0 {
		return nil, errors.New("it hung up before the answer")
	}
	return &conformance.Response{Status: a.status, Body: []byte(a.body)}, nil
}

func TestWhatMayBeLeftBehind(t *testing.T) {
	target := &answering{}
	seen := newTraces(target, "mine")
	do := func(status int, method, bucket, key, query string) {
		target.status = status
		_, _ = seen.Do(t.Context(), &conformance.Request{Method: method, Bucket: bucket, Key: key, Query: query}) // it is about the traces
	}
	target.body = "<old/>"
	do(200, "GET", "mine", "", "cors")
	target.body = "<new/>"
	do(200, "GET", "mine", "", "cors")
	require.Equal(t, "nothing", seen.String())

	do(200, "PUT", "made", "", "")
	do(409, "PUT", "made", "", "")
	do(403, "PUT", "refused", "", "")
	do(0, "PUT", "unknown", "", "")
	do(200, "PUT", "deleted", "", "")
	do(204, "DELETE", "deleted", "", "")
	do(200, "PUT", "made", "key", "")
	do(200, "PUT", "mine", "key", "")
	do(200, "PUT", "mine", "other", "")
	do(0, "DELETE", "mine", "other", "")
	do(404, "DELETE", "mine", "key", "")
	require.Equal(t, "bucket made, bucket unknown, the object other in bucket mine", seen.String())
	require.Equal(t, []trace{certain, possible, gone, certain}, []trace{seen.of("made"), seen.of("unknown"), seen.of("refused"), seen.of("mine")})

	require.NoError(t, seen.noting(func(context.Context, string, []byte) error { return nil })(t.Context(), "mine", nil))
	require.Equal(t, "bucket made, bucket unknown, the object other in bucket mine, the CORS configuration of bucket mine (it was <old/>)", seen.String())
}

func TestTheProgressIsALineThatGoesAgain(t *testing.T) {
	var terminal bytes.Buffer
	now := time.Unix(0, 0)
	p := &progress{terminal: &terminal, total: 4, now: func() time.Time { return now }}
	v := &vectors.Vector{}
	for _, verdict := range []conformance.Verdict{conformance.Pass, conformance.Fail, conformance.Error} {
		now = now.Add(60 * time.Millisecond)
		p.add(conformance.Result{Vector: v, Verdict: verdict})
	}
	p.clear()
	p.add(conformance.Result{Vector: v})
	require.Empty(t, cmp.Diff("\r\x1b[K1 of 4 vectors, 0 failed, 3 left"+
		"\r\x1b[K3 of 4 vectors, 2 failed, 1 left"+
		"\r\x1b[K", terminal.String()))
}

func TestWhatIsNoTerminalSeesNoProgress(t *testing.T) {
	require.False(t, isTerminal(&bytes.Buffer{}))
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	require.False(t, isTerminal(null))
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer file.Close()
	require.False(t, isTerminal(file))
}
