package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNothingOfTheLayerBelowShows asks for every kind of answer.
func TestNothingOfTheLayerBelowShows(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		copying := fields{"x-amz-copy-source", "/demo/key"}
		upload := s.begin(t, "/demo/parts")
		list := s.uploadParts(t, upload, "content")
		for _, row := range []struct {
			method, target string
			fields         fields
			body           string
			status         int
		}{
			{"PUT", "/other", nil, "", 200},
			{"PUT", "/other", nil, "", 200},
			{"HEAD", "/other", nil, "", 200},
			{"PUT", "/demo/key", nil, "content", 200},
			{"HEAD", "/demo/key", nil, "", 200},
			{"GET", "/demo/key", nil, "", 200},
			{"GET", "/demo/key?versionId=null", nil, "", 200},
			{"GET", "/demo/key", fields{"Range", "bytes=1-2"}, "", 206},
			{"GET", "/demo/key", fields{"If-None-Match", plainETag("content")}, "", 304},
			{"GET", "/demo/key", fields{"Range", "bytes=100-"}, "", 416},
			{"HEAD", "/demo/key", fields{"Range", "bytes=100-"}, "", 416},
			{"HEAD", "/demo/none", nil, "", 404},
			{"PUT", "/demo/copy", copying, "", 200},
			{"PUT", upload + "&partNumber=2", copying, "", 200},
			{"GET", upload, nil, "", 200},
			{"POST", upload, nil, "<CompleteMultipartUpload>" + list + "</CompleteMultipartUpload>", 200},
			{"GET", "/demo", nil, "", 200},
			{"GET", "/demo?versions", nil, "", 200},
			{"GET", "/demo?versioning", nil, "", 200},
			{"DELETE", "/demo/copy", nil, "", 204},
			{"DELETE", "/demo/key?versionId=null", nil, "", 204},
			{"DELETE", "/demo/key", nil, "", 204},
			{"POST", "/demo?delete", nil, "<Delete><Object><Key>parts</Key></Object></Delete>", 200},
			{"DELETE", "/demo", nil, "", 204},
			{"GET", "/demo", nil, "", 404},
			{"GET", "/", nil, "", 200},
		} {
			response, body := s.send(t, row.method, row.target, row.fields, strings.NewReader(row.body))
			name := row.method + " " + row.target
			require.Equal(t, row.status, response.StatusCode, "%s: %s", name, body)
			require.Len(t, response.Header["X-Amz-Id-2"], 1, name)
			require.Len(t, response.Header.Get("X-Amz-Id-2"), 64, name)
			// gofakes3 counts from 0000000000000001.
			require.Regexp(t, "^[0-9A-F]{16}$", response.Header.Get("X-Amz-Request-Id"), name)
			require.NotRegexp(t, "^0000", response.Header.Get("X-Amz-Request-Id"), name)
			for _, field := range []string{"X-Amz-Version-Id", "X-Amz-Delete-Marker", "X-Amz-Copy-Source", "X-Amz-Copy-Source-Version-Id", etagField, recordName} {
				require.NotContains(t, response.Header, http.CanonicalHeaderKey(field), name)
			}
			if row.status >= 400 {
				require.NotContains(t, response.Header, "Etag", name)
				require.NotContains(t, response.Header, "Last-Modified", name)
			}
		}
	})
}

func TestToMakeABucketAgainIsNoError(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		s.putCORS(t, "demo", "https://a.test")
		s.require(t, 200, "PUT", "/demo/key", nil, "content")
		response, body := s.send(t, "PUT", "/demo", nil, strings.NewReader("<CreateBucketConfiguration/>"))
		require.Equal(t, 200, response.StatusCode)
		require.Equal(t, "/demo", response.Header.Get("Location"))
		require.Empty(t, body)
		require.Equal(t, "content", s.require(t, 200, "GET", "/demo/key", nil, ""))
		require.Equal(t, printed("https://a.test"), s.require(t, 200, "GET", "/demo?cors", nil, ""))
	})
}

