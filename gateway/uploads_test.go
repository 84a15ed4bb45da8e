package main

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// begin begins an upload in parts and returns the target that its parts have.
func (s server) begin(t testing.TB, target string, f ...string) string {
	t.Helper()
	return target + "?uploadId=" + element(t, s.require(t, 200, "POST", target+"?uploads", f, ""), "UploadId")
}

// uploadParts sends the parts of an upload, which it returns the list of.
func (s server) uploadParts(t testing.TB, upload string, parts ...string) (list string) {
	t.Helper()
	for i, part := range parts {
		response, body := s.send(t, "PUT", fmt.Sprintf("%s&partNumber=%d", upload, i+1), nil, strings.NewReader(part))
		require.Equal(t, 200, response.StatusCode, body)
		require.Equal(t, plainETag(part), response.Header.Get("ETag"))
		list += fmt.Sprintf("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i+1, response.Header.Get("ETag"))
	}
	return list
}

// complete stores the parts as an object, and returns the answer.
func (s server) complete(t testing.TB, upload, list string) string {
	t.Helper()
	return s.require(t, 200, "POST", upload, nil, "<CompleteMultipartUpload>"+list+"</CompleteMultipartUpload>")
}

// element returns the content of the only element of that name.
func element(t testing.TB, document, name string) string {
	t.Helper()
	found := regexp.MustCompile("<"+name+">([^<]*)</"+name+">").FindAllStringSubmatch(document, -1)
	require.Len(t, found, 1, "%s in %s", name, document)
	return strings.ReplaceAll(found[0][1], "&#34;", `"`)
}

func plainETag(content string) string {
	sum := md5.Sum([]byte(content))
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// partsETag is S3's ETag of an object that was uploaded in parts.
func partsETag(parts ...string) string {
	var sums []byte
	for _, part := range parts {
		sum := md5.Sum([]byte(part))
		sums = append(sums, sum[:]...)
	}
	sum := md5.Sum(sums)
	return fmt.Sprintf(`"%x-%d"`, sum, len(parts))
}

func (s server) etag(t testing.TB, method, target string, f fields) string {
	t.Helper()
	response, body := s.send(t, method, target, f, nil)
	require.Less(t, response.StatusCode, 300, body)
	return response.Header.Get("ETag")
}

func TestAnUploadInPartsKeepsOneETag(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		upload := s.begin(t, "/demo/key", "Content-Type", "text/plain", "x-amz-meta-colour", "blue", "Cache-Control", "no-store")
		want := partsETag("first", "second")
		answer := s.complete(t, upload, s.uploadParts(t, upload, "first", "second"))
		require.Equal(t, want, element(t, answer, "ETag"))
		require.Equal(t, "demo", element(t, answer, "Bucket"))
		require.Equal(t, "key", element(t, answer, "Key"))

		require.Equal(t, want, s.etag(t, "HEAD", "/demo/key", nil))
		require.Equal(t, want, s.etag(t, "GET", "/demo/key", nil))
		require.Equal(t, want, s.etag(t, "GET", "/demo/key", fields{"Range", "bytes=0-1"}))
		for _, list := range []string{"/demo", "/demo?list-type=2", "/demo?versions", "/demo?list-type=2&delimiter=/&prefix=k"} {
			require.Equal(t, want, element(t, s.require(t, 200, "GET", list, nil, ""), "ETag"), list)
		}
		response, body := s.send(t, "GET", "/demo/key", nil, nil)
		require.Equal(t, "firstsecond", body)
		require.Equal(t, "text/plain", response.Header.Get("Content-Type"))
		require.Equal(t, "blue", response.Header.Get("X-Amz-Meta-Colour"))
		require.Equal(t, "no-store", response.Header.Get("Cache-Control"))
		require.NotContains(t, response.Header, http.CanonicalHeaderKey(etagField))

		// Conditions are about that ETag as well.
		response, _ = s.send(t, "GET", "/demo/key", fields{"If-None-Match", want}, nil)
		require.Equal(t, 304, response.StatusCode)
		require.Equal(t, want, response.Header.Get("ETag"))
		s.require(t, 200, "GET", "/demo/key", fields{"If-None-Match", partsETag("other")}, "")
		s.requireError(t, 412, "PreconditionFailed", "PUT", "/demo/key", fields{"If-Match", partsETag("other")}, "content")
		s.require(t, 200, "PUT", "/demo/key", fields{"If-Match", want}, "content")

		// What takes its place has an ETag of its own.
		require.Equal(t, plainETag("content"), s.etag(t, "HEAD", "/demo/key", nil))
		require.Equal(t, plainETag("content"), element(t, s.require(t, 200, "GET", "/demo", nil, ""), "ETag"))
	})
}

