package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// unknown are the sub-resources that a client may ask for and gofakes3 takes for
// something else. They are S3's, from its reference.
var unknown = []string{
	"accelerate", "acl", "analytics", "attributes", "encryption", "intelligent-tiering", "inventory", "legal-hold",
	"lifecycle", "logging", "metadataConfiguration", "metadataTable", "metrics", "notification", "object-lock",
	"ownershipControls", "policy", "policyStatus", "publicAccessBlock", "renameObject", "replication",
	"requestPayment", "restore", "retention", "select", "session", "tagging", "torrent", "website",
}

func TestUnknownSubresourcesAreNotImplemented(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	for _, name := range unknown {
		for _, method := range []string{"GET", "HEAD", "PUT", "POST", "DELETE"} {
			for _, target := range []string{"/demo?" + name, "/demo/?" + name, "/demo/key?" + name + "=", "/demo/key?x-id=1&" + name} {
				s.requireError(t, 501, "NotImplemented", method, target, nil, "<x/>")
			}
		}
	}
	require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", nil, ""))
}

func TestTheBackendIsOnlyAskedWhatItCanAnswer(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	copying := fields{"x-amz-copy-source", "/demo/key"}
	rows := []struct {
		name           string
		method, target string
		fields         fields
		status         int
		code           string
	}{
		{"the service's ?cors", "GET", "/?cors", nil, 501, "NotImplemented"},
		{"an older version", "GET", "/demo/key?versionId=abc", nil, 501, "NotImplemented"},
		{"the head of an older version", "HEAD", "/demo/key?versionId=abc", nil, 501, ""},
		{"a part of an object", "GET", "/demo/key?partNumber=1", nil, 501, "NotImplemented"},
		{"a part of no upload", "PUT", "/demo/key?partNumber=1", nil, 501, "NotImplemented"},
		{"a part of an upload without a name", "PUT", "/demo/key?partNumber=1&uploadId=", nil, 404, "NoSuchUpload"},
		{"a copy as a part of no upload", "PUT", "/demo/key?partNumber=1&uploadId=1", copying, 404, "NoSuchUpload"},
		{"a copy of an older version", "PUT", "/demo/copy", fields{"x-amz-copy-source", "/demo/key?versionId=abc"}, 501, "NotImplemented"},
		{"versioning switched on", "PUT", "/demo?versioning", nil, 501, "NotImplemented"},
		{"PUT ?location", "PUT", "/demo?location", nil, 405, "MethodNotAllowed"},
		{"PUT ?delete", "PUT", "/new?delete", nil, 405, "MethodNotAllowed"},
		{"DELETE ?uploads", "DELETE", "/demo?uploads", nil, 405, "MethodNotAllowed"},
		{"POST of an object", "POST", "/demo/key", nil, 405, "MethodNotAllowed"},
		{"PATCH of an object", "PATCH", "/demo/key", nil, 405, "MethodNotAllowed"},
		{"options in lower case", "options", "/demo/key", nil, 400, "BadRequest"},
		{"a sub-resource that gofakes3 cannot read", "PUT", "/new?versioning=%zz", nil, 400, "InvalidURI"},
		{"two sub-resources", "DELETE", "/demo/key?acl&tagging", nil, 400, "InvalidArgument"},
		{"PUT of the service", "PUT", "/", nil, 405, "MethodNotAllowed"},
		{"two slashes", "GET", "//demo/key", nil, 400, "InvalidURI"},
		{"two slashes alone", "GET", "//", nil, 400, "InvalidURI"},
		{"an escaped slash", "GET", "/demo%2Fkey", nil, 400, "InvalidBucketName"},
		{"an object that would be too large", "PUT", "/demo/key", nil, 400, "EntityTooLarge"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			body := "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
			if row.code == "EntityTooLarge" {
				reply := s.raw(t, "PUT /demo/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5368709121\r\n\r\n")
				require.Contains(t, reply, "HTTP/1.1 400 Bad Request\r\n")
				require.Contains(t, reply, "<Code>EntityTooLarge</Code>")
				return
			}
			s.requireError(t, row.status, row.code, row.method, row.target, row.fields, body)
		})
	}
	require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", nil, ""))
	s.require(t, 404, "GET", "/new", nil, "")
}

