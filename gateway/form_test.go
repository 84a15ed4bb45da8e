package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A formPart is a part of a form: a field, or a file if there is a filename
// (which may be "-" for a file without one).
type formPart struct{ name, value, filename string }

// formOf returns a form of fields, pairs of a name and a value, and a file.
func formOf(f fields, file string) []formPart {
	var parts []formPart
	for i := 0; i < len(f); i += 2 {
		parts = append(parts, formPart{f[i], f[i+1], ""})
	}
	return append(parts, formPart{"file", file, "name.txt"})
}

// encodeForm writes a form as browsers do.
func encodeForm(parts []formPart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("--boundary\r\nContent-Disposition: form-data; name=\"" + p.name + `"`)
		switch p.filename {
		case "":
		case "-":
			b.WriteString("\r\nContent-Type: text/x-ignored")
		default:
			b.WriteString(`; filename="` + p.filename + "\"\r\nContent-Type: text/x-ignored")
		}
		b.WriteString("\r\n\r\n" + p.value + "\r\n")
	}
	return b.String() + "--boundary--\r\n"
}

var formType = fields{"Content-Type", "multipart/form-data; boundary=boundary"}

// postForm sends a form, without following where it leads.
func (s server) postForm(t testing.TB, parts []formPart) (*http.Response, string) {
	t.Helper()
	client := *s.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Post(s.URL+"/demo", formType[1], strings.NewReader(encodeForm(parts)))
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response, string(body)
}

// requireForm requires that a form is refused, and that nothing is stored.
func (s server) requireForm(t testing.TB, status int, error string, parts []formPart) {
	t.Helper()
	response, body := s.postForm(t, parts)
	require.Equal(t, status, response.StatusCode, body)
	require.Contains(t, body, "<Error>"+error+"<RequestId>")
	require.NotContains(t, s.require(t, 200, "GET", "/demo", nil, ""), "<Key>")
}

func TestAFormIsAnsweredAsItAsks(t *testing.T) {
	s := newBuckets(t, "")
	at := s.URL + "/demo/dir%2Fkey+1"
	etag := plainETag("content")
	const quoted = "%22" + "9a0364b9e99bb480dd25e1f0284c8555" + "%22"
	for _, row := range []struct {
		name     string
		fields   fields
		status   int
		location string
		body     string
	}{
		{"nothing", nil, 204, at, ""},
		{"200", fields{"success_action_status", "200"}, 200, at, ""},
		{"201", fields{"success_action_status", "201"}, 201, at, `<?xml version="1.0" encoding="UTF-8"?>` + "\n<PostResponse><Location>" + at +
			"</Location><Bucket>demo</Bucket><Key>dir/key+1</Key><ETag>&#34;9a0364b9e99bb480dd25e1f0284c8555&#34;</ETag></PostResponse>"},
		{"204", fields{"success_action_status", "204"}, 204, at, ""},
		{"another status", fields{"success_action_status", "301"}, 204, at, ""},
		{"no number", fields{"success_action_status", "ok"}, 204, at, ""},
		{"a redirect", fields{"success_action_redirect", "http://a.test/done"}, 303,
			"http://a.test/done?bucket=demo&key=dir%2Fkey%2B1&etag=" + quoted, ""},
		{"a redirect that has a query", fields{"success_action_redirect", "https://a.test/?a=b", "success_action_status", "201"}, 303,
			"https://a.test/?a=b&bucket=demo&key=dir%2Fkey%2B1&etag=" + quoted, ""},
		{"its old name", fields{"redirect", "http://a.test/"}, 303, "http://a.test/?bucket=demo&key=dir%2Fkey%2B1&etag=" + quoted, ""},
		{"a redirect to nowhere", fields{"success_action_redirect", "done.html"}, 204, at, ""},
		{"a redirect to a script", fields{"success_action_redirect", "javascript:alert(1)"}, 204, at, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			response, body := s.postForm(t, formOf(append(fields{"key", "dir/key+1"}, row.fields...), "content"))
			require.Equal(t, row.status, response.StatusCode, body)
			require.Equal(t, row.location, response.Header.Get("Location"))
			require.Equal(t, etag, response.Header.Get("ETag"))
			require.Equal(t, row.body, body)
			require.Equal(t, "content", s.require(t, 200, "GET", "/demo/dir/key+1", nil, ""))
			s.require(t, 204, "DELETE", "/demo/dir/key+1", nil, "")
		})
	}
}

