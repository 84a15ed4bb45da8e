package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
)

// awsPrograms returns the aws programs to test: the one that is found, and the
// system's, if it is another. Older ones send Content-MD5, newer ones CRC32.
func awsPrograms(t *testing.T) []string {
	programs := []string{program(t, "aws")}
	const system = "/usr/bin/aws"
	if _, err := os.Stat(system); err == nil && programs[0] != system {
		programs = append(programs, system)
	}
	return programs
}

// eachAWS runs a test with each aws program and a gateway of its own.
func eachAWS(t *testing.T, test func(t *testing.T, aws client)) {
	for _, path := range awsPrograms(t) {
		t.Run(strings.ReplaceAll(path, "/", "|"), func(t *testing.T) {
			test(t, client{path: path, base: startGateway(t)})
		})
	}
}

// A client is a program that talks to the gateway.
type client struct {
	path string
	base string
	// config is the file with the gateway's address; "" for clients that are told
	// by arguments.
	config string
}

// A result is what a program printed.
type result struct {
	stdout, stderr string
	status         int
}

// run runs a program without anything of the user's own settings.
func run(t *testing.T, stdin, name string, args ...string) result {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	absent := filepath.Join(t.TempDir(), "absent")
	cmd.Env = append(withoutSettings(os.Environ()),
		"AWS_ACCESS_KEY_ID=any", "AWS_SECRET_ACCESS_KEY=any", "AWS_DEFAULT_REGION=us-east-1",
		"AWS_CONFIG_FILE="+absent, "AWS_SHARED_CREDENTIALS_FILE="+absent, "AWS_EC2_METADATA_DISABLED=true",
		"AWS_PAGER=", "NO_PROXY=*", "LC_ALL=C.UTF-8", "PYTHONIOENCODING=utf-8")
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if _, ok := err.(*exec.ExitError); err != nil && !ok {
		require.NoError(t, err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// withoutSettings leaves out what would make clients trust, or be, somebody else.
func withoutSettings(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(variable string) bool {
		return strings.HasPrefix(variable, "AWS_") || strings.HasPrefix(variable, "RCLONE_")
	})
}

// s3api runs "aws s3api <operation> --bucket <bucket>".
func (c client) s3api(t *testing.T, operation, bucket string, args ...string) result {
	t.Helper()
	fixed := []string{"--endpoint-url", c.base, "s3api", operation, "--bucket", bucket}
	return run(t, "", c.path, append(fixed, args...)...)
}

// done requires that a program succeeded, and returns what it printed.
func (r result) done(t *testing.T) string {
	t.Helper()
	require.Equal(t, 0, r.status, "%s%s", r.stdout, r.stderr)
	require.Empty(t, r.stderr)
	return r.stdout
}

// jsonFile writes a configuration, valid or not, for --cors-configuration.
func jsonFile(t *testing.T, config s3cors.Configuration) string {
	t.Helper()
	data, err := json.Marshal(withoutNulls(config))
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "cors.json")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return "file://" + path
}

// withoutNulls returns a configuration in the shape of the SDKs, with the members
// that are there.
func withoutNulls(config s3cors.Configuration) map[string]any {
	rules := []map[string]any{}
	for _, r := range config.CORSRules {
		m := map[string]any{"AllowedOrigins": r.AllowedOrigins, "AllowedMethods": r.AllowedMethods}
		if r.ID != nil {
			m["ID"] = *r.ID
		}
		if r.AllowedHeaders != nil {
			m["AllowedHeaders"] = r.AllowedHeaders
		}
		if r.ExposeHeaders != nil {
			m["ExposeHeaders"] = r.ExposeHeaders
		}
		if r.MaxAgeSeconds != nil {
			m["MaxAgeSeconds"] = *r.MaxAgeSeconds
		}
		rules = append(rules, m)
	}
	return map[string]any{"CORSRules": rules}
}

// joined returns one configuration with the rules of all documents, a hundred at
// most, for programs that take long to start.
func joined(documents ...document) s3cors.Configuration {
	var config s3cors.Configuration
	for _, d := range documents {
		if len(config.CORSRules)+len(d.config.CORSRules) <= 100 {
			config.CORSRules = append(config.CORSRules, d.config.CORSRules...)
		}
	}
	return config
}

func TestAWSPrintsWhatItSetAndWeWouldPrint(t *testing.T) {
	all := []document{
		documents[0],
		documents[len(documents)-1],
		{"the rules of all other documents", joined(slices.Concat(documents, emptyValues, emptyListed, wideAges)...)},
	}
	require.Len(t, all[1].config.CORSRules, 100)
	require.Len(t, all[2].config.CORSRules, 12)
	eachAWS(t, func(t *testing.T, aws client) {
		createBucket(t, aws.base, "demo") // each document replaces the one before
		for _, d := range all {
			t.Run(d.name, func(t *testing.T) {
				aws.s3api(t, "put-bucket-cors", "demo", "--cors-configuration", jsonFile(t, d.config)).done(t)
				want, err := d.config.AppendJSON(nil)
				require.NoError(t, err)
				require.Equal(t, string(want), aws.s3api(t, "get-bucket-cors", "demo").done(t))

				document, err := d.config.AppendXML(nil)
				require.NoError(t, err)
				_, _, stored := send(t, "GET", aws.base+"/demo?cors", nil, nil)
				require.Equal(t, string(document), stored)
			})
		}
	})
}

func TestAWSPrintsWhatOnlyOthersCanSet(t *testing.T) {
	eachAWS(t, func(t *testing.T, aws client) {
		createBucket(t, aws.base, "demo")
		config := oneRule(func(r *s3cors.Rule) { r.ID = new("a carriage return \r, the end of a line \r\n") })
		putCORS(t, aws.base, "demo", &config)
		want, err := config.AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, string(want), aws.s3api(t, "get-bucket-cors", "demo").done(t))
	})
}