func TestWhatIsNotAllowedIsNamed(t *testing.T) {
	s := newBuckets(t, "")
	for _, row := range []struct{ method, target, resource string }{
		{"POST", "/demo/key", "OBJECT"},
		{"PATCH", "/demo/key", "OBJECT"},
		{"DELETE", "/demo/key?uploads", "OBJECT"},
		{"PATCH", "/demo", "BUCKET"},
		{"PUT", "/demo?location", "BUCKET"},
		{"PUT", "/", "SERVICE"},
		{"POST", "/demo?cors", "CORS"},
		{"PATCH", "/demo/key?cors", "CORS"},
	} {
		t.Run(row.method+" "+row.target, func(t *testing.T) {
			body := s.requireError(t, 405, "MethodNotAllowed", row.method, row.target, nil, "")
			require.Contains(t, body, "<Message>The specified method is not allowed against this resource.</Message>"+
				"<Method>"+row.method+"</Method><ResourceType>"+row.resource+"</ResourceType><RequestId>")
		})
	}
}

func TestMethodsThatS3DoesNotKnowAreRefusedByItsFrontEnd(t *testing.T) {
	s := newBuckets(t, "")
	s.putCORS(t, "demo", "https://a.test")
	for _, method := range []string{"FOO", "get", "options", "TRACE", "LINK", "PROPFIND", "GETS"} {
		for _, target := range []string{"/", "/demo", "/demo/key", "/demo?cors", "/demo?cors&acl", "/demo?acl&tagging", "/nowhere", "//", "/UPPER"} {
			response, body := s.send(t, method, target, preflight, nil)
			require.Equal(t, 400, response.StatusCode)
			require.Contains(t, body, "<Error><Code>BadRequest</Code>"+
				"<Message>An error occurred when parsing the HTTP request.</Message><RequestId>")
			require.NotContains(t, response.Header, "Allow")
			require.NotContains(t, response.Header, "Access-Control-Allow-Origin")
			require.NotContains(t, response.Header, "Vary")
		}
	}
}

func TestTwoSubresourcesAreNeither(t *testing.T) {
	s := newBuckets(t, "")
	s.putCORS(t, "demo", "https://a.test")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	for _, row := range []struct{ target, names, first string }{
		{"/demo?cors&acl", "acl, cors", "acl"},
		{"/demo?acl&cors", "acl, cors", "acl"},
		{"/demo/key?cors&acl", "acl, cors", "acl"},
		{"/demo?versions&location", "location, versions", "location"},
		{"/demo/key?tagging&acl=1", "acl, tagging", "acl"},
		{"/demo/key?restore&acl", "acl, restore", "acl"},
		{"/demo?delete&cors&acl", "acl, cors, delete", "acl"},
		{"/nowhere?policy&uploads", "policy, uploads", "policy"},
		{"/UPPER?cors&acl", "acl, cors", "acl"},
	} {
		for _, method := range []string{"GET", "PUT", "POST", "DELETE", "PATCH"} {
			t.Run(method+" "+row.target, func(t *testing.T) {
				body := s.requireError(t, 400, "InvalidArgument", method, row.target, nil, "<x/>")
				require.Contains(t, body, "<Message>Conflicting query string parameters: "+row.names+"</Message>"+
					"<ArgumentName>ResourceType</ArgumentName><ArgumentValue>"+row.first+"</ArgumentValue><RequestId>")
			})
		}
	}
	response, _ := s.send(t, "GET", "/demo?acl&tagging", fields{"Origin", "https://a.test"}, nil)
	require.Equal(t, []string{"https://a.test"}, response.Header["Access-Control-Allow-Origin"], "it is an error like any other")
	require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors&cors&x-id=1", nil, ""))
	require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", nil, ""))
}

func TestWhatIsNoSubresourceIsIgnored(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key?x-id=PutObject&X-Amz-Signature=abc", nil, "content")
	require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key?versionId=null&bust=1", nil, ""))
	response, _ := s.send(t, "GET", "/demo/key?response-content-type=text/csv", nil, nil)
	require.Equal(t, "text/csv", response.Header.Get("Content-Type"))
}

