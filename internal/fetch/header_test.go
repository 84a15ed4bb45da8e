package fetch

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Fetch, "CORS-safelisted request-header".
func TestARequestHeaderIsSafelistedByNameAndValue(t *testing.T) {
	for _, c := range []struct {
		title, name, value string
		safe               bool
	}{
		{"an accept of media types", "Accept", "image/png, */*;q=0.1", true},
		{"a name in any case", "aCCept", "*/*", true},
		{"an accept with a tab", "Accept", "a\tb", true},
		{"an accept with another control character", "Accept", "a\x01b", false},
		{"an accept with a quote", "Accept", `text/html;level="1"`, false},
		{"an accept with a parenthesis", "Accept", "text/html (all)", false},
		{"an accept with a colon", "Accept", "a:b", false},
		{"an accept with DEL", "Accept", "a\x7f", false},
		{"a value of 128 bytes", "Accept", strings.Repeat("a", 128), true},
		{"a value of 129 bytes", "Accept", strings.Repeat("a", 129), false},
		{"a list of languages", "Accept-Language", "de-CH, de;q=0.9, *;q=0.5", true},
		{"a language with an underscore", "Accept-Language", "de_CH", false},
		{"a content language", "Content-Language", "en", true},
		{"a content language in letters that are not ASCII", "Content-Language", "zürich", false},
		{"a form", "Content-Type", "application/x-www-form-urlencoded", true},
		{"a form with a file", "Content-Type", "multipart/form-data; boundary=x", true},
		{"text in any case, with a parameter", "Content-Type", "Text/Plain ; charset=UTF-8", true},
		{"text with a quoted parameter", "Content-Type", `text/plain; charset="UTF-8"`, false},
		{"an image", "Content-Type", "image/png", false},
		{"JSON", "Content-Type", "application/json", false},
		{"an empty content type", "Content-Type", "", false},
		{"a range", "Range", "bytes=0-4", true},
		{"a range of one byte", "Range", "bytes=7-7", true},
		{"a range without an end", "Range", "bytes=5-", true},
		{"a range with leading zeros", "Range", "bytes=0010-9", false},
		{"a range that ends before it begins", "Range", "bytes=10-9", false},
		{"the last bytes", "Range", "bytes=-5", false},
		{"two ranges", "Range", "bytes=0-1,4-5", false},
		{"a range with a blank", "Range", "bytes= 0-1", false},
		{"a range in another unit", "Range", "items=0-1", false},
		{"a range without a dash", "Range", "bytes=0", false},
		{"a range of nothing", "Range", "bytes=-", false},
		{"a header of S3", "x-amz-date", "20261122T150000Z", false},
		{"an authorization", "Authorization", "a", false},
		{"a conditional", "If-None-Match", "a", false},
		{"a cache directive", "Cache-Control", "no-cache", false},
	} {
		t.Run(c.title, func(t *testing.T) {
			require.Equal(t, c.safe, isSafelisted(c.name, c.value))
		})
	}
}

// Fetch, "CORS-unsafe request-header names".
func TestUnsafeNamesAreLoweredSortedAndUnique(t *testing.T) {
	header := Header{}
	header.Add("X-Amz-Meta-B", "1")
	header.Add("Content-Type", "image/png")
	header.Add("x-amz-meta-a", "1")
	header.Add("x-amz-meta-a", "2")
	header.Add("Accept", "*/*")
	require.Equal(t, []string{"content-type", "x-amz-meta-a", "x-amz-meta-b"}, UnsafeNames(header))
	require.Empty(t, UnsafeNames(nil))
}

// Fetch, "CORS-unsafe request-header names".
func TestSafelistedHeadersAreUnsafeWhenTheyAreTooLongTogether(t *testing.T) {
	header := Header{}
	for range 8 {
		header.Add("Accept", strings.Repeat("a", 128))
	}
	require.Empty(t, UnsafeNames(header), "1,024 bytes")
	header.Add("Accept-Language", "e")
	require.Equal(t, []string{"accept", "accept-language"}, UnsafeNames(header), "1,025 bytes")
	header.Add("x-amz-date", "1")
	require.Equal(t, []string{"accept", "accept-language", "x-amz-date"}, UnsafeNames(header), "with an unsafe one")
}

// Fetch, "forbidden request-header".
func TestForbiddenHeadersAreTheBrowsersOwn(t *testing.T) {
	for _, name := range []string{
		"Origin", "access-control-request-method", "Access-Control-Request-Headers", "Host", "Cookie", "Date",
		"Content-Length", "Referer", "Proxy-Authorization", "Sec-Fetch-Mode",
	} {
		require.True(t, IsForbiddenHeader(name, ""), name)
	}
	require.True(t, IsForbiddenHeader("X-HTTP-Method-Override", "PUT, trace"))
	require.False(t, IsForbiddenHeader("X-HTTP-Method-Override", "PUT"))
	for _, name := range []string{"Authorization", "x-amz-date", "User-Agent", "Range", "Content-MD5"} {
		require.False(t, IsForbiddenHeader(name, ""), name)
	}
}

// Fetch, "extract header list values".
func TestAListIsItsTokens(t *testing.T) {
	for _, c := range []struct {
		title string
		lines []string
		list  []string
		ok    bool
	}{
		{"none", nil, nil, true},
		{"one", []string{"ETag"}, []string{"ETag"}, true},
		{"several, with blanks and without", []string{"a,b , c,\td"}, []string{"a", "b", "c", "d"}, true},
		{"on several lines", []string{"a", "b"}, []string{"a", "b"}, true},
		{"with empty elements, as S3 echoes them", []string{", a,,"}, []string{"a"}, true},
		{"with a star", []string{"*"}, []string{"*"}, true},
		{"with a blank inside an element", []string{"a, b c"}, nil, false},
	} {
		t.Run(c.title, func(t *testing.T) {
			list, ok := listOf(c.lines)
			require.Equal(t, c.list, list)
			require.Equal(t, c.ok, ok)
		})
	}
}