func TestACopyOfAnUploadInPartsHasOneETag(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		upload := s.begin(t, "/demo/key")
		s.complete(t, upload, s.uploadParts(t, upload, "first", "second"))
		answer := s.require(t, 200, "PUT", "/demo/copy", fields{"x-amz-copy-source", "demo/key"}, "")
		require.Equal(t, plainETag("firstsecond"), element(t, answer, "ETag"), "it is one piece now")
		require.Equal(t, plainETag("firstsecond"), s.etag(t, "HEAD", "/demo/copy", nil))
		require.Equal(t, partsETag("first", "second"), s.etag(t, "HEAD", "/demo/key", nil))
	})
}

func TestCopiesAsPartsOfAnUpload(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.require(t, 200, "PUT", "/demo/source+1", nil, "0123456789")
		upload := s.begin(t, "/demo/key")
		source := fields{"x-amz-copy-source", "/demo/source%2B1"}
		var list string
		for i, part := range []struct{ bytes, content string }{{"bytes=0-3", "0123"}, {"bytes=4-9", "456789"}, {"", "0123456789"}} {
			f := source
			if part.bytes != "" {
				f = append(source[:2:2], "x-amz-copy-source-range", part.bytes)
			}
			answer := s.require(t, 200, "PUT", fmt.Sprintf("%s&partNumber=%d", upload, i+1), f, "")
			require.Contains(t, answer, "<CopyPartResult><LastModified>")
			require.Equal(t, plainETag(part.content), element(t, answer, "ETag"))
			list += fmt.Sprintf("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>", i+1, plainETag(part.content))
		}
		s.complete(t, upload, list)
		require.Equal(t, "01234567890123456789", s.require(t, 200, "GET", "/demo/key", nil, ""))

		upload = s.begin(t, "/demo/key")
		for _, row := range []struct {
			status int
			code   string
			fields fields
			number string
		}{
			{400, "InvalidArgument", append(source[:2:2], "x-amz-copy-source-range", "bytes=4-"), "1"},
			{400, "InvalidArgument", append(source[:2:2], "x-amz-copy-source-range", "bytes=4-3"), "1"},
			{400, "InvalidArgument", append(source[:2:2], "x-amz-copy-source-range", "0-3"), "1"},
			{416, "InvalidRange", append(source[:2:2], "x-amz-copy-source-range", "bytes=10-11"), "1"},
			{400, "InvalidArgument", source, "0"},
			{400, "InvalidArgument", source, "10001"},
			{404, "NoSuchKey", fields{"x-amz-copy-source", "/demo/none"}, "1"},
			{404, "NoSuchBucket", fields{"x-amz-copy-source", "/nowhere/key"}, "1"},
			{404, "NoSuchBucket", fields{"x-amz-copy-source", "/_cors/demo"}, "1"},
			{400, "InvalidArgument", fields{"x-amz-copy-source", "demo"}, "1"},
		} {
			s.requireError(t, row.status, row.code, "PUT", upload+"&partNumber="+row.number, row.fields, "")
		}
	})
}

