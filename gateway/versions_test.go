package main

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func (s server) versions(t testing.TB, query string) string {
	t.Helper()
	return s.require(t, 200, "GET", "/demo?versions"+query, nil, "")
}

func TestAnObjectIsItsOwnLatestVersion(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
			`<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>demo</Name><Prefix></Prefix><KeyMarker></KeyMarker>`+
			`<VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListVersionsResult>`, s.versions(t, ""))
		s.require(t, 200, "PUT", "/demo/key", nil, "first")
		s.require(t, 200, "PUT", "/demo/key", nil, "content")
		require.Regexp(t, `<IsTruncated>false</IsTruncated><Version><Key>key</Key><VersionId>null</VersionId><IsLatest>true</IsLatest>`+
			`<LastModified>20\d\d-\d\d-\d\dT[\d:.]+Z</LastModified><ETag>&#34;9a0364b9e99bb480dd25e1f0284c8555&#34;</ETag><Size>7</Size>`+
			`<StorageClass>STANDARD</StorageClass><Owner><ID>[0-9a-f]+</ID><DisplayName>GoFakeS3</DisplayName></Owner></Version></ListVersionsResult>$`,
			s.versions(t, ""))
		s.require(t, 204, "DELETE", "/demo/key?versionId=null", nil, "")
		require.NotContains(t, s.versions(t, ""), "<Version>")
		s.requireError(t, 404, "NoSuchBucket", "GET", "/nowhere?versions", nil, "")
	})
}

func TestListsAreCutAsByS3(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		for _, key := range []string{"/lead", "a", "b/", "b/1", "b/2", "b/c/3", "c+d e", "é"} {
			s.require(t, 200, "PUT", "/demo/"+url.PathEscape(key), nil, "")
		}
		for _, row := range []struct {
			name           string
			query          string
			keys, prefixes []string
		}{
			{"all", "", []string{"/lead", "a", "b/", "b/1", "b/2", "b/c/3", "c+d e", "é"}, nil},
			{"with a prefix", "&prefix=b/", []string{"b/", "b/1", "b/2", "b/c/3"}, nil},
			{"with half a prefix", "&prefix=b/c", []string{"b/c/3"}, nil},
			{"up to a delimiter", "&delimiter=/", []string{"a", "c+d e", "é"}, []string{"/", "b/"}},
			{"behind a prefix, up to a delimiter", "&prefix=b/&delimiter=/", []string{"b/", "b/1", "b/2"}, []string{"b/c/"}},
			{"up to another delimiter", "&delimiter=%2Bd", []string{"/lead", "a", "b/", "b/1", "b/2", "b/c/3", "é"}, []string{"c+d"}},
			{"nothing", "&prefix=x", nil, nil},
		} {
			t.Run(row.name, func(t *testing.T) {
				list := s.versions(t, row.query)
				require.Equal(t, row.keys, elements(list, "Key"))
				require.ElementsMatch(t, row.prefixes, elements(list, "Prefix")[1:]) // the first is what was asked for
				require.Equal(t, "false", element(t, list, "IsTruncated"))
				// A page at a time, in every list, it is the same.
				for _, style := range []listStyle{versionsList, objectsList, objectsListV2} {
					for size := range 4 {
						keys, prefixes := s.pages(t, style, row.query, size+1)
						require.Equal(t, row.keys, keys, "%s by %d", style.query, size+1)
						require.Equal(t, row.prefixes, prefixes, "%s by %d", style.query, size+1)
					}
				}
			})
		}
	})
}

// A listStyle is an operation that lists objects.
type listStyle struct {
	query string
	next  func(list string) string // what to ask for after that page
}

var (
	versionsList = listStyle{"?versions", func(list string) string {
		next := "&key-marker=" + url.QueryEscape(elements(list, "NextKeyMarker")[0])
		if ids := elements(list, "NextVersionIdMarker"); ids != nil {
			next += "&version-id-marker=" + ids[0]
		}
		return next
	}}
	objectsList = listStyle{"?list-type=1", func(list string) string {
		next := elements(list, "NextMarker")
		if next == nil { // as clients do where there is no delimiter
			keys := elements(list, "Key")
			next = keys[len(keys)-1:]
		}
		return "&marker=" + url.QueryEscape(next[0])
	}}
	objectsListV2 = listStyle{"?list-type=2", func(list string) string {
		return "&continuation-token=" + url.QueryEscape(elements(list, "NextContinuationToken")[0])
	}}
)