func TestKeysAreKeptToTheLetter(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		keys := []string{"/leading", "a//b", "a/../b", "./a", "a%2Fb%3F%25", "a+b%20c", "%C3%A9", "trailing/", "..%2F..%2Fetc"}
		for _, key := range keys {
			s.require(t, 200, "PUT", "/demo/"+key, nil, "content of "+key)
		}
		for _, key := range keys {
			require.Equal(t, "content of "+key, s.require(t, 200, "GET", "/demo/"+key, nil, ""))
		}
		require.Equal(t, "content of a%2Fb%3F%25", s.require(t, 200, "GET", "/demo/a/b%3f%25", nil, ""), "escapes are not part of a key")
		list := s.require(t, 200, "GET", "/demo", nil, "")
		require.Equal(t, len(keys), strings.Count(list, "<Key>"), list)
	})
}

func TestContentTypes(t *testing.T) {
	s := newBuckets(t, "")
	rows := []struct {
		name           string
		method, target string
		fields         fields
		status         int
		contentType    string // "" if there is none
	}{
		{"an object is stored", "PUT", "/demo/plain", nil, 200, ""},
		{"an object with a type is stored", "PUT", "/demo/typed", fields{"Content-Type", "text/html"}, 200, ""},
		{"an object without a type has S3's default", "GET", "/demo/plain", nil, 200, "binary/octet-stream"},
		{"its head", "HEAD", "/demo/plain", nil, 200, "binary/octet-stream"},
		{"part of it", "GET", "/demo/plain", fields{"Range", "bytes=0-1"}, 206, "binary/octet-stream"},
		{"an object has the type that it was stored with", "GET", "/demo/typed", nil, 200, "text/html"},
		{"an object is not there", "GET", "/demo/none", nil, 404, "application/xml"},
		{"its head is not there", "HEAD", "/demo/none", nil, 404, "application/xml"},
		{"a list", "GET", "/demo", nil, 200, "application/xml"},
		{"the list of buckets", "GET", "/", nil, 200, "application/xml"},
		{"a bucket is there", "HEAD", "/demo", nil, 200, "application/xml"},
		{"a refusal of ours", "GET", "/demo?acl", nil, 501, "application/xml"},
		{"an object is deleted", "DELETE", "/demo/plain", nil, 204, ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			response, _ := s.send(t, row.method, row.target, row.fields, strings.NewReader("<html>"))
			require.Equal(t, row.status, response.StatusCode)
			require.Equal(t, row.contentType, response.Header.Get("Content-Type"))
		})
	}
}

func TestFieldsOfTheRequestAreNoMetadata(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", fields{
		"X-Amz-Date", "20200101T000000Z", // long ago: the gateway looks at no signature
		"X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD",
		"X-Amz-Security-Token", "secret",
		"X-Amz-Checksum-Crc32", checksumOf("crc32", "content"),
		"X-Amz-Meta-Colour", "blue",
		"Authorization", "AWS4-HMAC-SHA256 any",
	}, "content")
	response, _ := s.send(t, "GET", "/demo/key", nil, nil)
	require.Equal(t, "blue", response.Header.Get("X-Amz-Meta-Colour"))
	for name := range response.Header {
		if strings.HasPrefix(name, "X-Amz-") {
			require.Contains(t, []string{"X-Amz-Id-2", "X-Amz-Request-Id", "X-Amz-Meta-Colour"}, name)
		}
	}
}

func TestOtherOperationsReachTheBackend(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/key", nil, "content")
	s.require(t, 200, "PUT", "/demo/copy", fields{"x-amz-copy-source", "/demo/key"}, "")
	require.Equal(t, "content", s.require(t, 200, "GET", "/demo/copy", nil, ""))
	require.Contains(t, s.require(t, 200, "GET", "/demo?location", nil, ""), "<LocationConstraint")
	require.Contains(t, s.require(t, 200, "GET", "/demo?list-type=2&prefix=c", nil, ""), "<Key>copy</Key>")
	s.require(t, 200, "POST", "/demo?delete", nil, "<Delete><Object><Key>copy</Key></Object></Delete>")
	s.require(t, 404, "GET", "/demo/copy", nil, "")
}

func TestDocumentsOfOtherOperationsAreBounded(t *testing.T) {
	s := newBuckets(t, "")
	key := "<Object><Key>" + strings.Repeat("x", 1024) + "</Key></Object>"
	s.requireError(t, 400, "MalformedXML", "POST", "/demo?delete", nil, "<Delete>"+strings.Repeat(key, 3000)+"</Delete>")
}