func TestTheFieldsOfAFormAreThoseOfTheObject(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		response, body := s.postForm(t, append(formOf(fields{
			"Key", "user/${filename}", "Content-Type", "text/html", "Content-Disposition", `attachment; filename="${filename}"`,
			"Content-Encoding", "gzip", "Content-Language", "de", "Cache-Control", "no-store", "Expires", "Thu, 01 Dec 2044 16:00:00 GMT",
			"x-amz-meta-Colour", "blue", "acl", "private", "tagging", "<Tagging/>", "x-amz-checksum-crc32", checksumOf("crc32", "content"),
		}, "content"), formPart{"submit", "Upload", ""}, formPart{"x-amz-meta-late", "ignored", ""}))
		require.Equal(t, 204, response.StatusCode, body)
		response, body = s.send(t, "GET", "/demo/user/name.txt", fields{"Accept-Encoding", "identity"}, nil)
		require.Equal(t, "content", body)
		for name, want := range map[string]string{
			"Content-Type": "text/html", "Content-Disposition": `attachment; filename="name.txt"`, "Content-Encoding": "gzip",
			"Content-Language": "de", "Cache-Control": "no-store", "Expires": "Thu, 01 Dec 2044 16:00:00 GMT", "X-Amz-Meta-Colour": "blue",
			"X-Amz-Meta-Late": "", "Tagging": "", "Acl": "",
		} {
			require.Equal(t, want, response.Header.Get(name), name)
		}
	})
}

func TestTheNameOfAFile(t *testing.T) {
	s := newBuckets(t, "")
	for filename, key := range map[string]string{
		"a.txt": "in/a.txt", `C:\\dir\\b.txt`: "in/b.txt", "dir/c.txt": "in/c.txt", "é.txt": "in/%C3%A9.txt", "-": "in/",
	} {
		response, body := s.postForm(t, []formPart{{"key", "in/${filename}", ""}, {"file", "content", filename}})
		require.Equal(t, 204, response.StatusCode, body)
		response, body = s.send(t, "GET", "/demo/"+key, nil, nil)
		require.Equal(t, 200, response.StatusCode, body)
		require.Equal(t, "content", body)
		require.Equal(t, "binary/octet-stream", response.Header.Get("Content-Type"), "the type of the part is not that of the object")
	}
	response, _ := s.postForm(t, []formPart{{"key", "empty", ""}, {"file", "", "empty"}})
	require.Equal(t, 204, response.StatusCode)
	require.Empty(t, s.require(t, 200, "GET", "/demo/empty", nil, ""))
}