func TestAnObjectHasTheMetadataThatItWasStoredWith(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		all := fields{"Content-Type", "text/css", "Content-Encoding", "gzip", "Content-Disposition", "inline", "Content-Language", "de",
			"Cache-Control", "max-age=60", "Expires", "Thu, 01 Dec 2044 16:00:00 GMT", "x-amz-meta-colour", "blue"}
		require200 := func(target string, want fields) {
			t.Helper()
			response, _ := s.send(t, "HEAD", target, nil, nil)
			require.Equal(t, 200, response.StatusCode)
			got := fields{}
			for i := 0; i < len(all); i += 2 {
				if value := response.Header.Get(all[i]); value != "" {
					got = append(got, all[i], value)
				}
			}
			require.Equal(t, want, got)
		}
		s.require(t, 200, "PUT", "/demo/key", all, "content")
		require200("/demo/key", all)
		s.require(t, 200, "PUT", "/demo/copy", fields{"x-amz-copy-source", "demo/key"}, "")
		require200("/demo/copy", all)
		s.require(t, 200, "PUT", "/demo/copy", fields{"x-amz-copy-source", "demo/key", "x-amz-metadata-directive", "COPY", "x-amz-meta-colour", "red"}, "")
		require200("/demo/copy", all)
		s.require(t, 200, "PUT", "/demo/copy", fields{"x-amz-copy-source", "demo/key", "x-amz-metadata-directive", "REPLACE",
			"Content-Type", "text/plain", "x-amz-meta-shape", "round"}, "")
		require200("/demo/copy", fields{"Content-Type", "text/plain"})
		s.require(t, 200, "PUT", "/demo/key", nil, "content") // takes nothing over
		require200("/demo/key", fields{"Content-Type", "binary/octet-stream"})
		s.requireError(t, 400, "MetadataTooLarge", "PUT", "/demo/key", fields{"x-amz-meta-a", strings.Repeat("x", 2048)}, "content")
	})
}

func TestCopiesOfObjects(t *testing.T) {
	s := newBuckets(t, "")
	s.require(t, 200, "PUT", "/demo/a%20b/%2B%25", nil, "content")
	etag := plainETag("content")
	const past, future = "Thu, 01 Dec 1994 16:00:00 GMT", "Thu, 01 Dec 2044 16:00:00 GMT"
	for _, row := range []struct {
		name   string
		fields fields
		status int
		code   string
	}{
		{"a source that is escaped", fields{"x-amz-copy-source", "demo/a%20b/%2B%25"}, 200, ""},
		{"a source that begins with a slash", fields{"x-amz-copy-source", "/demo/a+b/%2B%25"}, 200, ""},
		{"a source that is escaped as a whole", fields{"x-amz-copy-source", "demo%2Fa%20b%2F%2B%25"}, 200, ""},
		{"its only version", fields{"x-amz-copy-source", "demo/a%20b/%2B%25?versionId=null"}, 200, ""},
		{"another version", fields{"x-amz-copy-source", "demo/a%20b/%2B%25?versionId=1"}, 501, "NotImplemented"},
		{"a source that cannot be read", fields{"x-amz-copy-source", "demo/%zz"}, 400, "InvalidArgument"},
		{"no key", fields{"x-amz-copy-source", "demo/"}, 400, "InvalidArgument"},
		{"a directive that is none", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-metadata-directive", "copy"}, 400, "InvalidArgument"},
		{"the ETag", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-match", etag}, 200, ""},
		{"another ETag", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-match", `"a"`}, 412, "PreconditionFailed"},
		{"not the ETag", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-none-match", etag}, 412, "PreconditionFailed"},
		{"not another ETag", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-none-match", `"a"`}, 200, ""},
		{"changed since", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-modified-since", past}, 200, ""},
		{"not changed since", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-modified-since", future}, 412, "PreconditionFailed"},
		{"as old as that", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-unmodified-since", future}, 200, ""},
		{"younger than that", fields{"x-amz-copy-source", "demo/a+b/%2B%25", "x-amz-copy-source-if-unmodified-since", past}, 412, "PreconditionFailed"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s.require(t, 204, "DELETE", "/demo/copy", nil, "")
			if row.code != "" {
				s.requireError(t, row.status, row.code, "PUT", "/demo/copy", row.fields, "")
				s.require(t, 404, "GET", "/demo/copy", nil, "")
				return
			}
			answer := s.require(t, 200, "PUT", "/demo/copy", row.fields, "")
			require.Equal(t, etag, element(t, answer, "ETag"))
			require.Equal(t, "content", s.require(t, 200, "GET", "/demo/copy", nil, ""))
		})
	}
	itself := fields{"x-amz-copy-source", "demo/a+b/%2B%25"}
	s.requireError(t, 400, "InvalidRequest", "PUT", "/demo/a%20b/%2B%25", itself, "")
	s.require(t, 200, "PUT", "/demo/a%20b/%2B%25", append(itself, "x-amz-metadata-directive", "REPLACE"), "")
	s.requireError(t, 404, "NoSuchBucket", "PUT", "/nowhere/copy", itself, "")
	s.requireError(t, 400, "KeyTooLongError", "PUT", "/demo/"+strings.Repeat("x", 1025), itself, "")
}