func TestAWSTellsThatNothingIsConfigured(t *testing.T) {
	eachAWS(t, func(t *testing.T, aws client) {
		require.JSONEq(t, `{"Location": "/demo"}`, aws.s3api(t, "create-bucket", "demo").done(t))
		const none = "An error occurred (NoSuchCORSConfiguration) when calling the GetBucketCors operation: " +
			"The CORS configuration does not exist\n"
		r := aws.s3api(t, "get-bucket-cors", "demo")
		require.NotEqual(t, 0, r.status)
		require.Contains(t, r.stderr, none)

		require.Empty(t, aws.s3api(t, "delete-bucket-cors", "demo").done(t)) // even so

		aws.s3api(t, "put-bucket-cors", "demo", "--cors-configuration", jsonFile(t, documents[0].config)).done(t)
		aws.s3api(t, "get-bucket-cors", "demo").done(t)
		aws.s3api(t, "delete-bucket-cors", "demo").done(t)
		require.Contains(t, aws.s3api(t, "get-bucket-cors", "demo").stderr, none)
	})
}

func TestAWSTellsThatThereIsNoBucket(t *testing.T) {
	eachAWS(t, func(t *testing.T, aws client) {
		for operation, name := range map[string]string{"get-bucket-cors": "GetBucketCors", "delete-bucket-cors": "DeleteBucketCors"} {
			r := aws.s3api(t, operation, "nowhere")
			require.NotEqual(t, 0, r.status)
			require.Contains(t, r.stderr, "An error occurred (NoSuchBucket) when calling the "+name+
				" operation: The specified bucket does not exist\n")
		}
		r := aws.s3api(t, "put-bucket-cors", "nowhere", "--cors-configuration", jsonFile(t, documents[0].config))
		require.NotEqual(t, 0, r.status)
		require.Contains(t, r.stderr, "An error occurred (NoSuchBucket) when calling the PutBucketCors operation: "+
			"The specified bucket does not exist\n")
	})
}

func TestAWSShowsWhyS3RefusesADocument(t *testing.T) {
	require.NotEmpty(t, refusals)
	eachAWS(t, func(t *testing.T, aws client) {
		createBucket(t, aws.base, "demo")
		putCORS(t, aws.base, "demo", &documents[0].config)
		for _, refused := range refusals {
			t.Run(refused.name, func(t *testing.T) {
				r := aws.s3api(t, "put-bucket-cors", "demo", "--cors-configuration", jsonFile(t, refused.config))
				require.NotEqual(t, 0, r.status)
				require.Empty(t, r.stdout)
				require.Contains(t, r.stderr, "An error occurred ("+refused.code+") when calling the PutBucketCors operation: "+
					refused.message+"\n")
			})
		}
		want, err := documents[0].config.AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, string(want), aws.s3api(t, "get-bucket-cors", "demo").done(t), "a refused document changed something")
	})
}

// newS3cmd starts a gateway and returns s3cmd for it.
func newS3cmd(t *testing.T) client {
	c := client{path: program(t, "s3cmd"), base: startGateway(t)}
	host := strings.TrimPrefix(c.base, "http://")
	c.config = filepath.Join(t.TempDir(), "s3cfg")
	require.NoError(t, os.WriteFile(c.config, []byte("[default]\naccess_key = any\nsecret_key = any\n"+
		"host_base = "+host+"\nhost_bucket = "+host+"\nuse_https = False\n"), 0o600))
	return c
}

func (c client) s3cmd(t *testing.T, args ...string) result {
	t.Helper()
	return run(t, "", c.path, append([]string{"-c", c.config}, args...)...)
}

// xmlFile writes a document for setcors.
func xmlFile(t *testing.T, document string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cors.xml")
	require.NoError(t, os.WriteFile(path, []byte(document), 0o600))
	return path
}