func TestFormsThatCannotBeStored(t *testing.T) {
	s := newBuckets(t, "")
	const (
		noKey     = "<Code>InvalidArgument</Code><Message>Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.</Message><ArgumentName>key</ArgumentName><ArgumentValue></ArgumentValue>"
		oneFile   = "<Code>InvalidArgument</Code><Message>POST requires exactly one file upload per request.</Message><ArgumentName>file</ArgumentName><ArgumentValue>%d</ArgumentValue>"
		tooLong   = "<Code>MaxPostPreDataLengthExceeded</Code><Message>Your POST request fields preceding the upload file were too large.</Message><MaxPostPreDataLengthBytes>20480</MaxPostPreDataLengthBytes>"
		malformed = "<Code>MalformedPOSTRequest</Code><Message>The body of your POST request is not well-formed multipart/form-data.</Message>"
	)
	file := formPart{"file", "content", "name"}
	many := make([]formPart, 1001)
	for i := range many {
		many[i] = formPart{"a", "", ""}
	}
	for _, row := range []struct {
		name  string
		error string
		parts []formPart
	}{
		{"no key", noKey, []formPart{file}},
		{"an empty key", noKey, formOf(fields{"key", ""}, "content")},
		{"a key behind the file", noKey, []formPart{file, {"key", "key", ""}}},
		{"no file", fmt.Sprintf(oneFile, 0), []formPart{{"key", "key", ""}}},
		{"two files", fmt.Sprintf(oneFile, 2), []formPart{{"key", "key", ""}, file, file}},
		{"three files", fmt.Sprintf(oneFile, 3), []formPart{{"key", "key", ""}, file, {"submit", "", ""}, file, file}},
		{"a field without a name", malformed, formOf(fields{"", "x"}, "content")},
		{"fields that are too long", tooLong, formOf(fields{"key", strings.Repeat("x", 20<<10)}, "content")},
		{"a field that does not end", tooLong, formOf(fields{"key", strings.Repeat("x", 1<<20)}, "content")},
		{"fields that are too many", tooLong, append(many, file)},
		{"fields behind the file that are too many", tooLong, append([]formPart{{"key", "key", ""}, file}, many...)},
		{"a key that is too long", "<Code>KeyTooLongError</Code><Message>Your key is too long</Message>", formOf(fields{"key", strings.Repeat("x", 1025)}, "content")},
		{"metadata that is too large", "<Code>MetadataTooLarge</Code><Message>" + messages["MetadataTooLarge"] + "</Message>",
			formOf(fields{"key", "key", "x-amz-meta-a", strings.Repeat("x", 2048)}, "content")},
		{"a wrong checksum", "<Code>BadDigest</Code><Message>The CRC32 you specified did not match the calculated checksum.</Message>",
			formOf(fields{"key", "key", "x-amz-checksum-crc32", "AAAAAA=="}, "content")},
		{"a wrong digest", "<Code>BadDigest</Code><Message>" + messages["BadDigest"] + "</Message>",
			formOf(fields{"key", "key", "Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="}, "content")},
	} {
		t.Run(row.name, func(t *testing.T) { s.requireForm(t, 400, row.error, row.parts) })
	}

	const head = "--boundary\r\nContent-Disposition: form-data; name=key\r\n"
	for name, body := range map[string]string{
		"nothing": "", "no form": "key=value", "a field that breaks off": head + "\r\nkey",
		"a file that breaks off":  head + "\r\nkey\r\n--boundary\r\nContent-Disposition: form-data; name=file\r\n\r\ncontent",
		"a head that is too long": head + strings.Repeat("X-Padding: xxxxxxxxxxxxxx\r\n", 1<<15),
	} {
		t.Run(name, func(t *testing.T) {
			response, content := s.send(t, "POST", "/demo", formType, strings.NewReader(body))
			require.Equal(t, 400, response.StatusCode)
			require.Contains(t, content, "<Error>"+malformed)
		})
	}
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
		body := s.requireError(t, 412, "PreconditionFailed", "POST", "/demo", fields{"Content-Type", contentType}, "key=value")
		require.Contains(t, body, "<Message>At least one of the pre-conditions you specified did not hold</Message>"+
			"<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>")
	}
	s.requireError(t, 400, "MalformedPOSTRequest", "POST", "/demo", fields{"Content-Type", "multipart/form-data"}, "key=value")
	s.requireError(t, 404, "NoSuchBucket", "POST", "/nowhere", formType, encodeForm([]formPart{file}))
	require.NotContains(t, s.require(t, 200, "GET", "/demo", nil, ""), "<Key>")
}

// policyOf returns a policy in base64, with an expiration in a minute.
func policyOf(conditions string) string {
	return base64.StdEncoding.EncodeToString([]byte(`{"expiration": "` + time.Now().Add(time.Minute).UTC().Format("2006-01-02T15:04:05.000Z") +
		`", "conditions": [` + conditions + `]}`))
}

func TestAFormHoldsWhatItsPolicySays(t *testing.T) {
	s := newBuckets(t, "")
	const common = `{"bucket": "demo"}, ["starts-with", "$key", "user/"], `
	for _, row := range []struct {
		name       string
		conditions string
		fields     fields
		refusal    string // what S3 says after "Invalid according to Policy: "; "" if it is stored
	}{
		{"no more than it has to", `["eq", "$key", "user/key"]`, nil, ""},
		{"another key", `["eq", "$key", "user/other"]`, nil, `Policy Condition failed: ["eq", "$key", "user/other"]`},
		{"a key in another case", `{"key": "USER/KEY"}`, nil, `Policy Condition failed: ["eq", "$key", "USER/KEY"]`},
		{"a key outside", `["starts-with", "$key", "other/"]`, nil, `Policy Condition failed: ["starts-with", "$key", "other/"]`},
		{"another bucket", `{"bucket": "other"}, ["starts-with", "$key", ""]`, nil, `Policy Condition failed: ["eq", "$bucket", "other"]`},
		{"a bucket in the form as well", common[:len(common)-2], fields{"bucket", "demo"}, ""},
		{"another bucket in the form", common[:len(common)-2], fields{"bucket", "other"}, `Policy Condition failed: ["eq", "$bucket", "demo"]`},
		{"a field that is not in it", common[:len(common)-2], fields{"x-amz-meta-a", "b"}, "Extra input fields: x-amz-meta-a"},
		{"two fields that are not in it", common[:len(common)-2], fields{"tagging", "b", "acl", "private"}, "Extra input fields: tagging, acl"},
		{"fields that need no condition", common[:len(common)-2], fields{"x-ignore-me", "b", "AWSAccessKeyId", "any", "Signature", "any", "x-amz-signature", "any"}, ""},
		{"a credential without a condition", common[:len(common)-2], fields{"x-amz-credential", "any"}, "Extra input fields: x-amz-credential"},
		{"any value", common + `["starts-with", "$Content-Type", ""]`, fields{"Content-Type", "text/html"}, ""},
		{"any value, but none", common + `["starts-with", "$Content-Type", ""]`, nil, `Policy Condition failed: ["starts-with", "$Content-Type", ""]`},
		{"a type", common + `["starts-with", "$content-type", "image/"]`, fields{"Content-Type", "image/png"}, ""},
		{"another type", common + `["starts-with", "$content-type", "image/"]`, fields{"Content-Type", "text/html"},
			`Policy Condition failed: ["starts-with", "$content-type", "image/"]`},
		{"two conditions of one field", common + `["starts-with", "$acl", "p"], {"acl": "public-read"}`, fields{"acl", "private"},
			`Policy Condition failed: ["eq", "$acl", "public-read"]`},
		{"a status", common + `{"success_action_status": "201"}`, fields{"success_action_status", "201"}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			parts := formOf(append(fields{"key", "user/${filename}", "Policy", policyOf(row.conditions)}, row.fields...), "content")
			parts[len(parts)-1].filename = "key"
			if row.refusal != "" {
				s.requireForm(t, 403, "<Code>AccessDenied</Code><Message>Invalid according to Policy: "+row.refusal+"</Message>", parts)
				return
			}
			response, body := s.postForm(t, parts)
			require.Less(t, response.StatusCode, 300, body)
			s.require(t, 204, "DELETE", "/demo/user/key", nil, "")
		})
	}
}

