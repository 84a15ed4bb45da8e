package corsserver_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/s3cors/s3cors"
	"github.com/s3cors/s3cors/corsserver"
)

var unknownMethodBody = errorBody("Code", "BadRequest", "Message", "An error occurred when parsing the HTTP request.",
	"RequestId", "", "HostId", "")

func conflictBody(names, first string) string {
	return errorBody("Code", "InvalidArgument", "Message", "Conflicting query string parameters: "+names,
		"ArgumentName", "ResourceType", "ArgumentValue", first, "RequestId", "", "HostId", "")
}

func TestCheckMethod(t *testing.T) {
	for _, method := range []string{"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"} {
		require.Nil(t, corsserver.CheckMethod(method), method)
	}
	for _, method := range []string{"", "get", "Get", "options", "TRACE", "CONNECT", "LINK", "FOOBAR", "GETS", "GE", "GET "} {
		err := corsserver.CheckMethod(method)
		require.NotNil(t, err, method)
		require.Equal(t, 400, err.Status)
		require.Equal(t, unknownMethodBody, string(err.AppendXML(nil, s3cors.IDs{})))
	}
}

func TestSubresources(t *testing.T) {
	for query, want := range map[string][]string{
		"":                              nil,
		"&&=&=x&":                       nil,
		"prefix=cors":                   nil,
		"CORS":                          nil,
		"cors%00":                       nil,
		"%zzcors&cor%":                  nil,
		"cors;acl":                      nil,
		"versionId=1&uploadId=2&x-id=3": nil,
		"cors":                          {"cors"},
		"cors=":                         {"cors"},
		"cors=acl":                      {"cors"},
		"a=1&c%6frs&b":                  {"cors"},
		"cors&cors=1&%63ors":            {"cors"},
		"cors&acl":                      {"acl", "cors"},
		"versions&%76ersioning=&acl":    {"acl", "versioning", "versions"},
		"policyStatus&policy":           {"policy", "policyStatus"},
		"legal-hold&restore":            {"legal-hold", "restore"},
		"metadataTable&metrics":         {"metadataTable", "metrics"},
		"uploads&session&object-lock":   {"object-lock", "session", "uploads"},
	} {
		require.Empty(t, cmp.Diff(want, corsserver.Subresources(query)), query)
	}
	require.Zero(t, testing.AllocsPerRun(100, func() { corsserver.Subresources("list-type=2&prefix=a/b&max-keys=1") }))
}

func TestCheckSubresources(t *testing.T) {
	const object, bucket, service = s3cors.TargetObject, s3cors.TargetBucket, s3cors.TargetService
	for _, tt := range []struct {
		query  string
		target s3cors.Target
		names  string // in the message; "": there is no conflict
		first  string
	}{
		{"", object, "", ""},
		{"cors", bucket, "", ""},
		{"cors&cors", bucket, "", ""},
		{"cors&acl", bucket, "acl, cors", "acl"},
		{"cors&acl", object, "acl, cors", "acl"},
		{"cors&acl", service, "", ""},
		{"tagging&acl&cors", object, "acl, cors, tagging", "acl"},
		{"cors&restore", object, "cors, restore", "cors"},
		{"cors&restore", bucket, "", ""},
		{"cors&restore&acl", bucket, "acl, cors", "acl"},
		{"select&retention", object, "retention, select", "retention"},
		{"select&retention", bucket, "", ""},
		{"location&versions", bucket, "location, versions", "location"},
		{"acl&versionId=1&partNumber=2", object, "", ""},
	} {
		t.Run(fmt.Sprint(tt.query, tt.target), func(t *testing.T) {
			err := corsserver.CheckSubresources(tt.query, tt.target)
			if tt.names == "" {
				require.Nil(t, err)
				return
			}
			require.Equal(t, 400, err.Status)
			require.Equal(t, conflictBody(tt.names, tt.first), string(err.AppendXML(nil, s3cors.IDs{})))
		})
	}
}