func TestUploadsAreListedAndEnd(t *testing.T) {
	s := newBuckets(t, "")
	uploads := func(query string) string { return s.require(t, 200, "GET", "/demo?uploads"+query, nil, "") }
	require.NotContains(t, uploads(""), "<Upload>", "none is no error")
	for _, key := range []string{"b/1", "a", "b/2", "c"} {
		s.begin(t, "/demo/"+key)
	}
	require.Equal(t, []string{"a", "b/1", "b/2", "c"}, elements(uploads(""), "Key"))
	require.Equal(t, []string{"b/1", "b/2"}, elements(uploads("&prefix=b/"), "Key"))
	folded := uploads("&delimiter=/")
	require.Equal(t, []string{"a", "c"}, elements(folded, "Key"))
	require.Equal(t, []string{"", "b/"}, elements(strings.ReplaceAll(folded, "<Prefix>b/", "<Prefix></Prefix><Prefix>b/"), "Prefix"))
	page := uploads("&max-uploads=2")
	require.Equal(t, []string{"a", "b/1"}, elements(page, "Key"))
	require.Equal(t, "true", element(t, page, "IsTruncated"))
	next := uploads("&key-marker=" + element(t, page, "NextKeyMarker") + "&upload-id-marker=" + element(t, page, "NextUploadIdMarker"))
	require.Equal(t, []string{"b/2", "c"}, elements(next, "Key"))

	upload := s.begin(t, "/demo/key")
	list := s.uploadParts(t, upload, "first", "second")
	parts := s.require(t, 200, "GET", upload+"&part-number-marker=1", nil, "")
	require.Equal(t, "2", element(t, parts, "PartNumber"))
	require.Equal(t, plainETag("second"), element(t, parts, "ETag"))
	parts = s.require(t, 200, "GET", upload+"&max-parts=1", nil, "")
	require.Equal(t, "true", element(t, parts, "IsTruncated"))
	require.Equal(t, "1", element(t, parts, "NextPartNumberMarker"))
	require.NotContains(t, s.require(t, 200, "GET", upload+"&part-number-marker=9999", nil, ""), "<Part>")

	finish := func(list string) string { return "<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>" }
	one, two, _ := strings.Cut(list, "</Part>")
	one += "</Part>"
	s.requireError(t, 400, "InvalidPartOrder", "POST", upload, nil, finish(two+one))
	s.requireError(t, 400, "InvalidPart", "POST", upload, nil, finish(strings.ReplaceAll(one, plainETag("first"), plainETag("other"))))
	s.requireError(t, 400, "InvalidPart", "POST", upload, nil, finish(strings.ReplaceAll(one, "<PartNumber>1", "<PartNumber>3")))
	s.requireError(t, 400, "MalformedXML", "POST", upload, nil, finish(""))
	s.requireError(t, 400, "MalformedXML", "POST", upload, nil, "parts")
	s.requireError(t, 400, "MalformedXML", "POST", upload, nil, finish(strings.Repeat(one, 40_000)))
	s.complete(t, upload, list)
	s.requireError(t, 404, "NoSuchUpload", "POST", upload, nil, finish(list))

	upload = s.begin(t, "/demo/other")
	s.require(t, 204, "DELETE", upload, nil, "")
	s.requireError(t, 404, "NoSuchUpload", "PUT", upload+"&partNumber=1", nil, "content")
	upload = s.begin(t, "/demo/other")
	s.requireError(t, 404, "NoSuchUpload", "PUT", strings.Replace(upload, "other", "another", 1)+"&partNumber=1", nil, "content")
	s.require(t, 204, "DELETE", "/demo/key", nil, "")
	s.require(t, 204, "DELETE", "/demo", nil, "")
	s.require(t, 200, "PUT", "/demo", nil, "")
	s.requireError(t, 404, "NoSuchUpload", "PUT", upload+"&partNumber=1", nil, "content")
}

// elements returns the contents of all elements of that name.
func elements(document, name string) []string {
	var all []string
	for _, found := range regexp.MustCompile("<"+name+">([^<]*)</"+name+">").FindAllStringSubmatch(document, -1) {
		all = append(all, found[1])
	}
	return all
}

func TestTheLocationOfAnUploadHoldsTheBucketOnce(t *testing.T) {
	s := newTestServerWith(t, "", gateway{Idle: patience, Host: "s3.test"})
	s.require(t, 200, "PUT", "/demo", nil, "")
	rows := []struct{ name, host, target, want string }{
		{"path style", "s3.test:9000", "/demo/dir/a+key", "http://s3.test:9000/demo/dir%2Fa+key"},
		{"the bucket in the host", "demo.s3.test:9000", "/dir/a+key", "http://demo.s3.test:9000/dir%2Fa+key"},
		{"a key that begins with the bucket", "demo.s3.test:9000", "/demo/key", "http://demo.s3.test:9000/demo%2Fkey"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			host := fields{"Host", row.host}
			begun := s.require(t, 200, "POST", row.target+"?uploads", host, "")
			upload := row.target + "?uploadId=" + element(t, begun, "UploadId")
			s.require(t, 200, "PUT", upload+"&partNumber=1", host, "content")
			answer := s.require(t, 200, "POST", upload, host, "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"+
				plainETag("content")+"</ETag></Part></CompleteMultipartUpload>")
			require.Equal(t, row.want, element(t, answer, "Location"))
			path := strings.TrimPrefix(row.want, "http://"+row.host)
			require.Equal(t, "content", s.require(t, 200, "GET", path, host, ""))
		})
	}
}