func TestAPolicyBoundsTheFile(t *testing.T) {
	s := newBuckets(t, "")
	size := func(bounds, file string) []formPart {
		return formOf(fields{"key", "key", "policy", policyOf(`["eq", "$key", "key"], ["content-length-range", ` + bounds + `]`)}, file)
	}
	s.requireForm(t, 400, "<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size</Message>"+
		"<ProposedSize>7</ProposedSize><MaxSizeAllowed>6</MaxSizeAllowed>", size("1, 6", "content"))
	s.requireForm(t, 400, "<Code>EntityTooSmall</Code><Message>Your proposed upload is smaller than the minimum allowed size</Message>"+
		"<ProposedSize>7</ProposedSize><MinSizeAllowed>8</MinSizeAllowed>", size("8, 9", "content"))
	s.requireForm(t, 400, "<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size</Message>"+
		"<ProposedSize>1</ProposedSize><MaxSizeAllowed>-5</MaxSizeAllowed>", size("-9, -5", "content"))
	for _, bounds := range []string{"7, 7", `"0", "7"`} {
		response, body := s.postForm(t, size(bounds, "content"))
		require.Equal(t, 204, response.StatusCode, body)
	}
}

func TestPoliciesThatAreOutOfDateOrCannotBeRead(t *testing.T) {
	s := newBuckets(t, "")
	form := func(policy string) []formPart {
		return formOf(fields{"key", "key", "policy", base64.StdEncoding.EncodeToString([]byte(policy))}, "content")
	}
	s.requireForm(t, 403, "<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message>",
		form(`{"expiration": "2007-12-01T12:00:00.000Z", "conditions": [["eq", "$key", "other"]]}`))
	for policy, why := range map[string]string{
		`{`:                                      "Invalid JSON.",
		`{"conditions": []}`:                     "Policy missing expiration.",
		`{"expiration": "2044-12-01T12:00:00Z"}`: "Policy missing conditions.",
		`{"expiration": "soon", "conditions": []}`:                                                   "Invalid 'expiration' value: 'soon'",
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [["in", "$key", "a"]]}`:                `Invalid Condition: ["in", "$key", "a"]`,
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [["eq", "key", "a"]]}`:                 `Invalid Condition: ["eq", "key", "a"]`,
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [["eq", "$key"]]}`:                     `Invalid Condition: ["eq", "$key"]`,
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [["content-length-range", "a", "b"]]}`: `Invalid Condition: ["content-length-range", "a", "b"]`,
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [{"key": "key", "acl": "private"}]}`:   `Invalid Condition: {"key": "key", "acl": "private"}`,
		`{"expiration": "2044-12-01T12:00:00Z", "conditions": [7]}`:                                  `Invalid Condition: 7`,
	} {
		s.requireForm(t, 400, "<Code>InvalidPolicyDocument</Code><Message>Invalid Policy: "+why+"</Message>", form(policy))
	}
	s.requireForm(t, 400, "<Code>InvalidPolicyDocument</Code><Message>Invalid Policy: Invalid Base64 encoding.</Message>",
		formOf(fields{"key", "key", "policy", "{}"}, "content"))
}