// pages lists all, so many keys and common prefixes at a time.
func (s server) pages(t testing.TB, style listStyle, query string, size int) (keys, prefixes []string) {
	t.Helper()
	next := ""
	for range 20 {
		list := s.require(t, 200, "GET", fmt.Sprintf("/demo%s%s&max-keys=%d%s", style.query, query, size, next), nil, "")
		here := append(elements(list, "Key"), elements(list, "Prefix")[1:]...)
		require.LessOrEqual(t, len(here), size)
		keys, prefixes = append(keys, elements(list, "Key")...), append(prefixes, elements(list, "Prefix")[1:]...)
		if elements(list, "IsTruncated")[0] == "false" {
			return keys, prefixes
		}
		require.Len(t, here, size, "a page before the last is full")
		next = style.next(list)
	}
	require.Fail(t, "there is no end of pages")
	return nil, nil
}

func TestVersionsAreListedAsAskedFor(t *testing.T) {
	s := newBuckets(t, "")
	for _, key := range []string{"a%20b+c/%C3%A9%01", "d"} {
		s.require(t, 200, "PUT", "/demo/"+key, nil, "")
	}
	list := s.versions(t, "&encoding-type=url&delimiter=/&max-keys=1&prefix=a%20")
	require.Equal(t, []string{"a%20", "a%20b%2Bc/"}, elements(list, "Prefix"))
	require.Equal(t, "url", element(t, list, "EncodingType"))
	require.Equal(t, "/", element(t, list, "Delimiter"))
	list = s.versions(t, "&encoding-type=url&max-keys=1")
	require.Equal(t, "a%20b%2Bc/%C3%A9%01", element(t, list, "Key"))
	require.Equal(t, "a%20b%2Bc/%C3%A9%01", element(t, list, "NextKeyMarker"))
	require.Equal(t, "null", element(t, list, "NextVersionIdMarker"))
	require.Equal(t, "1", element(t, list, "MaxKeys"))
	require.Equal(t, "true", element(t, list, "IsTruncated"))
	list = s.versions(t, "&key-marker=c&version-id-marker=null")
	require.Equal(t, []string{"d"}, elements(list, "Key"))
	require.Equal(t, "c", element(t, list, "KeyMarker"))
	require.Equal(t, "null", element(t, list, "VersionIdMarker"))
	list = s.versions(t, "&max-keys=0")
	require.Empty(t, elements(list, "Key"))
	require.Equal(t, "false", element(t, list, "IsTruncated"))
	require.Equal(t, "1000", element(t, s.versions(t, "&max-keys=5000"), "MaxKeys"))
	s.requireError(t, 400, "InvalidArgument", "GET", "/demo?versions&max-keys=x", nil, "")
	s.requireError(t, 400, "InvalidArgument", "GET", "/demo?versions&max-keys=-1", nil, "")
	s.requireError(t, 400, "InvalidArgument", "GET", "/demo?versions&encoding-type=base64", nil, "")
	s.requireError(t, 400, "InvalidArgument", "GET", "/demo?versions&version-id-marker=null", nil, "")
}

func TestAListOfMoreThanAPageOfTheStorage(t *testing.T) {
	eachStorage(t, func(t *testing.T, s server) {
		for i := range 1005 {
			_, err := s.storage.PutObject("demo", fmt.Sprintf("dir/%04d", i), map[string]string{}, http.NoBody, 0, nil)
			require.NoError(t, err)
		}
		s.require(t, 200, "PUT", "/demo/last", nil, "")
		require.Equal(t, []string{"last"}, elements(s.versions(t, "&delimiter=/"), "Key"))
		list := s.versions(t, "")
		require.Len(t, elements(list, "Key"), 1000)
		require.Equal(t, "dir/0999", element(t, list, "NextKeyMarker"))
		require.Len(t, elements(s.versions(t, "&key-marker=dir/0999"), "Key"), 6)
	})
}