const (
	s3cmdDocument = `<?xml version="1.0" encoding="UTF-8"?>
<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <CORSRule>
    <ID>rule &amp; 1</ID>
    <AllowedOrigin>http://www.example.com</AllowedOrigin>
    <AllowedOrigin>https://*.example.com</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
    <AllowedMethod>PUT</AllowedMethod>
    <AllowedHeader>*</AllowedHeader>
    <MaxAgeSeconds>3000</MaxAgeSeconds>
    <ExposeHeader>ETag</ExposeHeader>
  </CORSRule>
  <CORSRule>
    <AllowedOrigin>*</AllowedOrigin>
    <AllowedMethod>GET</AllowedMethod>
  </CORSRule>
</CORSConfiguration>
`
	// s3cmdPrinted is the same as S3 prints it.
	s3cmdPrinted = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><CORSRule><ID>rule &amp; 1</ID>` +
		`<AllowedOrigin>http://www.example.com</AllowedOrigin><AllowedOrigin>https://*.example.com</AllowedOrigin>` +
		`<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><MaxAgeSeconds>3000</MaxAgeSeconds>` +
		`<ExposeHeader>ETag</ExposeHeader><AllowedHeader>*</AllowedHeader></CORSRule>` +
		`<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>`
)

func TestS3cmdShowsTheDocumentThatS3WouldPrint(t *testing.T) {
	s3cmd := newS3cmd(t)
	s3cmd.s3cmd(t, "mb", "s3://demo").done(t)
	require.Contains(t, s3cmd.s3cmd(t, "info", "s3://demo").done(t), "   CORS:      none\n")

	s3cmd.s3cmd(t, "setcors", xmlFile(t, s3cmdDocument), "s3://demo").done(t)
	require.Contains(t, s3cmd.s3cmd(t, "info", "s3://demo").done(t), "   CORS:      "+s3cmdPrinted+"\n")

	s3cmd.s3cmd(t, "setcors", xmlFile(t, "<CORSConfiguration><CORSRule><AllowedOrigin>null</AllowedOrigin>"+
		"<AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>"), "s3://demo").done(t)
	replaced := s3cmd.s3cmd(t, "info", "s3://demo").done(t)
	require.Contains(t, replaced, "<CORSRule><AllowedOrigin>null</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule></CORSConfiguration>\n")
	require.NotContains(t, replaced, "example.com")

	require.Equal(t, "s3://demo/: CORS deleted\n", s3cmd.s3cmd(t, "delcors", "s3://demo").done(t))
	require.Contains(t, s3cmd.s3cmd(t, "info", "s3://demo").done(t), "   CORS:      none\n")
}

func TestS3cmdShowsWhyS3RefusesADocument(t *testing.T) {
	s3cmd := newS3cmd(t)
	createBucket(t, s3cmd.base, "demo")
	putCORS(t, s3cmd.base, "demo", &documents[0].config)
	rows := []struct{ name, document, want string }{
		{"an empty configuration", "<CORSConfiguration/>", "S3 error: 400 (MalformedXML): " + malformed},
		{"no XML", "hello", "S3 error: 400 (MalformedXML): " + malformed},
		{"JSON, which S3 never sees", `{"CORSRules":[]}`, "S3 error: 400 (MalformedXML): " + malformed},
		{"an origin with two stars",
			"<CORSConfiguration><CORSRule><AllowedOrigin>*.&lt;*&gt;</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
			`S3 error: 400 (InvalidRequest): AllowedOrigin "*.<*>" can not have more than one wildcard.`},
		{"65,537 bytes", strings.Repeat(" ", 65537), "S3 error: 400 (MaxMessageLengthExceeded): Your request was too big."},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			r := s3cmd.s3cmd(t, "setcors", xmlFile(t, row.document), "s3://demo")
			require.NotEqual(t, 0, r.status)
			require.Equal(t, "ERROR: "+row.want+"\n", r.stderr)
		})
	}
	want, err := documents[0].config.AppendXML(nil)
	require.NoError(t, err)
	require.Contains(t, s3cmd.s3cmd(t, "info", "s3://demo").done(t), "   CORS:      "+string(want)+"\n")
}

func TestS3cmdMovesObjects(t *testing.T) {
	s3cmd := newS3cmd(t)
	s3cmd.s3cmd(t, "mb", "s3://demo").done(t)
	source := filepath.Join(t.TempDir(), "source")
	content := strings.Repeat("twelve bytes", 1<<20) // two parts, and a little
	require.NoError(t, os.WriteFile(source, []byte(content), 0o600))
	s3cmd.s3cmd(t, "--multipart-chunk-size-mb=5", "put", source, "s3://demo/a dir/é+1").done(t)
	target := filepath.Join(t.TempDir(), "target")
	s3cmd.s3cmd(t, "get", "s3://demo/a dir/é+1", target).done(t)
	got, err := os.ReadFile(target)
	require.NoError(t, err)
	require.True(t, content == string(got), "the object differs from the file")
}
